"""Norms and condition of matrices, and distances between rows."""

import math

import jax
import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._ops.creation import full
from jtorch._ops.detailed import castable, checked, deliver, detailed
from jtorch._ops.edges import tracked
from jtorch._ops.families import composite
from jtorch._ops.linalg import inverted
from jtorch._ops.matrices import code_of, failure, require_inexact, require_matrix, require_square
from jtorch._ops.maxima import amax, amin
from jtorch._ops.names import by_arguments
from jtorch._ops.norms import LITERAL_ORDERS, norm_of, vector_norm
from jtorch._ops.order import extreme
from jtorch._ops.parameters import Ints, Number
from jtorch._ops.product import HALF
from jtorch._ops.refusals import unsupported
from jtorch._ops.slopes import sign_of
from jtorch._ops.spectrum import (
    NOT_FINITE,
    check_svd,
    has_nan,
    linalg_svdvals,
    singular_values,
)
from jtorch._ops.view import movedim, unsqueeze
from jtorch._ops.windows import require_tensor
from jtorch._shapes import broadcast_shapes, reduced_shape, wrap_dim, wrap_dims
from jtorch._tensor import Tensor

_INF = math.inf


def _check_dtype(name, input, dtype):
    """torch's rules for the `dtype` of a norm: of the input's kind, and not narrower."""
    if dtype is None:
        return
    if dtype.category < FLOATING:
        raise RuntimeError(
            f"{name}: dtype should be floating point or complex, but got {dtype.scalar_name}"
        )
    kind = "complex" if input.dtype.category == COMPLEX else "real"
    if (input.dtype.category == COMPLEX) != (dtype.category == COMPLEX):
        raise RuntimeError(
            f"{name}: dtype should be {kind} for {kind} inputs, but got {dtype.scalar_name}"
        )
    if _dtypes.promote_types(input.dtype, dtype) is not dtype:
        raise RuntimeError(
            f"{name}: the dtype of the input ({input.dtype.scalar_name}) should be convertible "
            f"without narrowing to the specified dtype ({dtype.scalar_name})"
        )


def _magnitudes(array, dtype):
    """Absolute values, in the real dtype to compute in."""
    if dtype is not None:
        array = array.astype(dtype.numpy)
    array = jnp.abs(array)
    return array.astype(np.float32) if array.dtype in HALF else array


def _check_matrix_norm(input, ord, dim, dtype):
    name = "linalg.matrix_norm"
    if isinstance(ord, str):
        if ord not in ("fro", "nuc"):
            raise RuntimeError(f"{name}: Order {ord} not supported.")
        require_matrix(name, input)
    else:
        require_matrix(name, input)
        if abs(ord) not in (1, 2, _INF):
            raise RuntimeError(f"{name}: Order {ord:g} not supported.")
    if len(dim) != 2:
        raise RuntimeError(f"{name}: dim must be a 2-tuple. Got {' '.join(map(str, dim))}")
    by_values = ord == "nuc" or (not isinstance(ord, str) and abs(ord) == 2)
    require_inexact(name, input.dtype, half=not by_values)
    first, second = (wrap_dim(each, input.ndim) for each in dim)
    if first == second:
        raise RuntimeError(f"{name}: dims must be different. Got ({dim[0]}, {dim[1]})")
    _check_dtype(name, input, dtype)
    _refuse_empty(input.shape[first], input.shape[second], ord)


def _refuse_empty(rows, count, ord):
    """The smallest of nothing, in torch's words."""
    compared = {-1: (count, 0), -_INF: (rows, 0), -2: (min(rows, count), -1)}
    extent, dim = compared.get(ord, (1, 0))
    if not extent:
        raise IndexError(f"amin(): Expected reduction dim {dim} to have non-zero size.")


def _matrix_norm_shape(input, dim, keepdim):
    return reduced_shape(input.shape, dim, keepdim)


def _matrix_norm_parts(input, ord, dim, keepdim, dtype):
    """What torch's graph shows: a norm of vectors or singular values, and their extreme or sum."""
    first, second = wrap_dims(dim, input.ndim)
    if ord == "nuc" or ord in (2, -2):
        return _spectral_parts(input, ord, (first, second), keepdim, dtype)
    summed, compared = (first, second) if abs(ord) == 1 else (second, first)
    sums = vector_norm(input, 1, (summed,), keepdim, dtype=dtype)
    compared -= not keepdim and summed < compared
    return _extreme_of(sums, ord, compared, keepdim)


