"""GeneralizedPareto: tails of other distributions."""

from math import inf, nan

from jtorch._alias import missing_attribute
from jtorch._ops.comparison import isclose
from jtorch._ops.creation import ones_like, zeros_like
from jtorch._ops.exponential import exp, log1p
from jtorch._ops.filling import where
from jtorch._ops.from_data import tensor
from jtorch._ops.random import rand
from jtorch._ops.view import broadcast_to
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import broadcast_all

__all__ = ["GeneralizedPareto"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class GeneralizedPareto(Distribution):
    """1 - cdf(x) = (1 + concentration * z) ** (-1 / concentration), where z = (x - loc) / scale.

    Where the concentration is 0 it is exp(-z).

    Source:  torch.distributions.GeneralizedPareto.
    """

    arg_constraints = {
        "loc": constraints.real,
        "scale": constraints.positive,
        "concentration": constraints.real,
    }
    has_rsample = True

    def __init__(self, loc, scale, concentration, validate_args=None):
        self.loc, self.scale, self.concentration = broadcast_all(loc, scale, concentration)
        super().__init__(self.loc.size(), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(
            GeneralizedPareto, batch_shape, _instance, "loc", "scale", "concentration"
        )

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self):
        end = self.loc - self.scale / self.concentration
        return constraints.interval(self.loc, where(self.concentration < 0, end, inf))

    def rsample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        return self.icdf(rand(shape, dtype=self.loc.dtype, device=self.loc.device))

    def _z(self, x):
        return (x - self.loc) / self.scale

    def _nonzero(self, zero):
        """Where the concentration is 0, and the concentration with 1 there."""
        is_zero = isclose(self.concentration, zero)
        return is_zero, where(is_zero, ones_like(self.concentration), self.concentration)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        z = self._z(value)
        is_zero, concentration = self._nonzero(tensor(0.0))
        power = 1 / concentration + ones_like(z)
        nonzero = where(power == 0, power, power * log1p(concentration * z))
        return -self.scale.log() - where(is_zero, z, nonzero)

    def log_survival_function(self, value):
        """log(1 - cdf(value))."""
        if self._validate_args:
            self._validate_sample(value)
        z = self._z(value)
        is_zero, concentration = self._nonzero(tensor(0.0))
        return where(is_zero, -z, -log1p(concentration * z) / concentration)

    def log_cdf(self, value):
        """log(cdf(value))."""
        return log1p(-exp(self.log_survival_function(value)))

    def cdf(self, value):
        return exp(self.log_cdf(value))

    def icdf(self, value):
        is_zero, concentration = self._nonzero(zeros_like(self.concentration))
        log_survival = log1p(-value)
        nonzero = self.loc + self.scale / concentration * (-concentration * log_survival).expm1()
        return where(is_zero, self.loc - self.scale * log_survival, nonzero)

    @property
    def mean(self):
        """NaN where there is none."""
        exists = self.concentration < 1
        concentration = where(exists, self.concentration, 0.5)
        return where(exists, self.loc + self.scale / (1 - concentration), nan)

    @property
    def variance(self):
        """NaN where there is none."""
        exists = self.concentration < 0.5
        concentration = where(exists, self.concentration, 0.25)
        variance = self.scale**2 / ((1 - concentration) ** 2 * (1 - 2 * concentration))
        return where(exists, variance, nan)

    def entropy(self):
        return broadcast_to(self.scale.log() + self.concentration + 1, self._batch_shape)

    @property
    def mode(self):
        return self.loc
