"""torch.cuda.streams: an accelerator does everything in the order in which it was recorded.

That is one stream, and keeps every promise that several would make. What torch says of waiting
between streams holds without doing anything; work only does not overlap.
"""

import time

from jtorch._accelerators import chosen, count, wait
from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Stream:
    """The order of a device's work; all streams of a device are the same.

    Errors:  RuntimeError where there is no device.
    Source:  torch.cuda.Stream.
    """

    __module__ = "torch.cuda"

    def __init__(self, device=None, priority=0, **_):
        if not count("cuda"):
            raise RuntimeError("torch.cuda.Stream requires CUDA support")
        self.device = chosen(device, "cuda")
        self.priority = priority

    stream_id = cuda_stream = 0

    def synchronize(self) -> None:
        """Run what is recorded, and wait for it."""
        wait(self.device)

    def query(self) -> bool:
        """True, once the work is done: here that is waited for."""
        wait(self.device)
        return True

    def wait_stream(self, stream) -> None:
        """Nothing to do: what `stream` was given comes first anyway."""

    def wait_event(self, event) -> None:
        """Nothing to do: what came before the event comes first anyway."""

    def record_event(self, event=None):
        event = Event() if event is None else event
        event.record(self)
        return event

    def __eq__(self, other):
        return isinstance(other, Stream) and self.device == other.device

    def __hash__(self):
        return hash(self.device)

    def __repr__(self):
        return f"<torch.cuda.Stream device={self.device} cuda_stream=0x0>"

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return None


class Event:
    """A moment in a device's work. Recording one waits for the work before it.

    Errors:  RuntimeError where there is no device, and for times that were not taken.
    Source:  torch.cuda.Event.
    """

    __module__ = "torch.cuda"

    def __init__(self, enable_timing=False, blocking=False, interprocess=False, external=False):
        if not count("cuda"):
            raise RuntimeError("Tried to instantiate dummy base class Event")
        self._enable_timing = enable_timing
        self._moment = None

    def record(self, stream=None) -> None:
        (stream or current_stream()).synchronize()
        self._moment = time.perf_counter()

    def elapsed_time(self, end_event) -> float:
        """Milliseconds between two recorded events, by the host's clock."""
        if not (self._enable_timing and end_event._enable_timing):
            raise ValueError("Both events must be created with argument 'enable_timing=True'.")
        if self._moment is None or end_event._moment is None:
            raise ValueError("Both events must be recorded before calculating elapsed time.")
        return 1e3 * (end_event._moment - self._moment)

    def query(self) -> bool:
        return True

    def synchronize(self) -> None:
        """Nothing to do: recording has waited."""

    def wait(self, stream=None) -> None:
        """Nothing to do: recording has waited."""


class StreamContext:
    """A stream as a context manager; None is none. Source: torch.cuda.StreamContext."""

    __module__ = "torch.cuda"

    def __init__(self, stream):
        self.stream = stream

    def __enter__(self):
        return None

    def __exit__(self, *exception):
        return None


def stream(stream) -> StreamContext:
    """Source: torch.cuda.stream."""
    return StreamContext(stream)


def current_stream(device=None) -> Stream:
    """The stream of a device. Source: torch.cuda.current_stream."""
    return Stream(chosen(device, "cuda"))


def default_stream(device=None) -> Stream:
    """The stream of a device. Source: torch.cuda.default_stream."""
    return Stream(chosen(device, "cuda"))
