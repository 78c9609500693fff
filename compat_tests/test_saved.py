"""What nodes save, over the samples of every op: attributes, changes in place, and a second backward."""

import pytest
import torch as theirs

import gradients
from compare import SELF, Raised, assert_same, attempt, both, differences, ours
from samples import ROWS
from test_gradients import cases
from test_ops import record_all

if not SELF:
    from jtorch._ops.saved import SAVES, SAVES_NOTHING, Saves

FUNCTIONS = theirs._C._functions


def compare(row, forms):
    """Fail with every difference between these forms on both modules."""
    got, want = record_all(ours, forms), record_all(theirs, forms)
    options = {"tolerance": row.tolerance, "strides": False}
    lines = []
    for label in forms:
        lines += differences(got[label], want[label], path=label, **options)
    assert not lines, "\n".join([f"{row.name}: not as torch's:", *lines])


def marked(parameters, different):
    """The cases, those marked whose ops are listed in `different`."""
    reasons = {name: reason for reason, names in different.items() for name in names.split()}
    marked = []
    for each in parameters:
        reason = reasons.get(each.values[0].name)
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason and not SELF else []
        marked.append(pytest.param(*each.values, id=each.id, marks=marks))
    return marked


# Ops that say something else after a change, or at a second backward, and why.
DIFFERENT_ERRORS = {
    "an operation without a derivative says so first": "special.zeta igamma igammac",
    "one kernel for several nodes": "einsum bilinear",
    "P is not part of the kernel": "linalg.lu",
    "the other results are of a kernel of their own": "native_layer_norm embedding_bag",
    "its mask is not in the table of what nodes save": "_unsafe_masked_index",
}
DIFFERENT_AT_ALL = {
    "torch's node has no derivative": "_chunk_cat",
    "its indices are not in the table of what nodes save": "_unsafe_masked_index_put_accumulate",
}
ILL_DEFINED = {"torch refuses a loss that depends on the phases of eigenvectors": "linalg.eig"}


def results_of(module, row, sample, only=None):
    """(results with gradients, leaves, all tensors that the call was given)."""
    args, kwargs, leaves = gradients.started(module, sample, only)
    results = gradients.caller(module, row)(*args, **kwargs)
    given = gradients.tensors_of([*args, *kwargs.values()])
    return gradients.tensors_of(results), leaves, given


def backward_of(module, results, **options):
    outputs = [each for each in results if each.requires_grad]
    module.autograd.backward(outputs, gradients.weights_of(module, outputs), **options)


def twice(module, row, sample, only=None):
    """What a second backward through the same graph says."""
    results, _, _ = results_of(module, row, sample, only)
    if not any(each.requires_grad for each in results):
        return None
    first = gradients.tried(lambda: backward_of(module, results))
    if isinstance(first, Raised):
        return first
    return gradients.tried(lambda: backward_of(module, results))


def changed(module, row, sample, place, of_results):
    """What backward says after one of the tensors was changed in place."""
    results, _, given = results_of(module, row, sample)
    tensors = results if of_results else given
    if place >= len(tensors) or not any(each.requires_grad for each in results):
        return None
    with module.no_grad():
        written = gradients.tried(lambda: tensors[place].zero_() is None)
    if isinstance(written, Raised):
        return written
    return gradients.tried(lambda: backward_of(module, results))


@pytest.mark.parametrize(("row", "sample"), marked(cases(ROWS, 1), DIFFERENT_AT_ALL | ILL_DEFINED))
def test_twice(row, sample):
    """A second backward fails where torch's nodes have saved something, and only there."""
    wanted = len(gradients.inexact_specs(sample))
    forms = {"call": (twice, row, sample)}
    if wanted > 1:
        forms |= {f"only {place}": (twice, row, sample, place) for place in range(wanted)}
    compare(row, forms)


@pytest.mark.parametrize(
    ("row", "sample"),
    marked(cases(ROWS, 1), DIFFERENT_ERRORS | DIFFERENT_AT_ALL | ILL_DEFINED),
)
def test_changed(row, sample):
    """Backward fails, in torch's words, where a saved tensor was changed, and only there."""
    forms = {f"argument {i}": (changed, row, sample, i, False) for i in range(4)}
    forms |= {f"result {i}": (changed, row, sample, i, True) for i in range(2)}
    compare(row, forms)


# Attributes


