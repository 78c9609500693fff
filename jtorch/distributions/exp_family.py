"""Exponential families: densities that are e to the power of a product of parameters and statistics."""

from jtorch._alias import missing_attribute
from jtorch.autograd import grad
from jtorch.distributions.distribution import Distribution

__all__ = ["ExponentialFamily"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class ExponentialFamily(Distribution):
    """A family with natural parameters: `_natural_params`, `_log_normalizer` of them.

        density(x) = exp(sum of parameters * statistics(x) - log_normalizer(parameters) + k(x))

    Attributes: _mean_carrier_measure (the mean of k).
    Source:  torch.distributions.ExponentialFamily.
    """

    @property
    def _natural_params(self):
        raise NotImplementedError

    def _log_normalizer(self, *natural_params):
        raise NotImplementedError

    @property
    def _mean_carrier_measure(self):
        raise NotImplementedError

    def entropy(self):
        """By the gradient of the log-normalizer: the Bregman divergence."""
        result = -self._mean_carrier_measure
        parameters = [each.detach().requires_grad_() for each in self._natural_params]
        normalizer = self._log_normalizer(*parameters)
        gradients = grad(normalizer.sum(), parameters, create_graph=True)
        result += normalizer
        for parameter, gradient in zip(parameters, gradients, strict=True):
            result -= (parameter * gradient).reshape((*self._batch_shape, -1)).sum(-1)
        return result
