"""Muon: momentum, made orthogonal."""

import math

from jtorch._autograd.modes import no_grad
from jtorch._ops.addmm import addmm
from jtorch._tensor import Tensor
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim.optimizer import Optimizer

__all__ = ["Muon"]

# The coefficients of Keller Jordan's post, https://kellerjordan.github.io/posts/muon/
DEFAULT_A = 3.4445
DEFAULT_B = -4.7750
DEFAULT_C = 2.0315
DEFAULT_NS_STEPS = 5
EPS = 1e-7


class Muon(Optimizer):
    """Muon, for matrices.

        b = momentum * b + (1 - momentum) * g
        o = orthogonal((1 - momentum) * g + momentum * b if nesterov else b)
        p = p * (1 - lr * weight_decay) - ratio * lr * o

    `orthogonal` is Newton-Schulz iteration in bfloat16, which comes near to U V^T of U S V^T.

    Errors:  ValueError for options out of their ranges, and for parameters that are no matrices.
    Source:  torch.optim.Muon; Jordan et al., 2024.
    """

    __module__ = "jtorch.optim"

    def __init__(
        self, params, lr=1e-3, weight_decay=0.1, momentum=0.95, nesterov=True,
        ns_coefficients=(DEFAULT_A, DEFAULT_B, DEFAULT_C), eps=EPS, ns_steps=DEFAULT_NS_STEPS,
        adjust_lr_fn=None,
    ):  # fmt: skip
        _options.refuse_tensor_of_many(lr)
        refuse_outside = _options.refuse_outside
        refuse_outside("Learning rate should be >= 0 but is", lr >= 0.0, lr)
        refuse_outside("momentum should be >= 0 but is", momentum >= 0.0, momentum)
        refuse_outside("weight decay should be >= 0 but is", weight_decay >= 0.0, weight_decay)
        if adjust_lr_fn not in (None, "original", "match_rms_adamw"):
            raise ValueError(f"Adjust learning rate function {adjust_lr_fn} is not supported")
        defaults = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "nesterov": nesterov,
            "ns_coefficients": ns_coefficients,
            "eps": eps,
            "ns_steps": ns_steps,
            "adjust_lr_fn": adjust_lr_fn,
        }
        super().__init__(params, defaults)
        for group in self.param_groups:
            for param in group["params"]:
                if param.ndim != 2:
                    raise ValueError(
                        "Muon only supports 2D parameters whereas we found a parameter with size: "
                        f"{param.size()}"
                    )

    def _init_group(self, group, params_with_grad, grads, muon_momentum_bufs):
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            if param.is_complex():
                raise RuntimeError("Muon does not support complex parameters")
            if grad.is_sparse:
                raise RuntimeError("Muon does not support sparse gradients")
            params_with_grad.append(param)
            grads.append(grad)
            state = self.state[param]
            if "momentum_buffer" not in state:
                state["momentum_buffer"] = _options.filled_like(grad)
            muon_momentum_bufs.append(state["momentum_buffer"])
        return False

    @no_grad()
    def step(self, closure=None):
        """Change the parameters once; gives the loss if `closure` computes one."""
        loss = self._evaluated(closure)
        for group in self.param_groups:
            lists = [], [], []
            has_complex = self._init_group(group, *lists)
            muon(
                *lists,
                lr=group["lr"],
                weight_decay=group["weight_decay"],
                momentum=group["momentum"],
                nesterov=group["nesterov"],
                ns_coefficients=group["ns_coefficients"],
                ns_steps=group["ns_steps"],
                eps=group["eps"],
                adjust_lr_fn=group["adjust_lr_fn"],
                has_complex=has_complex,
            )
        return loss


def muon(
    params, grads, muon_momentum_bufs, *, foreach=None, lr, weight_decay, momentum, nesterov,
    ns_coefficients, ns_steps, eps, adjust_lr_fn, has_complex,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim._muon.muon."""
    if foreach:
        raise RuntimeError("Foreach is not supported for Muon yet")
    if has_complex:
        raise ValueError("Complex parameters are not supported")
    lr = _options.number(lr)
    kept = 1 - lr * weight_decay
    for param, grad, buffer in zip(params, grads, muon_momentum_bufs, strict=True):
        if grad.ndim != 2:
            raise ValueError("Param gradient must be a 2D matrix")
        if ns_steps >= 100:
            raise ValueError("Number of steps must be less than 100 for computational efficiency")
        if len(ns_coefficients) != 3:
            raise ValueError("Coefficients must be a tuple of exactly 3 values")
        rate = -_adjusted(lr, adjust_lr_fn, param.shape)
        a, b, c = map(float, ns_coefficients)
        _muon(
            param, grad, buffer, kept, rate, float(momentum), 1.0 - momentum, a, b, c, float(eps),
            nesterov=nesterov, steps=ns_steps,
        )  # fmt: skip


def _adjusted(lr, adjust_lr_fn, shape):
    """The learning rate for a matrix of a shape."""
    rows, columns = shape[:2]
    if adjust_lr_fn is None or adjust_lr_fn == "original":
        return lr * math.sqrt(max(1, rows / columns))
    if adjust_lr_fn == "match_rms_adamw":
        return lr * (0.2 * math.sqrt(max(rows, columns)))
    return lr * 1.0


@Update
def _muon(param, grad, buffer, kept, rate, momentum, share, a, b, c, eps, *, nesterov, steps):
    """`rate` is minus the learning rate for the matrix."""
    buffer.lerp_(grad, share)
    update = grad.lerp(buffer, momentum) if nesterov else buffer
    tall = grad.size(0) > grad.size(1)
    matrix = update.bfloat16()
    matrix = matrix.T if tall else matrix
    matrix.div_(matrix.norm().clamp(min=eps))  # in place, even if it is the buffer, as torch
    for _ in range(steps):
        gram = matrix @ matrix.T
        gram = addmm(gram, gram, gram, beta=b, alpha=c)
        matrix = addmm(matrix, gram, matrix, beta=a)
    param.mul_(kept)
    if isinstance(rate, Tensor):
        rate = rate.to(param.device)
    param.add_(matrix.T if tall else matrix, alpha=rate)
