"""Memory seen as another dtype: the bits of a flat array, as elements of one dtype or of another."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import BOOL, COMPLEX, dtype, uint8


def carrier(stored: dtype, seen: dtype) -> dtype:
    """The dtype in whose elements memory of dtype `stored` is cut, for a window of dtype `seen`.

    A byte that is neither 0 nor 1 can be in memory that is seen as bools, and must survive there.
    """
    return uint8 if seen.category == BOOL and stored.category != BOOL else seen


def count(numel: int, stored: dtype, seen: dtype) -> int:
    """How many elements of dtype `seen` lie in the memory of `numel` elements of dtype `stored`."""
    return numel * stored.itemsize // seen.itemsize


def recast(flat, old: dtype, new: dtype):
    """A flat array's bits as elements of dtype `new`; bits that make no whole element are left out."""
    whole = count(flat.size, old, new) * new.itemsize // old.itemsize
    flat = flat[:whole] if whole < flat.size else flat
    return _from_plain(_between(_to_plain(flat, old), _plain(old), _plain(new)), new)


def recast_back(flat, old: dtype, before, new: dtype):
    """The inverse of `recast`: a changed flat array in its old dtype, with what was left out."""
    parts = recast(flat, old, new)
    if parts.size == before.size:
        return parts
    return jnp.concatenate([parts, before[parts.size :]])


def _plain(kind):
    """The numpy dtype of the elements that `lax` can cast the bits of."""
    return np.dtype(np.uint8) if kind.category == BOOL else kind.to_real().numpy


def _to_plain(flat, kind):
    if kind.category == COMPLEX:
        return jnp.stack([flat.real, flat.imag], axis=-1).reshape(-1)
    return flat.astype(np.uint8) if kind.category == BOOL else flat


def _from_plain(flat, kind):
    if kind.category == COMPLEX:
        pairs = flat.reshape(-1, 2)
        return lax.complex(pairs[:, 0], pairs[:, 1])
    return flat != 0 if kind.category == BOOL else flat


def _between(flat, old, new):
    if old == new:
        return flat
    if 1 < old.itemsize != new.itemsize > 1:
        # By way of bytes: XLA joins two casts in a row, and gets those of three sizes wrong.
        return _between(_between(flat, old, np.dtype(np.uint8)), np.dtype(np.uint8), new)
    ratio = new.itemsize // old.itemsize
    grouped = flat.reshape(-1, ratio) if ratio > 1 else flat
    return lax.bitcast_convert_type(grouped, new).reshape(-1)
