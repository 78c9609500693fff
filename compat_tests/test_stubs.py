"""Stubs: as the table says, as torch's own stubs say, and as programs need them of a type checker."""

import importlib
import os
import re
import subprocess
import sys
import types

import pytest

import stub_facts
import surface
from compare import ours, theirs
from processes import ROOT
from stub_facts import OURS, THEIRS, declarations
from stubs import command, files

TUTORIALS = sorted((ROOT / "compat_tests" / "tutorials").glob("*.py"))
USES = ROOT / "compat_tests" / "typed" / "uses.py"
MODULES = (
    "linalg",
    "return_types",
    "autograd",
    "autograd.functional",
    "cuda",
    "types",
    *surface.MODULES,
)
_SETTINGS = """
[mypy]
follow_imports = silent
cache_dir = /dev/null
check_untyped_defs = True
warn_return_any = False
[mypy-jax.*,jaxlib.*,ml_dtypes.*]
follow_imports = skip
[mypy-chapter_02_autograd]
# it calls functions that give None for what they do
disable_error_code = func-returns-value
[mypy-chapter_04_cifar10]
# torchvision has no types, for torch either
disable_error_code = import-untyped, var-annotated
"""
# Names that have no type here: those of a module, with the reason.
UNTYPED = {
    "cuda": """
        BFloat16Storage BFloat16Tensor BoolStorage BoolTensor ByteStorage ByteTensor CharStorage
        CharTensor ComplexDoubleStorage ComplexFloatStorage DoubleStorage DoubleTensor FloatStorage
        FloatTensor HalfStorage HalfTensor IntStorage IntTensor LongStorage LongTensor ShortStorage
        ShortTensor
    """,  # classes of old programs, which a loop makes
    "sparse": """
        BFloat16Tensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor
        ShortTensor
    """,  # as well
}


def test_no_stub_is_stale():
    stale = [str(path.relative_to(ROOT)) for path in command.stale()]

    assert stale == [], "run scripts/write_stubs"


def test_a_stale_stub_is_seen(monkeypatch):
    texts = files.files()
    monkeypatch.setattr(command, "files", lambda: {**texts, "fft.pyi": texts["fft.pyi"] + "\n"})

    assert [path.name for path in command.stale()] == ["fft.pyi"]
    assert command.main(["--check"]) == 1
    assert command.main(["--help"]) == 2


def _for_jtorch(text):
    """A program as it is for `jtorch` instead of `torch`."""
    text = re.sub(r"(?m)^( *)import torch$", r"\1import jtorch as torch", text)
    return re.sub(r"(?m)^( *)(import|from) torch(?=[. ])", r"\1\2 jtorch", text)


def _names():
    """(module, name) of all that a module of torch shows and jtorch has."""
    for path in ("", *MODULES):
        their = importlib.import_module(f"torch.{path}".rstrip("."))
        mine = importlib.import_module(f"jtorch.{path}".rstrip("."))
        names = surface.names_of(their)
        if path in ("", "linalg"):
            names |= {name for name in dir(their) if not name.startswith("_")}
        for name in sorted(names):
            if surface.has(mine, name) and not isinstance(getattr(mine, name), types.ModuleType):
                yield mine.__name__, name


NAMES = list(_names())


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """{file: {line: what mypy says of it}}, of the tutorials, the uses, and all names."""
    folder = tmp_path_factory.mktemp("typed")
    texts = {f"chapter_{path.name}": path.read_text("utf-8") for path in TUTORIALS}
    texts["uses.py"] = USES.read_text("utf-8")
    lines = [f"from {home} import {name} as n{place}; reveal_type(n{place})"
             for place, (home, name) in enumerate(NAMES)]  # fmt: skip
    texts["names.py"] = "\n".join(lines)
    texts["stubs.py"] = "import jtorch._typing, jtorch.linalg, jtorch.special, jtorch.fft"
    for name, text in texts.items():
        (folder / name).write_text(_for_jtorch(text), "utf-8")
    (folder / "mypy.ini").write_text(_SETTINGS, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--no-error-summary",
         "--hide-error-context", "--no-pretty", "--show-error-codes", *texts],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "MYPYPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stderr == ""
    found = {name: {} for name in texts}
    for line in done.stdout.splitlines():
        path, number, said = re.fullmatch(r"(.+?):(\d+): (.*)", line).groups()
        found.setdefault(path, {}).setdefault(int(number), []).append(said)
    return found


