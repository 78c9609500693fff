"""Stochastic gradient descent, with momentum."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import is_grad_enabled
from jtorch._tensor import Tensor
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim.optimizer import Optimizer, _use_grad_for_differentiable

__all__ = ["SGD", "sgd"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class SGD(Optimizer):
    """Gradient descent.

        g = gradient + weight_decay * p
        b = momentum * b + (1 - dampening) * g      (the first b is g)
        p = p - lr * (g + momentum * b if nesterov else b)

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.SGD; Sutskever et al., On the importance of initialization and momentum.
    """

    def __init__(
        self, params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False, *,
        maximize=False, foreach=None, differentiable=False, fused=None,
    ):  # fmt: skip
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

    def __setstate__(self, state):
        super().__setstate__(state)
        _options.set_defaults(
            self, nesterov=False, maximize=False, foreach=None, differentiable=False, fused=False
        )

    def _init_group(self, group, params, grads, momentum_buffer_list):
        has_sparse_grad = False
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            if group["fused"] and getattr(self, "_need_device_dtype_check_for_fused", True):
                _options.refuse_unfusable(param)
                self._need_device_dtype_check_for_fused = False
            params.append(param)
            grads.append(grad)
            has_sparse_grad = has_sparse_grad or grad.is_sparse
            if group["momentum"] != 0:
                momentum_buffer_list.append(self.state[param].get("momentum_buffer"))
        return has_sparse_grad

    @_use_grad_for_differentiable
    def step(self, closure=None):
        """Change the parameters once; gives the loss if `closure` computes one."""
        loss = self._evaluated(closure)
        for group in self.param_groups:
            params, grads, buffers = [], [], []
            has_sparse_grad = self._init_group(group, params, grads, buffers)
            sgd(
                params,
                grads,
                buffers,
                has_sparse_grad=has_sparse_grad,
                foreach=group["foreach"],
                fused=group["fused"],
                grad_scale=getattr(self, "grad_scale", None),
                found_inf=getattr(self, "found_inf", None),
                weight_decay=group["weight_decay"],
                momentum=group["momentum"],
                lr=group["lr"],
                dampening=group["dampening"],
                nesterov=group["nesterov"],
                maximize=group["maximize"],
            )
            if group["momentum"] != 0:
                for param, buffer in zip(params, buffers, strict=True):
                    self.state[param]["momentum_buffer"] = buffer
        return loss


def sgd(
    params, d_p_list, momentum_buffer_list, has_sparse_grad=False, foreach=None, fused=None,
    grad_scale=None, found_inf=None, *, weight_decay, momentum, lr, dampening, nesterov, maximize,
):  # fmt: skip
    """One step for lists of parameters, gradients and buffers. Source: torch.optim.sgd.sgd."""
    if _options.skips(params, d_p_list, fused, grad_scale, found_inf):
        return
    rate = -_options.number(lr)
    decay = _options.number_if_used(weight_decay)
    factor = _options.number_if_used(momentum)
    for place, param in enumerate(params):
        grad = d_p_list[place]
        buffer = share = None
        first = False
        if factor is not None:
            buffer, share = momentum_buffer_list[place], 1.0 - dampening
            if buffer is None:
                # -0 and a gradient are the gradient, whatever its sign.
                buffer = momentum_buffer_list[place] = _options.filled_like(grad, -0.0)
                first, share = is_grad_enabled(), 1.0
        _sgd(
            param, grad, buffer, rate, decay, factor, share,
            nesterov=nesterov, maximize=maximize, first=first,
        )  # fmt: skip


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
