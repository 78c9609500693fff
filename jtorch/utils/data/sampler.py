"""Samplers: in which order a loader asks for samples, and how many at a time."""

import itertools
import typing

from jtorch._alias import missing_attribute
from jtorch._dtypes import float64, int64
from jtorch._generator import Generator
from jtorch._ops.creation import empty
from jtorch._ops.from_data import as_tensor
from jtorch._ops.random import randint, randperm
from jtorch._ops.sampling import multinomial

__all__ = [
    "BatchSampler",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "SubsetRandomSampler",
    "WeightedRandomSampler",
]

_Key = typing.TypeVar("_Key", covariant=True)
_DRAWN_AT_ONCE = 32  # numbers that torch draws at a time, with replacement


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Sampler(typing.Generic[_Key]):
    """Keys of samples, or lists of keys: a subclass has `__iter__`, and mostly `__len__`.

    Source:  torch.utils.data.Sampler.
    """

    def __iter__(self):
        raise NotImplementedError


class SequentialSampler(Sampler[int]):
    """0, 1, 2 and so on. Source: torch.utils.data.SequentialSampler."""

    def __init__(self, data_source):
        self.data_source = data_source

    def __iter__(self):
        return iter(range(len(self.data_source)))

    def __len__(self):
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """Places at random: a permutation of all, or, with replacement, any number of draws.

    Errors:  TypeError for a `replacement` that is no bool; ValueError for a number of samples that
             is no positive integer.
    Source:  torch.utils.data.RandomSampler.
    """

    def __init__(self, data_source, replacement=False, num_samples=None, generator=None):
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        if not isinstance(replacement, bool):
            raise TypeError(
                f"replacement should be a boolean value, but got replacement={replacement}"
            )
        _check_count("num_samples", self.num_samples, takes_bools=True)

    @property
    def num_samples(self):
        """How many are drawn: as many as there are, now, unless something else was said."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self):
        size = len(self.data_source)
        generator = self.generator
        if generator is None:
            # A stream of its own, so that the order does not depend on what is drawn meanwhile.
            generator = Generator()
            generator.manual_seed(drawn_seed())
        if self.replacement:
            rest = self.num_samples
            while rest >= 0:  # also where nothing is left, as torch does
                count = min(rest, _DRAWN_AT_ONCE)
                drawn = randint(high=size, size=(count,), dtype=int64, generator=generator)
                yield from drawn.tolist()
                rest -= _DRAWN_AT_ONCE
        else:
            for _ in range(self.num_samples // size):
                yield from randperm(size, generator=generator).tolist()
            rest = self.num_samples % size
            yield from randperm(size, generator=generator).tolist()[:rest]

    def __len__(self):
        return self.num_samples


def drawn_seed(generator=None) -> int:
    """A seed: an integer of 63 bits, drawn as torch draws those of loaders and samplers."""
    return empty((), dtype=int64).random_(generator=generator).item()


def _check_count(name, value, takes_bools=False):
    is_count = isinstance(value, int) and (takes_bools or not isinstance(value, bool))
    if not is_count or value <= 0:
        raise ValueError(f"{name} should be a positive integer value, but got {name}={value}")


class SubsetRandomSampler(Sampler[int]):
    """Given places, in random order. Source: torch.utils.data.SubsetRandomSampler."""

    def __init__(self, indices, generator=None):
        self.indices = indices
        self.generator = generator

    def __iter__(self):
        for place in randperm(len(self.indices), generator=self.generator).tolist():
            yield self.indices[place]

    def __len__(self):
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Places drawn with given weights, which need not sum to one.

    Errors:  ValueError for a number of samples that is no positive integer, a `replacement` that is
             no bool, and weights that are not one row.
    Source:  torch.utils.data.WeightedRandomSampler.
    """

    def __init__(self, weights, num_samples, replacement=True, generator=None):
        _check_count("num_samples", num_samples)
        if not isinstance(replacement, bool):
            raise ValueError(
                f"replacement should be a boolean value, but got replacement={replacement}"
            )
        self.weights = as_tensor(weights, dtype=float64)
        if self.weights.ndim != 1:
            raise ValueError(
                "weights should be a 1d sequence but given weights have shape "
                f"{tuple(self.weights.shape)}"
            )
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self):
        drawn = multinomial(
            self.weights, self.num_samples, self.replacement, generator=self.generator
        )
        yield from drawn.tolist()

    def __len__(self):
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Lists of `batch_size` keys of another sampler; the last may be shorter, or dropped.

    Errors:  ValueError for a `batch_size` that is no positive integer or a `drop_last` that is no
             bool.
    Source:  torch.utils.data.BatchSampler.
    """

    def __init__(self, sampler, batch_size, drop_last):
        _check_count("batch_size", batch_size)
        if not isinstance(drop_last, bool):
            raise ValueError(f"drop_last should be a boolean value, but got drop_last={drop_last}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self):
        keys = iter(self.sampler)
        while batch := list(itertools.islice(keys, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield batch

    def __len__(self):
        if self.drop_last:
            return len(self.sampler) // self.batch_size
        return (len(self.sampler) + self.batch_size - 1) // self.batch_size
