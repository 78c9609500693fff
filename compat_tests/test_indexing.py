"""Indexing: generated expressions of every kind of index, read and written, against torch.

An expression is made of tokens, one for a dim or a few, each drawn with the size of its dim in
view so that most are valid and some just miss.  By default a part of them runs, always the same.
"""

import dataclasses
import operator
import random

import numpy as np
import pytest

from compare import Raised, assert_same, attempt, both, ours, sampled, theirs

SHAPES = ((6,), (4, 6), (2, 3, 4), (2, 3, 2, 4))
READS_BY_DEFAULT = 220
WRITES_BY_DEFAULT = 180
PER_SHAPE = 300


@dataclasses.dataclass(frozen=True)
class Token:
    """One part of an index expression: how it reads in Python, `m` the module, and its dims."""

    text: str
    dims: int

    def __str__(self):
        return self.text


def scalars(size):
    """Indices that take one dim and leave none, the last two out of range."""
    texts = ["0", "-1", str(size - 1), str(-size), "m.tensor(0)", "np.int64(1)", "np.array(0)"]
    texts += ["m.tensor(-1, dtype=m.int32)"]
    return [Token(text, 1) for text in texts]


def slices(size):
    texts = [
        ":",
        "1:",
        ":-1",
        "::2",
        "1::2",
        "-2:",
        f":{size + 3}",
        f"{size}:",
        "2:1",
        f"-{size + 2}:2",
        "0:1",
    ]
    texts += [f"m.tensor(1):{size}"]
    return [Token(text, 1) for text in texts]


def arrays(size):
    """Index tensors, lists and masks over one dim, without repeated places."""
    mask = [place % 2 == 0 for place in range(size)]
    texts = [
        "[1, 0]",
        "[-1, 0]",
        "m.tensor([1, 0])",
        "m.tensor([[1], [0]])",
        "np.array([0, 1])",
        "m.tensor([1])",
    ]
    texts += [
        f"m.tensor({mask})",
        str(mask),
        f"np.array({mask})",
        "m.tensor([1, 0], dtype=m.int32)",
    ]
    texts += [
        f"m.tensor({[False] * size})",
        "m.tensor([], dtype=m.int64)",
        "[]",
        f"m.tensor({mask}, dtype=m.uint8)",
    ]
    return [Token(text, 1) for text in texts]


def without_dims():
    return [Token(text, 0) for text in ("None", "True", "False", "m.tensor(True)")]


def wrong(size):
    """What fails: out of range, not an index, a mask of another size, a negative step."""
    texts = [
        str(size),
        str(-size - 1),
        f"[0, {size}]",
        f"m.tensor([{size}])",
        f"m.tensor([-{size + 1}])",
        "1.5",
        "'a'",
    ]
    texts += [
        f"m.tensor({[True] * (size + 1)})",
        "::-1",
        "::0",
        "m.tensor([0.5])",
        "[0.5]",
        "m.tensor(1.5)",
        "{}",
    ]
    texts += [f"m.tensor({size})", "1j", "slice('a', None)", "[[0, 1], [1]]"]
    return [Token(text, 1) for text in texts]


def draw_expression(draw, shape):
    """A list of tokens for a tensor of this shape."""
    tokens, dim = [], 0
    wanted = draw.randint(1, len(shape) + 1)
    failing = draw.random() < 0.12
    ellipsis_at = draw.randrange(wanted) if draw.random() < 0.25 else None
    for place in range(wanted):
        if place == ellipsis_at:
            tokens.append(Token("...", 0))
            # What follows an ellipsis faces the last dims.
            dim = max(dim, len(shape) - (wanted - place - 1))
            continue
        size = shape[min(dim, len(shape) - 1)]
        kinds = [scalars, slices, arrays]
        pool = draw.choices(kinds, weights=(3, 4, 3))[0](size)
        if draw.random() < 0.15:
            pool = without_dims()
        if failing and draw.random() < 0.6:
            pool, failing = wrong(size), False
        if dim + 1 < len(shape) and draw.random() < 0.06:
            pool = [Token(f"m.tensor(np.tri({size}, {shape[dim + 1]}) > 0)", 2)]
        token = draw.choice(pool)
        tokens.append(token)
        dim += token.dims
    return tuple(tokens)


def expressions():
    """(shape, text) of every generated expression, always the same."""
    draw = random.Random(7)
    found = []
    for shape in SHAPES:
        texts = set()
        while len(texts) < PER_SHAPE:
            tokens = draw_expression(draw, shape)
            text = ", ".join(map(str, tokens))
            text += "," if len(tokens) == 1 and draw.random() < 0.2 else ""
            if text not in texts:
                texts.add(text)
                found.append((shape, text))
    return found


