"""torch.random: the generators of all devices as one."""

import contextlib

from jtorch._alias import missing_attribute
from jtorch._generator import (
    default_generator,
    device_generators,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)

__all__ = [
    "default_generator",
    "fork_rng",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "seed",
    "set_rng_state",
    "thread_safe_generator",
]


@contextlib.contextmanager
def fork_rng(devices=None, enabled=True, device_type="cuda"):
    """Whatever is drawn inside, the streams go on outside from where they were.

    `devices` are indices of devices of `device_type` whose streams are kept too; None: all of them.
    Source: torch.random.fork_rng.
    """
    if not enabled:
        yield
        return
    kept = [
        (generator, generator.get_state())
        for device, generator in device_generators().items()
        if device.type == "cpu" or devices is None or (device.index or 0) in set(map(int, devices))
    ]
    try:
        yield
    finally:
        for generator, state in kept:
            generator.set_state(state)


def thread_safe_generator():
    """The generator of a data loader's worker thread; None outside of one."""
    return


def __getattr__(name):
    raise missing_attribute(__name__, name)
