"""Histograms: how many elements, or how much weight, each bin has; in one dimension or several.

A range that is found in the data may turn out not to be finite, which is known only when it is
computed: the error code then carries the numbers that torch's message shows.
"""

import math
import struct

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._autograd.modes import mode
from jtorch._dtypes import COMPLEX, c_name
from jtorch._ops.declare import return_type
from jtorch._ops.detailed import deliver, detailed
from jtorch._ops.from_data import tensor
from jtorch._ops.history import connect
from jtorch._ops.names import missing
from jtorch._ops.order import extreme
from jtorch._ops.parameters import Index, Ints, Tensors
from jtorch._ops.refusals import unsupported
from jtorch._ops.search import insertion_places
from jtorch._ops.signatures import overloads
from jtorch._tensor import Tensor

_KINDS = (0.0, math.inf, -math.inf, math.nan)  # what a limit is: finite, or one of the others


def _kind(limit):
    return jnp.select([jnp.isnan(limit), limit == math.inf, limit == -math.inf], [3, 1, 2], 0)


def _range_code(low, high):
    """0 if all ranges are finite; else the first other one: its dim and both limits, packed."""
    bad = ~(jnp.isfinite(low) & jnp.isfinite(high))
    dim = jnp.argmax(bad)
    low, high = low[dim].astype(np.float32), high[dim].astype(np.float32)
    finite = jnp.where(jnp.isfinite(low), low, jnp.where(jnp.isfinite(high), high, 0))
    bits = lax.bitcast_convert_type(finite.astype(np.float32), np.uint32).astype(np.int64)
    packed = (dim.astype(np.int64) + 1) << 40 | _kind(low).astype(np.int64) << 36
    return jnp.where(jnp.any(bad), packed | _kind(high).astype(np.int64) << 32 | bits, 0)


def _unpacked(code):
    """(dim, low, high) of a code."""
    finite = struct.unpack("f", struct.pack("I", code & 0xFFFFFFFF))[0]
    kinds = [code >> shift & 0xF for shift in (36, 32)]
    return (code >> 40) - 1, *[_KINDS[kind] if kind else finite for kind in kinds]


def _range_error(search, dim, low, high):
    """torch's words for a range that is not finite; `histc` has its own."""
    if search:
        start = f"torch.histogramdd: dimension {dim}'s range"
        return RuntimeError(f"{start} [{low:g}, {high:g}] is not finite")
    return RuntimeError(f"torch.histc: range of [{low:g}, {high:g}] is not finite")


def _failure(search):
    def error(code):
        dim, low, high = _unpacked(code)
        if not search and low != low and high != high:
            low, high = "-nan", "-nan"  # the sign that x86 gives to a NaN of its own
            return RuntimeError(f"torch.histc: range of [{low}, {high}] is not finite")
        return _range_error(search, dim, low, high)

    return error