def counted(shape, start=0, dtype=np.float32):
    """Numbers from `start` on, in this shape."""
    return np.arange(start, start + np.prod(shape)).reshape(shape).astype(dtype)


def last(shape):
    return shape[-1:] or (1,)


VALUES = {
    "number": lambda m, shape: 7,
    "float number": lambda m, shape: 7.5,
    "bool": lambda m, shape: True,
    "0-dim": lambda m, shape: m.tensor(7.0),
    "same shape": lambda m, shape: m.tensor(counted(shape, 100)),
    "same shape, int64": lambda m, shape: m.tensor(counted(shape, 100, np.int64)),
    "last dim": lambda m, shape: m.tensor(counted(last(shape))),
    "leading 1": lambda m, shape: m.tensor(counted((1, *shape))),
    "wrong shape": lambda m, shape: m.zeros(5, 7),
    "list": lambda m, shape: [1.0] * last(shape)[0],
    "numpy": lambda m, shape: counted(shape),
}
LAYOUTS = ("contiguous", "transposed", "strided")


def make_base(module, shape, layout):
    """(the tensor that is indexed, all of its memory)."""
    size = int(np.prod(shape))
    if layout == "transposed":
        base = module.tensor(np.arange(size, dtype=np.float32).reshape(shape[::-1]))
        return base.permute(tuple(reversed(range(len(shape))))), base
    if layout == "strided":
        wide = (*shape[:-1], 2 * shape[-1])
        base = module.tensor(np.arange(2 * size, dtype=np.float32).reshape(wide))
        return base[..., ::2], base
    base = module.tensor(np.arange(size, dtype=np.float32).reshape(shape))
    return base, base


def evaluate(text, module, tensor):
    """The index that the text stands for, as `tensor[...]` would get it."""
    catcher = type("Catcher", (), {"__getitem__": lambda self, index: index})()
    return eval(f"catcher[{text}]", {"catcher": catcher, "m": module, "np": np, "x": tensor})


def read(module, shape, text, layout):
    tensor, base = make_base(module, shape, layout)
    result = tensor[evaluate(text, module, tensor)]
    shares = result.untyped_storage().data_ptr() == base.untyped_storage().data_ptr()
    distance = result.data_ptr() - tensor.data_ptr() if shares and result.numel() else 0
    return [result, shares, distance]


def write(module, shape, text, layout, value, result_shape):
    tensor, base = make_base(module, shape, layout)
    tensor[evaluate(text, module, tensor)] = VALUES[value](module, result_shape)
    return [base, tensor, base._version]


def shape_of_read(shape, text):
    """The shape of what torch reads there; the tensor's own where torch refuses."""
    record = attempt(read, theirs, shape, text, "contiguous")
    return shape if isinstance(record, Raised) else record.content[0].shape


def numbered():
    return [(number, *case) for number, case in enumerate(expressions())]


def name(case):
    number, shape, text = case
    return f"{number} x{list(shape)}[{text}]"


@pytest.mark.parametrize("case", sampled(numbered(), READS_BY_DEFAULT, salt="read"), ids=name)
def test_read(case):
    number, shape, text = case
    layout = LAYOUTS[number % 3] if number % 2 else "contiguous"
    both(lambda m: read(m, shape, text, layout))


@pytest.mark.parametrize("case", sampled(numbered(), WRITES_BY_DEFAULT, salt="write"), ids=name)
def test_write(case):
    number, shape, text = case
    layout = LAYOUTS[number % 3] if number % 2 else "contiguous"
    values = list(VALUES)
    target = shape_of_read(shape, text)
    for value in (values[number % len(values)], "same shape"):
        both(lambda m, value=value: write(m, shape, text, layout, value, target))


@pytest.mark.parametrize("case", sampled(numbered(), 40, salt="augmented"), ids=name)
def test_augmented(case):
    _, shape, text = case

    def augment(module):
        tensor, base = make_base(module, shape, "contiguous")
        tensor[evaluate(text, module, tensor)] += 10
        return [base, base._version]

    both(augment)


def test_there_are_enough_and_most_are_valid():
    cases = numbered()
    assert len(cases) >= 800
    valid = [
        case
        for case in cases
        if not isinstance(attempt(read, theirs, *case[1:], "contiguous"), Raised)
    ]
    assert 0.6 * len(cases) < len(valid) < 0.95 * len(cases)


