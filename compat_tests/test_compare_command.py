"""`jtorch compare`: what is the same it calls the same, and what differs it shows, with its place.

Programs ask for `jtorch` in `sys.modules` where they are to differ. Most do not import torch, which
then costs one import less. The comparison itself runs here; its two sides are processes.
"""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import textwrap
import time

import pytest

from jtorch import _runner
from jtorch._compare import command, lines
from processes import jtorch

OURS = "('jtorch' in __import__('sys').modules)"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to stand in, where sides run as users have them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JTORCH_EXECUTOR", "")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


def compared(*arguments):
    """The exit status and the JSON of one comparison."""
    status = command.main(["--json", "found.json", *map(str, arguments)])
    with open("found.json", encoding="utf-8") as file:
        data = json.load(file)
    assert data["status"] == status
    return status, data["programs"]


def numbered(text):
    """(line, what it is of, the rest) of the rows that name a place."""
    return re.findall(r"printed by (\S+):(\d+): (.*)", text)


def test_one_planted_difference_is_named_by_its_line(here, capsys):
    write(here / "train.py", f"""
        import logging, sys, torch
        from helper import show
        torch.manual_seed(0)
        for step in range(12):
            loss = torch.rand(2, 2)
            print("step", step,
                  loss)
        show("planted", 7 + {OURS})
        print(torch.zeros(3).sum(),
              torch.arange(100).view(10, 10))
    """)  # fmt: skip
    write(
        here / "helper.py",
        """
        def show(*values):
            print(*values)
    """,
    )

    status, (found,) = compared("train.py")

    printed = capsys.readouterr()
    assert status == 1
    assert found["output"] == found["verdict"] == "different"
    (row,) = found["cells"][0]["rows"]
    assert row["printed_by"] == ["helper.py", 2, "print(*values)"]
    assert (row["our_number"], row["ours"], row["theirs"]) == (24, "planted 8", "planted 7")
    assert re.search(r"^   25  planted 8 +\| planted 7$", printed.out, re.M)
    assert numbered(printed.out) == [("helper.py", "2", "print(*values)")]
    assert [each["name"] for each in found["tensors"]] == ["loss"]
    assert found["tensors"][0]["verdict"] == "same"
    assert printed.err.splitlines() == [
        "== train.py: running under jtorch ...", "== train.py: running under PyTorch ..."
    ]  # fmt: skip


VALUES = f"""
    import warnings
    import torch
    ours = {OURS}
    near = torch.ones(3, 4)
    near[1, 2] += 1e-6 * ours
    small = torch.tensor([1.0], dtype=torch.bfloat16) * (1.001 if ours else 1.01)
    far = [torch.ones(2), {{"key": torch.arange(3) + 2 * ours}}]
    wants = torch.zeros(2, requires_grad=ours)
    longer = torch.zeros(2 + ours)
    double = torch.zeros(1, dtype=torch.float64) + 1e-9 * ours
    if ours:
        only = torch.ones(1)
    same = torch.tensor([float("nan"), float("inf"), -0.0]), torch.tensor(True), torch.tensor([])
    net = torch.nn.Linear(2, 2)
    adam = torch.optim.Adam(net.parameters(), lr=0.1 + 0.1 * ours)
    net(torch.ones(1, 2)).sum().backward()
    plan = torch.optim.lr_scheduler.StepLR(adam, 3)
    warnings.warn("the same")
    warnings.warn("ours" if ours else "theirs")
    with warnings.catch_warnings(record=True):
        warnings.warn("nobody hears this" * ours)
"""


