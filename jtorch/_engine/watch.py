"""Told of each program that runs, where somebody wants to know: a profiler."""

import dataclasses
import time

import jax

observers = []  # functions of a Run; while there are any, every program is waited for


@dataclasses.dataclass(frozen=True)
class Run:
    """One run of a program, in nanoseconds of `time.perf_counter_ns`.

    Until `started` XLA has compiled it, where it is `new`, and has been given its arguments; until
    `finished` it has been waited for.
    """

    program: object
    device: object
    began: int
    started: int
    finished: int
    is_new: bool
    input_shapes: tuple
    result_bytes: int


def tell(program, wiring, device, began, results, is_new) -> None:
    """Wait for a program that has been started, and tell the observers."""
    started = time.perf_counter_ns()
    jax.block_until_ready(results)
    finished = time.perf_counter_ns()
    shapes = tuple(leaf.aval.shape for leaf in wiring.leaves if leaf.aval.__class__ is not tuple)
    size = sum(each.nbytes for each in jax.tree.leaves(results))
    run = Run(program, device, began, started, finished, is_new, shapes, size)
    for observer in list(observers):
        observer(run)
