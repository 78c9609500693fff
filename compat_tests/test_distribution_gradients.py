"""How gamma and Dirichlet numbers move with their parameters, in every region of the formulas."""

import numpy as np
import pytest

import distribution_cases as cases
from compare import assert_same, attempt, both, make, ours, theirs
from operation_lines import on_host

CONCENTRATIONS = (1e-3, 0.05, 0.5, 1.0, 2.5, 7.9, 8.1, 20.0, 300.0, 5e3)
# Slopes of small concentrations and of large ones differ by many orders: no absolute tolerance.
RELATIVE = {"float32": (1e-5, 1e-30), "float64": (1e-8, 1e-30)}
# Of the mean: small and large numbers, those about the mean, and those at the bounds of the regions.
SHARES = (1e-6, 0.02, 0.5, 0.85, 0.95, 1.0, 1.05, 1.2, 3.0, 20.0)


def _grid(dtype):
    concentration, share = np.meshgrid(CONCENTRATIONS, SHARES)
    number = concentration * share
    extra = [(0.5, 0.0), (2.0, 0.0), (2.0, 0.79999), (2.0, 0.80001), (10.0, 9.0), (10.0, 11.0)]
    pairs = np.concatenate([np.stack([concentration.ravel(), number.ravel()], 1), extra])
    return pairs.astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gamma_slopes(dtype):
    pairs = _grid(dtype)

    def slopes(module):
        given = [make(module, np.ascontiguousarray(each), dtype) for each in pairs.T]
        return module._standard_gamma_grad(*given)

    assert_same(slopes(ours), slopes(theirs), tolerance=RELATIVE[dtype])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_share_slopes(dtype):
    """In float32 torch's own steps round so that for some shares three digits are left: not there."""
    values = (1e-6, 1e-3, 0.1, 0.3, 0.499, 0.5, 0.501, 0.7, 0.9, 0.999)
    alphas = (0.01, 0.3, 1.0, 5.9, 6.1, 30.0, *([400.0] if dtype == "float64" else []))
    betas = (0.02, 0.7, 2.0, 50.0, 300.0, *([5.8, 6.3] if dtype == "float64" else []))
    x, alpha, beta = (
        np.ascontiguousarray(each.ravel().astype(dtype))
        for each in np.meshgrid(values, alphas, betas)
    )

    def slopes(module):
        return module._dirichlet_grad(
            *(make(module, each, dtype) for each in (x, alpha, alpha + beta))
        )

    assert_same(slopes(ours), slopes(theirs), tolerance=RELATIVE[dtype])


def test_errors_and_refusals():
    for line in (
        lambda m: m._standard_gamma_grad(m.ones(2).long(), m.ones(2).long()),
        lambda m: m._standard_gamma_grad(m.ones(2), m.ones(2).double()),
        lambda m: m._standard_gamma_grad(m.ones(2), m.ones(3)),
        lambda m: m._standard_gamma_grad(m.ones(2), 3),
        lambda m: m._dirichlet_grad(
            m.ones(2).bfloat16(), m.ones(2).bfloat16(), m.ones(2).bfloat16()
        ),
        lambda m: m._dirichlet_grad(m.ones(2), m.ones(2), m.ones(2).double()),
        lambda m: m._standard_gamma(m.ones(2).long()),
        lambda m: m._standard_gamma(m.ones(2).half()),
        lambda m: m.func.jvp(m._standard_gamma, (m.ones(2),), (m.ones(2),)),
        lambda m: _backward(m, m._standard_gamma_grad),
        lambda m: _backward(m, m._dirichlet_grad, 3),
        lambda m: _second(m, lambda each: m._standard_gamma(each)),
        lambda m: _second(m, lambda each: m.distributions.Dirichlet(each).rsample()),
    ):
        both(line)


def _backward(module, function, count=2):
    leaf = module.ones(2, requires_grad=True)
    function(leaf, *[module.ones(2)] * (count - 1)).sum().backward()


def _second(module, function):
    leaf = module.full((2,), 1.5, requires_grad=True)
    (gradient,) = module.autograd.grad(function(leaf).sum() ** 2, leaf, create_graph=True)
    module.autograd.grad(gradient.sum(), leaf)


def test_generator_and_state():
    """A generator of one's own is used, and the default one goes on as torch's."""

    def draws(module):
        module.manual_seed(4)
        own = module.Generator()
        own.manual_seed(9)
        made = [
            module._standard_gamma(module.full((3,), each), generator=own) for each in (0.3, 4.0)
        ]
        return [
            *made,
            module.rand(2),
            module._standard_gamma(module.ones(2, 3).t()),
            module.randn(1),
        ]

    both(draws)


def test_gradients_reach_the_parameters():
    """Through the engine that compiles, as well: a loss of Gamma, Beta and Dirichlet numbers."""

    def gradients(module):
        module.manual_seed(0)
        D = module.distributions
        a = module.tensor([0.4, 2.0, 9.0], requires_grad=True)
        b = module.tensor([1.5, 0.7, 12.0], requires_grad=True)
        loss = D.Gamma(a, b).rsample((2,)).log().sum()
        loss = loss + (D.Beta(a, b).rsample((2,)) ** 2).sum() + D.Dirichlet(a).rsample()[0]
        loss = loss + D.StudentT(a, b).rsample().sum() + D.Chi2(b).rsample().sum()
        loss.backward()
        return [type(loss.grad_fn).__name__, loss.detach(), a.grad, b.grad]

    assert_same(gradients(ours), gradients(theirs), tolerance=(1e-5, 1e-5))


@pytest.mark.parametrize("shape", [(), (2,)])
def test_gradient_through_wishart_draws(shape):
    def gradients(module):
        leaf = module.tensor(4.0, requires_grad=True)
        module.manual_seed(0)
        module.distributions.Wishart(leaf, module.eye(2)).rsample(shape).sum().backward()
        return leaf.grad

    with on_host():
        both(gradients)


def test_a_difference_would_be_seen():
    case = ("Gamma(p, p)", "vector")
    assert_same(cases.gradients(theirs, case), cases.gradients(theirs, case))
    with pytest.raises(AssertionError, match="ours differs"):
        assert_same(
            cases.gradients(theirs, case), cases.gradients(theirs, ("Gamma(p, p)", "single"))
        )
    assert attempt(lambda: cases.made(theirs, ("Normal(r)", "vector"))).name == "TypeError"
