"""Running sums, products, extremes and log-sums along a dim.

On the CPU they are loops over the dim, which XLA makes fast code of, in torch's order of operations
and with its float64 accumulators: float32 results are torch's to the bit. Elsewhere they are XLA's
parallel scans.
"""

import functools

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING, c_name
from jtorch._ops.along import (
    AlongRow,
    accumulated,
    along,
    at_places,
    require_kernel,
    same_dtype,
    scalar_type,
)
from jtorch._ops.order import is_nan, keys, pick, place_type
from jtorch._ops.rebase import refuse_in_place
from jtorch._ops.reduce import HALF, terms_of
from jtorch._ops.refusals import BAREBONES, COMPLEX_TYPES, unsupported
from jtorch._ops.signatures import Dim
from jtorch._tensor import Tensor

_WIDE = {
    np.dtype(np.float32): np.float64,
    np.dtype(np.complex64): np.complex128,
}
_UNROLLED = 8  # of a vector, a loop of single numbers; more gains nothing


def _loop(step, start, arrays, dim):
    """`step(state, elements) -> (state, results)`, from the first element along `dim` on."""
    moved = [jnp.moveaxis(each, dim, 0) for each in arrays]
    unroll = _UNROLLED if moved[0].ndim == 1 else 1
    _, results = lax.scan(step, start, moved, unroll=unroll)
    return tuple(jnp.moveaxis(each, 0, dim) for each in results)


def _accumulate(terms, dim, step, start, parallel, wide=None):
    """The running result of `step(accumulator, term)`, rounded to the dtype of the terms.

    Without `wide`, the dtype of the accumulator is torch's for the dtype of the terms.
    """
    if not terms.ndim or not terms.size:
        return terms

    def sequential(terms):
        kind = wide or _WIDE.get(terms.dtype, terms.dtype)
        shape = terms.shape[:dim] + terms.shape[dim + 1 :]

        def one(accumulator, elements):
            accumulator = step(accumulator, elements[0].astype(kind))
            return accumulator, (accumulator.astype(terms.dtype),)

        return _loop(one, jnp.full(shape, start, kind), (terms,), dim)[0]

    return lax.platform_dependent(terms, cpu=sequential, default=lambda terms: parallel(terms, dim))


def running_sum(terms, dim, wide=None):
    """The running sum along a dim, in the dtype of the terms."""
    return _accumulate(terms, dim, lax.add, 0, lax.cumsum, wide)


def _wide_for(input, dtype):
    """float32 for half precision, which is computed in it; torch does not accumulate it in more."""
    kind = input.dtype if dtype is None else dtype.numpy
    return np.float32 if kind in HALF else None


class RunningRow(AlongRow):
    """`cumsum` and `cumprod`: in place, the tensor says the dtype."""

    def call_in_place(self, args, kwargs):
        target = args[0]
        dtype = kwargs.get("dtype")
        if isinstance(target, Tensor):
            refuse_in_place(target)
            if dtype is not None and dtype is not target.dtype:
                raise RuntimeError(
                    f"Bad in-place call: input tensor dtype {c_name(target.dtype)} and output "
                    f"tensor dtype {c_name(dtype)} should match"
                )
            kwargs = {**kwargs, "dtype": target.dtype}
        return super().call_in_place(args, kwargs)


def _same_shape(input):
    return input.shape


def _check_running(kernel):
    def check(input, dtype):
        if dtype is _dtypes.bool_ and input.ndim and input.numel():
            raise unsupported(kernel, dtype)

    return check


def _running(name):
    return along(
        row=RunningRow,
        dtype=accumulated,
        shape=_same_shape,
        typed_out=True,
        cast_out=False,
        check=_check_running(f"{name}_out_cpu"),
    )


@_running("cumsum")
def cumsum(input: Tensor, dim: Dim, *, dtype: _dtypes.dtype | None = None):
    """Running sum along `dim`.

    Shape:   (*, n, *) -> the same.
    Dtype:   bool and integers become int64; `dtype` overrides, before summing.
    Errors:  IndexError if `dim` is out of range.
    Source:  torch.cumsum; lax.cumsum.
    """
    return running_sum(terms_of(input, dtype), dim, _wide_for(input, dtype))


@_running("cumprod")
def cumprod(input: Tensor, dim: Dim, *, dtype: _dtypes.dtype | None = None):
    """Running product along `dim`.

    Shape:   (*, n, *) -> the same.
    Dtype:   bool and integers become int64; `dtype` overrides, before multiplying.
    Errors:  IndexError if `dim` is out of range.
    Source:  torch.cumprod; lax.cumprod.
    """
    return _running_product(terms_of(input, dtype), dim, _wide_for(input, dtype))


@functools.partial(jax.custom_jvp, nondiff_argnums=(1, 2))
def _running_product(terms, dim, wide):
    return _accumulate(terms, dim, lax.mul, 1, lax.cumprod, wide)


@_running_product.defjvp
def _step_of_product(dim, wide, arrays, steps):
    (terms,), (step,) = arrays, steps
    # torch divides by each term
    step = step * jnp.where(jnp.isfinite(terms), 1, np.nan).astype(step.dtype)
    run = functools.partial(_accumulate, dim=dim, step=lax.mul, start=1, parallel=lax.cumprod,
                            wide=wide)  # fmt: skip
    return jax.jvp(run, (terms,), (step,))


