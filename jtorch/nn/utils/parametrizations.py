"""Parametrizations that are often wanted: orthogonal matrices, weight norm, spectral norm."""

from enum import Enum, auto

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._info import finfo
from jtorch._layout import MEMORY_FORMATS
from jtorch._ops import weight_norm as ops
from jtorch._ops.arithmetic import add
from jtorch._ops.comparison import allclose
from jtorch._ops.creation import zeros_like
from jtorch._ops.factor import geqrf, linalg_householder_product
from jtorch._ops.join import cat
from jtorch._ops.matmul import mv, vdot
from jtorch._ops.matrix_functions import linalg_matrix_exp
from jtorch._ops.random import randn
from jtorch._ops.ranges import eye
from jtorch._ops.solve import linalg_solve
from jtorch._tensor import Tensor
from jtorch.nn.functional import normalize
from jtorch.nn.modules.module import Module
from jtorch.nn.utils import parametrize
from jtorch.nn.utils.spectral_norm import default_dim

__all__ = ["orthogonal", "spectral_norm", "weight_norm"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _is_orthogonal(matrix):
    rows, columns = matrix.size(-2), matrix.size(-1)
    identity = eye(columns, dtype=matrix.dtype, device=matrix.device)
    return allclose(matrix.mH @ matrix, identity, atol=10.0 * rows * finfo(matrix.dtype).eps)


def _made_orthogonal(matrix):
    """The Q of a QR decomposition of a tall matrix whose R has no negative diagonal."""
    reflections, tau = geqrf(matrix)
    made = linalg_householder_product(reflections, tau)
    made *= reflections.diagonal(dim1=-2, dim2=-1).sgn().unsqueeze(-2)
    return made


class _OrthMaps(Enum):
    matrix_exp = auto()
    cayley = auto()
    householder = auto()


class _Orthogonal(Module):
    """A matrix without constraints becomes an orthogonal one, times `base` if there is one."""

    def __init__(self, weight, orthogonal_map, *, use_trivialization=True):
        super().__init__()
        if weight.is_complex() and orthogonal_map == _OrthMaps.householder:
            raise ValueError("The householder parametrization does not support complex tensors.")
        self.shape = weight.shape
        self.orthogonal_map = orthogonal_map
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, X):
        is_wide = X.size(-2) < X.size(-1)
        if is_wide:
            X = X.mT
        if self.orthogonal_map == _OrthMaps.householder:
            result = self._reflected(X)
        else:
            result = self._rotated(X)
        if hasattr(self, "base"):
            result = self.base @ result
        return result.mT if is_wide else result

    @staticmethod
    def _reflected(X):
        """The product of the reflections that are below the diagonal, which holds their signs."""
        A = X.tril(diagonal=-1)
        tau = 2.0 / (1.0 + (A * A).sum(dim=-2))
        result = linalg_householder_product(A, tau)
        # as integers, so that the signs have no gradient
        return result * X.diagonal(dim1=-2, dim2=-1).int().unsqueeze(-2)

    def _rotated(self, X):
        """The exponential, or Cayley's map, of a skew-symmetric matrix."""
        n, k = X.size(-2), X.size(-1)
        X = X.tril()
        if n != k:
            X = cat([X, X.new_zeros(n, n - k).expand(*X.shape[:-2], -1, -1)], dim=-1)
        A = X - X.mH
        if self.orthogonal_map == _OrthMaps.matrix_exp:
            result = linalg_matrix_exp(A)
        else:
            identity = eye(n, dtype=A.dtype, device=A.device)
            result = linalg_solve(add(identity, A, alpha=-0.5), add(identity, A, alpha=0.5))
        return result if n == k else result[..., :k]

    @no_grad()
    def right_inverse(self, Q):
        if Q.shape != self.shape:
            raise ValueError(
                f"Expected a matrix or batch of matrices of shape {self.shape}. Got a tensor of "
                f"shape {Q.shape}."
            )
        is_wide = Q.size(-2) < Q.size(-1)
        tall = Q.mT if is_wide else Q
        if not hasattr(self, "base"):
            A = self._reflections_of(tall)
            return A.mT if is_wide else A
        self.base = self._completed(tall)
        # The diagonal holds the signs of reflections: these give the identity.
        made = zeros_like(Q)
        made.diagonal(dim1=-2, dim2=-1).fill_(-1.0)
        return made

    def _reflections_of(self, Q):
        if self.orthogonal_map != _OrthMaps.householder:
            raise NotImplementedError(
                "It is not possible to assign to the matrix exponential or the Cayley "
                "parametrizations when use_trivialization=False."
            )
        A, tau = geqrf(Q)
        A.diagonal(dim1=-2, dim2=-1).sign_()
        # LAPACK gives exactly zero for a reflection that it does not use.
        A.diagonal(dim1=-2, dim2=-1)[tau == 0.0] *= -1
        return A

    @staticmethod
    def _completed(Q):
        """A square orthogonal matrix whose first columns are those of `Q`, made orthogonal."""
        n, k = Q.size(-2), Q.size(-1)
        if n == k:
            return Q.clone() if _is_orthogonal(Q) else _made_orthogonal(Q)
        others = randn(*Q.size()[:-2], n, n - k, dtype=Q.dtype, device=Q.device)
        return _made_orthogonal(cat([Q, others], dim=-1))


