"""Shapes, strides and their errors against real torch, on generated tensors and arguments."""

import math
import random
import warnings

import pytest
import torch

from jtorch import _shapes

torch.set_num_threads(1)

SIZES = [0, 1, 1, 2, 3, 4, 6]


def random_tensor(rng, ndim=None, dtype=torch.float32):
    """A tensor with permuted, sliced, expanded, empty or size-1 dims, and an offset."""
    if ndim is None:
        ndim = rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 4, 5])
    sizes = [
        1 if rng.random() < 0.25 else rng.choice(SIZES[rng.random() < 0.9 :]) for _ in range(ndim)
    ]
    order = rng.sample(range(ndim), ndim)
    tensor = torch.zeros([sizes[axis] + rng.choice([0, 0, 1]) for axis in order], dtype=dtype)
    tensor = tensor.permute([order.index(axis) for axis in range(ndim)])
    for axis, size in enumerate(sizes):
        tensor = tensor.narrow(axis, rng.randrange(tensor.shape[axis] - size + 1), size)
        if rng.random() < 0.15 and size > 1:
            tensor = tensor[(builtin_slice(None),) * axis + (builtin_slice(None, None, 2),)]
    if rng.random() < 0.3 and not tensor.is_contiguous() and rng.random() < 0.5:
        tensor = tensor.clone()
    if rng.random() < 0.2:
        tensor = tensor.expand(
            [rng.choice([1, 2, 3]) if size == 1 else size for size in tensor.shape]
        )
    if rng.random() < 0.1 and ndim == 4:
        tensor = tensor.contiguous(memory_format=torch.channels_last)
    if rng.random() < 0.1 and 1 in tensor.shape:
        strides = [
            rng.randrange(9) if size == 1 else stride
            for size, stride in zip(tensor.shape, tensor.stride())
        ]
        tensor = tensor.as_strided(tensor.shape, strides)
    return tensor


builtin_slice = slice


def geometry(tensor):
    return tuple(tensor.shape), tensor.stride(), tensor.storage_offset()


def outcome(run):
    """What a call gives: a geometry, several, or the class and text of its error."""
    try:
        result = run()
    except (RuntimeError, IndexError, ValueError, TypeError) as error:
        return type(error), str(error).split("\nException raised")[0]
    if isinstance(result, torch.Tensor):
        return geometry(result)
    if isinstance(result, (list, tuple)) and result and isinstance(result[0], torch.Tensor):
        return tuple(geometry(piece) for piece in result)
    return result


def dim(rng, tensor):
    return rng.randrange(-tensor.ndim - 2, tensor.ndim + 2)


def small(rng, low=-2, high=6):
    return rng.randrange(low, high)


def smalls(rng, count, low=-1, high=5):
    return [rng.randrange(low, high) for _ in range(rng.randrange(count + 1))]


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


def legacy_type(tensor):
    return {torch.float32: "torch.FloatTensor"}[tensor.dtype]


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
        index = (builtin_slice(None),) * axis + (builtin_slice(start, end, step),)
        expected = outcome(lambda: tensor[index])
        got = outcome(lambda: _shapes.slice(geometry(tensor), axis, start, end, step))
        assert got == expected, (geometry(tensor), index)
    with pytest.raises(IndexError, match=r"slice\(\) cannot be applied to a 0-dim tensor."):
        _shapes.slice(((), (), 0), 0)


def test_integer_index():
    tensor = torch.zeros(2, 3)
    for axis, index in [(0, 2), (0, -3), (1, 3), (1, -4), (1, -3), (0, 1)]:
        whole = (builtin_slice(None),) * axis
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
            assert outcome(lambda: _shapes.broadcast_shapes_op(*shapes)) == expected, shapes
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


def test_contiguity_and_formats():
    rng = random.Random(6)
    seen = set()
    for _ in range(4000):
        tensor = random_tensor(rng)
        shape, stride, _ = geometry(tensor)
        assert _shapes.numel(shape) == tensor.numel()
        assert _shapes.contiguous_strides(shape) == torch.empty(shape).stride()
        assert _shapes.is_contiguous(shape, stride) == tensor.is_contiguous()
        for rank, ours, strides, theirs in [
            (4, _shapes.is_channels_last, _shapes.channels_last_strides, torch.channels_last),
            (
                5,
                _shapes.is_channels_last_3d,
                _shapes.channels_last_3d_strides,
                torch.channels_last_3d,
            ),
        ]:
            answer = ours(shape, stride)
            if len(shape) == rank:
                assert answer == tensor.is_contiguous(memory_format=theirs), (shape, stride)
                seen.add((rank, answer))
            else:
                assert not answer
            expected = outcome(lambda: torch.empty(shape, memory_format=theirs).stride())
            assert outcome(lambda: strides(shape)) == expected, shape
    assert len(seen) == 4


