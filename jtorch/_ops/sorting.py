"""Sorting along a dim, and the largest or smallest few. NaN is the largest value."""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX
from jtorch._ops.along import along, at_places, one_dtype, require_kernel
from jtorch._ops.order import largest_places, pick, sorting_places
from jtorch._ops.refusals import BAREBONES
from jtorch._ops.signatures import Dim, overloads
from jtorch._shapes import like_strides
from jtorch._tensor import Tensor

_STABLE = "(Tensor input, *, bool? stable, int dim = -1, bool descending = False"
_PLAIN = "(Tensor input, int dim = -1, bool descending = False"


def _check_sort(input):
    if input.dtype.category == COMPLEX:
        raise RuntimeError(" Sort does not support complex dtypes on CPU")


def _layout(input):
    """The input's own strides, where they leave no gap; else dense ones in their order."""
    return like_strides(input.shape, input.stride())


def _sorted(input, dim, descending):
    if not input.ndim or not input.size:
        return input, jnp.zeros(input.shape, np.int64)
    places = sorting_places(input, dim, descending)
    return pick(input, places, dim), places


@along(
    check=_check_sort,
    variants="fmo",
    returns=("values", "indices"),
    out_check=one_dtype,
    layout=(_layout, _layout),
    gradient=lambda args, kwargs: f"SortBackward{int('stable' in kwargs)}",
    linked=at_places,
    overloads=(
        f"{_STABLE}, tuple of Tensors? out = None)",
        f"{_PLAIN}, *, tuple of Tensors? out = None)",
    ),
)
def sort(input: Tensor, dim: Dim = -1, descending: bool = False, *, stable: bool | None = None):
    """The elements in order along `dim`, and where they came from. The sort is always stable.

    Shape:   (*, n, *) -> twice the same.
    Dtype:   the input's, which must not be complex; places are int64.
    Errors:  IndexError if `dim` is out of range; RuntimeError for complex numbers.
    Source:  torch.sort; lax.sort.
    """
    return _sorted(input, dim, descending)


@along(
    check=_check_sort,
    variants="o",
    out_check=one_dtype,
    layout=_layout,
    name="argsort.stable",
)
def _argsort(input: Tensor, dim: Dim = -1, descending: bool = False, *, stable: bool | None = None):
    return _sorted(input, dim, descending)[1]


@overloads((f"{_STABLE}, Tensor? out = None)", _argsort), (f"{_PLAIN})", _argsort))
def argsort():
    """Where the elements, in order along `dim`, came from. The sort is always stable.

    Shape:   (*, n, *) -> the same.
    Dtype:   int64.
    Errors:  IndexError if `dim` is out of range; RuntimeError for complex numbers.
    Source:  torch.argsort; lax.sort.
    """


@along(check=_check_sort, variants="fmo", out_check=one_dtype, layout=_layout,
       gradient="SortBackward0")  # fmt: skip
def msort(input: Tensor):
    """The elements in order along the first dim.

    Shape:   (n, *) -> the same.
    Dtype:   the input's, which must not be complex.
    Errors:  RuntimeError for complex numbers.
    Source:  torch.msort; lax.sort.
    """
    return _sorted(input, 0, False)[0]


def _check_topk(input, k, dim):
    if not 0 <= k <= (input.shape[dim] if input.ndim else 1):
        raise RuntimeError("selected index k out of range")
    if input.dtype.category == COMPLEX:
        raise RuntimeError(" topk does not support complex dtypes on CPU")
    if input.dtype is _dtypes.bool_:
        raise RuntimeError("topk does not support bool dtypes on CPU")
    require_kernel("topk_cpu", input, BAREBONES, scalar_too=False)


@along(check=_check_topk, variants="fmo", returns=("values", "indices"), out_check=one_dtype,
       linked=at_places)  # fmt: skip
def topk(input: Tensor, k: int, dim: Dim = -1, largest: bool = True, sorted: bool = True):
    """The `k` largest (or smallest) elements along `dim`, in order, and their places.

    Shape:   (*, n, *) -> twice (*, k, *).
    Dtype:   the input's, which must not be bool or complex; places are int64.
    Errors:  RuntimeError if there are no `k` elements; IndexError if `dim` is out of range.
    Source:  torch.topk; lax.top_k.
    """
    if not input.ndim:
        return input, jnp.zeros((), np.int64)
    if not k or not input.size:
        shape = (*input.shape[:dim], k, *input.shape[dim + 1 :])
        return jnp.zeros(shape, input.dtype), jnp.zeros(shape, np.int64)
    values, places = largest_places(jnp.moveaxis(input, dim, -1), k, largest)
    return jnp.moveaxis(values, -1, dim), jnp.moveaxis(places, -1, dim)
