"""VonMises: angles about a direction."""

import math

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._dtypes import bool_ as bool_dtype
from jtorch._dtypes import float64
from jtorch._ops.creation import empty, zeros
from jtorch._ops.filling import where
from jtorch._ops.random import rand
from jtorch._ops.trigonometry import cos
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import broadcast_all, lazy_property

__all__ = ["VonMises"]

# Abramowitz and Stegun, 9.8.1 to 9.8.4: the modified Bessel functions of order 0 and 1, by powers
# of (x / 3.75) ** 2 below 3.75, and of 3.75 / x above.
_BELOW = (
    (1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813),
    (0.5, 0.87890594, 0.51498869, 0.15084934, 0.02658733, 0.00301532, 0.00032411),
)
_ABOVE = (
    (0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537,
     -0.01647633, 0.00392377),
    (0.39894228, -0.03988024, -0.00362018, 0.00163801, -0.01031555, 0.02282967, -0.02895312,
     0.01787654, -0.00420059),
)  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _polynomial(coefficients, x):
    *rest, result = coefficients
    for each in reversed(rest):
        result = each + x * result
    return result


def _log_modified_bessel(x, order):
    small = _polynomial(_BELOW[order], (x / 3.75) * (x / 3.75))
    if order == 1:
        small = x.abs() * small
    large = x - 0.5 * x.log() + _polynomial(_ABOVE[order], 3.75 / x).log()
    return where(x < 3.75, small.log(), large)


def _angles(loc, concentration, proposal_r, shape):
    """Best and Fisher, Efficient simulation of the von Mises distribution (1979): by rejection."""
    angles = empty(shape, dtype=loc.dtype, device=loc.device)
    done = zeros(shape, dtype=bool_dtype, device=loc.device)
    while not done.all():
        turn, height, side = rand((3, *shape), dtype=loc.dtype, device=loc.device).unbind()
        z = (math.pi * turn).cos()
        f = (1 + proposal_r * z) / (proposal_r + z)
        c = concentration * (proposal_r - f)
        accepted = (c * (2 - c) - height > 0) | ((c / height).log() + 1 - c >= 0)
        if accepted.any():
            angles = where(accepted, (side - 0.5).sign() * f.acos(), angles)
            done = done | accepted
    return (angles + math.pi + loc) % (2 * math.pi) - math.pi


class VonMises(Distribution):
    """Angles, of density proportional to exp(concentration * cos(x - loc)).

    Source:  torch.distributions.VonMises.
    """

    arg_constraints = {"loc": constraints.real, "concentration": constraints.positive}
    support = constraints.real
    has_rsample = False

    def __init__(self, loc, concentration, validate_args=None):
        self.loc, self.concentration = broadcast_all(loc, concentration)
        super().__init__(self.loc.shape, Size(), validate_args)

    def expand(self, batch_shape, _instance=None):
        try:
            return super().expand(batch_shape)
        except NotImplementedError:
            return type(self)(
                self.loc.expand(batch_shape),
                self.concentration.expand(batch_shape),
                validate_args=self.__dict__.get("_validate_args"),
            )

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        log_prob = self.concentration * cos(value - self.loc)
        normalizer = _log_modified_bessel(self.concentration, order=0)
        return log_prob - math.log(2 * math.pi) - normalizer

    @lazy_property
    def _loc(self):
        return self.loc.to(float64)

    @lazy_property
    def _concentration(self):
        return self.concentration.to(float64)

    @lazy_property
    def _proposal_r(self):
        kappa = self._concentration
        tau = 1 + (1 + 4 * kappa**2).sqrt()
        rho = (tau - (2 * tau).sqrt()) / (2 * kappa)
        exact = (1 + rho**2) / (2 * rho)
        return where(kappa < 1e-5, 1 / kappa + kappa, exact)

    @no_grad()
    def sample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        angles = _angles(self._loc, self._concentration, self._proposal_r, shape)
        return angles.to(self.loc.dtype)

    @property
    def mean(self):
        return self.loc

    @property
    def mode(self):
        return self.loc

    @lazy_property
    def variance(self):
        """The circular variance: 1 less the length of the mean direction."""
        first = _log_modified_bessel(self.concentration, order=1)
        zeroth = _log_modified_bessel(self.concentration, order=0)
        return 1 - (first - zeroth).exp()
