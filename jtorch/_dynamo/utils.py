"""torch._dynamo.utils: the name of it that torchvision asks for."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_compile_supported(device_type) -> bool:
    """Whether torch.compile works for a device: it does nothing anywhere."""
    return True
