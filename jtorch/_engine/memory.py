"""Memory that is free goes back to the system where the C library would keep it: around compilations.

glibc keeps what was freed for later use by the same thread, and nearly all that compiling takes is
freed by threads that only compile, as what numpy needed before is by one that has no further use for it.
It takes 2 to 50 ms, so it is not for programs that are compiled in less than that.
"""

import ctypes

import jax

_MANY = 64  # operations


def _of_c_library():
    """glibc's `malloc_trim`; None where the C library has none."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library; no way to ask for it
        return None


_trim = _of_c_library()


class _Compiling:
    """Whether a big program is to be compiled next."""

    big = False


def before_compiling(count) -> None:
    """Give back what is free now, and again after compiling so many operations, if they are many."""
    if _trim is not None and count >= _MANY:
        _Compiling.big = True
        _trim(0)


def _listen(event, _, **__):
    if _Compiling.big and event == "/jax/core/compile/backend_compile_duration":
        _Compiling.big = False
        _trim(0)  # before the program runs for the first time, when it needs memory of its own


jax.monitoring.register_event_duration_secs_listener(_listen)
