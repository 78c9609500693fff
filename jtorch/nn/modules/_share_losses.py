"""Losses of targets that are shares, counts or distributions, as modules."""

from jtorch.nn import functional
from jtorch.nn.modules._loss_bases import _Loss, _WeightedLoss

__all__ = ["BCELoss", "BCEWithLogitsLoss", "GaussianNLLLoss", "KLDivLoss", "PoissonNLLLoss"]


class PoissonNLLLoss(_Loss):
    """How unlikely counts are whose rate, or its logarithm, the input is.

    Source:  torch.nn.PoissonNLLLoss.
    """

    __constants__ = ["log_input", "full", "eps", "reduction"]
    log_input: bool
    full: bool
    eps: float

    def __init__(
        self, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction="mean"
    ):
        super().__init__(size_average, reduce, reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, log_input, target):
        return functional.poisson_nll_loss(
            log_input,
            target,
            log_input=self.log_input,
            full=self.full,
            eps=self.eps,
            reduction=self.reduction,
        )


class GaussianNLLLoss(_Loss):
    """How unlikely the target is where means and variances are given.

    Source:  torch.nn.GaussianNLLLoss.
    """

    __constants__ = ["full", "eps", "reduction"]
    full: bool
    eps: float

    def __init__(self, *, full=False, eps=1e-6, reduction="mean"):
        super().__init__(None, None, reduction)
        self.full = full
        self.eps = eps

    def forward(self, input, target, var):
        return functional.gaussian_nll_loss(
            input, target, var, full=self.full, eps=self.eps, reduction=self.reduction
        )


class KLDivLoss(_Loss):
    """`target * (log(target) - input)`. Source: torch.nn.KLDivLoss."""

    __constants__ = ["reduction"]

    def __init__(self, size_average=None, reduce=None, reduction="mean", log_target=False):
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def forward(self, input, target):
        return functional.kl_div(
            input, target, reduction=self.reduction, log_target=self.log_target
        )


class BCELoss(_WeightedLoss):
    """How unlikely the target is if the input is the share of one of two classes.

    Attributes: weight or None.
    Source:  torch.nn.BCELoss.
    """

    __constants__ = ["reduction"]

    def forward(self, input, target):
        return functional.binary_cross_entropy(
            input, target, weight=self.weight, reduction=self.reduction
        )


class BCEWithLogitsLoss(_Loss):
    """`BCELoss` of the sigmoid, without overflow.

    Attributes: weight, pos_weight, or None.
    Source:  torch.nn.BCEWithLogitsLoss.
    """

    def __init__(
        self, weight=None, size_average=None, reduce=None, reduction="mean", pos_weight=None
    ):
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input, target):
        return functional.binary_cross_entropy_with_logits(
            input, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )
