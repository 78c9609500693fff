"""`backward` and `autograd.grad`: from outputs and their gradients to those of leaves, or of inputs."""

import functools

import numpy as np

from jtorch._autograd.graph import GradientEdge
from jtorch._autograd.modes import mode
from jtorch._autograd.walk import Walk
from jtorch._device import CPU
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._engine.node import leaf
from jtorch._messages import warn_once, warn_user
from jtorch._ops.accumulation import accumulate
from jtorch._ops.creation import ones_like, zeros_like
from jtorch._ops.edges import edge_of, needs_gradient
from jtorch._ops.families import composite
from jtorch._ops.vmap import vmap
from jtorch._override import overridable
from jtorch._tensor import Tensor, from_node

_CYCLE = (
    "Using backward() with create_graph=True will create a reference cycle between the parameter and "
    "its gradient which can cause a memory leak. We recommend using autograd.grad when creating the "
    "graph to avoid this. If you have to use this function, make sure to reset the .grad fields of your "
    "parameters to None after use to break the cycle and avoid the leak."
)


def backward(
    tensors,
    grad_tensors=None,
    retain_graph=None,
    create_graph=False,
    grad_variables=None,
    inputs=None,
):
    """Add the gradients of `tensors` to the `grad` of leaves, or of `inputs` alone.

    Shape:   `grad_tensors` like `tensors`; None for tensors of one element.
    Errors:  RuntimeError for tensors without a history, for gradients of another shape, and for a
             graph whose saved values are gone.
    Source:  torch.autograd.backward.
    """
    if grad_variables is not None:
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to "
                "`backward()`. Please only use `grad_tensors`."
            )
        warn_user("`grad_variables` is deprecated. Use `grad_tensors` instead.", FutureWarning)
        grad_tensors = grad_variables
    if mode.transforms:
        raise RuntimeError(
            "backward() called inside a functorch transform. This is not supported, please use "
            "functorch.grad or functorch.vjp instead or call backward() outside of functorch transforms."
        )
    tensors = _as_tuple(tensors)
    inputs = None if inputs is None else _as_tuple(inputs)
    if inputs is not None and not inputs:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    gradients = _gradients(tensors, _given(grad_tensors, len(tensors)))
    keep = create_graph if retain_graph is None else retain_graph
    if create_graph:
        warn_once(_CYCLE)
    roots = _roots(tensors)
    if inputs is None:
        _walk(Walk(roots, keep_graph=keep), gradients, create_graph)
        return
    edges = [_edge_of_input(each, "can't retain_grad on Tensor that has requires_grad=False")
             for each in inputs]  # fmt: skip
    walk = Walk(roots, edges, keep_graph=keep)
    _walk(walk, gradients, create_graph)
    for each, edge in zip(inputs, edges, strict=True):
        if isinstance(each, Tensor) and each.grad_fn is not None and edge in walk.captured:
            with set_mode(create_graph):
                accumulate(each, walk.captured[edge])


@overridable
def grad(
    outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True,
    allow_unused=None, is_grads_batched=False, materialize_grads=False,
) -> tuple[Tensor, ...]:  # fmt: skip
    """The gradients of the sum of `outputs` with respect to `inputs`.

    Shape:   those of `inputs`.
    Errors:  RuntimeError as `backward`; for an input that the outputs do not depend on, unless
             `allow_unused` or `materialize_grads`.
    Source:  torch.autograd.grad.
    """
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, "
            "but got: allow_unused=False."
        )
    allow_unused = materialize_grads if allow_unused is None else allow_unused
    outputs, inputs = _as_tuple(outputs), _as_tuple(inputs)
    if not inputs:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    if not only_inputs:
        warn_user(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate "
            "gradient for other parts of the graph, please use torch.autograd.backward.",
            FutureWarning,
        )
    given = _given(grad_outputs, len(outputs))
    if is_grads_batched:
        return batched_grad(outputs, inputs, given, retain_graph, create_graph, allow_unused)
    gradients = _gradients(outputs, given)
    roots = _roots(outputs)
    edges = [_edge_of_input(each, "One of the differentiated Tensors does not require grad")
             for each in inputs]  # fmt: skip
    keep = create_graph if retain_graph is None else retain_graph
    walk = Walk(roots, edges, accumulate=False, keep_graph=keep)
    _walk(walk, gradients, create_graph)
    found = [walk.captured.get(edge) for edge in edges]
    for place, each in enumerate(found):
        if each is None and not allow_unused:
            raise RuntimeError(
                f"The differentiated Tensor at index {place} appears to not have been used in the "
                "graph. Set allow_unused=True if this is the desired behavior."
            )
        if each is None and materialize_grads:
            if isinstance(inputs[place], GradientEdge):
                raise RuntimeError(
                    "materialize_grads cannot be used when the given input is a GradientEdge"
                )
            found[place] = zeros_like(inputs[place])
    return tuple(found)


