"""Mistakes: the exception's class and its whole text are torch's, raised where it was made."""

import operator
import pickle

import numpy as np
import pytest

from compare import Raised, assert_same, attempt, both, ours, theirs

# Each group maps a short name to the mistake; `m` is the module.
SHAPES = {
    "add": lambda m: m.zeros(2, 3) + m.zeros(4),
    "add, other dim": lambda m: m.zeros(3, 2) * m.zeros(3, 4),
    "add_ grows": lambda m: m.zeros(3).add_(m.zeros(2, 3)),
    "matmul": lambda m: m.zeros(2, 3) @ m.zeros(2, 3),
    "matmul, vector": lambda m: m.zeros(2, 3) @ m.zeros(2),
    "matmul, 0-dim": lambda m: m.zeros(2, 3) @ m.tensor(1.0),
    "matmul, batch": lambda m: m.zeros(2, 3, 4) @ m.zeros(3, 4, 2),
    "mm, 1-dim": lambda m: m.mm(m.zeros(3), m.zeros(3, 3)),
    "bmm": lambda m: m.bmm(m.zeros(2, 3, 4), m.zeros(2, 3, 4)),
    "dot": lambda m: m.dot(m.zeros(2), m.zeros(3)),
    "dot, 2-dim": lambda m: m.dot(m.zeros(2, 2), m.zeros(2, 2)),
    "view": lambda m: m.zeros(6).view(4, 2),
    "view, strides": lambda m: m.zeros(2, 3).t().view(6),
    "view, two unknown": lambda m: m.zeros(6).view(-1, -1),
    "view, empty unknown": lambda m: m.zeros(0, 2).view(-1, 0),
    "view, negative": lambda m: m.zeros(6).view(-2, 3),
    "reshape": lambda m: m.zeros(6).reshape(5),
    "reshape, unknown": lambda m: m.zeros(7).reshape(2, -1),
    "expand": lambda m: m.zeros(2, 3).expand(4, 3),
    "expand, fewer": lambda m: m.zeros(2, 3).expand(3),
    "expand, new -1": lambda m: m.zeros(3).expand(-1, 3),
    "cat": lambda m: m.cat([m.zeros(2, 3), m.zeros(2, 4)]),
    "cat, dims": lambda m: m.cat([m.zeros(2, 3), m.zeros(3)]),
    "cat, none": lambda m: m.cat([]),
    "cat, 0-dim": lambda m: m.cat([m.tensor(1), m.tensor(2)]),
    "cat, one tensor": lambda m: m.cat(m.zeros(2, 3)),
    "cat, number": lambda m: m.cat([m.zeros(2), 3]),
    "stack": lambda m: m.stack([m.zeros(2), m.zeros(3)]),
    "stack, none": lambda m: m.stack([]),
    "permute": lambda m: m.zeros(2, 3).permute(0),
    "permute, twice": lambda m: m.zeros(2, 3).permute(0, 0),
    "t": lambda m: m.zeros(2, 3, 4).t(),
    "copy_": lambda m: m.zeros(2).copy_(m.zeros(3)),
    "setitem": lambda m: m.zeros(3).__setitem__(slice(None), m.zeros(2)),
    "setitem, mask": lambda m: m.zeros(3).__setitem__(m.tensor([True, True, False]), m.zeros(3)),
    "where": lambda m: m.where(m.zeros(2, dtype=m.bool), m.zeros(3), m.zeros(3)),
    "item": lambda m: m.zeros(2).item(),
    "item, empty": lambda m: m.zeros(0).item(),
    "bool": lambda m: bool(m.zeros(2)),
    "bool, empty": lambda m: bool(m.zeros(0)),
    "int": lambda m: int(m.zeros(2)),
    "float": lambda m: float(m.zeros(2, 2)),
    "complex": lambda m: complex(m.zeros(3)),
    "index": lambda m: operator.index(m.zeros(())),
    "index, many": lambda m: operator.index(m.zeros(2, dtype=m.int64)),
    "max, empty": lambda m: m.zeros(0).max(),
    "argmax, empty": lambda m: m.zeros(0).argmax(),
    "median dim, empty": lambda m: m.zeros(0, 3).median(0),
    "squeeze_": lambda m: m.zeros(1, 2).squeeze(5),
    "broadcast_to": lambda m: m.broadcast_to(m.zeros(3), (2,)),
    "zeros, negative": lambda m: m.zeros(2, -1),
    "randn, negative": lambda m: m.randn(-1),
    "huge": lambda m: m.zeros(2**40, 2**40),
    "meshgrid": lambda m: m.meshgrid(m.zeros(2, 2), indexing="ij"),
    "unflatten": lambda m: m.zeros(6).unflatten(0, (4, 2)),
    "split sizes": lambda m: m.zeros(6).split([2, 3]),
    "chunk": lambda m: m.zeros(6).chunk(0),
    "as_strided": lambda m: m.zeros(6).as_strided((4, 4), (4, 1)),
    "len": lambda m: len(m.tensor(1)),
    "iterate": lambda m: iter(m.tensor(1)),
    "broadcast_shapes": lambda m: m.broadcast_shapes((2,), (3,)),
}

