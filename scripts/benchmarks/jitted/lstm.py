"""The LSTM for `jax.jit`: lines are padded to multiples of 16, so that four programs serve all."""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from benchmarks.jitted import layers

ROUND = 16


def outputs(parameters, inputs):
    """The hidden states of one line. (T, inputs) -> (T, hidden)"""
    recurrent = parameters["lstm.weight_hh_l0"]
    hidden = recurrent.shape[1]
    bias = parameters["lstm.bias_ih_l0"] + parameters["lstm.bias_hh_l0"]
    gates = inputs @ parameters["lstm.weight_ih_l0"].T + bias

    def cell(carried, gate):
        state, memory = carried
        i, f, g, o = jnp.split(gate + recurrent @ state, 4)
        memory = jax.nn.sigmoid(f) * memory + jax.nn.sigmoid(i) * jnp.tanh(g)
        state = jax.nn.sigmoid(o) * jnp.tanh(memory)
        return (state, memory), state

    zeros = jnp.zeros(hidden, inputs.dtype)
    return lax.scan(cell, (zeros, zeros), gates)[1]


def jitted(start, lines, shortest, hidden):
    *texts, parameters = layers.split(start, *(f"line {i}" for i in range(lines)))

    def loss(parameters, text, target, length):
        states = outputs(parameters, parameters["embedding.weight"][text])
        logits = layers.linear(parameters, "head", states)
        chosen = jnp.take_along_axis(logits, target[:, None], axis=1)[:, 0]
        each = jax.nn.logsumexp(logits, axis=1) - chosen
        return jnp.where(jnp.arange(len(text)) < length, each, 0).sum() / length

    update = layers.trained(loss, parameters, layers.sgd(0.01))
    padded = []
    for text in texts:
        length = len(text) - 1
        room = -length % ROUND
        padded.append((np.pad(text[:-1], (0, room)), np.pad(text[1:], (0, room)), length))

    return lambda: sum(float(update(*line)) for line in padded) / lines
