"""Making sparse tensors: of places and values, and of strided tensors; and what they are made of."""

import numpy as np

from jtorch import _dtypes
from jtorch._device import resolve
from jtorch._layout import LAYOUTS, layout
from jtorch._messages import type_name, warn_once
from jtorch._ops.creation import empty
from jtorch._ops.families import composite
from jtorch._ops.from_data import as_tensor
from jtorch._sparse.answers import answers, could_not_run
from jtorch._sparse.gradients import constructed
from jtorch._sparse.places import coalesced, rows_of, tensor_of
from jtorch._sparse.tensor import SparseTensor, connect, make
from jtorch._tensor import Tensor

__all__ = ["check_places", "invariants", "sparse_coo_tensor", "to_sparse"]

_OPTIONS = (
    "torch.dtype dtype = None, torch.device device = None, bool pin_memory = False, bool "
    "requires_grad = False, bool check_invariants = None, bool is_coalesced = None"
)
_SIGNATURES = (
    f" * (object indices, object values, *, {_OPTIONS})\n"
    f" * (object indices, object values, tuple of ints size, *, {_OPTIONS})\n"
    " * (tuple of ints size, *, torch.dtype dtype = None, torch.device device = None, bool "
    "requires_grad = False, bool check_invariants = None)\n"
)
_UNCHECKED = (
    "Sparse invariant checks are implicitly disabled. Memory errors (e.g. SEGFAULT) will occur when "
    "operating on a sparse tensor which violates the invariants, but checks incur performance "
    "overhead. To silence this warning, explicitly opt in or out. See "
    "`torch.sparse.check_sparse_tensor_invariants.__doc__` for guidance."
)


class _Invariants:
    """Whether places are looked at when a tensor is made of them; None: nobody has said."""

    enabled = None


invariants = _Invariants()
_BOOLS = ("pin_memory", "requires_grad", "check_invariants", "is_coalesced")


def _is_size(value):
    return isinstance(value, (tuple, list)) and all(
        isinstance(each, (int, np.integer)) and not isinstance(each, bool) for each in value
    )


def _no_such_call(args, kwargs):
    given = [type_name(each) for each in args]
    given += [f"{name}={type_name(each)}" for name, each in kwargs.items()]
    return TypeError(
        f"sparse_coo_tensor() received an invalid combination of arguments - got "
        f"({', '.join(given)}), but expected one of:\n{_SIGNATURES}"
    )


@composite(variants="f")
def sparse_coo_tensor(*args, **kwargs):
    """A sparse tensor of places (sparse dims, n) and values (n, dense dims), or an empty one.

    Without `size` it is as large as its places need it to be. Places may come again: their values
    count together.

    Errors:  TypeError for other arguments; RuntimeError for parts that do not fit together.
    Source:  torch.sparse_coo_tensor.
    """
    options = dict(kwargs)
    names = ("indices", "values", "size")
    given = dict(zip(names, args, strict=False))
    if len(args) == 1 or (not args and "size" in options and "indices" not in options):
        size = args[0] if args else options.pop("size")
        if isinstance(size, Tensor):
            raise TypeError(
                "sparse_coo_tensor(): argument 'size' (position 1) must be tuple of ints, not Tensor"
            )
        given = {"size": size}
    for name in names:
        if name in options:
            given[name] = options.pop(name)
    known = ("dtype", "device", *_BOOLS)
    wrong = (
        len(args) > 3
        or ("values" in given) != ("indices" in given)
        or not given
        or ("size" in given and not _is_size(given["size"]))
        or any(name not in known for name in options)
        or any(options.get(name) is not None and options[name].__class__ is not bool
               for name in _BOOLS)
    )  # fmt: skip
    if wrong:
        raise _no_such_call(args, kwargs)
    return _made(given, **options)


