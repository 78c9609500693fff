"""NAdam: Adam with Nesterov's momentum."""

from jtorch._alias import missing_attribute
from jtorch._tensor import Tensor
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import multiply, step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["NAdam", "nadam"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class NAdam(PerParameter):
    """NAdam.

        m, v as Adam's; mu(t) = beta1 * (1 - 0.96 ** (t * momentum_decay) / 2); M(t) = M(t-1) * mu(t)
        d = (1 - mu(t)) / (1 - M(t)) * g + mu(t+1) / (1 - M(t) * mu(t+1)) * m
        p = p - lr * d / (sqrt(v / (1 - beta2 ** t)) + eps)

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.NAdam; Dozat, Incorporating Nesterov momentum into Adam, 2016.
    """

    _refuses_sparse = "NAdam does not support sparse gradients"
    _later_options = {
        "maximize": False,
        "foreach": None,
        "capturable": False,
        "differentiable": False,
        "decoupled_weight_decay": False,
    }
    _count_names = ("step", "mu_product")

    def __init__(
        self,
        params,
        lr=2e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay: float = 0,
        momentum_decay=4e-3,
        decoupled_weight_decay=False,
        *,
        foreach=None,
        maximize=False,
        capturable=False,
        differentiable=False,
    ):
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        _options.refuse_outside("Invalid epsilon value", eps >= 0.0, eps)
        _options.refuse_betas(betas)
        _options.refuse_outside("Invalid weight_decay value", weight_decay >= 0.0, weight_decay)
        _options.refuse_outside(
            "Invalid momentum_decay value", momentum_decay >= 0.0, momentum_decay
        )
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _init_group(
        self, group, params_with_grad, grads, exp_avgs, exp_avg_sqs, mu_products, state_steps
    ):
        return self._fill_lists(
            group,
            params_with_grad,
            grads,
            exp_avg=exp_avgs,
            exp_avg_sq=exp_avg_sqs,
            mu_product=mu_products,
            step=state_steps,
        )

    def _new_state(self, group, param, grad):
        return {
            "step": _options.new_count(0.0, param, group["capturable"]),
            "mu_product": _options.new_count(1.0, param, group["capturable"]),
            "exp_avg": _options.filled_like(param),
            "exp_avg_sq": _options.filled_like(param),
        }

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(nadam, group)
        nadam(*lists, **options)


def nadam(
    params, grads, exp_avgs, exp_avg_sqs, mu_products, state_steps, decoupled_weight_decay=False,
    foreach=None, capturable=False, differentiable=False, has_complex=False, maximize=False, *,
    beta1, beta2, lr, weight_decay, momentum_decay, eps,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.nadam.nadam."""
    _options.refuse_untensored(state_steps)
    _options.refuse_foreach_of(differentiable, foreach)
    _options.refuse_uncapturable(
        capturable, params, mu_products, state_steps, what="params, mu_products and state_steps"
    )
    lr = _options.number(lr)
    kept, decay = _options.decay_of(weight_decay, lr, decoupled_weight_decay)
    numbers = 1.0 - beta1, float(beta2), 1.0 - beta2, float(eps)
    counts = step_counts(state_steps)
    for place, (param, count) in enumerate(zip(params, counts, strict=True)):
        now, after = (
            beta1 * (1.0 - 0.5 * 0.96 ** (step * momentum_decay)) for step in (count, count + 1)
        )
        product = multiply(mu_products[place], now)
        _nadam(
            param,
            grads[place],
            exp_avgs[place],
            exp_avg_sqs[place],
            kept,
            decay,
            *numbers,
            1.0 - beta2**count,
            -lr * (1.0 - now) / (1.0 - product),
            -lr * after / (1.0 - product * after),
            maximize=maximize,
            apart=differentiable,
        )


@Update
def _nadam(
    param, grad, average, square, kept, decay, share, beta2, square_share, eps, bias, size,
    average_size, *, maximize, apart,
):  # fmt: skip
    """`size` and `average_size` are the shares of gradient and average in the step.

    `apart`: the step keeps no state that the next one changes, for its derivative.
    """
    if maximize:
        grad = -grad
    param, grad, average, square = _options.as_real(param, grad, average, square)
    if kept is not None:
        param.mul_(kept)
    grad = _options.decayed(grad, param, decay)
    average.lerp_(grad, share)
    square.mul_(beta2).addcmul_(grad, grad, value=square_share)
    root = square.div(bias).sqrt().add(eps)
    if apart or isinstance(size, Tensor):
        param.addcdiv_(grad * size, root)
        param.addcdiv_(average * average_size, root)
    else:
        param.addcdiv_(grad, root, value=size)
        param.addcdiv_(average, root, value=average_size)
