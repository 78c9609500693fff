"""Gradients of one sample call: what is differentiated, weighted, recorded and compared.

Every function takes the module to run on.  Nothing is read while a form is recorded, so that a lazy
engine can run all forms of a sample as one program.
"""

import dataclasses
import functools

import numpy as np

from compare import (
    Named,
    Raised,
    TensorRecord,
    freeze,
    is_tensor,
    make,
    neutral,
    raised,
    tensor_values,
    theirs,
)
from samples.spec import Sample, TensorSpec
from test_ops import function

# How deep a graph is written out.  Deeper nodes are named, but what they lead to is not.
DEPTH = 8
WIDER = {
    "float16": "float64",
    "bfloat16": "float64",
    "float32": "float64",
    "complex64": "complex128",
}
CORNERS = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -2.0)


# Samples, and variants of them


def is_inexact(spec):
    """Whether tensors of this spec can require gradients."""
    return spec.dtype.startswith(("float", "bfloat", "complex"))


def is_named(value):
    return isinstance(value, tuple) and hasattr(value, "_fields")


def specs_of(value):
    """Every tensor spec inside an argument."""
    if isinstance(value, TensorSpec):
        return [value]
    if isinstance(value, (tuple, list)):
        return [spec for item in value for spec in specs_of(item)]
    return []


def inexact_specs(sample):
    """The specs of a sample that can require gradients."""
    values = [*sample.args, *sample.kwargs.values()]
    return [spec for value in values for spec in specs_of(value) if is_inexact(spec)]


def changed(sample, change):
    """The sample with `change(spec, place)` in the place of each inexact tensor spec."""
    place = 0

    def visit(value):
        nonlocal place
        if isinstance(value, TensorSpec):
            if not is_inexact(value):
                return value
            place += 1
            return change(value, place)
        if isinstance(value, (tuple, list)):
            return type(value)(visit(item) for item in value)
        return value

    args = tuple(visit(argument) for argument in sample.args)
    return Sample(args, {name: visit(argument) for name, argument in sample.kwargs.items()})


def in_double(spec, place):
    """The same numbers in double precision."""
    return dataclasses.replace(spec, dtype=WIDER.get(spec.dtype, spec.dtype))


def with_integers(spec, place):
    """Integers of -2 to 2, in double precision: zeros, ties and kinks abound."""
    draw = np.random.default_rng([len(spec.shape), *spec.shape, place])
    values = draw.integers(-2, 3, spec.shape).astype(float)
    if spec.dtype.startswith("complex"):
        values = values + 1j * draw.integers(-2, 3, spec.shape)
    return dataclasses.replace(in_double(spec, place), values=values)


def with_corners(spec, place):
    """NaN, infinities and both zeros among a few plain numbers; complex numbers stay."""
    if spec.dtype.startswith("complex"):
        return in_double(spec, place)
    draw = np.random.default_rng([7, len(spec.shape), *spec.shape, place])
    values = draw.choice(CORNERS, spec.shape)
    return dataclasses.replace(in_double(spec, place), values=values)


def distinct(samples):
    """(index, sample) of those that are not written the same as one before."""
    seen = set()
    kept = []
    for index, sample in samples:
        if repr(sample) not in seen:
            seen.add(repr(sample))
            kept.append((index, sample))
    return kept


# One call on leaves


def tensors_of(value):
    """Every tensor inside a result, in order."""
    if is_tensor(value):
        return [value]
    if isinstance(value, (tuple, list)):
        return [tensor for item in value for tensor in tensors_of(item)]
    return []


def can_require(tensor):
    return tensor.is_floating_point() or tensor.is_complex()


def started(module, sample, only=None):
    """(args, kwargs, leaves): the sample's arguments, inexact ones requiring gradients.

    With `only`, just the leaf of this place requires them.
    """
    args, kwargs, built = sample.build(module)
    leaves = [tensor for tensor, _ in built if can_require(tensor)]
    for place, leaf in enumerate(leaves):
        if only is None or place == only:
            leaf.requires_grad_()
    return args, kwargs, leaves


