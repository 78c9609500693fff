"""Boxes found in a picture, and classes of its parts.

PyTorch's side has no compiled part of torchvision: `nms` is written down for it here.
"""

import torch
import torchvision.extension
from records import attempt, save
from torchvision.models import detection, segmentation


def best_boxes(dets, scores, iou_threshold):
    boxes, kept = dets.tolist(), []
    order = scores.argsort(descending=True, stable=True).tolist()
    while order:
        kept.append(order.pop(0))
        order = [each for each in order if overlap(boxes[kept[-1]], boxes[each]) <= iou_threshold]
    return torch.tensor(kept, dtype=torch.int64)


def overlap(one, other):
    width = max(0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(each[2] - each[0]) * (each[3] - each[1]) for each in (one, other)]
    return width * height / max(sum(areas) - width * height, 1e-12)


if not torchvision.extension._has_ops():
    torchvision.extension._has_ops = lambda: True
    library = torch.library.Library("torchvision", "IMPL")
    library.impl("nms", best_boxes, "CPU")
    torch.compile = lambda function=None, **options: function or (lambda each: each)

torch.manual_seed(0)
with torch.no_grad():
    finder = detection.fasterrcnn_mobilenet_v3_large_320_fpn(
        weights=None, weights_backbone=None, num_classes=5, min_size=64, max_size=64,
        box_score_thresh=0.0, box_detections_per_img=10,
    ).eval()  # fmt: skip
    picture = torch.rand(3, 48, 64)
    attempt("boxes", lambda: finder([picture]))
    parts = segmentation.fcn_resnet50(weights=None, weights_backbone=None, num_classes=3).eval()
    attempt("parts", lambda: parts(picture[None]))
save()
