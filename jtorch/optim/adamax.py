"""Adamax: Adam by the largest gradient instead of the mean square."""

from jtorch._alias import missing_attribute
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["Adamax", "adamax"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Adamax(PerParameter):
    """Adamax.

        m = beta1 * m + (1 - beta1) * g
        u = max(beta2 * u, |g| + eps)
        p = p - lr / (1 - beta1 ** t) * m / u

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.Adamax; Kingma and Ba, arXiv:1412.6980.
    """

    _refuses_sparse = "Adamax does not support sparse gradients"

    def __init__(
        self,
        params,
        lr=2e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay: float = 0,
        foreach=None,
        *,
        maximize=False,
        differentiable=False,
        capturable=False,
    ):
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        _options.refuse_outside("Invalid epsilon value", eps >= 0.0, eps)
        _options.refuse_betas(betas)
        _options.refuse_outside("Invalid weight_decay value", weight_decay >= 0.0, weight_decay)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def _init_group(self, group, params_with_grad, grads, exp_avgs, exp_infs, state_steps):
        return self._fill_lists(
            group, params_with_grad, grads, exp_avg=exp_avgs, exp_inf=exp_infs, step=state_steps
        )

    def _new_state(self, group, param, grad):
        return {
            "step": _options.new_count(0.0, param, group["capturable"]),
            "exp_avg": _options.filled_like(param),
            "exp_inf": _options.filled_like(param),
        }

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(adamax, group)
        adamax(*lists, **options)


def adamax(
    params, grads, exp_avgs, exp_infs, state_steps, foreach=None, maximize=False,
    differentiable=False, capturable=False, has_complex=False, *, eps, beta1, beta2, lr,
    weight_decay,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.adamax.adamax."""
    _options.refuse_untensored(state_steps)
    _options.refuse_foreach_of(differentiable, foreach)
    _options.refuse_uncapturable(capturable, params, state_steps)
    lr = _options.number(lr)
    decay = _options.number_if_used(weight_decay)
    numbers = 1.0 - beta1, float(beta2), float(eps)
    sizes = {}
    counts = step_counts(state_steps)
    for param, grad, average, largest, count in zip(
        params, grads, exp_avgs, exp_infs, counts, strict=True
    ):
        size = sizes.get(count)
        if size is None:
            size = sizes[count] = -(lr / (1 - beta1**count))
        _adamax(param, grad, average, largest, decay, *numbers, size, maximize=maximize)


@Update
def _adamax(param, grad, average, largest, decay, share, beta2, eps, size, *, maximize):
    """`size` is -lr / (1 - beta1 ** t)."""
    if maximize:
        grad = -grad
    grad = _options.decayed(grad, param, decay)
    param, grad, average, largest = _options.as_real(param, grad, average, largest)
    average.lerp_(grad, share)
    largest.mul_(beta2)
    largest.copy_(largest.clone().maximum(grad.abs().add(eps)))
    param.addcdiv_(average, largest, value=size)
