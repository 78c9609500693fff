"""What is said of values that are not close: torch's words, and the exception that carries them."""

from typing import NamedTuple

__all__ = ["Mismatch", "Tolerances", "number_text", "tensor_text"]


class Tolerances(NamedTuple):
    """How far two values may be apart: `absolute + relative * abs(expected)`."""

    relative: float
    absolute: float

    @property
    def are_zero(self):
        return self.relative == 0 and self.absolute == 0


class Mismatch(Exception):
    """That values differ, or cannot be compared; `place` is where they stand in what was given."""

    def __init__(self, kind, text, place=()):
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.place = place

    def for_user(self, message=None):
        """The error that the user gets; `message` replaces its text, or makes another of it."""
        if isinstance(message, str):
            return self.kind(message)
        text = self.text
        if self.place:
            text += f"\n\nThe failure occurred for item {shown_place(self.place)}"
        return self.kind(message(text) if callable(message) else text)


def shown_place(place) -> str:
    """`(0, "a")` as `[0]['a']`."""
    return "".join(f"[{each!r}]" for each in place)


def number_text(actual, expected, tolerances, name="Scalars") -> str:
    """What is said of two numbers."""
    absolute = abs(actual - expected)
    relative = float("inf") if expected == 0 else absolute / abs(expected)
    return "\n".join((
        _heading(name, tolerances.are_zero),
        "",
        f"Expected {expected} but got {actual}.",
        f"Absolute difference: {absolute}{_allowed(tolerances.absolute, tolerances)}",
        f"Relative difference: {relative}{_allowed(tolerances.relative, tolerances)}",
    ))  # fmt: skip


def tensor_text(actual, expected, matches, tolerances, name="Tensor-likes") -> str:
    """What is said of two tensors with at least one dim; `matches` says which elements are close."""
    total = matches.numel()
    wrong = total - int(matches.sum())
    counts = f"Mismatched elements: {wrong} / {total} ({wrong / total:.1%})"
    if actual.dtype.is_floating_point and actual.dtype.itemsize == 1:
        first = tuple((~matches).nonzero()[0].tolist())
        return f"{name} are not 'equal'!\n\n{counts}\nThe first mismatched element is at index {first}."
    absolute, relative = _differences(actual.flatten(), expected.flatten(), matches.flatten())
    return "\n".join((
        _heading(name, tolerances.are_zero),
        "",
        counts,
        _greatest("absolute", absolute, matches.shape) + _allowed(tolerances.absolute, tolerances),
        _greatest("relative", relative, matches.shape) + _allowed(tolerances.relative, tolerances),
    ))  # fmt: skip


def _differences(actual, expected, matches):
    """Absolute and relative differences of elements that do not match; 0 elsewhere."""
    if not actual.dtype.is_floating_point and not actual.dtype.is_complex:
        actual, expected = actual.long(), expected.long()  # the difference of two bytes may be none
    absolute = (actual - expected).abs().masked_fill(matches, 0)
    relative = (absolute / expected.abs()).masked_fill(matches, 0)
    return absolute, relative


def _greatest(kind, differences, shape) -> str:
    value, flat = differences.max(0)
    index, rest = [], int(flat)
    for size in reversed(shape):
        rest, place = divmod(rest, size)
        index.append(place)
    return f"Greatest {kind} difference: {value.item()} at index {tuple(reversed(index))}"


def _heading(name, is_of_equality) -> str:
    return f"{name} are not {'equal' if is_of_equality else 'close'}!"


def _allowed(tolerance, tolerances) -> str:
    return "" if tolerances.are_zero else f" (up to {tolerance} allowed)"
