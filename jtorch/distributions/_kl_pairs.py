"""Divergences between distributions of two families."""

import math
from math import inf

from jtorch._ops.creation import full_like, ones_like
from jtorch._ops.filling import where
from jtorch.distributions._kl_table import register_kl
from jtorch.distributions.bernoulli import Bernoulli
from jtorch.distributions.beta import Beta
from jtorch.distributions.binomial import Binomial
from jtorch.distributions.continuous_bernoulli import ContinuousBernoulli
from jtorch.distributions.exponential import Exponential
from jtorch.distributions.gamma import Gamma
from jtorch.distributions.gumbel import Gumbel
from jtorch.distributions.laplace import Laplace
from jtorch.distributions.normal import Normal
from jtorch.distributions.pareto import Pareto
from jtorch.distributions.poisson import Poisson
from jtorch.distributions.uniform import Uniform
from jtorch.distributions.utils import euler_constant

# Where q has no density in a region that p has: by p, the parameter that gives the result's shape.
_INFINITE = (
    (Beta, "concentration1", (Pareto,)),
    (ContinuousBernoulli, "probs", (Pareto,)),
    (Exponential, "rate", (Beta, ContinuousBernoulli, Pareto, Uniform)),
    (Gamma, "concentration", (Beta, ContinuousBernoulli, Pareto, Uniform)),
    (Gumbel, "loc", (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform)),
    (Laplace, "loc", (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform)),
    (Normal, "loc", (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform)),
    (Pareto, "scale", (Beta, ContinuousBernoulli, Uniform)),
    (Poisson, "rate", (Bernoulli, Binomial)),
)


def _enter_infinite(kind, parameter, others):
    def infinite(p, q):
        return full_like(getattr(p, parameter), inf)

    for other in others:
        register_kl(kind, other)(infinite)


for _entry in _INFINITE:
    _enter_infinite(*_entry)


def _x_log_x(x):
    return x.xlogy(x)


def _log_beta(q):
    one, zero = q.concentration1, q.concentration0
    return one.lgamma() + zero.lgamma() - (one + zero).lgamma()


def _log_gamma_norm(q):
    return q.concentration.lgamma() - q.concentration * q.rate.log()


# Of p Bernoulli and Beta


@register_kl(Bernoulli, Poisson)
def _bernoulli_poisson(p, q):
    return -p.entropy() - (p.probs * q.rate.log() - q.rate)


@register_kl(Beta, ContinuousBernoulli)
def _beta_continuous_bernoulli(p, q):
    return -p.entropy() - p.mean * q.logits - (-q.probs).log1p() - q._cont_bern_log_norm()


@register_kl(Beta, Exponential)
def _beta_exponential(p, q):
    mean = p.concentration1 / (p.concentration1 + p.concentration0)
    return -p.entropy() - q.rate.log() + q.rate * mean


@register_kl(Beta, Gamma)
def _beta_gamma(p, q):
    total = p.concentration1 + p.concentration0
    mean_log = p.concentration1.digamma() - total.digamma()
    return (
        -p.entropy()
        + _log_gamma_norm(q)
        - (q.concentration - 1) * mean_log
        + q.rate * p.concentration1 / total
    )


@register_kl(Beta, Normal)
def _beta_normal(p, q):
    total = p.concentration1 + p.concentration0
    mean = p.concentration1 / total
    variance = q.scale.pow(2)
    normalizer = 0.5 * (variance * 2 * math.pi).log()
    half_square = (mean * (1 - mean) / (total + 1) + mean.pow(2)) * 0.5
    squares = half_square - q.loc * mean + q.loc.pow(2) * 0.5
    return -p.entropy() + normalizer + squares / variance


@register_kl(Beta, Uniform)
def _beta_uniform(p, q):
    divergence = -p.entropy() + (q.high - q.low).log()
    divergence[(q.low > p.support.lower_bound) | (q.high < p.support.upper_bound)] = inf
    return divergence


# Of p ContinuousBernoulli


@register_kl(ContinuousBernoulli, Exponential)
def _continuous_bernoulli_exponential(p, q):
    return -p.entropy() - q.rate.log() + q.rate * p.mean


@register_kl(ContinuousBernoulli, Normal)
def _continuous_bernoulli_normal(p, q):
    normalizer = 0.5 * (math.log(2.0 * math.pi) + (q.loc / q.scale).square()) + q.scale.log()
    squares = p.variance + p.mean.square() - 2.0 * q.loc * p.mean
    return -p.entropy() + normalizer + squares / (2.0 * q.scale.square())


