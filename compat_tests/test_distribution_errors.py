"""What torch.distributions refuses, word for word, and the helpers beside its families."""

import pytest

from compare import attempt, both
from operation_lines import on_host

# Each line is an error of one of the checks, or a call at the edge of what is allowed.
LINES = """
D.Normal(0., -1.)
D.Normal(torch.zeros(2), torch.tensor([1., -1.]))
D.Normal(torch.zeros(2), torch.ones(3))
D.Normal(torch.zeros(2), torch.ones(2)).log_prob(torch.zeros(3))
D.Normal(torch.zeros(2), torch.ones(2)).log_prob(0.5)
D.Normal(torch.zeros(2), torch.ones(2), validate_args=False).log_prob(0.5)
D.Normal(torch.zeros(2), torch.ones(2)).log_prob(torch.tensor([0., float('nan')]))
D.Normal("a", 1.)
D.Normal(None, 1.)
D.Normal(float('nan'), 1.)
D.Normal(torch.zeros(2).long(), 1).sample()
D.Normal(0, 1).loc
D.Normal(True, 1).loc
D.Normal(torch.nn.Parameter(torch.zeros(2)), -1.)
D.Bernoulli(1.5)
D.Bernoulli(torch.tensor([0.2, -0.1]))
D.Bernoulli()
D.Bernoulli(0.5, 0.1)
D.Bernoulli(0.5).log_prob(torch.tensor(0.5))
D.Bernoulli(torch.tensor([0., 1., 0.5])).mode
D.Bernoulli(torch.tensor([0., 1.])).log_prob(torch.tensor([0., 1.]))
D.Bernoulli(torch.tensor([0., 1.])).entropy()
D.Beta(-1., 1.)
D.Beta(torch.ones(2), torch.ones(3))
D.Beta(1., 2.).log_prob(torch.tensor(1.5))
D.Beta(1., 2.).concentration1
D.Binomial(-1, torch.tensor(0.5))
D.Binomial(3, torch.tensor(0.5)).log_prob(torch.tensor(4.))
D.Binomial(3, 0.5)
D.Binomial(torch.tensor([2, 3]), torch.tensor(0.5)).entropy()
D.Binomial(torch.tensor([2, 3]), torch.tensor(0.5)).enumerate_support()
D.Binomial(torch.tensor([2, 3]), torch.tensor([0., 1.])).log_prob(torch.tensor([0., 3.]))
D.Categorical(torch.tensor(0.5))
D.Categorical(logits=torch.tensor(0.5))
D.Categorical(torch.tensor([0.5, -0.5]))
D.Categorical(torch.tensor([0., 0.]))
D.Categorical(torch.ones(3)).log_prob(torch.tensor(3))
D.Categorical(torch.ones(3)).log_prob(torch.tensor([0, 2, 1]))
D.Categorical(torch.ones(2, 3)).log_prob(torch.tensor([[0], [2]]))
D.Categorical(torch.ones(2, 3)).log_prob(torch.tensor([0, 1, 2]))
D.Categorical(torch.tensor([1., 0., 3.])).entropy()
D.Categorical(logits=torch.tensor([0., -float('inf')])).entropy()
D.ContinuousBernoulli(1.2)
D.ContinuousBernoulli(1.2, validate_args=True)
D.ContinuousBernoulli(torch.tensor([0., 0.5, 1.])).mean
D.Dirichlet(torch.tensor(1.))
D.Dirichlet(torch.tensor([1., -1.]))
D.Dirichlet(torch.ones(3)).log_prob(torch.tensor([0.5, 0.1, 0.1]))
D.Dirichlet(torch.ones(3)).log_prob(torch.tensor([0.5, 0.5]))
D.Dirichlet(torch.tensor([[0.5, 0.2], [3., 2.]])).mode
D.Exponential(0.)
D.Exponential(torch.tensor([1, 2])).sample()
D.Exponential(1.).log_prob(torch.tensor(-1.))
D.FisherSnedecor(1., torch.tensor([1., 3., 5.])).variance
D.Gamma(1., 0.)
D.Gamma(torch.ones(2), 1.).log_prob(2)
D.Gamma(1., 1.).log_prob(torch.tensor(-1.))
D.GeneralizedPareto(0., 1., torch.tensor([-0.5, 0., 0.7, 1.5])).mean
D.GeneralizedPareto(0., 1., torch.tensor([-0.5, 0., 0.7, 1.5])).variance
D.GeneralizedPareto(0., 1., torch.tensor(-0.5)).log_prob(torch.tensor(3.))
D.GeneralizedPareto(0., 1., torch.tensor(0.5)).log_survival_function(torch.tensor(3.))
D.GeneralizedPareto(torch.zeros(1).double(), 1., 0.5).log_prob(torch.ones(1).double())
D.Geometric(0.)
D.Geometric(torch.tensor([0.5, 0.]))
D.Geometric(1.).log_prob(torch.tensor([0., 1.]))
D.Geometric(0.2, 0.1)
D.HalfNormal(1.).log_prob(torch.tensor(-1.))
D.HalfNormal(1., validate_args=False).log_prob(torch.tensor([-1., 1.]))
D.HalfCauchy(1., validate_args=False).log_prob(torch.tensor([-1., 1.]))
D.HalfCauchy(-1.)
D.Independent(D.Normal(torch.zeros(2), 1.), 2)
D.Independent(D.Normal(torch.zeros(2), 1.), 1).log_prob(torch.zeros(3))
D.Independent(D.Bernoulli(torch.ones(2) / 2), 1).enumerate_support()
D.Independent(D.Bernoulli(torch.ones(2) / 2), 1).expand((3,)).sample().shape
D.InverseGamma(torch.tensor([0.5, 1.5, 3.]), 1.).mean
D.InverseGamma(torch.tensor([0.5, 1.5, 3.]), 1.).variance
D.LKJCholesky(1)
D.LKJCholesky(2, -1.)
D.LKJCholesky(2).log_prob(torch.ones(2, 2))
D.LKJCholesky(3, torch.ones(2)).expand((4, 2)).log_prob(torch.eye(3))
D.LogNormal(0., 1.).log_prob(torch.tensor(-1.))
D.LogisticNormal(0., 1.).batch_shape
D.LowRankMultivariateNormal(torch.tensor(0.), torch.ones(1, 1), torch.ones(1))
D.LowRankMultivariateNormal(torch.zeros(2), torch.ones(2), torch.ones(2))
D.LowRankMultivariateNormal(torch.zeros(2), torch.ones(3, 1), torch.ones(2))
D.LowRankMultivariateNormal(torch.zeros(2), torch.ones(2, 1), torch.ones(3))
D.LowRankMultivariateNormal(torch.zeros(3, 2), torch.ones(4, 2, 1), torch.ones(2))
D.LowRankMultivariateNormal(torch.zeros(2), torch.ones(2, 1), -torch.ones(2))
D.MixtureSameFamily(D.Normal(0., 1.), D.Normal(0., 1.))
D.MixtureSameFamily(D.Categorical(torch.ones(2)), 3)
D.MixtureSameFamily(D.Categorical(torch.ones(2)), D.Normal(torch.zeros(3), 1.))
D.MixtureSameFamily(D.Categorical(torch.ones(4, 2)), D.Normal(torch.zeros(3, 2), 1.))
D.MixtureSameFamily(D.Categorical(torch.ones(2)), D.Normal(torch.zeros(2), 1.)).icdf(torch.ones(1))
D.MixtureSameFamily(D.Categorical(torch.ones(2)), D.Normal(torch.zeros(2), 1.)).mode
D.MixtureSameFamily(D.Categorical(torch.ones(2)), D.Poisson(torch.ones(2))).log_prob(torch.tensor(0.5))
D.Multinomial(2.5, torch.ones(2))
D.Multinomial(2, torch.ones(2)).log_prob(torch.tensor([2., 1.]))
D.Multinomial(2, torch.tensor([0., 1.])).log_prob(torch.tensor([0., 2.]))
D.Multinomial(2, torch.ones(2)).expand((3,)).entropy()
D.MultivariateNormal(torch.tensor(0.), torch.eye(1))
D.MultivariateNormal(torch.zeros(2))
D.MultivariateNormal(torch.zeros(2), torch.eye(2), torch.eye(2))
D.MultivariateNormal(torch.zeros(2), torch.ones(2))
D.MultivariateNormal(torch.zeros(2), precision_matrix=torch.ones(2))
D.MultivariateNormal(torch.zeros(2), scale_tril=torch.ones(2))
D.MultivariateNormal(torch.zeros(2), -torch.eye(2))
D.MultivariateNormal(torch.zeros(2), torch.tensor([[1., 0.5], [0., 1.]]))
D.MultivariateNormal(torch.zeros(2), scale_tril=torch.ones(2, 2))
D.MultivariateNormal(torch.zeros(2), torch.eye(3))
D.MultivariateNormal(torch.zeros(3, 2), torch.eye(2).expand(4, 1, 2, 2)).log_prob(torch.ones(2))
D.MultivariateNormal(torch.zeros(2), torch.eye(2)).log_prob(torch.zeros(3))
D.NegativeBinomial(-1., torch.tensor(0.5))
D.NegativeBinomial(1., torch.tensor(1.))
D.NegativeBinomial(0., torch.tensor(0.5)).log_prob(torch.tensor([0., 1.]))
D.OneHotCategorical(torch.ones(3)).log_prob(torch.tensor([1., 1., 0.]))
D.OneHotCategorical(torch.ones(3)).log_prob(torch.tensor([0., 1.]))
D.Pareto(-1., 1.)
D.Pareto(2., 1.).log_prob(torch.tensor(1.))
D.Pareto(2., torch.tensor([0.5, 1.5, 3.])).variance
D.Poisson(-1.)
D.Poisson(torch.tensor([0., 2.])).log_prob(torch.tensor([0., 2.5]))
D.Poisson(torch.tensor([0., 2.])).log_prob(torch.tensor([0., 2.]))
D.RelaxedBernoulli(torch.tensor(1.), 0.5, 0.5)
D.RelaxedBernoulli(1., torch.tensor(0.5)).sample().shape
D.RelaxedBernoulli(1., torch.tensor(0.5)).log_prob(torch.tensor(0.5))
D.RelaxedOneHotCategorical(torch.tensor(1.), torch.tensor(0.5))
D.RelaxedOneHotCategorical(torch.tensor(1.), torch.ones(2)).log_prob(torch.ones(2))
D.StudentT(torch.tensor([0.5, 1.5, 3.])).variance
D.StudentT(torch.tensor([0.5, 1.5, 3.])).mean
D.StudentT(-1.)
D.TransformedDistribution(D.Normal(0., 1.), 3)
D.TransformedDistribution(D.Normal(0., 1.), [3])
D.TransformedDistribution(D.Normal(0., 1.), D.StickBreakingTransform())
D.TransformedDistribution(D.Normal(torch.zeros(2), 1.), []).log_prob(torch.zeros(2))
D.TransformedDistribution(D.Normal(torch.zeros(2), 1.), D.AffineTransform(torch.zeros(3, 1), 2.)).batch_shape
D.TransformedDistribution(D.Normal(0., 1.), D.AbsTransform()).cdf(torch.ones(1))
D.TransformedDistribution(D.Normal(0., 1.), D.AffineTransform(0., -2.)).cdf(torch.ones(1))
D.Uniform(1., 0.)
D.Uniform(torch.zeros(2), torch.tensor([1., 0.]))
D.Uniform(0., 1.).log_prob(torch.tensor(2.))
D.Uniform(0., 1., validate_args=False).log_prob(torch.tensor([-1., 0., 1., 2.]))
D.Uniform(0., 1., validate_args=False).cdf(torch.tensor([-1., 0.5, 2.]))
D.Uniform.support.is_discrete, D.Uniform.support.event_dim, type(D.Normal.support)
D.VonMises(torch.tensor(0.), torch.tensor(-1.))
D.VonMises(0., torch.tensor([0.1, 5., 100.])).variance
D.VonMises(torch.zeros(2), 1.).expand((3, 2)).batch_shape
D.Weibull(0., 1.)
D.Wishart(2., torch.eye(3))
D.Wishart(3., torch.eye(2), torch.eye(2))
D.Wishart(3., torch.ones(2))
D.Wishart(torch.tensor([4., 5.]), -torch.eye(2))
D.Wishart(torch.tensor([4., 5.]), torch.eye(2)).log_prob(-torch.eye(2))
D.Wishart(torch.tensor([4., 5.]), torch.eye(2)).mode
D.Normal(torch.zeros(0), torch.ones(0)).sample((2,))
D.Normal(torch.zeros(0), torch.ones(0)).log_prob(torch.zeros(0))
D.Categorical(torch.ones(0, 3)).sample((2,)).shape
D.Gamma(torch.ones(0), torch.ones(0)).rsample((2,))
D.Normal(torch.zeros(2), torch.ones(2)).sample(3)
D.Normal(torch.zeros(2), torch.ones(2)).sample([3]).shape
D.Normal(torch.zeros(2), torch.ones(2)).expand(3)
D.Normal(torch.zeros(2), torch.ones(2)).expand((3,))
D.Normal(torch.zeros(2), torch.ones(2)).expand([4, 2]).loc.stride()
D.Normal(torch.zeros(2, 3).t(), 1.).sample().stride()
utils.broadcast_all(1, 2.5, True)
utils.broadcast_all(torch.ones(2).double(), 2)
utils.broadcast_all(torch.ones(2), "a")
utils.broadcast_all(torch.ones(2), torch.ones(3))
utils.broadcast_all(torch.ones(2, 1), torch.ones(3), 2)
utils.probs_to_logits(torch.tensor([0., 0.3, 1.]), True)
utils.probs_to_logits(torch.tensor([0., 0.3, 1.]))
utils.logits_to_probs(torch.tensor([0., 0.3, -1.]), is_binary=True)
utils.logits_to_probs(torch.tensor([0., 0.3, -1.]))
utils.clamp_probs(torch.tensor([0., 0.3, 1.], dtype=torch.float64))
utils.tril_matrix_to_vec(torch.arange(9.).view(3, 3))
utils.tril_matrix_to_vec(torch.arange(18.).view(2, 3, 3), -1)
utils.tril_matrix_to_vec(torch.arange(9.).view(3, 3), 1)
utils.tril_matrix_to_vec(torch.arange(9.).view(3, 3), 3)
utils.tril_matrix_to_vec(torch.arange(9.).view(3, 3), -4)
utils.vec_to_tril_matrix(torch.arange(6.))
utils.vec_to_tril_matrix(torch.arange(6.).view(2, 3), -1)
utils.vec_to_tril_matrix(torch.arange(8.), 1)
utils.vec_to_tril_matrix(torch.arange(5.))
utils.euler_constant
D.kl_divergence(D.Normal(0., 1.), D.Poisson(1.))
D.kl_divergence(D.Binomial(2, torch.tensor(0.5)), D.Binomial(3, torch.tensor(0.5)))
D.kl_divergence(D.Poisson(1.), D.Exponential(1.))
D.register_kl(3, D.Normal)
D.register_kl(D.Normal, 3)
D.multivariate_normal._batch_mv(torch.eye(2) * 2, torch.ones(3, 2))
D.multivariate_normal._batch_mahalanobis(torch.eye(2) * 2, torch.ones(3, 2))
D.multivariate_normal._batch_mahalanobis(torch.eye(2).expand(3, 2, 2) * 2, torch.arange(24.).view(2, 6, 2))
D.multivariate_normal._precision_to_scale_tril(torch.eye(2) + 0.5)
D.gamma._standard_gamma(torch.tensor([0.5, 3.]))
torch.normal(torch.zeros(()), torch.ones(())).exp()
torch.multinomial(torch.arange(1., 4.).expand(5, 3), 2)
torch.multinomial(torch.arange(1., 4.).expand(5, 3), 4, True)
torch.multinomial(torch.arange(1., 7.).view(3, 2).t(), 2)
D.Categorical(torch.arange(1., 4.)).expand((5,)).sample()
D.StickBreakingTransform().forward_shape((2, 3))
""".strip().splitlines()


