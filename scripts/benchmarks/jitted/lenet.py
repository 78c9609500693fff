"""LeNet for `jax.jit`."""

import jax

from benchmarks.jitted import layers


def jitted(start, batch):
    pictures, labels, parameters = layers.split(start, "pictures", "labels")

    def loss(parameters, pictures, labels):
        values = pictures
        for name in ("0", "3"):
            values = layers.convolution_of_patches(parameters[f"{name}.weight"], values)
            values = values + parameters[f"{name}.bias"][:, None, None]
            values = layers.max_pool(jax.nn.relu(values))
        values = values.reshape(batch, -1)
        values = jax.nn.relu(layers.linear(parameters, "7", values))
        values = jax.nn.relu(layers.linear(parameters, "9", values))
        return layers.cross_entropy(layers.linear(parameters, "11", values), labels)

    step = layers.trained(loss, parameters, layers.sgd(0.001, momentum=0.9))
    return lambda: float(step(pictures, labels))
