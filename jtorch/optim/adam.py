"""Adam: steps by running averages of the gradient and of its square."""

from jtorch._alias import missing_attribute
from jtorch._tensor import Tensor
from jtorch.optim import _options
from jtorch.optim._condensed import Update, shared
from jtorch.optim._counts import step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["Adam", "adam"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Adam(PerParameter):
    """Adam.

        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g ** 2         (amsgrad: the largest v there has been)
        p = p - lr * m / (1 - beta1 ** t) / (sqrt(v / (1 - beta2 ** t)) + eps)

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.Adam; Kingma and Ba, arXiv:1412.6980; amsgrad: Reddi et al., 2018.
    """

    _refuses_sparse = "Adam does not support sparse gradients, please consider SparseAdam instead"
    _later_options = {
        "amsgrad": False,
        "maximize": False,
        "foreach": None,
        "capturable": False,
        "differentiable": False,
        "decoupled_weight_decay": False,
        "fused": None,
    }

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay: float = 0,
        amsgrad=False,
        *,
        foreach=None,
        maximize=False,
        capturable=False,
        differentiable=False,
        fused=None,
        decoupled_weight_decay=False,
    ):
        _refuse_tensor("lr", lr, foreach, capturable)
        refuse_outside = _options.refuse_outside
        refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        refuse_outside("Invalid epsilon value", eps >= 0.0, eps)
        _options.refuse_betas(betas)
        refuse_outside("Invalid weight_decay value", weight_decay >= 0.0, weight_decay)
        if not any(all(isinstance(beta, kind) for beta in betas[:2]) for kind in (float, Tensor)):
            raise ValueError("betas must be either both floats or both Tensors")
        for place in (0, 1):
            _refuse_tensor(f"betas[{place}]", betas[place], foreach, capturable)
        defaults = {
            "lr": lr,
            "betas": tuple(map(_options.scalar, betas)),
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)
        if fused and not differentiable:
            self._step_supports_amp_scaling = True
        _options.refuse_together(fused, foreach, differentiable)

    def _init_group(
        self, group, params_with_grad, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps
    ):
        has_complex = self._fill_lists(
            group,
            params_with_grad,
            grads,
            exp_avg=exp_avgs,
            exp_avg_sq=exp_avg_sqs,
            max_exp_avg_sq=max_exp_avg_sqs if group["amsgrad"] else None,
            step=state_steps,
        )
        if group["differentiable"] and any(step.requires_grad for step in state_steps):
            raise RuntimeError("`requires_grad` is not supported for `step` in differentiable mode")
        is_tensor = isinstance(group["lr"], Tensor)
        if params_with_grad and group["foreach"] and is_tensor and not group["capturable"]:
            raise RuntimeError(
                "lr as a Tensor is not supported for capturable=False and foreach=True"
            )
        return has_complex

    def _new_state(self, group, param, grad):
        if group["fused"]:
            _options.refuse_unfusable(param)
        placed = group["capturable"] or group["fused"]
        state = {
            "step": _options.new_count(0.0, param, placed, group["fused"]),
            "exp_avg": _options.filled_like(param),
            "exp_avg_sq": _options.filled_like(param),
        }
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = _options.filled_like(param)
        return state

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(adam, group)
        adam(*lists, **options)


def _refuse_tensor(name, value, foreach, capturable):
    """torch's errors for an option as a tensor."""
    if not isinstance(value, Tensor):
        return
    if foreach and not capturable:
        raise ValueError(
            f"{name} as a Tensor is not supported for capturable=False and foreach=True"
        )
    _options.refuse_tensor_of_many(value, name)


def adam(
    params, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps, foreach=None,
    capturable=False, differentiable=False, fused=None, grad_scale=None, found_inf=None,
    has_complex=False, decoupled_weight_decay=False, *, amsgrad, beta1, beta2, lr, weight_decay,
    eps, maximize,
):  # fmt: skip
    """One step for lists of parameters, gradients and state. Source: torch.optim.adam.adam."""
    _options.refuse_untensored(state_steps)
    if _options.skips(params, grads, fused, grad_scale, found_inf):
        return
    _options.refuse_uncapturable(capturable, params, state_steps)
    _options.refuse_foreach_of(differentiable, foreach)
    numbers = _Numbers(_options.number(lr), beta1, beta2, weight_decay, decoupled_weight_decay)
    eps = shared(float(eps))
    counts = step_counts(state_steps)
    if differentiable:  # torch's corrections are tensors then, in single precision
        counts = [each.clone() for each in state_steps]
    for place, (param, count) in enumerate(zip(params, counts, strict=True)):
        _adam(
            param,
            grads[place],
            exp_avgs[place],
            exp_avg_sqs[place],
            max_exp_avg_sqs[place] if amsgrad else None,
            numbers.kept,
            numbers.decay,
            *numbers.of(count, param.dtype),
            eps,
            maximize=maximize,
            differentiable=differentiable,
        )


class _Numbers:
    """What the parameters of a group have in common, at a time: numbers, or tensors."""

    def __init__(self, lr, beta1, beta2, weight_decay, decoupled):
        self.lr, self.beta1, self.beta2 = lr, _options.number(beta1), _options.number(beta2)
        self.kept, self.decay = map(shared, _options.decay_of(weight_decay, lr, decoupled))
        self._known = {}

    def of(self, count, dtype):
        """(share of the gradient, beta2, share of its square, root, size) of a step.

        `count` is a tensor where the numbers are to be tensors.
        """
        found = self._known.get((count, dtype))
        if found is None:
            size = -(self.lr / (1 - self.beta1**count))
            root = (1 - self.beta2**count) ** 0.5
            share = 1 - self.beta1
            if isinstance(share, Tensor):
                share = share.to(dtype)
            found = (share, self.beta2, 1 - self.beta2, root, size)
            found = self._known[count, dtype] = tuple(map(shared, found))
        return found


@Update
def _adam(
    param, grad, average, square, largest, kept, decay, share, beta2, square_share, root, size, eps,
    *, maximize, differentiable,
):  # fmt: skip
    """`size` is -lr / (1 - beta1 ** t), `root` the square root of 1 - beta2 ** t."""
    if maximize:
        grad = -grad
    if kept is not None:
        param.mul_(kept)
    grad = _options.decayed(grad, param, decay)
    param, grad, average, square, largest = _options.as_real(param, grad, average, square, largest)
    average.lerp_(grad, share)
    if isinstance(beta2, Tensor) and beta2.requires_grad:
        square.lerp_(grad.square(), square_share)
    else:
        square.mul_(beta2).addcmul_(grad, grad, value=square_share)
    if largest is not None:
        largest.copy_((largest.clone() if differentiable else largest).maximum(square))
        square = largest
    if differentiable:
        average = average.clone()
    if isinstance(size, Tensor) or isinstance(root, Tensor):
        param.addcdiv_(average, (square.sqrt() / (root * size)).add_(eps / size))
    else:
        param.addcdiv_(average, (square.sqrt() / root).add_(eps), value=size)
