"""The random streams under `jtorch._random` against PyTorch's: every bit, and the state afterwards.

PyTorch's code for processors without AVX2 rounds differently; there these tests do not apply.
"""

import itertools
import struct
import warnings

import ml_dtypes
import numpy as np
import pytest
import torch

from jtorch._random import arithmetic, distributions, integers
from jtorch._random import normal as normals
from jtorch._random.counts import binomial, poisson
from jtorch._random.engine import STATE_SIZE, Engine
from jtorch._random.gamma import dirichlet, standard_gamma
from jtorch._random.multinomial import multinomial
from jtorch._random.permutation import _permutation64, permutation
from jtorch._random.selection import largest
from jtorch._random.uniform import read_ahead, uniform

pytestmark = pytest.mark.skipif(
    torch.backends.cpu.get_cpu_capability() == "DEFAULT",
    reason="PyTorch without AVX2 computes other last bits",
)

SIZES = (0, 1, 2, 15, 16, 17, 31, 100, 1000)
LARGE = 100_003
INF, NAN = float("inf"), float("nan")

NUMPY = {
    torch.float32: np.dtype(np.float32),
    torch.float64: np.dtype(np.float64),
    torch.float16: np.dtype(np.float16),
    torch.bfloat16: np.dtype(ml_dtypes.bfloat16),
    torch.complex64: np.dtype(np.complex64),
    torch.complex128: np.dtype(np.complex128),
    torch.bool: np.dtype(np.bool_),
    torch.uint8: np.dtype(np.uint8),
    torch.int8: np.dtype(np.int8),
    torch.int16: np.dtype(np.int16),
    torch.int32: np.dtype(np.int32),
    torch.int64: np.dtype(np.int64),
    torch.uint16: np.dtype(np.uint16),
    torch.uint32: np.dtype(np.uint32),
    torch.uint64: np.dtype(np.uint64),
    torch.float8_e5m2: np.dtype(ml_dtypes.float8_e5m2),
}
FLOATS = list(NUMPY)[:4]
INEXACT = list(NUMPY)[:6]
EVERY = list(NUMPY)

every_dtype = pytest.mark.parametrize("dtype", EVERY, ids=str)
inexact_dtype = pytest.mark.parametrize("dtype", INEXACT, ids=str)
float_dtype = pytest.mark.parametrize("dtype", FLOATS, ids=str)


def to_numpy(tensor):
    tensor = tensor.contiguous()
    if tensor.dtype in (torch.bfloat16, torch.float8_e5m2):
        bits = {2: torch.int16, 1: torch.int8}[tensor.itemsize]
        return tensor.view(bits).numpy().view(NUMPY[tensor.dtype])
    return tensor.numpy()


class Twins:
    """A generator of PyTorch and an engine of ours in one state."""

    def __init__(self, seed=0):
        self.torch, self.ours = torch.Generator().manual_seed(seed), Engine(seed)

    def force(self, words):
        """Put both where they will draw these 32-bit words next."""
        state = bytearray(torch.Generator().manual_seed(1).get_state().numpy().tobytes())
        struct.pack_into("<iiQ", state, 8, 624, 1, 1)
        for place, word in enumerate(words, 1):
            struct.pack_into("<Q", state, 24 + 8 * place, untempered(word))
        self.torch.set_state(torch.frombuffer(state, dtype=torch.uint8).clone())
        self.ours.set_state(np.frombuffer(bytes(state), np.uint8))

    def same(self, theirs, ours, *case):
        """Both calls draw the same bits, or raise and warn the same, and leave one state."""
        theirs, ours = outcome(lambda: to_numpy(theirs())), outcome(ours)

        assert theirs == ours, case
        assert self.torch.get_state().numpy().tobytes() == self.ours.get_state().tobytes(), case


