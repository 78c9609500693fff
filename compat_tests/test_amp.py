"""torch.amp: which operation computes in which dtype, regions, gradient scalers, training."""

import dataclasses
import threading
import warnings

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from compare import (
    EXHAUSTIVE,
    SELF,
    assert_same,
    attempt,
    differences,
    freeze,
    ours,
    sampled,
    theirs,
)
from nn_sessions import compare_part, sessions
from samples import ROWS
from samples.spec import TensorSpec, find

needs_lists = pytest.mark.skipif(SELF, reason="looks at jtorch's lists")

# Names of torch's dispatcher without a function of that name here: kernels and other overloads.
ELSEWHERE = {
    "_addmm_activation", "_convolution", "_grid_sampler_2d_cpu_fallback", "_lu_with_info",
    "_native_multi_head_attention", "_scaled_dot_product_flash_attention", "_thnn_fused_gru_cell",
    "_thnn_fused_lstm_cell", "cudnn_convolution", "cudnn_convolution_transpose", "frobenius_norm",
    "mkldnn_rnn_layer", "multilabel_margin_loss_forward", "nuclear_norm",
}  # fmt: skip
# What the lists have for what torch makes of several operations.
MADE_OF = {
    "affine_grid_generator", "corrcoef", "cov", "gru", "linalg_pinv", "lstm", "lu", "rnn_relu",
    "rnn_tanh",
}  # fmt: skip


@sessions("amp")
def test_session(part):
    compare_part(part, tolerance=(2e-2, 2e-3))


# The lists


@needs_lists
@pytest.mark.parametrize(("kind", "key"), [("cpu", "AutocastCPU"), ("cuda", "AutocastCUDA")])
def test_lists_are_whole(kind, key):
    from jtorch._autocast_lists import LISTS

    registered = torch._C._dispatch_get_registrations_for_dispatch_key(key)
    names = {name.removeprefix("aten::").partition(".")[0] for name in registered}

    assert names - ELSEWHERE == set(LISTS[kind]) - MADE_OF


def in_dtype(value, dtype):
    """A part of a sample with its float32 tensors in another dtype."""
    if isinstance(value, TensorSpec):
        return dataclasses.replace(value, dtype=dtype) if value.dtype == "float32" else value
    if isinstance(value, (tuple, list)):
        return type(value)(in_dtype(each, dtype) for each in value)
    return value


def dtypes(value):
    """The dtypes of results; of what is no tensor the class."""
    if hasattr(value, "dtype") and hasattr(value, "shape"):
        return str(value.dtype).rpartition(".")[2]
    if isinstance(value, (tuple, list)):
        return [dtypes(each) for each in value]
    return type(value).__name__


