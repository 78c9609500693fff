"""torch.autograd.functional: products with Jacobians and Hessians, and these themselves, by the tape."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import enable_grad, mode
from jtorch._engine.realize import run_all
from jtorch._ops.backward import grad, set_mode
from jtorch._ops.creation import zeros, zeros_like
from jtorch._ops.join import stack
from jtorch._ops.view import view_
from jtorch._ops.vmap import vmap
from jtorch._tensor import Tensor
from jtorch.autograd import forward_ad

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]

_OUTPUTS = "outputs of the user-provided function"
_STRICT = " This is not allowed in strict mode."
_STRICT_GRAPH = " This is not allowed in strict mode when create_graph=True."
_ONE_ELEMENT = (
    "The vector v can only be None if the input to the user-provided function is a single Tensor "
    "with a single element."
)
# Of a derivative that is not there: what torch says, with {i} for its place.
_INDEPENDENT = {
    "back": "The output of the user-provided function is independent of input {i}." + _STRICT,
    "back_trick": (
        "The gradient with respect to the input is independent of entry {i} in the grad_outputs when "
        "using the double backward trick to compute forward mode gradients." + _STRICT
    ),
    "double_back": "The jacobian of the user-provided function is independent of input {i}."
    + _STRICT,
    "double_back_trick": (
        "The hessian of the user-provided function is independent of entry {i} in the grad_jacobian. "
        "This is not allowed in strict mode as it prevents from using the double backward trick to "
        "replace forward mode AD."
    ),
}
# Of values that have no gradient.
_CONSTANT = {
    "outputs": (
        "Output {i} of the user-provided function does not require gradients. The outputs must be "
        "computed in a differentiable manner from the input when running in strict mode."
    ),
    "grad_inputs": (
        "The gradient with respect to input {i} is independent of the inputs of the user-provided "
        "function." + _STRICT
    ),
    "jacobian": (
        "While computing the hessian, found that the jacobian of the user-provided function with "
        "respect to input {i} is independent of the input. This is not allowed in strict mode. You "
        "should ensure that your function is twice differentiable and that the jacobian depends on the "
        "inputs (this would be violated by a linear function for example)."
    ),
}


def vjp(func, inputs, v=None, create_graph=False, strict=False):
    """(outputs of `func`, the vector `v` times its Jacobian at `inputs`).

    Shape:   `v` like the outputs; the product like the inputs.
    Errors:  TypeError for what is no tensor; RuntimeError for a `v` that does not fit, and in strict
             mode for an output that does not depend on an input.
    Source:  torch.autograd.functional.vjp.
    """
    with enable_grad():
        is_tuple, inputs = _as_tuple(inputs, "inputs", "vjp")
        inputs = _prepared(inputs, create_graph, True)
        outputs_are_tuple, outputs = _as_tuple(func(*inputs), _OUTPUTS, "vjp")
        _require_gradients(outputs, "outputs", strict)
        if v is not None:
            _, v = _as_tuple(v, "v", "vjp")
            v = _prepared(v, create_graph, False)
            _check_vector(v, outputs, outputs_are_tuple)
        elif len(outputs) != 1 or outputs[0].numel() != 1:
            raise RuntimeError(
                "The vector v can only be None if the user-provided function returns a single Tensor "
                "with a single element."
            )
    with set_mode(create_graph or mode.enabled):
        found = _gradients(outputs, inputs, v, create_graph)
        found = _filled(found, inputs, strict, create_graph, "back")
    return _finished(outputs, outputs_are_tuple, create_graph), _finished(
        found, is_tuple, create_graph
    )


def jvp(func, inputs, v=None, create_graph=False, strict=False):
    """(outputs of `func`, its Jacobian at `inputs` times the vector `v`), by reverse mode, twice.

    Shape:   `v` like the inputs; the product like the outputs.
    Errors:  as `vjp`.
    Source:  torch.autograd.functional.jvp.
    """
    with enable_grad():
        is_tuple, inputs = _as_tuple(inputs, "inputs", "jvp")
        inputs = _prepared(inputs, create_graph, True)
        v = _vector(v, inputs, is_tuple, create_graph, "jvp")
        outputs_are_tuple, outputs = _as_tuple(func(*inputs), _OUTPUTS, "jvp")
        _require_gradients(outputs, "outputs", strict)
        # the product with the Jacobian's transpose is linear in these: its derivative is the Jacobian
        weights = tuple(zeros_like(each, requires_grad=True) for each in outputs)
        back = _gradients(outputs, inputs, weights, create_graph=True)
        _require_gradients(back, "grad_inputs", strict)
    with set_mode(create_graph or mode.enabled):
        found = _gradients(back, weights, v, create_graph)
        found = _filled(found, outputs, strict, create_graph, "back_trick")
    return _finished(outputs, outputs_are_tuple, create_graph), _finished(
        found, outputs_are_tuple, create_graph
    )


def vhp(func, inputs, v=None, create_graph=False, strict=False):
    """(output of `func`, the vector `v` times the Hessian of that one number at `inputs`).

    Shape:   `v` and the product like the inputs.
    Errors:  as `vjp`; RuntimeError for an output that is not one number.
    Source:  torch.autograd.functional.vhp.
    """
    is_tuple, inputs, v, outputs, back = _first_derivative(
        func, inputs, v, create_graph, strict, "vhp"
    )
    with set_mode(create_graph or mode.enabled):
        found = _gradients(back, inputs, v, create_graph)
        found = _filled(found, inputs, strict, create_graph, "double_back")
    return _finished(outputs, False, create_graph), _finished(found, is_tuple, create_graph)


def hvp(func, inputs, v=None, create_graph=False, strict=False):
    """(output of `func`, the Hessian of that one number at `inputs` times the vector `v`).

    Shape:   `v` and the product like the inputs.
    Errors:  as `vhp`.
    Source:  torch.autograd.functional.hvp.
    """
    is_tuple, inputs, v, outputs, back = _first_derivative(
        func, inputs, v, create_graph, strict, "hvp"
    )
    with enable_grad():
        weights = tuple(zeros_like(each, requires_grad=True) for each in inputs)
        twice = _gradients(back, inputs, weights, create_graph=True)
    with set_mode(create_graph or mode.enabled):
        found = _gradients(twice, weights, v, create_graph)
        found = _filled(found, inputs, strict, create_graph, "double_back_trick")
    return _finished(outputs, False, create_graph), _finished(found, is_tuple, create_graph)


def _first_derivative(func, inputs, v, create_graph, strict, name):
    """What `vhp` and `hvp` begin with: the gradients of an output that is one number."""
    with enable_grad():
        is_tuple, inputs = _as_tuple(inputs, "inputs", name)
        inputs = _prepared(inputs, create_graph, True)
        v = _vector(v, inputs, is_tuple, create_graph, name)
        outputs_are_tuple, outputs = _as_tuple(func(*inputs), _OUTPUTS, name)
        _require_gradients(outputs, "outputs", strict)
        _require_one_number(outputs, outputs_are_tuple, name)
        back = _gradients(outputs, inputs, create_graph=True)
        _require_gradients(back, "jacobian", strict)
    return is_tuple, inputs, v, outputs, back


def jacobian(
    func, inputs, create_graph=False, strict=False, vectorize=False, strategy="reverse-mode"
):
    """The Jacobian of `func` at `inputs`: a tensor, or tuples of them by outputs and by inputs.

    A backward pass for each element of the outputs; with `vectorize` one for all of them, or with
    "forward-mode" one forward pass for all elements of the inputs.

    Shape:   that of the output, and then that of the input.
    Errors:  as `vjp`; NotImplementedError and RuntimeError for options that exclude each other.
    Source:  torch.autograd.functional.jacobian.
    """
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your function '
            'has more outputs than inputs, "forward-mode" tends to be more performant. Otherwise, '
            'prefer to use "reverse-mode".'
        )
    if strategy == "forward-mode":
        if create_graph:
            raise NotImplementedError(
                "torch.autograd.functional.jacobian: `create_graph=True` and `strategy="
                '"forward-mode"` are not supported together (yet). Please either set '
                '`create_graph=False` or `strategy="reverse-mode"`.'
            )
        return _forward_jacobian(func, inputs, strict, vectorize)
    with enable_grad():
        is_tuple, inputs = _as_tuple(inputs, "inputs", "jacobian")
        inputs = _prepared(inputs, create_graph, True)
        outputs_are_tuple, outputs = _as_tuple(func(*inputs), _OUTPUTS, "jacobian")
        _require_gradients(outputs, "outputs", strict)
        if vectorize and strict:
            raise RuntimeError(
                "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not "
                "supported together. Please either set `strict=False` or `vectorize=False`."
            )
        rows = []
        for place, output in enumerate(outputs):
            find = _rows_at_once if vectorize else _rows_one_by_one
            found = find(output, inputs, create_graph)
            if strict:
                _check_rows(found, place, create_graph)
            rows.append(tuple(_blocks(found, output, inputs)))
    rows = tuple(_finished(each, is_tuple, create_graph) for each in rows)
    return rows if outputs_are_tuple else rows[0]


def _rows_one_by_one(output, inputs, create_graph):
    """For each input the gradients of the elements of an output, stacked; None where there are none."""
    run_all()  # the rows then are one program, run for each of them
    rows = []
    flat = output.reshape(-1)
    for index in range(output.numel() if output.requires_grad else 0):
        rows.append(_gradients((flat[index],), inputs, None, create_graph, retain_graph=True))
        run_all()
    if not rows:
        return [None] * len(inputs)
    return [
        None if any(one is None for one in column) else stack(column)
        for column in zip(*rows, strict=True)
    ]


def _rows_at_once(output, inputs, create_graph):
    rows = [None] * len(inputs)
    if not output.requires_grad or not output.numel():
        return rows
    reached = []

    def pull(v):
        found = _gradients((output,), inputs, (v,), create_graph, retain_graph=True)
        reached[:] = [place for place, each in enumerate(found) if each is not None]
        return tuple(found[place] for place in reached)

    found = vmap(pull)(_basis(output))
    for place, each in zip(reached, found, strict=True):
        rows[place] = each
    return rows


def _basis(tensor, before=0, total=None):
    """A direction for each element of a tensor, among `total` ones: 1 there, and 0 elsewhere."""
    count = tensor.numel()
    total = count if total is None else total
    basis = zeros((total, count), dtype=tensor.dtype, device=tensor.device)
    basis[before : before + count].fill_diagonal_(1)
    return view_(basis, (total, *tensor.shape))


def _blocks(rows, output, inputs):
    """The rows of one output in the shapes of a Jacobian; zeros where there are none."""
    for each, one in zip(rows, inputs, strict=True):
        shape = (*output.shape, *one.shape)
        yield (
            zeros(shape, dtype=one.dtype, device=one.device) if each is None else view_(each, shape)
        )


def _check_rows(rows, place, create_graph):
    """torch's errors in strict mode for blocks of a Jacobian that are constant or zero."""
    for index, each in enumerate(rows):
        if each is None:
            raise RuntimeError(
                f"Output {place} of the user-provided function is independent of input {index}."
                + _STRICT
            )
        if create_graph and not each.requires_grad:
            raise RuntimeError(
                f"The jacobian of the user-provided function is independent of input {place}."
                + _STRICT_GRAPH  # the place of the output it is in torch, too
            )