DIMS = {
    f"{name} {dim}": lambda m, name=name, dim=dim: getattr(m, name)(m.zeros(2, 3), dim)
    for name in (
        "sum",
        "mean",
        "max",
        "argmax",
        "softmax",
        "cumsum",
        "sort",
        "squeeze",
        "unsqueeze",
        "unbind",
        "all",
        "amax",
    )
    for dim in (2, -4, 5)
}
DIMS |= {
    "transpose": lambda m: m.zeros(2, 3).transpose(0, 2),
    "sum, twice": lambda m: m.zeros(2, 3).sum((0, 0)),
    "0-dim": lambda m: m.tensor(1.0).sum(1),
    "0-dim select": lambda m: m.tensor(1.0).select(0, 0),
    "narrow": lambda m: m.zeros(3).narrow(0, 2, 2),
    "narrow, negative": lambda m: m.zeros(3).narrow(0, 0, -1),
    "select": lambda m: m.zeros(3).select(0, 3),
    "size": lambda m: m.zeros(2).size(1),
    "stride": lambda m: m.zeros(2).stride(3),
    "flatten": lambda m: m.zeros(2, 3, 4).flatten(2, 1),
    "movedim": lambda m: m.zeros(2, 3).movedim((0, 1), (0,)),
    "topk": lambda m: m.zeros(3).topk(4),
    "kthvalue": lambda m: m.zeros(3).kthvalue(0),
    "gather dim": lambda m: m.zeros(3).gather(1, m.zeros(1, dtype=m.int64)),
    "dim is a float": lambda m: m.zeros(2, 3).argmax(1.5),
    "dim is text": lambda m: m.zeros(2, 3).argmax("a"),
}

