"""`torch.special`: its functions that are provided; a facade over the op table."""

from jtorch._alias import missing_attribute
from jtorch._ops import bessel, exponential, norms, orthogonal, rounding, special, trigonometry
from jtorch._ops.pointwise import renamed

__all__ = [
    "airy_ai",
    "bessel_j0",
    "bessel_j1",
    "bessel_y0",
    "bessel_y1",
    "chebyshev_polynomial_t",
    "chebyshev_polynomial_u",
    "chebyshev_polynomial_v",
    "chebyshev_polynomial_w",
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp2",
    "expit",
    "expm1",
    "gammainc",
    "gammaincc",
    "gammaln",
    "hermite_polynomial_h",
    "hermite_polynomial_he",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "laguerre_polynomial_l",
    "legendre_polynomial_p",
    "log1p",
    "log_ndtr",
    "log_softmax",
    "logit",
    "logsumexp",
    "modified_bessel_i0",
    "modified_bessel_i1",
    "modified_bessel_k0",
    "modified_bessel_k1",
    "multigammaln",
    "ndtr",
    "ndtri",
    "polygamma",
    "psi",
    "round",
    "scaled_modified_bessel_k0",
    "scaled_modified_bessel_k1",
    "shifted_chebyshev_polynomial_t",
    "shifted_chebyshev_polynomial_u",
    "shifted_chebyshev_polynomial_v",
    "shifted_chebyshev_polynomial_w",
    "sinc",
    "softmax",
    "spherical_bessel_j0",
    "xlog1py",
    "xlogy",
    "zeta",
]

airy_ai = bessel.special_airy_ai
bessel_j0 = bessel.special_bessel_j0
bessel_j1 = bessel.special_bessel_j1
bessel_y0 = bessel.special_bessel_y0
bessel_y1 = bessel.special_bessel_y1
chebyshev_polynomial_t = orthogonal.special_chebyshev_polynomial_t
chebyshev_polynomial_u = orthogonal.special_chebyshev_polynomial_u
chebyshev_polynomial_v = orthogonal.special_chebyshev_polynomial_v
chebyshev_polynomial_w = orthogonal.special_chebyshev_polynomial_w
digamma = renamed(special.digamma, "special_digamma")
entr = special.special_entr
erf = renamed(special.erf, "special_erf")
erfc = renamed(special.erfc, "special_erfc")
erfcx = special.special_erfcx
erfinv = renamed(special.erfinv, "special_erfinv")
exp2 = renamed(exponential.exp2, "special_exp2")
expit = renamed(exponential.sigmoid, "special_expit")
expm1 = renamed(exponential.expm1, "special_expm1")
gammainc = renamed(special.igamma, "special_gammainc")
gammaincc = renamed(special.igammac, "special_gammaincc")
gammaln = renamed(special.lgamma, "special_gammaln")
hermite_polynomial_h = orthogonal.special_hermite_polynomial_h
hermite_polynomial_he = orthogonal.special_hermite_polynomial_he
i0 = renamed(special.i0, "special_i0")
i0e = special.special_i0e
i1 = special.special_i1
i1e = special.special_i1e
laguerre_polynomial_l = orthogonal.special_laguerre_polynomial_l
legendre_polynomial_p = orthogonal.special_legendre_polynomial_p
log1p = renamed(exponential.log1p, "special_log1p")
log_ndtr = special.special_log_ndtr
log_softmax = exponential.log_softmax
logit = renamed(exponential.logit, "special_logit")
logsumexp = norms.logsumexp
modified_bessel_i0 = bessel.special_modified_bessel_i0
modified_bessel_i1 = bessel.special_modified_bessel_i1
modified_bessel_k0 = bessel.special_modified_bessel_k0
modified_bessel_k1 = bessel.special_modified_bessel_k1
multigammaln = renamed(special.mvlgamma, "special_multigammaln")
ndtr = special.special_ndtr
ndtri = special.special_ndtri
polygamma = renamed(special.polygamma, "special_polygamma")
psi = renamed(special.digamma, "special_psi")
round = rounding.special_round
scaled_modified_bessel_k0 = bessel.special_scaled_modified_bessel_k0
scaled_modified_bessel_k1 = bessel.special_scaled_modified_bessel_k1
shifted_chebyshev_polynomial_t = orthogonal.special_shifted_chebyshev_polynomial_t
shifted_chebyshev_polynomial_u = orthogonal.special_shifted_chebyshev_polynomial_u
shifted_chebyshev_polynomial_v = orthogonal.special_shifted_chebyshev_polynomial_v
shifted_chebyshev_polynomial_w = orthogonal.special_shifted_chebyshev_polynomial_w
sinc = renamed(trigonometry.sinc, "special_sinc")
softmax = exponential.softmax
spherical_bessel_j0 = bessel.special_spherical_bessel_j0
xlog1py = special.special_xlog1py
xlogy = renamed(special.xlogy, "special_xlogy")
zeta = special.special_zeta


def __getattr__(name):
    raise missing_attribute(__name__, name)
