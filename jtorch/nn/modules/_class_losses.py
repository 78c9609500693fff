"""Losses of classifiers, as modules."""

import warnings

from jtorch.nn import functional
from jtorch.nn.modules._loss_bases import _Loss, _WeightedLoss

__all__ = ["CTCLoss", "CrossEntropyLoss", "NLLLoss", "NLLLoss2d"]


class NLLLoss(_WeightedLoss):
    """Minus the log-probabilities of classes.

    Shape:   (C), () or (N, C, ...), (N, ...) -> (), or for reduction "none" that of the target.
    Attributes: weight (C) or None.
    Source:  torch.nn.NLLLoss.
    """

    __constants__ = ["ignore_index", "reduction"]
    ignore_index: int

    def __init__(
        self, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean"
    ):
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def forward(self, input, target):
        return functional.nll_loss(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
        )


_DEPRECATED = (
    "`NLLLoss2d` has been deprecated. Please use `NLLLoss` instead as a drop-in replacement and see "
    "https://pytorch.org/docs/main/nn.html#torch.nn.NLLLoss for more details."
)


class NLLLoss2d(NLLLoss):
    """`NLLLoss`. Source: torch.nn.NLLLoss2d."""

    __deprecated__ = _DEPRECATED

    def __new__(cls, *args, **kwargs):
        if cls is NLLLoss2d:
            warnings.warn(_DEPRECATED, FutureWarning, stacklevel=2)
        return super().__new__(cls)


class CrossEntropyLoss(_WeightedLoss):
    """`NLLLoss` of `log_softmax`; the target may be shares of classes, too.

    Shape:   (C), () or (N, C, ...), (N, ...), or two of one shape -> (), or (N, ...).
    Attributes: weight (C) or None.
    Source:  torch.nn.CrossEntropyLoss.
    """

    __constants__ = ["ignore_index", "reduction", "label_smoothing"]
    ignore_index: int
    label_smoothing: float

    def __init__(
        self, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean",
        label_smoothing=0.0,
    ):  # fmt: skip
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input, target):
        return functional.cross_entropy(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class CTCLoss(_Loss):
    """Minus the logarithm of how likely sequences of labels are, wherever in time each of them is.

    Source:  torch.nn.CTCLoss.
    """

    __constants__ = ["blank", "reduction"]
    blank: int
    zero_infinity: bool

    def __init__(self, blank=0, reduction="mean", zero_infinity=False):
        super().__init__(reduction=reduction)
        self.blank = blank
        self.zero_infinity = zero_infinity

    def forward(self, log_probs, targets, input_lengths, target_lengths):
        return functional.ctc_loss(
            log_probs,
            targets,
            input_lengths,
            target_lengths,
            self.blank,
            self.reduction,
            self.zero_infinity,
        )
