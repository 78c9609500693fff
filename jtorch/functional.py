"""`torch.functional`: functions of the package, under the module that defines them in torch."""

from jtorch._alias import house, missing_attribute
from jtorch._lowrank import pca_lowrank, svd_lowrank
from jtorch._override import functions as _functions
from jtorch._tensor import Tensor as Tensor  # it and F are in no `__all__`, but programs take them
from jtorch.nn import functional as F  # noqa: F401

_OF_THE_PACKAGE = (
    "atleast_1d", "atleast_2d", "atleast_3d", "block_diag", "broadcast_shapes",
    "broadcast_tensors", "cartesian_prod", "cdist", "chain_matmul", "einsum", "istft", "lu",
    "meshgrid", "norm", "split", "stft", "tensordot", "unique", "unique_consecutive",
    "unravel_index",
)  # fmt: skip
__all__ = ["pca_lowrank", "svd_lowrank", *_OF_THE_PACKAGE]

for _name in _OF_THE_PACKAGE:
    globals()[_name] = _function = _functions[_name]
    _function.__name__ = _function.__qualname__ = _name  # a pickle finds it by that
house(__name__, __all__)


def __getattr__(name):
    raise missing_attribute(__name__, name)
