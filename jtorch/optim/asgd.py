"""ASGD: gradient descent, and the average of where it has been."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import is_grad_enabled
from jtorch._ops.filling import where
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import number_of, put, step_counts
from jtorch.optim.optimizer import Optimizer, _use_grad_for_differentiable

__all__ = ["ASGD", "asgd"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class ASGD(Optimizer):
    """Averaged gradient descent; the average is the state `ax` of a parameter.

        p = p * (1 - lambd * eta) - eta * g
        ax = ax + mu * (p - ax)
        eta = lr / (1 + lambd * lr * t) ** alpha
        mu = 1 / max(1, t - t0)

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.ASGD; Polyak and Juditsky, 1992.
    """

    def __init__(
        self, params, lr=1e-2, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0, foreach=None,
        maximize=False, differentiable=False, capturable=False,
    ):  # fmt: skip
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        _options.refuse_outside("Invalid weight_decay value", weight_decay >= 0.0, weight_decay)
        defaults = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def __setstate__(self, state):
        super().__setstate__(state)
        _options.set_defaults(
            self, foreach=None, maximize=False, differentiable=False, capturable=False
        )
        _options.counts_as_tensors(self, ("step", "eta", "mu"), on_its_device=True)

    def _init_group(self, group, params_with_grad, grads, mus, axs, etas, state_steps):
        has_complex = False
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            has_complex = has_complex or param.is_complex()
            params_with_grad.append(param)
            _options.refuse_sparse(grad, "ASGD")
            grads.append(grad)
            state = self.state[param]
            if not state:
                lr = number_of(_options.scalar(group["lr"]))
                state["step"] = _options.new_count(0.0, param, True)
                state["eta"] = _options.new_count(lr, param, True)
                state["mu"] = _options.new_count(1.0, param, True)
                state["ax"] = _options.filled_like(param)
            mus.append(state["mu"])
            axs.append(state["ax"])
            etas.append(state["eta"])
            state_steps.append(state["step"])
        return has_complex

    @_use_grad_for_differentiable
    def step(self, closure=None):
        """Change the parameters once; gives the loss if `closure` computes one."""
        self._accelerator_graph_capture_health_check()
        loss = self._evaluated(closure)
        for group in self.param_groups:
            params, grads, mus, axs, etas, steps = [], [], [], [], [], []
            has_complex = self._init_group(group, params, grads, mus, axs, etas, steps)
            asgd(
                params,
                grads,
                axs,
                mus,
                etas,
                steps,
                foreach=group["foreach"],
                maximize=group["maximize"],
                differentiable=group["differentiable"],
                capturable=group["capturable"],
                has_complex=has_complex,
                lambd=group["lambd"],
                lr=group["lr"],
                t0=group["t0"],
                alpha=group["alpha"],
                weight_decay=group["weight_decay"],
            )
        return loss


def asgd(
    params, grads, axs, mus, etas, state_steps, foreach=None, maximize=False, differentiable=False,
    capturable=False, has_complex=False, *, lambd, lr, t0, alpha, weight_decay,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.asgd.asgd."""
    _options.refuse_foreach_of(differentiable, foreach)
    _options.refuse_uncapturable(
        capturable, params, mus, etas, state_steps, what="params, mus, etas, and state_steps"
    )
    lr = number_of(_options.scalar(lr))
    decay = _options.number_if_used(weight_decay)
    counts = step_counts(state_steps)
    for place, (param, count) in enumerate(zip(params, counts, strict=True)):
        eta, mu = float(number_of(etas[place])), float(number_of(mus[place]))
        averages = mu != 1
        choice = None if is_grad_enabled() else _options.truth(averages, param)
        share = mu if averages or choice is not None else None
        _asgd(
            param, grads[place], axs[place], decay, 1.0 - lambd * eta, -eta, share, choice,
            maximize=maximize,
        )  # fmt: skip
        put(etas[place], lr / (1 + lambd * lr * count) ** alpha)
        put(mus[place], 1 / max(1, count - t0))


@Update
def _asgd(param, grad, mean, decay, kept, rate, share, choice, *, maximize):
    """`choice` says whether averaging has begun; where it is None, `share` does by being one."""
    if maximize:
        grad = -grad
    param, grad, mean = _options.as_real(param, grad, mean)
    grad = _options.decayed(grad, param, decay)
    param.mul_(kept)
    param.add_(grad, alpha=rate)
    if share is None:
        mean.copy_(param)
    else:
        averaged = mean + param.sub(mean).mul(share)
        mean.copy_(averaged if choice is None else where(choice, averaged, param))
