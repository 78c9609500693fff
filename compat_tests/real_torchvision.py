"""Runs a script under real PyTorch with torchvision: `python real_torchvision.py SCRIPT ...`.

The package index's torchvision is compiled for another build of PyTorch than the CPU's. Without its
compiled part it does not import, for want of two operators, which nothing here calls.
"""

import pathlib
import runpy
import sys

import torch

BOXES = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"

if __name__ == "__main__":
    try:
        import torchvision  # noqa: F401 - does it work as it is?
    except RuntimeError:
        for name in [each for each in sys.modules if each.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(name + BOXES)
    del sys.argv[0]
    sys.path[0] = str(pathlib.Path(sys.argv[0]).resolve().parent)
    runpy.run_path(sys.argv[0], run_name="__main__")
