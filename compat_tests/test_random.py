"""Random tensors: the same numbers as PyTorch for the same seed, and the same state afterwards.

The streams themselves are compared in test_random_streams.py; here it is what stands on top of them.
"""

import pickle

import numpy as np
import pytest

from compare import both, ours, theirs

DRAWS = """
rand(3, 4)
rand((2, 3), dtype=m.float64)
rand(2, 3, dtype=m.bfloat16)
rand(20, dtype=m.complex64)
rand(0)
rand(())
rand(size=(2,))
rand(3, out=m.empty(3))
randn(3, 4)
randn(5)
randn(17)
randn(100, dtype=m.float64)
randn(4, dtype=m.complex64)
randn(3, 3, dtype=m.float16)
randint(10, (5,))
randint(-3, 10, (2, 3))
randint(0, 5, (4,), dtype=m.float32)
randint(low=2, high=5, size=(3,))
randint(high=5, size=(3,), dtype=m.uint8)
randint(0, 2**40, (3,))
randperm(10)
randperm(0)
randperm(1000, dtype=m.int32)
rand_like(m.ones(2, 3).t())
rand_like(m.ones(2, 3), dtype=m.float64)
randn_like(m.ones(4, 5).t())
randint_like(m.ones(2, 3), 5)
randint_like(m.ones(2, 3), 2, 5)
ones(3).normal_()
ones(20).normal_(2, 3)
ones(4, 5).t().normal_()
ones(6, 8)[:, ::2].normal_()
ones(3).uniform_()
ones(3).uniform_(-1, 2)
ones(4, 5).t().uniform_(2, to=3)
ones(3).random_()
ones(3).random_(7)
ones(3, dtype=m.int64).random_(2, 9)
zeros(5).bernoulli_()
zeros(5).bernoulli_(0.3)
zeros(2, 3).t().bernoulli_(m.tensor([0.1, 0.9]))
bernoulli(m.tensor([0.1, 0.5, 0.9]))
bernoulli(m.tensor([0.1, 0.5, 0.9], dtype=m.float64))
bernoulli(m.ones(4), 0.5)
ones(5).exponential_()
ones(5).exponential_(2.5)
ones(5).cauchy_(1, 2)
ones(5).log_normal_(0.5, 0.25)
ones(5).geometric_(0.3)
ones(5, dtype=m.int64).geometric_(0.3)
normal(0.5, 2.0, (3,))
normal(m.arange(4.0), 2.0)
normal(m.arange(4.0))
normal(1.0, m.arange(1.0, 5.0))
normal(m.arange(4.0), m.arange(1.0, 5.0))
normal(m.zeros(2, 1), m.ones(3))
poisson(m.tensor([0.5, 4.0, 30.0]))
binomial(m.tensor([5.0, 20.0]), m.tensor([0.5, 0.1]))
multinomial(m.tensor([1.0, 2.0, 3.0]), 2)
multinomial(m.tensor([1.0, 2.0, 3.0]), 7, replacement=True)
multinomial(m.tensor([[1.0, 2.0, 3.0], [3.0, 1.0, 1.0]]), 2)
multinomial(m.tensor([[1.0, 2.0], [3.0, 1.0], [1.0, 1.0]]).t(), 2)
""".strip().splitlines()

MISTAKES = """
rand(-1)
rand(2, dtype=m.int64)
randn(2, dtype=m.int64)
randint(5, 5, (3,))
randint(5, 3)
randint(0, 300, (2,), dtype=m.uint8)
randperm(-1)
randperm(300, dtype=m.uint8)
normal(m.zeros(3), m.ones(4))
normal(m.zeros(3), -m.ones(3))
normal(0.0, -1.0, (3,))
normal(m.zeros(2, dtype=m.int64), 1.0)
bernoulli(m.tensor([1.5]))
bernoulli(m.ones(3), 1.5)
ones(3).bernoulli_(2)
multinomial(m.tensor([1.0, 2.0]), 3)
multinomial(m.tensor([1.0, -2.0]), 1)
multinomial(m.tensor([0.0, 0.0]), 1)
multinomial(m.tensor([1, 2]), 1)
ones(3).normal_(0, -1)
ones(3).uniform_(1, 0)
ones(3).exponential_(-1)
ones(3).geometric_(1.5)
ones(3).random_(5, 2)
poisson(m.tensor([-1.0]))
ones(1, 2).expand(3, 2).normal_()
Generator(device="foo")
Generator().manual_seed("a")
Generator().manual_seed(2**64)
set_rng_state(m.zeros(3, dtype=m.uint8))
set_rng_state(m.zeros(5056))
""".strip().splitlines()


@pytest.mark.parametrize("expression", DRAWS)
@pytest.mark.parametrize("seed", [0, 12345])
def test_the_same_numbers_and_the_same_state(expression, seed):
    def draw(m):
        m.manual_seed(seed)
        first = eval(f"m.{expression}", {"m": m})
        second = eval(f"m.{expression}", {"m": m})
        return first, second, m.get_rng_state()

    both(draw)


@pytest.mark.parametrize("expression", MISTAKES)
def test_the_same_mistakes(expression):
    both(lambda m: eval(f"m.{expression}", {"m": m}))


def test_a_generator_of_ones_own():
    def draw(m):
        generator = m.Generator().manual_seed(7)
        first = m.rand(3, generator=generator)
        copy = generator.clone_state()
        state = generator.get_state()
        second = m.randn(20, generator=generator)
        third = m.randn(20, generator=copy)
        generator.set_state(state)
        fourth = m.randn(20, generator=generator)
        return first, second, third, fourth, generator.initial_seed(), m.initial_seed() != 7

    both(draw)


@pytest.mark.parametrize("after", [0, 1, 3, 20, 700])
def test_states_interchange(after):
    """The bytes one side writes continue on the other."""
    theirs.manual_seed(99)
    theirs.randn(after)
    ours.set_rng_state(ours.tensor(theirs.get_rng_state().numpy()))
    assert ours.randn(5).tolist() == theirs.randn(5).tolist()
    theirs.set_rng_state(theirs.tensor(np.array(ours.get_rng_state().tolist(), np.uint8)))
    assert ours.rand(5).tolist() == theirs.rand(5).tolist()


def test_a_forked_stream_leaves_the_others_alone():
    def draw(m):
        m.manual_seed(5)
        with m.random.fork_rng():
            inside = m.rand(3)
        return inside, m.rand(3)

    both(draw)


def test_seeds_wrap():
    both(lambda m: [m.manual_seed(seed).initial_seed() for seed in (-1, -5, 2**63, 2**64 - 1)])


def test_a_generator_is_pickled_with_its_state():
    generator = ours.Generator().manual_seed(3)
    ours.rand(3, generator=generator)
    copy = pickle.loads(pickle.dumps(generator))
    assert ours.rand(3, generator=copy).tolist() == ours.rand(3, generator=generator).tolist()


def test_drawing_on_the_host_compiles_nothing():
    before = len(ours.compilations())
    for _ in range(5):
        ours.randn(37).tolist()
        ours.randperm(11).tolist()
    assert len(ours.compilations()) == before
