"""Where storages are: the tags that files have of it, and how a storage gets to where a tag says."""

import re

from jtorch import cpu, cuda, xpu
from jtorch._device import OURS, jax_devices
from jtorch._device import device as Device
from jtorch._ops.protocol import typename
from jtorch._untyped_storage import UntypedStorage

_registry = []  # (priority, tagger, deserializer), by priority


def register_package(priority, tagger, deserializer):
    """Add functions that tag storages, and that bring them to where a tag says.

    Source:  torch.serialization.register_package.
    """
    _registry.append((priority, tagger, deserializer))
    _registry.sort(key=lambda each: each[0])


def location_tag(storage):
    """The tag of where a storage is. Source: torch.serialization.location_tag."""
    for _, tagger, _ in _registry:
        location = tagger(storage)
        if location:
            return location
    raise RuntimeError("don't know how to determine data location of " + typename(storage))


def default_restore_location(storage, location):
    """The storage, at the place of a tag.

    Errors:  RuntimeError for a tag that nobody knows, or a device that is not there.
    Source:  torch.serialization.default_restore_location.
    """
    for _, _, deserializer in _registry:
        result = deserializer(storage, location)
        if result is not None:
            return result
    raise RuntimeError(
        "don't know how to restore data location of "
        + typename(storage)
        + " (tagged with "
        + location
        + ")"
    )


def restoring(map_location):
    """The function of a storage and its tag that a `map_location` stands for."""
    if map_location is None:
        return default_restore_location
    if isinstance(map_location, dict):

        def restore(storage, location):
            return default_restore_location(storage, map_location.get(location, location))

    elif isinstance(map_location, (str, bytes, Device)):
        place = map_location if isinstance(map_location, bytes) else str(map_location)

        def restore(storage, location):
            return default_restore_location(storage, place)

    else:

        def restore(storage, location):
            result = map_location(storage, location)
            return default_restore_location(storage, location) if result is None else result

    return restore


def is_meta(map_location):
    """Whether a `map_location` is the meta device, to which nothing needs to be read."""
    return map_location == "meta" or (
        isinstance(map_location, Device) and map_location.type == "meta"
    )


_MODULES = {"cpu": cpu, "cuda": cuda, "xpu": xpu}


def _validated(location, kind):
    """The device of a tag. Errors: RuntimeError, in torch's words, if it is not there."""
    advice = (
        "If you are running on a CPU-only machine, please use torch.load with "
        "map_location=torch.device('cpu') to map your storages to the CPU."
    )
    module = _MODULES.get(kind)
    if module is None:
        raise RuntimeError(f"The {kind.upper()} device module is not registered. {advice}")
    device = Device(location)
    if not module.is_available():
        raise RuntimeError(
            f"Attempting to deserialize object on a {kind.upper()} device but "
            f"torch.{kind}.is_available() is False. {advice}"
        )
    index = device.index or 0
    if index >= module.device_count():
        raise RuntimeError(
            f"Attempting to deserialize object on {kind.upper()} device {index} but "
            f"torch.{kind}.device_count() is {module.device_count()}. Please use torch.load with "
            "map_location to map your storages to an existing device."
        )
    return device


def validate_cuda_device(location):
    """The index of a CUDA device that must be there. Source: torch.serialization."""
    device = _validated(location, "cuda")
    return cuda.current_device() if device.index is None else device.index


def validate_hpu_device(location):
    """The index of an HPU, of which there is none. Source: torch.serialization."""
    return _validated(location, "hpu").index


def _tag(kind):
    def tag(storage):
        device = storage.device
        if device.type != kind:
            return None
        indexed = device.index is not None and kind not in ("cpu", "mps", "meta")
        return f"{kind}:{device.index}" if indexed else kind

    return tag


def _deserializer(kind):
    pattern = re.compile(f"{kind}(:|[0-9]+)")

    def deserialize(storage, location):
        if location == kind or pattern.match(location):
            return storage.to(device=_validated(location, kind))
        return None

    return deserialize


def _stay(storage, location):
    return storage if location == "cpu" else None


def _to_mps(storage, location):
    return storage.to(device="mps") if location.startswith("mps") else None


def _to_meta(storage, location):
    return UntypedStorage(storage.nbytes(), device="meta") if location == "meta" else None


def _to_ours(storage, location):
    known = location.partition(":")[0] == OURS and jax_devices(OURS)
    return storage.to(device=location) if known else None


register_package(10, _tag("cpu"), _stay)
register_package(20, _tag("cuda"), _deserializer("cuda"))
register_package(21, _tag("mps"), _to_mps)
register_package(22, _tag("meta"), _to_meta)
register_package(24, _tag("hpu"), _deserializer("hpu"))
register_package(25, _tag("xpu"), _deserializer("xpu"))
register_package(26, _tag("mtia"), _deserializer("mtia"))
register_package(27, _tag(OURS), _to_ours)
