"""The door to JAX, both ways: a jtorch function as a JAX function, a JAX function as an operation.

(Arrays go through `from_jax` and `to_jax`, without a copy.)
"""

import functools

import jax
import numpy as np

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._engine.node import Aval, Kernel, Node
from jtorch._engine.realize import array_of
from jtorch._engine.symbolic import Level, no_value
from jtorch._engine.traced import results_of, struct_of
from jtorch._interop import from_jax, to_jax
from jtorch._meta import Meta
from jtorch._ops.history import call_kernel
from jtorch._ops.lift import Seen
from jtorch._ops.writing import common_device
from jtorch._tensor import Tensor, from_node
from jtorch._trees import flatten, unflatten


def to_jax_function(function):
    """`function`, of tensors, as a function of JAX arrays: for `jax.jit`, `jax.grad`, `jax.vmap`, ...

    Arrays among the arguments (in nested containers, too) arrive in `function` as tensors; tensors
    among its results come out as arrays. Tensors that it uses besides are constants: parameters that
    are to be differentiated have to be arguments. An index that is out of range raises nothing there.

    Errors:  RuntimeError where `function` asks what depends on its arguments for a value (`item()`,
             a condition), since there is none while JAX traces.
    """

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        level = Level(_refuse)
        values = {}
        leaves, spec = flatten((args, kwargs))
        given = [_put_in(level, values, each) if _is_array(each) else each for each in leaves]
        arguments, keywords = unflatten(given, spec)
        with level:
            results, out_spec = flatten(function(*arguments, **keywords))
            seen = [Seen(each) if isinstance(each, Tensor) else each for each in results]
        return unflatten([_taken_out(level, values, each) for each in seen], out_spec)

    return wrapped


def _is_array(value):
    return isinstance(value, (jax.Array, np.ndarray))


def _put_in(level, values, array):
    aval = Aval(tuple(array.shape), np.dtype(array.dtype))
    node = level.placeholder(aval, CPU)
    values[node] = array
    return from_node(node, Meta(aval.shape, _dtypes.BY_NUMPY[aval.dtype], CPU))


def _taken_out(level, values, result):
    """What a result comes to: its operations, applied to JAX's values one after another."""
    if result.__class__ is not Seen:
        return result
    for node in level.order([result.node]):
        if node not in values:
            inputs = [
                _value(level, values, each, kind)
                for each, kind in zip(node.inputs, node.kernel.inputs, strict=True)
            ]
            found = results_of(node.kernel, inputs)
            values[node] = found if node.kernel.output.__class__ is tuple else found[0]
    return _value(level, values, result.node)


def _value(level, values, node, kind=None):
    if node.__class__ is not Node:
        return np.asarray(node, struct_of(kind).dtype)
    return values[node] if level.depends(node) else array_of(node)


def _refuse(node):
    text = (
        "a function that JAX traces has asked a tensor for its value: it depends on the function's "
        "arguments, which have none while it is traced"
    )
    return no_value(text, text)


def from_jax_function(function, name=None):
    """`function`, of JAX arrays, as an operation on tensors: recorded, compiled, and differentiable.

    Tensors among the arguments (in nested containers, too) arrive as arrays; everything else is static,
    and has to be hashable. Arrays among the results come out as tensors. The gradient is JAX's.

    Errors:  TypeError for an argument that is not hashable; what `function` raises, at the call.
    """
    name = name or getattr(function, "__name__", "jax_function")
    kernels = {}

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        leaves, spec = flatten((args, kwargs))
        operands = [each for each in leaves if isinstance(each, Tensor)]
        key = (_key(spec), *[each._meta.aval if isinstance(each, Tensor) else (each.__class__, each)
                             for each in leaves])  # fmt: skip
        found = kernels.get(key)
        if found is None:
            found = kernels[key] = _kernel_of(function, name, leaves, spec)
        kernel, out_spec = found
        device = common_device(operands)
        metas = [Meta(each.shape, _dtypes.BY_NUMPY[each.dtype], device) for each in kernel.output]
        return unflatten(call_kernel(f"{name}Backward", kernel, operands, metas, device), out_spec)

    return wrapped


def _key(spec):
    return repr(spec)


def _kernel_of(function, name, leaves, spec):
    """The kernel of a call with these arguments, and the structure of what it gives."""
    places = [place for place, each in enumerate(leaves) if isinstance(each, Tensor)]
    static = [None if isinstance(each, Tensor) else each for each in leaves]
    structures = []

    def apply(*arrays):
        whole = list(static)
        for place, array in zip(places, arrays, strict=True):
            whole[place] = array
        args, kwargs = unflatten(whole, spec)
        results, out_spec = flatten(function(*args, **kwargs))
        structures.append(out_spec)
        return tuple(jax.numpy.asarray(each) for each in results)

    inputs = tuple(leaves[place]._meta.aval for place in places)
    shapes = jax.eval_shape(
        apply, *[jax.ShapeDtypeStruct(each.shape, each.dtype) for each in inputs]
    )
    output = tuple(Aval(each.shape, np.dtype(each.dtype)) for each in shapes)
    return Kernel(name, apply, inputs, output), structures[0]


__all__ = ["from_jax", "from_jax_function", "to_jax", "to_jax_function"]
