"""RMSprop: steps by the running mean of squares of the gradient."""

from jtorch._alias import missing_attribute
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import step_counts
from jtorch.optim.optimizer import Optimizer, _use_grad_for_differentiable

__all__ = ["RMSprop", "rmsprop"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class RMSprop(Optimizer):
    """RMSprop.

        v = alpha * v + (1 - alpha) * g ** 2
        a = alpha * a + (1 - alpha) * g              (centered: v - a ** 2 in the place of v)
        b = momentum * b + g / (sqrt(v) + eps)
        p = p - lr * b

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.RMSprop; Hinton's lecture notes; centered: Graves, arXiv:1308.0850.
    """

    def __init__(
        self, params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False,
        capturable=False, foreach=None, maximize=False, differentiable=False,
    ):  # fmt: skip
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

    def __setstate__(self, state):
        super().__setstate__(state)
        _options.set_defaults(
            self, momentum=0, centered=False, foreach=None, maximize=False, differentiable=False,
            capturable=False,
        )  # fmt: skip
        _options.counts_as_tensors(self)

    def _init_group(
        self, group, params_with_grad, grads, square_avgs, momentum_buffer_list, grad_avgs,
        state_steps,
    ):  # fmt: skip
        has_complex = False
        for param in group["params"]:
            grad = param.grad
            if grad is None:
                continue
            has_complex = has_complex or param.is_complex()
            params_with_grad.append(param)
            _options.refuse_sparse(grad, "RMSprop")
            grads.append(grad)
            state = self.state[param]
            if not state:
                state["step"] = _options.new_count(0.0, param, group["capturable"])
                state["square_avg"] = _options.filled_like(param)
                if group["momentum"] > 0:
                    state["momentum_buffer"] = _options.filled_like(param)
                if group["centered"]:
                    state["grad_avg"] = _options.filled_like(param)
            square_avgs.append(state["square_avg"])
            state_steps.append(state["step"])
            if group["momentum"] > 0:
                momentum_buffer_list.append(state["momentum_buffer"])
            if group["centered"]:
                grad_avgs.append(state["grad_avg"])
        return has_complex

    @_use_grad_for_differentiable
    def step(self, closure=None):
        """Change the parameters once; gives the loss if `closure` computes one."""
        self._accelerator_graph_capture_health_check()
        loss = self._evaluated(closure)
        for group in self.param_groups:
            params, grads, squares, buffers, averages, steps = [], [], [], [], [], []
            has_complex = self._init_group(group, params, grads, squares, buffers, averages, steps)
            rmsprop(
                params,
                grads,
                squares,
                averages,
                buffers,
                steps,
                foreach=group["foreach"],
                maximize=group["maximize"],
                differentiable=group["differentiable"],
                capturable=group["capturable"],
                has_complex=has_complex,
                lr=group["lr"],
                alpha=group["alpha"],
                eps=group["eps"],
                weight_decay=group["weight_decay"],
                momentum=group["momentum"],
                centered=group["centered"],
            )
        return loss


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
