"""Special functions, by scipy, which JAX brings along; it is imported where the first one is met."""

import importlib

import numpy as np

from jtorch._engine.host.reductions import wide
from jtorch._engine.host.rules import rule

_NAMES = {
    "bessel_i0e": "i0e", "bessel_i1e": "i1e", "digamma": "digamma", "erf": "erf",
    "erf_inv": "erfinv", "erfc": "erfc", "igamma": "gammainc", "igammac": "gammaincc",
    "regularized_incomplete_beta": "betainc",
}  # fmt: skip


@rule(*_NAMES)
def _special(equation):
    function = getattr(importlib.import_module("scipy.special"), _NAMES[equation.primitive.name])
    return lambda *arrays: function(*map(wide, arrays))


@rule("lgamma")
def _lgamma(equation):
    function = importlib.import_module("scipy.special").gammaln

    def evaluate(x):
        # at the poles, -0 among them, scipy may say -inf
        pole = np.isinf(x) | (x <= 0) & (x == np.floor(x))
        return np.where(pole, np.inf, function(wide(x)))

    return evaluate


_FURTHEST = 10_000


@rule("zeta")
def _zeta(equation):
    """The Hurwitz zeta function, for negative `q` (where scipy has none) by its recurrence."""
    function = importlib.import_module("scipy.special").zeta

    def evaluate(x, q):
        x, q = wide(x), wide(q)
        q = np.where(q > -_FURTHEST, q, np.nan)
        sums = np.zeros(np.broadcast_shapes(x.shape, q.shape), q.dtype)
        while (negative := q <= 0).any():
            sums = sums + np.where(negative, q**-x, 0)
            q = np.where(negative, q + 1, q)
        return sums + function(x, q)

    return evaluate