DTYPES = {
    "sub bool": lambda m: m.tensor([True]) - m.tensor([True]),
    "sub bool number": lambda m: m.tensor([1.0]) - True,
    "neg bool": lambda m: -m.tensor([True]),
    "invert float": lambda m: ~m.tensor([1.0]),
    "and float": lambda m: m.tensor([1.0]) & m.tensor([1.0]),
    "shift float": lambda m: m.tensor([1.0]).__lshift__(m.tensor([1.5])),
    "mean int": lambda m: m.tensor([1, 2]).mean(),
    "mean bool": lambda m: m.tensor([True]).mean(),
    "std int": lambda m: m.tensor([1, 2]).std(),
    "iadd float to int": lambda m: m.tensor([1]).add_(1.5),
    "div_ int": lambda m: m.tensor([1]).div_(2),
    "exp_ int": lambda m: m.tensor([1]).exp_(),
    "int pow negative": lambda m: m.tensor([2]) ** -1,
    "mul_ complex into float": lambda m: m.tensor([1.0]).mul_(1j),
    "alpha": lambda m: m.add(m.tensor([1]), m.tensor([1]), alpha=1.5),
    "mm mixed": lambda m: m.zeros(2, 2) @ m.zeros(2, 2, dtype=m.int64),
    "mm double": lambda m: m.mm(m.zeros(2, 2), m.zeros(2, 2, dtype=m.float64)),
    "dot mixed": lambda m: m.dot(m.zeros(2), m.zeros(2, dtype=m.float64)),
    "lt complex": lambda m: m.tensor([1j]) < m.tensor([1j]),
    "max complex": lambda m: m.tensor([1j]).max(),
    "sort complex": lambda m: m.tensor([1j]).sort(),
    "clamp complex": lambda m: m.tensor([1j]).clamp(0),
    "floor complex": lambda m: m.tensor([1j]).floor(),
    "requires_grad int": lambda m: m.tensor([1], requires_grad=True),
    "requires_grad_ int": lambda m: m.tensor([1]).requires_grad_(),
    "requires_grad bool": lambda m: m.zeros(2, dtype=m.bool, requires_grad=True),
    "where condition": lambda m: m.where(m.zeros(2), m.zeros(2), m.zeros(2)),
    "masked_fill mask": lambda m: m.zeros(2).masked_fill(m.zeros(2), 1),
    "masked_select mask": lambda m: m.zeros(2).masked_select(m.zeros(2)),
    "index_select index": lambda m: m.zeros(2).index_select(0, m.zeros(1)),
    "gather index": lambda m: m.zeros(2).gather(0, m.zeros(1)),
    "scatter_ source": lambda m: m.zeros(2).scatter_(0, m.tensor([0]), m.zeros(1, dtype=m.float64)),
    "index_put_ source": lambda m: m.zeros(2).index_put_(
        (m.tensor([0]),), m.zeros(1, dtype=m.float64)
    ),
    "bincount float": lambda m: m.bincount(m.zeros(2)),
    "view dtype": lambda m: m.zeros(3, dtype=m.int16).view(m.int64),
    "view_as_complex": lambda m: m.view_as_complex(m.zeros(2, 3)),
    "view_as_real": lambda m: m.view_as_real(m.zeros(2)),
    "imag": lambda m: m.zeros(2).imag,
    "complex parts": lambda m: m.complex(m.zeros(2), m.zeros(2, dtype=m.float64)),
    "numpy bfloat16": lambda m: m.zeros(2, dtype=m.bfloat16).numpy(),
    "tensor of text": lambda m: m.tensor(["a"]),
    "tensor of None": lambda m: m.tensor([None]),
    "tensor ragged": lambda m: m.tensor([[1, 2], [3]]),
    "tensor too deep": lambda m: m.tensor([1, [2]]),
    "tensor overflow": lambda m: m.tensor([300], dtype=m.uint8),
    "tensor too large": lambda m: m.tensor(2**64),
    "full text": lambda m: m.full((2,), "a"),
    "fill_ complex": lambda m: m.zeros(2).fill_(1j),
    "set_default_dtype": lambda m: m.set_default_dtype(m.int64),
    "set_default_dtype text": lambda m: m.set_default_dtype("float32"),
    "finfo int": lambda m: m.finfo(m.int64),
    "iinfo float": lambda m: m.iinfo(m.float32),
    "result_type": lambda m: m.result_type(1, "a"),
    "promote_types": lambda m: m.promote_types(m.float32, 1),
    "uint16 add": lambda m: m.tensor([1], dtype=m.uint16) + m.tensor([1], dtype=m.int16),
    "erfinv int": lambda m: m.erfinv(m.tensor([1j])),
    "cross dtype": lambda m: m.linalg.solve(m.eye(2), m.zeros(2, dtype=m.float64)),
    "inverse int": lambda m: m.inverse(m.eye(2, dtype=m.int64)),
    "dtype keyword": lambda m: m.zeros(2, dtype="float32"),
    "dtype numpy": lambda m: m.zeros(2, dtype=np.float32),
    "to None of text": lambda m: m.zeros(2).to("float32"),
}

