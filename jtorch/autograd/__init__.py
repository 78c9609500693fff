"""torch.autograd: gradients through a graph that is recorded as the program runs."""

from jtorch._autograd.anomaly import detect_anomaly, set_detect_anomaly
from jtorch._autograd.modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from jtorch._ops.backward import backward, grad
from jtorch.autograd import (
    anomaly_mode,
    forward_ad,
    function,
    functional,
    grad_mode,
    graph,
    profiler,
    profiler_util,
    variable,
)
from jtorch.autograd.function import Function
from jtorch.autograd.grad_mode import is_multithreading_enabled, set_multithreading_enabled
from jtorch.autograd.gradcheck import gradcheck, gradgradcheck
from jtorch.autograd.variable import Variable

__all__ = [
    "Function",
    "Variable",
    "anomaly_mode",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "forward_ad",
    "function",
    "functional",
    "grad",
    "grad_mode",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "inference_mode",
    "is_multithreading_enabled",
    "no_grad",
    "profiler",
    "profiler_util",
    "set_detect_anomaly",
    "set_grad_enabled",
    "set_multithreading_enabled",
    "variable",
]
