"""Sums, products, means and counts over dims, and what is true of all or of any element.

XLA sums in a tree of partial sums, so long sums are as accurate as torch's; half precision is
summed in float32 and rounded once, as torch does.
"""

import functools

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._ops.along import AlongRow, accumulated, along, count_along, lessened, node_by_dim
from jtorch._ops.cast import cast_array
from jtorch._ops.refusals import unsupported
from jtorch._ops.signatures import Dim, Dims, overloads
from jtorch._tensor import Tensor

HALF = (_dtypes.float16.numpy, _dtypes.bfloat16.numpy)
_SUM = (
    "(Tensor input, *, torch.dtype? dtype = None)",
    "(Tensor input, tuple of ints? dim, bool keepdim = False, *, torch.dtype? dtype = None, "
    "Tensor? out = None)",
)
_MEAN = (_SUM[0].replace(")", ", Tensor? out = None)"), _SUM[1])


def terms_of(array, dtype):
    """An array as what is added or multiplied up: `dtype` or its own, widened as torch does."""
    if dtype is not None:
        array = cast_array(array, dtype.numpy)
    elif array.dtype.kind in "biu":
        array = array.astype(np.int64)
    return array.astype(np.float32) if array.dtype in HALF else array


def total(terms, dim, keepdim):
    """The sum in the dtype of the terms; of bool, whether any is true."""
    if terms.dtype == np.bool_:
        return jnp.any(terms, axis=dim, keepdims=keepdim)
    return jnp.sum(terms, axis=dim, keepdims=keepdim, dtype=terms.dtype)


@along(dtype=accumulated, typed_out=True, cast_out=False, variants="fmo", overloads=_SUM,
       gradient=node_by_dim("Sum"))  # fmt: skip
def sum(input: Tensor, dim: Dims | None = None, keepdim: bool = False, *,
        dtype: _dtypes.dtype | None = None):  # fmt: skip
    """Sum over `dim`: an int, several, or None for all.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   bool and integers become int64; `dtype` overrides, before summing.
    Errors:  IndexError if a dim is out of range; RuntimeError if one is given twice.
    Source:  torch.sum; jnp.sum.
    """
    return total(terms_of(input, dtype), dim, keepdim)


def _check_nansum(input):
    if input.dtype.category == COMPLEX:
        raise RuntimeError("nansum on CPU does not support complex inputs")


def _nansum_out(target, meta):
    if target.dtype is _dtypes.bool_:
        raise unsupported("nansum_cpu", target.dtype)


class _NansumRow(AlongRow):
    """Torch's kernel, which integers do not need, has no bool."""

    def _into(self, out, entry, inputs):
        given = entry.kernel.inputs[0]
        if given.dtype.kind not in "biu" and 0 not in given.shape:
            _nansum_out(out, entry.meta)
        return super()._into(out, entry, inputs)


@along(row=_NansumRow, dtype=accumulated, typed_out=True, cast_out=False, variants="fmo",
       check=_check_nansum)  # fmt: skip
def nansum(input: Tensor, dim: Dims | None = None, keepdim: bool = False, *,
           dtype: _dtypes.dtype | None = None):  # fmt: skip
    """`sum` with NaN counted as 0.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   bool and integers become int64; `dtype` overrides, before summing.
    Errors:  RuntimeError for complex numbers; otherwise as `sum`.
    Source:  torch.nansum; jnp.sum.
    """
    return total(terms_of(_without_nan(input), dtype), dim, keepdim)


def _without_nan(array):
    if array.dtype.kind in "biu":
        return array
    return jnp.where(jnp.isnan(array), jnp.zeros((), array.dtype), array)


def _check_mean(input, dtype):
    chosen = dtype or input.dtype
    if chosen.category < FLOATING:
        which = "Input" if dtype is None else "Optional"
        raise RuntimeError(
            f"mean(): could not infer output dtype. {which} dtype must be either a floating point "
            f"or complex dtype. Got: {chosen.scalar_name}"
        )


@along(dtype=accumulated, typed_out="floating", cast_out=False, variants="fmo", check=_check_mean,
       overloads=_MEAN, gradient=node_by_dim("Mean"))  # fmt: skip
def mean(input: Tensor, dim: Dims | None = None, keepdim: bool = False, *,
         dtype: _dtypes.dtype | None = None):  # fmt: skip
    """Mean over `dim`: an int, several, or None for all. Of nothing it is NaN.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must be floating or complex; `dtype` overrides, before summing.
    Errors:  RuntimeError for bool and integers, unless `dtype` is given.
    Source:  torch.mean; jnp.sum.
    """
    terms = terms_of(input, dtype)
    return total(terms, dim, keepdim) / count_along(input.shape, dim)


def _check_nanmean(input):
    if input.dtype.category < FLOATING:
        raise RuntimeError(
            "nanmean(): expected input to have floating point or complex dtype but got "
            f"{input.dtype.scalar_name}"
        )
    _check_nansum(input)


def _parts_of_nanmean(input, dim, keepdim, dtype):
    count = input.isnan().logical_not_().sum(dim, keepdim)
    return input.nansum(dim, keepdim, dtype=dtype) / count


@along(dtype=accumulated, typed_out=True, cast_out=False, variants="fmo", check=_check_nanmean,
       out_check=_nansum_out, parts=_parts_of_nanmean)  # fmt: skip
def nanmean(input: Tensor, dim: Dims | None = None, keepdim: bool = False, *,
            dtype: _dtypes.dtype | None = None):  # fmt: skip
    """Mean of the elements that are not NaN.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must be floating; `dtype` overrides, before summing.
    Errors:  RuntimeError for bool, integers and complex numbers.
    Source:  torch.nanmean; jnp.sum.
    """
    terms = terms_of(_without_nan(input), dtype)
    count = jnp.sum(~jnp.isnan(input), axis=dim, keepdims=keepdim, dtype=np.int64)
    return total(terms, dim, keepdim) / count.astype(terms.dtype)


