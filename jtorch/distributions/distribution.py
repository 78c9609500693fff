"""Distribution: what all families have, the checks of parameters and values among it."""

import warnings

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._ops.truths import _is_all_true
from jtorch._size import Size
from jtorch._tensor import Tensor
from jtorch.distributions import constraints
from jtorch.distributions.utils import lazy_property

__all__ = ["Distribution"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Distribution:
    """A family's base: `batch_shape` many distributions of values of `event_shape`.

    A subclass defines `arg_constraints`, `support`, `expand`, `log_prob` and `sample` or `rsample`.

    Errors:  ValueError for parameters outside of `arg_constraints`, unless `validate_args` is off.
    Source:  torch.distributions.Distribution.
    """

    has_rsample = False
    has_enumerate_support = False
    _validate_args = __debug__

    @staticmethod
    def set_default_validate_args(value):
        """Say whether parameters and values are checked where nobody says it."""
        if value not in [True, False]:
            raise ValueError
        Distribution._validate_args = value

    def __init__(self, batch_shape=Size(), event_shape=Size(), validate_args=None):  # noqa: B008
        self._batch_shape = batch_shape
        self._event_shape = event_shape
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            try:
                arg_constraints = self.arg_constraints
            except NotImplementedError:
                arg_constraints = {}
                warnings.warn(
                    f"{self.__class__} does not define `arg_constraints`. Please set "
                    "`arg_constraints = {}` or initialize the distribution with "
                    "`validate_args=False` to turn off validation.",
                    stacklevel=2,
                )
            for name, constraint in arg_constraints.items():
                self._check_parameter(name, constraint)
        super().__init__()

    def _check_parameter(self, name, constraint):
        if constraints.is_dependent(constraint):
            return
        if name not in self.__dict__ and isinstance(getattr(type(self), name), lazy_property):
            return  # it follows from another parameter
        value = getattr(self, name)
        if not _is_all_true(constraint.check(value)):
            raise ValueError(
                f"Expected parameter {name} "
                f"({type(value).__name__} of shape {tuple(value.shape)}) "
                f"of distribution {self!r} to satisfy the constraint {constraint!r}, "
                f"but found invalid values:\n{value}"
            )

    def expand(self, batch_shape, _instance=None):
        """The same distributions, repeated to another batch shape; nothing is copied."""
        raise NotImplementedError

    @property
    def batch_shape(self):
        """The shape of the distributions that are held together."""
        return self._batch_shape

    @property
    def event_shape(self):
        """The shape of one value."""
        return self._event_shape

    @property
    def arg_constraints(self):
        """{name: constraint} of the parameters."""
        raise NotImplementedError

    @property
    def support(self):
        """The constraint that says where the density is."""
        raise NotImplementedError

    @property
    def mean(self):
        """The mean of each distribution."""
        raise NotImplementedError

    @property
    def mode(self):
        """The most probable value."""
        raise NotImplementedError(f"{self.__class__} does not implement mode")

    @property
    def variance(self):
        """The variance of each distribution."""
        raise NotImplementedError

    @property
    def stddev(self):
        """The standard deviation."""
        return self.variance.sqrt()

    def sample(self, sample_shape=Size()):  # noqa: B008
        """Values of shape `sample_shape + batch_shape + event_shape`, without a gradient."""
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape=Size()):  # noqa: B008
        """Values that are differentiable functions of the parameters."""
        raise NotImplementedError

    def sample_n(self, n):
        """`sample((n,))`: deprecated."""
        warnings.warn(
            "`sample_n(n)` will be deprecated. Use `sample((n,))` instead.",
            FutureWarning,
            stacklevel=2,
        )
        return self.sample(Size((n,)))

    def log_prob(self, value):
        """The logarithm of the density (or of the probability) at `value`."""
        raise NotImplementedError

    def cdf(self, value):
        """The probability of values up to `value`."""
        raise NotImplementedError

    def icdf(self, value):
        """The value that `cdf` gives this probability."""
        raise NotImplementedError

    def enumerate_support(self, expand=True):
        """All values of a discrete distribution, along a first dim."""
        raise NotImplementedError

    def entropy(self):
        """The entropy of each distribution, in nats."""
        raise NotImplementedError

    def perplexity(self):
        """e to the power of the entropy."""
        return self.entropy().exp()

    def _extended_shape(self, sample_shape=Size()):  # noqa: B008
        """The shape of what `sample(sample_shape)` gives."""
        return Size(Size(sample_shape) + self._batch_shape + self._event_shape)

    def _validate_sample(self, value):
        """Errors: ValueError for a value of a shape that does not fit, or outside the support."""
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        shape = value.size()
        if shape[len(shape) - len(self._event_shape) :] != self._event_shape:
            raise ValueError(
                "The right-most size of value must match event_shape: "
                f"{shape} vs {self._event_shape}."
            )
        expected = self._batch_shape + self._event_shape
        for extent, wanted in zip(reversed(shape), reversed(expected), strict=False):
            if extent != 1 and wanted != 1 and extent != wanted:
                raise ValueError(
                    "Value is not broadcastable with batch_shape+event_shape: "
                    f"{shape} vs {expected}."
                )
        try:
            support = self.support
        except NotImplementedError:
            warnings.warn(
                f"{self.__class__} does not define `support` to enable sample validation. Please "
                "initialize the distribution with `validate_args=False` to turn off validation.",
                stacklevel=2,
            )
            return
        if support is None:
            raise AssertionError("support is unexpectedly None")
        if not _is_all_true(support.check(value)):
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape {tuple(value.shape)}) "
                f"to be within the support ({support!r}) of the distribution {self!r}, "
                f"but found invalid values:\n{value}"
            )

    def _get_checked_instance(self, cls, _instance=None):
        """The object for `expand` to fill: a new one, or the one that a subclass has made.

        Errors:  NotImplementedError for a subclass with another `__init__`, whose attributes
                 nobody else knows.
        """
        if _instance is not None:
            return _instance
        if type(self).__init__ != cls.__init__:
            raise NotImplementedError(
                f"Subclass {self.__class__.__name__} of {cls.__name__} that defines a custom "
                "__init__ method must also define a custom .expand() method."
            )
        return self.__new__(type(self))

    def _expanded(self, family, batch_shape, instance, *names, kept=(), **trailing):
        """What `expand` of `family` gives: a copy without checks.

        The attributes in `names` are expanded to the batch shape, those of `trailing` to it and
        some more dims, those in `kept` stay as they are. What an object lacks it lacks afterwards.
        """
        new = self._get_checked_instance(family, instance)
        batch_shape = Size(batch_shape)
        for name, dims in (*((each, ()) for each in names), *trailing.items()):
            if name in self.__dict__:
                setattr(new, name, self.__dict__[name].expand(batch_shape + Size(dims)))
        for name in kept:
            if name in self.__dict__:
                setattr(new, name, self.__dict__[name])
        super(family, new).__init__(batch_shape, self._event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    def __repr__(self):
        shown = []
        for name in self.arg_constraints:
            if name in self.__dict__:
                value = self.__dict__[name]
                shown.append(f"{name}: {value if value.numel() == 1 else value.size()}")
        return f"{self.__class__.__name__}({', '.join(shown)})"