def caller(module, row):
    """The row's op as a function of all arguments."""
    if "f" in row.forms:
        return function(module, row.name)
    return lambda first, *rest, **kwargs: getattr(first, row.method)(*rest, **kwargs)


def weights_of(module, tensors, seed=0):
    """A fixed tensor for each of these, of its shape and dtype, to weigh its elements with."""
    weights = []
    for place, tensor in enumerate(tensors):
        draw = np.random.default_rng([seed, place])
        values = draw.uniform(-2.0, 2.0, tuple(tensor.shape))
        if tensor.is_complex():
            values = values + 1j * draw.uniform(-2.0, 2.0, tuple(tensor.shape))
        weights.append(make(module, values, neutral(str(tensor.dtype)).removeprefix("torch.")))
    return weights


def differentiable(row, results):
    """Those results that have a gradient; of a decomposition, what is unique about them."""
    found = [tensor for tensor in tensors_of(results) if tensor.requires_grad]
    if row.canonical is None:
        return found
    return [tensor.abs().square() for tensor in found]


def plain(values):
    """The same, where torch has zeros without memory with zeros that can be read."""
    if isinstance(values, (tuple, list)):
        return [plain(value) for value in values]
    if isinstance(values, theirs.Tensor) and values._is_zerotensor():
        return theirs.zeros_like(values).requires_grad_(values.requires_grad)
    return values


def tried(call):
    """What `call` gives, or the record of what it raises."""
    try:
        return call()
    except Exception as error:
        return raised(error)


def name_of(node):
    return None if node is None else type(node).__name__


def facts(results):
    """What a user sees of results without reading them, as far as autograd is concerned."""
    lines = []
    for tensor in tensors_of(results):
        kind = f"{neutral(str(tensor.dtype))} {tuple(tensor.shape)}"
        place = f"output {tensor.output_nr}, {'leaf' if tensor.is_leaf else 'inner'}"
        wanted = "requires grad" if tensor.requires_grad else "no grad"
        lines.append(f"{kind}: {wanted}, {place}, {name_of(tensor.grad_fn)}")
    return lines


def needs(results):
    """Whether each result requires gradients."""
    return [tensor.requires_grad for tensor in tensors_of(results)]


class Outcome:
    """Results that are read, so that errors which only data shows are raised, but not compared."""

    def __init__(self, results):
        self.results = tensors_of(results)

    def __str__(self):
        for tensor in self.results:
            tensor_values(tensor)
        return "read"


# Forms: each gives what is to be frozen


def accumulated(module, row, results, leaves):
    """`.grad` of every leaf after a weighted backward pass over the results."""
    outputs = differentiable(row, results)
    if outputs:
        module.autograd.backward(outputs, weights_of(module, outputs))
    return plain([leaf.grad for leaf in leaves])


def first(module, row, sample, only=None):
    """Facts of the results and the first gradients of all leaves."""
    args, kwargs, leaves = started(module, sample, only)
    results = caller(module, row)(*args, **kwargs)
    found = tried(lambda: accumulated(module, row, results, leaves))
    return [facts(results), found, Outcome(results)]


def gradients(module, row, sample):
    """The first gradients alone."""
    args, kwargs, leaves = started(module, sample)
    results = caller(module, row)(*args, **kwargs)
    found = tried(lambda: accumulated(module, row, results, leaves))
    return [needs(results), found, Outcome(results)]


def second(module, row, sample):
    """First gradients that can be differentiated, and second ones, also by the weights."""
    args, kwargs, leaves = started(module, sample)
    results = caller(module, row)(*args, **kwargs)
    record = {"results": needs(results), "first": None, "second": None, "read": Outcome(results)}
    outputs = differentiable(row, results)
    if not outputs:
        return record
    weights = [weight.requires_grad_() for weight in weights_of(module, outputs)]
    grad = functools.partial(module.autograd.grad, allow_unused=True)
    firsts = tried(lambda: grad(outputs, leaves, weights, create_graph=True))
    record["first"] = plain(firsts)
    if isinstance(firsts, Raised):
        return record
    again = [value for value in firsts if value is not None and value.requires_grad]
    if again:
        weighted = weights_of(module, again, seed=1)
        record["second"] = plain(tried(lambda: grad(again, leaves + weights, weighted)))
    return record


