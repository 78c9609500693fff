"""Recording and running: nodes join the trace of their thread, and a trace runs as one program."""

import contextlib
import itertools
import os
import sys
import threading
import time
import warnings

import jax
import numpy as np

from jtorch._config import settings
from jtorch._device import CPU, jax_device
from jtorch._engine import explain, limits, spec
from jtorch._engine.blocks import MANY, blocks, without_dead
from jtorch._engine.buffers import donatable, place_leaves
from jtorch._engine.cache import disk_hits
from jtorch._engine.host.run import run_nodes, runs_worth_compiling
from jtorch._engine.memory import before_compiling
from jtorch._engine.node import (
    Node,
    Past,
    _local,
    alive,
    line_of,
    trace_of,
    traces_of_this_thread,
    user_position,
)
from jtorch._engine.program import Program, Uses, Wiring
from jtorch._engine.watch import observers, tell
from jtorch._errors import OutOfMemoryError

_FAILURES = 40  # programs that may fail in the search for the operations that cannot be computed
_lock = threading.RLock()  # programs run one at a time; JAX overlaps their execution
_families = {}  # structure -> _Family
_uses = itertools.count()
_frame = sys._getframe


class _Family:
    """The programs of one structure: they differ in what is kept, and in what may be overwritten."""

    __slots__ = ("_answer", "_asked", "host_runs", "programs", "union", "used", "uses")

    def __init__(self):
        self.programs = {}
        self.uses = None  # of the structure's nodes and leaves, once they are counted
        self._asked = self._answer = None
        self.union = frozenset()
        self.used = 0
        self.host_runs = None  # how often numpy may still run it, once that is known

    def choose(self, live, donatable):
        """What to keep and what to overwrite: as asked, unless a known program serves as well.

        The second set of kept results for one structure is answered with the union of both, which
        then serves every set inside it: a loss kept alive now and then costs one compilation.
        A second set of buffers to overwrite gets a program of its own (the first run of a loop
        finds its state on the host, and overwrites nothing); after that, the best one there is.
        """
        if self._asked == (live, donatable):
            return self._answer
        self._asked = live, donatable
        self._answer = self._choose(live, donatable)
        return self._answer

    def _choose(self, live, donatable):
        if live not in {kept for kept, _ in self.programs}:
            wanted = self.union | frozenset(live)
            live = tuple(sorted(wanted))
            self.union = wanted
        known = [donated for kept, donated in self.programs if kept == live]
        usable = [donated for donated in known if donated <= donatable]
        if donatable in known or (usable and len(known) > 1):
            return live, max(usable, key=len)
        return live, donatable