@register_kl(ContinuousBernoulli, Uniform)
def _continuous_bernoulli_uniform(p, q):
    divergence = -p.entropy() + (q.high - q.low).log()
    # The comparisons are torch's, which say "outside" of bounds that hold the support.
    outside = q.low.ge(p.support.lower_bound).max(q.high.le(p.support.upper_bound))
    return where(outside, ones_like(divergence) * inf, divergence)


# Of p Exponential


@register_kl(Exponential, Gamma)
def _exponential_gamma(p, q):
    ratio = q.rate / p.rate
    return (
        -q.concentration * ratio.log()
        + ratio
        + q.concentration.lgamma()
        + q.concentration * euler_constant
        - (1 + euler_constant)
    )


@register_kl(Exponential, Gumbel)
def _exponential_gumbel(p, q):
    product, loc = p.rate * q.scale, q.loc / q.scale
    return product.log() - 1 - loc + loc.exp() * product / (product + 1) + product.reciprocal()


@register_kl(Exponential, Normal)
def _exponential_normal(p, q):
    variance, square = q.scale.pow(2), p.rate.pow(2)
    normalizer = 0.5 * (square * variance * 2 * math.pi).log()
    squares = square.reciprocal() - q.loc / p.rate + q.loc.pow(2) * 0.5
    return normalizer - 1 + squares / variance


# Of p Gamma


@register_kl(Gamma, Exponential)
def _gamma_exponential(p, q):
    return -p.entropy() - q.rate.log() + q.rate * p.concentration / p.rate


@register_kl(Gamma, Gumbel)
def _gamma_gumbel(p, q):
    product, loc = p.rate * q.scale, q.loc / q.scale
    of_p = (
        (p.concentration - 1) * p.concentration.digamma()
        - p.concentration.lgamma()
        - p.concentration
    )
    of_product = product.log() + p.concentration / product
    of_exponent = loc.exp() * (1 + product.reciprocal()).pow(-p.concentration) - loc
    return of_p + of_product + of_exponent


@register_kl(Gamma, Normal)
def _gamma_normal(p, q):
    variance, square = q.scale.pow(2), p.rate.pow(2)
    normalizer = (
        0.5 * (square * variance * 2 * math.pi).log() - p.concentration - p.concentration.lgamma()
    )
    half_square = 0.5 * (p.concentration.pow(2) + p.concentration) / square
    squares = half_square - q.loc * p.concentration / p.rate + 0.5 * q.loc.pow(2)
    return normalizer + (p.concentration - 1) * p.concentration.digamma() + squares / variance


# Of p Gumbel, Laplace and Normal


@register_kl(Gumbel, Normal)
def _gumbel_normal(p, q):
    ratio = p.scale / q.scale
    normalizer = (ratio / math.sqrt(2 * math.pi)).log()
    of_variance = (math.pi * ratio * 0.5).pow(2) / 3
    of_mean = ((p.loc + p.scale * euler_constant - q.loc) / q.scale).pow(2) * 0.5
    return -normalizer + of_variance + of_mean - (euler_constant + 1)


@register_kl(Laplace, Normal)
def _laplace_normal(p, q):
    variance = q.scale.pow(2)
    ratio = p.scale.pow(2) / variance
    normalizer = 0.5 * (2 * ratio / math.pi).log()
    squares = 0.5 * p.loc.pow(2) - p.loc * q.loc + 0.5 * q.loc.pow(2)
    return -normalizer + ratio + squares / variance - 1


@register_kl(Normal, Gumbel)
def _normal_gumbel(p, q):
    mean, loc = p.loc / q.scale, q.loc / q.scale
    ratio = (p.scale / q.scale).pow(2)
    of_exponent = (-mean + 0.5 * ratio + loc).exp()
    return -(ratio.log() * 0.5) + (mean - loc) + of_exponent - (0.5 * (1 + math.log(2 * math.pi)))


@register_kl(Normal, Laplace)
def _normal_laplace(p, q):
    distance = p.loc - q.loc
    ratio = p.scale / q.scale
    relative = distance / p.scale
    near = math.sqrt(2 / math.pi) * p.scale * (-0.5 * relative.pow(2)).exp()
    far = distance * (math.sqrt(0.5) * relative).erf()
    constant = 0.5 * (1 + math.log(0.5 * math.pi))
    return -ratio.log() + (near + far) / q.scale - constant


