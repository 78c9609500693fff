"""Datasets: where samples come from, by key or in a stream, and what is made of other datasets."""

import bisect
import itertools
import math
import typing
import warnings

from jtorch._alias import missing_attribute
from jtorch._generator import default_generator
from jtorch._ops.random import randperm
from jtorch._tensor import Tensor

__all__ = [
    "ChainDataset",
    "ConcatDataset",
    "Dataset",
    "IterableDataset",
    "StackDataset",
    "Subset",
    "TensorDataset",
    "random_split",
]

_Sample = typing.TypeVar("_Sample", covariant=True)
_Stack = typing.TypeVar("_Stack", tuple, dict)


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Dataset(typing.Generic[_Sample]):
    """Samples by key. A subclass has `__getitem__`, mostly `__len__`, and perhaps `__getitems__`.

    `__getitems__(keys)` gives the samples of a whole batch, as a list. There is no default
    `__len__`: `list` and samplers tell by its absence that there is no length.

    Source:  torch.utils.data.Dataset.
    """

    def __getitem__(self, index) -> _Sample:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other):
        return ConcatDataset([self, other])


class IterableDataset(Dataset[_Sample], typing.Iterable[_Sample]):
    """Samples in a stream: a subclass has `__iter__`.

    Each worker has a copy of its own; `get_worker_info()` tells it which part is its part.

    Source:  torch.utils.data.IterableDataset.
    """

    def __add__(self, other):
        return ChainDataset([self, other])


class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """Tensors of one length: a sample is the tuple of their entries at one place.

    Errors:  AssertionError if their first dimensions differ.
    Source:  torch.utils.data.TensorDataset.
    """

    def __init__(self, *tensors):
        if any(tensors[0].size(0) != tensor.size(0) for tensor in tensors):
            raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, index):
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self):
        return self.tensors[0].size(0)


class StackDataset(Dataset[_Stack]):
    """Datasets of one length side by side: a sample is the tuple, or dict, of their samples.

    Errors:  ValueError for both positional and named datasets, for none, and for unequal lengths.
    Source:  torch.utils.data.StackDataset.
    """

    def __init__(self, *args, **kwargs):
        if args and kwargs:
            raise ValueError(
                "Supported either ``tuple``- (via ``args``) or``dict``- (via ``kwargs``) like "
                "input/output, but both types are given."
            )
        if not args and not kwargs:
            raise ValueError("At least one dataset should be passed")
        parts = args or tuple(kwargs.values())
        self._length = len(parts[0])
        if any(self._length != len(dataset) for dataset in parts):
            raise ValueError("Size mismatch between datasets")
        self.datasets = args or kwargs

    def __getitem__(self, index):
        if isinstance(self.datasets, dict):
            return {name: dataset[index] for name, dataset in self.datasets.items()}
        return tuple(dataset[index] for dataset in self.datasets)

    def __getitems__(self, indices):
        """The samples of a batch; each dataset is asked once where it knows `__getitems__`."""
        if isinstance(self.datasets, dict):
            batches = [_samples_of(dataset, indices) for dataset in self.datasets.values()]
            return [
                {name: batch[place] for name, batch in zip(self.datasets, batches, strict=True)}
                for place in range(len(indices))
            ]
        batches = [_samples_of(dataset, indices) for dataset in self.datasets]
        return [tuple(batch[place] for batch in batches) for place in range(len(indices))]

    def __len__(self):
        return self._length


def _samples_of(dataset, indices):
    """The samples of a dataset at these places, which must be as many."""
    if not callable(getattr(dataset, "__getitems__", None)):
        return [dataset[index] for index in indices]
    items = dataset.__getitems__(indices)
    if len(items) != len(indices):
        raise ValueError(
            f"Nested dataset's output size mismatch. Expected {len(indices)}, got {len(items)}"
        )
    return items


