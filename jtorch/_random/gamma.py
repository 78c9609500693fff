"""Gamma and Dirichlet numbers: a sampler that rejects, over normal and uniform doubles."""

import math
from contextlib import closing

import numpy as np

from jtorch._random.limits import not_implemented
from jtorch._random.uniform import read_ahead

# PyTorch writes these two as float32 constants and computes with them in double.
_THIRD, _SQUEEZE = float(np.float32(1 / 3)), float(np.float32(0.0331))


def standard_gamma(engine, concentration):
    """Gamma numbers of scale 1 for an array of shape parameters: `torch._standard_gamma`."""
    if concentration.dtype not in (np.float32, np.float64):
        raise not_implemented("gamma_cpu", concentration.dtype)
    return _at_least_tiny(_gammas(engine, concentration), concentration.dtype)


def dirichlet(engine, concentration):
    """Shares that sum to one along the last dim, as `torch._sample_dirichlet` draws them."""
    if concentration.dtype not in (np.float32, np.float64):
        raise not_implemented("dirichlet", concentration.dtype)
    parts = _at_least_tiny(_gammas(engine, concentration.astype(np.float64)), np.dtype(np.float64))
    if not parts.size:
        return parts.astype(concentration.dtype)
    shares = parts / parts.sum(axis=-1, keepdims=True)
    below_one = np.nextafter(concentration.dtype.type(1), concentration.dtype.type(0))
    return np.minimum(_at_least_tiny(shares, concentration.dtype), below_one)


def _gammas(engine, concentration):
    """The samples in double, before they are cut to the dtype."""
    kind = concentration.dtype.type
    below_one = concentration < 1
    with np.errstate(all="ignore"):
        inverse = np.where(below_one, 1 / concentration, 0)  # 0: not used
        raised = np.where(below_one, concentration + kind(1), concentration)
        shifted = raised - kind(_THIRD)
    samples = []
    with closing(read_ahead(engine, 6 * concentration.size)) as stream:
        draw = stream.__next__
        arrays = (concentration, inverse, shifted)
        lists = (array.ravel().astype(np.float64).tolist() for array in arrays)
        for value, exponent, d in zip(*lists, strict=True):
            if value == 0:
                samples.append(0.0)
                continue
            scale = _power(1 - draw(), exponent) if value < 1 else 1.0
            samples.append(_marsaglia_tsang(engine, scale, d, draw))
    return np.array(samples, np.float64).reshape(concentration.shape)


def _marsaglia_tsang(engine, scale, d, draw):
    """Marsaglia and Tsang, A simple method for generating gamma variables (2000)."""
    c = 1 / math.sqrt(9 * d) if d > 0 else math.nan
    while True:
        x = _normal(engine, draw)
        y = 1 + c * x
        if y <= 0:
            continue
        v = y * y * y
        u = 1 - draw()
        square = x * x
        if u < 1 - _SQUEEZE * square * square:
            return scale * d * v
        if math.log(u) < 0.5 * square + d * (1 - v + math.log(v)):
            return scale * d * v


def _normal(engine, draw):
    """The next standard normal double; the engine keeps every second one."""
    x = engine.next_normal
    if x is not None:
        engine.next_normal = None
        return x
    angle, distance = 2 * math.pi * draw(), draw()
    radius = math.sqrt(-2 * math.log1p(-distance))
    engine.next_normal = radius * math.sin(angle)
    return radius * math.cos(angle)


def _power(base, exponent):
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf


def _at_least_tiny(samples, dtype):
    """No sample is zero: too small ones, and NaN, become the smallest normal number."""
    with np.errstate(over="ignore"):
        samples = samples.astype(dtype)
    tiny = np.finfo(dtype).tiny
    return np.where(samples > tiny, samples, tiny)
