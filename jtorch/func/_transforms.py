"""`grad`, `vjp`, `jvp` and their relatives: functions that differentiate functions."""

import functools

from jtorch._autograd.modes import Transform, enable_grad
from jtorch._dtypes import FLOATING
from jtorch._engine.symbolic import Level
from jtorch._ops.backward import grad as gradients_of
from jtorch._ops.creation import zeros_like
from jtorch._ops.lift import Seen
from jtorch._ops.tangents import enter_level, exit_level, give, tangent_of
from jtorch._ops.view import dense_copy
from jtorch._tensor import Tensor, from_node, node_of
from jtorch._trees import drawn, flatten, tree_map, unflatten
from jtorch.func._levels import Inputs, require_tensor


def grad_and_value(func, argnums=0, has_aux=False):
    """The function that gives the gradient of `func`, and its value.

    Errors:  RuntimeError unless `func` returns a tensor without dims.
    Source:  torch.func.grad_and_value.
    """

    @functools.wraps(func)
    def wrapped(*args, **kwargs):
        chosen, spec = flatten(_chosen(args, argnums))
        inputs = Inputs([_differentiable(each) for each in chosen])
        with enable_grad(), Transform():
            value = func(*_replaced(args, argnums, unflatten(inputs.tensors, spec)), **kwargs)
            value, aux = _with_aux("grad_and_value(f)(*args)", value, has_aux)
            _require_scalar(value)
            found = _gradients([value], inputs.tensors, None)
        gradients = unflatten([inputs.take_out(each) for each in found], spec)
        value = inputs.take_out(value)
        if has_aux:
            return gradients, (value, tree_map(inputs.take_out, aux))
        return gradients, value

    return wrapped


def grad(func, argnums=0, has_aux=False):
    """The function that gives the gradient of `func`.

    Errors:  as `grad_and_value`.
    Source:  torch.func.grad.
    """

    @functools.wraps(func)
    def wrapped(*args, **kwargs):
        gradients, value = grad_and_value(func, argnums, has_aux)(*args, **kwargs)
        return (gradients, value[1]) if has_aux else gradients

    return wrapped


def _chosen(args, argnums):
    if isinstance(argnums, int):
        return args[_argument(args, argnums)]
    if not isinstance(argnums, tuple):
        raise RuntimeError(f"argnums must be int or Tuple[int, ...], got: {type(argnums)}")
    if not argnums:
        raise RuntimeError("argnums must be non-empty")
    return tuple([args[_argument(args, each)] for each in argnums])


def _argument(args, argnum):
    if not -len(args) <= argnum < len(args):
        raise RuntimeError(f"Got argnum={argnum}, but only {len(args)} positional inputs")
    return argnum % len(args)


def _replaced(args, argnums, values):
    args = list(args)
    if isinstance(argnums, int):
        args[argnums] = values
    else:
        for place, value in zip(argnums, values, strict=True):
            args[place] = value
    return args


def _differentiable(value):
    require_tensor(value)
    if value.dtype.category < FLOATING:
        raise RuntimeError("only Tensors of floating point dtype can require gradients")
    return value


def _require_scalar(value):
    if not isinstance(value, Tensor):
        raise RuntimeError(
            f"grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got {type(value)}"
        )
    if value.ndim:
        raise RuntimeError(
            "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with "
            f"{value.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
        )


def _gradients(outputs, inputs, given, retain_graph=True):
    """The gradients of those outputs that have a history; zeros where an input has no part in it."""
    pairs = [
        (each, one)
        for each, one in zip(outputs, given or [None] * len(outputs), strict=True)
        if each.requires_grad
    ]
    if not pairs:
        return [zeros_like(each) for each in inputs]
    outputs, given = zip(*pairs, strict=True)
    return gradients_of(
        outputs, inputs, None if given[0] is None else given, retain_graph, True,
        allow_unused=True, materialize_grads=True,
    )  # fmt: skip


def vjp(func, *primals, has_aux=False):
    """(what `func` gives, the function from gradients of that to gradients of `primals`).

    Errors:  RuntimeError unless `func` returns nothing but tensors.
    Source:  torch.func.vjp.
    """
    flat, spec = flatten(primals)
    inputs = Inputs([_differentiable(each) for each in flat])
    with enable_grad(), Transform():
        outputs = func(*unflatten(inputs.tensors, spec))
        outputs, aux = _with_aux("vjp(f, *primals)", outputs, has_aux)
    leaves, out_spec = flatten(outputs)
    _require_tensors("vjp(f, *primals)", leaves)

    def backward(*cotangents, retain_graph=True, create_graph=None):
        given = cotangents[0] if len(cotangents) == 1 else cotangents
        flat_given, given_spec = flatten(given)
        if given_spec != out_spec:
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as pytree structure of outputs "
                f"to the function. cotangents: {drawn(given_spec)}, primal output: {drawn(out_spec)}"
            )
        with enable_grad():
            found = _gradients(leaves, inputs.tensors, flat_given, retain_graph)
        found = unflatten([inputs.take_out(each) for each in found], spec)
        return found if len(primals) > 1 else found[0]

    backward = backward if len(primals) > 1 else _of_one(backward)
    result = unflatten([inputs.take_out(each) for each in leaves], out_spec)
    if has_aux:
        return result, backward, tree_map(inputs.take_out, aux)
    return result, backward


def _of_one(backward):
    """For one primal torch gives a tuple of one gradient."""

    def wrapped(*cotangents, retain_graph=True, create_graph=None):
        return (backward(*cotangents, retain_graph=retain_graph, create_graph=create_graph),)

    return wrapped


