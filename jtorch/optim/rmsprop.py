"""RMSprop: steps by the running mean of squares of the gradient."""

from jtorch._alias import missing_attribute
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["RMSprop", "rmsprop"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class RMSprop(PerParameter):
    """RMSprop.

        v = alpha * v + (1 - alpha) * g ** 2
        a = alpha * a + (1 - alpha) * g              (centered: v - a ** 2 in the place of v)
        b = momentum * b + g / (sqrt(v) + eps)
        p = p - lr * b

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.RMSprop; Hinton's lecture notes; centered: Graves, arXiv:1308.0850.
    """

    _refuses_sparse = "RMSprop does not support sparse gradients"
    _later_options = {
        "momentum": 0,
        "centered": False,
        "foreach": None,
        "maximize": False,
        "differentiable": False,
        "capturable": False,
    }

    def __init__(
        self,
        params,
        lr=1e-2,
        alpha=0.99,
        eps=1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered=False,
        capturable=False,
        foreach=None,
        maximize=False,
        differentiable=False,
    ):
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        _options.refuse_outside("Invalid epsilon value", eps >= 0.0, eps)
        _options.refuse_outside("Invalid momentum value", momentum >= 0.0, momentum)
        _options.refuse_outside("Invalid weight_decay value", weight_decay >= 0.0, weight_decay)
        _options.refuse_outside("Invalid alpha value", alpha >= 0.0, alpha)
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _init_group(
        self, group, params_with_grad, grads, square_avgs, momentum_buffer_list, grad_avgs,
        state_steps,
    ):  # fmt: skip
        return self._fill_lists(
            group,
            params_with_grad,
            grads,
            square_avg=square_avgs,
            step=state_steps,
            momentum_buffer=momentum_buffer_list if group["momentum"] > 0 else None,
            grad_avg=grad_avgs if group["centered"] else None,
        )

    def _new_state(self, group, param, grad):
        state = {
            "step": _options.new_count(0.0, param, group["capturable"]),
            "square_avg": _options.filled_like(param),
        }
        if group["momentum"] > 0:
            state["momentum_buffer"] = _options.filled_like(param)
        if group["centered"]:
            state["grad_avg"] = _options.filled_like(param)
        return state

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(rmsprop, group)
        params, grads, squares, buffers, averages, steps = lists
        rmsprop(params, grads, squares, averages, buffers, steps, **options)


def rmsprop(
    params, grads, square_avgs, grad_avgs, momentum_buffer_list, state_steps, foreach=None,
    maximize=False, differentiable=False, capturable=False, has_complex=False, *, lr, alpha, eps,
    weight_decay, momentum, centered,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.rmsprop.rmsprop."""
    _options.refuse_untensored(state_steps)
    _options.refuse_foreach_of(differentiable, foreach)
    _options.refuse_uncapturable(capturable, params, state_steps)
    step_counts(state_steps)
    decay = _options.number_if_used(weight_decay)
    numbers = -_options.number(lr), float(alpha), 1.0 - alpha, float(eps)
    factor = float(momentum) if momentum > 0 else None
    for place, param in enumerate(params):
        _rmsprop(
            param,
            grads[place],
            square_avgs[place],
            grad_avgs[place] if centered else None,
            momentum_buffer_list[place] if factor is not None else None,
            decay,
            factor,
            *numbers,
            maximize=maximize,
        )


@Update
def _rmsprop(
    param, grad, square, average, buffer, decay, factor, rate, alpha, share, eps, *, maximize
):
    """`rate` is -lr."""
    if maximize:
        grad = -grad
    grad = _options.decayed(grad, param, decay)
    param, grad, square, average, buffer = _options.as_real(param, grad, square, average, buffer)
    square.mul_(alpha).addcmul_(grad, grad, value=share)
    if average is not None:
        average.lerp_(grad, share)
        square = square.addcmul(average, average, value=-1)
    root = square.sqrt().add(eps)
    if buffer is None:
        param.addcdiv_(grad, root, value=rate)
    else:
        buffer.mul_(factor).addcdiv_(grad, root)
        param.add_(buffer, alpha=rate)
