"""Questions about tensors, which need none of their elements (but for `is_nonzero`)."""

from jtorch._ops.families import Binding, bindings
from jtorch._ops.signatures import overloads
from jtorch._tensor import Tensor


@overloads(("(Tensor input)", lambda input: input.is_floating_point()), variants="f")
def is_floating_point():
    """Whether the dtype is a floating-point one."""


@overloads(("(Tensor input)", lambda input: input.is_complex()), variants="f")
def is_complex():
    """Whether the dtype is complex."""


@overloads(("(Tensor input)", lambda input: input.is_signed()), variants="f")
def is_signed():
    """Whether the dtype has numbers below 0."""


@overloads(("(Tensor input)", lambda input: input.numel()), variants="f")
def numel():
    """The number of elements."""


@overloads(("(Tensor input)", lambda input: bool(input)))
def is_nonzero():
    """Whether the one element is other than 0; waits for it.

    Errors:  RuntimeError unless there is exactly one element.
    Source:  torch.is_nonzero.
    """


@overloads(("(Tensor input, Tensor other)", lambda input, other: input.shape == other.shape))
def is_same_size():
    """Whether both have the same shape."""


def is_tensor(obj):
    """Whether `obj` is a tensor."""
    return isinstance(obj, Tensor)


bindings.append(Binding("is_tensor", is_tensor, variants="f"))
