"""InverseGamma: reciprocals of gamma numbers."""

from math import inf

from jtorch._alias import missing_attribute
from jtorch._ops.filling import where
from jtorch.distributions import constraints
from jtorch.distributions.gamma import Gamma
from jtorch.distributions.transformed_distribution import TransformedDistribution
from jtorch.distributions.transforms import PowerTransform

__all__ = ["InverseGamma"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class InverseGamma(TransformedDistribution):
    """1 / X, where X is a gamma number.

    Source:  torch.distributions.InverseGamma.
    """

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    support = constraints.positive
    has_rsample = True

    def __init__(self, concentration, rate, validate_args=None):
        base_dist = Gamma(concentration, rate, validate_args=validate_args)
        exponent = -base_dist.rate.new_ones(())
        super().__init__(base_dist, PowerTransform(exponent), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        new = self._get_checked_instance(InverseGamma, _instance)
        return super().expand(batch_shape, _instance=new)

    @property
    def concentration(self):
        """That of X."""
        return self.base_dist.concentration

    @property
    def rate(self):
        """That of X."""
        return self.base_dist.rate

    @property
    def mean(self):
        mean = self.rate / (self.concentration - 1)
        return where(self.concentration > 1, mean, inf)

    @property
    def mode(self):
        return self.rate / (self.concentration + 1)

    @property
    def variance(self):
        variance = self.rate.square() / (
            (self.concentration - 1).square() * (self.concentration - 2)
        )
        return where(self.concentration > 2, variance, inf)

    def entropy(self):
        return (
            self.concentration
            + self.rate.log()
            + self.concentration.lgamma()
            - (1 + self.concentration) * self.concentration.digamma()
        )
