"""torchvision, as it is installed, on jtorch: what its programs see is what they see on PyTorch."""

import pathlib
import pickle

import numpy as np
import pytest
import torch

from compare import EXHAUSTIVE
from processes import jtorch, python

HERE = pathlib.Path(__file__).parent
REAL_TORCHVISION = HERE / "real_torchvision.py"
NETWORKS = [
    "convnext_tiny", "densenet121", "efficientnet_b0", "googlenet", "inception_v3",
    "mobilenet_v2", "mobilenet_v3_large", "resnet50", "swin_t", "vgg11", "vit_b_16",
] if EXHAUSTIVE else []  # fmt: skip
TOLERANCES = {"float32": (2e-5, 2e-5), "float64": (1e-7, 1e-9)}
# Pictures of bytes that torchvision blends by `mul(...).add_(other, alpha=...)`. PyTorch rounds once
# there where jtorch rounds twice; what then is cut to whole numbers may be one less or more.
BLENDED = ("photo u8", "aa0 u8")
MOST_BLENDED = 0.01


def run_both(program, folder, *arguments):
    """The records of a program of `torchvision_programs` under PyTorch, then under jtorch."""
    path = HERE / "torchvision_programs" / program
    records = []
    for name, start in (("theirs", python), ("ours", jtorch)):
        (folder / name).mkdir()
        before = [REAL_TORCHVISION] if name == "theirs" else []
        done = start(*before, path, "records", *arguments, folder=folder / name)
        assert done.returncode == 0, done.stderr
        records.append(pickle.loads((folder / name / "records").read_bytes()))
    return records


def assert_same(theirs, ours):
    assert list(theirs) == list(ours)
    found = {name: difference(theirs[name], ours[name], name in BLENDED) for name in theirs}
    found = {name: each for name, each in found.items() if each}
    assert not found, "\n".join(f"{name}: {each}" for name, each in found.items())


def difference(want, got, blended=False):
    """The first difference of two records, as text; None if there is none."""
    if isinstance(want, np.ndarray) and isinstance(got, np.ndarray):
        return array_difference(want, got, blended)
    if type(want) is not type(got):
        return f"torch gives {want!r:.300}, jtorch {got!r:.300}"
    if isinstance(want, dict):
        if list(want) != list(got):
            return f"keys {list(got)}, torch has {list(want)}"
        want, got = list(want.values()), list(got.values())
    if isinstance(want, (list, tuple)):
        if len(want) != len(got):
            return f"{len(got)} parts, torch gives {len(want)}"
        each = (difference(*pair, blended) for pair in zip(want, got, strict=True))
        return next((text for text in each if text), None)
    return None if want == got else f"torch gives {want!r:.300}, jtorch {got!r:.300}"


def array_difference(want, got, blended):
    if (want.shape, want.dtype) != (got.shape, got.dtype):
        return f"{got.dtype} {got.shape}, torch gives {want.dtype} {want.shape}"
    relative, absolute = TOLERANCES.get(str(want.dtype), (0, 0))
    wrong = ~np.isclose(want, got, relative, absolute, equal_nan=True)
    if blended and want.dtype == np.uint8:
        wrong = np.abs(want.astype(int) - got) > (wrong.mean() <= MOST_BLENDED)
    if not wrong.any():
        return None
    return f"{wrong.sum()} of {wrong.size} numbers: {got[wrong][:5]}, torch gives {want[wrong][:5]}"


@pytest.mark.parametrize("program", ["datasets", "pictures", "transforms", "transforms_v2"])
def test_program(program, tmp_path):
    theirs, ours = run_both(f"{program}.py", tmp_path)

    assert len(theirs) > 25
    assert_same(theirs, ours)


@pytest.mark.parametrize("names", ["resnet18,squeezenet1_1", *NETWORKS])
def test_networks(names, tmp_path):
    names = names.split(",")
    theirs, ours = run_both("models.py", tmp_path, *names)

    assert_same(theirs, ours)
    for name in names:
        want, got = (torch.load(tmp_path / each / f"{name}.pth") for each in ("theirs", "ours"))
        assert list(want) == list(got)
        assert all(torch.equal(want[key], got[key]) for key in want)


@pytest.mark.skipif(not EXHAUSTIVE, reason="a minute")
def test_detection_and_segmentation(tmp_path):
    assert_same(*run_both("detection.py", tmp_path))


COMPILED = """
import torch, torchvision
from torchvision import io, ops
boxes = torch.tensor([[0, 0, 10, 10], [1, 1, 10, 10], [20, 20, 30, 30.], [0, 0, 10, 4]])
scores = torch.tensor([0.5, 0.9, 0.3, 0.8])
print(ops.nms(boxes, scores, 0.2), ops.nms(boxes, scores, 0.5), ops.nms(boxes[:0], scores[:0], 0.5))
print(ops.batched_nms(boxes, scores, torch.tensor([0, 1, 0, 0]), 0.3))
print(ops.roi_align(torch.arange(16.).view(1, 1, 4, 4), [boxes[:1] / 5], 1))
pictures = torch.ones(1, 2, 4, 4)
for call in (
    lambda: ops.nms(boxes[0], scores, 0.3),
    lambda: ops.nms(boxes, scores[:2], 0.3),
    lambda: ops.roi_pool(pictures, [boxes[:1]], 2),
    lambda: ops.ps_roi_pool(pictures, [boxes[:1]], 1),
    lambda: ops.deform_conv2d(pictures, torch.zeros(1, 18, 2, 2), torch.zeros(2, 2, 3, 3)),
):
    try:
        print(call())
    except (NotImplementedError, RuntimeError) as error:
        print(type(error).__name__, error)
"""
MISSING = (
    "NotImplementedError torchvision::{} is compiled code of torchvision's, which jtorch cannot "
    "run, and jtorch has none of its own"
)


def test_what_is_compiled_in_torchvision_is_here_or_says_that_it_is_not(tmp_path):
    done = jtorch("-c", COMPILED, folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "tensor([1, 2]) tensor([1, 3, 2]) tensor([], dtype=torch.int64)",
        "tensor([1, 3, 2])",
        "tensor([[[[5.]]]])",
        "RuntimeError boxes should be a 2d tensor, got 1D",
        "RuntimeError boxes and scores should have same number of elements in dimension 0, got 4 "
        "and 2",
        *(MISSING.format(name) for name in ("roi_pool", "ps_roi_pool", "deform_conv2d")),
    ]
