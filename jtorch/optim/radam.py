"""RAdam: Adam, whose adaptive rate begins only once its variance is known well enough."""

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import is_grad_enabled
from jtorch._ops.filling import where
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["RAdam", "radam"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class RAdam(PerParameter):
    """RAdam.

        m, v as Adam's; r = rho_inf - 2 * t * beta2 ** t / (1 - beta2 ** t)
        p = p - lr * m / (1 - beta1 ** t)                              while r <= 5
        p = p - lr * m / (1 - beta1 ** t) * sqrt(1 - beta2 ** t) / (sqrt(v) + eps) * rect(r)

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.RAdam; Liu et al., arXiv:1908.03265.
    """

    _refuses_sparse = "RAdam does not support sparse gradients"
    _later_options = {
        "foreach": None,
        "maximize": False,
        "differentiable": False,
        "decoupled_weight_decay": False,
        "capturable": False,
    }

    def __init__(
        self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay: float = 0,
        decoupled_weight_decay=False, *, foreach=None, maximize=False, capturable=False,
        differentiable=False,
    ):  # fmt: skip
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
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _init_group(self, group, params_with_grad, grads, exp_avgs, exp_avg_sqs, state_steps):
        return self._fill_lists(
            group,
            params_with_grad,
            grads,
            exp_avg=exp_avgs,
            exp_avg_sq=exp_avg_sqs,
            step=state_steps,
        )

    def _new_state(self, group, param, grad):
        return {
            "step": _options.new_count(0.0, param, group["capturable"]),
            "exp_avg": _options.filled_like(param),
            "exp_avg_sq": _options.filled_like(param),
        }

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(radam, group)
        radam(*lists, **options)


def radam(
    params, grads, exp_avgs, exp_avg_sqs, state_steps, decoupled_weight_decay=False, foreach=None,
    differentiable=False, capturable=False, has_complex=False, maximize=False, *, beta1, beta2, lr,
    weight_decay, eps,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.radam.radam."""
    _options.refuse_untensored(state_steps)
    _options.refuse_foreach_of(differentiable, foreach)
    _options.refuse_uncapturable(capturable, params, state_steps)
    lr = _options.number(lr)
    kept, decay = _options.decay_of(weight_decay, lr, decoupled_weight_decay)
    numbers = lr, 1.0 - beta1, float(beta2), 1.0 - beta2, float(eps)
    known = {}
    counts = step_counts(state_steps)
    for param, grad, average, square, count in zip(
        params, grads, exp_avgs, exp_avg_sqs, counts, strict=True
    ):
        key = count, param.device
        if key not in known:
            corrections = _corrections(count, beta1, beta2)
            adapts = corrections[-1] is not None
            # A step whose rate is not adaptive yet is the same program.
            choice = None if is_grad_enabled() else _options.truth(adapts, param)
            known[key] = (
                choice,
                *corrections[:2],
                corrections[2] if adapts or choice is None else 1.0,
            )
        choice, bias, root, rect = known[key]
        _radam(
            param, grad, average, square, kept, decay, *numbers, choice, bias, root, rect,
            maximize=maximize,
        )  # fmt: skip


def _corrections(count, beta1, beta2):
    """(1 - beta1 ** t, sqrt(1 - beta2 ** t), the rectification: None while it is not defined)."""
    power = beta2**count
    limit = 2 / (1 - beta2) - 1
    length = limit - 2 * count * power / (1 - power)
    rect = None
    if length > 5.0:
        above = (length - 4) * (length - 2) * limit
        rect = (above / ((limit - 4) * (limit - 2) * length)) ** 0.5
    return 1.0 - beta1**count, (1 - power) ** 0.5, rect


@Update
def _radam(
    param, grad, average, square, kept, decay, lr, share, beta2, square_share, eps, choice, bias,
    root, rect, *, maximize,
):  # fmt: skip
    """`choice` says whether the rate is adaptive; where it is None, `rect` does by being one."""
    if maximize:
        grad = -grad
    param, grad, average, square = _options.as_real(param, grad, average, square)
    if kept is not None:
        param.mul_(kept)
    grad = _options.decayed(grad, param, decay)
    average.lerp_(grad, share)
    square.mul_(beta2).addcmul_(grad, grad, value=square_share)
    step = average / bias * lr
    if rect is not None:
        adapted = step * (square.sqrt().add(eps).reciprocal() * root) * rect
        step = adapted if choice is None else where(choice, adapted, step)
    param.add_(step, alpha=-1.0)
