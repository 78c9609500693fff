"""Chi2: the sum of squares of normal numbers."""

from jtorch._alias import missing_attribute
from jtorch.distributions import constraints
from jtorch.distributions.gamma import Gamma

__all__ = ["Chi2"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Chi2(Gamma):
    """The sum of the squares of `df` normal numbers; `df` need not be whole.

    Source:  torch.distributions.Chi2.
    """

    arg_constraints = {"df": constraints.positive}

    def __init__(self, df, validate_args=None):
        super().__init__(0.5 * df, 0.5, validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        new = self._get_checked_instance(Chi2, _instance)
        return super().expand(batch_shape, new)

    @property
    def df(self):
        """The degrees of freedom."""
        return self.concentration * 2
