"""Categorical: one of some categories."""

from math import nan

from jtorch._alias import missing_attribute
from jtorch._dtypes import int64
from jtorch._info import finfo
from jtorch._ops.creation import full
from jtorch._ops.join import broadcast_tensors
from jtorch._ops.ranges import arange
from jtorch._ops.sampling import multinomial
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions._odds import OddsWithParameter, chosen
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import lazy_property, logits_to_probs, probs_to_logits

__all__ = ["Categorical"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Categorical(OddsWithParameter, Distribution):
    """The number of a category, with weights `probs` along the last dim (logarithms: `logits`).

    Both are normalized. Mean and variance are NaN: categories have none.

    Source:  torch.distributions.Categorical.
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    has_enumerate_support = True

    def __init__(self, probs=None, logits=None, validate_args=None):
        name, given = chosen(probs, logits)
        if given.dim() < 1:
            raise ValueError(f"`{name}` parameter must be at least one-dimensional.")
        if name == "probs":
            self._param = given / given.sum(-1, keepdim=True)
        else:
            self._param = given - given.logsumexp(dim=-1, keepdim=True)
        setattr(self, name, self._param)
        self._num_events = self._param.size()[-1]
        super().__init__(self._param.size()[:-1], validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded_odds(
            Categorical, batch_shape, _instance, kept=("_num_events",), dims=(self._num_events,)
        )

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self):
        return constraints.integer_interval(0, self._num_events - 1)

    @lazy_property
    def logits(self):
        """Logarithms of the probabilities."""
        return probs_to_logits(self.probs)

    @lazy_property
    def probs(self):
        """The probabilities, which sum to one."""
        return logits_to_probs(self.logits)

    def _nans(self):
        probs = self.probs
        return full(self._extended_shape(), nan, dtype=probs.dtype, device=probs.device)

    @property
    def mean(self):
        return self._nans()

    @property
    def mode(self):
        return self.probs.argmax(dim=-1)

    @property
    def variance(self):
        return self._nans()

    def sample(self, sample_shape=Size()):  # noqa: B008
        sample_shape = Size(sample_shape)
        rows = self.probs.reshape(-1, self._num_events)
        drawn = multinomial(rows, sample_shape.numel(), True).T
        return drawn.reshape(self._extended_shape(sample_shape))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        value, logits = broadcast_tensors(value.long().unsqueeze(-1), self.logits)
        return logits.gather(-1, value[..., :1]).squeeze(-1)

    def entropy(self):
        # the logarithm of 0 times 0 is 0
        logits = self.logits.clamp(min=finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def enumerate_support(self, expand=True):
        values = arange(self._num_events, dtype=int64, device=self._param.device)
        values = values.view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1, *self._batch_shape)) if expand else values
