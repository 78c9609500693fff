"""`assert_close`: walks what it is given, pairs what stands at the same place, and compares the pairs."""

import collections.abc
import contextlib
import warnings

from jtorch import _dtypes
from jtorch._ops.from_data import tensor
from jtorch._tensor import Tensor
from jtorch.testing._mismatches import Mismatch, shown_place
from jtorch.testing._pairs import PAIRS, Options
from jtorch.testing._tolerances import default_tolerances

__all__ = ["assert_allclose", "assert_close"]

_UNEXPECTED = (
    "resulted in the unexpected exception above. If you are a user and see this message during "
    "normal operation please file an issue at https://github.com/pytorch/pytorch/issues. If you "
    "are a developer and working on the comparison functions, please except the previous error "
    "and raise an expressive `ErrorMeta` instead."
)
# What `assert_allclose` has for tolerances; it is older than the table of `assert_close`.
_OLD_TOLERANCES = {
    _dtypes.float16: (1e-3, 1e-3),
    _dtypes.float32: (1e-4, 1e-5),
    _dtypes.float64: (1e-5, 1e-8),
}


def assert_close(
    actual,
    expected,
    *,
    allow_subclasses=True,
    rtol=None,
    atol=None,
    equal_nan=False,
    check_device=True,
    check_dtype=True,
    check_layout=True,
    check_stride=False,
    msg=None,
):
    """Assert that abs(actual - expected) <= atol + rtol * abs(expected), element by element.

    Numbers, tensors, what tensors are made of, and sequences and mappings of them; tolerances that
    are not given are those of the dtypes. `msg` replaces the text, or is called with it.

    Errors:  AssertionError where they are not close, or differ in what is checked; ValueError for
             one tolerance without the other; TypeError for values that are no such pair.
    Source:  torch.testing.assert_close.
    """
    __tracebackhide__ = True  # pytest then shows the user's line last
    options = Options(
        allow_subclasses, rtol, atol, equal_nan, check_device, check_dtype, check_layout,
        check_stride,
    )  # fmt: skip
    try:
        pairs = [*_paired(actual, expected, (), options)]
    except Mismatch as mismatch:
        raise mismatch.for_user() from None
    found = [mismatch for mismatch in map(_mismatch_of, pairs) if mismatch is not None]
    if found:
        raise found[0].for_user(msg)


def _mismatch_of(pair):
    try:
        pair.compare()
    except Mismatch as mismatch:
        return mismatch.with_traceback(None)  # which would hold the tensors
    except Exception as error:
        raise RuntimeError(f"Comparing\n\n{pair}\n\n{_UNEXPECTED}") from error
    return None


def _paired(actual, expected, place, options):
    """The pairs of two values, which stand at `place` of what was given."""
    if _both(actual, expected, collections.abc.Sequence) and not (
        isinstance(actual, str) or isinstance(expected, str)
    ):
        if len(actual) != len(expected):
            raise Mismatch(
                AssertionError,
                f"The length of the sequences mismatch: {len(actual)} != {len(expected)}",
                place,
            )
        for index in range(len(actual)):
            yield from _paired(actual[index], expected[index], (*place, index), options)
    elif _both(actual, expected, collections.abc.Mapping):
        for key in _common_keys(actual, expected, place):
            yield from _paired(actual[key], expected[key], (*place, key), options)
    else:
        yield _pair(actual, expected, place, options)


def _both(actual, expected, kind):
    return isinstance(actual, kind) and isinstance(expected, kind)


def _common_keys(actual, expected, place):
    """The keys of two mappings, sorted where they can be.

    Errors:  Mismatch where they differ.
    """
    found, wanted = {*actual.keys()}, {*expected.keys()}
    if found != wanted:
        raise Mismatch(
            AssertionError,
            "The keys of the mappings do not match:\n"
            f"Missing keys in the actual mapping: {sorted(wanted - found)}\n"
            f"Additional keys in the actual mapping: {sorted(found - wanted)}",
            place,
        )
    with contextlib.suppress(Exception):
        return sorted(found)
    return found


def _pair(actual, expected, place, options):
    for kind in PAIRS:
        try:
            pair = kind.of(actual, expected, place, options)
        except Mismatch:
            raise
        except Exception as error:
            raise RuntimeError(
                f"Originating a {kind.__name__}() at item {shown_place(place)} with\n\n"
                f"{type(actual).__name__}(): {actual}\n\nand\n\n"
                f"{type(expected).__name__}(): {expected}\n\n{_UNEXPECTED}"
            ) from error
        if pair is not None:
            return pair
    raise Mismatch(
        TypeError,
        "No comparison pair was able to handle inputs of type "
        f"{type(actual)} and {type(expected)}.",
        place,
    )


def assert_allclose(actual, expected, rtol=None, atol=None, equal_nan=True, msg=""):
    """The old `assert_close`, with wider tolerances, blind to dtypes and with NaN equal to NaN.

    Source:  torch.testing.assert_allclose.
    """
    warnings.warn(
        "`torch.testing.assert_allclose()` is deprecated since 1.12 and will be removed in a "
        "future release. Please use `torch.testing.assert_close()` instead. You can find detailed "
        "upgrade instructions in https://github.com/pytorch/pytorch/issues/61844.",
        FutureWarning,
        stacklevel=2,
    )
    if not isinstance(actual, Tensor):
        actual = tensor(actual)
    if not isinstance(expected, Tensor):
        expected = tensor(expected, dtype=actual.dtype)
    if rtol is None and atol is None:
        rtol, atol = default_tolerances(actual.dtype, expected.dtype, table=_OLD_TOLERANCES)
    assert_close(
        actual, expected, rtol=rtol, atol=atol, equal_nan=equal_nan, check_dtype=False,
        msg=msg or None,
    )  # fmt: skip
