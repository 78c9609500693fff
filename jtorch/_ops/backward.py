"""`backward` and `autograd.grad`: from outputs and their gradients to those of leaves, or of inputs."""

from jtorch._autograd.modes import mode
from jtorch._autograd.walk import Walk
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._ops.creation import ones_like, zeros_like
from jtorch._ops.families import composite
from jtorch._ops.history import accumulate, edge_of, needs_gradient
from jtorch._ops.join import stack
from jtorch._tensor import Tensor


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
        raise RuntimeError("`grad_variables` is deprecated: use `grad_tensors`")
    if inputs is not None and not isinstance(inputs, Tensor) and not len(inputs):
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    tensors = _as_tuple(tensors)
    gradients = _gradients(tensors, _given(grad_tensors, len(tensors)))
    keep = create_graph if retain_graph is None else retain_graph
    roots = _roots(tensors)
    if inputs is None:
        _walk(Walk(roots, keep_graph=keep), gradients, create_graph)
        return
    inputs = _as_tuple(inputs)
    edges = [_edge_of_input(each, "backward") for each in inputs]
    walk = Walk(roots, edges, keep_graph=keep)
    _walk(walk, gradients, create_graph)
    for each, edge in zip(inputs, edges, strict=True):
        if each.grad_fn is not None and edge in walk.captured:
            with set_mode(create_graph):
                accumulate(each, walk.captured[edge])


def grad(
    outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True,
    allow_unused=None, is_grads_batched=False, materialize_grads=False,
):  # fmt: skip
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
    given = _given(grad_outputs, len(outputs))
    if is_grads_batched:
        return batched_grad(outputs, inputs, given, retain_graph, create_graph, allow_unused)
    gradients = _gradients(outputs, given)
    roots = _roots(outputs)
    edges = [_edge_of_input(each, "grad") for each in inputs]
    keep = create_graph if retain_graph is None else retain_graph
    walk = Walk(roots, edges, accumulate=False, keep_graph=keep)
    _walk(walk, gradients, create_graph)
    found = [walk.captured.get(edge) for edge in edges]
    if None in [None if each is None else 0 for each in found] and not allow_unused:
        raise RuntimeError(
            "One of the differentiated Tensors appears to not have been used in the graph. Set "
            "allow_unused=True if this is the desired behavior."
        )
    if materialize_grads:
        found = [
            zeros_like(one) if each is None else each
            for each, one in zip(found, inputs, strict=True)
        ]
    return tuple(found)


def batched_grad(outputs, inputs, given, retain_graph, create_graph, allow_unused):
    """`grad` for several gradients at once: `given` has them along a first dim."""
    count = next(each.shape[0] for each in given if each is not None)
    rows = []
    for place in range(count):
        last = place == count - 1
        rows.append(
            grad(
                outputs, inputs, [None if each is None else each[place] for each in given],
                retain_graph if last else True, create_graph, allow_unused=allow_unused,
            )
        )  # fmt: skip
    return tuple(None if each[0] is None else stack(each) for each in zip(*rows, strict=True))


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
    return (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)


def _given(gradients, count):
    """The gradients of outputs, as a list: None where none was given."""
    if gradients is None:
        return [None] * count
    gradients = list(_as_tuple(gradients))
    if len(gradients) != count:
        raise RuntimeError(f"got {count} tensors and {len(gradients)} gradients")
    return gradients


def _roots(tensors):
    roots = []
    for place, each in enumerate(tensors):
        edge = edge_of(each)
        if edge is None:
            raise RuntimeError(
                f"element {place} of tensors does not require grad and does not have a grad_fn"
            )
        roots.append(edge)
    return roots


def _edge_of_input(tensor, name):
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name}(): inputs must be tensors")
    edge = edge_of(tensor)
    if edge is None:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    return edge


def _gradients(outputs, given):
    """The gradients to start from; 1 for a scalar where none was given."""
    return [
        _gradient(place, output, gradient)
        for place, (output, gradient) in enumerate(zip(outputs, given, strict=True))
    ]


def _gradient(place, output, gradient):
    if gradient is None:
        if not needs_gradient(output):
            return None
        if output.numel() != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if output.dtype.category != FLOATING:
            raise RuntimeError(
                f"grad can be implicitly created only for real scalar outputs but got {output.dtype}"
            )
        return ones_like(output)
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


@composite(name="backward", variants="m")
def _backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
    """Add the gradient of this tensor to the `grad` of the leaves it was made from.

    Errors:  RuntimeError for a tensor without a history, or of several elements without `gradient`.
    Source:  torch.Tensor.backward.
    """
    backward(self, gradient, retain_graph, create_graph, inputs=inputs)
