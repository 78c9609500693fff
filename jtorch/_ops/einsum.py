"""`einsum`: an equation read as torch reads it, and contracted operand by operand as torch does.

Every operand is brought to one order of dims: those of the result first, then those that are
summed. Two operands at a time are then multiplied and summed over what no other operand needs any
more.
"""

import dataclasses
import functools
import string

import numpy as np
import opt_einsum
from jax import lax
from jax import numpy as jnp

from jtorch import _shapes
from jtorch._autocast import listed, regions
from jtorch._dtypes import BY_NUMPY
from jtorch._meta import Meta
from jtorch._ops.detailed import detailed
from jtorch._ops.families import composite
from jtorch._ops.parameters import Ints, Tensors, type_name
from jtorch._ops.product import HALF, check_batch_dtypes
from jtorch._ops.promotion import result_type
from jtorch._ops.reduce import sum as sum_of
from jtorch._ops.windows import geometry_of, opened
from jtorch._shapes import contiguous_strides, pointwise_strides
from jtorch._tensor import Tensor

_LETTERS = string.ascii_uppercase + string.ascii_lowercase
_ELLIPSIS = "..."


@dataclasses.dataclass(frozen=True)
class Equation:
    """What an equation says of operands with these numbers of dims.

    `operands` has the labels of each operand; `ellipsis` is how many dims `...` stands for;
    `places` maps each label to its place among all dims, of which the first `kept` are the
    result's.
    """

    operands: tuple
    ellipsis: int
    places: dict
    kept: int
    total: int


@functools.lru_cache(maxsize=1 << 10)
def parse(equation, ndims) -> Equation:
    """Errors:  RuntimeError in torch's words."""
    arrow = equation.find("->")
    left = equation if arrow < 0 else equation[:arrow]
    operands = _labels_of_operands(left, len(ndims))
    ellipsis = 0
    for number, (labels, ndim) in enumerate(zip(operands, ndims, strict=True)):
        count = len(labels) - (_ELLIPSIS in labels)
        if _ELLIPSIS in labels:
            ellipsis = max(ellipsis, ndim - count)
        if count > ndim or (count < ndim and _ELLIPSIS not in labels):
            has = "is more than" if _ELLIPSIS in labels else "does not match"
            end = "" if _ELLIPSIS in labels else " and no ellipsis was given"
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({count}) {has} the number of "
                f"dimensions ({ndim}) for operand {number}{end}"
            )
    used = [label for labels in operands for label in labels if label != _ELLIPSIS]
    if arrow < 0:
        result = [_ELLIPSIS, *(label for label in _LETTERS if used.count(label) == 1)]
    else:
        result = _labels_of_result(equation, arrow + 2, used)
    summed = [_ELLIPSIS] if _ELLIPSIS not in result else []
    summed += [label for label in _LETTERS if label in used and label not in result]
    places, total = {}, 0
    for label in [*result, *summed]:
        places[label] = total
        total += ellipsis if label == _ELLIPSIS else 1
        if label == (result[-1] if result else None):
            kept = total
    return Equation(operands, ellipsis, places, kept if result else 0, total)


def _labels_of_operands(text, count):
    operands = [[]]
    index = 0
    while index < len(text):
        letter = text[index]
        if letter == ".":
            if _ELLIPSIS in operands[-1]:
                raise RuntimeError(
                    f"einsum(): found '.' for operand {len(operands) - 1} for which an ellipsis "
                    "was already found"
                )
            if text[index : index + 3] != _ELLIPSIS:
                raise RuntimeError(
                    f"einsum(): found '.' for operand {len(operands) - 1} that is not part of any "
                    "ellipsis"
                )
            operands[-1].append(_ELLIPSIS)
            index += 2
        elif letter == ",":
            operands.append([])
            if len(operands) > count:
                raise RuntimeError(
                    "einsum(): fewer operands were provided than specified in the equation"
                )
        elif letter != " ":
            _require_letter(letter, index)
            operands[-1].append(letter)
        index += 1
    if len(operands) < count:
        raise RuntimeError("einsum(): more operands were provided than specified in the equation")
    return tuple(map(tuple, operands))


