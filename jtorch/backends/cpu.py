"""torch.backends.cpu: what the processor can do."""

from numpy._core._multiarray_umath import __cpu_features__ as _features

from jtorch._alias import missing_attribute

__all__ = ["get_cpu_capability"]

# What numpy calls these, since version 2.4 and before.
_LEVELS = {"AVX512": ("X86_V4", "AVX512_SKX"), "AVX2": ("X86_V3", "AVX2")}


def __getattr__(name):
    raise missing_attribute(__name__, name)


def get_cpu_capability() -> str:
    """The widest instructions here that PyTorch knows: "AVX512", "AVX2" or "DEFAULT".

    Libraries ask in order to take the ways that are fast with them. XLA chooses its own.

    Source:  torch.backends.cpu.get_cpu_capability.
    """
    for level, names in _LEVELS.items():
        if any(_features.get(each) for each in names):
            return level
    return "DEFAULT"
