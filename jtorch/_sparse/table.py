"""All answers of sparse tensors: importing this module declares them."""

from jtorch._sparse import (  # noqa: F401
    arithmetic,
    construct,
    conversion,
    elements,
    products,
    protocol,
    reductions,
    shapes,
)
