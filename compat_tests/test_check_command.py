"""`jtorch check`: it finds each of torch's names that jtorch lacks, at its place, and nothing else.

Names that no torch has stand for those that jtorch lacks: what is lacking changes, and the way to
find it is the same.
"""

import importlib
import json
import pathlib
import textwrap
import types

import pytest

from compare import ours, theirs
from jtorch._check import command, names, sources, uses
from jtorch._runner import _COMMANDS
from processes import jtorch


def used(text):
    """(name, line, column) of each use in a source text."""
    text = textwrap.dedent(text).strip("\n")
    source = sources.Source("text", [(None, sources.ast.parse(text), text)])
    return [(use.name, use.line, use.column) for use in uses.find(source.parts, names.star)]


def lacking(text):
    """The names that a source text uses unguarded and that jtorch lacks."""
    text = textwrap.dedent(text)
    found = uses.find([(None, sources.ast.parse(text), text)], names.star)
    return [
        use.name for use in found if names.status(use.name).word == names.LACKS and not use.guarded
    ]


PLANTED = {
    "train.py": '''
        """Words like torch.absent_0 in a text are no use."""
        import torch
        import torch.nn as nn, torch.absent_1
        import torch.nn.functional as F
        from torch import absent_2, optim as o, Tensor
        from torch.absent_3 import something as s

        layers = torch.nn
        first, second = torch.utils, torch.linalg
        x = torch.ones(3).cpu()

        @torch.absent_4()
        def step(batch: torch.absent_5, size=nn.absent_6) -> F.absent_7:
            loss = F.relu(layers.absent_8(batch))
            for _ in (lambda: o.absent_9,):
                first.data.absent_10(second.absent_11)
            return [nn.functional.absent_12 for _ in batch], f"{torch.absent_13}"

        class Net(nn.absent_14):
            here = torch.cuda.is_available
            def forward(self, x: Tensor):
                return x.view(-1).to_mkldnn()
        ''',
    "package/deep/module.py": """
        from torch.nn.functional import *
        import torch as T
        try:
            from torch import absent_guarded
        except ImportError:
            absent_guarded = None
        grouped_mm(getattr(T.nn, "absent_17"))
        é = T.absent_18
        """,
}
CELLS = ["import torch\nw = 1", "%matplotlib inline\nw + torch.absent_19", "torch.\\\n absent_20"]


TWENTY = """
notes.ipynb[2]:2:11 absent_19 | notes.ipynb[3]:2:2 absent_20 | train.py:3:24 absent_1
train.py:5:19 absent_2 | train.py:6:28 absent_3.something | train.py:12:8 absent_4
train.py:13:23 absent_5 | train.py:13:41 nn.absent_6 | train.py:13:56 nn.functional.absent_7
train.py:14:26 nn.absent_8 | train.py:15:25 optim.absent_9 | train.py:16:20 utils.data.absent_10
train.py:16:37 linalg.absent_11 | train.py:17:27 nn.functional.absent_12
train.py:17:63 absent_13 | train.py:19:14 nn.absent_14 | train.py:22:27 Tensor.to_mkldnn
package/deep/module.py:7:1 nn.functional.grouped_mm | package/deep/module.py:7:26 nn.absent_17
package/deep/module.py:8:7 absent_18"""


@pytest.fixture
def tree(tmp_path):
    for name, text in PLANTED.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    cells = [{"cell_type": "code", "source": text.splitlines(True)} for text in CELLS]
    words = {"cell_type": "markdown", "source": "torch.absent_0"}
    (tmp_path / "notes.ipynb").write_text(json.dumps({"cells": [words, *cells]}))
    hidden = tmp_path / ".venv" / "lib.py"
    hidden.parent.mkdir()
    hidden.write_text("import torch; torch.absent_0")
    (tmp_path / "raises.py").write_text("raise SystemExit('it was run')")
    return tmp_path


def test_twenty_planted_names_are_found_and_nothing_else(tree, capsys):
    status = command.main([str(tree), "--json", str(tree / "found.json")])

    planted = [each.split() for each in TWENTY.replace("\n", " | ").split(" | ") if each]
    printed = capsys.readouterr().out.splitlines()
    lines = [line for line in printed if " is lacking: " in line]
    assert len(planted) == 20
    assert [line.partition(" is lacking: ")[0] for line in lines] == [
        f"{tree}/{place}: torch.{name}" for place, name in planted
    ]
    assert f"{tree}/notes.ipynb[3]:2:2: torch.absent_20 is lacking: {names.NO_REASON}" in lines
    assert any(
        "absent_guarded is lacking (the program goes on without it)" in line for line in printed
    )
    data = json.loads((tree / "found.json").read_text())
    found = [use for use in data["uses"] if use["status"] == "lacks" and not use["guarded"]]
    assert status == data["status"] == 1
    assert [use["name"] for use in found] == [f"torch.{name}" for _, name in planted]
    assert found[0]["cell"] == 2 and found[0]["reasons"] == [names.NO_REASON]


