"""Arithmetic and elementary functions, element by element."""

from jax import lax
from jax import numpy as jnp

from jtorch._ops.parameters import Number
from jtorch._ops.families import pointwise
from jtorch._ops.promotion import DEFAULT, INT_TO_FLOAT
from jtorch._tensor import Tensor


@pointwise(INT_TO_FLOAT)
def exp(input: Tensor):
    return jnp.exp(input)


@pointwise(DEFAULT, operator="add")
def add(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1):
    return input + (other if isinstance(alpha, int) else other * alpha)
