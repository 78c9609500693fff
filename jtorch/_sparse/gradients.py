"""Sparse gradients: of tables that are looked up, and what becomes of gradients at leaves."""

from jtorch import _dtypes
from jtorch._ops.bounds import tensor_of
from jtorch._sparse.places import values_at
from jtorch._sparse.tensor import connect, make

__all__ = ["constructed", "of_bags", "of_lookup"]


def of_lookup(name, weight, result, indices, padding_idx, scale_grad_by_freq):
    """Give the rows that were looked up a history whose gradient of the table is sparse.

    The gradient has a place for each index, as they come, but for those of the row `padding_idx`.
    """
    shape = tuple(weight.shape)

    def backward(gradient):
        if scale_grad_by_freq:
            raise RuntimeError(
                "embedding_backward: scale_grad_by_freq not supported with sparse gradients"
            )
        return _rows(shape, indices.reshape(-1), gradient.reshape(-1, shape[1]), padding_idx)

    return connect(name, (weight,), result, backward)


def constructed(indices, values, shape, coalesced=False):
    """A sparse tensor of places and values, with the history of the values."""

    def backward(gradient):
        dense = gradient.to_dense() if gradient.is_sparse else gradient
        return values_at(dense, indices)

    made = make(indices, values, shape, coalesced)
    return connect("SparseCooTensorWithDimsAndTensorsBackward0", (values,), made, backward)


def _rows(shape, index, values, padding_idx):
    if padding_idx != -1:
        kept = tensor_of((index._host() != padding_idx).nonzero()[0], index.device)
        index, values = index.index_select(0, kept), values.index_select(0, kept)
    return constructed(index.to(_dtypes.int64).unsqueeze(0), values, shape)


def of_bags(weight, samples, result, indices, bags, counts, padding_idx, of_samples):
    """The same of bags: `bags` is the bag of each index, `counts` the size of each, or None.

    `samples` are weights of the indices, or None; `of_samples(gradient)` is their gradient.
    """
    shape = tuple(weight.shape)

    def of_table(gradient):
        values = gradient.index_select(0, bags)
        if samples is not None:
            values = values * samples.detach().unsqueeze(1)
        if counts is not None:
            values = values / counts.index_select(0, bags).to(values.dtype).unsqueeze(1)
        return _rows(shape, indices, values, padding_idx)

    operands = (weight,) if samples is None else (weight, samples)

    def backward(gradient):
        found = (lambda: of_table(gradient), lambda: of_samples(gradient))
        return found[: len(operands)]

    return connect("EmbeddingBagBackward0", operands, result, backward)