def orthogonal(module, name="weight", orthogonal_map=None, *, use_trivialization=True):
    """Have a matrix of a module orthogonal, or unitary.

    `orthogonal_map` is "matrix_exp" (the default of square and complex ones), "cayley" or
    "householder" (that of the others).

    Errors:  ValueError for what is no matrix, or another map.
    Source:  torch.nn.utils.parametrizations.orthogonal.
    """
    weight = getattr(module, name, None)
    _require_tensor(module, name, weight)
    if weight.ndim < 2:
        raise ValueError(
            f"Expected a matrix or batch of matrices. Got a tensor of {weight.ndim} dimensions."
        )
    if orthogonal_map is None:
        is_square = weight.size(-2) == weight.size(-1)
        orthogonal_map = "matrix_exp" if is_square or weight.is_complex() else "householder"
    found = getattr(_OrthMaps, orthogonal_map, None)
    if found is None:
        raise ValueError(
            'orthogonal_map has to be one of "matrix_exp", "cayley", "householder". '
            f"Got: {orthogonal_map}"
        )
    made = _Orthogonal(weight, found, use_trivialization=use_trivialization)
    return parametrize.register_parametrization(module, name, made, unsafe=True)


def _require_tensor(module, name, value):
    if not isinstance(value, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")


class _WeightNorm(Module):
    """A length and a direction become a weight."""

    def __init__(self, dim=0):
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g, weight_v):
        return ops.weight_norm(weight_v, weight_g, self.dim)

    def right_inverse(self, weight):
        return ops.norm_except_dim(weight, 2, self.dim), weight


def weight_norm(module, name="weight", dim=0):
    """Have a parameter of a module made of lengths (`original0`) and directions (`original1`).

    There is one length for each slice along `dim`, or one for the whole where `dim` is None. State
    dicts of the older `torch.nn.utils.weight_norm` load.

    Source:  torch.nn.utils.parametrizations.weight_norm; arXiv 1602.07868.
    """
    parametrize.register_parametrization(module, name, _WeightNorm(dim), unsafe=True)

    def rename(state_dict, prefix, *others):
        older = f"{prefix}{name}_g", f"{prefix}{name}_v"
        if all(key in state_dict for key in older):
            for place, key in enumerate(older):
                newer = f"{prefix}parametrizations.{name}.original{place}"
                state_dict[newer] = state_dict.pop(key)

    module._register_load_state_dict_pre_hook(rename)
    return module


class _SpectralNorm(Module):
    """A weight is divided by an estimate of its largest singular value, a vector by its length."""

    def __init__(self, weight, n_power_iterations=1, dim=0, eps=1e-12):
        super().__init__()
        ndim = weight.ndim
        if dim >= ndim or dim < -ndim:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [-{ndim}, {ndim - 1}] but got "
                f"{dim})"
            )
        if n_power_iterations <= 0:
            raise ValueError(
                "Expected n_power_iterations to be positive, but got "
                f"n_power_iterations={n_power_iterations}"
            )
        self.dim = dim if dim >= 0 else dim + ndim
        self.eps = eps
        if ndim > 1:
            self.n_power_iterations = n_power_iterations
            matrix = self._reshape_weight_to_matrix(weight)
            height, width = matrix.size()
            u = matrix.new_empty(height).normal_(0, 1)
            v = matrix.new_empty(width).normal_(0, 1)
            self.register_buffer("_u", normalize(u, dim=0, eps=eps))
            self.register_buffer("_v", normalize(v, dim=0, eps=eps))
            self._power_method(matrix, 15)

    def _reshape_weight_to_matrix(self, weight):
        if weight.ndim <= 1:
            raise AssertionError(
                f"Expected weight to have more than 1 dimension, got {weight.ndim}"
            )
        if self.dim != 0:
            others = [each for each in range(weight.dim()) if each != self.dim]
            weight = weight.permute(self.dim, *others)
        return weight.flatten(1)

    @no_grad()
    def _power_method(self, weight_mat, n_power_iterations):
        """Bring `_u` and `_v` nearer to the singular vectors, in place."""
        if weight_mat.ndim <= 1:
            raise AssertionError(
                f"Expected weight_mat to have more than 1 dimension, got {weight_mat.ndim}"
            )
        for _ in range(n_power_iterations):
            self._u = normalize(mv(weight_mat, self._v), dim=0, eps=self.eps, out=self._u)
            self._v = normalize(mv(weight_mat.H, self._u), dim=0, eps=self.eps, out=self._v)

    def forward(self, weight):
        if weight.ndim == 1:
            return normalize(weight, dim=0, eps=self.eps)
        matrix = self._reshape_weight_to_matrix(weight)
        if self.training:
            self._power_method(matrix, self.n_power_iterations)
        # copies, as a backward of this forward may come after the next has changed them
        contiguous = MEMORY_FORMATS["contiguous_format"]
        u = self._u.clone(memory_format=contiguous)
        v = self._v.clone(memory_format=contiguous)
        return weight / vdot(u, mv(matrix, v))

    def right_inverse(self, value):
        return value


def spectral_norm(module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    """Have a parameter of a module divided by its largest singular value, whenever it is asked for.

    Source:  torch.nn.utils.parametrizations.spectral_norm; arXiv 1802.05957.
    """
    weight = getattr(module, name, None)
    _require_tensor(module, name, weight)
    made = _SpectralNorm(weight, n_power_iterations, default_dim(module, dim), eps)
    return parametrize.register_parametrization(module, name, made)
