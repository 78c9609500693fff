"""Quantiles: elements of fractional rank."""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._autograd.modes import mode
from jtorch._ops.along import AlongRow, along
from jtorch._ops.bounds import known
from jtorch._ops.creation import full_like
from jtorch._ops.families import op
from jtorch._ops.history import by_number
from jtorch._ops.join import broadcast_tensors
from jtorch._ops.order import is_nan, pick, sorting_places
from jtorch._ops.parameters import Index, Number
from jtorch._ops.signatures import Dim, overloads
from jtorch._ops.view import flatten
from jtorch._ops.writing import requires_grad, resize_out
from jtorch._shapes import contiguous_strides
from jtorch._tensor import Tensor

_LARGEST = 2**24  # elements along a dim, in which float32 still counts one by one
_INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _check(input, dim, interpolation):
    if not input.numel():
        raise RuntimeError("quantile() input tensor must be non-empty")
    if input.dtype not in (_dtypes.float32, _dtypes.float64):
        raise RuntimeError("quantile() input tensor must be either float or double dtype")
    if interpolation not in _INTERPOLATIONS:
        raise RuntimeError(
            "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, "
            f"but got {interpolation}"
        )
    if (input.numel() if dim is None or not input.ndim else input.shape[dim]) > _LARGEST:
        raise RuntimeError("quantile() input tensor is too large")


def _check_with_tensor(input, q, dim, interpolation):
    if q.ndim > 1:
        raise RuntimeError("quantile() q must be a scalar or 1D tensor")
    if q.dtype is not input.dtype and input.dtype.is_floating_point and input.numel():
        raise RuntimeError("quantile() q tensor must be same dtype as the input tensor")
    _check(input, dim, interpolation)


def _check_number(q):
    if not isinstance(q, Tensor) and not 0 <= q <= 1:
        raise RuntimeError(f"quantile() q must be in the range [0, 1] but got {float(q):g}")


def _range_error(code):
    return RuntimeError("quantile() q values must be in the range [0, 1]")


def _check_known(q):
    array = known(q)
    if array is not None and not np.all((array >= 0) & (array <= 1)):
        raise _range_error(1)