def _extreme_of(values, ord, dim, keepdim):
    if not values.shape[dim]:
        return values.detach().sum(dim, keepdim)  # 0, and constant for torch
    return (amax if ord > 0 else amin)(values, (dim,), keepdim)


def _spectral_parts(input, ord, dim, keepdim, dtype):
    matrices = input if dtype is None else input.to(dtype)
    S = linalg_svdvals(movedim(matrices, dim, (-2, -1)))
    last = S.ndim - 1
    result = S.sum(last, keepdim) if ord == "nuc" else _extreme_of(S, ord, last, keepdim)
    return movedim(unsqueeze(result, -1), (-2, -1), dim) if keepdim else result


@detailed(
    name="linalg_matrix_norm.ord",
    variants="",
    parts=_matrix_norm_parts,
    failure=failure("linalg.svd", NOT_FINITE, of="input"),
    shape=_matrix_norm_shape,
    dtype=lambda input, dtype: (dtype or input.dtype).to_real(),
)
def _matrix_norm(input: Tensor, ord: object, dim: Ints, keepdim: bool,
                 dtype: _dtypes.dtype | None):  # fmt: skip
    dim = wrap_dims(dim, input.ndim)
    if ord == "nuc" or ord in (2, -2):
        return _spectral_norm(input, ord, dim, keepdim, dtype)
    array = _magnitudes(input, dtype)
    summed, compared = dim if abs(ord) == 1 else dim[::-1]
    sums = jnp.sum(array, summed, keepdims=True, dtype=array.dtype)
    if not sums.shape[compared]:
        shape = _matrix_norm_shape(input, dim, keepdim)
        return jnp.zeros(shape, array.dtype), jnp.int64(0)
    result = extreme(sums, (compared,), True, ord > 0)
    return result.reshape(_matrix_norm_shape(input, dim, keepdim)), jnp.int64(0)


def _spectral_norm(input, ord, dim, keepdim, dtype):
    matrices = input if dtype is None else input.astype(dtype.numpy)
    matrices = jnp.moveaxis(matrices, dim, (-2, -1))
    S = singular_values(matrices)
    if ord == "nuc":
        result = jnp.sum(S, -1, dtype=S.dtype)
    elif not S.shape[-1]:
        result = jnp.zeros(S.shape[:-1], S.dtype)
    else:
        result = extreme(S, (S.ndim - 1,), False, ord > 0)  # of equal ones, a gradient for each
    code = code_of(has_nan(matrices)) if matrices.size else jnp.int64(0)
    return result.reshape(_matrix_norm_shape(input, dim, keepdim)), code


_MATRIX_NORM = (
    "(Tensor input, Number ord, tuple of ints dim = {-2,-1}, bool keepdim = False, *, "
    "torch.dtype? dtype = None, Tensor? out = None)",
    '(Tensor input, str ord = "fro", tuple of ints dim = {-2,-1}, bool keepdim = False, *, '
    "torch.dtype? dtype = None, Tensor? out = None)",
)


@checked(*_MATRIX_NORM, variants="")
def linalg_matrix_norm(input, ord="fro", dim=(-2, -1), keepdim=False, *, dtype=None, out=None):
    """The norm of matrices: "fro", "nuc", or of order 1, 2, infinity, or the negative of these.

    Shape:   the two dims of `dim` go, or with `keepdim` become 1.
    Errors:  RuntimeError for an unknown order, or fewer than 2 dims.
    Source:  torch.linalg.matrix_norm.
    """
    dim = tuple(dim)
    if isinstance(ord, bool):
        ord = int(ord)
    _check_matrix_norm(input, ord, dim, dtype)
    if ord == "fro":
        result = vector_norm(input, 2, dim, keepdim, dtype=dtype)
    else:
        result = _matrix_norm(input, ord, dim, keepdim, dtype)
    return _delivered("linalg.matrix_norm", result, out)


def _delivered(name, result, out):
    if out is not None and out.dtype is not result.dtype:
        raise RuntimeError(
            f"{name} expected out tensor dtype {result.dtype.scalar_name} but got: "
            f"{out.dtype.scalar_name}"
        )
    return deliver(result, out)


_NORM = (
    "(Tensor input, Number? ord = None, tuple of ints? dim = None, bool keepdim = False, *, "
    "torch.dtype? dtype = None, Tensor? out = None)",
    "(Tensor input, str ord, tuple of ints? dim = None, bool keepdim = False, *, "
    "torch.dtype? dtype = None, Tensor? out = None)",
)


