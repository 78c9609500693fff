"""What an equation of `einsum` says, read as torch reads it, and whether sizes fit it."""

import dataclasses
import functools
import string

LETTERS = string.ascii_uppercase + string.ascii_lowercase
ELLIPSIS = "..."


@dataclasses.dataclass(frozen=True)
class Equation:
    """What an equation says of operands with these numbers of dims.

    `operands` has the labels of each operand; `ellipsis` is how many dims `...` stands for;
    `places` maps each label to its place among all dims, of which the first `kept` are the
    result's.
    """

    operands: tuple
    ellipsis: int
    places: dict
    kept: int
    total: int


@functools.lru_cache(maxsize=1 << 10)
def parse(equation, ndims) -> Equation:
    """Errors:  RuntimeError in torch's words."""
    arrow = equation.find("->")
    left = equation if arrow < 0 else equation[:arrow]
    operands = _labels_of_operands(left, len(ndims))
    ellipsis = 0
    for number, (labels, ndim) in enumerate(zip(operands, ndims, strict=True)):
        count = len(labels) - (ELLIPSIS in labels)
        if ELLIPSIS in labels:
            ellipsis = max(ellipsis, ndim - count)
        if count > ndim or (count < ndim and ELLIPSIS not in labels):
            has = "is more than" if ELLIPSIS in labels else "does not match"
            end = "" if ELLIPSIS in labels else " and no ellipsis was given"
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({count}) {has} the number of "
                f"dimensions ({ndim}) for operand {number}{end}"
            )
    used = [label for labels in operands for label in labels if label != ELLIPSIS]
    if arrow < 0:
        result = [ELLIPSIS, *(label for label in LETTERS if used.count(label) == 1)]
    else:
        result = _labels_of_result(equation, arrow + 2, used)
    summed = [ELLIPSIS] if ELLIPSIS not in result else []
    summed += [label for label in LETTERS if label in used and label not in result]
    places, total = {}, 0
    for label in [*result, *summed]:
        places[label] = total
        total += ellipsis if label == ELLIPSIS else 1
        if label == (result[-1] if result else None):
            kept = total
    return Equation(operands, ellipsis, places, kept if result else 0, total)


def _labels_of_operands(text, count):
    operands = [[]]
    index = 0
    while index < len(text):
        letter = text[index]
        if letter == ".":
            if ELLIPSIS in operands[-1]:
                raise RuntimeError(
                    f"einsum(): found '.' for operand {len(operands) - 1} for which an ellipsis "
                    "was already found"
                )
            if text[index : index + 3] != ELLIPSIS:
                raise RuntimeError(
                    f"einsum(): found '.' for operand {len(operands) - 1} that is not part of any "
                    "ellipsis"
                )
            operands[-1].append(ELLIPSIS)
            index += 2
        elif letter == ",":
            operands.append([])
            if len(operands) > count:
                raise RuntimeError(
                    "einsum(): fewer operands were provided than specified in the equation"
                )
        elif letter != " ":
            _require_letter(letter, index)
            operands[-1].append(letter)
        index += 1
    if len(operands) < count:
        raise RuntimeError("einsum(): more operands were provided than specified in the equation")
    return tuple(map(tuple, operands))


def _labels_of_result(equation, start, used):
    result = []
    index = start
    while index < len(equation):
        letter = equation[index]
        if letter == ".":
            if ELLIPSIS in result:
                raise RuntimeError(
                    "einsum(): found '.' for output but an ellipsis (...) was already found"
                )
            if equation[index : index + 3] != ELLIPSIS:
                raise RuntimeError(
                    "einsum(): found '.' for output that is not part of any ellipsis (...)"
                )
            result.append(ELLIPSIS)
            index += 2
        elif letter != " ":
            _require_letter(letter, index)
            if letter in result:
                raise RuntimeError(
                    f"einsum(): output subscript {letter} appears more than once in the output"
                )
            if letter not in used:
                raise RuntimeError(
                    f"einsum(): output subscript {letter} does not appear in the equation for any "
                    "input operand"
                )
            result.append(letter)
        index += 1
    return result


def _require_letter(letter, index):
    if letter not in LETTERS:
        raise RuntimeError(
            f"einsum(): invalid subscript given at index {index} in the equation string, "
            "subscripts must be in [a-zA-Z]"
        )


def check_sizes(equation, shapes):
    seen = {}
    for number, (labels, shape) in enumerate(zip(equation.operands, shapes, strict=True)):
        dim = 0
        own = {}
        for label in labels:
            if label != ELLIPSIS and own.setdefault(label, shape[dim]) != shape[dim]:
                raise RuntimeError(
                    f"einsum(): subscript {label} is repeated for operand {number} but the sizes "
                    f"don't match, {shape[dim]} != {own[label]}"
                )
            width = 1
            if label == ELLIPSIS:
                width = len(shape) - len(labels) + 1
            for within in range(width):
                size = shape[dim]
                key = label if label != ELLIPSIS else equation.ellipsis - width + within
                before = seen.get(key, 1)
                if size != 1 and before not in (1, size):
                    raise RuntimeError(_mismatch(label, number, dim, size, before))
                if size != 1:
                    seen[key] = size
                dim += 1


def _mismatch(label, number, dim, size, before):
    if label == ELLIPSIS:
        return (
            f"einsum(): dimension {dim} covered by ellipsis in operand {number}has size {size} "
            f"which does not broadcast with previously seen ellipsis with size {before} for the "
            "respective dimension"
        )
    return (
        f"einsum(): subscript {label} has size {size} for operand {number} which does not "
        f"broadcast with previously seen size {before}"
    )
