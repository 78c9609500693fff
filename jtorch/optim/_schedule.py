"""The base of all schedules of learning rates: when they are asked, and what they set."""

import contextlib
import functools
import types
import warnings
import weakref

from jtorch._engine.realize import run_all
from jtorch._tensor import Tensor
from jtorch.optim._options import scalar
from jtorch.optim.optimizer import Optimizer

__all__ = ["LRScheduler", "_LRScheduler"]

_DETAILS = (
    "See more details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"
)
EPOCH_DEPRECATION_WARNING = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where "
    "possible. Please use `scheduler.step()` to step the scheduler. During the deprecation, if epoch "
    "is different from None, the closed form is used instead of the new chainable form, where "
    "available. Please open an issue if you are unable to replicate your use case: "
    "https://github.com/pytorch/pytorch/issues/new/choose."
)


def refuse_no_optimizer(optimizer):
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")


def copied(value):
    """A value of a group, which later changes of the group leave as it is."""
    return value.clone() if isinstance(value, Tensor) else value


def values_of(optimizer, key):
    """An option of all groups."""
    return [copied(group[key]) for group in optimizer.param_groups]


def set_value(group, key, value):
    """Set an option; a tensor stays the tensor that it is."""
    known = group[key]
    if isinstance(known, Tensor):
        known.fill_(scalar(value))
        # A step computes with the rate, not with how that was made: it stays one program.
        run_all()
    else:
        group[key] = value


def one_per_group(name, optimizer, value):
    """A list with a value for each group. Errors: ValueError for a list of another length."""
    count = len(optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        value = [value] * count
    elif len(value) != count:
        raise ValueError(
            f"{name} must have the same length as optimizer.param_groups. {name} has {len(value)} "
            f"values, param_groups has {count}."
        )
    return list(map(copied, value))


def warn_outside_step(schedule):
    """torch's warning where a user calls `get_lr`."""
    if not schedule._get_lr_called_within_step:
        warnings.warn(
            "To get the last learning rate computed by the scheduler, please use `get_last_lr()`.",
            UserWarning,
            stacklevel=2,
        )


class LRScheduler:
    """Sets the learning rate of each group of an optimizer, once for each `step()`.

    Attributes: optimizer, base_lrs (the rates at the beginning), last_epoch (the steps done).
    Source:  torch.optim.lr_scheduler.LRScheduler.
    """

    __module__ = "jtorch.optim.lr_scheduler"
    _get_lr_called_within_step = False
    _is_initial = False

    def __init__(self, optimizer, last_epoch=-1):
        refuse_no_optimizer(optimizer)
        self.optimizer = optimizer
        for place, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", copied(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{place}] when resuming "
                    "scheduler with last_epoch >= 0.\nThis typically happens when:\n1. You're trying "
                    "to resume training from a checkpoint but haven't properly loaded the optimizer "
                    "state\n2. You're using last_epoch >= 0 for a fresh training run (not recommended)"
                )
        self.base_lrs = values_of(optimizer, "initial_lr")
        self.last_epoch = last_epoch
        _watch_steps(optimizer)
        self._initial_step()

    def _initial_step(self):
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def state_dict(self):
        """All attributes but the optimizer. Source: torch.optim.lr_scheduler.LRScheduler."""
        return {key: value for key, value in self.__dict__.items() if key != "optimizer"}

    def load_state_dict(self, state_dict):
        """Take over what `state_dict` gave."""
        self.__dict__.update(state_dict)

    def get_last_lr(self):
        """The learning rates that the last step has set."""
        return self._last_lr

    def get_lr(self):
        """The learning rates of the step `last_epoch`, from those there are."""
        raise NotImplementedError

    def step(self, epoch=None):
        """Set the learning rates of the next step of the optimizer, or of one given by `epoch`."""
        if self._step_count == 1:
            self._warn_of_order()
        self._step_count += 1
        if epoch is not None:
            warnings.warn(EPOCH_DEPRECATION_WARNING, UserWarning, stacklevel=2)
        self._update_lr(epoch)

    def _warn_of_order(self):
        if not hasattr(self.optimizer.step, "_wrapped_by_lr_sched"):
            warnings.warn(
                "Seems like `optimizer.step()` has been overridden after learning rate scheduler "
                "initialization. Please, make sure to call `optimizer.step()` before "
                f"`lr_scheduler.step()`. {_DETAILS}",
                UserWarning,
                stacklevel=3,
            )
        elif not getattr(self.optimizer, "_opt_called", False):
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 "
                "and later, you should call them in the opposite order: `optimizer.step()` before "
                "`lr_scheduler.step()`.  Failure to do this will result in PyTorch skipping the first "
                f"value of the learning rate schedule. {_DETAILS}",
                UserWarning,
                stacklevel=3,
            )

    def _update_lr(self, epoch=None):
        with self._asked():
            self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
            in_closed_form = epoch is not None and hasattr(self, "_get_closed_form_lr")
            values = self._get_closed_form_lr() if in_closed_form else self.get_lr()
        self._set(values)

    @contextlib.contextmanager
    def _asked(self):
        """The time in which `get_lr` is called by a step."""
        self._get_lr_called_within_step = True
        try:
            yield
        finally:
            self._get_lr_called_within_step = False

    def _set(self, values):
        for group, value in zip(self.optimizer.param_groups, values, strict=True):
            set_value(group, "lr", value)
        self._last_lr = values_of(self.optimizer, "lr")


class _LRScheduler(LRScheduler):
    """The old name of LRScheduler, for `isinstance`."""

    __module__ = "jtorch.optim.lr_scheduler"


def _watch_steps(optimizer):
    """Have the optimizer remember that it has been called."""
    if hasattr(optimizer.step, "_wrapped_by_lr_sched"):
        return
    known = weakref.ref(optimizer)
    function = optimizer.step.__func__

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        own = known()
        own._opt_called = True
        return function.__get__(own, type(own))(*args, **kwargs)

    wrapper._wrapped_by_lr_sched = True
    optimizer.step = wrapper


def state_of_functions(functions):
    """What is saved of functions: the attributes of objects, None of what `def` or `lambda` made."""
    return [
        None if isinstance(each, types.FunctionType) else each.__dict__.copy() for each in functions
    ]