def saved_by(module, row, sample, only=None):
    """Everything that the nodes of the graph say they have saved, node by node."""
    results, _, _ = results_of(module, row, sample, only)
    lines = []
    for node in nodes_of([each.grad_fn for each in results if each.requires_grad]):
        names = [name for name in dir(node) if name.startswith("_saved_")]
        raw = [name for name in dir(node) if name.startswith("_raw_saved_")]
        values = {name: attempt(lambda name=name: getattr(node, name)) for name in names}
        lines.append([node.name(), raw, values])
    return lines


def nodes_of(roots):
    """The nodes below these, in the order of their edges."""
    found, waiting = [], list(roots)
    while waiting:
        node = waiting.pop(0)
        if node is not None and not any(node is each for each in found):
            found.append(node)
            waiting += [after for after, _ in node.next_functions]
    return found


# Attributes of nodes that jtorch does not know: its kernels have no such argument, or no such result.
UNKNOWN = {
    "AsStridedScatterBackward0": "size storage_offset stride",
    "ConvolutionBackward0": "bias_sym_sizes_opt",
    "CtcLossBackward0": "result1",
    "DiagonalScatterBackward0": "dim1 dim2 offset",
    "EmbeddingBagBackward0": "result1 result2 result3 sparse",
    "IndexPutBackward0": "accumulate",
    "LinalgDetBackward0": "LU pivots",
    "LinalgLuBackward0": "P pivot",
    "LinalgQrBackward0": "mode",
    "LinalgSlogdetBackward0": "LU pivots",
    "LinalgSolveExBackward0": "LU pivots",
    "LinalgSvdBackward0": "S_sym_argsize_minus_1 full_matrices",
    "MaskedSelectBackward0": "mask",
    "MaxPool2DWithIndicesBackward0": "result1",
    "MaxPool3DWithIndicesBackward0": "result1",
    "ModeBackward0": "dim",
    "NativeBatchNormBackward0": "result1 result2 running_mean running_var training",
    "NativeGroupNormBackward0": "C HxW N result1 result2",
    "NativeLayerNormBackward0": "normalized_shape result1 result2",
    "NormBackward1": "p",
    "PermuteBackward0": "dims",
    "PowBackward0": "exponent",
    "Rot90Backward0": "dims k",
    "SelectBackward0": "dim index",
    "SelectScatterBackward0": "dim index",
    "SliceBackward0": "dim end start step",
    "SliceScatterBackward0": "dim end start step",
    "SortBackward0": "dim indices",
    "UnsafeSplitBackward0": "dim split_size",
}
# Where the values of attributes differ, or the nodes.
DIFFERENT = {
    "one kernel for several nodes": "special.ndtr bilinear einsum linalg.tensorinv matrix_power",
    "operations without a derivative save nothing": "special.zeta igamma igammac",
    "numbers of another type": "trapezoid cov corrcoef linalg.norm",
    "defaults are filled in": "std_mean var_mean vander cumulative_trapezoid",
    "dims come as a tuple": "linalg.cond",
    "shifts are data": "roll fft.fftshift",
    "lengths are tensors": "ctc_loss",
    "one number for all dims is one for each": "convolution",
    "signs of singular vectors are free": "linalg.svd svd linalg.svdvals",
    "its node is of another operation": "_chunk_cat",
    "it has the number that it begins with, given or not": "segment_reduce",
    "its node is not in the table of what nodes save": "_unsafe_masked_index "
    "_unsafe_masked_index_put_accumulate",
}


def comparable(got, want):
    """The same without what is known to be unknown, and without dims that torch keeps negative."""
    for (name, _, ours_has), (_, _, theirs_has) in zip(
        *[[item.content for item in each.content] for each in (got, want)], strict=False
    ):
        if getattr(theirs_has.content.get("_saved_training"), "content", True) is False:
            for each in (theirs_has, ours_has):  # memory that torch has not written to
                each.content.pop("_saved_noise", None)
        for attribute in list(theirs_has.content):
            unknown = attribute.removeprefix("_saved_") in UNKNOWN.get(name.content, "").split()
            raised = isinstance(ours_has.content.get(attribute), Raised)
            if (unknown and raised) or is_negative(theirs_has.content[attribute]):
                theirs_has.content.pop(attribute)
                ours_has.content.pop(attribute, None)


def is_negative(value):
    """Whether this is a negative number as torch shows it, or has one in it."""
    content = getattr(value, "content", None)
    if isinstance(content, list):
        return any(is_negative(each) for each in content)
    return isinstance(content, int) and content >= 2**63


@pytest.mark.parametrize(("row", "sample"), marked(cases(ROWS, 1), DIFFERENT))
def test_attributes(row, sample):
    got, want = [attempt(saved_by, module, row, sample) for module in (ours, theirs)]
    if not isinstance(got, Raised) and not isinstance(want, Raised):
        comparable(got, want)
    assert_same(got, want, tolerance=row.tolerance, strides=False)


