"""`python -m jtorch`: runs a program as `python` would, with jtorch in the place of torch.

The program sees what it sees under `python`: its own `__main__`, `sys.argv` and `sys.path[0]`,
exit codes, and tracebacks that begin at its own lines.
"""

import importlib.metadata
import os
import platform
import sys
from typing import NoReturn

from jtorch._alias import install
from jtorch._check import command as check
from jtorch._compare import command as compare
from jtorch._device import set_default_device
from jtorch._programs import Program, fail, run

_USAGE = """\
usage: python -m jtorch [options] (script.py | folder | -m module | -c code | -) [arguments]
       python -m jtorch compare program    the same under jtorch and under PyTorch, compared
       python -m jtorch check path...      the names of torch's that sources use, and lack here

Runs a program with jtorch in the place of torch, in that process and in its
multiprocessing children. Not one character of the program has to change.

  script.py       a file; or a folder or zip file that holds a __main__.py
  -m module       a module or package found on sys.path
  -c code         the code given
  -               the code on standard input

A program called compare or check is given as ./compare or ./check.

options:
  --device NAME   device of tensors created without `device=` (cpu, cuda, tpu);
                  the same as setting JTORCH_DEFAULT_DEVICE
  -V, --version   print the versions of jtorch, jax and Python
  -h, --help      print this text
"""

_COMMANDS = {"compare": compare.main, "check": check.main}


def main() -> None:
    """The console script `jtorch` and `python -m jtorch`.

    `compare` and `check` are commands wherever the process stands; a program of such a name is given
    as `./compare`.
    """
    if sys.argv[1:2] and sys.argv[1] in _COMMANDS:
        sys.exit(_COMMANDS[sys.argv[1]](sys.argv[2:]))
    program = parse(sys.argv[1:])
    if program.device is not None:
        _choose_device(program.device)
    install()
    run(program)


def _choose_device(name: str) -> None:
    try:
        set_default_device(name)
    except (AssertionError, RuntimeError) as error:  # torch's classes for such mistakes
        fail(2, f"--device {name}: {error}")
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
