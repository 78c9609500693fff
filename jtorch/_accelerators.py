"""What JAX knows of this machine's accelerators: their names, their memory, when they are done."""

import jax

from jtorch._device import (
    accelerator_type,
    canonical,
    current_index,
    device,
    jax_device,
    jax_devices,
)
from jtorch._engine.realize import raise_errors, run_all

NONE_AVAILABLE = "Cannot access accelerator device when none is available."


def count(type) -> int:
    """How many devices of a torch type this machine has."""
    return len(jax_devices(type))


def wait(of) -> None:
    """Run what this thread has recorded, and wait until a device has computed everything."""
    run_all()
    wanted = jax_device(of)
    for array in jax.live_arrays():
        if not array.is_deleted() and wanted in array.devices():
            array.block_until_ready()
    raise_errors()


def chosen(given, type) -> device:
    """The device that an argument (None: the current one, an index, a name, a device) means.

    Errors:  ValueError for a device of another type; those of `canonical` where there is none.
    """
    if given is None or given.__class__ is int:
        index = current_index() if given is None else given
        return canonical(device(type, index))
    wanted = given if given.__class__ is device else device(given)
    if wanted.type != type:
        raise ValueError(f"Expected a {type} device, but got: {wanted}")
    return canonical(wanted)


def memory_of(of) -> dict:
    """JAX's memory statistics of a device.

    Errors:  RuntimeError where JAX keeps none, as for the CPU.
    """
    found = jax_device(of).memory_stats()
    if not found:
        raise RuntimeError(f"jtorch: JAX keeps no memory statistics of {of} ({jax_device(of)})")
    return found


def capability_of(of) -> tuple:
    """The compute capability of a GPU, as a pair.

    Errors:  RuntimeError for devices that have none.
    """
    found = getattr(jax_device(of), "compute_capability", None)
    if found is None:
        raise RuntimeError(f"jtorch: {of} ({jax_device(of)}) has no compute capability")
    major, _, minor = str(found).partition(".")
    return int(major), int(minor or 0)


def required() -> str:
    """The type of the accelerator.

    Errors:  RuntimeError where there is none.
    """
    found = accelerator_type()
    if found is None:
        raise RuntimeError(NONE_AVAILABLE)
    return found
