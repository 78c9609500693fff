"""`einsum`: operands contracted one after another, in torch's order.

Every operand is brought to one order of dims: those of the result first, then those that are
summed. Two operands at a time are then multiplied and summed over what no other operand needs any
more.
"""

import dataclasses
import functools

import numpy as np
import opt_einsum
from jax import lax
from jax import numpy as jnp

from jtorch import _shapes
from jtorch._autocast import listed, regions
from jtorch._dtypes import BY_NUMPY, FLOATING, int64
from jtorch._meta import Meta
from jtorch._ops.detailed import detailed
from jtorch._ops.equations import ELLIPSIS, LETTERS, check_sizes, parse
from jtorch._ops.families import composite
from jtorch._ops.parameters import Ints, Tensors, type_name
from jtorch._ops.product import HALF, check_batch_dtypes
from jtorch._ops.promotion import result_type
from jtorch._ops.reduce import sum as sum_of
from jtorch._ops.windows import geometry_of, opened
from jtorch._shapes import contiguous_strides, pointwise_strides
from jtorch._tensor import Tensor


def _aligned(equation, number, geometry):
    """The geometry of an operand with its dims in the common order; missing ones have extent 1."""
    labels = equation.operands[number]
    ndim = len(geometry[0])
    order = [None] * equation.total
    dim = 0
    for label in labels:
        place = equation.places[label]
        if label == ELLIPSIS:
            missing = equation.ellipsis - (ndim - len(labels) + 1)
            for _ in range(missing):
                geometry = _shapes.unsqueeze(geometry, dim)
            order[place : place + equation.ellipsis] = range(dim, dim + equation.ellipsis)
            dim += equation.ellipsis
        elif order[place] is not None:
            geometry = _shapes.diagonal(geometry, 0, order[place], dim)
            geometry = _shapes.movedim(geometry, -1, order[place])
        else:
            order[place] = dim
            dim += 1
    for place, found in enumerate(order):
        if found is None:
            geometry = _shapes.unsqueeze(geometry, -1)
            order[place] = dim
            dim += 1
    return _shapes.permute(geometry, order)


@dataclasses.dataclass(frozen=True)
class Step:
    """One product of two operands: what each is summed over before, and what the product is."""

    first: int
    second: int
    first_sums: tuple
    second_sums: tuple
    sums: tuple


def plan(equation, shapes, path):
    """The steps that contract operands of these aligned shapes, in the order of `path`."""
    counts = [sum(shape[dim] != 1 for shape in shapes) for dim in range(equation.total)]
    pending = list(shapes)
    steps = []
    while len(pending) > 1:
        first, second = path[2 * len(steps) : 2 * len(steps) + 2] if path else (0, 1)
        a, b = pending[first], pending[second]
        for position in sorted((first, second), reverse=True):
            del pending[position]
        sums, first_sums, second_sums = [], [], []
        for dim in range(equation.kept, equation.total):
            if a[dim] != 1 and b[dim] != 1:
                counts[dim] -= 1
                if counts[dim] == 1:
                    sums.append(dim)
                    counts[dim] = 0
            elif counts[dim] == 1 and (a[dim] != 1 or b[dim] != 1):
                (first_sums if a[dim] != 1 else second_sums).append(dim)
                counts[dim] = 0
        gone = {*sums, *first_sums, *second_sums}
        both = zip(a, b, strict=True)
        shape = tuple(1 if dim in gone else n if m == 1 else m for dim, (m, n) in enumerate(both))
        steps.append(Step(first, second, tuple(first_sums), tuple(second_sums), tuple(sums)))
        pending.insert(len(pending) if path else 0, shape)
    return steps


def _plan_of(equation, tensors, path):
    """(the equation, the operands' aligned geometries, the steps), with all of torch's checks."""
    parsed = parse(equation, tuple(each.ndim for each in tensors))
    check_sizes(parsed, [each.shape for each in tensors])
    geometries = [_aligned(parsed, n, geometry_of(each)) for n, each in enumerate(tensors)]
    return parsed, geometries, plan(parsed, [each[0] for each in geometries], path)


def _split(left, right, sums):
    """Dims of a product by where they are: in both, in the left, in the right operand."""
    both, lefts, rights = [], [], []
    for dim, (m, n) in enumerate(zip(left, right, strict=True)):
        if dim not in sums:
            (both if m != 1 and n != 1 else lefts if m != 1 else rights).append(dim)
    swapped = bool(lefts and rights and rights[-1] < lefts[0])
    return (both, rights, lefts) if swapped else (both, lefts, rights)


