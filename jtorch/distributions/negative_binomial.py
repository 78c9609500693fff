"""NegativeBinomial: successes before some failures."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._ops.sampling import poisson
from jtorch._ops.special import lgamma
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions._odds import OddsWithParameter, chosen
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.gamma import Gamma
from jtorch.distributions.utils import broadcast_all, lazy_property
from jtorch.nn import functional as F

__all__ = ["NegativeBinomial"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class NegativeBinomial(OddsWithParameter, Distribution):
    """The number of successes, of probability `probs`, before `total_count` failures.

    Source:  torch.distributions.NegativeBinomial.
    """

    arg_constraints = {
        "total_count": constraints.greater_than_eq(0),
        "probs": constraints.half_open_interval(0.0, 1.0),
        "logits": constraints.real,
    }
    support = constraints.nonnegative_integer

    def __init__(self, total_count, probs=None, logits=None, validate_args=None):
        name, given = chosen(probs, logits)
        total_count, self._param = broadcast_all(total_count, given)
        self.total_count = total_count.type_as(self._param)
        setattr(self, name, self._param)
        super().__init__(self._param.size(), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded_odds(NegativeBinomial, batch_shape, _instance, "total_count")

    @property
    def mean(self):
        return self.total_count * self.logits.exp()

    @property
    def mode(self):
        return ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0.0)

    @property
    def variance(self):
        return self.mean / (-self.logits).sigmoid()

    @lazy_property
    def _gamma(self):
        # The counts are Poisson's, of rates that are gamma numbers.
        return Gamma(concentration=self.total_count, rate=(-self.logits).exp(), validate_args=False)

    def sample(self, sample_shape=Size()):  # noqa: B008
        with no_grad():
            return poisson(self._gamma.sample(sample_shape=sample_shape))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        unnormalized = self.total_count * F.logsigmoid(-self.logits) + value * F.logsigmoid(
            self.logits
        )
        normalizer = (
            -lgamma(self.total_count + value) + lgamma(1.0 + value) + lgamma(self.total_count)
        )
        # No failures and no successes are certain; the gamma function is infinite there.
        normalizer = normalizer.masked_fill(self.total_count + value == 0.0, 0.0)
        return unnormalized - normalizer
