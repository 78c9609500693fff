"""Grids, boxes and masks drawn into pictures, files of pictures, and operations on boxes."""

import pathlib

import numpy as np
import PIL.Image
import torch
from records import attempt, save
from torchvision import ops as O
from torchvision import utils as U

root = pathlib.Path(".")
g = np.random.default_rng(5)
x = torch.from_numpy(g.random((5, 3, 6, 7)).astype(np.float32))
img = torch.from_numpy(g.integers(0, 256, (3, 40, 50)).astype(np.uint8))
attempt("grid", lambda: U.make_grid(x))
attempt("grid2", lambda: U.make_grid(x, nrow=2, padding=1, normalize=True, pad_value=0.5))
attempt("grid3", lambda: U.make_grid(x, normalize=True, value_range=(0.2, 0.8), scale_each=True))
attempt("grid4", lambda: U.make_grid(x, normalize=True, scale_each=True))
attempt("grid5", lambda: U.make_grid(x[:, :1]))
attempt("grid6", lambda: U.make_grid(x[0]))
attempt("grid7", lambda: U.make_grid(list(x)))
attempt("grid8", lambda: U.make_grid(3))
attempt("grid9", lambda: U.make_grid(x[0, 0]))


def saved(**k):
    p = root / "g.png"
    U.save_image(x, p, **k)
    return PIL.Image.open(p)


attempt("save", saved)
attempt("save2", lambda: saved(nrow=2, normalize=True))
b = torch.tensor([[2, 3, 20, 25], [10, 5, 45, 39], [0, 0, 3, 3.0]])
attempt("boxes", lambda: U.draw_bounding_boxes(img, b))
attempt(
    "boxes2",
    lambda: U.draw_bounding_boxes(
        img, b, labels=["a", "bb", "c"], colors=["red", "#00ff00", (1, 2, 3)], fill=True, width=2
    ),
)
attempt("boxes3", lambda: U.draw_bounding_boxes(img.float() / 255, b, colors="blue"))
attempt("boxes4", lambda: U.draw_bounding_boxes(img, torch.zeros(0, 4)))
attempt("boxeserr", lambda: U.draw_bounding_boxes(img, torch.tensor([[5, 5, 2, 2.0]])))
attempt("boxesgrey", lambda: U.draw_bounding_boxes(img[:1], b))
m = torch.from_numpy(g.random((2, 40, 50)) > 0.5)
attempt("masks", lambda: U.draw_segmentation_masks(img, m))
attempt("masks2", lambda: U.draw_segmentation_masks(img, m[0], alpha=0.5, colors="red"))
attempt("masks3", lambda: U.draw_segmentation_masks(img.float() / 255, m, colors=["red", "blue"]))
attempt("maskserr", lambda: U.draw_segmentation_masks(img, m.float()))
attempt(
    "kp",
    lambda: U.draw_keypoints(
        img, torch.tensor([[[3, 4], [20, 30.0]]]), connectivity=[(0, 1)], colors="red"
    ),
)
attempt(
    "flow", lambda: U.flow_to_image(torch.from_numpy(g.normal(size=(2, 9, 9)).astype(np.float32)))
)
# ops
boxes = torch.from_numpy(g.uniform(0, 30, (12, 4)).astype(np.float32))
boxes[:, 2:] += boxes[:, :2]
sc = torch.from_numpy(g.random(12).astype(np.float32))
ix = torch.from_numpy(g.integers(0, 3, 12))
b2 = boxes[:5] + 2
for n in ["box_iou", "generalized_box_iou", "distance_box_iou", "complete_box_iou"]:
    attempt(n, lambda: getattr(O, n)(boxes, b2))
for n in ["generalized_box_iou_loss", "distance_box_iou_loss", "complete_box_iou_loss"]:
    attempt(n, lambda: getattr(O, n)(boxes[:5], b2, reduction="mean"))
attempt("area", lambda: O.box_area(boxes))
attempt("conv", lambda: O.box_convert(boxes, "xyxy", "cxcywh"))
attempt("clip", lambda: O.clip_boxes_to_image(boxes, (20, 20)))
attempt("small", lambda: O.remove_small_boxes(boxes, 10))
attempt("m2b", lambda: O.masks_to_boxes(m))
attempt("focal", lambda: O.sigmoid_focal_loss(x, (x > 0.5).float(), reduction="mean"))
attempt("sd", lambda: O.stochastic_depth(x, 0.5, "row"))
attempt("db2", lambda: O.drop_block2d(x, 0.3, 3))
attempt("db3", lambda: O.drop_block3d(x[None], 0.3, 3))
attempt(
    "mods",
    lambda: repr(
        [
            O.StochasticDepth(0.1, "row"),
            O.FrozenBatchNorm2d(3),
            O.SqueezeExcitation(4, 2),
            O.MLP(3, [4, 5]),
            O.Conv2dNormActivation(3, 4),
            O.RoIAlign(3, 1.0, 2),
            O.FeaturePyramidNetwork([3, 4], 5),
            O.DropBlock2d(0.1, 3),
            O.Permute([0, 1]),
        ]
    ),
)
attempt(
    "fpn",
    lambda: O.FeaturePyramidNetwork([3, 4], 5)(
        {"a": torch.rand(1, 3, 8, 8), "b": torch.rand(1, 4, 4, 4)}
    ),
)
save()