DTYPES = ["float64", "int64", "bool", "complex64", "bfloat16", "uint8"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_assignment_casts_to_the_tensor(dtype):
    def assign(module, value, index):
        tensor = module.zeros(3, 4, dtype=getattr(module, dtype))
        tensor[index] = value(module)
        return tensor

    values = [
        lambda m: 2,
        lambda m: 1.7,
        lambda m: True,
        lambda m: m.tensor(1.7),
        lambda m: m.tensor([1, 2, 3, 4]),
    ]
    values += [lambda m: 1j, lambda m: m.tensor([0.5, 1.5, 2.5, 3.5], dtype=m.float64)]
    for value in values:
        for index in (0, [1, 2], slice(1, None)):
            both(lambda m, value=value, index=index: assign(m, value, index))


def test_masks():
    def masked(module, value):
        tensor = module.tensor(np.arange(12.0).reshape(3, 4))
        tensor[tensor > 5] = value(module)
        return [tensor, tensor[tensor < 3], tensor[tensor > 100]]

    both(lambda m: masked(m, lambda m: -1))
    both(lambda m: masked(m, lambda m: m.arange(6.0)))
    both(lambda m: masked(m, lambda m: m.arange(5.0)))
    both(lambda m: m.arange(4.0)[m.tensor([True, False])])
    both(lambda m: m.zeros(2, 3)[m.zeros(3, 2, dtype=m.bool)])
    both(lambda m: m.zeros(2, 3)[m.zeros(2, dtype=m.bool), m.zeros(3, dtype=m.bool)])
    both(lambda m: m.zeros(2, 3)[m.tensor([True, True]), m.tensor([True, False, True])])


def test_zero_dim():
    for text in (
        "()",
        "...",
        "None",
        "True",
        "False",
        "0",
        ":",
        "m.tensor(True)",
        "None, ...",
        "-1",
        "[0]",
        "m.tensor([0])",
    ):
        both(lambda m, text=text: m.tensor(3.0)[evaluate(text, m, None)])

    def assign(module, text):
        tensor = module.tensor(3.0)
        tensor[evaluate(text, module, tensor)] = 5
        return tensor

    for text in (
        "()",
        "...",
        "None",
        "True",
        "False",
        "0",
        ":",
        "m.tensor(True)",
        "m.tensor(False)",
    ):
        both(lambda m, text=text: assign(m, text))


def test_empty():
    both(lambda m: [m.zeros(0, 3)[:], m.zeros(0, 3)[:, 1], m.zeros(0, 3)[m.zeros(0, dtype=m.bool)]])
    both(lambda m: m.zeros(0, 3)[0])
    both(lambda m: m.zeros(3, 0)[1])
    both(lambda m: m.zeros(0)[m.tensor([0])])
    both(lambda m: m.zeros(3)[m.zeros(0, 2, dtype=m.int64)])
    both(lambda m: m.where(m.tensor([[True, False], [True, True]])))


def test_len_iteration_and_containment():
    both(lambda m: [len(m.zeros(3, 2)), list(m.arange(3)), [row.shape for row in m.zeros(2, 3)]])
    both(lambda m: len(m.tensor(1.0)))
    both(lambda m: list(m.tensor(1.0)))
    both(lambda m: [2 in m.arange(3), 7 in m.arange(3), m.tensor(1) in m.arange(3)])
    both(lambda m: reversed(m.arange(3)))
    both(lambda m: operator.index(m.tensor(3)))
    both(lambda m: [10, 20, 30][m.tensor(1)])
    both(lambda m: [0] * m.tensor(3))
    both(lambda m: "abc"[: m.tensor(2)])


def test_deleting_is_refused():
    def delete(module):
        tensor = module.arange(3)
        del tensor[0]

    both(delete)


def test_repeated_places_accumulate_when_asked():
    places = [0, 1, 1, 0, 1]
    both(lambda m: m.zeros(3).index_put_((m.tensor(places),), m.ones(5), accumulate=True))
    both(lambda m: m.zeros(3).index_add_(0, m.tensor(places), m.arange(5.0)))


def plain_expressions():
    """The expressions of whole numbers, slices and lists: numpy reads them the same way."""
    special = ("m.", "True", "False", "np.", "0.5", "1.5")
    return [case for case in expressions() if not any(word in case[1] for word in special)]


def test_an_expression_reads_as_numpy_does():
    """An independent judge: where numpy knows the expression, it takes the same elements."""
    agreed = 0
    for shape, text in sampled(plain_expressions(), 80, salt="numpy"):
        array = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
        index = evaluate(text, ours, None)
        index = index if isinstance(index, tuple) else (index,)
        index = tuple(np.array(part, dtype=np.int64) if part == [] else part for part in index)
        got = attempt(read, ours, shape, text, "contiguous")
        if isinstance(got, Raised):
            continue
        assert_same(got.content[0].values, np.asarray(array[index]), strides=False)
        agreed += 1
    assert agreed > 50
