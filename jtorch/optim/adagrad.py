"""Adagrad: steps by the sum of all squares of the gradient."""

from jtorch._alias import missing_attribute
from jtorch._sparse.construct import sparse_coo_tensor
from jtorch.optim import _options
from jtorch.optim._condensed import Update
from jtorch.optim._counts import step_counts
from jtorch.optim._per_parameter import PerParameter

__all__ = ["Adagrad", "adagrad"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Adagrad(PerParameter):
    """Adagrad.

        s = s + g ** 2
        p = p - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(s) + eps)

    Errors:  ValueError for options out of their ranges.
    Source:  torch.optim.Adagrad; Duchi et al., JMLR 12, 2011.
    """

    _later_options = {"foreach": None, "maximize": False, "differentiable": False, "fused": None}

    def __init__(
        self,
        params,
        lr=1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps=1e-10,
        foreach=None,
        *,
        maximize=False,
        differentiable=False,
        fused=None,
    ):
        initial = initial_accumulator_value
        _options.refuse_tensor_of_many(lr)
        _options.refuse_outside("Invalid learning rate", lr >= 0.0, lr)
        _options.refuse_outside("Invalid lr_decay value", lr_decay >= 0.0, lr_decay)
        _options.refuse_outside("Invalid weight_decay value", weight_decay >= 0.0, weight_decay)
        _options.refuse_outside("Invalid initial_accumulator_value value", initial >= 0.0, initial)
        _options.refuse_outside("Invalid epsilon value", eps >= 0.0, eps)
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        _options.refuse_together(fused, foreach, differentiable)
        if fused:
            self._need_device_dtype_check_for_fused = True
            self._step_supports_amp_scaling = True
        for group in self.param_groups:
            for param in group["params"]:
                self.state[param].update(self._new_state(group, param, None))

    def share_memory(self):
        """Let other processes see the sums. Source: torch.optim.Adagrad.share_memory."""
        for group in self.param_groups:
            for param in group["params"]:
                self.state[param]["sum"].share_memory_()

    def _init_group(self, group, params_with_grad, grads, state_sums, state_steps):
        has_complex = self._fill_lists(
            group, params_with_grad, grads, sum=state_sums, step=state_steps
        )
        _options.refuse_first_unfusable(self, group, params_with_grad)
        return any(grad.is_sparse for grad in grads), has_complex

    def _new_state(self, group, param, grad):
        initial = self.defaults["initial_accumulator_value"]
        value = complex(initial, initial) if param.is_complex() else initial
        return {
            "step": _options.new_count(0.0, param, group["fused"], group["fused"]),
            "sum": _options.filled_like(param, value),
        }

    def _step_of_group(self, group):
        lists, options = self._lists_and_options(adagrad, group)
        adagrad(*lists, **options)


def adagrad(
    params, grads, state_sums, state_steps, fused=None, grad_scale=None, found_inf=None,
    has_sparse_grad=False, foreach=None, differentiable=False, has_complex=False, *, lr,
    weight_decay, lr_decay, eps, maximize,
):  # fmt: skip
    """One step for lists of tensors. Source: torch.optim.adagrad.adagrad."""
    _options.refuse_untensored(state_steps)
    if fused and params and (has_sparse_grad or has_complex):
        raise RuntimeError("`fused` does not support sparse grad or complex param")
    if _options.skips(params, grads, fused, grad_scale, found_inf):
        return
    _options.refuse_foreach_of(differentiable, foreach)
    lr = _options.number(lr)
    decay = _options.number_if_used(weight_decay)
    sizes = {}
    counts = step_counts(state_steps)
    for param, grad, total, count in zip(params, grads, state_sums, counts, strict=True):
        size = sizes.get(count)
        if size is None:
            size = sizes[count] = -(lr / (1 + (count - 1) * lr_decay))
        if grad.is_sparse:
            if weight_decay != 0:
                raise RuntimeError("weight_decay option is not compatible with sparse gradients")
            _adagrad_of_sparse(param, -grad if maximize else grad, total, size, eps)
            continue
        _adagrad(param, grad, total, decay, size, float(eps), maximize=maximize)


def _adagrad_of_sparse(param, grad, total, size, eps):
    """The same for a sparse gradient: only what it holds is changed."""
    grad = grad.coalesce()
    indices, values, size_of = grad._indices(), grad._values(), grad.shape
    total.add_(sparse_coo_tensor(indices, values.pow(2), size_of))
    deviation = total.sparse_mask(grad)._values().sqrt().add(eps)
    param.add_(sparse_coo_tensor(indices, values / deviation, size_of), alpha=size)


@Update
def _adagrad(param, grad, total, decay, size, eps, *, maximize):
    """`size` is -lr, as it has decayed."""
    if maximize:
        grad = -grad
    grad = _options.decayed(grad, param, decay)
    param, grad, total = _options.as_real(param, grad, total)
    total.addcmul_(grad, grad, value=1)
    param.addcdiv_(grad, total.sqrt().add(eps), value=size)