def _product_geometry(left, right, sums):
    """(shape, stride) of a product, as torch's batched product of matrices leaves it."""
    shape = tuple(n if m == 1 else m for m, n in zip(left[0], right[0], strict=True))
    if not sums:
        return shape, pointwise_strides((left, right), shape)
    both, lefts, rights = _split(left[0], right[0], sums)
    order = [*both, *lefts, *sums, *rights]
    shape = tuple(1 if dim in sums else extent for dim, extent in enumerate(shape))
    steps = contiguous_strides([shape[dim] for dim in order])
    stride = [0] * len(shape)
    for dim, step in zip(order, steps, strict=True):
        stride[dim] = step
    return shape, tuple(stride)


def _summed_geometry(geometry, dims):
    shape = tuple(1 if dim in dims else extent for dim, extent in enumerate(geometry[0]))
    return (shape, contiguous_strides(shape)) if dims else geometry[:2]


def _contract(operands, path_steps, path, combine):
    """Run the steps over operands of whatever kind; `combine(a, b, step)` makes one of two."""
    pending = list(operands)
    for step in path_steps:
        a, b = pending[step.first], pending[step.second]
        for position in sorted((step.first, step.second), reverse=True):
            del pending[position]
        pending.insert(len(pending) if path else 0, combine(a, b, step))
    return pending[0]


def _layout(equation, tensors, path):
    parsed, geometries, steps = _plan_of(equation, tensors, path)

    def combine(a, b, step):
        a, b = _summed_geometry(a, step.first_sums), _summed_geometry(b, step.second_sums)
        return _product_geometry(a, b, step.sums)

    geometry = _contract([each[:2] for each in geometries], steps, path, combine)
    if parsed.kept == parsed.total:
        return geometry[1]
    return _shapes.view((*geometry, 0), geometry[0][: parsed.kept])[1]


def _shape(equation, tensors, path):
    parsed, geometries, _ = _plan_of(equation, tensors, path)
    sizes = zip(*[geometry[0][: parsed.kept] for geometry in geometries], strict=True)
    return tuple(next((n for n in each if n != 1), 1) for each in sizes)


def _summed_dtype(dtype, sums):
    """The dtype of an operand after it was summed by itself, if it was."""
    return int64 if sums and dtype.category < FLOATING else dtype


def _dtype(equation, tensors, path):
    """Products without a sum promote, the others want one dtype."""
    steps = _plan_of(equation, tensors, path)[2]

    def combine(a, b, step):
        a = _Typed(_summed_dtype(a.dtype, step.first_sums))
        b = _Typed(_summed_dtype(b.dtype, step.second_sums))
        if not step.sums:
            return _Typed(result_type([a, b]))
        check_batch_dtypes(a.dtype, b.dtype)
        return a

    return _contract([_Typed(each.dtype) for each in tensors], steps, path, combine).dtype


@dataclasses.dataclass(frozen=True)
class _Typed:
    """A tensor with dims, as far as promotion asks."""

    dtype: object
    ndim: int = 1


def _node_name(args, kwargs):
    """The last of the nodes that torch has; here they are one."""
    equation, tensors, _ = args
    parsed = parse(equation, tuple([each.ndim for each in tensors]))
    return "MulBackward0" if parsed.kept == parsed.total else "ViewBackward0"


@detailed(
    name="einsum.path",
    variants="",
    gradient=_node_name,
    shape=_shape,
    dtype=_dtype,
    layout=_layout,
)
def _einsum(equation: str, tensors: Tensors, path: Ints):
    parsed = parse(equation, tuple(each.ndim for each in tensors))
    operands = [_align(parsed, number, each) for number, each in enumerate(tensors)]
    steps = plan(parsed, [each.shape for each in operands], path)
    result = _contract(operands, steps, path, _multiply)
    return result.reshape(result.shape[: parsed.kept])


def _align(equation, number, array):
    """An operand with its dims in the common order."""
    labels = []
    for label in equation.operands[number]:
        if label == ELLIPSIS:
            width = array.ndim - len(equation.operands[number]) + 1
            end = equation.places[label] + equation.ellipsis
            labels.extend(range(end - width, end))
        else:
            labels.append(equation.places[label])
    own = sorted(set(labels))
    array = jnp.einsum(array, labels, own)
    extents = dict(zip(own, array.shape, strict=True))
    return array.reshape([extents.get(dim, 1) for dim in range(equation.total)])


