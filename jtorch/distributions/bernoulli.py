"""Bernoulli: 1 with a probability, else 0."""

from math import nan

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._ops.ranges import arange
from jtorch._ops.sampling import bernoulli
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions._odds import OddsWithParameter, chosen
from jtorch.distributions.exp_family import ExponentialFamily
from jtorch.distributions.utils import broadcast_all
from jtorch.nn.functional import binary_cross_entropy_with_logits

__all__ = ["Bernoulli"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Bernoulli(OddsWithParameter, ExponentialFamily):
    """1 with probability `probs` (log-odds `logits`), else 0.

    Source:  torch.distributions.Bernoulli.
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.boolean
    has_enumerate_support = True
    _mean_carrier_measure = 0

    def __init__(self, probs=None, logits=None, validate_args=None):
        name, given = chosen(probs, logits)
        (self._param,) = broadcast_all(given)
        setattr(self, name, self._param)
        super().__init__(self._param.size(), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded_odds(Bernoulli, batch_shape, _instance)

    @property
    def mean(self):
        return self.probs

    @property
    def mode(self):
        """NaN where both are as probable."""
        mode = (self.probs >= 0.5).to(self.probs)
        mode[self.probs == 0.5] = nan
        return mode

    @property
    def variance(self):
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return bernoulli(self.probs.expand(shape))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        return -binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self):
        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")

    def enumerate_support(self, expand=True):
        values = arange(2, dtype=self._param.dtype, device=self._param.device)
        values = values.view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1, *self._batch_shape)) if expand else values

    @property
    def _natural_params(self):
        return (self.probs.logit(),)

    def _log_normalizer(self, x):
        return x.exp().log1p()
