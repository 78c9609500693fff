"""A step on other parameters and another state than an optimizer's own."""

import contextlib
from collections import defaultdict

from jtorch._tensor import Tensor

__all__ = ["swap_in_optimizer_params_and_state"]

_NAME = "swap_in_optimizer_params_and_state"


@contextlib.contextmanager
def swap_in_optimizer_params_and_state(optimizer, swapin_parameters, swapin_optim_state):
    """Inside, the optimizer has these parameters, and the state of a `state_dict`.

    Errors:  RuntimeError where they do not fit the optimizer.
    Source:  torch.optim.swap_in_optimizer_params_and_state.
    """
    if not optimizer.state:
        raise RuntimeError(f"{_NAME} requires initialized optimizer state.")
    if not isinstance(swapin_optim_state, dict):
        raise RuntimeError(f"{_NAME} requires a DCP-style optimizer state_dict.")
    saved = _state(swapin_optim_state.get("state"))
    groups = _groups(optimizer, swapin_optim_state.get("param_groups"))
    shares = _shared_out(groups, list(swapin_parameters.values()))
    known = {number for _, given, _ in shares for number in given["params"]}
    extra = [key for key in saved if key not in known]
    if extra:
        raise RuntimeError(
            f"{_NAME} requires swapin_optim_state['state'] to be keyed only by packed parameter ids "
            f"from param_groups[*]['params']; got extra keys {extra!r}."
        )
    state_before = optimizer.state
    groups_before = [dict(group) for group in optimizer.param_groups]
    try:
        state = defaultdict(dict)
        for group, given, params in shares:
            group.update({**given, "params": params})
            for param, number in zip(params, given["params"], strict=True):
                state[param] = dict(saved.get(number, {}))
        optimizer.state = state
        yield
    finally:
        for group, before in zip(optimizer.param_groups, groups_before, strict=True):
            group.clear()
            group.update(before)
        optimizer.state = state_before


swap_in_optimizer_params_and_state.__module__ = "torch.optim"


def _state(state):
    if not isinstance(state, dict):
        raise RuntimeError(
            f"{_NAME} requires swapin_optim_state['state'] to be a dict mapping packed parameter ids "
            f"to per-param state dicts, got {type(state).__name__}."
        )
    if any(isinstance(key, Tensor) for key in state):
        raise RuntimeError(
            f"{_NAME} requires optimizer.state_dict()-style state keyed by packed parameter ids."
        )
    if any(isinstance(key, int) and not isinstance(value, dict) for key, value in state.items()):
        raise RuntimeError(
            f"{_NAME} requires per-parameter optimizer state entries to be dictionaries."
        )
    return state


def _groups(optimizer, groups):
    """Pairs of a group of the optimizer and what is put into it."""
    if not isinstance(groups, list):
        raise RuntimeError(
            f"{_NAME} requires swapin_optim_state['param_groups'] to be a list of param-group dicts, "
            f"got {type(groups).__name__}."
        )
    if len(optimizer.param_groups) != len(groups):
        raise RuntimeError(
            "swapin_optim_state has a different number of parameter groups than the live optimizer."
        )
    return list(zip(optimizer.param_groups, groups, strict=True))


def _shared_out(groups, parameters):
    """(group, what is put into it, its parameters) of each group."""
    shares = []
    start = 0
    for place, (group, given) in enumerate(groups):
        _refuse_unlike(place, group, given)
        end = start + len(given["params"])
        if end > len(parameters):
            raise RuntimeError(
                f"{_NAME} requires the explicit parameter state to match optimizer.param_groups "
                "ordering."
            )
        shares.append((group, given, parameters[start:end]))
        start = end
    return shares


def _refuse_unlike(place, group, given):
    if not isinstance(given, dict):
        raise RuntimeError(f"{_NAME} requires each optimizer param group to be a dictionary.")
    numbers = given.get("params")
    if not isinstance(numbers, list) or not all(isinstance(each, int) for each in numbers):
        raise RuntimeError(
            f"{_NAME} requires optimizer.state_dict()-style param_groups[*]['params'] entries keyed by "
            "packed parameter ids."
        )
    if len(group["params"]) != len(numbers):
        raise RuntimeError(
            f"swapin_optim_state param group {place} has a different number of params than the live "
            "optimizer param group."
        )
    new = [key for key in given if key not in group]
    lacking = [key for key in group if key not in given]
    if new or lacking:
        raise RuntimeError(
            f"{_NAME} requires optimizer.state_dict()-style param group keys to exactly match the live "
            f"optimizer group keys for group {place}. Keys only in swap-in: {new}. Keys only in live: "
            f"{lacking}."
        )
