"""Derivatives of kernels, as kernels: of reverse mode (`backward_of`) and of forward mode (`forward_of`).

The derivative of a row is JAX's derivative of its body. Where PyTorch's convention differs (at kinks,
ties and zeros) the body says so itself, by `jax.custom_jvp`, so that every order of derivative agrees.
"""

import functools

import jax
import numpy as np
from jax import numpy as jnp
from jax.extend.core import jaxpr_as_fun

from jtorch._engine.node import Aval, Kernel
from jtorch._engine.templates import member
from jtorch._engine.traced import Part, jaxpr_of, struct_of, trace

_MOST = 1024  # jaxprs kept for who asks again


class Derivative:
    """A kernel from what is needed of a kernel's inputs, and gradients or tangents, to such."""

    __slots__ = ("is_light", "kernel", "live", "needs", "passes")

    def __init__(self, kernel, needs, live=(), is_light=False, passes=False):
        self.kernel = kernel  # inputs: those needed, then the gradients or tangents that came
        self.needs = needs  # which inputs of the kernel that it is the derivative of
        self.live = live  # which of its results depend on the gradients: the others are zero
        self.is_light = is_light  # whether its results share no work that would be worth keeping
        self.passes = passes  # whether its one result is the one gradient that came, as it is


_backwards = {}


def backward_of(kernel, wanted, given) -> Derivative:
    """The derivative of `kernel` for the inputs `wanted`, where gradients of results `given` came.

    It has one result for one input that is wanted, else a tuple.
    """
    key = (kernel, wanted, given)
    found = _backwards.get(key)
    if found is None:
        derive = _derive if kernel.single is None or len(given) > 1 else _derive_single
        found = _backwards[key] = derive(kernel, wanted, given)
    return found


def parts_of(kernel, wanted, given):
    """(derivative, places among `wanted`) that make up `backward_of`: one each where that is light.

    A kernel with one result is one operation to record and to run; XLA joins what they share.
    """
    key = (kernel, wanted, given)
    found = _parts.get(key)
    if found is None:
        whole = backward_of(kernel, wanted, given)
        if whole.is_light and len(wanted) > 1:
            found = [
                (_of_one(kernel, wanted, given, place), (place,)) for place in range(len(wanted))
            ]
        else:
            found = [(whole, tuple(range(len(wanted))))]
        _parts[key] = found
    return found


def _of_one(kernel, wanted, given, place):
    """`backward_of` for one of the inputs `wanted`, cut from the derivative for all of them."""
    key = (kernel, (wanted[place],), given)
    found = _backwards.get(key)
    if found is None and (kernel.single is None or len(given) > 1):
        found = _backwards[key] = _derive(kernel, wanted, given, (place,))
    return backward_of(*key) if found is None else found


_parts = {}


def needs_of(kernel, wanted):
    """The inputs that the derivative for `wanted` needs, whichever gradients come."""
    return _whole(kernel, wanted).needs


def live_of(kernel, wanted):
    """Those of the inputs `wanted` that the results depend on in a way that has a derivative."""
    found = tuple([wanted[i] for i in _whole(kernel, wanted).live])
    if not found and any(0 in each.shape for each in _avals(kernel)):
        return wanted  # what depends on nothing, where there is nothing, cannot be seen
    return found


def _avals(kernel):
    return [each for each in (*kernel.inputs, *outputs_of(kernel)) if each.__class__ is Aval]


def _whole(kernel, wanted):
    """The derivative for `wanted` where all gradients come."""
    found = _wholes.get((kernel, wanted))
    if found is None:
        avals = enumerate(outputs_of(kernel))
        given = tuple(place for place, aval in avals if is_differentiable(aval.dtype))
        found = _wholes[kernel, wanted] = backward_of(kernel, wanted, given)
    return found


_wholes = {}


def outputs_of(kernel):
    """The avals of the results, as a tuple."""
    return kernel.output if kernel.output.__class__ is tuple else (kernel.output,)


@functools.cache
def is_differentiable(dtype) -> bool:
    return jnp.issubdtype(dtype, jnp.inexact)


def _derive(kernel, wanted, given, places=None):
    """The derivative for the inputs `wanted`, or for those at some places among them."""
    outputs = outputs_of(kernel)
    gradients = [outputs[place] for place in given]
    places = tuple(range(len(wanted))) if places is None else places
    pulled = functools.partial(_pulled, kernel, wanted, given)
    anew = functools.partial(pulled, filled=False)
    part = Part(pulled, places, len(given), single=len(places) == 1, anew=anew)
    inputs = [kernel.inputs[i] for i in part.needs] + gradients
    result = tuple(kernel.inputs[wanted[place]] for place in places)
    result = result if len(places) > 1 else result[0]
    made = Kernel(f"{kernel.name}{_SUFFIX}", part, tuple(inputs), result)
    jaxpr = part.closed().jaxpr
    passes = not jaxpr.eqns and len(gradients) == len(places) == 1 and not part.needs
    passes = passes and jaxpr.outvars[0] is jaxpr.invars[0]
    return Derivative(made, part.needs, part.live, _is_light(jaxpr), passes)


