"""ASGD: gradient descent, and the average of where it has been."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import is_grad_enabled
from jtorch._ops.filling import where
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import number_of, put, step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["ASGD", "asgd"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class ASGD(PerParameter):
    """Averaged gradient descent; the average is the state `ax` of a parameter.

        p = p * (1 - lambd * eta) - eta * g
        ax = ax + mu * (p - ax)
        eta = lr / (1 + lambd * lr * t) ** alpha
        mu = 1 / max(1, t - t0)

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.ASGD; Polyak and Juditsky, 1992.
    """

    _refuses_sparse = "ASGD does not support sparse gradients"
    _count_names = ("step", "eta", "mu")
    _places_counts = True

    def __init__(
        self,
        params,
        lr=1e-2,
        lambd=1e-4,
        alpha=0.75,
        t0=1e6,
        weight_decay: float = 0,
        foreach=None,
        maximize=False,
        differentiable=False,
        capturable=False,
    ):
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

    def _init_group(self, group, params_with_grad, grads, mus, axs, etas, state_steps):
        return self._fill_lists(
            group, params_with_grad, grads, mu=mus, ax=axs, eta=etas, step=state_steps
        )

    def _new_state(self, group, param, grad):
        lr = number_of(_options.scalar(group["lr"]))
        return {
            "step": _options.new_count(0.0, param, True),
            "eta": _options.new_count(lr, param, True),
            "mu": _options.new_count(1.0, param, True),
            "ax": _options.filled_like(param),
        }

    def _step_of_group(self, group):
        (params, grads, mus, axs, *others), options = self._lists_and_options(asgd, group)
        asgd(params, grads, axs, mus, *others, **options)


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
