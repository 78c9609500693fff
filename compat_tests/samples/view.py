"""Samples of ops that look at the same memory in another shape, and of copies that only reshape."""

from samples.spec import A, S, T, row

COMPLEX = T(2, 3, dtype="complex64")

SHAPES = [
    row("view", S(T(2, 3), 3, 2), S(T(2, 3), (6,)), S(T(2, 3), -1), S(T(2, 3, 4), 6, -1), S(T(), 1, 1),
        S(T(0, 3), 3, 0), S(T(3, 2).t(), 2, 3), S(T(2, 3, 4).transpose(0, 1), 3, 2, 2, 2),
        S(T(2, 3), A("int32")), S(T(2, 4, dtype="int16"), A("int64")), S(T(2, 3, dtype="int64"), A("float32")),
        S(T(2, 3), A("uint8")), S(T(2, 3, dtype="float16"), A("bfloat16")), S(T(dtype="int32"), A("float32")),
        forms="m",
        errors=[S(T(2, 3), 4, 2), S(T(3, 2).t(), 6), S(T(2, 3), -1, -1), S(T(2, 3), -2, 3), S(T(0, 3), -1, 0),
                S(T(3, dtype="int16"), A("int64")), S(T(2, 3), 4, -1), S(T(dtype="int32"), A("int64"))]),
    row("reshape", S(T(2, 3), (3, 2)), S(T(3, 2).t(), (6,)), S(T(2, 3), (-1,)), S(T(2, 3, 4), (6, -1)),
        S(T(), (1,)), S(T(0, 3), (3, 0)), S(T(2, 3, 4).transpose(0, 2), (4, 6)),
        S(T(2, 3, 4)[:, ::2], (2, 8)), errors=[S(T(2, 3), (4, 2)), S(T(2, 3), (-1, -1)), S(T(2, 3), (-1, 4))]),
    row("view_as", S(T(2, 3), T(3, 2)), S(T(), T(1)), forms="m", errors=[S(T(2, 3), T(4))]),
    row("reshape_as", S(T(2, 3), T(3, 2)), S(T(3, 2).t(), T(6)), forms="m", errors=[S(T(2, 3), T(4))]),
    row("flatten", S(T(2, 3, 4)), S(T(2, 3, 4), 1), S(T(2, 3, 4), 0, 1), S(T(3, 2).t()), S(T()), S(T(3)),
        S(T(0, 3)), errors=[S(T(2, 3), 1, 0), S(T(2, 3), 2)]),
    row("unflatten", S(T(2, 6), 1, (2, 3)), S(T(2, 6), -1, (-1, 3)), S(T(6), 0, (2, 3)),
        errors=[S(T(2, 6), 1, (4, 2)), S(T(2, 6), 2, (2, 3))]),
    row("ravel", S(T(2, 3)), S(T(3, 2).t()), S(T()), S(T(0, 3))),
    row("squeeze", S(T(1, 3, 1)), S(T(1, 3, 1), 0), S(T(2, 3), 0), S(T(1, 3, 1), (0, 2)), S(T()), S(T(), 0),
        S(T(3, 1).t()), S(T(1, 3, 1), -1), errors=[S(T(2, 3), 2), S(T(1, 3, 1), (0, 0))]),
    row("unsqueeze", S(T(2, 3), 0), S(T(2, 3), -1), S(T(2, 3), 1), S(T(), 0), S(T(3, 2).t(), 1),
        errors=[S(T(2, 3), 3), S(T(2, 3), -4)]),
    row("expand", S(T(3, 1), 3, 4), S(T(3), 2, 3), S(T(3, 1), (-1, 4)), S(T(), 2, 2), S(T(1, 3), 0, 3),
        forms="m", errors=[S(T(2, 3), 2, 4), S(T(2, 3), 3), S(T(3), -1, 3), S(T(2, 3), 4, 3)]),
    row("expand_as", S(T(3, 1), T(3, 4)), S(T(), T(2)), forms="m", errors=[S(T(2), T(3))]),
]

