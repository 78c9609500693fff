"""The engine: what becomes one program, what is kept of it, when it is made again, and what goes wrong well."""

import os
import subprocess
import sys
import textwrap
import threading

import jax
import numpy as np
import pytest

import jtorch
from jtorch._config import settings
from jtorch._engine import realize
from jtorch._engine.cache import prune
from jtorch._engine.node import line_of, trace_of


@pytest.fixture(autouse=True)
def _empty_trace():
    realize.run_all()


def made(since):
    """The compilations after the first `since`."""
    return list(jtorch.compilations())[since:]


def count():
    return len(jtorch.compilations())


def fresh(*shape):
    """A tensor whose first element is 0; a shape of its own keeps a test's programs apart."""
    return jtorch.full(shape, 0.0)


def program_text(function):
    """The one program that `function` makes, as text."""
    before = count()
    result = function()
    jtorch.Tensor.tolist(result)
    (compilation,) = made(before)
    return compilation.text()


def test_operations_become_one_program():
    x = fresh(2, 7)

    text = program_text(lambda: (x + 1.5).exp() + x)

    assert text.splitlines() == [
        "%0 = add(leaf0, f): float32[2,7]",
        "%1 = exp(%0): float32[2,7]",
        "%2 = add(%1, leaf0): float32[2,7]  -> kept",
    ]


def test_a_derivative_takes_the_numbers_of_its_operation():
    """Else XLA would compute twice what the two have in common, since the numbers could differ."""
    x = fresh(1, 1, 3, 11).requires_grad_()

    def gradient():
        result = jtorch.nn.functional.scaled_dot_product_attention(x, x, x, scale=0.3)
        return jtorch.autograd.grad((result * 2.0).sum(), x)[0]

    lines = [line for line in program_text(gradient).splitlines() if "fused" in line]

    assert len(lines) == 2
    assert all("f0" in line for line in lines), lines


def test_an_operation_and_its_derivative_read_a_window_once():
    """Two reads are two places of numbers, so XLA would compute what comes of each apart."""
    x = fresh(6, 13).requires_grad_()

    def gradient():
        (x[1:3] * x[2:4]).exp().sum().backward()
        return x.grad

    text = program_text(gradient)

    reads = [line for line in text.splitlines() if "= view(leaf0, i)" in line]
    assert len(reads) == 2


def test_a_place_is_the_users_line_whoever_called_before():
    """Loops look their places up where they were the last time; another path to the same operation
    is not mistaken for it."""

    def inner(x):
        return x + 1.5

    def outer(x):
        return inner(x) * 2.0

    x = fresh(3, 11)
    wanted = {}
    for turn in range(4):
        for way in (inner, outer, lambda x: x + 1.5):
            node = way(x)._storage.value
            nodes = node.trace.nodes
            lines = [int(line_of(each.position).rpartition(":")[2]) for each in nodes]
            realize.run_all()
            assert wanted.setdefault(way.__code__, lines) == lines, turn
    starts = [code.co_firstlineno for code in wanted]
    assert [lines[0] for lines in wanted.values()] == [starts[0] + 1, starts[0] + 1, starts[2]]


def test_dead_results_are_not_kept():
    x = fresh(3, 7)

    def work():
        unused = x + 2.5
        del unused
        return x.exp()

    assert program_text(work).splitlines() == [
        "%0 = add(leaf0, f): float32[3,7]",
        "%1 = exp(leaf0): float32[3,7]  -> kept",
    ]


def test_a_view_written_is_one_program_with_its_base():
    x = fresh(4, 7)

    def work():
        row = x[1]
        row.add_(1.5)
        return x

    text = program_text(work).splitlines()

    assert [line.split(" = ")[1].split("(")[0] for line in text] == ["view", "add", "write"]


def test_the_same_structure_is_compiled_once():
    x = fresh(5, 7)
    (x + 1.5).tolist()
    before = count()
    for _ in range(20):
        (x + 2.5).tolist()
    assert count() == before


def test_numbers_are_data():
    """No value of a number makes a program: a rate, a step count, a scale that equals another."""
    x = fresh(6, 7)
    before = count()
    for step in range(1, 30):
        y = x + 0.1 / step
        y = y + step
        y = jtorch.add(y, x, alpha=0.5 * step)
        y.tolist()
    assert len(made(before)) == 1


def test_slice_positions_are_data():
    x = fresh(40, 7)
    before = count()
    for i in range(40):
        x[i] = i + 0.5
        (x[i] + 1.5).tolist()
    assert len(made(before)) <= 2


