"""Multinomial: how often each category comes."""

from math import inf

from jtorch._alias import missing_attribute
from jtorch._ops.creation import ones_like
from jtorch._ops.from_data import tensor
from jtorch._ops.special import lgamma
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions.binomial import Binomial
from jtorch.distributions.categorical import Categorical
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import _contiguous_copy, broadcast_all

__all__ = ["Multinomial"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Multinomial(Distribution):
    """Counts of categories in `total_count` draws, of weights `probs` (logarithms: `logits`).

    Errors:  NotImplementedError for a count that is no integer.
    Source:  torch.distributions.Multinomial.
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}

    def __init__(self, total_count=1, probs=None, logits=None, validate_args=None):
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count = total_count
        self._categorical = Categorical(probs=probs, logits=logits)
        self._binomial = Binomial(total_count=total_count, probs=self.probs)
        super().__init__(
            self._categorical.batch_shape,
            self._categorical.param_shape[-1:],
            validate_args=validate_args,
        )

    def expand(self, batch_shape, _instance=None):
        return self._expanded(
            Multinomial, batch_shape, _instance, "_categorical", kept=("total_count",)
        )

    def _new(self, *args, **kwargs):
        return self._categorical._new(*args, **kwargs)

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self):
        return constraints.multinomial(self.total_count)

    @property
    def mean(self):
        return self.probs * self.total_count

    @property
    def variance(self):
        return self.total_count * self.probs * (1 - self.probs)

    @property
    def logits(self):
        """Logarithms of the probabilities."""
        return self._categorical.logits

    @property
    def probs(self):
        """The probabilities."""
        return self._categorical.probs

    @property
    def param_shape(self):
        """The shape of the parameter that was given."""
        return self._categorical.param_shape

    def sample(self, sample_shape=Size()):  # noqa: B008
        sample_shape = Size(sample_shape)
        drawn = self._categorical.sample(Size((self.total_count,)) + sample_shape)
        drawn = drawn.permute(*range(1, drawn.dim()), 0)
        counts = drawn.new_zeros(self._extended_shape(sample_shape))
        counts.scatter_add_(-1, drawn, ones_like(drawn))
        return counts.type_as(self.probs)

    def entropy(self):
        count = tensor(self.total_count)
        of_draws = count * self._categorical.entropy() - (count + 1).lgamma()
        support = self._binomial.enumerate_support(expand=False)[1:]
        probs = self._binomial.log_prob(support).exp()
        of_orders = (probs * (support + 1).lgamma()).sum([0, -1])
        return of_draws + of_orders

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        logits = _contiguous_copy(logits)
        of_all = lgamma(value.sum(-1) + 1)
        of_counts = lgamma(value + 1).sum(-1)
        logits[(value == 0) & (logits == -inf)] = 0  # 0 * log(0) is 0
        return of_all - of_counts + (logits * value).sum(-1)