@checked(*_NORM, variants="")
def linalg_norm(input, ord=None, dim=None, keepdim=False, *, dtype=None, out=None):
    """The norm of a vector, or with two dims (or an order, of a matrix) that of matrices.

    Errors:  RuntimeError if an order is given without `dim` for other than 1 or 2 dims.
    Source:  torch.linalg.norm.
    """
    dims = None if dim is None else tuple(dim) if isinstance(dim, (tuple, list)) else (dim,)
    if dims is not None:
        if isinstance(ord, str):
            result = linalg_matrix_norm(input, ord, dims, keepdim, dtype=dtype)
            return _delivered("linalg.norm", result, out)
        if len(dims) not in (1, 2):
            raise RuntimeError(
                f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dims)}"
            )
    elif ord is not None and input.ndim not in (1, 2):
        raise RuntimeError(
            "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got "
            f"{input.ndim}D."
        )
    is_matrix = ord is not None and (input.ndim == 2 if dims is None else len(dims) == 2)
    if is_matrix or isinstance(ord, str):
        both = (0, 1) if dims is None else dims
        result = linalg_matrix_norm(input, ord, both, keepdim, dtype=dtype)
    else:
        result = vector_norm(input, 2 if ord is None else ord, dims, keepdim, dtype=dtype)
    return _delivered("linalg.norm", result, out)


# Condition


def _check_cond(input, p):
    if input.ndim < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    if p is None or p in (2, -2):
        check_svd(input)
        return
    known = ("fro", "nuc") if isinstance(p, str) else (1, -1, _INF, -_INF)
    if not isinstance(p, str) and p not in known:
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p:g}")
    require_square(f"linalg.cond(ord={p if isinstance(p, str) else format(p, 'g')})", input)
    if p not in known:
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p}")
    require_inexact("linalg.inv", input.dtype, half=False)


def _cond_parts(input, p):
    if p is None or p in (2, -2, "nuc"):
        S = linalg_svdvals(input)
        if p == "nuc":
            return S.sum(-1) * S.reciprocal().sum(-1)
        if not S.numel():
            return full(tuple(input.shape[:-2]), 0.0, dtype=S.dtype, device=S.device)
        largest, smallest = S[..., :1], S[..., -1:]
        return (smallest / largest if p == -2 else largest / smallest).squeeze(-1)
    return _cond_by_inverse(input, p)


@detailed(
    name="linalg_cond.inverse",
    variants="",
    gradient="NanToNumBackward0",  # the last node of several in torch, and here the only one
    shape=lambda input: input.shape[:-2],
    dtype=lambda input: input.dtype.to_real(),
)
def _cond_by_inverse(input: Tensor, p: object):
    return _product_of_norms(input, p)


@detailed(
    name="linalg_cond.p",
    variants="o",
    parts=_cond_parts,
    check=_check_cond,
    failure=failure("linalg.svd", NOT_FINITE, of="input"),
    shape=lambda input: input.shape[:-2],
    dtype=lambda input: input.dtype.to_real(),
    out_check=castable("linalg.cond", "result"),
)
def _cond(input: Tensor, p: object = None):
    if not input.size:
        return jnp.zeros(input.shape[:-2], jnp.abs(input).dtype), jnp.int64(0)
    if p is None or p in (2, -2):
        S = singular_values(input)
        largest, smallest = S[..., 0], S[..., -1]
        result = smallest / largest if p == -2 else largest / smallest
        return result, code_of(has_nan(input))
    return _product_of_norms(input, p), jnp.int64(0)


def _product_of_norms(input, p):
    """The norm of a matrix times that of its inverse; infinite where there is none."""
    if not input.size:
        return jnp.zeros(input.shape[:-2], jnp.abs(input).dtype)
    inverse, info = inverted(input)
    if p == "nuc":
        norms = [jnp.sum(singular_values(each), -1) for each in (input, inverse)]
    elif p == "fro":
        norms = [jnp.sqrt(jnp.sum(jnp.abs(each) ** 2, (-2, -1))) for each in (input, inverse)]
    else:
        axis = -2 if abs(p) == 1 else -1
        sums = [jnp.sum(jnp.abs(each), axis) for each in (input, inverse)]
        norms = [extreme(each, (each.ndim - 1,), False, p > 0) for each in sums]
    infinite = jnp.asarray(_INF, norms[0].dtype)
    return jnp.where(info > 0, infinite, norms[0] * norms[1])


