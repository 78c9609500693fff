"""Adaptive, power and fractional pooling, unpooling: values and derivatives, compared with torch."""

import numpy as np
import pytest

from compare import both, make
from nn_sessions import compare_part, sessions
from test_nn_pooling import array_of, derivatives

# windows of one length; of several; more of them than elements; few and long ones
SIZES = [
    ((12,), (5,)), ((12,), (4,)), ((5,), (8,)), ((40,), (3,)), ((9, 8), (4, 5)),
    ((12, 6), (6, 3)), ((7, 5), (1, 2)), ((4, 5, 6), (2, 3, 4)),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["avg", "max"])
@pytest.mark.parametrize("sizes, wanted", SIZES)
def test_adaptive(kind, sizes, wanted):
    def compute(module):
        pool = getattr(module.nn.functional, f"adaptive_{kind}_pool{len(sizes)}d")
        shape = (2, 2, *sizes)
        found = derivatives(module, lambda x: pool(x, wanted), array_of(shape))
        if kind == "max":
            x = make(module, array_of(shape, 1, nan=0.1), "float64").requires_grad_()
            result, places = pool(x, wanted, return_indices=True)
            found += [result.detach(), places, *module.autograd.grad(result.sum(), x)]
        return found

    both(compute)


@pytest.mark.parametrize("norm_type", [1, 2, 3.5, float("inf")])
def test_powers(norm_type):
    def compute(module):
        F = module.nn.functional
        found = derivatives(
            module,
            lambda x: F.lp_pool2d(x.abs() + 0.1, norm_type, (2, 3), ceil_mode=True),
            array_of((2, 2, 5, 6)),
        )
        return [
            *found,
            F.lp_pool1d(make(module, abs(array_of((2, 2, 7))), "float32"), norm_type, 3),
        ]

    both(compute)


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_fractional(dtype):
    """The same random windows, whatever the dtype in which torch counts them."""

    def compute(module):
        F = module.nn.functional
        x = make(module, array_of((2, 3, 33, 29), nan=0.001), dtype)
        y = make(module, array_of((1, 2, 9, 8, 7)), dtype)
        module.manual_seed(3)
        found = [*F.fractional_max_pool2d(x, 3, (9, 7), return_indices=True)]
        found += [*F.fractional_max_pool3d(y, (2, 1, 3), (4, 5, 3), return_indices=True)]
        return [*found, module.rand(2)]

    both(compute)


def test_fractional_derivatives():
    def compute(module):
        module.manual_seed(0)
        pool = module.nn.functional.fractional_max_pool2d
        found = derivatives(module, lambda x: pool(x, 2, (3, 4)), array_of((2, 2, 7, 8)))
        pool = module.nn.functional.fractional_max_pool3d
        return [*found, *derivatives(module, lambda x: pool(x, 2, 2), array_of((1, 2, 4, 5, 6)))]

    both(compute)


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_unpooling(dims):
    def compute(module):
        F = module.nn.functional
        pool, unpool = (getattr(F, f"max_{kind}{dims}d") for kind in ("pool", "unpool"))
        shape = (2, 2, 7, 6, 5)[: 2 + dims]
        _, places = pool(make(module, array_of(shape)), 2, return_indices=True)
        sizes = shape[2:]
        return derivatives(
            module, lambda x: unpool(x, places, 2, output_size=sizes), array_of(places.shape, 1)
        )

    both(compute)


def test_unpooling_of_repeated_places():
    """Of what goes to one place the last one stays; each has the gradient of the place."""
    places = np.array([[[[0, 3], [3, 5]]]])

    def compute(module):
        index = make(module, places, "int64")
        call = lambda x: module.nn.functional.max_unpool2d(x, index, 2)  # noqa: E731
        return derivatives(module, call, array_of((1, 1, 2, 2)))[:3]

    both(compute)


@sessions("nn_pooling_adaptive")
def test_session(part):
    assert compare_part(part)
