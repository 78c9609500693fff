"""The mt19937 engine of a CPU generator: seeds, raw draws and state bytes, PyTorch's to the bit.

It knows raw 32-bit and 64-bit words and the one normal value that a generator keeps for later; what
is made of them is in the modules beside this one.
"""

import os

import numpy as np

DEFAULT_SEED = 67280421310721
STATE_SIZE = 5056
_WORDS = 624

# The layout of the 5056 state bytes, as `torch.Generator.get_state` writes them.
_STATE = np.dtype(
    {
        "names": ["seed", "left", "seeded", "next", "words", "normal", "has_normal",
                  "float_normal", "has_float_normal"],
        "formats": ["<u8", "<i4", "<i4", "<u8", ("<u8", _WORDS), "<f8", "<i4", "<f4", "u1"],
        "offsets": [0, 8, 12, 16, 24, 5024, 5040, 5048, 5052],
        "itemsize": STATE_SIZE,
    }
)  # fmt: skip


class Engine:
    """One mt19937 stream.

    `next_normal` is the second value of the last Box-Muller pair, or None. `next_float_normal` is
    carried through state bytes only: no CPU operation of PyTorch reads it.
    """

    def __init__(self, seed: int = DEFAULT_SEED):
        self._bits = np.random.MT19937(0)
        self._seeder = np.random.RandomState(self._bits)  # its `seed` is init_genrand on `_bits`
        self.manual_seed(seed)

    def manual_seed(self, seed: int) -> "Engine":
        """Start the stream of `seed`; negative numbers wrap as unsigned 64-bit ones.

        Errors: ValueError if `seed` is outside [-2**63, 2**64).
        """
        if not -(1 << 63) <= seed < 1 << 64:
            raise ValueError("Overflow when unpacking long long")
        self._seed = seed % (1 << 64)
        self._seeder.seed(self._seed % (1 << 32))
        # The state bytes hold the index of the next word. While a block of 624 words is used up it
        # reads 0 (just seeded) or 624 (all drawn); either way the next draw makes a new block.
        self._index_when_used_up = 0
        self.next_normal = None
        self.next_float_normal = None
        return self

    def initial_seed(self) -> int:
        return self._seed

    def seed(self) -> int:
        """Seed from the system's entropy and return the seed."""
        self.manual_seed(int.from_bytes(os.urandom(8), "little"))
        return self._seed

    def draw(self) -> int:
        """The next 32-bit word."""
        self._index_when_used_up = _WORDS
        return self._bits.random_raw()

    def draw32(self, count: int) -> np.ndarray:
        """`count` 32-bit words, each in a uint64."""
        if count:
            self._index_when_used_up = _WORDS
        return self._bits.random_raw(count)

    def draw64(self, count: int) -> np.ndarray:
        """`count` 64-bit words, two draws each, the high half first."""
        halves = self.draw32(2 * count).reshape(count, 2)
        return (halves[:, 0] << np.uint64(32)) | halves[:, 1]

    def mark(self):
        """A place to `rewind` to, for samplers that cannot know what they will consume."""
        return self._bits.state, self._index_when_used_up

    def rewind(self, mark, consumed: int) -> None:
        """Go to `consumed` words past `mark`."""
        self._bits.state, self._index_when_used_up = mark
        self.draw32(consumed)

    def get_state(self) -> np.ndarray:
        """The state as 5056 bytes, those of `torch.Generator.get_state`."""
        record = np.zeros((), _STATE)
        words = self._bits.state["state"]
        index = words["pos"]
        used_up = index == _WORDS
        record["seed"] = self._seed
        record["left"] = 1 if used_up else _WORDS + 1 - index
        record["seeded"] = 1
        record["next"] = self._index_when_used_up if used_up else index
        record["words"] = words["key"]
        if self.next_normal is not None:
            record["normal"], record["has_normal"] = self.next_normal, 1
        if self.next_float_normal is not None:
            record["float_normal"], record["has_float_normal"] = self.next_float_normal, 1
        return np.frombuffer(record.tobytes(), np.uint8).copy()

    def set_state(self, state: np.ndarray) -> None:
        """Take over the bytes that `get_state` or `torch.Generator.get_state` gave.

        Errors: TypeError if `state` is not bytes; RuntimeError if it is not contiguous, has another
        size or is not a state. Bytes in which the number of words left contradicts the index of the
        next one are refused too; torch takes them, but no generator writes them.
        """
        if not isinstance(state, np.ndarray):
            raise TypeError(f"expected a torch.ByteTensor, but got {type(state).__name__}")
        if state.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        if not state.flags.c_contiguous:
            raise RuntimeError("RNG state must be contiguous")
        if state.size != STATE_SIZE:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {STATE_SIZE} but found the input RNG "
                f"state size to be {state.size}"
            )
        record = np.frombuffer(state.tobytes(), _STATE)[0]
        left, index = int(record["left"]), int(record["next"])
        consistent = index <= _WORDS if left == 1 else index == _WORDS + 1 - left
        if not (record["seeded"] and 0 < left <= _WORDS and consistent):
            raise RuntimeError("Invalid mt19937 state")
        self._seed = int(record["seed"])
        self._index_when_used_up = index if left == 1 else _WORDS
        self._bits.state = {
            "bit_generator": "MT19937",
            "state": {
                "key": record["words"].astype(np.uint32),
                "pos": _WORDS if left == 1 else index,
            },
        }
        self.next_normal = float(record["normal"]) if record["has_normal"] else None
        has_float = bool(record["has_float_normal"])
        self.next_float_normal = float(record["float_normal"]) if has_float else None
