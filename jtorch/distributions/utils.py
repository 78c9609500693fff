"""What families share: parameters of one shape, probabilities and log-odds, lazy properties."""

from functools import update_wrapper
from typing import Generic, TypeVar

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import enable_grad
from jtorch._dtypes import get_default_dtype
from jtorch._info import finfo
from jtorch._layout import MEMORY_FORMATS
from jtorch._ops.creation import empty
from jtorch._ops.from_data import tensor
from jtorch._ops.join import broadcast_tensors
from jtorch._ops.triangle import tril_indices
from jtorch._size import Size
from jtorch._tensor import Tensor
from jtorch.overrides import is_tensor_like
from jtorch.types import Number

__all__ = [
    "broadcast_all",
    "clamp_probs",
    "lazy_property",
    "logits_to_probs",
    "probs_to_logits",
    "tril_matrix_to_vec",
    "vec_to_tril_matrix",
]

euler_constant = 0.57721566490153286060
_Instance = TypeVar("_Instance", contravariant=True)
_Value = TypeVar("_Value", covariant=True)


def __getattr__(name):
    raise missing_attribute(__name__, name)


def broadcast_all(*values):
    """The values as tensors of one shape; numbers take dtype and device of the first tensor.

    Errors:  ValueError for what is neither a number nor like a tensor.
    Source:  torch.distributions.utils.broadcast_all.
    """
    like_tensors = [is_tensor_like(each) for each in values]
    if not all(
        given or isinstance(each, Number) for each, given in zip(values, like_tensors, strict=True)
    ):
        raise ValueError(
            "Input arguments must all be instances of Number, "
            "torch.Tensor or objects implementing __torch_function__."
        )
    first = next((each for each in values if isinstance(each, Tensor)), None)
    options = (
        {"dtype": get_default_dtype()}
        if first is None
        else {"dtype": first.dtype, "device": first.device}
    )
    return broadcast_tensors(
        *(
            each if given else tensor(each, **options)
            for each, given in zip(values, like_tensors, strict=True)
        )
    )


def _standard_normal(shape, dtype, device):
    return empty(shape, dtype=dtype, device=device).normal_()


def _contiguous_copy(values):
    """A copy to write into; what is expanded gets an element for each place."""
    return values.clone(memory_format=MEMORY_FORMATS["contiguous_format"])


def _sum_rightmost(value, dim):
    """The sum over the last `dim` dims."""
    if dim == 0:
        return value
    return value.reshape((*value.shape[:-dim], -1)).sum(-1)


def logits_to_probs(logits, is_binary=False):
    """Probabilities of log-odds (`is_binary`), or of log-weights along the last dim.

    Source:  torch.distributions.utils.logits_to_probs.
    """
    return logits.sigmoid() if is_binary else logits.softmax(dim=-1)


def clamp_probs(probs):
    """Probabilities kept from 0 and 1 by the dtype's `eps`.

    Source:  torch.distributions.utils.clamp_probs.
    """
    eps = finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


def probs_to_logits(probs, is_binary=False):
    """Log-odds of probabilities (`is_binary`), or their logarithms; of clamped probabilities.

    Source:  torch.distributions.utils.probs_to_logits.
    """
    clamped = clamp_probs(probs)
    if is_binary:
        return clamped.log() - (-clamped).log1p()
    return clamped.log()


class lazy_property(Generic[_Instance, _Value]):
    """A property computed at its first reading, with gradients; then it is an attribute.

    Source:  torch.distributions.utils.lazy_property.
    """

    def __init__(self, wrapped):
        self.wrapped = wrapped
        update_wrapper(self, wrapped)

    def __get__(self, instance, obj_type=None):
        if instance is None:
            return _lazy_property_and_property(self.wrapped)
        with enable_grad():
            value = self.wrapped(instance)
        setattr(instance, self.wrapped.__name__, value)
        return value


class _lazy_property_and_property(lazy_property, property):
    """What the class answers: a property for tools that document, a lazy one for checks."""

    def __init__(self, wrapped):
        property.__init__(self, wrapped)


def tril_matrix_to_vec(mat, diag=0):
    """The elements on and below a diagonal, row by row: (..., D, D) -> (..., n).

    Errors:  ValueError for a diagonal outside of the matrix.
    Source:  torch.distributions.utils.tril_matrix_to_vec.
    """
    size = mat.shape[-1]
    if diag < -size or diag >= size:
        raise ValueError(f"diag ({diag}) provided is outside [{-size}, {size - 1}].")
    rows, columns = tril_indices(size, size, diag, device=mat.device)
    return mat[..., rows, columns]


def vec_to_tril_matrix(vec, diag=0):
    """The matrix with these elements on and below a diagonal, row by row, and zeros above.

    Errors:  ValueError for a length that fills no square matrix.
    Source:  torch.distributions.utils.vec_to_tril_matrix.
    """
    length, shift = vec.shape[-1], 1 + 2 * diag
    # the positive root of size**2 + shift * size - |diag| * (diag + 1) - 2 * length
    root = (shift**2 + 8 * length + 4 * abs(diag) * (diag + 1)) ** 0.5
    exact = (root - shift) / 2
    size = round(exact)
    if size - exact > finfo(vec.dtype).eps:
        raise ValueError(
            f"The size of last dimension is {length} which cannot be expressed as "
            "the lower triangular part of a square D x D matrix."
        )
    matrix = vec.new_zeros(vec.shape[:-1] + Size((size, size)))
    rows, columns = tril_indices(size, size, diag, device=vec.device)
    matrix[..., rows, columns] = vec
    return matrix
