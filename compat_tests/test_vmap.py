"""`vmap` of every op: a batch of two, against torch applied to each of the two and stacked.

Which argument is the batch takes turns: the first tensor, or all of the call's tensors.
"""

import pytest

from compare import Raised, attempt, differences, ours, sampled, theirs
from samples import ROWS
from samples.spec import TensorSpec, find

SAMPLES_PER_ROW = 2
# What has a shape, or a number of steps, that depends on data: there is no batch of it.
_NO_BATCH = (
    "argwhere", "bincount", "linspace", "masked_select", "nn.functional.one_hot", "nonzero",
    "repeat_interleave", "unique", "unique_consecutive",
)  # fmt: skip
_REFUSALS = (".item()", "dynamic shape", "data-dependent")


# These ask where in memory a tensor begins, and one of a batch begins elsewhere.
_OF_MEMORY = ("as_strided", "as_strided_scatter", "Tensor.as_strided_")


def cases():
    chosen = []
    for row in ROWS:
        if "f" not in row.forms or row.name.startswith("operator.") or row.name in _OF_MEMORY:
            continue
        samples = [
            (index, sample)
            for index, sample in enumerate(row.samples)
            if sample.has_tensor_first and "out" not in sample.kwargs
        ]
        some = samples[:1] + sampled(samples[1:], SAMPLES_PER_ROW - 1, salt=row.name)
        for number, (index, sample) in enumerate(some):
            chosen.append(pytest.param(row, sample, bool(number % 2), id=f"{row.name}-{index}"))
    return chosen


def places_of(sample, everything):
    """Which of a sample's positional arguments are the batch."""
    found = [place for place, each in enumerate(sample.args) if isinstance(each, TensorSpec)]
    return found if everything else found[:1]


def batch_of(module, tensor):
    """Two tensors like this one, with other values in the second: stacked."""
    tensor = tensor.detach()
    other = tensor.flip(tuple(range(tensor.ndim))) if tensor.ndim else tensor
    return module.stack([tensor, other])


def apply_to_batch(module, row, sample, everything, mapped):
    """The op on a batch: by `vmap`, or one by one."""
    args, kwargs, _ = sample.build(module)
    function = find(module, row.name)
    places = places_of(sample, everything)
    batches = [batch_of(module, args[place]) for place in places]

    def one(*some):
        whole = list(args)
        for place, each in zip(places, some, strict=True):
            whole[place] = each
        result = function(*whole, **kwargs)
        return list(result) if isinstance(result, (tuple, list)) else result

    if mapped:
        return module.vmap(one)(*batches)
    results = [one(*[each[i] for each in batches]) for i in range(2)]
    if isinstance(results[0], (tuple, list)):
        return [module.stack(list(pair)) for pair in zip(*results, strict=True)]
    return module.stack(results)


@pytest.mark.parametrize(("row", "sample", "everything"), cases())
def test_op(row, sample, everything):
    wanted = attempt(lambda: apply_to_batch(theirs, row, sample, everything, mapped=False))
    if isinstance(wanted, Raised):
        pytest.skip("torch has no batch of what this gives")
    got = attempt(lambda: apply_to_batch(ours, row, sample, everything, mapped=True))
    if row.name in _NO_BATCH and isinstance(got, Raised):
        assert any(text in got.text for text in _REFUSALS)
        return
    if row.canonical is not None:
        pytest.skip("a decomposition that is unique up to signs")
    found = differences(got, wanted, tolerance=row.tolerance, strides=False)
    assert not found, "\n".join(found)
