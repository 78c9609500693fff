"""Poisson and binomial counts: samplers that reject, so what they consume depends on what they draw."""

import math
from contextlib import closing

import numpy as np

from jtorch._random.limits import is_floating, not_implemented, scalar_name
from jtorch._random.uniform import read_ahead

# log(k!) less Stirling's formula for it, for k = 0, 1, 2...
_STIRLING_TAILS = [
    0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
    0.0166446911898211, 0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
    0.00925546218271273, 0.00833056343336287,
]  # fmt: skip


def poisson(engine, rates):
    """Counts for an array of mean `rates`, as `torch.poisson` draws them; they have its dtype."""
    if rates.dtype.name not in ("float16", "bfloat16", "float32", "float64"):
        raise not_implemented("poisson_cpu", rates.dtype)
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
    return _as(counts, rates.dtype).reshape(rates.shape)


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
        k = _floor((2 * a / edge + b) * u + rate + 0.43)
        if edge >= 0.07 and v <= sure:
            return k
        if k < 0 or (edge < 0.013 and v > edge):
            continue
        height = math.log(v) + math.log(inverse_alpha) - math.log(a / (edge * edge) + b)
        if height <= -rate + k * log_rate - math.lgamma(k + 1.0):
            return k


def _floor(x):
    """As an int64; what has no place there, an infinite rate's counts among it, is the least one."""
    return math.floor(x) if abs(x) < 2.0**63 else -(1 << 63)


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
            elif chance >= 1:
                counts.append(count)
            else:
                successes = _binomial(kind, count, *constants, draw)
                counts.append(count - successes if chance > 0.5 else successes)
    return _as(counts, trials.dtype).reshape(trials.shape)


def _binomial(kind, trials, chance, mean, deviation, odds, mode, log_failure, draw):
    if mean >= 10:
        return _binomial_by_rejection(kind, trials, chance, mean, deviation, odds, mode, draw)
    waited, successes = 0.0, 0
    while True:
        waited += math.ceil(math.log(draw()) / log_failure)
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
        v = math.log(v * alpha / (a / (edge * edge) + b))
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
    pass


def _as(counts, dtype):
    counts = np.array(counts, np.float64)
    with np.errstate(over="ignore"):
        return counts.astype(np.float32).astype(dtype) if dtype.itemsize == 2 else counts.astype(dtype)
