"""torch.profiler: what ran, and how long. See `torch.autograd.profiler` for what the events are."""

from jtorch._alias import missing_attribute
from jtorch.autograd.profiler import record_function
from jtorch.profiler import profiler
from jtorch.profiler.profiler import (
    ProfilerAction,
    ProfilerActivity,
    profile,
    schedule,
    supported_activities,
    tensorboard_trace_handler,
)

__all__ = [
    "ProfilerAction",
    "ProfilerActivity",
    "profile",
    "profiler",
    "record_function",
    "schedule",
    "supported_activities",
    "tensorboard_trace_handler",
]


def __getattr__(name):
    raise missing_attribute(__name__, name)
