"""`python -m jtorch` runs programs as `python` does; under the alias, torch is jtorch.

Where it can, a test runs the same program under both and compares all they print.
"""

import re
import signal
import textwrap

import pytest

from jtorch._alias import verify_package
from jtorch._runner import Program, parse
from processes import ROOT, jtorch, python

# All of what a program can see of how it was started; addresses of objects differ by run.
VIEW = """
import atexit, os, pickle, sys
names = sorted(globals())
print(names, __name__, __doc__, __package__, __loader__, __spec__, __annotations__)
print(sys.modules["__main__"].__dict__ is globals())
print(globals().get("__file__"), globals().get("__cached__"), type(__builtins__))
print(sys.argv, sys.path[0], os.getcwd())
class Point:
    def __init__(self, x):
        self.x = x
print(pickle.loads(pickle.dumps(Point(4))).x, Point.__module__)
atexit.register(lambda: print("exit handler", Point.__name__))
sys.exit(int(sys.argv[1]) if len(sys.argv) > 1 else "said at the end")
"""

FAILING = """
import sys
def outer(n):
    return 1 / n
try:
    outer(0)
except ZeroDivisionError as error:
    raise ValueError("the user's own") from error
"""


def without_addresses(text):
    return re.sub(r"0x[0-9a-f]+", "0x", text)


def assert_alike(*arguments, folder, text=""):
    """The program prints, complains and exits under jtorch as under Python."""
    theirs = python(*arguments, folder=folder, text=text)
    ours = jtorch(*arguments, folder=folder, text=text)

    assert without_addresses(ours.stdout) == without_addresses(theirs.stdout)
    assert ours.stderr == theirs.stderr
    assert ours.returncode == theirs.returncode
    return ours


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "view.py").write_text(VIEW)
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(VIEW)
    return tmp_path


@pytest.mark.parametrize(
    "arguments, status",
    [
        (("view.py", "3", "-m", "--device", "x"), 3),
        (("package",), 1),
        (("-m", "view", "0"), 0),
        (("-m", "package", "5"), 5),
        (("-c", VIEW, "2", "-c"), 2),
        (("-", "7"), 7),
    ],
    ids=lambda value: value[0] + value[1][:4] if isinstance(value, tuple) and value[1:] else None,
)
def test_a_program_sees_what_python_shows(folder, arguments, status):
    done = assert_alike(*arguments, folder=folder, text=VIEW)

    assert done.returncode == status
    assert "exit handler Point" in done.stdout


@pytest.mark.parametrize(
    "source, last",
    [
        (FAILING, "ValueError: the user's own"),
        ("x = (", "SyntaxError: '(' was never closed"),
        ("import sys\nsys.excepthook = lambda *a: print(a[2].tb_frame.f_code.co_name)\n1 / 0", ""),
    ],
    ids=["raises", "does not compile", "excepthook"],
)
def test_tracebacks_are_those_of_python(tmp_path, source, last):
    (tmp_path / "script.py").write_text(source)

    done = assert_alike("script.py", folder=tmp_path)

    assert done.returncode == 1
    assert "".join(done.stderr.splitlines()[-1:]) == last


def test_what_is_not_there_is_reported_as_python_does(tmp_path):
    assert assert_alike("missing.py", folder=tmp_path).returncode == 2
    assert assert_alike("-m", "no_such_module", folder=tmp_path).returncode == 1


ANOMALOUS = """
import torch, warnings
def function(x):
    return (x / x).log()
with torch.autograd.set_detect_anomaly(True), warnings.catch_warnings(record=True) as found:
    try:
        function(torch.zeros(2, requires_grad=True)).sum().backward()
    except RuntimeError as error:
        print(error)
print([line for line in str(found[0].message).splitlines() if "Triggered" not in line if line])
"""


def test_an_anomaly_is_where_the_program_is_whatever_its_folder_is_called(tmp_path):
    folder = tmp_path / "jtorch" / "examples"
    folder.mkdir(parents=True)
    (folder / "anomalous.py").write_text(ANOMALOUS)

    done = assert_alike(folder / "anomalous.py", folder=tmp_path)

    assert "function(torch.zeros(2" in done.stdout


def test_an_interrupt_ends_the_program_as_in_python(tmp_path):
    # a shell that starts this run in the background may have it ignore the signal
    handler = "signal.signal(signal.SIGINT, signal.default_int_handler)"
    source = (
        f"import os, signal, time\n{handler}\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)"
    )
    (tmp_path / "script.py").write_text(source)

    done = assert_alike("script.py", folder=tmp_path)

    assert done.returncode == -signal.SIGINT


