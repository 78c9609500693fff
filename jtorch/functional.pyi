"""torch.functional. Written by scripts/write_stubs from the table of operations."""

from jtorch import atleast_1d as atleast_1d
from jtorch import atleast_2d as atleast_2d
from jtorch import atleast_3d as atleast_3d
from jtorch import block_diag as block_diag
from jtorch import broadcast_shapes as broadcast_shapes
from jtorch import broadcast_tensors as broadcast_tensors
from jtorch import cartesian_prod as cartesian_prod
from jtorch import cdist as cdist
from jtorch import chain_matmul as chain_matmul
from jtorch import einsum as einsum
from jtorch import istft as istft
from jtorch import lu as lu
from jtorch import meshgrid as meshgrid
from jtorch import norm as norm
from jtorch import split as split
from jtorch import stft as stft
from jtorch import tensordot as tensordot
from jtorch import unique as unique
from jtorch import unique_consecutive as unique_consecutive
from jtorch import unravel_index as unravel_index
from jtorch._lowrank import pca_lowrank as pca_lowrank
from jtorch._lowrank import svd_lowrank as svd_lowrank
from jtorch._tensor import Tensor as Tensor
from jtorch.nn import functional

__all__ = [
    "pca_lowrank",
    "svd_lowrank",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "block_diag",
    "broadcast_shapes",
    "broadcast_tensors",
    "cartesian_prod",
    "cdist",
    "chain_matmul",
    "einsum",
    "istft",
    "lu",
    "meshgrid",
    "norm",
    "split",
    "stft",
    "tensordot",
    "unique",
    "unique_consecutive",
    "unravel_index",
]

F = functional
