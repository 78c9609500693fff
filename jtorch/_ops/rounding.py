"""Rounding to whole numbers and to decimals, element by element."""

from jax import numpy as jnp

from jtorch._ops.offered import offered
from jtorch._ops.pointwise import SameOutRow, pointwise
from jtorch._ops.promotion import NO_OPMATH
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    refuses,
    require,
)
from jtorch._tensor import Tensor

_UNROUNDABLE = frozenset((*BOOL_TYPES, *FLOAT8_TYPES))
_NOT_GIVEN = "not given"  # other than 0 it says nothing of dtypes
_NO_DECIMALS = _UNROUNDABLE.union(INTEGER_TYPES, COMPLEX_TYPES)


def _check(name):
    def check(input):
        if input.dtype in COMPLEX_TYPES:
            raise NotImplementedError(f"{name} is not supported for complex inputs")
        require(f"{name}_vml_cpu", _UNROUNDABLE, input)

    return check


def _whole(input):
    return not jnp.issubdtype(input.dtype, jnp.inexact)


@pointwise(NO_OPMATH, row=SameOutRow, check=_check("ceil"))
def ceil(input: Tensor):
    """The smallest whole number not below each element."""
    return input if _whole(input) else jnp.ceil(input)


@pointwise(NO_OPMATH, row=SameOutRow, check=_check("floor"))
def floor(input: Tensor):
    """The largest whole number not above each element."""
    return input if _whole(input) else jnp.floor(input)


@pointwise(NO_OPMATH, row=SameOutRow, aliases=("fix",), check=_check("trunc"))
def trunc(input: Tensor):
    """The elements without their fractional parts."""
    return input if _whole(input) else jnp.trunc(input)


_NO_FRACTION = (BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)


@pointwise(NO_OPMATH, row=SameOutRow, check=refuses("frac_cpu", *_NO_FRACTION))
def frac(input: Tensor):
    """The fractional parts, with the sign of the elements."""
    return input - jnp.trunc(input)


def _check_round(input, decimals):
    if decimals is _NOT_GIVEN:
        require("round_vml_cpu", _UNROUNDABLE.union(COMPLEX_TYPES), input)
    elif isinstance(decimals, int) and decimals.__class__ is not bool:
        require("round_cpu" if decimals else "round_vml_cpu", _NO_DECIMALS, input)
    else:
        raise TypeError("decimals is an int")


def _name_of_round(args, kwargs):
    return "RoundBackward1" if "decimals" in kwargs else "RoundBackward0"


@pointwise(NO_OPMATH, row=SameOutRow, check=_check_round, gradient=_name_of_round, overloads=(
    "(Tensor input, *, Tensor? out = None)",
    "(Tensor input, *, int decimals, Tensor? out = None)",
))  # fmt: skip
def round(input: Tensor, *, decimals: int | str = _NOT_GIVEN):
    """The nearest whole number, or multiple of 10**-decimals; of two, the even one.

    Errors:  NotImplementedError for integers with `decimals`, if it is 0, too.
    Source:  torch.round.
    """
    if _whole(input):
        return input
    if decimals in (0, _NOT_GIVEN):
        return jnp.round(input)
    scale = jnp.asarray(10.0 ** abs(decimals), input.dtype)
    if decimals > 0:
        return jnp.round(input * scale) / scale
    return jnp.round(input / scale) * scale


@offered("(Tensor input, *, int decimals = 0, Tensor? out = None)")
def special_round(input, *, decimals=0, out=None):
    """`round`, to a number of decimals that is given even if it is 0.

    Source:  torch.special.round.
    """
    return round(input, decimals=decimals, out=out)
