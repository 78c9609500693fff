"""Norms of vectors over dims, distances, and the logarithm of a sum of exponentials."""

import functools

import jax
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING
from jtorch._ops.along import AlongRow, along, lessened, one_dtype
from jtorch._ops.names import Underived
from jtorch._ops.order import evenly, extreme
from jtorch._ops.parameters import Left, Number
from jtorch._ops.promotion import DEFAULT, INT_TO_FLOAT
from jtorch._ops.reduce import terms_of
from jtorch._ops.signatures import Dim, Dims
from jtorch._ops.slopes import sign_of
from jtorch._shapes import broadcast_shapes
from jtorch._tensor import Tensor

_INFINITE = (float("inf"), float("-inf"))
LITERAL_ORDERS = (0, 1, 2, *_INFINITE)  # each has a formula of its own


def norm_of(terms, order, dim, keepdim):
    """The norm over dims, real; `order` is one of the literal ones or an array."""
    if not isinstance(order, (bool, int, float)):
        return _norm_of_any(terms, order, dim, keepdim)
    return _norm_of_literal(terms, order, dim, keepdim)


@functools.partial(jax.custom_jvp, nondiff_argnums=(1, 2, 3))
def _norm_of_literal(terms, order, dim, keepdim):
    return _value_of_norm(terms, order, dim, keepdim)


@functools.partial(jax.custom_jvp, nondiff_argnums=(2, 3))
def _norm_of_any(terms, order, dim, keepdim):
    return _value_of_norm(terms, order, dim, keepdim)


@_norm_of_literal.defjvp
def _step_of_literal(order, dim, keepdim, arrays, steps):
    (terms,), (step,) = arrays, steps
    norm = _norm_of_literal(terms, order, dim, True)
    if order in _INFINITE:
        return _without(norm, terms, dim, keepdim), evenly(
            _along_sign(step, terms), jnp.abs(terms), norm, dim, keepdim, True
        )
    if order == 0:
        moved = jnp.zeros_like(norm)
    elif order == 1:
        moved = jnp.sum(_along_sign(step, terms), axis=dim, keepdims=True)
    else:
        slope = jnp.where(norm == 0, 0, terms / jnp.where(norm == 0, 1, norm))
        moved = jnp.sum(_real_product(step, slope), axis=dim, keepdims=True)
    return tuple(_without(each, terms, dim, keepdim) for each in (norm, moved))


@_norm_of_any.defjvp
def _step_of_any_order(dim, keepdim, arrays, steps):
    terms, order = arrays
    norm = _norm_of_any(terms, order, dim, True)
    sizes, order = jnp.abs(terms), order.astype(norm.dtype)
    # where a size or the norm is 0, so is the slope
    zero = sizes == 0
    power = jnp.where(zero, 0, jnp.where(zero, 1, sizes) ** (order - 1))
    whole = jnp.where(norm == 0, 0, jnp.where(norm == 0, 1, norm) ** (1 - order))
    moved = jnp.sum(_along_sign(steps[0], terms) * power * whole, axis=dim, keepdims=True)
    return tuple(_without(each, terms, dim, keepdim) for each in (norm, moved))


def _without(reduced, terms, dim, keepdim):
    return reduced.reshape(lessened(terms.shape, dim, keepdim))


def _along_sign(step, terms):
    """The step of absolute values; that of 0, and of NaN, is 0."""
    if terms.dtype.kind != "c":
        return step * sign_of(terms)
    zero = terms == 0
    return _real_product(step, jnp.where(zero, 0, terms / jnp.abs(jnp.where(zero, 1, terms))))


def _real_product(step, slope):
    return (step * jnp.conj(slope)).real


def _value_of_norm(terms, order, dim, keepdim):
    if isinstance(order, (bool, int, float)) and order == 2:
        squares = jnp.square(terms) if terms.dtype.kind != "c" else terms.real**2 + terms.imag**2
        return jnp.sqrt(jnp.sum(squares, axis=dim, keepdims=keepdim))
    sizes = jnp.abs(terms)
    if not isinstance(order, (bool, int, float)):
        order = order.astype(sizes.dtype)
        return jnp.sum(sizes**order, axis=dim, keepdims=keepdim) ** (1 / order)
    if order in _INFINITE:
        return extreme(sizes, dim, keepdim, order > 0)
    if order == 0:
        sizes = (sizes != 0).astype(sizes.dtype)
    return jnp.sum(sizes, axis=dim, keepdims=keepdim)


def _value(number):
    return number.value if number.__class__ is Left else number


