"""The families of torch.distributions: texts, moments, draws, densities, copies and gradients."""

import re
import warnings

import pytest

import distribution_cases as cases
from compare import assert_same, attempt, both, neutral, ours, theirs
from operation_lines import on_host

# torch warns of each draw from a Wishart distribution that is none the worse for it
pytestmark = pytest.mark.filterwarnings("ignore:Singular sample detected")


def _compared(asked, case, **options):
    wanted = asked(theirs, case)
    with on_host():
        got = asked(ours, case)
        assert_same(got, wanted, **options)


def _named(case):
    return " ".join(case)


@pytest.mark.parametrize("case", cases.chosen(0), ids=_named)
def test_properties(case):
    _compared(cases.properties, case)


@pytest.mark.parametrize("case", cases.chosen(1), ids=_named)
def test_values(case):
    _compared(cases.values, case)


@pytest.mark.parametrize("case", cases.chosen(2), ids=_named)
def test_copies(case):
    _compared(cases.copies, case)


@pytest.mark.parametrize("case", cases.chosen(3), ids=_named)
def test_gradients(case):
    _compared(cases.gradients, case, strides=False)


def test_every_family_has_a_line():
    families = {
        name
        for name in theirs.distributions.__all__
        if isinstance(getattr(theirs.distributions, name), type)
        and issubclass(getattr(theirs.distributions, name), theirs.distributions.Distribution)
    }
    written = set(re.findall(r"\w+(?=\()", " ".join(cases.LINES)))
    missing = families - written
    assert missing == {"Distribution", "ExponentialFamily"}


PROGRAMS = """
Normal(r, p)
Gamma(p, p)
Beta(p, p)
Categorical(logits=R)
MultivariateNormal(R, scale_tril=L)
MixtureSameFamily(D.Categorical(s), D.Normal(R, P))
TransformedDistribution(D.Normal(r, p), [D.ExpTransform(), D.AffineTransform(r, p)])
""".strip().splitlines()


@pytest.mark.parametrize("line", PROGRAMS)
def test_programs(line):
    """The same through XLA: a density and its gradients as one program."""
    case = (line, "vector")

    def loss(module):
        distribution, leaves = cases.made(module, case, gradients=True)
        value = cases.fixed(module, case, (2,), gradients=True)
        total = (distribution.log_prob(value) * 1.5).sum()
        return [total.detach(), *module.autograd.grad(total, leaves, allow_unused=True)]

    assert_same(loss(ours), loss(theirs), strides=False)


# Subclasses and settings


def _subclasses(module):
    D = module.distributions

    class Shifted(D.Normal):
        pass

    class Other(D.Normal):
        def __init__(self, loc):
            super().__init__(loc, 1.0)

    class Bare(D.Distribution):
        def __init__(self, validate_args=None):
            super().__init__(validate_args=validate_args)

        def log_prob(self, value):
            self._validate_sample(value)
            return value

    return Shifted, Other, Bare


def test_subclasses():
    def run(module):
        shifted, other, _ = _subclasses(module)
        expanded = shifted(module.zeros(2), 1.0).expand((3, 2))
        return [
            type(expanded).__name__,
            expanded.loc,
            repr(expanded),
            attempt(lambda: other(module.zeros(2)).expand((3, 2))),
        ]

    both(run)


