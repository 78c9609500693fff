"""The other distributions under `jtorch._random` against PyTorch's."""

import itertools

import numpy as np
import pytest
import torch

from jtorch._random import distributions
from jtorch._random import normal as normals
from jtorch._random.counts import binomial, poisson
from jtorch._random.engine import Engine
from jtorch._random.gamma import dirichlet, standard_gamma
from jtorch._random.multinomial import multinomial
from jtorch._random.selection import largest
from jtorch._random.uniform import uniform
from random_twins import (
    FLOATS,
    INF,
    LARGE,
    NAN,
    NUMPY,
    SIZES,
    Twins,
    every_dtype,
    float_dtype,
    needs_avx2,
    to_numpy,
)

pytestmark = needs_avx2


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
