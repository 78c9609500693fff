"""The loops for `jax.jit`: each is one loop of XLA's."""

import jax
from jax import lax
from jax import numpy as jnp


def heat(turns, plate):
    def once(_, plate):
        inner = plate[1:-1, 1:-1]
        around = plate[:-2, 1:-1] + plate[2:, 1:-1] + plate[1:-1, :-2] + plate[1:-1, 2:]
        return plate.at[1:-1, 1:-1].add(0.2 * (around - 4.0 * inner))

    return lax.fori_loop(0, turns, once, plate).sum()


def history(turns, first, mixing):
    def once(state, _):
        state = jnp.tanh(mixing @ state)
        return state, state

    states = jnp.concatenate([first[None], lax.scan(once, first, length=turns)[1]])
    return (states.at[:, ::2].multiply(2.0) ** 2).sum()


def paths(turns, roads):
    def once(k, shortest):
        return jnp.minimum(shortest, shortest[:, k, None] + shortest[k])

    return lax.fori_loop(0, turns, once, roads).sum()


def jitted(start, kind, size, turns):
    body = {"heat": heat, "history": history, "paths": paths}[kind]
    arguments = {name: jnp.asarray(each) for name, each in start.items()}
    run = jax.jit(lambda arguments: body(turns, **arguments))
    return lambda: float(run(arguments))