def _forward_jacobian(func, inputs, strict, vectorize):
    """The Jacobian by one forward pass, for all elements of the inputs at once."""
    if strict:
        raise RuntimeError(
            'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` are not '
            'supported together (yet). Please either set `strict=False` or `strategy="reverse-mode"`.'
        )
    is_tuple, inputs = _as_tuple(inputs, "inputs", "jacobian")
    if not vectorize:
        raise NotImplementedError(
            "Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly implemented "
            "for `vectorize=True`."
        )
    shown = []

    def push(*directions):
        duals = [
            forward_ad.make_dual(each, direction)
            for each, direction in zip(inputs, directions, strict=True)
        ]
        outputs_are_tuple, outputs = _as_tuple(func(*duals), _OUTPUTS, "jacobian")
        shown[:] = [outputs_are_tuple]
        pairs = [forward_ad.unpack_dual(each) for each in outputs]
        return tuple(zeros_like(one) if each is None else each for one, each in pairs)

    total = sum(each.numel() for each in inputs)
    before, basis = 0, []
    for each in inputs:
        basis.append(_basis(each, before, total))
        before += each.numel()
    with forward_ad.dual_level():
        columns = vmap(push)(*basis)
    rows = [list(_split(each, inputs)) for each in columns]
    if not shown[0]:
        return rows[0] if is_tuple else rows[0][0]
    return rows if is_tuple else tuple(each[0] for each in rows)  # lists are what torch gives