def in_place(module, row, sample, of_leaf=False):
    """The in-place method on a copy of the first argument (or on the leaf, which is refused)."""
    args, kwargs, leaves = started(module, sample)
    target = args[0] if of_leaf else args[0].clone()
    result = getattr(target, row.inplace_method)(*args[1:], **kwargs)
    before = [result is target, facts(target)]
    return [before, tried(lambda: accumulated(module, row, target, leaves))]


def in_place_on_view(module, row, sample):
    """The in-place method on a view of a copy: the copy's history is rewritten."""
    args, kwargs, leaves = started(module, sample)
    base = args[0].clone()
    view = base.view_as(base)
    getattr(view, row.inplace_method)(*args[1:], **kwargs)
    before = [facts(base), facts(view)]
    return [before, tried(lambda: accumulated(module, row, [base, view], leaves))]


def mutating(module, row, sample):
    """A call that writes to its first argument, on a copy of it."""
    args, kwargs, leaves = started(module, sample)
    target = args[0].clone()
    caller(module, row)(target, *args[1:], **kwargs)
    return [facts(target), tried(lambda: accumulated(module, row, target, leaves))]


def writes_to_first(module, row, sample):
    """Whether the row's function writes to its first argument (`iadd`, `fill_`)."""
    if not sample.has_tensor_first:
        return False
    args, kwargs, _ = sample.build(module)
    before = args[0]._version
    result = tried(lambda: caller(module, row)(*args, **kwargs))
    return not isinstance(result, Raised) and args[0]._version != before


def with_out(module, row, sample, shape, dtype, of_out):
    """`out=` where the arguments, or only `out` itself, require gradients: both are refused."""
    args, kwargs, _ = started(module, sample, -1 if of_out else None)
    out = module.zeros(shape, dtype=getattr(module, dtype))
    if of_out:
        out.requires_grad_()
    result = function(module, row.name)(*args, **kwargs, out=out)
    return facts(result)


# The graph as text


def graph(module, row, sample, inplace=False):
    """The graph behind each result, one line a node."""
    args, kwargs, leaves = started(module, sample)
    if inplace:
        results = getattr(args[0].clone(), row.inplace_method)(*args[1:], **kwargs)
    else:
        results = caller(module, row)(*args, **kwargs)
    nodes = [tensor.grad_fn for tensor in tensors_of(results) if tensor.requires_grad]
    return graph_text(nodes, leaves)


def graph_text(roots, leaves):
    """Nodes from these roots, depth first: place, name, and places of what comes next."""
    places = {}
    lines = []

    def visit(node, depth):
        if node is None:
            return "-"
        # Comparing with `is` keeps the node alive and needs no hash of it.
        if node in places:
            return str(places[node])
        places[node] = place = len(places)
        lines.append(None)
        label = node.name()
        variable = getattr(node, "variable", None)
        if variable is not None:
            label += f" of leaf {[leaf is variable for leaf in leaves].index(True)}"
        if depth < DEPTH:
            following = [f"{visit(after, depth + 1)}.{nr}" for after, nr in node.next_functions]
            label = " ".join([label, "<-", *following]) if following else label
        lines[place] = f"{place} {label}"
        return str(place)

    starts = [visit(root, 0) for root in roots]
    return [f"from {' '.join(starts)}", *lines]


# What is compared


def comparable(record):
    """The record without strides that mean nothing: of sizes 0 and 1, and of places in memory."""
    if isinstance(record, TensorRecord):
        stride = tuple(
            step if size > 1 else None
            for size, step in zip(record.shape, record.stride, strict=True)
        )
        if 0 in record.shape:
            stride = ()
        return dataclasses.replace(record, stride=stride, offset=0)
    if isinstance(record, Named) and isinstance(record.content, list):
        return Named(record.kind, [comparable(item) for item in record.content])
    if isinstance(record, Named) and isinstance(record.content, dict):
        content = {key: comparable(item) for key, item in record.content.items()}
        return Named(record.kind, content)
    return freeze(record)