DEVICES = {
    "unknown": lambda m: m.device("nowhere"),
    "unknown in zeros": lambda m: m.zeros(2, device="nowhere"),
    "bad index": lambda m: m.device("cpu:x"),
    "negative index": lambda m: m.device("cpu:-1"),
    "empty": lambda m: m.device(""),
    "leading zero": lambda m: m.device("cpu:01"),
    "two colons": lambda m: m.device("cpu:0:1"),
    "none": lambda m: m.device(),
    "list": lambda m: m.device([1]),
    "cpu index": lambda m: m.zeros(2, device="cpu:0").device,
    "type and index": lambda m: m.device("cpu", 1),
    "index twice": lambda m: m.device("cpu:0", 1),
    "attributes": lambda m: [m.device("cpu").type, m.device("cpu").index, m.device("cpu:0").index],
    "printed": lambda m: [str(m.device("cpu")), repr(m.device("cpu:0")), str(m.device("meta"))],
    "equal": lambda m: [
        m.device("cpu") == m.device("cpu:0"),
        m.device("cpu") == "cpu",
        hash(m.device("cpu")) == hash(m.device("cpu")),
    ],
    "to": lambda m: m.zeros(2).to("nothing"),
    "is_cpu": lambda m: [m.zeros(2).is_cpu, m.zeros(2).is_cuda, m.zeros(2).get_device()],
    "pickled": lambda m: pickle.loads(pickle.dumps(m.device("cpu"))) == m.device("cpu"),
}

INDEXES = {
    "out of range": lambda m: m.zeros(3)[3],
    "below range": lambda m: m.zeros(3)[-4],
    "second dim": lambda m: m.zeros(2, 3)[0, 3],
    "too many": lambda m: m.zeros(3)[0, 0],
    "too many of 0-dim": lambda m: m.tensor(1)[0],
    "two ellipses": lambda m: m.zeros(2, 3)[..., 0, ...],
    "float": lambda m: m.zeros(3)[1.0],
    "text": lambda m: m.zeros(3)["a"],
    "float tensor": lambda m: m.zeros(3)[m.tensor([0.0])],
    "negative step": lambda m: m.zeros(3)[::-1],
    "zero step": lambda m: m.zeros(3)[::0],
    "tensor out of range": lambda m: m.zeros(3)[m.tensor([0, 3])].tolist(),
    "tensor below range": lambda m: m.zeros(3)[m.tensor([-4])].tolist(),
    "tensor out of range, second dim": lambda m: m.zeros(2, 3)[:, m.tensor([5])].tolist(),
    "list out of range": lambda m: m.zeros(3)[[0, 7]].tolist(),
    "write out of range": lambda m: m.zeros(3).__setitem__(m.tensor([9]), 1.0),
    "mask too long": lambda m: m.zeros(3)[m.tensor([True] * 4)],
    "mask of 2-d": lambda m: m.zeros(3, 2)[m.zeros(2, 2, dtype=m.bool)],
    "broadcast of indices": lambda m: m.zeros(4, 4)[m.tensor([0, 1]), m.tensor([0, 1, 2])],
    "index_select": lambda m: m.zeros(3).index_select(0, m.tensor([3])).tolist(),
    "index_select negative": lambda m: m.zeros(3).index_select(0, m.tensor([-1])).tolist(),
    "gather": lambda m: m.zeros(3).gather(0, m.tensor([3])).tolist(),
    "take": lambda m: m.zeros(3).take(m.tensor([3])).tolist(),
    "scatter_": lambda m: m.zeros(3).scatter_(0, m.tensor([3]), 1.0).tolist(),
    "index_add_": lambda m: m.zeros(3).index_add_(0, m.tensor([3]), m.ones(1)).tolist(),
    "index_fill_": lambda m: m.zeros(3).index_fill_(0, m.tensor([3]), 1).tolist(),
    "one_hot": lambda m: m.nn.functional.one_hot(m.tensor([5]), 3).tolist(),
    "assign text": lambda m: m.zeros(3).__setitem__(0, "a"),
    "assign None": lambda m: m.zeros(3).__setitem__(0, None),
    "delete": lambda m: m.zeros(3).__delitem__(0),
    "unknown attribute": lambda m: m.zeros(3).nothing,
}

