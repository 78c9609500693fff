"""`jtorch compare`: which lines are the same, which are close; progress, and cells of notebooks."""

import io
import re

import pytest

from jtorch._compare import lines, notebook
from jtorch._compare.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_a_bar_on_a_terminal():
    progress = Progress(2, Terminal())
    progress.program("a.py")
    progress.side("jtorch")(0.0)
    progress.side("PyTorch")(1.0)
    progress.side("comparing")(0.0)
    progress.clear()
    progress.program("b.py")
    progress.side("jtorch")(12.3)

    drawn = progress.stream.getvalue().split("\r\x1b[K")
    assert drawn == [
        "", f"[{'-' * 24}] a.py, jtorch, 0 s", f"[{'#' * 6}{'-' * 18}] a.py, PyTorch, 1 s",
        f"[{'#' * 12}{'-' * 12}] a.py, comparing, 0 s", "",
        f"[{'#' * 12}{'-' * 12}] b.py, jtorch, 12 s",
    ]  # fmt: skip


# Texts: ours, theirs, how many lines are the same, close and different.
TEXTS = [
    ("a\nb\n", "a\nb\n", (2, 0, 0)),
    ("", "", (0, 0, 0)),
    ("a\n", "", (0, 0, 1)),
    ("a", "a\n", (0, 0, 1)),
    ("loss 0.50001\n", "loss 0.50002\n", (0, 1, 0)),
    ("loss 0.5001\n", "loss 0.5003\n", (0, 0, 1)),
    ("loss 0.1\n", "loss 0.2\n", (0, 0, 1)),
    ("loss 2.1234567\n", "loss 2.1234588\n", (0, 1, 0)),
    ("1.2346e-05 x\n", "1.2347e-05 x\n", (0, 1, 0)),
    ("12345.678\n", "12345.690\n", (0, 1, 0)),
    ("step 3\n", "step 4\n", (0, 0, 1)),
    ("1.\n", "2.\n", (0, 0, 1)),
    ("nan\n", "0.0000\n", (0, 0, 1)),
    ("-0.000001\n", "0.000001\n", (0, 1, 0)),
    ("tensor([ 0.1234])\n", "tensor([0.1235])\n", (0, 1, 0)),
    ("x  1.5\n", "x 1.5\n", (0, 0, 1)),
    ("conv1d(2)\n", "conv2d(2)\n", (0, 0, 1)),
    ("<A at 0x7fd09dd5ef90>\n", "<A at 0x7f309dd5ef91>\n", (1, 0, 0)),
    ("a\nmore\nb\nc\nd\n", "a\nb\nc\nd\n", (4, 0, 1)),
    ("".join(f"{n}\n" for n in range(50)), "".join(f"{n}\n" for n in range(50) if n != 7),
     (49, 0, 1)),
    ("x\nb\nc\nd\n", "y\nz\nb\nc\nd\n", (3, 0, 2)),
    ("tensor([1.0000,\n        2.0000], dtype=torch.bfloat16)\n",
     "tensor([1.0078,\n        2.0156], dtype=torch.bfloat16)\n", (0, 2, 0)),
    ("tensor([1.00000], dtype=torch.float64)\n", "tensor([1.00002], dtype=torch.float64)\n",
     (0, 0, 1)),
]  # fmt: skip


def text_comparison(ours, theirs, **options):
    readers = [
        lines.Reader(io.BytesIO(text.encode()), 0, len(text.encode())) for text in (ours, theirs)
    ]
    return lines.compare(*readers, **options)


@pytest.mark.parametrize("ours, theirs, counts", TEXTS)
def test_texts(ours, theirs, counts):
    found = text_comparison(ours, theirs)

    assert (found.same, found.close, found.different) == counts
    assert (found.ours, found.theirs) == tuple(len(text.splitlines()) for text in (ours, theirs))
    assert found.verdict == ("different" if counts[2] else lines.CLOSE if counts[1] else lines.SAME)


def test_lines_that_are_not_compared():
    found = text_comparison("took 3.1 s\na\n", "took 12 s\nb\n", ignored=[re.compile("took")])

    assert (found.same, found.different) == (1, 1)
    assert found.rows[0].ours == "a"


def test_what_is_no_python_in_a_cell():
    assert notebook.magics("x = '''\n%time\n'''\ny = 3 \\\n  % 2") == []
    assert notebook.magics("a = 1\n  !ls") == [(2, "!ls")]
    assert notebook.magics("files = !ls\nx?") == [(1, "files = !ls"), (2, "x?")]
    assert notebook.magics("x = 1\nget_ipython().run()") == [(2, "get_ipython().run()")]
    assert notebook.without_magics("%time x\nif x:\n    !ls\ny") == "pass\nif x:\n    pass\ny"
    assert notebook.without_magics("%%bash\nls") == ""
    assert notebook.without_magics("%%time\nx = 1") == "pass\nx = 1"