ORDER = [
    row("transpose", S(T(2, 3), 0, 1), S(T(2, 3, 4), 0, -1), S(T(2, 3, 4), 1, 1), S(T(), 0, -1), S(T(0, 3), 0, 1),
        aliases=("swapaxes", "swapdims"), errors=[S(T(2, 3), 0, 2), S(T(), 0, 1)]),
    row("t", S(T(2, 3)), S(T(3)), S(T()), errors=[S(T(2, 3, 4))]),
    row("adjoint", S(T(2, 3)), S(T(2, 2, 3)), S(COMPLEX)),
    row("permute", S(T(2, 3, 4), (2, 0, 1)), S(T(2, 3), (1, 0)), S(T(2, 3, 4), (-1, 0, 1)), S(T(), ()),
        S(T(2, 3), (0, 1)), errors=[S(T(2, 3, 4), (0, 1)), S(T(2, 3), (0, 0)), S(T(2, 3), (0, 2))]),
    row("movedim", S(T(2, 3, 4), 0, 2), S(T(2, 3, 4), (0, 1), (2, 0)), S(T(2, 3, 4), -1, 0),
        aliases=("moveaxis",), errors=[S(T(2, 3), 0, 2), S(T(2, 3), (0, 0), (0, 1)), S(T(2, 3), (0,), (0, 1))]),
]

PARTS = [
    row("select", S(T(2, 3), 0, 1), S(T(2, 3), 1, -1), S(T(3, 2).t(), 0, 0), S(T(2, 3, 4), -1, 2),
        errors=[S(T(2, 3), 0, 2), S(T(2, 3), 2, 0), S(T(), 0, 0)]),
    row("narrow", S(T(2, 3), 1, 1, 2), S(T(2, 3), 0, 0, 0), S(T(4, 3), -2, 1, 2), S(T(4, 3), 0, -2, 2),
        errors=[S(T(2, 3), 1, 2, 2), S(T(2, 3), 0, 0, -1), S(T(2, 3), 2, 0, 1), S(T(), 0, 0, 1)]),
    row("diagonal", S(T(3, 4)), S(T(3, 4), 1), S(T(3, 4), -2), S(T(3, 4), 5), S(T(2, 3, 4), 0, 1, 2),
        S(T(2, 3, 4), dim1=-1, dim2=0), aliases=("linalg.diagonal",), errors=[S(T(3)), S(T(3, 4), 0, 1, 1)]),
    row("unfold", S(T(6), 0, 2, 1), S(T(6), 0, 3, 2), S(T(2, 6), 1, 2, 2), S(T(6, 2), -2, 4, 1), forms="m",
        errors=[S(T(6), 0, 7, 1), S(T(6), 0, 2, 0), S(T(6), 1, 2, 1), S(T(6), 0, -1, 1)]),
    row("as_strided", S(T(6), (2, 3), (3, 1)), S(T(6), (3, 2), (1, 2)), S(T(6), (2, 2), (1, 1)),
        S(T(6), (2,), (2,), 1), S(T(2, 6).t(), (3,), (4,)), S(T(6), (), ()), S(T(6), (3,), (0,)),
        errors=[S(T(6), (2, 4), (3, 1)), S(T(6), (2,), (-1,)), S(T(6), (2, 2), (1,)), S(T(6), (2,), (1,), -1)]),
    row("split", S(T(6, 2), 2), S(T(5, 2), 2), S(T(6, 2), (1, 2, 3)), S(T(2, 6), 4, dim=1), S(T(0, 3), 2),
        S(T(6, 2), 10), errors=[S(T(6), (1, 2)), S(T(6), 0), S(T(6), -1), S(T(), 1)]),
    row("chunk", S(T(6, 2), 3), S(T(5, 2), 3), S(T(2, 6), 4, 1), S(T(2), 5), errors=[S(T(6), 0), S(T(), 1)]),
    row("tensor_split", S(T(7, 2), 3), S(T(6, 2), (1, 4)), S(T(2, 5), 2, dim=1), S(T(6), (2, 9)),
        errors=[S(T(6), 0), S(T(), 1)]),
    row("hsplit", S(T(2, 6), 3), S(T(6), 2), S(T(2, 6), (1, 4)), errors=[S(T(2, 6), 4), S(T(), 1)]),
    row("vsplit", S(T(6, 2), 3), S(T(6, 2), (1, 4)), errors=[S(T(6), 2), S(T(6, 2), 4)]),
    row("dsplit", S(T(2, 3, 4), 2), S(T(2, 3, 4), (1,)), errors=[S(T(2, 3), 1), S(T(2, 3, 4), 3)]),
    row("unbind", S(T(2, 3)), S(T(2, 3), 1), S(T(3, 2).t(), -1), S(T(0, 3)), errors=[S(T(2, 3), 2), S(T())]),
    row("unsafe_split", S(T(6, 2), 2), S(T(5, 2), 2)),
    row("unsafe_chunk", S(T(6, 2), 3)),
]