def dtypes_in_region(module, name, sample):
    """What a sample gives in a region; None where it raises, of which other tests know more."""
    try:
        with module.no_grad(), module.autocast("cpu"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            args, kwargs, _ = sample.build(module)
            return dtypes(find(module, name)(*args, **kwargs))
    except (RuntimeError, NotImplementedError, AttributeError, TypeError, ValueError, IndexError):
        return None


# Where the results without autocast differ, too, or torch has no kernel.
OTHERWISE = {"ldexp", "histogram", "histogramdd", "affine_grid_generator"}


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_dtypes_of_results(dtype):
    """Every operation of the samples computes in the dtype in which torch does."""
    wrong = []
    for row in ROWS:
        if row.name in OTHERWISE:
            continue
        for sample in row.samples if EXHAUSTIVE else row.samples[:2]:
            sample = dataclasses.replace(
                sample,
                args=in_dtype(sample.args, dtype),
                kwargs={name: in_dtype(each, dtype) for name, each in sample.kwargs.items()},
            )
            want, got = [dtypes_in_region(each, row.name, sample) for each in (theirs, ours)]
            if want != got:
                wrong.append((row.name, want, got))

    assert not wrong


# Calls whose result shows what the list for CUDA does; `h` is a matrix of float16, `f` of float32.
CUDA_CALLS = """
addbmm(f, h[None], f[None]) addmm(f, h, f) baddbmm(f[None], h[None], f[None])
bmm(f[None], f[None]) chain_matmul(f, f) einsum('ij,jk->ik', f, f) linalg.multi_dot([f,f])
linalg.vecdot(f, f) nn.functional.linear(f, h) matmul(f, f) mm(f, h)
nn.functional.conv1d(f[None], f[None]) nn.functional.scaled_dot_product_attention(f, f, f)
acos(h) asin(h) cosh(h) erfinv(h) exp(h) expm1(h) log(h) log10(h) log1p(h) log2(h) reciprocal(h)
rsqrt(h) sinh(h) tan(h) pow(h, 2) pow(2, h) pow(h, h) nn.functional.softplus(h)
nn.functional.layer_norm(h, (2,)) nn.functional.group_norm(h, 1) nn.functional.rms_norm(h, (2,))
nn.functional.cosine_similarity(h, h) nn.functional.l1_loss(h, h) nn.functional.mse_loss(h, h)
nn.functional.smooth_l1_loss(h, h) nn.functional.huber_loss(h, h) nn.functional.kl_div(h, h)
nn.functional.soft_margin_loss(h, h) dist(h, h) pdist(h) cdist(h, h) renorm(h, 2, 0, 1)
logsumexp(h, 0) sum(h) sum(h, 0) prod(h) cumsum(h, 0) cumprod(h, 0) softmax(h, 0)
log_softmax(h, 0) norm(h, 3) linalg.vector_norm(h) linalg.matrix_norm(h) sum(h, dtype=half)
softmax(h, 0, dtype=half) addcdiv(h, h, f) addcmul(h, h, f) atan2(h, f) atan2(h, h)
cross(h.expand(3,2,2), f.expand(3,2,2), 0) tensordot(h, f, 1)
nn.functional.binary_cross_entropy(h, h) atan2(f.bfloat16(), f) sin(h) mean(h) cat([h, f])
"""


def cuda_calls():
    calls, depth, word = [], 0, ""
    for letter in CUDA_CALLS:
        depth += letter in "([" or -(letter in ")]")
        if letter.isspace() and not depth:
            calls += [word] if word else []
            word = ""
        else:
            word += letter
    return calls


@needs_lists
def test_rules_for_cuda(monkeypatch):
    """torch says dtypes for devices that are not there; here the CPU gets the rules of CUDA."""
    from jtorch import _autocast

    def results(module, device):
        names = {"half": module.half, "torch": module}
        names["h"] = module.ones(2, 2, device=device, dtype=module.float16)
        names["f"] = module.ones(2, 2, device=device)
        return [attempt(lambda each=each: eval(f"torch.{each}.dtype", names)) for each in calls]

    calls = cuda_calls()
    with FakeTensorMode():
        torch.set_autocast_enabled("cuda", True)
        try:
            want = results(torch, "cuda")
        finally:
            torch.set_autocast_enabled("cuda", False)
    monkeypatch.setattr(_autocast, "_is_floating", _floating_anywhere)
    ours.set_autocast_enabled("cuda", True)
    try:
        got = results(ours, "cpu")
    finally:
        ours.set_autocast_enabled("cuda", False)

    assert [
        (call, mine, their)
        for call, mine, their in zip(calls, got, want, strict=True)
        if differences(mine, their) and "not linked with" not in str(their)
    ] == []


def _floating_anywhere(tensor, kind):
    return tensor.dtype.is_floating_point


# Programs


def trained(module, dtype, make_optimizer, scaled):
    """Losses, gradients and parameters of three steps of training, each in a region."""
    nn = module.nn
    module.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 4)
    )
    optimizer = make_optimizer(module.optim, model.parameters())
    scaler = module.amp.GradScaler("cpu", init_scale=512.0, growth_interval=2, enabled=scaled)
    seen = []
    for _ in range(3):
        image, target = module.randn(3, 1, 4, 4), module.randint(0, 4, (3,))
        optimizer.zero_grad()
        with module.autocast("cpu", dtype):
            output = model(image)
            loss = nn.functional.cross_entropy(output, target)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        seen += [output.detach(), loss.detach(), model[0].weight.grad.clone(), scaler.get_scale()]
    return [*seen, *[each.detach() for each in model.parameters()]]


OPTIMIZERS = {
    "sgd": lambda optim, parameters: optim.SGD(parameters, lr=0.05, momentum=0.9),
    "adamw": lambda optim, parameters: optim.AdamW(parameters, lr=0.01),
}


