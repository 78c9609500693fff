"""Decompositions of matrices and Fourier transforms, by numpy and scipy."""

import importlib
import math

import numpy as np
from jax.lax import FftType

from jtorch._engine.host.rules import rule


def _scipy(name):
    """A module of scipy, which JAX brings along; it is imported where it is first needed."""
    return importlib.import_module(f"scipy.{name}")


def _each(function, count, *arrays):
    """`function` of each matrix of a batch; `count` results, stacked."""
    batch = arrays[0].shape[:-2]
    flat = [each.reshape(-1, *each.shape[-2:]) for each in arrays]
    found = [function(*matrices) for matrices in zip(*flat, strict=True)]
    found = [each if count > 1 else (each,) for each in found]
    if not found:
        raise NotImplementedError("jtorch cannot take an empty batch apart without XLA")
    made = [np.stack(each) for each in zip(*found, strict=True)]
    made = [each.reshape(*batch, *each.shape[1:]) for each in made]
    return made if count > 1 else made[0]


@rule("cholesky")
def _cholesky(equation):
    def one(matrix):
        try:
            return np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            return np.full_like(matrix, np.nan)

    return lambda x: _each(one, 1, x)


@rule("lu")
def _lu(equation):
    def one(matrix):
        rows, columns = matrix.shape
        if not matrix.size:  # LAPACK prints that it will not have it
            return matrix, np.zeros(min(rows, columns), np.int32), _permutation((), rows)
        # scipy's own lu_factor warns of singular matrices: here the factors say it
        factors, pivots, _ = _scipy("linalg").get_lapack_funcs("getrf", (matrix,))(matrix)
        return factors, pivots.astype(np.int32), _permutation(pivots, rows)

    return lambda x: _each(one, 3, x)


def _permutation(pivots, size):
    order = np.arange(size, dtype=np.int32)
    for place, other in enumerate(pivots):
        order[[place, other]] = order[[other, place]]
    return order


@rule("lu_pivots_to_permutation")
def _lu_pivots_to_permutation(equation):
    size = equation.params["permutation_size"]

    def evaluate(pivots):
        flat = pivots.reshape(math.prod(pivots.shape[:-1]), pivots.shape[-1])
        found = [_permutation(each, size) for each in flat]
        return np.array(found, np.int32).reshape(*pivots.shape[:-1], size)

    return evaluate


@rule("qr")
def _qr(equation):
    if equation.params["pivoting"]:
        raise NotImplementedError("jtorch has no QR with pivots without XLA")
    mode = "complete" if equation.params["full_matrices"] else "reduced"
    return lambda x: list(np.linalg.qr(x, mode))


@rule("geqrf")
def _geqrf(equation):
    return lambda x: _each(lambda matrix: _scipy("linalg").qr(matrix, mode="raw")[0], 2, x)


@rule("svd")
def _svd(equation):
    full, vectors = equation.params["full_matrices"], equation.params["compute_uv"]

    def evaluate(x):
        if not vectors:
            return [np.linalg.svd(x, compute_uv=False)]
        u, s, vh = np.linalg.svd(x, full)
        return s, u, vh

    return evaluate


@rule("eigh")
def _eigh(equation):
    lower = "L" if equation.params["lower"] else "U"

    def evaluate(x):
        values, vectors = np.linalg.eigh(x, lower)
        return vectors, values

    return evaluate


@rule("eig")
def _eig(equation):
    params = equation.params
    if params["compute_left_eigenvectors"]:
        raise NotImplementedError("jtorch has no left eigenvectors without XLA")

    def evaluate(x):
        values, vectors = np.linalg.eig(x)
        return [values, vectors][: 1 + params["compute_right_eigenvectors"]]

    return evaluate


@rule("triangular_solve")
def _triangular_solve(equation):
    params = equation.params
    lower, unit = params["lower"], params["unit_diagonal"]
    transposes, conjugates = params["transpose_a"], params["conjugate_a"]

    def one(a, b):
        a = a.conj() if conjugates else a
        if not params["left_side"]:  # x a = b is a^T x^T = b^T
            return one_left(a.T, b.T, not lower).T
        return one_left(a, b, lower)

    def one_left(a, b, is_lower):
        # of BLAS, which divides by a zero in the diagonal as it does by anything
        solve = _scipy("linalg").get_blas_funcs("trsm", (a, b))
        return solve(1, a, b, lower=is_lower, trans_a=int(transposes), diag=unit)

    return lambda a, b: _each(one, 1, a, b) if b.size else b


@rule("householder_product")
def _householder_product(equation):
    def one(reflectors, scales):
        make = _scipy("linalg").get_lapack_funcs(
            "ungqr" if reflectors.dtype.kind == "c" else "orgqr", (reflectors,)
        )
        return make(reflectors, scales)[0]

    def evaluate(x, scales):
        batch = x.shape[:-2]
        flat = x.reshape(-1, *x.shape[-2:])
        rows = scales.reshape(len(flat), -1)
        return np.array([one(*each) for each in zip(flat, rows, strict=True)]).reshape(
            *batch, *x.shape[-2:]
        )

    return evaluate


@rule("fft")
def _fft(equation):
    kind, lengths = equation.params["fft_type"], equation.params["fft_lengths"]
    function = {
        FftType.FFT: np.fft.fftn,
        FftType.IFFT: np.fft.ifftn,
        FftType.RFFT: np.fft.rfftn,
        FftType.IRFFT: np.fft.irfftn,
    }[kind]
    dims = tuple(range(-len(lengths), 0))
    if kind in (FftType.FFT, FftType.IFFT, FftType.RFFT):
        return lambda x: function(x, axes=dims)
    return lambda x: function(x, lengths, axes=dims)
