"""Distances between vectors, and how much they point in one direction."""

import copy

import numpy as np

from jtorch._autograd.modes import no_grad
from jtorch._dtypes import FLOATING
from jtorch._ops.detailed import detailed
from jtorch._ops.history import by_number
from jtorch._ops.losses import require_number
from jtorch._ops.matrix_norms import norm_between
from jtorch._ops.names import Underived
from jtorch._ops.norms import LITERAL_ORDERS, vector_norm
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Number
from jtorch._ops.product import HALF
from jtorch._ops.refusals import common_dtype, unsupported
from jtorch._ops.signatures import is_integer
from jtorch._shapes import broadcast_shapes
from jtorch._tensor import Tensor


@offered("(Tensor x1, Tensor x2, int dim = 1, float eps = 1e-08)", variants="f")
def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    """The cosine of the angle between vectors along `dim`, whose lengths count as `eps` at least.

    Shape:   two that broadcast -> without `dim`.
    Errors:  RuntimeError unless their common dtype is a floating-point one.
    Source:  torch.cosine_similarity.
    """
    require_tensors(x1, x2)
    eps = require_number(eps)
    if not is_integer(dim):
        raise TypeError("not an integer")
    common = common_dtype(x1, x2)
    if common.category != FLOATING:
        raise RuntimeError(
            f"expected common dtype to be floating point, yet common dtype is {common.scalar_name}"
        )
    if eps < 0:
        raise RuntimeError(f"eps must be non-negative, got: {eps:.6g}")
    shape = broadcast_shapes(x1.shape, x2.shape)
    parts = []
    for each in (x1, x2):
        if each.dtype.category != FLOATING:
            each = each.to(common)
        if x1.shape != x2.shape:
            each = each.expand(shape)
        length = vector_norm(each, 2, dim, True).clone()
        with no_grad():
            length.clamp_min_(eps)
        parts.append(each / length)
    return (parts[0] * parts[1]).sum(dim)


@offered(
    "(Tensor x1, Tensor x2, float p = 2.0, float eps = 1e-06, bool keepdim = False)", variants="f"
)
def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    """The norm of order `p` of `x1 - x2 + eps` along the last dim.

    Source:  torch.pairwise_distance.
    """
    require_tensors(x1, x2)
    p, eps = require_number(p), require_number(eps)
    difference = by_number(x1 - x2 + eps)
    return _norm.call((difference, p, max(x1.ndim, x2.ndim) - 1, keepdim), {})


def _node_of_norm(args, kwargs):
    return Underived("NormBackward1", None) if args[1] == 0 else "NormBackward1"


# the row of `vector_norm` under the name that torch's older function of it has in graphs
_norm = copy.copy(vector_norm.row)
_norm.gradient = _node_of_norm


def _check_rows(input, p):
    if input.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.ndim}D")
    if input.dtype.category != FLOATING:
        raise RuntimeError("pdist only supports floating-point dtypes")
    if not p >= 0:
        raise RuntimeError("pdist only supports non-negative p values")


@detailed(
    name="pdist",
    variants="",
    literals={"p": LITERAL_ORDERS},
    shape=lambda input: (input.shape[0] * (input.shape[0] - 1) // 2,),
    dtype=lambda input: input.dtype,
)
def _pdist(input: Tensor, p: Number):
    first, second = np.triu_indices(input.shape[0], 1)
    return norm_between(input[first], input[second], p)


@offered("(Tensor input, float p = 2.0)", variants="f")
def pdist(input, p=2.0):
    """The distance, in the norm of order `p`, of each row from each later one.

    Shape:   (N, M) -> (N * (N - 1) / 2).
    Errors:  RuntimeError unless there are two dims of floating-point numbers, and p >= 0.
    Source:  torch.pdist.
    """
    require_tensors(input)
    p = require_number(p)
    _check_rows(input, p)
    if input.dtype.numpy in HALF:
        raise unsupported("pdist", input.dtype)
    # nothing between rows without columns, whatever the order
    return _pdist(input, float(p) if input.shape[1] else 2.0)
