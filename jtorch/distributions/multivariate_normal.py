"""MultivariateNormal: normal vectors of any covariance."""

import math

from jtorch import linalg
from jtorch._alias import missing_attribute
from jtorch._ops.join import broadcast_shapes_of as broadcast_shapes
from jtorch._ops.matmul import matmul
from jtorch._ops.solve import cholesky_inverse
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions._factors import (
    factor_of_inverse,
    log_diagonal,
    squared_lengths,
    times_vectors,
)
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import _standard_normal, lazy_property

__all__ = ["MultivariateNormal"]

# Programs call these by torch's names.
_batch_mv, _batch_mahalanobis = times_vectors, squared_lengths
_precision_to_scale_tril = factor_of_inverse


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _given(covariance_matrix, precision_matrix, scale_tril):
    """(name, matrix) of the one that was given."""
    given = {
        "scale_tril": scale_tril,
        "covariance_matrix": covariance_matrix,
        "precision_matrix": precision_matrix,
    }
    given = [(name, each) for name, each in given.items() if each is not None]
    if len(given) != 1:
        raise ValueError(
            "Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified."
        )
    ((name, matrix),) = given
    if matrix.dim() < 2:
        called = "scale_tril matrix" if name == "scale_tril" else name
        raise ValueError(
            f"{called} must be at least two-dimensional, with optional leading batch dimensions"
        )
    return name, matrix


def factor_of(name, matrix):
    """The lower factor of the covariance that a matrix of this name gives."""
    if name == "scale_tril":
        return matrix
    if name == "covariance_matrix":
        return linalg.cholesky(matrix)
    return factor_of_inverse(matrix)


class MultivariateNormal(Distribution):
    """Normal vectors about `loc`, with one of: covariance, its inverse, its lower factor.

    All is computed with the factor, so giving that is cheapest.

    Errors:  ValueError for none of them or several, and for too few dims.
    Source:  torch.distributions.MultivariateNormal.
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self, loc, covariance_matrix=None, precision_matrix=None, scale_tril=None,
        validate_args=None,
    ):  # fmt: skip
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        name, matrix = _given(covariance_matrix, precision_matrix, scale_tril)
        batch_shape = broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        setattr(self, name, matrix.expand((*batch_shape, -1, -1)))
        self.loc = loc.expand((*batch_shape, -1))
        super().__init__(batch_shape, self.loc.shape[-1:], validate_args=validate_args)
        self._unbroadcasted_scale_tril = factor_of(name, matrix)

    def expand(self, batch_shape, _instance=None):
        vector, matrix = self.event_shape, self.event_shape + self.event_shape
        return self._expanded(
            MultivariateNormal,
            batch_shape,
            _instance,
            kept=("_unbroadcasted_scale_tril",),
            loc=vector,
            covariance_matrix=matrix,
            scale_tril=matrix,
            precision_matrix=matrix,
        )

    def _matrices(self, matrix):
        return matrix.expand(self._batch_shape + self._event_shape + self._event_shape)

    @lazy_property
    def scale_tril(self):
        """The covariance's lower factor."""
        return self._matrices(self._unbroadcasted_scale_tril)

    @lazy_property
    def covariance_matrix(self):
        """The covariance."""
        factor = self._unbroadcasted_scale_tril
        return self._matrices(matmul(factor, factor.mT))

    @lazy_property
    def precision_matrix(self):
        """The covariance's inverse."""
        return self._matrices(cholesky_inverse(self._unbroadcasted_scale_tril))

    @property
    def mean(self):
        return self.loc

    @property
    def mode(self):
        return self.loc

    @property
    def variance(self):
        variance = self._unbroadcasted_scale_tril.pow(2).sum(-1)
        return variance.expand(self._batch_shape + self._event_shape)

    def rsample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        noise = _standard_normal(shape, dtype=self.loc.dtype, device=self.loc.device)
        return self.loc + times_vectors(self._unbroadcasted_scale_tril, noise)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        distance = squared_lengths(self._unbroadcasted_scale_tril, value - self.loc)
        half_log_det = log_diagonal(self._unbroadcasted_scale_tril)
        return -0.5 * (self._event_shape[0] * math.log(2 * math.pi) + distance) - half_log_det

    def entropy(self):
        half_log_det = log_diagonal(self._unbroadcasted_scale_tril)
        entropy = 0.5 * self._event_shape[0] * (1.0 + math.log(2 * math.pi)) + half_log_det
        return entropy.expand(self._batch_shape) if self._batch_shape else entropy
