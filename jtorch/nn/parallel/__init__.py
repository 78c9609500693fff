"""torch.nn.parallel: a module on several devices at once, each with a part of the batch."""

from jtorch._alias import missing_attribute
from jtorch.nn.parallel.data_parallel import DataParallel, data_parallel
from jtorch.nn.parallel.parallel_apply import parallel_apply
from jtorch.nn.parallel.replicate import replicate
from jtorch.nn.parallel.scatter_gather import gather, scatter

__all__ = ["DataParallel", "data_parallel", "gather", "parallel_apply", "replicate", "scatter"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
