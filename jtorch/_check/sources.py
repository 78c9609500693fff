"""The sources in files and folders: Python files and notebooks, read as text and parsed, never run."""

import ast
import dataclasses
import os
import tokenize
import warnings

from jtorch._compare import notebook

_SKIPPED = {"__pycache__", "node_modules", "site-packages", "build", "dist"}


@dataclasses.dataclass
class Source:
    """A file: `parts` are (cell or None, tree, text); `problem` says why it has none."""

    path: str
    parts: list = dataclasses.field(default_factory=list)
    problem: str | None = None


def paths(given):
    """The files that a path names: itself, or all Python files and notebooks below a folder.

    Errors:  FileNotFoundError.
    """
    if os.path.isfile(given):
        yield given
        return
    if not os.path.isdir(given):
        raise FileNotFoundError(f"there is no file or folder {given}")
    for folder, below, files in os.walk(given):
        below[:] = sorted(
            name for name in below
            if not name.startswith(".") and name not in _SKIPPED
            and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        )  # fmt: skip
        for name in sorted(files):
            if os.path.splitext(name)[1] in (".py", ".ipynb") and not name.startswith("."):
                yield os.path.normpath(os.path.join(folder, name))


def read(path):
    """The source in a file; its text is taken to be Python's unless it is a notebook."""
    source = Source(path)
    try:
        if notebook.is_notebook(path):
            texts = [(cell, notebook.without_magics(text)) for cell, text in notebook.cells(path)]
        else:
            with tokenize.open(path) as file:
                texts = [(None, file.read())]
    except (OSError, SyntaxError, ValueError) as error:  # SyntaxError: an unknown encoding
        source.problem = str(error)
        return source
    for cell, text in texts:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # such as SyntaxWarnings of the user's code
                source.parts.append((cell, ast.parse(text), text))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            where = "" if cell is None else f"cell {cell}, "
            line = getattr(error, "lineno", None)
            reason = getattr(error, "msg", None) or str(error) or type(error).__name__
            source.problem = f"{where}line {line}: {reason}" if line else f"{where}{reason}"
            return source
    return source
