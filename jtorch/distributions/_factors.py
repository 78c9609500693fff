"""Products and solutions with factors of covariance matrices, whose batches broadcast."""

from jtorch import linalg
from jtorch._ops.arrange import flip
from jtorch._ops.matmul import matmul
from jtorch._ops.ranges import eye


def times_vectors(matrix, vectors):
    """matrix @ vector of each pair."""
    return matmul(matrix, vectors.unsqueeze(-1)).squeeze(-1)


def log_diagonal(factor):
    """log det of a triangular matrix: the sum of the logarithms on its diagonal."""
    return factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)


def squared_lengths(factor, vectors):
    """|L^-1 x|**2, Mahalanobis's distance, for lower factors (*b, n, n) and vectors (*B, n).

    The batch of vectors may be larger than that of the factors, by more dims and by multiples of
    their extents; each factor is solved once, for all its vectors.
    """
    count = vectors.size(-1)
    batch = vectors.shape[:-1]
    more = len(batch) - (factor.dim() - 2)
    split = batch[:more]
    for extent, whole in zip(factor.shape[:-2], batch[more:], strict=True):
        split += (whole // extent, extent)
    split += (count,)
    repeats = range(more, len(split) - 1, 2)
    own = range(more + 1, len(split) - 1, 2)
    order = [*range(more), *repeats, *own, len(split) - 1]
    vectors = vectors.reshape(split).permute(order)
    factors = factor.reshape(-1, count, count)
    columns = vectors.reshape(-1, factors.size(0), count).permute(1, 2, 0)
    squares = linalg.solve_triangular(factors, columns, upper=False).pow(2).sum(-2).t()
    back = list(range(more))
    for place in range(len(repeats)):
        back += [more + place, more + len(repeats) + place]
    return squares.reshape(vectors.shape[:-1]).permute(back).reshape(batch)


def factor_of_inverse(precision):
    """The lower factor of the inverse of a matrix, without that inverse.

    Source:  torch.distributions.multivariate_normal; a factor of the matrix upside down is the
             inverse of the transposed one.
    """
    turned = linalg.cholesky(flip(precision, (-2, -1)))
    inverse = flip(turned, (-2, -1)).transpose(-2, -1)
    identity = eye(precision.shape[-1], dtype=precision.dtype, device=precision.device)
    return linalg.solve_triangular(inverse, identity, upper=False)


def sum_of_squares(matrix):
    """The trace of X @ X.T."""
    rows, columns = matrix.shape[-2:]
    flat = matrix.reshape(-1, rows * columns).pow(2).sum(-1)
    return flat.reshape(matrix.shape[:-2])
