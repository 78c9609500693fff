"""torch.Generator: a stream of random numbers, and the state of it.

On the CPU the stream is PyTorch's mt19937, drawn on the host at the moment of the call. On other
devices numbers are made inside the program from a key: (seed, offset). The key is data of the
program, never part of it, and every call moves the offset on.
"""

import numpy as np

from jtorch import _dtypes
from jtorch._device import CPU, resolve
from jtorch._device import device as torch_device
from jtorch._engine.node import leaf
from jtorch._engine.symbolic import current_level
from jtorch._errors import not_provided
from jtorch._meta import Meta
from jtorch._random.engine import DEFAULT_SEED, Engine
from jtorch._tensor import Tensor, from_node


class Generator:
    """A source of random numbers for one device.

    Errors:  RuntimeError for an unknown device.
    Source:  torch.Generator.
    """

    __module__ = "torch"

    def __init__(self, device="cpu"):
        self.device = _generator_device(device)
        self._engine = Engine() if self.device is CPU else CounterEngine()

    def manual_seed(self, seed) -> "Generator":
        """Start the stream of `seed`; returns the generator."""
        if not isinstance(seed, (int, np.integer)):
            raise RuntimeError(f"manual_seed expected a long, but got {type(seed).__name__}")
        self._engine.manual_seed(int(seed))
        return self

    def initial_seed(self) -> int:
        return self._engine.initial_seed()

    def seed(self) -> int:
        """Seed from the system's entropy, and return the seed."""
        return self._engine.seed()

    def get_state(self) -> Tensor:
        """The state as a tensor of bytes; on the CPU, the bytes that PyTorch writes."""
        state = self._engine.get_state()
        return from_node(
            leaf(state, Meta(state.shape, _dtypes.uint8).aval), Meta(state.shape, _dtypes.uint8)
        )

    def set_state(self, new_state) -> "Generator":
        """Take over a state; on the CPU, PyTorch's bytes are understood."""
        if not isinstance(new_state, Tensor):
            raise TypeError(f"expected a torch.ByteTensor, but got {type(new_state).__name__}")
        if new_state.dtype is not _dtypes.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        self._engine.set_state(np.array(new_state._host()))
        return self

    def clone_state(self) -> "Generator":
        """A new generator that continues from the same place."""
        other = Generator(self.device)
        other._engine.set_state(self._engine.get_state())
        return other

    def __reduce__(self):
        return _restored, (self.device, self._engine.get_state())

    def __setstate__(self, state):
        """Take over what torch's pickles hold: the seed, an offset, and the state."""
        _, _, content = state
        self.set_state(content)


def _restored(device, state):
    generator = Generator(device)
    generator._engine.set_state(state)
    return generator


def _generator_device(given):
    wanted = given if given.__class__ is torch_device else torch_device(given)
    return CPU if wanted.type == "cpu" else resolve(wanted)


class CounterEngine:
    """The key of a counter-based generator: a seed, and how many calls have drawn from it."""

    def __init__(self):
        self.manual_seed(DEFAULT_SEED)

    def manual_seed(self, seed):
        self._seed = seed % (1 << 64)
        self._offset = 0

    def initial_seed(self):
        return self._seed

    def seed(self):
        self.manual_seed(Engine().seed())
        return self._seed

    def next_key(self):
        """(seed, offset) of the next call, as two signed 64-bit integers."""
        self._offset += 1
        seed = self._seed
        return (seed if seed < 1 << 63 else seed - (1 << 64)), self._offset

    def host_engine(self):
        """An mt19937 stream for a call that draws on the host; another one for each call."""
        seed, offset = self.next_key()
        return Engine((seed + (offset << 32)) % (1 << 64))

    def get_state(self):
        return np.array([self._seed, self._offset], np.uint64).view(np.uint8)

    def set_state(self, state):
        if state.size != 16:
            raise RuntimeError("RNG state is wrong size")
        self._seed, self._offset = map(int, state.view(np.uint64))


default_generator = Generator()
default_generator.seed()  # torch begins with another stream in each process
_device_generators = {}


def generator_for(device, given=None, for_each=False):
    """The generator a call on `device` draws from; RuntimeError where `given` is of another one.

    Inside `vmap` it depends on its `randomness` whether anything may be drawn; `for_each` says that the
    caller can draw for each of a batch (see `batch_to_draw_for`).
    """
    level = current_level()
    if level is not None and level.randomness != "same":
        if level.randomness == "error":
            raise RuntimeError(
                "vmap: called random operation while in randomness error mode. Please either use the "
                "'same' or 'different' randomness flags on vmap or perform the randomness operation "
                "out of vmap"
            )
        if not for_each:
            raise not_provided("this kind of random numbers, for each of a batch, inside vmap")
    if given is not None:
        if given.device != device:
            raise RuntimeError(
                f"Expected a '{device.type}' device type for generator but found "
                f"'{given.device.type}'"
            )
        return given
    if device is CPU or device.type == "meta":
        return default_generator
    found = _device_generators.get(device)
    if found is None:
        found = _device_generators[device] = Generator(device)
        found.manual_seed(default_generator.initial_seed())
    return found


def batch_to_draw_for():
    """The level of `vmap` for each of whose batch numbers are to be drawn, or None."""
    level = current_level()
    return level if level is not None and level.randomness == "different" else None


def device_generators() -> dict:
    """The generators that exist, by device."""
    return {CPU: default_generator, **_device_generators}


def manual_seed(seed) -> Generator:
    """Seed the generators of all devices; returns the CPU's. Source: torch.manual_seed."""
    seed = int(seed)
    for each in (default_generator, *_device_generators.values()):
        each.manual_seed(seed)
    return default_generator


def seed() -> int:
    """Seed from the system's entropy, and return the seed. Source: torch.seed."""
    value = default_generator.seed()
    for each in _device_generators.values():
        each.manual_seed(value)
    return value


def initial_seed() -> int:
    """The seed of the CPU's generator. Source: torch.initial_seed."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """The state of the CPU's generator as a tensor of bytes. Source: torch.get_rng_state."""
    return default_generator.get_state()


def set_rng_state(new_state) -> None:
    """Set the state of the CPU's generator. Source: torch.set_rng_state."""
    default_generator.set_state(new_state)
