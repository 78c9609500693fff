"""Every family of torch.distributions: how one is made, and what is asked of it.

A line is an expression.  One letter is a parameter, made anew wherever it stands: `r` real, `p`
positive, `u` in (0, 1), `c` a count; `s` shares, `R` a vector, `P` a positive one, `L` a lower
factor, `S` a covariance, `W` a 3 x 2 matrix: these have three elements in the dims of an event.
The parameters are numbers, or tensors of a batch, as the configuration says.
"""

import copy
import pickle
import warnings
import zlib

import numpy as np

from compare import EXHAUSTIVE, attempt, make, neutral, theirs

LINES = """
Bernoulli(u)
Bernoulli(logits=r)
Beta(p, p)
Binomial(c, u)
Binomial(5, logits=r)
Categorical(s)
Categorical(logits=R)
Cauchy(r, p)
Chi2(p)
ContinuousBernoulli(u)
ContinuousBernoulli(logits=r)
ContinuousBernoulli(u, lims=(0.2, 0.8))
Dirichlet(P)
Exponential(p)
FisherSnedecor(p, p)
FisherSnedecor(p + 5, p + 5)
Gamma(p, p)
Gamma(p * 8, p * 30)
GeneralizedPareto(r, p, r)
GeneralizedPareto(r, p, p * 0)
Geometric(u)
Geometric(logits=r)
Gumbel(r, p)
HalfCauchy(p)
HalfNormal(p)
Independent(D.Normal(R, P), 1)
Independent(D.Normal(R, P), 0)
Independent(D.Bernoulli(s), 1)
InverseGamma(p, p)
InverseGamma(p + 3, p)
Kumaraswamy(p, p)
LKJCholesky(2, p)
LKJCholesky(4, p)
Laplace(r, p)
LogNormal(r, p)
LogisticNormal(R, P)
LowRankMultivariateNormal(R, W, P)
MixtureSameFamily(D.Categorical(s), D.Normal(R, P))
MixtureSameFamily(D.Categorical(s), D.Independent(D.Normal(R.unsqueeze(-1), P.unsqueeze(-1)), 1))
MixtureSameFamily(D.Categorical(s), D.Poisson(P))
Multinomial(5, s)
Multinomial(4, logits=R)
MultivariateNormal(R, S)
MultivariateNormal(R, scale_tril=L)
MultivariateNormal(R, precision_matrix=S)
NegativeBinomial(c, u)
NegativeBinomial(p, logits=r)
Normal(r, p)
OneHotCategorical(s)
OneHotCategorical(logits=R)
OneHotCategoricalStraightThrough(s)
OneHotCategoricalStraightThrough(logits=R)
Pareto(p, p)
Pareto(p, p + 2)
Poisson(p)
RelaxedBernoulli(t, u)
RelaxedBernoulli(t, logits=r)
RelaxedOneHotCategorical(t, s)
RelaxedOneHotCategorical(t, logits=R)
StudentT(p)
StudentT(p, r, p)
StudentT(p + 2, r, p)
TransformedDistribution(D.Normal(r, p), D.TanhTransform())
TransformedDistribution(D.Normal(r, p), [D.ExpTransform(), D.AffineTransform(r, p)])
TransformedDistribution(D.Normal(R, P), [D.StickBreakingTransform()])
TransformedDistribution(D.Uniform(u * 0.5, u * 0.5 + 0.5), [D.SigmoidTransform().inv, D.AffineTransform(r, p)])
TransformedDistribution(D.Uniform(u - u, u + 1), [D.AffineTransform(1., -2.), D.SoftplusTransform()])
Uniform(u, u + 1)
VonMises(r, p)
Weibull(p, p)
Wishart(p + 3, S)
Wishart(p + 4, scale_tril=L)
Wishart(p + 3, precision_matrix=S)
relaxed_bernoulli.LogitRelaxedBernoulli(t, u)
relaxed_categorical.ExpRelaxedCategorical(t, s)
"""
LINES = LINES.strip().splitlines()

