"""ContinuousBernoulli: numbers between 0 and 1, with Bernoulli's density as far as it goes."""

import math

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._ops.comparison import ge, le
from jtorch._ops.creation import ones_like, zeros_like
from jtorch._ops.filling import where
from jtorch._ops.powers import pow as power
from jtorch._ops.random import rand
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions._odds import OddsWithParameter, chosen
from jtorch.distributions.exp_family import ExponentialFamily
from jtorch.distributions.utils import (
    broadcast_all,
    clamp_probs,
    lazy_property,
    logits_to_probs,
)
from jtorch.nn.functional import binary_cross_entropy_with_logits

__all__ = ["ContinuousBernoulli"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class ContinuousBernoulli(OddsWithParameter, ExponentialFamily):
    """Density proportional to probs ** x * (1 - probs) ** (1 - x), for x between 0 and 1.

    Within `lims` about 1/2, where the formulas divide 0 by 0, Taylor's polynomials stand for them.

    Source:  torch.distributions.ContinuousBernoulli; Loaiza-Ganem and Cunningham (2019).
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.unit_interval
    _mean_carrier_measure = 0
    has_rsample = True

    def __init__(self, probs=None, logits=None, lims=(0.499, 0.501), validate_args=None):
        name, given = chosen(probs, logits)
        (self._param,) = broadcast_all(given)
        if name == "probs":
            if validate_args is not None and not (
                self.arg_constraints["probs"].check(self._param).all()
            ):
                raise ValueError("The parameter probs has invalid values")
            self._param = clamp_probs(self._param)
        setattr(self, name, self._param)
        self._lims = lims
        super().__init__(self._param.size(), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded_odds(ContinuousBernoulli, batch_shape, _instance, kept=("_lims",))

    def _outside_unstable_region(self):
        return (self.probs <= self._lims[0]).max(self.probs > self._lims[1])

    def _cut_probs(self):
        limit = self._lims[0] * ones_like(self.probs)
        return where(self._outside_unstable_region(), self.probs, limit)

    def _cont_bern_log_norm(self):
        """The logarithm of the factor that the density has beside Bernoulli's."""
        cut = self._cut_probs()
        below = where(cut <= 0.5, cut, zeros_like(cut))
        above = where(cut >= 0.5, cut, ones_like(cut))
        log_norm = ((-cut).log1p() - cut.log()).abs().log() - where(
            cut <= 0.5, (-2.0 * below).log1p(), (2.0 * above - 1.0).log()
        )
        x = (self.probs - 0.5).pow(2)
        taylor = math.log(2.0) + (4.0 / 3.0 + 104.0 / 45.0 * x) * x
        return where(self._outside_unstable_region(), log_norm, taylor)

    @property
    def mean(self):
        cut = self._cut_probs()
        mean = cut / (2.0 * cut - 1.0) + 1.0 / ((-cut).log1p() - cut.log())
        x = self.probs - 0.5
        taylor = 0.5 + (1.0 / 3.0 + 16.0 / 45.0 * x.pow(2)) * x
        return where(self._outside_unstable_region(), mean, taylor)

    @property
    def stddev(self):
        return self.variance.sqrt()

    @property
    def variance(self):
        cut = self._cut_probs()
        variance = cut * (cut - 1.0) / (1.0 - 2.0 * cut).pow(2) + 1.0 / (
            (-cut).log1p() - cut.log()
        ).pow(2)
        x = (self.probs - 0.5).pow(2)
        taylor = 1.0 / 12.0 - (1.0 / 15.0 - 128.0 / 945.0 * x) * x
        return where(self._outside_unstable_region(), variance, taylor)

    @lazy_property
    def probs(self):
        """The parameter, kept from 0 and 1."""
        return clamp_probs(logits_to_probs(self.logits, is_binary=True))

    def _uniform(self, sample_shape):
        shape = self._extended_shape(sample_shape)
        return rand(shape, dtype=self.probs.dtype, device=self.probs.device)

    def sample(self, sample_shape=Size()):  # noqa: B008
        uniform = self._uniform(sample_shape)
        with no_grad():
            return self.icdf(uniform)

    def rsample(self, sample_shape=Size()):  # noqa: B008
        return self.icdf(self._uniform(sample_shape))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        bernoulli = -binary_cross_entropy_with_logits(logits, value, reduction="none")
        return bernoulli + self._cont_bern_log_norm()

    def cdf(self, value):
        if self._validate_args:
            self._validate_sample(value)
        cut = self._cut_probs()
        inside = (power(cut, value) * power(1.0 - cut, 1.0 - value) + cut - 1.0) / (2.0 * cut - 1.0)
        inside = where(self._outside_unstable_region(), inside, value)
        from_zero = where(ge(value, 1.0), ones_like(value), inside)
        return where(le(value, 0.0), zeros_like(value), from_zero)

    def icdf(self, value):
        cut = self._cut_probs()
        log_complement = (-cut).log1p()
        return where(
            self._outside_unstable_region(),
            ((-cut + value * (2.0 * cut - 1.0)).log1p() - log_complement)
            / (cut.log() - log_complement),
            value,
        )

    def entropy(self):
        log_zero, log_one = (-self.probs).log1p(), self.probs.log()
        return self.mean * (log_zero - log_one) - self._cont_bern_log_norm() - log_zero

    @property
    def _natural_params(self):
        return (self.logits,)

    def _log_normalizer(self, x):
        outside = (x <= self._lims[0] - 0.5).max(x > self._lims[1] - 0.5)
        cut = where(outside, x, (self._lims[0] - 0.5) * ones_like(x))
        log_norm = cut.expm1().abs().log() - cut.abs().log()
        taylor = 0.5 * x + x.pow(2) / 24.0 - x.pow(4) / 2880.0
        return where(outside, log_norm, taylor)
