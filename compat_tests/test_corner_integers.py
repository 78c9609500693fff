"""Whole numbers at their limits: wrapping, division, shifts, powers, reductions, in every dtype.

Compilers give integer division by zero a number and leave shifts past the width open.
"""

import numpy as np
import pytest

from compare import both, make

NAN, INF = float("nan"), float("inf")
SIZES = (7, 5000)
LIMITS = {
    "int8": (-128, 127),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint8": (0, 255),
}


def edges(dtype):
    """The limits of an integer dtype and the numbers next to them and to zero."""
    low, high = LIMITS[dtype]
    near_zero = [0, 1, 2, 3, 7] + ([-1, -2, -3, -7] if low < 0 else [])
    return [low, low + 1, high - 1, high, *near_zero]


def pairs_of_edges(dtype, *, without_zero=False, without_overflow=False):
    values = edges(dtype)
    low = LIMITS[dtype][0]
    pairs = [(a, b) for a in values for b in values if b or not without_zero]
    if without_overflow:  # the lowest number by -1 has no quotient: C leaves it open, x86 stops
        pairs = [pair for pair in pairs if pair != (low, -1) or low == 0]
    return [list(side) for side in zip(*pairs, strict=True)]


@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize(
    "name",
    ["add", "sub", "mul", "bitwise_and", "bitwise_xor", "maximum", "eq", "lt", "true_divide"],
)
def test_integers_wrap(name, dtype):
    left, right = pairs_of_edges(dtype)
    both(
        lambda m: getattr(m, name)(
            m.tensor(left, dtype=getattr(m, dtype)), m.tensor(right, dtype=getattr(m, dtype))
        )
    )


@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize("name", ["floor_divide", "remainder", "fmod", "gcd"])
def test_integer_division(name, dtype):
    left, right = pairs_of_edges(dtype, without_zero=True, without_overflow=True)
    if name == "gcd":  # of the lowest number: its absolute value does not exist
        kept = [pair for pair in zip(left, right, strict=True) if LIMITS[dtype][0] not in pair]
        left, right = (
            [list(side) for side in zip(*kept, strict=True)] if dtype != "uint8" else (left, right)
        )
    both(
        lambda m: getattr(m, name)(
            m.tensor(left, dtype=getattr(m, dtype)), m.tensor(right, dtype=getattr(m, dtype))
        )
    )
    if name == "floor_divide":
        for mode in ("floor", "trunc"):
            both(
                lambda m, mode=mode: m.div(
                    m.tensor(left, dtype=getattr(m, dtype)),
                    m.tensor(right, dtype=getattr(m, dtype)),
                    rounding_mode=mode,
                )
            )


@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize("name", ["floor_divide", "remainder", "fmod"])
@pytest.mark.parametrize("size", SIZES)
def test_integer_division_by_zero(name, dtype, size):
    both(
        lambda m: getattr(m, name)(
            m.ones(size, dtype=getattr(m, dtype)), m.zeros(size, dtype=getattr(m, dtype))
        )
    )
    both(lambda m: getattr(m, name)(m.ones(size, dtype=getattr(m, dtype)), 0))


@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize(
    "name",
    [
        "abs",
        "neg",
        "square",
        "sign",
        "bitwise_not",
        "sum",
        "prod",
        "mean float",
        "cumsum",
        "max",
        "argmin",
        "sort",
    ],
)
def test_unary_of_integer_limits(name, dtype):
    def call(module):
        values = module.tensor(edges(dtype), dtype=getattr(module, dtype))
        if name == "mean float":
            return values.double().mean()
        return getattr(module, name)(values, *((0,) if name == "cumsum" else ()))

    both(call)


@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize("name", ["bitwise_left_shift", "bitwise_right_shift"])
def test_shifts(name, dtype):
    """Counts past the width and below zero included."""
    bits = {"int8": 8, "int16": 16, "int32": 32, "int64": 64, "uint8": 8}[dtype]
    counts = [0, 1, bits - 1, bits, bits + 1] + ([-1] if dtype != "uint8" else [])
    left = [value for value in edges(dtype) for _ in counts]
    right = counts * len(edges(dtype))
    both(
        lambda m: getattr(m, name)(
            m.tensor(left, dtype=getattr(m, dtype)), m.tensor(right, dtype=getattr(m, dtype))
        )
    )


@pytest.mark.parametrize("dtype", LIMITS)
def test_integer_powers(dtype):
    bases = [value for value in edges(dtype) for _ in range(6)]
    exponents = [0, 1, 2, 3, 8, 63] * len(edges(dtype))
    both(
        lambda m: m.pow(
            m.tensor(bases, dtype=getattr(m, dtype)), m.tensor(exponents, dtype=getattr(m, dtype))
        )
    )
    for exponent in (0, 1, 2, 3, 7):
        both(
            lambda m, exponent=exponent: m.tensor(edges(dtype), dtype=getattr(m, dtype)) ** exponent
        )


def test_negative_integer_powers():
    """As a number it is refused; as a tensor torch gives what integers can hold: 0, or 1 and -1."""
    both(lambda m: m.tensor([2, 1, -1]) ** -1)
    both(lambda m: m.pow(m.tensor([2, 1, -1, -1, 5]), m.tensor([-1, -3, -3, -2, -2])))
    both(lambda m: m.tensor([2.0, 0.0, -0.5]) ** -2)
    both(lambda m: 2 ** m.tensor([1, 2, 3]))
    both(lambda m: 2.0 ** m.tensor([-1, 2]))


def test_signs_of_remainders():
    left, right = [7, 7, -7, -7, 6, -6], [3, -3, 3, -3, 3, -3]
    for kind in ("int64", "float32"):
        for name in ("remainder", "fmod", "floor_divide"):
            both(
                lambda m, name=name, kind=kind: getattr(m, name)(
                    make(m, np.array(left), kind), make(m, np.array(right), kind)
                )
            )
    both(
        lambda m: [
            m.tensor(left) % 4,
            4 % m.tensor(left),
            m.tensor(left) // -4,
            -5 // m.tensor(left),
        ]
    )
    both(lambda m: m.tensor([5.5, -5.5, INF, NAN]) % m.tensor([INF, INF, 2.0, 2.0]))
