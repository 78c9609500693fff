"""Views read and written through plans, against numpy's and torch's own strided memory, on
generated geometries.
"""

import random
from collections import Counter

import jax
import ml_dtypes
import numpy as np
import pytest
import torch

from jtorch._engine.geometry import Form, host_read, plan, plan_for

torch.set_num_threads(1)

CHAINS = 4000
RAW = 3000
JAX_SAMPLES = 80


def dense_strides(shape, order):
    """Strides that put the axes in memory in `order`, outermost first; axes of size 1 get any
    stride.
    """
    strides, step = [0] * len(shape), 1
    for axis in reversed(order):
        strides[axis] = step
        step *= shape[axis]
    return tuple(strides)


def random_storage(rng):
    ndim = rng.choice([0, 1, 1, 2, 2, 3, 3, 4])
    shape = tuple(rng.choice([1, 2, 3, 4, 5, 6, 8, 12]) for _ in range(ndim))
    if rng.random() < 0.03 and ndim:
        shape = (*shape[:-1], 0)
    order = list(range(ndim))
    if rng.random() < 0.4:
        rng.shuffle(order)
    strides = list(dense_strides(shape, order))
    if 0 in shape:
        strides = [max(1, stride) for stride in strides]
    for axis, size in enumerate(shape):
        if size == 1 and rng.random() < 0.3:
            strides[axis] = rng.randrange(1, 50)
    return shape, tuple(strides)


def random_factors(rng, size):
    parts = []
    while size > 1 and rng.random() < 0.7:
        part = rng.choice([d for d in range(1, size + 1) if size % d == 0])
        parts.append(part)
        size //= part
    parts.append(size)
    rng.shuffle(parts)
    return parts


def random_view(rng, tensor):
    """One random view op of torch on the tensor."""
    ndim = tensor.ndim
    dim = rng.randrange(ndim) if ndim else 0
    size = tensor.shape[dim] if ndim else 1
    kind = rng.choice(
        [
            "slice",
            "slice",
            "select",
            "permute",
            "view",
            "view",
            "unfold",
            "diagonal",
            "expand",
            "unsqueeze",
        ]
    )
    if kind == "unsqueeze" or not ndim:
        return tensor.unsqueeze(rng.randrange(ndim + 1)) if ndim < 5 else tensor
    if kind == "slice" and size:
        start = rng.randrange(size)
        stop = (
            rng.randrange(start, size + 1)
            if rng.random() < 0.1
            else rng.randrange(start + 1, size + 1)
        )
        index = [slice(None)] * ndim
        index[dim] = slice(start, stop, rng.choice([1, 1, 1, 2, 3]))
        return tensor[tuple(index)]
    if kind == "select" and size:
        return tensor.select(dim, rng.randrange(size))
    if kind == "permute":
        return tensor.permute(rng.sample(range(ndim), ndim))
    if kind == "view" and tensor.numel():
        try:
            return tensor.view(random_factors(rng, tensor.numel()))
        except RuntimeError:
            return tensor.unflatten(dim, random_factors(rng, size))
    if kind == "unfold" and size:
        width = rng.randrange(1, size + 1)
        return tensor.unfold(dim, width, rng.choice([width, width, width + 1, 1, 2]))
    if kind == "diagonal" and ndim > 1:
        first, second = rng.sample(range(ndim), 2)
        return tensor.diagonal(rng.choice([0, 0, 1, -1]), first, second)
    if kind == "expand":
        return tensor.expand([rng.randrange(1, 4) if size == 1 else size for size in tensor.shape])
    return tensor


def random_chain(rng):
    phys_shape, phys_stride = random_storage(rng)
    memory = torch.arange(int(np.prod(phys_shape)))
    view = memory.as_strided(phys_shape, phys_stride)
    for _ in range(rng.randrange(7)):
        changed = random_view(rng, view)
        if changed.numel() <= 5000:
            view = changed
    return phys_shape, phys_stride, tuple(view.shape), view.stride(), view.storage_offset()


