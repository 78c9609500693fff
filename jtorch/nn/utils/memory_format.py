"""The weights of convolutions in another order of memory."""

from jtorch._alias import missing_attribute
from jtorch.nn.modules.conv import Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d

__all__ = ["convert_conv2d_weight_memory_format", "convert_conv3d_weight_memory_format"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def convert_conv2d_weight_memory_format(module, memory_format):
    """Bring the weights of all two-dimensional convolutions of a module into an order of memory.

    Source:  torch.nn.utils.convert_conv2d_weight_memory_format.
    """
    return _converted(module, memory_format, (Conv2d, ConvTranspose2d))


def convert_conv3d_weight_memory_format(module, memory_format):
    """The same for those of three dimensions. Source: torch.nn.utils."""
    return _converted(module, memory_format, (Conv3d, ConvTranspose3d))


def _converted(module, memory_format, kinds):
    if isinstance(module, kinds):
        data = module.weight.detach().clone(memory_format=memory_format)
        module.weight.data = data.resize_(data.size(), memory_format=memory_format)
    for each in module.children():
        _converted(each, memory_format, kinds)
    return module