def _edges(low, high, bins):
    """As torch's linspace, which counts from the nearer end."""
    number = lax.iota(np.int64, bins + 1)
    step = (high - low) / bins
    from_low, from_high = number.astype(low.dtype), (bins - number).astype(low.dtype)
    return jnp.where(number < (bins + 1) // 2, low + step * from_low, high - step * from_high)


def _limits(elements, given, margin):
    """(low, high) of each column: as given, or as found; those of no width are moved apart."""
    if given is not None:
        low, high = given[:, 0].astype(elements.dtype), given[:, 1].astype(elements.dtype)
    elif not elements.size:
        low = jnp.zeros(elements.shape[1], elements.dtype)
        high = jnp.ones(elements.shape[1], elements.dtype)
    else:
        low, high = extreme(elements, 0, False, False), extreme(elements, 0, False, True)
    code = _range_code(low, high)
    same = low == high
    return jnp.where(same, low - margin, low), jnp.where(same, high + margin, high), code


def _uniform_places(elements, low, high, edges, search):
    """The bin of each element, all bins being as wide; `search` looks at the bins beside it too."""
    bins = edges.shape[0] - 1
    place = ((elements - low) * bins / (high - low)).astype(np.int64)
    if search:
        first = jnp.maximum(place - 1, 0)
        stop = jnp.minimum(place + 2, bins + 1)
        place = first - 1
        for offset in range(3):
            edge = edges.at[jnp.minimum(first + offset, bins)].get(mode="promise_in_bounds")
            place = place + ((first + offset < stop) & (edge <= elements))
    return jnp.clip(place, 0, bins - 1)


def _counted(columns, places, edges, weight, density):
    """The histogram, given the bins of each column's elements."""
    shape = tuple(each.shape[0] - 1 for each in edges)
    inside = jnp.ones(columns[0].shape, bool)
    flat = jnp.zeros(columns[0].shape, np.int64)
    for column, place, edge in zip(columns, places, edges, strict=True):
        inside &= (column >= edge[0]) & (column <= edge[-1])
        flat = flat * (edge.shape[0] - 1) + place
    amounts = jnp.ones_like(columns[0]) if weight is None else weight
    hist = jnp.zeros(math.prod(shape), columns[0].dtype)
    hist = hist.at[jnp.where(inside, flat, 0)].add(jnp.where(inside, amounts, 0)).reshape(shape)
    if density:
        hist = hist / jnp.sum(hist)
        for axis, edge in enumerate(edges):
            widths = [-1 if axis == each else 1 for each in range(len(shape))]
            hist = hist / jnp.diff(edge).reshape(widths)
    return hist


def _columns(input, weight):
    """The elements of each dimension, and their weights, in the dtype to compute in."""
    kind = np.float32 if input.dtype.itemsize == 2 else input.dtype
    elements = input.reshape(-1, input.shape[-1]).astype(kind)
    return elements, None if weight is None else weight.reshape(-1).astype(kind)


@detailed(name="histogramdd.uniform", variants="", failure=lambda search: _failure(search))
def _uniform(input: Tensor, limits: Index | None = None, weight: Tensor | None = None, *,
             bins: Ints, density: bool = False, search: bool = True):  # fmt: skip
    elements, weight = _columns(input, weight)
    low, high, code = _limits(elements, limits, 0.5 if search else 1)
    count = range(len(bins))
    edges = [_edges(low[each], high[each], bins[each]) for each in count]
    columns = [elements[:, each] for each in count]
    places = [
        _uniform_places(columns[each], low[each], high[each], edges[each], search) for each in count
    ]
    hist = _counted(columns, places, edges, weight, density)
    return tuple(each.astype(input.dtype) for each in (hist, *edges)), code


@detailed(name="histogramdd.edges", variants="")
def _with_edges(input: Tensor, edges: Tensors, weight: Tensor | None = None, *,
                density: bool = False):  # fmt: skip
    elements, weight = _columns(input, weight)
    columns = [elements[:, each] for each in range(len(edges))]
    places = [
        jnp.clip(insertion_places(edge, column, True) - 1, 0, edge.shape[0] - 2)
        for edge, column in zip(edges, columns, strict=True)
    ]
    return _counted(columns, places, edges, weight, density)


def _underived(operation, operands, compute):
    """What `compute()` gives, as results of an operation that torch has no derivative of.

    `operation` is None where they never require gradients.
    """
    before, mode.enabled = mode.enabled, False
    try:
        results = compute()
    finally:
        mode.enabled = before
    if operation is not None:
        several = results if isinstance(results, (tuple, list)) else (results,)
        connect(missing(operation), None, operands, several, several[0].device)
    return results


# torch's checks


def _check_bins(bins):
    for dim, each in enumerate(bins):
        if each <= 0:
            raise RuntimeError(
                f"torch.histogram(): bins must be > 0, but got {each} for dimension {dim}"
            )


def _check_weight(input, shape, weight, weight_shape):
    if weight is None:
        return
    if weight.dtype is not input.dtype:
        raise RuntimeError(
            "torch.histogramdd: if weight tensor is provided, input tensor and weight tensor "
            f"should have the same dtype, but got input({c_name(input.dtype)}), and "
            f"weight({c_name(weight.dtype)})"
        )
    if tuple(weight_shape) != tuple(shape[:-1]):
        raise RuntimeError(
            "torch.histogramdd: if weight tensor is provided it should have the same shape as the "
            "input tensor excluding its innermost dimension, but got input with shape "
            f"{list(shape)} and weight with shape {list(weight_shape)}"
        )


def _check_edges(input, count, edges):
    if len(edges) != count:
        raise RuntimeError(
            f"torch.histogramdd: expected {count} sequences of bin edges for a {count}-dimensional "
            f"histogram but got {len(edges)}"
        )
    for dim, each in enumerate(edges):
        if each.dtype is not input.dtype:
            raise RuntimeError(
                "torch.histogramdd: input tensor and bins tensors should have the same dtype, but "
                f"got input with dtype {c_name(input.dtype)} and bins for dimension {dim} with "
                f"dtype {c_name(each.dtype)}"
            )
        if each.ndim != 1:
            raise RuntimeError(
                f"torch.histogramdd: bins tensor should have one dimension, but got {each.ndim} "
                f"dimensions in the bins tensor for dimension {dim}"
            )
        if not each.numel():
            raise RuntimeError(
                "torch.histogramdd: bins tensor should have at least 1 element, but got 0 elements "
                f"in the bins tensor for dimension {dim}"
            )
    _check_bins([each.numel() - 1 for each in edges])


def _check_range(range, count):
    """The limits of each dimension, as a tensor; None where they are to be found in the data."""
    if range is None:
        return None
    if len(range) != 2 * count:
        raise RuntimeError(
            f"torch.histogramdd: for a {count}-dimensional histogram range should have {2 * count} "
            f"elements, but got {len(range)}"
        )
    limits = [(float(low), float(high)) for low, high in zip(range[::2], range[1::2], strict=True)]
    for dim, (low, high) in enumerate(limits):
        if not (math.isfinite(low) and math.isfinite(high)):
            raise _range_error(True, dim, low, high)
        if low > high:
            raise RuntimeError(
                f"torch.histogramdd: min should not exceed max, but got min {low:g} max {high:g} "
                f"for dimension {dim}"
            )
    return tensor(limits, dtype=_dtypes.float64)


def _check_dtype(kernel, input, *supported):
    if input.dtype not in supported:
        raise unsupported(kernel, input.dtype)


_WIDE = (_dtypes.float32, _dtypes.float64)


def _check_histc(input):
    if input.dtype is _dtypes.bool_:
        raise unsupported("linspace_cpu", input.dtype)
    if input.dtype.category == COMPLEX:
        raise unsupported("aminmax_cpu", input.dtype)
    _check_dtype("histogram_cpu", input, *_WIDE, _dtypes.float16, _dtypes.bfloat16)


def _limit(number):
    """The value of a limit of `histc`, which may be a 0-dim tensor."""
    number = number.item() if isinstance(number, Tensor) else number
    return float(number.real)


def _histc(input, bins=100, min=0, max=0, *, out=None):
    _check_bins((bins.__index__(),))
    low, high = _limit(min), _limit(max)
    if low > high:
        raise RuntimeError("torch.histc: max must be larger than min")
    if not (math.isfinite(low) and math.isfinite(high)):
        raise _range_error(False, 0, low, high)
    _check_histc(input)
    if out is not None and out.dtype is not input.dtype:
        raise _out_error(input, "hist", out)
    limits = None
    if low != high or not input.numel():
        limits = tensor([[low, high]], dtype=_dtypes.float64)
    count = (bins.__index__(),)

    def compute():
        hist, _ = _uniform(input.reshape(-1, 1), limits, bins=count, search=False)
        return deliver(hist, out, cast=False)

    return _underived(None, (), compute)


def _out_error(input, name, out):
    place = "" if name == "hist" else " for dimension 0"
    return RuntimeError(
        f"torch.histogram: input tensor and {name} tensor should have the same dtype, but got "
        f"input {c_name(input.dtype)} and {name} {c_name(out.dtype)}{place}"
    )


@overloads(
    (
        "(Tensor input, int bins = 100, Number min = 0, Number max = 0, *, Tensor? out = None)",
        _histc,
    )
)
def histc():
    """How many elements lie in each of `bins` bins of equal width from `min` to `max`.

    Shape:   (*) -> (bins).
    Dtype:   the input's, which must be floating.
    Errors:  RuntimeError for a range that is not finite, or less than one bin.
    Source:  torch.histc.
    """


Histogram = return_type("histogram", ("hist", "bin_edges"))
HistogramOut = return_type("histogram_out", ("hist", "bin_edges"))
HistogramDD = return_type("histogramdd", ("hist", "bin_edges"))


def _as_column(input, weight):
    """(input, weight) as `histogramdd` takes them, with torch's checks."""
    column = input.reshape(-1, 1)
    flat = None if weight is None else weight.reshape(-1)
    _check_weight(input, column.shape, weight, None if flat is None else flat.shape)
    return column, flat


def _delivered(input, hist, edges, out):
    if out is None:
        return Histogram(hist, edges)
    for name, each in zip(("hist", "bin_edges"), out, strict=True):
        if each.dtype is not input.dtype:
            raise _out_error(input, name, each)
    return HistogramOut(deliver(hist, out[0]), deliver(edges, out[1]))


def _histogram_of_edges(input, bins, *, weight=None, density=False, out=None):
    column, flat = _as_column(input.detach(), weight if weight is None else weight.detach())
    _check_edges(input, 1, (bins,))
    _check_dtype("histogramdd", input, *_WIDE)
    hist, edges = _underived(
        None if out else "histogram",
        (input, bins, weight),
        lambda: (_with_edges(column, (bins,), flat, density=density), bins.clone()),
    )
    return _delivered(input, hist, edges, out)


def _histogram_of_count(input, bins=100, *, range=None, weight=None, density=False, out=None):
    column, flat = _as_column(input.detach(), weight if weight is None else weight.detach())
    count = (bins.__index__(),)
    _check_bins(count)
    limits = _check_range(range, 1)
    _check_dtype("histogramdd", input, *_WIDE)
    hist, edges = _underived(
        None if out else "histogram",
        (input, weight),
        lambda: _uniform(column, limits, flat, bins=count, density=density),
    )
    return _delivered(input, hist, edges, out)


_WEIGHTED = "Tensor? weight = None, bool density = False"


@overloads(
    (
        f"(Tensor input, Tensor bins, *, {_WEIGHTED}, tuple of Tensors? out = None)",
        _histogram_of_edges,
    ),
    (
        f"(Tensor input, int bins = 100, *, tuple of floats? range = None, {_WEIGHTED}, "
        "tuple of Tensors? out = None)",
        _histogram_of_count,
    ),
)
def histogram():
    """How many elements, or how much `weight`, each bin has; `density`: so that the area is 1.

    Shape:   (*) -> (bins) and the edges, (bins + 1).
    Dtype:   the input's, float32 or float64.
    Errors:  RuntimeError for a range that is not finite, or weights or edges of another dtype.
    Source:  torch.histogram; numpy.histogram.
    """


def _histogramdd(input, bins, range=None, weight=None, density=False):
    if input.ndim < 2:
        raise RuntimeError("torch.histogramdd: input tensor should have at least 2 dimensions")
    count = input.shape[-1]
    bins = tuple(bins) if isinstance(bins, (tuple, list)) else (bins,) * count
    _check_weight(input, input.shape, weight, None if weight is None else weight.shape)
    if bins and isinstance(bins[0], Tensor):
        _check_edges(input, count, bins)
        _check_dtype("histogramdd", input, *_WIDE)
        hist = _underived(
            "_histogramdd_from_bin_tensors",
            (input, *bins, weight),
            lambda: _with_edges(input, bins, weight, density=density),
        )
        return HistogramDD(hist, bins)
    if len(bins) != count:
        raise RuntimeError(
            "histogramdd: The size of bins must be equal to the innermost dimension of the input."
        )
    bins = tuple(each.__index__() for each in bins)
    _check_bins(bins)
    limits = _check_range(range, count)
    _check_dtype("histogramdd", input, *_WIDE)
    hist, *edges = _underived(
        None, (), lambda: _uniform(input, limits, weight, bins=bins, density=density)
    )
    operands = (input, weight)
    connect(missing("_histogramdd_bin_edges"), None, operands, edges, input.device)
    connect(missing("_histogramdd_from_bin_cts"), None, operands, (hist,), input.device)
    return HistogramDD(hist, tuple(edges))


_DD = f"tuple of floats? range = None, {_WEIGHTED})"


@overloads(
    (f"(Tensor input, int bins, {_DD}", _histogramdd),
    (f"(Tensor input, tuple of ints bins, {_DD}", _histogramdd),
    (f"(Tensor input, tuple of Tensors bins, {_DD}", _histogramdd),
    variants="f",
)
def histogramdd():
    """The histogram of points in as many dimensions as the last dim of `input` has elements.

    Shape:   (*, n) -> one dim for each of the n, and a tuple of their edges.
    Dtype:   the input's, float32 or float64.
    Errors:  RuntimeError for a range that is not finite, or weights or edges that do not fit.
    Source:  torch.histogramdd; numpy.histogramdd.
    """
