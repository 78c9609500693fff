"""Variances and standard deviations over dims, with and without the mean."""

import warnings

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING
from jtorch._ops.along import along, count_along
from jtorch._ops.parameters import Left, Number
from jtorch._ops.reduce import terms_of, total
from jtorch._ops.signatures import Dims, overloads
from jtorch._tensor import Tensor

_OF_DIMS = "(Tensor input, tuple of ints? dim, bool unbiased = True, bool keepdim = False"
_OF_CORRECTION = (
    "(Tensor input, tuple of ints? dim = None, *, Number? correction = None, bool keepdim = False"
)
_OF_ALL = "(Tensor input, bool unbiased = True)"
_ALONE = (f"{_OF_DIMS}, *, Tensor? out = None)", f"{_OF_CORRECTION}, Tensor? out = None)", _OF_ALL)
_WITH_MEAN = (f"{_OF_DIMS})", f"{_OF_CORRECTION})", _OF_ALL)


def _moments(input, dim, correction, keepdim, dtype):
    """(variance, mean) in the dtype of computation."""
    terms = terms_of(input, dtype)
    count = count_along(input.shape, dim)
    mean = total(terms, dim, True) / count
    away = terms - mean
    # what is left of the sum is the rounding error of the mean, whose square is taken out again
    left = total(away, dim, keepdim)
    squares = total(jnp.square(jnp.abs(away)), dim, keepdim)
    real = squares.dtype
    spread = squares - jnp.square(jnp.abs(left)) / count if count else squares
    freedom = jnp.maximum(jnp.asarray(count - correction, real), 0)
    spread = jnp.maximum(spread, 0)
    return spread / freedom, mean if keepdim else mean.reshape(spread.shape)


def _check(name):
    def check(input):
        if input.dtype.category < FLOATING:
            subject = f"{name} only" if name.endswith("mean") else "std and var only"
            raise RuntimeError(f"{subject} support floating point and complex dtypes")

    return check


def _warn(name):
    def warn(input, dim, correction):
        correction = correction.value if correction.__class__ is Left else correction
        if not isinstance(correction, Tensor) and correction >= _reduced(input.shape, dim):
            warnings.warn(
                f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the "
                "reduction factor (input numel divided by output numel).",
                UserWarning,
                stacklevel=_user_level(),
            )

    return warn