def batched_grad(outputs, inputs, given, retain_graph, create_graph, allow_unused):
    """`grad` for several gradients at once: `given` has them along a first dim."""
    for place, (output, each) in enumerate(zip(outputs, given, strict=True)):
        if each is not None and (not each.ndim or each.shape[1:] != output.shape):
            raise RuntimeError(
                "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as "
                "the batch dimension. The sizes of the remaining dimensions are expected to match the "
                f"shape of corresponding output, but a mismatch was detected: grad_output[{place}] has "
                f"a shape of {each.shape[2:]} and output[{place}] has a shape of {output.shape}. If you "
                "only want some tensors in `grad_output` to be considered batched, consider using vmap."
            )
    used = []

    def vjp(*some):
        found = grad(outputs, inputs, some, retain_graph, create_graph, allow_unused=allow_unused)
        used[:] = [each is not None for each in found]
        return tuple([each for each in found if each is not None])

    known = [
        ones_like(out) if each is None else each for out, each in zip(outputs, given, strict=True)
    ]
    found = iter(vmap(vjp)(*known))
    return tuple([next(found) if each else None for each in used])


class set_mode:
    """Grad mode for the length of a `with`."""

    def __init__(self, enabled):
        self._enabled = enabled

    def __enter__(self):
        self._before, mode.enabled = mode.enabled, bool(self._enabled)

    def __exit__(self, *exception):
        mode.enabled = self._before


def _walk(walk, gradients, create_graph):
    with set_mode(create_graph):
        walk.run(gradients)


def _as_tuple(tensors):
    return (tensors,) if isinstance(tensors, (Tensor, GradientEdge)) else tuple(tensors)


def _given(gradients, count):
    """The gradients of outputs, as a list: None where none was given."""
    if gradients is None:
        return [None] * count
    gradients = list(_as_tuple(gradients))
    if len(gradients) < count:
        raise RuntimeError(f"got {count} tensors and {len(gradients)} gradients")
    for each in gradients:
        if each is not None and not isinstance(each, Tensor):
            raise TypeError(
                f"gradients can be either Tensors or None, but got {type(each).__name__}"
            )
    return gradients[:count]


def _roots(tensors):
    roots = []
    for place, each in enumerate(tensors):
        edge = each[:2] if isinstance(each, GradientEdge) else edge_of(each)
        if edge is None:
            raise RuntimeError(
                f"element {place} of tensors does not require grad and does not have a grad_fn"
            )
        roots.append(edge)
    return roots


def _edge_of_input(tensor, refusal):
    """Where the gradient of an input goes. Errors: RuntimeError(refusal) if none is wanted of it."""
    if isinstance(tensor, GradientEdge):
        return tensor[:2]
    if not isinstance(tensor, Tensor):
        raise RuntimeError(
            f"all inputs have to be Tensors or GradientEdges, but got {type(tensor).__name__}"
        )
    edge = edge_of(tensor)
    if edge is None:
        raise RuntimeError(refusal)
    return edge


def _gradients(outputs, given):
    """The gradients to start from; 1 for a scalar where none was given."""
    return [
        _gradient(place, output, gradient)
        for place, (output, gradient) in enumerate(zip(outputs, given, strict=True))
    ]


def _gradient(place, output, gradient):
    if isinstance(output, GradientEdge):
        output = from_node(None, output.node._metas[output.output_nr])
        output._requires_grad = True
    if not isinstance(output, Tensor):
        raise AssertionError("Expected output to be a torch.Tensor")
    if gradient is None:
        if not needs_gradient(output):
            return None
        if output.numel() != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if output.dtype.category != FLOATING:
            raise RuntimeError(
                f"grad can be implicitly created only for real scalar outputs but got {output.dtype}"
            )
        return _seed(output)
    if not isinstance(gradient, Tensor):
        raise TypeError(
            f"gradients can be either Tensors or None, but got {type(gradient).__name__}"
        )
    if gradient.shape != output.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{place}] has a shape of {gradient.shape} and "
            f"output[{place}] has a shape of {output.shape}."
        )
    if (gradient.dtype.category == COMPLEX) != (output.dtype.category == COMPLEX):
        raise RuntimeError(
            "For complex Tensors, both grad_output and output are required to have the same dtype. "
            f"Mismatch in dtype: grad_output[{place}] has a dtype of {gradient.dtype} and "
            f"output[{place}] has a dtype of {output.dtype}."
        )
    return gradient


def _seed(output):
    """The gradient that backward starts from, where none was given."""
    meta = output._meta
    if meta.device is not CPU or meta.mirrored or not meta.is_contiguous:
        return ones_like(output)
    return from_node(_one(meta.aval), meta)


@functools.cache
def _one(aval):
    """The value of seeds: as it is never another one, all can share it, and programs take it once."""
    return leaf(np.ones(aval.shape, aval.dtype), aval)


@composite(name="backward", variants="m")
def _backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
    """Add the gradient of this tensor to the `grad` of the leaves it was made from.

    Errors:  RuntimeError for a tensor without a history, or of several elements without `gradient`.
    Source:  torch.Tensor.backward.
    """
    backward(self, gradient, retain_graph, create_graph, inputs=inputs)


_backward.__qualname__ = "Tensor.backward"
