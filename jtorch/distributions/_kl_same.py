"""Divergences between two distributions of one family."""

from math import inf

from jtorch._ops.creation import full_like
from jtorch.autograd import grad
from jtorch.distributions._kl_table import kl_divergence, register_kl
from jtorch.distributions.bernoulli import Bernoulli
from jtorch.distributions.beta import Beta
from jtorch.distributions.binomial import Binomial
from jtorch.distributions.categorical import Categorical
from jtorch.distributions.cauchy import Cauchy
from jtorch.distributions.continuous_bernoulli import ContinuousBernoulli
from jtorch.distributions.dirichlet import Dirichlet
from jtorch.distributions.exp_family import ExponentialFamily
from jtorch.distributions.exponential import Exponential
from jtorch.distributions.gamma import Gamma
from jtorch.distributions.geometric import Geometric
from jtorch.distributions.gumbel import Gumbel
from jtorch.distributions.half_normal import HalfNormal
from jtorch.distributions.independent import Independent
from jtorch.distributions.laplace import Laplace
from jtorch.distributions.normal import Normal
from jtorch.distributions.one_hot_categorical import OneHotCategorical
from jtorch.distributions.pareto import Pareto
from jtorch.distributions.poisson import Poisson
from jtorch.distributions.transformed_distribution import TransformedDistribution
from jtorch.distributions.uniform import Uniform
from jtorch.distributions.utils import _sum_rightmost, euler_constant
from jtorch.nn.functional import softplus


@register_kl(Bernoulli, Bernoulli)
def _bernoulli(p, q):
    of_ones = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    of_ones[q.probs == 0] = inf
    of_ones[p.probs == 0] = 0
    of_zeros = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    of_zeros[q.probs == 1] = inf
    of_zeros[p.probs == 1] = 0
    return of_ones + of_zeros


@register_kl(Beta, Beta)
def _beta(p, q):
    p_total = p.concentration1 + p.concentration0
    q_total = q.concentration1 + q.concentration0
    q_norm = q.concentration1.lgamma() + q.concentration0.lgamma() + p_total.lgamma()
    p_norm = p.concentration1.lgamma() + p.concentration0.lgamma() + q_total.lgamma()
    of_one = (p.concentration1 - q.concentration1) * p.concentration1.digamma()
    of_zero = (p.concentration0 - q.concentration0) * p.concentration0.digamma()
    of_total = (q_total - p_total) * p_total.digamma()
    return q_norm - p_norm + of_one + of_zero + of_total


@register_kl(Binomial, Binomial)
def _binomial(p, q):
    if (p.total_count < q.total_count).any():
        raise NotImplementedError(
            "KL between Binomials where q.total_count > p.total_count is not implemented"
        )
    divergence = p.total_count * (
        p.probs * (p.logits - q.logits) + (-p.probs).log1p() - (-q.probs).log1p()
    )
    impossible = p.total_count > q.total_count
    divergence[impossible] = full_like(divergence[impossible], inf)
    return divergence


@register_kl(Categorical, Categorical)
def _categorical(p, q):
    terms = p.probs * (p.logits - q.logits)
    terms[(q.probs == 0).expand_as(terms)] = inf
    terms[(p.probs == 0).expand_as(terms)] = 0
    return terms.sum(-1)


@register_kl(OneHotCategorical, OneHotCategorical)
def _one_hot_categorical(p, q):
    return _categorical(p._categorical, q._categorical)


@register_kl(Cauchy, Cauchy)
def _cauchy(p, q):
    """Chyzak and Nielsen, A closed-form formula for the Kullback-Leibler divergence (2019)."""
    distance = ((p.scale + q.scale).pow(2) + (p.loc - q.loc).pow(2)).log()
    return distance - (4 * p.scale * q.scale).log()


@register_kl(ContinuousBernoulli, ContinuousBernoulli)
def _continuous_bernoulli(p, q):
    of_mean = p.mean * (p.logits - q.logits)
    p_norm = p._cont_bern_log_norm() + (-p.probs).log1p()
    q_norm = -q._cont_bern_log_norm() - (-q.probs).log1p()
    return of_mean + p_norm + q_norm


