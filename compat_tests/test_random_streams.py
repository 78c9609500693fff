"""Engine, uniform, normal and whole numbers under `jtorch._random`, against PyTorch's."""

import itertools
import struct

import numpy as np
import pytest
import torch

from jtorch._random import arithmetic, distributions, integers
from jtorch._random import normal as normals
from jtorch._random.engine import STATE_SIZE, Engine
from jtorch._random.permutation import _permutation64, permutation
from jtorch._random.uniform import read_ahead, uniform
from random_twins import (
    FLOATS,
    INEXACT,
    INF,
    LARGE,
    NAN,
    NUMPY,
    SIZES,
    Twins,
    every_dtype,
    float_dtype,
    inexact_dtype,
    needs_avx2,
    outcome,
    to_numpy,
)

pytestmark = needs_avx2


# The engine


@pytest.mark.parametrize("seed", [0, 1, -1, 42, 2**32, 2**63, -(2**63), 2**64 - 1])
def test_engine(seed):
    twins = Twins(seed)
    assert twins.ours.initial_seed() == twins.torch.initial_seed()
    for count in (0, 1, 5, 617, 1, 0, 1, 624, 1248, 623, 1, 3000):
        twins.same(
            lambda: (torch.rand(count, generator=twins.torch) * 2**24).long(),
            lambda: twins.ours.draw32(count).astype(np.int64) & 0xFFFFFF,
            count,
        )


def test_draws():
    one, many, wide = Engine(7), Engine(7), Engine(7)
    words = [one.draw() for _ in range(1000)]

    assert words == many.draw32(1000).tolist()
    pairs = zip(words[::2], words[1::2], strict=True)
    assert [high << 32 | low for high, low in pairs] == wide.draw64(500).tolist()


def test_seed_from_the_system():
    engine = Engine()
    seeds = {engine.seed() for _ in range(5)}

    assert len(seeds) == 5
    assert engine.initial_seed() in seeds
    assert all(0 <= seed < 2**64 for seed in seeds)


def test_seed_out_of_range():
    twins = Twins()
    for seed in (2**64, -(2**63) - 1):
        theirs = outcome(lambda: twins.torch.manual_seed(seed))

        assert theirs == outcome(lambda: twins.ours.manual_seed(seed))


def test_state_bytes_interchange():
    twins = Twins(3)
    torch.randn(7, generator=twins.torch)  # leaves a normal number for later
    for _ in range(3):
        state = twins.torch.get_state()
        twins.ours = Engine()
        twins.ours.set_state(state.numpy())
        twins.torch = torch.Generator()
        twins.torch.set_state(torch.from_numpy(twins.ours.get_state()))
        twins.same(
            lambda: torch.randn(4, generator=twins.torch),
            lambda: normals.normal(twins.ours, (4,), np.float32),
        )


def packed(offset, kind, value, state=None):
    state = bytearray(Engine(5).get_state().tobytes() if state is None else state)
    struct.pack_into(kind, state, offset, value)
    return bytes(state)


@pytest.mark.parametrize(
    "state",
    [
        b"",
        bytes(STATE_SIZE),
        bytes(5048),
        packed(8, "<i", 0),
        packed(8, "<i", -1),
        packed(8, "<i", 625),
        packed(12, "<i", 0),
        packed(12, "<i", 7),
        packed(16, "<Q", 5),
        packed(16, "<Q", 624),
        packed(16, "<Q", 625),
        packed(24, "<Q", 2**40 + 3),
        packed(5024, "<d", 1.5),
        packed(5040, "<i", 7, packed(5024, "<d", 1.5)),
        packed(5048, "<f", 2.5),
        packed(5052, "<B", 2, packed(5048, "<f", 2.5)),
        packed(16, "<Q", 300, packed(8, "<i", 325)),
    ],
    ids=range(17),
)
def test_set_state(state):
    twins = Twins()
    tensor = torch.tensor(list(state), dtype=torch.uint8)
    theirs = outcome(lambda: twins.torch.set_state(tensor).get_state().numpy())

    def ours():
        twins.ours.set_state(tensor.numpy())
        return twins.ours.get_state()

    assert theirs == outcome(ours)


