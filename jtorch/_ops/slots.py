"""Which inputs of operations torch's nodes have edges for, by the names of the nodes."""

from jtorch._autograd.derive import is_differentiable
from jtorch._engine.node import Aval
from jtorch._ops.evaluate import argument_places, promoted_inputs


def shown_slots(name, kernel):
    """Which inputs of a kernel torch's node has an edge for, whether gradients are wanted or not."""
    if name in _BY_ARGUMENTS:
        return argument_places(kernel, _BY_ARGUMENTS[name])
    promoted = promoted_inputs(kernel)
    slots = [
        each.__class__ is Aval and (place in promoted or is_differentiable(each.dtype))
        for place, each in enumerate(kernel.inputs)
    ]
    if name in _OF_THE_FIRST:
        slots = [shown and place < _OF_THE_FIRST[name] for place, shown in enumerate(slots)]
    if name in _WITH_NUMBERS and len(slots) > 1 and kernel.inputs[1].__class__ is str:
        slots[1] = True
    places = [place for place, shown in enumerate(slots) if shown]
    if kernel.name == "of_any":  # the second input is the result itself
        return places[:1]
    return [-1, *places] if name in _INTO_ANOTHER and len(slots) == 1 else places


# torch has an edge for each of so many arguments of these, given or not.
_BY_ARGUMENTS = {
    "ConvolutionBackward0": 3,
    "EmbeddingBagBackward0": 2,
    "NativeBatchNormBackward0": 3, "NativeDropoutBackward0": 1, "NativeGroupNormBackward0": 3,
    "NativeLayerNormBackward0": 3,
}  # fmt: skip

# torch counts what these write into as an input.
_INTO_ANOTHER = frozenset(("torch::autograd::CopyBackwards", "FillBackward3"))


# torch has no derivative of these by others than so many of the first inputs.
_OF_THE_FIRST = {
    "BinaryCrossEntropyBackward0": 2, "BinaryCrossEntropyWithLogitsBackward0": 2,
    "MultiMarginLossBackward0": 1, "NllLossBackward0": 1, "NllLoss2DBackward0": 1,
    "SoftMarginLossBackward0": 1,
}  # fmt: skip


# torch makes tensors of the second operands of these.
_WITH_NUMBERS = frozenset(("AddBackward0", "SubBackward0", "MulBackward0", "DivBackward0"))
