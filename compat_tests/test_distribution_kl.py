"""Divergences of all pairs of families, and which entry of the table is found."""

import warnings
import zlib

import pytest

import distribution_cases as cases
from compare import EXHAUSTIVE, assert_same, attempt, both, neutral, ours, theirs
from operation_lines import on_host

# A line of each family, by the family's name.
LINES = {line.partition("(")[0]: line for line in reversed(cases.LINES)}
# Parameters that tell regions apart: a support within another one, and one that is not.
MORE = [
    "Binomial(5, u)",
    "Pareto(p, p + 3)",
    "Uniform(0.1, 0.7)",
    "Uniform(p, p + 1)",
    "Uniform(-1., 2.)",
    "Beta(p + 1, p + 1)",
    "HalfCauchy(p)",
]
FAMILIES = [*LINES.values(), *MORE]
PAIRS = sorted((p.__name__, q.__name__) for p, q in theirs.distributions.kl._KL_REGISTRY)


def _divergences(module, first, configuration="batch"):
    p, _ = cases.made(module, (first, configuration))
    found = {}
    for other in FAMILIES:
        q, _ = cases.made(module, (other, configuration))
        found[other] = attempt(module.distributions.kl_divergence, p, q)
    return found


@pytest.mark.parametrize("first", FAMILIES)
def test_pairs(first):
    """Every family with every other one, those without an entry among them."""
    wanted = _divergences(theirs, first)
    with on_host():
        assert_same(_divergences(ours, first), wanted)


def _gradient(module, pair):
    configuration = "vector"
    p, leaves = cases.made(module, (LINES[pair[0]], configuration), gradients=True)
    q, more = cases.made(module, (LINES[pair[1]] + " ", configuration), gradients=True)
    divergence = module.distributions.kl_divergence(p, q)
    if not divergence.requires_grad:
        return divergence
    gradients = module.autograd.grad(divergence.sum(), [*leaves, *more], allow_unused=True)
    return [type(divergence.grad_fn).__name__, *gradients]


def _with_lines(pairs):
    return [pair for pair in pairs if all(each in LINES for each in pair)]


def _chosen(pairs):
    return [each for each in pairs if EXHAUSTIVE or zlib.crc32(repr(each).encode()) % 3 == 0]


@pytest.mark.parametrize("pair", _chosen(_with_lines(PAIRS)), ids=" ".join)
def test_gradients(pair):
    wanted = attempt(_gradient, theirs, pair)
    with on_host():
        assert_same(attempt(_gradient, ours, pair), wanted, strides=False)


def test_the_table_is_torch_s():
    mine = ours.distributions.kl._KL_REGISTRY
    assert sorted((p.__name__, q.__name__) for p, q in mine) == PAIRS
    assert len(PAIRS) > 70


def test_entries_of_programs():
    """The most specific entry is found; where two are as specific, there is a warning."""

    def run(module):
        D = module.distributions
        table = dict(D.kl._KL_REGISTRY)

        class One(D.Normal):
            pass

        class Two(One):
            pass

        try:
            found = [D.kl_divergence(One(0.0, 1.0), Two(1.0, 2.0))]

            @D.register_kl(One, D.Normal)
            def first(p, q):
                return "first"

            found.append(D.kl_divergence(Two(0.0, 1.0), Two(1.0, 2.0)))

            @D.register_kl(D.Normal, Two)
            def second(p, q):
                return "second"

            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                found.append(D.kl_divergence(Two(0.0, 1.0), Two(1.0, 2.0)))
                found.append(D.kl_divergence(Two(0.0, 1.0), Two(1.0, 2.0)))
            found += [(each.category.__name__, neutral(str(each.message))) for each in caught]
            D.register_kl(Two, Two)(second)
            found.append(D.kl_divergence(Two(0.0, 1.0), Two(1.0, 2.0)))
        finally:
            D.kl._KL_REGISTRY.clear()
            D.kl._KL_REGISTRY.update(table)
            D.kl._KL_MEMOIZE.clear()
        return found

    with on_host():
        both(run)


def test_vectors_of_different_batches():
    def run(module):
        D = module.distributions
        eye = module.eye(3, dtype=module.float64)
        wide = D.MultivariateNormal(module.zeros(4, 2, 3).double(), eye + 0.5)
        one = D.MultivariateNormal(module.ones(2, 3).double(), (eye + 0.2).expand(2, 3, 3) * 2)
        factor = module.arange(12.0).view(2, 3, 2).double().cos()
        low = D.LowRankMultivariateNormal(
            module.ones(3).double(), factor, module.full((3,), 0.7).double()
        )
        small = D.MultivariateNormal(module.zeros(2).double(), module.eye(2).double())
        few = D.LowRankMultivariateNormal(
            module.zeros(2).double(), module.ones(2, 1).double(), module.ones(2).double()
        )
        every = [wide, one, low, small, few]
        return [[attempt(D.kl_divergence, p, q) for q in every] for p in every]

    with on_host():
        both(run)


def test_independent_and_transformed():
    def run(module):
        D = module.distributions
        normal = D.Normal(module.zeros(2, 3), module.ones(3))
        other = D.Normal(module.ones(2, 3), 2 * module.ones(3))
        exp, tanh = D.ExpTransform(), D.TanhTransform()
        return [
            attempt(D.kl_divergence, *pair)
            for pair in (
                (D.Independent(normal, 1), D.Independent(other, 1)),
                (D.Independent(normal, 1), D.Independent(other, 2)),
                (
                    D.TransformedDistribution(normal, exp),
                    D.TransformedDistribution(other, D.ExpTransform()),
                ),
                (D.TransformedDistribution(normal, exp), D.TransformedDistribution(other, tanh)),
                (D.TransformedDistribution(normal, exp), D.LogNormal(module.zeros(3), 1.0)),
                (normal, D.Independent(other, 1)),
            )
        ]

    with on_host():
        both(run)
