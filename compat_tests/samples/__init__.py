"""Sample calls for every op, one file per family, written from torch's documentation."""

from samples import (
    activations,
    comparison,
    convolution,
    creation,
    index,
    join,
    linalg,
    losses,
    matmul,
    norms,
    operators,
    pointwise,
    pointwise_binary,
    pooling,
    reduction,
    running,
    sorting,
    view,
)

FAMILIES = {
    "activations": activations.ROWS,
    "creation": creation.ROWS,
    "pointwise": pointwise.ROWS,
    "pointwise_binary": pointwise_binary.ROWS,
    "operators": operators.ROWS,
    "pooling": pooling.ROWS,
    "comparison": comparison.ROWS,
    "convolution": convolution.ROWS,
    "reduction": reduction.ROWS,
    "running": running.ROWS,
    "view": view.ROWS,
    "index": index.ROWS,
    "join": join.ROWS,
    "losses": losses.ROWS,
    "matmul": matmul.ROWS,
    "norms": norms.ROWS,
    "linalg": linalg.ROWS,
    "sorting": sorting.ROWS,
}
ROWS = [row for rows in FAMILIES.values() for row in rows]
