"""Every entry of torch's op_db, by its own samples, on jtorch and on torch.

    python compat_tests/op_db_suite.py --write results.json [--only NAME] [--dtypes float32,int64]
                                       [--samples 8] [--shard 1/4] [--aspects forward,out]
    python compat_tests/op_db_suite.py --table results.json [more.json]
    python compat_tests/op_db_suite.py --check results.json [more.json]

A run that was cut short goes on where it stopped.  The results say for each entry, dtype and aspect
how many samples were tried and passed, and what the first failures were.
"""

import argparse
import collections
import fnmatch
import functools
import json
import os
import pathlib
import sys
import tempfile
import time
import warnings
from unittest import mock

if __name__ == "__main__":
    os.environ.setdefault("JTORCH_EXECUTOR", "host")
    _CACHE = pathlib.Path(tempfile.gettempdir()) / f"jtorch-tests-{os.getuid()}"
    os.environ.setdefault("JTORCH_CACHE_DIR", str(_CACHE))

# torch's tests freeze the backends' flags for the whole process, in which other tests set them.
with (
    warnings.catch_warnings(),
    mock.patch("torch.backends.disable_global_flags"),
):
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_methods_invocations import op_db

from compare import theirs, words
from op_db_aspects import ASPECTS, Operation, aspects_of, compare_aspect, plan_for
from op_db_differences import Differences, as_ranges, ranges
from op_db_twins import NoTwin

# What XLA has too, in the order of a rotation.
DTYPES = words(
    "float32 int64 complex64 float64 bool bfloat16 int32 float16 complex128 uint8 int16 int8 "
    "uint16 uint32 uint64 float8_e4m3fn float8_e5m2"
)
FAILURES_KEPT = 4
LINES_KEPT = 4


def name_of(entry):
    """The entry's name, with its variant where it has one."""
    if entry.variant_test_name:
        return f"{entry.name}/{entry.variant_test_name}"
    return entry.name


def entries():
    """The entries by name; names that come twice are numbered."""
    found = {}
    for entry in op_db:
        name, place = name_of(entry), 1
        while name in found:
            place += 1
            name = f"{name_of(entry)}#{place}"
        found[name] = entry
    return found


def dtypes_of(entry):
    """The names of the dtypes that the entry lists for the CPU and that XLA has."""
    supported = entry.supported_dtypes("cpu")
    return [name for name in DTYPES if getattr(theirs, name) in supported]


def is_differentiable(entry, dtype):
    return entry.supports_autograd and dtype in entry.supported_backward_dtypes("cpu")


def samples_of(entry, dtype_name, reference=False):
    """The entry's own samples of a dtype, which require gradients where they can; or reference inputs."""
    dtype = getattr(theirs, dtype_name)
    if reference:  # torch makes them of many dtypes at once
        return list(entry.reference_inputs("cpu", dtype, requires_grad=False))
    return list(entry.sample_inputs("cpu", dtype, requires_grad=is_differentiable(entry, dtype)))


