"""Transforms onto shares, factors of correlation matrices and positive-definite matrices."""

import math

from jtorch import linalg
from jtorch._info import finfo
from jtorch._ops.ranges import eye
from jtorch.distributions import constraints
from jtorch.distributions._element_maps import clipped_sigmoid
from jtorch.distributions._maps import TOO_FEW_DIMS, Transform
from jtorch.distributions.utils import tril_matrix_to_vec, vec_to_tril_matrix
from jtorch.nn.functional import logsigmoid, pad, softplus

__all__ = [
    "CorrCholeskyTransform", "LowerCholeskyTransform", "PositiveDefiniteTransform",
    "SoftmaxTransform", "StickBreakingTransform",
]  # fmt: skip


def _require_dims(shape, count):
    if len(shape) < count:
        raise ValueError(TOO_FEW_DIMS)


class SoftmaxTransform(Transform):
    """y = softmax(x): shares; no inverse but up to a summand.

    Source:  torch.distributions.SoftmaxTransform.
    """

    domain = constraints.real_vector
    codomain = constraints.simplex

    def __eq__(self, other):
        return isinstance(other, SoftmaxTransform)

    def _call(self, x):
        weights = (x - x.max(-1, True)[0]).exp()
        return weights / weights.sum(-1, True)

    def _inverse(self, y):
        return y.log()

    def forward_shape(self, shape):
        _require_dims(shape, 1)
        return shape

    def inverse_shape(self, shape):
        _require_dims(shape, 1)
        return shape


class StickBreakingTransform(Transform):
    """n numbers to n + 1 shares: each takes a part of what those before it have left.

    Source:  torch.distributions.StickBreakingTransform.
    """

    domain = constraints.real_vector
    codomain = constraints.simplex
    bijective = True

    def __eq__(self, other):
        return isinstance(other, StickBreakingTransform)

    def _call(self, x):
        offset = x.shape[-1] + 1 - x.new_ones(x.shape[-1]).cumsum(-1)
        parts = clipped_sigmoid(x - offset.log())
        left = (1 - parts).cumprod(-1)
        return pad(parts, [0, 1], value=1) * pad(left, [1, 0], value=1)

    def _inverse(self, y):
        shares = y[..., :-1]
        offset = y.shape[-1] - y.new_ones(shares.shape[-1]).cumsum(-1)
        # what is left may come out as 0, or below, where the last share is small
        left = (1 - shares.cumsum(-1)).clamp(min=finfo(y.dtype).tiny)
        return shares.log() - left.log() + offset.log()

    def log_abs_det_jacobian(self, x, y):
        offset = x.shape[-1] + 1 - x.new_ones(x.shape[-1]).cumsum(-1)
        x = x - offset.log()
        # 1 - sigmoid(x) = exp(-x) * sigmoid(x)
        return (-x + logsigmoid(x) + y[..., :-1].log()).sum(-1)

    def forward_shape(self, shape):
        _require_dims(shape, 1)
        return shape[:-1] + (shape[-1] + 1,)  # noqa: RUF005 - as given

    def inverse_shape(self, shape):
        _require_dims(shape, 1)
        return shape[:-1] + (shape[-1] - 1,)  # noqa: RUF005 - as given


class CorrCholeskyTransform(Transform):
    """D (D - 1) / 2 numbers to the lower factor of a D x D correlation matrix.

    Each row is made of partial correlations tanh(x), as by breaking a stick of length 1.

    Source:  torch.distributions.CorrCholeskyTransform; Lewandowski, Kurowicka and Joe (2009).
    """

    domain = constraints.real_vector
    codomain = constraints.corr_cholesky
    bijective = True

    def _call(self, x):
        x = x.tanh()
        eps = finfo(x.dtype).eps
        x = x.clamp(min=-1 + eps, max=1 - eps)
        partial = vec_to_tril_matrix(x, diag=-1)
        left = (1 - partial**2).sqrt().cumprod(-1)
        partial = partial + eye(partial.shape[-1], dtype=partial.dtype, device=partial.device)
        return partial * pad(left[..., :-1], [1, 0], value=1)

    def _inverse(self, y):
        left = 1 - (y * y).cumsum(dim=-1)
        before = pad(left[..., :-1], [1, 0], value=1)
        elements = tril_matrix_to_vec(y, diag=-1)
        partial = elements / tril_matrix_to_vec(before, diag=-1).sqrt()
        return (partial.log1p() - partial.neg().log1p()) / 2  # atanh, without its rounding

    def log_abs_det_jacobian(self, x, y, intermediates=None):
        left = tril_matrix_to_vec(1 - (y * y).cumsum(dim=-1), diag=-2)
        of_sticks = 0.5 * left.log().sum(-1)
        of_tanh = -2 * (x + softplus(-2 * x) - math.log(2.0)).sum(dim=-1)
        return of_sticks + of_tanh

    def forward_shape(self, shape):
        _require_dims(shape, 1)
        count = shape[-1]
        size = round((0.25 + 2 * count) ** 0.5 + 0.5)
        if size * (size - 1) // 2 != count:
            raise ValueError("Input is not a flattened lower-diagonal number")
        return shape[:-1] + (size, size)  # noqa: RUF005 - as given

    def inverse_shape(self, shape):
        _require_dims(shape, 2)
        if shape[-2] != shape[-1]:
            raise ValueError("Input is not square")
        size = shape[-1]
        return shape[:-2] + (size * (size - 1) // 2,)  # noqa: RUF005 - as given


class LowerCholeskyTransform(Transform):
    """A matrix to its lower triangle, with e to the power of the diagonal.

    Source:  torch.distributions.LowerCholeskyTransform.
    """

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.lower_cholesky

    def __eq__(self, other):
        return isinstance(other, LowerCholeskyTransform)

    def _call(self, x):
        return x.tril(-1) + x.diagonal(dim1=-2, dim2=-1).exp().diag_embed()

    def _inverse(self, y):
        return y.tril(-1) + y.diagonal(dim1=-2, dim2=-1).log().diag_embed()


class PositiveDefiniteTransform(Transform):
    """A matrix to L @ L.T, where L is made of it by LowerCholeskyTransform.

    Source:  torch.distributions.PositiveDefiniteTransform.
    """

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.positive_definite

    def __eq__(self, other):
        return isinstance(other, PositiveDefiniteTransform)

    def _call(self, x):
        factor = LowerCholeskyTransform()(x)
        return factor @ factor.mT

    def _inverse(self, y):
        return LowerCholeskyTransform().inv(linalg.cholesky(y))
