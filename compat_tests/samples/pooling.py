"""Samples of poolings, padding and sampling that are functions of the package, too."""

from samples.spec import S, T, row

_LINE = (T(2, 3, 9), T(3, 9), T(0, 3, 9), T(2, 9, 3).transpose(1, 2), T(2, 3, 9, dtype="bfloat16"))
_PLANE = (T(2, 3, 5, 6), T(3, 5, 6), T(0, 3, 5, 6), T(2, 5, 6, 3).permute(0, 3, 1, 2))
_VOLUME = (T(1, 2, 4, 5, 6), T(2, 4, 5, 6))


def _of(tensors, *arguments, **options):
    return [S(each, *arguments, **options) for each in tensors]


ROWS = [
    row(
        "constant_pad_nd",
        [
            *_of(_LINE, (1, 2)),
            *_of(_PLANE, [1, 0, -1, 2], 1.5),
            S(T(2, 3, dtype="int64"), (1, 1), value=7),
            S(T(3, dtype="bool"), (1, 1), True),
            S(T(2, 3, dtype="complex64"), (0, 1), 1j),
            S(T(2, 3), ()),
            S(T(2, 3).t(), (0, -1)),
        ],
        forms="f",
        errors=[
            S(T(2, 3), (1,)),
            S(T(2, 3), (1,) * 6),
            S(T(2, 3), (-4, 0)),
            S(T(2, 3), 1),
            S(T(2, 3, dtype="uint8"), (1, 1), -1),
            S(T(2, 3)),
            S(3, (1, 1)),
        ],
    ),
    row(
        "max_pool1d",
        [*_of(_LINE, 2), *_of(_LINE, 3, 2, 1, 1, True), S(T(2, 9), kernel_size=(3,), dilation=2)],
        forms="f",
        errors=[
            S(T(2, 3, 9), 0),
            S(T(2, 3, 9), 2, 0),
            S(T(2, 3, 9), 2, 1, 2),
            S(T(2, 3, 9), (2, 2)),
            S(T(9), 2),
            S(T(2, 3, 9), 12),
            S(T(2, 3, 9, dtype="int64"), 2),
            S(T(2, 3, 9)),
        ],
    ),
    row(
        "max_pool1d_with_indices",
        [*_of(_LINE, 2), S(T(2, 3, 9), 3, 2, 1, 1, True), S(T(2, 9, dtype="int64"), 3)],
        forms="f",
        errors=[S(T(2, 3, 9), 0), S(T(2, 3, 9), (2, 2)), S(T(9), 2), S(T(2, 3, 9), "a")],
    ),
    row(
        "max_pool2d",
        [
            *_of(_PLANE, 2),
            *_of(_PLANE, (3, 2), (1, 2), (1, 0), 1, True),
            S(T(2, 3, 5, 6, dtype="int64"), 2),
            S(T(2, 3, 5, 6), kernel_size=2, dilation=(1, 2)),
        ],
        forms="f",
        errors=[
            S(T(5, 6), 2),
            S(T(2, 3, 5, 6), (1, 2, 3)),
            S(T(2, 3, 5, 6), 2, 0),
            S(T(2, 3, 5, 6), 2, 1, 2),
            S(T(2, 3, 5, 6), 7),
            S(T(2, 3, 5, 6, dtype="bool"), 2),
            S(T(2, 3, 5, 6), 2.5),
        ],
    ),
    row(
        "max_pool3d",
        [*_of(_VOLUME, 2), *_of(_VOLUME, (1, 3, 2), 1, (0, 1, 1))],
        forms="f",
        errors=[S(T(2, 5, 6), 2), S(T(1, 2, 4, 5, 6), (2, 2)), S(T(1, 2, 4, 5, 6), 7)],
    ),
    row(
        "avg_pool1d",
        [*_of(_LINE, 2), *_of(_LINE, 3, 2, 1, True, False), S(T(2, 9, dtype="int64"), 3)],
        forms="f",
        errors=[
            S(T(2, 3, 9), 0),
            S(T(2, 3, 9), (2, 2)),
            S(T(9), 2),
            S(T(2, 3, 9, dtype="int32"), 2),
            S(T(2, 3, 9), 2, 1, 2),
            S(T(2, 3, 9)),
        ],
    ),
    row(
        "adaptive_avg_pool1d",
        [*_of(_LINE, 4), *_of(_LINE, (1,)), S(T(2, 9), 12)],
        forms="f",
        errors=[
            S(T(9), 2),
            S(T(2, 3, 9), -1),
            S(T(2, 3, 9), (1, 2)),
            S(T(2, 3, 9, dtype="int64"), 2),
            S(T(2, 3, 9)),
            S(T(2, 3, 9), 1.5),
        ],
    ),
    row(
        "adaptive_max_pool1d",
        [*_of(_LINE, 4), *_of(_LINE, (1,)), S(T(2, 9), 12)],
        forms="f",
        errors=[
            S(T(9), 2),
            S(T(2, 3, 9), -1),
            S(T(2, 0, 9), 2),
            S(T(2, 3, 9), (1, 2)),
            S(T(2, 3, 9, dtype="int64"), 2),
            S(T(2, 3, 9)),
        ],
    ),
    *[
        row(
            name,
            [
                S(images, grid, mode, padding, corners)
                for mode, padding, corners in ((0, 0, False), (1, 1, True), (0, 2, True))
            ],
            forms="f",
            errors=[S(images, grid, 0, 0), S(images, grid.narrow(0, 0, 1), 0, 0, False)],
        )
        for name, images, grid in (
            ("grid_sampler", T(2, 3, 5, 6), T(2, 4, 3, 2, low=-1.2, high=1.2)),
            ("grid_sampler_2d", T(2, 3, 5, 6), T(2, 4, 3, 2, low=-1.2, high=1.2)),
            ("grid_sampler_3d", T(2, 2, 3, 4, 5), T(2, 2, 3, 2, 3, low=-1.2, high=1.2)),
        )
    ],
    row(
        "affine_grid_generator",
        [
            S(T(2, 2, 3), (2, 3, 4, 5), False),
            S(T(2, 2, 3), [2, 1, 1, 5], True),
            S(T(1, 3, 4, dtype="float64"), (1, 2, 3, 4, 5), align_corners=True),
        ],
        forms="f",
        errors=[
            S(T(2, 2, 3), (2, 3, 4), False),
            S(T(2, 2, 3), (3, 3, 4, 5), False),
            S(T(2, 2, 3), 4, False),
            S(T(2, 2, 3), (2, 3, 4, 5)),
        ],
    ),
]
