"""Triangles and diagonals of matrices, and matrices of powers."""

import math

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._autograd.modes import mode
from jtorch._device import resolve
from jtorch._meta import Meta
from jtorch._ops.bounds import tensor_of
from jtorch._ops.cast import cast_array
from jtorch._ops.creation import finish
from jtorch._ops.detailed import checked, deliver, detailed
from jtorch._ops.families import composite
from jtorch._ops.history import connect_constant
from jtorch._ops.join import cat
from jtorch._ops.names import missing
from jtorch._ops.parameters import Number
from jtorch._ops.rebase import assign, refuse_in_place
from jtorch._ops.refusals import check_fits, unsupported
from jtorch._ops.view import copy_of
from jtorch._ops.view import diagonal as diagonal_of
from jtorch._ops.windows import opened
from jtorch._ops.writing import refuse_gradient_into_out, requires_grad
from jtorch._shapes import wrap_dim
from jtorch._tensor import Tensor


def _require_matrix(name):
    def check(input):
        if input.ndim < 2:
            raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")

    return check


def _masked(input, keep):
    rows = lax.broadcasted_iota(np.int64, input.shape, input.ndim - 2)
    columns = lax.broadcasted_iota(np.int64, input.shape, input.ndim - 1)
    return jnp.where(keep(columns - rows), input, jnp.zeros((), input.dtype))