@checked(
    "(Tensor input, Number? p = None, *, Tensor? out = None)",
    "(Tensor input, str p, *, Tensor? out = None)",
    variants="",
)
def linalg_cond(input, p=None, *, out=None):
    """The condition of matrices: the norm of order `p` times that of the inverse.

    Errors:  RuntimeError for an unknown order, and unless matrices are square but for order 2, -2.
    Source:  torch.linalg.cond.
    """
    if out is None or tracked((input, out)):
        return deliver(_cond(input, p), out)
    return _cond(input, p, out=out)


# Distances


def _check_cdist(x1, x2):
    for name, each in (("X1", x1), ("X2", x2)):
        if each.dtype.category != FLOATING:
            raise RuntimeError(
                f"cdist only supports floating-point dtypes, {name} got: {each.dtype.scalar_name}"
            )
    for name, each in (("X1", x1), ("X2", x2)):
        if each.ndim < 2:
            raise RuntimeError(f"cdist only supports at least 2D tensors, {name} got: {each.ndim}D")
    if x1.shape[-1] != x2.shape[-1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {x1.shape[-1]} X2: {x2.shape[-1]}"
        )
    broadcast_shapes(x1.shape[:-2], x2.shape[:-2])
    if x1.dtype is not x2.dtype:
        raise RuntimeError(
            f"expected scalar type {x1.dtype.scalar_name} but found {x2.dtype.scalar_name}"
        )
    if x1.dtype.numpy in HALF:
        raise unsupported("cdist", x1.dtype)


_MODES = (
    "use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist"
)  # fmt: skip


def _cdist_node(x1, x2, p, by_product):
    return "ViewBackward0" if by_product else "CdistBackward0"


def _cdist_shape(x1, x2):
    return (*broadcast_shapes(x1.shape[:-2], x2.shape[:-2]), x1.shape[-2], x2.shape[-2])


@detailed(
    name="cdist.rows",
    variants="",
    gradient=by_arguments(_cdist_node, "x1", "x2", "p", "by_product"),
    literals={"p": LITERAL_ORDERS},
    shape=_cdist_shape,
    dtype=lambda x1: x1.dtype,
)
def _cdist(x1: Tensor, x2: Tensor, p: Number, by_product: bool):
    return norm_between(x1[..., :, None, :], x2[..., None, :, :], p)


def norm_between(x1, x2, p):
    """The distances of vectors along the last dim; `p` is one of the literal orders or an array."""
    difference = x1 - x2
    if not isinstance(p, (int, float)):
        p = p.astype(difference.dtype)
    elif p == _INF:
        return _greatest(difference)
    return norm_of(difference, p, (difference.ndim - 1,), False)


@jax.custom_jvp
def _greatest(difference):
    return extreme(jnp.abs(difference), (difference.ndim - 1,), False, True)


@_greatest.defjvp
def _of_greatest(primals, tangents):
    """Each of several that are the greatest has the whole derivative: torch's formula here."""
    distance = _greatest(*primals)
    sizes = jnp.abs(primals[0])
    moved = jnp.where(sizes == distance[..., None], sign_of(primals[0]) * tangents[0], 0)
    return distance, jnp.sum(moved, -1)


@composite(variants="f")
def cdist(x1, x2, p=2.0, compute_mode="use_mm_for_euclid_dist_if_necessary"):
    """The distance, in the norm of order `p`, of each row of `x1` from each row of `x2`.

    Shape:   (..., m, k), (..., n, k) -> (..., m, n), where ... broadcasts.
    Errors:  RuntimeError if the numbers of columns differ.
    Source:  torch.cdist; always by differences, whatever the mode.
    """
    require_tensor("cdist", x1, "x1")
    require_tensor("cdist", x2, "x2", 2)
    if compute_mode not in _MODES:
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    if not p >= 0:
        raise RuntimeError("cdist only supports non-negative p values")
    _check_cdist(x1, x2)
    many = x1.shape[-2] > 25 or x2.shape[-2] > 25
    some = x1.numel() > 0 and x2.numel() > 0
    by_product = compute_mode == _MODES[1] or (many and compute_mode == _MODES[0])
    by_product = by_product and some and p == 2
    # nothing between rows without columns, whatever the order
    return _cdist(x1, x2, float(p) if x1.shape[-1] else 2.0, by_product)
