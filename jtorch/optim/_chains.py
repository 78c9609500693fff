"""Schedules made of schedules: one after the other, or all at once."""

from bisect import bisect_right

from jtorch.optim._plateau import ReduceLROnPlateau
from jtorch.optim._schedule import LRScheduler, set_value, values_of

__all__ = ["ChainedScheduler", "SequentialLR"]


class _Schedules(LRScheduler):
    """Several schedules of one optimizer."""

    __module__ = "jtorch.optim.lr_scheduler"

    def _refuse_unfit(self, optimizer, schedulers):
        name = type(self).__name__
        for place, each in enumerate(schedulers):
            if not hasattr(each, "optimizer"):
                raise TypeError(
                    f"{name} at index {place} should have `optimizer` as its attribute."
                )
            if isinstance(each, ReduceLROnPlateau):
                raise ValueError(
                    f"{name} does not support `ReduceLROnPlateau` scheduler as it requires additional "
                    f"kwargs to be specified when calling `step`, but got one at index {place} in the "
                    "given schedulers sequence."
                )
            if optimizer != each.optimizer:
                raise ValueError(
                    f"{name} expects all schedulers to belong to the same optimizer, but got scheduler "
                    f"{type(each).__name__} at index {place} has {each.optimizer}, which is different "
                    f"from {type(optimizer).__name__}."
                )

    def state_dict(self):
        """All attributes but the optimizer; of the schedules their states."""
        state = super().state_dict()
        del state["_schedulers"]
        state["_schedulers"] = [each.state_dict() for each in self._schedulers]
        return state

    def load_state_dict(self, state_dict):
        """Take over what `state_dict` gave."""
        rest = {key: value for key, value in state_dict.items() if key != "_schedulers"}
        super().load_state_dict(rest)
        for own, saved in zip(self._schedulers, state_dict["_schedulers"], strict=False):
            own.load_state_dict(saved)


class SequentialLR(_Schedules):
    """Schedules one after the other; the next one begins at a milestone.

    Errors:  ValueError for schedules of other optimizers, or milestones that do not fit.
    Source:  torch.optim.lr_scheduler.SequentialLR.
    """

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, optimizer, schedulers, milestones, last_epoch=-1):
        if len(schedulers) < 1:
            raise ValueError(
                f"{type(self).__name__} expects at least one scheduler, but got no scheduler."
            )
        self._refuse_unfit(optimizer, schedulers)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                "Sequential Schedulers expects number of schedulers provided to be one more than the "
                f"number of milestone points, but got number of schedulers {len(schedulers)} and the "
                f"number of milestones to be equal to {len(milestones)}"
            )
        self._schedulers = schedulers
        self._milestones = milestones
        self.last_epoch = last_epoch + 1
        self.optimizer = optimizer
        # What the schedules did when they were made is undone; the first one begins anew.
        for group in optimizer.param_groups:
            set_value(group, "lr", group["initial_lr"])
        self.recursive_undo()
        first = schedulers[bisect_right(milestones, 0)]
        first._initial_step()
        self._last_lr = first.get_last_lr()

    def recursive_undo(self, sched=None):
        """Take the step back that each schedule did when it was made."""
        sched = self if sched is None else sched
        if hasattr(sched, "_schedulers"):
            for each in sched._schedulers:
                self.recursive_undo(each)
        elif hasattr(sched, "last_epoch"):
            sched.last_epoch -= 1

    def step(self):
        """A step of the schedule whose turn it is."""
        self.last_epoch += 1
        place = bisect_right(self._milestones, self.last_epoch)
        current = self._schedulers[place]
        if place > 0 and self._milestones[place - 1] == self.last_epoch:
            current._update_lr(0)
        else:
            current.step()
        self._last_lr = current.get_last_lr()


class ChainedScheduler(_Schedules):
    """Schedules that each change the rate at every step.

    Errors:  ValueError for schedules of different optimizers.
    Source:  torch.optim.lr_scheduler.ChainedScheduler.
    """

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, schedulers, optimizer=None):
        if len(schedulers) < 1:
            raise ValueError(
                f"{type(self).__name__} expects at least one scheduler to be chained, but got no "
                "scheduler."
            )
        optimizer = optimizer or schedulers[0].optimizer
        self._refuse_unfit(optimizer, schedulers)
        self._schedulers = schedulers
        self.optimizer = optimizer
        self._last_lr = values_of(optimizer, "lr")

    def step(self):
        """A step of each of the schedules."""
        for each in self._schedulers:
            each.step()
        self._last_lr = values_of(self._schedulers[-1].optimizer, "lr")
