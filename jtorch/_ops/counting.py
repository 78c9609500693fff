"""Counting: how often each integer occurs. How many there are depends on data: on the host."""

import numpy as np

from jtorch._dtypes import INTEGRAL
from jtorch._ops.families import host
from jtorch._ops.refusals import BAREBONES, unsupported
from jtorch._ops.signatures import overloads
from jtorch._tensor import Tensor

_NOT_COUNTABLE = "bincount only supports 1-d non-negative integral inputs."


def _check_bincount(input, weights, minlength):
    if input.dtype.category != INTEGRAL or input.dtype in BAREBONES:
        raise unsupported("bincount_cpu", input.dtype)
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if input.ndim != 1:
        raise RuntimeError(_NOT_COUNTABLE)
    if weights is not None and weights.shape != input.shape and input.numel():
        raise RuntimeError("weights should be 1-d and have the same length as input")


@host(name="bincount", variants="", check=_check_bincount)
def _bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0):
    if (input < 0).any():
        raise RuntimeError(_NOT_COUNTABLE)
    if weights is None or not input.size:
        return np.bincount(input.astype(np.int64), minlength=minlength).astype(np.int64)
    kept = np.float32 if weights.dtype == np.float32 else np.float64
    weights = weights.real.astype(kept)
    return np.bincount(input.astype(np.int64), weights, minlength).astype(kept)


@overloads(("(Tensor input, Tensor? weights = None, int minlength = 0)", _bincount))
def bincount():
    """How often each integer from 0 on occurs in a vector, or the sum of `weights` where it does.

    Shape:   (n) -> (the largest integer + 1, or `minlength` if that is more).
    Dtype:   int64; of weights float32 if they are, else float64.
    Errors:  RuntimeError for negative integers, other shapes, or a negative `minlength`.
    Source:  torch.bincount; numpy.bincount.
    """
