"""The report: what it says of made-up and of real results, and that its page holds any text unharmed."""

import copy
import json
import re

import pytest

from made_results import (
    BENCH,
    FACTS,
    HOSTILE,
    LISTED,
    OUTCOMES,
    RESULT,
    ROWS,
    Reader,
    count,
    program,
)
from reporting import (
    chapter,
    command,
    compiled,
    curves,
    differences,
    gather,
    operations,
    page,
    plot,
    programs,
    summary,
    terminal,
)
from reporting.states import DIFFERS, KNOWN, NONE, NOT_RUN, SAME, counted, worst


@pytest.fixture
def whole(tmp_path):
    """A report with everything in it."""
    taken = {"ops": RESULT, "tpu": {"versions": {"jax": "1"}, "outcomes": OUTCOMES}, "bench": BENCH}
    for name, content in taken.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    options = command.parser().parse_args(
        ["--tpu", str(tmp_path / "tpu.json"), "--bench", str(tmp_path / "bench.json")]
    )
    tpu = gather.tpu(options)
    entries = operations.entries(operations.merged([RESULT]), FACTS, LISTED)
    curve = {"label": "# loss", "ours": [3.0, 2.0, 1.0], "theirs": [3.0, 2.0, 1.5]}
    data = {
        "format": gather.FORMAT,
        "machine": gather.machine.description(),
        "chapters": {
            "state": gather.RUN,
            "programs": [
                program("01_same.py", ROWS[:1]),
                program("02_differs.py", ROWS, curves=[curve], title=HOSTILE),
                program("03_fails.py", [], status=1),
                {"program": "04_lost.py", "title": "", "verdict": "could not run", "threads": "1",
                 "problem": "no such thing"},
            ],
        },
        "operations": {
            "state": gather.RUN,
            "sources": [{"file": "ops.json", "written": "now"}],
            "torch": "2.13.0",
            "torch_was_asked": True,
            "entries": operations.with_tpu(entries, compiled.rows(tpu["outcomes"])),
        },
        "tpu": tpu,
        "bench": gather.bench(options),
        "known": differences.gathered(),
    }  # fmt: skip
    return json.loads(json.dumps(data))


@pytest.fixture
def nothing(whole):
    """A report of which no part was run."""
    absent = gather.missing("for want of time")
    return {**whole, **dict.fromkeys(("chapters", "operations", "tpu", "bench"), absent)}


# States


def by_name(whole):
    return {each["name"]: each for each in whole["operations"]["entries"]}


def test_what_was_not_run_is_never_the_same(whole):
    found = by_name(whole)
    state = {
        (name, aspect): cell["state"]
        for name, each in found.items()
        for aspect, cell in each["cells"].items()
    }

    assert list(found) == ["add", "sub", "nn.functional.relu", "sparse.mm"]
    assert [each["state"] for each in found.values()] == [SAME, DIFFERS, NOT_RUN, NOT_RUN]
    assert state["add", "forward"] == state["add", "gradient"] == SAME
    assert state["add", "second gradient"] == state["add", "in-place"] == NOT_RUN
    assert state["add", "errors"] == state["sub", "in-place"] == NONE
    assert state["sub", "forward"] == DIFFERS
    assert state["sub", "out"] == KNOWN
    assert state["add", "TPU"] == SAME and state["sub", "TPU"] == DIFFERS
    assert {state["nn.functional.relu", aspect] for aspect in found["add"]["cells"]} == {NOT_RUN}
    assert found["sparse.mm"]["out_of_scope"] == "no sparse layouts"


def test_without_torch_to_ask_what_has_no_result_is_not_run():
    (found,) = operations.entries({"add": RESULT["entries"]["add"]}, None, LISTED)

    assert found["cells"]["errors"]["state"] == found["cells"]["method"]["state"] == NOT_RUN
    assert found["cells"]["forward"]["state"] == SAME


def test_a_listed_difference_that_passes_is_a_difference():
    result = {"sub": {"float32": {"out": count([0, 1, 2])}}}
    (found,) = operations.entries(result, None, LISTED)

    assert found["cells"]["out"]["state"] == DIFFERS
    assert [each["samples"] for each in found["failures"]] == ["0-1"]


