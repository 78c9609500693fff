"""The list of known differences from torch, read as strict expected failures.

An entry of `known_differences.toml` names a test, `file.py::test_name[id]`, where `*` stands for
any text, and says why it fails.  `conftest.py` imports the hook below.  An expected failure that
passes fails the suite, and so does an entry that names no test.
"""

import pathlib
import re
import tomllib

import pytest

from compare import EXHAUSTIVE, SELF

PATH = pathlib.Path(__file__).with_name("known_differences.toml")
FIELDS = {"id", "op", "torch", "reason"}
MATCHED = pytest.StashKey()


def load(text):
    """The entries of a list, checked; ValueError says what is wrong with one."""
    content = tomllib.loads(text)
    entries = content.get("difference", [])
    if set(content) - {"difference"}:
        raise ValueError(
            f"only [[difference]] is known, not {sorted(set(content) - {'difference'})}"
        )
    for entry in entries:
        missing, unknown = FIELDS - set(entry), set(entry) - FIELDS - {"exhaustive"}
        if missing or unknown:
            raise ValueError(
                f"{entry.get('id')}: missing {sorted(missing)}, unknown {sorted(unknown)}"
            )
        if not all(str(entry[field]).strip() for field in FIELDS):
            raise ValueError(f"{entry['id']}: an empty field")
        if not re.match(r"test_\w+\.py::test_\w+", entry["id"]):
            raise ValueError(f"{entry['id']}: not `file.py::test_name`")
    ids = [entry["id"] for entry in entries]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ValueError(f"listed twice: {twice}")
    return entries


def pattern(text):
    """A compiled pattern for an entry's id."""
    return re.compile(".*".join(map(re.escape, text.split("*"))))


def name_of(item):
    """`file.py::test_name[id]` of a collected test, from wherever pytest was started."""
    return f"{item.path.name}::{item.nodeid.partition('::')[2]}"


def match(entries, items):
    """For each entry, by id, the tests it names."""
    names = [(item, name_of(item)) for item in items]
    return {
        entry["id"]: [item for item, name in names if pattern(entry["id"]).fullmatch(name)]
        for entry in entries
    }


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark every listed test; before any selection, so that the list is checked against all."""
    entries = load(PATH.read_text(encoding="utf-8"))
    matched = match(entries, items)
    config.stash[MATCHED] = {name: len(tests) for name, tests in matched.items()}
    if SELF:
        return
    for entry in entries:
        mark = pytest.mark.xfail(strict=True, reason=f"{entry['op']}: {entry['reason']}")
        for item in matched[entry["id"]]:
            item.add_marker(mark)


def without_a_test(entries, counts, whole_files):
    """Entries that name no test though all tests of their file were collected."""
    return [
        entry["id"]
        for entry in entries
        if entry["id"].partition("::")[0] in whole_files
        and not counts[entry["id"]]
        and (EXHAUSTIVE or not entry.get("exhaustive"))
    ]