def test_tensors_states_and_warnings(here, capsys):
    write(here / "values.py", VALUES)

    status, (found,) = compared("values.py")

    printed = capsys.readouterr().out
    verdicts = {each["name"]: each["verdict"] for each in found["tensors"]}
    different = {name for name, verdict in verdicts.items() if verdict == "different"}
    assert status == 1
    assert {name for name, verdict in verdicts.items() if verdict == lines.CLOSE} == {
        "near", "small"
    }  # fmt: skip
    assert different - {"plan.base_lrs[0]", "plan._last_lr[0]"} == {
        "far[1]['key']", "wants", "longer", "double", "only", "adam.param_groups[0].lr",
        "adam.param_groups[0].initial_lr",
    }  # fmt: skip
    assert {"net.weight", "net.weight.grad", "same[0]", "same[2]", "plan.step_size"} <= {*verdicts}
    for line in (
        "far[1]['key']: 3 of 3 values differ, most at [0]: 2 | 0",
        "wants: requires_grad: True | False",
        "longer: shape: [3] | [2]",
        "double: 1 of 1 values differ, most at [0]: 1e-09 | 0.0",
        "only: only under jtorch: Tensor of torch.float32, (1,)",
        "adam.param_groups[0].lr: 0.2 | 0.1",
        "warning: UserWarning: ours | UserWarning: theirs",
    ):
        assert line in printed.splitlines()
    assert (found["warnings"]["same"], found["warnings"]["different"]) == (1, 1)
    assert found["jtorch"]["peak_bytes"] > 2**26 and found["torch"]["seconds"] > 0.1


KINDS = """
    import contextlib, io, sys
    import numpy as np, torch
    every = {
        name: torch.tensor([0, 1, 1]).to(getattr(torch, name))
        for name in "bool uint8 int8 int16 int32 int64 uint16 float16 bfloat16 float32 float64 "
        "complex64 complex128 float8_e4m3fn float8_e5m2".split()
    }
    empty, zero = torch.empty(0, 3), torch.tensor(3.5, dtype=torch.bfloat16)
    turned = torch.arange(6.0).view(2, 3).t()
    conjugate = torch.tensor([1 + 2j]).conj()
    negative = conjugate.imag
    meta = torch.empty(3, device="meta")
    lazy = torch.nn.LazyLinear(3)
    class Sub(torch.Tensor):
        pass
    sub, places = torch.ones(2).as_subclass(Sub), torch.eye(2).to_sparse()
    parameter = torch.nn.Parameter(torch.ones(2), requires_grad=False)
    with torch.inference_mode():
        inference = torch.ones(3)
    class Bad(dict):
        def items(self):
            raise RuntimeError("no")
    bad, loop, objects = Bad(), [torch.ones(1)], np.array([object()])
    loop.append(loop)
    class Stubborn(torch.nn.Module):
        def state_dict(self):
            raise ValueError("mine")
    stubborn = Stubborn()
    with contextlib.redirect_stdout(io.StringIO()) as kept:
        print("hidden")
    print(kept.getvalue(), sys.stdout.name, sys.stdout.mode, sys.stdout.isatty())
    sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding="utf-8")
    print("another file")
    sys.stdout.close()
"""


def test_all_kinds_of_values_and_a_program_that_closes_its_output(here):
    write(here / "kinds.py", KINDS)

    status, (found,) = compared("kinds.py")

    assert (status, found["verdict"], found["cells"][0]["theirs"]) == (0, "same", 3)
    names = {each["name"]: each for each in found["tensors"]}
    assert len([name for name in names if name.startswith("every[")]) == 15
    assert {"empty", "meta", "sub", "bad", "loop[0]", "objects", "stubborn", "lazy.weight"} <= {
        *names
    }  # fmt: skip
    assert names["turned"]["shape"] == [3, 2]


def test_seeds_are_set_unless_the_program_sets_them(here):
    write(
        here / "seeds.py",
        """
        import os, sys
        assert "torch" not in sys.modules or "jtorch" in sys.modules
        os.environ["OMP_NUM_THREADS"] = "1"
        import random, numpy as np, torch
        print(random.random(), np.random.rand(3), torch.rand(3), {"a", "b", "c", "d"})
        print(torch.initial_seed(), torch.__loader__.__class__.__name__)
        torch.manual_seed(3)
        print(torch.rand(2))
    """,
    )

    status, (found,) = compared("--seed", "5", "seeds.py")

    assert (status, found["verdict"], found["output"]) == (0, "same", "same text")
    assert found["cells"][0]["theirs"] == 3


