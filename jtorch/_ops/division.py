"""Quotients and remainders of integers.

The compiler for TPU takes a minute for one division of int64: it has no such instruction, and writes
out all its bits. Here float32 finds the quotient, 22 bits at a time.
"""

import numpy as np
from jax import lax
from jax import numpy as jnp


def quotient(left, right):
    """`left / right` towards 0, of arrays of one dtype and shape; anything where `right` is 0."""
    if left.dtype != np.int64:
        return lax.div(left, right)
    return lax.platform_dependent(left, right, tpu=quotient_in_parts, default=lax.div)


def remainder(left, right):
    """What `quotient` leaves, of the sign of `left`."""
    if left.dtype != np.int64:
        return lax.rem(left, right)

    def left_over(left, right):
        return left - quotient_in_parts(left, right) * right

    return lax.platform_dependent(left, right, tpu=left_over, default=lax.rem)


def quotient_in_parts(left, right):
    """`left / right` of int64, exactly, without a division of integers.

    After each part what is left is 2**22 times smaller, and its sign may be either; sums that pass
    the range of an int64 come back to it.
    """
    width = jnp.abs(right)
    scale = width.astype(np.uint64).astype(np.float32)
    size = jnp.abs(left).astype(np.uint64)
    found = (size.astype(np.float32) / scale).astype(np.uint64).astype(np.int64)
    rest = size.astype(np.int64) - found * width
    for _ in range(2):
        part = (rest.astype(np.float32) / scale).astype(np.int64)
        found, rest = found + part, rest - part * width
    # the smallest int64 has no absolute value: its quotients are 1, of itself, and 0
    least = right == np.iinfo(np.int64).min
    below = (rest < 0) & ~least
    found, rest = jnp.where(below, found - 1, found), jnp.where(below, rest + width, rest)
    found = jnp.where((rest >= width) & ~least, found + 1, found)
    found = jnp.where(least, (left == right).astype(np.int64), found)
    opposite = ((left < 0) != (right < 0)) & ~least
    return jnp.where(opposite, -found, found)
