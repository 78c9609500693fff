"""A generator of PyTorch beside an engine of ours: what both draw is compared bit for bit."""

import struct
import warnings

import ml_dtypes
import numpy as np
import pytest
import torch

from jtorch._random.engine import Engine

# PyTorch's code for processors without AVX2 rounds differently.
needs_avx2 = pytest.mark.skipif(
    torch.backends.cpu.get_cpu_capability() == "DEFAULT",
    reason="PyTorch without AVX2 computes other last bits",
)

SIZES = (0, 1, 2, 15, 16, 17, 31, 100, 1000)
LARGE = 100_003
INF, NAN = float("inf"), float("nan")

NUMPY = {
    torch.float32: np.dtype(np.float32),
    torch.float64: np.dtype(np.float64),
    torch.float16: np.dtype(np.float16),
    torch.bfloat16: np.dtype(ml_dtypes.bfloat16),
    torch.complex64: np.dtype(np.complex64),
    torch.complex128: np.dtype(np.complex128),
    torch.bool: np.dtype(np.bool_),
    torch.uint8: np.dtype(np.uint8),
    torch.int8: np.dtype(np.int8),
    torch.int16: np.dtype(np.int16),
    torch.int32: np.dtype(np.int32),
    torch.int64: np.dtype(np.int64),
    torch.uint16: np.dtype(np.uint16),
    torch.uint32: np.dtype(np.uint32),
    torch.uint64: np.dtype(np.uint64),
    torch.float8_e5m2: np.dtype(ml_dtypes.float8_e5m2),
}
FLOATS = list(NUMPY)[:4]
INEXACT = list(NUMPY)[:6]
EVERY = list(NUMPY)

every_dtype = pytest.mark.parametrize("dtype", EVERY, ids=str)
inexact_dtype = pytest.mark.parametrize("dtype", INEXACT, ids=str)
float_dtype = pytest.mark.parametrize("dtype", FLOATS, ids=str)


def to_numpy(tensor):
    tensor = tensor.contiguous()
    if tensor.dtype in (torch.bfloat16, torch.float8_e5m2):
        bits = {2: torch.int16, 1: torch.int8}[tensor.itemsize]
        return tensor.view(bits).numpy().view(NUMPY[tensor.dtype])
    return tensor.numpy()


class Twins:
    """A generator of PyTorch and an engine of ours in one state."""

    def __init__(self, seed=0):
        self.torch, self.ours = torch.Generator().manual_seed(seed), Engine(seed)

    def force(self, words):
        """Put both where they will draw these 32-bit words next."""
        state = bytearray(torch.Generator().manual_seed(1).get_state().numpy().tobytes())
        struct.pack_into("<iiQ", state, 8, 624, 1, 1)
        for place, word in enumerate(words, 1):
            struct.pack_into("<Q", state, 24 + 8 * place, untempered(word))
        self.torch.set_state(torch.frombuffer(state, dtype=torch.uint8).clone())
        self.ours.set_state(np.frombuffer(bytes(state), np.uint8))

    def same(self, theirs, ours, *case):
        """Both calls draw the same bits, or raise and warn the same, and leave one state."""
        theirs, ours = outcome(lambda: to_numpy(theirs())), outcome(ours)

        assert theirs == ours, case
        assert self.torch.get_state().numpy().tobytes() == self.ours.get_state().tobytes(), case


def outcome(call):
    """What a call gives, in a form that compares bit for bit; any NaN is as good as another."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            array = call()
        except Exception as error:
            return type(error), str(error)
    messages = [str(each.message).split(" (Triggered")[0] for each in caught]
    array = np.ascontiguousarray(array)
    if array.dtype.kind in "fcV":
        kind = np.complex128 if array.dtype.kind == "c" else np.float64
        with np.errstate(all="ignore"):
            array = np.where(np.isnan(array.astype(kind)), array.dtype.type(NAN), array)
    return array.shape, array.dtype, array.tobytes(), messages


def untempered(word):
    """The state word from which mt19937 makes this output."""
    word ^= word >> 18
    word ^= (word << 15) & 0xEFC60000
    value = word
    for _ in range(5):
        value = word ^ ((value << 7) & 0x9D2C5680)
    word = value & 0xFFFFFFFF
    value = word
    for _ in range(3):
        value = word ^ (value >> 11)
    return value
