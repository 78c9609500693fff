"""MixtureSameFamily: a distribution chosen among some of one family."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._size import Size
from jtorch.distributions import constraints
from jtorch.distributions.categorical import Categorical
from jtorch.distributions.constraints import MixtureSameFamilyConstraint
from jtorch.distributions.distribution import Distribution

__all__ = ["MixtureSameFamily"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _require_fitting(mixture, component):
    chosen, offered = mixture.batch_shape, component.batch_shape[:-1]
    for one, other in zip(reversed(chosen), reversed(offered), strict=False):
        if one != 1 and other != 1 and one != other:
            raise ValueError(
                f"`mixture_distribution.batch_shape` ({chosen}) is not compatible with "
                f"`component_distribution.batch_shape`({offered})"
            )
    weights, components = mixture.logits.shape[-1], component.batch_shape[-1]
    if weights != components:
        raise ValueError(
            f"`mixture_distribution component` ({weights}) does not equal "
            f"`component_distribution.batch_shape[-1]` ({components})"
        )
    return weights


class MixtureSameFamily(Distribution):
    """Values of the component that a categorical distribution picks.

    The last dim of the components' batch are the components.

    Errors:  ValueError for what is no such distribution, and for shapes that do not fit.
    Source:  torch.distributions.MixtureSameFamily.
    """

    arg_constraints = {}
    has_rsample = False

    def __init__(self, mixture_distribution, component_distribution, validate_args=None):
        self._mixture_distribution = mixture_distribution
        self._component_distribution = component_distribution
        if not isinstance(mixture_distribution, Categorical):
            raise ValueError(
                " The Mixture distribution needs to be an "
                " instance of torch.distributions.Categorical"
            )
        if not isinstance(component_distribution, Distribution):
            raise ValueError(
                "The Component distribution needs to be an "
                "instance of torch.distributions.Distribution"
            )
        self._num_component = _require_fitting(mixture_distribution, component_distribution)
        event_shape = component_distribution.event_shape
        self._event_ndims = len(event_shape)
        super().__init__(
            batch_shape=component_distribution.batch_shape[:-1],
            event_shape=event_shape,
            validate_args=validate_args,
        )

    def expand(self, batch_shape, _instance=None):
        return self._expanded(
            MixtureSameFamily,
            batch_shape,
            _instance,
            "_mixture_distribution",
            kept=("_num_component", "_event_ndims"),
            _component_distribution=(self._num_component,),
        )

    @constraints.dependent_property
    def support(self):
        return MixtureSameFamilyConstraint(self._component_distribution.support)

    @property
    def mixture_distribution(self):
        """What picks the component."""
        return self._mixture_distribution

    @property
    def component_distribution(self):
        """The components."""
        return self._component_distribution

    def _averaged(self, values):
        probs = self._pad_mixture_dimensions(self.mixture_distribution.probs)
        return (probs * values).sum(dim=-1 - self._event_ndims)

    @property
    def mean(self):
        return self._averaged(self.component_distribution.mean)

    @property
    def variance(self):
        within = self._averaged(self.component_distribution.variance)
        distances = self.component_distribution.mean - self._pad(self.mean)
        return within + self._averaged(distances.pow(2.0))

    def cdf(self, x):
        cdf = self.component_distribution.cdf(self._pad(x))
        return (cdf * self.mixture_distribution.probs).sum(dim=-1)

    def log_prob(self, x):
        if self._validate_args:
            self._validate_sample(x)
        log_prob = self.component_distribution.log_prob(self._pad(x))
        log_weights = self.mixture_distribution.logits.log_softmax(dim=-1)
        return (log_prob + log_weights).logsumexp(dim=-1)

    def sample(self, sample_shape=Size()):  # noqa: B008
        with no_grad():
            place = len(sample_shape) + len(self.batch_shape)
            picked = self.mixture_distribution.sample(sample_shape)
            offered = self.component_distribution.sample(sample_shape)
            index = picked.reshape(picked.shape + Size([1] * (self._event_ndims + 1)))
            index = index.repeat(Size([1] * (picked.dim() + 1)) + self.event_shape)
            return offered.gather(place, index).squeeze(place)

    def _pad(self, x):
        return x.unsqueeze(-1 - self._event_ndims)

    def _pad_mixture_dimensions(self, x):
        of_batch = len(self.batch_shape)
        of_mixture = len(self.mixture_distribution.batch_shape)
        missing = 0 if of_mixture == 1 else of_batch - of_mixture
        shape = x.shape
        return x.reshape(
            shape[:-1] + Size(missing * [1]) + shape[-1:] + Size(self._event_ndims * [1])
        )

    def __repr__(self):
        return (
            f"MixtureSameFamily(\n  {self.mixture_distribution},\n  {self.component_distribution})"
        )
