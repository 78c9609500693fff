"""Initial values: the same numbers for the same seed, compared with torch."""

import pytest

from compare import both
from nn_sessions import compare_part, sessions

SHAPES = ((3, 4), (40, 30), (4, 2, 3, 3))
CALLS = {
    "uniform_": ({}, {"a": -3.0, "b": -1.0}),
    "normal_": ({}, {"mean": 2.0, "std": 0.1}),
    "trunc_normal_": (
        {},
        {"std": 0.02},
        {"mean": 1.0, "std": 2.0, "a": -1.0, "b": 1.0},
        {"a": 1.0, "b": 4.0},
        {"mean": -3.0, "a": 0.0, "b": 0.5},
    ),
    "constant_": ({"val": 0.3},),
    "ones_": ({},),
    "zeros_": ({},),
    "eye_": ({},),
    "dirac_": ({}, {"groups": 2}),
    "xavier_uniform_": ({}, {"gain": 2.0}),
    "xavier_normal_": ({}, {"gain": 0.5}),
    "kaiming_uniform_": ({}, {"a": 1}, {"mode": "fan_out", "nonlinearity": "relu"}),
    "kaiming_normal_": ({}, {"mode": "fan_out", "nonlinearity": "tanh"}),
    "sparse_": ({"sparsity": 0.1}, {"sparsity": 0.7, "std": 2.0}),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_numbers(name, dtype):
    for shape in SHAPES:
        for options in CALLS[name]:

            def fill(module, shape=shape, options=options):
                module.manual_seed(3)
                tensor = module.empty(shape, dtype=getattr(module, dtype))
                tensor.fill_(7)
                result = getattr(module.nn.init, name)(tensor, **options)
                return [result is tensor, tensor, module.rand(2)]

            both(fill)


@pytest.mark.parametrize("shape", [(3, 4), (4, 3), (6, 2, 3), (30, 20)])
def test_orthogonal(shape):
    def fill(module):
        module.manual_seed(3)
        return [module.nn.init.orthogonal_(module.empty(shape), gain=2), module.rand(2)]

    both(fill, tolerance=(1e-4, 1e-5))  # two factorizations of one matrix


def test_modules():
    """Each module's parameters, one after the other from one stream."""

    def build(module):
        nn = module.nn
        module.manual_seed(5)
        modules = [nn.Linear(7, 5), nn.Linear(3, 2, bias=False), nn.Bilinear(2, 3, 4), nn.PReLU(3)]
        lazy = nn.LazyLinear(4)
        lazy(module.ones(2, 6))
        return [parameter for each in (*modules, lazy) for parameter in each.parameters()]

    both(build)


@sessions("nn_init")
def test_session(part):
    assert compare_part(part)