def test_a_trial_is_counted_by_its_dtype_and_samples_of_one_reason_stand_together(whole):
    sub = by_name(whole)["sub"]

    assert sub["dtypes"] == {"float32": {"forward": [1, 2], "out": [1, 3]}}
    assert [(each["aspect"], each["samples"], each["known"]) for each in sub["failures"]] == [
        ("forward", "1", None), ("out", "0-1", "known to differ"),
    ]  # fmt: skip


def test_results_in_parts_are_one_result():
    parts = [{"entries": {name: found}} for name, found in RESULT["entries"].items()]

    assert operations.merged(parts) == RESULT["entries"]


def test_a_case_that_its_kind_has_elsewhere_was_not_run():
    lines = [
        {"kind": kind, "name": name, "dtype": dtype, "target": target, "state": state}
        for kind, name, dtype, target, state in (
            ("call", "add", "float32", "v5e", SAME),
            ("call", "add", "float32", "v5p", KNOWN),
            ("call", "sub", "int64", "v5e", SAME),
            ("gradient", "add", "float32", "v5e", DIFFERS),
            ("tutorial", "05", "", "v5e", SAME),
        )
    ]

    columns, rows = compiled.matrix(lines)

    assert columns == ["float32", "int64", "all", "gradient, float32"]
    assert [each["cells"] for each in rows] == [
        {"float32": KNOWN, "int64": NOT_RUN, "gradient, float32": DIFFERS},
        {"float32": NOT_RUN, "int64": SAME, "gradient, float32": NOT_RUN},
        {"all": SAME},
    ]


@pytest.mark.parametrize(
    "states, wanted",
    [
        ([], NONE),
        ([SAME, NOT_RUN], SAME),
        ([NOT_RUN, NONE], NOT_RUN),
        ([SAME, KNOWN, DIFFERS], DIFFERS),
        ([SAME, KNOWN], KNOWN),
    ],
)
def test_the_worst_state_is_that_of_the_whole(states, wanted):
    assert worst(states) == wanted
    assert sum(counted(states).values()) == len([each for each in states if each != NONE])


def test_chapters_that_both_sides_fail_were_not_compared(whole):
    states = [*map(programs.state_of, whole["chapters"]["programs"])]

    assert states == [SAME, DIFFERS, NOT_RUN, NOT_RUN]
    assert (
        programs.in_words(whole["chapters"]["programs"][2]) == "both sides end with ValueError: no"
    )


# Outputs and curves


def test_outputs_are_set_side_by_side_by_what_the_comparison_found():
    ours = ["a", "at 0x7f0000000001", "1.00001", "x", "left", "z"]
    theirs = ["a", "at 0x7f0000000002", "1.00000", "y", "z", "right"]
    rows = [
        {"mark": "|", "our_number": 3, "their_number": 3},
        {"mark": "<", "our_number": 4, "their_number": None},
        {"mark": ">", "our_number": None, "their_number": 5},
    ]

    assert chapter.aligned(ours, theirs, rows) == [
        ["=", "a", None],
        ["=", "at 0x7f0000000001", "at 0x7f0000000002"],
        ["~", "1.00001", "1.00000"],
        ["|", "x", "y"],
        ["<", "left", None],
        ["=", "z", None],
        [">", None, "right"],
    ]


def test_losses_that_both_sides_print_are_curves():
    ours = [f"[{step // 3}, {step:4d}] loss: {2 / (step + 1):.3f}" for step in range(6)]
    ours += ["loss is a word", "loss 3", "test_loss=0.5", "Loss -1.5e-3"]

    (found,) = curves.curves(ours, ours[:4])

    assert found["label"] == "[ # , # ] loss"
    assert found["ours"][:2] == [2.0, 1.0] and len(found["ours"]) == 6
    assert len(found["theirs"]) == 4
    assert curves.points(ours[-4:]) == {"test_loss": [0.5], "Loss": [-0.0015]}


@pytest.mark.parametrize(
    "values", [[1.0], [0.0, 0.0], [5.0, 4.9], [-1.0, 2.0], [float("nan"), 1.0], [1e30, 1e-30]]
)
def test_any_curve_is_drawn(values):
    drawn = plot.curves(values, values, HOSTILE)

    Reader(drawn)
    assert "nan" not in drawn.partition("<polyline")[2]


