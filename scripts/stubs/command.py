"""The command: writes what is stale, or tells of it."""

import pathlib

from stubs.files import files

ROOT = pathlib.Path(__file__).parent.parent.parent


def stale():
    """{path: text as it should be} of the stubs that are not as the table says."""
    found = {}
    for name, text in files().items():
        path = ROOT / "jtorch" / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            found[path] = text
    return found


def main(arguments):
    if arguments not in ([], ["--check"]):
        print("usage: scripts/write_stubs [--check]")
        return 2
    found = stale()
    for path, text in found.items():
        if arguments:
            print(f"stale: {path.relative_to(ROOT)}; scripts/write_stubs writes it")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"written: {path.relative_to(ROOT)}")
    return int(bool(arguments and found))