def test_the_world_of_a_program(here, monkeypatch, capsys):
    """Data files, imports beside it, arguments, unicode, bytes, no last newline, an exit status."""
    write(here / "package" / "__init__.py", "")
    write(here / "package" / "words.py", "WORD = 'ünï\\u2028çode'")
    write(here / "package" / "data.txt", "of a file")
    write(
        here / "package" / "program.py",
        """
        import os, pathlib, sys
        from .words import WORD
        print(WORD, sys.argv[1:], __name__, sys.stdin.read(), "\\r", sep="\\n")
        print(pathlib.Path(__file__).with_name("data.txt").read_text(), object())
        sys.stdout.flush()
        sys.stdout.buffer.write(bytes(range(256)))
        sys.stdout.flush()
        os.system("echo of another process")
        print("\\x1b[31m", "no newline", end="")
        sys.exit(3)
    """,
    )

    status, (found,) = compared("--show", "-m", "package.program", "-m", "--json", "x")

    printed = capsys.readouterr().out
    assert (status, found["verdict"]) == (0, "same")
    assert found["jtorch"]["status"] == found["torch"]["status"] == 3
    assert found["program"] == "-m package.program"
    assert "ünï\u2028çode\n['-m', '--json', 'x']\n__main__\n" in printed
    assert "no newline== " not in printed
    assert "exit status 3" in printed


def test_standard_input_is_given_to_both(here):
    code = f"print(input(), {OURS}); import sys; print(len(sys.stdin.read()))"

    done = jtorch("compare", "-c", code, folder=here, text="Bob\n" + "é" * 100_000)

    assert done.returncode == 1
    assert re.search(r"^    1  Bob True +\| Bob False\n.*printed by string:1: $", done.stdout, re.M)
    assert "== output:   different (1 line differs), 2 lines" in done.stdout


def test_a_crash(here, capsys):
    write(
        here / "crash.py",
        f"""
        import os, signal
        print("there", flush=False)
        if {OURS}:
            os.kill(os.getpid(), signal.SIGSEGV)
    """,
    )

    status, (found,) = compared("crash.py")

    assert (status, found["output"], found["jtorch"]["status"]) == (1, "same text", -signal.SIGSEGV)
    assert found["different"] == [
        {"fact": "ends", "theirs": "exit status 0",
         "ours": "killed by SIGSEGV, without coming to Python's own end"}
    ]  # fmt: skip
    assert "== tensors:  not compared" in capsys.readouterr().out


def test_a_side_that_hangs_is_stopped_with_all_it_has_started(here):
    write(
        here / "hang.py",
        f"""
        import os, time
        print("begun", flush=True)
        if {OURS}:
            child = os.fork()
            open(f"pid{{child and 1}}", "w").write(str(os.getpid()))
            time.sleep(600)
    """,
    )

    status, (found,) = compared("--timeout", "15", "hang.py")

    assert (status, found["jtorch"]["timed_out"], found["torch"]["timed_out"]) == (1, True, False)
    assert found["output"] == "same text"
    assert_gone(here)


def assert_gone(folder):
    """The processes that wrote their numbers here are no more, or only wait to be collected."""
    for name in ("pid0", "pid1"):
        pid = (folder / name).read_text()
        deadline = time.monotonic() + 10
        while state(pid) not in ("gone", "Z"):
            assert time.monotonic() < deadline, f"{name} still runs"
            time.sleep(0.05)


