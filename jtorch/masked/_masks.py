"""Masks of tensors: in the shape of the input, and what stands for elements that are left out."""

import math

from jtorch import _dtypes
from jtorch._info import iinfo
from jtorch._ops.filling import where
from jtorch._ops.from_data import tensor
from jtorch._ops.reduce import any as any_of
from jtorch._ops.view import broadcast_to

_LEAST = ("amax", "argmax", "logaddexp", "logsumexp")
_GREATEST = ("amin", "argmin")
_OF_NO_ELEMENT = {"sum": 0, "cumsum": 0, "prod": 1, "cumprod": 1}
REDUCTIONS = (
    "sum", "prod", "amax", "amin", "argmax", "argmin", "mean", "median", "norm", "var", "std",
    "logsumexp",
)  # fmt: skip
NORMALIZATIONS = ("softmax", "log_softmax", "softmin", "normalize", "cumsum", "cumprod")


def canonical_dim(dim, ndim) -> tuple:
    """The dims as sorted places; all of them for None and ().

    Errors:  RuntimeError where one stands twice, IndexError out of range.
    """
    if dim is None or dim == ():
        return tuple(range(ndim))
    ndim = max(ndim, 1)
    dims = []
    for each in (dim,) if isinstance(dim, int) else dim:
        if each in dims:
            raise RuntimeError(f"dim={each} appears multiple times in the list of dims")
        if not -ndim <= each < ndim:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], but "
                f"got {each})"
            )
        dims.append(each % ndim)
    return tuple(sorted(dims))


def reduction_identity(op_name, input, *args):
    """What changes no result of an operation, a tensor without dims; None where it depends.

    Errors:  NotImplementedError where the operation has none for the dtype.
    """
    name, dtype = op_name.rpartition(".")[2], input.dtype
    if name in ("mean", "var", "std"):
        return None
    if name == "median":
        dtype = dtype if dtype.is_floating_point else _dtypes.float32
        value = math.nan
    elif name == "norm":
        value = math.inf if args and args[0] == -math.inf else 0
        if value and not dtype.is_floating_point:
            raise AssertionError(f"input must be floating point, got {dtype}")
    elif name in _OF_NO_ELEMENT:
        value = _OF_NO_ELEMENT[name]
    else:
        value = _extreme(name, dtype)
    if value is None:
        raise NotImplementedError(f"identity of {name} on {dtype} input")
    return tensor(value, dtype=dtype, device=input.device)


def _extreme(name, dtype):
    """The least number of a dtype, or the greatest; None where there is none."""
    if name not in (*_LEAST, *_GREATEST):
        return None
    if dtype.is_floating_point:
        return -math.inf if name in _LEAST else math.inf
    if dtype.is_complex and name == "logsumexp":
        return complex(-math.inf, 0)
    if dtype.is_signed or dtype is _dtypes.uint8:
        return iinfo(dtype).min if name in _LEAST else iinfo(dtype).max
    return None


def input_mask(input, *args, **kwargs):
    """The keyword `mask` in the shape of `input`, as bools.

    Errors:  ValueError without a mask, IndexError if it has more dims, RuntimeError if it does not
             broadcast.
    """
    mask = kwargs.get("mask")
    if mask is None:
        raise ValueError("_input_mask requires explicit mask")
    if mask.shape != input.shape:
        if mask.ndim > input.ndim:
            raise IndexError(
                "_input_mask expected broadcastable mask (got mask dimensionality higher than of "
                "the input)"
            )
        mask = broadcast_to(mask.clone(), input.shape)
    return mask.to(dtype=_dtypes.bool_)


def output_mask(op, input, *args, **kwargs):
    """Which elements of `op`'s result have any element that is not left out.

    Errors:  ValueError for another function than those of this module.
    """
    if not callable(op):
        raise ValueError(f"_output_mask expected masked operation (got {type(op).__name__} object)")
    name = op.__name__
    if name in NORMALIZATIONS:
        return input_mask(input, *args, **kwargs)
    if name not in REDUCTIONS:
        raise ValueError(
            f"_output_mask expected masked operation (got callable {op.__module__}.{name})"
        )
    if name == "norm":
        args = args[1:]
    dim = args[0] if args else kwargs.get("dim")
    mask = input_mask(input, *args, **kwargs)
    for each in reversed(canonical_dim(dim, input.ndim)):
        mask = any_of(mask, dim=each, keepdim=bool(kwargs.get("keepdim", False)))
    return mask


def combine(op, input, mask, *args):
    """`input`, with what changes no result in the place of elements that are left out."""
    if mask is None:
        return input
    canonical = input_mask(input, mask=mask)
    if not callable(op):
        raise ValueError(
            f"_combine_input_and_mask expected masked operation (got {type(op).__name__} object)"
        )
    return filled(op.__name__, input, canonical, *args)


def filled(name, input, mask, *args):
    return where(mask, input, reduction_identity(name, input, *args))


def kept(name, input, mask, *args):
    """`combine` for the operation of a name."""
    return input if mask is None else filled(name, input, input_mask(input, mask=mask), *args)


__all__ = [
    "NORMALIZATIONS",
    "REDUCTIONS",
    "canonical_dim",
    "combine",
    "filled",
    "input_mask",
    "kept",
    "output_mask",
    "reduction_identity",
]
