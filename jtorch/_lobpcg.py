"""Some eigenvalues of large symmetric matrices, by LOBPCG: a block of vectors, improved step by step.

A step looks for the best vectors in the span of what it has (X), of the residuals (W) and of the last
changes (P). Method "basic" is Knyazev's (2001); "ortho" keeps that span orthonormal, as Duersch, Shao,
Yang and Gu do (2018), with the orthogonalization of Stathopoulos and Wu (2002).
"""

from jtorch._dtypes import float32, float64
from jtorch._lowrank import floating_dtype
from jtorch._ops.arrange import flip
from jtorch._ops.creation import zeros
from jtorch._ops.factor import linalg_cholesky, linalg_qr
from jtorch._ops.join import cat, stack
from jtorch._ops.matmul import matmul
from jtorch._ops.norm import norm
from jtorch._ops.random import randn
from jtorch._ops.ranges import eye
from jtorch._ops.solve import linalg_solve, linalg_solve_triangular
from jtorch._ops.spectrum import linalg_eigh
from jtorch._override import overridable
from jtorch.autograd import Function

__all__ = ["lobpcg"]

_EPSILONS = {float32: 1.2e-07, float64: 2.23e-16}


@overridable
def lobpcg(A, k=None, B=None, X=None, n=None, iK=None, niter=None, tol=None, largest=None,
           method=None, tracker=None, ortho_iparams=None, ortho_fparams=None, ortho_bparams=None):  # fmt: skip
    """The `k` greatest (or smallest) eigenvalues of A x = e B x, and their vectors.

    `X` are vectors to begin with, `iK` a preconditioner; `tracker` is called with the `LOBPCG` object
    after every step, and stops it by `bvars["force_stop"] = True`.
    Shape:   (..., m, m) -> (..., k), (..., m, k).
    Errors:  ValueError for fewer rows than three times the vectors; AssertionError for other shapes.
    Source:  torch.lobpcg.
    """
    options = (
        X, n, iK, niter, tol, largest, method, tracker, ortho_iparams, ortho_fparams, ortho_bparams
    )  # fmt: skip
    if A.requires_grad or (B is not None and B.requires_grad):
        A = (A + A.mT) / 2  # so that gradients are symmetric, too
        B = None if B is None else (B + B.mT) / 2
        return LOBPCGAutogradFunction.apply(A, k, B, *options)
    return _lobpcg(A, k, B, *options)


class LOBPCGAutogradFunction(Function):
    """`lobpcg` with its gradient."""

    @staticmethod
    def forward(ctx, A, k, B, X, n, iK, niter, tol, largest, *options):
        B = None if B is None else B.contiguous()
        D, U = _lobpcg(A.contiguous(), k, B, X, n, iK, niter, tol, largest, *options)
        ctx.save_for_backward(A, B, D, U)
        return D, U

    @staticmethod
    def backward(ctx, D_grad, U_grad):
        A, B, D, U = ctx.saved_tensors
        if A.is_complex() or (B is not None and B.is_complex()):
            raise ValueError(
                "lobpcg.backward does not support complex input yet. Note that lobpcg.forward does "
                "though."
            )
        if B is not None:
            raise ValueError("lobpcg.backward does not support backward with B != I yet.")
        return (_gradient(A, D, U, D_grad, U_grad), *[None] * 13)


def _gradient(A, D, U, D_grad, U_grad):
    """Of eigenvectors: what moves them among themselves, and what moves them out of their span."""
    count = D.shape[-1]
    apart = D.unsqueeze(-2) - D.unsqueeze(-1)
    identity = eye(count, dtype=A.dtype, device=A.device)
    among = matmul(U.mT, U_grad) * ((1 - identity) / (apart + identity))
    result = matmul(U, matmul(D_grad.diag_embed() + among, U.mT))
    if count == A.shape[-1]:
        return result
    inside = matmul(U, U.mT)
    outside = eye(A.shape[-1], dtype=A.dtype, device=A.device) - inside
    # (d - A) is inverted where it has an inverse, one system for each eigenvalue
    shifted = D[..., None, None] * outside.unsqueeze(-3)
    systems = shifted - matmul(outside, matmul(A, outside)).unsqueeze(-3) + inside.unsqueeze(-3)
    moved = linalg_solve(systems, matmul(outside, U_grad).mT.unsqueeze(-1)).squeeze(-1)
    return result + matmul(moved.mT, U.mT)