def _split(columns, inputs):
    """The derivatives of one output in all directions as blocks of a Jacobian, one per input."""
    start = 0
    for each in inputs:
        stop = start + each.numel()
        block = columns[start:stop].movedim(0, -1)
        yield block.reshape((*columns.shape[1:], *each.shape))
        start = stop


def hessian(
    func, inputs, create_graph=False, strict=False, vectorize=False,
    outer_jacobian_strategy="reverse-mode",
):  # fmt: skip
    """The Hessian at `inputs` of `func`, which gives one number: the Jacobian of its Jacobian.

    Shape:   that of an input, and then that of another one, or the same.
    Errors:  as `jacobian`; RuntimeError for an output that is not one number.
    Source:  torch.autograd.functional.hessian.
    """
    is_tuple, inputs = _as_tuple(inputs, "inputs", "hessian")
    if outer_jacobian_strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".')

    def one_number(*given):
        outputs_are_tuple, outputs = _as_tuple(func(*given), _OUTPUTS, "hessian")
        _require_one_number(outputs, outputs_are_tuple, "hessian")
        _require_gradients(outputs, "outputs", strict)
        return outputs[0].reshape(())

    def first(*given):
        if outer_jacobian_strategy == "forward-mode":
            given = tuple(each.requires_grad_(True) for each in given)
        found = jacobian(one_number, given, create_graph=True)
        _require_gradients(found, "jacobian", strict)
        return found

    found = jacobian(
        first, inputs, create_graph=create_graph, strict=strict, vectorize=vectorize,
        strategy=outer_jacobian_strategy,
    )  # fmt: skip
    return found if is_tuple else found[0][0]