def test_the_union_of_two_sets_of_kept_results_serves_both():
    x = fresh(8, 7)

    def step(keep):
        a = x + 1.5
        b = a + 2.5
        kept = [a] if keep else []
        del a
        b.tolist()
        return kept

    before = count()
    for keep in (False, True, False, True, False):
        step(keep)
    assert len(made(before)) == 2
    assert "is kept alive now" in made(before)[1].reason


def test_the_explainer_names_line_and_difference():
    before = count()
    for rows in (9, 10):
        x = fresh(rows, 7)
        line = sys._getframe().f_lineno + 1
        (x + 1.5).tolist()
    first, second = made(before)
    assert first.line == f"{__file__}:{line}"
    assert (
        f"`add` at {__file__}:{line} has float32[10,7] as input 0 instead of float32[9,7]"
        in str(second)
    )
    assert second.seconds > 0
    assert "programs made" in str(jtorch.compilations())


def test_a_long_loop_is_a_handful_of_programs(monkeypatch):
    monkeypatch.setattr(settings, "trace_limit", 200)
    monkeypatch.setattr(settings, "block_size", 50)
    x = fresh(11, 7)
    before = count()
    longest = 0
    for _ in range(3000):
        x = x + 1.0
        longest = max(longest, len(trace_of(x.device).nodes))
    assert longest <= 200
    result = x.tolist()
    assert result[0][0] == 3000.0
    assert len(made(before)) <= 3


@pytest.mark.parametrize("body", [3, 7, 11])
def test_a_long_loop_of_several_operations_is_cut_at_its_turns(monkeypatch, body):
    monkeypatch.setattr(settings, "trace_limit", 150)
    monkeypatch.setattr(settings, "block_size", 40)
    x = fresh(12, body)
    before = count()
    for _ in range(300):
        for _ in range(body - 1):
            x = x + 0.5
        x = jtorch.add(x, x, alpha=-0.5)
    x.tolist()
    assert len(made(before)) <= 4


def operations_compiled(depth, width):
    """How many operations all programs of two training steps have, for a network of equal layers."""
    torch = jtorch
    torch.manual_seed(0)
    layer = torch.nn.Linear, torch.nn.LayerNorm, torch.nn.GELU
    layers = [made(width, width) if made is layer[0] else made(width) for made in layer[:2] * depth]
    x = torch.randn(5, width)
    realize.run_all()
    optimizer = torch.optim.AdamW([each for one in layers for each in one.parameters()], lr=0.01)
    before = count()
    for _ in range(2):
        optimizer.zero_grad()
        h = x
        for linear, norm in zip(layers[::2], layers[1::2], strict=True):
            h = h + torch.nn.functional.gelu(norm(linear(h)))
        h.sum().backward()
        optimizer.step()
        realize.run_all()
    return sum(each.operations for each in made(before))


def test_what_is_compiled_grows_with_different_layers_and_not_with_depth(monkeypatch):
    monkeypatch.setattr(settings, "block_size", 128)
    few, many = (operations_compiled(depth, 15) for depth in (16, 48))
    assert many < few < 300  # each turn of 48 layers has some 1,500


def test_dead_loops_do_not_grow():
    x = fresh(13, 7)
    for _ in range(3 * settings.trace_limit):
        x + 1.5
    assert len(trace_of(x.device).nodes) <= settings.trace_limit


def test_every_thread_records_for_itself():
    x = fresh(16, 7)
    results = {}

    def work(number):
        y = x
        for _ in range(50):
            y = y + float(number)
        results[number] = y

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {n: y.tolist()[0][0] for n, y in results.items()} == {n: 50.0 * n for n in range(8)}


def test_threads_that_read_each_others_values():
    shared = [fresh(17, 7) + 1.5]
    failures = []

    def work():
        try:
            for _ in range(100):
                shared[0] = shared[0] + 1.0
                shared[0].tolist()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []


def test_an_interrupt_leaves_the_work_to_be_asked_for_again(monkeypatch):
    x = fresh(18, 7) + 1.5

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(realize, "_execute", interrupted)
    with pytest.raises(KeyboardInterrupt):
        x.tolist()
    monkeypatch.undo()
    assert x.tolist()[0][0] == 1.5


