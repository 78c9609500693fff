"""What a call records, as programs that have not run."""

import contextlib

from jtorch._config import settings
from jtorch._engine.explain import record as compilations
from jtorch._engine.node import traces_of_this_thread
from jtorch._engine.program import Program, Uses, Wiring


def programs_of(call) -> list:
    """The programs that a call makes for an accelerator: those it has run on its way, and the rest.

    The rest is never run. What the call gives is kept until it is recorded: it decides what a program
    returns.
    """
    forget()
    before = len(compilations)
    try:
        kept = call()
        found = [each.program for each in compilations[before:]]
        for trace in traces_of_this_thread():
            if trace.device.type == "cuda" and trace.nodes:
                nodes = list(trace.nodes)
                wiring = Wiring(nodes)
                live = Uses(nodes, wiring, settings.donate_bytes).live(nodes)
                found.append(Program(nodes, wiring, live, ()))
        del kept
        return found
    finally:
        forget()


def forget() -> None:
    """Drop what is recorded and has not run."""
    for trace in traces_of_this_thread():
        with contextlib.suppress(AttributeError):
            del trace.nodes[:]
