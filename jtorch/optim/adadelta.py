"""Adadelta: steps as large as the last ones were, by the last gradients."""

from jtorch._alias import missing_attribute
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["Adadelta", "adadelta"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Adadelta(PerParameter):
    """Adadelta.

        v = rho * v + (1 - rho) * g ** 2
        d = sqrt(u + eps) / sqrt(v + eps) * g
        u = rho * u + (1 - rho) * d ** 2
        p = p - lr * d

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.Adadelta; Zeiler, arXiv:1212.5701.
    """

    _refuses_sparse = "Adadelta does not support sparse gradients"

    def __init__(
        self,
        params,
        lr=1.0,
        rho=0.9,
        eps=1e-6,
        weight_decay: float = 0,
        foreach=None,
        *,
        capturable=False,
        maximize=False,
        differentiable=False,
    ):
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        _options.refuse_outside("Invalid rho value", 0.0 <= rho <= 1.0, rho)
        _options.refuse_outside("Invalid epsilon value", eps >= 0.0, eps)
        _options.refuse_outside("Invalid weight_decay value", weight_decay >= 0.0, weight_decay)
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _init_group(self, group, params_with_grad, grads, square_avgs, acc_deltas, state_steps):
        return self._fill_lists(
            group,
            params_with_grad,
            grads,
            square_avg=square_avgs,
            acc_delta=acc_deltas,
            step=state_steps,
        )

    def _new_state(self, group, param, grad):
        return {
            "step": _options.new_count(0.0, param, group["capturable"]),
            "square_avg": _options.filled_like(param),
            "acc_delta": _options.filled_like(param),
        }

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(adadelta, group)
        adadelta(*lists, **options)


def adadelta(
    params, grads, square_avgs, acc_deltas, state_steps, capturable=False, foreach=None,
    differentiable=False, has_complex=False, *, lr, rho, eps, weight_decay, maximize,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.adadelta.adadelta."""
    _options.refuse_untensored(state_steps)
    _options.refuse_foreach_of(differentiable, foreach)
    _options.refuse_uncapturable(capturable, params, state_steps, xla=False)
    step_counts(state_steps)
    decay = _options.number_if_used(weight_decay)
    numbers = -_options.number(lr), float(rho), 1.0 - rho, float(eps)
    for param, grad, square, delta in zip(params, grads, square_avgs, acc_deltas, strict=True):
        _adadelta(param, grad, square, delta, decay, *numbers, maximize=maximize)


@Update
def _adadelta(param, grad, square, delta_square, decay, rate, rho, share, eps, *, maximize):
    """`rate` is -lr."""
    if maximize:
        grad = -grad
    grad = _options.decayed(grad, param, decay)
    param, grad, square, delta_square = _options.as_real(param, grad, square, delta_square)
    square.mul_(rho).addcmul_(grad, grad, value=share)
    delta = delta_square.add(eps).sqrt().div(square.add(eps).sqrt()).mul(grad)
    delta_square.mul_(rho).addcmul_(delta, delta, value=share)
    param.add_(delta, alpha=rate)
