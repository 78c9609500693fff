"""LKJCholesky: factors of correlation matrices."""

import math

from jtorch._alias import missing_attribute
from jtorch._info import finfo
from jtorch._ops.join import cat
from jtorch._ops.random import randn
from jtorch._ops.ranges import arange
from jtorch._ops.triangle import diag_embed
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions.beta import Beta
from jtorch.distributions.distribution import Distribution
from jtorch.distributions.utils import broadcast_all

__all__ = ["LKJCholesky"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class LKJCholesky(Distribution):
    """Lower factors of correlation matrices, of density proportional to det ** (concentration - 1).

    Errors:  ValueError for matrices of less than two rows.
    Source:  torch.distributions.LKJCholesky; Lewandowski, Kurowicka and Joe, Generating random
             correlation matrices based on vines and extended onion method (2009).
    """

    arg_constraints = {"concentration": constraints.positive}
    support = constraints.corr_cholesky

    def __init__(self, dim, concentration=1.0, validate_args=None):
        if dim < 2:
            raise ValueError(
                f"Expected dim to be an integer greater than or equal to 2. Found dim={dim}."
            )
        self.dim = dim
        (self.concentration,) = broadcast_all(concentration)
        marginal = self.concentration + 0.5 * (dim - 2)
        offset = arange(dim - 1, dtype=self.concentration.dtype, device=self.concentration.device)
        offset = cat([offset.new_zeros((1,)), offset])
        # the squared length of each row's part below the diagonal
        self._beta = Beta(offset + 0.5, marginal.unsqueeze(-1) - 0.5 * offset)
        super().__init__(self.concentration.size(), Size((dim, dim)), validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(
            LKJCholesky, batch_shape, _instance, "concentration", kept=("dim",), _beta=(self.dim,)
        )

    def sample(self, sample_shape=Size()):  # noqa: B008
        squares = self._beta.sample(sample_shape).unsqueeze(-1)
        shape = self._extended_shape(sample_shape)
        normal = randn(shape, dtype=squares.dtype, device=squares.device).tril(-1)
        directions = normal / normal.norm(dim=-1, keepdim=True)
        directions[..., 0, :].fill_(0.0)  # the first row has nothing below the diagonal
        factor = squares.sqrt() * directions
        rest = (1 - (factor**2).sum(dim=-1)).clamp(min=finfo(factor.dtype).tiny)
        factor += diag_embed(rest.sqrt())
        return factor

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        diagonal = value.diagonal(dim1=-1, dim2=-2)[..., 1:]
        order = arange(start=2, end=self.dim + 1, device=self.concentration.device)
        order = 2 * (self.concentration - 1).unsqueeze(-1) + self.dim - order
        unnormalized = (order * diagonal.log()).sum(dim=-1)
        count = self.dim - 1
        alpha = self.concentration + 0.5 * count
        denominator = alpha.lgamma() * count
        numerator = (alpha - 0.5).mvlgamma(count)
        normalizer = 0.5 * count * math.log(math.pi) + numerator - denominator
        return unnormalized - normalizer
