"""Schedules that multiply the learning rate: by a function, at milestones, along a curve."""

import math
from bisect import bisect_right
from collections import Counter

from jtorch.optim._schedule import (
    LRScheduler,
    state_of_functions,
    values_of,
    warn_outside_step,
)

__all__ = [
    "ConstantLR",
    "CosineAnnealingLR",
    "ExponentialLR",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "PolynomialLR",
    "StepLR",
]


class _FunctionLR(LRScheduler):
    """A schedule by functions, one for all groups or one for each."""

    __module__ = "jtorch.optim.lr_scheduler"

    def _keep_functions(self, optimizer, given):
        self.optimizer = optimizer
        count = len(optimizer.param_groups)
        if not isinstance(given, (list, tuple)):
            self.lr_lambdas = [given] * count
        elif len(given) != count:
            raise ValueError(f"Expected {count} lr_lambdas, but got {len(given)}")
        else:
            self.lr_lambdas = list(given)

    def state_dict(self):
        """All attributes but the optimizer; of functions only the attributes of objects."""
        state = super().state_dict()
        del state["lr_lambdas"]
        state["lr_lambdas"] = state_of_functions(self.lr_lambdas)
        return state

    def load_state_dict(self, state_dict):
        """Take over what `state_dict` gave; functions stay, objects get their attributes."""
        saved = state_dict["lr_lambdas"]
        rest = {key: value for key, value in state_dict.items() if key != "lr_lambdas"}
        super().load_state_dict(rest)
        for place, attributes in enumerate(saved):
            if attributes is not None:
                self.lr_lambdas[place].__dict__.update(attributes)


class LambdaLR(_FunctionLR):
    """The first rate times `lr_lambda(step)`. Source: torch.optim.lr_scheduler.LambdaLR."""

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, optimizer, lr_lambda, last_epoch=-1):
        self._keep_functions(optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        """The learning rates of the step `last_epoch`."""
        warn_outside_step(self)
        pairs = zip(self.lr_lambdas, self.base_lrs, strict=True)
        return [rate * function(self.last_epoch) for function, rate in pairs]


class MultiplicativeLR(_FunctionLR):
    """The rate times `lr_lambda(step)`, again and again.

    Errors:  TypeError for what is no function.
    Source:  torch.optim.lr_scheduler.MultiplicativeLR.
    """

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, optimizer, lr_lambda, last_epoch=-1):
        self._keep_functions(optimizer, lr_lambda)
        for each in self.lr_lambdas:
            if not callable(each):
                raise TypeError(f"lr_lambda should be a function, but got {type(each).__name__}")
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        """The learning rates of the step `last_epoch`."""
        warn_outside_step(self)
        if self._is_initial:
            return values_of(self.optimizer, "lr")
        pairs = zip(self.lr_lambdas, self.optimizer.param_groups, strict=True)
        return [group["lr"] * function(self.last_epoch) for function, group in pairs]


class _FactorLR(LRScheduler):
    """A schedule that multiplies all rates by one number, or leaves them."""

    __module__ = "jtorch.optim.lr_scheduler"

    def _factor(self):
        """The factor from the last step to this one, or None."""
        raise NotImplementedError

    def get_lr(self):
        """The learning rates of the step `last_epoch`."""
        warn_outside_step(self)
        factor = self._factor()
        if factor is None:
            return values_of(self.optimizer, "lr")
        return [group["lr"] * factor for group in self.optimizer.param_groups]


class StepLR(_FactorLR):
    """The rate times `gamma` every `step_size` steps. Source: torch.optim.lr_scheduler.StepLR."""

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, optimizer, step_size, gamma=0.1, last_epoch=-1):
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self):
        if self.last_epoch == 0 or self.last_epoch % self.step_size != 0:
            return None
        return self.gamma

    def _get_closed_form_lr(self):
        factor = self.gamma ** (self.last_epoch // self.step_size)
        return [rate * factor for rate in self.base_lrs]


class MultiStepLR(_FactorLR):
    """The rate times `gamma` at each milestone. Source: torch.optim.lr_scheduler.MultiStepLR."""

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, optimizer, milestones, gamma=0.1, last_epoch=-1):
        self.milestones = Counter(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self):
        if self.last_epoch not in self.milestones:
            return None
        return self.gamma ** self.milestones[self.last_epoch]

    def _get_closed_form_lr(self):
        passed = bisect_right(sorted(self.milestones.elements()), self.last_epoch)
        return [rate * self.gamma**passed for rate in self.base_lrs]


