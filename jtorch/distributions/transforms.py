"""Functions of random variables with known inverses and Jacobians: `TransformedDistribution`'s parts."""

from jtorch._alias import house, missing_attribute
from jtorch.distributions import _element_maps, _joined_maps, _maps, _vector_maps, constraints
from jtorch.distributions._element_maps import *  # noqa: F403
from jtorch.distributions._joined_maps import *  # noqa: F403
from jtorch.distributions._maps import *  # noqa: F403
from jtorch.distributions._maps import (
    Transform,
    _InverseTransform,  # noqa: F401 - pickles name it here
)
from jtorch.distributions._vector_maps import *  # noqa: F403

# in the form that type checkers know
__all__ = ["CumulativeDistributionTransform"]
__all__ += _maps.__all__
__all__ += _element_maps.__all__
__all__ += _vector_maps.__all__
__all__ += _joined_maps.__all__


def __getattr__(name):
    raise missing_attribute(__name__, name)


class CumulativeDistributionTransform(Transform):
    """y = distribution.cdf(x): uniform numbers of those of the distribution.

    Source:  torch.distributions.CumulativeDistributionTransform.
    """

    bijective = True
    codomain = constraints.unit_interval
    sign = +1

    def __init__(self, distribution, cache_size=0):
        super().__init__(cache_size=cache_size)
        self.distribution = distribution

    @property
    def domain(self):
        """Where the distribution has its density."""
        return self.distribution.support

    def _call(self, x):
        return self.distribution.cdf(x)

    def _inverse(self, y):
        return self.distribution.icdf(y)

    def log_abs_det_jacobian(self, x, y):
        return self.distribution.log_prob(x)

    def with_cache(self, cache_size=1):
        if self._cache_size == cache_size:
            return self
        return CumulativeDistributionTransform(self.distribution, cache_size=cache_size)


house(__name__, (*__all__, "_InverseTransform"))
