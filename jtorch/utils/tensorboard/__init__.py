"""torch.utils.tensorboard: what TensorBoard shows of a program, written by the tensorboard package."""

import tensorboard as _installed  # noqa: F401 - first, for the error where it is not
from tensorboard.summary.writer.record_writer import RecordWriter

from jtorch._alias import missing_attribute
from jtorch.utils.tensorboard.writer import FileWriter, SummaryWriter

__all__ = ["FileWriter", "RecordWriter", "SummaryWriter"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
