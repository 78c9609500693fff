"""Jaxprs that are filled in for other extents, against those that are traced for them."""

import collections
import functools

import numpy as np
import pytest

from compare import EXHAUSTIVE, SELF, assert_same, ours, theirs
from jtorch._autograd import derive
from jtorch._config import settings
from jtorch._engine import templates
from jtorch._engine.host.plans import Plan
from jtorch._engine.node import Aval, Kernel, trace_of
from jtorch._engine.traced import traced
from samples import ROWS
from test_ops import as_function, as_method

pytestmark = pytest.mark.skipif(SELF, reason="torch has no templates")

EACH = 1 if EXHAUSTIVE else 13
# Added to extents: what is traced before there is a template, here all even or all odd, and
# what is filled in, which is both.
BEFORE, AFTER = (1, 3, 5), (6, 7)


@pytest.fixture
def families(monkeypatch):
    """No family is known yet."""
    monkeypatch.setattr(templates, "_families", collections.OrderedDict())
    return templates._families


def kernels_of(row):
    """The kernels of rows that the first sample of a row records."""
    trace = trace_of(ours.device("cpu"))
    before = len(trace.nodes)
    call = as_function if "f" in row.forms else as_method
    made = call(ours, row.name, row.samples[0])
    kernels = dict.fromkeys(node.kernel for node in trace.nodes[before:])
    del made
    return [each for each in kernels if is_of_row(each)]


def is_of_row(kernel):
    avals = [each for each in kernel.inputs if each.__class__ is Aval]
    return (
        isinstance(kernel.function, functools.partial)
        and not kernel.takes_numpy
        and not any(each.__class__ is tuple for each in kernel.inputs)
        and any(each.shape for each in avals)
    )


def variations(inputs):
    """Sets of extents that may be others: all of them, and each alone."""
    found = {extent for each in inputs if each.__class__ is Aval for extent in each.shape} - {0, 1}
    return dict.fromkeys([frozenset(found), *[frozenset([each]) for each in sorted(found)]])


def varied(kernel, extents, by):
    """The same kernel where some extents are others; None where its body or JAX refuses them."""
    inputs = tuple([
        Aval(tuple([extent + by * (extent in extents) for extent in each.shape]), each.dtype)
        if each.__class__ is Aval
        else each
        for each in kernel.inputs
    ])  # fmt: skip
    try:
        _, output = traced(kernel.function, inputs)
    except Exception:
        return None
    output = output[0] if kernel.error is not None else output
    several = isinstance(output, (tuple, list))
    avals = [Aval(each.shape, np.dtype(each.dtype)) for each in (output if several else [output])]
    output = tuple(avals) if several else avals[0]
    return Kernel(kernel.name, kernel.function, inputs, output, kernel.error)


def forward(kernel):
    return templates.forward.__wrapped__(kernel.function, kernel.inputs)[0]


def backward(kernel):
    """The derivative for all inputs and all results that have one."""
    wanted = tuple([i for i, each in enumerate(kernel.inputs) if has_derivative(each)])
    outputs = derive.outputs_of(kernel)
    given = tuple([i for i, each in enumerate(outputs) if has_derivative(each)])
    return derive._pulled.__wrapped__(kernel, wanted, given)


def has_derivative(each):
    return each.__class__ is Aval and derive.is_differentiable(each.dtype)


def exact(make, kernels):
    """What is traced for kernels; None where JAX has no such derivative."""
    templates._families.clear()
    made = []
    for each in kernels:
        try:
            made.append(make(each))
        except Exception:
            return None
        templates._families.clear()
    return made


def data_of(jaxpr):
    random = np.random.RandomState(0)
    return [random.uniform(0.1, 2, each.shape).astype(each.dtype) for each in jaxpr.in_avals]


def values_of(jaxpr, arrays):
    with np.errstate(all="ignore"):
        return Plan(jaxpr.jaxpr, jaxpr.consts).run(arrays)


def outcome(kernel, extents, make):
    """(how many were filled in, what is wrong with them)."""
    kernels = [varied(kernel, extents, by) for by in (*BEFORE, *AFTER)]
    wanted = None if None in kernels else exact(make, kernels)
    if wanted is None:
        return 0, []
    for each in kernels[: len(BEFORE)]:
        make(each)
    if not any(family.templates for family in templates._families.values()):
        return 0, []
    lines = []
    for each, want in list(zip(kernels, wanted, strict=True))[len(BEFORE) :]:
        got = make(each)
        arrays = data_of(want)
        for one, other in zip(values_of(got, arrays), values_of(want, arrays), strict=True):
            same = one.dtype == other.dtype and one.tobytes() == other.tobytes()
            if got.out_avals != want.out_avals or not (same or np.array_equal(one, other)):
                lines.append(f"{make.__name__} of {each}: {one} instead of {other}")
    return len(AFTER), lines


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("families")
@pytest.mark.parametrize("row", [pytest.param(each, id=each.name) for each in ROWS[::EACH]])
def test_what_is_filled_in_is_what_is_traced(row):
    lines = []
    for kernel in kernels_of(row):
        for extents in variations(kernel.inputs):
            for make in (forward, backward):
                lines += outcome(kernel, extents, make)[1]

    assert not lines, "\n".join(lines)


