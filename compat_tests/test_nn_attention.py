"""Attention: the kernel and its parts, heads, masks, dropout, choices, texts; as torch's."""

import itertools

import numpy as np
import pytest

from compare import both, make, sampled
from nn_sessions import compare_part, sessions

# shapes of query, key and value
SHAPES = [
    ((2, 3, 5, 4), (2, 3, 6, 4), (2, 3, 6, 4)), ((3, 5, 4), (3, 6, 4), (3, 6, 7)),
    ((5, 4), (6, 4), (6, 4)), ((2, 3, 5, 4), (2, 3, 6, 4), (2, 3, 6, 7)),
    ((2, 3, 5, 4), (1, 3, 6, 4), (1, 3, 6, 4)), ((2, 4, 5, 4), (2, 2, 6, 4), (2, 2, 6, 4)),
    ((2, 4, 5, 4), (2, 2, 6, 4), (2, 4, 6, 4)), ((2, 3, 0, 4), (2, 3, 6, 4), (2, 3, 6, 4)),
    ((2, 3, 5, 4), (2, 3, 0, 4), (2, 3, 0, 4)), ((2, 3, 5, 4), (2, 2, 6, 4), (2, 2, 6, 4)),
    ((5, 4), (6, 3), (6, 3)), ((5,), (5,), (5,)),
]  # fmt: skip
MASKS = (None, None, "bool", "float", "rows", "batch", "heads")
OPTIONS = (
    {}, {"is_causal": True}, {"dropout_p": 0.4}, {"scale": -0.3}, {"scale": 0.0},
    {"enable_gqa": True},
)  # fmt: skip
CASES = list(
    itertools.product(
        SHAPES, MASKS, OPTIONS, ("float32", "float64", "bfloat16", "float16"), (True, False)
    )
)
TOLERANCES = {
    "float32": (1e-4, 1e-5), "float64": (1e-9, 1e-11), "bfloat16": (3e-2, 3e-2),
    "float16": (4e-3, 4e-3),
}  # fmt: skip


def mask_of(module, kind, dtype):
    generator = np.random.default_rng(7)
    allowed = generator.random((5, 6)) > 0.4
    allowed[0] = False  # nothing to attend to
    if kind == "float":
        return make(module, np.where(allowed, generator.normal(size=(5, 6)), -np.inf), dtype)
    arrays = {
        "bool": allowed, "rows": allowed[:, :1], "batch": allowed[None, None],
        "heads": np.stack([allowed] * 3),
    }  # fmt: skip
    return make(module, arrays[kind])


@pytest.mark.parametrize("case", sampled(CASES, 60), ids=str)
def test_scaled_dot_product(case):
    shapes, mask, options, dtype, recorded = case

    def compute(module):
        generator = np.random.default_rng(0)
        module.manual_seed(3)
        operands = [
            make(module, generator.normal(size=shape), dtype).requires_grad_(recorded)
            for shape in shapes
        ]
        given = dict(options)
        if mask is not None:
            given["attn_mask"] = mask_of(module, mask, dtype)
        result = module.nn.functional.scaled_dot_product_attention(*operands, **given)
        found = [result.detach(), type(result.grad_fn).__name__]
        if recorded:
            weights = module.linspace(0.5, 1.5, result.numel(), dtype=result.dtype)
            found += module.autograd.grad((result * weights.view_as(result)).sum(), operands)
        return found

    both(compute, tolerance=TOLERANCES[dtype], strides=False)


def test_layout():
    """The kernel's result lies as the query does."""

    def compute(module):
        base = make(module, np.random.default_rng(0).normal(size=(2, 5, 3, 4)), "float32")
        query = base.transpose(1, 2)
        attend = module.nn.functional.scaled_dot_product_attention
        key = query.contiguous()
        return [
            attend(query, key, key),
            attend(key, query, query),
            attend(query[0], key[0], key[0]),
        ]

    both(compute)


