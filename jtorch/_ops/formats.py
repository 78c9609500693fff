"""The memory format of images: which strides the results of operations on them have."""

from jtorch._shapes import channels_last_3d_strides, channels_last_strides, suggested_format

_STRIDES = {"channels_last": channels_last_strides, "channels_last_3d": channels_last_3d_strides}


def kept_format(input, result):
    """The strides of a result with its channels where those of the input are; None: contiguous."""
    make = _STRIDES.get(suggested_format(input.shape, input.stride()))
    return make and make(result)
