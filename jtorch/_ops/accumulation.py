"""What becomes of a gradient that has come to a leaf."""

import functools

from jtorch._autograd.graph import AccumulateGrad
from jtorch._autograd.modes import mode
from jtorch._engine.node import Kernel
from jtorch._meta import Meta
from jtorch._ops.edges import tracked
from jtorch._ops.history import attach
from jtorch._shapes import is_non_overlapping_and_dense
from jtorch._tensor import Tensor, from_node, node_of


def accumulate(leaf, gradient):
    """Add to the `grad` of a leaf: in place, unless the sum is to be differentiated, too."""
    known = leaf._grad
    if known is None and gradient.__class__ is not Tensor and gradient.is_sparse:
        leaf._grad = gradient._as_first_gradient(mode.enabled)
    elif known is None:
        made = from_node(node_of(gradient), _meta_in_leaf(leaf._meta, gradient._meta))
        if mode.enabled and tracked((gradient,)):
            kernel = identity(made._meta.aval)
            attach("CopyBackwards", kernel, [gradient], [made], made._meta.device)
        leaf._grad = made
    elif known.is_sparse and not gradient.is_sparse:
        leaf._grad = gradient + known
    elif mode.enabled:
        leaf._grad = known + gradient
    else:
        known.add_(gradient)


def _meta_in_leaf(meta, given):
    """The meta that the first gradient of a leaf gets: with the strides of the leaf, if it is dense."""
    if meta is given and meta.is_contiguous and not meta.mirrored:
        return meta
    stride = meta.stride if is_non_overlapping_and_dense(meta.shape, meta.stride) else None
    return Meta(meta.shape, given.dtype, meta.device, stride)


AccumulateGrad._accumulate = staticmethod(accumulate)


@functools.cache
def identity(aval):
    """The kernel that gives its input."""
    return Kernel("copy", lambda array: array, (aval,), aval, takes_numpy=True)
