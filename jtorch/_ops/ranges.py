"""Tensors of numbers in a row: arange, range, linspace, logspace, and the identity matrix.

The numbers are torch's to the bit on the CPU. Where torch's vectorized loops round otherwise than
the formula would (and where they multiply and add at once), the formulas here say so.
"""

import functools
import math

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._device import CPU, resolve
from jtorch._dtypes import BAREBONES_UNSIGNED, BOOL, COMPLEX, FLOAT8, INTEGRAL
from jtorch._engine.node import Aval, Kernel, leaf
from jtorch._engine.realize import record
from jtorch._messages import warn_user
from jtorch._meta import Meta
from jtorch._ops.calls import called
from jtorch._ops.cast import cast_array
from jtorch._ops.creation import (
    OPTIONS,
    finish,
    number,
    possible,
    refuse_other_out,
    require_strided,
)
from jtorch._ops.refusals import check_fits, unsupported
from jtorch._tensor import Tensor, from_node

# Up to this many numbers are made by numpy at once; more are made in the program.
_SMALL = 1 << 14
_INT64_END = 2**63


def _made(name, meta, numbers, kinds, formula):
    """A tensor of `formula(xp, meta.aval, *numbers)`; `kinds` are letters, one per number."""
    if meta.device is CPU and meta.numel <= _SMALL:
        with np.errstate(all="ignore"):
            array = np.asarray(formula(np, meta.aval, *numbers), meta.dtype.numpy)
        return from_node(leaf(array, meta.aval), meta)
    return from_node(record(_kernel(name, meta.aval, kinds, formula), numbers, meta.device), meta)


@functools.cache
def _kernel(name, aval, kinds, formula):
    return Kernel(name, lambda *numbers: formula(jnp, aval, *numbers), kinds, aval)


def _times_plus(xp, a, b, c):
    """a * b + c in double precision, rounded once."""
    product = a * b
    total = product + c
    # what rounding the product and the sum has lost, by Dekker's and Knuth's exact formulas
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    lost = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    part = total - product
    lost += (product - (total - part)) + (c - part)
    return xp.where(xp.isfinite(lost), total + lost, total)


def _halves(number):
    """A double as the sum of two of half as many bits."""
    scaled = number * 134217729.0  # 2**27 + 1
    high = scaled - (scaled - number)
    return high, number - high


# arange


@called(
    f"(Number end, *, Tensor? out = None, {OPTIONS})",
    f"(Number start, Number end, *, {OPTIONS})",
    f"(Number start, Number end, Number step = 1, *, Tensor? out = None, {OPTIONS})",
)
def arange(end, start=0, step=1, out=None, dtype=None, layout=None, device=None, pin_memory=False,
           requires_grad=False):  # fmt: skip
    """The numbers from `start` up to `end`, `step` apart.

    Shape:   (ceil((end - start) / step),).
    Dtype:   int64 where all three are integers, else the default dtype; or `dtype`.
    Errors:  RuntimeError for a zero step, a step of the wrong sign, or a bound that is not finite.
    Source:  torch.arange.
    """
    start = number("arange", "start", 1, start)
    end = number("arange", "end", 2, end)
    step = number("arange", "step", 3, step)
    require_strided("arange", layout)
    if out is not None:
        refuse_other_out(out, dtype, device)
        dtype, device = out.dtype, out.device
    if dtype is None:
        whole = not any(isinstance(each, (float, complex)) for each in (start, end, step))
        dtype = _dtypes.int64 if whole else _dtypes.get_default_dtype()
    _require_kernel("arange_cpu", dtype)
    bounds = tuple(_real(each) for each in (start, end, step))
    _check_bounds(*bounds)
    count = _arange_count(*bounds, dtype)
    start, step = (_as(dtype, each) for each in (bounds[0], bounds[2]))
    meta = Meta((count,), dtype, resolve(device))
    letter = "i" if dtype.category == INTEGRAL else "f"
    made = _made("arange", meta, (start, step), letter * 2, _arange)
    return finish(made, requires_grad, out, "arange")


