"""Orders: sorts of several arrays at once, and the largest elements."""

import numpy as np

from jtorch._engine.host.reductions import wide
from jtorch._engine.host.rules import rule


@rule("sort")
def _sort(equation):
    params = equation.params
    dim, keys = params["dimension"], params["num_keys"]

    def evaluate(*arrays):
        first = [wide(each) for each in arrays[:keys]]
        if keys == 1:
            order = np.argsort(first[0], dim, kind="stable")
        else:
            order = np.lexsort(first[::-1], dim)
        return [np.take_along_axis(each, order, dim) for each in arrays]

    return evaluate


@rule("top_k")
def _top_k(equation):
    k = equation.params["k"]
    dim = equation.params.get("axis", -1)

    def evaluate(x):
        # NaN counts as the largest; of equal ones the first comes first
        backward = np.flip(wide(x), dim)
        order = x.shape[dim] - 1 - np.flip(np.argsort(backward, dim, kind="stable"), dim)
        order = np.take(order, range(k), dim)
        return np.take_along_axis(x, order, dim), order

    return evaluate
