"""The process in which programs are compiled for TPU: where the compiler is, and what it must be told.

The compiler is the shared library of the package `libtpu`. `scripts/setup test` puts it into a folder
of its own: where it can be imported, JAX takes the machine for one with a TPU. Nothing here imports
JAX or jtorch.
"""

import importlib.metadata
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
FOLDER = ROOT / ".venv" / "tpu-compiler"
DEVICES = 2  # virtual devices of the CPU besides the first one: they stand for accelerators

# One chip of each kind, and the topology it is taken from.
TARGETS = {"v5e": "v5e:2x2", "v6e": "v6e:2x2", "v5p": "v5p:2x2x1"}
CUDA = "cuda"  # for which programs are lowered, and not compiled


def library() -> pathlib.Path | None:
    """The compiler, if it is here."""
    given = os.environ.get("TPU_LIBRARY_PATH")
    path = pathlib.Path(given) if given else FOLDER / "libtpu" / "libtpu.so"
    return path if path.is_file() else None


def has_wheel() -> bool:
    """Whether there is a compiler for a machine like this one."""
    return sys.platform == "linux" and platform.machine() == "x86_64"


def why_not() -> str:
    """Why nothing can be compiled for TPU here; empty if it can."""
    if library() is not None:
        return ""
    if has_wheel():
        return "the compiler for TPU is not installed; `scripts/setup test` installs it"
    return f"there is no package libtpu for {sys.platform} on {platform.machine()}"


def versions() -> dict:
    """What compiles: jax, jaxlib, and libtpu as its folder says."""
    found = library()
    said = sorted(found.parent.parent.glob("libtpu-*.dist-info")) if found else []
    return {
        "jax": importlib.metadata.version("jax"),
        "jaxlib": importlib.metadata.version("jaxlib"),
        "libtpu": said[0].name.removeprefix("libtpu-").removesuffix(".dist-info") if said else "?",
    }


def variables(executor="host") -> dict:
    """The environment of a process that records programs as on an accelerator, and compiles them."""
    found = library()
    return {
        **os.environ,
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={DEVICES + 1}",
        "JTORCH_CUDA_IS": "cpu",
        "JTORCH_EXECUTOR": executor,
        "JTORCH_CHECK_RULES": "0",
        "JTORCH_CACHE_DIR": "",  # what is compiled for another machine cannot be read back here
        "TPU_LIBRARY_PATH": str(found or ""),
        # No metadata server is asked, no other process kept away, no log written.
        "TPU_SKIP_MDS_QUERY": "1",
        "TPU_ACCELERATOR_TYPE": "v5litepod-4",
        "TPU_WORKER_HOSTNAMES": "localhost",
        "TPU_WORKER_ID": "0",
        "ALLOW_MULTIPLE_LIBTPU_LOAD": "1",
        "TPU_LOG_DIR": "disabled",
        "TPU_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE.parent)]),
        "PYTHONIOENCODING": "utf-8",
    }


def python(*arguments, stderr, executor="host", **options):
    """Start `python ARGUMENTS` as such a process; its input and output are text.

    Errors:  FileNotFoundError where there is no compiler.
    """
    if why_not():
        raise FileNotFoundError(why_not())
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        env=variables(executor),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
        **options,
    )