def _value(module, line):
    module.manual_seed(0)
    names = {"torch": module, "D": module.distributions, "utils": module.distributions.utils}
    found = eval(line, names)
    shown = isinstance(found, module.distributions.Distribution) or hasattr(found, "check")
    return repr(found) if shown else found


@pytest.mark.parametrize("line", LINES)
def test_line(line):
    with on_host():
        both(lambda module: _value(module, line))


def test_lazy_properties():
    """Computed once, with gradients even where none are recorded, and found by tools on the class."""

    def run(module):
        lazy = module.distributions.utils.lazy_property

        class Holder:
            def __init__(self):
                self.count = 0
                self.leaf = module.ones(1, requires_grad=True)

            @lazy
            def doubled(self):
                """What it says."""
                self.count += 1
                return self.leaf * 2

        holder = Holder()
        with module.no_grad():
            first = holder.doubled
        found = type(Holder.doubled)
        return [
            first.requires_grad,
            holder.doubled is first,
            holder.count,
            found.__name__,
            issubclass(found, (lazy, property)),
            isinstance(Holder.doubled, property),
            Holder.__dict__["doubled"].__doc__,
        ]

    both(run)


def test_a_line_can_fail():
    with pytest.raises(AssertionError, match="ours differs"):
        both(lambda module: module.__name__ == "torch" and module.ones(1))
    assert attempt(_value, __import__("torch"), "D.Normal(0., -1.)").name == "ValueError"
