"""Operators that torch has under private names and in torch.ops.aten, compared with torch."""

import pytest

from expressions import lines_of
from operation_lines import compare_line, compare_together


@pytest.mark.parametrize("line", lines_of("inner_operators") + lines_of("scaled_products"))
def test_line(line):
    compare_line(line)


def test_compiled():
    plain = [each.values[0] for each in lines_of("inner_operators") if "names" in each.values[0]]
    compare_together([line.replace("names(r)", "0").replace("names(r[0])", "0") for line in plain
                      if "aten.slice" not in line])  # fmt: skip
    compare_together(
        [
            "torch.hash_tensor(R(3, 2), 1)",
            "torch.hash_tensor((R(3, 2) * 9).to(torch.int8))",
            "torch._chunk_cat([R(3, 2), R(4, 1), R(5)], 0, 2)",
        ]
    )
