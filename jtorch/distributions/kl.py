"""Divergences of Kullback and Leibler, by pairs of families."""

from jtorch._alias import house, missing_attribute
from jtorch.distributions import (
    _kl_pairs,  # noqa: F401 - enters its divergences, as the next two do
    _kl_same,  # noqa: F401
    _kl_vectors,  # noqa: F401
)
from jtorch.distributions._kl_table import (
    _KL_MEMOIZE,  # noqa: F401 - programs ask for it here
    _KL_REGISTRY,  # noqa: F401
    kl_divergence,
    register_kl,
)

__all__ = ["kl_divergence", "register_kl"]

house(__name__, __all__)


def __getattr__(name):
    raise missing_attribute(__name__, name)
