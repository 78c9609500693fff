"""`torch.special`: its functions that are provided; a facade over the op table."""

from jtorch._ops import exponential, rounding, special, trigonometry
from jtorch._ops.exponential import log_softmax, softmax
from jtorch._ops.pointwise import renamed
from jtorch._ops.special import (
    special_entr as entr,
    special_erfcx as erfcx,
    special_i0e as i0e,
    special_i1 as i1,
    special_i1e as i1e,
    special_log_ndtr as log_ndtr,
    special_ndtr as ndtr,
    special_ndtri as ndtri,
    special_xlog1py as xlog1py,
    special_zeta as zeta,
)

digamma = renamed(special.digamma, "special_digamma")
erf = renamed(special.erf, "special_erf")
erfc = renamed(special.erfc, "special_erfc")
erfinv = renamed(special.erfinv, "special_erfinv")
exp2 = renamed(exponential.exp2, "special_exp2")
expit = renamed(exponential.sigmoid, "special_expit")
expm1 = renamed(exponential.expm1, "special_expm1")
gammainc = renamed(special.igamma, "special_gammainc")
gammaincc = renamed(special.igammac, "special_gammaincc")
gammaln = renamed(special.lgamma, "special_gammaln")
i0 = renamed(special.i0, "special_i0")
log1p = renamed(exponential.log1p, "special_log1p")
logit = renamed(exponential.logit, "special_logit")
multigammaln = renamed(special.mvlgamma, "special_multigammaln")
polygamma = renamed(special.polygamma, "special_polygamma")
psi = renamed(special.digamma, "special_psi")
round = renamed(rounding.round, "special_round")
sinc = renamed(trigonometry.sinc, "special_sinc")
xlogy = renamed(special.xlogy, "special_xlogy")