def spread(count, limit, start=0):
    """At most `limit` of `count` places, evenly apart."""
    if limit is None or count <= limit:
        return list(range(count))
    return sorted({(start + index * count // limit) % count for index in range(limit)})


class Turns:
    """One dtype and one sample for each entry, which go round with its place among all."""

    def __init__(self):
        listed = Differences.load()
        self.names = [name for name in entries() if listed.out_of_scope(name) is None]
        self.places = {name: place for place, name in enumerate(self.names)}

    def dtypes(self, name, entry):
        known = dtypes_of(entry)
        return known and [known[self.places[name] % len(known)]]

    def samples(self, name, count):
        return [self.places[name] * 7 % count] if count else []


class Trial:
    """One entry on both modules."""

    def __init__(self, entry):
        self.entry = entry
        self.torch_s = Operation.of_torch(entry)
        self.our_s = Operation.of_ours(entry)

    def sample(self, sample, dtype_name, aspects):
        """(aspect, lines) for each aspect of a sample; lines are None where it cannot be drawn."""
        differentiable = is_differentiable(self.entry, getattr(theirs, dtype_name))
        for aspect in aspects_of(self.entry, sample, differentiable):
            if aspect in aspects:
                lines = self.aspect(aspect, sample)
                if lines is not None:
                    yield aspect, lines

    def aspect(self, aspect, sample):
        try:
            plan = plan_for(aspect, sample)
        except NoTwin as error:
            return [f"absent: {error}"]
        return compare_aspect(aspect, plan, self.torch_s, self.our_s)

    def errors(self):
        """The samples that must fail."""
        if self.entry.error_inputs_func is None:
            return []
        return [item.sample_input for item in self.entry.error_inputs("cpu")]


class Tally:
    """How many samples of one dtype were tried and passed, by aspect."""

    def __init__(self):
        self.aspects = {}

    def add(self, aspect, place, lines):
        count = self.aspects.setdefault(
            aspect, {"tried": 0, "passed": 0, "passing": [], "failed": {}}
        )
        count["tried"] += 1
        if not lines:
            count["passed"] += 1
            count["passing"].append(place)
        elif len(count["failed"]) < FAILURES_KEPT:
            count["failed"][place] = [line[:400] for line in lines[:LINES_KEPT]]
        else:
            count["failed"][place] = []

    def finished(self):
        """The counts, with the passing places as a text."""
        for count in self.aspects.values():
            count["passing"] = as_ranges(count["passing"])
        return self.aspects


def run_entry(entry, dtype_names, choose, aspects, reference=False):
    """{dtype: {aspect: counts}} of one entry; `choose(count)` gives the places of samples to run."""
    trial = Trial(entry)
    found = {}
    for dtype_name in dtype_names:
        tally = Tally()
        samples = samples_of(entry, dtype_name, reference)
        for place in choose(len(samples)):
            if reference:
                tally.add("reference", place, trial.aspect("reference", samples[place]))
                continue
            for aspect, lines in trial.sample(samples[place], dtype_name, aspects):
                tally.add(aspect, place, lines)
        found[dtype_name] = tally.finished()
    if "errors" in aspects and not reference:
        tally = Tally()
        samples = trial.errors()
        for place in choose(len(samples)):
            tally.add("errors", place, trial.aspect("errors", samples[place]))
        if tally.aspects:
            found["any"] = tally.finished()
    return found


def surprises(results):
    """Where results and the list of differences do not agree, a line each."""
    listed = Differences.load()
    lines = []
    for name, found in results["entries"].items():
        for dtype, aspects in found.items():
            for aspect, count in aspects.items():
                places = dict.fromkeys(map(int, count["failed"]), True)
                if count["passing"]:
                    places.update(dict.fromkeys(ranges(count["passing"]), False))
                wrong = listed.surprises(name, dtype, aspect, places)
                for kind in sorted({kind for _, kind in wrong}):
                    numbers = as_ranges([place for place, each in wrong if each == kind])
                    why = count["failed"].get(numbers.replace(",", "-").partition("-")[0]) or [""]
                    lines.append(f"{name} {dtype} {aspect} {numbers} {kind}: {why[0][:200]}")
    return lines


# The command


def chosen(options):
    """The entries of this run, by name."""
    found = entries()
    if options.only:
        patterns = options.only.split(",")
        found = {
            name: entry
            for name, entry in found.items()
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
        }
    listed = Differences.load()
    found = {name: entry for name, entry in found.items() if listed.out_of_scope(name) is None}
    if options.shard:
        index, count = map(int, options.shard.split("/"))
        found = {
            name: entry
            for place, (name, entry) in enumerate(found.items())
            if place % count == index - 1
        }
    return found


def dtypes_asked(entry, asked):
    """The dtypes of a run: the asked ones that the entry has; "one" is float32 or its first."""
    known = dtypes_of(entry)
    if asked == "all":
        return known
    if asked == "one":
        return known[:1]
    return [name for name in known if name in asked.split(",")]


def write(path, results):
    """The file whole or not at all."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(results, indent=1), encoding="utf-8")
    temporary.replace(path)


def run(options):
    path = pathlib.Path(options.write)
    results = {"torch": theirs.__version__, "entries": {}}
    if path.exists() and not options.again:
        results = json.loads(path.read_text(encoding="utf-8"))
    aspects = options.aspects.split(",") if options.aspects else list(ASPECTS)
    todo = chosen(options)
    written = time.monotonic()
    turns = Turns()
    for place, (name, entry) in enumerate(todo.items(), 1):
        done = results["entries"].setdefault(name, {})
        asked = turns.dtypes(name, entry) if options.turn else dtypes_asked(entry, options.dtypes)
        missing = [dtype for dtype in asked if dtype not in done]
        if not missing:
            continue
        started = time.process_time()
        if options.turn:
            choose = functools.partial(turns.samples, name)
        else:
            choose = functools.partial(spread, limit=options.samples)
        done.update(run_entry(entry, missing, choose, aspects, options.reference))
        spent = time.process_time() - started
        if not options.quiet:
            print(f"{place}/{len(todo)} {name} {brief(done)} {spent:.1f} s", flush=True)
        if time.monotonic() - written > 10:
            write(path, results)
            written = time.monotonic()
    write(path, results)
    print(table(results, rows=False))


def brief(found):
    """The counts of an entry in a few words."""
    counts = totals([found])
    return (
        ", ".join(
            f"{aspect} {passed}/{tried}"
            for aspect, (passed, tried) in counts.items()
            if passed < tried
        )
        or f"all {sum(tried for _, tried in counts.values())}"
    )


def totals(entries_found):
    """{aspect: (passed, tried)} over many entries."""
    counts = collections.OrderedDict((aspect, [0, 0]) for aspect in ASPECTS)
    for found in entries_found:
        for aspects in found.values():
            for aspect, count in aspects.items():
                counts[aspect][0] += count["passed"]
                counts[aspect][1] += count["tried"]
    return {aspect: tuple(pair) for aspect, pair in counts.items() if pair[1]}


def table(results, rows=True):
    """The results as Markdown: the sum, by dtype, then each entry with a failure."""
    sums = totals(results["entries"].values())
    lines = ["| aspect | passed | tried | share |", "| --- | --: | --: | --: |"]
    for aspect, (passed, tried) in sums.items():
        lines.append(f"| {aspect} | {passed} | {tried} | {passed / tried:.2%} |")
    if rows:
        lines += ["", *_by_dtype(results["entries"], list(sums))]
        lines += ["", *_with_failures(results["entries"], list(sums))]
    return "\n".join(lines)


def _by_dtype(entries_found, aspects):
    """Rows of dtypes: how many results were tried, and how many of 100 passed, by aspect."""
    yield from _head("dtype", "tried", aspects)
    for dtype in (*DTYPES, "any"):
        counts = totals([{dtype: each[dtype]} for each in entries_found.values() if dtype in each])
        if counts:
            tried = sum(tried for _, tried in counts.values())
            cells = [
                f"{100 * counts[aspect][0] / counts[aspect][1]:.2f}" if aspect in counts else ""
                for aspect in aspects
            ]
            yield f"| {dtype} | {tried} | {' | '.join(cells)} |"


def _with_failures(entries_found, aspects):
    """Rows of entries and dtypes of which something failed: passed/tried by aspect."""
    yield from _head("entry", "dtype", aspects)
    for name, found in entries_found.items():
        for dtype, counts in found.items():
            if any(each["passed"] < each["tried"] for each in counts.values()):
                cells = [
                    f"{counts[aspect]['passed']}/{counts[aspect]['tried']}"
                    if aspect in counts
                    else ""
                    for aspect in aspects
                ]
                yield f"| {name} | {dtype} | {' | '.join(cells)} |"


def _head(first, second, aspects):
    yield f"| {first} | {second} | {' | '.join(aspects)} |"
    yield "| --- | ---" + " | --:" * len(aspects) + " |"


def merged(paths):
    """Several shards as one result."""
    whole = {"torch": theirs.__version__, "entries": {}}
    for path in paths:
        part = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        for name, found in part["entries"].items():
            whole["entries"].setdefault(name, {}).update(found)
    return whole


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", help="the file for the results; what it has is not run again")
    parser.add_argument("--table", nargs="+", help="print the table of these results")
    parser.add_argument("--check", nargs="+", help="compare these results with the known ones")
    parser.add_argument("--only", help="names of entries, with * and commas")
    parser.add_argument("--dtypes", default="one", help="all, one, or names with commas")
    parser.add_argument("--aspects", help="names of aspects with commas")
    parser.add_argument("--samples", type=int, help="at most so many samples of an entry and dtype")
    parser.add_argument("--turn", action="store_true", help="what the tests run by default")
    parser.add_argument("--shard", help="i/n: the i-th of n parts")
    parser.add_argument("--reference", action="store_true", help="forward, over reference inputs")
    parser.add_argument("--again", action="store_true", help="run again what the file has")
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args(arguments)
    if options.table:
        print(table(merged(options.table)))
        return
    if options.check:
        lines = surprises(merged(options.check))
        print("\n".join(lines) or "as listed")
        sys.exit(bool(lines))
    if not options.write:
        parser.error("--write or --table is needed")
    theirs.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run(options)


if __name__ == "__main__":
    main(sys.argv[1:])
