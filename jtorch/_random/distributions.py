"""Distributions that make each number of a fixed count of words: a formula over uniform doubles."""

import math

import numpy as np

from jtorch._random.arithmetic import cast, evaluate, evaluate_as
from jtorch._random.limits import (
    cpp_name,
    is_floating,
    not_implemented,
    require_floating,
    scalar_name,
)
from jtorch._random.normal import one_by_one
from jtorch._random.uniform import CHUNK, fractions32, fractions64

_BAREBONES = ("uint16", "uint32", "uint64")


def bernoulli(engine, shape, dtype, p):
    """One with probability `p`, else zero: `bernoulli_(p)`, and the mask of dropout."""
    dtype = np.dtype(dtype)
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
    _require_bernoulli("bernoulli_scalar_cpu_", shape, dtype)
    return _fill(shape, dtype, lambda count, start: fractions64(engine, count) < p)


def bernoulli_each(engine, shape, dtype, p):
    """One with the probability that an array holds for each place: `bernoulli_(tensor)`.

    `p` is broadcast to `shape`. Float64 takes two words a number, the other dtypes one.
    """
    dtype, p = np.dtype(dtype), np.broadcast_to(p, shape).ravel()
    _require_bernoulli("bernoulli_tensor_cpu_self_", shape, dtype)
    if p.size:
        require_floating("bernoulli_tensor_cpu_p_", p.dtype)
    draw, kind = (fractions64, np.float64) if p.dtype == np.float64 else (fractions32, np.float32)

    def ones(count, start):
        chances = p[start : start + count].astype(kind)
        wrong = np.flatnonzero(~((chances >= 0) & (chances <= 1)))
        if wrong.size:
            draw(engine, int(wrong[0]))
            raise RuntimeError(
                "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error "
                "message be improved?  If so, please report an enhancement request to PyTorch.)"
            )
        return draw(engine, count) < chances

    return _fill(shape, dtype, ones)


def exponential(engine, shape, dtype, rate=1.0):
    """Waiting times of mean 1 / `rate`, as `exponential_` draws them."""
    dtype = np.dtype(dtype)
    if not rate > 0:
        raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={rate:g}")
    if math.prod(shape) and dtype.kind in "biuc":
        raise RuntimeError(
            "Exponential distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {scalar_name(dtype)}"
        )
    _require_if_any("exponential_cpu", shape, dtype)
    return _from_fractions(engine, shape, dtype, lambda library, u: -1 / rate * library.log1p(-u))


def cauchy(engine, shape, dtype, median=0.0, sigma=1.0):
    """Numbers of Cauchy's distribution, as `cauchy_` draws them."""
    dtype = np.dtype(dtype)
    if not sigma > 0:
        raise RuntimeError(f"cauchy_ expects sigma > 0.0, but found sigma={sigma:g}")
    if dtype.kind in "biuc":
        raise RuntimeError(
            "Cauchy distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {cpp_name(dtype)}"
        )
    _require_if_any("cauchy_cpu", shape, dtype)

    def formula(library, u):
        return library.fma(library.tan(math.pi * (u - 0.5)), sigma, median)

    return _from_fractions(engine, shape, dtype, formula, slack=abs(median))


def log_normal(engine, shape, dtype, mean=1.0, std=2.0):
    """The exponential of normal doubles, drawn one by one: `log_normal_`."""
    dtype = np.dtype(dtype)
    if not std > 0:
        raise RuntimeError(f"log_normal_ expects std > 0.0, but found std={std:g}")
    _require_if_any("log_normal_cpu", shape, dtype)

    def formula(library, x):
        return library.exp(library.fma(x, std, mean))

    # Where large parts of an exponent cancel, numpy's functions are not trusted to be near enough.
    slack = 0.0 if abs(mean) < 1000 else math.inf
    return one_by_one(engine, math.prod(shape), dtype, formula, slack).reshape(shape)


def geometric(engine, shape, dtype, p):
    """The number of trials up to the first success, as `geometric_` draws it."""
    dtype = np.dtype(dtype)
    if not 0 < p < 1:
        raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p:g}")
    usable = is_floating(dtype) or (dtype.kind in "iu" and dtype.name not in _BAREBONES)
    if math.prod(shape) and not usable:
        raise not_implemented("geometric_cpu", dtype)
    scale = math.log1p(-p)

    def whole(values):
        values = np.ceil(values)
        return cast(values, dtype) if is_floating(dtype) else _to_integer(values, dtype)

    def trials(library, fractions):
        return library.log(fractions) / scale

    def numbers(count, start):
        return evaluate(trials, [fractions64(engine, count)], whole)

    return _fill(shape, dtype, numbers)


def _from_fractions(engine, shape, dtype, formula, slack=0.0):
    def numbers(count, start):
        return evaluate_as(dtype, formula, [fractions64(engine, count)], slack)

    return _fill(shape, dtype, numbers)


def _fill(shape, dtype, numbers):
    """An array of what `numbers(count, start)` returns, chunk by chunk."""
    result = np.empty(math.prod(shape), dtype)
    for start in range(0, result.size, CHUNK):
        part = result[start : start + CHUNK]
        part[:] = numbers(part.size, start)
    return result.reshape(shape)


def _to_integer(values, dtype):
    """On x86 a double out of range is the smallest number of 32 or 64 bits, cut to the dtype."""
    wide = np.int64 if dtype.itemsize == 8 else np.int32
    limit = 2.0 ** (8 * np.dtype(wide).itemsize - 1)
    return np.where(np.abs(values) < limit, values, -limit).astype(wide).astype(dtype)


def _require_if_any(kernel, shape, dtype):
    if math.prod(shape):
        require_floating(kernel, dtype)


def _require_bernoulli(kernel, shape, dtype):
    usable = is_floating(dtype) or (dtype.kind in "biu" and dtype.name not in _BAREBONES)
    if math.prod(shape) and not usable:
        raise not_implemented(kernel, dtype)