@pytest.mark.skipif(SELF, reason="about jtorch's table")
def test_table():
    """The table says of each node what torch's class says."""
    for name in [*SAVES, *SAVES_NOTHING]:
        kind = getattr(FUNCTIONS, name)
        saves = Saves(SAVES.get(name, ""))
        tensors = sorted([*saves.arguments, *saves.results])
        assert saves.names == [each[7:] for each in dir(kind) if each.startswith("_saved_")]
        assert tensors == [each[11:] for each in dir(kind) if each.startswith("_raw_saved_")]


# Programs: each is run on both modules, and says what it saw or what was raised


def leaf(m, *shape):
    numbers = theirs.arange(1.0, 1.0 + theirs.Size(shape).numel()).reshape(shape)
    return m.tensor(numbers.tolist(), requires_grad=True)


def after(change, make, module):
    """The gradient of a leaf, where a tensor was changed between an operation and backward."""
    x = leaf(module, 4, 3)
    y = make(module, x)
    change(module, x, y)
    y.sum().backward()
    return x.grad


CHANGES = {
    "result": lambda m, x, y: y.add_(1),
    "result, in no_grad": lambda m, x, y: m.no_grad()(lambda: y.add_(1))(),
    "result, detached": lambda m, x, y: y.detach().add_(1),
    "result, through a view": lambda m, x, y: y[0].mul_(2),
    "leaf, in no_grad": lambda m, x, y: m.no_grad()(lambda: x.mul_(2))(),
    "leaf, through data": lambda m, x, y: x.data.mul_(2),
    "leaf, through numpy": lambda m, x, y: x.detach().numpy().fill(2),
    "leaf, new data": lambda m, x, y: setattr(x, "data", m.ones(4, 3)),
}
MAKERS = {
    "exp": lambda m, x: x.exp(),
    "sin": lambda m, x: x.sin(),
    "times itself": lambda m, x: x * x,
    "times 2": lambda m, x: x * 2,
    "exp in place": lambda m, x: (x * 1).exp_(),
    "exp of a row in place": lambda m, x: [y := x * 1, y[0].exp_()][0],
    "view": lambda m, x: x.t(),
    "max": lambda m, x: x.max(0)[0],
    "index": lambda m, x: x[m.tensor([0, 2])],
    "std": lambda m, x: x.std(),
    "matmul": lambda m, x: x @ x.t(),
    "sin of a view": lambda m, x: x[1].sin(),
    "multiplied in place by itself": lambda m, x: [y := x * 1, y.mul_(y)][1],
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("make", MAKERS)
def test_changed_between(make, change):
    if change in UNSEEN and make in KEPT:
        pytest.skip("jtorch keeps what is saved here as it was")
    both(lambda m: after(CHANGES[change], MAKERS[make], m))


# Changes that autograd is not told of, and what then differs: results, and windows, are values.
UNSEEN = ("leaf, through data", "leaf, through numpy", "leaf, new data")
KEPT = ("sin of a view", "matmul", "std")


@pytest.mark.parametrize("make", MAKERS)
def test_hint_of_anomaly_mode(make):
    def program(m):
        with m.autograd.detect_anomaly():
            return after(CHANGES["result"], MAKERS[make], m)

    both(program)


def hooks(m, name, make=lambda x: x.sin()):
    """What hooks on one saved tensor see and give."""
    x = leaf(m, 3)
    seen = []
    y = make(x)
    saved = getattr(y.grad_fn, name)
    saved.register_hooks(
        lambda t: seen.append(["packed", t]) or t.numel(), lambda n: seen.append(n) or m.ones(n)
    )
    y.sum().backward()
    return [x.grad, seen, saved.unpack_hook is None]


PROGRAMS = {
    "saved argument": lambda m: hooks(m, "_raw_saved_self"),
    "saved by pow": lambda m: hooks(m, "_raw_saved_self", lambda x: x**2),
    "nothing saved": lambda m: hooks(m, "_raw_saved_self", lambda x: x * 2),
    "unknown": lambda m: leaf(m, 3).sin().grad_fn._saved_other,
    "written": lambda m: setattr(leaf(m, 3).sin().grad_fn, "_saved_self", 1),
    "the tensor itself": lambda m: [x := leaf(m, 3), x.sin().grad_fn._saved_self is x],
    "result": lambda m: [
        y := leaf(m, 3).exp(),
        y.grad_fn._saved_result,
        y.grad_fn._saved_result is y,
    ],
    "freed": lambda m: [y := leaf(m, 3).exp(), y.sum().backward(), y.grad_fn._saved_result],
    "freed, raw": lambda m: [
        y := leaf(m, 3).exp(),
        y.sum().backward(),
        y.grad_fn._raw_saved_result.register_hooks(lambda t: t, lambda t: t),
    ],
    "second pair": lambda m: [
        y := leaf(m, 3).sin(),
        y.grad_fn._raw_saved_self.register_hooks(lambda t: t, lambda t: t),
        y.grad_fn._raw_saved_self.register_hooks(lambda t: t, lambda t: t),
    ],
    "kept": lambda m: [
        x := leaf(m, 3),
        y := x.exp().sum(),
        y.backward(retain_graph=True),
        y.backward(),
        x.grad,
    ],
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name):
    both(PROGRAMS[name])


# Inference mode


def made(m):
    """(made in inference mode, a leaf with grad, a plain tensor, views of these made there)."""
    x, n = leaf(m, 3), m.ones(3)
    with m.inference_mode():
        return m.ones(3), x, n, x[0], n[0]


INFERENCE = {
    "is_inference": lambda m, a, x, n, v, w: [each.is_inference() for each in (a, x, n, v, w)],
    "is_inference()": lambda m, a, x, n, v, w: m.is_inference(a),
    "views": lambda m, a, x, n, v, w: [a[0].is_inference(), a.detach().is_inference()],
    "copies": lambda m, a, x, n, v, w: [a.clone().is_inference(), (a + 1).is_inference()],
    "version": lambda m, a, x, n, v, w: a._version,
    "add_": lambda m, a, x, n, v, w: a.add_(1),
    "zero_": lambda m, a, x, n, v, w: a.zero_(),
    "add_ in no_grad": lambda m, a, x, n, v, w: m.no_grad()(lambda: a.add_(1))(),
    "copy_": lambda m, a, x, n, v, w: a.copy_(n),
    "setitem": lambda m, a, x, n, v, w: a.__setitem__(0, 1.0),
    "out": lambda m, a, x, n, v, w: m.add(n, 1, out=a),
    "add_ to a view": lambda m, a, x, n, v, w: a[0].add_(1),
    "t_": lambda m, a, x, n, v, w: a.t_(),
    "add_ in inference mode": lambda m, a, x, n, v, w: m.inference_mode()(lambda: a.add_(1))(),
    "requires_grad_": lambda m, a, x, n, v, w: a.requires_grad_(),
    "requires_grad_(False)": lambda m, a, x, n, v, w: a.requires_grad_(False),
    "requires_grad =": lambda m, a, x, n, v, w: setattr(a, "requires_grad", True),
    "saved": lambda m, a, x, n, v, w: x * a,
    "saved, other way": lambda m, a, x, n, v, w: a * x,
    "not saved": lambda m, a, x, n, v, w: [y := x + a, y.sum().backward(), x.grad],
    "matmul": lambda m, a, x, n, v, w: x @ a,
    "view of a leaf": lambda m, a, x, n, v, w: [
        v.requires_grad,
        v.is_leaf,
        v._is_view(),
        v.grad_fn,
    ],
    "view of a leaf, computed with": lambda m, a, x, n, v, w: v * 2,
    "view of a leaf, add_": lambda m, a, x, n, v, w: v.add_(1),
    "view of a tensor, add_": lambda m, a, x, n, v, w: [w.add_(1), n],
    "view of a tensor, with grad": lambda m, a, x, n, v, w: w.mul_(x[0]),
    "base changed": lambda m, a, x, n, v, w: [m.no_grad()(lambda: x.add_(1))(), v.grad_fn],
    "base changed, printed": lambda m, a, x, n, v, w: [m.no_grad()(lambda: x.add_(1))(), repr(v)],
    "nothing recorded": lambda m, a, x, n, v, w: m.inference_mode()(
        lambda: (x * 2).requires_grad
    )(),
    "enable_grad in it": lambda m, a, x, n, v, w: m.inference_mode()(
        m.enable_grad()(lambda: (x * 2).requires_grad)
    )(),
    "off in it": lambda m, a, x, n, v, w: m.inference_mode()(
        m.inference_mode(False)(lambda: [(x * 2).requires_grad, m.is_grad_enabled()])
    )(),
    "numpy": lambda m, a, x, n, v, w: [a.numpy(), m.from_numpy(a.numpy()).is_inference()],
}


@pytest.mark.parametrize("name", INFERENCE)
def test_inference(name):
    both(lambda m: INFERENCE[name](m, *made(m)))
