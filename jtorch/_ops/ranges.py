"""Tensors of numbers in a row: arange, linspace, logspace, and the identity matrix."""

import functools
import math
import warnings

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._device import CPU, resolve
from jtorch._dtypes import BOOL, COMPLEX, INTEGRAL
from jtorch._engine.node import Kernel, leaf
from jtorch._engine.realize import record
from jtorch._meta import Meta
from jtorch._ops.cast import cast_array
from jtorch._ops.creation import checked_dtype, finish, number
from jtorch._ops.families import composite
from jtorch._tensor import Tensor, from_node

_SMALL = 1024


@composite(variants="f")
def arange(*bounds, start=0, end=None, step=1, out=None, dtype=None, layout=None, device=None,
           pin_memory=False, requires_grad=False):  # fmt: skip
    """The numbers from `start` up to `end`, `step` apart.

    Shape:   (ceil((end - start) / step),).
    Dtype:   int64 where all three are integers, else the default dtype; or `dtype`.
    Errors:  RuntimeError for a zero step, a step of the wrong sign, or a bound that is not finite.
    Source:  torch.arange.
    """
    given = dict(zip(("end",) if len(bounds) == 1 else ("start", "end", "step"), bounds, strict=False))
    values = {"start": start, "end": end, "step": step} | given
    start, end, step = (
        number("arange", name, position + 1, values[name])
        for position, name in enumerate(("start", "end", "step"))
    )
    dtype = checked_dtype("arange", dtype) or (out.dtype if out is not None else None)
    if dtype is None:
        whole = not any(isinstance(each, (float, complex)) for each in (start, end, step))
        dtype = _dtypes.int64 if whole else _dtypes.get_default_dtype()
    if dtype.category in (BOOL, COMPLEX):
        raise NotImplementedError(f"\"arange_cpu\" not implemented for '{dtype.scalar_name}'")
    start, end, step = _real(start), _real(end), _real(step)
    if dtype.category == INTEGRAL:
        start, end, step = int(start), int(end), int(step)
        if step == 0 and isinstance(values["step"], float) and values["step"]:
            raise ValueError("step must be nonzero")
    count = _count(start, end, step)
    meta = Meta((count,), dtype, resolve(device if out is None else out.device))
    return finish(_range(meta, start, step), requires_grad, out)


def _real(value):
    if isinstance(value, complex):
        raise RuntimeError("value cannot be converted to type double without overflow")
    return value