# Of p Pareto


@register_kl(Pareto, Exponential)
def _pareto_exponential(p, q):
    product = p.scale * q.rate
    of_mean = p.alpha * product / (p.alpha - 1)
    divergence = (p.alpha / product).log() - p.alpha.reciprocal() + of_mean - 1
    divergence[p.alpha <= 1] = inf
    return divergence


@register_kl(Pareto, Gamma)
def _pareto_gamma(p, q):
    mean_log = p.scale.log() + p.alpha.reciprocal()
    of_mean = q.rate * p.alpha * p.scale / (p.alpha - 1)
    divergence = (
        p.alpha.log()
        - mean_log
        + _log_gamma_norm(q)
        + (1 - q.concentration) * mean_log
        + of_mean
        - 1
    )
    divergence[p.alpha <= 1] = inf
    return divergence


@register_kl(Pareto, Normal)
def _pareto_normal(p, q):
    double = 2 * q.scale.pow(2)
    common = p.scale / (p.alpha - 1)
    normalizer = (math.sqrt(2 * math.pi) * q.scale * p.alpha / p.scale).log()
    of_variance = p.alpha * common.pow(2) / (p.alpha - 2)
    of_mean = (p.alpha * common - q.loc).pow(2)
    divergence = normalizer - p.alpha.reciprocal() + (of_variance + of_mean) / double - 1
    divergence[p.alpha <= 2] = inf
    return divergence


# Of p Uniform


@register_kl(Uniform, Beta)
def _uniform_beta(p, q):
    length = p.high - p.low
    log_length = length.log()
    of_one = (q.concentration1 - 1) * (_x_log_x(p.high) - _x_log_x(p.low) - length) / length
    of_zero = (
        (q.concentration0 - 1) * (_x_log_x(1 - p.high) - _x_log_x(1 - p.low) + length) / length
    )
    divergence = of_zero + _log_beta(q) - log_length - of_one
    divergence[(p.high > q.support.upper_bound) | (p.low < q.support.lower_bound)] = inf
    return divergence


@register_kl(Uniform, ContinuousBernoulli)
def _uniform_continuous_bernoulli(p, q):
    divergence = -p.entropy() - p.mean * q.logits - (-q.probs).log1p() - q._cont_bern_log_norm()
    outside = p.high.ge(q.support.upper_bound).max(p.low.le(q.support.lower_bound))
    return where(outside, ones_like(divergence) * inf, divergence)


@register_kl(Uniform, Exponential)
def _uniform_exponential(p, q):
    divergence = q.rate * (p.high + p.low) / 2 - ((p.high - p.low) * q.rate).log()
    divergence[p.low < q.support.lower_bound] = inf
    return divergence


@register_kl(Uniform, Gamma)
def _uniform_gamma(p, q):
    length = p.high - p.low
    mean_log = _x_log_x(p.high) - _x_log_x(p.low) - length
    divergence = (
        -length.log()
        + _log_gamma_norm(q)
        + (1 - q.concentration) * mean_log / length
        + q.rate * (p.high + p.low) / 2
    )
    divergence[p.low < q.support.lower_bound] = inf
    return divergence


@register_kl(Uniform, Gumbel)
def _uniform_gumbel(p, q):
    share = q.scale / (p.high - p.low)
    high, low = (p.high - q.loc) / q.scale, (p.low - q.loc) / q.scale
    return share.log() + 0.5 * (high + low) - share * ((-high).exp() - (-low).exp())


@register_kl(Uniform, Normal)
def _uniform_normal(p, q):
    length = p.high - p.low
    normalizer = (math.sqrt(math.pi * 2) * q.scale / length).log()
    distance = ((p.high + p.low - 2 * q.loc) / 2).pow(2)
    return normalizer + 0.5 * (length.pow(2) / 12 + distance) / q.scale.pow(2)


@register_kl(Uniform, Pareto)
def _uniform_pareto(p, q):
    length = p.high - p.low
    normalizer = (q.alpha * q.scale.pow(q.alpha) * length).log()
    mean_log = (_x_log_x(p.high) - _x_log_x(p.low) - length) / length
    divergence = mean_log * (q.alpha + 1) - normalizer
    divergence[p.low < q.support.lower_bound] = inf
    return divergence
