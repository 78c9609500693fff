"""Elements placed by index along a dim: `scatter` and its like."""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX
from jtorch._messages import warn_once
from jtorch._ops.bounds import extent, indexed, is_index, out_of_bounds, outside
from jtorch._ops.cast import cast_array
from jtorch._ops.detailed import in_place_method
from jtorch._ops.gather import linear_places
from jtorch._ops.names import missing
from jtorch._ops.parameters import Index, Number
from jtorch._ops.refusals import check_fits, unsupported
from jtorch._ops.signatures import Signatures, bind_both, parse, worded
from jtorch._shapes import wrap_dim
from jtorch._tensor import Tensor


@jax.custom_jvp
def placed(flat, places, values):
    """A flat array with values put into it at the places; every one of them gets its gradient."""
    return flat.at[places].set(values, mode="clip")


@placed.defjvp
def _step_of_placed(arrays, steps):
    flat, places, values = arrays
    step, _, given = steps
    moved = jnp.where(_untouched(flat, places), step, 0).at[places].add(given, mode="clip")
    return placed(flat, places, values), moved


def _untouched(flat, places):
    """Where nothing is placed."""
    return jnp.ones(flat.shape, bool).at[places].set(False, mode="clip")


def reduced(flat, places, values, how):
    """A flat array with values put, added, multiplied ... into it at the places."""
    dtype = flat.dtype
    if how == "set":
        return placed(flat, places, jnp.broadcast_to(values, places.shape).astype(dtype))
    if dtype == np.bool_:
        how = {"add": "max", "multiply": "min"}.get(how, how)
        flat, values = flat.astype(np.uint8), values.astype(np.uint8)
    return getattr(flat.at[places], how)(values, mode="clip").astype(dtype)


