"""The perceptron for `jax.jit`: one call for each batch, which is picked inside."""

import jax
import numpy as np

from benchmarks.jitted import layers


def jitted(start, samples, batch, hidden):
    pictures, labels, order, parameters = layers.split(start, "pictures", "labels", "order")

    def loss(parameters, pictures, labels, places):
        values = jax.nn.relu(layers.linear(parameters, "0", pictures[places]))
        values = jax.nn.relu(layers.linear(parameters, "2", values))
        return layers.cross_entropy(layers.linear(parameters, "4", values), labels[places])

    update = layers.trained(loss, parameters, layers.adam(1e-4))
    batches = [np.asarray(places) for places in order]

    def step():
        return sum(float(update(pictures, labels, places)) for places in batches) / len(batches)

    return step
