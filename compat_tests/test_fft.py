"""torch.fft: values, strides, nodes, gradients and errors, compared with torch."""

import itertools

import pytest

from compare import sampled
from expressions import lines_of
from operation_lines import compare_line, compare_together

ONE = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
MANY = tuple(f"{name}n" for name in ONE)
TWO = tuple(f"{name}2" for name in ONE)
REAL_ONLY = ("rfft", "ihfft")
SOURCES = (
    "R(3, 4, 5)",
    "R(5, 3, 4).permute(1, 2, 0)",
    "R(3, 1, 5, dtype='float64')",
    "R(5, 1, 1).expand(5, 3, 4)",
    "R(2, 1, 4, 3).squeeze(1).transpose(0, 2)",
    "R(3, 4, 5, dtype='complex64')[:, 1:]",
    "R(3, 4, 5, dtype='complex128').permute(2, 0, 1).conj()",
)
NORMS = (None, "backward", "ortho", "forward")


def is_refused(name, source):
    return name.startswith(REAL_ONLY) and "complex" in source


def calls_along_one():
    return [
        f"torch.fft.{name}({source}, {n}, dim={dim}, norm={norm!r})"
        for name, source, dim, norm, n in itertools.product(
            ONE, SOURCES, (0, 1, -1), NORMS, (None, 2, 7)
        )
        if not is_refused(name, source)
    ]


def calls_along_several():
    dims = [each for count in (1, 2, 3) for each in itertools.permutations(range(3), count)]
    lines = [
        f"torch.fft.{name}({source}, {s and s[: len(dim)]}, dim={dim}, norm={norm!r})"
        for name, source, dim, norm, s in itertools.product(
            MANY, SOURCES, dims, NORMS[1:], (None, (2, 6, -1))
        )
        if not is_refused(name, source)
    ]
    for name in MANY:
        lines += [
            f"torch.fft.{name}(R(2, 3, 2, 3, 2))",
            f"torch.fft.{name}(R(2, 3, 2, 3, 2), dim=(0, 2, 4, 1))",
            f"torch.fft.{name}(R(1, 4, 1, 2, 1, 3, 1), dim=(1, 4, 6))",
        ]
    lines += [f"torch.fft.{name}(R(3, 4, 5), (4, 4))" for name in TWO]
    return lines


@pytest.mark.parametrize("line", lines_of("fft"))
def test_lines(line):
    compare_line(line)


@pytest.mark.parametrize("line", sampled(calls_along_one(), 120, salt="one"))
def test_along_one(line):
    compare_line(line)


@pytest.mark.parametrize("line", sampled(calls_along_several(), 160, salt="several"))
def test_along_several(line):
    compare_line(line)


@pytest.mark.parametrize(
    "lines", [calls_along_one(), calls_along_several()], ids=["one", "several"]
)
def test_compiled(lines):
    """The same by XLA, as one program."""
    compare_together(sampled(lines, 24, salt="compiled"))


def gradients():
    for name in (*ONE, *TWO, *MANY):
        for dtype in ("float64", "complex128"):
            if not is_refused(name, dtype):
                for s in ("None", "6", "2") if name in ONE else ("None", "(6, 2)"):
                    yield (
                        f"x = R(3, 4, dtype='{dtype}', grad=True) ;; "
                        f"y = torch.fft.{name}(x, {s}) ;; [y.detach(), names(y), slopes(y, x)]"
                    )


@pytest.mark.parametrize("line", [*gradients()])
def test_gradients(line):
    compare_line(line)


def test_compiled_gradients():
    compare_together([*gradients()][::9])