def test_stubs_have_no_mistakes(checked):
    others = {path for path in checked if path.endswith(".pyi")}

    assert {path: checked[path] for path in others} == {}


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_tutorials_check_clean(checked, path):
    found = {
        number: said
        for number, lines in checked[f"chapter_{path.name}"].items()
        if (said := [each for each in lines if not each.startswith("note:")])
    }
    assert found == {}


def _shown(lines):
    """What the checker says of a line as the comments of uses.py say it."""
    for each in lines:
        if kind := re.fullmatch(r'note: Revealed type is "(.*)"', each):
            plain = re.sub(r"\b(?:jtorch|builtins|typing)[\w.]*\.(\w+)", r"\1", kind[1])
            yield f"is {plain}"
        elif code := re.fullmatch(r"error: .*\[([a-z-]+)\]", each):
            yield f"wrong: {code[1]}"


def test_uses_have_the_types_that_they_say(checked):
    expected = {
        number: [said[1]]
        for number, line in enumerate(USES.read_text("utf-8").splitlines(), 1)
        if (said := re.search(r"  # ((?:is|wrong:) .*)$", line))
    }
    found = {number: [*_shown(lines)] for number, lines in checked["uses.py"].items()}

    assert len(expected) > 120
    assert {n: said for n, said in found.items() if said} == expected


def test_names_have_types(checked):
    """All that torch shows and jtorch has is known to a type checker, and nearly all of it typed."""
    wrong, untyped = {}, []
    for number, lines in checked["names.py"].items():
        home, name = NAMES[number - 1]
        if any(each.startswith("error") for each in lines):
            wrong[f"{home}.{name}"] = lines
        elif 'note: Revealed type is "Any"' in lines:
            untyped.append(f"{home}.{name}".removeprefix("jtorch."))
    listed = {f"{home}.{name}" for home, names in UNTYPED.items() for name in names.split()}

    assert len(NAMES) > 1500
    assert len(checked["names.py"]) == len(NAMES)
    assert wrong == {}
    assert set(untyped) == listed


def test_tensor_has_its_members():
    """Every public member of torch's Tensor that ours has is in the stub."""
    text = (OURS / "_tensor.pyi").read_text("utf-8")
    text = text[text.index("\nclass Tensor:") :]
    known = {*re.findall(r"(?m)^    (?:def )?(\w+)[(:]", text)}
    wanted = {
        name
        for name in dir(theirs.Tensor)
        if hasattr(ours.Tensor, name) and not name.startswith("_")
    }

    assert wanted - known == set()


def _compared():
    functions = declarations(THEIRS / "_C" / "_VariableFunctions.pyi")
    functions |= declarations(THEIRS / "functional.py")
    methods = declarations(THEIRS / "_C" / "__init__.pyi", "TensorBase")
    methods |= declarations(THEIRS / "_tensor.py", "Tensor")
    return {
        "torch": (functions, declarations(OURS / "__init__.pyi")),
        "Tensor": (methods, declarations(OURS / "_tensor.pyi", "Tensor")),
        "nn.functional": (
            declarations(THEIRS / "nn" / "functional.pyi"),
            declarations(OURS / "nn" / "functional.pyi"),
        ),
    }


@pytest.mark.parametrize("where", ["torch", "Tensor", "nn.functional"])
def test_calls_that_torchs_stubs_allow(where):
    """What fits a declaration of torch's fits one of ours, and gives the same type."""
    their, mine = _compared()[where]
    found = {}
    for name in their.keys() & mine.keys():
        for each in their[name]:
            if stub_facts.is_not_offered(each, where == "Tensor"):
                continue
            reasons = [stub_facts.accepts(one, each) for one in mine[name]]
            if None not in reasons:
                found[name] = reasons
            else:
                result = mine[name][reasons.index(None)].result
                if each.result == {"None"} and name.startswith("_foreach_"):
                    continue  # what torch really returns is the sequence
                if result != each.result and not {"Any"} & (each.result | result):
                    found[name] = [result, each.result]
    known = stub_facts.EXCEPTIONS[where]
    listed = {name for names in known.values() for name in names.split()}

    assert len(their.keys() & mine.keys()) > 70
    assert {name: why for name, why in found.items() if name not in listed} == {}
    assert listed - found.keys() == set()
