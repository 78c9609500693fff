"""torch.autograd: gradients through a graph that is recorded as the program runs."""

from jtorch._autograd.anomaly import detect_anomaly, set_detect_anomaly
from jtorch._autograd.modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from jtorch._ops.backward import backward, grad
from jtorch._tensor import Tensor as Variable
from jtorch.autograd import forward_ad, function, functional, graph
from jtorch.autograd.function import Function
from jtorch.autograd.gradcheck import gradcheck, gradgradcheck

__all__ = [
    "Function",
    "Variable",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "forward_ad",
    "function",
    "functional",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "inference_mode",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]