def test_suggested_format_is_that_of_cat():
    rng = random.Random(7)
    seen = set()
    for _ in range(3000):
        tensor = random_tensor(rng, ndim=rng.choice([4, 5]))
        shape, stride, _ = geometry(tensor)
        form = _shapes.suggested_format(shape, stride)
        seen.add(form)
        joined = torch.cat([tensor, tensor], dim=0)
        makers = {
            "contiguous": _shapes.contiguous_strides,
            "channels_last": _shapes.channels_last_strides,
            "channels_last_3d": _shapes.channels_last_3d_strides,
        }
        assert makers[form](tuple(joined.shape)) == joined.stride(), (shape, stride)
    assert len(seen) == 3


def test_like_strides():
    rng = random.Random(8)
    kinds = set()
    for _ in range(4000):
        tensor = random_tensor(rng)
        shape, stride, _ = geometry(tensor)
        strides = _shapes.like_strides(shape, stride)
        assert strides == torch.empty_like(tensor).stride(), (shape, stride)
        assert strides == tensor.clone().stride()
        kinds.add((strides == stride, strides == _shapes.contiguous_strides(shape)))
    assert len(kinds) == 4


def operand(rng, shape):
    """A tensor that broadcasts to `shape`, in some layout."""
    sizes = [size if rng.random() < 0.8 else 1 for size in shape]
    sizes = sizes[rng.choice([0, 0, 0, 0, 1, 2]) :]
    order = rng.sample(range(len(sizes)), len(sizes))
    if rng.random() < 0.3:
        order = sorted(order)
    base = torch.zeros([sizes[axis] + rng.choice([0, 0, 0, 1]) for axis in order])
    tensor = base.permute([order.index(axis) for axis in range(len(sizes))])
    for axis, size in enumerate(sizes):
        tensor = tensor.narrow(axis, 0, size)
    if rng.random() < 0.2:
        tensor = tensor.expand(shape[len(shape) - tensor.ndim :])
    if tensor.ndim == 4 and rng.random() < 0.4:
        tensor = tensor.contiguous(memory_format=torch.channels_last)
    if rng.random() < 0.15:
        tensor = tensor.as_strided(
            tensor.shape,
            [
                rng.randrange(7) if size == 1 else step
                for size, step in zip(tensor.shape, tensor.stride())
            ],
        )
    return tensor


def test_pointwise_strides():
    rng = random.Random(9)
    contiguous = others = 0
    for _ in range(7000):
        ndim = rng.choice([0, 1, 2, 3, 3, 4, 4, 4, 5])
        shape = [rng.choice([1, 2, 2, 3, 4]) for _ in range(ndim)]
        if ndim and rng.random() < 0.05:
            shape[rng.randrange(ndim)] = 0
        tensors = [operand(rng, shape) for _ in range(3)]
        if rng.random() < 0.3:
            tensors = [tensors[0]] + [
                torch.empty_strided(tensors[0].shape, tensors[0].stride()) for _ in range(2)
            ]
        if rng.random() < 0.1:
            tensors[rng.randrange(3)] = torch.tensor(1.0)
        first, second, third = tensors
        condition = torch.empty_strided(first.shape, first.stride(), dtype=torch.bool)
        other_dtype = torch.empty_strided(third.shape, third.stride(), dtype=torch.int8)
        results = [
            ([first], torch.neg(first)),
            ([first, second], torch.add(first, second)),
            ([first, second], torch.lt(first, second)),
            ([first, torch.empty_like(third)], torch.add(first, other_dtype)),
            ([condition, second, third], torch.where(condition, second, third)),
            ([first, second, third], torch.addcmul(first, second, third)),
            ([first, torch.tensor(2)], first * 2),
        ]
        for operands, result in results:
            metas = tuple((tuple(x.shape), x.stride()) for x in operands)
            got = _shapes.pointwise_strides(metas, tuple(result.shape))
            assert got == result.stride(), metas
            if got == _shapes.contiguous_strides(result.shape):
                contiguous += 1
            else:
                others += 1
    assert min(contiguous, others) > 2000


def test_internal_overlap():
    rng = random.Random(10)
    seen = set()
    for _ in range(3000):
        tensor = random_tensor(rng)
        shape, stride, _ = geometry(tensor)
        seen.add(_shapes.has_internal_overlap(shape, stride))

        def ours(shape=shape, stride=stride):
            _shapes.assert_no_internal_overlap(shape, stride)
            return "fine"

        assert outcome(ours) == outcome(lambda: tensor.add_(1) is tensor and "fine"), (
            shape,
            stride,
        )
    assert len(seen) == 3


