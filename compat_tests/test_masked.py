"""torch.masked: reductions and normalizations of what a mask leaves, compared with torch."""

import itertools

import pytest

import compare
from compare import ours, sampled
from expressions import lines_of
from operation_lines import compare_line, compare_together

REDUCTIONS = (
    "sum", "prod", "amax", "amin", "mean", "median", "logsumexp", "var", "std", "norm",
)  # fmt: skip
PLACES = ("argmax", "argmin")
NORMALIZATIONS = ("cumsum", "cumprod", "softmax", "log_softmax", "softmin", "normalize")
DTYPES = ("float32", "float64", "bfloat16", "complex64", "int64", "int8", "uint8", "bool")
MASKS = (
    "None",
    "R(3, 4) > 0",
    "torch.tensor([[True], [False], [True]])",
    "torch.tensor([True, False, True, True])",
    "torch.tensor(False)",
    "torch.ones(3, 4, dtype=torch.int64)",
)
DIMS = ("None", "0", "-1", "(0, 1)", "()")


def options(name):
    """(what stands before the dim, the keywords besides the mask) of calls of a function."""
    if name in NORMALIZATIONS:
        return "2.0, " if name == "normalize" else "", ("", "dtype=torch.float64")
    first = "" if name != "norm" else "3.0, "
    extra = ("keepdim=True", "dtype=torch.float64")
    return first, (
        "",
        *extra,
        *(("unbiased=False", "correction=2") if name in ("var", "std") else ()),
    )


def calls():
    for name in (*REDUCTIONS, *PLACES, *NORMALIZATIONS):
        first, keywords = options(name)
        one = name in (*PLACES, *NORMALIZATIONS, "median")
        dims = ("0", "-1", "1") if one else DIMS
        every = list(itertools.product(DTYPES, MASKS, dims, keywords))
        for dtype, mask, dim, keyword in sampled(every, 14, salt=name):
            if dtype == "complex64" and "dtype" in keyword:
                continue  # what a cast from complex numbers warns of is not the mask's
            if name == "log_softmax" and dtype == "bfloat16":
                continue  # torch rounds on the way
            call = f"torch.masked.{name}(x, {first}{dim}, mask=m, {keyword})"
            kind = "bool" if dtype == "bool" else dtype
            yield f"x = (R(3, 4) * 3).to(torch.{kind}) ;; m = {mask} ;; {call}"


@pytest.mark.parametrize("line", list(calls()))
def test_call(line):
    compare_line(line)


def derivatives():
    for name in (*REDUCTIONS, *NORMALIZATIONS):
        first, _ = options(name)
        for dtype in ("float64", "complex128"):
            if dtype == "complex128" and name not in ("sum", "prod", "mean", "cumsum", "var"):
                continue
            yield (
                f"x = R(3, 4, dtype='{dtype}', grad=True) ;; m = R(3, 4) > -1.2 ;; "
                f"r = torch.masked.{name}(x, {first}1, mask=m) ;; [r, names(r), *slopes(r, x)]"
            )


@pytest.mark.parametrize("line", list(derivatives()))
def test_derivative(line):
    compare_line(line)


@pytest.mark.parametrize("line", lines_of("masked"))
def test_line(line):
    compare_line(line)


def test_compiled():
    chosen = [
        f"torch.masked.{name}(R(3, 4), {options(name)[0]}1, mask=R(3, 4) > 0.3)"
        for name in (*REDUCTIONS, *PLACES, *NORMALIZATIONS)
    ]
    compare_together([each for each in chosen if "median" not in each])


def test_what_is_absent_says_so():
    if not compare.SELF:
        with pytest.raises(AttributeError, match=r"does not provide torch\.masked\.MaskedTensor"):
            ours.masked.MaskedTensor  # noqa: B018 - looking it up raises
