"""torch.backends: what PyTorch's libraries are on and off; here XLA does all of their work.

What asks whether a library is there is answered truthfully, that is, mostly no. Flags keep what
they are set to, and where XLA has nothing of the kind they change nothing.
"""

from jtorch._alias import missing_attribute
from jtorch.backends import cpu, cuda, cudnn, mha, mkl, mkldnn, mps, openmp, opt_einsum, quantized

__all__ = [
    "cpu", "cuda", "cudnn", "mha", "mkl", "mkldnn", "mps", "openmp", "opt_einsum", "quantized",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)