class ConstantLR(_FactorLR):
    """The rate times `factor`, for `total_iters` steps.

    Errors:  ValueError for a factor outside of [0, 1].
    Source:  torch.optim.lr_scheduler.ConstantLR.
    """

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, optimizer, factor=1.0 / 3, total_iters=5, last_epoch=-1):
        if factor > 1.0 or factor < 0:
            raise ValueError("Constant multiplicative factor expected to be between 0 and 1.")
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def _factor(self):
        if self.last_epoch == 0:
            return self.factor
        return 1.0 / self.factor if self.last_epoch == self.total_iters else None

    def _get_closed_form_lr(self):
        factor = self.factor + (self.last_epoch >= self.total_iters) * (1 - self.factor)
        return [rate * factor for rate in self.base_lrs]


class LinearLR(_FactorLR):
    """The first rate times a factor between `start_factor` and `end_factor`.

    Errors:  ValueError for factors outside of [0, 1].
    Source:  torch.optim.lr_scheduler.LinearLR.
    """

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(
        self, optimizer, start_factor=1.0 / 3, end_factor=1.0, total_iters=5, last_epoch=-1
    ):
        if start_factor > 1.0 or start_factor <= 0:
            raise ValueError(
                "Starting multiplicative factor expected to be greater than 0 and less or equal to 1."
            )
        if end_factor > 1.0 or end_factor < 0:
            raise ValueError("Ending multiplicative factor expected to be between 0 and 1.")
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def _factor(self):
        if self.last_epoch == 0:
            return self.start_factor
        if self._is_initial or self.last_epoch > self.total_iters:
            return None
        rise = self.end_factor - self.start_factor
        return 1.0 + rise / (self.total_iters * self.start_factor + (self.last_epoch - 1) * rise)

    def _get_closed_form_lr(self):
        rise = self.end_factor - self.start_factor
        done = min(self.total_iters, self.last_epoch)
        return [
            rate * (self.start_factor + rise * done / self.total_iters) for rate in self.base_lrs
        ]


class ExponentialLR(_FactorLR):
    """The rate times `gamma` at each step. Source: torch.optim.lr_scheduler.ExponentialLR."""

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, optimizer, gamma, last_epoch=-1):
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self):
        return None if self._is_initial else self.gamma

    def _get_closed_form_lr(self):
        return [rate * self.gamma**self.last_epoch for rate in self.base_lrs]


class PolynomialLR(_FactorLR):
    """The first rate times `(1 - step / total_iters) ** power`.

    Source:  torch.optim.lr_scheduler.PolynomialLR.
    """

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, optimizer, total_iters=5, power=1.0, last_epoch=-1):
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def _factor(self):
        if self._is_initial or self.last_epoch > self.total_iters:
            return None
        now = 1.0 - self.last_epoch / self.total_iters
        before = 1.0 - (self.last_epoch - 1) / self.total_iters
        return (now / before) ** self.power

    def _get_closed_form_lr(self):
        left = 1.0 - min(self.total_iters, self.last_epoch) / self.total_iters
        return [rate * left**self.power for rate in self.base_lrs]


class CosineAnnealingLR(LRScheduler):
    """Half a wave of the cosine, from the first rate to `eta_min` and back, in `T_max` steps each.

    Source:  torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov and Hutter, arXiv:1608.03983.
    """

    __module__ = "jtorch.optim.lr_scheduler"

    def __init__(self, optimizer, T_max, eta_min=0.0, last_epoch=-1):
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        """The learning rates of the step `last_epoch`."""
        warn_outside_step(self)
        groups = self.optimizer.param_groups
        if self._is_initial:
            return values_of(self.optimizer, "lr")
        if self._step_count == 1 and self.last_epoch > 0:
            height = 1 + math.cos(self.last_epoch * math.pi / self.T_max)
            return [self.eta_min + (rate - self.eta_min) * height / 2 for rate in self.base_lrs]
        if (self.last_epoch - 1 - self.T_max) % (2 * self.T_max) == 0:
            height = 1 - math.cos(math.pi / self.T_max)
            return [
                group["lr"] + (rate - self.eta_min) * height / 2
                for rate, group in zip(self.base_lrs, groups, strict=True)
            ]
        now = 1 + math.cos(math.pi * self.last_epoch / self.T_max)
        before = 1 + math.cos(math.pi * (self.last_epoch - 1) / self.T_max)
        return [now / before * (group["lr"] - self.eta_min) + self.eta_min for group in groups]

    def _get_closed_form_lr(self):
        height = 1 + math.cos(math.pi * self.last_epoch / self.T_max)
        return [self.eta_min + (rate - self.eta_min) * height / 2 for rate in self.base_lrs]
