"""`torch.linalg`: linear algebra under torch's names; the operations are declared in `_ops`."""

from jtorch._errors import LinAlgError as LinAlgError
from jtorch._ops.contraction import linalg_cross as cross
from jtorch._ops.contraction import linalg_vecdot as vecdot
from jtorch._ops.detailed import return_type