def _summed(array, dims):
    if not dims:
        return array
    dtype = _summed_dtype(BY_NUMPY[array.dtype], dims).numpy
    return jnp.sum(array, dims, keepdims=True, dtype=dtype)


def _multiply(a, b, step):
    a, b = _summed(a, step.first_sums), _summed(b, step.second_sums)
    common = result_type([_Typed(BY_NUMPY[each.dtype]) for each in (a, b)]).numpy
    a, b = a.astype(common), b.astype(common)
    if not step.sums:
        return a * b
    if common == np.int64:
        return lax.platform_dependent(
            a, b, tpu=lambda a, b: jnp.sum(a * b, step.sums, keepdims=True),
            default=lambda a, b: _contracted(a, b, step, common),
        )  # fmt: skip
    return _contracted(a, b, step, common)


def _contracted(a, b, step, common):
    labels = [[d for d in range(a.ndim) if each.shape[d] != 1] for each in (a, b)]
    both = [n if m == 1 else m for m, n in zip(a.shape, b.shape, strict=True)]
    shape = [1 if d in step.sums else extent for d, extent in enumerate(both)]
    wide = jnp.float32 if common in HALF else common
    result = jnp.einsum(
        a.reshape([a.shape[d] for d in labels[0]]), labels[0],
        b.reshape([b.shape[d] for d in labels[1]]), labels[1],
        [d for d in range(a.ndim) if shape[d] != 1],
        preferred_element_type=wide,
    )  # fmt: skip
    return result.astype(common).reshape(shape)


@functools.lru_cache(maxsize=1 << 10)
def _best_path(equation, shapes):
    """The order in which to contract, as pairs of places one after the other."""
    pairs = opt_einsum.contract_path(equation, *shapes, shapes=True, optimize="auto")[0]
    return tuple(position for pair in pairs for position in pair)


def _from_sublists(args):
    """The equation and operands of `einsum(a, [0, 1], b, [1, 2], [0, 2])`."""

    def text(subscripts):
        letters = []
        for each in subscripts:
            if each is Ellipsis:
                letters.append(ELLIPSIS)
            elif 0 <= each < 52:
                letters.append(LETTERS[each])
            else:
                raise ValueError(
                    "einsum(): subscript in subscript list is not within the valid range [0, 52)"
                )
        return "".join(letters)

    equation = ",".join(text(each) for each in args[1::2])
    if len(args) % 2:
        return f"{equation}->{text(args[-1])}", args[:-1:2]
    return equation, args[::2]


# In autocast a sum of products is what it is in torch, a batched product of matrices.
_by_products = listed("bmm", _einsum)


@composite(variants="f")
def einsum(*args):
    """Sums of products of the operands, as an equation of dim labels says: "ij,jk->ik".

    Shape:   the labels after the arrow; without one, those that occur once, in alphabetical order.
             `...` stands for dims that broadcast. One operand whose labels are only reordered or
             repeated gives a view.
    Errors:  RuntimeError if the equation does not fit the operands.
    Source:  torch.einsum; three and more operands in the order that opt_einsum finds.
    """
    if len(args) < 2:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one "
            "operand and its subscripts list"
        )
    if isinstance(args[0], Tensor):
        equation, operands = _from_sublists(args)
    else:
        equation, operands = args[0], args[1:]
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = operands[0]
    if not isinstance(equation, str):
        raise TypeError(
            f"einsum(): argument 'equation' (position 1) must be str, not {type_name(equation)}"
        )
    for position, each in enumerate(operands):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"expected Tensor as element {position} in argument 1, but got {type_name(each)}"
            )
    path = ()
    if len(operands) > 2:
        path = _best_path(equation, tuple(tuple(each.shape) for each in operands))
    if len(operands) > 1:
        sums = regions.open and any(each.sums for each in _plan_of(equation, operands, path)[2])
        return (_by_products if sums else _einsum)(equation, operands, path)

    def again(tensor):
        _, ((shape, stride, offset),), _ = _plan_of(equation, (tensor,), path)
        meta = tensor._meta
        return Meta(shape, meta.dtype, meta.device, stride, meta.mirrored), offset - tensor._offset

    parsed = _plan_of(equation, operands, path)[0]
    target, distance = again(operands[0])
    offset = operands[0]._offset + distance
    view = opened(operands[0], target, offset, "permute", again)
    if parsed.kept == parsed.total:
        return view
    return sum_of(view, tuple(range(parsed.kept, parsed.total)))
