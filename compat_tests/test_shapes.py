"""Shapes, view ops and their errors against real torch, on generated tensors and arguments."""

import random

import pytest
import torch

from jtorch import _shapes
from shape_cases import dim, geometry, outcome, random_tensor, small, smalls

torch.set_num_threads(1)


def bound(rng):
    return rng.choice([None, small(rng, -8, 9), small(rng, -3, 3)])


def sizes_for_expand(rng, tensor):
    lead = smalls(rng, 1, 0, 4) if rng.random() < 0.3 else []
    sizes = [
        rng.choice([-1, size, size, 3, 1])
        if size == 1 or rng.random() < 0.05
        else rng.choice([-1, size, size])
        for size in tensor.shape
    ]
    return lead + (sizes if rng.random() < 0.97 else sizes[1:])


def sizes_for_view(rng, tensor):
    sizes, count = [], tensor.numel()
    while count > 1 and rng.random() < 0.8:
        part = rng.choice([d for d in range(1, count + 1) if count % d == 0])
        sizes.append(part)
        count //= part
    sizes.append(count)
    rng.shuffle(sizes)
    if rng.random() < 0.4:
        sizes[rng.randrange(len(sizes))] = rng.choice([-1, -1, -1, 0, 5, -2])
    if rng.random() < 0.3:
        sizes.insert(0, rng.choice([1, 1, -1]))
    return [] if rng.random() < 0.03 else sizes


def dims_in_order(rng, tensor):
    dims = rng.sample(range(tensor.ndim), tensor.ndim)
    dims = [d - tensor.ndim if rng.random() < 0.3 else d for d in dims]
    if dims and rng.random() < 0.15:
        dims[rng.randrange(len(dims))] = dim(rng, tensor)
    return dims if rng.random() < 0.95 else [*dims, 0]


def some_dims(rng, tensor):
    return tuple(
        d for d in (dim(rng, tensor) for _ in range(rng.randrange(3))) if rng.random() < 0.95
    )


def in_range(rng, tensor):
    return (
        rng.randrange(-tensor.ndim, tensor.ndim)
        if tensor.ndim and rng.random() < 0.9
        else dim(rng, tensor)
    )


def strided_arguments(rng, tensor):
    count = rng.randrange(4)
    sizes = [rng.choice([0, 1, 2, 2, 3]) for _ in range(count)]
    strides = [rng.choice([0, 1, 1, 2, 3, 5]) for _ in range(count)]
    if rng.random() < 0.1 and strides:
        strides[0] = -1
    if rng.random() < 0.05:
        sizes.append(2)
    if rng.random() < 0.1 and sizes and 0 not in sizes:
        sizes[0] = -1
    return sizes, strides, rng.choice([None, None, 0, 1, 3, 7, -1 if rng.random() < 0.2 else 2])


def split_lengths(rng, tensor, axis):
    size = tensor.shape[axis] if -tensor.ndim <= axis < tensor.ndim else 3
    if rng.random() < 0.3:
        return smalls(rng, 3, -1 if rng.random() < 0.3 else 0, 3)
    lengths = []
    while size:
        lengths.append(rng.randrange(1, size + 1))
        size -= lengths[-1]
    return lengths or [0]