def test_a_program_that_fails_names_the_lines(monkeypatch):
    def failing(*_):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(realize, "_execute", failing)
    line = sys._getframe().f_lineno + 1
    x = fresh(19, 7) + 1.5
    with pytest.raises(RuntimeError, match="out of memory") as caught:
        x.tolist()
    assert f"add at {__file__}:{line}" in str(caught.value)
    monkeypatch.undo()
    with pytest.raises(RuntimeError, match="part of a program that failed"):
        x.tolist()


def test_an_index_known_later_raises_at_the_read_and_names_its_line():
    x = fresh(20, 7)
    index = jtorch.arange(3) + 18
    line = sys._getframe().f_lineno + 1
    y = x[index]
    with pytest.raises(
        IndexError, match="index 20 is out of bounds for dimension 0 with size 20"
    ) as caught:
        y.tolist()
    assert any(f"{__file__}:{line}" in note for note in caught.value.__notes__)


def test_an_index_known_now_raises_now():
    x = fresh(20, 7)
    with pytest.raises(IndexError, match="index 20 is out of bounds for dimension 0 with size 20"):
        x[jtorch.arange(19, 21)]


def test_debug_runs_every_operation_at_once(monkeypatch):
    monkeypatch.setattr(settings, "debug", True)
    x = fresh(21, 7) + 1.5
    assert isinstance(x._storage.value.value, jax.Array)


def test_lazy_and_debug_agree_bit_for_bit(monkeypatch):
    def work():
        x = fresh(6, 6)
        for i in range(4):
            x = (x + 0.1 * i).exp() + x
            x[i] = i
            x = x.t() + x
        return np.array(x.tolist())

    lazy = work()
    monkeypatch.setattr(settings, "debug", True)
    assert np.allclose(lazy, work(), rtol=1e-6)


def test_a_tensor_that_dies_frees_its_work_without_the_collector():
    import gc

    gc.disable()
    try:
        x = fresh(22, 7)
        before = sys.getrefcount(x._storage.value)
        y = x.exp() + 1.5
        y.tolist()
        del y
        after = sys.getrefcount(x._storage.value)
        assert after == before
    finally:
        gc.enable()


def test_a_step_that_is_cut_expects_itself(monkeypatch):
    """Its places in the code, and where it was cut, are known from the second time on."""
    monkeypatch.setattr(settings, "block_size", 64)
    x = fresh(3, 61)

    def step():
        y = x
        for _ in range(60):
            y = (y * 0.5).sin()
        count_recorded = len(trace_of(x.device).nodes)
        y.tolist()
        return count_recorded

    recorded = step()
    step()
    past = trace_of(x.device).expected
    assert past.count == recorded > 64
    assert len(past.blocks) > 1
    step()
    assert trace_of(x.device).expected is past


def test_the_gradient_of_a_sum_goes_on_as_it_is():
    """Both operands get it without an operation of its own."""
    x, y = [fresh(3, 67).requires_grad_() for _ in range(2)]
    z = x + y
    before = len(trace_of(x.device).nodes)
    z.backward(jtorch.ones(3, 67))
    assert len(trace_of(x.device).nodes) == before
    assert x.grad.tolist() == y.grad.tolist() == [[1.0] * 67] * 3
    x.grad.add_(1.0)
    assert y.grad.tolist() == [[1.0] * 67] * 3


def test_programs_in_memory_are_bounded(monkeypatch):
    monkeypatch.setattr(settings, "program_limit", 8)
    known = dict(realize._families)
    realize._families.clear()
    try:
        before = count()
        for size in range(200, 220):
            (fresh(size) + 1.5).tolist()
        assert len(realize._families) <= 8
        assert made(before)[0].text() == "(dropped from memory)"
        assert (fresh(200) + 1.5).tolist() == [1.5] * 200
    finally:
        realize._families.update(known)


def run_python(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_second_process_reads_its_programs_from_disk(tmp_path):
    code = """
        import jtorch
        (jtorch.arange(23.).exp() + 1.5).tolist()
        (only,) = jtorch.compilations()
        print(only.from_disk)
    """
    outputs = [run_python(code, JTORCH_CACHE_DIR=str(tmp_path)) for _ in range(2)]
    assert outputs == ["False\n", "True\n"]


def test_the_disk_cache_keeps_to_its_size(tmp_path):
    for age in range(10):
        path = tmp_path / f"program{age}-cache"
        path.write_bytes(bytes(100))
        os.utime(path, (1000 - age, 1000 - age))
    prune(tmp_path, 350)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "program0-cache", "program1-cache", "program2-cache",
    ]  # fmt: skip
