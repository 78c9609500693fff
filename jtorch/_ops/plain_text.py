"""The text of a tensor in the messages of PyTorch's C++ part, which has a printer of its own."""

import itertools
import math

_LINE = 80


def plain_text(array, type_name):
    """The elements of a numpy array with two dims or more, as real numbers, and its type and sizes."""
    parts = []
    if array.size:
        array = array.real.astype("float64")
        if array.ndim == 2:
            parts.append(_matrix(array, 0))
        else:
            # the first dim counts fastest
            for places in itertools.product(*[range(size) for size in array.shape[-3::-1]]):
                place = places[::-1]
                name = ",".join(str(each + 1) for each in place)
                parts.append(f"({name},.,.) = \n{_matrix(array[place], 1)}")
    sizes = ",".join(map(str, array.shape))
    return "\n".join(parts) + f"[ {type_name}{{{sizes}}} ]"


def _matrix(rows, indent):
    width, letter, scale = _format(rows)
    count = rows.shape[1]
    fitting = max((_LINE - indent) // (width + 1), 1)
    blank = " " * indent
    parts = []
    for first in range(0, count, fitting):
        last = min(first + fitting, count)
        head = f"Columns {first + 1} to {last}{blank}" if fitting < count else ""
        if scale != 1:
            head += f"{repr(scale).removesuffix('.0')} *\n{blank}"
        lines = [
            " ".join(f"{each / scale:>{width}{letter}}" for each in row[first:last].tolist())
            for row in rows
        ]
        between = "\n" + blank + (" " if scale != 1 else "")
        parts.append(head + between.join(lines) + "\n")
    return "\n".join(parts)


def _format(rows):
    """(width of a number, its format, what all are divided by) for the numbers of a matrix."""
    finite = [abs(each) for each in rows.reshape(-1).tolist() if math.isfinite(each)]
    low, high = (_digits(choose(finite)) if finite else 1 for choose in (min, max))
    if all(each == math.ceil(each) for each in finite):
        return (11, ".4e", 1) if high > 9 else (high + 1, "g", 1)
    if high - low > 4:
        return 12 if max(abs(low), abs(high)) > 99 else 11, ".4e", 1
    if high > 5 or high < 0:
        return 7, ".4f", 10.0 ** (high - 1)
    return 7 if high == 0 else high + 6, ".4f", 1


def _digits(number):
    return math.floor(math.log10(number)) + 1 if number else 1
