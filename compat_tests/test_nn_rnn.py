"""Recurrent layers, cells and packed sequences: values, gradients, names and texts as torch's."""

import itertools

import numpy as np
import pytest

from compare import both, make, sampled
from nn_sessions import compare_part, sessions

# (module, layers, both directions, biases, batch first, dropout, projection, dtype, input)
INPUTS = ("padded", "packed", "unsorted", "unbatched")
CASES = [
    case
    for case in itertools.product(
        ("LSTM", "GRU", "RNN"), (1, 2), (False, True), (False, True), (False, True), (0.0, 0.4),
        (0, 2), ("float32", "float64"), INPUTS,
    )
    if not (case[0] != "LSTM" and case[6]) and not (case[1] == 1 and case[5])
]  # fmt: skip
LENGTHS = {"packed": [5, 3, 1], "unsorted": [3, 5, 1]}
TOLERANCES = {"float32": (1e-4, 1e-5), "float64": (1e-8, 1e-10)}


def weighted(tensor, start=0.5):
    weights = tensor.detach().reshape(-1).cumsum(0) * 0 + start
    return (tensor * weights.reshape(tensor.shape)).sum()


def numbers(module, generator, shape, dtype):
    return make(module, generator.normal(size=shape), dtype).requires_grad_()


def layer_of(module, case):
    kind, layers, two, bias, first, dropout, projection, dtype, _ = case
    options = {"proj_size": projection} if projection else {}
    if kind == "RNN" and two:
        options["nonlinearity"] = "relu"
    module.manual_seed(1)
    return getattr(module.nn, kind)(
        3, 4, num_layers=layers, bidirectional=two, bias=bias, batch_first=first, dropout=dropout,
        dtype=getattr(module, dtype), **options,
    )  # fmt: skip


def input_of(module, generator, case):
    first, dtype, kind = case[4], case[7], case[8]
    shape = {"unbatched": (5, 3)}.get(kind, (3, 5, 3) if first else (5, 3, 3))
    leaf = numbers(module, generator, shape, dtype)
    if kind not in LENGTHS:
        return leaf, leaf
    pack = module.nn.utils.rnn.pack_padded_sequence
    return leaf, pack(leaf, LENGTHS[kind], batch_first=first, enforce_sorted=kind == "packed")


def state_of(module, generator, layer, case):
    batch = () if case[8] == "unbatched" else (3,)
    count = layer.num_layers * (2 if layer.bidirectional else 1)
    widths = [layer.proj_size or 4, 4] if case[0] == "LSTM" else [4]
    made = [numbers(module, generator, (count, *batch, width), case[7]) for width in widths]
    return made, (tuple(made) if case[0] == "LSTM" else made[0])


@pytest.mark.parametrize("case", sampled(CASES, 13), ids=str)
def test_layers(case):
    with_state = CASES.index(case) % 3 > 0

    def compute(module):
        generator = np.random.default_rng(0)
        layer = layer_of(module, case)
        leaf, given = input_of(module, generator, case)
        leaves, state = state_of(module, generator, layer, case) if with_state else ([], None)
        output, last = layer(given, state)
        last = list(last) if isinstance(last, tuple) else [last]
        packed = case[8] in LENGTHS
        shown = [output.data if packed else output, *last]
        sum(map(weighted, shown)).backward()
        gradients = [each.grad for each in (leaf, *leaves, *layer.parameters())]
        names = [type(each.grad_fn).__name__ for each in shown]
        return [
            *[each.detach() for each in shown], [list(each.stride()) for each in shown], names,
            gradients, [None if each is None else each for each in output[1:]] if packed else None,
        ]  # fmt: skip

    both(compute, tolerance=TOLERANCES[case[7]], strides=False)