def _derive_single(kernel, wanted, given):
    """The same where one gradient came, from a kernel that serves whichever it is of."""
    (place,) = given
    single, inputs = kernel.single(place)
    found = backward_of(single, tuple([inputs.index(i) for i in wanted]), (0,))
    needs = tuple([inputs[i] for i in found.needs])
    return Derivative(found.kernel, needs, found.live, found.is_light, found.passes)


_SUFFIX = "_backward"


def is_backward(kernel) -> bool:
    """Whether a kernel is the derivative of another one."""
    return kernel.name.endswith(_SUFFIX)


# What may be computed twice: XLA joins equal ones in a program, and they are cheap besides.
_LIGHT = frozenset(
    """abs add add_any and broadcast_in_dim complex concatenate conj convert_element_type copy copy_p cos
    custom_jvp_call div dot_general eq exp expand_dims ge gt imag integer_pow iota jit le log lt max min
    mul ne neg not or pad pjit pow real reduce_sum reshape rev rsqrt select_n sign sin slice sqrt square
    squeeze stop_gradient sub tanh transpose""".split()  # noqa: SIM905 - a list of them is three times as long
)


def _is_light(jaxpr) -> bool:
    return len(jaxpr.eqns) < _MANY and all(each.primitive.name in _LIGHT for each in jaxpr.eqns)


_MANY = 30


@functools.lru_cache(_MOST)
def _pulled(kernel, wanted, given, filled=True):
    """The derivative of a kernel as a jaxpr, of all its inputs and the gradients that came.

    `filled`: it may be one that was traced for other extents, filled in.
    """

    def exact():
        return pulled(jaxpr_of(kernel), map(struct_of, kernel.inputs))

    def with_symbols(*structs):
        return pulled(trace(kernel.function, structs)[0], structs)

    def pulled(jaxpr, structs):
        gradients = [jaxpr.out_avals[place] for place in given]
        pull = functools.partial(_pull, jaxpr, wanted, given)
        return trace(pull, (*structs, *gradients))[0]

    if not filled:
        return exact()
    about = ("backward", wanted, given)
    return member(kernel.function, kernel.inputs, about, exact, with_symbols)


def _pull(jaxpr, wanted, given, *arguments):
    """The gradients of those inputs of a jaxpr that are wanted, from those that came."""
    inputs = list(arguments[: len(jaxpr.in_avals)])
    gradients = arguments[len(inputs) :]

    def forward(*changing):
        results = jaxpr_as_fun(jaxpr)(*_replaced(inputs, wanted, changing))
        return tuple(results[place] for place in given)

    _, pull = jax.vjp(forward, *[inputs[i] for i in wanted])
    # torch's gradient of a complex number is the conjugate of JAX's
    found = pull(tuple(_conjugate(each) for each in gradients))
    return tuple(_conjugate(each) for each in found)


_forwards = {}


def forward_of(kernel, moving) -> Derivative:
    """The kernel from a kernel's inputs, and tangents of the inputs `moving`, to tangents.

    Its results are those of the kernel; of integers and bools, zeros of float32.
    """
    key = (kernel, moving)
    found = _forwards.get(key)
    if found is None:
        given = [kernel.inputs[i] for i in moving]
        results = tuple(
            each if is_differentiable(each.dtype) else Aval(each.shape, np.dtype(np.float32))
            for each in outputs_of(kernel)
        )
        alone = kernel.output.__class__ is not tuple
        trace = functools.partial(_pushed, kernel, moving)
        part = Part(trace, tuple(range(len(results))), len(given), single=alone)
        inputs = (*[kernel.inputs[i] for i in part.needs], *given)
        made = Kernel(f"{kernel.name}_forward", part, inputs, results[0] if alone else results)
        found = _forwards[key] = Derivative(made, part.needs)
    return found


@functools.lru_cache(_MOST)
def _pushed(kernel, moving):
    """The derivative of forward mode as a jaxpr, of all inputs and the tangents that came."""
    given = [kernel.inputs[i] for i in moving]
    push = functools.partial(_push, kernel, moving)
    return jax.make_jaxpr(push)(*map(struct_of, (*kernel.inputs, *given)))


def _push(kernel, moving, *arguments):
    inputs = list(arguments[: len(kernel.inputs)])

    def forward(*changing):
        results = _values_of(kernel, _replaced(inputs, moving, changing))
        return tuple(each for each in results if is_differentiable(each.dtype))

    primals = tuple(inputs[i] for i in moving)
    _, tangents = jax.jvp(forward, primals, arguments[len(kernel.inputs) :])
    tangents = iter(tangents)
    return tuple(
        next(tangents) if is_differentiable(each.dtype) else jnp.zeros(each.shape, np.float32)
        for each in outputs_of(kernel)
    )


def _values_of(kernel, inputs):
    """What a kernel gives for traced inputs, without its code of errors."""
    return jaxpr_as_fun(jaxpr_of(kernel))(*inputs)[: len(outputs_of(kernel))]


def _replaced(inputs, places, values):
    whole = list(inputs)
    for place, value in zip(places, values, strict=True):
        whole[place] = value
    return whole


def _conjugate(array):
    return jnp.conj(array) if jnp.iscomplexobj(array) else array
