"""ResNet-18 for `jax.jit`, channels last throughout."""

import jax
from jax import lax

from benchmarks.jitted import layers

STEPS = 4  # groups of two blocks


def normalized(parameters, name, values, training):
    if training:
        mean = values.mean((0, 1, 2))
        variance = (values * values).mean((0, 1, 2)) - mean * mean
    else:
        mean, variance = parameters[f"{name}.running_mean"], parameters[f"{name}.running_var"]
    scale = parameters[f"{name}.weight"] * lax.rsqrt(variance + 1e-5)
    return values * scale + (parameters[f"{name}.bias"] - mean * scale)


def block(parameters, name, values, stride, training):
    def part(number, values, stride):
        weight = parameters[f"{name}.conv{number}.weight"]
        values = layers.convolution(weight, values, stride)
        return normalized(parameters, f"{name}.bn{number}", values, training)

    shortcut = values
    if stride != 1:
        shortcut = layers.convolution(parameters[f"{name}.downsample.0.weight"], values, stride)
        shortcut = normalized(parameters, f"{name}.downsample.1", shortcut, training)
    return jax.nn.relu(part(2, jax.nn.relu(part(1, values, stride)), 1) + shortcut)


def logits(parameters, values, training):
    values = layers.convolution(parameters["conv1.weight"], values)
    values = jax.nn.relu(normalized(parameters, "bn1", values, training))
    for group in range(STEPS):
        for place in (0, 1):
            stride = 2 if group and not place else 1
            values = block(parameters, f"layers.{group}.{place}", values, stride, training)
    return layers.linear(parameters, "fc", values.mean((1, 2)))


def jitted(start, training, batch, side, width):
    pictures, labels, parameters = layers.split(start, "pictures", "labels")
    pictures = pictures.transpose(0, 2, 3, 1)
    running = ("running_mean", "running_var", "num_batches_tracked")
    learned = {name: each for name, each in parameters.items() if not name.endswith(running)}

    def loss(parameters, pictures, labels):
        return layers.cross_entropy(logits(parameters, pictures, training), labels)

    if training:  # what is kept for predictions costs next to nothing, and no loss depends on it
        step = layers.trained(loss, learned, layers.sgd(0.001, momentum=0.9))
        return lambda: float(step(pictures, labels))
    predicted = jax.jit(loss)
    parameters = jax.device_put(parameters)
    return lambda: float(predicted(parameters, pictures, labels))
