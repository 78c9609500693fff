"""Strides of results, memory formats and overlaps against real torch, on generated tensors."""

import random

import torch

from jtorch import _shapes
from shape_cases import geometry, outcome, random_tensor

torch.set_num_threads(1)


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
        joined = torch.cat([tensor, tensor], dim=rng.randrange(tensor.ndim))
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
                for size, step in zip(tensor.shape, tensor.stride(), strict=True)
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
            tensor = base[(slice(None),) * tensor.ndim + (slice(rng.choice([0, 0, 1]), 3),)]
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
