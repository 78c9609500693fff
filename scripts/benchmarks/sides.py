"""The sides of a comparison, and how each makes the step function of a case."""

import importlib
import importlib.util
import os
import pathlib
import shutil

from benchmarks.workloads import workload

TORCH, COMPILED, JAX, JTORCH = "torch", "torch.compile", "jax.jit", "jtorch"
ORDER = (TORCH, COMPILED, JAX, JTORCH)
JITTED = pathlib.Path(__file__).parent / "jitted"


def unavailable(side, name):
    """Why this side cannot run the workload here, in words; None where it can."""
    if side in (TORCH, COMPILED) and importlib.util.find_spec("torch") is None:
        return "PyTorch is not installed"
    if side == COMPILED and shutil.which(os.environ.get("CXX", "g++")) is None:
        return "there is no C++ compiler"
    if side == JAX and not (JITTED / f"{name}.py").exists():
        return "no program for jax.jit"
    return None


def torch_module(side):
    """The module that stands for `torch` on this side, using every core."""
    if side == JTORCH:
        return importlib.import_module("jtorch")
    torch = importlib.import_module("torch")
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    return torch


def unchanged(function):
    return function


def finish_function(side):
    """The function that waits for what steps have started; `jax.jit` has one program a step."""
    return (lambda: None) if side == JAX else torch_module(side).cpu.synchronize


def step_function(side, name, sizes, start):
    """The function that makes one step; `start()` gives what a program for JAX starts from."""
    if side == JAX:
        return importlib.import_module(f"benchmarks.jitted.{name}").jitted(start(), **sizes)
    torch = torch_module(side)
    compiled = torch.compile if side == COMPILED else unchanged
    return workload(name).program(torch, compiled, **sizes)[0]