def _lobpcg(A, k, B, X, n, iK, niter, tol, largest, method, tracker, ortho_iparams, ortho_fparams,
            ortho_bparams):  # fmt: skip
    if A.shape[-2] != A.shape[-1]:
        raise AssertionError(f"A must be square, got shape {A.shape}")
    if B is not None and A.shape != B.shape:
        raise AssertionError(f"A and B must have same shape, got {A.shape} vs {B.shape}")
    dtype = floating_dtype(A)
    tol = _EPSILONS[dtype] ** 0.5 if tol is None else tol
    m = A.shape[-1]
    if X is not None:
        n = X.shape[-1]
    k = (1 if X is None else n) if k is None else k
    n = k if n is None else n
    if m < 3 * n:
        raise ValueError(
            f"LOBPCG algorithm is not applicable when the number of A rows (={m}) is smaller than 3 x "
            f"the number of requested eigenpairs (={n})"
        )
    method = "ortho" if method is None else method
    iparams = {"m": m, "n": n, "k": k, "niter": 1000 if niter is None else niter}
    fparams = {"tol": tol}
    bparams = {"largest": True if largest is None else largest}
    if method == "ortho":
        iparams |= {"ortho_i_max": 3, "ortho_j_max": 3} | (ortho_iparams or {})
        fparams |= dict.fromkeys(("ortho_tol", "ortho_tol_drop", "ortho_tol_replace"), tol)
        fparams |= ortho_fparams or {}
        bparams |= {"ortho_use_drop": False} | (ortho_bparams or {})

    def pairs(A, B, X):
        X = randn(m, n, dtype=dtype, device=A.device) if X is None else X
        if tuple(X.shape) != (m, n):
            name = "X_" if batch else "X"
            raise AssertionError(f"{name} shape mismatch: got {X.shape}, expected {(m, n)}")
        worker = LOBPCG(A, B, X, iK, iparams, fparams, bparams, method, tracker)
        worker.run()
        return worker.E[:k], worker.X[:, :k]

    batch = tuple(A.shape[:-2])
    if not batch:
        return pairs(A, B, X)
    found = []
    flat = [each if each is None else each.reshape(-1, *each.shape[-2:]) for each in (A, B, X)]
    for place in range(flat[0].shape[0]):
        iparams["batch_index"] = place
        found.append(pairs(*[each if each is None else each[place] for each in flat]))
    E, vectors = (stack(each) for each in zip(*found, strict=True))
    return E.reshape(*batch, k), vectors.reshape(*batch, m, k)


def _applied(A, to):
    """A matrix times another one; None is the identity."""
    return to if A is None else matmul(A, to)


def _form(A, S):
    return matmul(S.mT, _applied(A, S))


def _spectrum(A, largest=False):
    values, vectors = linalg_eigh(A, UPLO="U")
    return (flip(values, (-1,)), flip(vectors, (-1,))) if largest else (values, vectors)


