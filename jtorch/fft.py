"""`torch.fft`: discrete Fourier transforms under torch's names. The operations stand in `_ops`."""

from jtorch._alias import missing_attribute
from jtorch._ops.frequencies import fft_fftfreq as fftfreq
from jtorch._ops.frequencies import fft_fftshift as fftshift
from jtorch._ops.frequencies import fft_ifftshift as ifftshift
from jtorch._ops.frequencies import fft_rfftfreq as rfftfreq
from jtorch._ops.transforms import fft_fft as fft
from jtorch._ops.transforms import fft_fft2 as fft2
from jtorch._ops.transforms import fft_fftn as fftn
from jtorch._ops.transforms import fft_hfft as hfft
from jtorch._ops.transforms import fft_hfft2 as hfft2  # noqa: F401 - torch lists it nowhere
from jtorch._ops.transforms import fft_hfftn as hfftn  # noqa: F401 - torch lists it nowhere
from jtorch._ops.transforms import fft_ifft as ifft
from jtorch._ops.transforms import fft_ifft2 as ifft2
from jtorch._ops.transforms import fft_ifftn as ifftn
from jtorch._ops.transforms import fft_ihfft as ihfft
from jtorch._ops.transforms import fft_ihfft2 as ihfft2  # noqa: F401 - torch lists it nowhere
from jtorch._ops.transforms import fft_ihfftn as ihfftn  # noqa: F401 - torch lists it nowhere
from jtorch._ops.transforms import fft_irfft as irfft
from jtorch._ops.transforms import fft_irfft2 as irfft2
from jtorch._ops.transforms import fft_irfftn as irfftn
from jtorch._ops.transforms import fft_rfft as rfft
from jtorch._ops.transforms import fft_rfft2 as rfft2
from jtorch._ops.transforms import fft_rfftn as rfftn
from jtorch._tensor import Tensor

__all__ = [
    "Tensor",
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
]


def __getattr__(name):
    raise missing_attribute(__name__, name)
