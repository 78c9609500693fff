"""`embedding_bag`: sums, means or maxima of rows of a table, a bag of them at a time."""

import functools

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops.bounds import known
from jtorch._ops.creation import zeros
from jtorch._ops.detailed import DetailedRow, detailed
from jtorch._ops.edges import tracked
from jtorch._ops.embedding import looked_up, require_integers
from jtorch._ops.offered import require_tensors
from jtorch._ops.parameters import Index
from jtorch._ops.recall import name_of_type
from jtorch._ops.signatures import described
from jtorch._ops.standardized import widened
from jtorch._ops.tangents import tangents
from jtorch._sparse.gradients import of_bags
from jtorch._tensor import Tensor

SUM, MEAN, MAX = range(3)

# What only data shows to be wrong, with the element in question and perhaps its place, as one number
_FIRST, _LAST, _ORDER, _OUTSIDE = range(1, 5)
_WISH = (
    "Expected i < index_size to be true, but got false.  (Could this error message be improved?  If "
    "so, please report an enhancement request to PyTorch.)"
)


def _code(kind, element, place=0):
    return kind + 8 * ((element & 0xFFFFFFFF) + (place << 32))


def _fault(array, indices, offsets, size):
    """The code of what is wrong with indices and offsets, by numpy or by JAX; 0 if nothing is."""
    indices, offsets = indices.astype(np.int64), offsets.astype(np.int64)
    code = 0
    if indices.size:
        wrong = (indices < 0) | (indices >= size)
        place = array.argmax(wrong)
        code = array.where(wrong.any(), _code(_OUTSIDE, indices[place], place), code)
    if offsets.size > 0:
        down = (offsets[1:] < offsets[:-1]).any()
        code = array.where(down, _ORDER, code)
        late = offsets[-1] > indices.size
        code = array.where(late, _code(_LAST, offsets[-1]), code)
        code = array.where(offsets[0] != 0, _code(_FIRST, offsets[0]), code)
    return code


def _error(count, size, mode, code):
    kind, rest = code % 8, code // 8
    place, element = rest >> 32, int(np.uint32(rest & 0xFFFFFFFF).astype(np.int32))
    if kind == _FIRST:
        return RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from "
            f"position 0. However, got {element}\n[ torch.LongTensor{{}} ]"
        )
    if kind == _LAST:
        return RuntimeError(
            f"offsets[-1] can not be greater than input's length {count} but got offsets[-1] of "
            f"{element}"
        )
    if kind == _OUTSIDE and mode == MAX:
        return RuntimeError(
            "embedding_bag: Expected idx >= 0 && idx < num_embeddings but found idx to be "
            f"{element}"
        )
    if kind == _OUTSIDE:
        return RuntimeError(
            f"Index {place} of input takes value {element} which is not in the valid range "
            f"[0, {size})"
        )
    return RuntimeError(_WISH)


def _failure(weight, indices, mode):
    return functools.partial(_error, indices.numel(), weight.shape[0], mode)


def _check(weight, per_sample_weights, indices, offsets, mode, last):
    common = _dtypes.promote_types(indices.dtype, offsets.dtype)
    require_integers("embedding_bag", indices._meta.replaced(dtype=common))
    if weight.dtype.itemsize == 1 or not weight.dtype.is_floating_point:
        raise RuntimeError(
            "Expected tensor for argument #1 'weight' to have one of the following scalar types: "
            f"Half, BFloat16, Float, Double; but got {name_of_type(weight._meta)} instead (while "
            "checking arguments for embedding_bag)"
        )
    if last and not offsets.numel():
        raise RuntimeError("include_last_offset: number of offset should be at least 1")
    if per_sample_weights is not None:
        if per_sample_weights.dtype is not weight.dtype:
            raise RuntimeError(
                "Expected tensor for argument #1 'weight' to have the same type as tensor for "
                f"argument #1 'per_sample_weights'; but type {name_of_type(weight._meta)} does not "
                f"equal {name_of_type(per_sample_weights._meta)} (while checking arguments for "
                "embedding_bag)"
            )
        if mode != SUM:
            raise RuntimeError(
                "embedding_bag: per_sample_weights was not None. per_sample_weights is only "
                f"supported for mode='sum' (got mode='{('sum', 'mean', 'max')[mode]}'). Please open "
                "a feature request on GitHub."
            )