# What all of them share


def _as_tuple(value, what, name):
    """(whether it was a tuple, the tensors as a tuple)."""
    values = value if isinstance(value, tuple) else (value,)
    for place, each in enumerate(values):
        if not isinstance(each, Tensor):
            given = (
                f"the value at index {place} has type {type(each)}."
                if isinstance(value, tuple)
                else f"the given {what} has type {type(each)}."
            )
            raise TypeError(
                f"The {what} given to {name} must be either a Tensor or a tuple of Tensors but {given}"
            )
    return isinstance(value, tuple), values


def _prepared(tensors, create_graph, need_graph):
    """The tensors in a graph of their own, which the user's goes on behind if one is to be made."""
    return tuple(
        each.view_as(each)
        if create_graph and each.requires_grad
        else each.detach().requires_grad_(need_graph)
        for each in tensors
    )


def _vector(v, inputs, is_tuple, create_graph, name):
    """`v`, prepared and checked against the inputs that it is multiplied with."""
    if v is None:
        if len(inputs) != 1 or inputs[0].numel() != 1:
            raise RuntimeError(_ONE_ELEMENT)
        return None
    _, v = _as_tuple(v, "v", name)
    v = _prepared(v, create_graph, False)
    _check_vector(v, inputs, is_tuple)
    return v


def _check_vector(v, others, is_tuple):
    if len(others) != len(v):
        if is_tuple:
            raise RuntimeError(
                f"v is a tuple of invalid length: should be {len(others)} but got {len(v)}."
            )
        raise RuntimeError("The given v should contain a single Tensor.")
    for place, (each, other) in enumerate(zip(v, others, strict=True)):
        if each.size() != other.size():
            entry = f"Entry {place} in " if is_tuple else ""
            raise RuntimeError(
                f"{entry}v has invalid size: should be {other.size()} but got {each.size()}."
            )


def _require_one_number(outputs, are_tuple, name):
    if are_tuple:
        raise RuntimeError(f"The function given to {name} should return a single Tensor")
    if outputs[0].numel() != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to {name} should contain a single element"
        )


def _require_gradients(tensors, what, strict):
    """torch's errors in strict mode for tensors that do not depend on the inputs."""
    if not strict:
        return
    for place, each in enumerate(tensors):
        if each is None:
            raise RuntimeError(_INDEPENDENT["back"].format(i=place))
        if not each.requires_grad:
            raise RuntimeError(_CONSTANT[what].format(i=place))


def _gradients(outputs, inputs, given=None, create_graph=False, retain_graph=None):
    """`grad` of those outputs that have gradients; None for inputs that none of them depends on."""
    given = (None,) * len(outputs) if given is None else given
    pairs = [
        (output, gradient)
        for output, gradient in zip(outputs, given, strict=True)
        if output is not None and output.requires_grad
    ]
    if not pairs:
        return (None,) * len(inputs)
    outputs, given = zip(*pairs, strict=True)
    return grad(
        outputs,
        inputs,
        given,
        retain_graph=retain_graph,
        create_graph=create_graph,
        allow_unused=True,
    )


def _filled(found, others, strict, create_graph, stage):
    """Derivatives with zeros where there are none: an error in strict mode."""
    for place, each in enumerate(found):
        if strict and each is None:
            raise RuntimeError(_INDEPENDENT[stage].format(i=place))
        if strict and create_graph and not each.requires_grad:
            what = "hessian" if "double" in stage else "jacobian"
            raise RuntimeError(
                f"The {what} of the user-provided function is independent of input {place}."
                + _STRICT_GRAPH
            )
    return tuple(
        zeros_like(other) if each is None else each
        for each, other in zip(found, others, strict=True)
    )


def _finished(tensors, is_tuple, create_graph):
    """What a user gets of a tuple: without a history unless one was to be made."""
    if not create_graph:
        tensors = tuple(each.detach() for each in tensors)
    return tensors if is_tuple else tensors[0]


def __getattr__(name):
    raise missing_attribute(__name__, name)
