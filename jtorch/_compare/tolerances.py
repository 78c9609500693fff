"""How far two results may lie apart and still be the same: the one table, by dtype.

The tests and `jtorch compare` both read it; it knows numpy arrays and no tensors.
"""

import numpy as np

# Relative and absolute tolerance by dtype; whatever is not listed (bool, integers, float8, text) is
# compared exactly.  float32 and the 16-bit floats use the figures torch's own test helper has,
# 64-bit types less: both sides compute in double precision and differ in the last bits only.  A
# Python float usually is the `item()` of a float32 tensor and is held to that.
TOLERANCES = {
    "torch.float16": (1e-3, 1e-5),
    "torch.bfloat16": (1.6e-2, 1e-5),
    "torch.float32": (1.3e-6, 1e-5),
    "torch.float64": (1e-10, 1e-12),
    "torch.complex64": (1.3e-6, 1e-5),
    "torch.complex128": (1e-10, 1e-12),
    "float": (1.3e-6, 1e-5),
    "complex": (1.3e-6, 1e-5),
    "numpy.float32": (1.3e-6, 1e-5),
    "numpy.float64": (1e-10, 1e-12),
    "numpy.complex64": (1.3e-6, 1e-5),
    "numpy.complex128": (1e-10, 1e-12),
}


def close(got, want, limits):
    """Elementwise: equal, both NaN, or within `limits`, a (relative, absolute) pair or None."""
    if got.dtype.kind not in "fc" or want.dtype.kind not in "fc":
        return np.equal(got, want)
    if got.dtype.kind == "c" or want.dtype.kind == "c":
        got, want = got.astype(np.complex128), want.astype(np.complex128)
        finite = np.isfinite(got) & np.isfinite(want)
        parts = close(got.real, want.real, None) & close(got.imag, want.imag, None)
    else:
        finite = np.isfinite(got) & np.isfinite(want)
        parts = np.equal(got, want) | (np.isnan(got) & np.isnan(want))
    if limits is None:
        return parts
    relative, absolute = limits
    left, right = np.where(finite, got, 0), np.where(finite, want, 0)
    return np.where(finite, abs(left - right) <= absolute + relative * abs(right), parts)