def _warned(module, call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = attempt(call)
    return [(each.category.__name__, neutral(str(each.message))) for each in caught], result


def test_warnings_and_what_is_not_there():
    def run(module):
        _, _, bare = _subclasses(module)
        plain = bare(validate_args=False)
        normal = module.distributions.Normal(0.0, 1.0)
        module.manual_seed(0)
        found = [
            _warned(module, lambda: bare().batch_shape),
            _warned(module, lambda: plain.log_prob(module.ones(1))),
            _warned(module, lambda: normal.sample_n(2)),
        ]
        for name in ("mean", "mode", "variance", "stddev", "support", "arg_constraints"):
            found.append(attempt(lambda name=name: getattr(plain, name)))
        for name in ("sample", "rsample", "entropy", "perplexity", "enumerate_support"):
            found.append(attempt(getattr(plain, name)))
        for name in ("log_prob", "cdf", "icdf", "expand"):
            found.append(attempt(getattr(bare.__mro__[1], name), plain, module.ones(1)))
        return found

    both(run)


def test_default_of_checks():
    def run(module):
        D = module.distributions
        found = [attempt(D.Distribution.set_default_validate_args, 3)]
        try:
            D.Distribution.set_default_validate_args(False)
            found += [repr(D.Normal(0.0, -1.0)), D.Normal(0.0, -1.0)._validate_args]
            found.append(attempt(lambda: D.Normal(0.0, -1.0, validate_args=True)))
        finally:
            D.Distribution.set_default_validate_args(True)
        return [*found, attempt(lambda: D.Normal(0.0, -1.0))]

    both(run)


def test_half_precision():
    """In half precision each operation rounds, so a family is its operations: few are enough."""

    def run(module):
        found = []
        for dtype in (module.bfloat16, module.float16):
            normal = module.distributions.Normal(module.zeros(3, dtype=dtype), 1.5)
            module.manual_seed(0)
            value = normal.sample((2,))
            found += [value, normal.rsample(), normal.cdf(value), repr(normal)]
            uniform = module.distributions.Uniform(module.zeros(2, dtype=dtype), 2)
            found += [uniform.sample(), uniform.log_prob(module.ones(2, dtype=dtype))]
            found.append(module.distributions.Categorical(module.ones(3, dtype=dtype)).sample((4,)))
            found.append(attempt(module.distributions.Gamma(module.ones(2, dtype=dtype), 1).sample))
        return found

    with on_host():
        both(run)


INSIDE = """
torch.vmap(lambda v: D.Normal(v, 1.0).log_prob(v + 1))(x)
torch.vmap(torch.vmap(lambda v: D.Normal(v, v + 1).log_prob(v + 1)))(x)
torch.vmap(lambda v: D.Exponential(v + 1).log_prob(v + 1))(x)
torch.func.grad(lambda v: D.Normal(v, 1.0).log_prob(v * 2).sum())(x)
torch.vmap(torch.func.grad(lambda v: D.Gamma(v + 1, 1.0).log_prob(v * 2 + 1).sum()))(x)
torch.func.jacrev(lambda v: D.Categorical(logits=v).entropy())(x)
torch.vmap(lambda v: D.Normal(v, 1.0).rsample().shape[0] + v, randomness="same")(x)
torch.vmap(lambda v: D.MultivariateNormal(v, torch.eye(3)).log_prob(v + 1))(x)
torch.vmap(lambda v: D.kl_divergence(D.Normal(v, 1.0), D.Normal(0.0, v + 1)))(x)
torch.vmap(lambda v: torch._is_all_true(v > 1))(x)
torch.vmap(lambda v: torch._is_any_true(v > 4))(x)
torch._is_all_true(x > -1), torch._is_any_true(x > 6)
""".strip().splitlines()


@pytest.mark.parametrize("line", INSIDE)
def test_inside_of_vmap(line):
    """The checks look at all of a batch at once."""

    def run(module):
        x = module.arange(6.0).view(2, 3)
        return eval(line, {"torch": module, "D": module.distributions, "x": x})

    with on_host():
        both(run)


@pytest.mark.parametrize("shift", [0, -1])
def test_what_is_wrong_in_one_of_a_batch(shift):
    """The text shows the batch itself here, and torch's wrapper of it there."""

    def run(module):
        x = module.arange(6.0).view(2, 3) + shift
        return module.vmap(lambda v: module.distributions.Exponential(v).log_prob(v + 1))(x)

    for module in (ours, theirs):
        with on_host(), pytest.raises(ValueError, match="Expected parameter rate"):
            run(module)
