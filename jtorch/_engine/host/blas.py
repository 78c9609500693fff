"""numpy's BLAS in one thread, for as long as nodes are run.

Its threads wait for one another without sleeping. Where anything else runs, a product that takes
0.1 ms then takes 20: until the operating system lets go of who waits. What is large enough for
several threads is XLA's soon.
"""

import contextlib
import ctypes
import functools
import pathlib

import numpy as np

_PREFIXES = ("scipy_openblas", "openblas")
_SUFFIXES = ("64_", "")


@functools.cache
def _switches():
    """(function that gives the number of threads, one that sets it), or None: another BLAS."""
    folder = pathlib.Path(np.__file__).parent.parent / "numpy.libs"
    for path in folder.glob("*openblas*"):
        library = ctypes.CDLL(str(path))  # the one that numpy has loaded
        for prefix in _PREFIXES:
            for suffix in _SUFFIXES:
                names = [f"{prefix}_{verb}_num_threads{suffix}" for verb in ("get", "set")]
                if all(hasattr(library, name) for name in names):
                    return tuple([getattr(library, name) for name in names])
    return None


@contextlib.contextmanager
def one_thread():
    """Inside, numpy's products of matrices use one thread, where numpy has OpenBLAS."""
    switches = _switches()
    before = 1 if switches is None else switches[0]()
    if before == 1:
        yield
        return
    switches[1](1)
    try:
        yield
    finally:
        switches[1](before)
