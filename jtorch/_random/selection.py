"""The largest of an array in the order in which `topk` gives them on a CPU, equal ones included.

Where all are different any sort will do. Among equal values the order is what the C++ library's
algorithms leave (libstdc++: partial_sort for few of many, else nth_element and sort), so these are
followed step by step. `before[i] < before[j]` says that element i goes before element j.
"""

import numpy as np

_INSERTION = 16  # std::sort leaves pieces of this size to insertion


def largest(values, count):
    """Indices of the `count` largest of a float array, in falling order; NaN is largest of all."""
    values = values.astype(np.float64)
    missing = np.isnan(values)
    keys = np.where(missing, -np.inf, -values)
    first = np.arange(values.size)
    if count < values.size:  # and the one after them, in case it equals the last of them
        first = np.argpartition(keys, count)[: count + 1]
    order = first[np.argsort(keys[first])]
    ranks = keys[order]
    if (ranks[1:] != ranks[:-1]).all():
        return order[:count]
    _, before = np.unique(keys, return_inverse=True)
    before = np.where(missing, -1, before)  # apart from infinity
    items, before = list(range(values.size)), before.tolist()
    if count * 64 <= values.size:
        _select_by_heap(items, before, 0, count, values.size)
        _sort_heap(items, before, 0, count)
    else:
        _partition_at(items, before, count - 1)
        _sort(items, before, count - 1)
    return np.array(items[:count], np.int64)


def _partition_at(items, before, nth):
    """std::nth_element."""
    first, last = 0, len(items)
    depth = 2 * (last.bit_length() - 1)
    while last - first > 3:
        if not depth:
            _select_by_heap(items, before, first, nth + 1, last)
            items[first], items[nth] = items[nth], items[first]
            return
        depth -= 1
        cut = _partition(items, before, first, last)
        if cut <= nth:
            first = cut
        else:
            last = cut
    _insertion_sort(items, before, first, last)


def _sort(items, before, last):
    """std::sort of the first `last` items."""
    pieces = [(0, last, 2 * (last.bit_length() - 1))] if last else []
    while pieces:
        first, end, depth = pieces.pop()
        while end - first > _INSERTION:
            if not depth:
                _select_by_heap(items, before, first, end, end)
                _sort_heap(items, before, first, end)
                break
            depth -= 1
            cut = _partition(items, before, first, end)
            pieces.append((first, cut, depth))
            first = cut
    # Elements are in the right piece already, so one insertion pass finishes all pieces.
    _insertion_sort(items, before, 0, min(last, _INSERTION))
    for place in range(_INSERTION, last):
        _insert(items, before, place)


def _partition(items, before, first, last):
    middle = first + (last - first) // 2
    a, b, c = (before[items[place]] for place in (first + 1, middle, last - 1))
    if a < b:
        median = middle if b < c else last - 1 if a < c else first + 1
    else:
        median = first + 1 if a < c else last - 1 if b < c else middle
    items[first], items[median] = items[median], items[first]
    pivot = before[items[first]]
    low, high = first + 1, last
    while True:
        while before[items[low]] < pivot:
            low += 1
        high -= 1
        while pivot < before[items[high]]:
            high -= 1
        if low >= high:
            return low
        items[low], items[high] = items[high], items[low]
        low += 1


def _insertion_sort(items, before, first, last):
    for place in range(first + 1, last):
        item = items[place]
        if before[item] < before[items[first]]:
            items[first + 1 : place + 1] = items[first:place]
            items[first] = item
        else:
            _insert(items, before, place)


def _insert(items, before, place):
    """Move an item left past all that it goes before; one that stops it is known to be there."""
    item = items[place]
    rank = before[item]
    while rank < before[items[place - 1]]:
        items[place] = items[place - 1]
        place -= 1
    items[place] = item


def _select_by_heap(items, before, first, middle, last):
    """std::__heap_select: the items that go first, as a heap, to `first` ... `middle`."""
    length = middle - first
    for parent in range(length // 2 - 1, -1, -1):
        _sift(items, before, first, parent, length, items[first + parent])
    for place in range(middle, last):
        item = items[place]
        if before[item] < before[items[first]]:
            items[place] = items[first]
            _sift(items, before, first, 0, length, item)


def _sort_heap(items, before, first, last):
    while last - first > 1:
        last -= 1
        item = items[last]
        items[last] = items[first]
        _sift(items, before, first, 0, last - first, item)


def _sift(items, before, first, hole, length, item):
    """std::__adjust_heap: the hole goes to the bottom, then the item up from there."""
    top = child = hole
    while child < (length - 1) // 2:
        child = 2 * (child + 1)
        if before[items[first + child]] < before[items[first + child - 1]]:
            child -= 1
        items[first + hole] = items[first + child]
        hole = child
    if length % 2 == 0 and child == (length - 2) // 2:
        child = 2 * (child + 1) - 1
        items[first + hole] = items[first + child]
        hole = child
    rank = before[item]
    while hole > top:
        parent = (hole - 1) // 2
        if not before[items[first + parent]] < rank:
            break
        items[first + hole] = items[first + parent]
        hole = parent
    items[first + hole] = item
