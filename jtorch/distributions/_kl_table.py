"""The table of divergences by pairs of families, and which entry is meant where several match."""

import warnings

from jtorch.distributions.distribution import Distribution

_KL_REGISTRY = {}  # what was registered
_KL_MEMOIZE = {}  # what was found for the pairs asked for


def register_kl(type_p, type_q):
    """Decorator: enter a function of two distributions for a pair of families.

    Errors:  TypeError for what is no class.
    Source:  torch.distributions.register_kl.
    """
    for each in (type_p, type_q):
        issubclass(each, Distribution)  # raises Python's words

    def enter(function):
        _KL_REGISTRY[type_p, type_q] = function
        _KL_MEMOIZE.clear()
        return function

    return enter


def _is_before(one, other):
    """Whether a tuple of classes is more specific, the first classes first."""
    for each, than in zip(one, other, strict=True):
        if not issubclass(each, than):
            return False
        if each is not than:
            return True
    return False


def _most_specific(pairs):
    best = pairs[0]
    for pair in pairs[1:]:
        if _is_before(pair, best):
            best = pair
    return best


def _dispatch_kl(type_p, type_q):
    matches = [
        pair for pair in _KL_REGISTRY if issubclass(type_p, pair[0]) and issubclass(type_q, pair[1])
    ]
    if not matches:
        return NotImplemented
    by_p = _most_specific(matches)
    by_q = _most_specific([(q, p) for p, q in matches])[::-1]
    if _KL_REGISTRY[by_p] is not _KL_REGISTRY[by_q]:
        warnings.warn(
            f"Ambiguous kl_divergence({type_p.__name__}, {type_q.__name__}). "
            f"Please register_kl({by_p[0].__name__}, {by_q[1].__name__})",
            RuntimeWarning,
            stacklevel=2,
        )
    return _KL_REGISTRY[by_p]


def kl_divergence(p, q):
    """The mean of log(p(x) / q(x)) over x of p: KL(p || q), for each distribution of the batch.

    Errors:  NotImplementedError for a pair without an entry.
    Source:  torch.distributions.kl_divergence.
    """
    pair = type(p), type(q)
    if pair not in _KL_MEMOIZE:
        _KL_MEMOIZE[pair] = _dispatch_kl(*pair)
    function = _KL_MEMOIZE[pair]
    if function is NotImplemented:
        raise NotImplementedError(
            f"No KL(p || q) is implemented for p type {p.__class__.__name__} "
            f"and q type {q.__class__.__name__}"
        )
    return function(p, q)
