"""The small GPT for `jax.jit`."""

import math

import jax
from jax import numpy as jnp

from benchmarks.jitted import layers
from benchmarks.workloads.gpt import HEADS, TOKENS


def attention(q, k, v):
    """Each place attends to itself and to what came before. (B, T, H, C)"""
    length = q.shape[1]
    scores = jnp.einsum("bqhc,bkhc->bhqk", q / math.sqrt(q.shape[-1]), k)
    scores = jnp.where(jnp.tril(jnp.ones((length, length), bool)), scores, -jnp.inf)
    return jnp.einsum("bhqk,bkhc->bqhc", jax.nn.softmax(scores), v)


def block(parameters, name, x):
    B, T, C = x.shape
    qkv = layers.linear(
        parameters, f"{name}.qkv", layers.layer_norm(parameters, f"{name}.norm1", x)
    )
    q, k, v = jnp.split(qkv.reshape(B, T, 3 * HEADS, C // HEADS), 3, axis=2)
    x = x + layers.linear(parameters, f"{name}.out", attention(q, k, v).reshape(B, T, C))
    hidden = layers.linear(
        parameters, f"{name}.up", layers.layer_norm(parameters, f"{name}.norm2", x)
    )
    return x + layers.linear(parameters, f"{name}.down", layers.gelu(hidden))


def logits(parameters, tokens, blocks):
    x = parameters["tokens.weight"][tokens] + parameters["places.weight"][: tokens.shape[1]]
    for number in range(blocks):
        x = block(parameters, f"blocks.{number}", x)
    return layers.linear(parameters, "head", layers.layer_norm(parameters, "norm", x))


def jitted(start, blocks, width, batch, length):
    inputs, targets, parameters = layers.split(start, "inputs", "targets")

    def loss(parameters, inputs, targets):
        found = logits(parameters, inputs, blocks).reshape(-1, TOKENS)
        return layers.cross_entropy(found, targets.reshape(-1))

    step = layers.trained(loss, parameters, layers.adam(3e-5, decay=0.01))
    return lambda: float(step(inputs, targets))
