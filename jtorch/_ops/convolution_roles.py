"""Convolutions as primitives of JAX: one for each of the three roles, closed under derivatives.

Output, input and weight of a convolution are bound by one form of three arguments, the sum of
`output * weight * input` over all windows. Each role is linear in the other two, and its transpose
by one of these is again a role: so gradients of every order and tangents are convolutions too, each
with the formulation that is fast for it, which `convolution_choice` picks when it is lowered.

    output(input, weight)    input(output, weight)    weight(input, output)
"""

import functools

import jax
from jax import numpy as jnp
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir

from jtorch._engine.host.plans import plan_of_body, priced
from jtorch._engine.host.rules import rule
from jtorch._ops.convolution_choice import chosen


def convolve(input, weight, geometry):
    """The output: (N, C, *size), (O, C / groups, *kernel) -> (N, O, *output)."""
    return _output.bind(input, weight, geometry=geometry)


def convolve_transposed(output, weight, geometry):
    """What is bound to an output as its input: the gradient of `convolve` by it."""
    return _input.bind(output, weight, geometry=geometry)


def correlate(input, output, geometry):
    """What is bound to an input and an output as the weight: the gradient of `convolve` by it."""
    return _weight.bind(input, output, geometry=geometry)


def _output_shape(input, weight, geometry):
    return (input.shape[0], weight.shape[0], *geometry.output)


def _input_shape(output, weight, geometry):
    return (output.shape[0], weight.shape[1] * geometry.groups, *geometry.input)


def _weight_shape(input, output, geometry):
    return (output.shape[1], input.shape[1] // geometry.groups, *geometry.kernel)


def _declare(role, shape_of):
    primitive = Primitive(f"convolution_{role}")

    def shape(left, right, *, geometry):
        return jax.core.ShapedArray(shape_of(left, right, geometry), left.dtype)

    def run(left, right, *, geometry):
        return jax.jit(functools.partial(primitive.bind, geometry=geometry))(left, right)

    def body(platform):
        def lowered(left, right, *, geometry):
            return chosen(role, platform, left, right, geometry)

        return mlir.lower_fun(lowered, multiple_results=False)

    @rule(primitive.name)
    def on_host(equation):
        body = functools.partial(chosen, role, "cpu", geometry=equation.params["geometry"])
        plan = plan_of_body(body, equation)
        return priced(lambda *arrays: plan.run(arrays)[0], plan)

    primitive.def_abstract_eval(shape)
    primitive.def_impl(run)
    mlir.register_lowering(primitive, body(None))
    for platform in ("cpu", "tpu"):
        mlir.register_lowering(primitive, body(platform), platform=platform)
    return primitive


_output = _declare("output", _output_shape)
_input = _declare("input", _input_shape)
_weight = _declare("weight", _weight_shape)


# Derivatives: by the left argument, by the right one; `given` is the gradient of the result.

ad.defbilinear(
    _output,
    lambda given, input, weight, geometry: convolve_transposed(given, weight, geometry),
    lambda given, input, weight, geometry: correlate(input, given, geometry),
)
ad.defbilinear(
    _input,
    lambda given, output, weight, geometry: convolve(given, weight, geometry),
    lambda given, output, weight, geometry: correlate(given, output, geometry),
)
ad.defbilinear(
    _weight,
    lambda given, input, output, geometry: convolve_transposed(output, given, geometry),
    lambda given, input, output, geometry: convolve(input, given, geometry),
)


# Batches: samples of one weight are more samples; else each sample has groups of its own.


def _batched_with_weight(primitive, samples, sample_dim, weight, weight_dim, geometry):
    """`output` and `input`, whose left argument and result are samples."""
    if weight_dim is None:
        size = samples.shape[sample_dim]
        merged = _merged(jnp.moveaxis(samples, sample_dim, 0), 0)
        return _split(primitive.bind(merged, weight, geometry=geometry), 0, size), 0
    size = weight.shape[weight_dim]
    samples = _spread(samples, sample_dim, size)
    merged = _merged(_into_groups(samples, 1), 1)  # (N, B * C, ...)
    weight = _merged(jnp.moveaxis(weight, weight_dim, 0), 0)
    wide = geometry._replace(groups=geometry.groups * size)
    return _split(primitive.bind(merged, weight, geometry=wide), 1, size), 1


def _batch_samples(primitive):
    def rule(arguments, dims, *, geometry):
        return _batched_with_weight(
            primitive, arguments[0], dims[0], arguments[1], dims[1], geometry
        )

    return rule


def _batch_weight(arguments, dims, *, geometry):
    """`weight`, whose arguments are both samples, and which sums over them."""
    (input, output), (input_dim, output_dim) = arguments, dims
    size = output.shape[output_dim] if input_dim is None else input.shape[input_dim]
    input = _merged(_into_groups(_spread(input, input_dim, size), 1), 1)
    output = _merged(_into_groups(_spread(output, output_dim, size), 1), 1)
    wide = geometry._replace(groups=geometry.groups * size)
    return _split(_weight.bind(input, output, geometry=wide), 0, size), 0


def _spread(array, dim, size):
    """An array with its batch in front, or repeated for each of it."""
    if dim is None:
        return jnp.broadcast_to(array, (size, *array.shape))
    return jnp.moveaxis(array, dim, 0)


def _into_groups(array, place):
    return jnp.moveaxis(array, 0, place)


def _merged(array, place):
    """Two dims at `place` as one."""
    shape = array.shape
    return array.reshape(*shape[:place], shape[place] * shape[place + 1], *shape[place + 2 :])


def _split(array, place, size):
    shape = array.shape
    return array.reshape(*shape[:place], size, shape[place] // size, *shape[place + 1 :])


batching.primitive_batchers[_output] = _batch_samples(_output)
batching.primitive_batchers[_input] = _batch_samples(_input)
batching.primitive_batchers[_weight] = _batch_weight
