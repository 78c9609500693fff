"""torch.special. Written by scripts/write_stubs from the table of operations."""

from typing import overload
from jtorch._tensor import Tensor
from jtorch._typing import _Ints, _Number, _Operand, _bool, _dtype, _int

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

def airy_ai(x: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Airy function Ai; NaN at the infinities. Source: torch.special.airy_ai."""

def bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind, of order 0. Source: torch.special.bessel_j0."""

def bessel_j1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind, of order 1. Source: torch.special.bessel_j1."""

def bessel_y0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind, of order 0; minus infinity at 0, NaN below."""

def bessel_y1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind, of order 1; minus infinity at 0, NaN below."""

def chebyshev_polynomial_t(x: _Operand, n: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the first kind and of degree `n`: cos(n arccos(x))."""

def chebyshev_polynomial_u(x: _Operand, n: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the second kind. Source: torch.special.chebyshev_polynomial_u."""

def chebyshev_polynomial_v(x: _Operand, n: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the third kind. Source: torch.special.chebyshev_polynomial_v."""

def chebyshev_polynomial_w(x: _Operand, n: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the fourth kind. Source: torch.special.chebyshev_polynomial_w."""

def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of log(gamma(input)); at 0 an infinity of the other sign, NaN at -1, -2..."""

def entr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-input * log(input); 0 at 0, minus infinity below."""

def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function."""

def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 - erf(input), precise where that is small."""

def erfcx(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(input**2) * erfc(input), without overflow."""

def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the error function; NaN outside [-1, 1]."""

def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """2 to the power of each element."""

def expit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 / (1 + exp(-input))."""

def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(input) - 1, precise near 0."""

def gammainc(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularized lower incomplete gamma function."""

def gammaincc(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularized upper incomplete gamma function."""

def gammaln(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the absolute value of the gamma function."""

def hermite_polynomial_h(x: _Operand, n: _Operand, *, out: Tensor | None = None) -> Tensor: ...
def hermite_polynomial_he(x: _Operand, n: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The probabilists' Hermite polynomial. Source: torch.special.hermite_polynomial_he."""

def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 0."""

def i0e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(-abs(input)) * i0(input)."""

def i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 1."""

def i1e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(-abs(input)) * i1(input)."""

def laguerre_polynomial_l(x: _Operand, n: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Laguerre's polynomial of degree `n`. Source: torch.special.laguerre_polynomial_l."""

def legendre_polynomial_p(x: _Operand, n: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Legendre's polynomial of degree `n`. Source: torch.special.legendre_polynomial_p."""

def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(1 + input), precise near 0."""

def log_ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(ndtr(input)), without underflow."""

def log_softmax(
    input: Tensor,
    dim: _int,
    dtype: _dtype | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """log(softmax(input)), without overflow."""

def logit(input: Tensor, eps: _Number | None = None, *, out: Tensor | None = None) -> Tensor:
    """log(input / (1 - input)), with the input first kept inside [eps, 1 - eps]."""

def logsumexp(
    input: Tensor,
    dim: _int | _Ints,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The logarithm of the sum of exponentials over `dim`, without overflow."""

def modified_bessel_i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`i0`, but NaN at the infinities. Source: torch.special.modified_bessel_i0."""

def modified_bessel_i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`i1`, but NaN at the infinities. Source: torch.special.modified_bessel_i1."""

def modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind, of order 0; infinity at 0, NaN below."""

def modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind, of order 1; infinity at 0, NaN below."""

def multigammaln(input: Tensor, p: _int) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension `p`."""

def ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The share of the normal distribution below each element."""

def ndtri(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `ndtr`."""

def polygamma(n: _int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The n-th derivative of `digamma`."""

def psi(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of log(gamma(input)); at 0 an infinity of the other sign, NaN at -1, -2..."""

def round(input: Tensor, *, decimals: _int = 0, out: Tensor | None = None) -> Tensor:
    """`round`, to a number of decimals that is given even if it is 0."""

def scaled_modified_bessel_k0(x: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(x) times `modified_bessel_k0`. Source: torch.special.scaled_modified_bessel_k0."""

def scaled_modified_bessel_k1(x: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(x) times `modified_bessel_k1`. Source: torch.special.scaled_modified_bessel_k1."""

def shifted_chebyshev_polynomial_t(
    x: _Operand,
    n: _Operand,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`chebyshev_polynomial_t` of 2x - 1. Source: torch.special.shifted_chebyshev_polynomial_t."""

def shifted_chebyshev_polynomial_u(
    x: _Operand,
    n: _Operand,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`chebyshev_polynomial_u` of 2x - 1. Source: torch.special.shifted_chebyshev_polynomial_u."""

def shifted_chebyshev_polynomial_v(
    x: _Operand,
    n: _Operand,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`chebyshev_polynomial_v` of 2x - 1. Source: torch.special.shifted_chebyshev_polynomial_v."""

def shifted_chebyshev_polynomial_w(
    x: _Operand,
    n: _Operand,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`chebyshev_polynomial_w` of 2x - 1. Source: torch.special.shifted_chebyshev_polynomial_w."""

def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sin(pi * input) / (pi * input), and 1 at 0."""

def softmax(
    input: Tensor,
    dim: _int,
    dtype: _dtype | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """exp(input), scaled so that it sums to 1 along `dim`."""

def spherical_bessel_j0(x: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sin(x) / x; 1 at 0, 0 at the infinities. Source: torch.special.spherical_bessel_j0."""

@overload
def xlog1py(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input * log1p(other); 0 where input is 0, NaN where other is."""

@overload
def xlog1py(self: _Number, other: _Operand, *, out: Tensor | None = None) -> Tensor: ...
@overload
def xlogy(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input * log(other); 0 where input is 0, NaN where other is."""

@overload
def xlogy(self: _Number, other: _Operand, *, out: Tensor | None = None) -> Tensor: ...
@overload
def zeta(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The Hurwitz zeta function: the sum of (other + k)**-input over k = 0, 1, ..."""

@overload
def zeta(self: _Number, other: _Operand, *, out: Tensor | None = None) -> Tensor: ...
