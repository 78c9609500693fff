"""A program that runs lines and writes down what each is warned of: `python heard_warnings.py MODULE FILE`.

It is a process of its own, as what is heard once in a process must not have been heard before.
"""

import importlib
import json
import pathlib
import re
import sys
import warnings

import numpy as np

# What torch's C++ adds to its own warnings.
INTERNAL = re.compile(r"\s*\(Triggered internally at [^)]*\)")
USER = "user.py"


def heard(module, line):
    """[category, text, the user's line or None] of each warning, and the error's text or None."""
    code = compile(line.replace(" ;; ", "\n"), USER, "exec")
    failed = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(code, {"torch": module, "np": np})
        except RuntimeError as error:
            failed = str(error)
    return [
        [
            each.category.__name__,
            INTERNAL.sub("", str(each.message).replace("jtorch", "torch")).strip(),
            each.lineno if each.filename == USER else None,
        ]
        for each in caught
    ], failed


def main(name, path):
    module = importlib.import_module(name)
    found = {}
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            module.set_warn_always(True)
            first = heard(module, line)
            module.set_warn_always(False)
            heard(module, line)
            found[line] = *first, len(heard(module, line)[0])
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
