"""Largest and smallest elements, their places, and both at once. NaN counts as either."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX
from jtorch._ops.along import along, lessened, one_dtype, require_length
from jtorch._ops.extremes import maximum, minimum
from jtorch._ops.order import extreme, first_extreme
from jtorch._ops.promotion import NO_OPMATH
from jtorch._ops.refusals import BAREBONES, BOOL_TYPES, COMPLEX_TYPES, unsupported
from jtorch._ops.signatures import Dim, Dims, overloads
from jtorch._tensor import Tensor

_OVERLOADS = (
    "(Tensor input, *, Tensor? out = None)",
    "(Tensor input, Tensor other, *, Tensor? out = None)",
    "(Tensor input, int dim, bool keepdim = False, *, tuple of Tensors? out = None)",
)


def _refuse(kernel, input, *groups):
    if any(input.dtype in group for group in groups):
        raise unsupported(kernel, input.dtype)


def _check_all(name):
    def check(input):
        if not input.numel():
            raise RuntimeError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
                "Specify the reduction dim with the 'dim' argument."
            )
        _refuse(f"{name}_all", input, COMPLEX_TYPES, BAREBONES)

    return check


def _check_dim(name):
    def check(input, dim):
        require_length(name, input, dim)
        if input.dtype.category == COMPLEX:
            raise RuntimeError(f"{name}(): does not support complex input")
        _refuse(f"{name}_cpu", input, BAREBONES)

    return check


def same_dtype(input):
    return input.dtype


@along(dtype=same_dtype, shape=lambda: (), check=_check_all("max"), variants="", name="max.all")
def _max_all(input: Tensor):
    return extreme(input, None, False, True)


@along(dtype=same_dtype, shape=lambda: (), check=_check_all("min"), variants="", name="min.all")
def _min_all(input: Tensor):
    return extreme(input, None, False, False)


def _with_place(input, dim, keepdim, largest):
    if not input.ndim:
        return input, jnp.zeros((), np.int64)
    return first_extreme(input, dim, keepdim, largest)


@along(check=_check_dim("max"), variants="", name="max.dim", returns=("values", "indices"),
       out_check=one_dtype)  # fmt: skip
def _max_dim(input: Tensor, dim: Dim, keepdim: bool = False):
    return _with_place(input, dim, keepdim, True)


@along(check=_check_dim("min"), variants="", name="min.dim", returns=("values", "indices"),
       out_check=one_dtype)  # fmt: skip
def _min_dim(input: Tensor, dim: Dim, keepdim: bool = False):
    return _with_place(input, dim, keepdim, False)


@overloads(*zip(_OVERLOADS, (_max_all, maximum, _max_dim), strict=True))
def max():
    """The largest element; or those along `dim` with their (first) places; or `maximum` of two.

    Shape:   (*) -> (), or without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must not be complex; places are int64.
    Errors:  RuntimeError for an empty input without `dim`; IndexError for a `dim` of no elements.
    Source:  torch.max; jnp.max.
    """


@overloads(*zip(_OVERLOADS, (_min_all, minimum, _min_dim), strict=True))
def min():
    """The smallest element; or those along `dim` with their (first) places; or `minimum` of two.

    Shape:   (*) -> (), or without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must not be complex; places are int64.
    Errors:  RuntimeError for an empty input without `dim`; IndexError for a `dim` of no elements.
    Source:  torch.min; jnp.min.
    """


def _check_values(name, kernel):
    def check(input, dim):
        if len(dim) == input.ndim and not input.numel():
            empty = [each for each in dim if not input.shape[each]]
            if input.ndim and getattr(dim, "named", True) is False:
                raise IndexError(empty)
        for each in dim:
            require_length(name, input, each)
        _refuse(kernel, input, COMPLEX_TYPES, BAREBONES)

    return check
