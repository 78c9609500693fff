"""Largest and smallest elements over dims, and their places. NaN counts as either."""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, can_cast
from jtorch._ops.along import (
    along,
    at_places,
    one_dtype,
    require_kernel,
    require_length,
    require_lengths,
    same_dtype,
)
from jtorch._ops.extremes import maximum, minimum
from jtorch._ops.order import extreme, first_extreme
from jtorch._ops.refusals import BAREBONES, BOOL_TYPES, COMPLEX_TYPES
from jtorch._ops.signatures import Dim, Dims, overloads
from jtorch._tensor import Tensor

_OVERLOADS = (
    "(Tensor input, *, Tensor? out = None)",
    "(Tensor input, Tensor other, *, Tensor? out = None)",
    "(Tensor input, int dim, bool keepdim = False, *, tuple of Tensors? out = None)",
)


def _refuse_nothing(name, input):
    if not input.numel():
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )


def _check_all(name):
    def check(input):
        _refuse_nothing(name, input)
        require_kernel(f"{name}_all", input, COMPLEX_TYPES, BAREBONES)

    return check


def _check_dim(name):
    def check(input, dim):
        require_length(name, input, dim)
        if input.dtype.category == COMPLEX:
            raise RuntimeError(f"{name}(): does not support complex input")
        require_kernel(f"{name}_cpu", input, BAREBONES, scalar_too=False)

    return check


def _all_into(target, meta):
    if not can_cast(meta.dtype, target.dtype):
        raise RuntimeError(
            "Expected canCast( typeMetaToScalarType(self.dtype()), typeMetaToScalarType(out.dtype())) "
            "to be true, but got false.  (Could this error message be improved?  If so, please "
            "report an enhancement request to PyTorch.)"
        )


@along(dtype=same_dtype, shape=lambda: (), check=_check_all("max"), variants="", name="max.all",
       out_check=_all_into, gradient="MaxBackward1")  # fmt: skip
def _max_all(input: Tensor):
    return extreme(input, None, False, True, nan_too=True)


@along(dtype=same_dtype, shape=lambda: (), check=_check_all("min"), variants="", name="min.all",
       out_check=_all_into, gradient="MinBackward1")  # fmt: skip
def _min_all(input: Tensor):
    return extreme(input, None, False, False, nan_too=True)


def _with_place(input, dim, keepdim, largest):
    if not input.ndim:
        return input, jnp.zeros((), np.int64)
    return first_extreme(input, dim, keepdim, largest)


@along(check=_check_dim("max"), variants="", name="max.dim", returns=("values", "indices"),
       out_check=one_dtype, gradient="MaxBackward0", linked=at_places)  # fmt: skip
def _max_dim(input: Tensor, dim: Dim, keepdim: bool = False):
    return _with_place(input, dim, keepdim, True)


@along(check=_check_dim("min"), variants="", name="min.dim", returns=("values", "indices"),
       out_check=one_dtype, gradient="MinBackward0", linked=at_places)  # fmt: skip
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


def _check_values(kernel):
    def check(input):
        require_kernel(kernel, input, COMPLEX_TYPES, BAREBONES)

    return check


def _of_nothing(name):
    def refuse(input, dim):
        if dim is None or dim == () or dim == []:
            _refuse_nothing(name, input)
        require_lengths(name, input, dim)

    return refuse


def _match_input(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            "Expected the dtype for input and out to match, but got "
            f"{meta.dtype.scalar_name} for input's dtype and {target.dtype.scalar_name} for out's "
            "dtype."
        )


@along(dtype=same_dtype, check=_check_values("max_values_cpu"), nothing=_of_nothing("amax"),
       variants="fmo", out_check=_match_input)  # fmt: skip
def amax(input: Tensor, dim: Dims | None = (), keepdim: bool = False):
    """The largest elements over `dim`: an int, several, or none for all.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must not be complex.
    Errors:  RuntimeError for an empty input without `dim`; IndexError for a dim of no elements.
    Source:  torch.amax; jnp.max.
    """
    return extreme(input, dim, keepdim, True)


@along(dtype=same_dtype, check=_check_values("min_values_cpu"), nothing=_of_nothing("amin"),
       variants="fmo", out_check=_match_input)  # fmt: skip
def amin(input: Tensor, dim: Dims | None = (), keepdim: bool = False):
    """The smallest elements over `dim`: an int, several, or none for all.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must not be complex.
    Errors:  RuntimeError for an empty input without `dim`; IndexError for a dim of no elements.
    Source:  torch.amin; jnp.min.
    """
    return extreme(input, dim, keepdim, False)


def _check_aminmax(input, dim):
    if dim is None and not input.numel():
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
            "identity."
        )
    if dim is not None and input.ndim and not input.shape[dim]:
        raise IndexError(f"aminmax: Expected reduction dim {dim} to have non-zero size.")
    if dim is not None and not input.ndim:
        if input.dtype.category == COMPLEX:
            raise RuntimeError(f"aminmax not implemented for {input.dtype.scalar_name}")
        return
    require_kernel("aminmax_cpu", input, COMPLEX_TYPES, BAREBONES)


@along(check=_check_aminmax, variants="fmo", returns=("min", "max"), out_check=one_dtype)
def aminmax(input: Tensor, *, dim: Dim | None = None, keepdim: bool = False):
    """The smallest and the largest element, of all or along `dim`.

    Shape:   (*) -> twice (), or without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must not be complex.
    Errors:  RuntimeError for an empty input without `dim`; IndexError for a `dim` of no elements.
    Source:  torch.aminmax; jnp.min, jnp.max.
    """
    dim = dim if input.ndim else None
    return extreme(input, dim, keepdim, False), extreme(input, dim, keepdim, True)


def _check_place(name):
    def check(input, dim):
        for group, kind in ((COMPLEX_TYPES, "complex"), (BOOL_TYPES, "bool")):
            if input.dtype in group:
                raise RuntimeError(f"{name}(): does not support {kind} input")
        if dim is not None:
            require_length(name, input, dim)
        elif not input.numel():
            raise IndexError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0."
            )
        require_kernel(f"{name}_cpu", input, BAREBONES)

    return check


def _place(input, dim, keepdim, largest):
    if dim is None or not input.ndim:
        shape = (1,) * input.ndim if keepdim else ()
        return first_extreme(input.reshape(-1), 0, False, largest)[1].reshape(shape)
    return first_extreme(input, dim, keepdim, largest)[1]


def _int64():
    return _dtypes.int64


@along(dtype=_int64, check=_check_place("argmax"), variants="fmo", out_check=one_dtype)
def argmax(input: Tensor, dim: Dim | None = None, keepdim: bool = False):
    """The first place of the largest element, of all (as if flat) or along `dim`.

    Shape:   (*) -> (), or without `dim`, or with 1 there if `keepdim`.
    Dtype:   int64.
    Errors:  IndexError where there is no element; RuntimeError for bool and complex numbers.
    Source:  torch.argmax; jnp.max.
    """
    return _place(input, dim, keepdim, True)


@along(dtype=_int64, check=_check_place("argmin"), variants="fmo", out_check=one_dtype)
def argmin(input: Tensor, dim: Dim | None = None, keepdim: bool = False):
    """The first place of the smallest element, of all (as if flat) or along `dim`.

    Shape:   (*) -> (), or without `dim`, or with 1 there if `keepdim`.
    Dtype:   int64.
    Errors:  IndexError where there is no element; RuntimeError for bool and complex numbers.
    Source:  torch.argmin; jnp.min.
    """
    return _place(input, dim, keepdim, False)
