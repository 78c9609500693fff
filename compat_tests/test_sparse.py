"""Sparse tensors in coordinates, compared with torch: values, texts, flags and errors, as printed.

Numbers are compared by the text of tensors and, more closely, by the strided values of results.
"""

import copy
import io
import pickle
import warnings

import numpy as np
import pytest

from compare import SELF, ours, theirs
from expressions import lines_of, run
from jtorch._config import settings

pytestmark = pytest.mark.filterwarnings("ignore")
_STEP = 24


@pytest.fixture(autouse=True)
def by_numpy(monkeypatch):
    """What is tested are answers, not programs: nothing is compiled."""
    if not SELF:
        monkeypatch.setattr(settings, "executor", "host")


_NOT_BUILT = "This could be because the operator"


def _names(torch):
    def made(indices, values, size=None, **options):
        parts = torch.tensor(indices), torch.tensor(values)
        return torch.sparse_coo_tensor(*parts, *([] if size is None else [size]), **options)

    S = torch.sparse_coo_tensor
    i, v = torch.tensor([[0, 1, 1], [2, 0, 2]]), torch.tensor([3.0, 4.0, 5.0])
    u = S(i.flip(1), v, (2, 3))
    places = [[1, 0, 1], [2, 0, 2]]
    return {
        "torch": torch, "np": np, "copy": copy, "pickle": pickle, "mk": made, "S": S, "i": i, "v": v, "u": u,
        "k": u.coalesce(), "u2": S([[0, 1], [2, 2]], [1.0, 7], (2, 3)), "e": S((2, 3)),
        "a": made(places, [3.0, 4.0, 5.0], (2, 3)), "uu": made(places, [3.0, 4.0, 5.0], (2, 3)),
        "b": made([[1, 0], [0, 1]], [10.0, 20.0], (2, 3)), "d": torch.arange(6.0).reshape(2, 3),
        "c": made(places, [[3.0, 1], [4.0, 1], [5.0, 1]], (2, 3, 2)),
        "nc": torch.ones(1).expand(3), "I": places, "V": [1.0, 2.0, 3.0], "O": S([[1], [2]], [1.0], (2, 3)),
        "E": S(torch.empty(2, 0, dtype=torch.long), torch.empty(0), (2, 3)),
        "h": made(places, [[1.0, 2], [3.0, 4], [5.0, 6]], (2, 3, 2)),
    }  # fmt: skip


def _shown(torch, value):
    """All there is to see of a value, as text."""
    if isinstance(value, torch.Tensor):
        text = f"{value!r} {value.dtype} {tuple(value.shape)}"
        if value.is_sparse:
            return f"{text} {value.is_coalesced()} {value.sparse_dim()} {value.dense_dim()}"
        return text
    if isinstance(value, tuple | list):
        return type(value).__name__ + str([_shown(torch, each) for each in value])
    return str(value)


def _seen(torch, line):
    try:
        value = run(line, _names(torch))
        return _shown(torch, value)
    except Exception as error:
        text = str(error).split(_NOT_BUILT)[0]
        return f"{type(error).__name__}: {text}".replace("jtorch", "torch")


def _groups():
    lines = [each.values[0] for each in lines_of("sparse")]
    return [lines[start : start + _STEP] for start in range(0, len(lines), _STEP)]


@pytest.mark.parametrize("lines", _groups(), ids=range(len(_groups())))
def test_lines(lines, monkeypatch):
    found = {line: (_seen(theirs, line), _seen(ours, line)) for line in lines}
    wrong = {line: each for line, each in found.items() if each[0] != each[1]}

    assert not wrong


def _made(torch, requires_grad=True, dense=()):
    values = torch.arange(1.0, 1 + 4 * 2 ** len(dense)).reshape(4, *dense)
    indices = torch.tensor([[1, 0, 1, 0], [2, 0, 2, 1]])
    return torch.sparse_coo_tensor(
        indices, values, (2, 3, *dense), requires_grad=requires_grad, check_invariants=False
    )