def state(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "gone"


def test_an_interrupt_stops_what_runs(here):
    write(
        here / "wait.py",
        """
        import os, time
        child = os.fork()
        open(f"pid{child and 1}", "w").write(str(os.getpid()))
        time.sleep(600)
    """,
    )
    # a shell that starts the tests in the background may have them ignore the signal
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from jtorch._compare.command import main; sys.exit(main(['wait.py']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(command.pathlib.Path(_runner.__file__).parents[1])},
    ) as process:  # fmt: skip
        while not all((here / name).exists() and (here / name).read_text() for name in
                      ("pid0", "pid1")):  # fmt: skip
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, complaints = process.communicate(timeout=60)

    assert (process.returncode, output) == (130, "")
    assert complaints.endswith("\njtorch compare: interrupted; both sides are stopped\n")
    assert_gone(here)


def cell(text, kind="code"):
    return {"cell_type": kind, "source": textwrap.dedent(text).strip().splitlines(True)}


def test_a_folder_with_a_notebook(here, capsys):
    (here / "all").mkdir()
    cells = [
        cell("words", "markdown"),
        cell("import torch\nx = torch.arange(3)\nx"),
        cell("x * 2;\ndisplay(x.sum())"),
        cell(f"print('a')\nprint({OURS})\nx.max()"),
        cell("print('end')\nraise ValueError(x)"),
        cell("print('never')"),
    ]
    (here / "all" / "b.ipynb").write_text(json.dumps({"cells": cells}))
    (here / "all" / "c.ipynb").write_text(json.dumps({"cells": [cell("x = 1\n%time x")]}))
    write(here / "all" / "a.py", "print(0.12345)\nraise KeyError('both')")
    write(here / "all" / "d.py", "x = (")
    write(here / "all" / "_not.py", "print('helper')")

    status, programs = compared("all")

    printed = capsys.readouterr().out
    _, book, magic, broken = programs
    assert status == 2
    assert [each["verdict"] for each in programs] == [
        "same", "different", "could not run", "could not run"
    ]  # fmt: skip
    assert "== both end with KeyError: 'both' (all/a.py:2)" in printed.splitlines()
    assert [(each["cell"], each["verdict"], each["theirs"]) for each in book["cells"]] == [
        (1, "same text", 1), (2, "same text", 1), (3, "different", 3), (4, "same text", 1)
    ]  # fmt: skip
    (row,) = book["cells"][2]["rows"]
    assert row["printed_by"] == ["cell 3", 2, f"print({OURS})"]
    assert book["torch"]["exception"]["text"] == "tensor([0, 1, 2])"
    assert book["torch"]["exception"]["place"] == ["<cell 4>", 2]
    assert magic["problem"] == "cell 1, line 2 is for IPython and not Python: %time x"
    assert broken["problem"].startswith("SyntaxError: '(' was never closed")
    table = printed[printed.index("verdict\n") :].splitlines()
    assert [line.split()[0] for line in table[1:]] == [
        "all/a.py", "all/b.ipynb", "all/c.ipynb", "all/d.py"
    ]  # fmt: skip
    assert re.match(r"all/b.ipynb +6 +1 +[\d.]+ s +[\d.]+ s +\d+ +\d+  different", table[2])


def test_exceptions_that_differ(here):
    code = (
        f"import sys, torch; raise (ValueError('a') if {OURS} else torch.OutOfMemoryError('b'))"
    )  # fmt: skip

    status, (found,) = compared("-c", code)

    assert (status, found["output"]) == (1, "same text")
    assert found["different"] == [
        {"fact": "exception", "ours": "ValueError: a", "theirs": "torch.OutOfMemoryError: b"}
    ]


def test_both_sides_hang(here):
    status, (found,) = compared("--timeout", "1", "-c", "import time; time.sleep(600)")

    assert status == 2
    assert found["problem"] == "timed out under both, after 1 s"


def test_without_pytorch_nothing_is_the_same(here, capsys):
    python = here / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)

    assert command.main(["--python", str(python), "-c", "print(1)"]) == 2
    assert capsys.readouterr().err == (
        f"jtorch compare: PyTorch is not installed for {python}, so there is nothing to compare "
        "with; --python names another Python that has it\n"
    )
    assert command.main(["--python", str(here / "nowhere"), "-c", "print(1)"]) == 2
    assert "No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "no program given; see jtorch compare --help"),
        (["-m"], "-m needs an argument"),
        (["-"], "a program on standard input cannot be run twice: give it as a file"),
        (["nothing.py"], "there is no file or folder nothing.py"),
        (["."], "there is no program in the folder ."),
        (["--json", "no/such/folder", "x.py"], "--json no/such/folder: No such file or directory"),
        (["--ignore", "(", "x.py"], "--ignore: not a regular expression: missing ), unterminated "
         "subpattern at position 0"),
    ],
)  # fmt: skip
def test_mistakes(here, capsys, arguments, message):
    assert command.main(arguments) == 2
    assert capsys.readouterr().err == f"jtorch compare: {message}\n"


def test_the_word_is_the_command_wherever_one_stands(here, monkeypatch):
    (here / "compare").write_text("print('a program')")
    monkeypatch.setitem(_runner._COMMANDS, "compare", lambda rest: rest)
    monkeypatch.setattr(sys, "argv", ["jtorch", "compare", "x", "-m"])
    with pytest.raises(SystemExit) as ended:
        _runner.main()

    assert ended.value.code == ["x", "-m"]
    assert _runner.parse(["./compare"]) == _runner.Program("path", "./compare", [])
