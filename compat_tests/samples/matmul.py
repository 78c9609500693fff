"""Samples of products of vectors and matrices."""

from samples.spec import S, T, V, row


def pairs(left, right, *, integers=True):
    """One product in the dtypes torch has it in; `left` and `right` are shapes."""
    kinds = ["float32", "float64", "complex64"] + (["int64"] if integers else [])
    return [S(T(*left, dtype=kind), T(*right, dtype=kind)) for kind in kinds]


SMALL = T(2, 3), T(3, 4)
BATCH = T(2, 3, 4), T(2, 4, 2)

PRODUCTS = [
    row("matmul", pairs((2, 3), (3, 4)), S(T(3), T(3)), S(T(2, 3), T(3)), S(T(3), T(3, 4)), S(*BATCH), S(T(2, 3, 4), T(4, 2)),
        S(T(4), T(2, 4, 2)), S(T(2, 1, 3, 4), T(2, 4, 2)), S(T(3, 2).t(), T(4, 3).t()), S(T(0, 3), T(3, 4)), S(T(2, 0), T(0, 4)),
        S(T(2, 3, dtype="bfloat16"), T(3, 4, dtype="bfloat16")), forms="fmo", aliases=("linalg.matmul",),
        errors=[S(T(2, 3), T(2, 3)), S(T(), T(3)), S(T(3), T(4)), S(T(2, 3), T(3, 4, dtype="int64")), S(T(2, 3, 4), T(3, 4, 2)),
                S(T(2, 3), 2), S(T(2, 3, dtype="float64"), T(3, 4))]),
    row("mm", pairs((2, 3), (3, 4)), S(T(3, 2).t(), T(4, 3).t()), S(T(0, 3), T(3, 4)), S(T(2, 0), T(0, 4)), forms="fmo",
        errors=[S(T(2, 3), T(2, 3)), S(T(3), T(3, 4)), S(T(2, 3), T(3, 4, dtype="float64"))]),
    row("bmm", pairs((2, 3, 4), (2, 4, 2)), S(T(2, 4, 3).transpose(1, 2), T(2, 4, 2)), forms="fmo",
        errors=[S(T(2, 3, 4), T(3, 4, 2)), S(T(2, 3, 4), T(2, 3, 2)), S(T(2, 3), T(3, 4))]),
    row("mv", pairs((2, 3), (3,)), S(T(3, 2).t(), T(3)), forms="fmo", errors=[S(T(2, 3), T(2)), S(T(3), T(3))]),
    row("dot", pairs((3,), (3,)), S(T(0), T(0)), forms="fmo", errors=[S(T(3), T(4)), S(T(2, 3), T(3)), S(T(3), T(3, dtype="int64"))]),
    row("vdot", pairs((3,), (3,)), forms="fmo", errors=[S(T(3), T(4))]),
    row("inner", S(T(3), T(3)), S(T(2, 3), T(4, 3)), S(T(2, 3), T()), S(T(2, 3, 4), T(4)), forms="fmo", errors=[S(T(2, 3), T(4))]),
    row("outer", S(T(2), T(3)), S(T(2, dtype="int64"), T(3)), S(T(0), T(3)), forms="fmo", aliases=("ger",),
        errors=[S(T(2, 3), T(3))]),
    row("linalg.vecdot", S(T(2, 3), T(2, 3)), S(T(2, 3), T(3), dim=-1), forms="f"),
    row("linalg.multi_dot", S([T(2, 3), T(3, 4), T(4, 2)]), S([T(3), T(3, 4), T(4)]), S([T(2, 3), T(3, 4)]), forms="f",
        errors=[S([T(2, 3)]), S([T(2, 3), T(2, 3)])]),
    row("chain_matmul", S(T(2, 3), T(3, 4), T(4, 2)), forms="f"),
    row("kron", S(T(2, 3), T(2, 2)), S(T(2), T(3)), S(T(), T(2, 3)), forms="fmo"),
    row("cross", S(T(2, 3), T(2, 3)), S(T(3, 2), T(3, 2), dim=0), S(T(2, 3), T(1, 3), dim=-1), forms="fmo",
        errors=[S(T(2, 4), T(2, 4), dim=-1)]),
    row("linalg.cross", S(T(2, 3), T(2, 3)), S(T(3, 2), T(3, 2), dim=0), forms="f", errors=[S(T(2, 4), T(2, 4))]),
]

