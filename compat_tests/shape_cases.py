"""Generated tensors of every layout, and what a call on one comes to; for the tests of shapes."""

import torch

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
            tensor = tensor[(slice(None),) * axis + (slice(None, None, 2),)]
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
            for size, stride in zip(tensor.shape, tensor.stride(), strict=True)
        ]
        tensor = tensor.as_strided(tensor.shape, strides)
    return tensor


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
