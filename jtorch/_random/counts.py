"""Poisson and binomial counts: samplers that reject, so that what they consume varies."""

import math
from contextlib import closing

import numpy as np

from jtorch._random.arithmetic import cast
from jtorch._random.limits import not_implemented, require_floating, scalar_name
from jtorch._random.uniform import read_ahead
from jtorch._shapes import broadcast_shapes

# log(k!) less Stirling's formula for it, for k = 0, 1, 2...
_STIRLING_TAILS = [
    0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
    0.0166446911898211, 0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
    0.00925546218271273, 0.00833056343336287,
]  # fmt: skip

# The same for log(gamma(x)) in powers of 1 / x, as fdlibm has it.
_LOG_GAMMA_TAIL = [
    4.18938533204672725052e-01, 8.33333333333329678849e-02, -2.77777777728775536470e-03,
    7.93650558643019558500e-04, -5.95187557450339963135e-04, 8.36339918996282139126e-04,
    -1.63092934096575273989e-03,
]  # fmt: skip


def poisson(engine, rates):
    """Counts for an array of mean `rates`, as `torch.poisson` draws them; they have its dtype."""
    require_floating("poisson_cpu", rates.dtype)
    counts = []
    with closing(read_ahead(engine, 4 * rates.size)) as stream:
        draw = stream.__next__
        for rate in rates.ravel().astype(np.float64).tolist():
            if not rate >= 0:
                raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
            if rate >= 10:
                counts.append(_poisson_by_rejection(rate, draw))
            elif rate:
                counts.append(_poisson_by_product(rate, draw))
            else:
                counts.append(0)
    return cast(np.array(counts, np.float64), rates.dtype).reshape(rates.shape)


def _poisson_by_product(rate, draw):
    """Knuth: how many uniform factors keep a product above exp(-rate)."""
    limit, product, count = math.exp(-rate), draw(), 0
    while product > limit:
        product *= draw()
        count += 1
    return count


def _poisson_by_rejection(rate, draw):
    """Hoermann, The transformed rejection method for generating Poisson random variables (1993)."""
    root, log_rate = math.sqrt(rate), math.log(rate)
    b = 0.931 + 2.53 * root
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    sure = 0.9277 - 3.6224 / (b - 2)
    while True:
        u, v = draw() - 0.5, draw()
        edge = 0.5 - abs(u)
        if not edge:
            continue
        k = ((2 * a / edge + b) * u + rate + 0.43) // 1
        if edge >= 0.07 and v <= sure:
            return _as_int64(k)
        if k < 0 or (edge < 0.013 and v > edge):
            continue
        height = _log(v) + math.log(inverse_alpha) - math.log(a / (edge * edge) + b)
        if height <= -rate + k * log_rate - _log_gamma(k + 1.0):
            return _as_int64(k)


def _log_gamma(x):
    """lgamma of a whole number as the C library sums it: for large rates its rounding decides."""
    if x < 8:
        return math.log(math.factorial(int(x) - 1))
    inverse = 1 / x
    square, tail = inverse * inverse, 0.0
    for coefficient in reversed(_LOG_GAMMA_TAIL[1:]):
        tail = coefficient + square * tail
    return (x - 0.5) * (math.log(x) - 1) + (_LOG_GAMMA_TAIL[0] + inverse * tail)


def _log(x):
    return math.log(x) if x else -math.inf


def _as_int64(k):
    """Of what has no place there, NaN from an infinite rate among it, x86 makes the least one."""
    return k if abs(k) < 2.0**63 else -(2.0**63)


def binomial(engine, trials, chances):
    """Successes in arrays of `trials` of probability `chances`, as `torch.binomial` draws them.

    Both have one dtype, the result's; it also is the one that part of the constants is rounded to.
    """
    _check_binomial(trials, chances)
    trials, chances = np.broadcast_arrays(trials, chances)
    kind = trials.dtype.type
    failing = chances > 0.5
    with np.errstate(all="ignore"):
        rare = np.where(failing, 1 - chances, chances)
        setups = zip(
            *(
                array.ravel().astype(np.float64).tolist()
                for array in (
                    trials,
                    chances,
                    rare,
                    trials * rare,
                    np.sqrt(trials * rare * (1 - rare)),
                    rare / (1 - rare),
                    np.floor((trials + 1) * rare),
                    np.log1p(-rare),
                )
            ),
            strict=True,
        )
    counts = []
    with closing(read_ahead(engine, 4 * trials.size)) as stream:
        draw = stream.__next__
        for count, chance, *constants in setups:
            if count <= 0 or chance <= 0:
                counts.append(0)
            elif chance >= 1 or math.isnan(chance):
                counts.append(count if chance >= 1 else chance)
            elif not math.isfinite(count):
                raise ValueError(f"binomial: cannot draw from {count} trials")  # PyTorch may hang
            else:
                successes = _binomial(kind, count, *constants, draw)
                counts.append(count - successes if chance > 0.5 else successes)
    return cast(np.array(counts, np.float64), trials.dtype).reshape(trials.shape)


def _binomial(kind, trials, chance, mean, deviation, odds, mode, log_failure, draw):
    if mean >= 10:
        return _binomial_by_rejection(kind, trials, chance, mean, deviation, odds, mode, draw)
    waited, successes = 0.0, 0
    while True:
        wait = _log(draw()) / log_failure
        waited += math.ceil(wait) if wait < 2.0**53 else wait
        if waited > trials:
            return successes
        successes += 1


def _binomial_by_rejection(kind, trials, chance, mean, deviation, odds, mode, draw):
    """Hoermann, The generation of binomial random variates (1993), algorithm BTRS."""
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * chance
    sure = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * deviation
    while True:
        u, v = draw() - 0.5, draw()
        edge = 0.5 - abs(u)
        if not edge:
            continue
        k = float(kind(math.floor((2 * a / edge + b) * u + (mean + 0.5))))
        if edge >= 0.07 and v <= sure:
            return k
        if k < 0 or k > trials:
            continue
        v = _log(v * alpha / (a / (edge * edge) + b))
        rest = float(kind(trials - k))
        beyond = float(kind(rest + 1))
        bound = (
            (mode + 0.5) * math.log((mode + 1) / (odds * (trials - mode + 1)))
            + float(kind(trials + 1)) * math.log((trials - mode + 1) / beyond)
            + (k + 0.5) * math.log(odds * beyond / float(kind(k + 1)))
            + _stirling_tail(mode)
            + _stirling_tail(trials - mode)
            - _stirling_tail(k)
            - _stirling_tail(rest)
        )
        if v <= bound:
            return k


def _stirling_tail(k):
    if k <= 9:
        return _STIRLING_TAILS[int(k)]
    square = (k + 1) ** 2
    return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1)


def _check_binomial(trials, chances):
    for name, array in (("count", trials), ("prob", chances)):
        if array.dtype.kind in "biuc":
            raise ValueError(
                f"binomial only supports floating-point dtypes for {name}, got: "
                f"{scalar_name(array.dtype)}"
            )
    broadcast_shapes(trials.shape, chances.shape)
    if trials.dtype != chances.dtype:
        raise RuntimeError(
            f"Found dtype {scalar_name(chances.dtype)} but expected {scalar_name(trials.dtype)}"
        )
    if trials.dtype not in (np.float32, np.float64):
        raise not_implemented("binomial_cpu", trials.dtype)
