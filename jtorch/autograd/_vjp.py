"""Derivatives of kernels: the kernel that takes what is needed of the inputs, and gradients, back.

The derivative of a row is JAX's derivative of its body. Where PyTorch's convention differs (at kinks,
ties and zeros) the body says so itself, by `jax.custom_jvp`, so that every order of derivative agrees.
"""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from jtorch._engine.node import Aval, Kernel

_kernels = {}


class Backward:
    """A backward kernel, and which inputs of the forward kernel it needs."""

    __slots__ = ("kernel", "needs", "wanted")

    def __init__(self, kernel, needs, wanted):
        self.kernel = kernel  # inputs: those needed, then the gradients given
        self.needs = needs
        self.wanted = wanted


def backward_of(kernel, wanted, given) -> Backward:
    """The derivative of `kernel` for the inputs `wanted`, where gradients of results `given` came."""
    key = (kernel, wanted, given)
    found = _kernels.get(key)
    if found is None:
        found = _kernels[key] = _derive(kernel, wanted, given)
    return found


def needs_of(kernel, wanted):
    """The inputs that the derivative for `wanted` needs, whichever gradients come."""
    outputs = kernel.output if kernel.output.__class__ is tuple else (kernel.output,)
    given = tuple(i for i, aval in enumerate(outputs) if is_differentiable(aval.dtype))
    return backward_of(kernel, wanted, given).needs


def is_differentiable(dtype) -> bool:
    return jnp.issubdtype(dtype, jnp.inexact)


def _derive(kernel, wanted, given):
    outputs = kernel.output if kernel.output.__class__ is tuple else (kernel.output,)
    pull = functools.partial(_pull, kernel, wanted, given)
    structs = [_struct(each) for each in kernel.inputs]
    gradients = [_struct(outputs[place]) for place in given]
    jaxpr = jax.make_jaxpr(pull)(*structs, *gradients).jaxpr
    used = _used(jaxpr)
    needs = tuple(i for i in range(len(structs)) if jaxpr.invars[i] in used)
    missing = [None if i in needs else struct for i, struct in enumerate(structs)]

    def backward(*arguments):
        kept = iter(arguments[: len(needs)])
        whole = [next(kept) if struct is None else _nothing(struct) for struct in missing]
        return pull(*whole, *arguments[len(needs) :])

    inputs = [kernel.inputs[i] for i in needs] + [outputs[place] for place in given]
    result = tuple(kernel.inputs[i] for i in wanted)
    return Backward(Kernel(kernel.name + "_backward", backward, tuple(inputs), result), needs, wanted)


def _pull(kernel, wanted, given, *arguments):
    inputs = list(arguments[: len(kernel.inputs)])
    gradients = arguments[len(kernel.inputs) :]

    def forward(*changing):
        whole = list(inputs)
        for position, value in zip(wanted, changing, strict=True):
            whole[position] = value
        result = kernel.function(*whole)
        if kernel.error is not None:
            result = result[0]
        result = result if isinstance(result, (tuple, list)) else (result,)
        return tuple(result[place] for place in given)

    _, pull = jax.vjp(forward, *[inputs[i] for i in wanted])
    # torch's gradient of a complex number is the conjugate of JAX's
    found = pull(tuple(_conjugate(each) for each in gradients))
    return tuple(_conjugate(each) for each in found)


def _conjugate(array):
    return jnp.conj(array) if jnp.iscomplexobj(array) else array


def _nothing(struct):
    return jnp.zeros(struct.shape, struct.dtype)


def _used(jaxpr):
    """The variables that the results of a jaxpr depend on."""
    used = {each for each in jaxpr.outvars if not hasattr(each, "val")}
    for equation in reversed(jaxpr.eqns):
        if any(each in used for each in equation.outvars):
            used.update(each for each in equation.invars if not hasattr(each, "val"))
    return used


_NUMBERS = {"f": np.float64, "i": np.int64, "c": np.complex128}


def _struct(each):
    if each.__class__ is Aval:
        return jax.ShapeDtypeStruct(each.shape, each.dtype)
    return jax.ShapeDtypeStruct((), _NUMBERS[each])
