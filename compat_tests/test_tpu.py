"""jtorch compiled for TPU by the real compiler, on a machine that has none.

By default a sample of all cases, the same one each time and each case for one kind of chip, and programs
of the tutorials for one kind, with float32 multiplied as TPUs do it by themselves (the exact way takes
the compiler longer); `JTORCH_TEST_EXHAUSTIVE=1` compiles everything for every kind of chip, and lowers it
for CUDA.
"""

import json
import subprocess
import sys

import jax
import pytest

import tpu_suite
from compare import EXHAUSTIVE, SELF, ours
from jtorch._engine import limits, realize
from jtorch._ops.decompositions import singular
from processes import ROOT, python
from tpu import environment, known
from tpu.cases import all_cases
from tpu.sweep import TUTORIALS, chapters, identity, outcomes, turn

pytestmark = [
    pytest.mark.skipif(SELF, reason="compiles jtorch's programs"),
]
# Only a platform without a compiler is excused: where there is one, it must be installed.
needs_compiler = pytest.mark.skipif(
    not environment.has_wheel() and environment.library() is None, reason=environment.why_not()
)

CASES = [case.id for case in all_cases()]
EVERY = 97  # one in so many of the cases, by default
SLOW = "float64"  # in two floats of 32 bits, which takes the compiler seconds
REFUSED_CASES = {  # one for each rule of `limits`, and what the compiler does if it is asked
    "call bilinear int64": "broken",
    "call conv2d int64": "broken",
    "call nextafter float64": "broken",
    "call linalg.eig float32": "broken",
    "call linalg.solve float64": "broken",
    **({"call Tensor.cdouble float32": "crashed"} if EXHAUSTIVE else {}),  # takes a new process
}


def some_cases():
    """The cases of a run: all, or each so-manyth of those that take no time, and some refused ones."""
    if EXHAUSTIVE:
        return CASES
    quick = [case for case in CASES if not case.endswith(SLOW)]
    return sorted({*quick[::EVERY], *REFUSED_CASES}, key=CASES.index)


def some_targets(case):
    """All, or the one whose turn it is; those that are refused are asked of one kind without jtorch."""
    if EXHAUSTIVE:
        return [*environment.TARGETS, environment.CUDA]
    return ["v5e"] if case in REFUSED_CASES else [turn(case, list(environment.TARGETS))]


def some_tutorials():
    """By default all but the third, whose convolutions and training the fourth has, too."""
    return [path for path in TUTORIALS if EXHAUSTIVE or "03" not in path.stem]


def selected(session):
    """The cases that the tests of this run name: with `-k` it is these that are compiled, no others."""
    tests = [each for each in session.items if each.module.__name__ == __name__]
    found = {each.callspec.params.get("case") for each in tests if hasattr(each, "callspec")}
    return [case for case in some_cases() if case in found]


@pytest.fixture(scope="module")
def swept(request):
    """The outcomes of all cases of this run, by case and target."""
    cases = selected(request.session) or some_cases()
    tasks = [(case, some_targets(case)) for case in cases]
    tasks += [(case, ["v5e unchecked"]) for case in cases if case in REFUSED_CASES]
    return {identity(outcome): outcome for outcome in outcomes(tasks)}


@needs_compiler
@pytest.mark.parametrize("case", some_cases())
def test_case(case, swept):
    wrong = [known.wrong(case, swept[case, target]) for target in some_targets(case)]

    assert not any(wrong), "\n".join(filter(None, wrong))


@needs_compiler
@pytest.mark.parametrize(("case", "status"), REFUSED_CASES.items(), ids=list(REFUSED_CASES))
def test_what_is_refused_is_refused_for_a_reason(case, status, swept):
    """The compiler does not take it: a rule that is not needed any more fails here."""
    assert swept[case, "v5e"]["status"] == "refused"
    assert swept[case, "v5e unchecked"]["status"] == status


@needs_compiler
def test_most_of_a_sample_is_compiled(swept):
    """Not refused, and not left out because nothing was recorded."""
    compiled = {case for (case, _), each in swept.items() if each["status"] == "compiled"}
    assert len(compiled) > len({case for case, _ in swept}) / 2


@needs_compiler
@pytest.mark.parametrize("path", some_tutorials(), ids=lambda path: path.stem)
def test_programs_of_tutorial(path):
    targets = [*environment.TARGETS, environment.CUDA] if EXHAUSTIVE else ["v5e"]
    how = ("highest", "all") if EXHAUSTIVE else ("medium", "step" if "04" in path.stem else "all")
    lines = list(chapters(targets, [path], *how))

    assert lines
    wrong = [line for line in lines if line["status"] not in ("compiled", "lowered")]
    assert not wrong, "\n".join(map(json.dumps, wrong))
    if path.stem == "04_cifar10":
        step = max(lines, key=lambda line: line["calls"] * line["operations"])
        estimate = step["estimate"]
        assert step["operations"] > 50
        assert estimate["flops"] > 1e6
        assert estimate["bytes accessed"] > estimate["arguments"] > 62_006 * 4  # its parameters
        assert estimate["reused"] > 0  # momentum and parameters, overwritten