def random_raw(rng):
    """A raw as_strided geometry inside the storage."""
    phys_shape, phys_stride = random_storage(rng)
    total = int(np.prod(phys_shape))
    shape, stride = [], []
    room = total - 1
    for _ in range(rng.randrange(4)):
        size = rng.choice([1, 2, 2, 3, 4])
        step = rng.randrange(0, max(1, room // max(1, size - 1)) + 1) if room > 0 else 0
        if (size - 1) * step > room:
            step = 0
        room -= (size - 1) * step
        shape.append(size)
        stride.append(step)
    if total == 0:
        shape, stride, room = [0, *shape], [1, *stride], 0
    return (
        phys_shape,
        phys_stride,
        tuple(shape),
        tuple(stride),
        rng.randrange(room + 1) if room > 0 else 0,
    )


def cases():
    rng = random.Random(20)
    found = [random_chain(rng) for _ in range(CHAINS)]
    found += [random_raw(rng) for _ in range(RAW)]
    return list(dict.fromkeys(found))


CASES = cases()


def overlaps(shape, stride, offset, total):
    addresses = host_read(np.arange(total), shape, stride, offset)
    return len(np.unique(addresses)) != addresses.size


def expected(phys_shape, phys_stride, shape, stride, offset, value):
    """What reading gives, and the storage's array after writing, where the last of overlapping
    elements stays.
    """
    memory = np.arange(int(np.prod(phys_shape)), dtype=np.int64)
    read = host_read(memory, shape, stride, offset).copy()
    last_first = np.flip(read.ravel())
    addresses, last = np.unique(last_first, return_index=True)
    memory[addresses] = np.flip(value.ravel())[last]
    return read, host_read(memory, phys_shape, dense(phys_shape, phys_stride), 0).copy()


def dense(shape, stride):
    return tuple(0 if size == 1 else step for size, step in zip(shape, stride, strict=True))


def negatives(shape, dtype=np.int64):
    return np.arange(-1, -1 - int(np.prod(shape)), -1, dtype).reshape(shape)


def test_host_read_is_torchs_memory():
    for phys_shape, _, shape, stride, offset in CASES:
        memory = torch.arange(int(np.prod(phys_shape)))
        theirs = memory.as_strided(shape, stride, offset)
        ours = host_read(memory.numpy(), shape, stride, offset)
        assert np.array_equal(ours, theirs.numpy())
        if ours.size:
            ours.fill(-1)
            assert bool((theirs == -1).all())


@pytest.mark.parametrize(
    "dtype", [np.bool_, np.complex64, ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn]
)
def test_host_read_takes_every_dtype(dtype):
    memory = np.array([0, 1, 1, 0, 0, 1], dtype)
    assert np.array_equal(host_read(memory, (2, 2), (1, 3), 1), memory.reshape(2, 3)[:, 1:].T)
    memory.flags.writeable = False
    assert not host_read(memory, (2,), (3,), 1).flags.writeable


def test_numpy_reads_and_writes():
    forms = Counter()
    for phys_shape, phys_stride, shape, stride, offset in CASES:
        made, starts = plan_for(phys_shape, phys_stride, shape, stride, offset)
        forms[made.form] += 1
        value = negatives(shape)
        read, written = expected(phys_shape, phys_stride, shape, stride, offset, value)
        memory = np.arange(int(np.prod(phys_shape)), dtype=np.int64)
        array = np.array(
            host_read(memory, phys_shape, dense(phys_shape, phys_stride), 0), order="C"
        )
        before = array.copy()
        case = (phys_shape, phys_stride, shape, stride, offset, made)
        assert np.array_equal(made.read(array, starts), read), case
        result = made.write(None if made.overwrites else array, value, starts)
        assert result.shape == phys_shape and np.array_equal(result, written), case
        assert np.array_equal(array, before)
        assert not np.shares_memory(result, array) and not np.shares_memory(result, value)
        if made.form is Form.GENERAL:
            assert overlaps(shape, dense(shape, stride), offset, memory.size) or not nested(
                shape, stride
            ), case
    assert min(forms[form] for form in Form) > 30, forms
    assert forms[Form.GENERAL] < len(CASES) * 0.35, forms


def nested(shape, stride):
    reach = 0
    for step, size in sorted(
        (step, size) for size, step in zip(shape, stride, strict=True) if size > 1 and step
    ):
        if step <= reach:
            return False
        reach += (size - 1) * step
    return True


def test_jax_reads_and_writes_as_numpy_does():
    rng = random.Random(5)
    by_steps = {}
    for case in CASES:
        made, starts = plan_for(*case)
        by_steps.setdefault(tuple(type(step) for step in made.steps), []).append(case)
    chosen = [rng.choice(group) for group in by_steps.values()]
    chosen += rng.sample(CASES, max(0, JAX_SAMPLES - len(chosen)))
    for phys_shape, phys_stride, shape, stride, offset in chosen[:JAX_SAMPLES]:
        made, starts = plan_for(phys_shape, phys_stride, shape, stride, offset)
        array = np.arange(int(np.prod(phys_shape)), dtype=np.int32).reshape(phys_shape)
        value = negatives(shape, np.int32)

        def both(array, value, starts, made=made):
            return made.read(array, starts), made.write(array, value, starts)

        read, written = jax.jit(both)(array, value, starts)
        assert np.array_equal(read, made.read(array, starts)), made
        if not overlaps(shape, dense(shape, stride), offset, array.size):
            assert np.array_equal(written, made.write(array, value, starts)), made


@pytest.mark.parametrize("dtype", [np.bool_, np.complex64, np.float16, ml_dtypes.bfloat16])
def test_jax_writes_every_dtype(dtype):
    made, starts = plan_for((5, 4), (4, 1), (2, 2), (8, 3), 4)
    array, value = np.ones((5, 4), dtype), np.zeros((2, 2), dtype)
    expected = array.copy()
    expected[1:4:2, 0:4:3] = value
    written = jax.jit(made.write)(array, value, starts)
    assert written.dtype == dtype and np.array_equal(np.asarray(written), expected)


@pytest.mark.parametrize(
    ("shape", "index", "primitive"),
    [
        ((8, 6), np.s_[1::2], "dynamic_update_slice"),
        ((8, 6), np.s_[2:7:2, 1::3], "dynamic_update_slice"),
        ((7,), np.s_[::2], "select_n"),
        ((9, 2), np.s_[1:8:2], "select_n"),
        ((7, 9), np.s_[::3, 1::4], "scatter"),
        ((7, 9), np.s_[::3, 2], "select_n"),
        ((7, 3, 9), np.s_[1::3, :, ::4], "scatter"),
        ((7, 3, 9), np.s_[1:, 1, ::8], "scatter"),
        ((2, 9, 3), np.s_[:, ::8], "scatter"),
    ],
)
def test_jax_writes_with_steps(shape, index, primitive):
    """Each way to write every n-th element, and that it is the one meant for the sizes."""
    seen = torch.zeros(shape)[index]
    made, starts = plan_for(
        shape,
        dense_strides(shape, range(len(shape))),
        tuple(seen.shape),
        seen.stride(),
        seen.storage_offset(),
    )
    array, value = np.arange(np.prod(shape)).reshape(shape), negatives(tuple(seen.shape))
    text = str(jax.make_jaxpr(made.write)(array, value, starts))
    assert primitive in text
    assert primitive == "scatter" or "scatter" not in text
    expected = array.copy()
    expected[index] = value
    assert np.array_equal(jax.jit(made.write)(array, value, starts), expected)


def steps_of(phys_shape, shape, stride, offset=0):
    order = tuple(range(len(phys_shape)))
    made, starts = plan_for(phys_shape, dense_strides(phys_shape, order), shape, stride, offset)
    return made.form, [type(step).__name__ for step in made.steps], starts


@pytest.mark.parametrize(
    ("phys_shape", "view", "form", "steps"),
    [
        ((2, 3), lambda x: x, Form.IDENTITY, []),
        ((2, 1, 3), lambda x: x.permute(1, 0, 2).permute(1, 0, 2), Form.IDENTITY, []),
        ((2, 3), lambda x: x.view(3, 2), Form.RESHAPE, ["Reshape"]),
        ((2, 3), lambda x: x.t(), Form.RESHAPE, ["Transpose"]),
        ((2, 1, 3), lambda x: x.transpose(0, 1), Form.RESHAPE, ["Reshape"]),
        ((2, 3), lambda x: x[1], Form.SLICE, ["Block", "Reshape"]),
        ((7, 3), lambda x: x[2:5], Form.SLICE, ["Block"]),
        ((7, 3), lambda x: x[:, 1:], Form.SLICE, ["Block"]),
        ((7, 3), lambda x: x.t()[1:], Form.SLICE, ["Block", "Transpose"]),
        ((7, 8), lambda x: x[::2, 1::3], Form.SLICE, ["Block"]),
        ((5, 8), lambda x: x[::2], Form.SLICE, ["Block"]),
        ((4, 6), lambda x: x.view(4, 2, 3)[:, 1], Form.SLICE, ["Block"]),
        ((24,), lambda x: x.view(4, 6)[:, 3:], Form.SLICE, ["Reshape", "Block"]),
        ((2, 3, 4), lambda x: x.view(6, 4)[1:5], Form.SLICE, ["Reshape", "Block"]),
        ((10, 6), lambda x: x[1:9].view(4, 2, 6)[:, 1], Form.SLICE, ["Block"]),
        ((10, 6), lambda x: x[1:9].view(4, 2, 6), Form.SLICE, ["Block", "Reshape"]),
        ((5, 5), lambda x: x.diagonal(), Form.SLICE, ["Reshape", "Block"]),
        ((1,), lambda x: x.expand(4), Form.SLICE, ["Reshape", "Broadcast"]),
        ((9,), lambda x: x.unfold(0, 3, 2), Form.GENERAL, ["Gather"]),
        ((9, 2), lambda x: x[3:3], Form.EMPTY, ["Empty"]),
    ],
)
def test_views_take_the_steps_they_should(phys_shape, view, form, steps):
    seen = view(torch.zeros(phys_shape))
    got_form, got_steps, _ = steps_of(
        phys_shape, tuple(seen.shape), seen.stride(), seen.storage_offset()
    )
    assert (got_form, got_steps) == (form, steps)


def test_an_index_that_changes_keeps_its_plan():
    plans = {plan_for((9, 4, 5), (20, 5, 1), (4, 5), (5, 1), 20 * i) for i in range(9)}
    assert {starts for _, starts in plans} == {(i,) for i in range(9)}
    assert len({made for made, _ in plans}) == 1
    compiled = []

    def read(array, starts):
        compiled.append(starts)
        return made.read(array, starts)

    made = next(iter(plans))[0]
    run = jax.jit(read)
    array = np.arange(180).reshape(9, 4, 5)
    for i in range(9):
        assert np.array_equal(run(array, (i,)), array[i])
    assert len(compiled) == 1


def test_equal_steps_are_equal_plans():
    rows = plan((4, 5), (5, 1), (5,), (1,))
    same = plan((4, 5), (1, 4), (5,), (4,))
    assert rows == same and hash(rows) == hash(same)
    assert rows != plan((4, 5), (5, 1), (4,), (5,))


def test_offset_that_wraps_takes_another_plan():
    aligned, starts = plan_for((10, 6), (6, 1), (2, 6), (6, 1), 12)
    assert starts == (2,)
    crossing, starts = plan_for((10, 6), (6, 1), (2, 6), (6, 1), 15)
    assert starts == (15,) and crossing != aligned
    assert aligned.starts(15) is None


def test_offsets_beyond_32_bits():
    """No memory is made: the starts are right, and the program uses 64-bit indices."""
    big = 3 * 2**31
    made, starts = plan_for((big,), (1,), (4,), (1,), big - 4)
    assert starts == (big - 4,)
    with jax.enable_x64(True):
        array = jax.ShapeDtypeStruct((big,), np.int8)
        text = str(jax.make_jaxpr(made.read)(array, starts))
        assert "i64" in text
        overlapping, starts = plan_for((big,), (1,), (3, 3), (1, 1), big - 5)
        assert starts == (big - 5,) and overlapping.form is Form.GENERAL
        assert "i64" in str(jax.make_jaxpr(overlapping.read)(array, starts))
        value = jax.ShapeDtypeStruct((4,), np.int8)
        assert "i64" in str(jax.make_jaxpr(made.write)(array, value, (big - 4,)))


def test_gradients_flow_through_reads():
    """The derivative of reading is writing into zeros."""
    made, starts = plan_for((6, 4), (4, 1), (3, 2), (8, 2), 1)
    array, seed = np.zeros((6, 4), np.float32), np.arange(6, dtype=np.float32).reshape(3, 2)
    _, pull = jax.vjp(lambda x: made.read(x, starts), array)
    assert np.array_equal(pull(seed)[0], made.write(array, seed, starts))
