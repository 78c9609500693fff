"""`torch.return_types`: the named tuples of functions with several results."""

from jtorch._ops import table as _table  # noqa: F401 - declares the rows, and with them these
from jtorch._ops.declare import return_types as _return_types

all_return_types = list(_return_types.values())
globals().update(_return_types)