def _made(
    given, dtype=None, device=None, pin_memory=False, requires_grad=False, check_invariants=None,
    is_coalesced=None,
):  # fmt: skip
    size = given.get("size")
    if size is not None and any(each < 0 for each in size):
        raise RuntimeError("numel: integer multiplication overflow")
    if "values" not in given:
        device = resolve(device)
        indices = empty((len(size), 0), dtype=_dtypes.int64, device=device)
        values = empty((0,), dtype=dtype, device=device)
        return _leaf(make(indices, values, size, True), requires_grad)
    indices, values = _dense("indices", given["indices"]), _dense("values", given["values"])
    values = as_tensor(values, dtype=dtype, device=device)
    indices = as_tensor(indices, dtype=_dtypes.int64, device=values.device)
    if not values.ndim:
        values = values.expand(1)
    size = _checked(indices, values, size)
    if check_invariants is None:
        if invariants.enabled is None:
            warn_once(_UNCHECKED)
        check_invariants = bool(invariants.enabled)
    result = constructed(indices, values, size)
    if check_invariants:
        check_places(result)
    if is_coalesced:
        if check_invariants:
            known = coalesced(result)._ind
            if known.shape != indices.shape or not np.array_equal(known._host(), indices._host()):
                raise RuntimeError(
                    "cannot set is_coalesced to true if indices correspond to uncoalesced COO tensor"
                )
        result._coal = True
    return _leaf(result.detach(), True) if requires_grad else result


def _leaf(tensor, requires_grad):
    if requires_grad:
        if tensor.dtype.category < _dtypes.FLOATING:
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        tensor._requires_grad = True
    return tensor


def _dense(name, value):
    if isinstance(value, SparseTensor):
        raise RuntimeError(f"expected {name} to be a dense tensor, but got {name} of layout Sparse")
    return value


def _checked(indices, values, size):
    """The size of a tensor of these parts, where they fit together."""
    depth = indices.shape[0] if indices.ndim else 0
    if size is not None and len(size) != depth + values.ndim - 1:
        raise RuntimeError(
            "'len(size) == sparse_dim + dense_dim' is not satisfied: len(size) = "
            f"{len(size)}, sparse_dim = {depth}, dense_dim = {values.ndim - 1}"
        )
    if indices.ndim != 2:
        raise RuntimeError(f"indices must be sparse_dim x nnz, but got: {list(indices.shape)}")
    count = indices.shape[1]
    if size is None:
        _same_count(count, values)
        rows = indices._host()
        if rows.size and rows.min() < 0:
            dim = int(np.flatnonzero(rows.min(1) < 0)[0])
            raise RuntimeError(f"found negative index {rows[dim].min()} for dim {dim}")
        extents = [int(row.max()) + 1 for row in rows] if count else [0] * depth
        return (*extents, *values.shape[1:])
    _same_count(count, values)
    wanted = [count, *size[depth:]]
    if wanted != list(values.shape):
        raise RuntimeError(
            f"values has incorrect size, expected {wanted}, got {list(values.shape)}"
        )
    return tuple(int(each) for each in size)


def _same_count(count, values):
    if count != values.shape[0]:
        raise RuntimeError(
            f"indices and values must have same nnz, but got nnz from indices: {count}, nnz from "
            f"values: {values.shape[0]}"
        )


def check_places(sparse):
    """Errors: RuntimeError for a place outside of the tensor."""
    if not sparse._ind.shape[1]:
        return
    for dim, row in enumerate(sparse._ind._host()):
        if row.min() < 0:
            raise RuntimeError(f"found negative index {row.min()} for dim {dim}")
        if row.max() >= sparse._meta.shape[dim]:
            raise RuntimeError(
                f"size is inconsistent with indices: for dim {dim}, size is "
                f"{sparse._meta.shape[dim]} but found index {row.max()}"
            )


# Strided to sparse


@composite(variants="m")
def to_sparse(self, *args, **kwargs):
    """The same elements as a sparse tensor: those that are not zero.

    Errors:  RuntimeError for a number of sparse dims that there cannot be; NotImplementedError for
             compressed layouts.
    Source:  torch.Tensor.to_sparse.
    """
    depth = args[0] if args else kwargs.get("sparse_dim")
    if args and kwargs:
        raise TypeError(f"to_sparse() takes 0 positional arguments but {len(args)} was given")
    wanted = kwargs.get("layout")
    if isinstance(depth, layout):
        wanted, depth = depth, None
    if wanted is not None and wanted is not LAYOUTS["sparse_coo"]:
        if wanted is LAYOUTS["strided"]:
            return self.to_dense()
        raise _compressed(wanted)
    if kwargs.get("blocksize") is not None:
        raise RuntimeError(
            "dense_to_sparse: conversion from Strided to Sparse with blocksize argument given is "
            "not supported"
        )
    if self.is_sparse:
        return _again(self, depth)
    name = "ToSparseBackward1" if depth is None else "ToSparseBackward0"
    depth = self.ndim if depth is None else depth
    _check_depth(depth, self.ndim)
    result = _found(self.detach(), depth)
    return connect(name, (self,), result, lambda gradient: gradient.to_dense(), keeps=False)