def _count(start, end, step):
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start:g} -> {end:g}")
    if (step > 0 and end < start) or (step < 0 and end > start):
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    if isinstance(start, int) and isinstance(end, int) and isinstance(step, int):
        return -((start - end) // step)
    return math.ceil((end - start) / step)


def _range(meta, start, step):
    if meta.device is CPU and meta.numel <= _SMALL:
        array = _numpy_range(meta.numel, start, step, meta.dtype)
        return from_node(leaf(array, meta.aval), meta)
    kernel = _range_kernel(meta.aval, isinstance(start, float), isinstance(step, float))
    return from_node(record(kernel, (start, step), meta.device), meta)


def _numpy_range(count, start, step, dtype):
    steps = np.arange(count)
    if dtype.category == INTEGRAL:
        return (start + steps * step).astype(dtype.numpy)
    # torch computes in float32 for narrower dtypes, and multiplies: errors do not add up
    wide = np.float64 if dtype is _dtypes.float64 else np.float32
    if dtype is _dtypes.float32:
        return (np.float64(start) + steps * np.float64(step)).astype(np.float32)
    return (wide(start) + steps.astype(wide) * wide(step)).astype(dtype.numpy)


@functools.cache
def _range_kernel(aval, float_start, float_step):
    def arange(start, step):
        steps = lax.iota(np.int64, aval.size)
        if jnp.issubdtype(aval.dtype, np.integer):
            return (start + steps * step).astype(aval.dtype)
        return (start + steps * step.astype(np.float64)).astype(aval.dtype)

    kinds = ("f" if float_start else "i", "f" if float_step else "i")
    return Kernel("arange", arange, kinds, aval)


@composite(variants="f")
def range(start, end=None, step=1, *, out=None, dtype=None, layout=None, device=None,
          requires_grad=False):  # fmt: skip
    """The numbers from `start` to `end`, both included. Deprecated. Source: torch.range."""
    warnings.warn(
        "torch.range is deprecated and will be removed in a future release because its behavior is "
        "inconsistent with Python's range builtin. Instead, use torch.arange, which produces values "
        "in [start, end).",
        UserWarning,
        stacklevel=2,
    )
    start, end = (0, start) if end is None else (start, end)
    _count(start, end, step)
    count = math.floor((end - start) / step) + 1
    dtype = checked_dtype("range", dtype) or _dtypes.get_default_dtype()
    return finish(_range(Meta((count,), dtype, resolve(device)), start, step), requires_grad, out)


@composite(variants="f")
def linspace(start, end, steps, *, out=None, dtype=None, layout=None, device=None,
             pin_memory=False, requires_grad=False):  # fmt: skip
    """`steps` numbers from `start` to `end`, evenly apart.

    Shape:   (steps,).
    Dtype:   the default dtype (complex where a bound is); or `dtype`.
    Errors:  RuntimeError for a negative count.
    Source:  torch.linspace.
    """
    meta = _span_meta(start, end, steps, out, dtype, device)
    bounds = _bounds(start, end, meta)
    return finish(_span("linspace", meta, bounds, None), requires_grad, out)


@composite(variants="f")
def logspace(start, end, steps, base=10.0, *, out=None, dtype=None, layout=None, device=None,
             pin_memory=False, requires_grad=False):  # fmt: skip
    """`base` to the powers that `linspace(start, end, steps)` gives.

    Shape:   (steps,).
    Dtype:   the default dtype (complex where a bound is); or `dtype`.
    Errors:  RuntimeError for a negative count.
    Source:  torch.logspace.
    """
    meta = _span_meta(start, end, steps, out, dtype, device)
    bounds = _bounds(start, end, meta)
    return finish(_span("logspace", meta, bounds, float(base)), requires_grad, out)


def _span_meta(start, end, steps, out, dtype, device):
    steps = steps.__index__()
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    dtype = checked_dtype("linspace", dtype) or (out.dtype if out is not None else None)
    if dtype is None:
        dtype = _dtypes.get_default_dtype()
        for bound in (start, end):
            if isinstance(bound, complex) or isinstance(bound, Tensor) and bound.is_complex():
                dtype = _dtypes.default_complex()
    return Meta((steps,), dtype, resolve(device if out is None else out.device))


def _bounds(start, end, meta):
    numbers = (number("linspace", "start", 1, start), number("linspace", "end", 2, end))
    kind = complex if meta.dtype.category == COMPLEX else float
    if meta.dtype.category == INTEGRAL and not any(isinstance(n, float) for n in numbers):
        kind = int
    return tuple(kind(each) for each in numbers)


def _span(name, meta, bounds, base):
    if meta.device is CPU and meta.numel <= _SMALL:
        array = _points(np, meta.aval, *bounds, base)
        return from_node(leaf(np.asarray(array, meta.dtype.numpy), meta.aval), meta)
    kernel = _span_kernel(name, meta.aval, bounds[0].__class__, base is None)
    return from_node(record(kernel, bounds if base is None else (*bounds, base), meta.device), meta)


@functools.cache
def _span_kernel(name, aval, kind, linear):
    def span(start, end, base=None):
        return cast_array(_points(jnp, aval, start, end, base), aval.dtype)

    letter = {float: "f", int: "i", complex: "c"}[kind]
    return Kernel(name, span, (letter, letter) if linear else (letter, letter, "f"), aval)


def _points(xp, aval, start, end, base):
    """The points from both ends at once, as torch has them: the middle is exact for either half."""
    count = aval.size
    wide = np.dtype(aval.dtype)
    if wide.kind in "iu":
        wide = np.dtype(np.float64 if base is not None else np.float32)
    elif wide.kind not in "fc":
        wide = np.dtype(np.float32)
    first, last = xp.asarray(start).astype(wide), xp.asarray(end).astype(wide)
    step = (last - first) / wide.type(max(count - 1, 1))
    indices = xp.arange(count)
    real = np.dtype(np.float64) if wide in (np.float64, np.complex128) else np.dtype(np.float32)
    points = xp.where(
        indices < count // 2,
        first + step * indices.astype(real),
        last - step * (count - 1 - indices).astype(real),
    )
    if count == 1:
        points = first.reshape(1)
    if base is None:
        return xp.trunc(points) if np.dtype(aval.dtype).kind in "iu" else points
    return xp.asarray(base).astype(wide) ** points


@composite(variants="f")
def eye(n, m=None, *, out=None, dtype=None, layout=None, device=None, pin_memory=False,
        requires_grad=False):  # fmt: skip
    """Ones on the diagonal, zeros elsewhere.

    Shape:   (n, m or n).
    Errors:  RuntimeError for a negative extent.
    Source:  torch.eye.
    """
    m = n if m is None else m
    for name, extent in (("n", n), ("m", m)):
        if extent < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {extent}")
    dtype = checked_dtype("eye", dtype) or (out.dtype if out is not None else None)
    meta = Meta((n, m), dtype or _dtypes.get_default_dtype(), resolve(device))
    if meta.device is CPU and meta.numel <= _SMALL:
        made = from_node(leaf(np.eye(n, m, dtype=meta.dtype.numpy), meta.aval), meta)
    else:
        made = from_node(record(_eye_kernel(meta.aval), (), meta.device), meta)
    return finish(made, requires_grad, out)


@functools.cache
def _eye_kernel(aval):
    def eye():
        rows = lax.broadcasted_iota(np.int64, aval.shape, 0)
        return (rows == lax.broadcasted_iota(np.int64, aval.shape, 1)).astype(aval.dtype)

    return Kernel("eye", eye, (), aval)