def _refuse_complex(order):
    if isinstance(_value(order), complex):
        raise RuntimeError(
            "linalg.vector_norm: Expected a non-complex scalar as the order of norm."
        )


def _refuse_nothing(input, order, dim):
    """torch's refusal of a largest or smallest of nothing; `dim` as the user gave it."""
    order = _value(order)
    if input.numel() or isinstance(order, Tensor) or 0 <= order < float("inf"):
        return
    start = f"linalg.vector_norm cannot compute the {float(order):g} norm on "
    end = "because this dimension is empty and the operation does not have an identity"
    dims = dim if isinstance(dim, (tuple, list)) or dim is None else (dim,)
    if not dims:
        raise RuntimeError(
            f"{start}an empty tensor because the operation does not have an identity"
        )
    for each in dims:
        if input.ndim and not input.shape[each]:
            raise RuntimeError(f"{start}the dimension {each}{end}")


def _check_ord(ord):
    _refuse_complex(ord)


class NormRow(AlongRow):
    """`vector_norm`: some orders need an element, along each dim that the user gave."""

    def bind(self, args, kwargs, suffix=""):
        values = super().bind(args, kwargs, suffix)
        input = values[0]
        if isinstance(input, Tensor) and not input.numel():
            _refuse_nothing(input, values[1], kwargs.get("dim", args[2] if len(args) > 2 else None))
        return values


def _check_norm(input, dtype):
    given = input.dtype
    if given.category < FLOATING:
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{given.scalar_name}"
        )
    if dtype is None:
        return
    if dtype.category < FLOATING:
        raise RuntimeError(
            "linalg.vector_norm: dtype should be floating point or complex, but got "
            f"{dtype.scalar_name}"
        )
    if given.is_complex != dtype.is_complex:
        kinds = ("complex", "complex") if given.is_complex else ("real", "real")
        raise RuntimeError(
            f"linalg.vector_norm: dtype should be {kinds[0]} for {kinds[1]} inputs, but got "
            f"{dtype.scalar_name}"
        )
    if _dtypes.promote_types(given, dtype) is not dtype:
        raise RuntimeError(
            f"linalg.vector_norm: the dtype of the input ({given.scalar_name}) should be "
            f"convertible without narrowing to the specified dtype ({dtype.scalar_name})"
        )


def _real_dtype(input, dtype):
    return (dtype or input.dtype).to_real()


def _order_of(args, kwargs, name, place):
    return args[place] if len(args) > place else kwargs.get(name, 2)


def _is_zero(order):
    return isinstance(order, (int, float)) and order == 0


def _node_of_norm(order):
    """torch's count of elements has no gradient, which is to say: none at all."""
    return _COUNT if _is_zero(order) else "LinalgVectorNormBackward0"


_COUNT = Underived("LinalgVectorNormBackward0", None)
_NO_DISTANCE = Underived(
    "DistBackward0",
    RuntimeError(
        "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument #0 'self'"
    ),
)


@along(
    row=NormRow,
    dtype=_real_dtype,
    name="linalg_vector_norm",
    gradient=lambda args, kwargs: _node_of_norm(_order_of(args, kwargs, "ord", 1)),
    variants="o",
    check=_check_norm,
    numbers=_check_ord,
    literals={"ord": LITERAL_ORDERS},
    out_check=one_dtype,
)
def vector_norm(input: Tensor, ord: Number = 2, dim: Dims | None = None, keepdim: bool = False, *,
                dtype: _dtypes.dtype | None = None):  # fmt: skip
    """The `ord`-norm of the elements over `dim`, as of one vector.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must be floating or complex; of complex numbers the real one.
    Errors:  RuntimeError for integers, and for nothing to take a largest or smallest of.
    Source:  torch.linalg.vector_norm.
    """
    return norm_of(terms_of(input, dtype), ord, dim, keepdim)


def _check_dist(input, other):
    common = _dtypes.promote_types(input.dtype, other.dtype)
    if common.category < FLOATING:
        raise RuntimeError(
            "norm(): input dtype should be either floating point or complex. Got "
            f"{common.scalar_name} instead."
        )


def _check_dist_order(input, other, p):
    _refuse_complex(p)
    if 0 in broadcast_shapes(input.shape, other.shape):
        _refuse_nothing(input if 0 in input.shape else other, p, None)