# name: (arguments from rng and tensor, torch's call, ours); all take the tensor or geometry first
OPS = {
    "select": (lambda r, x: (in_range(r, x), small(r, -4, 4)), torch.select, _shapes.select),
    "narrow": (
        lambda r, x: (in_range(r, x), small(r, -4, 6), small(r, -1, 4)),
        torch.narrow,
        _shapes.narrow,
    ),
    "transpose": (
        lambda r, x: (in_range(r, x), in_range(r, x)),
        torch.transpose,
        _shapes.transpose,
    ),
    "swapaxes": (lambda r, x: (in_range(r, x), in_range(r, x)), torch.swapaxes, _shapes.swapaxes),
    "t": (lambda r, x: (), torch.t, _shapes.t),
    "permute": (lambda r, x: (dims_in_order(r, x),), torch.permute, _shapes.permute),
    "movedim": (
        lambda r, x: (some_dims(r, x), some_dims(r, x)),
        torch.movedim,
        _shapes.movedim,
    ),
    "movedim_int": (lambda r, x: (in_range(r, x), in_range(r, x)), torch.movedim, _shapes.movedim),
    "expand": (
        lambda r, x: (sizes_for_expand(r, x),),
        lambda x, sizes: x.expand(sizes),
        lambda g, sizes: _shapes.expand(g, sizes, "torch.FloatTensor"),
    ),
    "squeeze": (lambda r, x: (), torch.squeeze, _shapes.squeeze),
    "squeeze_dim": (lambda r, x: (in_range(r, x),), torch.squeeze, _shapes.squeeze),
    "squeeze_dims": (lambda r, x: (some_dims(r, x),), torch.squeeze, _shapes.squeeze),
    "unsqueeze": (lambda r, x: (dim(r, x),), torch.unsqueeze, _shapes.unsqueeze),
    "diagonal": (
        lambda r, x: (small(r, -4, 5), in_range(r, x), in_range(r, x)),
        torch.diagonal,
        _shapes.diagonal,
    ),
    "unfold": (
        lambda r, x: (in_range(r, x), small(r, -1, 4), small(r, -1, 4)),
        lambda x, *args: x.unfold(*args),
        _shapes.unfold,
    ),
    "as_strided": (
        strided_arguments,
        torch.as_strided,
        lambda g, *args: _shapes.as_strided(g, *args, itemsize=4, storage_nbytes=OPS_STORAGE[0]),
    ),
    "view": (
        lambda r, x: (sizes_for_view(r, x),),
        lambda x, sizes: x.view(sizes),
        _shapes.view,
    ),
    "unflatten": (
        lambda r, x: (
            in_range(r, x),
            [small(r, -2 if r.random() < 0.1 else -1, 5) for _ in range(r.choice([1, 2, 2]))],
        ),
        lambda x, axis, sizes: x.unflatten(axis, sizes),
        _shapes.unflatten,
    ),
    "split": (lambda r, x: (small(r, -1, 5), in_range(r, x)), torch.split, _shapes.split),
    "split_list": (
        lambda r, x: (lambda axis: (split_lengths(r, x, axis), axis))(in_range(r, x)),
        torch.split,
        _shapes.split,
    ),
    "split_with_sizes": (
        lambda r, x: (lambda axis: (split_lengths(r, x, axis), axis))(in_range(r, x)),
        torch.split_with_sizes,
        _shapes.split_with_sizes,
    ),
    "chunk": (lambda r, x: (small(r, -1, 6), in_range(r, x)), torch.chunk, _shapes.chunk),
    "tensor_split": (
        lambda r, x: (small(r, -1, 6), in_range(r, x)),
        torch.tensor_split,
        _shapes.tensor_split,
    ),
    "tensor_split_list": (
        lambda r, x: (smalls(r, 3, -5, 7), in_range(r, x)),
        torch.tensor_split,
        _shapes.tensor_split,
    ),
    "hsplit": (lambda r, x: (small(r, -2, 4),), torch.hsplit, _shapes.hsplit),
    "vsplit": (lambda r, x: (small(r, -2, 4),), torch.vsplit, _shapes.vsplit),
    "dsplit": (lambda r, x: (small(r, -2, 4),), torch.dsplit, _shapes.dsplit),
    "hsplit_list": (lambda r, x: (smalls(r, 2),), torch.hsplit, _shapes.hsplit),
    "vsplit_list": (lambda r, x: (smalls(r, 2),), torch.vsplit, _shapes.vsplit),
    "dsplit_list": (lambda r, x: (smalls(r, 2),), torch.dsplit, _shapes.dsplit),
    "unbind": (lambda r, x: (in_range(r, x),), torch.unbind, _shapes.unbind),
}
OPS_STORAGE = [0]  # bytes of the storage that as_strided is tried on


@pytest.mark.parametrize("name", OPS)
def test_view_ops(name):
    arguments, theirs, ours = OPS[name]
    rng = random.Random(name)
    good = bad = 0
    for _ in range(500):
        tensor = random_tensor(rng)
        given = arguments(rng, tensor)
        OPS_STORAGE[0] = tensor.untyped_storage().nbytes()
        expected = outcome(lambda: theirs(tensor, *given))
        got = outcome(lambda: ours(geometry(tensor), *given))
        assert got == expected, (geometry(tensor), given)
        failed = bool(expected) and isinstance(expected[0], type)
        good, bad = good + (not failed), bad + failed
    assert good > 60, (good, bad)
    assert bad > 5 or name == "squeeze", (good, bad)


def test_slices():
    rng = random.Random(1)
    for _ in range(3000):
        tensor = random_tensor(rng)
        if not tensor.ndim:
            continue
        axis = rng.randrange(tensor.ndim)
        start, end, step = bound(rng), bound(rng), rng.choice([1, 1, 2, 3, 7, 0, -1])
        index = (slice(None),) * axis + (slice(start, end, step),)
        expected = outcome(lambda: tensor[index])
        got = outcome(lambda: _shapes.slice(geometry(tensor), axis, start, end, step))
        assert got == expected, (geometry(tensor), index)
    with pytest.raises(IndexError, match=r"slice\(\) cannot be applied to a 0-dim tensor."):
        _shapes.slice(((), (), 0), 0)


