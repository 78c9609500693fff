"""Wishart: covariances of a few normal vectors."""

import math
import warnings
from math import nan

from jtorch import linalg
from jtorch._alias import missing_attribute
from jtorch._info import finfo
from jtorch._ops.einsum import einsum
from jtorch._ops.from_data import tensor
from jtorch._ops.join import broadcast_shapes_of as broadcast_shapes
from jtorch._ops.random import randn
from jtorch._ops.ranges import arange, eye
from jtorch._ops.solve import cholesky_solve
from jtorch._ops.triangle import tril_indices
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions._factors import log_diagonal
from jtorch.distributions.chi2 import Chi2
from jtorch.distributions.exp_family import ExponentialFamily
from jtorch.distributions.multivariate_normal import factor_of
from jtorch.distributions.utils import lazy_property
from jtorch.types import Number

__all__ = ["Wishart"]

_LOG_2 = math.log(2)


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _given(covariance_matrix, precision_matrix, scale_tril):
    """(name, matrix) of the one that was given."""
    given = {
        "covariance_matrix": covariance_matrix,
        "precision_matrix": precision_matrix,
        "scale_tril": scale_tril,
    }
    given = [(name, each) for name, each in given.items() if each is not None]
    if len(given) != 1:
        raise AssertionError(
            "Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified."
        )
    ((name, matrix),) = given
    if matrix.dim() < 2:
        raise ValueError(
            "scale_tril must be at least two-dimensional, with optional leading batch dimensions"
        )
    return name, matrix


def _multivariate_digamma(x, count):
    if not x.gt((count - 1) / 2).all():
        raise AssertionError("Wrong domain for multivariate digamma function.")
    halves = arange(count, dtype=x.dtype, device=x.device).div(2)
    return (x.unsqueeze(-1) - halves.expand((*x.shape, -1))).digamma().sum(-1)


