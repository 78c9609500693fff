"""torch.cuda.random: the generators of the devices that "cuda" names."""

from jtorch._accelerators import chosen, count
from jtorch._alias import missing_attribute
from jtorch._device import canonical
from jtorch._device import device as Device
from jtorch._generator import generator_for


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _all():
    return [generator_for(canonical(Device("cuda", index))) for index in range(count("cuda"))]


def manual_seed(seed: int) -> None:
    """Seed the current device's generator; nothing without one. Source: torch.cuda.manual_seed."""
    if count("cuda"):
        generator_for(chosen(None, "cuda")).manual_seed(int(seed))


def manual_seed_all(seed: int) -> None:
    """Seed all devices' generators. Source: torch.cuda.manual_seed_all."""
    for each in _all():
        each.manual_seed(int(seed))


def seed() -> None:
    """Seed the current device's generator from the system's entropy. Source: torch.cuda.seed."""
    if count("cuda"):
        generator_for(chosen(None, "cuda")).seed()


def seed_all() -> None:
    """Seed all devices' generators with one number from the system. Source: torch.cuda.seed_all."""
    generators = _all()
    if generators:
        chosen_seed = generators[0].seed()
        for each in generators[1:]:
            each.manual_seed(chosen_seed)


def initial_seed() -> int:
    """The seed of the current device's generator. Source: torch.cuda.initial_seed."""
    return generator_for(chosen(None, "cuda")).initial_seed()


def get_rng_state(device="cuda"):
    """The state of a device's generator, as bytes. Source: torch.cuda.get_rng_state."""
    return generator_for(chosen(device, "cuda")).get_state()


def get_rng_state_all() -> list:
    """The states of all devices' generators. Source: torch.cuda.get_rng_state_all."""
    return [each.get_state() for each in _all()]


def set_rng_state(new_state, device="cuda") -> None:
    """Take over a state. Source: torch.cuda.set_rng_state."""
    generator_for(chosen(device, "cuda")).set_state(new_state)


def set_rng_state_all(new_states) -> None:
    """Take over the states of all devices. Source: torch.cuda.set_rng_state_all."""
    for index, each in enumerate(new_states):
        set_rng_state(each, index)
