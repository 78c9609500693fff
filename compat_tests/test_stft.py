"""torch.stft, torch.istft, and windows for them: compared with torch, warnings included."""

import itertools

import pytest

from compare import EXHAUSTIVE, sampled
from expressions import lines_of
from operation_lines import compare_line, compare_together

# Warnings that come once come each time; w and W are windows, c, C and f are transforms.
GIVEN = (
    "torch.set_warn_always(True) ;; w = 0.5 - 0.5 * torch.cos(torch.arange(8) * (np.pi / 4)) ;; "
    "W = R(8, low=1, high=2) ;; c = R(5, 11, dtype='complex64') ;; "
    "C = R(2, 5, 11, dtype='complex64') ;; f = R(8, 11, dtype='complex64') ;; "
)


def lines():
    return [each.values[0] for each in lines_of("stft")]


@pytest.fixture(autouse=True)
def _warnings_as_before():
    yield
    for module in ("torch", "jtorch"):
        __import__(module).set_warn_always(False)


@pytest.mark.parametrize("line", lines_of("stft"))
def test_lines(line):
    compare_line(GIVEN + line)


def test_compiled():
    """Some of the same by XLA, as one program."""
    chosen = [line for line in lines() if "slopes" in line][::2]
    chosen += [line for line in lines() if "window=w)" in line and "[..., :7]" not in line][:8]
    compare_together([GIVEN + line for line in chosen])


LENGTHS = (0, 1, 2, 3, 8, 9)
OLD = ("bartlett", "blackman", "hamming", "hann", "kaiser")
NEW = (*OLD, "cosine", "exponential", "gaussian", "general_hamming", "nuttall")


def windows():
    for name, length, rest in itertools.product(
        OLD, LENGTHS, ("True", "False", "dtype=torch.float64", "dtype=torch.bfloat16")
    ):
        yield f"torch.{name}_window({length}, {rest})"
    for name, length, rest in itertools.product(
        NEW, LENGTHS, ("sym=True", "sym=False", "dtype=torch.float64")
    ):
        yield f"torch.signal.windows.{name}({length}, {rest})"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_windows(count):
    lines = [*windows()][count::3]
    for line in lines if EXHAUSTIVE else sampled(lines, 60):
        compare_line(line)


@pytest.mark.parametrize("name", OLD)
def test_old_windows(name):
    call = f"torch.{name}_window"
    for line in (
        f"{call}(-1)",
        f"{call}(9, dtype=torch.half)",
        f"{call}(5, dtype=torch.int64)",
        f"{call}(5, layout=torch.sparse_coo)",
        f"{call}(5.0)",
        f"{call}('a')",
        f"{call}()",
        f"{call}(5, 1)",
        f"{call}(5, out=torch.zeros(5))",
        f"{call}(5, True, 0.25)",
        f"{call}(5, True, 0.25, 0.5)",
        f"{call}(5, beta=0.3)",
        f"{call}(5, periodic=True, alpha=0.25, beta=0.5)",
        f"{call}(5, dtype=torch.complex64)",
        f"x = {call}(5, requires_grad=True) ;; [x, x.is_leaf, x._base, x.untyped_storage().nbytes()]",
    ):
        compare_line(line)


@pytest.mark.parametrize("name", NEW)
def test_new_windows(name):
    call = f"torch.signal.windows.{name}"
    for line in (
        f"{call}(-1)",
        f"{call}(3, dtype=torch.half)",
        f"{call}(3, layout=torch.sparse_coo)",
        f"{call}()",
        f"{call}(3, True)",
        f"x = {call}(7, requires_grad=True) ;; [x.is_leaf, names(x)]",
        f"x = {call}(1, requires_grad=True) ;; [x.is_leaf, names(x)]",
    ):
        compare_line(line)


@pytest.mark.parametrize(
    "call",
    [
        "general_cosine(5, a=[])", "general_cosine(5, a=3)", "general_cosine(0, a=[1])",
        "general_cosine(5, a=(0.4, 0.3, 0.2, 0.1), sym=False)", "general_cosine(5)",
        "exponential(5, tau=0)", "exponential(5, center=2)",
        "exponential(5, center=1, sym=False, tau=3.)", "gaussian(5, std=-1)",
        "gaussian(9, std=0.7)", "kaiser(5, beta=-1)", "kaiser(6, beta=0)",
        "kaiser(6, beta=3, sym=False)", "general_hamming(7, alpha=0.3)",
    ],
)  # fmt: skip
def test_options_of_windows(call):
    compare_line(f"torch.signal.windows.{call}")
