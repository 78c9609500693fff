"""Cross entropy of a linear map's output, of which only some rows are there at a time."""

import math

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._ops.bounds import indexed, outside
from jtorch._ops.class_losses import ClassBounds, at_classes
from jtorch._ops.losses import MEAN, NONE
from jtorch._ops.parameters import Index
from jtorch._ops.product import HALF
from jtorch._tensor import Tensor

_NODE = "GeneratedBackwardFor_torch_nn__linear_cross_entropy_batch_chunked_{}defaultBackward"


def _bounds(linear_weight, ignore_index):
    count = linear_weight.shape[0]

    def error(value):
        return RuntimeError(f"index {value} is out of bounds for dimension 1 with size {count}")

    return ClassBounds(0, count, error, ignore_index)


def _node_name(args, kwargs):
    return _NODE.format("no_reduction_" if args[5] == NONE else "")


@indexed(
    name="linear_cross_entropy.chunked",
    variants="",
    gradient=_node_name,
    bounds=_bounds,
    index_name="target",
    shape=lambda target, reduction: target.shape if reduction == NONE else (),
    dtype=lambda input: input.dtype,
)
def chunked_cross_entropy(
    input: Tensor, linear_weight: Tensor, target: Index, linear_bias: Tensor | None,
    weight: Index | None, reduction: int, ignore_index: int, rows_at_once: int,
):  # fmt: skip
    """Cross entropy of `linear(...)`, which is computed again for the gradient.

    Source:  torch.nn.functional.linear_cross_entropy with options.
    """
    wide = np.float32 if input.dtype in HALF else input.dtype
    count, classes = target.shape[0], linear_weight.shape[0]
    counts = target != ignore_index
    code = outside(jnp.where(counts, target, 0), 0, classes)
    chunks = max(math.ceil(count / rows_at_once), 1)
    extra = chunks * rows_at_once - count
    rows = jnp.pad(input, ((0, extra), (0, 0))).reshape(chunks, rows_at_once, -1)
    goals = jnp.pad(target, (0, extra), constant_values=ignore_index)

    @jax.checkpoint
    def losses_of(given):
        some, goal = given
        logits = jnp.matmul(some, linear_weight.T, preferred_element_type=wide)
        if linear_bias is not None:
            logits = logits + linear_bias.astype(wide)
        used = goal != ignore_index
        goal = jnp.where(used, goal, 0)
        scale = jnp.ones(goal.shape, wide)
        if weight is not None:
            scale = jnp.take(weight.astype(wide), goal, mode="clip")
        scale = jnp.where(used, scale, 0)
        found = at_classes(jax.nn.log_softmax(logits, 1), goal)
        return jnp.where(used, -found * scale, 0), scale

    losses, scales = lax.map(losses_of, (rows, goals.reshape(chunks, rows_at_once)))
    if reduction == NONE:
        return losses.reshape(-1)[:count].astype(input.dtype), code
    total = jnp.sum(losses)
    total = total / jnp.sum(scales) if reduction == MEAN else total
    return total.astype(input.dtype), code
