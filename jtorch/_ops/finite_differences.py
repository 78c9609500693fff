"""`torch.gradient`: slopes of sampled functions, by differences of neighbours."""

from jtorch import _dtypes
from jtorch._ops.differences import diff
from jtorch._ops.history import by_number
from jtorch._ops.join import cat
from jtorch._ops.parameters import type_name
from jtorch._ops.signatures import overloads
from jtorch._ops.view import narrow
from jtorch._shapes import wrap_dim, wrap_dims
from jtorch._tensor import Tensor


def _between(tensor, dim, start=0, end=None):
    """`tensor[start:end]` along one dim."""
    size = tensor.shape[dim]
    start, end, _ = slice(start, end).indices(size)
    return narrow(tensor, dim, start, max(end - start, 0))


def _check(input, count, dim, edge_order):
    """The checks of all calls; `count` is that of the spacings, where they are a list."""
    if input.dtype is _dtypes.uint8:
        raise RuntimeError("torch.gradient does not support uint8 input.")
    if count is not None and dim is None and count != input.ndim:
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal "
            f"to 'self.dim() = {input.ndim}', since dim argument was not given, but got a list of "
            f"length {count}"
        )
    if count is not None and dim is not None and count != len(dim):
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim "
            f"arguments to have the same length, but got a spacing argument of length {count} and a "
            f"dim argument of length {len(dim)}."
        )
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    dims = range(input.ndim) if dim is None else wrap_dims(dim, input.ndim)
    if any(input.shape[each] < edge_order + 1 for each in dims):
        raise RuntimeError(
            "torch.gradient expected each dimension size to be at least edge_order+1"
        )


def _evenly(input, dim, step, edge_order):
    """The slopes along a dim whose places are `step` apart."""

    def part(start, end=None):
        return _between(input, dim, start, end)

    def per_step(difference):
        return by_number(difference / step)

    center = per_step(part(2) - part(0, -2))
    if edge_order == 1:
        first = per_step(part(1, 2) - part(0, 1))
        last = per_step(part(-1) - part(-2, -1))
    else:
        first = by_number(-1.5 * part(0, 1)) + by_number(2 * part(1, 2))
        first = per_step(first - by_number(0.5 * part(2, 3)))
        last = by_number(0.5 * part(-3, -2)) - by_number(2 * part(-2, -1))
        last = per_step(last + by_number(1.5 * part(-1)))
    return cat((first, by_number(center / 2), last), dim)


def _unevenly(input, dim, places, edge_order):
    """The slopes along a dim at these places: those of parabolas through three neighbours."""
    if places.ndim != 1:
        raise RuntimeError(
            "torch.gradient expected each element of spacing to have one dimension, but got an "
            f"element with {places.ndim} dimensions!"
        )
    shape = [1] * input.ndim
    shape[dim] = -1
    steps = diff(places, 1, 0)
    before, after = _between(steps, 0, 0, -1), _between(steps, 0, 1)
    a = (-after / (before * (before + after))).reshape(shape)
    b = ((after - before) / (before * after)).reshape(shape)
    c = (before / (after * (before + after))).reshape(shape)

    def part(start, end=None):
        return _between(input, dim, start, end)

    center = a * part(0, -2) + b * part(1, -1) + c * part(2)
    if edge_order == 1:
        first = (part(1, 2) - part(0, 1)) / steps[0]
        last = (part(-1) - part(-2, -1)) / steps[-1]
    else:
        a, b, c = _at_end(steps, 0, 1)
        first = -a * part(0, 1) + b * part(1, 2) + -c * part(2, 3)
        a, b, c = _at_end(steps, -1, -2)
        last = c * part(-3, -2) + -b * part(-2, -1) + a * part(-1)
    return cat((first, center, last), dim)


def _at_end(steps, near, far):
    """The weights, but for their signs, of the last three values: of the outermost one first."""

    def both():
        return steps[near] + steps[far]

    outer = (by_number(2.0 * steps[near]) + steps[far]) / (steps[near] * both())
    return outer, both() / (steps[near] * steps[far]), steps[near] / (steps[far] * both())


def _gradient(input, *, spacing=None, dim=None, edge_order=1):
    several = isinstance(spacing, (tuple, list))
    if several and any(isinstance(each, Tensor) and each.ndim for each in spacing):
        for each in spacing:
            if not isinstance(each, Tensor):
                raise TypeError(
                    "expected Tensor as element 0 in argument 1, but got " + type_name(each)
                )
    if dim is not None:
        dim = tuple(dim) if isinstance(dim, (tuple, list)) else (dim,)
    _check(input, len(spacing) if several else None, dim, edge_order)
    dims = range(input.ndim) if dim is None else dim
    if not several:
        spacing = [1 if spacing is None else spacing] * len(dims)
    for each in spacing if several else ():
        if isinstance(each, Tensor) and each.device != input.device:
            raise RuntimeError(
                "torch.gradient expected each tensor to be on the same device, but got devices "
                f"{input.device} and {each.device}!"
            )
    found = []
    for place, step in zip(dims, spacing, strict=True):
        slopes = _unevenly if isinstance(step, Tensor) and several else _evenly
        found.append(slopes(input, wrap_dim(place, input.ndim), step, edge_order))
    return tuple(found)


_SIGNATURES = (
    "(Tensor input, *, tuple of ints dim, int edge_order = 1)",
    "(Tensor input, *, Number spacing, tuple of ints dim, int edge_order = 1)",
    "(Tensor input, *, Number? spacing = None, int? dim = None, int edge_order = 1)",
    "(Tensor input, *, tuple of Scalars spacing, int? dim = None, int edge_order = 1)",
    "(Tensor input, *, tuple of Scalars spacing, tuple of ints dim, int edge_order = 1)",
    "(Tensor input, *, tuple of Tensors spacing, int? dim = None, int edge_order = 1)",
    "(Tensor input, *, tuple of Tensors spacing, tuple of ints dim, int edge_order = 1)",
)


@overloads(*[(text, _gradient) for text in _SIGNATURES], variants="f")
def gradient():
    """The slopes of a function along dims, from its values at places that are `spacing` apart.

    `spacing` is one number for all dims, one for each, or a vector of places for each. Inside they
    are of second order; at the ends `edge_order` says of which.
    Shape:   a tuple of tensors of the input's shape, one per dim.
    Errors:  RuntimeError for a dim with too few places, or lists of other lengths.
    Source:  torch.gradient.
    """
