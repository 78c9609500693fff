"""Instance norms: of the channels of each sample."""

import warnings

from jtorch.nn import functional
from jtorch.nn.modules.batchnorm import _LazyNormBase, _NormBase

__all__ = [
    "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d", "LazyInstanceNorm1d",
    "LazyInstanceNorm2d", "LazyInstanceNorm3d",
]  # fmt: skip

_UNEXPECTED = (
    "Unexpected running stats buffer(s) {names} for {klass} with track_running_stats=False. If "
    "state_dict is a checkpoint saved before 0.4.0, this may be expected because {klass} does not "
    "track running stats by default since 0.4.0. Please remove these keys from state_dict. If the "
    "running stats are actually needed, instead set track_running_stats=True in {klass} to enable "
    "them. See the documentation of {klass} for details."
)


class _InstanceNorm(_NormBase):
    """Channels of each sample with mean 0 and variance 1, or by statistics that are kept.

    Attributes: those of batch norms, none of them unless `affine` and `track_running_stats` say so.
    """

    def __init__(
        self,
        num_features,
        eps=1e-5,
        momentum=0.1,
        affine=False,
        track_running_stats=False,
        device=None,
        dtype=None,
        *,
        bias=True,
    ):
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )

    def _get_no_batch_dim(self):
        """How many dims an input has that is not batched."""
        if self._dims is None:
            raise NotImplementedError
        return self._dims[0]

    def _handle_no_batch_input(self, input):
        return self._apply_instance_norm(input.unsqueeze(0)).squeeze(0)

    def _apply_instance_norm(self, input):
        return functional.instance_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            self.momentum if self.momentum is not None else 0.0,
            self.eps,
        )

    def _load_from_state_dict(
        self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
    ):
        if local_metadata.get("version") is None and not self.track_running_stats:
            found = [prefix + name for name in ("running_mean", "running_var")]
            found = [key for key in found if key in state_dict]
            if found:
                names = " and ".join(f'"{key}"' for key in found)
                text = _UNEXPECTED.format(names=names, klass=type(self).__name__)
                error_msgs.append(text)
            for key in found:
                state_dict.pop(key)
        super()._load_from_state_dict(
            state_dict,
            prefix,
            local_metadata,
            strict,
            missing_keys,
            unexpected_keys,
            error_msgs,
        )

    def forward(self, input):
        self._check_input_dim(input)
        dim = input.dim() - self._get_no_batch_dim()
        if input.size(dim) != self.num_features:
            if self.affine:
                raise ValueError(
                    f"expected input's size at dim={dim} to match num_features "
                    f"({self.num_features}), but got: {input.size(dim)}."
                )
            warnings.warn(
                f"input's size at dim={dim} does not match num_features. You can silence this "
                "warning by not passing in num_features, which is not used because affine=False",
                stacklevel=2,
            )
        if input.dim() == self._get_no_batch_dim():
            return self._handle_no_batch_input(input)
        return self._apply_instance_norm(input)


class InstanceNorm1d(_InstanceNorm):
    """Channels of (C, L) or (N, C, L) with mean 0 and variance 1. Source: torch.nn.InstanceNorm1d."""

    _dims = (2, 3)


class LazyInstanceNorm1d(_LazyNormBase, _InstanceNorm):
    """`InstanceNorm1d` with `num_features` learned. Source: torch.nn.LazyInstanceNorm1d."""

    cls_to_become = InstanceNorm1d
    _dims = (2, 3)


class InstanceNorm2d(_InstanceNorm):
    """Channels of (C, H, W) or (N, C, H, W) with mean 0 and variance 1, each sample's for itself.

    Errors:  ValueError for another number of dims, and where there is one value per channel.
    Source:  torch.nn.InstanceNorm2d.
    """

    _dims = (3, 4)


class LazyInstanceNorm2d(_LazyNormBase, _InstanceNorm):
    """`InstanceNorm2d` with `num_features` learned. Source: torch.nn.LazyInstanceNorm2d."""

    cls_to_become = InstanceNorm2d
    _dims = (3, 4)


class InstanceNorm3d(_InstanceNorm):
    """`InstanceNorm2d` of (C, D, H, W) or (N, C, D, H, W). Source: torch.nn.InstanceNorm3d."""

    _dims = (4, 5)


class LazyInstanceNorm3d(_LazyNormBase, _InstanceNorm):
    """`InstanceNorm3d` with `num_features` learned. Source: torch.nn.LazyInstanceNorm3d."""

    cls_to_become = InstanceNorm3d
    _dims = (4, 5)