def outcome(call):
    """What a call gives, in a form that compares bit for bit; any NaN is as good as another."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            array = call()
        except Exception as error:
            return type(error), str(error)
    messages = [str(each.message).split(" (Triggered")[0] for each in caught]
    array = np.ascontiguousarray(array)
    if array.dtype.kind in "fcV":
        kind = np.complex128 if array.dtype.kind == "c" else np.float64
        with np.errstate(all="ignore"):
            array = np.where(np.isnan(array.astype(kind)), array.dtype.type(NAN), array)
    return array.shape, array.dtype, array.tobytes(), messages


def untempered(word):
    """The state word from which mt19937 makes this output."""
    word ^= word >> 18
    word ^= (word << 15) & 0xEFC60000
    value = word
    for _ in range(5):
        value = word ^ ((value << 7) & 0x9D2C5680)
    word = value & 0xFFFFFFFF
    value = word
    for _ in range(3):
        value = word ^ (value >> 11)
    return value


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


# Other distributions

RATES = (1.0, 0.3, 7.7, INF, 0.0, -1.0, NAN, 1e-300, 1e300)
CAUCHYS = [(0.0, 1.0), (1.3, 0.4), (-5.0, 100.0), (0.0, 0.0), (NAN, 1.0), (INF, 1.0), (0.0, INF),
           (1e300, 1.0), (1e10, 1e-3)]  # fmt: skip
LOG_NORMALS = [(1.0, 2.0), (0.0, 0.3), (-5.0, 20.0), (0.0, 0.0), (NAN, 1.0), (INF, 1.0), (0.0, INF),
               (800.0, 1.0), (-1e5, 1e5), (700.0, 3.0), (5000.0, 2000.0)]  # fmt: skip
CHANCES = (0.5, 0.01, 1e-5, 0.999, 1e-12, 1e-30, 1e-300, 1 - 1e-16, 0.0, 1.0, -0.1, 1.1, NAN)


@every_dtype
def test_formulas(dtype):
    sizes = (0, 1, 2, 17, 100, 3000) if dtype in FLOATS else (0, 3, 100)
    twins, kind = Twins(16), NUMPY[dtype]
    for count in sizes:
        for rate in RATES:
            twins.same(
                lambda: torch.empty(count, dtype=dtype).exponential_(rate, generator=twins.torch),
                lambda: distributions.exponential(twins.ours, (count,), kind, rate),
                count, rate,
            )  # fmt: skip
        for median, sigma in CAUCHYS:
            twins.same(
                lambda: torch.empty(count, dtype=dtype).cauchy_(
                    median, sigma, generator=twins.torch
                ),
                lambda: distributions.cauchy(twins.ours, (count,), kind, median, sigma),
                count, median, sigma,
            )  # fmt: skip
        for mean, std in LOG_NORMALS:
            twins.same(
                lambda: torch.empty(count, dtype=dtype).log_normal_(
                    mean, std, generator=twins.torch
                ),
                lambda: distributions.log_normal(twins.ours, (count,), kind, mean, std),
                count, mean, std,
            )  # fmt: skip
        for p in CHANCES:
            twins.same(
                lambda: torch.empty(count, dtype=dtype).geometric_(p, generator=twins.torch),
                lambda: distributions.geometric(twins.ours, (count,), kind, p),
                count, p,
            )  # fmt: skip


@every_dtype
def test_bernoulli(dtype):
    twins, kind = Twins(17), NUMPY[dtype]
    for count in SIZES:
        for p in CHANCES:
            twins.same(
                lambda: torch.empty(count, dtype=dtype).bernoulli_(p, generator=twins.torch),
                lambda: distributions.bernoulli(twins.ours, (count,), kind, p),
                count, p,
            )  # fmt: skip
        for chances_dtype in (*FLOATS, torch.int64):
            chances = torch.rand(count).to(chances_dtype)
            each(twins, dtype, chances)
    each(twins, dtype, torch.tensor([0.1, 0.2, 1.5, 0.3]))
    each(twins, dtype, torch.tensor([0.1, NAN]))


def each(twins, dtype, chances):
    twins.same(
        lambda: torch.empty(chances.shape, dtype=dtype).bernoulli_(chances, generator=twins.torch),
        lambda: distributions.bernoulli_each(
            twins.ours, chances.shape, NUMPY[dtype], to_numpy(chances)
        ),
        chances.dtype,
    )


@float_dtype
def test_large_formulas(dtype):
    count = LARGE if dtype is not torch.float64 else 20_003
    for name, parameters in (("exponential", (0.7,)), ("cauchy", (1.3, 0.4)), ("geometric", (0.3,)),
                             ("log_normal", (0.1, 2.0)), ("bernoulli", (0.3,))):  # fmt: skip
        twins = Twins(2)
        twins.same(
            lambda: getattr(torch.empty(count, dtype=dtype), f"{name}_")(
                *parameters, generator=twins.torch
            ),
            lambda: getattr(distributions, name)(twins.ours, (count,), NUMPY[dtype], *parameters),
            name,
        )


@pytest.mark.parametrize(
    "words",
    [[0, 0], [0, 1], [0xFFFFFFFF] * 2, [0xFFFFFFFF, 0xFFFFFFFE], [0, 0, 0xFFFFFFFF, 0xFFFFFFFF],
     [0x100000, 0], [0xFFFFFF, 0], [0, 0xFFFFFF], [0x1FFFFF, 0xFFFFFFFF]],
    ids=str,
)  # fmt: skip
def test_ends_of_the_unit_interval(words):
    """The smallest and the largest fractions there are."""
    twins = Twins()
    for dtype, count in itertools.product(FLOATS, (1, 2, 17)):
        shape, kind = (count,), NUMPY[dtype]
        for name, ours, parameters in (
            ("uniform_", uniform, ()),
            ("uniform_", uniform, (0.1, 0.7)),
            ("normal_", normals.normal, ()),
            ("normal_", normals.normal, (0.1, 0.3)),
            ("exponential_", distributions.exponential, ()),
            ("cauchy_", distributions.cauchy, ()),
            ("geometric_", distributions.geometric, (0.3,)),
            ("log_normal_", distributions.log_normal, ()),
            ("bernoulli_", distributions.bernoulli, (1.0,)),
        ):
            twins.force(words)
            twins.same(
                lambda: getattr(torch.empty(shape, dtype=dtype), name)(
                    *parameters, generator=twins.torch
                ),
                lambda: ours(twins.ours, shape, kind, *parameters),
                name, dtype, count,
            )  # fmt: skip


# Order and masks


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


# Categories and counts


def drawn(twins, weights, count, replacement):
    column_major = weights.dim() == 2 and 0 < weights.stride(0) < weights.stride(1)
    twins.same(
        lambda: torch.multinomial(weights, count, replacement, generator=twins.torch),
        lambda: multinomial(twins.ours, to_numpy(weights), count, replacement, column_major),
        weights, count, replacement,
    )  # fmt: skip


@pytest.mark.parametrize("dtype", [*FLOATS, torch.int64, torch.complex64, torch.float8_e5m2],
                         ids=str)  # fmt: skip
def test_multinomial_of_odd_weights(dtype):
    twins = Twins(18)
    for weights in ([0.1, 0.2], [-0.1, 0.2], [NAN, 0.2], [INF, 0.2], [0.2, -INF], [0.0, 0.0],
                    [[0.5, 0.2], [NAN, 0.2]], [[0.5, 0.2], [0.1, -0.2]], [[0.5, 0.2], [0.0, 0.0]],
                    [3e38, 3e38], [4e4, 4e4], [1e-45, 1e-45], [[]], [], [[[1.0]]], 1.0,
                    [[0.1, 0.2, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]],
                    [0.0, 1.0, 0.0, 0.0]):  # fmt: skip
        weights = torch.tensor(weights)
        if dtype is torch.int64 and not weights.isfinite().all():
            continue
        for count, replacement in itertools.product((-1, 0, 1, 2, 4), (False, True)):
            drawn(twins, weights.to(dtype), count, replacement)
    for shape in ((0, 0), (0, 3), (2, 0)):
        for count, replacement in itertools.product((1, 2, 4), (False, True)):
            drawn(twins, torch.ones(shape).to(dtype), count, replacement)


@float_dtype
def test_multinomial(dtype):
    """With 16-bit weights, and with zeros, many have equal chances: their order shows too."""
    twins = Twins(19)
    for size, rows, replacement in itertools.product((1, 2, 17, 100, 1000), (0, 3), (False, True)):
        weights = torch.rand((rows, size) if rows else (size,)).to(dtype)
        sparse = torch.where(torch.rand(weights.shape) < 0.3, 0, weights) + 1e-3 * (weights == 1)
        sparse[..., 0] = 1
        for count in {1, 2, max(size // 64, 1), max(size // 2, 1), size}:
            if count <= size or replacement:
                drawn(twins, weights, count, replacement)
                drawn(twins, sparse.to(dtype), count, replacement)
    drawn(twins, torch.rand(100, 4).to(dtype).t(), 7, False)
    drawn(twins, torch.ones(1).expand(2**24 + 1), 1, True)


def test_largest():
    """The order of `topk` among equal values, by each of the library's algorithms."""
    generator = np.random.RandomState(0)
    for _ in range(300):
        size = int(generator.choice([1, 2, 3, 4, 5, 16, 17, 18, 33, 64, 100, 500, 2000]))
        count = max(size // 64, 1) if generator.rand() < 0.3 else generator.randint(1, size + 1)
        values = generator.randint(0, max(2, size // 2), size).astype(np.float32)
        kind = generator.randint(4)
        if kind == 1:
            values[generator.rand(size) < 0.3] = NAN
        elif kind == 2:
            values.sort()
        theirs = torch.topk(torch.from_numpy(values), int(count)).indices.tolist()

        assert theirs == largest(values, int(count)).tolist()


@pytest.mark.parametrize("half", [500])
def test_largest_of_a_killer(half):
    """Values that make quicksort by the median of three go wrong, so that the heap takes over."""
    odd = [i if i % 2 else half + i - 1 for i in range(1, half + 1)]
    values = -np.array(odd + list(range(2, 2 * half + 1, 2)), np.float32)
    values[::50] = values[25]
    for count in (1, half, 2 * half):
        theirs = torch.topk(torch.from_numpy(values), count).indices.tolist()

        assert theirs == largest(values, count).tolist()


@pytest.mark.parametrize("dtype", [*FLOATS, torch.int64, torch.complex64], ids=str)
def test_poisson(dtype):
    twins = Twins(20)
    rates = [torch.full((200,), rate) for rate in (0.0, 0.1, 1.0, 3.0, 9.9, 10.0, 12.0, 300.0, 1e4)]
    if dtype in FLOATS:
        rates += [torch.full((20,), rate) for rate in (1e6, 1e10, 1e15, 1e19, 1e38, INF, NAN, -1.0)]
    for rate in [*rates, torch.rand(0), torch.rand(30, 20) * 40, torch.tensor([1.0, -1.0])]:
        rate = rate.to(dtype)
        twins.same(
            lambda: torch.poisson(rate, generator=twins.torch),
            lambda: poisson(twins.ours, to_numpy(rate)),
            rate,
        )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_binomial(dtype):
    twins = Twins(21)
    trials = (1, 5, 20, 1000, 33.7, 1e5, 1e7, 123456.78, 1e30, 0, -1)
    for count, p in itertools.product(
        trials, (0.01, 0.1, 0.3, 0.5, 0.6, 0.9, 1e-7, 0, 1, 1.1, NAN)
    ):
        successes(twins, torch.full((60,), count, dtype=dtype), torch.full((60,), p, dtype=dtype))
    trials, chances = (torch.rand(9, 1) * 90).to(dtype), torch.rand(9, 40, dtype=dtype)
    twins.same(
        lambda: torch.binomial(trials.expand(9, 40), chances, generator=twins.torch),
        lambda: binomial(twins.ours, to_numpy(trials), to_numpy(chances)),
    )
    with pytest.raises(ValueError, match="cannot draw from nan trials"):
        binomial(Engine(), np.float32([NAN]), np.float32([0.5]))


def successes(twins, trials, chances):
    twins.same(
        lambda: torch.binomial(trials, chances, generator=twins.torch),
        lambda: binomial(twins.ours, to_numpy(trials), to_numpy(chances)),
        trials, chances,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("trials", "chances"),
    [
        (torch.ones(2).half(), torch.ones(2).half()),
        (torch.ones(2).half(), torch.ones(2)),
        (torch.ones(2), torch.ones(2).double()),
        (torch.ones(2).long(), torch.ones(2)),
        (torch.ones(2), torch.ones(2).bool()),
        (torch.ones(2), torch.ones(3).double()),
        (torch.ones(0).bfloat16(), torch.ones(0).bfloat16()),
        (torch.ones(0), torch.ones(0)),
    ],
    ids=range(8),
)
def test_binomial_of_mixed_dtypes(trials, chances):
    successes(Twins(), trials, chances)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16], ids=str)
def test_gamma(dtype):
    twins = Twins(22)
    for value in (0.0, 0.001, 0.5, 0.99, 1.0, 1.5, 3.0, 100.0, 1e10, -1.0, -0.5, NAN, INF):
        shapes = torch.full((50,), value).to(dtype)
        twins.same(
            lambda: torch._standard_gamma(shapes, generator=twins.torch),
            lambda: standard_gamma(twins.ours, to_numpy(shapes)),
            value,
        )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16], ids=str)
def test_dirichlet(dtype):
    twins = Twins(23)
    shapes = [(), (0,), (2, 0), (1,), (3,), (50, 3), (50, 4)]
    if dtype is torch.float32:  # the order of a longer sum shows in the last bits of float64
        shapes += [(20, 17), (3, 100)]
    for shape, value in itertools.product(shapes, (0.0, 1e-30, 0.001, 1.0)):
        concentration = (torch.rand(shape) + 0.5).to(dtype) * value
        twins.same(
            lambda: torch._sample_dirichlet(concentration, generator=twins.torch),
            lambda: dirichlet(twins.ours, to_numpy(concentration)),
            shape, value,
        )  # fmt: skip


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
