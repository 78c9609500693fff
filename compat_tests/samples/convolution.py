"""Samples of convolutions, blocks and shuffles."""

from samples.spec import S, T, row


def _inputs(dims, transposed=False):
    """Plain, strided and grouped calls over so many dims."""
    size, kernel = (7, 6, 5)[:dims], (3, 2, 2)[:dims]
    weight = T(4, 2, *kernel)
    one, two = ((4,) if transposed else (2,)), T(4, 2, *kernel)
    return [
        S(T(2, *one, *size), weight),
        S(T(2, *one, *size), weight, T(2 if transposed else 4)),
        S(T(*one, *size), weight, None, 2),
        S(T(2, *one, *size), weight, stride=(2,) * dims, padding=1, dilation=2),
        S(T(2, 4, *size), two, groups=2),
        S(
            T(2, *one, *size, dtype="float64"),
            T(4, 2, *kernel, dtype="float64"),
            padding=[1] * dims,
        ),
        S(T(0, *one, *size), weight),
    ]


def _errors(dims, transposed=False):
    size, kernel = (7, 6, 5)[:dims], (3, 2, 2)[:dims]
    weight = T(4, 2, *kernel)
    channels = 4 if transposed else 2
    return [
        S(T(2, 3, *size), weight),
        S(T(2), weight),
        S(T(2, channels, *size), weight, T(3)),
        S(T(2, channels, *size), weight, stride=0),
        S(T(2, channels, *size), weight, padding=-1),
        S(T(2, channels, *size), weight, groups=3),
        S(T(2, channels, *size), 3),
        S(T(2, channels, *size)),
        S(T(2, channels, *size), weight, stride="a"),
    ]


_ROUNDING = "sums of products in another order, in single precision"

ROWS = [
    *[
        row(
            f"conv{'_transpose' * transposed}{dims}d",
            _inputs(dims, transposed),
            forms="f",
            errors=_errors(dims, transposed),
            tolerance=(2e-5, 2e-5),
            reason=_ROUNDING,
        )
        for transposed in (False, True)
        for dims in (1, 2, 3)
    ],
    row(
        "convolution",
        [
            S(T(2, 4, 6, 6), T(6, 4, 3, 3), T(6), [1], [1], [1], False, [0], 1),
            S(T(2, 4, 6, 6), T(4, 3, 3, 3), None, [2, 2], [0, 1], [1, 1], True, [1, 0], 1),
        ],
        forms="f",
        errors=[
            S(T(2, 4, 6, 6), T(6, 4, 3, 3)),
            S(T(2, 4, 6, 6), T(6, 4, 3, 3), None, [1, 1, 1], [0], [1], False, [0], 1),
            S(T(4, 6, 6), T(6, 4, 3, 3), None, [1], [0], [1], False, [0], 1),
        ],
        tolerance=(2e-5, 2e-5),
        reason=_ROUNDING,
    ),
    row(
        "conv_tbc",
        [S(T(5, 2, 3), T(3, 3, 4), T(4)), S(T(5, 2, 3), T(3, 3, 4), T(4), 1), S(T(5, 0, 3), T(3, 3, 4), T(4))],
        forms="f",
        errors=[S(T(5, 2, 3), T(3, 2, 4), T(4)), S(T(5, 2, 3), T(3, 3, 4)), S(T(5, 2), T(3, 3, 4), T(4))],
        tolerance=(2e-5, 2e-5),
        reason=_ROUNDING,
    ),
    row(
        "pixel_shuffle",
        [S(T(2, 8, 2, 3), 2), S(T(18, 2, 3), 3), S(T(0, 4, 2, 3), 2)],
        [S(T(2, 8, 2, 3, dtype="int64"), upscale_factor=2)],
        forms="f",
        errors=[S(T(2, 7, 2, 3), 2), S(T(2, 3), 2), S(T(2, 8, 2, 3), 0), S(T(2, 8, 2, 3), 1.5)],
    ),
    row(
        "pixel_unshuffle",
        [S(T(2, 2, 4, 6), 2), S(T(2, 6, 3), 3), S(T(2, 2, 4, 6, dtype="bool"), 2)],
        forms="f",
        errors=[S(T(2, 2, 5, 6), 2), S(T(2, 2, 4, 5), 2), S(T(4, 6), 2), S(T(2, 2, 4, 6), 0)],
    ),
    row(
        "channel_shuffle",
        [S(T(2, 6, 2, 3), 2), S(T(2, 6, 2), groups=3), S(T(2, 6, 2, 3, dtype="int64"), 6)],
        forms="f",
        errors=[S(T(2, 6, 2, 3), 4), S(T(2, 6), 2), S(T(2, 6, 2, 3), 0)],
    ),
    row(
        "native_channel_shuffle",
        [S(T(2, 6, 2, 3), 2), S(T(2, 6, 2, 3), groups=3)],
        forms="f",
        errors=[S(T(2, 6, 2, 3), 4)],
    ),
    row(
        "nn.functional.unfold",
        [S(T(2, 3, 5, 6), 2), S(T(3, 5, 6), (2, 3), 2, 1, (1, 2)), S(T(2, 3, 5, 6, dtype="bfloat16"), 3)],
        forms="f",
        errors=[S(T(2, 3, 5, 6), 7), S(T(5, 6), 2), S(T(2, 3, 5, 6, dtype="int64"), 2)],
    ),
    row(
        "nn.functional.fold",
        [S(T(2, 12, 20), (5, 6), 2), S(T(12, 30), (5, 6), 2, padding=(1, 0)), S(T(1, 12, 6), (4, 6), 2, stride=2)],
        forms="f",
        errors=[S(T(2, 12, 21), (5, 6), 2), S(T(2, 11, 20), (5, 6), 2), S(T(12), (5, 6), 2)],
    ),
]  # fmt: skip
