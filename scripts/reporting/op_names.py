"""Writes what torch's op_db has, as JSON: each entry, and the aspects that it can be tried in.

python scripts/reporting/op_names.py FILE        with compat_tests on the path
"""

import json
import pathlib
import sys

from op_db_suite import entries


def has_errors(entry):
    """Whether it has samples that must fail on the CPU."""
    return entry.error_inputs_func is not None and any(True for _ in entry.error_inputs("cpu"))


def facts(entry):
    """{aspect: whether torch has it}, where the entry says so; the others depend on its samples."""
    return {
        "gradient": bool(entry.supports_autograd),
        "second gradient": bool(entry.supports_autograd and entry.supports_gradgrad),
        "names": bool(entry.supports_autograd),
        "method": bool(entry.method_variant or entry.operator_variant or entry.aliases),
        "in-place": bool(entry.inplace_variant or entry.inplace_operator_variant),
        "out": bool(entry.supports_out),
        "errors": has_errors(entry),
    }


if __name__ == "__main__":
    found = {name: facts(entry) for name, entry in entries().items()}
    pathlib.Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