@along(
    DEFAULT,
    dtype=lambda input, other: _dtypes.promote_types(input.dtype, other.dtype).to_real(),
    shape=lambda: (),
    check=_check_dist,
    numbers=_check_dist_order,
    gradient=lambda args, kwargs: (
        _NO_DISTANCE if _is_zero(_order_of(args, kwargs, "p", 2)) else "DistBackward0"
    ),
    literals={"p": LITERAL_ORDERS},
    variants="fm",
)
def dist(input: Tensor, other: Tensor, p: Number = 2):
    """The `p`-norm of `input - other`.

    Shape:   any two that broadcast -> ().
    Dtype:   the promoted dtype, which must be floating or complex; of complex numbers the real one.
    Errors:  RuntimeError for integers.
    Source:  torch.dist.
    """
    return norm_of(input - other, p, None, False)


def _check_renorm(input, dim):
    if input.ndim < 2:
        raise RuntimeError(
            f"renorm: input needs at least 2 dimensions, got {input.ndim} dimensions"
        )
    _check_norm(input, None)


def _check_limits(input, p, maxnorm):
    if isinstance(p, complex):
        raise RuntimeError("renorm: p must be real-valued")
    if not isinstance(p, Tensor) and not p > 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if isinstance(maxnorm, complex):
        raise RuntimeError("renorm: maxnorm must be real-valued")
    if not isinstance(maxnorm, Tensor) and not maxnorm >= 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {float(maxnorm):g}")


@along(
    dtype=lambda input: input.dtype,
    shape=lambda input: input.shape,
    check=_check_renorm,
    numbers=_check_limits,
    literals={"p": LITERAL_ORDERS},
    out_check=one_dtype,
)
def renorm(input: Tensor, p: Number, dim: Dim, maxnorm: Number):
    """The slices along `dim`, made shorter where their `p`-norm is more than `maxnorm`.

    Shape:   (*), at least two dims -> the same.
    Dtype:   the input's, which must be floating or complex.
    Errors:  RuntimeError for fewer dims, `p` not above 0, or a negative `maxnorm`.
    Source:  torch.renorm.
    """
    terms = terms_of(input, None)
    others = tuple(each for each in range(input.ndim) if each != dim)
    length = norm_of(lax.stop_gradient(terms), p, others, True)
    limit = jnp.asarray(maxnorm, length.dtype)
    longer = length > limit
    # what is not too long must not bring its NaN into gradients
    terms_of_long = jnp.where(longer, terms, 1)
    # the small number keeps torch's result, which stays a little below the limit
    factor = limit / (norm_of(terms_of_long, p, others, True) + 1e-7)
    return jnp.where(longer, terms_of_long * factor.astype(terms.dtype), terms)


def _check_logsumexp(input, dim):
    if dim == () and input.ndim:
        raise RuntimeError(
            f"output with shape [] doesn't match the broadcast shape {[1] * input.ndim}"
        )


def _floating_out(target, meta):
    if target.dtype.category < FLOATING:
        raise RuntimeError(
            "logsumexp(): Expected floating point type for result tensor, but got: "
            f"{target.dtype.scalar_name}"
        )


@along(
    INT_TO_FLOAT, check=_check_logsumexp, no_dims="none", variants="fmo", out_check=_floating_out
)
def logsumexp(input: Tensor, dim: Dims, keepdim: bool = False):
    """The logarithm of the sum of exponentials over `dim`, without overflow.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's; bool and integers become the default dtype.
    Errors:  IndexError if a dim is out of range; RuntimeError if one is given twice, or none.
    Source:  torch.logsumexp; jnp.exp, jnp.log.
    """
    return _log_sum(input, dim, keepdim)


@functools.partial(jax.custom_jvp, nondiff_argnums=(1, 2))
def _log_sum(input, dim, keepdim):
    if not input.ndim:
        # the imaginary part of a logarithm is an angle
        is_real = not jnp.issubdtype(input.dtype, jnp.complexfloating)
        return input if is_real else jnp.log(jnp.exp(input - input.real)) + input.real
    if not input.size:
        return jnp.log(jnp.sum(jnp.exp(input), axis=dim, keepdims=keepdim))
    top = extreme(input.real, dim, True, True)
    top = jnp.where(jnp.isinf(top), jnp.zeros((), top.dtype), top)
    result = jnp.log(jnp.sum(jnp.exp(input - top), axis=dim, keepdims=True)) + top
    return result.reshape(lessened(input.shape, dim, keepdim))


@_log_sum.defjvp
def _step_of_log_sum(dim, keepdim, arrays, steps):
    (input,), (step,) = arrays, steps
    result = _log_sum(input, dim, True)
    moved = jnp.sum(step * jnp.exp(input - result), axis=dim, keepdims=True)
    shape = lessened(input.shape, dim, keepdim)
    return result.reshape(shape), moved.reshape(shape)
