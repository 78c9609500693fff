"""What `gradcheck` asks besides Jacobians: of zero and missing gradients, and of batches of them."""

import warnings

from jtorch._autograd.graph import Node
from jtorch._ops.backward import grad
from jtorch._ops.creation import zeros_like
from jtorch._ops.edges import edge_of, point
from jtorch._ops.join import stack
from jtorch._ops.random import rand_like
from jtorch._ops.vmap import vmap
from jtorch._tensor import from_node, node_of
from jtorch.autograd._jacobian_checks import GradcheckError
from jtorch.autograd.forward_ad import dual_level, make_dual, unpack_dual

_NOTES = (
    ' Please look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"'
)
_BATCH = 2  # how many gradients, or tangents, are tried at once


def check_multiplied(check):
    """Of gradients that are zero, those of inputs are zero, and like the inputs."""
    weights = [zeros_like(each) for each in check.outputs]
    found = grad(check.outputs, check.wanted, weights, retain_graph=True, allow_unused=True)
    for each, tensor in zip(found, check.wanted, strict=True):
        if each is None:
            continue
        if not each.eq(0).all():
            raise GradcheckError("backward not multiplied by grad_output")
        for has_other, text in (
            (each.dtype is not tensor.dtype, "grad is incorrect type"),
            (each.device != tensor.device, "grad is incorrect device"),
            (each.size() != tensor.size(), "grad is incorrect size"),
        ):
            if has_other:
                raise GradcheckError(text)


class _Undefined(Node):
    """Where a gradient gets lost on its way back."""

    def _apply(self, gradients):
        return [None]


def _lost(output):
    made = from_node(node_of(output), output._meta.replaced())
    point(made, _Undefined([edge_of(output)], (output._meta,)))
    return made


def check_undefined(check):
    """Outputs that no gradient comes to give their inputs none, or zeros: all of them, and each alone."""
    count = len(check.outputs)
    tries = [range(count)] + ([[place] for place in range(count)] if count > 1 else [])
    for lost in tries:
        outputs = check.call(*check.inputs)
        outputs = [_lost(each) if i in lost else each for i, each in enumerate(outputs)]
        weights = [zeros_like(each) for each in outputs]
        try:
            found = grad(outputs, check.wanted, weights, allow_unused=True)
        except RuntimeError as error:
            _warn_breaking()
            raise GradcheckError(
                "Expected backward function to handle undefined output grads." + _NOTES
            ) from error
        for each in found:
            if each is not None and not each.eq(0).all():
                _warn_breaking()
                raise GradcheckError(
                    "Expected all input grads to be undefined or zero when all output grads are "
                    "undefined or zero." + _NOTES
                )


def _warn_breaking():
    warnings.warn(
        "Backwards compatibility: New undefined gradient support checking feature is enabled by "
        "default, but it may break existing callers of this function. If this is true for you, you can "
        'call this function with "check_undefined_grad=False" to disable the feature',
        stacklevel=2,
    )


def check_undefined_tangents(check):
    """An input without a tangent is like one whose tangent is zero."""
    if len(check.wanted) < 2:
        return
    tangents = {id(each): rand_like(each) for each in check.wanted}
    for place, tensor in enumerate(check.wanted):
        zero = {**tangents, id(tensor): zeros_like(tensor)}
        missing = {key: each for key, each in tangents.items() if key != id(tensor)}
        pairs = zip(_pushed(check, missing), _pushed(check, zero), strict=True)
        for index, (given, expected) in enumerate(pairs):
            if given is None or expected is None:
                given, expected = given or expected, given and expected
                is_same = given is None or bool(given.eq(0).all())
            else:
                is_same = bool(((given - expected).abs() <= check.atol).all())
            if not is_same:
                raise GradcheckError(
                    f"Mismatch in tangent values for output with index: {index} when input: "
                    f"{check.wanted[place]} has an undefined tangent value.  Got: {given} but expected: "
                    f"{expected}"
                )


def _pushed(check, tangents):
    """The tangents of the outputs, where inputs have those given by id."""
    with dual_level():
        given = [
            make_dual(each.detach().requires_grad_(), tangents[id(each)])
            if id(each) in tangents
            else each
            for each in check.inputs
        ]
        return [unpack_dual(each).tangent for each in check.call(*given)]


def check_batched_backward(check):
    """A batch of gradients at once gives what they give one by one."""
    for place, output in enumerate(check.outputs):
        weights = [rand_like(output) for _ in range(_BATCH)]
        each_input = [
            index
            for index, each in enumerate(
                grad(output, check.wanted, weights[0], retain_graph=True, allow_unused=True)
            )
            if each is not None
        ]
        wanted = [check.wanted[index] for index in each_input]
        if not wanted:
            continue

        def pull(weight, output=output, wanted=wanted):
            return tuple(grad(output, wanted, weight, retain_graph=True))

        _compare_batch(check, pull, weights, place, each_input, "gradients")


def check_batched_forward(check):
    """A batch of tangents at once gives what they give one by one."""
    for index, tensor in enumerate(check.wanted):
        weights = [rand_like(tensor) for _ in range(_BATCH)]

        def push(weight, tensor=tensor):
            with dual_level():
                given = [
                    make_dual(each.detach().requires_grad_(), weight) if each is tensor else each
                    for each in check.inputs
                ]
                found = [unpack_dual(each) for each in check.call(*given)]
            return tuple(zeros_like(one) if each is None else each for one, each in found)

        _compare_batch(check, push, weights, 0, [index], "gradients", forward=True)


def _compare_batch(check, function, weights, place, inputs, what, forward=False):
    expected = [stack(each) for each in zip(*map(function, weights), strict=True)]
    try:
        found = vmap(function)(stack(weights))
    except RuntimeError as error:
        raise GradcheckError(f"While computing batched {what}, got: {error}") from error
    for number, (given, wanted) in enumerate(zip(found, expected, strict=True)):
        if not given.allclose(wanted, rtol=check.rtol, atol=check.atol):
            output, index = (number, inputs[0]) if forward else (place, inputs[number])
            raise GradcheckError(
                f"\nFor output {output} and input {index}:\n\ngot:\n{given}\n\nExpected:\n{wanted}\n\n"
                "gradcheck or gradgradcheck failed while testing batched gradient computation."
            )