TRAININGS = [
    ("bfloat16", "sgd", False), ("bfloat16", "adamw", False), ("float16", "adamw", True),
    ("float16", "sgd", True), ("bfloat16", "sgd", True), ("float16", "sgd", False),
]  # fmt: skip


@pytest.mark.parametrize(("dtype", "optimizer", "scaled"), sampled(TRAININGS, 3, salt="b"))
def test_training(dtype, optimizer, scaled):
    want, got = [
        freeze(trained(module, getattr(module, dtype), OPTIMIZERS[optimizer], scaled))
        for module in (theirs, ours)
    ]

    # half precision: one rounding apart at the most, for three steps
    assert_same(got, want, tolerance=(5e-2, 2e-2))


@pytest.mark.skipif(SELF, reason="counts programs")
def test_a_step_is_one_program():
    nn, functional = ours.nn, ours.nn.functional
    model = nn.Sequential(nn.Linear(5, 7), nn.GELU(), nn.Linear(7, 3))
    optimizer = ours.optim.SGD(model.parameters(), lr=0.1)
    data, target = ours.ones(4, 5), ours.zeros(4, 3)

    def step():
        optimizer.zero_grad()
        with ours.autocast("cpu", ours.bfloat16):
            loss = functional.mse_loss(model(data), target)
        loss.backward()
        optimizer.step()
        return loss.item()

    step(), step()
    before = len(ours.compilations())
    losses = [step() for _ in range(3)]

    assert len(ours.compilations()) == before
    assert losses == sorted(losses, reverse=True)
    assert {str(each.dtype) for each in model.parameters()} == {"torch.float32"}
    assert {str(each.grad.dtype) for each in model.parameters()} == {"torch.float32"}


@needs_lists
def test_no_region_leaves_a_trace():
    """Whatever regions do, afterwards operations are called as if there were no autocast."""
    from jtorch._autocast import _cache, regions, thread

    def work():
        weight = ours.ones(2, 2, requires_grad=True)
        with ours.autocast("cpu"), ours.autocast("cpu", enabled=False), ours.autocast("cpu"):
            attempt(lambda: weight @ ours.ones(3))
            weight @ weight
            assert regions.open

    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    work()

    assert (regions.open, thread.enabled, thread.nesting, _cache) == (0, (), 0, {})


def test_subclasses_hear_of_calls_before_casts():
    def seen_by(module):
        seen = []

        class Watching(module.Tensor):
            @classmethod
            def __torch_function__(cls, func, types, args=(), kwargs=None):
                if func is module.mm:
                    seen.append([each.dtype for each in args])
                return super().__torch_function__(func, types, args, kwargs or {})

        tensor = module.ones(2, 2).as_subclass(Watching)
        with module.autocast("cpu"):
            result = module.mm(tensor, tensor)
        return [seen, result.dtype, type(result).__name__]

    assert_same(attempt(lambda: seen_by(ours)), attempt(lambda: seen_by(theirs)))


def test_second_derivatives():
    def gradients(module):
        weight = module.arange(9.0).reshape(3, 3).div(9).requires_grad_()
        with module.autocast("cpu"):
            result = module.tanh(weight @ weight) @ weight
        (first,) = module.autograd.grad(result.float().sum(), weight, create_graph=True)
        (second,) = module.autograd.grad(first.square().sum(), weight)
        return [result.detach(), first.detach(), second]

    assert_same(freeze(gradients(ours)), freeze(gradients(theirs)), tolerance=(4e-2, 4e-2))


def test_transforms():
    def mapped(module):
        data = module.arange(12.0).reshape(2, 2, 3)
        with module.autocast("cpu"):
            product = module.vmap(lambda each: each @ each.t())(data)
        return [product, module.func.grad(lambda each: each.exp().sum())(data)]

    assert_same(freeze(mapped(ours)), freeze(mapped(theirs)), tolerance=(2e-2, 2e-2))


def test_precision_of_products():
    """The other switch for lower precision: its names, and what it says of others."""

    def told(module):
        seen = [module.get_float32_matmul_precision()]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for each in ("high", "medium", "highest", "low"):
                module.set_float32_matmul_precision(each)
                seen.append(module.get_float32_matmul_precision())
        return [seen, [str(each.message) for each in caught]]

    assert_same(attempt(lambda: told(ours)), attempt(lambda: told(theirs)))