NOT_TORCH = {
    "another module": "import other as torch\ntorch.absent",
    "assigned": "import torch\ntorch = other()\ntorch.absent",
    "a parameter": "from torch.nn import functional as F\ndef f(F, *, G=1):\n    F.absent",
    "a lambda's": "import torch\nf = lambda torch: torch.absent",
    "a local": "import torch\ndef f():\n    torch = other()\n    return torch.absent",
    "before it is bound": "import torch\ndef f():\n    torch.absent\n    torch = 1",
    "of an outer function": "import torch\ndef f(torch):\n    def g():\n        torch.absent",
    "a loop's": "import torch\nfor torch in things: torch.absent",
    "of a comprehension": "import torch\n[torch.absent for torch in things]",
    "with": "import torch\nwith a() as torch: torch.absent",
    "except": "import torch\ntry: a()\nexcept E as torch: torch.absent",
    "a walrus": "import torch\nif (torch := a()): torch.absent",
    "a pattern": "import torch\nmatch a():\n    case [torch, *_]: torch.absent",
    "deleted": "import torch\ndel torch\ntorch.absent",
    "perhaps": "import torch\nif a(): torch = other\ntorch.absent",
    "later, for a function": "import torch\ndef f(): torch.absent\ntorch = other",
    "global": "import torch\ndef g():\n    global torch\n    torch = 1\ndef f(): torch.absent",
    "a function's name": "from torch import nn\ndef nn(): pass\nnn.absent",
    "a class's name": "from torch import nn\nclass nn: absent = 1\nnn.absent",
    "a class's inside": "from torch import nn\nclass A:\n    nn = b\n    nn.absent",
    "relative": "from .torch import absent\nfrom . import torch\ntorch.absent",
    "a name like it": "import torchvision, torch_geometric\ntorchvision.absent",
    "an attribute": "import torch\nself.torch.absent\nx.nn.absent",
    "a forward reference": "import torch\ndef f(x: 'torch.absent'): pass",
    "a result": "import torch\ntorch.nn.Linear(1, 2).absent\ntorch.load('x').absent",
    "a tensor's own": "import torch\nx = torch.ones(2)\nx.absent = 1\nx.absent",
    "no tensor any more": "import torch\nx = torch.ones(2)\nx = y(x)\nx.to_mkldnn()",
    "set by the program": "import torch\ntorch.absent = 1\ntorch.absent()",
    "inside a function": "import torch\ntorch.relu.absent\ntorch.float32.absent",
    "unpacked": "import torch\ntorch, nn = a\ntorch.absent\nnn.absent",
    "registered while it runs": "import torch\ntorch.ops.mine.absent",
}
TORCH = {
    "at the top": "import torch\ntorch.absent",
    "not imported": "import torch\ntry:\n    import torch.nn as nn\nexcept ImportError:\n"
    "    torch = nn = None\ntorch.absent",
    "none at first": "torch = None\ndef f():\n    global torch\n    import torch\n    torch.absent",
    "imported below": "def f():\n    return torch.absent\nimport torch",
    "beside a class's": "import torch\nclass A:\n    torch = 1\n    def f(self): torch.absent",
    "beside a comprehension's": "import torch\ndef f():\n    [torch for torch in a]\n    torch.absent",
    "before it is assigned": "import torch\ntorch.absent\ntorch = other",
    "one of two": "if a: import torch as t\nelse: import torch as t\nt.absent",
    "a conditional": "import torch\nm = torch.nn if a else torch\nm.absent.b",
    "nonlocal": "def f():\n    import torch\n    def g():\n        nonlocal torch\n"
    "        return torch.absent",
    "an async one": "import torch\nasync def f():\n    async with torch.absent(): pass",
    "a branch that leaves": "import torch\ndef f():\n    t = torch\n    if a:\n        t = 1\n"
    "        return\n    t.absent",
}  # fmt: skip
GUARDED = {
    "hasattr": "import torch\nif hasattr(torch, 'absent'): torch.absent.more",
    "getattr": "import torch\ngetattr(torch, 'absent', None)",
    "AttributeError": "import torch\ntry: torch.absent\nexcept (KeyError, AttributeError): pass",
    "imports": "try:\n    from torch import absent\nexcept Exception: pass",
    "typing": "import typing\nif typing.TYPE_CHECKING:\n    from torch import absent",
}


@pytest.mark.parametrize("text", NOT_TORCH.values(), ids=NOT_TORCH)
def test_names_that_are_not_torchs(text):
    assert lacking(text) == []


@pytest.mark.parametrize("text", TORCH.values(), ids=TORCH)
def test_names_that_are_torchs(text):
    assert len(set(lacking(text))) == (2 if "torch.nn if a" in text else 1)


