"""First and second gradients of products and decompositions against torch, in double precision.

Inputs are drawn: real and complex, in batches, tall, wide and empty. What a decomposition leaves
open (signs, phases) is taken out by what is computed of its factors.
"""

import numpy as np
import pytest

from compare import assert_same, attempt, freeze, ours, theirs

SQUARE = (((2, 3, 3), "complex"), ((3, 3), "real"), ((0, 0), "real"))
TOLERANCE = (1e-7, 1e-7)
OBLONG = (((2, 4, 3), "complex"), ((3, 4), "real"), ((0, 3), "real"))


def drawn(draw, shape, kind):
    values = draw.normal(size=shape)
    return values + 1j * draw.normal(size=shape) if kind == "complex" else values


def positive(draw, shape, kind):
    """Hermitian and positive definite."""
    values = drawn(draw, shape, kind)
    return values @ np.conj(np.swapaxes(values, -1, -2)) + 2 * np.eye(shape[-1])


def hermitian(draw, shape, kind):
    values = drawn(draw, shape, kind)
    return values + np.conj(np.swapaxes(values, -1, -2))


def triangular(draw, shape, kind):
    """With a real diagonal away from zero, and numbers in both triangles."""
    values = drawn(draw, shape, kind)
    diagonal = np.eye(shape[-1], dtype=bool)
    return np.where(diagonal, 1 + np.abs(values), values)


def weighted(module, tensors, seed):
    """A weight for each element of each tensor, drawn."""
    weights = []
    for place, tensor in enumerate(tensors):
        draw = np.random.default_rng([seed, place])
        kind = "complex" if tensor.is_complex() else "real"
        weights.append(module.tensor(drawn(draw, tuple(tensor.shape), kind)))
    return weights


def gradients(module, function, arrays):
    """The gradients of what `function` gives, and the gradients of these."""
    leaves = [module.tensor(np.array(array)).requires_grad_() for array in arrays]
    results = function(module, *leaves)
    results = results if isinstance(results, (tuple, list)) else (results,)
    results = [each for each in results if each.requires_grad]
    if not results:
        return []
    weights = [each.requires_grad_() for each in weighted(module, results, 0)]
    options = {"allow_unused": True, "materialize_grads": True}
    first = module.autograd.grad(results, leaves, weights, create_graph=True, **options)
    moving = [each for each in first if each.requires_grad]
    second = ()
    if moving and all(array.size for array in arrays):
        second = module.autograd.grad(
            moving, leaves + weights, weighted(module, moving, 1), **options
        )
    return [freeze(each.detach() + 0) for each in (*first, *second)]


def compare(function, *arrays):
    want = attempt(gradients, theirs, function, arrays)
    got = attempt(gradients, ours, function, arrays)
    assert_same(got, want, tolerance=TOLERANCE, strides=False)


def in_absolute_values(factors):
    return [each.abs() for each in factors]


def of_eigen(module, found):
    """What does not depend on the order or the phases."""
    values, vectors = found
    return (values.abs() * vectors.abs().sum(-2)).sum(-1), values.pow(3).sum(-1)


def of_factors(module, A, n=2):
    U, S, Vh = module.linalg.svd(A, full_matrices=False)
    return (U * S.pow(n).unsqueeze(-2)) @ Vh


