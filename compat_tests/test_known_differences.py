"""The list of known differences names real tests, says why, and is taken as strict failures."""

import pathlib
import re

import pytest

import known_differences
from known_differences import MATCHED, PATH, load, match, pattern, without_a_test

ROOT = pathlib.Path(__file__).parent
ENTRY = '[[difference]]\nid = "{}"\nop = "add"\ntorch = "2.13.0"\nreason = "not done"\n'


def test_the_list_is_in_order():
    ids = [entry["id"] for entry in load(PATH.read_text(encoding="utf-8"))]
    assert ids == sorted(ids)


def test_the_hook_is_installed(request):
    """`conftest.py` has `from known_differences import pytest_collection_modifyitems`."""
    assert MATCHED in request.config.stash


def test_expected_failures_are_strict(request):
    assert request.config.getini("xfail_strict")


def whole_files(session):
    """Test files of which every test was collected: those not asked for by a single test's name."""
    if any("::" in argument for argument in session.config.args):
        return set()
    return {item.path.name for item in session.items}


def test_every_entry_names_a_test(request):
    entries = load(PATH.read_text(encoding="utf-8"))
    counts = request.config.stash[MATCHED]
    assert not without_a_test(entries, counts, whole_files(request.session))


def test_every_entry_names_a_file():
    for entry in load(PATH.read_text(encoding="utf-8")):
        path = ROOT / entry["id"].partition("::")[0]
        assert path.exists(), entry["id"]
        test = re.search(r"::(test_\w+)", entry["id"])[1]
        assert f"def {test}(" in path.read_text(encoding="utf-8"), entry["id"]


class Item:
    def __init__(self, name):
        self.path = ROOT / name.partition("::")[0]
        self.nodeid = f"compat_tests/{name}"


def test_matching():
    items = [Item("test_ops.py::test_sample[add-0]"), Item("test_ops.py::test_sample[add-1]")]
    entries = load(
        ENTRY.format("test_ops.py::test_sample[add-*]")
        + ENTRY.format("test_ops.py::test_x[nothing]")
    )
    matched = match(entries, items)
    assert [len(tests) for tests in matched.values()] == [2, 0]
    counts = {name: len(tests) for name, tests in matched.items()}
    assert without_a_test(entries, counts, {"test_ops.py"}) == ["test_ops.py::test_x[nothing]"]
    assert without_a_test(entries, counts, {"test_dtypes.py"}) == []
    assert pattern("a[b]*").fullmatch("a[b] c")
    assert not pattern("a[b]").fullmatch("ab")


BROKEN = {
    "missing": '[[difference]]\nid = "test_ops.py::test_sample"\n',
    "empty": ENTRY.format("test_ops.py::test_sample").replace("not done", " "),
    "unknown": ENTRY.format("test_ops.py::test_sample") + 'wanted = "no"\n',
    "not an id": ENTRY.format("add"),
    "twice": ENTRY.format("test_ops.py::test_sample") * 2,
    "other table": '[[differences]]\nid = "a"\n',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_list_is_refused(name):
    with pytest.raises(ValueError, match=r"\w"):
        load(BROKEN[name])


def test_an_entry_that_passes_fails_the_suite(pytester_run):
    result = pytester_run("def test_good(): pass\n", ENTRY.format("test_listed_good.py::test_good"))
    assert "XPASS(strict)" in result
    assert "1 failed" in result


def test_an_entry_that_fails_is_expected(pytester_run):
    result = pytester_run(
        "def test_bad(): assert 0\n", ENTRY.format("test_listed_bad.py::test_bad")
    )
    assert "1 xfailed" in result


@pytest.fixture
def pytester_run(tmp_path, monkeypatch, capsys):
    """Run pytest in this process on one small file with its own list of differences."""

    def run(source, listed):
        listing = tmp_path / "known_differences.toml"
        listing.write_text(listed)
        # Two modules of one name can not be imported in one process, so each run has its own.
        file = tmp_path / listed.partition('id = "')[2].partition("::")[0]
        file.write_text(source)
        monkeypatch.setattr(known_differences, "PATH", listing)
        monkeypatch.setattr(known_differences, "SELF", False)
        options = ["-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-c", "/dev/null"]
        pytest.main([*options, str(file)], plugins=[known_differences])
        return capsys.readouterr().out

    return run
