"""Resizing and sampling: values, first and second derivatives and texts, compared with torch."""

import itertools

import numpy as np
import pytest

from compare import both, make, sampled
from nn_sessions import compare_part, sessions

RESIZED = [
    ("nearest", (2, 2, 5), {"size": 8}),
    ("nearest", (2, 2, 4, 6), {"scale_factor": 2}),
    ("nearest", (1, 2, 3, 4, 5), {"size": (2, 5, 7)}),
    ("nearest-exact", (2, 2, 4, 6), {"scale_factor": (1.7, 0.6)}),
    ("linear", (2, 2, 5), {"scale_factor": 1.6}),
    ("linear", (2, 2, 5), {"size": 3, "align_corners": True}),
    ("bilinear", (2, 2, 4, 6), {"size": (7, 4)}),
    ("bilinear", (2, 2, 4, 6), {"scale_factor": 2, "align_corners": True}),
    ("bilinear", (2, 2, 9, 8), {"size": (4, 3), "antialias": True}),
    ("bicubic", (2, 2, 4, 6), {"size": (7, 4)}),
    ("bicubic", (2, 2, 4, 6), {"size": (7, 4), "align_corners": True}),
    ("bicubic", (2, 2, 9, 8), {"scale_factor": 0.4, "antialias": True}),
    ("lanczos", (2, 2, 9, 8), {"size": (4, 11), "antialias": True}),
    ("trilinear", (1, 2, 3, 4, 5), {"scale_factor": (1.5, 0.5, 2)}),
    ("area", (2, 2, 7, 8), {"size": (3, 4)}),
]


def array_of(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def gradients(module, result, *inputs):
    weights = make(module, np.cos(np.arange(result.numel())).reshape(result.shape), "float64")
    return module.autograd.grad((result * result * weights).sum(), inputs, create_graph=True)


@pytest.mark.parametrize("mode, shape, options", RESIZED)
def test_resizing(mode, shape, options):
    def compute(module):
        x = make(module, array_of(shape), "float64").requires_grad_()
        result = module.nn.functional.interpolate(x, mode=mode, **options)
        (first,) = gradients(module, result, x)
        (second,) = module.autograd.grad((first * first).sum(), x)
        narrow = module.nn.functional.interpolate(x.detach().float(), mode=mode, **options)
        return [result.detach(), type(result.grad_fn).__name__, first.detach(), second, narrow]

    both(compute)


def test_sizes():
    """The places of all sizes of a result, and of odd factors."""

    def compute(module):
        x = make(module, array_of((1, 1, 13)), "float32")
        resize = module.nn.functional.interpolate
        modes = ("nearest", "nearest-exact", "linear")
        found = [resize(x, size, mode=mode) for mode in modes for size in range(1, 40, 3)]
        factors = (0.1, 0.3, 0.77, 1.1, 1.9, 3.3)
        return [
            *found,
            *[resize(x, scale_factor=each, mode=mode) for mode in modes for each in factors],
        ]

    both(compute)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_halves(mode, dtype):
    def compute(module):
        x = make(module, array_of((2, 2, 5, 6)), dtype)
        return module.nn.functional.interpolate(x, (7, 9), mode=mode)

    both(compute)


@pytest.mark.parametrize("what", ["bicubic", "grid_sample", "affine_grid", "adaptive_avg_pool3d"])
def test_halves_that_torch_rounds_often(what):
    """Known differences: torch computes these in float16 throughout, jtorch in float32."""

    def compute(module):
        F = module.nn.functional
        x = make(module, array_of((2, 2, 5, 6)), "float16")
        places = make(module, array_of((2, 4, 3, 2), 1) * 0.5, "float16")
        theta = make(module, array_of((2, 2, 3)), "float16")
        if what == "bicubic":
            return F.interpolate(x, (17, 19), mode=what)
        if what == "grid_sample":
            return F.grid_sample(x, places, align_corners=False)
        if what == "affine_grid":
            return F.affine_grid(theta, (2, 3, 14, 15), False)
        return F.adaptive_avg_pool3d(x, (1, 2, 3))

    both(compute)


def test_nan_stays_where_it_is():
    """What has no weight is not read: the number of NaN is torch's."""

    def compute(module):
        array = array_of((1, 1, 12, 12))
        array[0, 0, 5, 5] = np.nan
        x = make(module, array, "float32")
        resize = module.nn.functional.interpolate
        return [
            resize(x, (5, 7), mode=mode, antialias=antialias)
            for mode, antialias in (("bilinear", True), ("bicubic", True), ("bilinear", False))
        ]

    both(compute)


MODES = [
    (mode, padding, corners)
    for mode, padding, corners in itertools.product(
        ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection"), (False, True)
    )
]


@pytest.mark.parametrize("mode, padding, corners", sampled(MODES, 9))
def test_sampling(mode, padding, corners):
    def compute(module):
        x = make(module, array_of((2, 2, 5, 6)), "float64").requires_grad_()
        places = make(module, array_of((2, 4, 3, 2), 1) * 0.8, "float64").requires_grad_()
        result = module.nn.functional.grid_sample(x, places, mode, padding, corners)
        found = gradients(module, result, x, places)
        return [result.detach(), type(result.grad_fn).__name__, *[each.detach() for each in found]]

    both(compute)


@pytest.mark.parametrize("mode", ["bilinear", "nearest"])
@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
def test_sampling_of_volumes(mode, padding):
    def compute(module):
        x = make(module, array_of((1, 2, 3, 4, 5)), "float64").requires_grad_()
        places = make(module, array_of((1, 2, 3, 2, 3), 1) * 0.8, "float64").requires_grad_()
        result = module.nn.functional.grid_sample(x, places, mode, padding, False)
        found = gradients(module, result, x, places)
        return [result.detach(), type(result.grad_fn).__name__, *[each.detach() for each in found]]

    both(compute)


@pytest.mark.parametrize("size", [(2, 3, 4, 5), (2, 3, 1, 5), (2, 3, 2, 4, 5)])
@pytest.mark.parametrize("corners", [False, True])
def test_affine_grid(size, corners):
    dims = len(size) - 2

    def compute(module):
        theta = make(module, array_of((2, dims, dims + 1)), "float64").requires_grad_()
        result = module.nn.functional.affine_grid(theta, size, corners)
        (found,) = gradients(module, result, theta)
        return [result.detach(), type(result.grad_fn).__name__, found.detach()]

    both(compute, strides=False)


def test_forward_mode_and_vmap():
    def compute(module):
        F = module.nn.functional
        x, step = (make(module, array_of((2, 3, 4, 5), seed), "float64") for seed in (0, 1))
        resize = lambda x: F.interpolate(x, (6, 3), mode="bilinear")  # noqa: E731
        value, moved = module.func.jvp(resize, (x,), (step,))
        mapped = module.func.vmap(lambda x: F.interpolate(x, 7))(x)
        return [value, moved, mapped]

    both(compute, strides=False)


@sessions("nn_vision")
def test_session(part):
    assert compare_part(part)
