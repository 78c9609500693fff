"""Derivatives of kernels, as kernels: of reverse mode (`backward_of`) and of forward mode (`forward_of`).

The derivative of a row is JAX's derivative of its body. Where PyTorch's convention differs (at kinks,
ties and zeros) the body says so itself, by `jax.custom_jvp`, so that every order of derivative agrees.
"""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from jtorch._engine.node import Aval, Kernel

NUMBERS = {"f": np.float64, "i": np.int64, "c": np.complex128}


class Derivative:
    """A kernel from what is needed of a kernel's inputs, and gradients or tangents, to such."""

    __slots__ = ("is_light", "kernel", "live", "needs")

    def __init__(self, kernel, needs, live=(), is_light=False):
        self.kernel = kernel  # inputs: those needed, then the gradients or tangents that came
        self.needs = needs  # which inputs of the kernel that it is the derivative of
        self.live = live  # which of its results depend on the gradients: the others are zero
        self.is_light = is_light  # whether its results share no work that would be worth keeping


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
                (backward_of(kernel, (each,), given), (place,)) for place, each in enumerate(wanted)
            ]
        else:
            found = [(whole, tuple(range(len(wanted))))]
        _parts[key] = found
    return found


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


def _derive(kernel, wanted, given):
    outputs = outputs_of(kernel)
    pull = functools.partial(_pull, kernel, wanted, given)
    gradients = [outputs[place] for place in given]
    function, needs, live, is_light = _without_unused(pull, kernel, gradients)
    inputs = [kernel.inputs[i] for i in needs] + gradients
    result = tuple(kernel.inputs[i] for i in wanted)
    result = result if len(wanted) > 1 else result[0]
    made = Kernel(f"{kernel.name}{_SUFFIX}", function, tuple(inputs), result)
    return Derivative(made, needs, live, is_light)


def _derive_single(kernel, wanted, given):
    """The same where one gradient came, from a kernel that serves whichever it is of."""
    (place,) = given
    single, inputs = kernel.single(place)
    found = backward_of(single, tuple([inputs.index(i) for i in wanted]), (0,))
    needs = tuple([inputs[i] for i in found.needs])
    return Derivative(found.kernel, needs, found.live, found.is_light)


_SUFFIX = "_backward"


def is_backward(kernel) -> bool:
    """Whether a kernel is the derivative of another one."""
    return kernel.name.endswith(_SUFFIX)


def _without_unused(function, kernel, others):
    """`function` without the arguments that it does not use among the kernel's inputs.

    Returns it, which of them it needs, which of its results depend on `others`, and whether it is
    light.
    """
    structs = [_struct(each) for each in kernel.inputs]
    jaxpr = jax.make_jaxpr(function)(*structs, *map(_struct, others)).jaxpr
    used = _used(jaxpr, [True] * len(jaxpr.outvars))
    needs = tuple(i for i in range(len(structs)) if used[i])
    reached = _reached(jaxpr, jaxpr.invars[len(structs) :])
    empty = not any(each.aval.size for each in jaxpr.invars[len(structs) :])
    live = tuple(i for i, each in enumerate(jaxpr.outvars) if empty or _is_in(each, reached))

    def derivative(*arguments):
        kept = dict(zip(needs, arguments, strict=False))
        whole = [kept[i] if i in kept else _nothing(each) for i, each in enumerate(structs)]
        return function(*whole, *arguments[len(needs) :])

    return derivative, needs, live, _is_light(jaxpr)


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


def _used(jaxpr, results):
    """Which arguments of a jaxpr those of its results that are wanted depend on, as flags."""
    used = set()
    _add_variables(used, jaxpr.outvars, results)
    for equation in reversed(jaxpr.eqns):
        wanted = [each in used for each in equation.outvars]
        if any(wanted):
            _add_variables(used, equation.invars, _used_by(equation, wanted))
    return [each in used for each in jaxpr.invars]