# Parameters as numbers, of a vector, of two dims that broadcast, and of one event or none at all.
CONFIGURATIONS = ("numbers", "vector", "batch", "single")
CASES = [(line, each) for line in LINES for each in CONFIGURATIONS]
EVENT = 3


class Parameters:
    """The names of an expression: makes the next parameter of a kind, and keeps the leaves."""

    def __init__(self, module, case, gradients):
        self.module = module
        self.configuration = case[1]
        self.random = np.random.RandomState(zlib.crc32(repr(case).encode()))
        self.gradients = gradients
        self.leaves = []

    def __getitem__(self, name):
        if name in ("torch", "D"):
            return self.module if name == "torch" else self.module.distributions
        if name not in _KINDS:
            raise KeyError(name)
        batch = self._batch()
        array = _KINDS[name](self.random, batch)
        if self.configuration == "numbers" and name in "rpuc":
            return int(array) if name == "c" else float(array)
        wide = self.configuration == "batch" or self.gradients
        if name == "t" and self.configuration == "numbers":
            wide = False  # numbers give tensors of the default dtype
        dtype = "float64" if wide else "float32"  # differences of gradients are not to cancel
        tensor = make(self.module, array, dtype)
        if self.gradients and name != "c":
            tensor.requires_grad_()
            self.leaves.append(tensor)
        return tensor

    def _batch(self):
        if self.configuration == "batch":
            return [(2, 1), (4,)][len(self.leaves) % 2] if self.gradients else (2, 1)
        return (2,) if self.configuration == "vector" else ()


def _triangle(random, batch):
    factor = np.tril(random.randn(*batch, EVENT, EVENT))
    diagonal = 0.5 + random.rand(*batch, EVENT)
    return np.tril(factor, -1) + diagonal[..., None] * np.eye(EVENT)


def _covariance(random, batch):
    factor = _triangle(random, batch)
    return factor @ np.swapaxes(factor, -1, -2) + 0.1 * np.eye(EVENT)


def _shares(random, batch):
    weights = 0.1 + random.rand(*batch, EVENT)
    return weights / weights.sum(-1, keepdims=True)


_KINDS = {
    "r": lambda random, batch: np.asarray(random.randn(*batch)),
    "p": lambda random, batch: np.asarray(0.3 + 2 * random.rand(*batch)),
    "u": lambda random, batch: np.asarray(0.05 + 0.9 * random.rand(*batch)),
    "c": lambda random, batch: np.asarray(random.randint(1, 6, batch)),
    "t": lambda random, batch: np.asarray(0.3 + random.rand()),
    "s": _shares,
    "R": lambda random, batch: random.randn(*batch, EVENT),
    "P": lambda random, batch: 0.3 + 2 * random.rand(*batch, EVENT),
    "L": _triangle,
    "S": _covariance,
    "W": lambda random, batch: random.randn(*batch, EVENT, 2),
}


def made(module, case, gradients=False):
    """(the distribution, the leaves it was made of)."""
    names = Parameters(module, case, gradients)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(f"D.{case[0]}", {}, names), names.leaves


def chosen(salt):
    """Every line in one configuration, another one for another salt; all when exhaustive."""
    if EXHAUSTIVE:
        return CASES
    count = len(CONFIGURATIONS)
    return [(line, CONFIGURATIONS[(place + salt) % count]) for place, line in enumerate(LINES)]


def drawn(distribution, module, shape=(3,), seed=1):
    module.manual_seed(seed)
    return distribution.sample(shape)


def fixed(module, case, shape=(3,), gradients=False):
    """Values that torch draws, for both: so an error of a draw is not one of a density."""
    distribution, _ = made(theirs, case, gradients)
    value = drawn(distribution, theirs, shape).detach()
    return make(module, value.numpy(), neutral(str(value.dtype)).removeprefix("torch."))