DEFINITE = {
    "cholesky": lambda m, A: m.linalg.cholesky(A),
    "cholesky upper": lambda m, A: m.linalg.cholesky(A, upper=True),
    "logdet": lambda m, A: m.logdet(A),
}
OF_HERMITIAN = {
    "eigvalsh": lambda m, A: m.linalg.eigvalsh(A),
    "eigh": lambda m, A: in_absolute_values(m.linalg.eigh(A)),
    "eigh U": lambda m, A: in_absolute_values(m.linalg.eigh(A, UPLO="U")),
    "pinv hermitian": lambda m, A: m.linalg.pinv(A, hermitian=True),
}
OF_TRIANGULAR = {
    "cholesky_inverse": lambda m, A: m.cholesky_inverse(A),
    "cholesky_inverse upper": lambda m, A: m.cholesky_inverse(A, upper=True),
}
OF_SQUARE = {
    "det": lambda m, A: m.det(A),
    "slogdet": lambda m, A: m.linalg.slogdet(A),
    "inv": lambda m, A: m.linalg.inv(A),
    "eigvals": lambda m, A: m.linalg.eigvals(A).pow(3).sum(-1),
    "eig": lambda m, A: of_eigen(m, m.linalg.eig(A)),
    "matrix_exp": lambda m, A: m.matrix_exp(2 * A),
    "matrix_power": lambda m, A: m.matrix_power(A, -3),
    "eigvalsh of what is not": lambda m, A: m.linalg.eigvalsh(A),
    "lu_factor": lambda m, A: m.linalg.lu_factor(A)[0],
}
OF_OBLONG = {
    "svdvals": lambda m, A: m.linalg.svdvals(A),
    "svd": of_factors,
    "svd of U": lambda m, A: m.linalg.svd(A)[0].abs()[..., : min(A.shape[-2:])],
    "svd of V": lambda m, A: m.linalg.svd(A)[2].abs()[..., : min(A.shape[-2:]), :],
    "qr": lambda m, A: m.linalg.qr(A),
    "qr of R": lambda m, A: m.linalg.qr(A)[1],
    "lu": lambda m, A: m.linalg.lu(A)[1:],
    "lu_unpack": lambda m, A: m.lu_unpack(*m.linalg.lu_factor(A))[1:],
    "pinv": lambda m, A: m.linalg.pinv(A),
    "norm 2": lambda m, A: m.linalg.matrix_norm(A, 2),
    "norm nuc": lambda m, A: m.linalg.matrix_norm(A, "nuc"),
    "norm 1": lambda m, A: m.linalg.matrix_norm(A, 1),
    "cond": lambda m, A: m.linalg.cond(A),
}


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (make, name)
        for make, functions in (
            (positive, DEFINITE), (hermitian, OF_HERMITIAN),
            (triangular, OF_TRIANGULAR), (drawn, OF_SQUARE),
        )
        for name in functions
    ],
)  # fmt: skip
def test_square(make, name):
    function = (DEFINITE | OF_HERMITIAN | OF_TRIANGULAR | OF_SQUARE)[name]
    for place, (shape, kind) in enumerate(SQUARE):
        compare(function, make(np.random.default_rng(place), shape, kind))


@pytest.mark.parametrize("name", OF_OBLONG)
def test_oblong(name):
    for place, (shape, kind) in enumerate(OBLONG):
        compare(OF_OBLONG[name], drawn(np.random.default_rng(place), shape, kind))