def _out_check(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError("quantile() out tensor must be same dtype as the input tensor")


def _reduced(input, dim, keepdim):
    if dim is None or not input.ndim:
        return (1,) * input.ndim if keepdim else ()
    return (*input.shape[:dim], *((1,) if keepdim else ()), *input.shape[dim + 1 :])


def _several_shape(input, q, dim, keepdim):
    return (*q.shape, *_reduced(input, dim, keepdim))


def _several_layout(q, result):
    """The quantiles are computed as the last dim and shown as the first."""
    if not q.ndim:
        return None
    stride = contiguous_strides((*result[1:], result[0]))
    return (stride[-1], *stride[:-1])


def _at_ranks(input, q, dim, keepdim, interpolation, ignore_nan):
    """The quantiles `q`, an array of one dim, as the first dim of the result."""
    if dim is None or not input.ndim:
        rows = input.reshape(1, -1)
    else:
        rows = jnp.moveaxis(input, dim, -1)
    count = rows.shape[-1]
    missing = is_nan(rows)
    ordered = pick(rows, sorting_places(rows, rows.ndim - 1), rows.ndim - 1)
    if ignore_nan:
        last = jnp.sum(~missing, axis=-1, keepdims=True).astype(q.dtype) - 1
        ranks = jnp.where(last < 0, 0, q * last)  # of nothing but NaN: the first, which is NaN
    else:
        # where there is a NaN, the last is one
        ranks = jnp.where(
            jnp.any(missing, axis=-1, keepdims=True), q.dtype.type(count - 1), q * (count - 1)
        )
    values = _between(ordered, jnp.clip(ranks, 0, count - 1), interpolation)
    return jnp.moveaxis(values, -1, 0).reshape(q.shape[0], *_reduced(input, dim, keepdim))


def _between(ordered, ranks, interpolation):
    """Elements of sorted rows at fractional ranks, as torch's `lerp` has them."""
    axis = ordered.ndim - 1
    whole = {"lower": jnp.floor, "higher": jnp.ceil, "nearest": jnp.round}.get(interpolation)
    if whole is not None:
        return pick(ordered, whole(ranks).astype(np.int64), axis)
    below = jnp.floor(ranks)
    weight = jnp.full_like(ranks, 0.5) if interpolation == "midpoint" else ranks - below
    start = pick(ordered, below.astype(np.int64), axis)
    end = pick(ordered, jnp.ceil(ranks).astype(np.int64), axis)
    step = end - start
    return jnp.where(weight < 0.5, start + weight * step, end - step * (1 - weight))


def _of_tensor(input, q, dim, keepdim, interpolation, ignore_nan):
    """(quantiles, error code)."""
    values = _at_ranks(input, q.reshape(-1), dim, keepdim, interpolation, ignore_nan)
    code = jnp.where(jnp.all((q >= 0) & (q <= 1)), 0, 1)
    return values.reshape(_several_shape(input, q, dim, keepdim)), code


def _of_number(input, q, dim, keepdim, interpolation, ignore_nan):
    q = jnp.asarray(q).astype(input.dtype).reshape(1)
    return _at_ranks(input, q, dim, keepdim, interpolation, ignore_nan)[0]


def _parts(input, q, dim, keepdim, interpolation, ignore_nan):
    """As torch's operations: sorting, gathering and interpolating."""
    q = q if isinstance(q, Tensor) else input.new_tensor(q)
    if dim is None or not input.ndim:
        ordered = flatten(input).sort()[0]
    elif dim == input.ndim - 1:
        ordered = input.sort()[0]
    else:
        ordered = input.unsqueeze(-1).transpose(dim, -1).sort()[0]
    last = ordered.shape[-1] - 1
    ordered = ordered.view(*_reduced(input, dim, keepdim), last + 1)
    if ignore_nan:
        ranks = q * (ordered.isnan().logical_not_().sum(-1, True) - 1)
        ranks = ranks.masked_fill_(ranks < 0, 0)
    else:
        ranks, missing = broadcast_tensors(by_number(q * last), ordered.isnan().any(-1, True))
        ranks = ranks.masked_fill(missing, last)
    values = _picked(ordered, ranks, _held(ranks.detach(), q.detach(), last), interpolation)
    return (values.unsqueeze_(0).transpose_(0, -1) if q.ndim else values).squeeze_(-1)


@op(name="quantile.ranks", variants="", error=_range_error)
def _held(ranks: Tensor, q: Tensor, last: int):
    """The ranks, kept among those there are; the code says whether `q` was among 0 to 1."""
    code = jnp.where(jnp.all((q >= 0) & (q <= 1)), 0, 1)
    return jnp.clip(ranks, 0, last), code


def _picked(ordered, ranks, held, interpolation):
    whole = {"lower": "floor", "higher": "ceil", "nearest": "round"}.get(interpolation)
    if whole is not None:
        return ordered.gather(-1, getattr(held, whole)().long())
    below = held.long()
    weight = full_like(ranks, 0.5) if interpolation == "midpoint" else ranks - below
    values = ordered.gather(-1, below)
    return values.lerp_(ordered.gather(-1, held.ceil().long()), weight)


def _parts_of(ignore_nan):
    def parts(input, q, dim, keepdim, interpolation):
        return _parts(input, q, dim, keepdim, interpolation, ignore_nan)

    return parts


class QuantileRow(AlongRow):
    """Under autograd `out` is copied to."""

    def call(self, args, kwargs):
        out = kwargs.get("out")
        if not isinstance(out, Tensor) or not mode.enabled or not requires_grad(args, (out,)):
            return super().call(args, kwargs)
        kwargs = {name: each for name, each in kwargs.items() if name != "out"}
        result = super().call(args, kwargs)
        self._refuse_out(out, result._meta)
        resize_out(out, result.shape)
        return out.copy_(result)


def _dtype(input):
    return input.dtype


_SEVERAL = {
    "row": QuantileRow,
    "check": _check_with_tensor,
    "numbers": _check_known,
    "error": _range_error,
    "dtype": _dtype,
    "shape": _several_shape,
    "layout": _several_layout,
    "lays_out": "never",
    "variants": "o",
    "out_check": _out_check,
}
_ONE = {
    "row": QuantileRow,
    "check": _check,
    "numbers": _check_number,
    "dtype": _dtype,
    "shape": _reduced,
    "variants": "o",
    "out_check": _out_check,
}


@along(name="quantile", parts=_parts_of(False), **_SEVERAL)
def _quantiles(input: Tensor, q: Index, dim: Dim | None = None, keepdim: bool = False, *,
               interpolation: str = "linear"):  # fmt: skip
    return _of_tensor(input, q, dim, keepdim, interpolation, False)


@along(name="quantile.scalar", parts=_parts_of(False), **_ONE)
def _quantile(input: Tensor, q: Number, dim: Dim | None = None, keepdim: bool = False, *,
              interpolation: str = "linear"):  # fmt: skip
    return _of_number(input, q, dim, keepdim, interpolation, False)


@along(name="nanquantile", parts=_parts_of(True), **_SEVERAL)
def _nanquantiles(input: Tensor, q: Index, dim: Dim | None = None, keepdim: bool = False, *,
                  interpolation: str = "linear"):  # fmt: skip
    return _of_tensor(input, q, dim, keepdim, interpolation, True)


@along(name="nanquantile.scalar", parts=_parts_of(True), **_ONE)
def _nanquantile(input: Tensor, q: Number, dim: Dim | None = None, keepdim: bool = False, *,
                 interpolation: str = "linear"):  # fmt: skip
    return _of_number(input, q, dim, keepdim, interpolation, True)


_OVERLOADS = tuple(
    f"(Tensor input, {kind} q, int? dim = None, bool keepdim = False, *, "
    'str interpolation = "linear", Tensor? out = None)'
    for kind in ("Tensor", "float")
)


@overloads(*zip(_OVERLOADS, (_quantiles, _quantile), strict=True))
def quantile():
    """The elements of rank `q` (0: the smallest, 1: the largest), of all or along `dim`.

    Shape:   (*) -> (), or without `dim`, or with 1 there if `keepdim`; of k `q`, with k in front.
    Dtype:   the input's, float32 or float64, which a tensor `q` must share.
    Errors:  RuntimeError for an empty input, or `q` outside [0, 1].
    Source:  torch.quantile.
    """


@overloads(*zip(_OVERLOADS, (_nanquantiles, _nanquantile), strict=True))
def nanquantile():
    """`quantile` of the elements that are not NaN.

    Shape:   as of `quantile`.
    Dtype:   as of `quantile`.
    Errors:  as of `quantile`.
    Source:  torch.nanquantile.
    """
