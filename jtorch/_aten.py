"""torch.ops.aten: the few of torch's own operators that programs call under that name."""

import math

from jtorch._custom_operators import declare
from jtorch._ops.attention import _safe_softmax
from jtorch._ops.backward_data import (
    _log_softmax_backward_data,
    _softmax_backward_data,
    max_pool2d_with_indices_backward,
    native_dropout_backward,
)
from jtorch._ops.batch_norm_variants import (
    _batch_norm_with_update,
    _native_batch_norm_legit,
    _native_batch_norm_legit_no_training,
)
from jtorch._ops.chunk_cat import _chunk_cat
from jtorch._ops.hashing import hash_tensor
from jtorch._ops.masked_index import _unsafe_masked_index, _unsafe_masked_index_put_accumulate
from jtorch._ops.resizing import antialiased
from jtorch._ops.segments import segment_reduce
from jtorch._ops.view import slice_of


def _resized(mode):
    """The operator of a filter, with sizes or, in torch's other overload, with factors."""
    row = antialiased[mode]

    def resize(input, output_size, align_corners, scales_h=None, scales_w=None, *,
               scale_factors=None):  # fmt: skip
        if isinstance(scales_h, (list, tuple)):
            scale_factors, scales_h = scales_h, None
        if scale_factors is not None:
            scales_h, scales_w = scale_factors
            if output_size is None:
                sizes = zip(input.shape[2:], scale_factors, strict=True)
                output_size = [math.trunc(size * factor) for size, factor in sizes]
        for what, wanted, found in (
            ("output_size", 2, len(output_size)),
            ("input_size", 4, input.ndim),
        ):
            if found != wanted:
                raise RuntimeError(
                    f"It is expected {what} equals to {wanted}, but got size {found}"
                )
        return row(input, output_size, align_corners, scales_h, scales_w)

    return resize


# Functions by name, and the overloads that torch has of them.
_OPERATORS = {
    "_batch_norm_with_update": (_batch_norm_with_update, ("out", "default")),
    "_chunk_cat": (_chunk_cat, ("default", "out")),
    "_log_softmax_backward_data": (_log_softmax_backward_data, ("default", "out")),
    "_native_batch_norm_legit": (
        _native_batch_norm_legit, ("default", "no_stats", "out", "no_stats_out"),
    ),
    "_native_batch_norm_legit_no_training": (
        _native_batch_norm_legit_no_training, ("default", "out"),
    ),
    "_safe_softmax": (_safe_softmax, ("default",)),
    "_softmax_backward_data": (_softmax_backward_data, ("default", "out")),
    "_unsafe_masked_index": (_unsafe_masked_index, ("default",)),
    "_unsafe_masked_index_put_accumulate": (_unsafe_masked_index_put_accumulate, ("default",)),
    "_upsample_bicubic2d_aa": (_resized("bicubic"), ("default", "vec")),
    "_upsample_bilinear2d_aa": (_resized("bilinear"), ("default", "vec")),
    "hash_tensor": (hash_tensor, ("default", "out")),
    "max_pool2d_with_indices_backward": (
        max_pool2d_with_indices_backward, ("default", "grad_input"),
    ),
    "native_dropout_backward": (native_dropout_backward, ("default", "out")),
    "segment_reduce": (segment_reduce, ("default",)),
    "slice": (slice_of, ("Tensor",)),
}  # fmt: skip


def declare_operators() -> None:
    """Put them into `torch.ops.aten`."""
    for name, (function, overloads) in _OPERATORS.items():
        operator = declare(f"aten::{name}")
        operator.kernel, operator.composite = function, True
        operator.overloads = overloads