ADDED = [
    row("addmm", S(T(2, 4), *SMALL), S(T(4), *SMALL), S(T(2, 4), *SMALL, beta=0.5, alpha=2.0), S(T(), *SMALL),
        S(V([[float("nan")]]), *SMALL, beta=0), S(T(2, 4, dtype="int64"), T(2, 3, dtype="int64"), T(3, 4, dtype="int64")),
        forms="fmio", errors=[S(T(3, 4), *SMALL), S(T(2, 4), T(2, 3), T(2, 3)), S(T(2, 4, dtype="float64"), *SMALL)]),
    row("addmv", S(T(2), T(2, 3), T(3)), S(T(), T(2, 3), T(3)), S(T(2), T(2, 3), T(3), beta=0.5, alpha=2), forms="fmio",
        errors=[S(T(3), T(2, 3), T(3))]),
    row("addr", S(T(2, 3), T(2), T(3)), S(T(3), T(2), T(3)), S(T(2, 3), T(2), T(3), beta=0.5, alpha=2), forms="fmio",
        errors=[S(T(2, 2), T(2), T(3))]),
    row("baddbmm", S(T(2, 3, 2), *BATCH), S(T(3, 2), *BATCH), S(T(2, 3, 2), *BATCH, beta=0.5, alpha=2), forms="fmio",
        errors=[S(T(2, 3, 3), *BATCH)]),
    row("addbmm", S(T(3, 2), *BATCH), S(T(3, 2), *BATCH, beta=0.5, alpha=2), forms="fmio", errors=[S(T(3, 3), *BATCH)]),
]

CONTRACTED = [
    row("tensordot", S(T(2, 3), T(3, 4), 1), S(T(2, 3), T(2, 3), dims=2), S(T(2, 3), T(4, 3), dims=([1], [1])), S(T(2), T(3), dims=0),
        forms="f", errors=[S(T(2, 3), T(2, 3), dims=1), S(T(2, 3), T(3, 4), dims=([0], [0, 1]))]),
    row("einsum", S("ij,jk->ik", *SMALL), S("ij,jk", *SMALL), S("ii->i", T(3, 3)), S("ii", T(3, 3)), S("ij->ji", T(2, 3)),
        S("bij,bjk->bik", *BATCH), S("...ij,...jk->...ik", *BATCH), S("ij->", T(2, 3)), S("i,j->ij", T(2), T(3)),
        S("ij,ij->i", T(2, 3), T(2, 3)), S("ij,jk,kl->il", T(2, 3), T(3, 4), T(4, 2)), S("a b, b c -> a c", *SMALL), forms="f",
        errors=[S("ij,jk->ik", T(2, 3), T(2, 3)), S("ij->k", T(2, 3)), S("ij,jk->ik", T(2, 3)), S("ijk->i", T(2, 3)),
                S("i1->i", T(2, 3))]),
    row("trace", S(T(3, 3)), S(T(2, 3)), S(T(3, 3, dtype="int64")), S(T(0, 0)), errors=[S(T(3)), S(T(2, 2, 2))]),
    row("cdist", S(T(2, 3), T(4, 3)), S(T(2, 3), T(4, 3), p=1.0), S(T(2, 3), T(4, 3), float("inf")), forms="f",
        errors=[S(T(2, 3), T(4, 2))]),
    row("linalg.norm", S(T(2, 3)), S(T(2, 3), 1), S(T(2, 3), "fro"), S(T(3), 3), S(T(2, 3), float("inf"), 1), S(T(2, 3), 2),
        S(T(2, 3), "nuc"), S(T(2, 3), dim=0, keepdim=True), forms="f", errors=[S(T(2, 3), "bad"), S(T(3, dtype="int64"))]),
    row("linalg.vector_norm", S(T(2, 3)), S(T(2, 3), 1, 1), S(T(2, 3), 0), S(T(2, 3), float("inf"), 0, True),
        S(T(2, 3), float("-inf"), -1), S(T(2, 3, dtype="complex64"), 2, 1), S(T(2, 3), 2.5, (0, 1)), S(T(2, 3), dtype=None), forms="f",
        errors=[S(T(3, dtype="int64")), S(T(2, 3), 2, 2)]),
    row("linalg.matrix_norm", S(T(2, 3)), S(T(2, 3), 1), S(T(2, 3), float("-inf")), S(T(2, 3, 4), "fro", (0, 2)), S(T(2, 3), 2),
        S(T(2, 3), "nuc"), forms="f", errors=[S(T(3)), S(T(2, 3), 3), S(T(2, 3), "bad")]),
]

ROWS = [*PRODUCTS, *ADDED, *CONTRACTED]