class Wishart(ExponentialFamily):
    """X.T @ X, where the `df` rows of X are normal vectors; `df` need not be whole.

    Given is one of: their covariance, its inverse, its lower factor.

    Errors:  AssertionError for none of them or several; ValueError for too few dims or too small
             `df`.
    Warnings: for `df` below the size of the matrix, where samples may be singular.
    Source:  torch.distributions.Wishart.
    """

    support = constraints.positive_definite
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(
        self, df, covariance_matrix=None, precision_matrix=None, scale_tril=None,
        validate_args=None,
    ):  # fmt: skip
        name, matrix = _given(covariance_matrix, precision_matrix, scale_tril)
        if isinstance(df, Number):
            batch_shape = Size(matrix.shape[:-2])
            self.df = tensor(df, dtype=matrix.dtype, device=matrix.device)
        else:
            batch_shape = broadcast_shapes(matrix.shape[:-2], df.shape)
            self.df = df.expand(batch_shape)
        event_shape = matrix.shape[-2:]
        least = event_shape[-1] - 1
        if self.df.le(least).any():
            raise ValueError(f"Value of df={df} expected to be greater than ndim - 1 = {least}.")
        setattr(self, name, matrix.expand((*batch_shape, -1, -1)))
        if self.df.lt(event_shape[-1]).any():
            warnings.warn(
                "Low df values detected. Singular samples are highly likely to occur for "
                "ndim - 1 < df < ndim.",
                stacklevel=2,
            )
        super().__init__(batch_shape, event_shape, validate_args=validate_args)
        self._unbroadcasted_scale_tril = factor_of(name, matrix)
        self._make_parts()

    def _make_parts(self):
        """What sampling needs: the squared lengths of what is orthogonal to the rows before."""
        self._batch_dims = [-(place + 1) for place in range(len(self._batch_shape))]
        factor = self._unbroadcasted_scale_tril
        rows = arange(self._event_shape[-1], dtype=factor.dtype, device=factor.device)
        self._dist_chi2 = Chi2(df=self.df.unsqueeze(-1) - rows.expand((*self._batch_shape, -1)))

    def expand(self, batch_shape, _instance=None):
        matrix = self.event_shape
        new = self._expanded(
            Wishart,
            batch_shape,
            _instance,
            "df",
            _unbroadcasted_scale_tril=matrix,
            covariance_matrix=matrix,
            scale_tril=matrix,
            precision_matrix=matrix,
        )
        Wishart._make_parts(new)
        return new

    @property
    def arg_constraints(self):
        return {
            "covariance_matrix": constraints.positive_definite,
            "precision_matrix": constraints.positive_definite,
            "scale_tril": constraints.lower_cholesky,
            "df": constraints.greater_than(self.event_shape[-1] - 1),
        }

    @lazy_property
    def scale_tril(self):
        """The lower factor of the vectors' covariance."""
        return self._unbroadcasted_scale_tril.expand(self._batch_shape + self._event_shape)

    @lazy_property
    def covariance_matrix(self):
        """The covariance of the vectors."""
        factor = self._unbroadcasted_scale_tril
        return (factor @ factor.transpose(-2, -1)).expand(self._batch_shape + self._event_shape)

    @lazy_property
    def precision_matrix(self):
        """The inverse of the vectors' covariance."""
        factor = self._unbroadcasted_scale_tril
        identity = eye(self._event_shape[-1], device=factor.device, dtype=factor.dtype)
        return cholesky_solve(identity, factor).expand(self._batch_shape + self._event_shape)

    @property
    def mean(self):
        return self.df.view((*self._batch_shape, 1, 1)) * self.covariance_matrix

    @property
    def mode(self):
        """NaN where the density has no maximum."""
        factor = self.df - self.covariance_matrix.shape[-1] - 1
        factor[factor <= 0] = nan
        return factor.view((*self._batch_shape, 1, 1)) * self.covariance_matrix

    @property
    def variance(self):
        covariance = self.covariance_matrix
        diagonal = covariance.diagonal(dim1=-2, dim2=-1)
        products = einsum("...i,...j->...ij", diagonal, diagonal)
        return self.df.view((*self._batch_shape, 1, 1)) * (covariance.pow(2) + products)

    def _bartlett_sampling(self, sample_shape=Size()):  # noqa: B008
        """Bartlett's decomposition: a factor of normal numbers, and of chi's on the diagonal."""
        size = self._event_shape[-1]
        lengths = self._dist_chi2.rsample(sample_shape).sqrt()
        noise = lengths.clamp(min=finfo(lengths.dtype).eps).diag_embed(dim1=-2, dim2=-1)
        rows, columns = tril_indices(size, size, offset=-1)
        noise[..., rows, columns] = randn(
            Size(sample_shape) + self._batch_shape + (size * (size - 1) // 2,),
            dtype=noise.dtype,
            device=noise.device,
        )
        factor = self._unbroadcasted_scale_tril @ noise
        return factor @ factor.transpose(-2, -1)

    def _over_batch(self, mask):
        return mask.amax(self._batch_dims) if self._batch_shape else mask

    def rsample(self, sample_shape=Size(), max_try_correction=None):  # noqa: B008
        """Matrices; those that PyTorch takes to be singular are drawn anew, a few times.

        PyTorch's first check has its meaning the wrong way round (what it draws anew is what is
        right), and the numbers drawn are to be the same, so it is the same here.
        """
        tries = 10 if max_try_correction is None else max_try_correction
        sample = self._bartlett_sampling(Size(sample_shape))
        chosen = self._over_batch(self.support.check(sample))
        if not chosen.any():
            return sample
        warnings.warn("Singular sample detected.", stacklevel=2)
        for _ in range(tries):
            new = self._bartlett_sampling(chosen[chosen].shape)
            sample[chosen] = new
            chosen[chosen.clone()] = self._over_batch(~self.support.check(new))
            if not chosen.any():
                break
        return sample

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        df, size = self.df, self._event_shape[-1]
        factor = self._unbroadcasted_scale_tril
        trace = cholesky_solve(value, factor).diagonal(dim1=-2, dim2=-1).sum(dim=-1)
        return (
            -df * (size * _LOG_2 / 2 + log_diagonal(factor))
            - (df / 2).mvlgamma(p=size)
            + (df - size - 1) / 2 * linalg.slogdet(value).logabsdet
            - trace / 2
        )

    def entropy(self):
        df, size = self.df, self._event_shape[-1]
        return (
            (size + 1) * (size * _LOG_2 / 2 + log_diagonal(self._unbroadcasted_scale_tril))
            + (df / 2).mvlgamma(p=size)
            - (df - size - 1) / 2 * _multivariate_digamma(df / 2, size)
            + df * size / 2
        )

    @property
    def _natural_params(self):
        return -self.precision_matrix / 2, (self.df - self._event_shape[-1] - 1) / 2

    def _log_normalizer(self, x, y):
        size = self._event_shape[-1]
        shape = y + (size + 1) / 2
        determinant = -linalg.slogdet(-2 * x).logabsdet + _LOG_2 * size
        return shape * determinant + shape.mvlgamma(p=size)