def properties(module, case):
    """What is known of a distribution without a value: texts, shapes, moments, entropies."""
    distribution, _ = made(module, case)
    found = {
        "text": repr(distribution),
        "flags": (distribution.has_rsample, distribution.has_enumerate_support),
        "shapes": (distribution.batch_shape, distribution.event_shape),
    }
    for name in ("mean", "mode", "variance", "stddev", "support", "arg_constraints", "probs",
                 "logits", "param_shape", "_natural_params", "covariance_matrix",
                 "precision_matrix", "scale_tril"):  # fmt: skip
        found[name] = attempt(lambda name=name: shown(getattr(distribution, name)))
    for name in ("entropy", "perplexity"):
        found[name] = attempt(getattr(distribution, name))
    for expand in (True, False):
        found["values", expand] = attempt(distribution.enumerate_support, expand)
    return found


def shown(value):
    """A constraint as its text; a dict of them as one."""
    return repr(value) if hasattr(value, "check") or isinstance(value, dict) else value


def values(module, case):
    """Draws by the same seed, and what is computed of them."""
    distribution, _ = made(module, case)
    found = {"sample": drawn(distribution, module), "one": attempt(distribution.sample)}
    value = fixed(module, case)
    module.manual_seed(2)
    found["rsample"] = attempt(distribution.rsample, (2, 1))
    for name in ("log_prob", "cdf"):
        found[name] = attempt(getattr(distribution, name), value)
    if isinstance(found["cdf"], type(found["log_prob"])):
        share = module.tensor([[0.2], [0.7]], dtype=value.dtype)
        found["icdf"] = attempt(distribution.icdf, share.view(2, *[1] * max(value.dim() - 1, 0)))
    found["state"] = module.rand(1)
    return found


def copies(module, case):
    """Expanded, copied and pickled distributions give what the first one gives."""
    distribution, _ = made(module, case)
    value = fixed(module, case, ())
    wide = (3, *distribution.batch_shape)
    found = {}
    for name, make_copy in {
        "expand": lambda each: each.expand(wide),
        "expand again": lambda each: each.expand(wide).expand((2, *wide)),
        "deepcopy": copy.deepcopy,
        "pickle": lambda each: pickle.loads(pickle.dumps(each)),
    }.items():
        copied = make_copy(made(module, case)[0])  # one that has computed nothing yet
        found[name] = attempt(_of_copy, copied, value, module)
    return found


def _of_copy(distribution, value, module):
    return {
        "text": repr(distribution),
        "batch_shape": distribution.batch_shape,
        "log_prob": attempt(distribution.log_prob, value),
        "mean": attempt(lambda: distribution.mean),
        "entropy": attempt(distribution.entropy),
        "sample": attempt(drawn, distribution, module, ()),
    }


def gradients(module, case):
    """The gradients of each leaf, and the names of the last nodes."""
    found = {}
    for name, result in {
        "rsample": lambda each: each.rsample((3,)),
        "log_prob": lambda each: each.log_prob(fixed(module, case, (2,), True)),
        "cdf": lambda each: each.cdf(fixed(module, case, (2,), True)),
        "entropy": lambda each: each.entropy(),
        "mean": lambda each: each.mean,
        "variance": lambda each: each.variance,
    }.items():
        module.manual_seed(3)
        if not (name == "rsample" and "Wishart" in case[0]):  # it has a test of its own
            found[name] = attempt(_gradients, module, case, result)
    return found


def _gradients(module, case, result):
    distribution, leaves = made(module, case, gradients=True)
    value = result(distribution)
    if not value.requires_grad:
        return None
    weights = module.arange(1, value.numel() + 1, dtype=value.dtype).view(value.shape)
    wanted = module.autograd.grad((value * weights).sum(), leaves, allow_unused=True)
    return [type(value.grad_fn).__name__, value.detach(), *wanted]