def test_set_state_of_another_kind():
    twins = Twins()
    for state in (torch.zeros(STATE_SIZE), torch.zeros(STATE_SIZE, 2, dtype=torch.uint8)[:, 0]):
        theirs = outcome(lambda: twins.torch.set_state(state))

        assert theirs == outcome(lambda: twins.ours.set_state(state.numpy()))
    with pytest.raises(TypeError, match=r"expected a torch\.ByteTensor, but got int"):
        twins.ours.set_state(3)
    with pytest.raises(RuntimeError, match="Invalid mt19937 state"):
        twins.ours.set_state(np.frombuffer(packed(8, "<i", 300), np.uint8))


def test_rewind():
    for consumed in (0, 1, 3, 624, 5000):
        straight, ahead = Engine(9), Engine(9)
        straight.draw32(consumed)
        mark = ahead.mark()
        ahead.draw32(10_000)
        ahead.rewind(mark, consumed)

        assert straight.get_state().tobytes() == ahead.get_state().tobytes()


def test_read_ahead():
    for taken in (0, 1, 16, 17, 100):
        straight, ahead = Engine(9), Engine(9)
        expected = uniform(straight, (taken,), np.float64).tolist()
        stream = read_ahead(ahead, 0)

        assert [next(stream) for _ in range(taken)] == expected
        stream.close()
        assert straight.get_state().tobytes() == ahead.get_state().tobytes()


# Uniform and normal numbers

BOUNDS = [(0, 1), (-1, 1), (0.1, 0.7), (-3.7, 11.3), (5, 5), (1e-3, 1e4), (100, 100.00002),
          (-1e-45, 1e-45), (1, 0), (0, INF), (NAN, 1), (-1e39, 1), (-2e38, 2e38),
          (-2, 7e4)]  # fmt: skip


@every_dtype
def test_uniform(dtype):
    twins = Twins(11)
    for count in SIZES:
        for low, high in BOUNDS:
            twins.same(
                lambda: torch.empty(count, dtype=dtype).uniform_(low, high, generator=twins.torch),
                lambda: uniform(twins.ours, (count,), NUMPY[dtype], low, high),
                count, low, high,
            )  # fmt: skip


MOMENTS = [(0.0, 1.0), (0.3, 2.7), (-1e3, 1e-3), (0.0, 0.0), (5.0, INF), (1e300, 1.0),
           (0.0, 1e-30), (NAN, 1.0), (0.0, -1.0), (0.0, NAN)]  # fmt: skip


@every_dtype
def test_normal(dtype):
    twins = Twins(12)
    for count in SIZES:
        for mean, std in MOMENTS:
            twins.same(
                lambda: torch.empty(count, dtype=dtype).normal_(mean, std, generator=twins.torch),
                lambda: normals.normal(twins.ours, (count,), NUMPY[dtype], mean, std),
                count, mean, std,
            )  # fmt: skip
            twins.same(
                lambda: torch.empty(count, 2, dtype=dtype)[:, 0].normal_(
                    mean, std, generator=twins.torch
                ),
                lambda: normals.normal(
                    twins.ours, (count,), NUMPY[dtype], mean, std, contiguous=count < 2
                ),
                "strided", count, mean, std,
            )  # fmt: skip


@inexact_dtype
def test_large(dtype):
    for seed in (0, 1, 2**40):
        twins = Twins(seed)
        twins.same(
            lambda: torch.rand(LARGE, dtype=dtype, generator=twins.torch),
            lambda: uniform(twins.ours, (LARGE,), NUMPY[dtype]),
        )
        count = LARGE if dtype.itemsize < 8 else 20_003
        twins.same(
            lambda: torch.randn(count, dtype=dtype, generator=twins.torch),
            lambda: normals.normal(twins.ours, (count,), NUMPY[dtype]),
        )


