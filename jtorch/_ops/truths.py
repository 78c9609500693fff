"""Questions about all elements of a tensor, which have one answer also inside of `vmap`."""

from jtorch._ops.families import composite
from jtorch._ops.lift import batch_of, stands_for_batch
from jtorch._ops.reduce import all as all_of
from jtorch._ops.reduce import any as any_of
from jtorch._tensor import node_of


def _whole(name, input):
    """The tensor, or the batch that it stands for. Errors: RuntimeError if it is not of bool."""
    if str(input.dtype) != "torch.bool":
        raise RuntimeError(f"{name}: expected a tensor of bool, but got {input.dtype}")
    while stands_for_batch(input):
        node = node_of(input)
        level = node.trace.level
        level.settle()
        if not level.depends(node):  # it was recorded inside, and is the same for all
            break
        _, input = batch_of(input)
    return input


@composite(variants="f")
def _is_all_true(input):
    """Whether all elements are true, those of every tensor of the batch inside of `vmap`.

    Source:  torch._is_all_true.
    """
    return all_of(_whole("_is_all_true", input))


@composite(variants="f")
def _is_any_true(input):
    """Whether an element is true, one of any tensor of the batch inside of `vmap`.

    Source:  torch._is_any_true.
    """
    return any_of(_whole("_is_any_true", input))