# Programs whose shapes never come twice.


def growing(module):
    """A small network over sequences that grow, as text is drawn, with a derivative each time."""
    module.manual_seed(0)
    nn = module.nn
    table, norm, gates = nn.Embedding(13, 10), nn.LayerNorm(10), nn.LSTM(10, 10, batch_first=True)
    head = nn.Linear(10, 13)
    losses = []
    for length in range(3, 12):
        line = module.arange(length)[None] % 13
        x = norm(table(line))
        x = x + nn.functional.scaled_dot_product_attention(x, x, x, is_causal=True)
        x = nn.functional.gelu(gates(x)[0])
        loss = nn.functional.cross_entropy(head(x)[0], line[0])
        loss.backward()
        losses.append(loss.item())
    return losses, [each.grad for each in head.parameters()]


def test_a_length_is_traced_three_times(families, monkeypatch):
    monkeypatch.setattr(settings, "executor", "host")

    assert_same(growing(ours), growing(theirs))
    assert max(family.shapes for family in families.values()) == 3
    assert sum(bool(family.templates) for family in families.values()) >= 12


def test_a_body_that_asks_for_a_number_is_traced_each_time(families):
    def body(x):
        return x * 2 if x.shape[0] > 5 else x + 1

    function = functools.partial(body)
    for extent in range(2, 9):
        aval = Aval((extent,), np.dtype(np.float32))
        jaxpr, _ = templates.forward(function, (aval,))
        name = jaxpr.jaxpr.eqns[0].primitive.name
        assert name == ("mul" if extent > 5 else "add")
    (family,) = families.values()
    assert not family.templates


def test_a_body_that_asks_whether_an_extent_is_even_has_no_template(families):
    def body(x):
        return x * 2 if x.shape[0] % 2 == 0 else x + 1

    function = functools.partial(body)
    for extent in range(2, 12):
        aval = Aval((extent,), np.dtype(np.float32))
        jaxpr, _ = templates.forward(function, (aval,))
        name = jaxpr.jaxpr.eqns[0].primitive.name
        assert name == ("add" if extent % 2 else "mul")
    (family,) = families.values()
    assert not family.templates


def test_expressions_of_symbols(families):
    def body(x, y):
        joined = np.concatenate([np.zeros(0)]), x.reshape(-1), y
        return joined[1][: x.shape[0] // 2 + 1], x.shape[0] ** 2 * y, x.shape[0] % 3 + y

    function = functools.partial(body)
    for extent in (4, 5, 6, 7, 20):
        avals = (
            Aval((extent, extent), np.dtype(np.float32)),
            Aval((extent,), np.dtype(np.float64)),
        )
        jaxpr, structs = templates.forward(function, avals)
        assert structs[0].shape == (extent // 2 + 1,)
        _, square, rest = values_of(jaxpr, [np.ones(each.shape, each.dtype) for each in avals])
        assert set(square) == {extent**2}
        assert set(rest) == {extent % 3 + 1}


def test_kernels_that_are_made_anew_are_no_other_shape(families):
    function = functools.partial(lambda x: x + 1)
    aval = Aval((3,), np.dtype(np.float32))
    for _ in range(5):
        templates.forward.__wrapped__(function, (aval,))
    (family,) = families.values()
    assert (family.shapes, family.templates) == (1, [])


def test_empty_and_single_extents_are_not_filled_in(families):
    function = functools.partial(lambda x: x + 1)
    for extent in (2, 3, 4, 5, 1, 0, 1 << 21):
        aval = Aval((extent,), np.dtype(np.float32))
        (made,) = templates.forward(function, (aval,))[0].out_avals
        assert made.shape == (extent,)
    (family,) = families.values()
    assert family.shapes == 6  # 5 alone was filled in


TWICE = (
    "leaky_relu", "elu", "gelu", "hardswish", "softplus", "mish", "silu", "logsigmoid", "celu",
    "selu", "softsign",
)  # fmt: skip


@pytest.mark.parametrize("name", TWICE)
def test_what_was_filled_in_can_be_differentiated(families, name):
    """Rules of derivatives that a body states know the extents they are for."""

    def second(module, extent):
        x = module.linspace(-2, 3, extent, dtype=module.float64).requires_grad_()
        y = getattr(module.nn.functional, name)(x * x - 1)
        (first,) = module.autograd.grad((y * y).sum(), x, create_graph=True)
        (found,) = module.autograd.grad((first * first).sum(), x)
        return first.detach(), found

    for extent in (5, 7, 9, 4, 12):
        assert_same(second(ours, extent), second(theirs, extent))
    assert any(family.templates for family in families.values())