def _labels_of_result(equation, start, used):
    result = []
    index = start
    while index < len(equation):
        letter = equation[index]
        if letter == ".":
            if _ELLIPSIS in result:
                raise RuntimeError(
                    "einsum(): found '.' for output but an ellipsis (...) was already found"
                )
            if equation[index : index + 3] != _ELLIPSIS:
                raise RuntimeError(
                    "einsum(): found '.' for output that is not part of any ellipsis (...)"
                )
            result.append(_ELLIPSIS)
            index += 2
        elif letter != " ":
            _require_letter(letter, index)
            if letter in result:
                raise RuntimeError(
                    f"einsum(): output subscript {letter} appears more than once in the output"
                )
            if letter not in used:
                raise RuntimeError(
                    f"einsum(): output subscript {letter} does not appear in the equation for any "
                    "input operand"
                )
            result.append(letter)
        index += 1
    return result


def _require_letter(letter, index):
    if letter not in _LETTERS:
        raise RuntimeError(
            f"einsum(): invalid subscript given at index {index} in the equation string, "
            "subscripts must be in [a-zA-Z]"
        )


def _aligned(equation, number, geometry):
    """The geometry of an operand with its dims in the common order; missing ones have extent 1."""
    labels = equation.operands[number]
    ndim = len(geometry[0])
    order = [None] * equation.total
    dim = 0
    for label in labels:
        place = equation.places[label]
        if label == _ELLIPSIS:
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


def _check_sizes(equation, shapes):
    seen = {}
    for number, (labels, shape) in enumerate(zip(equation.operands, shapes, strict=True)):
        dim = 0
        own = {}
        for label in labels:
            if label != _ELLIPSIS and own.setdefault(label, shape[dim]) != shape[dim]:
                raise RuntimeError(
                    f"einsum(): subscript {label} is repeated for operand {number} but the sizes "
                    f"don't match, {shape[dim]} != {own[label]}"
                )
            width = 1
            if label == _ELLIPSIS:
                width = len(shape) - len(labels) + 1
            for within in range(width):
                size = shape[dim]
                key = label if label != _ELLIPSIS else equation.ellipsis - width + within
                before = seen.get(key, 1)
                if size != 1 and before not in (1, size):
                    raise RuntimeError(_mismatch(label, number, dim, size, before))
                if size != 1:
                    seen[key] = size
                dim += 1


def _mismatch(label, number, dim, size, before):
    if label == _ELLIPSIS:
        return (
            f"einsum(): dimension {dim} covered by ellipsis in operand {number}has size {size} "
            f"which does not broadcast with previously seen ellipsis with size {before} for the "
            "respective dimension"
        )
    return (
        f"einsum(): subscript {label} has size {size} for operand {number} which does not "
        f"broadcast with previously seen size {before}"
    )


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
    _check_sizes(parsed, [each.shape for each in tensors])
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


def _dtype(equation, tensors, path):
    """Products without a sum promote, the others want one dtype."""
    steps = _plan_of(equation, tensors, path)[2]

    def combine(a, b, step):
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
        if label == _ELLIPSIS:
            width = array.ndim - len(equation.operands[number]) + 1
            end = equation.places[label] + equation.ellipsis
            labels.extend(range(end - width, end))
        else:
            labels.append(equation.places[label])
    own = sorted(set(labels))
    array = jnp.einsum(array, labels, own)
    extents = dict(zip(own, array.shape, strict=True))
    return array.reshape([extents.get(dim, 1) for dim in range(equation.total)])


def _multiply(a, b, step):
    if step.first_sums:
        a = jnp.sum(a, step.first_sums, keepdims=True, dtype=a.dtype)
    if step.second_sums:
        b = jnp.sum(b, step.second_sums, keepdims=True, dtype=b.dtype)
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
                letters.append(_ELLIPSIS)
            elif 0 <= each < 52:
                letters.append(_LETTERS[each])
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