VALUES = {
    "int division by zero": lambda m: (m.tensor([1]) // m.tensor([0])).tolist(),
    "int remainder by zero": lambda m: (m.tensor([1]) % m.tensor([0])).tolist(),
    "int fmod by zero": lambda m: m.fmod(m.tensor([1]), m.tensor([0])).tolist(),
    "number division by zero": lambda m: (m.tensor([1]) // 0).tolist(),
    "inverse of singular": lambda m: m.inverse(m.zeros(2, 2)).tolist(),
    "solve singular": lambda m: m.linalg.solve(m.zeros(2, 2), m.ones(2)).tolist(),
    "cholesky": lambda m: m.linalg.cholesky(-m.eye(2)).tolist(),
    "cholesky batch": lambda m: m.linalg.cholesky(m.stack([m.eye(2), -m.eye(2)])).tolist(),
    "arange step": lambda m: m.arange(0, 5, -1),
    "arange zero step": lambda m: m.arange(0, 5, 0),
    "linspace": lambda m: m.linspace(0, 1, -1),
    "repeat_interleave": lambda m: m.zeros(2).repeat_interleave(m.tensor([1, -1])).tolist(),
    "bincount": lambda m: m.bincount(m.tensor([-1])).tolist(),
    "histc": lambda m: m.histc(m.tensor([1.0]), 0),
    "quantile": lambda m: m.quantile(m.arange(3.0), 2.0),
    "masked_scatter_": lambda m: (
        m.zeros(3).masked_scatter_(m.tensor([True] * 3), m.ones(1)).tolist()
    ),
    "rounding_mode": lambda m: m.div(m.ones(1), 2, rounding_mode="up"),
    "einsum": lambda m: m.einsum("ij,jk->ik", m.zeros(2, 3)),
    "einsum sizes": lambda m: m.einsum("ij,jk->ik", m.zeros(2, 3), m.zeros(2, 3)),
    "int of inf": lambda m: int(m.tensor(float("inf"))),
    "int of nan": lambda m: int(m.tensor(float("nan"))),
    "float of complex": lambda m: float(m.tensor(1j)),
    "int of complex": lambda m: int(m.tensor(1 + 1j)),
    "from_numpy list": lambda m: m.from_numpy([1]),
    "from_numpy text": lambda m: m.from_numpy(np.array(["a"])),
    "from_numpy negative stride": lambda m: m.from_numpy(np.arange(3)[::-1]),
    "numpy needs grad": lambda m: m.zeros(2, requires_grad=True).numpy(),
    "hash": lambda m: [hash(x := m.zeros(2)) == hash(x), hash(x) == hash(x.clone())],
    "multinomial": lambda m: m.multinomial(m.tensor([0.0, 0.0]), 1),
    "bernoulli": lambda m: m.bernoulli(m.tensor([2.0])).tolist(),
    "normal": lambda m: m.normal(0.0, -1.0, (2,)),
    "randint": lambda m: m.randint(5, 5, (2,)),
    "randperm": lambda m: m.randperm(-1),
    "backward": lambda m: m.zeros(2).backward(),
    "backward of a vector": lambda m: m.zeros(2, requires_grad=True).backward(),
}

CALLS = {
    "missing": lambda m: m.exp(),
    "too many": lambda m: m.exp(m.zeros(1), 2),
    "unknown keyword": lambda m: m.exp(m.zeros(1), base=2),
    "not a tensor": lambda m: m.exp(1.0),
    "list": lambda m: m.exp([1.0]),
    "add of text": lambda m: m.add(m.zeros(1), "a"),
    "method without": lambda m: m.zeros(1).add(),
    "method unknown keyword": lambda m: m.zeros(1).exp(base=2),
    "operator text": lambda m: m.zeros(1) + "a",
    "operator None": lambda m: m.zeros(1) * None,
    "text first": lambda m: "a" + m.zeros(1),
    "list operand": lambda m: operator.add(m.zeros(2), [1, 2]),
    "compare with text": lambda m: m.zeros(1) < "a",
    "equal to text": lambda m: m.zeros(1) == "a",
    "equal to None": lambda m: [m.zeros(1) == None, m.zeros(1) != None],  # noqa: E711
    "matmul number": lambda m: m.zeros(2, 2) @ 2,
    "pow text": lambda m: m.zeros(1) ** "a",
    "unknown name": lambda m: m.there_is_no_such_function,
    "size of text": lambda m: m.zeros("a"),
    "size of float": lambda m: m.zeros(2.0),
    "size of None": lambda m: m.zeros(None),
    "Size of floats": lambda m: m.Size([1.5]),
    "Size of text": lambda m: m.Size("a"),
    "Tensor of two kinds": lambda m: m.Tensor(2, 3.0),
    "view of text": lambda m: m.zeros(2).view("a"),
    "keepdim": lambda m: m.sum(m.zeros(2, 3), 1, keepdim=2),
}

GROUPS = {
    "shape": SHAPES,
    "dim": DIMS,
    "dtype": DTYPES,
    "device": DEVICES,
    "index": INDEXES,
    "value": VALUES,
    "call": CALLS,
}
EVERY = [
    pytest.param(call, id=f"{group}: {name}")
    for group, calls in GROUPS.items()
    for name, call in calls.items()
]


@pytest.mark.parametrize("call", EVERY)
def test_same_error(call):
    both(call)


def test_they_are_mistakes():
    calls = [call for group in GROUPS.values() for call in group.values()]
    refused = sum(isinstance(attempt(call, theirs), Raised) for call in calls)
    assert refused > 0.85 * len(calls)


AT_THE_LINE = {
    "shape": lambda m, x: x + m.zeros(7),
    "matmul": lambda m, x: x @ m.zeros(7),
    "index": lambda m, x: x[9],
    "dtype": lambda m, x: x.add_(1j),
    "view": lambda m, x: x.view(7),
    "cat": lambda m, x: m.cat([x, m.zeros(1, 1)]),
    "dim": lambda m, x: x.sum(4),
    "setitem": lambda m, x: x.__setitem__(0, m.zeros(7)),
}


@pytest.mark.parametrize("name", AT_THE_LINE)
def test_raised_at_the_call_and_not_when_read(name):
    """A lazy engine checks while it records: nothing is read here, and it raises all the same."""
    for module in (ours, theirs):
        x = module.zeros(2, 3)
        with pytest.raises((RuntimeError, IndexError, TypeError)):
            AT_THE_LINE[name](module, x)


@pytest.mark.parametrize("name", AT_THE_LINE)
def test_a_failed_call_changes_nothing(name):
    def call(module):
        x = module.zeros(2, 3)
        row = x[0]
        outcome = attempt(lambda: AT_THE_LINE[name](module, x))
        return [outcome, x, row, x._version, x + 1]

    both(call)


def test_a_late_error_leaves_the_program_usable():
    """An error that only values can show: raised when read, and what follows still works."""

    def call(module):
        x = module.arange(3.0)
        outcome = attempt(lambda: x[module.tensor([5])].tolist())
        return [outcome, x + 1, x[module.tensor([2])]]

    both(call)


def test_classes_of_errors():
    assert issubclass(ours.linalg.LinAlgError, RuntimeError)
    assert_same(
        ours.linalg.LinAlgError.__mro__[1].__name__, theirs.linalg.LinAlgError.__mro__[1].__name__
    )
    both(lambda m: issubclass(m.OutOfMemoryError, RuntimeError))
