"""LowRankMultivariateNormal: normal vectors whose covariance is of low rank but for its diagonal."""

import math

from jtorch import linalg
from jtorch._alias import missing_attribute
from jtorch._ops.join import broadcast_tensors
from jtorch._ops.matmul import matmul
from jtorch._ops.triangle import diag_embed
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions._factors import log_diagonal, squared_lengths, times_vectors
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import _standard_normal, lazy_property

__all__ = ["LowRankMultivariateNormal"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _factor_of_one_more(matrix):
    """The lower factor of I + matrix."""
    size = matrix.size(-1)
    matrix = matrix.contiguous()
    matrix.view(-1, size * size)[:, :: size + 1] += 1
    return linalg.cholesky(matrix)


def _capacitance_tril(factor, diagonal):
    """The lower factor of I + W.T @ D^-1 @ W, which stands for the covariance everywhere."""
    weighted = factor.mT / diagonal.unsqueeze(-2)
    return _factor_of_one_more(matmul(weighted, factor))


def log_determinant(diagonal, capacitance_tril):
    """log det (W @ W.T + D), by the matrix determinant lemma."""
    return 2 * log_diagonal(capacitance_tril) + diagonal.log().sum(-1)


def distance(factor, diagonal, vectors, capacitance_tril):
    """x.T @ (W @ W.T + D)^-1 @ x, by Woodbury's identity."""
    projected = times_vectors(factor.mT / diagonal.unsqueeze(-2), vectors)
    by_diagonal = (vectors.pow(2) / diagonal).sum(-1)
    return by_diagonal - squared_lengths(capacitance_tril, projected)


class LowRankMultivariateNormal(Distribution):
    """Normal vectors with covariance cov_factor @ cov_factor.T + diag(cov_diag).

    Errors:  ValueError for shapes that do not fit.
    Source:  torch.distributions.LowRankMultivariateNormal.
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "cov_factor": constraints.independent(constraints.real, 2),
        "cov_diag": constraints.independent(constraints.positive, 1),
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(self, loc, cov_factor, cov_diag, validate_args=None):
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        event_shape = loc.shape[-1:]
        if cov_factor.dim() < 2:
            raise ValueError(
                "cov_factor must be at least two-dimensional, "
                "with optional leading batch dimensions"
            )
        if cov_factor.shape[-2:-1] != event_shape:
            raise ValueError(
                f"cov_factor must be a batch of matrices with shape {event_shape[0]} x m"
            )
        if cov_diag.shape[-1:] != event_shape:
            raise ValueError(f"cov_diag must be a batch of vectors with shape {event_shape}")
        try:
            columns = loc.unsqueeze(-1), cov_factor, cov_diag.unsqueeze(-1)
            loc_column, self.cov_factor, diagonal_column = broadcast_tensors(*columns)
        except RuntimeError as error:
            raise ValueError(
                f"Incompatible batch shapes: loc {loc.shape}, cov_factor {cov_factor.shape}, "
                f"cov_diag {cov_diag.shape}"
            ) from error
        self.loc = loc_column[..., 0]
        self.cov_diag = diagonal_column[..., 0]
        self._unbroadcasted_cov_factor = cov_factor
        self._unbroadcasted_cov_diag = cov_diag
        self._capacitance_tril = _capacitance_tril(cov_factor, cov_diag)
        super().__init__(self.loc.shape[:-1], event_shape, validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(
            LowRankMultivariateNormal,
            batch_shape,
            _instance,
            kept=(
                "_unbroadcasted_cov_factor",
                "_unbroadcasted_cov_diag",
                "_capacitance_tril",
            ),
            loc=self.event_shape,
            cov_diag=self.event_shape,
            cov_factor=self.event_shape + self.cov_factor.shape[-1:],
        )

    @property
    def mean(self):
        return self.loc

    @property
    def mode(self):
        return self.loc

    def _matrices(self, matrix):
        return matrix.expand(self._batch_shape + self._event_shape + self._event_shape)

    @lazy_property
    def variance(self):
        factor, diagonal = self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag
        variance = factor.pow(2).sum(-1) + diagonal
        return variance.expand(self._batch_shape + self._event_shape)

    @lazy_property
    def scale_tril(self):
        """The covariance's lower factor."""
        deviation = self._unbroadcasted_cov_diag.sqrt().unsqueeze(-1)
        scaled = self._unbroadcasted_cov_factor / deviation
        return self._matrices(deviation * _factor_of_one_more(matmul(scaled, scaled.mT)))

    @lazy_property
    def covariance_matrix(self):
        """The covariance."""
        factor, diagonal = self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag
        return self._matrices(matmul(factor, factor.mT) + diag_embed(diagonal))

    @lazy_property
    def precision_matrix(self):
        """The covariance's inverse."""
        factor, diagonal = self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag
        weighted = factor.mT / diagonal.unsqueeze(-2)
        solved = linalg.solve_triangular(self._capacitance_tril, weighted, upper=False)
        return self._matrices(diag_embed(diagonal.reciprocal()) - solved.mT @ solved)

    def rsample(self, sample_shape=Size()):  # noqa: B008
        shape = self._extended_shape(sample_shape)
        kind = {"dtype": self.loc.dtype, "device": self.loc.device}
        of_factor = _standard_normal(shape[:-1] + self.cov_factor.shape[-1:], **kind)
        of_diagonal = _standard_normal(shape, **kind)
        return (
            self.loc
            + times_vectors(self._unbroadcasted_cov_factor, of_factor)
            + self._unbroadcasted_cov_diag.sqrt() * of_diagonal
        )

    def _log_determinant(self):
        return log_determinant(self._unbroadcasted_cov_diag, self._capacitance_tril)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        squares = distance(
            self._unbroadcasted_cov_factor,
            self._unbroadcasted_cov_diag,
            value - self.loc,
            self._capacitance_tril,
        )
        constant = self._event_shape[0] * math.log(2 * math.pi)
        return -0.5 * (constant + self._log_determinant() + squares)

    def entropy(self):
        constant = self._event_shape[0] * (1.0 + math.log(2 * math.pi))
        entropy = 0.5 * (constant + self._log_determinant())
        return entropy.expand(self._batch_shape) if self._batch_shape else entropy
