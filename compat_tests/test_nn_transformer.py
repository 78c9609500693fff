"""The transformer and its layers: values, gradients, names and warnings as torch's."""

import itertools

import numpy as np
import pytest

from compare import both, make, sampled
from nn_sessions import compare_part, sessions

WIDTH, HEADS = 4, 2
LAYERS = list(
    itertools.product(
        ("TransformerEncoderLayer", "TransformerDecoderLayer"), (False, True), (False, True),
        ("relu", "gelu"), (True, False), (0.0, 0.3), (None, "causal", "bool", "padding", "both"),
        ("train", "eval", "no_grad"),
    )
)  # fmt: skip


def numbers(module, generator, shape):
    return make(module, generator.normal(size=shape), "float32")


def masks_of(module, kind, length):
    square = module.nn.Transformer.generate_square_subsequent_mask(length)
    padding = module.arange(length) >= module.tensor([[length], [2]])
    found = {"causal": square, "bool": square != 0, "both": square != 0}.get(kind)
    return found, padding if kind in ("padding", "both") else None


@pytest.mark.parametrize("case", sampled(LAYERS, 10), ids=str)
def test_layers(case):
    kind, first, norm_first, activation, bias, dropout, masks, phase = case

    def compute(module):
        generator = np.random.default_rng(0)
        module.manual_seed(1)
        layer = getattr(module.nn, kind)(
            WIDTH, HEADS, 8, dropout, activation, batch_first=first, norm_first=norm_first,
            bias=bias,
        )  # fmt: skip
        x = numbers(module, generator, (2, 3, WIDTH) if first else (3, 2, WIDTH))
        mask, padding = masks_of(module, masks, 3)
        if kind == "TransformerEncoderLayer":
            given = {"src_mask": mask, "src_key_padding_mask": padding}
            call = lambda: layer(x, **given)  # noqa: E731
        else:
            given = {"tgt_mask": mask, "tgt_key_padding_mask": padding}
            memory = numbers(module, generator, (2, 5, WIDTH) if first else (5, 2, WIDTH))
            call = lambda: layer(x, memory, **given)  # noqa: E731
        layer.train(phase == "train")
        if phase == "no_grad":
            with module.no_grad():
                return [call(), list(layer.state_dict())]
        x.requires_grad_()
        result = call()
        weights = module.linspace(0.5, 1.5, result.numel()).reshape(result.shape)
        (result * weights).sum().backward()
        gradients = [each.grad for each in (x, *layer.parameters())]
        return [result.detach(), type(result.grad_fn).__name__, gradients]

    both(compute, tolerance=(2e-4, 2e-5), strides=False)


@pytest.mark.parametrize("lengths", [[3, 1], [3, 0], None])
@pytest.mark.parametrize("first, norm", [(True, True), (False, True)])
def test_encoders(first, norm, lengths):
    """In evaluation torch drops what is padding, and gives 0 there."""

    def compute(module):
        generator = np.random.default_rng(0)
        module.manual_seed(1)
        layer = module.nn.TransformerEncoderLayer(WIDTH, HEADS, 8, batch_first=first)
        last = module.nn.LayerNorm(WIDTH) if norm else None
        encoder = module.nn.TransformerEncoder(layer, 2, last, enable_nested_tensor=first).eval()
        x = numbers(module, generator, (2, 3, WIDTH) if first else (3, 2, WIDTH))
        here = module.tensor([[False, True, False], [False, True, True]])
        if lengths is not None:
            here = module.arange(3) >= module.tensor(lengths).unsqueeze(1)
        found = [encoder(x, src_key_padding_mask=here).detach()]
        with module.no_grad():
            found.append(encoder(x, src_key_padding_mask=here))
            found.append(encoder(x, mask=module.ones(3, 3).triu(1).bool()))
        return found

    both(compute, tolerance=(2e-4, 2e-5), strides=False)


@pytest.mark.parametrize("first, causal", [(True, True)])
def test_transformer(first, causal):
    def compute(module):
        generator = np.random.default_rng(0)
        module.manual_seed(1)
        model = module.nn.Transformer(
            WIDTH, HEADS, 1, 2, 8, 0.1, batch_first=first, activation=module.nn.functional.gelu
        )
        source = numbers(module, generator, (2, 5, WIDTH) if first else (5, 2, WIDTH))
        target = numbers(module, generator, (2, 3, WIDTH) if first else (3, 2, WIDTH))
        mask = model.generate_square_subsequent_mask(3)
        result = model(source, target, tgt_mask=mask, tgt_is_causal=causal or None)
        result.pow(2).sum().backward()
        return [
            result.detach(), list(model.state_dict()),
            [each.grad.sum() for each in model.parameters()],
            [each.detach() for each in model.parameters()][::3],
        ]  # fmt: skip

    both(compute, tolerance=(1e-3, 1e-4), strides=False)


@sessions("nn_transformer")
def test_session(part):
    assert compare_part(part)