def test_integer_index():
    tensor = torch.zeros(2, 3)
    for axis, index in [(0, 2), (0, -3), (1, 3), (1, -4), (1, -3), (0, 1)]:
        whole = (slice(None),) * axis
        expected = outcome(lambda: tensor[(*whole, index)])

        def ours(axis=axis, index=index):
            _shapes.check_index(index, axis, tensor.shape[axis])
            return _shapes.select(geometry(tensor), axis, index)

        assert outcome(ours) == expected


def test_reshape_is_a_view_where_torchs_is():
    rng = random.Random(2)
    views = copies = 0
    for _ in range(3000):
        tensor = random_tensor(rng)
        sizes = sizes_for_view(rng, tensor)
        expected = outcome(lambda: tensor.view(sizes))
        got = outcome(lambda: _shapes.reshape(geometry(tensor), sizes))
        if got is None:
            assert expected[0] is RuntimeError
            assert "view size is not compatible" in expected[1]
            copies += 1
        else:
            assert got == expected, (geometry(tensor), sizes)
            views += 1
        assert outcome(lambda: tuple(tensor.reshape(sizes).shape)) == (
            outcome(lambda: _shapes.infer_size(sizes, tensor.numel()))
        )
    assert min(views, copies) > 200


def test_flatten_shapes():
    rng = random.Random(3)
    for _ in range(1000):
        tensor = random_tensor(rng)
        start, end = in_range(rng, tensor), in_range(rng, tensor)
        expected = outcome(lambda: tuple(tensor.flatten(start, end).shape))
        assert outcome(lambda: _shapes.flatten_shape(tensor.shape, start, end)) == expected


def test_wrapping_and_reducing():
    rng = random.Random(4)
    for _ in range(1500):
        tensor = random_tensor(rng)
        dims, keep = list(some_dims(rng, tensor)), rng.random() < 0.5
        expected = outcome(lambda: tuple(tensor.sum(dims, keepdim=keep).shape))
        assert outcome(lambda: _shapes.reduced_shape(tensor.shape, dims, keep)) == expected, dims
        axis = dim(rng, tensor)
        expected = outcome(lambda: tuple(tensor.sum(axis, keepdim=keep).shape))
        assert outcome(lambda: _shapes.reduced_shape(tensor.shape, axis, keep)) == expected, axis
    with pytest.raises(IndexError) as error:
        _shapes.wrap_dim(1, 0)
    assert str(error.value) == (
        "Dimension out of range (expected to be in range of [-1, 0], but got 1)"
    )


def test_broadcast_shapes():
    rng = random.Random(5)
    for _ in range(2000):
        shapes = [
            [rng.choice([0, 1, 1, 2, 2, 3]) for _ in range(rng.randrange(4))] for _ in range(3)
        ]
        count = rng.choice([1, 2, 2, 3])
        tensors = [torch.zeros(shape) for shape in shapes[:count]]
        if count == 3:
            expected = outcome(lambda: tuple(torch.where(tensors[0] > 0, *tensors[1:]).shape))
        elif count == 2:
            expected = outcome(lambda: tuple(torch.add(*tensors).shape))
        else:
            expected = tuple(shapes[0])
        assert outcome(lambda: _shapes.broadcast_shapes(*shapes[:count])) == expected, shapes
        if count > 1:
            expected = outcome(lambda: tuple(torch.broadcast_shapes(*map(tuple, shapes))))
            assert outcome(lambda: _shapes.broadcast_shapes_op(*map(tuple, shapes))) == expected
    for shapes in [(3, (2, 1)), ((2, -3), (4,)), ((), 4), ()]:
        expected = outcome(lambda: tuple(torch.broadcast_shapes(*shapes)))
        assert outcome(lambda: _shapes.broadcast_shapes_op(*shapes)) == expected


def test_output_shape():
    for shape, other in [((3,), (2, 3)), ((3, 1), (1, 3)), ((2, 3), (3,)), ((), (1,))]:
        target, operand = torch.zeros(shape), torch.zeros(other)

        def ours(shape=shape, other=other):
            _shapes.check_output_shape(shape, _shapes.broadcast_shapes(shape, other))
            return geometry(torch.zeros(shape))

        assert outcome(ours) == outcome(lambda: target.add_(operand))


def test_huge_sizes():
    one = torch.zeros(1)
    for sizes in [(2**62, 8), (-3,), (2**62,), (2**32, 2**32)]:
        expected = outcome(lambda: one.expand(sizes))
        assert outcome(lambda: _shapes.expand(geometry(one), sizes)) == expected
    for sizes, strides in [
        ((2**62,), (2**62,)),
        ((3,), (2**62,)),
        ((2**40, 2**40), (0, 0)),
        ((-1,), (0,)),
    ]:
        expected = outcome(lambda: one.as_strided(sizes, strides))
        got = outcome(
            lambda: _shapes.as_strided(geometry(one), sizes, strides, itemsize=4, storage_nbytes=4)
        )
        assert got == expected
