"""Batch norms: modules that keep running statistics."""

from jtorch import _dtypes
from jtorch._autograd.modes import no_grad
from jtorch.nn import functional, init
from jtorch.nn._creation import empty, ones, zeros
from jtorch.nn.modules.lazy import LazyModuleMixin
from jtorch.nn.modules.module import Module
from jtorch.nn.parameter import Parameter, UninitializedBuffer, UninitializedParameter

__all__ = [
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "LazyBatchNorm1d", "LazyBatchNorm2d",
    "LazyBatchNorm3d", "SyncBatchNorm",
]  # fmt: skip


def _no_batches(device):
    return zeros((), dtype=_dtypes.int64, device=device)


class _NormBase(Module):
    """What norms of channels have in common: parameters, and statistics that they may keep.

    Attributes: weight, bias (num_features) or None; running_mean, running_var (num_features) and
             num_batches_tracked () or None.
    """

    _version = 2
    __constants__ = ["track_running_stats", "momentum", "eps", "num_features", "affine"]
    num_features: int
    eps: float
    momentum: float | None
    affine: bool
    track_running_stats: bool
    _dims = None  # how many an input may have

    def __init__(
        self,
        num_features,
        eps=1e-5,
        momentum: float | None = 0.1,
        affine=True,
        track_running_stats=True,
        device=None,
        dtype=None,
        *,
        bias=True,
    ):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        for name, wanted in (("weight", affine), ("bias", affine and bias)):
            if wanted:
                setattr(self, name, Parameter(empty(num_features, device=device, dtype=dtype)))
            else:
                self.register_parameter(name, None)
        mean = spread = count = None
        if track_running_stats:
            mean = zeros(num_features, device=device, dtype=dtype)
            spread = ones(num_features, device=device, dtype=dtype)
            count = _no_batches(device)
        self.register_buffer("running_mean", mean)
        self.register_buffer("running_var", spread)
        self.register_buffer("num_batches_tracked", count)
        self.reset_parameters()

    def reset_running_stats(self):
        """Forget what has been seen."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self):
        """Give parameters and statistics their initial values."""
        self.reset_running_stats()
        if self.affine:
            init.ones_(self.weight)
            if self.bias is not None:
                init.zeros_(self.bias)

    def _check_input_dim(self, input):
        if self._dims is None:
            raise NotImplementedError
        if input.dim() not in self._dims:
            names = " or ".join(f"{each}D" for each in self._dims)
            raise ValueError(f"expected {names} input (got {input.dim()}D input)")

    def extra_repr(self):
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )

    def _load_from_state_dict(
        self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
    ):
        version = local_metadata.get("version")
        key = f"{prefix}num_batches_tracked"
        if (version is None or version < 2) and self.track_running_stats and key not in state_dict:
            known = self.num_batches_tracked  # older files have none
            usable = known is not None and known.device.type != "meta"
            state_dict[key] = known if usable else _no_batches(None)
        super()._load_from_state_dict(
            state_dict,
            prefix,
            local_metadata,
            strict,
            missing_keys,
            unexpected_keys,
            error_msgs,
        )


class _BatchNorm(_NormBase):
    """Channels with mean 0 and variance 1: in training over the batch, else by the statistics."""

    def _momentum_of_batch(self):
        """Count the batch; how far the statistics move towards its own.

        Without a momentum they are means over all batches; the share is computed of the counter, so
        that nothing waits for its value.
        """
        if self.training and self.track_running_stats and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                return self.num_batches_tracked.to(_dtypes.float64).reciprocal()
        return 0.0 if self.momentum is None else self.momentum

    def forward(self, input):
        self._check_input_dim(input)
        momentum = self._momentum_of_batch()
        by_batch = self.training or (self.running_mean is None and self.running_var is None)
        kept = not self.training or self.track_running_stats
        return functional.batch_norm(
            input,
            self.running_mean if kept else None,
            self.running_var if kept else None,
            self.weight,
            self.bias,
            by_batch,
            momentum,
            self.eps,
        )


class _LazyNormBase(LazyModuleMixin, _NormBase):
    """A norm of channels that learns their number from its first input."""

    weight: UninitializedParameter
    bias: UninitializedParameter

    def __init__(
        self,
        eps=1e-5,
        momentum: float | None = 0.1,
        affine=True,
        track_running_stats=True,
        device=None,
        dtype=None,
        *,
        bias=True,
    ):
        super().__init__(0, eps, momentum, False, False, device=device, dtype=dtype, bias=False)
        self.affine = affine
        self.track_running_stats = track_running_stats
        if affine:
            self.weight = UninitializedParameter(device=device, dtype=dtype)
            if bias:
                self.bias = UninitializedParameter(device=device, dtype=dtype)
        if track_running_stats:
            self.running_mean = UninitializedBuffer(device=device, dtype=dtype)
            self.running_var = UninitializedBuffer(device=device, dtype=dtype)
            self.num_batches_tracked = _no_batches(device)

    def reset_parameters(self):
        if not self.has_uninitialized_params() and self.num_features != 0:
            super().reset_parameters()

    def initialize_parameters(self, input):
        """Give parameters and statistics the shapes that suit an input."""
        if not self.has_uninitialized_params():
            return
        self.num_features = input.shape[1]
        shape = (self.num_features,)
        if self.affine:
            for name in ("weight", "bias"):
                each = getattr(self, name)
                if name == "bias" and each is None:
                    continue
                if not isinstance(each, UninitializedParameter):
                    raise AssertionError(f"self.{name} must be an UninitializedParameter")
                each.materialize(shape)
        if self.track_running_stats:
            self.running_mean.materialize(shape)
            self.running_var.materialize(shape)
        self.reset_parameters()


class BatchNorm1d(_BatchNorm):
    """`BatchNorm2d` of (N, C) or (N, C, L). Source: torch.nn.BatchNorm1d."""

    _dims = (2, 3)


class LazyBatchNorm1d(_LazyNormBase, _BatchNorm):
    """`BatchNorm1d` with `num_features` learned. Source: torch.nn.LazyBatchNorm1d."""

    cls_to_become = BatchNorm1d
    _dims = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Channels with mean 0 and variance 1, times `weight`, plus `bias`.

    In training by the batch's own mean and variance, and the running ones move towards them by the
    share `momentum` (None: so that they are means over all batches); else by the running ones.

    Shape:   (N, C, H, W) -> the same.
    Attributes: as `_NormBase` has them; weight is 1 and bias 0 at first.
    Errors:  ValueError for another number of dims, and for one value per channel in training.
    Source:  torch.nn.BatchNorm2d.
    """

    _dims = (4,)


