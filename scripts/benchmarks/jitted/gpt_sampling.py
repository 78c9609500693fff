"""Sampling from the small GPT for `jax.jit`: a context of the full length is filled, token by token."""

import functools

import jax
from jax import numpy as jnp

from benchmarks.jitted import gpt, layers


def jitted(start, blocks, width, prompt, tokens):
    first, noise, parameters = layers.split(start, "first", "noise")
    parameters = jax.device_put(parameters)

    @functools.partial(jax.jit, donate_argnums=1)
    def grown(parameters, context, noise, place):
        logits = gpt.logits(parameters, context, blocks)[0, prompt + place - 1]
        drawn = jnp.argmax(jax.nn.softmax(logits) / noise[place])
        return context.at[0, prompt + place].set(drawn.astype(context.dtype))

    def step():
        context = jnp.zeros((1, prompt + tokens), first.dtype).at[:, :prompt].set(first)
        for place in range(tokens):
            context = grown(parameters, context, noise, place)
        return float(context.sum())

    return step
