"""The iterators of a loader: what both kinds share, and the one that loads in the main process."""

import warnings

from jtorch._engine.realize import run_all
from jtorch.accelerator import current_accelerator
from jtorch.accelerator import is_available as has_accelerator
from jtorch.autograd.profiler import record_function
from jtorch.utils.data._utils.fetch import _IterableDatasetFetcher, _MapDatasetFetcher
from jtorch.utils.data._utils.pin_memory import pin_memory
from jtorch.utils.data.sampler import drawn_seed

__all__ = ["_BaseDataLoaderIter", "_DatasetKind", "_SingleProcessDataLoaderIter"]


class _DatasetKind:
    """Whether samples come by key or in a stream."""

    __module__ = "torch.utils.data.dataloader"

    Map = 0
    Iterable = 1

    @staticmethod
    def create_fetcher(kind, dataset, auto_collation, collate_fn, drop_last):
        """What fetches from a dataset of this kind."""
        wanted = _MapDatasetFetcher if kind == _DatasetKind.Map else _IterableDatasetFetcher
        return wanted(dataset, auto_collation, collate_fn, drop_last)


class _BaseDataLoaderIter:
    """One pass over a loader's dataset.

    Numbers are drawn where torch draws them: the workers' seed when the pass begins, also where
    there are no workers, and the order of samples when the first index is asked for.
    """

    __module__ = "torch.utils.data.dataloader"

    def __init__(self, loader):
        self._dataset = loader.dataset
        self._dataset_kind = loader._dataset_kind
        self._IterableDataset_len_called = loader._IterableDataset_len_called
        self._auto_collation = loader._auto_collation
        self._drop_last = loader.drop_last
        self._index_sampler = loader._index_sampler
        self._num_workers = loader.num_workers
        self._pin_memory_device = None
        self._pin_memory = loader.pin_memory and self._check_pinning(loader)
        self._timeout = loader.timeout
        self._collate_fn = loader.collate_fn
        self._sampler_iter = iter(self._index_sampler)
        self._base_seed = drawn_seed(loader.generator)
        self._persistent_workers = loader.persistent_workers
        self._num_yielded = 0
        self._profile_name = f"enumerate(DataLoader)#{type(self).__name__}.__next__"

    def _check_pinning(self, loader):
        """Whether there is an accelerator to pin memory for; torch's warnings where there is not."""
        if loader.pin_memory_device:
            warnings.warn(
                "pin_memory_device is deprecated, the current accelerator will be used as the "
                f"device,ignore pin_memory_device='{loader.pin_memory_device}'.",
                stacklevel=3,
            )
        if not has_accelerator():
            warnings.warn(
                "'pin_memory' argument is set as true but no accelerator is found, then device "
                "pinned memory won't be used.",
                stacklevel=3,
            )
            return False
        self._pin_memory_device = current_accelerator().type
        return True

    def __iter__(self):
        return self

    def _reset(self, loader, first_iter=False):
        """Begin another pass."""
        self._sampler_iter = iter(self._index_sampler)
        self._num_yielded = 0
        self._IterableDataset_len_called = loader._IterableDataset_len_called

    def _next_index(self):
        return next(self._sampler_iter)

    def _next_data(self):
        raise NotImplementedError

    def __next__(self):
        run_all()  # what the last batch was for goes on while the next one is fetched
        with record_function(self._profile_name):
            data = self._next_data()
            if self._pin_memory:
                data = pin_memory(data, self._pin_memory_device)
            self._num_yielded += 1
            known = self._IterableDataset_len_called
            if self._dataset_kind == _DatasetKind.Iterable and known is not None:
                self._warn_of_length(known)
            return data

    def _warn_of_length(self, known):
        if self._num_yielded <= known:
            return
        text = (
            f"Length of IterableDataset {self._dataset} was reported to be {known}(when accessing "
            f"len(dataloader)), but {self._num_yielded} samples have been fetched. "
        )
        if self._num_workers > 0:
            text += (
                "For multiprocessing data-loading, this could be caused by not properly "
                "configuring the IterableDataset replica at each worker. Please see "
                "https://pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset for "
                "examples."
            )
        warnings.warn(text, stacklevel=3)

    def __len__(self):
        return len(self._index_sampler)

    def __getstate__(self):
        raise NotImplementedError("{} cannot be pickled", type(self).__name__)


class _SingleProcessDataLoaderIter(_BaseDataLoaderIter):
    """A pass in the main process: each batch is loaded when it is asked for."""

    __module__ = "torch.utils.data.dataloader"

    def __init__(self, loader):
        super().__init__(loader)
        if self._timeout != 0:
            raise AssertionError("_SingleProcessDataLoaderIter requires timeout == 0")
        if self._num_workers != 0:
            raise AssertionError("_SingleProcessDataLoaderIter requires num_workers == 0")
        self._dataset_fetcher = _DatasetKind.create_fetcher(
            self._dataset_kind,
            self._dataset,
            self._auto_collation,
            self._collate_fn,
            self._drop_last,
        )

    def _next_data(self):
        return self._dataset_fetcher.fetch(self._next_index())
