"""Shapes and strides: what PyTorch's rules say of them, and its errors; plain integers and tuples.

A geometry is a triple (shape, stride, offset), strides and offset counted in elements. Functions
named after a torch op take the geometry of its input and return that of its result.
"""

from jtorch._shapes.basics import (
    channels_last_3d_strides,
    channels_last_strides,
    contiguous_strides,
    is_channels_last,
    is_channels_last_3d,
    is_contiguous,
    is_non_overlapping_and_dense,
    numel,
    reduced_shape,
    suggested_format,
    wrap_dim,
    wrap_dims,
)
from jtorch._shapes.broadcast import (
    broadcast_shapes,
    broadcast_shapes_op,
    check_output_shape,
    infer_size,
    reshape,
    view,
    view_strides,
)
from jtorch._shapes.overlap import (
    InternalOverlap,
    Overlap,
    assert_no_internal_overlap,
    assert_no_overlap,
    assert_no_partial_overlap,
    has_internal_overlap,
    overlap_of_two,
)
from jtorch._shapes.pointwise import like_strides, pointwise_strides
