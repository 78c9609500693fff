"""Stochastic gradient descent, with momentum."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import is_grad_enabled
from jtorch._tensor import Tensor
from jtorch.optim import _options
from jtorch.optim._condensed import Update, shared
from jtorch.optim._per_parameter import PerParameter

__all__ = ["SGD", "sgd"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class SGD(PerParameter):
    """Gradient descent.

        g = gradient + weight_decay * p
        b = momentum * b + (1 - dampening) * g      (the first b is g)
        p = p - lr * (g + momentum * b if nesterov else b)

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.SGD; Sutskever et al., On the importance of initialization and momentum.
    """

    _later_options = {
        "nesterov": False,
        "maximize": False,
        "foreach": None,
        "differentiable": False,
        "fused": False,
    }
    _count_names = ()

    def __init__(
        self,
        params,
        lr=1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov=False,
        *,
        maximize=False,
        foreach=None,
        differentiable=False,
        fused=None,
    ):
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", not lr < 0.0, lr)
        _options.refuse_outside("Invalid momentum value", not momentum < 0.0, momentum)
        _options.refuse_outside("Invalid weight_decay value", not weight_decay < 0.0, weight_decay)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        if fused:
            self._step_supports_amp_scaling = True
            self._need_device_dtype_check_for_fused = True
        _options.refuse_together(fused, foreach, differentiable)

    def _init_group(self, group, params, grads, momentum_buffer_list):
        # There is no state without momentum, not even an empty one.
        for param in group["params"]:
            grad = param.grad
            if grad is not None:
                params.append(param)
                grads.append(grad)
                if group["momentum"] != 0:
                    momentum_buffer_list.append(self.state[param].get("momentum_buffer"))
        _options.refuse_first_unfusable(self, group, params)
        return any(grad.is_sparse for grad in grads)

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(sgd, group)
        sgd(*lists, **options)
        if group["momentum"] != 0:
            params, _, buffers = lists
            for param, buffer in zip(params, buffers, strict=True):
                self.state[param]["momentum_buffer"] = buffer


def sgd(
    params, d_p_list, momentum_buffer_list, has_sparse_grad=False, foreach=None, fused=None,
    grad_scale=None, found_inf=None, *, weight_decay, momentum, lr, dampening, nesterov, maximize,
):  # fmt: skip
    """One step for lists of parameters, gradients and buffers. Source: torch.optim.sgd.sgd."""
    if fused and has_sparse_grad:
        raise RuntimeError("`_fused_sgd` does not support sparse gradients")
    if _options.skips(params, d_p_list, fused, grad_scale, found_inf):
        return
    numbers = -_options.number(lr), *map(_options.number_if_used, (weight_decay, momentum))
    rate, decay, factor = map(shared, numbers)
    share_later, share_first = shared(1.0 - dampening), shared(1.0)
    for place, param in enumerate(params):
        grad = d_p_list[place]
        if has_sparse_grad and grad.is_sparse:
            buffer = momentum_buffer_list[place] if momentum != 0 else None
            found = _sgd_of_sparse(
                param, -grad if maximize else grad, buffer, rate, weight_decay, momentum,
                1.0 - dampening, nesterov,
            )  # fmt: skip
            if momentum != 0:
                momentum_buffer_list[place] = found
            continue
        buffer = share = None
        first = False
        if factor is not None:
            buffer, share = momentum_buffer_list[place], share_later
            if buffer is None:
                # -0 and a gradient are the gradient, whatever its sign.
                buffer = momentum_buffer_list[place] = _options.filled_like(grad, -0.0)
                first, share = is_grad_enabled(), share_first
        _sgd(
            param, grad, buffer, rate, decay, factor, share,
            nesterov=nesterov, maximize=maximize, first=first,
        )  # fmt: skip


def _sgd_of_sparse(param, grad, buffer, rate, decay, factor, share, nesterov):
    """The same for a sparse gradient; gives the buffer, which is sparse as well."""
    if decay != 0:
        grad = grad.add(param, alpha=decay)  # torch's error
    if factor != 0:
        if buffer is None:
            buffer = grad.detach().clone()
        else:
            buffer.mul_(factor).add_(grad, alpha=share)
        grad = grad.add(buffer, alpha=factor) if nesterov else buffer
    param.add_(grad, alpha=rate)
    return buffer


@Update
def _sgd(param, grad, buffer, rate, decay, factor, share, *, nesterov, maximize, first):
    """`rate` is -lr; `share` that of the gradient in the buffer."""
    if maximize:
        grad = -grad
    grad = _options.decayed(grad, param, decay)
    if buffer is not None:
        buffer.mul_(factor).add_(grad.detach() if first else grad, alpha=share)
        grad = grad.add(buffer, alpha=factor) if nesterov else buffer
    if isinstance(rate, Tensor) and rate.requires_grad:
        param.addcmul_(grad, rate)
    else:
        param.add_(grad, alpha=rate)
