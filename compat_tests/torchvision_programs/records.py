"""What a program saw, as plain values in a file: the last thing each program here does is `save`."""

import pickle
import random
import sys

import numpy as np
import torch

_records = {}


def attempt(name, call):
    """Record what a call gives, or raises, after the generators have been seeded."""
    torch.manual_seed(7)
    random.seed(7)
    np.random.seed(7)
    try:
        found = plain(call())
    except Exception as error:
        found = ("raised", type(error).__name__, str(error))
    if name in _records:
        raise KeyError(f"two records of the name {name!r}")
    _records[name] = found


def plain(value):
    """Tensors and pictures as arrays with their class and dtype; what is none of them as text."""
    if isinstance(value, torch.Tensor):
        array = value.detach().as_subclass(torch.Tensor).numpy()
        return (type(value).__name__, str(value.dtype), array)
    if hasattr(value, "getdata") and hasattr(value, "mode"):
        return (value.mode, np.asarray(value))
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return repr(value)


def save():
    with open(sys.argv[1], "wb") as file:
        pickle.dump(_records, file)