def test_second_derivative_of_parts():
    def compute(module):
        query = make(module, np.random.default_rng(0).normal(size=(3, 5, 4)), "float64")
        query.requires_grad_()
        result = module.nn.functional.scaled_dot_product_attention(query, query, query)
        (first,) = module.autograd.grad(result.pow(2).sum(), query, create_graph=True)
        return module.autograd.grad(first.pow(2).sum(), query)

    both(compute, tolerance=(1e-7, 1e-9), strides=False)


def configurations(count):
    """Modules of several heads, each with inputs and a call."""
    generator = np.random.default_rng(11)

    def pick(*values):
        return values[generator.integers(len(values))]

    for number in range(count):
        heads, first = pick(1, 2, 4), pick(True, False)
        plain = pick(True, False)
        widths = (4, 4) if plain else (pick(4, 3), pick(4, 5))
        options = {
            "dropout": pick(0.0, 0.0, 0.3), "bias": pick(True, True, False), "batch_first": first,
            "add_bias_kv": not plain and pick(True, False),
            "add_zero_attn": not plain and pick(True, False),
            "kdim": widths[0], "vdim": widths[1],
        }  # fmt: skip
        same = pick(0, 1, 2, 2) if widths == (4, 4) else 0
        batched = pick(True, True, True, False)
        call = {
            "mask": pick(None, "bool", "float", "heads", "wrong"), "padding": pick(True, False),
            "need_weights": pick(True, False), "average_attn_weights": pick(True, False),
            "is_causal": pick(False, False, False, True),
        }  # fmt: skip
        phase = pick("train", "train", "eval", "no_grad")
        yield pytest.param(heads, options, same, batched, call, phase, id=str(number))


def inputs_of(module, options, same, batched):
    generator = np.random.default_rng(0)
    lengths = (3, 3, 3) if same == 2 else (3, 5, 5)
    widths = (4, options["kdim"], options["vdim"])
    made = []
    for length, width in zip(lengths, widths, strict=True):
        shape = (2, length, width) if options["batch_first"] else (length, 2, width)
        shape = shape if batched else (length, width)
        made.append(make(module, generator.normal(size=shape), "float32"))
    return made[: 3 - same] + made[2 - same : 3 - same] * same


def masks_of(module, call, heads, batched, source):
    generator = np.random.default_rng(1)
    batch = 2 if batched else 1
    found = {}
    if call["mask"] is not None:
        shape = {"heads": (batch * heads, 3, source), "wrong": (4, source)}
        mask = generator.random(shape.get(call["mask"], (3, source))) > 0.7
        if call["mask"] == "float":
            mask = generator.normal(size=mask.shape).astype(np.float32)
        found["attn_mask"] = make(module, mask)
    if call["padding"]:
        padding = np.arange(source) >= np.array([[2], [source]])
        found["key_padding_mask"] = make(module, padding if batched else padding[0])
    return found


@pytest.mark.parametrize("heads, options, same, batched, call, phase", [*configurations(24)])
def test_heads(heads, options, same, batched, call, phase):
    def compute(module):
        module.manual_seed(5)
        layer = module.nn.MultiheadAttention(4, heads, **options)
        layer.train(phase == "train")
        inputs = inputs_of(module, options, same, batched)
        source = inputs[1].shape[1 if batched and options["batch_first"] else 0]
        masks = masks_of(module, call, heads, batched, source)
        flags = {name: call[name] for name in call if name not in ("mask", "padding")}
        with module.set_grad_enabled(phase != "no_grad"):
            output, weights = layer(*inputs, **masks, **flags)
        found = [output.detach(), weights if weights is None else weights.detach()]
        found += [list(layer.state_dict()), type(output.grad_fn).__name__]
        if phase != "no_grad":
            scales = module.linspace(0.5, 1.5, output.numel()).reshape(output.shape)
            (output * scales).sum().backward()
            found += [[each.grad for each in layer.parameters()]]
        return [*found, [each.detach() for each in layer.parameters()]]

    both(compute, tolerance=(2e-4, 2e-5), strides=False)


@sessions("nn_attention")
def test_session(part):
    assert compare_part(part)
