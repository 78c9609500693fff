"""DistributedSampler: the part of a dataset that one of several processes reads."""

import math
import typing

from jtorch._alias import missing_attribute
from jtorch._generator import Generator
from jtorch._ops.random import randperm
from jtorch.utils.data.sampler import Sampler

__all__ = ["DistributedSampler"]

_Key = typing.TypeVar("_Key", covariant=True)


def __getattr__(name):
    raise missing_attribute(__name__, name)


class DistributedSampler(Sampler[_Key]):
    """Every `num_replicas`-th place of one order that all processes agree on, from `rank` on.

    The order depends on `seed` and on the epoch, which `set_epoch` says. Parts are of one length:
    places are repeated for it, or, with `drop_last`, left out.

    Errors:  ValueError for a rank outside [0, num_replicas); RuntimeError where either is left out,
             since there is no group of processes to ask.
    Source:  torch.utils.data.distributed.DistributedSampler.
    """

    def __init__(
        self, dataset, num_replicas=None, rank=None, shuffle=True, seed=0, drop_last=False
    ):
        if num_replicas is None or rank is None:
            raise RuntimeError("Requires distributed package to be available")
        if not 0 <= rank < num_replicas:
            raise ValueError(
                f"Invalid rank {rank}, rank should be in the interval [0, {num_replicas - 1}]"
            )
        self.dataset = dataset
        self.num_replicas = num_replicas
        self.rank = rank
        self.epoch = 0
        self.drop_last = drop_last
        size = len(dataset)
        if drop_last and size % num_replicas != 0:
            self.num_samples = math.ceil((size - num_replicas) / num_replicas)
        else:
            self.num_samples = math.ceil(size / num_replicas)
        self.total_size = self.num_samples * num_replicas
        self.shuffle = shuffle
        self.seed = seed

    def __iter__(self):
        places = self._order()
        if self.drop_last:
            places = places[: self.total_size]
        else:
            missing = self.total_size - len(places)
            repeats = math.ceil(missing / len(places)) if places else 0
            places += (places * repeats)[:missing]
        if len(places) != self.total_size:
            raise AssertionError(
                f"Number of indices ({len(places)}) does not match total_size ({self.total_size})"
            )
        return iter(places[self.rank : self.total_size : self.num_replicas])

    def _order(self):
        size = len(self.dataset)
        if not self.shuffle:
            return list(range(size))
        generator = Generator()
        generator.manual_seed(self.seed + self.epoch)
        return randperm(size, generator=generator).tolist()

    def __len__(self):
        return self.num_samples

    def set_epoch(self, epoch):
        """Say which epoch comes, so that each has an order of its own."""
        self.epoch = epoch