def _product(input, dim, keepdim, dtype):
    terms = terms_of(input, dtype)
    if terms.dtype == np.bool_:
        return jnp.all(terms, axis=dim, keepdims=keepdim)
    if not terms.ndim:
        return terms
    if dim is None:
        shape = (1,) * terms.ndim if keepdim else ()
        return _multiplied(terms.reshape(-1), 0).reshape(shape)
    found = _multiplied(terms, dim)
    return jnp.expand_dims(found, dim) if keepdim else found


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _multiplied(terms, dim):
    return jnp.prod(terms, axis=dim, dtype=terms.dtype)


@_multiplied.defjvp
def _step_of_product(dim, arrays, steps):
    (terms,), (step,) = arrays, steps
    product = _multiplied(terms, dim)
    whole = jnp.expand_dims(product, dim)
    others = lax.cond(
        jnp.any(terms == 0),
        lambda terms, whole: _others(terms, dim),
        lambda terms, whole: whole / terms,
        terms,
        whole,
    )
    return product, jnp.sum(step * others, axis=dim)


def _others(terms, dim):
    """The product of all terms along a dim but each one."""
    if not terms.size:
        return terms
    ones = jnp.ones_like(lax.slice_in_dim(terms, 0, 1, axis=dim))

    def before(terms, reverse):
        rest = lax.slice_in_dim(terms, *((1, None) if reverse else (0, -1)), axis=dim)
        parts = [rest, ones] if reverse else [ones, rest]
        return lax.cumprod(lax.concatenate(parts, dim), axis=dim, reverse=reverse)

    return before(terms, False) * before(terms, True)


@along(dtype=accumulated, variants="", name="prod.all", shape=lambda: (), gradient="ProdBackward0")
def _prod_all(input: Tensor, *, dtype: _dtypes.dtype | None = None):
    return _product(input, None, False, dtype)


@along(dtype=accumulated, typed_out=True, cast_out=False, variants="o", name="prod.dim_int",
       gradient="ProdBackward1")  # fmt: skip
def _prod_dim(input: Tensor, dim: Dim, keepdim: bool = False, *,
              dtype: _dtypes.dtype | None = None):  # fmt: skip
    return _product(input, dim if input.ndim else None, keepdim, dtype)


@overloads(
    (_SUM[0], _prod_all),
    (_SUM[1].replace("tuple of ints? dim", "int dim"), _prod_dim),
)
def prod():
    """Product of all elements, or along `dim`.

    Shape:   (*) -> (), or without `dim`, or with 1 there if `keepdim`.
    Dtype:   bool and integers become int64; `dtype` overrides, before multiplying.
    Errors:  IndexError if `dim` is out of range.
    Source:  torch.prod; jnp.prod.
    """


@along(
    dtype=lambda: _dtypes.int64,
    variants="fm",
    shape=lambda input, dim: lessened(input.shape, dim, False),
    overloads=("(Tensor input, int? dim = None)", "(Tensor input, tuple of ints dim)"),
)
def count_nonzero(input: Tensor, dim: Dims | None = None):
    """How many elements are not zero, over `dim`: an int, several, or None for all.

    Shape:   (*) -> without `dim`.
    Dtype:   int64.
    Errors:  IndexError if a dim is out of range; RuntimeError if one is given twice.
    Source:  torch.count_nonzero; jnp.sum.
    """
    return jnp.sum(input != 0, axis=dim, dtype=np.int64)


class LogicRow(AlongRow):
    """`all` and `any`: `out` may be bool or uint8, whatever the result is."""

    def _refuse_out(self, target, meta):
        if isinstance(target, Tensor):
            if target.dtype not in (_dtypes.bool_, _dtypes.uint8):
                raise RuntimeError(
                    f"{self.name} only supports bool tensor for result, got: "
                    f"{target.dtype.scalar_name}"
                )
            meta = meta.replaced(dtype=target.dtype)
        super()._refuse_out(target, meta)


def _logic_dtype(input):
    return input.dtype if input.dtype is _dtypes.uint8 else _dtypes.bool_


_logic = along(
    row=LogicRow,
    dtype=_logic_dtype,
    variants="fmo",
    no_dims="none",
    overloads=(
        "(Tensor input, *, Tensor? out = None)",
        "(Tensor input, tuple of ints? dim = None, bool keepdim = False, *, Tensor? out = None)",
        "(Tensor input, int dim, bool keepdim = False, *, Tensor? out = None)",
    ),
)


@_logic
def all(input: Tensor, dim: Dims | None = None, keepdim: bool = False):
    """Whether all elements are not zero, over `dim`; an empty tuple of dims reduces nothing.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   bool, but uint8 for uint8.
    Errors:  IndexError if a dim is out of range; RuntimeError if one is given twice.
    Source:  torch.all; jnp.all.
    """
    return jnp.all(input != 0, axis=dim, keepdims=keepdim)


@_logic
def any(input: Tensor, dim: Dims | None = None, keepdim: bool = False):
    """Whether any element is not zero, over `dim`; an empty tuple of dims reduces nothing.

    Shape:   (*) -> without `dim`, or with 1 there if `keepdim`.
    Dtype:   bool, but uint8 for uint8.
    Errors:  IndexError if a dim is out of range; RuntimeError if one is given twice.
    Source:  torch.any; jnp.any.
    """
    return jnp.any(input != 0, axis=dim, keepdims=keepdim)