def _require_kernel(name, dtype, refused=(BOOL, COMPLEX)):
    if dtype.category in refused or dtype in BAREBONES_UNSIGNED or dtype in FLOAT8:
        raise unsupported(name, dtype)


def _real(value):
    if isinstance(value, complex):
        check_fits(value, _dtypes.float64)
        return value.real
    return value


def _as(dtype, value):
    """A number as the kernels for a dtype take it."""
    return int(value) if dtype.category == INTEGRAL else float(value)


def _check_bounds(start, end, step):
    if not (step > 0 or step < 0):
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start:g} -> {end:g}")
    if (step > 0 and end < start) or (step < 0 and end > start):
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")


def _arange_count(start, end, step, dtype):
    if dtype is not _dtypes.int64:
        return math.ceil((float(end) - float(start)) / float(step))
    start, end, step = int(start), int(end), int(step)
    if step == 0:
        raise ValueError("step must be nonzero")
    sign = 1 if step > 0 else -1
    span = (end - start + step - sign + _INT64_END) % (2 * _INT64_END) - _INT64_END  # as int64
    return max(abs(span) // abs(step) * (1 if span * step > 0 else -1), 0)


def _arange(xp, aval, start, step):
    steps = xp.arange(aval.size)
    if aval.dtype.kind in "iu":
        return _whole(steps, aval, start, step)
    wide = np.dtype(np.float64 if aval.dtype.itemsize >= 4 else np.float32)
    start, step = (xp.asarray(each).astype(wide) for each in (start, step))
    # Two vectors of 32 bytes at a time are counted from their first number, which is rounded.
    lanes = 32 // aval.dtype.itemsize
    lane = steps % lanes
    first = _line(xp, aval, start, step, steps - lane).astype(aval.dtype).astype(wide)
    numbers = _line(xp, aval, first, step, lane)
    one_by_one = steps >= aval.size // (2 * lanes) * (2 * lanes)
    return xp.where(one_by_one, _line(xp, aval, start, step, steps), numbers).astype(aval.dtype)


def _whole(steps, aval, start, step):
    if start.__class__ is int and start == 0 and step == 1:
        return steps.astype(aval.dtype)
    return (start + steps * step).astype(aval.dtype)


def _line(xp, aval, start, step, steps):
    if aval.dtype == np.float64:
        return _times_plus(xp, step, steps.astype(np.float64), start)
    return start + step * steps.astype(start.dtype)


@called(f"(Number start, Number end, Number step = 1, *, Tensor? out = None, {OPTIONS})")
def range(start, end, step=1, out=None, dtype=None, layout=None, device=None, pin_memory=False,
          requires_grad=False):  # fmt: skip
    """The numbers from `start` to `end`, both included. Deprecated. Source: torch.range."""
    warn_user(
        "torch.range is deprecated and will be removed in a future release because its behavior is "
        "inconsistent with Python's range builtin. Instead, use torch.arange, which produces values "
        "in [start, end)."
    )
    require_strided("range", layout)
    names = ("start", "end", "step")
    bounds = [
        _real(number("range", name, place + 1, each))
        for place, (name, each) in enumerate(zip(names, (start, end, step), strict=True))
    ]
    if out is not None:
        refuse_other_out(out, dtype, device)
        dtype, device = out.dtype, out.device
    dtype = dtype or _dtypes.get_default_dtype()
    _require_kernel("range_cpu", dtype)
    _check_bounds(*bounds)
    start, end, step = (_as(dtype, each) for each in bounds)
    if step == 0:
        raise RuntimeError("step must be nonzero")  # PyTorch divides by it, and is killed
    if dtype.category != INTEGRAL and dtype.itemsize == 2:  # these are counted in single precision
        bounds = np.float32(start), np.float32(end), np.float32(step)
    else:
        bounds = start, end, step
    count = int((bounds[1] - bounds[0]) / bounds[2] + 1)
    meta = Meta((count,), dtype, resolve(device))
    letter = "i" if dtype.category == INTEGRAL else "f"
    made = _made("range", meta, (start, step), letter * 2, _range)
    return finish(made, requires_grad, out, "range")


def _range(xp, aval, start, step):
    steps = xp.arange(aval.size)
    if aval.dtype.kind in "iu":
        return _whole(steps, aval, start, step)
    wide = np.dtype(np.float64 if aval.dtype.itemsize >= 4 else np.float32)
    start, step = (xp.asarray(each).astype(wide) for each in (start, step))
    return (start + step * steps.astype(wide)).astype(aval.dtype)


# linspace, logspace


def _overloads(extra=""):
    return [
        f"({start} start, {end} end, int steps{extra}, *, Tensor? out = None, {OPTIONS})"
        for start, end in (
            ("Tensor", "Tensor"), ("Number", "Tensor"), ("Tensor", "Number"), ("Number", "Number"),
        )
    ]  # fmt: skip


@called(*_overloads())
def linspace(start, end, steps, out=None, dtype=None, layout=None, device=None, pin_memory=False,
             requires_grad=False):  # fmt: skip
    """`steps` numbers from `start` to `end`, evenly apart.

    Shape:   (steps,).
    Dtype:   the default dtype (complex where a bound is); or `dtype`.
    Errors:  RuntimeError for a negative count, and for bounds that the dtype does not hold.
    Source:  torch.linspace.
    """
    meta, bounds = _span("linspace", start, end, steps, out, dtype, layout, device)
    letter = _letter(meta.dtype)
    made = _made("linspace", meta, bounds, letter * 2, _linspace)
    return finish(made, requires_grad, out, "linspace")


@called(*_overloads(", float base = 10.0"))
def logspace(start, end, steps, base=10.0, out=None, dtype=None, layout=None, device=None,
             pin_memory=False, requires_grad=False):  # fmt: skip
    """`base` to the powers that `linspace(start, end, steps)` gives.

    Shape:   (steps,).
    Dtype:   the default dtype (complex where a bound is); or `dtype`.
    Errors:  RuntimeError for a negative count, and for bounds that the dtype does not hold.
    Source:  torch.logspace.
    """
    meta, bounds = _span("logspace", start, end, steps, out, dtype, layout, device)
    letter = _letter(meta.dtype)
    made = _made("logspace", meta, (*bounds, float(base)), letter * 2 + "f", _logspace)
    return finish(made, requires_grad, out, "logspace")


def _letter(dtype):
    return "i" if dtype.category == INTEGRAL else "c" if dtype.category == COMPLEX else "f"


def _span(name, start, end, steps, out, dtype, layout, device):
    """(meta, bounds) of a call."""
    require_strided(name, layout)
    _refuse_dims(name, start, end)
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    if out is not None:
        refuse_other_out(out, dtype, device)
        dtype, device = out.dtype, out.device
    start, end = number(name, "start", 1, start), number(name, "end", 2, end)
    dtype = _span_dtype(name, start, end, dtype)
    if steps > 1:  # torch fills in one number
        _require_kernel(f"{name}_cpu", dtype, refused=(BOOL,))
    for each in (start, end):
        check_fits(each, dtype)
    kind = {"i": int, "f": float, "c": complex}[_letter(dtype)]
    wrapped = [kind(each) for each in (start, end)]
    if dtype.category == INTEGRAL and not dtype.is_signed:
        wrapped = [each % (1 << 8 * dtype.itemsize) for each in wrapped]
    return Meta((steps,), dtype, resolve(device)), tuple(wrapped)


def _refuse_dims(name, start, end):
    given = [
        (each_name, each.ndim)
        for each_name, each in (("start", start), ("end", end))
        if isinstance(each, Tensor)
    ]
    if any(ndim for _, ndim in given):
        found = " and ".join(f"{each} with {ndim} dimension(s)" for each, ndim in given)
        raise RuntimeError(
            f"{name} only supports 0-dimensional start and end tensors, but got {found}."
        )


def _span_dtype(name, start, end, dtype):
    if not any(isinstance(each, complex) for each in (start, end)):
        return dtype or _dtypes.get_default_dtype()
    inferred = _dtypes.default_complex()
    if dtype is not None and dtype.category != COMPLEX:
        raise RuntimeError(
            f"torch.{name}(): inferred dtype {_dtypes.c_name(inferred)} can't be safely cast to "
            f"passed dtype {dtype.scalar_name}"
        )
    return dtype or inferred


def _linspace(xp, aval, start, end):
    """The numbers counted from both ends: each half is exact at its own."""
    if np.issubdtype(aval.dtype, np.complexfloating):
        part = Aval(aval.shape, np.dtype(f"f{aval.dtype.itemsize // 2}"))
        real = _linspace(xp, part, xp.real(start), xp.real(end))
        imag = _linspace(xp, part, xp.imag(start), xp.imag(end))
        return (real + 1j * imag).astype(aval.dtype) if xp is np else lax.complex(real, imag)
    count = aval.size
    steps = xp.arange(count)
    back = count - 1 - steps
    if aval.dtype.kind not in "iu" and aval.dtype.itemsize == 2:
        return _half_linspace(xp, aval, start, end, steps, back)
    narrow = np.dtype(np.float64) if aval.dtype.kind in "iub" else aval.dtype
    start, end = (xp.asarray(each).astype(narrow) for each in (start, end))
    step = ((end - start) / narrow.type(max(count - 1, 1))).astype(np.float64)
    if count == 1:
        return start.reshape(1).astype(aval.dtype)
    wide = [each.astype(np.float64) for each in (start, end, steps, back)]
    below = _times_plus(xp, step, wide[2], wide[0])
    above = _times_plus(xp, -step, wide[3], wide[1])
    numbers = xp.where(steps < count // 2, below, above)
    if aval.dtype.kind in "iu":
        return numbers.astype(np.int64).astype(aval.dtype)
    return numbers.astype(aval.dtype)


def _half_linspace(xp, aval, start, end, steps, back):
    """16-bit floats: every operation is done in single precision, and rounded."""

    def rounded(value):
        return xp.asarray(value).astype(aval.dtype).astype(np.float32)

    start, end = rounded(start), rounded(end)
    if aval.size == 1:
        return start.reshape(1).astype(aval.dtype)
    step = rounded(rounded(end - start) / rounded(np.float32(aval.size - 1)))
    below = start + rounded(step * rounded(steps))
    above = end - rounded(step * rounded(back))
    return xp.where(steps < aval.size // 2, below, above).astype(aval.dtype)


def _logspace(xp, aval, start, end, base):
    """All in double precision, but for the distance of the bounds."""
    count = aval.size
    is_complex = np.issubdtype(aval.dtype, np.complexfloating)
    wide = np.complex128 if is_complex else np.float64
    narrow = np.dtype(np.float64) if aval.dtype.kind in "iub" else aval.dtype
    start, end = (xp.asarray(each).astype(narrow) for each in (start, end))
    step = (end - start).astype(narrow).astype(wide) / max(count - 1, 1)
    steps = xp.arange(count)
    exponents = xp.where(
        steps < max(count // 2, count == 1),
        start.astype(wide) + step * steps,
        end.astype(wide) - step * (count - 1 - steps),
    )
    powers = xp.asarray(base).astype(wide) ** exponents
    if aval.dtype.kind in "iu":
        return cast_array(powers, aval.dtype) if xp is jnp else powers.astype(np.int64)
    return powers.astype(aval.dtype)


# The identity matrix


@called(
    f"(int n, *, Tensor? out = None, {OPTIONS})",
    f"(int n, int m, *, Tensor? out = None, {OPTIONS})",
)
def eye(n, m=None, out=None, dtype=None, layout=None, device=None, pin_memory=False,
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
    require_strided("eye", layout)
    if out is not None:
        refuse_other_out(out, dtype, device)
        dtype, device = out.dtype, out.device
    dtype = dtype or _dtypes.get_default_dtype()
    if dtype in BAREBONES_UNSIGNED:
        raise unsupported("eye", dtype)
    meta = Meta(possible("eye", (n, m)), dtype, resolve(device))
    return finish(_made("eye", meta, (), "", _eye), requires_grad, out, "eye")


def _eye(xp, aval):
    rows, columns = aval.shape
    return (xp.arange(rows)[:, None] == xp.arange(columns)[None, :]).astype(aval.dtype)
