"""Derivatives that a body states itself, where PyTorch's convention is not what JAX derives.

That is so at kinks, ties, poles and infinities, and where a body gets its values by ways that have
no derivative. A rule is differentiable JAX, so every order of derivative follows PyTorch's formula.
"""

import functools
import operator

import jax
from jax import numpy as jnp
from jax.custom_derivatives import SymbolicZero


def sloped(*rules):
    """Give a function of arrays its derivatives: a rule for each argument, None where it has none.

    A rule gets a tangent, the arguments and the result, and is linear in the tangent; where the
    result is real and the arguments are not, it gives the real part.
    """

    def decorate(function):
        value = jax.custom_jvp(function)

        def push(primals, tangents):
            result = value(*primals)
            moved = [
                rule(tangent, *primals, result)
                for rule, tangent in zip(rules, tangents, strict=True)
                if rule is not None and not isinstance(tangent, SymbolicZero)
            ]
            if not moved:
                return result, jnp.zeros_like(result)
            total = functools.reduce(operator.add, moved)
            return result, jnp.broadcast_to(total, result.shape).astype(result.dtype)

        value.defjvp(push, symbolic_zeros=True)

        @functools.wraps(function)
        def differentiable(*arrays, **named):
            return value(*arrays, **named)

        return differentiable

    return decorate


def flat(tangent, x, *_):
    """The rule of what is constant but for its steps: torch's derivative is there, and is 0.

    It is written as depending on the tangent; a derivative that does not would be None.
    """
    never = (x == x) & (x != x)
    return jnp.where(never, tangent, 0)


@sloped(flat)
def sign_of(x):
    """-1, 0 or 1 for a real number; 0 for NaN."""
    return (x > 0).astype(x.dtype) - (x < 0).astype(x.dtype)


def but(where, tangent, slope):
    """`tangent * slope`, but 0 at some places, even if one of them is infinite or NaN there."""
    return jnp.where(where, 0, tangent) * jnp.where(where, 0, slope)
