"""Programs as `python` runs them: a file, a folder, a module, code or standard input as `__main__`.

The program sees what it sees under `python`: its own `__main__`, `sys.argv` and `sys.path[0]`,
exit codes, and tracebacks that begin at its own lines. This file imports nothing of the package:
`jtorch compare` loads it by its path in processes that have the real PyTorch.
"""

import builtins
import dataclasses
import importlib.machinery
import io
import os
import pkgutil
import runpy
import sys
import types
from typing import NoReturn


@dataclasses.dataclass
class Program:
    """What the command line asks to run."""

    kind: str  # "path", "module", "code" or "stdin"
    target: str
    arguments: list[str]
    device: str | None = None


def run(program: Program, loaded=None) -> None:
    """Run `program` as this process's `__main__`; `loaded()` is called just before its first line."""
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
        code = _LOAD[program.kind](program, module)
        if loaded is not None:
            loaded()
        exec(code, module.__dict__)
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
        fail(2, f"can't open file {path!r}: [Errno {error.errno}] {error.strerror}")
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
        fail(1, message or str(error))
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


def fail(status: int, message: str) -> NoReturn:
    """End the process with Python's own words for what cannot be run."""
    print(f"{sys.executable}: {message}", file=sys.stderr)
    sys.exit(status)