def _with_aux(where, outputs, has_aux):
    """(what a function gives, what it gives besides), the second None unless it was announced."""
    if not has_aux:
        return outputs, None
    if not isinstance(outputs, tuple) or len(outputs) != 2:
        raise RuntimeError(
            f"{where}: output of function f should be a tuple: (output, aux) if has_aux is True"
        )
    return outputs


def _require_tensors(where, leaves):
    for each in leaves:
        if not isinstance(each, Tensor):
            raise RuntimeError(
                f"{where}: expected f(*primals) to return only tensors, got unsupported type "
                f"{type(each)}"
            )


def jvp(func, primals, tangents_, *, strict=False, has_aux=False):
    """(what `func` gives, the derivative of that in the direction of `tangents`).

    Errors:  RuntimeError for tangents that do not fit, and unless `func` returns tensors.
    Source:  torch.func.jvp.
    """
    if not isinstance(primals, tuple):
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals to be a tuple. E.g. it should be valid to "
            "call f(*primals)."
        )
    flat, spec = flatten(primals)
    given, given_spec = flatten(tangents_)
    if given_spec != spec:
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals and tangents to have the same python "
            f"structure. For example, if primals is a tuple of 3 tensors, tangents also must be. Got "
            f"primals with structure {spec} and tangents with structure {given_spec}"
        )
    if not flat:
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals to contain at least one Tensor."
        )
    for name, leaves in (("primals", flat), ("tangents", given)):
        for each in leaves:
            if not isinstance(each, Tensor):
                raise RuntimeError(
                    f"jvp(f, primals, tangents): Expected {name} to only contain Tensors, got "
                    f"{type(each)}"
                )
    with OpenTangents() as level, Transform():
        moving = [level.dual(each, one) for each, one in zip(flat, given, strict=True)]
        outputs = func(*unflatten(moving, spec))
        outputs, aux = _with_aux("jvp(f, primals, tangents)", outputs, has_aux)
        leaves, out_spec = flatten(outputs)
        _require_tensors("jvp(f, primals, tangents)", leaves)
        derivatives = [level.tangent(each, strict) for each in leaves]
    results = outputs, unflatten(derivatives, out_spec)
    return (*results, aux) if has_aux else results


class OpenTangents:
    """A level of forward mode, for the length of a `with`."""

    def __enter__(self):
        self.number = enter_level()
        return self

    def __exit__(self, *exception):
        exit_level()

    def dual(self, tensor, tangent):
        """A tensor with the same value, history and older tangents, and this tangent."""
        if tangent.shape != tensor.shape:
            raise RuntimeError(
                "Trying to set a forward gradient that has a different size than that of the original "
                f"Tensor, this is not supported. Tensor is of size {list(tensor.shape)} while the given "
                f"forward gradient is of size {list(tangent.shape)}."
            )
        made = dense_copy(tensor)
        give(made, self.number, tangent)
        return made

    def tangent(self, tensor, strict=False):
        """The tangent of a result; zeros if it does not depend on what moves."""
        found = tangent_of(tensor, self.number)
        if found is None:
            if strict:
                raise RuntimeError(
                    "jvp(f, primals, tangents, strict=True): The output of f is independent of the "
                    "inputs. This is not allowed with strict=True."
                )
            return zeros_like(tensor)
        return found


def linearize(func, *primals):
    """(what `func` gives, the function from tangents of `primals` to those of that).

    The derivative is recorded once; the function replays it.

    Source:  torch.func.linearize.
    """
    flat, spec = flatten(primals)
    _require_tensors("linearize(f, *primals)", flat)
    level = Level(_refuse)
    holders = [level.placeholder(each._meta.aval, each.device) for each in flat]
    moving = [
        from_node(node, each._meta.replaced()) for node, each in zip(holders, flat, strict=True)
    ]
    with level:
        outputs, derivatives = jvp(func, primals, unflatten(moving, spec))
        leaves, out_spec = flatten(derivatives)
        seen = [Seen(each) for each in leaves]

    def push(*given):
        flat_given, given_spec = flatten(given)
        if given_spec != spec:
            raise RuntimeError(
                "Expected the structure of the tangents to be that of the primals: "
                f"{given_spec} and {spec}"
            )
        for place, (each, one) in enumerate(zip(flat_given, flat, strict=True)):
            if each.shape != one.shape:
                raise RuntimeError(
                    f"tangent:{place} with shape {each.shape} in flattened pytree doesn't match the "
                    f"shape {one.shape} of the corresponding primal."
                )
        level.replayed = {
            node: (node_of(each), False) for node, each in zip(holders, flat_given, strict=True)
        }
        found = level.replay([each.node for each in seen])
        return unflatten(
            [from_node(node, each.meta) for (node, _), each in zip(found, seen, strict=True)],
            out_spec,
        )

    return outputs, push


def _refuse(node):
    return RuntimeError("linearize: the function needs the value of what depends on a tangent")


def functionalize(func, *, remove="mutations"):
    """`func` itself: what it records has no mutations, whatever it does to its tensors.

    Source:  torch.func.functionalize.
    """
    if remove not in ("mutations", "mutations_and_views"):
        raise RuntimeError(
            f"functionalize(f, remove='mutations'): received invalid argument for remove={remove}. "
            "Valid options are:\n"
            "     remove='mutations': all inplace and out= operators will be removed from the program, "
            "and replaced with their out-of-place equivalents.\n"
            "     remove='mutations_and_views': In addition to the above, all aliasing operators "
            "{view} will be replaced with their non-aliasing counterparts, {view}_copy.\n"
        )
    return functools.wraps(func)(lambda *args, **kwargs: func(*args, **kwargs))