def test_multiprocessing_children_have_the_alias(tmp_path):
    source = """
    import multiprocessing, os, torch
    class Box:
        def __init__(self, value):
            self.value = value
    def work(box):
        import torch as again
        return Box([box.value + 1, again is torch, torch.__name__, __name__])
    if __name__ == "__main__":
        os.chdir("/")
        for method in ("spawn", "forkserver"):
            with multiprocessing.get_context(method).Pool(1) as pool:
                print(method, pool.apply(work, (Box(1),)).value)
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(source))

    done = jtorch("script.py", folder=tmp_path)

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "spawn [2, True, 'jtorch', '__mp_main__']",
        "forkserver [2, True, 'jtorch', '__mp_main__']",
    ]


def test_torch_modules_are_the_jtorch_modules(tmp_path):
    source = """
    import importlib.metadata, importlib.util, sys
    assert importlib.util.find_spec("torch") is not None
    assert importlib.util.find_spec("torch.no_such_module") is None
    import jtorch.autograd
    import torch, torch.autograd as autograd
    from torch import autograd as once_more
    assert torch is sys.modules["jtorch"] and autograd is once_more is jtorch.autograd
    assert importlib.util.find_spec("torch").name == "jtorch"
    public = [name for name in sys.modules if name.startswith("jtorch.") and "._" not in name]
    assert "jtorch.autograd" in public
    for name in ["jtorch", *public]:
        assert sys.modules[name.removeprefix("j")] is sys.modules[name], name
        assert sys.modules[name].__spec__.name == name, name
    assert importlib.metadata.version("torch") == torch.__version__
    assert importlib.metadata.version("numpy") == __import__("numpy").__version__
    assert not hasattr(torch, "no_such_name") and getattr(torch, "no_such_name", 3) == 3
    statements = [
        "import torch.no_such_module",
        "import torch.no_such_module.below",
        "import torch._config",
        "from torch import no_such_name",
        "torch.no_such_name",
    ]
    for statement in statements:
        try:
            exec(statement)
        except Exception as error:
            print(type(error).__name__, error, sep=": ")
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(source))

    done = jtorch("script.py", folder=tmp_path)

    reason = "(torch 2.13 API); it is not built yet, or torch has no such name either"
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        f"ModuleNotFoundError: jtorch does not provide torch.no_such_module {reason}",
        f"ModuleNotFoundError: jtorch does not provide torch.no_such_module {reason}",
        f"ModuleNotFoundError: jtorch does not provide torch._config {reason}",
        f"ImportError: jtorch does not provide torch.no_such_name {reason}",
        f"AttributeError: jtorch does not provide torch.no_such_name {reason}",
    ]


def test_modules_that_are_loaded_late_are_torchs_too(tmp_path):
    """Whatever names them first: `from package import module` asks for the package's own name."""
    source = """
    import pickle, sys
    from torch.nn.utils import prune
    print(prune.PruningContainer, prune.l1_unstructured.__module__)
    print(sys.modules["torch.nn.utils.prune"] is prune)
    print(pickle.loads(pickle.dumps(prune.L1Unstructured)) is prune.L1Unstructured)
    import torch.nn.utils.prune as again
    print(again is prune, b"torch.nn.utils.prune" in pickle.dumps(prune.Identity))
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(source))

    assert_alike("script.py", folder=tmp_path)


def test_the_real_torch_is_not_mixed_with(tmp_path):
    source = "import torch, jtorch._alias; jtorch._alias.install()"

    done = python("-c", source, folder=tmp_path)

    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: jtorch cannot take the place of torch: another torch")
    assert "install the alias before the first import of torch" in last


def test_the_other_jtorch_is_refused(tmp_path):
    (tmp_path / "jtorch").symlink_to(ROOT / "jtorch")
    (tmp_path / "jtorch_jax-0.1.0.dist-info").mkdir()
    verify_package(str(tmp_path))
    (tmp_path / "jtorch-0.1.7.dist-info").mkdir()
    with pytest.raises(ImportError, match="two different packages named jtorch"):
        verify_package(str(tmp_path))

    done = python("-c", "import jtorch", folder=tmp_path)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"ImportError: two different packages named jtorch are installed in {tmp_path}: jtorch-jax "
        "and Jittor's jtorch 0.1.7, whose files overwrite each other; run `pip uninstall jtorch "
        "jtorch-jax`, then `pip install jtorch-jax`"
    )


def test_the_device_option_sets_the_default_device(tmp_path, monkeypatch):
    code = "import os, torch; print(os.environ['JTORCH_DEFAULT_DEVICE'], torch.ones(1).device)"
    # A second CPU device of JAX's stands for a GPU, which the machine need not have.
    monkeypatch.setenv("JTORCH_CUDA_IS", "cpu")
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=2")

    done = jtorch("--device", "cuda", "-c", code, folder=tmp_path)

    assert (done.stdout, done.stderr) == ("cuda cuda:0\n", "")


def test_a_device_that_is_not_there(tmp_path):
    done = jtorch("--device", "cuda:x", "-c", "print(1)", folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(": --device cuda:x: Invalid device string: 'cuda:x'\n")


def test_the_command_line():
    assert parse(["a.py", "-c", "--help"]) == Program("path", "a.py", ["-c", "--help"])
    assert parse(["-m", "a.b", "-m"]) == Program("module", "a.b", ["-m"])
    assert parse(["-c", "1"]) == Program("code", "1", [])
    assert parse(["--device=tpu", "-", "x"]) == Program("stdin", "-", ["x"], "tpu")
    assert parse(["--device", "cuda:1", "a.py"]) == Program("path", "a.py", [], "cuda:1")


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "no program given"),
        (["-m"], "-m needs an argument"),
        (["--device"], "--device needs a name, such as cpu, cuda or tpu"),
        (["--device=", "-"], "--device needs a name, such as cpu, cuda or tpu"),
        (["--fast", "a.py"], "unknown option --fast"),
    ],
)
def test_mistakes_on_the_command_line(arguments, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        parse(arguments)

    assert stopped.value.code == 2
    assert capsys.readouterr().err.splitlines()[0] == f"jtorch: {message}"


def test_help_and_version(capsys):
    for option, start in (("--help", "usage: python -m jtorch"), ("--version", "jtorch-jax ")):
        with pytest.raises(SystemExit) as stopped:
            parse([option])

        assert stopped.value.code == 0
        assert capsys.readouterr().out.startswith(start)
