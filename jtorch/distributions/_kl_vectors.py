"""Divergences between normal vectors, of covariances that are full or of low rank."""

from jtorch import linalg
from jtorch._ops.join import broadcast_shapes_of as broadcast_shapes
from jtorch._ops.triangle import diag_embed
from jtorch.distributions._factors import log_diagonal, squared_lengths, sum_of_squares
from jtorch.distributions._kl_table import register_kl
from jtorch.distributions.lowrank_multivariate_normal import (
    LowRankMultivariateNormal,
    distance,
    log_determinant,
)
from jtorch.distributions.multivariate_normal import MultivariateNormal


def _require_one_size(p, q, called):
    if p.event_shape != q.event_shape:
        raise ValueError(
            f"KL-divergence between two {called} Normals with{' ' * 26}different event shapes "
            "cannot be computed"
        )


def _log_determinant(low_rank):
    return log_determinant(low_rank._unbroadcasted_cov_diag, low_rank._capacitance_tril)


def _distance(q, vectors):
    return distance(
        q._unbroadcasted_cov_factor, q._unbroadcasted_cov_diag, vectors, q._capacitance_tril
    )


def _projection(q):
    """A, where the inverse of q's covariance is D^-1 - A.T @ A."""
    weighted = q._unbroadcasted_cov_factor.mT / q._unbroadcasted_cov_diag.unsqueeze(-2)
    return linalg.solve_triangular(q._capacitance_tril, weighted, upper=False)


def _solved(factor, matrix):
    """The trace of L^-1 X (L^-1 X).T, for batches that broadcast."""
    batch = broadcast_shapes(factor.shape[:-2], matrix.shape[:-2])
    factor = factor.expand(batch + factor.shape[-2:])
    matrix = matrix.expand(batch + matrix.shape[-2:])
    return sum_of_squares(linalg.solve_triangular(factor, matrix, upper=False))


@register_kl(LowRankMultivariateNormal, LowRankMultivariateNormal)
def _low_rank(p, q):
    _require_one_size(p, q, "Low Rank Multivariate")
    of_volumes = _log_determinant(q) - _log_determinant(p)
    of_means = _distance(q, q.loc - p.loc)
    # The trace of (D^-1 - A.T @ A) @ (p's diagonal + p's factor squared), term by term.
    projection = _projection(q)
    p_factor, p_diagonal = p._unbroadcasted_cov_factor, p._unbroadcasted_cov_diag
    q_diagonal = q._unbroadcasted_cov_diag
    trace = (
        (p_diagonal / q_diagonal).sum(-1)
        + sum_of_squares(p_factor * q_diagonal.rsqrt().unsqueeze(-1))
        - sum_of_squares(projection * p_diagonal.sqrt().unsqueeze(-2))
        - sum_of_squares(projection.matmul(p_factor))
    )
    return 0.5 * (of_volumes + trace + of_means - p.event_shape[0])


@register_kl(MultivariateNormal, LowRankMultivariateNormal)
def _full_and_low_rank(p, q):
    _require_one_size(p, q, "(Low Rank) Multivariate")
    factor = p._unbroadcasted_scale_tril
    of_volumes = _log_determinant(q) - 2 * log_diagonal(factor)
    of_means = _distance(q, q.loc - p.loc)
    trace = sum_of_squares(
        factor * q._unbroadcasted_cov_diag.rsqrt().unsqueeze(-1)
    ) - sum_of_squares(_projection(q).matmul(factor))
    return 0.5 * (of_volumes + trace + of_means - p.event_shape[0])


@register_kl(LowRankMultivariateNormal, MultivariateNormal)
def _low_rank_and_full(p, q):
    _require_one_size(p, q, "(Low Rank) Multivariate")
    factor = q._unbroadcasted_scale_tril
    of_volumes = 2 * log_diagonal(factor) - _log_determinant(p)
    of_means = squared_lengths(factor, q.loc - p.loc)
    deviations = diag_embed(p._unbroadcasted_cov_diag.sqrt())
    trace = _solved(factor, p._unbroadcasted_cov_factor) + _solved(factor, deviations)
    return 0.5 * (of_volumes + trace + of_means - p.event_shape[0])


@register_kl(MultivariateNormal, MultivariateNormal)
def _full(p, q):
    _require_one_size(p, q, "Multivariate")
    p_factor, q_factor = p._unbroadcasted_scale_tril, q._unbroadcasted_scale_tril
    of_volumes = log_diagonal(q_factor) - log_diagonal(p_factor)
    of_means = squared_lengths(q_factor, q.loc - p.loc)
    return of_volumes + 0.5 * (_solved(q_factor, p_factor) + of_means - p.event_shape[0])
