"""Averages of weights: models that average others, and the schedule that goes with them."""

import itertools
import math
import warnings
from copy import deepcopy

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._dtypes import FLOATING, int64
from jtorch._engine.realize import run_all
from jtorch._ops.from_data import tensor
from jtorch._tensor import Tensor
from jtorch.nn.modules.batchnorm import _BatchNorm
from jtorch.nn.modules.module import Module
from jtorch.optim._counts import number_of, put
from jtorch.optim._schedule import LRScheduler, one_per_group

__all__ = [
    "SWALR",
    "AveragedModel",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def get_ema_multi_avg_fn(decay=0.999):
    """A function that moves averages towards current values: an exponential moving average.

    Errors:  ValueError for a decay outside of [0, 1].
    Source:  torch.optim.swa_utils.get_ema_multi_avg_fn.
    """
    _refuse_decay(decay)

    @no_grad()
    def ema_update(ema_param_list, current_param_list, _):
        for average, current in zip(ema_param_list, current_param_list, strict=True):
            if average.is_floating_point() or average.is_complex():
                average.lerp_(current, 1 - decay)
            else:
                average.copy_(average * decay + current * (1 - decay))

    return ema_update


def get_swa_multi_avg_fn():
    """A function that takes current values into averages of as many as there were.

    Source:  torch.optim.swa_utils.get_swa_multi_avg_fn.
    """

    @no_grad()
    def swa_update(averaged_param_list, current_param_list, num_averaged):
        for average, current in zip(averaged_param_list, current_param_list, strict=True):
            share = 1 / (num_averaged + 1)
            if average.is_floating_point() or average.is_complex():
                if isinstance(share, Tensor):
                    share = share.to(average.dtype)
                average.lerp_(current, share)
            elif isinstance(num_averaged, Tensor):
                average.addcdiv_(current - average, num_averaged + 1)
            else:
                average.add_(current - average, alpha=share)

    return swa_update


def get_ema_avg_fn(decay=0.999):
    """The same as `get_ema_multi_avg_fn`, of one tensor, and giving the new average.

    Errors:  ValueError for a decay outside of [0, 1].
    Source:  torch.optim.swa_utils.get_ema_avg_fn.
    """
    _refuse_decay(decay)

    @no_grad()
    def ema_update(ema_param, current_param, num_averaged):
        return decay * ema_param + (1 - decay) * current_param

    return ema_update


def get_swa_avg_fn():
    """The same as `get_swa_multi_avg_fn`, of one tensor, and giving the new average.

    Source:  torch.optim.swa_utils.get_swa_avg_fn.
    """

    @no_grad()
    def swa_update(averaged_param, current_param, num_averaged):
        return averaged_param + (current_param - averaged_param) / (num_averaged + 1)

    return swa_update


def _refuse_decay(decay):
    if decay < 0.0 or decay > 1.0:
        raise ValueError(
            f"Invalid decay value {decay} provided. Please provide a value in [0,1] range."
        )


class AveragedModel(Module):
    """A copy of a model whose parameters (and buffers, if asked) are averages of the model's.

    Attributes: module (the copy), n_averaged (int64, 0-dim: how many were averaged).
    Source:  torch.optim.swa_utils.AveragedModel.
    """

    def __init__(self, model, device=None, avg_fn=None, multi_avg_fn=None, use_buffers=False):
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", tensor(0, dtype=int64, device=device))
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args, **kwargs):
        return self.module(*args, **kwargs)

    def update_parameters(self, model):
        """Take the parameters that a model has now into the averages."""
        pairs = []
        for average, current in zip(self._tensors(self.module), self._tensors(model), strict=False):
            average = average.detach()
            pairs.append((average, current.detach().to(average.device)))
        count = number_of(self.n_averaged)
        if count == 0:
            for average, current in pairs:
                average.copy_(current)
                if average.dtype.category >= FLOATING:
                    # A value of its own: a step does not write over one that others share.
                    average.mul_(1)
        elif pairs:
            self._average(pairs)
        if not self.use_buffers:
            for own, given in zip(self.module.buffers(), model.buffers(), strict=True):
                own.detach().copy_(given.detach().to(own.device))
        put(self.n_averaged, count + 1)
        run_all()

    def _tensors(self, module):
        if self.use_buffers:
            return itertools.chain(module.parameters(), module.buffers())
        return module.parameters()

    def _average(self, pairs):
        if self.multi_avg_fn is None:
            average_of = self.avg_fn or get_swa_avg_fn()
            for average, current in pairs:
                average.copy_(average_of(average, current, self.n_averaged.to(average.device)))
            return
        groups = {}  # as torch calls it: once for all tensors of one device and dtype
        for average, current in pairs:
            groups.setdefault((average.device, average.dtype), []).append((average, current))
        for (device, _), group in groups.items():
            averages, currents = map(list, zip(*group, strict=True))
            self.multi_avg_fn(averages, currents, self.n_averaged.to(device))


@no_grad()
def update_bn(loader, model, device=None):
    """Compute the running statistics of a model's batch norms anew, over the data of a loader.

    Source:  torch.optim.swa_utils.update_bn.
    """
    momenta = {}
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.reset_running_stats()
            momenta[module] = module.momentum
    if not momenta:
        return
    was_training = model.training
    model.train()
    for module in momenta:
        module.momentum = None  # the mean of all batches
    for input in loader:
        if isinstance(input, (list, tuple)):
            input = input[0]
        if device is not None:
            input = input.to(device)
        model(input)
        run_all()
    for module, momentum in momenta.items():
        module.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    """From the learning rates there are to `swa_lr`, in `anneal_epochs` steps, then constant.

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.swa_utils.SWALR; Izmailov et al., arXiv:1803.05407.
    """

    __module__ = "jtorch.optim.swa_utils"

    def __init__(self, optimizer, swa_lr, anneal_epochs=10, anneal_strategy="cos", last_epoch=-1):
        rates = one_per_group("swa_lr", optimizer, swa_lr)
        for rate, group in zip(rates, optimizer.param_groups, strict=True):
            group["swa_lr"] = rate
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        self._set_anneal_func(anneal_strategy)
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    @staticmethod
    def _linear_anneal(t):
        return t

    @staticmethod
    def _cosine_anneal(t):
        return (1 - math.cos(math.pi * t)) / 2

    @staticmethod
    def _get_initial_lr(lr, swa_lr, alpha):
        if alpha == 1:
            return swa_lr
        return (lr - alpha * swa_lr) / (1 - alpha)

    def _share(self, step):
        """How much of `swa_lr` there is in the rate at a step."""
        return self.anneal_func(max(0, min(1, step / max(1, self.anneal_epochs))))

    def get_lr(self):
        """The learning rates of this step."""
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, please use "
                "`get_last_lr()`.",
                UserWarning,
                stacklevel=2,
            )
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._share(step - 1), self._share(step)
        rates = []
        for group in self.optimizer.param_groups:
            first = self._get_initial_lr(group["lr"], group["swa_lr"], before)
            rates.append(group["swa_lr"] * now + first * (1 - now))
        return rates

    def _set_anneal_func(self, anneal_strategy):
        self._anneal_strategy = anneal_strategy
        self.anneal_func = self._cosine_anneal if anneal_strategy == "cos" else self._linear_anneal

    def state_dict(self):
        """All attributes but the optimizer and the function."""
        state = super().state_dict()
        del state["anneal_func"]
        return state

    def load_state_dict(self, state_dict):
        """Take over what `state_dict` gave."""
        super().load_state_dict(state_dict)
        self._set_anneal_func(self._anneal_strategy)
