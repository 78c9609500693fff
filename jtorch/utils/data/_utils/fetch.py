"""Fetching: the samples of an index, or of a list of indices, collated.

What the making of one sample records is run before the next is made: the same small program serves
all of them, where a batch in one piece would be a program as long as the batch.
"""

from jtorch._alias import missing_attribute
from jtorch._engine.node import traces_of_this_thread
from jtorch._engine.realize import run_all

__all__ = ["_IterableDatasetFetcher", "_MapDatasetFetcher"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _run():
    """Run what has been recorded; most datasets record nothing."""
    if any(trace.nodes for trace in traces_of_this_thread()):
        run_all()


class _BaseDatasetFetcher:
    """What fetches from one dataset, for one pass over it."""

    def __init__(self, dataset, auto_collation, collate_fn, drop_last):
        self.dataset = dataset
        self.auto_collation = auto_collation
        self.collate_fn = collate_fn
        self.drop_last = drop_last

    def fetch(self, possibly_batched_index):
        raise NotImplementedError


class _IterableDatasetFetcher(_BaseDatasetFetcher):
    """Takes the next samples of a stream, as many as there are indices."""

    def __init__(self, dataset, auto_collation, collate_fn, drop_last):
        super().__init__(dataset, auto_collation, collate_fn, drop_last)
        self.dataset_iter = iter(dataset)
        self.ended = False

    def fetch(self, possibly_batched_index):
        if self.ended:
            raise StopIteration
        if not self.auto_collation:
            return self.collate_fn(next(self.dataset_iter))
        data = []
        for _ in possibly_batched_index:
            try:
                data.append(next(self.dataset_iter))
                _run()
            except StopIteration:
                self.ended = True
                break
        if not data or (self.drop_last and len(data) < len(possibly_batched_index)):
            raise StopIteration
        return self.collate_fn(data)


class _MapDatasetFetcher(_BaseDatasetFetcher):
    """Asks a dataset for samples by key, for a whole batch at once where it offers that."""

    def fetch(self, possibly_batched_index):
        dataset = self.dataset
        if not self.auto_collation:
            data = dataset[possibly_batched_index]
        elif getattr(dataset, "__getitems__", None):
            data = dataset.__getitems__(possibly_batched_index)
        else:
            data = []
            for index in possibly_batched_index:
                data.append(dataset[index])
                _run()
        return self.collate_fn(data)
