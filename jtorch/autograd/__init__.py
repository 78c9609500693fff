"""torch.autograd: gradients through a graph that is recorded as the program runs."""

from jtorch._autograd.anomaly import detect_anomaly, set_detect_anomaly
from jtorch._autograd.modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from jtorch._ops.backward import backward, grad
from jtorch._tensor import Tensor as Variable

__all__ = [
    "Variable",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "grad",
    "inference_mode",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]