def _bags(indices, offsets, last, padding):
    """(how many bags there are, the bag of each index, whether it counts)."""
    count = offsets.shape[0] - last
    begun = jnp.zeros(indices.shape[0], np.int64).at[offsets[:count]].add(1, mode="drop")
    return count, jnp.cumsum(begun) - 1, indices != padding


def _sizes(count, bag, counts):
    return jnp.zeros(count, np.int64).at[bag].add(counts.astype(np.int64), mode="drop")


def _places_of_maxima(rows, bag, counts, count):
    """(place of the first greatest element of each bag and column, whether there is one)."""
    lowest = jnp.where(counts[:, None], rows, -jnp.inf)
    greatest = jnp.full((count, rows.shape[1]), -jnp.inf, rows.dtype).at[bag].max(lowest)
    places = jnp.arange(rows.shape[0])[:, None]
    is_it = counts[:, None] & ((rows == greatest[bag]) | jnp.isnan(rows))
    candidates = jnp.where(is_it, places, rows.shape[0])
    first = jnp.full(greatest.shape, rows.shape[0], places.dtype).at[bag].min(candidates)
    return jnp.minimum(first, rows.shape[0] - 1), first < rows.shape[0]


def _by_some_frequency(count, index):
    """The share that torch has of gradients: of the n-th row that occurs it takes for its frequency
    that of the n-th index in order."""
    occurs = jnp.cumsum(count > 0) - 1
    ordered = jnp.sort(index)
    return 1 / count[ordered[occurs[index]]]


class _BagRow(DetailedRow):
    """A row that looks at indices and offsets before it is recorded, where they are known."""

    quick = False

    def find(self, values):
        entry, data = super().find(values)
        weight, _, indices, offsets, mode, *_ = values
        given = known(indices), known(offsets)
        if given[0] is not None and given[1] is not None:
            code = int(_fault(np, *given, weight.shape[0]))
            if code:
                raise _error(indices.numel(), weight.shape[0], mode, code)
        return entry, data


@detailed(
    row=_BagRow,
    name="embedding_bag.bags",
    variants="",
    check=_check,
    failure=_failure,
    gradient="EmbeddingBagBackward0",
    shape=lambda weight, offsets, last: (offsets.numel() - last, weight.shape[1]),
    dtype=lambda weight: weight.dtype,
)
def _embedding_bag(
    weight: Tensor,
    per_sample_weights: Tensor | None,
    indices: Index,
    offsets: Index,
    mode: int,
    last: bool,
    padding_idx: int,
    scale_grad_by_freq: bool,
):
    count, bag, counts = _bags(indices, offsets, last, padding_idx)
    code = jnp.asarray(_fault(jnp, indices, offsets, weight.shape[0]), np.int64)
    nothing = jnp.zeros((count, weight.shape[1]), weight.dtype)
    if not nothing.size or not indices.size or not weight.shape[0]:
        return nothing, code
    share = _by_some_frequency if scale_grad_by_freq else None
    rows = widened(looked_up(weight, indices, padding_idx, share))
    if mode == MAX:
        places, found = _places_of_maxima(rows, bag, counts, count)
        greatest = jnp.take_along_axis(rows, places, 0)
        return jnp.where(found, greatest, 0).astype(weight.dtype), code
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.astype(rows.dtype)[:, None]
    rows = jnp.where(counts[:, None], rows, 0)
    total = widened(nothing).at[bag].add(rows, mode="drop", indices_are_sorted=True)
    if mode == MEAN:
        total = total / jnp.maximum(_sizes(count, bag, counts), 1).astype(rows.dtype)[:, None]
    return total.astype(weight.dtype), code