# The page


def test_the_page_is_well_formed_and_needs_nothing_else(whole):
    content = page.page(whole)
    found = Reader(content)

    assert content.startswith("<!DOCTYPE html>")
    assert not re.search(r"(?i)https?:|@import|\burl\(|//[a-z]", content)
    links = [value for _, name, value in found.attributes if name in ("href", "src", "xlink:href")]
    names = {value for _, name, value in found.attributes if name == "id"}
    assert all(link.startswith("#") and link[1:] in names for link in links)
    assert not {"link", "img", "iframe", "object", "form"} & {*found.tags}


def test_hostile_text_stays_text(whole):
    found = Reader(page.page(whole))

    assert found.tags.count("script") == 2
    assert not any(name.startswith("on") for _, name, _ in found.attributes)
    shown = HOSTILE.replace("\x1b", "\\x1b").replace("\u2028", "\\u2028")
    assert shown in found.text
    (failure, *_) = found.embedded["operation-details"][1]["failures"]
    assert failure[2] == [f"got {HOSTILE}"]
    assert "</script><b>" not in page.page(whole)


def test_every_name_is_in_the_page(whole):
    found = Reader(page.page(whole))

    wanted = [each["name"] for each in whole["operations"]["entries"]]
    wanted += [each["program"] for each in whole["chapters"]["programs"]]
    wanted += [line["name"] for line in whole["tpu"]["outcomes"]]
    wanted += [group["reason"] for each in whole["known"] for group in each["reasons"]]
    text = re.sub(r"(?<=[._/]) ", "", found.text)
    missing = [
        name for name in wanted if re.sub(r"(?<=[._/]) ", "", " ".join(name.split())) not in text
    ]
    assert missing == []


def test_what_differs_is_marked_in_both_outputs(whole):
    content = page.page(whole)

    assert "near <mark>1.00001</mark>" in content and "near <mark>1.00000</mark>" in content
    assert content.count('<tr class="diff"') == 1
    assert content.count('<tr class="diff ours"') == content.count('<tr class="diff theirs"') == 1


def test_a_part_that_is_missing_says_so(nothing):
    found = Reader(page.page(nothing))
    lines = "\n".join(terminal.text(nothing))

    assert found.text.count("Not run. for want of time") == 4
    assert "Nothing was run." in found.text and "Nothing was run." in lines
    assert lines.count("not run ") == 4
    assert [each.figure for each in summary.parts(nothing)] == [NOT_RUN] * 4
    assert "same" not in re.sub(r"(?s)<(style|script).*?</\1>", "", page.header(nothing))


@pytest.mark.parametrize("name", ["chapters", "operations", "tpu", "bench"])
def test_one_missing_part_is_named_first(whole, nothing, name):
    data = {**whole, name: nothing[name]}
    title = {"tpu": "TPU", "bench": "Speed"}.get(name, name.capitalize())

    assert summary.headline(data).endswith(f"Not run: {title}.")
    Reader(page.page(data))


def test_the_summary_counts(whole):
    chapters, operated, tpu, bench = summary.parts(whole)

    assert summary.headline(whole) == (
        "1 chapter and 1 operation and 1 TPU case differ without a known reason. All else that was "
        "run is the same, or differs as listed. 1 benchmark failed."
    )
    assert (chapters.figure, chapters.counts) == ("1", {SAME: 1, DIFFERS: 1, NOT_RUN: 2})
    assert (operated.figure, operated.counts) == ("1", {SAME: 1, DIFFERS: 1, NOT_RUN: 2})
    assert "Of 11 trials 72.7% agree" in operated.sentence
    assert (tpu.figure, tpu.counts) == ("1", {SAME: 1, DIFFERS: 1})
    assert bench.figure == "0.50" and "1 workload failed" in bench.sentence


def test_what_is_all_the_same_is_said_to_be(whole):
    data = copy.deepcopy(whole)
    del data["chapters"]["programs"][1:]
    del data["operations"]["entries"][1:]
    del data["tpu"]["outcomes"][2:]
    del data["bench"]["results"][1:]

    assert summary.headline(data).startswith("All that was run is the same")