class ConcatDataset(Dataset[_Sample]):
    """Datasets one after the other. Source: torch.utils.data.ConcatDataset."""

    def __init__(self, datasets):
        super().__init__()
        self.datasets = list(datasets)
        if not self.datasets:
            raise AssertionError("datasets should not be an empty iterable")
        if any(isinstance(each, IterableDataset) for each in self.datasets):
            raise AssertionError("ConcatDataset does not support IterableDataset")
        self.cumulative_sizes = self.cumsum(self.datasets)

    @staticmethod
    def cumsum(sequence):
        return list(itertools.accumulate(map(len, sequence)))

    def __len__(self):
        return self.cumulative_sizes[-1]

    def __getitem__(self, idx):
        if idx < 0:
            if -idx > len(self):
                raise ValueError("absolute value of index should not exceed dataset length")
            idx = len(self) + idx
        place = bisect.bisect_right(self.cumulative_sizes, idx)
        before = self.cumulative_sizes[place - 1] if place else 0
        return self.datasets[place][idx - before]

    @property
    def cummulative_sizes(self):
        warnings.warn(
            "`cummulative_sizes` attribute is renamed to `cumulative_sizes`",
            FutureWarning,
            stacklevel=2,
        )
        return self.cumulative_sizes


class ChainDataset(IterableDataset):
    """Streams one after the other. Source: torch.utils.data.ChainDataset."""

    def __init__(self, datasets):
        super().__init__()
        self.datasets = datasets

    def __iter__(self):
        for dataset in self._streams():
            yield from dataset

    def __len__(self):
        return sum(map(len, self._streams()))

    def _streams(self):
        for dataset in self.datasets:
            if not isinstance(dataset, IterableDataset):
                raise AssertionError("ChainDataset only supports IterableDataset")
            yield dataset


class Subset(Dataset[_Sample]):
    """The samples of a dataset at some places.

    Errors:  NotImplementedError for a subclass with its own `__getitem__` but not `__getitems__`,
             which the loader prefers.
    Source:  torch.utils.data.Subset.
    """

    def __init__(self, dataset, indices):
        self.dataset = dataset
        self.indices = indices
        kind = type(self)
        if kind.__getitem__ is not Subset.__getitem__ and kind.__getitems__ is Subset.__getitems__:
            raise NotImplementedError(
                f"{kind.__name__} overrides __getitem__ but not __getitems__. When subclassing "
                "Subset and overriding __getitem__, you must also override __getitems__ to ensure "
                "DataLoader works correctly with your custom logic. A simple implementation:\n\n"
                "def __getitems__(self, indices):\n"
                "    return [self.__getitem__(idx) for idx in indices]"
            )

    def __getitem__(self, idx):
        if isinstance(idx, list):
            return self.dataset[[self.indices[each] for each in idx]]
        return self.dataset[self.indices[idx]]

    def __getitems__(self, indices):
        places = [self.indices[each] for each in indices]
        if callable(getattr(self.dataset, "__getitems__", None)):
            return self.dataset.__getitems__(places)
        return [self.dataset[each] for each in places]

    def __len__(self):
        return len(self.indices)


def random_split(dataset, lengths, generator=default_generator):
    """The dataset cut at random into subsets of these lengths, or of these fractions of the whole.

    Fractions are rounded down, and the first subsets get one sample more each until none is left.

    Errors:  ValueError for fractions outside [0, 1] and lengths that do not make up the dataset.
    Source:  torch.utils.data.random_split.
    """
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        lengths = _lengths_of_fractions(lengths, len(dataset))
        for place, length in enumerate(lengths):
            if length == 0:
                warnings.warn(
                    f"Length of split at index {place} is 0. This might result in an empty dataset.",
                    stacklevel=2,
                )
    if sum(lengths) != len(dataset):
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    order = randperm(sum(lengths), generator=generator).tolist()
    ends = itertools.accumulate(lengths)
    return [
        Subset(dataset, order[end - length : end])
        for end, length in zip(ends, lengths, strict=True)
    ]


def _lengths_of_fractions(fractions, size):
    found = []
    for place, fraction in enumerate(fractions):
        if not 0 <= fraction <= 1:
            raise ValueError(f"Fraction at index {place} is not between 0 and 1")
        found.append(math.floor(size * fraction))
    for extra in range(size - sum(found)):
        found[extra % len(found)] += 1
    return found
