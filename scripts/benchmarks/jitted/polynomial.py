"""The cubic fit for `jax.jit`: its updates are one loop of XLA's."""

import functools

import jax
from jax import lax
from jax import numpy as jnp

from benchmarks.jitted import layers
from benchmarks.workloads.polynomial import RATE, UPDATES


def jitted(start, form, points):
    x, y, parameters = layers.split(start, "x", "y")
    if form == "module":
        return of_module(x, y, parameters)

    def loss(parameters, x, y):
        a, b, c, d = (parameters[name] for name in "abcd")
        return ((a + x * (b + x * (c + x * d)) - y) ** 2).sum()

    return fitted(loss, x, y, parameters, layers.sgd(RATE))


def of_module(x, y, parameters):
    def loss(parameters, x, y):
        predicted = (x * parameters["0.weight"]).sum(1) + parameters["0.bias"]
        return ((predicted - y) ** 2).sum()

    return fitted(loss, x, y, parameters, layers.adam(1e-3))


def fitted(loss, x, y, parameters, optimizer):
    begin, update = optimizer

    @functools.partial(jax.jit, donate_argnums=0)
    def run(carried, x, y):
        def once(_, carried):
            parameters, state, _ = carried
            value, gradients = jax.value_and_grad(loss)(parameters, x, y)
            return *update(parameters, gradients, state), value

        return lax.fori_loop(0, UPDATES, once, carried)

    parameters = jax.tree.map(jnp.array, parameters)
    carried = (parameters, begin(parameters), jnp.zeros((), x.dtype))

    def step():
        nonlocal carried
        carried = run(carried, x, y)
        return float(carried[2])

    return step