@detailed(name="embedding_bag.places", variants="", gradient="EmbeddingBagBackward0")
def _places(weight: Tensor, indices: Index, offsets: Index, mode: int, last: bool, padding: int):
    """The other three results: bags of the indices, sizes of the bags, rows of the maxima."""
    count, bag, counts = _bags(indices, offsets, last, padding)
    sizes = _sizes(count, bag, counts)
    chosen = sizes
    if mode == MAX:
        chosen = jnp.zeros((count, weight.shape[1]), np.int64)
        if chosen.size and indices.size:
            rows = jnp.take(weight, indices, 0, mode="clip")
            places, found = _places_of_maxima(widened(rows), bag, counts, count)
            chosen = jnp.where(found, indices[places], 0)
    if mode == SUM:
        sizes = chosen = jnp.zeros(count, np.int64)
    common = jnp.promote_types(indices.dtype, offsets.dtype)
    return tuple(each.astype(common) for each in (bag, sizes, chosen))


def _wrapped(weight, padding):
    if padding is None:
        return -1
    size = weight.shape[0]
    if not -size <= padding < size:
        raise RuntimeError(
            f"padding_idx must be within the number of embeddings, {-size} through {size - 1}, but "
            f"got {padding}"
        )
    return padding % size


def bags(weight, indices, offsets, scale_grad_by_freq=False, mode=SUM, sparse=False,
         per_sample_weights=None, include_last_offset=False, padding_idx=None):  # fmt: skip
    """The first result of `torch.embedding_bag`, with the errors of all of them."""
    if mode not in (SUM, MEAN, MAX):
        raise RuntimeError("`mode` must be sum, mean, or max.")
    padding = _wrapped(weight, padding_idx)
    rest = indices, offsets, mode, include_last_offset, padding
    if not (sparse and tracked((weight,))) or tangents.level:
        return _embedding_bag(weight, per_sample_weights, *rest, scale_grad_by_freq)
    if mode == MAX:
        raise RuntimeError("jtorch has no sparse gradients of maxima of bags, as torch has none")
    samples = None if per_sample_weights is None else per_sample_weights.detach()
    table = weight.detach()
    made = _embedding_bag(table, samples, *rest, scale_grad_by_freq)
    bag, sizes, _ = _places(table, *rest)

    def of_samples(gradient):
        products = gradient.index_select(0, bag) * table.index_select(0, indices)
        return products.sum(1) * (indices != padding)

    counts = sizes.clamp(min=1) if mode == MEAN else None
    return of_bags(weight, per_sample_weights, made, indices, bag, counts, padding, of_samples)


@described(
    "(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, bool sparse, "
    "Tensor? per_sample_weights, bool include_last_offset, int? padding_idx)",
    "(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq = False, int mode = 0, "
    "bool sparse = False, Tensor? per_sample_weights = None, bool include_last_offset = False)",
    variants="f",
)
def embedding_bag(weight, indices, offsets, scale_grad_by_freq=False, mode=SUM, sparse=False,
                  per_sample_weights=None, include_last_offset=False, padding_idx=None):  # fmt: skip
    """(sums, means or maxima of bags of rows, bag of each index, sizes, rows of the maxima).

    A bag begins at each offset, and ends at the next one.

    Shape:   (n, m), (k), (b) -> (b, m), (k), (b), (b) or for maxima (b, m).
    Errors:  RuntimeError for indices or offsets that are out of range.
    Source:  torch.embedding_bag.
    """
    require_tensors(weight, indices, offsets)
    made = bags(
        weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights,
        include_last_offset, padding_idx,
    )  # fmt: skip
    padding = _wrapped(weight, padding_idx)
    places, sizes, chosen = _places(
        weight.detach(), indices, offsets, mode, include_last_offset, padding
    )
    quick = weight.dtype in (_dtypes.float32, _dtypes.float16, _dtypes.bfloat16)
    if mode == SUM and padding < 0 and quick and weight.stride(1) == 1:
        places = zeros((0,), dtype=indices.dtype, device=indices.device)  # torch needs none there
    return made, places, sizes, chosen
