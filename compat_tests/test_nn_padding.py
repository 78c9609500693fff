"""Padding: values, first and second derivatives, nodes, layouts and texts, compared with torch."""

import numpy as np
import pytest

from compare import both, make, sampled
from jtorch._ops.padding import at_known_places
from nn_sessions import compare_part, sessions

MODES = ("constant", "reflect", "replicate", "circular")
CASES = [
    ((2, 3, 6), (1, 2)), ((2, 3, 6), (-1, 3)), ((2, 3, 6), (5, 0)), ((2, 3, 6), (0, -2)),
    ((3, 6), (-3, 3)), ((2, 2, 4, 5), (1, 2, 3, 1)), ((2, 2, 4, 5), (-1, 2, 1, -1)),
    ((2, 4, 5), (4, 0, 0, 3)), ((1, 2, 3, 4, 5), (1, 2, 1, 2, 2, 1)),
    ((2, 3, 4, 5), (0, 1, -1, 0, 2, -1)),
]  # fmt: skip


def array_of(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("mode", MODES)
def test_derivatives(mode):
    def compute(module):
        found = []
        for shape, pads in CASES:
            x = make(module, array_of(shape), "float64").requires_grad_()
            result = module.nn.functional.pad(x, pads, mode)
            weights = make(module, array_of(result.shape, 1), "float64")
            loss = (result.pow(3) * weights).sum()
            (first,) = module.autograd.grad(loss, x, create_graph=True)
            (second,) = module.autograd.grad((first * first).sum(), x)
            found += [result.detach(), first.detach(), second, type(result.grad_fn).__name__]
        return found

    both(compute)


@pytest.mark.parametrize("mode", MODES)
def test_dtypes(mode):
    dtypes = ("bool", "uint8", "int16", "int64", "float16", "bfloat16", "float32", "complex64")

    def compute(module):
        array = array_of((2, 3, 4)) * 10
        found = []
        for dtype in dtypes:
            if dtype == "bool" and mode in ("reflect", "replicate"):
                continue
            x = make(module, abs(array), "float32").to(getattr(module, dtype))
            found.append(module.nn.functional.pad(x, (1, 2), mode))
        return found

    both(compute)


def test_forward_mode_and_vmap():
    def compute(module):
        array, step = array_of((2, 3, 4)), array_of((2, 3, 4), 1)
        found = []
        for mode in MODES[:3]:  # torch's circular padding writes in place, which its vmap refuses

            def pad(x, mode=mode):
                return module.nn.functional.pad(x, (1, 2), mode)

            tensors = [make(module, each, "float64") for each in (array, step)]
            found += module.func.jvp(pad, (tensors[0],), (tensors[1],))
            found.append(module.func.vmap(pad, in_dims=2)(tensors[0]))
        return found

    both(compute, strides=False)


@pytest.mark.parametrize("pads", sampled([(1, 1, 0, 0), (0, -1, 2, 0), (-1, -1), (2, 1)], 4))
def test_layouts(pads):
    views = (
        lambda x: x.permute(0, 3, 1, 2),
        lambda x: x[:, ::2],
        lambda x: x.transpose(2, 3),
        lambda x: x[:1].expand(3, 3, 4, 5),
        lambda x: x.permute(0, 3, 1, 2)[:, :, 1:],
    )

    def compute(module):
        x = make(module, array_of((2, 3, 4, 5)), "float32")
        modes = MODES[:1] if len(pads) == 2 else MODES
        return [module.nn.functional.pad(view(x), pads, mode) for view in views for mode in modes]

    both(compute)


def test_runs_of_places():
    """What is copied in runs is what is asked for, whatever the order."""
    rows = np.arange(7.0)
    for places in ([3, 2, 1, 0, 1, 2, 2, 2, 6], [], [6], [0, 2, 4], [1, 1, 0, 5, 4, 4]):
        assert at_known_places(rows, places, 0).tolist() == rows[places].tolist()


@sessions("nn_padding")
def test_session(part):
    assert compare_part(part)
