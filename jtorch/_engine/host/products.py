"""Products of matrices, and convolutions."""

import math

import numpy as np

from jtorch._engine.host.reductions import wide
from jtorch._engine.host.rules import rule
from jtorch._engine.host.shapes import padded

_CALL = 5_000  # nanoseconds
_AT_ONCE = 40  # multiplications of floats in a nanosecond, by BLAS; of others about one


def _priced(evaluate, equation, contracted):
    """An evaluator of sums of so many products, with what it costs."""
    result = equation.outvars[0].aval
    fast = equation.invars[0].aval.dtype.kind in "fc"
    products = math.prod(result.shape) * contracted
    evaluate.cost = _CALL + products // (_AT_ONCE if fast else 1)
    return evaluate


@rule("dot_general")
def _dot_general(equation):
    (left, right), (left_batch, right_batch) = equation.params["dimension_numbers"]
    dtype = equation.outvars[0].aval.dtype
    shape = equation.outvars[0].aval.shape

    def evaluate(a, b):
        a, b = (wide(each) for each in (a, b))
        if dtype.kind in "fiuc" and dtype.itemsize > a.dtype.itemsize:
            a, b = a.astype(dtype), b.astype(dtype)
        first = _as_matrices(a, left_batch, left, False)
        second = _as_matrices(b, right_batch, right, True)
        if dtype.kind == "b":
            return (first.astype(np.int64) @ second.astype(np.int64) != 0).reshape(shape)
        return (first @ second).reshape(shape)

    extents = equation.invars[0].aval.shape
    return _priced(evaluate, equation, math.prod(extents[dim] for dim in left))


def _as_matrices(x, batch, contracted, contracted_first):
    """(batch, rows, contracted), or with the last two the other way round."""
    rest = [dim for dim in range(x.ndim) if dim not in (*batch, *contracted)]
    order = (*contracted, *rest) if contracted_first else (*rest, *contracted)
    extents = [int(np.prod([x.shape[dim] for dim in dims])) for dims in (batch, rest, contracted)]
    shape = (extents[0], extents[2], extents[1]) if contracted_first else extents
    return x.transpose(*batch, *order).reshape(shape)


@rule("conv_general_dilated")
def _conv_general_dilated(equation):
    params = equation.params
    numbers = params["dimension_numbers"]
    groups = params["feature_group_count"]
    if params["batch_group_count"] != 1:
        raise NotImplementedError("jtorch cannot convolve groups of batches without XLA")
    strides, dilation = params["window_strides"], params["rhs_dilation"]
    padding = [(0, 0, 0), (0, 0, 0)] + [
        (low, high, between - 1)
        for (low, high), between in zip(params["padding"], params["lhs_dilation"], strict=True)
    ]

    def evaluate(x, weight):
        x = wide(x).transpose(numbers.lhs_spec)
        weight = wide(weight).transpose(numbers.rhs_spec)
        shape = [
            max(low + high + n + max(n - 1, 0) * between, 0)
            for n, (low, high, between) in zip(x.shape, padding, strict=True)
        ]
        x = padded(x, np.zeros((), x.dtype), padding, shape)
        dims = tuple(range(2, x.ndim))
        spans = [(n - 1) * step + 1 for n, step in zip(weight.shape[2:], dilation, strict=True)]
        seen = np.lib.stride_tricks.sliding_window_view(x, spans, dims)
        index = (slice(None), slice(None), *[slice(None, None, each) for each in strides])
        seen = seen[(*index, *[slice(None, None, each) for each in dilation])]
        # (n, groups, channels, *out, *kernel) with (groups, outputs, channels, *kernel)
        seen = seen.reshape(x.shape[0], groups, -1, *seen.shape[2:])
        weight = weight.reshape(groups, -1, *weight.shape[1:])
        kernel = len(dims)
        made = np.stack(
            [
                np.tensordot(
                    seen[:, group], weight[group],
                    ((1, *range(2 + kernel, 2 + 2 * kernel)), tuple(range(1, 2 + kernel))),
                )
                for group in range(groups)
            ],
            1,
        )  # (n, groups, *out, outputs)  # fmt: skip
        made = np.moveaxis(made, -1, 2)
        made = made.reshape(made.shape[0], -1, *made.shape[3:])
        return made.transpose(np.argsort(numbers.out_spec))

    kernel = equation.invars[1].aval.shape
    return _priced(evaluate, equation, math.prod(kernel) // max(kernel[numbers.rhs_spec[0]], 1))
