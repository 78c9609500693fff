"""`hash_tensor`: the elements of a tensor as words of 64 bits, all of them in one."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._ops.along import along
from jtorch._ops.bits import bits_of
from jtorch._ops.refusals import FLOAT8_TYPES, unsupported
from jtorch._ops.signatures import Dims, is_integer
from jtorch._shapes import wrap_dim
from jtorch._tensor import Tensor

_NO_WORDS = (*FLOAT8_TYPES, _dtypes.uint16, _dtypes.uint32, _dtypes.uint64)


def _check(input, mode):
    if mode != 0:
        raise RuntimeError(f"Unknown hash_tensor mode: {mode}")
    if input.dtype.category == COMPLEX or input.dtype in _NO_WORDS:
        raise unsupported("xor_sum_cpu", input.dtype)


def _refuse_nothing(input, dim):
    if dim is None or dim in ((), []):
        raise RuntimeError(
            "hash_tensor: Expected reduction dim to be specified for input.numel() == 0. Specify "
            "the reduction dim with the 'dim' argument."
        )
    for each in (dim,) if is_integer(dim) else dim:
        if not input.shape[each]:
            raise IndexError(
                f"hash_tensor: Expected reduction dim {wrap_dim(each, input.ndim)} to have "
                "non-zero size."
            )


def _check_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            f"Expected result to be of dtype uint64, but got {target.dtype.scalar_name}"
        )


@along(
    dtype=lambda input: _dtypes.uint64,
    check=_check,
    nothing=_refuse_nothing,
    variants="fmo",
    out_check=_check_out,
    gradient=None,
)
def hash_tensor(input: Tensor, dim: Dims | None = (), *, keepdim: bool = False, mode: int = 0):
    """Each element's 64 bits, as float64 or int64, and the exclusive or of them over `dim`.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   uint64.
    Errors:  RuntimeError for another mode than 0; NotImplementedError for complex numbers.
    Source:  torch.hash_tensor.
    """
    if _dtypes.BY_NUMPY[input.dtype].category == FLOATING:
        words = bits_of(input.astype(np.float64))
    else:
        words = input.astype(np.int64).astype(np.uint64)
    dims = tuple(range(input.ndim)) if dim is None else dim
    found = lax.reduce(words, np.uint64(0), lax.bitwise_xor, dims)
    return jnp.expand_dims(found, dims) if keepdim else found


__all__ = ["hash_tensor"]