class LazyBatchNorm2d(_LazyNormBase, _BatchNorm):
    """`BatchNorm2d` with `num_features` learned. Source: torch.nn.LazyBatchNorm2d."""

    cls_to_become = BatchNorm2d
    _dims = (4,)


class BatchNorm3d(_BatchNorm):
    """`BatchNorm2d` of (N, C, D, H, W). Source: torch.nn.BatchNorm3d."""

    _dims = (5,)


class LazyBatchNorm3d(_LazyNormBase, _BatchNorm):
    """`BatchNorm3d` with `num_features` learned. Source: torch.nn.LazyBatchNorm3d."""

    cls_to_become = BatchNorm3d
    _dims = (5,)


class SyncBatchNorm(_BatchNorm):
    """Batch norm over all processes; there is one here, so it is a batch norm of (N, C, ...).

    Source:  torch.nn.SyncBatchNorm.
    """

    def __init__(
        self,
        num_features,
        eps=1e-5,
        momentum: float | None = 0.1,
        affine=True,
        track_running_stats=True,
        process_group=None,
        device=None,
        dtype=None,
        *,
        bias=True,
    ):
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )
        self.process_group = process_group

    def _check_input_dim(self, input):
        if input.dim() < 2:
            raise ValueError(f"expected at least 2D input (got {input.dim()}D input)")
        if input.size(1) == 0:
            raise ValueError("SyncBatchNorm number of input channels should be non-zero")

    @classmethod
    def convert_sync_batchnorm(cls, module, process_group=None):
        """The module with this class for all batch norms in it, which keep their tensors."""
        made = module
        if isinstance(module, _BatchNorm):
            made = SyncBatchNorm(
                module.num_features,
                module.eps,
                module.momentum,
                module.affine,
                module.track_running_stats,
                process_group,
                bias=module.bias is not None,
            )
            if module.affine:
                with no_grad():
                    made.weight, made.bias = module.weight, module.bias
            made.running_mean = module.running_mean
            made.running_var = module.running_var
            made.num_batches_tracked = module.num_batches_tracked
            made.training = module.training
            if hasattr(module, "qconfig"):
                made.qconfig = module.qconfig
        for name, child in module.named_children():
            made.add_module(name, cls.convert_sync_batchnorm(child, process_group))
        return made
