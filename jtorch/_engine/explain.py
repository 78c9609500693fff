"""The record of compilations: where each came from, why it was needed, and what it cost."""

import dataclasses
import itertools
import weakref

from jtorch._engine.node import line_of


@dataclasses.dataclass(frozen=True)
class Compilation:
    """One program made by XLA.

    `line` is the user's line of the last operation in it, `reason` says in words how it differs from
    the nearest program known before, `seconds` is what tracing and compiling took. Where `from_disk`
    is true, an earlier run had compiled it, and it was read from the persistent cache.
    """

    number: int
    line: str
    reason: str
    operations: int
    seconds: float
    from_disk: bool
    reference: object = dataclasses.field(repr=False, compare=False)

    @property
    def program(self):
        """The program, as long as it is in memory; then None."""
        return self.reference()

    def __str__(self):
        disk = " (read from disk)" if self.from_disk else ""
        return (
            f"#{self.number} {self.line}: {self.operations} operations, "
            f"{self.seconds * 1e3:.0f} ms{disk}; {self.reason}"
        )

    def text(self) -> str:
        """The program, one operation a line."""
        program = self.program
        return "(dropped from memory)" if program is None else program.text()


class Record(list):
    """All compilations of this process, oldest first; prints one a line."""

    hits = 0
    on_host = 0

    def __str__(self):
        seconds = sum(each.seconds for each in self)
        disk = sum(each.from_disk for each in self)
        total = (
            f"{len(self)} programs made in {seconds:.2f} s, {disk} of them read from disk; "
            f"{self.hits} times a program was there already, {self.on_host} times numpy computed"
        )
        return "\n".join([*map(str, self), total])


record = Record()
_numbers = itertools.count(1)
_by_names = weakref.WeakValueDictionary()  # names of the operations -> the latest such program


def note(program, seconds, from_disk) -> None:
    """Add a compilation, and say why it was needed."""
    names = tuple(kernel.name for kernel in program.operations)
    known = _by_names.get(names)
    _by_names[names] = program
    program.compile_seconds = seconds
    record.append(
        Compilation(
            number=next(_numbers),
            line=line_of(program.positions[-1]),
            reason=_reason(program, known),
            operations=len(names),
            seconds=seconds,
            from_disk=from_disk,
            reference=weakref.ref(program),
        )
    )


def _reason(program, known) -> str:
    if known is None:
        return "a new sequence of operations"
    for index, (now, before) in enumerate(zip(program.operations, known.operations, strict=True)):
        if now.id != before.id:
            where = line_of(program.positions[index])
            return f"`{now.name}` at {where} {_difference(now, before)}"
    if program.live != known.live:
        return _liveness(program, known)
    if program.donated != known.donated:
        return "another set of buffers could be reused for results"
    return "the same operations, wired differently"


def _difference(now, before) -> str:
    for position, (new, old) in enumerate(zip(now.inputs, before.inputs, strict=False)):
        if new is not old and new != old:
            return f"has {new} as input {position} instead of {old}"
    if len(now.inputs) != len(before.inputs):
        return f"has {len(now.inputs)} inputs instead of {len(before.inputs)}"
    if now.output is not before.output:
        return f"gives {now.output} instead of {before.output}"
    return "has other static parameters"


def _liveness(program, known) -> str:
    kept = [i for i in program.live if i not in known.live]
    dropped = [i for i in known.live if i not in program.live]
    if kept:
        name = program.operations[kept[0]].name
        return f"the result of `{name}` at {line_of(program.positions[kept[0]])} is kept alive now"
    name = program.operations[dropped[0]].name
    return (
        f"the result of `{name}` at {line_of(program.positions[dropped[0]])} is not kept any more"
    )