@pytest.mark.parametrize("text", GUARDED.values(), ids=GUARDED)
def test_guarded_names_do_not_fail(text):
    assert lacking(text) == []
    assert any(name.startswith("torch.absent") for name, _, _ in used(text))


def test_uses_are_the_longest_names_at_their_last_part():
    assert used("""
        import torch.nn as nn
        from torch.nn import functional
        print(nn.Linear(2, 3), functional.relu, "ü", nn.Module)
        (nn
           .init
           .zeros_)
    """) == [
        ("torch.nn", 1, 8), ("torch.nn.functional", 2, 22), ("torch.nn.Linear", 3, 10),
        ("torch.nn.functional.relu", 3, 35), ("torch.nn.Module", 3, 49),
        ("torch.nn.init.zeros_", 6, 5),
    ]  # fmt: skip


def in_torch(name):
    """Whether real torch has a dotted name; what is inside of a function is not looked at."""
    value, path = theirs, "torch"
    for part in name.split(".")[1:]:
        if not isinstance(value, (types.ModuleType, type)):
            return True
        path = f"{path}.{part}"
        if not hasattr(value, part):
            try:
                importlib.import_module(path)
            except ImportError:
                return False
        value = getattr(value, part)
    return True


def test_every_name_in_real_programs_is_torchs_and_its_status_true():
    """torchvision's sources and the tutorials, written by people who did not think of this."""
    folder = pathlib.Path(importlib.util.find_spec("torchvision").origin).parent
    paths = [*sources.paths(str(folder / "models")), *sources.paths(str(folder / "transforms")),
             *sources.paths(str(pathlib.Path(__file__).parent / "tutorials"))]  # fmt: skip
    found = {use.name for path in paths for use in uses.find(sources.read(path).parts, names.star)}

    assert len(found) > 250
    # attributes that torchvision's subclasses of Tensor have
    own = {"torch.Tensor.format", "torch.Tensor.clamping_mode", "torch.Tensor.canvas_size"}
    assert {name for name in found if not in_torch(name)} <= own
    assert {name for name in found if names.status(name).word == names.LACKS} >= {
        "torch.ao.quantization.QConfig", "torch.ao.quantization.prepare"
    }  # fmt: skip


def test_methods_that_are_lacking():
    """Exact: the list says each of torch's methods of tensors that jtorch lacks."""
    lack = {name for name in dir(theirs.Tensor) if not hasattr(ours.Tensor, name)}
    listed = {name.removeprefix("torch.Tensor.") for name in names._reasons("methods")}

    assert sorted(listed) == sorted(name for name in lack if not name.startswith("_"))


def test_areas_are_torchs_and_lacking():
    for name in names._reasons("areas"):
        assert in_torch(name), f"{name}: no name of torch's"
        value = names._value(name)
        assert value is None or isinstance(value, types.ModuleType), f"{name}: is there now"


def test_statuses():
    assert names.status("torch.nn.functional.relu") == names.Status(names.HAS)
    assert names.status("torch.nn.quantized.Linear").reasons[0].startswith("quantization")
    assert names.status("torch.absent").reasons == (names.NO_REASON,)
    assert names.status("torch._ops").word == names.LACKS  # jtorch's own module of that name
    assert names.status("torch._C._nn").word in (names.HAS, names.LACKS)
    assert names.status("torch.matmul").word == names.DIFFERS
    assert names.status("torch.Tensor.grad") == names.Status(names.HAS)


def test_statuses_of_the_command(tmp_path, capsys):
    (tmp_path / "good.py").write_text("import torch; torch.relu")
    (tmp_path / "bad.py").write_text("import torch; torch.relu(")
    (tmp_path / "latin.py").write_bytes(b"# coding: latin-1\nimport torch; '\xe9', torch.absent")
    (tmp_path / "no.ipynb").write_text("[]")

    assert command.main([str(tmp_path / "good.py"), "--all"]) == 0
    assert f"{tmp_path}/good.py:1:21: torch.relu" in capsys.readouterr().out
    assert command.main([str(tmp_path / "bad.py")]) == 2
    assert "bad.py: could not be read: line 1: '(' was never closed" in capsys.readouterr().err
    assert command.main([str(tmp_path / "no.ipynb")]) == 2
    assert "not a notebook" in capsys.readouterr().err
    assert command.main([str(tmp_path / "latin.py")]) == 1
    assert "latin.py:2:26: torch.absent is lacking" in capsys.readouterr().out
    assert command.main([str(tmp_path / "none.py")]) == 2
    assert "there is no file or folder" in capsys.readouterr().err


def test_the_command_runs_nothing_of_the_users(tree):
    done = jtorch("check", "raises.py", "package", folder=tree)

    assert _COMMANDS["check"] is command.main
    assert (done.returncode, done.stderr) == (1, "")
    assert "package/deep/module.py:8:7: torch.absent_18 is lacking" in done.stdout