def _add_variables(used, variables, flags):
    used.update(
        each for each, flag in zip(variables, flags, strict=True) if flag and not _is_literal(each)
    )


def _used_by(equation, results):
    """The same of one equation: those that hold jaxprs are looked into."""
    name, params = equation.primitive.name, equation.params
    if name in ("jit", "pjit"):
        return _used(params["jaxpr"].jaxpr, results)
    if name == "cond":  # the first argument chooses
        branches = [_used(each.jaxpr, results) for each in params["branches"]]
        return [True, *[any(flags) for flags in zip(*branches, strict=True)]]
    if name == "scan":
        return _used_by_loop(params, results)
    return [True] * len(equation.invars)


def _used_by_loop(params, results):
    """The same of a scan: what one turn needs of its state, the turn before it has to give."""
    body, consts, states = params["jaxpr"].jaxpr, params["num_consts"], params["num_carry"]
    wanted = list(results)
    while True:
        found = _used(body, wanted)
        state = found[consts : consts + states]
        grown = [a or b for a, b in zip(wanted[:states], state, strict=True)]
        if grown == wanted[:states]:
            return found[:consts] + grown + found[consts + states :]
        wanted[:states] = grown


def _reached(jaxpr, variables):
    """The variables that depend on these."""
    reached = set(variables)
    for equation in jaxpr.eqns:
        if any(_is_in(each, reached) for each in equation.invars):
            reached.update(equation.outvars)
    return reached


def _is_in(each, variables):
    return not _is_literal(each) and each in variables


def _is_literal(each):
    return hasattr(each, "val")


def _pull(kernel, wanted, given, *arguments):
    inputs = list(arguments[: len(kernel.inputs)])
    gradients = arguments[len(kernel.inputs) :]

    def forward(*changing):
        results = values_of(kernel, _replaced(inputs, wanted, changing))
        return tuple(results[place] for place in given)

    _, pull = jax.vjp(forward, *[inputs[i] for i in wanted])
    # torch's gradient of a complex number is the conjugate of JAX's
    found = pull(tuple(_conjugate(each) for each in gradients))
    found = tuple(_conjugate(each) for each in found)
    return found if len(wanted) > 1 else found[0]


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
        push = functools.partial(_push, kernel, moving)
        function, needs, *_ = _without_unused(push, kernel, given)
        inputs = (*[kernel.inputs[i] for i in needs], *given)
        output = results if kernel.output.__class__ is tuple else results[0]
        made = Kernel(f"{kernel.name}_forward", function, inputs, output)
        found = _forwards[key] = Derivative(made, needs)
    return found


def _push(kernel, moving, *arguments):
    inputs = list(arguments[: len(kernel.inputs)])

    def forward(*changing):
        results = values_of(kernel, _replaced(inputs, moving, changing))
        return tuple(each for each in results if is_differentiable(each.dtype))

    primals = tuple(inputs[i] for i in moving)
    _, tangents = jax.jvp(forward, primals, arguments[len(kernel.inputs) :])
    tangents = iter(tangents)
    found = tuple(
        next(tangents) if is_differentiable(each.dtype) else jnp.zeros(each.shape, np.float32)
        for each in outputs_of(kernel)
    )
    return found if kernel.output.__class__ is tuple else found[0]


def values_of(kernel, inputs):
    """What a kernel's function gives for traced inputs, as a tuple and without its code of errors."""
    result = kernel.function(*inputs)
    if kernel.error is not None:
        result = result[0]
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


def _replaced(inputs, places, values):
    whole = list(inputs)
    for place, value in zip(places, values, strict=True):
        whole[place] = value
    return whole


def _conjugate(array):
    return jnp.conj(array) if jnp.iscomplexobj(array) else array


def _nothing(struct):
    return jnp.zeros(struct.shape, struct.dtype)


def _struct(each):
    if each.__class__ is Aval:
        return jax.ShapeDtypeStruct(each.shape, each.dtype)
    return jax.ShapeDtypeStruct((), NUMBERS[each])
