"""Rows of a table looked up by index: `embedding`, and `embedding_renorm_`, which shortens them."""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops.bounds import Bounds, indexed, outside
from jtorch._ops.names import refused
from jtorch._ops.norms import LITERAL_ORDERS, norm_of
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Index, Number
from jtorch._ops.recall import name_of_type
from jtorch._ops.standardized import widened
from jtorch._ops.tangents import tangents
from jtorch._sparse.gradients import of_lookup
from jtorch._tensor import Tensor


def require_integers(name, meta, place=1):
    """torch's refusal of indices that are not of int64 or int32."""
    if meta.dtype not in (_dtypes.int64, _dtypes.int32):
        raise RuntimeError(
            f"Expected tensor for argument #{place} 'indices' to have one of the following scalar "
            f"types: Long, Int; but got {name_of_type(meta)} instead (while checking arguments "
            f"for {name})"
        )


@functools.partial(jax.custom_jvp, nondiff_argnums=(2, 3))
def looked_up(table, index, padding, share=None):
    """The rows of a table that a vector of indices names.

    No gradient goes to the row `padding`; `share` makes of (how often each row is named, index) the
    share of each gradient that counts, where it is not all of it.
    """
    return jnp.take(table, index, 0, mode="clip")


def by_frequency(count, index):
    """The share that makes the gradients of a row their mean."""
    return 1 / jnp.take(count, index, mode="clip")


@looked_up.defjvp
def _step(padding, share, arrays, steps):
    table, index = arrays
    step = jnp.take(steps[0], index, 0, mode="clip")
    if share is not None:
        count = jnp.zeros(table.shape[0], np.int64).at[index].add(1, mode="drop")
        step = step * share(count, index)[:, None].astype(step.dtype)
    if padding >= 0:
        step = jnp.where((index == padding)[:, None], 0, step)
    return looked_up(table, index, padding, share), step


def _check(weight, indices):
    if weight.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    require_integers("embedding", indices._meta)
    if indices.numel() and not weight.shape[0]:
        raise RuntimeError("index_select(): self indexing axis dim should be positive")


def _outside(value):
    return IndexError("index out of range in self")


def _parts(weight, indices, padding_idx, scale_grad_by_freq, sparse):
    """The rows with a sparse gradient, where one is asked for; forward mode has none."""
    if not sparse or tangents.level:
        return None
    rows = embedding(weight.detach(), indices, padding_idx, scale_grad_by_freq)
    return of_lookup("EmbeddingBackward0", weight, rows, indices, padding_idx, scale_grad_by_freq)


@indexed(
    bounds=lambda weight: Bounds(0, weight.shape[0], _outside),
    index_name="indices",
    check=_check,
    gradient="EmbeddingBackward0",
    parts=_parts,
    shape=lambda weight, indices: (*indices.shape, weight.shape[1]),
    dtype=lambda weight: weight.dtype,
    variants="f",
)
def embedding(
    weight: Tensor,
    indices: Index,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
):
    """The rows of `weight` that `indices` name.

    No gradient goes to the row `padding_idx`; with `scale_grad_by_freq`, those of a row are averaged;
    with `sparse`, the gradient is a sparse tensor.

    Shape:   (n, m), (*) -> (*, m).
    Errors:  IndexError for an index outside [0, n).
    Source:  torch.embedding; `jnp.take`, whose derivative is a scattered sum.
    """
    shape = (*indices.shape, weight.shape[1])
    code = outside(indices, 0, weight.shape[0])
    if not indices.size or not weight.shape[0]:
        return jnp.zeros(shape, weight.dtype), code
    share = by_frequency if scale_grad_by_freq else None
    rows = looked_up(weight, indices.reshape(-1), padding_idx, share)
    return rows.reshape(shape), code


# Rows made shorter


def _check_renorm(input, indices):
    if input.ndim != 2:
        raise RuntimeError(
            f"Expected 2-dimensional tensor, but got {input.ndim}-dimensional tensor for argument #1 "
            "'self' (while checking arguments for embedding_renorm_)"
        )
    require_integers("embedding_renorm_", indices._meta, 2)


def _renorm_bounds(input):
    size = input.shape[0]

    def error(value):
        return IndexError(
            f"select(): index {value} out of range for tensor of size {list(input.shape)} at "
            "dimension 0"
        )

    return Bounds(-size, size, error)


@indexed(
    name="embedding_renorm",
    bounds=_renorm_bounds,
    index_name="indices",
    check=_check_renorm,
    gradient=refused("EmbeddingRenormBackward0", "embedding_renorm"),
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    literals={"norm_type": LITERAL_ORDERS},
    variants="",
)
def _embedding_renorm(input: Tensor, indices: Index, max_norm: Number, norm_type: Number):
    code = outside(indices, -input.shape[0], input.shape[0])
    index = indices.reshape(-1)
    if not index.size:
        return input, code
    rows = widened(jnp.take(input, index, 0, mode="wrap"))
    # half precision rounds the norms and the factors, too
    length = norm_of(rows, norm_type, (1,), True).astype(input.dtype).astype(rows.dtype)
    limit = jnp.asarray(max_norm, rows.dtype)
    # the small number keeps torch's result, which stays a little below the limit
    factor = (limit / (length + 1e-7)).astype(input.dtype).astype(rows.dtype)
    shorter = jnp.where(length > limit, rows * factor, rows)
    return input.at[index].set(shorter.astype(input.dtype), mode="drop"), code


@offered("(Tensor input, Tensor indices, float max_norm, float norm_type)", variants="f")
def embedding_renorm_(input, indices, max_norm, norm_type):
    """The rows that `indices` name, made no longer than `max_norm`, in place.

    Errors:  IndexError for an index that names no row.
    Source:  torch.embedding_renorm_.
    """
    require_tensors(input, indices)
    return _embedding_renorm.row.call_in_place((input, indices, max_norm, norm_type), {})
