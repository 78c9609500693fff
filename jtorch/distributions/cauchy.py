"""Cauchy: so wide that it has no mean."""

import math
from math import inf, nan

from jtorch._alias import missing_attribute
from jtorch._ops.creation import empty, full
from jtorch._ops.trigonometry import atan, tan
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import broadcast_all

__all__ = ["Cauchy"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Cauchy(Distribution):
    """Density proportional to 1 / (1 + ((x - loc) / scale) ** 2).

    Source:  torch.distributions.Cauchy.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = broadcast_all(loc, scale)
        super().__init__(self.loc.size(), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(Cauchy, batch_shape, _instance, "loc", "scale")

    def _all(self, value):
        shape = self._extended_shape()
        return full(shape, value, dtype=self.loc.dtype, device=self.loc.device)

    @property
    def mean(self):
        return self._all(nan)

    @property
    def mode(self):
        return self.loc

    @property
    def variance(self):
        return self._all(inf)

    def rsample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        noise = empty(shape, dtype=self.loc.dtype, device=self.loc.device).cauchy_()
        return self.loc + noise * self.scale

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        distance = (value - self.loc) / self.scale
        return -math.log(math.pi) - self.scale.log() - (distance**2).log1p()

    def cdf(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return atan((value - self.loc) / self.scale) / math.pi + 0.5

    def icdf(self, value):
        return tan(math.pi * (value - 0.5)) * self.scale + self.loc

    def entropy(self):
        return math.log(4 * math.pi) + self.scale.log()