@pytest.mark.parametrize("part, whole, wanted", [(1, 1, "100%"), (99_999, 100_000, "99.99%"),
                                                 (1, 3, "33.3%"), (9999, 10_000, "99.99%")])  # fmt: skip
def test_a_share_is_never_rounded_to_all(part, whole, wanted):
    assert summary.percent(part, whole) == wanted


def test_the_terminal_names_what_differs(whole):
    lines = [*terminal.text(whole)]

    assert "  sub: forward 1/2" in lines
    assert "            from ops.json, written now" in lines
    assert any(line.startswith("  call sub float32 for v5e: broken") for line in lines)
    assert any(re.fullmatch(r"  04_lost.py +could not run: no such thing", line) for line in lines)


# The command


def test_a_report_is_written_and_shown_again_from_its_json(whole, tmp_path, capsys):
    command.write(whole, tmp_path)
    first = (tmp_path / "report.html").read_text(encoding="utf-8")
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    again = tmp_path / "again"

    status = command.main(["--from", str(tmp_path / "report.json"), "--output", str(again)])

    assert status == 0
    assert written == whole
    assert (again / "report.html").read_text(encoding="utf-8") == first
    assert json.loads((again / "report.json").read_text(encoding="utf-8")) == whole
    assert str(again / "report.html") in capsys.readouterr().out


def test_real_results_and_a_real_program(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(gather.suite, "entries", lambda progress: FACTS)
    monkeypatch.setenv("JTORCH_EXECUTOR", "")
    (tmp_path / "ops.json").write_text(json.dumps(RESULT))
    (tmp_path / "tiny.py").write_text(
        '"""A tiny program."""\nimport sys\nfor step in range(4):\n'
        '    print(f"loss {1 / (step + 1):.3f}")\nprint(sys.modules.get("jtorch") is None)\n'
    )

    status = command.main(
        ["--programs", str(tmp_path / "tiny.py"), "--ops", str(tmp_path / "ops.json"),
         "--output", str(tmp_path)]
    )  # fmt: skip

    data = json.loads((tmp_path / "report.json").read_text())
    (found,) = data["chapters"]["programs"]
    assert status == 0, capsys.readouterr().err
    assert found["title"] == "A tiny program." and found["verdict"] == "different"
    assert found["lines"][-1] == ["|", "False", "True"]
    assert found["curves"] == [{"label": "loss", "ours": [1.0, 0.5, 0.333, 0.25],
                                "theirs": [1.0, 0.5, 0.333, 0.25]}]  # fmt: skip
    assert data["tpu"]["state"] == data["bench"]["state"] == NOT_RUN
    Reader((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "report: chapter 1 of 1, tiny.py" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["{", "[]", '{"other": 1}'])
@pytest.mark.parametrize("option", ["--ops", "--tpu", "--bench", "--from"])
def test_a_file_that_is_no_result_is_named(content, option, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(gather.suite, "entries", lambda progress: FACTS)
    path = tmp_path / "file.json"
    path.write_text(content)

    left_out = ["--without", "chapters", *(["--without", "ops"] if option != "--ops" else [])]
    status = command.main([*left_out, option, str(path), "--output", str(tmp_path)])

    assert status == 2
    assert str(path) in capsys.readouterr().err
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize(
    "name, wanted", [("none.py", "there is no file"), ("a.ipynb", "no script")]
)
def test_what_cannot_be_run_is_named_before_anything_runs(name, wanted, tmp_path, capsys):
    (tmp_path / "a.ipynb").write_text("{}")

    status = command.main(["--programs", str(tmp_path / name), "--output", str(tmp_path / "out")])

    assert status == 2
    assert name in (said := capsys.readouterr().err) and wanted in said
    assert not (tmp_path / "out").exists()


def test_every_list_of_differences_is_shown():
    found = {each["title"]: each for each in differences.gathered()}

    assert list(found) == list(differences.LISTS)
    assert all(each["count"] for each in found.values())
    assert all(group["reason"].strip() for each in found.values() for group in each["reasons"])
