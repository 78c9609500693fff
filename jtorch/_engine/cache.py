"""Compiled programs kept on disk, by JAX's own persistent cache, so that a second run compiles nothing."""

import atexit
import errno
import os
import pathlib
import warnings

import jax

from jtorch._config import settings


def keep_programs() -> None:
    """Turn the cache on in our folder, unless the user has named one for JAX, or wants none."""
    if not settings.cache_dir or jax.config.jax_compilation_cache_dir is not None:
        return
    try:
        os.makedirs(settings.cache_dir, exist_ok=True)
        if not os.access(settings.cache_dir, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), settings.cache_dir)
    except OSError as error:  # JAX would warn again with each program
        warnings.warn(
            f"jtorch keeps no compiled programs for later runs: {error}. "
            "JTORCH_CACHE_DIR names another folder; empty, it asks for none.",
            stacklevel=2,
        )
        return
    atexit.register(prune, pathlib.Path(settings.cache_dir), settings.cache_bytes)
    jax.config.update("jax_compilation_cache_dir", settings.cache_dir)
    # Most of our programs compile in less than JAX's threshold of a second.
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)


class _Hits:
    count = 0


def _listen(event, **_):
    if event == "/jax/compilation_cache/cache_hits":
        _Hits.count += 1


class _Compilations:
    count = 0


def _listen_to_durations(event, seconds, **_):
    if event == "/jax/core/compile/backend_compile_duration":
        _Compilations.count += 1


jax.monitoring.register_event_listener(_listen)
jax.monitoring.register_event_duration_secs_listener(_listen_to_durations)


def disk_hits() -> int:
    """How many programs this process has read from the disk instead of compiling them."""
    return _Hits.count


def xla_compilations() -> int:
    """How often JAX has had anything compiled, or read from the disk: a program should be it once."""
    return _Compilations.count


def prune(folder, allowed) -> None:
    """Delete the programs that were used longest ago until the folder is within its size."""
    files = []
    for path in folder.glob("*-cache"):
        try:
            stat = path.stat()
        except FileNotFoundError:  # another process prunes too
            continue
        files.append((max(stat.st_atime, stat.st_mtime), stat.st_size, path))
    excess = sum(size for _, size, _ in files) - allowed
    for _, size, path in sorted(files, key=lambda each: each[0]):
        if excess <= 0:
            return
        path.unlink(missing_ok=True)
        excess -= size
