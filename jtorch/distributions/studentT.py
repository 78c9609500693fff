"""StudentT: means of few normal numbers, by their own deviation."""

import math
from math import inf, nan

from jtorch._alias import missing_attribute
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions.chi2 import Chi2
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import _contiguous_copy, _standard_normal, broadcast_all

__all__ = ["StudentT"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class StudentT(Distribution):
    """loc + scale * X / sqrt(Z / df), where X is normal and Z chi-squared.

    Source:  torch.distributions.StudentT.
    """

    arg_constraints = {
        "df": constraints.positive,
        "loc": constraints.real,
        "scale": constraints.positive,
    }
    support = constraints.real
    has_rsample = True

    def __init__(self, df, loc=0.0, scale=1.0, validate_args=None):
        self.df, self.loc, self.scale = broadcast_all(df, loc, scale)
        self._chi2 = Chi2(self.df)
        super().__init__(self.df.size(), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(StudentT, batch_shape, _instance, "df", "loc", "scale", "_chi2")

    @property
    def mean(self):
        mean = _contiguous_copy(self.loc)
        mean[self.df <= 1] = nan
        return mean

    @property
    def mode(self):
        return self.loc

    @property
    def variance(self):
        variance = _contiguous_copy(self.df)
        is_finite = self.df > 2
        freedom = self.df[is_finite]
        variance[is_finite] = self.scale[is_finite].pow(2) * freedom / (freedom - 2)
        variance[(self.df <= 2) & (self.df > 1)] = inf
        variance[self.df <= 1] = nan
        return variance

    def rsample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        noise = _standard_normal(shape, dtype=self.df.dtype, device=self.df.device)
        square = self._chi2.rsample(sample_shape)
        return self.loc + self.scale * (noise * (square / self.df).rsqrt())

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        distance = (value - self.loc) / self.scale
        normalizer = (
            self.scale.log()
            + 0.5 * self.df.log()
            + 0.5 * math.log(math.pi)
            + (0.5 * self.df).lgamma()
            - (0.5 * (self.df + 1.0)).lgamma()
        )
        return -0.5 * (self.df + 1.0) * (distance**2.0 / self.df).log1p() - normalizer

    def entropy(self):
        half = 0.5 * (self.df + 1)
        log_beta = (0.5 * self.df).lgamma() + math.lgamma(0.5) - half.lgamma()
        return (
            self.scale.log()
            + half * (half.digamma() - (0.5 * self.df).digamma())
            + 0.5 * self.df.log()
            + log_beta
        )
