"""`python -m jtorch`: runs a program as `python` would, with jtorch in the place of torch.

The program sees what it sees under `python`: its own `__main__`, `sys.argv` and `sys.path[0]`,
exit codes, and tracebacks that begin at its own lines.
"""

import builtins
import dataclasses
import importlib.machinery
import importlib.metadata
import io
import os
import pkgutil
import platform
import runpy
import sys
import types
from typing import NoReturn

from jtorch._alias import install
from jtorch._device import set_default_device

_USAGE = """\
usage: python -m jtorch [options] (script.py | folder | -m module | -c code | -) [arguments]

Runs a program with jtorch in the place of torch, in that process and in its
multiprocessing children. Not one character of the program has to change.

  script.py       a file; or a folder or zip file that holds a __main__.py
  -m module       a module or package found on sys.path
  -c code         the code given
  -               the code on standard input

options:
  --device NAME   device of tensors created without `device=` (cpu, cuda, tpu);
                  the same as setting JTORCH_DEFAULT_DEVICE
  -V, --version   print the versions of jtorch, jax and Python
  -h, --help      print this text
"""


@dataclasses.dataclass
class Program:
    """What the command line asks to run."""

    kind: str  # "path", "module", "code" or "stdin"
    target: str
    arguments: list[str]
    device: str | None = None


def main() -> None:
    """The console script `jtorch` and `python -m jtorch`."""
    program = parse(sys.argv[1:])
    if program.device is not None:
        _choose_device(program.device)
    install()
    run(program)


def _choose_device(name: str) -> None:
    try:
        set_default_device(name)
    except (AssertionError, RuntimeError) as error:  # torch's classes for such mistakes
        _fail(2, f"--device {name}: {error}")
    os.environ["JTORCH_DEFAULT_DEVICE"] = name  # for the processes this one starts


def parse(arguments: list[str]) -> Program:
    """Read the command line; everything after the program's name belongs to the program."""
    rest = list(arguments)
    device = None
    while rest:
        word = rest.pop(0)
        if word in ("-h", "--help"):
            print(_USAGE, end="")
            sys.exit(0)
        if word in ("-V", "--version"):
            print(_versions())
            sys.exit(0)
        if word.partition("=")[0] == "--device":
            _, given, device = word.partition("=")
            if not given and rest:
                device = rest.pop(0)
            if not device:
                _usage_error("--device needs a name, such as cpu, cuda or tpu")
        elif word in ("-m", "-c"):
            if not rest:
                _usage_error(f"{word} needs an argument")
            return Program({"-m": "module", "-c": "code"}[word], rest.pop(0), rest, device)
        elif word == "-":
            return Program("stdin", "-", rest, device)
        elif word.startswith("-"):
            _usage_error(f"unknown option {word}")
        else:
            return Program("path", word, rest, device)
    return _usage_error("no program given")