def _check_floating(input):
    if input.dtype.category < FLOATING:
        raise unsupported("logcumsumexp_out_cpu", input.dtype)


@along(dtype=same_dtype, shape=_same_shape, variants="fmo", check=_check_floating,
       out_check=scalar_type)  # fmt: skip
def logcumsumexp(input: Tensor, dim: Dim):
    """Logarithm of the running sum of exponentials along `dim`, without overflow.

    Shape:   (*, n, *) -> the same.
    Dtype:   the input's, which must be floating or complex.
    Errors:  IndexError if `dim` is out of range; NotImplementedError for bool and integers.
    Source:  torch.logcumsumexp; jnp.logaddexp.
    """
    return _running_log_sum(terms_of(input, None), dim, _wide_for(input, None))


@functools.partial(jax.custom_jvp, nondiff_argnums=(1, 2))
def _running_log_sum(terms, dim, wide):
    return _accumulate(terms, dim, _log_add_exp, -np.inf, _parallel_log_add_exp, wide)


@_running_log_sum.defjvp
def _step_of_log_sum(dim, wide, arrays, steps):
    (terms,), (step,) = arrays, steps
    run = functools.partial(_accumulate, dim=dim, step=_log_add_exp, start=-np.inf,
                            parallel=_parallel_log_add_exp, wide=wide)  # fmt: skip
    result = run(terms)
    # torch has the difference of a term and the result, also of infinities
    spoilt = jnp.isinf(terms.real) & (terms.real == result.real)
    return jax.jvp(run, (terms,), (step * jnp.where(spoilt, np.nan, 1).astype(step.dtype),))


def _log_add_exp(a, b):
    """log(e^a + e^b), also of complex numbers, of which the one with the larger real part leads."""
    first = a.real > b.real  # of equals torch takes the second
    high, low = jnp.where(first, a, b), jnp.where(first, b, a)
    # equal infinities have no difference; there, and next to -inf, the larger one is the answer
    alone = jnp.isinf(high.real) & (high.real == low.real) | (low.real == -np.inf)
    difference = jnp.where(alone, jnp.zeros((), a.dtype), low - high)
    return jnp.where(alone, high, high + jnp.log1p(jnp.exp(difference)))


def _parallel_log_add_exp(terms, dim):
    return lax.associative_scan(_log_add_exp, terms, axis=dim)


def _check_extreme(kernel):
    def check(input):
        require_kernel(kernel, input, COMPLEX_TYPES, BAREBONES, scalar_too=False)

    return check


def _running_extreme(input, dim, largest):
    """(running extreme, its last place so far); from a NaN on, NaN and the last NaN's place."""
    if not input.ndim or not input.size:
        return input, jnp.zeros(input.shape, np.int64)

    def sequential(input):
        kind = place_type(input.shape[dim])
        places = lax.broadcasted_iota(kind, input.shape, dim)

        def one(state, elements):
            (best, at), (value, place) = state, elements
            beats = value >= best if largest else value <= best
            taken = is_nan(value) | (~is_nan(best) & beats) | (place == 0)
            state = jnp.where(taken, value, best), jnp.where(taken, place, at)
            return state, state

        first = lax.index_in_dim(input, 0, dim, keepdims=False)
        start = first, jnp.zeros(first.shape, kind)
        best, at = _loop(one, start, (input, places), dim)
        return best, at.astype(np.int64)

    def parallel(input):
        key = keys(input) if largest else jnp.where(is_nan(input), keys(input), ~keys(input))
        best = lax.cummax(key, axis=dim)
        places = lax.broadcasted_iota(np.int64, input.shape, dim)
        at = lax.cummax(jnp.where(key == best, places, np.int64(-1)), axis=dim)
        return pick(input, at, dim), at

    return lax.platform_dependent(input, cpu=sequential, default=parallel)


@along(variants="fmo", returns=("values", "indices"), check=_check_extreme("cummax_cpu"),
       out_check=scalar_type, linked=at_places)  # fmt: skip
def cummax(input: Tensor, dim: Dim):
    """The largest element so far along `dim`, and its place; of equal ones the last.

    Shape:   (*, n, *) -> twice the same.
    Dtype:   the input's, which must not be complex; places are int64.
    Errors:  IndexError if `dim` is out of range; NotImplementedError for complex numbers.
    Source:  torch.cummax; lax.cummax.
    """
    return _running_extreme(input, dim, True)


@along(variants="fmo", returns=("values", "indices"), check=_check_extreme("cummin_cpu"),
       out_check=scalar_type, linked=at_places)  # fmt: skip
def cummin(input: Tensor, dim: Dim):
    """The smallest element so far along `dim`, and its place; of equal ones the last.

    Shape:   (*, n, *) -> twice the same.
    Dtype:   the input's, which must not be complex; places are int64.
    Errors:  IndexError if `dim` is out of range; NotImplementedError for complex numbers.
    Source:  torch.cummin; lax.cummax.
    """
    return _running_extreme(input, dim, False)
