"""From constraints to transforms: how an unconstrained number becomes a parameter or a value."""

from jtorch._alias import missing_attribute
from jtorch.distributions import constraints, transforms
from jtorch.types import Number

__all__ = ["ConstraintRegistry", "biject_to", "transform_to"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class ConstraintRegistry:
    """{class of constraints: function from such a constraint to a transform}, to be called.

    Errors:  NotImplementedError for a constraint without an entry.
    Source:  torch.distributions.constraint_registry.ConstraintRegistry.
    """

    def __init__(self):
        self._registry = {}
        super().__init__()

    def register(self, constraint, factory=None):
        """Enter a class of constraints, or that of an object; without `factory` for a decorator."""
        if factory is None:
            return lambda factory: self.register(constraint, factory)
        kind = type(constraint) if isinstance(constraint, constraints.Constraint) else constraint
        if not (isinstance(kind, type) and issubclass(kind, constraints.Constraint)):
            raise TypeError(
                "Expected constraint to be either a Constraint subclass or instance, but got "
                f"{kind}"
            )
        self._registry[kind] = factory
        return factory

    def __call__(self, constraint):
        """The transform from all real numbers onto the region."""
        factory = self._registry.get(type(constraint))
        if factory is None:
            raise NotImplementedError(f"Cannot transform {type(constraint).__name__} constraints")
        return factory(constraint)


biject_to = ConstraintRegistry()  # one to one
transform_to = ConstraintRegistry()  # onto, and cheap coordinate by coordinate


def _on_both(*kinds):
    def enter(factory):
        for kind in kinds:
            biject_to.register(kind, factory)
            transform_to.register(kind, factory)
        return factory

    return enter


@_on_both(constraints.real)
def _identity(constraint):
    return transforms.identity_transform


@_on_both(constraints.positive, constraints.nonnegative)
def _exponential(constraint):
    return transforms.ExpTransform()


@_on_both(constraints.greater_than, constraints.greater_than_eq)
def _above(constraint):
    shifted = transforms.AffineTransform(constraint.lower_bound, 1)
    return transforms.ComposeTransform([transforms.ExpTransform(), shifted])


@_on_both(constraints.less_than)
def _below(constraint):
    mirrored = transforms.AffineTransform(constraint.upper_bound, -1)
    return transforms.ComposeTransform([transforms.ExpTransform(), mirrored])


@_on_both(constraints.interval, constraints.half_open_interval)
def _between(constraint):
    low, high = constraint.lower_bound, constraint.upper_bound
    is_unit = isinstance(low, Number) and low == 0 and isinstance(high, Number) and high == 1
    if is_unit:
        return transforms.SigmoidTransform()
    scaled = transforms.AffineTransform(low, high - low)
    return transforms.ComposeTransform([transforms.SigmoidTransform(), scaled])


@_on_both(constraints.corr_cholesky)
def _correlations(constraint):
    return transforms.CorrCholeskyTransform()


@biject_to.register(constraints.simplex)
def _broken_stick(constraint):
    return transforms.StickBreakingTransform()


@transform_to.register(constraints.simplex)
def _softmax(constraint):
    return transforms.SoftmaxTransform()


@transform_to.register(constraints.lower_cholesky)
def _lower_cholesky(constraint):
    return transforms.LowerCholeskyTransform()


@transform_to.register(constraints.positive_definite)
@transform_to.register(constraints.positive_semidefinite)
def _positive_definite(constraint):
    return transforms.PositiveDefiniteTransform()


def _enter_composites(registry):
    """Constraints of constraints become transforms of the transforms that a registry gives."""

    @registry.register(constraints.independent)
    def independent(constraint):
        return transforms.IndependentTransform(
            registry(constraint.base_constraint), constraint.reinterpreted_batch_ndims
        )

    @registry.register(constraints.cat)
    def cat(constraint):
        return transforms.CatTransform(
            [registry(each) for each in constraint.cseq], constraint.dim, constraint.lengths
        )

    @registry.register(constraints.stack)
    def stack(constraint):
        return transforms.StackTransform(
            [registry(each) for each in constraint.cseq], constraint.dim
        )


_enter_composites(biject_to)
_enter_composites(transform_to)
