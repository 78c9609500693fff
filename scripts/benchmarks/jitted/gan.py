"""The two networks for `jax.jit`: an update of both is one call."""

import functools

import jax
from jax import numpy as jnp

from benchmarks.jitted import layers
from benchmarks.workloads.gan import UPDATES


def network(parameters, values):
    values = jax.nn.leaky_relu(layers.linear(parameters, "0", values), 0.2)
    values = jax.nn.leaky_relu(layers.linear(parameters, "2", values), 0.2)
    return layers.linear(parameters, "4", values)


def judged(discriminator, points, made):
    """The discriminator's loss: the mean of softplus is the cross entropy of a logit."""
    real, fake = network(discriminator, points), network(discriminator, made)
    return jax.nn.softplus(-real).mean() + jax.nn.softplus(fake).mean()


def fooled(generator, discriminator, noise):
    return jax.nn.softplus(-network(discriminator, network(generator, noise))).mean()


def jitted(start, batch, hidden):
    points, noise, parameters = layers.split(start, "points", "noise")
    begin, update = layers.adam(2e-5, betas=(0.5, 0.999))

    @functools.partial(jax.jit, donate_argnums=0)
    def both(carried, points, noise, turn):
        (generator, first), (discriminator, second) = carried
        loss, slopes = jax.value_and_grad(judged)(
            discriminator, points[turn], network(generator, noise[turn])
        )
        discriminator, second = update(discriminator, slopes, second)
        other, slopes = jax.value_and_grad(fooled)(generator, discriminator, noise[turn])
        generator, first = update(generator, slopes, first)
        return ((generator, first), (discriminator, second)), loss + other

    def part(prefix):
        chosen = {
            name.removeprefix(prefix): jnp.array(each)
            for name, each in parameters.items()
            if name.startswith(prefix)
        }
        return chosen, begin(chosen)

    carried = (part("generator."), part("discriminator."))

    def step():
        nonlocal carried
        for turn in range(UPDATES):
            carried, loss = both(carried, points, noise, turn)
        return float(loss)

    return step
