"""Anomaly mode: nodes remember where they were recorded, and backward says so where it fails."""

import os
import threading
import traceback
import warnings

from jtorch._autograd.graph import name_of
from jtorch._autograd.modes import note_unusual


class _Anomaly(threading.local):
    enabled = False
    check_nan = True


anomaly = _Anomaly()


_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def where_recorded():
    """The stack of calls, as text, from the program's first line down to the user's line."""
    stack = traceback.extract_stack()
    below_run = [i for i, each in enumerate(stack, 1) if each.filename == f"{_PACKAGE}_programs.py"]
    frames = [
        each
        for each in stack[max(below_run, default=0) :]
        if not each.filename.startswith(_PACKAGE)
    ]
    return "".join(traceback.format_list(frames))


def explain_failure(node):
    """Warn which operation failed in backward, and where it was recorded."""
    if node._trace is None:
        text = (
            f"Error detected in {name_of(node)}. No forward pass information available. Enable detect "
            "anomaly during forward pass for more information."
        )
    else:
        text = (
            f"Error detected in {name_of(node)}. Traceback of forward call that caused the error:\n"
            f"{node._trace}"
        )
    warnings.warn(text, UserWarning, stacklevel=2)


def refuse_nan(node, gradients):
    """torch's error where a gradient is not a number. It reads the gradient, and so waits for it."""
    for index, gradient in enumerate(gradients or ()):
        if gradient is not None and bool(gradient.isnan().any()):
            explain_failure(node)
            raise RuntimeError(
                f"Function '{name_of(node)}' returned nan values in its {index}th output."
            )


def _set(enabled, check_nan):
    anomaly.enabled, anomaly.check_nan = enabled, check_nan
    note_unusual("anomaly", enabled)


class detect_anomaly:
    """Find the operation whose backward fails or gives NaN. Source: torch.autograd.detect_anomaly."""

    __module__ = "torch.autograd.anomaly_mode"

    def __init__(self, check_nan=True):
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should only "
            "be enabled for debugging.",
            UserWarning,
            stacklevel=2,
        )
        self._wanted = True, check_nan

    def __enter__(self):
        self._before = anomaly.enabled, anomaly.check_nan
        _set(*self._wanted)

    def __exit__(self, *exception):
        _set(*self._before)


class set_detect_anomaly(detect_anomaly):
    """Set anomaly mode, at once or for a `with`. Source: torch.autograd.set_detect_anomaly."""

    __module__ = "torch.autograd.anomaly_mode"

    def __init__(self, mode, check_nan=True):
        self._before = anomaly.enabled, anomaly.check_nan
        self._wanted = bool(mode), check_nan
        _set(*self._wanted)

    def __enter__(self):
        pass


def is_anomaly_enabled() -> bool:
    """Source: torch.is_anomaly_enabled."""
    return anomaly.enabled


def is_anomaly_check_nan_enabled() -> bool:
    """Source: torch.is_anomaly_check_nan_enabled."""
    return anomaly.check_nan