def test_fused_steps_are_exact():
    """Rounding twice in the float32 logarithm, sine and cosine never shows: a part of the 2**24."""
    fractions = np.arange(0, 1 << 24, 61).astype(np.float32) * np.float32(2.0**-24)
    ours = normals._log(1 - fractions), *normals._cos_sin(np.float32(2 * np.pi) * fractions)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(normals, "_fused", exactly_fused)
        patch.setattr(normals, "_polynomial", exact_polynomial)
        exact = normals._log(1 - fractions), *normals._cos_sin(np.float32(2 * np.pi) * fractions)

    for mine, wanted in zip(ours, exact, strict=True):
        assert mine.tobytes() == wanted.tobytes()


def exactly_fused(a, b, c):
    return arithmetic.fma32(a.astype(np.float32), np.float32(b), c)


def exact_polynomial(coefficients, x):
    total = np.full(x.shape, coefficients[0])
    for coefficient in coefficients[1:]:
        total = arithmetic.fma32(x.astype(np.float32), total, coefficient)
    return total


def test_fma():
    """4097 * 4097 is a float32 tie; what is added decides, however small."""
    a = np.float32([4097, 4097, -4097, -4097])
    c = np.float32([1e-10, -1e-10, 1e-10, -1e-10])

    assert arithmetic.fma32(a, np.float32(4097), c).tolist() == [
        16785410.0, 16785408.0, -16785408.0, -16785410.0,
    ]  # fmt: skip
    values = np.random.standard_normal(500) * 2.0 ** np.random.randint(-30, 30, 500)
    for b, c in ((0.6, 0.1), (3e200, -1e150), (1e-200, 1e-300), (0.1, -0.1 * values[7])):
        exact = [arithmetic._fma_by_fractions(a, b, c) for a in values.tolist()]

        assert arithmetic.fma64(values, b, c).tolist() == exact


@pytest.mark.parametrize("mean_dtype", [*INEXACT, torch.int64], ids=str)
@pytest.mark.parametrize("std_dtype", [*INEXACT, torch.int64], ids=str)
def test_normal_around(mean_dtype, std_dtype):
    twins = Twins(13)
    shapes = [((3,), (3,)), ((20,), (20,)), ((4, 1, 5), (7, 1)), ((), ()), ((20,), ()), ((), (20,)),
              ((3,), (4,))]  # fmt: skip
    for mean_shape, std_shape in shapes:
        mean = (torch.randn(mean_shape) * 10).to(mean_dtype)
        std = (torch.rand(std_shape) * 3).to(std_dtype)
        around(twins, mean, std)
    around(twins, mean, 2.3)
    around(twins, mean, -1.0)
    around(twins, 1.7, std)
    if std_dtype.is_floating_point:
        around(twins, 0.0, torch.tensor([1, -1], dtype=std_dtype))
        around(twins, 0.0, torch.tensor([1, NAN], dtype=std_dtype))
        around(twins, 1e300, std)


def around(twins, mean, std):
    arrays = (np.asarray(to_numpy(x)) if isinstance(x, torch.Tensor) else x for x in (mean, std))
    twins.same(
        lambda: torch.normal(mean, std, generator=twins.torch),
        lambda: normals.normal_around(twins.ours, *arrays),
    )


# Whole numbers

RANGES = [(5, 5), (6, 5), (0, 2), (3, 4), (0, 256), (-128, 128), (-300, 300), (0, 65536),
          (257, 258), (2049, 2050), (65505, 65520), (2**24 + 1, 2**24 + 2), (-(2**24) - 3, 0),
          (0, 2**24 + 5), (0, 2**28 - 1), (0, 2**28), (1, 2**28 + 1), (0, 2**31), (-(2**31), 2**31),
          (0, 2**32 - 1), (0, 2**32), (0, 10**10), (0, 2**53 + 10), (-(2**62), 2**62),
          (-(2**63), 2**63 - 1), (-(2**63), None), (-(2**31), None), (-(2**15), None),
          (-128, None), (-1, None), (0, None), (5, None), (2**24, None), (2**30, None)]  # fmt: skip