def _family_of(structure) -> _Family:
    """The family of a structure. The quarter used longest ago goes when there are too many."""
    family = _families.get(structure)
    if family is None:
        if len(_families) >= settings.program_limit:
            oldest = sorted(_families, key=lambda each: _families[each].used)
            for each in oldest[: len(oldest) // 4 + 1]:
                for program in _families.pop(each).programs.values():
                    program.forget()
        family = _families[structure] = _Family()
    family.used = next(_uses)
    return family


class _Unchecked(threading.local):
    def __init__(self):
        self.codes = []


_unchecked = _Unchecked()
_forked = False


def _before_fork():
    """Wait for what XLA is computing: the threads that do so are not in the child.

    No other thread runs a program meanwhile: numpy's BLAS deadlocks where a fork meets a product.
    """
    _lock.acquire()
    for each in jax.live_arrays() if _families else ():
        # one whose computation has failed is waited for, too: whoever reads it hears of that
        with contextlib.suppress(jax.errors.JaxRuntimeError):
            if not each.is_deleted():
                each.block_until_ready()


def _after_fork():
    global _forked, _lock
    _forked = True
    _lock = threading.RLock()  # a thread that is not here may hold the other one


os.register_at_fork(
    before=_before_fork, after_in_parent=lambda: _lock.release(), after_in_child=_after_fork
)
# JAX says that the child is likely to hang; it never touches what would make it.
warnings.filterwarnings("ignore", r"os\.fork\(\) was called", RuntimeWarning)


def record(kernel, inputs, device, position=None) -> Node:
    """A pending node for `kernel` applied to `inputs`: nodes, and Python numbers.

    `position` is the user's place in the code, if it is not where the call comes from.
    """
    node = Node()
    node.kernel = kernel
    node.inputs = inputs
    node.aval = kernel.output
    node.value = None
    try:
        trace = _local.traces[device]
    except KeyError:
        trace = trace_of(device)
    node.trace = trace
    nodes = trace.nodes
    place = len(nodes)
    if position is None:
        past = trace.expected
        if place < past.count and past.operations[place] is kernel:
            # likely the place of the last time: a look at one frame instead of at all of them
            position = past.positions[place]
            code, instruction, depth = position
            try:
                frame = _frame(depth + 1)
                is_there = frame.f_lasti == instruction and frame.f_code is code
            except ValueError:  # not so deep
                is_there = False
            if not is_there:
                position = user_position()
        else:
            position = user_position()
    node.position = position
    nodes.append(node)
    if place + 1 >= settings.trace_limit or settings.debug:
        _limit_reached(trace)
    return node


def array_of(node):
    """The array of a node, which runs if it has not; the array may still be being computed."""
    if node.value is None:
        trace = node.trace  # another thread may be running it just now
        while trace is not None and trace.level is not None:
            trace = trace.level.settled(node)
        if trace is not None:
            run(trace)
        if node.value is None and trace is not None and trace.device.type == "meta":
            raise NotImplementedError("Cannot copy out of meta tensor; no data!")
        if node.value is None:
            raise RuntimeError("this value was part of a program that failed; see the first error")
    return node.value


def host_array_of(node) -> np.ndarray:
    """The array as numpy (not writable, do not keep), after waiting for it and for its errors."""
    array = array_of(node)
    result = np.asarray(array)
    raise_errors()
    return result


def run(trace, until=None) -> None:
    """Run what a trace holds, or what it holds up to the node `until`, without waiting for results."""
    with _lock:
        nodes = trace.nodes
        past = trace.expected
        if until is None and past.is_of(nodes) and past.size == settings.block_size:
            _run_blocks(trace, past.blocks, past)
            return
        last = len(nodes) if until is None else nodes.index(until) + 1
        _run_blocks(trace, blocks(nodes[:last]))


def _run_blocks(trace, counts, past=None) -> None:
    """Run the first operations of a trace, so many at a time; `past`: they are as it was."""
    before = trace.ran
    if len(counts) > 1 and past is None:
        past = _past_of(trace.nodes[: sum(counts)])
        past.size, past.blocks = settings.block_size, counts
    for count in counts:
        _run_first(trace, count)
    if len(counts) > 1:
        trace.ran = before
        trace.follow(past)


def _past_of(nodes) -> Past:
    """The past of operations that were cut: the same one each time, so that it gets to know the next."""
    key = tuple([node.kernel for node in nodes])
    found = _pasts.pop(key, None) or Past(nodes)
    if len(_pasts) >= _MOST_PASTS:
        del _pasts[next(iter(_pasts))]
    _pasts[key] = found
    return found


_pasts = {}  # operations -> Past, those used last at the end
_MOST_PASTS = 64


def _run_first(trace, count) -> None:
    if _forked and trace.device.type not in ("cpu", "meta"):
        raise RuntimeError(
            f"jtorch cannot compute on {trace.device} in a forked process: JAX's threads do not "
            "survive a fork. Start the process by the 'spawn' method, or keep to the CPU in it."
        )
    nodes = _with_foreign_inputs(trace, count)
    try:
        del trace.nodes[: len(nodes)]
        if count > MANY:
            nodes = without_dead(nodes)
        _run_parts(nodes, trace.device)
    except BaseException:  # after an interrupt the user may go on, and ask again
        if not nodes or trace.nodes[:1] != nodes[:1]:
            trace.nodes[:0] = [node for node in nodes if node.trace is trace]
        raise


def run_all() -> None:
    """Run what this thread has recorded on any device, without waiting."""
    for trace in traces_of_this_thread():
        if trace.level is None:
            run(trace)


def _with_foreign_inputs(trace, count):
    """The first `count` operations of a trace, after those of other traces whose values they need.

    Of another trace runs what was recorded up to the value that is needed, and no more, so threads
    that use each other's values come to an end. It may be that some of these operations run then.
    """
    if len(alive) == 1 and not _lost.any:  # there is this trace alone
        return trace.nodes[:count]
    others = False
    for node in trace.nodes[:count]:
        for given in node.inputs:
            if given.__class__ is Node and given.value is None and given.trace is not trace:
                others = True
                if given.trace is not None:
                    last = trace.nodes[count - 1]
                    run(given.trace, until=given)
                    count = trace.nodes.index(last) + 1
    nodes = trace.nodes[:count]
    if others:
        nodes = _computable(nodes)
        trace.nodes[:count] = nodes
    return nodes


def _computable(nodes):
    """The nodes without those that need a value that could not be computed; these are lost, too."""
    found = []
    for node in nodes:
        if any(
            given.__class__ is Node and given.value is None and given.trace is None
            for given in node.inputs
        ):
            _lose((node,))
        else:
            found.append(node)
    return found


class _Lost:
    """Whether there have been nodes that will never have a value."""

    any = False


_lost = _Lost()


def _lose(nodes) -> None:
    """Let go of nodes that will never have a value."""
    _lost.any = True
    _close(nodes)


def _close(nodes) -> None:
    """Let go of what nodes were made from: they have their values, or will never have them."""
    for node in nodes:
        node.inputs = ()
        node.trace = None


def _run_parts(nodes, device) -> None:
    """Run nodes as one program; if that fails, by halves, so that only what cannot be computed is lost.

    A failure that no part repeats was not the operations': a signal handler has raised.
    """
    parts = [nodes]
    errors = []
    cause = None
    while parts:
        part = parts.pop()
        if errors:
            part = _computable(part)
        try:
            if part:
                _run_nodes(part, device, wait=bool(errors))
        except Exception as error:
            errors.append(error)
            part = [node for node in part if node.trace is not None]  # the others have run
            if len(part) < 2 or len(errors) > _FAILURES:
                cause = cause or (error if part else None)
                _lose(part)
            else:
                half = len(part) // 2
                parts += part[half:], part[:half]
    if cause is not None:
        raise _located(cause, [node for node in nodes if node.value is None]) from cause
    if errors:
        raise errors[0]


def _run_nodes(nodes, device, wait=False) -> None:
    """Run nodes as one program; with `wait`, to the end, since some errors come only then."""
    if settings.check_rules:
        spec.check(nodes)
    wiring = Wiring(nodes)
    family = _family_of(wiring.structure)
    uses = family.uses
    if uses is None or uses.big != settings.donate_bytes:
        uses = family.uses = Uses(nodes, wiring, settings.donate_bytes)
    live = uses.live(nodes)
    if device.type == "cpu" and _belongs_on_host(nodes, family):
        _run_on_host(nodes, live)
        return
    trace = nodes[0].trace
    live, donated = family.choose(live, donatable(wiring, nodes, live, uses))
    program = family.programs.get((live, donated))
    started = None
    hits = disk_hits()
    if program is None:
        program = family.programs[live, donated] = Program(nodes, wiring, live, sorted(donated))
        family.union |= frozenset(live)
        started = time.perf_counter()
        before_compiling(len(nodes))
    else:
        explain.record.hits += 1
    trace.follow(program.past)
    began = time.perf_counter_ns() if observers else None
    results = []
    try:
        _execute(program, wiring, device, results)
        if wait:
            _wait_for(results)
        _take(results, nodes, program)
    except BaseException:
        if results:  # an interrupt came afterwards, and buffers may have been taken over
            _take(results, nodes, program)
        elif started is not None:
            family.programs.pop((live, donated), None)
        raise
    if started is not None:
        explain.note(program, time.perf_counter() - started, disk_hits() > hits)
    if began is not None:
        tell(program, wiring, device, began, results, started is not None)
    if settings.debug:
        jax.block_until_ready(results)
        raise_errors()


def _belongs_on_host(nodes, family) -> bool:
    """Whether numpy runs nodes: in forked processes, and what has not run often and is cheap."""
    if _forked or settings.executor == "host":
        return True
    if settings.executor == "xla" or family.programs or observers:
        return False
    if family.host_runs is None:
        family.host_runs = runs_worth_compiling(nodes)
    if not family.host_runs:
        return False
    if settings.switches_executor:
        family.host_runs -= 1
    return True


@contextlib.contextmanager
def one_executor():
    """Inside, what runs with numpy stays there: equal computations give equal bits."""
    before, settings.switches_executor = settings.switches_executor, False
    try:
        yield
    finally:
        settings.switches_executor = before


def _run_on_host(nodes, live) -> None:
    def wrong(node, code):
        _unchecked.codes.append(([code], [node.kernel], [node.position]))

    try:
        run_nodes(nodes, live, wrong)
    except BaseException:
        _close([node for node in nodes if node.value is not None])
        raise
    explain.record.on_host += 1
    _close(nodes)


def _execute(program, wiring, device, results) -> None:
    """Put what the program returns into the list `results`."""
    target = jax_device(device)
    if not program.calls and target.platform == "tpu":
        limits.check(program.traced().jaxpr)
    if target is jax.devices()[0]:
        if device is CPU:
            place_leaves(program, wiring)
        program.run(wiring, results)
        return
    with jax.default_device(target):
        program.run(wiring, results)


def _wait_for(results) -> None:
    try:
        jax.block_until_ready(results)
    except Exception:
        results.clear()
        raise


def _take(results, nodes, program) -> None:
    """Give the nodes their values."""
    (values,) = results
    for index, value in zip(program.returned, values, strict=False):
        nodes[index].value = value
    if program.checks:
        kernels = [program.operations[i] for i in program.checks]
        positions = [nodes[i].position for i in program.checks]
        _unchecked.codes.append((values[-1], kernels, positions))
    _close(nodes)


def _located(error, nodes):
    """The error of operations that could not be compiled or run, with the user's lines in it."""
    lines = dict.fromkeys(f"{node.kernel.name} at {line_of(node.position)}" for node in nodes)
    text = f"{error}\nwhile running these operations, recorded earlier:\n  " + "\n  ".join(lines)
    # XLA's word for a device without enough memory
    return OutOfMemoryError(text) if "RESOURCE_EXHAUSTED" in text else RuntimeError(text)


def raise_errors() -> None:
    """Raise the first error that the data of this thread's programs has caused, if any."""
    while _unchecked.codes:
        codes, kernels, positions = _unchecked.codes.pop(0)
        codes = np.asarray(codes)
        if codes.any():
            _unchecked.codes.clear()
            first = int(np.flatnonzero(codes)[0])
            kernel = kernels[first]
            error = kernel.error(int(codes[first]))
            error.add_note(f"jtorch: raised by `{kernel.name}` at {line_of(positions[first])}")
            raise error


def _limit_reached(trace) -> None:
    """Run a trace that has grown long; what is left of a loop's turn stays, so that turns stay whole."""
    if trace.level is not None:
        trace.level.settle()
        return
    with _lock:
        counts = blocks(trace.nodes)
        _run_blocks(trace, counts[:-1] or counts)