@detailed(
    check=_require_matrix("tril"),
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def tril(input: Tensor, diagonal: Number | int = 0):
    """The lower triangle of matrices, up to the diagonal of this number; zero above it.

    Errors:  RuntimeError for fewer than 2 dims.
    Source:  torch.tril.
    """
    return _masked(input, lambda place: place <= diagonal)


@detailed(
    check=_require_matrix("triu"),
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def triu(input: Tensor, diagonal: Number | int = 0):
    """The upper triangle of matrices, from the diagonal of this number on; zero below it.

    Errors:  RuntimeError for fewer than 2 dims.
    Source:  torch.triu.
    """
    return _masked(input, lambda place: place >= diagonal)


def _triangle_indices(name, row, col, dtype, device, keep):
    for argument, value in (("row", row), ("col", col)):
        if value < 0:
            raise RuntimeError(f"{argument} must be non-negative, got{value}")
    if dtype not in (_dtypes.int64, _dtypes.int32):
        raise unsupported(name, dtype)
    places = np.nonzero(keep(np.arange(col) - np.arange(row)[:, None]))
    return tensor_of(np.array(places, dtype.numpy).reshape(2, -1), resolve(device))


_INDICES = (
    "(int row, int col, int offset = 0, *, torch.dtype? dtype = torch.int64, torch.layout? layout "
    "= None, torch.device? device = None, bool? pin_memory = False, "
    "bool? requires_grad = False)"
)


@checked(_INDICES, variants="f")
def tril_indices(row, col, offset=0, *, dtype=_dtypes.int64, device=None, layout=None,
                 pin_memory=None, requires_grad=False):  # fmt: skip
    """Rows and columns of the elements of a lower triangle, a row of numbers each.

    Errors:  RuntimeError for negative extents.
    Source:  torch.tril_indices.
    """
    made = _triangle_indices("tril_indices", row, col, dtype, device, lambda place: place <= offset)
    return finish(made, requires_grad)


@checked(_INDICES, variants="f")
def triu_indices(row, col, offset=0, *, dtype=_dtypes.int64, device=None, layout=None,
                 pin_memory=None, requires_grad=False):  # fmt: skip
    """Rows and columns of the elements of an upper triangle. Source: torch.triu_indices."""
    made = _triangle_indices("triu_indices", row, col, dtype, device, lambda place: place >= offset)
    return finish(made, requires_grad)


def _embedded_dims(input, dim1, dim2):
    first, second = wrap_dim(dim1, input.ndim + 1), wrap_dim(dim2, input.ndim + 1)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return first, second


def _embedded_shape(input, offset, dim1, dim2):
    first, second = _embedded_dims(input, dim1, dim2)
    shape = list(input.shape[:-1])
    extent = input.shape[-1] + abs(offset)
    for dim in sorted((first, second)):
        shape.insert(dim, extent)
    return tuple(shape)


@detailed(
    check=lambda input, dim1, dim2: _embedded_dims(input, dim1, dim2) and None,
    shape=_embedded_shape,
    dtype=lambda input: input.dtype,
    variants="fm",
)
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1):
    """Matrices with the last dim as their diagonal, and zeros.

    Shape:   (..., n) -> (..., n + |offset|, n + |offset|), the new dims at `dim1` and `dim2`.
    Errors:  RuntimeError if both dims are the same.
    Source:  torch.diag_embed.
    """
    first, second = _embedded_dims(input, dim1, dim2)
    count = input.shape[-1] + abs(offset)
    before = (0, abs(offset)) if offset >= 0 else (abs(offset), 0)
    along = jnp.pad(input, [(0, 0)] * (input.ndim - 1) + [before])[..., :, None]
    rows = lax.broadcasted_iota(np.int64, (count, count), 0)
    columns = lax.broadcasted_iota(np.int64, (count, count), 1)
    matrices = jnp.where(columns - rows == offset, along, jnp.zeros((), input.dtype))
    return jnp.moveaxis(matrices, (-2, -1), (first, second))


@checked("(Tensor input, int diagonal = 0, *, Tensor? out = None)")
def diag(input, diagonal=0, *, out=None):
    """A matrix with a vector as its diagonal, or the diagonal of a matrix as a vector.

    Errors:  RuntimeError for other than 1 or 2 dims.
    Source:  torch.diag.
    """
    if input.ndim not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    if input.ndim == 1:
        if out is not None and not _dtypes.can_cast(input.dtype, out.dtype):
            raise RuntimeError(
                f"diag: result type {input.dtype.scalar_name} can't be cast to the desired out= "
                f"type {out.dtype.scalar_name}"
            )
        result, name = diag_embed(input, diagonal), "diag_embed"
    else:
        result, name = copy_of(diagonal_of(input, diagonal, 0, 1)), "diagonal_copy"
    if out is None or not mode.enabled or not requires_grad((input, out)):
        return deliver(result, out, cast=False)
    if requires_grad((out,)):
        refuse_gradient_into_out(f"aten::{name}")
    deliver(result.detach(), out, cast=False)
    connect_constant(missing(name), (input,), out)
    return out


@checked("(Tensor A, *, int offset = 0, int dim1 = -2, int dim2 = -1)", variants="")
def linalg_diagonal(A, *, offset=0, dim1=-2, dim2=-1):
    """The diagonals of matrices, as a view. Source: torch.linalg.diagonal."""
    return diagonal_of(A, offset, dim1, dim2)


@checked("(Tensor input, int offset = 0)")
def diagflat(input, offset=0):
    """A matrix with all elements, in order, as its diagonal. Source: torch.diagflat."""
    return diag_embed(input.contiguous().view(-1), offset)


@detailed(
    name="fill_diagonal_.value",
    numbers=lambda input, value: _fits(input, value),
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    variants="",
)
def _filled(input: Tensor, value: Number):
    return jnp.broadcast_to(cast_array(jnp.asarray(value), input.dtype), input.shape)


def _fits(input, value):
    if isinstance(value, (int, float, complex)):
        check_fits(value, input.dtype)


@composite(variants="m")
def fill_diagonal_(self, fill_value, wrap=False):
    """Fill the main diagonal; with `wrap` a tall matrix's starts again after it ends.

    Errors:  RuntimeError unless there are 2 dims, or more of one extent.
    Source:  torch.Tensor.fill_diagonal_.
    """
    if self.ndim < 2:
        raise RuntimeError("dimensions must larger than 1")
    if self.ndim > 2 and len(set(self.shape)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    height, width = self.shape[0], self.shape[1]
    count, step = min(self.shape), sum(self.stride())
    diagonal = _line(self, count, step, self._offset)
    refuse_in_place(diagonal)
    _fill(diagonal, fill_value)
    if wrap and self.ndim == 2 and height > width + 1:
        # after each square one row stays as it is
        start = self._offset + self.stride(0) * (width + 1)
        count = math.ceil((self.numel() - width * (width + 1)) / (width + 1))
        _fill(_line(self, count, step, start), fill_value)
    return self


def _line(tensor, count, step, offset):
    """A window of `count` elements, `step` apart."""
    meta = tensor._meta
    line = Meta((count,), meta.dtype, meta.device, (step,), meta.mirrored)
    return opened(tensor, line, offset, "as_strided")


def _fill(target, value):
    assign(target, _filled(target, value), "FillBackward2")


def _check_vander(x, N):
    if x.ndim != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    if N is not None and N < 0:
        raise RuntimeError("N must be non-negative.")


def _powers(x, count, increasing):
    powers = jnp.cumprod(jnp.broadcast_to(x[..., None], (*x.shape, max(count - 1, 0))), -1)
    ones = jnp.ones((*x.shape, min(count, 1)), powers.dtype)
    powers = lax.concatenate([ones, powers.astype(ones.dtype)], powers.ndim - 1)
    return powers if increasing else jnp.flip(powers, -1)


def _vander_dtype(x):
    return _dtypes.int64 if x.dtype.category <= _dtypes.INTEGRAL else x.dtype


def _parts_of_powers(x, N, increasing):
    """torch's steps, which write over what the derivative needs: backward says so."""
    count = x.shape[0] if N is None else N
    result = x.new_empty((x.shape[0], count))
    if count:
        result.select(1, 0).fill_(1)
    if count > 1:
        _behind_first(result).copy_(x.unsqueeze(1))
        _behind_first(result).copy_(_behind_first(result).cumprod(1))
    return result if increasing else result.flip((1,))


def _behind_first(matrix):
    return matrix.narrow(1, 1, matrix.shape[1] - 1)


@detailed(
    check=_check_vander,
    shape=lambda x, N: (x.shape[0], x.shape[0] if N is None else N),
    dtype=_vander_dtype,
    variants="f",
    parts=_parts_of_powers,
)
def vander(x: Tensor, N: int | None = None, increasing: bool = False):
    """Powers of a vector's elements, a column for each, the highest first. Source: torch.vander."""
    count = x.shape[0] if N is None else N
    wide = x.astype(np.int64) if x.dtype.kind in "biu" else x
    return _powers(wide, count, increasing)


def _check_linalg_vander(x, N):
    if x.dtype in (_dtypes.bool_, _dtypes.float16, _dtypes.bfloat16):
        raise RuntimeError(
            "linalg.vander supports floating point, complex, and integer tensors, but got "
            f"{x.dtype.scalar_name}"
        )
    if (x.shape[-1] if N is None and x.ndim else N or 0) <= 1:
        raise RuntimeError("N must be greater than 1.")


def _parts_of_vander(x, N):
    x = x if x.ndim else x.view(1)
    count = x.shape[-1] if N is None else N
    powers = x.unsqueeze(-1).expand(*x.shape, count - 1).cumprod(-1)
    return cat((x.new_ones((*x.shape, 1)), powers), -1)


@detailed(
    check=_check_linalg_vander,
    shape=lambda x, N: (*(x.shape or (1,)), x.shape[-1] if N is None else N),
    dtype=_vander_dtype,
    variants="",
    parts=_parts_of_vander,
)
def linalg_vander(x: Tensor, *, N: int | None = None):
    """Powers of the elements, the lowest first, along a new last dim.

    Source:  torch.linalg.vander.
    """
    count = x.shape[-1] if N is None else N
    wide = x.astype(np.int64) if x.dtype.kind in "biu" else x
    return _powers(jnp.atleast_1d(wide), count, True)
