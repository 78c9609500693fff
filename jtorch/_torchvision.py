"""The operators of torchvision's compiled library, which jtorch cannot load: its own ones instead.

`nms` is here; regions are aligned by torchvision's own Python; the others say that they are missing.
"""

import importlib

import numpy as np

from jtorch._custom_operators import declare
from jtorch._errors import check
from jtorch._interop import from_numpy

_MISSING = (
    "box_iou_rotated", "deform_conv2d", "ps_roi_align", "ps_roi_pool", "qnms", "qroi_align",
    "roi_pool", "_deform_conv2d_backward", "_ps_roi_align_backward", "_ps_roi_pool_backward",
    "_roi_align_backward", "_roi_pool_backward",
)  # fmt: skip


def declare_operators() -> None:
    """Put them into `torch.ops.torchvision`."""
    declare("torchvision::nms").kernel = nms
    align = declare("torchvision::roi_align")
    align.kernel, align.composite = roi_align, True
    declare("torchvision::_cuda_version").kernel = lambda: -1
    for name in _MISSING:
        declare(f"torchvision::{name}").kernel = _refusing(name)


def _refusing(name):
    def kernel(*args):
        raise NotImplementedError(
            f"torchvision::{name} is compiled code of torchvision's, which jtorch cannot run, and "
            "jtorch has none of its own"
        )

    return kernel


def nms(dets, scores, iou_threshold):
    """The places of boxes, best scores first, that overlap no better one by more than a threshold.

    Shape:   (n, 4), (n) -> (k), int64.
    Errors:  RuntimeError for other shapes.
    Source:  torchvision.ops.nms.
    """
    check(dets.dim() == 2, lambda: f"boxes should be a 2d tensor, got {dets.dim()}D")
    check(
        dets.size(1) == 4,
        lambda: f"boxes should have 4 elements in dimension 1, got {dets.size(1)}",
    )
    check(scores.dim() == 1, lambda: f"scores should be a 1d tensor, got {scores.dim()}D")
    check(
        dets.size(0) == scores.size(0),
        lambda: (
            "boxes and scores should have same number of elements in dimension 0, got "
            f"{dets.size(0)} and {scores.size(0)}"
        ),
    )
    check(dets.dtype == scores.dtype, lambda: "dets should have the same type as scores")
    boxes = dets.detach().cpu().numpy()
    order = np.argsort(-scores.detach().cpu().numpy(), kind="stable")
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while order.size:
        best, order = order[0], order[1:]
        kept.append(best)
        low = np.maximum(boxes[best, :2], boxes[order, :2])
        high = np.minimum(boxes[best, 2:], boxes[order, 2:])
        shared = np.maximum(high - low, 0).prod(1)
        with np.errstate(invalid="ignore", divide="ignore"):
            overlap = shared / (areas[best] + areas[order] - shared)
        order = order[~(overlap > iou_threshold)]
    return from_numpy(np.array(kept, np.int64)).to(dets.device)


def roi_align(input, rois, spatial_scale, pooled_height, pooled_width, sampling_ratio, aligned):
    """Means of pictures in regions. Source: torchvision.ops.roi_align, in its own Python."""
    module = importlib.import_module("torchvision.ops.roi_align")
    return module._roi_align(
        input, rois, spatial_scale, pooled_height, pooled_width, sampling_ratio, aligned
    )
