"""FisherSnedecor: quotients of two variances."""

from math import nan

from jtorch._alias import missing_attribute
from jtorch._info import finfo
from jtorch._ops.exponential import log, log1p
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.gamma import Gamma
from jtorch.distributions.utils import _contiguous_copy, broadcast_all

__all__ = ["FisherSnedecor"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class FisherSnedecor(Distribution):
    """(X1 / df1) / (X2 / df2), where X1 and X2 are chi-squared with df1 and df2 degrees of freedom.

    Source:  torch.distributions.FisherSnedecor.
    """

    arg_constraints = {"df1": constraints.positive, "df2": constraints.positive}
    support = constraints.positive
    has_rsample = True

    def __init__(self, df1, df2, validate_args=None):
        self.df1, self.df2 = broadcast_all(df1, df2)
        self._gamma1 = Gamma(self.df1 * 0.5, self.df1)
        self._gamma2 = Gamma(self.df2 * 0.5, self.df2)
        super().__init__(self.df1.size(), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(
            FisherSnedecor, batch_shape, _instance, "df1", "df2", "_gamma1", "_gamma2"
        )

    def _second_above(self, least):
        """df2, NaN where it is too small for a moment."""
        second = _contiguous_copy(self.df2)
        second[second <= least] = nan
        return second

    @property
    def mean(self):
        second = self._second_above(2)
        return second / (second - 2)

    @property
    def mode(self):
        mode = (self.df1 - 2) / self.df1 * self.df2 / (self.df2 + 2)
        mode[self.df1 <= 2] = nan
        return mode

    @property
    def variance(self):
        second = self._second_above(4)
        return (
            2
            * second.pow(2)
            * (self.df1 + second - 2)
            / (self.df1 * (second - 2).pow(2) * (second - 4))
        )

    def rsample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        above = self._gamma1.rsample(sample_shape).view(shape)
        below = self._gamma2.rsample(sample_shape).view(shape)
        tiny = finfo(below.dtype).tiny
        below.clamp_(min=tiny)
        return (above / below).clamp_(min=tiny)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        half1, half2 = self.df1 * 0.5, self.df2 * 0.5
        ratio = self.df1 / self.df2
        of_beta = (half1 + half2).lgamma() - half1.lgamma() - half2.lgamma()
        of_powers = half1 * ratio.log() + (half1 - 1) * log(value)
        return of_beta + of_powers - (half1 + half2) * log1p(ratio * value)
