"""`GradScaler`: a factor on the loss, so that small gradients do not vanish in float16."""

import collections
import collections.abc
import enum
import inspect
import warnings

from jtorch._accelerators import count
from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._dtypes import float16, float32, int32
from jtorch._ops.creation import full
from jtorch._ops.scaling import _amp_foreach_non_finite_check_and_unscale_, _amp_update_scale_
from jtorch._tensor import Tensor

__all__ = ["GradScaler", "OptState"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class _MultiDeviceReplicator:
    """Copies of a tensor, one on each device that asks."""

    def __init__(self, master_tensor):
        self.master = master_tensor
        self._per_device_tensors = {}

    def get(self, device):
        """The copy on a device."""
        if device not in self._per_device_tensors:
            self._per_device_tensors[device] = self.master.to(device=device, copy=True)
        return self._per_device_tensors[device]


class OptState(enum.Enum):
    """How far an optimizer is in this iteration."""

    READY = 0
    UNSCALED = 1
    STEPPED = 2


def _refresh_per_optimizer_state():
    return {"stage": OptState.READY, "found_inf_per_device": {}}


def _require(holds, text=""):
    """Errors: AssertionError, which torch raises for what users do wrong."""
    if not holds:
        raise AssertionError(text)


class GradScaler:
    """Scales losses, takes the scale off gradients, skips steps with infinite ones, and adapts.

    Not `enabled`, or for CUDA where there is none, it hands everything through.

    Errors:  AssertionError for factors on the wrong side of 1.
    Source:  torch.amp.GradScaler.
    """

    def __init__(self, device="cuda", init_scale=2.0**16, growth_factor=2.0, backoff_factor=0.5,
                 growth_interval=2000, enabled=True):  # fmt: skip
        self._device = device
        self._enabled = enabled
        if device == "cuda" and enabled and not count("cuda"):
            warnings.warn(
                "torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.",
                stacklevel=2,
            )
            self._enabled = False
        if not self._enabled:
            return
        _require(growth_factor > 1.0, "The growth factor must be > 1.0.")
        _require(backoff_factor < 1.0, "The backoff factor must be < 1.0.")
        self._init_scale = init_scale
        self._scale = None  # a tensor, on the device of the first loss
        self._growth_factor = growth_factor
        self._backoff_factor = backoff_factor
        self._growth_interval = growth_interval
        self._init_growth_tracker = 0
        self._growth_tracker = None
        self._per_optimizer_states = collections.defaultdict(_refresh_per_optimizer_state)

    def _check_scale_growth_tracker(self, funcname):
        hint = (
            "This may indicate your script did not use scaler.scale(loss or outputs) earlier in "
            "the iteration."
        )
        for name in ("_scale", "_growth_tracker"):
            _require(
                getattr(self, name) is not None, f"Attempted {funcname} but {name} is None.  {hint}"
            )
        return self._scale, self._growth_tracker

    def _lazy_init_scale_growth_tracker(self, dev):
        _require(self._growth_tracker is None, "_growth_tracker initialized before _scale")
        self._scale = full((), self._init_scale, dtype=float32, device=dev)
        self._growth_tracker = full((), self._init_growth_tracker, dtype=int32, device=dev)

    def scale(self, outputs):
        """A tensor, or an iterable of them, times the scale.

        Errors:  ValueError for anything else.
        """
        if not self._enabled:
            return outputs
        copies = None

        def scaled(value):
            nonlocal copies
            if isinstance(value, Tensor):
                if self._scale is None:
                    self._lazy_init_scale_growth_tracker(value.device)
                copies = copies or _MultiDeviceReplicator(self._scale)
                return value * copies.get(value.device)
            if isinstance(value, collections.abc.Iterable):
                items = map(scaled, value)
                return type(value)(items) if isinstance(value, (list, tuple)) else items
            raise ValueError("outputs must be a Tensor or an iterable of Tensors")

        return scaled(outputs)

    def _unscale_grads_(self, optimizer, inv_scale, found_inf, allow_fp16):
        """Take the scale off the gradients; gives what was found, by device."""
        inverses, founds = _MultiDeviceReplicator(inv_scale), _MultiDeviceReplicator(found_inf)
        gradients = collections.defaultdict(list)
        with no_grad():
            for group in optimizer.param_groups:
                for param in group["params"]:
                    _require(
                        isinstance(param, Tensor),
                        f"expected param to be torch.Tensor, got {type(param).__name__}",
                    )
                    if param.grad is None:
                        continue
                    if not allow_fp16 and param.grad.dtype is float16:
                        raise ValueError("Attempting to unscale FP16 gradients.")
                    grad = param.grad
                    if grad.is_sparse:  # sums of places may overflow float16
                        if grad.dtype is float16:
                            param.grad = grad = grad.coalesce()
                        grad = grad._values()
                    gradients[grad.device].append(grad)
            for device, each in gradients.items():
                _amp_foreach_non_finite_check_and_unscale_(
                    each, founds.get(device), inverses.get(device)
                )
        return founds._per_device_tensors

    def unscale_(self, optimizer):
        """Take the scale off the gradients of an optimizer's parameters, once before its step.

        Errors:  RuntimeError the second time; ValueError for gradients of float16.
        """
        if not self._enabled:
            return
        scale, _ = self._check_scale_growth_tracker("unscale_")
        state = self._per_optimizer_states[id(optimizer)]
        if state["stage"] is OptState.UNSCALED:
            raise RuntimeError(
                "unscale_() has already been called on this optimizer since the last update()."
            )
        if state["stage"] is OptState.STEPPED:
            raise RuntimeError("unscale_() is being called after step().")
        inverse = scale.double().reciprocal().float()
        found = full((), 0.0, dtype=float32, device=scale.device)
        state["found_inf_per_device"] = self._unscale_grads_(optimizer, inverse, found, False)
        state["stage"] = OptState.UNSCALED

    def _maybe_opt_step(self, optimizer, optimizer_state, *args, **kwargs):
        if sum(each.item() for each in optimizer_state["found_inf_per_device"].values()):
            return None
        return optimizer.step(*args, **kwargs)

    def step(self, optimizer, *args, **kwargs):
        """`optimizer.step(...)` with unscaled gradients, if all of them are finite.

        Errors:  RuntimeError for a closure, or a second step before `update`.
        """
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            raise RuntimeError("Closure use is not currently supported if GradScaler is enabled.")
        self._check_scale_growth_tracker("step")
        state = self._per_optimizer_states[id(optimizer)]
        if state["stage"] is OptState.STEPPED:
            raise RuntimeError("step() has already been called since the last update().")
        if getattr(optimizer, "_step_supports_amp_scaling", False):
            return self._step_of_its_own(optimizer, state, args, kwargs)
        if state["stage"] is OptState.READY:
            self.unscale_(optimizer)
        _require(
            len(state["found_inf_per_device"]) > 0,
            "No inf checks were recorded for this optimizer.",
        )
        result = self._maybe_opt_step(optimizer, state, *args, **kwargs)
        state["stage"] = OptState.STEPPED
        return result

    def _step_of_its_own(self, optimizer, state, args, kwargs):
        """The step of an optimizer that unscales and skips itself."""
        if "grad_scaler" in inspect.signature(optimizer.step).parameters:
            warnings.warn(
                "GradScaler is going to stop passing itself as a keyword argument to the passed "
                "optimizer. In the near future GradScaler registers `grad_scale: Tensor` and "
                "`found_inf: Tensor` to the passed optimizer and let the optimizer use them "
                "directly.",
                FutureWarning,
                stacklevel=3,
            )
            result = optimizer.step(*args, **kwargs, grad_scaler=self)
            state["stage"] = OptState.STEPPED
            return result
        if state["stage"] is OptState.READY:
            self._check_inf_per_device(optimizer)
        scale = self._get_scale_async()
        found = sum(each.to(scale.device) for each in state["found_inf_per_device"].values())
        if state["stage"] is OptState.UNSCALED:
            optimizer.grad_scale = getattr(optimizer, "grad_scale", None)
        else:
            optimizer.grad_scale = scale * getattr(optimizer, "grad_scale", 1)
        optimizer.found_inf = found
        result = optimizer.step(*args, **kwargs)
        state["stage"] = OptState.STEPPED
        del optimizer.grad_scale
        del optimizer.found_inf
        return result

    def update(self, new_scale=None):
        """The scale for the next iteration: smaller, the same, greater; or `new_scale`."""
        if not self._enabled:
            return
        scale, tracker = self._check_scale_growth_tracker("update")
        if new_scale is None:
            _amp_update_scale_(
                scale, tracker, self._found(scale.device), self._growth_factor,
                self._backoff_factor, self._growth_interval,
            )  # fmt: skip
        elif isinstance(new_scale, float):
            scale.fill_(new_scale)
        else:
            reason = (
                "new_scale should be a float or a 1-element torch.cuda.FloatTensor or "
                "torch.FloatTensor with requires_grad=False."
            )
            _require(new_scale.device.type == self._device, reason)
            _require(new_scale.numel() == 1, reason)
            _require(not new_scale.requires_grad, reason)
            scale.copy_(new_scale)
        self._per_optimizer_states = collections.defaultdict(_refresh_per_optimizer_state)

    def _found(self, device):
        """How many optimizers had infinite gradients, on the device of the scale."""
        founds = [
            found.to(device=device)
            for state in self._per_optimizer_states.values()
            for found in state["found_inf_per_device"].values()
        ]
        _require(len(founds) > 0, "No inf checks were recorded prior to update.")
        total = founds[0]
        for each in founds[1:]:
            total += each
        return total

    def _get_scale_async(self):
        return self._scale

    def get_scale(self) -> float:
        """The scale as a number; 1 if not enabled."""
        if not self._enabled:
            return 1.0
        scale = self._get_scale_async()
        return self._init_scale if scale is None else scale.item()

    def get_growth_factor(self) -> float:
        """By what the scale grows."""
        return self._growth_factor

    def set_growth_factor(self, new_factor: float) -> None:
        """Choose by what the scale grows."""
        self._growth_factor = new_factor

    def get_backoff_factor(self) -> float:
        """By what the scale shrinks."""
        return self._backoff_factor

    def set_backoff_factor(self, new_factor: float) -> None:
        """Choose by what the scale shrinks."""
        self._backoff_factor = new_factor

    def get_growth_interval(self) -> int:
        """After how many good steps the scale grows."""
        return self._growth_interval

    def set_growth_interval(self, new_interval: int) -> None:
        """Choose after how many good steps the scale grows."""
        self._growth_interval = new_interval

    def _get_growth_tracker(self) -> int:
        if not self._enabled:
            return 0
        tracker = self._growth_tracker
        return self._init_growth_tracker if tracker is None else tracker.item()

    def is_enabled(self) -> bool:
        """Whether it scales at all."""
        return self._enabled

    def state_dict(self) -> dict:
        """The scale and how it changes, as numbers; empty if not enabled."""
        if not self._enabled:
            return {}
        return {
            "scale": self.get_scale(),
            "growth_factor": self._growth_factor,
            "backoff_factor": self._backoff_factor,
            "growth_interval": self._growth_interval,
            "_growth_tracker": self._get_growth_tracker(),
        }

    def load_state_dict(self, state_dict) -> None:
        """Take over what `state_dict` gave. Errors: RuntimeError for an empty one."""
        if not self._enabled:
            return
        if len(state_dict) == 0:
            raise RuntimeError(
                "The source state dict is empty, possibly because it was saved from a disabled "
                "instance of GradScaler."
            )
        self._init_scale = state_dict["scale"]
        if self._scale is not None:
            self._scale.fill_(state_dict["scale"])
        self._growth_factor = state_dict["growth_factor"]
        self._backoff_factor = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]
        self._init_growth_tracker = state_dict["_growth_tracker"]
        if self._growth_tracker is not None:
            self._growth_tracker.fill_(state_dict["_growth_tracker"])

    def __getstate__(self):
        state = self.__dict__.copy()
        if self._enabled:
            _require(
                len(self._per_optimizer_states) == 0,
                "A GradScaler instance may only be pickled at the beginning of an iteration, or at "
                "the end after scaler.update().",
            )
            state["_init_scale"] = self.get_scale()
            state["_init_growth_tracker"] = self._get_growth_tracker()
            state["_scale"] = None
            state["_growth_tracker"] = None
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)

    def _check_inf_per_device(self, optimizer):
        """Look for infinite gradients, and leave their scale."""
        scale, _ = self._check_scale_growth_tracker("_check_inf_per_device")
        inverse = full((), 1.0, dtype=float32, device=scale.device)
        found = full((), 0.0, dtype=float32, device=scale.device)
        state = self._per_optimizer_states[id(optimizer)]
        state["found_inf_per_device"] = self._unscale_grads_(optimizer, inverse, found, True)
        return state["found_inf_per_device"]

    def _found_inf_per_device(self, optimizer):
        return self._per_optimizer_states[id(optimizer)]["found_inf_per_device"]
