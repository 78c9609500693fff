"""The alias matrix: base x views x writer x reader x gradient, the same program on both modules.

`python alias_matrix.py --write TABLE.md` runs every case and writes the published table.
"""

import argparse
import collections
import dataclasses
import functools
import pathlib
import random
import sys
import warnings

from alias_steps import (
    BASES,
    COMMON_BASES,
    CONSTANT_WRITERS,
    READERS,
    SAVING_READERS,
    UNSEEN_WRITERS,
    VIEWS,
    WRITERS,
    Live,
    gradient,
    leaf_of,
)
from compare import attempt, differences, freeze, ours, raised, theirs

TARGETS = ("last", "base", "middle")
# How many cases each part of the matrix gets; the first part has every view with every writer.
PER_PAIR = 2
CHAINS_OF_TWO = 2600
CHAINS_OF_THREE = 1400
BROKEN_CHAINS = 150


@dataclasses.dataclass(frozen=True)
class Case:
    """One program: make the base, view it, perhaps read, write through one of them, read."""

    base: str
    chain: tuple
    writer: str
    target: str
    reader: str

    def __str__(self):
        return " | ".join((self.base, *self.chain, f"{self.writer} on {self.target}", self.reader))


def run_case(module, case):
    """What `case` gives on `module`, frozen: each step's error if any, values read, final state."""
    arrays, base = BASES[case.base](module)
    live = Live(module, {"base": base}, arrays, [], leaf_of(base))
    trail = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chain = [base]
        for number, name in enumerate(case.chain):
            error = step(VIEWS[name], module, chain[-1])
            if isinstance(error, Exception):
                trail.append((name, raised(error)))
                break
            chain.append(error)
            live.tensors[f"view {number}"] = chain[-1]
        target = {"last": chain[-1], "base": base, "middle": chain[len(chain) // 2]}[case.target]
        before, after = READERS[case.reader]
        for name, function, arguments in (
            ("read before", before, (live, target)),
            ("write", WRITERS[case.writer], (module, target)),
            ("read after", after, (live, target)),
        ):
            error = step(function, *arguments)
            if isinstance(error, Exception):
                trail.append((name, raised(error)))
        return {"errors": freeze(trail), "values": freeze(live.values), **final_state(live)}


def step(function, *arguments):
    """The step's result, or its exception as a value."""
    try:
        return function(*arguments)
    except Exception as error:
        return error


def final_state(live):
    """Every live tensor and array, and which of them share an address or a storage."""
    tensors = list(live.tensors.items())
    state = {name: attempt(lambda tensor=tensor: tensor) for name, tensor in tensors}
    for name, array in live.arrays.items():
        state[f"array {name}"] = freeze(array)
    state["versions"] = freeze([tensor._version for _, tensor in tensors])
    state["contiguous"] = freeze([tensor.is_contiguous() for _, tensor in tensors])
    # A tensor that shares a storage is as far from the base as torch says, in bytes; one without
    # elements has the address 0.
    addresses = [tensor.data_ptr() for _, tensor in tensors]
    storages = [tensor.untyped_storage().data_ptr() for _, tensor in tensors]
    state["same storage"] = freeze([storage == storages[0] for storage in storages])
    state["distance"] = freeze(
        [
            address - addresses[0] if address and storage == storages[0] else None
            for address, storage in zip(addresses, storages, strict=True)
        ]
    )
    state["same address"] = freeze([[a == b for a in addresses] for b in addresses])
    state["history"] = freeze([attempt(history, tensor) for _, tensor in tensors])
    state["gradient"] = attempt(gradient, live, [tensor for _, tensor in tensors])
    return state


def history(tensor):
    """What a tensor says of how it was made."""
    node = tensor.grad_fn
    return [node and type(node).__name__, tensor.is_leaf, tensor.requires_grad, tensor.output_nr]


def case_differences(case, module=None, reference=None):
    """Differences of one case between jtorch and torch, in words."""
    got = run_case(module or ours, case)
    want = run_case(reference or theirs, case)
    lines = [
        line
        for name in want
        if name in got
        for line in differences(got[name], want[name], path=name)
    ]
    # A step that failed on one side leaves a tensor less there; its error comes first.
    if list(got) != list(want):
        lines.append(f"got {list(got)}, torch gives {list(want)}")
    return lines


@functools.cache
def chain_kind(base, chain):
    """What torch makes of a chain: "broken", "fine", or "overlapping": elements share places."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tensor = BASES[base](theirs)[1]
        overlapping = is_overlapping(tensor)
        for name in chain:
            tensor = step(VIEWS[name], theirs, tensor)
            if isinstance(tensor, Exception):
                return "broken"
            overlapping |= is_overlapping(tensor)
    return "overlapping" if overlapping else "fine"


def is_overlapping(tensor):
    places = theirs.zeros((), dtype=theirs.int64)
    for size, stride in zip(tensor.shape, tensor.stride(), strict=True):
        places = places[..., None] + theirs.arange(size) * stride
    return places.unique().numel() < tensor.numel()


def make_case(draw, base, chain, writer=None):
    """A case on this chain, or None where torch's own answer means nothing.

    That is where it depends on an order of writes, or where a saved tensor was changed behind
    autograd's back: torch's gradient is then that of other numbers than those computed with.
    """
    writer = writer or draw.choice(list(WRITERS))
    if chain_kind(base, chain) == "overlapping" and writer not in CONSTANT_WRITERS:
        return None
    reader = draw.choice(list(READERS))
    unseen = writer in UNSEEN_WRITERS or "data" in chain
    if unseen and reader in SAVING_READERS and has_gradient(base):
        return None
    target = draw.choice(TARGETS if len(chain) > 1 else TARGETS[:2])
    # Writing through the last view is what the matrix is about; the others are its controls.
    target = "last" if draw.random() < 0.6 else target
    return Case(base, chain, writer, target, reader)


@functools.cache
def has_gradient(base):
    return BASES[base](theirs)[1].requires_grad


def pick_base(draw, chain, kinds=("fine", "overlapping")):
    """A base on which `chain` has one of these kinds, a common one more often, or None."""
    for _ in range(12):
        base = draw.choice(COMMON_BASES if draw.random() < 0.5 else list(BASES))
        if chain_kind(base, chain) in kinds:
            return base
    return None


def random_chains(draw, length, count, kinds=("fine", "overlapping")):
    """`count` cases on random chains of this length."""
    found = []
    while len(found) < count:
        chain = tuple(draw.choice(list(VIEWS)) for _ in range(length))
        base = pick_base(draw, chain, kinds)
        case = make_case(draw, base, chain) if base else None
        found += [case] if case else []
    return found


@functools.cache
def all_cases():
    """Every case of the matrix, always the same ones, none twice."""
    draw = random.Random(20)
    found = []
    for view in VIEWS:
        for writer in WRITERS:
            bases = [pick_base(draw, (view,)) for _ in range(PER_PAIR)]
            found += [make_case(draw, base, (view,), writer) for base in bases if base]
    found += random_chains(draw, 2, CHAINS_OF_TWO)
    found += random_chains(draw, 3, CHAINS_OF_THREE)
    found += random_chains(draw, 2, BROKEN_CHAINS, kinds=("broken",))
    found += [make_case(draw, base, (), writer) for base in BASES for writer in WRITERS]
    return list(dict.fromkeys(case for case in found if case))


def write_table(path, outcomes):
    """Write the table view op x writer from (case, whether it was the same) pairs."""
    same, different = collections.Counter(), collections.Counter()
    for case, is_same in outcomes:
        counter = same if is_same else different
        for view in case.chain or ("(none)",):
            counter[view, case.writer] += 1
    total = len(outcomes)
    good = sum(is_same for _, is_same in outcomes)
    met = {view for view, _ in (*same, *different)}
    views = [view for view in ("(none)", *VIEWS) if view in met]
    lines = [
        "# The alias matrix",
        "",
        f"{total} programs, each run on jtorch and on torch {theirs.__version__}: {good} the same, "
        f"{total - good} different. A cell is one view op and one way to write, over all bases,",
        "chains and readers: how many programs agree, and after a slash how many do not.",
        "A program with a chain of views counts in the row of each of its view ops.",
        "",
        "| view | " + " | ".join(WRITERS) + " |",
        "| --- |" + " --: |" * len(WRITERS),
    ]
    for view in views:
        cells = [cell(same[view, name], different[view, name]) for name in WRITERS]
        lines.append(f"| {view} | " + " | ".join(cells) + " |")
    pathlib.Path(path).write_text("\n".join([*lines, ""]))


def cell(same, different):
    if different:
        return f"{same} / **{different}**"
    return str(same) if same else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", metavar="TABLE.md", required=True)
    parser.add_argument("--show", type=int, default=10, help="how many differences to print")
    options = parser.parse_args()
    outcomes = []
    cases = all_cases()
    for number, case in enumerate(cases, start=1):
        found = case_differences(case)
        outcomes.append((case, not found))
        if found and options.show > 0:
            options.show -= 1
            print(f"\n{case}\n  " + "\n  ".join(found), flush=True)
        if number % 100 == 0 or number == len(cases):
            good = sum(is_same for _, is_same in outcomes)
            print(f"\r{number} of {len(cases)} cases, {good} the same", end="", file=sys.stderr)
    print(file=sys.stderr)
    write_table(options.write, outcomes)


if __name__ == "__main__":
    main()