class LOBPCG:
    """The state of an iteration: what a tracker is called with.

    Attributes: `A`, `B`, `iK`; `iparams`, `fparams`, `bparams`: integers, floats and flags that do not
    change; `ivars`, `fvars`, `bvars`, `tvars`: those and tensors that do; `X` (m, n) and `E` (n,):
    the vectors and their values so far; `R` (m, n): residuals; `S` (m, 3 n): the span.
    """

    def __init__(self, A, B, X, iK, iparams, fparams, bparams, method, tracker):
        self.A, self.B, self.X, self.iK = A, B, X, iK
        self.iparams, self.fparams, self.bparams = iparams, fparams, bparams
        self.method, self.tracker = method, tracker
        m, n = iparams["m"], iparams["n"]
        like = {"dtype": X.dtype, "device": X.device}
        self.E, self.R = zeros((n,), **like), zeros((m, n), **like)
        self.S = zeros((m, 3 * n), **like)
        self.tvars, self.ivars = {}, {"istep": 0}
        self.fvars, self.bvars = {"_": 0.0}, {"_": False}

    def __str__(self):
        names = ("iparams", "fparams", "bparams", "ivars", "fvars", "bvars", "tvars", "A", "B", "iK",
                 "X", "E")  # fmt: skip
        lines = ["LOBPCG:", *[f"  {name}={getattr(self, name)}" for name in names]]
        return "".join(f"{line}\n" for line in lines)

    def run(self):
        """Steps until enough pairs are found."""
        while True:
            self.update()
            if self.tracker is not None:
                self.tracker(self)
            if self.stop_iteration():
                return

    def stop_iteration(self):
        """Whether a tracker says so, no steps are left, or enough pairs have converged."""
        return (
            self.bvars.get("force_stop", False)
            or self.ivars["iterations_left"] == 0
            or self.ivars["converged_count"] >= self.iparams["k"]
        )

    def update(self):
        """One step."""
        if self.ivars["istep"] == 0:
            size = float(norm(self.X))
            self.fvars["X_norm"] = size
            self.fvars["A_norm"] = float(norm(_applied(self.A, self.X))) / size
            self.fvars["B_norm"] = float(norm(_applied(self.B, self.X))) / size
            self.ivars |= {
                "iterations_left": self.iparams["niter"],
                "converged_count": 0,
                "converged_end": 0,
            }
            self._begin()
        else:
            self._improve()
        self.ivars["iterations_left"] -= 1
        self.ivars["istep"] += 1

    def update_residual(self):
        """R = A X - B X E."""
        self.R = _applied(self.A, self.X) - _applied(self.B, self.X) * self.E

    def update_converged_count(self):
        """How many pairs, counted from the first, have residuals that are small enough."""
        before = self.ivars["converged_count"]
        size = norm(self.X, 2, (0,)) * (
            self.fvars["A_norm"] + self.E[: self.X.shape[-1]].abs() * self.fvars["B_norm"]
        )
        rerr = norm(self.R, 2, (0,)) / size
        flags = (rerr < self.fparams["tol"]).tolist()
        count = flags.index(False) if False in flags else len(flags)
        if count < before:
            raise AssertionError(
                f"the number of converged eigenpairs (was {before}, got {count}) cannot decrease"
            )
        self.ivars["converged_count"] = count
        self.tvars["rerr"] = rerr
        return count

    # Steps

    def _begin(self):
        """The best vectors in the span of those given, and their residuals."""
        largest = self.bparams["largest"]
        reduction = self._to_standard(self.X)
        E, Z = _spectrum(_form(_form(self.A, self.X), reduction), largest)
        self.X = matmul(self.X, matmul(reduction, Z))
        if self.method != "ortho":
            self.E = E
        self.update_residual()
        self.update_converged_count()
        if self.method == "ortho":
            self._span(self._orthogonal(self.R, self.X))
        else:
            self._span(_applied(self.iK, self.R))

    def _improve(self):
        """The best vectors in the span, what they have changed, and new residuals."""
        done, n = self.ivars["converged_count"], self.iparams["n"]
        S = self.S[:, done : self.ivars["converged_end"]]
        largest, left = self.bparams["largest"], n - done
        if self.method == "ortho":
            E, Z = _spectrum(_form(self.A, S), largest)
            best = matmul(S, Z[:, :left])
            changes = matmul(Z[:, left:], linalg_qr(Z[:left, left:].mT).Q)
        else:
            reduction = self._to_standard(S)
            E, Z = _spectrum(_form(_form(self.A, S), reduction), largest)
            best = matmul(S, matmul(reduction, Z[:, :left]))
            changes = matmul(reduction, Z[:, n : 2 * n - done])
        self.X = cat((self.X[:, :done], best), 1)
        self.E = cat((self.E[:done], E[:left]))
        P = matmul(S, changes)
        self.update_residual()
        done = self.update_converged_count()
        if self.method == "ortho":
            self._span(P, self._orthogonal(self.R[:, done:], cat((self.X, P), 1)))
        else:
            self._span(P, _applied(self.iK, self.R[:, done:]))

    def _span(self, *more):
        """Put the vectors, the changes and the residuals into S."""
        parts = cat((self.X, *more), 1)
        end = self.ivars["converged_end"] = parts.shape[-1]
        self.S = cat((parts, self.S[:, end:]), 1)

    def _to_standard(self, S):
        """What makes an eigenvalue problem of S^T A S a standard one; upper triangular."""
        form = _form(self.B, S)
        scale = form.diagonal(0, -2, -1) ** -0.5
        factor = linalg_cholesky(form * scale * scale.reshape(-1, 1), upper=True)
        return linalg_solve_triangular(factor, scale.diag_embed(), upper=True, left=False)

    def _orthonormal(self, U, drop, tau):
        """Columns with the span of U's that are B-orthonormal, by a singular value decomposition.

        Source:  Stathopoulos and Wu, A block orthogonalization procedure, 2002 (svqb).
        """
        if not U.numel():
            return U
        form = _form(self.B, U)
        sizes = form.diagonal(0, -2, -1)
        there = sizes.abs() != 0
        if not bool(there.all()):
            U = U[:, there]
            return self._orthonormal(U, drop, tau) if U.numel() else U
        scale = (sizes**-0.5).reshape(-1, 1)
        E, Z = _spectrum(form * scale * scale.mT)
        least = tau * E.abs().max()
        if drop:
            kept = E.gt(least)
            E, Z = E[kept], Z[:, kept]
        else:
            E = E.clamp(min=least)
        return matmul(U * scale.mT, Z * E**-0.5)

    def _orthogonal(self, U, V):
        """U made B-orthonormal, and B-orthogonal to V; columns may be lost.

        Source:  Stathopoulos and Wu, 2002; algorithm 3 of Duersch's thesis (6 where columns drop).
        """
        for name in [each for each in self.fvars if each.startswith("ortho_")]:
            del self.fvars[name]
        size_of_V = norm(_applied(self.B, V))
        across = matmul(V.mT, _applied(self.B, U))
        i = j = 0
        for i in range(self.iparams["ortho_i_max"]):
            U, j = self._until_orthonormal(U - matmul(V, across), i)
            if not U.numel():
                break
            across = matmul(V.mT, _applied(self.B, U))
            error = float(norm(across)) / float(size_of_V * norm(U))
            self.fvars[f"ortho_VBU_rerr[{i}]"] = error
            if error < self.fparams["ortho_tol"]:
                break
            if self.iparams["m"] < U.shape[-1] + V.shape[-1]:
                if self.B is None:
                    raise AssertionError("B must not be None")
                raise ValueError(
                    f"Overdetermined shape of U: #B-cols(={self.B.shape[-1]}) >= "
                    f"#U-cols(={U.shape[-1]}) + #V-cols(={V.shape[-1]}) must hold"
                )
        self.ivars["ortho_i"], self.ivars["ortho_j"] = i, j
        return U

    def _until_orthonormal(self, U, i):
        """(U made B-orthonormal, the last turn)."""
        drops, j = self.bparams["ortho_use_drop"], 0
        for j in range(self.iparams["ortho_j_max"]):
            drop = drops and j > 0
            tau = self.fparams["ortho_tol_drop" if drops and not j else "ortho_tol_replace"]
            U = self._orthonormal(U, drop, tau)
            if not U.numel():
                break
            image = _applied(self.B, U)
            form = matmul(U.mT, image)
            off = norm(form - eye(form.shape[-1], dtype=form.dtype, device=form.device))
            error = float(off) / float(norm(image) * norm(U))
            self.fvars[f"ortho_UBUmI_rerr[{i}, {j}]"] = error
            if error < self.fparams["ortho_tol"]:
                break
        return U, j
