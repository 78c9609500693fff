"""LeNet for `jax.jit`."""

import jax

from benchmarks.jitted import layers


def jitted(start, batch):
    pictures, labels, parameters = layers.split(start, "pictures", "labels")
    pictures = pictures.transpose(0, 2, 3, 1)

    def loss(parameters, pictures, labels):
        values = pictures
        for name in ("0", "3"):
            values = layers.convolution_of_patches(parameters[f"{name}.weight"], values)
            values = layers.max_pool(jax.nn.relu(values + parameters[f"{name}.bias"]))
        values = values.transpose(0, 3, 1, 2).reshape(batch, -1)  # as torch flattens
        values = jax.nn.relu(layers.linear(parameters, "7", values))
        values = jax.nn.relu(layers.linear(parameters, "9", values))
        return layers.cross_entropy(layers.linear(parameters, "11", values), labels)

    step = layers.trained(loss, parameters, layers.sgd(0.001, momentum=0.9))
    return lambda: float(step(pictures, labels))
