"""The geometry of a convolution: which window of the input each place of the output sees."""

import itertools
import typing

from jax import lax


class Geometry(typing.NamedTuple):
    """Sizes of a convolution, spatial dims only.

    Place `o` of the output sees, with tap `t` of the kernel, place `o * stride + t * dilation -
    padding` of the input, which is 0 outside. `output` is given, not derived: windows may end
    before the input does, and a transposed convolution says its input's size, which is free.
    `narrow` says that the arrays have the values of bfloat16, though they are float32.
    """

    input: tuple
    kernel: tuple
    output: tuple
    stride: tuple
    padding: tuple
    dilation: tuple
    groups: int
    narrow: bool = False

    @property
    def dims(self):
        return len(self.kernel)

    @property
    def ends(self):
        """Zeros after the input, or, if negative, places at its end that no window reaches."""
        return tuple(
            (output - 1) * stride + (kernel - 1) * dilation + 1 - size - padding
            for size, kernel, output, stride, padding, dilation in zip(*self[:6], strict=True)
        )

    @property
    def pads(self):
        return tuple(zip(self.padding, self.ends, strict=True))

    @property
    def is_pointwise(self):
        """Whether each place of the output sees one place of the input, the same."""
        plain = set(self.kernel) <= {1} and set(self.stride) <= {1}
        return plain and not any(map(any, self.pads))

    @property
    def turned(self):
        """What gives the input's gradient of the output's, where all strides are 1."""
        triples = zip(self.kernel, self.dilation, self.padding, strict=True)
        padding = tuple([(count - 1) * step - pad for count, step, pad in triples])
        return self._replace(input=self.output, output=self.input, padding=padding)

    @property
    def taps(self):
        """The places of the kernel, the last dim fastest."""
        return itertools.product(*map(range, self.kernel))

    def window(self, padded, tap):
        """What the output sees with this tap of an input with its zeros; the last dims are spatial."""
        if self.is_pointwise:
            return padded
        front = padded.ndim - self.dims
        starts = [at * dilation for at, dilation in zip(tap, self.dilation, strict=True)]
        limits = [
            start + (count - 1) * stride + 1
            for start, count, stride in zip(starts, self.output, self.stride, strict=True)
        ]
        return lax.slice(
            padded,
            (*[0] * front, *starts),
            (*padded.shape[:front], *limits),
            (*[1] * front, *self.stride),
        )

    def placed(self, values, tap):
        """What `window` takes from, with `values` there and 0 elsewhere: its transposition."""
        if self.is_pointwise:
            return values
        config = [(0, 0, 0)] * (values.ndim - self.dims)
        for at, dilation, count, stride, size, (low, high) in zip(
            tap, self.dilation, self.output, self.stride, self.input, self.pads, strict=True
        ):
            start = at * dilation
            rest = size + low + high - start - (count - 1) * stride - 1
            config.append((start, rest, stride - 1))
        return lax.pad(values, values.dtype.type(0), config)

    def shifted(self, rows, place):
        """What the output sees of rows of the input, with a place of the kernel's last dim."""
        start = place * self.dilation[-1]
        limit = start + (self.output[-1] - 1) * self.stride[-1] + 1
        return lax.slice_in_dim(rows, start, limit, self.stride[-1], rows.ndim - 1)

    def spread(self, rows, place, width):
        """What `shifted` takes from, with `rows` there and 0 elsewhere, `width` long."""
        start, step = place * self.dilation[-1], self.stride[-1]
        rest = width - start - (self.output[-1] - 1) * step - 1
        config = [(0, 0, 0)] * (rows.ndim - 1)
        return lax.pad(rows, rows.dtype.type(0), [*config, (start, rest, step - 1)])

    def padded(self, array):
        """An input with its zeros around it; the last dims are spatial."""
        if not any(map(any, self.pads)):
            return array
        config = [(0, 0, 0)] * (array.ndim - self.dims)
        config += [(low, high, 0) for low, high in self.pads]
        return lax.pad(array, array.dtype.type(0), config)

    def unpadded(self, array):
        """The transposition of `padded`."""
        if not any(map(any, self.pads)):
            return array
        config = [(0, 0, 0)] * (array.ndim - self.dims)
        config += [(-low, -high, 0) for low, high in self.pads]
        return lax.pad(array, array.dtype.type(0), config)


def output_size(size, kernel, stride, padding, dilation):
    """How many windows there are along one dim."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def output_sizes(size, kernel, stride, padding, dilation):
    """The same for each of the dims."""
    return tuple(map(output_size, size, kernel, stride, padding, dilation))


def transposed_sizes(size, kernel, stride, padding, dilation, extra):
    """The sizes of what a transposed convolution gives."""
    return tuple(
        (count - 1) * step - 2 * pad + spread * (taps - 1) + more + 1
        for count, taps, step, pad, spread, more in zip(
            size, kernel, stride, padding, dilation, extra, strict=True
        )
    )
