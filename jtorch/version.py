"""torch.version: the release of PyTorch that is followed, and what this is not built with.

Programs compare `torch.__version__` to find out what they may use, so it is the version of PyTorch
whose API this is; the local part says who provides it.
"""

from jtorch._alias import missing_attribute
from jtorch.torch_version import TorchVersion

__all__ = ["__version__", "cuda", "debug", "git_version", "hip", "rocm", "xpu"]

__version__ = TorchVersion("2.13.0+jax")
debug = False
# JAX brings its own CUDA, if any; nothing here is compiled against a version of it.
cuda = hip = rocm = xpu = git_version = None


def __getattr__(name):
    raise missing_attribute(__name__, name)
