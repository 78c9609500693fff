"""What losses that are modules have in common."""

from jtorch.nn._reduction import legacy_get_string
from jtorch.nn.modules.module import Module


class _Loss(Module):
    """A loss, which is reduced to its mean or its sum, or not at all."""

    reduction: str

    def __init__(self, size_average=None, reduce=None, reduction="mean"):
        super().__init__()
        if size_average is not None or reduce is not None:
            reduction = legacy_get_string(size_average, reduce)
        self.reduction = reduction


class _WeightedLoss(_Loss):
    """A loss with a buffer of weights."""

    def __init__(self, weight=None, size_average=None, reduce=None, reduction="mean"):
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