@needs_compiler
def test_programs_that_are_done_are_left_out(tmp_path):
    """A run that was stopped goes on from there."""
    script = tmp_path / "two.py"
    script.write_text("import torch\n\nprint(torch.ones(2) + 1)\nprint(torch.ones(3) * 2)\n")

    lines = list(chapters([environment.CUDA], [script], done=[("program two #1", "cuda")]))

    assert [(each["name"], each["line"], each["status"]) for each in lines] == [
        ("two #2", "two.py:4", "lowered")
    ]


def test_each_chip_has_its_turn():
    """Of every kind of case and every dtype."""
    targets = list(environment.TARGETS)
    for kind in {case.rpartition(" ")[2] for case in CASES}:
        for target in targets:
            share = [turn(case, targets) == target for case in CASES if case.endswith(kind)]
            assert len(share) / 4 < sum(share) < len(share) / 2, (kind, target)


def test_every_entry_of_what_is_known_names_a_case():
    for entry in known.ENTRIES:
        for pattern in entry["cases"]:
            assert any(known.matches(pattern, case) for case in CASES), pattern


def test_what_is_known_is_strict():
    fine = {"target": "v5e", "status": "compiled"}
    assert known.wrong("call exp float32", fine) is None
    assert "not ['refused']: " in known.wrong("call bilinear int64", fine)
    for status in ("refused", "broken", "crashed", "failed"):
        assert status in known.wrong("call exp float32", fine | {"status": status})
    with pytest.raises(ValueError, match="not cases, status and reason"):
        known.load('[[known]]\ncases = ["x"]\nstatus = "ignored"\nreason = "none"')


# What the user is told


REFUSED = [
    (lambda x: x.to(ours.complex128) * 2, "with complex128"),
    (lambda x: ours.linalg.eig(x)[0], r"\(eig, eigvals\)"),
    (lambda x: ours.linalg.solve(x.double(), x.double()), "the LU factors of float64"),
    (lambda x: ours.nextafter(x.double(), x.double()), "the neighbours of float64"),
    (lambda x: ours.nn.functional.conv1d(x[None].long(), x[None].long()), "convolutions of int64"),
]


@pytest.mark.parametrize(("call", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_what_a_tpu_cannot_do_is_said(call, reason, monkeypatch):
    """The program that would end the process is refused, with the line, and other values are kept."""
    found, default = realize.jax_device, jax.default_device
    monkeypatch.setattr(realize, "jax_device", lambda device: _Tpu(found(device)))
    monkeypatch.setattr(jax, "default_device", lambda tpu: default(tpu.device))
    x = ours.eye(3)
    other = x + 1
    result = call(x)

    with pytest.raises(RuntimeError, match=f"a TPU does not compute .*{reason}") as raised:
        result.tolist()
    assert "compute it on the CPU, by `.cpu()`" in str(raised.value)
    assert "test_tpu.py:" in str(raised.value)
    assert other.tolist()[0] == [2.0, 1.0, 1.0]


class _Tpu:
    """A JAX device that says that it is a TPU."""

    platform = "tpu"

    def __init__(self, device):
        self.device = device


# The command


@needs_compiler
def test_command(tmp_path):
    """It writes outcomes, and goes on where it was stopped."""
    path = tmp_path / "result.json"
    command = ["--write", path, "--only", "call exp float32", "--target", "v5e", "--target", "cuda"]

    first = python(ROOT / "compat_tests" / "tpu_suite.py", *command, folder=tmp_path)
    again = python(ROOT / "compat_tests" / "tpu_suite.py", *command, folder=tmp_path)

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert first.stderr.startswith("2 outcomes to come, 0 known\n")
    assert again.stderr.startswith("0 outcomes to come, 2 known\n")
    result = json.loads(path.read_text())
    assert result["counts"] == {"cuda lowered": 1, "v5e compiled": 1}
    assert result["versions"] == environment.versions()
    assert result["versions"]["libtpu"] != "?"
    assert {(each["name"], each["dtype"]) for each in result["outcomes"]} == {("exp", "float32")}


def test_without_the_compiler_the_command_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("TPU_LIBRARY_PATH", str(tmp_path / "none.so"))
    done = subprocess.run(
        [sys.executable, tpu_suite.__file__, "--write", str(tmp_path / "x")],
        capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr == f"tpu_suite: {environment.why_not()}\n"
    assert done.stderr.strip()


def test_rules_see_the_branch_for_tpu_alone():
    """The forms for other platforms do not count: singular values have one of their own."""
    traced = jax.make_jaxpr(lambda A: singular(A, False))(ours.eye(2).numpy())
    limits.check(traced.jaxpr)
    assert "svd" in str(traced)
