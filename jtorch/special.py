"""`torch.special`: its functions that are provided; a facade over the op table."""

from jtorch._ops import exponential, norms, rounding, special, trigonometry
from jtorch._ops.pointwise import renamed

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
i0 = renamed(special.i0, "special_i0")
i0e = special.special_i0e
i1 = special.special_i1
i1e = special.special_i1e
log1p = renamed(exponential.log1p, "special_log1p")
log_ndtr = special.special_log_ndtr
log_softmax = exponential.log_softmax
logit = renamed(exponential.logit, "special_logit")
logsumexp = norms.logsumexp
multigammaln = renamed(special.mvlgamma, "special_multigammaln")
ndtr = special.special_ndtr
ndtri = special.special_ndtri
polygamma = renamed(special.polygamma, "special_polygamma")
psi = renamed(special.digamma, "special_psi")
round = renamed(rounding.round, "special_round")
sinc = renamed(trigonometry.sinc, "special_sinc")
softmax = exponential.softmax
xlog1py = special.special_xlog1py
xlogy = renamed(special.xlogy, "special_xlogy")
zeta = special.special_zeta