@pytest.mark.parametrize("kind", ["LSTMCell", "GRUCell", "RNNCell"])
@pytest.mark.parametrize("bias", [False, True])
def test_cells(kind, bias):
    def compute(module):
        generator = np.random.default_rng(0)
        module.manual_seed(1)
        cell = getattr(module.nn, kind)(3, 4, bias=bias)
        found = [repr(cell), list(cell.state_dict()), *[p.detach() for p in cell.parameters()]]
        for batch in ((), (2,)):
            x = numbers(module, generator, (*batch, 3), "float32")
            states = [numbers(module, generator, (*batch, 4), "float32") for _ in range(2)]
            state = tuple(states) if kind == "LSTMCell" else states[0]
            for given in (None, state):
                result = cell(x, given)
                results = list(result) if isinstance(result, tuple) else [result]
                total = sum(map(weighted, results))
                (gradient,) = module.autograd.grad(total, x)
                found += [*[each.detach() for each in results], gradient]
                found += [type(each.grad_fn).__name__ for each in results]
        return found

    both(compute, tolerance=(1e-5, 1e-6))


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_second_derivatives(kind):
    """torch differentiates its own loop in float64; the derivative of ours is one of its own."""

    def compute(module):
        generator = np.random.default_rng(0)
        layer = layer_of(module, (kind, 1, False, True, False, 0.0, 0, "float64", "padded"))
        x = numbers(module, generator, (3, 2, 3), "float64")
        output, _ = layer(x)
        (first,) = module.autograd.grad(output.pow(2).sum(), x, create_graph=True)
        return module.autograd.grad(first.pow(2).sum(), (x, *layer.parameters()))

    both(compute, tolerance=(1e-7, 1e-9), strides=False)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_training(kind):
    """20 steps of a many-to-one task end where torch's do."""

    def compute(module):
        module.manual_seed(0)
        layer = getattr(module.nn, kind)(2, 6, batch_first=True)
        head = module.nn.Linear(6, 1)
        parameters = [*layer.parameters(), *head.parameters()]
        x = make(module, np.random.default_rng(0).normal(size=(8, 7, 2)), "float32")
        target = x.sum((1, 2)).unsqueeze(1)
        losses = []
        for _ in range(20):
            output, _ = layer(x)
            loss = (head(output[:, -1]) - target).pow(2).mean()
            gradients = module.autograd.grad(loss, parameters)
            with module.no_grad():
                for parameter, gradient in zip(parameters, gradients, strict=True):
                    parameter -= 0.05 * gradient
            losses.append(loss.detach())
        return losses

    both(compute, tolerance=(1e-3, 1e-4))


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision(kind, dtype):
    def compute(module):
        case = (kind, 1, True, True, False, 0.0, 0, dtype, "padded")
        layer = layer_of(module, case)
        x = numbers(module, np.random.default_rng(0), (5, 2, 3), dtype)
        output, _ = layer(x)
        return [output.detach().float(), str(output.dtype)]

    both(compute, tolerance=(3e-2, 3e-2), strides=False)


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("trailing", [(), (2, 3)])
def test_packing(first, trailing):
    def compute(module):
        rnn = module.nn.utils.rnn
        shape = (3, 4, *trailing) if first else (4, 3, *trailing)
        values = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
        found = []
        for lengths, is_sorted in (([4, 2, 1], True), ([2, 4, 1], False)):
            x = make(module, values, "float32").requires_grad_()
            packed = rnn.pack_padded_sequence(x, lengths, first, is_sorted)
            padded, known = rnn.pad_packed_sequence(packed, first, -1.0, 6)
            (gradient,) = module.autograd.grad(weighted(padded), x)
            parts = rnn.unpack_sequence(packed)
            found += [packed.data.detach(), *packed[1:], padded.detach(), known, gradient]
            found += [type(each.grad_fn).__name__ for each in (packed.data, padded)]
            found += [each.detach() for each in parts]
        return found

    both(compute, strides=False)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("side", ["left", "right"])
def test_padding(recorded, side):
    def compute(module):
        sequences = [
            make(module, np.arange(2.0 * n).reshape(n, 2) + 1, "float32").requires_grad_(recorded)
            for n in (2, 3, 1)
        ]
        found = []
        for first in (False, True):
            padded = module.nn.utils.rnn.pad_sequence(sequences, first, 9.0, side)
            found += [padded.detach(), padded.requires_grad]
            if recorded:
                found += [type(padded.grad_fn).__name__]
                found += module.autograd.grad(weighted(padded, 2.0), sequences)
        return found

    both(compute)


@sessions("nn_rnn")
def test_session(part):
    assert compare_part(part)
