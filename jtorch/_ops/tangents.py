"""Forward mode: tensors carry tangents, and an operation's results get theirs when it is recorded.

A tangent belongs to a level: levels are nested derivatives (`jvp` of `jvp`), so that the tangents of
one are not taken for those of another. A tangent is a tensor, with a history and tangents of its own
for the other levels.
"""

import threading

from jtorch._autograd.derive import forward_of, is_differentiable
from jtorch._meta import Meta
from jtorch._tensor import Tensor, from_node, node_of


class _Tangents(threading.local):
    level = 0  # how many levels are open


tangents = _Tangents()


def tangent_of(tensor, level):
    """The tangent of a tensor at a level, or None."""
    return tensor._tangents.get(level) if tensor._tangents else None


def without(tensor, level):
    """The same tensor, with its history, but without its tangent at `level` and at later ones."""
    if not tensor._tangents:
        return tensor
    made = from_node(node_of(tensor), tensor._meta.replaced())
    made._requires_grad, made._node, made.output_nr = (
        tensor._requires_grad, tensor.grad_fn, tensor.output_nr,
    )  # fmt: skip
    made._accumulator = tensor._accumulator
    made._tangents = {at: each for at, each in tensor._tangents.items() if at < level} or None
    return made


def push(call_kernel, kernel, operands, results, device):
    """Give results of a kernel the tangents that follow from those of its operands."""
    levels = {
        level for each in operands if isinstance(each, Tensor) for level in each._tangents or ()
    }
    for level in sorted(levels):
        moving = tuple(
            i for i, each in enumerate(operands)
            if isinstance(each, Tensor) and tangent_of(each, level) is not None
            and is_differentiable(each._meta.dtype.numpy)
        )  # fmt: skip
        if not moving:
            continue
        plain = [without(each, level) if isinstance(each, Tensor) else each for each in operands]
        given = [tangent_of(operands[i], level) for i in moving]
        derivative = forward_of(kernel, moving)
        found = call_kernel(
            "ForwardBackward0",
            derivative,
            [*plain, *given],
            [Meta(each._meta.shape, each._meta.dtype, device) for each in results],
            device,
        )
        for result, tangent in zip(results, found, strict=True):
            if is_differentiable(result._meta.dtype.numpy):
                result._tangents = {**(result._tangents or {}), level: tangent}
