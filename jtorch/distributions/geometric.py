"""Geometric: failures before the first success."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._info import finfo
from jtorch._ops.creation import empty, zeros_like
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions._odds import Odds, chosen
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import _contiguous_copy, broadcast_all
from jtorch.nn.functional import binary_cross_entropy_with_logits

__all__ = ["Geometric"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Geometric(Odds, Distribution):
    """The number k of failures before a success of probability p: (1 - p) ** k * p.

    Errors:  ValueError for a probability of 0.
    Source:  torch.distributions.Geometric.
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.nonnegative_integer

    def __init__(self, probs=None, logits=None, validate_args=None):
        name, given = chosen(probs, logits)
        (given,) = broadcast_all(given)
        setattr(self, name, given)
        super().__init__(given.size(), validate_args=validate_args)
        if self._validate_args and probs is not None:
            self._require_positive()

    def _require_positive(self):
        value = self.probs
        valid = value > 0
        if not valid.all():
            raise ValueError(
                f"Expected parameter probs ({type(value).__name__} of shape {tuple(value.shape)}) "
                f"of distribution {self!r} to be positive but found invalid values:\n"
                f"{value.data[~valid]}"
            )

    def expand(self, batch_shape, _instance=None):
        return self._expanded(Geometric, batch_shape, _instance, "probs", "logits")

    @property
    def mean(self):
        return 1.0 / self.probs - 1.0

    @property
    def mode(self):
        return zeros_like(self.probs)

    @property
    def variance(self):
        return (1.0 / self.probs - 1.0) / self.probs

    def sample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        probs = self.probs
        with no_grad():
            noise = empty(shape, dtype=probs.dtype, device=probs.device)
            noise.uniform_(finfo(probs.dtype).tiny, 1)
            return (noise.log() / (-probs).log1p()).floor()

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        value, probs = broadcast_all(value, self.probs)
        probs = _contiguous_copy(probs)
        probs[(probs == 1) & (value == 0)] = 0  # 0 * log(0) is 0 there
        return value * (-probs).log1p() + self.probs.log()

    def entropy(self):
        one_trial = binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")
        return one_trial / self.probs