@every_dtype
def test_random(dtype):
    twins = Twins(14)
    generator = np.random.RandomState(0)
    ends = generator.choice([-1, 1], (20, 2)) * 2.0 ** generator.randint(0, 62, (20, 2))
    more = [tuple(sorted(map(int, pair))) for pair in ends]
    for count in (0, 1, 17, 1000):
        twins.same(
            lambda: torch.empty(count, dtype=dtype).random_(generator=twins.torch),
            lambda: integers.random(twins.ours, (count,), NUMPY[dtype]),
        )
        for low, high in RANGES + more:
            twins.same(
                lambda: torch.empty(count, dtype=dtype).random_(low, high, generator=twins.torch),
                lambda: integers.random_between(twins.ours, (count,), NUMPY[dtype], low, high),
                count, low, high,
            )  # fmt: skip


def test_random_from_the_largest():
    """For a floating dtype PyTorch does not return."""
    twins, largest = Twins(), 2**63 - 1
    twins.same(
        lambda: torch.empty(3, dtype=torch.int64).random_(largest, None, generator=twins.torch),
        lambda: integers.random_between(twins.ours, (3,), np.int64, largest, None),
    )
    for dtype in FLOATS:
        with pytest.raises(RuntimeError, match=f"got from={largest} > to_inc="):
            integers.random_between(Engine(), (3,), NUMPY[dtype], largest, None)


@every_dtype
def test_permutation(dtype):
    twins = Twins(15)
    for count in (-1, *SIZES, 128, 129, 256, 257, 258, 399, 400, 401, 2049, 2050, 32768, 32769,
                  65536, 65537, LARGE):  # fmt: skip
        twins.same(
            lambda: torch.randperm(count, dtype=dtype, generator=twins.torch),
            lambda: permutation(twins.ours, count, NUMPY[dtype]),
            count,
        )


@pytest.mark.parametrize("count", [1, 2, 3, 10, 1000])
def test_permutation_of_very_many(count):
    """From 214,748,364 elements on: too many to try, so against the algorithm as a loop."""
    words, order = Engine(count).draw64(count).tolist(), list(range(count))
    for place, word in enumerate(words):
        partner = word % (place + 1)
        order[place], order[partner] = order[partner], order[place]

    assert _permutation64(Engine(count), count).tolist() == order


# The order of memory, and masks


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("uniform_", lambda engine, shape: uniform(engine, shape, np.float32)),
        (
            "normal_",
            lambda engine, shape: normals.normal(engine, shape, np.float32, contiguous=False),
        ),
        (
            "exponential_",
            lambda engine, shape: distributions.exponential(engine, shape, np.float32),
        ),
        ("bernoulli_", lambda engine, shape: distributions.bernoulli(engine, shape, "f4", 0.5)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fill_in_place_goes_through_memory(name, ours):
    for order in itertools.permutations(range(3)):
        if order != (0, 1, 2):
            twins = Twins(4)
            twins.same(
                lambda: getattr(torch.empty(4, 5, 6).permute(order), name)(generator=twins.torch),
                lambda: ours(twins.ours, (4, 5, 6)).transpose(order),
                order,
            )


@float_dtype
def test_dropout(dtype):
    input = torch.randn(50, 20, dtype=dtype)
    for p in (0.3, 0.9):
        torch.manual_seed(6)
        theirs = torch.nn.functional.dropout(input, p)
        mask = distributions.bernoulli(Engine(6), (50, 20), NUMPY[dtype], 1 - p)

        assert torch.equal(theirs, input * torch.tensor(mask.tolist(), dtype=dtype).div(1 - p))


# The comparison itself


def test_the_comparison_can_fail():
    def same(theirs, ours):
        twins = Twins()
        twins.same(lambda: theirs(twins.torch), lambda: ours(twins.ours))

    def numbers(generator):
        return torch.rand(3, generator=generator)

    same(numbers, lambda engine: uniform(engine, (3,), np.float32))
    for wrong in (
        lambda engine: np.nextafter(uniform(engine, (3,), np.float32), np.float32(1)),
        lambda engine: uniform(engine, (3,), np.float32).astype(np.float64),
        lambda engine: uniform(engine, (4,), np.float32)[:3],
        lambda engine: uniform(engine, (3,), np.float32, 1, 0),
    ):
        with pytest.raises(AssertionError):
            same(numbers, wrong)
    with pytest.raises(AssertionError):
        same(lambda generator: torch.zeros(2), lambda engine: np.float32([0.0, -0.0]))