def run(program: Program) -> None:
    """Run `program` as this process's `__main__`."""
    # The module object stays, emptied: multiprocessing, for one, has taken hold of it.
    module = sys.modules["__main__"]
    module.__dict__.clear()
    module.__dict__.update(
        __name__="__main__",
        __doc__=None,
        __package__=None,
        __loader__=None,
        __spec__=None,
        __builtins__=builtins,
        __annotations__={},
    )
    try:
        exec(_LOAD[program.kind](program, module), module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        _begin_traceback_below(error)
        raise


def _load_path(program: Program, module: types.ModuleType) -> types.CodeType:
    if pkgutil.get_importer(program.target) is not None:
        return _load_folder(program, module)
    path = os.path.abspath(program.target)
    try:
        with io.open_code(path) as file:
            source = file.read()
    except OSError as error:
        _fail(2, f"can't open file {path!r}: [Errno {error.errno}] {error.strerror}")
    _set_arguments(program.target, os.path.dirname(os.path.realpath(path)), program)
    module.__file__ = path
    module.__cached__ = None
    module.__loader__ = importlib.machinery.SourceFileLoader("__main__", path)
    return compile(source, path, "exec", dont_inherit=True)


def _load_folder(program: Program, module: types.ModuleType) -> types.CodeType:
    """A folder or zip file is a place to find the module `__main__` in."""
    _set_arguments(program.target, os.path.abspath(program.target), program)
    running = sys.modules.pop("__main__")  # else it is what finding `__main__` finds
    try:
        return _load_found(
            "__main__", module, f"can't find '__main__' module in {program.target!r}"
        )
    finally:
        sys.modules["__main__"] = running


def _load_module(program: Program, module: types.ModuleType) -> types.CodeType:
    _set_arguments("-m", os.getcwd(), program)
    code = _load_found(program.target, module, None)
    sys.argv[0] = module.__file__
    return code


def _load_code(program: Program, module: types.ModuleType) -> types.CodeType:
    _set_arguments("-c", "", program)
    module.__loader__ = importlib.machinery.BuiltinImporter
    return compile(program.target, "<string>", "exec", dont_inherit=True)


def _load_stdin(program: Program, module: types.ModuleType) -> types.CodeType:
    _set_arguments("-", "", program)
    module.__file__ = "<stdin>"
    module.__cached__ = None
    module.__loader__ = importlib.machinery.BuiltinImporter
    return compile(sys.stdin.buffer.read(), "<stdin>", "exec", dont_inherit=True)


_LOAD = {"path": _load_path, "module": _load_module, "code": _load_code, "stdin": _load_stdin}


class _NotFound(Exception):
    """runpy's word that there is no such module to run, and not an error of the module's own."""


def _load_found(name: str, module: types.ModuleType, message: str | None) -> types.CodeType:
    """Code of the module `name`, found as `python -m` finds it; describes it in `module`."""
    try:
        # Private, but what pdb and Python's own -m call; the public run_module takes the module
        # away again at the end, when threads and exit handlers may still need it.
        _, spec, code = runpy._get_module_details(name, _NotFound)
    except _NotFound as error:
        _fail(1, message or str(error))
    module.__file__ = spec.origin
    module.__cached__ = spec.cached
    module.__loader__ = spec.loader
    module.__package__ = spec.parent
    module.__spec__ = spec
    return code


def _set_arguments(name: str, folder: str, program: Program) -> None:
    sys.argv[:] = [name, *program.arguments]
    if not sys.flags.safe_path:  # else Python has put no folder of the runner's own there
        sys.path[0] = folder


def _begin_traceback_below(error: BaseException) -> None:
    """Have Python print the traceback of `error` without the frames of the runner.

    Its first entry is `run` itself; the frames above `run` are added while it propagates, so they
    are dropped when the interpreter prints it. Exit codes stay the interpreter's own business.
    """
    below = error.__traceback__.tb_next
    while below is not None and below.tb_frame.f_globals is globals():
        below = below.tb_next
    if below is not None and below.tb_frame.f_globals is runpy.__dict__:
        below = None  # a module that does not even compile
    hook = sys.excepthook

    def print_from_below(kind, value, traceback):
        hook(kind, value.with_traceback(below) if value is error else value, below)

    sys.excepthook = print_from_below


def _versions() -> str:
    try:
        own = importlib.metadata.version("jtorch-jax")
    except importlib.metadata.PackageNotFoundError:
        own = "not installed, run from a source tree"
    return (
        f"jtorch-jax {own} (torch 2.13 API), jax {importlib.metadata.version('jax')}, "
        f"Python {platform.python_version()}"
    )


def _usage_error(message: str) -> NoReturn:
    print(f"jtorch: {message}\n\n{_USAGE}", end="", file=sys.stderr)
    sys.exit(2)


def _fail(status: int, message: str) -> NoReturn:
    print(f"{sys.executable}: {message}", file=sys.stderr)
    sys.exit(status)