@register_kl(Dirichlet, Dirichlet)
def _dirichlet(p, q):
    p_total, q_total = p.concentration.sum(-1), q.concentration.sum(-1)
    of_totals = p_total.lgamma() - q_total.lgamma()
    of_parts = (p.concentration.lgamma() - q.concentration.lgamma()).sum(-1)
    excess = p.concentration - q.concentration
    mean_log = p.concentration.digamma() - p_total.digamma().unsqueeze(-1)
    return of_totals - of_parts + (excess * mean_log).sum(-1)


@register_kl(Exponential, Exponential)
def _exponential(p, q):
    ratio = q.rate / p.rate
    return -ratio.log() + ratio - 1


@register_kl(ExponentialFamily, ExponentialFamily)
def _exponential_family(p, q):
    """The Bregman divergence of the log-normalizer."""
    if type(p) is not type(q):
        raise NotImplementedError(
            "The cross KL-divergence between different exponential families cannot"
            f"{' ' * 29}be computed using Bregman divergences"
        )
    p_parameters = [each.detach().requires_grad_() for each in p._natural_params]
    normalizer = p._log_normalizer(*p_parameters)
    gradients = grad(normalizer.sum(), p_parameters, create_graph=True)
    divergence = q._log_normalizer(*q._natural_params) - normalizer
    for one, other, gradient in zip(p_parameters, q._natural_params, gradients, strict=True):
        divergence -= _sum_rightmost((other - one) * gradient, len(q.event_shape))
    return divergence


@register_kl(Gamma, Gamma)
def _gamma(p, q):
    of_rates = q.concentration * (p.rate / q.rate).log()
    of_norms = q.concentration.lgamma() - p.concentration.lgamma()
    of_logarithm = (p.concentration - q.concentration) * p.concentration.digamma()
    of_mean = (q.rate - p.rate) * (p.concentration / p.rate)
    return of_rates + of_norms + of_logarithm + of_mean


@register_kl(Geometric, Geometric)
def _geometric(p, q):
    return -p.entropy() - (-q.probs).log1p() / p.probs - q.logits


@register_kl(Gumbel, Gumbel)
def _gumbel(p, q):
    ratio = p.scale / q.scale
    q_loc, p_loc = q.loc / q.scale, p.loc / q.scale
    of_scales = -ratio.log() - q_loc + p_loc
    of_exponent = (q_loc + (1 + ratio).lgamma() - p_loc).exp()
    return of_scales + ratio * euler_constant + of_exponent - (1 + euler_constant)


@register_kl(Laplace, Laplace)
def _laplace(p, q):
    ratio = p.scale / q.scale
    distance = (p.loc - q.loc).abs()
    return -ratio.log() + distance / q.scale + ratio * (-distance / p.scale).exp() - 1


@register_kl(Normal, Normal)
def _normal(p, q):
    ratio = (p.scale / q.scale).pow(2)
    distance = ((p.loc - q.loc) / q.scale).pow(2)
    return 0.5 * (ratio + distance - 1 - ratio.log())


@register_kl(HalfNormal, HalfNormal)
def _half_normal(p, q):
    return _normal(p.base_dist, q.base_dist)


@register_kl(Pareto, Pareto)
def _pareto(p, q):
    ratio = q.alpha / p.alpha
    of_scales = q.alpha * (p.scale / q.scale).log()
    divergence = of_scales + -ratio.log() + ratio - 1
    divergence[p.support.lower_bound < q.support.lower_bound] = inf
    return divergence


@register_kl(Poisson, Poisson)
def _poisson(p, q):
    return p.rate * (p.rate.log() - q.rate.log()) - (p.rate - q.rate)


@register_kl(Uniform, Uniform)
def _uniform(p, q):
    divergence = ((q.high - q.low) / (p.high - p.low)).log()
    divergence[(q.low > p.low) | (q.high < p.high)] = inf
    return divergence


@register_kl(TransformedDistribution, TransformedDistribution)
def _transformed(p, q):
    if p.transforms != q.transforms or p.event_shape != q.event_shape:
        raise NotImplementedError
    return kl_divergence(p.base_dist, q.base_dist)


@register_kl(Independent, Independent)
def _independent(p, q):
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise NotImplementedError
    divergence = kl_divergence(p.base_dist, q.base_dist)
    return _sum_rightmost(divergence, p.reinterpreted_batch_ndims)
