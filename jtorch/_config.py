"""Settings of the process, each read from the environment in this one place.

JTORCH_DEBUG=1              run every operation at once, and wait for it
JTORCH_DEFAULT_DEVICE=NAME  device of tensors created without `device=`
JTORCH_CACHE_DIR=PATH       where compiled programs are kept between runs; empty: nowhere
JTORCH_CACHE_MB=N           how much room they may take there (512)
JTORCH_TRACE_LIMIT=N        operations recorded before a trace runs without being asked
JTORCH_CHECK_RULES=1        compare each written shape and dtype rule with what JAX infers
JTORCH_EXECUTOR=host|xla    who computes on the CPU: numpy (as in forked processes), or always XLA
JTORCH_CUDA_IS=tpu|cpu      what the name `cuda` stands for where JAX has no GPU
"""

import os


def _cache_dir() -> str:
    given = os.environ.get("JTORCH_CACHE_DIR")
    if given is not None:
        return given
    root = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    # a user without a home has no place to keep anything
    return "" if root.startswith("~") else os.path.join(root, "jtorch")


class Settings:
    """Mutable settings; tests and users set attributes on the one instance, `settings`."""

    def __init__(self):
        self.debug = os.environ.get("JTORCH_DEBUG", "0") not in ("", "0")
        self.default_device = os.environ.get("JTORCH_DEFAULT_DEVICE") or None
        self.cache_dir = _cache_dir()
        self.cache_bytes = int(os.environ.get("JTORCH_CACHE_MB", "512")) << 20
        # Long enough for a training step, short enough that XLA compiles the trace in seconds.
        self.trace_limit = int(os.environ.get("JTORCH_TRACE_LIMIT", "4096"))
        # More operations than these are cut where they repeat themselves: see `_engine.blocks`.
        self.block_size = 1024
        # Programs kept in memory, 1 MB each, or 9 of a thousand operations: shapes that never end do not
        # fill it.
        self.program_limit = 1024
        # Donating a small buffer saves nothing, and each donation mask is a program of its own.
        self.donate_bytes = 1 << 16
        self.check_rules = os.environ.get("JTORCH_CHECK_RULES", "0") not in ("", "0")
        self.executor = os.environ.get("JTORCH_EXECUTOR") or "auto"
        # Whether what numpy has run for a while is compiled: not where bits are compared.
        self.switches_executor = True
        self.cuda_is = os.environ.get("JTORCH_CUDA_IS") or None


settings = Settings()