def test_overlap_of_two():
    rng = random.Random(11)
    seen = set()
    for _ in range(4000):
        memory = torch.zeros(40)
        shape = [rng.choice([1, 2, 2, 3]) for _ in range(rng.randrange(1, 4))]
        pair = []
        for _ in range(2):
            order = (
                rng.sample(range(len(shape)), len(shape))
                if rng.random() < 0.3
                else range(len(shape))
            )
            strides, step = [0] * len(shape), rng.choice([1, 1, 1, 1, 2])
            for axis in reversed(order):
                strides[axis] = step
                step *= shape[axis]
            offset = rng.choice([0, 0, 0, 1, 2, 9]) if step <= 30 else 0
            if step <= 40:
                pair.append(memory.as_strided(shape, strides, offset))
        if len(pair) < 2:
            continue
        a, b = pair
        both = geometry(a), geometry(b)
        seen.add(_shapes.overlap_of_two(*both))

        def ours(both=both):
            _shapes.assert_no_internal_overlap(*both[0][:2])
            _shapes.assert_no_partial_overlap(*both)
            return "fine"

        assert outcome(ours) == outcome(lambda: a.add_(b) is a and "fine"), (
            geometry(a),
            geometry(b),
        )

        def scatter(both=both):
            _shapes.assert_no_internal_overlap(*both[0][:2])
            _shapes.assert_no_overlap(*both)
            return "fine"

        index = torch.zeros(shape, dtype=torch.long)
        assert outcome(scatter) == outcome(lambda: a.scatter_(0, index, b) is a and "fine")
    assert len(seen) == 4


def test_overlap_of_two_dtypes():
    memory = torch.zeros(16)
    for start, length, byte_start, byte_length in [
        (0, 4, 16, 16),
        (0, 4, 12, 16),
        (2, 4, 0, 8),
        (2, 4, 0, 9),
    ]:
        a, b = memory[start : start + length], memory.view(torch.uint8)[byte_start:][:byte_length]
        share = 4 * start < byte_start + byte_length and byte_start < 4 * (start + length)
        expected = _shapes.Overlap.PARTIAL if share else _shapes.Overlap.NO
        assert _shapes.overlap_of_two(geometry(a), geometry(b), 4, 1) is expected


def test_view_as_complex_and_real():
    rng = random.Random(12)
    good = 0
    for _ in range(3000):
        tensor = random_tensor(rng)
        if rng.random() < 0.8:
            base = torch.zeros([*tensor.shape, rng.choice([2, 2, 2, 3])])
            tensor = base[
                (builtin_slice(None),) * tensor.ndim + (builtin_slice(rng.choice([0, 0, 1]), 3),)
            ]
            tensor = tensor.transpose(0, max(0, tensor.ndim - 2))
        expected = outcome(lambda: torch.view_as_complex(tensor))
        got = outcome(lambda: _shapes.view_as_complex(geometry(tensor)))
        assert got == expected, geometry(tensor)
        if not isinstance(expected[0], type):
            good += 1
            assert _shapes.view_as_real(got) == geometry(
                torch.view_as_real(torch.view_as_complex(tensor))
            )
        pairs = random_tensor(rng, dtype=torch.complex64)
        assert _shapes.view_as_real(geometry(pairs)) == geometry(torch.view_as_real(pairs))
    assert good > 300


NAMES = {
    torch.uint8: "Byte",
    torch.float16: "Half",
    torch.float32: "Float",
    torch.complex128: "ComplexDouble",
}


def test_view_dtype():
    rng = random.Random(13)
    good = 0
    for _ in range(4000):
        old, new = rng.choice(list(NAMES)), rng.choice(list(NAMES))
        tensor = random_tensor(rng, dtype=old)
        if rng.random() < 0.5:
            pad, ratio = rng.choice([0, 2, 16]), rng.choice([1, 2, 4, 8, 16])
            tensor = torch.zeros([3, 2, ratio * 2 + pad], dtype=old)[rng.randrange(2) :, :, pad:]
        expected = outcome(lambda: tensor.view(new))
        got = outcome(
            lambda: _shapes.view_dtype(
                geometry(tensor), old.itemsize, new.itemsize, NAMES[old], NAMES[new]
            )
        )
        assert got == expected, (geometry(tensor), old, new)
        good += not isinstance(expected[0], type)
    assert 500 < good < 3500


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
    assert _shapes.numel((2**40, 2**40)) == math.prod((2**40, 2**40))


def test_no_warnings():
    """Nothing here may warn: warnings belong to the ops, which know the user's line."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _shapes.pointwise_strides((((2, 3), (1, 2)),), (2, 3))
