"""Binomial: how many of some trials succeed."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._ops.ranges import arange
from jtorch._ops.sampling import binomial
from jtorch._ops.special import lgamma
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions._odds import OddsWithParameter, chosen
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import broadcast_all

__all__ = ["Binomial"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _positive_part(x):
    # clamp's slope at 0 is 1; this has 1/2 there, as the logarithm it is part of
    return (x.clamp(min=0) + x - x.clamp(max=0)) / 2


class Binomial(OddsWithParameter, Distribution):
    """The number of successes in `total_count` trials of probability `probs`.

    Errors:  NotImplementedError for the entropy and the support of different counts.
    Source:  torch.distributions.Binomial.
    """

    arg_constraints = {
        "total_count": constraints.nonnegative_integer,
        "probs": constraints.unit_interval,
        "logits": constraints.real,
    }
    has_enumerate_support = True

    def __init__(self, total_count=1, probs=None, logits=None, validate_args=None):
        name, given = chosen(probs, logits)
        total_count, self._param = broadcast_all(total_count, given)
        self.total_count = total_count.type_as(self._param)
        setattr(self, name, self._param)
        super().__init__(self._param.size(), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded_odds(Binomial, batch_shape, _instance, "total_count")

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self):
        return constraints.integer_interval(0, self.total_count)

    @property
    def mean(self):
        return self.total_count * self.probs

    @property
    def mode(self):
        return ((self.total_count + 1) * self.probs).floor().clamp(max=self.total_count)

    @property
    def variance(self):
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return binomial(self.total_count.expand(shape), self.probs.expand(shape))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        of_all = lgamma(self.total_count + 1)
        of_successes = lgamma(value + 1)
        of_failures = lgamma(self.total_count - value + 1)
        # total_count * log(1 + exp(logits)), without overflow
        normalizer = (
            self.total_count * _positive_part(self.logits)
            + self.total_count * (-self.logits.abs()).exp().log1p()
            - of_all
        )
        return value * self.logits - of_successes - of_failures - normalizer

    def _one_count(self, asker):
        count = int(self.total_count.max())
        if not self.total_count.min() == count:
            raise NotImplementedError(f"Inhomogeneous total count not supported by `{asker}`.")
        return count

    def entropy(self):
        self._one_count("entropy")
        log_prob = self.log_prob(self.enumerate_support(False))
        return -(log_prob.exp() * log_prob).sum(0)

    def enumerate_support(self, expand=True):
        count = self._one_count("enumerate_support")
        values = arange(1 + count, dtype=self._param.dtype, device=self._param.device)
        values = values.view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1, *self._batch_shape)) if expand else values
