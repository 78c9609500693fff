"""Everything that a SummaryWriter writes, read back as text."""

import glob
import os
import tempfile

import numpy as np
import torch
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from torch.utils.tensorboard import SummaryWriter

torch.manual_seed(0)
np.random.seed(0)
folder = tempfile.mkdtemp()


def tried(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error)


with SummaryWriter(folder, purge_step=3) as w:
    w.add_scalar("a", 1.5, 1)
    w.add_scalar("a", torch.tensor(2.5), 2)
    w.add_scalar("b", torch.tensor([3.0]), new_style=True)
    w.add_scalar("b", 2, new_style=True, double_precision=True)
    w.add_scalars("m/x", {"p": 1, "q": 2.0}, 4)
    w.add_histogram("h", torch.randn(100))
    w.add_histogram("h", np.random.randn(50), bins="auto")
    w.add_histogram("h", torch.randn(1000), max_bins=10)
    w.add_histogram("h", torch.ones(3).bfloat16())
    w.add_histogram("h", torch.zeros(3).int(), 3)
    w.add_histogram_raw("r", 0, 1, 2, 3, 4, [1, 2], [3, 4])
    for order, shape in (
        ("CHW", (3, 4, 5)),
        ("CHW", (1, 4, 5)),
        ("HWC", (4, 5, 3)),
        ("HW", (4, 5)),
    ):
        w.add_image("i", torch.rand(*shape), dataformats=order)
    w.add_image("i", (torch.rand(3, 4, 5) * 255).byte())
    w.add_images("g", torch.rand(10, 3, 4, 5))
    w.add_images("g", torch.rand(3, 1, 4, 5))
    w.add_images("g", torch.rand(2, 4, 5, 3), dataformats="NHWC")
    w.add_text("t", "hällo", 2)
    w.add_pr_curve("c", torch.randint(0, 2, (50,)), torch.rand(50), 2)
    w.add_pr_curve("c", np.ones(3), np.ones(3), num_thresholds=200)
    w.add_custom_scalars({"k": {"l": ["Multiline", ["a", "b"]], "m": ["Margin", ["a", "b", "c"]]}})
    w.add_custom_scalars_multilinechart(["a"])
    w.add_custom_scalars_marginchart(["a", "b", "c"])
    # one at a time: how a message orders several changes from run to run
    for run, value in enumerate((0.1, 3, "x", True, torch.ones(1), None)):
        domain = {"lr": [value, value]} if run < 3 else None
        w.add_hparams({"lr": value}, {"acc": 1.0}, domain, run_name=str(run))
    tried(w.add_scalar, "a", torch.ones(2))
    tried(w.add_scalar, "a", [1])
    tried(w.add_histogram, "h", torch.ones(0))
    tried(w.add_histogram_raw, "r", 0, 1, 2, 3, 4, [1], [3, 4])
    tried(w.add_image, "i", torch.ones(2, 2))
    tried(w.add_image, "i", torch.ones(2, 2), dataformats="HH")
    tried(w.add_images, "i", torch.ones(2, 2, 2, 2))
    tried(w.add_hparams, 3, {})
    tried(w.add_hparams, {"a": [1]}, {})
    tried(w.add_hparams, {"a": 1}, {}, {"a": ["x"]})
    tried(w.add_custom_scalars_marginchart, ["a"])
    print(w.get_logdir() == folder)
for path in sorted(glob.glob(folder + "/**/events*", recursive=True)):
    print(os.path.dirname(path)[len(folder) :])
    for raw in RawEventFileLoader(path).Load():
        event = Event.FromString(raw)
        event.wall_time = 0
        event.ClearField("source_metadata")
        print(event)