def _again(self, depth):
    if depth is not None and depth != self.sparse_dim():
        raise RuntimeError(
            "to_sparse: conversion from Sparse to Sparse with sparse_dim argument "
            "!=self.sparse_dim() is not supported"
        )
    return self


def _check_depth(depth, ndim):
    if not 0 <= depth <= ndim:
        raise RuntimeError(
            f"dense_to_sparse: sparse_dim argument must be in [0,{ndim}] range, but {depth} is given"
        )
    if not depth and ndim:
        raise RuntimeError("dense_to_sparse: sparse_dim argument must be in >0 when self.dim()>0")


def _found(dense, depth):
    array = dense._host()
    kept = array != 0
    if array.ndim > depth:
        kept = kept.any(axis=tuple(range(depth, array.ndim)))
    places = np.stack(np.nonzero(kept)) if depth else np.zeros((0, int(kept)), np.int64)
    numbers = tensor_of(np.flatnonzero(kept), dense.device)
    values = rows_of(dense, depth).index_select(0, numbers)
    return make(tensor_of(places, dense.device), values, dense.shape, True)


@composite(variants="m")
def to_sparse_coo(self):
    """`to_sparse()`. Source: torch.Tensor.to_sparse_coo."""
    return self.to_sparse()


def _compressed(wanted):
    return NotImplementedError(
        f"jtorch does not provide tensors of layout {wanted}; torch.sparse_coo is the one sparse "
        "layout there is"
    )


def _declare_compressed(name):
    def refuse(self, *args, **kwargs):
        raise _compressed(f"torch.{name.removeprefix('to_')}")

    refuse.__doc__ = f"""Errors: NotImplementedError always. Source: torch.Tensor.{name}."""
    refuse.__name__ = name
    composite(refuse, variants="m")


for _name in ("to_sparse_csr", "to_sparse_csc", "to_sparse_bsr", "to_sparse_bsc"):
    _declare_compressed(_name)


# Parts


def _method(name, refusal, answer):
    """A method that strided tensors refuse, and what sparse ones answer."""

    def ask(self):
        raise refusal

    ask.__name__ = name
    ask.__doc__ = answer.__doc__
    composite(ask, variants="m")
    answers(name)(answer)


def _expected(name, kind="sparse coordinate tensor layout"):
    return RuntimeError(f"{name} expected {kind} but got Strided")


def _coalesce(self):
    """The same with places in order, each once. Source: torch.Tensor.coalesce."""
    if self._coal:
        return self
    return connect(
        "CoalesceBackward0", (self,), coalesced(self), lambda gradient: gradient, keeps=False
    )


def _indices(self):
    """The places of a coalesced tensor. Source: torch.Tensor.indices."""
    if not self._coal:
        raise RuntimeError(
            "Cannot get indices on an uncoalesced tensor, please call .coalesce() first"
        )
    return self._ind.detach()


def _values(self):
    """The values of a coalesced tensor, with their history. Source: torch.Tensor.values."""
    if not self._coal:
        raise RuntimeError(
            "Cannot get values on an uncoalesced tensor, please call .coalesce() first"
        )
    indices, shape = self._ind, self._meta.shape
    return connect(
        "ValuesBackward0",
        (self,),
        self._val.detach(),
        lambda gradient: constructed(indices, gradient, shape, True),
    )


def _raw_values(self):
    """The values as they are, without history."""
    return self._val.detach()


def _raw_indices(self):
    """The places as they are."""
    return self._ind.detach()


def _count(self):
    """How many places there are, as they are."""
    return self._ind.shape[1]


def _set_coalesced(self, coalesced):
    self._coal = bool(coalesced)
    return self


_method("coalesce", _expected("coalesce"), _coalesce)
_method("indices", _expected("indices"), _indices)
_method("values", _expected("values", "sparse tensor layout"), _values)
_method("_indices", could_not_run("_indices", "CPU"), _raw_indices)
_method("_values", could_not_run("_values", "CPU"), _raw_values)
_method("_nnz", could_not_run("_nnz", "CPU"), _count)
answers("is_coalesced")(lambda self: self._coal)
answers("sparse_dim")(lambda self: self._ind.shape[0])
answers("dense_dim")(lambda self: self._val.ndim - 1)
answers("_coalesced_")(_set_coalesced)
