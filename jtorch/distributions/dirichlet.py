"""Dirichlet: shares that sum to one."""

from jtorch._alias import missing_attribute
from jtorch._ops.distribution_gradients import _dirichlet_grad
from jtorch._ops.sampling import _sample_dirichlet
from jtorch._ops.special import lgamma, xlogy
from jtorch.autograd import Function
from jtorch.autograd.function import once_differentiable
from jtorch.distributions import constraints
from jtorch.distributions.exp_family import ExponentialFamily
from jtorch.nn import functional as F

__all__ = ["Dirichlet"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class _Dirichlet(Function):
    """Shares of concentrations, and how they move with them."""

    @staticmethod
    def forward(ctx, concentration):
        shares = _sample_dirichlet(concentration)
        ctx.save_for_backward(shares, concentration)
        return shares

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        shares, concentration = ctx.saved_tensors
        total = concentration.sum(-1, True).expand_as(concentration)
        slopes = _dirichlet_grad(shares, concentration, total)
        return slopes * (grad_output - (shares * grad_output).sum(-1, True))


class Dirichlet(ExponentialFamily):
    """Shares along the last dim, of density proportional to prod(shares ** (concentration - 1)).

    Source:  torch.distributions.Dirichlet.
    """

    arg_constraints = {"concentration": constraints.independent(constraints.positive, 1)}
    support = constraints.simplex
    has_rsample = True

    def __init__(self, concentration, validate_args=None):
        if concentration.dim() < 1:
            raise ValueError("`concentration` parameter must be at least one-dimensional.")
        self.concentration = concentration
        shape = concentration.shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(Dirichlet, batch_shape, _instance, concentration=self._event_shape)

    def rsample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        return _Dirichlet.apply(self.concentration.expand(shape))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return (
            xlogy(self.concentration - 1.0, value).sum(-1)
            + lgamma(self.concentration.sum(-1))
            - lgamma(self.concentration).sum(-1)
        )

    @property
    def mean(self):
        return self.concentration / self.concentration.sum(-1, True)

    @property
    def mode(self):
        excess = (self.concentration - 1).clamp(min=0.0)
        mode = excess / excess.sum(-1, True)
        at_corner = (self.concentration < 1).all(dim=-1)
        corner = mode[at_corner].argmax(dim=-1)
        mode[at_corner] = F.one_hot(corner, excess.shape[-1]).to(mode)
        return mode

    @property
    def variance(self):
        total = self.concentration.sum(-1, True)
        return self.concentration * (total - self.concentration) / (total.pow(2) * (total + 1))

    def entropy(self):
        count = self.concentration.size(-1)
        total = self.concentration.sum(-1)
        return (
            self.concentration.lgamma().sum(-1)
            - total.lgamma()
            - (count - total) * total.digamma()
            - ((self.concentration - 1.0) * self.concentration.digamma()).sum(-1)
        )

    @property
    def _natural_params(self):
        return (self.concentration,)

    def _log_normalizer(self, x):
        return x.lgamma().sum(-1) - x.sum(-1).lgamma()