def _check_scatter(input, dim, index, src=None):
    dim = wrap_dim(dim, input.ndim)
    if index.numel() and not is_index(index):
        raise RuntimeError("scatter(): Expected dtype int32/int64 for index")
    if src is not None and src.dtype is not input.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    if not index.numel():
        return
    if max(input.ndim, 1) != max(index.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as self tensor")
    wrong = False
    for axis, count in enumerate(tuple(index.shape) or (1,)):
        wrong |= axis != dim and count > (input.size(axis) if input.ndim else 1)
        if src is not None:
            wrong |= count > (src.size(axis) if src.ndim else 1)
    if src is not None and max(index.ndim, 1) != max(src.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as src tensor")
    if wrong:
        end = "" if src is None else f" and to be no larger size than src {list(src.shape)}"
        raise RuntimeError(
            f"Expected index {list(index.shape)} to be no larger than self {list(input.shape)} "
            f"apart from dimension {dim}{end}"
        )


def _scatter_bounds(input, dim):
    dim = wrap_dim(dim, input.ndim)
    return out_of_bounds(RuntimeError, dim, extent(input, dim))


def _scattered(input, dim, index, values, how):
    """(result, error code); `values` is an array with room for the index, or a scalar."""
    if not index.size:
        return input, jnp.int64(0)
    array, index = jnp.atleast_1d(input), jnp.atleast_1d(index)
    dim = wrap_dim(dim, array.ndim)
    code = outside(index, 0, array.shape[dim])
    if not array.size:
        return input, code
    if values.ndim:
        values = values[tuple(slice(count) for count in index.shape)]
    places = linear_places(array.shape, dim, jnp.clip(index, 0, array.shape[dim] - 1))
    values = jnp.broadcast_to(values, index.shape)
    result = how(array.reshape(-1), places.reshape(-1), values.reshape(-1))
    return result.reshape(input.shape), code


def setting(reduce):
    how = {None: "set", "add": "add", "multiply": "multiply"}[reduce]
    return lambda flat, places, values: reduced(flat, places, values, how)


def _node_name(kwargs, number):
    """torch has derivatives where nothing is reduced."""
    return f"ScatterBackward{number}" if kwargs.get("reduce") is None else _UNDERIVED


_UNDERIVED = missing("scatter")


def _check_reduce(reduce):
    if reduce not in (None, "add", "multiply"):
        raise RuntimeError("reduce argument must be either add or multiply.")


def _check_scatter_src(input, dim, index, src, reduce):
    if reduce is not None:
        warn_once(
            "The reduce argument of torch.scatter with Tensor src is deprecated and will be "
            "removed in a future PyTorch release. Use torch.scatter_reduce instead for more "
            "reduction options."
        )
    _check_reduce(reduce)
    _check_scatter(input, dim, index, src)


@indexed(
    name="scatter.src",
    gradient=lambda args, kwargs: _node_name(kwargs, 0),
    check=_check_scatter_src,
    bounds=_scatter_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    variants="",
    cast_out=False,
)
def _scatter_src(input: Tensor, dim: int, index: Index, src: Tensor, *, reduce: str | None = None):
    return _scattered(input, dim, index, src, setting(reduce))


def _check_scatter_value(input, dim, index, reduce):
    _check_reduce(reduce)
    _check_scatter(input, dim, index)


def value_fits(input, value):
    if isinstance(value, (int, float, complex)):
        check_fits(value, input.dtype)


@indexed(
    name="scatter.value",
    gradient=lambda args, kwargs: _node_name(kwargs, 1),
    check=_check_scatter_value,
    numbers=value_fits,
    bounds=_scatter_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    variants="",
    cast_out=False,
)
def _scatter_value(input: Tensor, dim: int, index: Index, value: Number, *,
                   reduce: str | None = None):  # fmt: skip
    fill = cast_array(jnp.asarray(value), input.dtype)
    return _scattered(input, dim, index, fill, setting(reduce))


_PLACES = "Tensor input, int dim, Tensor index"
_SCATTER = Signatures(
    "scatter",
    [
        parse(f"({_PLACES}, Tensor src, *, Tensor? out = None)"),
        parse(f"({_PLACES}, Tensor src, *, str reduce, Tensor? out = None)"),
        parse(f"({_PLACES}, Number value, *, Tensor? out = None)"),
        parse(f"({_PLACES}, Number value, *, str reduce, Tensor? out = None)"),
    ],
)


def _scatter_row(args, kwargs, signatures):
    """The row that a call of `scatter` means."""
    if "value" in kwargs:
        chosen = _scatter_value
    elif "src" in kwargs or (len(args) > 3 and isinstance(args[3], Tensor)):
        chosen = _scatter_src
    elif len(args) == 4:
        chosen = _scatter_value
    else:
        raise signatures.fault(args, kwargs)
    return chosen.row


def _declare_scatter():
    """`scatter` of a tensor or of a number, as torch parses it."""
    documentation = (
        "`out[index[i][j]][j] = src[i][j]`, for dim 0 of two, or a number instead of `src`.\n\n"
        "Shape:   `index` may be smaller than `src`, and than `input` but along `dim`.\n"
        "Errors:  RuntimeError for an index outside [0, extent of `dim`), or if dtypes differ.\n"
        "Source:  torch.scatter. Where places repeat, the last one along `dim` stays.\n"
    )

    def call(args, kwargs):
        row = _scatter_row(args, kwargs, _SCATTER)
        return row.call(args, kwargs)

    def call_in_place(args, kwargs):
        row = _scatter_row(args, kwargs, _SCATTER)
        return row.call_in_place(args, kwargs)

    function, method = worded(call, _SCATTER, documentation=documentation)
    in_place = in_place_method(call_in_place, _SCATTER)
    in_place.__doc__ = documentation
    bind_both("scatter", function, method, "fm", (), in_place)
    return function


scatter = _declare_scatter()


@indexed(
    check=lambda input, dim, index, src: _check_scatter(input, dim, index, src),
    bounds=_scatter_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def scatter_add(input: Tensor, dim: int, index: Index, src: Tensor):
    """`out[index[i][j]][j] += src[i][j]`, for dim 0 of two. Errors as `scatter`.

    Source:  torch.scatter_add.
    """
    return _scattered(input, dim, index, src, setting("add"))


METHODS = {"sum": "add", "prod": "multiply", "mean": "add", "amax": "max", "amin": "min"}


def _identity(dtype, how):
    """What leaves every value as it is when reduced with it."""
    if how in ("sum", "mean", "prod"):
        return jnp.asarray(int(how == "prod"), dtype)
    if dtype == np.bool_:
        return jnp.asarray(how == "amin")
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return jnp.asarray(limits.min if how == "amax" else limits.max, dtype)
    return jnp.asarray(-np.inf if how == "amax" else np.inf, dtype)


def reducing(how, include_self):
    """The reduction of flat arrays that `scatter_reduce` and `index_reduce` name."""
    return lambda flat, places, values: _reduced_by(flat, places, values, how, include_self)


@functools.partial(jax.custom_jvp, nondiff_argnums=(3, 4))
def _reduced_by(flat, places, values, how, include_self):
    given = flat
    if not include_self:
        flat = flat.at[places].set(_identity(flat.dtype, how), mode="clip")
    result = reduced(flat, places, values, METHODS[how])
    if how != "mean":
        return result
    counts = _counts(given, places, include_self)
    return result // counts if given.dtype.kind in "iu" else result / counts


def _counts(flat, places, include_self):
    """How many values make up each mean."""
    counts = jnp.full(flat.shape, int(include_self), np.int64).at[places].add(1, mode="clip")
    return jnp.maximum(counts, 1).astype(flat.dtype)


@_reduced_by.defjvp
def _step_of_reduced(how, include_self, arrays, steps):
    flat, places, values = arrays
    step, _, given = steps
    result = _reduced_by(flat, places, values, how, include_self)
    own, slopes = _slopes(result, flat, places, values, how, include_self)
    if not include_self:
        own = jnp.where(_untouched(flat, places), own, 0)
    return result, (step * own).at[places].add(given * slopes, mode="clip")


def _slopes(result, flat, places, values, how, include_self):
    """Derivatives of a reduction by what was there and by the values."""

    def there(array):
        return array.at[places].get(mode="clip")

    if how == "sum":
        return jnp.ones_like(flat), jnp.ones_like(values)
    if how == "mean":
        share = 1 / _counts(flat, places, include_self)
        return share, there(share)
    if how == "prod":
        return _slopes_of_product(result, flat, places, values, include_self)
    # the extremes share evenly; where there is none, since it is NaN, all is NaN
    own, others = flat == result, values == there(result)
    count = own.astype(flat.dtype).at[places].add(others.astype(flat.dtype), mode="clip")
    share, rest = 1 / count, jnp.where(count == 0, np.nan, 0).astype(flat.dtype)
    return jnp.where(own, share, rest), jnp.where(others, there(share), there(rest))


def _slopes_of_product(result, flat, places, values, include_self):
    def there(array):
        return array.at[places].get(mode="clip")

    def product(flat, values):
        return _reduced_by(flat, places, values, "prod", include_self)

    whole = jnp.where(flat == 0, 1, flat)
    own = product(whole, values) / whole
    zero = values == 0
    zeros = jnp.zeros(flat.shape, np.int64).at[places].add(zero.astype(np.int64), mode="clip")
    alone = zero & (there(zeros) == 1)  # the only zero of its product: the others count
    others = there(product(flat, jnp.where(alone, 1, values)))
    return own, jnp.where(alone, others, there(result) / jnp.where(zero, 1, values))


def _check_scatter_reduce(input, dim, index, src, reduce):
    if reduce not in METHODS:
        raise RuntimeError(
            f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"
        )
    _check_scatter(input, dim, index, src)
    if (input.dtype.category == COMPLEX and reduce in ("amax", "amin")) or (
        input.dtype is _dtypes.bool_ and reduce == "mean"
    ):
        raise unsupported(f"scatter_gather_tensor_cpu_reduce_{reduce}", input.dtype)


@indexed(
    check=_check_scatter_reduce,
    bounds=_scatter_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def scatter_reduce(input: Tensor, dim: int, index: Index, src: Tensor, reduce: str, *,
                   include_self: bool = True):  # fmt: skip
    """The elements of `src` reduced into the places that `index` names, as `scatter` places them.

    `reduce` is "sum", "prod", "mean", "amax" or "amin"; without `include_self` what was there does
    not count. Errors as `scatter`.
    Source:  torch.scatter_reduce.
    """
    return _scattered(input, dim, index, src, reducing(reduce, include_self))
