"""torch.utils.checkpoint and programs: what compiles, and that it saves memory."""

import importlib

import pytest

from autograd_programs import submodule
from compare import SELF, ours
from jtorch._config import settings


def blocks(torch, reentrant, steps=3):
    """Steps of a training loop over blocks of matrix products; their losses."""
    torch.manual_seed(0)
    w = (torch.randn(4, 64, 64) / 8).requires_grad_()
    x = torch.randn(256, 64)

    def block(h):
        for each in w:
            h = (h @ each).tanh()
        return h

    for _ in range(steps):
        h = x + w[0, 0] * 0
        for _ in range(8):
            if reentrant is None:
                h = block(h)
            else:
                h = submodule(torch, "utils.checkpoint").checkpoint(
                    block, h, use_reentrant=reentrant
                )
        loss = (h * h).mean()
        w.grad = None
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        yield loss.item()


@pytest.mark.skipif(SELF, reason="torch compiles nothing here")
@pytest.mark.parametrize("reentrant", [True, False])
def test_the_second_step_compiles_nothing(reentrant):
    counts = [len(ours.compilations()) for _ in blocks(ours, reentrant, 4)]

    assert counts[-1] == counts[1], counts


@pytest.mark.parametrize("reentrant", [True, False])
def test_training_is_the_same(reentrant):
    plain = list(blocks(ours, None))

    assert list(blocks(ours, reentrant)) == pytest.approx(plain, rel=1e-6)


@pytest.mark.skipif(SELF, reason="torch refuses transforms of checkpoints")
def test_transforms():
    checkpoint = submodule(ours, "utils.checkpoint").checkpoint
    func = ours.func

    def plain(x):
        return (x.sin() * x).exp()

    def saving(x):
        return checkpoint(plain, x, use_reentrant=False)

    x = ours.tensor([0.1, 0.2, 0.3])
    for transform in (
        lambda f: func.grad(lambda x: f(x).sum())(x),
        lambda f: func.jacrev(f)(x),
        lambda f: func.jacfwd(f)(x),
        lambda f: func.hessian(lambda x: f(x).sum())(x),
        lambda f: func.vmap(func.grad(lambda x: f(x).sum()))(x[:, None]),
        lambda f: func.jvp(f, (x,), (x,))[1],
        lambda f: ours.autograd.functional.hessian(lambda x: f(x).sum(), x),
    ):
        assert ours.allclose(transform(saving), transform(plain))


@pytest.mark.skipif(SELF, reason="torch has no programs")
@pytest.mark.parametrize("reentrant", [True, False])
def test_less_memory_is_needed(reentrant, monkeypatch):
    """No program of XLA needs as much as the one that keeps everything does."""
    program_module = importlib.import_module("jtorch._engine.program")
    found = []
    plain_jit = program_module.jax.jit

    def jit(*args, **kwargs):
        compiled = plain_jit(*args, **kwargs)

        def call(*given):
            sizes = compiled.lower(*given).compile().memory_analysis()
            found.append(sizes.temp_size_in_bytes + sizes.output_size_in_bytes)
            return compiled(*given)

        call.clear_cache = compiled.clear_cache  # the engine lets go of programs one day
        return call

    monkeypatch.setattr(program_module.jax, "jit", jit)
    monkeypatch.setattr(settings, "block_size", 1 << 30)  # all of a step at once

    def most(reentrant):
        found.clear()
        importlib.import_module("jtorch._engine.realize")._families.clear()
        list(blocks(ours, reentrant, 2))
        return max(found)

    assert most(reentrant) < 0.5 * most(None)
