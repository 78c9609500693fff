"""Variances and standard deviations over dims, with and without the mean."""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._messages import warn_user
from jtorch._ops.along import along, count_along
from jtorch._ops.parameters import Number
from jtorch._ops.reduce import terms_of, total
from jtorch._ops.signatures import Dims, overloads
from jtorch._ops.slopes import but, sloped
from jtorch._ops.writing import refuse_cast
from jtorch._tensor import Tensor

_OF_DIMS = "(Tensor input, tuple of ints? dim, bool unbiased = True, bool keepdim = False"
_OF_CORRECTION = (
    "(Tensor input, tuple of ints? dim = None, *, Number? correction = None, bool keepdim = False"
)
_OF_ALL = "(Tensor input, bool unbiased = True)"
_ALONE = (f"{_OF_DIMS}, *, Tensor? out = None)", f"{_OF_CORRECTION}, Tensor? out = None)", _OF_ALL)
_WITH_MEAN = (f"{_OF_DIMS})", f"{_OF_CORRECTION})", _OF_ALL)


def _moments(input, dim, correction, keepdim, dtype):
    """(variance, mean) in the dtype they are computed in."""
    terms = terms_of(input, dtype)
    count = count_along(input.shape, dim)
    mean = total(terms, dim, keepdim) / count
    # torch's running mean does not come back from an infinity
    mean = jnp.where(jnp.isinf(jnp.abs(mean)) & (count > 1), jnp.array(np.nan, mean.dtype), mean)
    return _variance(terms, correction, dim, keepdim), mean


@functools.partial(jax.custom_jvp, nondiff_argnums=(2, 3))
def _variance(terms, correction, dim, keepdim):
    count = count_along(terms.shape, dim)
    mean = total(terms, dim, True) / count
    away = terms - mean
    # What is left of the sum is the mean's rounding error; its square is taken out again.
    left = jnp.abs(total(away, dim, keepdim))
    spread = total(jnp.square(jnp.abs(away)), dim, keepdim)
    if count:
        spread = spread - jnp.square(left) / count
        spread = jnp.where(spread < 0, jnp.zeros((), spread.dtype), spread)
    return spread / jnp.maximum(jnp.asarray(count - correction, spread.dtype), 0)


@_variance.defjvp
def _step_of_variance(dim, keepdim, arrays, steps):
    terms, correction = arrays
    result = _variance(terms, correction, dim, keepdim)
    count = count_along(terms.shape, dim)
    freedom = jnp.asarray(count - correction, result.dtype)
    away = terms - total(terms, dim, True) / count
    slope = away * (2 / freedom)
    if dim is None:  # without degrees of freedom torch has other conventions for the whole
        slope = jnp.where(freedom > 0, slope, jnp.where(away == 0, np.nan, np.inf))
    moved = (steps[0] * jnp.conj(slope).astype(terms.dtype)).real
    return result, total(moved, dim, keepdim)


@sloped(lambda t, variance, result: but(result == 0, t, 0.5 / result))
def _root(variance):
    return jnp.sqrt(variance)


def _check(subject):
    def check(input):
        if input.dtype.category < FLOATING:
            raise RuntimeError(f"{subject} only support floating point and complex dtypes")

    return check


def _real_dtype(input, dtype):
    return (dtype or input.dtype).to_real()


def _fields(name):
    """What the row of one function has in common with the other three."""
    return {
        "name": f"{name}.correction",
        "gradient": f"{name.title().replace('_', '')}Backward0",
        "variants": "o",
        "check": _check(name if name.endswith("_mean") else "std and var"),
        "literals": {"correction": (0, 1)},
        "cast_out": False,
    }


@along(dtype=_real_dtype, **_fields("var"))
def _var(input: Tensor, dim: Dims | None = None, correction: Number = 1, keepdim: bool = False, *,
         dtype: _dtypes.dtype | None = None):  # fmt: skip
    return _moments(input, dim, correction, keepdim, dtype)[0]


@along(dtype=_real_dtype, **_fields("std"))
def _std(input: Tensor, dim: Dims | None = None, correction: Number = 1, keepdim: bool = False, *,
         dtype: _dtypes.dtype | None = None):  # fmt: skip
    return _root(_moments(input, dim, correction, keepdim, dtype)[0])


@along(**_fields("var_mean"))
def _var_mean(
    input: Tensor, dim: Dims | None = None, correction: Number = 1, keepdim: bool = False
):
    variance, mean = _moments(input, dim, correction, keepdim, None)
    return variance.astype(_real(input)), mean.astype(input.dtype)


@along(**_fields("std_mean"))
def _std_mean(
    input: Tensor, dim: Dims | None = None, correction: Number = 1, keepdim: bool = False
):
    variance, mean = _moments(input, dim, correction, keepdim, None)
    return _root(variance).astype(_real(input)), mean.astype(input.dtype)


def _real(array):
    return np.zeros(0, array.dtype).real.dtype if array.dtype.kind == "c" else array.dtype


def _overloads_of(row, signatures):
    """The three ways to call a function, and its row in terms of each."""
    name = row.row.name.partition(".")[0]

    def of_correction(input, dim=None, *, correction=None, keepdim=False, out=None):
        correction = 1 if correction is None else correction
        if out is None:
            result = row(input, dim, correction, keepdim)
        else:  # torch computes in the dtype of `out`
            refuse_cast(input.dtype.to_real(), out.dtype)
            dtype = out.dtype.to_complex() if input.dtype.category == COMPLEX else out.dtype
            result = row(input, dim, correction, keepdim, dtype=dtype, out=out)
        count = (result[0] if result.__class__ is tuple else result)._meta.numel
        if not isinstance(correction, Tensor) and correction >= input._meta.numel // (count or 1):
            warn_user(
                f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than "
                "the reduction factor (input numel divided by output numel)."
            )
        return result

    def of_dims(input, dim, unbiased=True, keepdim=False, *, out=None):
        return of_correction(input, dim, correction=int(unbiased), keepdim=keepdim, out=out)

    def of_all(input, unbiased=True):
        return row(input, None, int(unbiased))

    return zip(signatures, (of_dims, of_correction, of_all), strict=True)


@overloads(*_overloads_of(_var, _ALONE))
def var():
    """Variance over `dim`, with `correction` (1) taken off the count; `unbiased=False`: with 0.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must be floating or complex; of complex numbers the real one.
    Errors:  RuntimeError for bool and integers; warns where the count is no more than `correction`.
    Source:  torch.var; jnp.sum.
    """


@overloads(*_overloads_of(_std, _ALONE))
def std():
    """Standard deviation over `dim`: the square root of `var`.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must be floating or complex; of complex numbers the real one.
    Errors:  RuntimeError for bool and integers; warns where the count is no more than `correction`.
    Source:  torch.std; jnp.sum.
    """


@overloads(*_overloads_of(_var_mean, _WITH_MEAN), variants="f")
def var_mean():
    """(`var`, `mean`) over `dim`.

    Source:  torch.var_mean.
    """


@overloads(*_overloads_of(_std_mean, _WITH_MEAN), variants="f")
def std_mean():
    """(`std`, `mean`) over `dim`.

    Source:  torch.std_mean.
    """