EQUATIONS = {
    "solve": lambda m, A, B: m.linalg.solve(A, B),
    "solve right": lambda m, A, B: m.linalg.solve(A, B.mT, left=False),
    "solve_triangular": lambda m, A, B: m.linalg.solve_triangular(A, B, upper=False),
    "solve_triangular unit": lambda m, A, B: m.linalg.solve_triangular(
        A, B.mT, upper=True, left=False, unitriangular=True
    ),
    "lu_solve": lambda m, A, B: m.linalg.lu_solve(*m.linalg.lu_factor(A), B, adjoint=True),
    "cholesky_solve": lambda m, A, B: m.cholesky_solve(B, A),
    "cholesky_solve upper": lambda m, A, B: m.cholesky_solve(B, A, upper=True),
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations(name):
    for place, (shape, kind) in enumerate(SQUARE):
        draw = np.random.default_rng(place)
        A, B = triangular(draw, shape, kind), drawn(draw, (*shape[:-1], 2), kind)
        compare(EQUATIONS[name], A, B)


@pytest.mark.parametrize("driver", ["gels", "gelsd"])
def test_least_squares(driver):
    for place, (shape, kind) in enumerate(OBLONG):
        draw = np.random.default_rng(place)
        compare(
            lambda m, A, B: m.linalg.lstsq(A, B, driver=driver),
            drawn(draw, shape, kind),
            drawn(draw, (*shape[:-1], 2), kind),
        )


def test_reflections():
    for place, (shape, kind) in enumerate((((2, 4, 3), "complex"), ((3, 0), "real"))):
        draw = np.random.default_rng(place)
        A, tau = drawn(draw, shape, kind), drawn(draw, (*shape[:-2], shape[-1]), kind)
        compare(lambda m, A, tau: m.linalg.householder_product(A, tau), A, tau)
        B = drawn(draw, (*shape[:-1], 2), kind)
        compare(lambda m, A, tau, B: m.ormqr(A, tau, B, transpose=True), A, tau, B)


PRODUCTS = [
    ((4,), (4,)), ((3, 4), (4,)), ((4,), (4, 3)), ((3, 4), (4, 2)), ((2, 3, 4), (4, 2)),
    ((2, 3, 4), (4,)), ((4,), (2, 4, 3)), ((3, 4), (2, 4, 2)), ((2, 1, 3, 4), (3, 4, 5)),
    ((2, 3, 0), (0, 2)), ((0, 3, 4), (4, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), PRODUCTS, ids=str)
def test_matmul(left, right):
    draw = np.random.default_rng(0)
    A, B = drawn(draw, left, "complex"), drawn(draw, right, "complex")
    compare(lambda m, A, B: m.matmul(A, B), A, B)


@pytest.mark.parametrize("half", ["float16", "bfloat16"])
def test_products_of_halves(half):
    """Gradients are multiplied in half precision and rounded once, as torch does it."""
    draw = np.random.default_rng(0)
    arrays = [drawn(draw, (2, 8, 16), "real"), drawn(draw, (16, 4), "real")]

    def run(module):
        leaves = [module.tensor(each).to(getattr(module, half)).requires_grad_() for each in arrays]
        result = leaves[0] @ leaves[1]
        result.backward(module.ones_like(result) / 3)
        return [freeze(leaf.grad) for leaf in leaves]

    assert_same(run(ours), run(theirs), strides=False)


def test_determinants_of_singular_matrices():
    """The adjugate, where torch has it: with a history of its own."""
    rows = np.array([[1.0, 2, 3], [2, 4, 6], [1, 0, 1]])
    for A in (rows, np.outer([1.0, 2, 3], [1, 2, 3]), np.zeros((3, 3))):

        def first(module, A=A):
            leaf = module.tensor(A).requires_grad_()
            found = module.autograd.grad(module.det(leaf), leaf, create_graph=True)[0]
            return freeze(found.detach())

        assert_same(first(ours), first(theirs), tolerance=TOLERANCE, strides=False)


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, np.inf])
def test_distances(p):
    """At equal rows, and where several differences are the greatest."""
    x = np.array([[0.0, 0, 0], [1, 2, 3], [1, 1, 1], [-1, 2, 3]])
    y = np.array([[0.0, 0, 0], [1, 2, 3], [2, 2, 2], [1, 0, 3], [5, 4, 3]])

    def run(module):
        leaves = [module.tensor(each).requires_grad_() for each in (x, y)]
        found = module.cdist(*leaves, p=p)
        weight = weighted(module, [found], 0)[0]
        return [freeze(each) for each in module.autograd.grad(found, leaves, weight)]

    assert_same(run(ours), run(theirs), tolerance=TOLERANCE, strides=False)


REFUSED = {
    "qr of R alone": lambda m, A: m.linalg.qr(A, mode="r")[1],
    "qr complete": lambda m, A: m.linalg.qr(A, mode="complete")[1],
    "geqrf": lambda m, A: m.geqrf(A)[0],
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    """What torch does not differentiate is refused at the same place, in the same words."""

    def run(module):
        leaf = module.tensor(drawn(np.random.default_rng(0), (4, 3), "real")).requires_grad_()
        result = REFUSED[name](module, leaf)
        return attempt(lambda: result.sum().backward())

    assert_same(run(ours), run(theirs), strides=False)