NUMBERS = [
    row("view_as_real", S(COMPLEX), S(T(dtype="complex128")), S(T(3, 2, dtype="complex64").t()), forms="f",
        errors=[S(T(2, 3))]),
    row("view_as_complex", S(T(2, 3, 2)), S(T(2, dtype="float64")), S(T(3, 2, 2).transpose(0, 1)), forms="f",
        errors=[S(T(2, 3)), S(T(2, dtype="int64")), S(T(2, 2).t()), S(T())]),
]

COPIES = [
    row("contiguous", S(T(2, 3)), S(T(3, 2).t()), S(T(1, 3).t()), S(T(3, 1).expand(3, 4)), forms="m"),
    row("clone", S(T(2, 3)), S(T(3, 2).t()), S(T(3, 1).expand(3, 4)), S(T()), S(T(0, 3)),
        S(T(2, 3, 4)[:, ::2]), S(T(2, 3, 4).permute(2, 0, 1)), S(T(3, 2).t(), memory_format=A("contiguous_format"))),
    row("detach", S(T(2, 3)), S(T(3, 2).t()), S(T(2, 3).requires_grad_())),
    row("broadcast_to", S(T(3, 1), (3, 4)), S(T(), (2, 2)), S(T(3), (2, 3)), errors=[S(T(2, 3), (2, 4))]),
    row("numpy", S(T(2, 3)), S(T(3, 2).t()), S(T(2, 3, 4)[:, ::2]), S(T()), S(T(0, 3)), S(T(3, dtype="bool")),
        S(T(3, dtype="complex64")), S(T(3, 1).expand(3, 4)), forms="m",
        errors=[S(T(2, dtype="bfloat16")), S(T(2).requires_grad_()), S(T(2, dtype="complex64").conj())]),
    row("tolist", S(T(2, 3)), S(T(3, 2).t()), S(T()), S(T(0, 3)), S(T(2, 0)), S(T(3, dtype="bool")),
        S(T(3, dtype="int64")), S(T(3, dtype="complex64")), S(T(3, dtype="bfloat16")), forms="m"),
    row("item", S(T()), S(T(1, 1)), S(T(dtype="int64")), S(T(dtype="bool")), S(T(dtype="complex64")), forms="m",
        errors=[S(T(2)), S(T(0))]),
    row("size", S(T(2, 3)), S(T(2, 3), 1), S(T(2, 3), -1), S(T()), forms="m", errors=[S(T(2, 3), 2)]),
    row("stride", S(T(2, 3)), S(T(3, 2).t()), S(T(2, 3), 0), S(T(2, 3), -1), S(T()), forms="m",
        errors=[S(T(2, 3), 2)]),
    row("dim", S(T(2, 3)), S(T()), forms="m", aliases=("ndimension",)),
    row("element_size", S(T(2)), S(T(2, dtype="bool")), S(T(2, dtype="complex128")), forms="m"),
]

IN_PLACE = [
    row("Tensor.transpose_", S(T(2, 3), 0, 1), S(T(2, 3, 4), -1, 0), errors=[S(T(2, 3), 0, 2)]),
    row("Tensor.t_", S(T(2, 3)), S(T(3)), errors=[S(T(2, 3, 4))]),
    row("Tensor.squeeze_", S(T(1, 3, 1)), S(T(1, 3, 1), 0), S(T(2, 3), 0)),
    row("Tensor.unsqueeze_", S(T(2, 3), 0), S(T(2, 3), -1), errors=[S(T(2, 3), 3)]),
    row("Tensor.swapaxes_", S(T(2, 3), 0, 1)),
    row("Tensor.as_strided_", S(T(6), (2, 2), (2, 1)), S(T(6), (2,), (2,), 1)),
    row("Tensor.resize_", S(T(2, 3), (3, 2)), S(T(2, 3), (2, 2)), S(T(6), (4,)), S(T(3, 2).t(), (2, 3))),
]

ROWS = [*SHAPES, *ORDER, *PARTS, *NUMBERS, *COPIES, *IN_PLACE]
