"""Parameters as one vector, and back."""

from jtorch._alias import missing_attribute
from jtorch._ops.join import cat
from jtorch._ops.protocol import typename
from jtorch._tensor import Tensor

__all__ = ["parameters_to_vector", "vector_to_parameters"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def parameters_to_vector(parameters):
    """All elements of the parameters, one after the other.

    Errors:  TypeError for parameters on different devices.
    Source:  torch.nn.utils.parameters_to_vector.
    """
    parameters = list(parameters)
    _refuse_devices(parameters)
    return cat([each.view(-1) for each in parameters])


def vector_to_parameters(vec, parameters):
    """Give parameters the elements of a vector: windows onto its memory.

    Errors:  TypeError for what is no tensor, and for parameters on different devices.
    Source:  torch.nn.utils.vector_to_parameters.
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {typename(vec)}")
    parameters = list(parameters)
    _refuse_devices(parameters)
    start = 0
    for each in parameters:
        end = start + each.numel()
        each.data = vec[start:end].view_as(each).data
        start = end


def _refuse_devices(parameters):
    places = {each.get_device() if each.device.type == "cuda" else -1 for each in parameters}
    if len(places) > 1:
        raise TypeError(
            "Found two parameters on different devices, this is currently not supported."
        )
