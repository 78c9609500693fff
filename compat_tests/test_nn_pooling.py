"""Pooling: values, places, first and second derivatives, NaN, ties and texts, compared with torch."""

import random

import numpy as np
import pytest
from jax import lax
from jax import numpy as jnp

from compare import EXHAUSTIVE, both, make
from jtorch._ops import sliding
from jtorch._ops.pooling import Shape
from nn_sessions import compare_part, sessions


def configurations(dims, count, seed):
    """(kernel, stride, padding, dilation, ceil_mode, sizes), drawn at random: the same each time."""
    source = random.Random(seed)
    for _ in range(count):
        kernel = [source.choice((1, 2, 3, 4)) for _ in range(dims)]
        yield (
            kernel,
            [source.choice((1, 2, 3)) for _ in range(dims)],
            [source.randint(0, each // 2) for each in kernel],
            [source.choice((1, 2)) for _ in range(dims)],
            source.random() < 0.5,
            [source.randint(7, 9) for _ in range(dims)],
        )


# long kernels are taken another way
LONG = [
    ((20,), (3,), (4,), (1,), True, (50,)),
    ((18,), (1,), (9,), (2,), False, (60,)),
    ((17, 6), (5, 4), (3, 0), (1, 1), True, (24, 20)),
]
COUNT = 40 if EXHAUSTIVE else 2
CASES = [
    *[("max", each) for dims in (1, 2, 3) for each in configurations(dims, COUNT, dims)],
    *[("max", each) for each in LONG],
    *[("avg", each) for dims in (1, 2, 3) for each in configurations(dims, COUNT, 9 + dims)],
    *[("avg", each) for each in LONG],
]


def array_of(shape, seed=0, nan=0.0, low=0.0):
    """Numbers with ties; some are NaN, some are -inf."""
    generator = np.random.default_rng(seed)
    array = np.round(generator.normal(size=shape), 1)
    array[generator.random(shape) < nan] = np.nan
    array[generator.random(shape) < low] = -np.inf
    return array


def derivatives(module, call, array):
    """[result, its node's name, gradient, gradient of the gradient]."""
    x = make(module, array, "float64").requires_grad_()
    result = call(x)
    weights = make(module, np.cos(np.arange(result.numel())).reshape(result.shape), "float64")
    loss = (result * result * weights).sum()
    (first,) = module.autograd.grad(loss, x, create_graph=True)
    (second,) = module.autograd.grad((first * first).sum(), x)
    return [result.detach(), type(result.grad_fn).__name__, first.detach(), second]


@pytest.mark.parametrize("kind, case", CASES)
def test_windows(kind, case):
    kernel, stride, padding, dilation, ceil_mode, sizes = case
    dims = len(sizes)

    def compute(module):
        pool = getattr(module.nn.functional, f"{kind}_pool{dims}d")
        shape = (2, 2, *sizes)
        if kind == "avg":
            found = derivatives(
                module,
                lambda x: pool(x, kernel, stride, padding, ceil_mode, False),
                array_of(shape),
            )
            return [
                *found,
                pool(make(module, array_of(shape, 1)), kernel, stride, padding, ceil_mode),
            ]
        options = (kernel, stride, padding, dilation, ceil_mode)
        found = derivatives(module, lambda x: pool(x, *options), array_of(shape))
        for array in (array_of(shape, 2, nan=0.1), array_of(shape, 3, low=0.5)):
            x = make(module, array, "float64").requires_grad_()
            result, places = pool(x, *options, return_indices=True)
            found += [result.detach(), places, *module.autograd.grad(result.sum(), x)]
        return found

    both(compute)


def test_formulations_agree():
    """What accelerators compute, XLA's own windows, is what the CPU's slices are."""
    for case in [*configurations(2, 6, 21), LONG[2]]:
        kernel, stride, padding, dilation, ceil_mode, sizes = case
        array = jnp.asarray(array_of((2, *sizes)))
        shape = Shape(array, 2, kernel, stride, padding, dilation, ceil_mode)
        if min(shape.output) < 1:
            continue
        windows = shape.windows()
        slices = sliding._largest_by_slices(array, windows)
        assert slices.tolist() == sliding._largest_by_windows(array, windows).tolist()
        total = sliding._sums_by_slices(array, windows)
        own = sliding.over_windows(array, windows, np.zeros((), array.dtype), lax.add)
        np.testing.assert_allclose(total, own, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float16", "bfloat16", "float32"])
def test_dtypes(dtype):
    def compute(module):
        x = make(module, np.abs(array_of((2, 3, 7, 8))) * 50, "float32").to(getattr(module, dtype))
        F = module.nn.functional
        found = [*F.max_pool2d(x, 3, 2, 1, return_indices=True)]
        if dtype not in ("uint8", "int32"):
            found.append(F.avg_pool2d(x, 3, 2, 1))
        if dtype.startswith(("float", "bfloat")):
            found += [*F.adaptive_max_pool2d(x, (3, 5), True), F.adaptive_avg_pool2d(x, (3, 4))]
        return found

    both(compute)


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_forward_mode_and_vmap(kind):
    def compute(module):
        pool = getattr(module.nn.functional, f"{kind}_pool2d")
        x, step = (make(module, array_of((2, 3, 5, 6), seed), "float64") for seed in (0, 1))
        value, moved = module.func.jvp(lambda x: pool(x, 3, 2, 1), (x,), (step,))
        mapped = module.func.vmap(lambda x: pool(x, 2), in_dims=1)(x)
        return [value, moved, mapped]

    both(compute, strides=False)


def test_layouts():
    views = (
        lambda x: x.permute(0, 3, 1, 2),
        lambda x: x[:, ::2],
        lambda x: x.transpose(2, 3),
        lambda x: x[:1].expand(3, 4, 6, 5),
    )

    def compute(module):
        x = make(module, array_of((2, 4, 6, 5)), "float32")
        F = module.nn.functional
        found = []
        for view in views:
            found += [F.max_pool2d(view(x), 2), F.avg_pool2d(view(x), 2)]
            found += [F.adaptive_avg_pool2d(view(x), 2), F.adaptive_max_pool2d(view(x), 2)]
        return found

    both(compute)


@sessions("nn_pooling")
def test_session(part):
    assert compare_part(part)
