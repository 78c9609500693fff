"""Convolutions: values, first and second derivatives, layouts, formulations, texts, against torch."""

import functools
import itertools

import jax
import numpy as np
import pytest

from compare import assert_same, attempt, both, freeze, make, ours, sampled, theirs
from jtorch._ops import convolution_choice as choice
from jtorch._ops.convolution_geometry import Geometry, output_sizes
from nn_sessions import compare_part, sessions

LOOSE = (1e-9, 1e-10)


@sessions("nn_conv", "nn_blocks")
def test_session(part):
    compare_part(part, tolerance=(1e-5, 1e-5))


def configurations():
    """(dims, transposed, settings): every combination of a few values, shuffled the same each time."""
    found = list(
        itertools.product(
            (1, 2, 3),
            (False, True),
            (1, 2, 3),  # stride
            (0, 1, 2),  # padding
            (1, 2),  # dilation
            (1, 2, 4),  # groups
            (1, 2, 3),  # kernel
            (False, True),  # a bias
        )
    )
    order = np.random.default_rng(0).permutation(len(found))
    return [found[place] for place in order]


def arrays_of(configuration):
    """Input, weight and bias, or None, as arrays."""
    dims, transposed, _, _, _, groups, kernel, has_bias = configuration
    inputs, outputs = 4, 8
    size, kernels = (9, 7, 6)[:dims], (kernel, 2, 3)[:dims]
    first, second = (inputs, outputs) if transposed else (outputs, inputs)
    draw = np.random.default_rng(0).normal
    return [
        draw(size=(2, inputs, *size)),
        draw(size=(first, second // groups, *kernels)),
        draw(size=outputs) if has_bias else None,
    ]


def convolution_of(module, configuration):
    dims, transposed, stride, padding, dilation, groups, _, _ = configuration
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    if transposed:
        settings["output_padding"] = min(stride, 2) - 1
    function = getattr(module, f"conv{'_transpose' * transposed}{dims}d")
    return lambda *arrays: function(*arrays, **settings)


def derivatives(module, configuration):
    """[node, result, gradients, gradients of those]."""
    tensors = [
        None if array is None else make(module, array, "float64").requires_grad_()
        for array in arrays_of(configuration)
    ]
    leaves = [each for each in tensors if each is not None]
    result = convolution_of(module, configuration)(*tensors)
    firsts = module.autograd.grad((result**3).sum(), leaves, create_graph=True)
    seconds = module.autograd.grad(sum((each * each).sum() for each in firsts), leaves)
    found = [result, *firsts, *seconds]
    return [type(result.grad_fn).__name__, *[each.detach() for each in found]]


@pytest.mark.parametrize("configuration", sampled(configurations(), 9), ids=str)
def test_derivatives(configuration):
    got = attempt(lambda: derivatives(ours, configuration))
    want = attempt(lambda: derivatives(theirs, configuration))
    assert_same(got, want, tolerance=LOOSE, strides=False)


@pytest.mark.parametrize("configuration", sampled(configurations(), 3, "single"), ids=str)
def test_single_precision(configuration):
    def compute(module):
        arrays = arrays_of(configuration)
        leaves = [make(module, each, "float32").requires_grad_() for each in arrays[:2]]
        result = convolution_of(module, configuration)(*leaves)
        weights = np.linspace(-1, 1, result.numel()).reshape(result.shape)
        weights = make(module, weights, "float32")
        return [result.detach(), *module.autograd.grad((result * weights).sum(), leaves)]

    both(compute, tolerance=(2e-5, 2e-5))


# One where each formulation is taken, by the shapes: (input, weight, groups)
FORMULATIONS = {
    "many channels": ((2, 48, 6, 6), (40, 48, 3, 3), 1),
    "to few channels": ((2, 40, 9, 9), (3, 40, 3, 3), 1),
    "one channel": ((2, 1, 9, 9), (8, 1, 3, 3), 1),
    "depthwise": ((2, 6, 9, 9), (6, 1, 3, 3), 6),
    "depthwise, larger": ((1, 6, 9, 9), (6, 1, 5, 3), 6),
    "depthwise, several for each": ((2, 6, 9, 9), (12, 1, 3, 3), 6),
    "of one place": ((2, 6, 9, 9), (12, 6, 1, 1), 1),
    "groups": ((2, 12, 9, 9), (18, 4, 3, 3), 3),
}


@pytest.mark.parametrize("name", FORMULATIONS)
def test_formulations(name):
    shape, kernel, groups = FORMULATIONS[name]
    draw = np.random.default_rng(0).normal
    arrays = draw(size=shape), draw(size=kernel)

    def compute(module):
        x, w = (make(module, each, "float64").requires_grad_() for each in arrays)
        stride, dilation = (1, 2) if "larger" in name else (2, 1)
        result = module.conv2d(x, w, None, stride, 1, dilation, groups)
        first = module.autograd.grad((result**2).sum(), (x, w), create_graph=True)
        second = module.autograd.grad((first[0] * first[0]).sum(), (x, w))
        return [each.detach() for each in (result, *first, *second)]

    both(compute, tolerance=LOOSE, strides=False)


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_all_formulations_agree(dims):
    """On generated geometries, each formulation of each role gives what XLA's own gives."""
    draw = np.random.default_rng(dims)
    tried = 0
    while tried < 5:
        size, kernel, stride, padding, dilation = (
            tuple(draw.integers(low, high, dims).tolist())
            for low, high in ((4, 8), (1, 4), (1, 3), (0, 3), (1, 3))
        )
        output = output_sizes(size, kernel, stride, padding, dilation)
        if min(output) < 1:
            continue
        tried += 1
        groups, per_input, per_output = draw.integers(1, 4, 3).tolist()
        geometry = Geometry(size, kernel, output, stride, padding, dilation, groups)
        inputs, outputs = groups * per_input, groups * per_output
        shapes = (2, inputs, *size), (outputs, per_input, *kernel), (2, outputs, *output)
        x, w, y = (draw.normal(size=shape) for shape in shapes)
        for role, pair in {"output": (x, w), "input": (y, w), "weight": (x, y)}.items():
            kinds = [choice.LIBRARY, choice.PATCHES, choice.STRIPS]
            if per_input == 1:
                kinds.append(choice.SHIFTS)
            if groups == 1:
                kinds.append(choice.COLUMNS)
            wanted, *found = jax.jit(functools.partial(_by_all, role, kinds, geometry))(*pair)
            for kind, each in zip(kinds[1:], found, strict=True):
                np.testing.assert_allclose(
                    each, wanted, 1e-9, 1e-9, err_msg=f"{role} {kind} {geometry}"
                )


def _by_all(role, kinds, geometry, left, right):
    return [choice.applied(role, kind, left, right, geometry) for kind in kinds]


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "complex64", "int64"])
def test_dtypes(dtype):
    draw = np.random.default_rng(0).normal
    x, w, b = draw(size=(2, 4, 7, 7)), draw(size=(6, 2, 3, 3)), draw(size=6)
    if dtype == "int64":
        x, w, b = x * 5, w * 5, b * 5
    elif dtype == "complex64":
        x, w, b = (each + 1j * draw(size=each.shape) for each in (x, w, b))

    def compute(module):
        tensors = [make(module, each, dtype) for each in (x, w, b)]
        settings = {"stride": 2, "padding": 1, "groups": 2}
        if dtype == "int64":
            return module.conv2d(*tensors, **settings)
        for each in tensors:
            each.requires_grad_()
        result = module.conv2d(*tensors, **settings)
        weights = make(module, np.linspace(0.5, 1.5, result.numel()), dtype).view(result.shape)
        total = (result * weights).sum()
        gradients = module.autograd.grad(total.real if total.is_complex() else total, tensors)
        return [result.detach(), *gradients]

    both(
        compute,
        tolerance={"bfloat16": (2e-2, 6e-2), "float16": (4e-3, 8e-3)}.get(dtype, (1e-4, 1e-4)),
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_layouts(dtype):
    last, usual = "channels_last", "contiguous_format"

    def compute(module):
        found = []
        for first, second in itertools.product((last, usual), (last, usual)):
            x = make(module, np.ones((2, 4, 6, 6)), dtype)
            x = x.contiguous(memory_format=getattr(module, first))
            for groups, kernel in ((1, 3), (2, 3), (4, 3), (1, 1)):
                w = make(module, np.ones((4, 4 // groups, kernel, kernel)), dtype)
                w = w.contiguous(memory_format=getattr(module, second))
                found.append(module.conv2d(x, w, groups=groups))
                found.append(module.conv_transpose2d(x, w, groups=groups))
            x.requires_grad_()
            w = make(module, np.ones((4, 4, 3, 3)), dtype).contiguous(
                memory_format=getattr(module, second)
            )
            w.requires_grad_()
            module.conv2d(x, w).sum().backward()
            found += [x.grad, w.grad]
        volume = make(module, np.ones((2, 4, 3, 3, 3)), dtype)
        volume = volume.contiguous(memory_format=module.channels_last_3d)
        found.append(module.conv3d(volume, make(module, np.ones((2, 4, 2, 2, 2)), dtype)))
        line = make(module, np.ones((2, 6, 4)), dtype).transpose(1, 2)
        found.append(module.conv1d(line, make(module, np.ones((3, 4, 2)), dtype)))
        return [each.detach() for each in found]

    both(compute)


def test_inputs_that_are_views():
    values = np.random.default_rng(0).normal(size=(4, 8, 9, 9))
    views = (
        lambda x: x[:, ::2, 1:, ::2],
        lambda x: x[:, :4].transpose(2, 3),
        lambda x: x[1:2, :4].expand(3, 4, 9, 9),
        lambda x: x[:, :4].flip(3),
    )

    def compute(module):
        w = make(module, np.random.default_rng(1).normal(size=(2, 4, 3, 3)), "float64")
        return [module.conv2d(view(make(module, values, "float64")), w) for view in views]

    both(compute)


def test_not_finite():
    values = np.random.default_rng(0).normal(size=(2, 4, 8, 8))
    values[0, 1, 2, 3], values[1, 0, 7, 7] = np.nan, np.inf

    def compute(module):
        x = make(module, values, "float32")
        ones = make(module, np.ones((4, 4, 3, 3)), "float32")
        return [
            module.conv2d(x, ones, padding=1),
            module.conv2d(x, ones[:, :1], padding=1, groups=4),
            module.conv_transpose2d(x, ones),
        ]

    both(compute)


def transforms(module):
    """Values of torch.func's transforms of convolutions."""
    draw = np.random.default_rng(0).normal
    x, w = (
        make(module, draw(size=shape), "float64") for shape in ((3, 2, 4, 6, 6), (3, 6, 2, 3, 3))
    )
    convolve = lambda x, w: module.conv2d(x, w, None, 2, 1, 1, 2)  # noqa: E731 - by its name
    lossed = lambda w, x: (convolve(x, w) ** 2).sum()  # noqa: E731
    vmap = module.vmap
    return [
        vmap(convolve)(x, w),
        vmap(convolve, (0, None))(x, w[0]),
        vmap(convolve, (None, 0))(x[0], w),
        vmap(module.func.grad(lossed), (None, 0))(w[0], x),  # a gradient for each sample
        module.func.jvp(convolve, (x[0], w[0]), (x[1], w[1]))[1],
        module.func.jvp(module.func.grad(lossed), (w[0], x[0]), (w[1], x[1]))[1],
    ]


def test_transforms():
    both(transforms, tolerance=LOOSE, strides=False)


def test_padding_of_other_names():
    """The texts list the names in the order of a set, which is another one in each process."""
    for wrong in ({"padding": "foo"}, {"padding_mode": "foo"}):
        texts = [
            attempt(lambda module=module, wrong=wrong: module.nn.Conv2d(1, 1, 1, **wrong))
            for module in (ours, theirs)
        ]
        mine, their = (
            sorted(each.text.replace("{", " ").replace("}", " ").split()) for each in texts
        )
        assert sorted(w.strip(",") for w in mine) == sorted(w.strip(",") for w in their)


def test_frozen_results_are_tensors():
    """That `derivatives` compares something: a result of ours and its gradients."""
    found = freeze(derivatives(ours, (2, False, 1, 1, 1, 1, 3, True)))
    assert found.content[0].content == "ConvolutionBackward0" and len(found.content) == 8