GRADIENTS = {
    "to_dense": lambda torch, a, d: a.to_dense() ** 2,
    "unmasked": lambda torch, a, d: a.to_dense(masked_grad=False) ** 2,
    "coalesce": lambda torch, a, d: a.coalesce(),
    "values": lambda torch, a, d: a.coalesce().values() ** 2,
    "neg": lambda torch, a, d: -a,
    "times a number": lambda torch, a, d: a * 2.5,
    "by a number": lambda torch, a, d: a / 4,
    "sum of two": lambda torch, a, d: a + a * 2,
    "difference": lambda torch, a, d: a - a.detach() * 3,
    "strided and sparse": lambda torch, a, d: torch.add(d, a, alpha=2),
    "strided less sparse": lambda torch, a, d: d - a,
    "matmul": lambda torch, a, d: a @ d.t(),
    "mm": lambda torch, a, d: torch.sparse.mm(a, d.t()),
    "mm of two": lambda torch, a, d: torch.sparse.mm(a, a.detach().t()),
    "addmm": lambda torch, a, d: torch.sparse.addmm(torch.ones(2, 2), a, d.t(), beta=3, alpha=2),
    "plain addmm": lambda torch, a, d: torch.addmm(torch.ones(2, 2), a, d.t(), alpha=2),
    "mv": lambda torch, a, d: a @ d[0],
    "t": lambda torch, a, d: a.t(),
    "transpose": lambda torch, a, d: a.transpose(0, 1),
    "sum": lambda torch, a, d: a.sum(),
    "sparse.sum": lambda torch, a, d: torch.sparse.sum(a),
    "sparse.sum of rows": lambda torch, a, d: torch.sparse.sum(a, 1),
    "softmax": lambda torch, a, d: torch.sparse.softmax(a, 1),
    "log_softmax": lambda torch, a, d: torch.sparse.log_softmax(a, 0),
    "abs": lambda torch, a, d: a.abs(),
    "relu": lambda torch, a, d: a.relu(),
    "square": lambda torch, a, d: a.square(),
    "product": lambda torch, a, d: a * d,
    "mask": lambda torch, a, d: d.sparse_mask(a.detach()),
    "to_sparse": lambda torch, a, d: d.to_sparse(),
    "double": lambda torch, a, d: a.double(),
    "clone": lambda torch, a, d: a.clone(),
    "no gradient of sin": lambda torch, a, d: a.sin(),
    "no gradient of sqrt": lambda torch, a, d: a.sqrt(),
    "no gradient of a row": lambda torch, a, d: a[0],
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients(name):
    def program(torch):
        a, d = _made(torch), torch.arange(6.0).reshape(2, 3).requires_grad_()
        result = GRADIENTS[name](torch, a, d)
        seen = [
            _shown(torch, result),
            [type(each[0]).__name__ for each in result.grad_fn.next_functions],
        ]
        try:
            dense = result.to_dense() if result.is_sparse else result
            (dense * dense).sum().backward()
        except Exception as error:
            seen.append(f"{type(error).__name__}: {str(error).split(_NOT_BUILT)[0]}")
        return [*seen, _shown(torch, a.grad), _shown(torch, d.grad)]

    assert program(ours) == program(theirs)


def test_values_have_a_history():
    def program(torch):
        v = torch.tensor([3.0, 4.0, 5.0], requires_grad=True)
        s = torch.sparse_coo_tensor([[0, 1, 1], [2, 0, 2]], v, (2, 3), check_invariants=True)
        (s.to_dense() ** 2).sum().backward(retain_graph=True)
        first = v.grad.clone()
        (torch.sparse.mm(s, torch.ones(3, 2)) ** 2).sum().backward()
        return [str(s), str(first), str(v.grad), s.is_leaf, s.requires_grad]

    assert program(ours) == program(theirs)


def test_second_derivatives():
    def program(torch):
        a = _made(torch)
        (first,) = torch.autograd.grad((a.to_dense() ** 3).sum(), a, create_graph=True)
        (second,) = torch.autograd.grad(first.to_dense().sum(), a)
        return [str(first.detach()), str(second)]

    assert program(ours) == program(theirs)


def test_backward_a_second_time():
    def program(torch):
        result = _made(torch).to_dense().sum()
        result.backward()
        with pytest.raises(RuntimeError) as caught:
            result.backward()
        return str(caught.value)

    assert program(ours) == program(theirs)


def test_hooks_and_retained_gradients():
    def program(torch):
        a, seen = _made(torch), []
        a.register_hook(lambda gradient: seen.append(str(gradient)))
        b = a * 2
        b.retain_grad()
        b.to_dense().sum().backward()
        return [*seen, str(a.grad), str(b.grad)]

    assert program(ours) == program(theirs)


def test_parts_share_memory():
    def program(torch):
        v = torch.tensor([1.0, 2.0])
        s = torch.sparse_coo_tensor([[0, 1]], v, (2,), check_invariants=True)
        v.mul_(5)
        s._values().add_(1)
        s.coalesce().values().mul_(2)
        return [str(s), str(s.detach())]

    assert program(ours) == program(theirs)


def test_unchecked_construction_warns_once():
    def program(torch):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            torch.set_warn_always(True)
            try:
                torch.sparse_coo_tensor([[0]], [1.0], (1,))
            finally:
                torch.set_warn_always(False)
        return [str(each.message).split("(Triggered")[0].strip() for each in seen]

    before = [m.sparse.check_sparse_tensor_invariants.is_enabled() for m in (ours, theirs)]
    assert before == [False, False]
    assert program(ours) == program(theirs)


def test_invariants_by_with_and_decorator():
    def program(torch):
        check, seen = torch.sparse.check_sparse_tensor_invariants, []

        @check()
        def make():
            return torch.sparse_coo_tensor([[3]], [1.0], (2,))

        for each in (make, lambda: check.enable() or torch.sparse_coo_tensor([[3]], [1.0], (2,))):
            with pytest.raises(RuntimeError) as caught:
                each()
            seen.append((str(caught.value), check.is_enabled()))
        check.disable()
        return seen

    assert program(ours) == program(theirs)


def test_files_of_either_are_read_by_the_other():
    if SELF:
        pytest.skip("there is one library only")
    for writer, reader in ((theirs, ours), (ours, theirs), (ours, ours)):
        for value in (_made(writer, False), _made(writer, False, (2,)).coalesce()):
            stream = io.BytesIO()
            writer.save({"s": value, "w": writer.ones(2)}, stream)
            for options in ({}, {"weights_only": False}):
                stream.seek(0)
                found = reader.load(stream, **options)["s"]
                assert str(found) == str(value)
                assert found.is_coalesced() == value.is_coalesced()


def test_a_file_with_places_outside_is_refused():
    bad = theirs.sparse_coo_tensor([[5]], [1.0], (2,), check_invariants=False)
    stream = io.BytesIO()
    theirs.save(bad, stream)
    stream.seek(0)
    with pytest.raises(RuntimeError, match="size is inconsistent with indices"):
        ours.load(stream)


def test_nothing_reads_a_sparse_tensor_as_a_strided_one():
    """Every method of a tensor gives torch's answer, or raises: none takes it for a strided one."""
    if SELF:
        pytest.skip("torch's own methods")
    names = [name for name in dir(ours.Tensor) if not name.startswith("_")]
    wrong = []
    for name in names:
        s, t = _made(ours, False), _made(theirs, False)
        try:
            got = getattr(s, name)
            got = got() if callable(got) else got
        except Exception:
            continue
        try:
            want = getattr(t, name)
            want = want() if callable(want) else want
        except TypeError:  # of a call without arguments
            continue
        except Exception as error:
            wrong.append((name, str(got)[:60], str(error)[:60]))
            continue
        if isinstance(got, ours.Tensor) and _shown(ours, got) != _shown(theirs, want):
            wrong.append((name, str(got)[:60], str(want)[:60]))

    assert not wrong


def test_subclasses_do_not_hide_it():
    with ours._C.DisableTorchFunctionSubclass() if not SELF else warnings.catch_warnings():
        assert str(ours.add(ours.ones(2, 3), _made(ours, False))) == str(
            theirs.add(theirs.ones(2, 3), _made(theirs, False))
        )


def test_autocast_casts_what_torch_casts():
    def program(torch):
        with torch.autocast("cpu", torch.bfloat16):
            s = _made(torch, False)
            return [str((s @ torch.ones(3, 2)).dtype), str((s * 2).dtype), str(s.t().dtype)]

    assert program(ours) == program(theirs)


def test_parameters_and_buffers_that_are_sparse():
    def program(torch):
        made = torch.nn.Module()
        made.register_buffer("b", _made(torch, False))
        made.p = torch.nn.Parameter(_made(torch, False))
        made.to(torch.float64)
        (made.p.to_dense() ** 2).sum().backward()
        stream = io.BytesIO()
        torch.save(made.p, stream)
        stream.seek(0)
        again = torch.load(stream)
        kinds = [isinstance(each, torch.nn.Parameter) for each in (made.p, again, made.b)]
        return [
            str(made.b),
            str(made.p),
            str(made.p.grad),
            list(made.state_dict()),
            kinds,
            str(again),
        ]

    assert program(ours) == program(theirs)


def test_numbers_that_are_tensors_have_gradients():
    def program(torch):
        seen = []
        for compute in (lambda a, n: a * n, lambda a, n: n * a, lambda a, n: a / n):
            a, n = _made(torch), torch.tensor(2.0, requires_grad=True)
            (compute(a, n).to_dense() ** 2).sum().backward()
            seen += [str(a.grad), str(n.grad)]
        return seen

    assert program(ours) == program(theirs)


def test_forward_mode_is_right_or_refused():
    """torch refuses it for sparse tensors; here nothing loses its tangent without a word."""
    if SELF:
        pytest.skip("torch refuses all of it")
    jvp, F, s = ours.func.jvp, ours.nn.functional, _made(ours, False)
    w, n = ours.arange(6.0).reshape(3, 2), ours.tensor(2.0)
    index = ours.tensor([1, 1])
    _, moved = jvp(lambda w: F.embedding(index, w, sparse=True), (w,), (w,))
    assert moved.tolist() == [[2, 3], [2, 3]]
    for function, given in (
        (lambda w: ours.sparse.mm(s, w), w),
        (lambda w: w.t() + s, w),
        (lambda w: w.to_sparse().to_dense(), w),
        (lambda n: (s * n).to_dense(), n),
        (lambda n: (s / n).to_dense(), n),
        (lambda w: w.t().sparse_mask(s).to_dense(), w),
    ):
        with pytest.raises(NotImplementedError, match="forward mode"):
            jvp(function, (given,), (given,))
