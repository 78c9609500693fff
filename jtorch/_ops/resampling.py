"""Resampling along one dim: which elements make up each new one, by what weights, for each mode.

All of it is numpy, known before anything runs. Numbers are computed as torch's kernels compute them,
in float32 where the elements are narrower than float64, so that places come out the same.
"""

import math
import typing

import numpy as np


class Taps(typing.NamedTuple):
    """For each new element (rows) the places it is made of, all inside, and their weights.

    Weights are None where there is one place only.
    """

    places: np.ndarray
    weights: np.ndarray | None


def _scale(size, count, align_corners, factor, kind):
    """How far apart new elements are."""
    if align_corners:
        return kind(size - 1) / kind(count - 1) if count > 1 else kind(0)
    if factor is not None and factor > 0:
        return kind(1.0 / factor)
    return kind(size) / kind(count)


def _sources(scale, count, align_corners, kind, negative=False):
    """Where the new elements are among the old ones."""
    numbers = np.arange(count).astype(kind)
    if align_corners:
        return scale * numbers
    found = scale * (numbers + kind(0.5)) - kind(0.5)
    return found if negative else np.maximum(found, kind(0))


def _floor(values, size):
    return np.minimum(np.floor(values.astype(np.float32)).astype(np.int64), size - 1)


def nearest(size, count, align_corners, factor, kind):
    """The element at or before each place."""
    scale = _scale(size, count, False, factor, kind)
    return Taps(_floor(scale * np.arange(count).astype(kind), size)[:, None], None)


def nearest_exact(size, count, align_corners, factor, kind):
    """The element whose middle is nearest to the middle of the new one."""
    scale = _scale(size, count, False, factor, kind)
    middles = _sources(scale, count, False, kind) + kind(0.5)
    return Taps(_floor(middles, size)[:, None], None)


def linear(size, count, align_corners, factor, kind):
    """The two elements around each place."""
    if size == count:
        return Taps(np.arange(count)[:, None], None)
    scale = _scale(size, count, align_corners, factor, kind)
    sources = _sources(scale, count, align_corners, kind)
    first = np.minimum(sources.astype(np.int64), size - 1)
    share = np.clip(sources - first.astype(kind), 0, 1)
    places = np.stack([first, np.minimum(first + 1, size - 1)], axis=1)
    return Taps(places, np.stack([1 - share, share], axis=1))


def cubic(size, count, align_corners, factor, kind):
    """The four elements around each place."""
    scale = _scale(size, count, align_corners, factor, kind)
    sources = _sources(scale, count, align_corners, kind, negative=True)
    first = _floor(sources, size)
    share = np.clip(sources - first.astype(kind), 0, 1)
    places = np.clip(first[:, None] + np.arange(-1, 3), 0, size - 1)
    distances = np.stack([share + 1, share, 1 - share, 2 - share], axis=1)
    return Taps(places, _cubic_weight(distances, -0.75))


def _cubic_weight(distances, a):
    """Keys' kernel; `a` is its slope at distance 1."""
    x = np.abs(distances)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _triangle(distances):
    return np.maximum(1 - np.abs(distances), 0)


def _cubic_filter(distances):
    return _cubic_weight(distances, -0.5)


def _lanczos(distances):
    inside = (distances >= -3) & (distances < 3)
    return np.where(inside, np.sinc(distances) * np.sinc(distances / 3), 0)


# how many elements a filter weighs, and how
FILTERS = {"bilinear": (2, _triangle), "bicubic": (4, _cubic_filter), "lanczos": (6, _lanczos)}


def filtered(mode, size, count, align_corners, factor, kind, antialias=True):
    """All elements within reach of a filter, which grows as the result shrinks if `antialias`."""
    width, weigh = FILTERS[mode]
    scale = _scale(size, count, align_corners, factor, kind)
    grows = antialias and scale >= 1
    reach = kind(width * 0.5) * scale if grows else kind(width * 0.5)
    shift = 0.5 if align_corners and not antialias else 0.0
    middles = scale * (np.arange(count).astype(kind) + kind(0.5))
    if shift:  # places are counted from the first element's middle
        middles = scale * np.arange(count).astype(kind)
    first = np.maximum((middles - reach + 0.5 + shift).astype(np.int64), 0)
    stop = np.minimum((middles + reach + 0.5 + shift).astype(np.int64), size)
    longest = math.ceil(reach) * 2 + 1
    length = np.clip(stop - first, 0, longest)
    offsets = np.arange(int(length.max()))
    places = first[:, None] + offsets
    distances = (places - middles[:, None] + 0.5 - shift) * (1 / scale if grows else 1)
    weights = weigh(distances.astype(kind))
    weights = np.where(offsets < length[:, None], weights, 0)
    total = weights.sum(1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total != 0)
    # what has no weight is not read either: it might be NaN
    places = np.where(offsets < length[:, None], places, first[:, None])
    return Taps(np.clip(places, 0, size - 1), weights.astype(kind))


def merged(taps):
    """Taps whose places at the ends, which stand there again and again, have one weight."""
    places, weights = taps
    if weights is None:
        return Taps(places, np.ones(places.shape))
    first = places.min(1, keepdims=True)
    columns = np.arange(places.shape[1])
    shares = np.stack(
        [np.where(places - first == each, weights, 0).sum(1) for each in columns], axis=1
    )
    return Taps(np.minimum(first + columns, places.max()), shares)


def quantized(weights):
    """(weights as 16-bit integers, the bits behind their point), as torch resizes bytes."""
    largest = float(weights.max())
    bits = 0
    while bits < 22 and int(0.5 + largest * (1 << (bits + 1))) < 1 << 15:
        bits += 1
    scaled = weights.astype(np.float64) * (1 << bits)
    return np.trunc(scaled + np.where(scaled < 0, -0.5, 0.5)).astype(np.int32), bits
