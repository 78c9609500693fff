"""Families with one of two parameters: `probs`, or `logits`, which give one another."""

from jtorch.distributions.utils import lazy_property, logits_to_probs, probs_to_logits

BOTH_OR_NEITHER = "Either `probs` or `logits` must be specified, but not both."


def chosen(probs, logits):
    """(name, value) of the parameter that was given. Errors: ValueError for both, or none."""
    if (probs is None) == (logits is None):
        raise ValueError(BOTH_OR_NEITHER)
    return ("logits", logits) if probs is None else ("probs", probs)


class Odds:
    """Probabilities of one event, and their log-odds; whichever was not given is computed."""

    @lazy_property
    def logits(self):
        """log(probs / (1 - probs))."""
        return probs_to_logits(self.probs, is_binary=True)

    @lazy_property
    def probs(self):
        """1 / (1 + exp(-logits))."""
        return logits_to_probs(self.logits, is_binary=True)


class OddsWithParameter(Odds):
    """The same, and the tensor that was given, as `_param`."""

    def _new(self, *args, **kwargs):
        return self._param.new(*args, **kwargs)

    @property
    def param_shape(self):
        """The shape of the parameter that was given."""
        return self._param.size()

    def _expanded_odds(self, family, batch_shape, instance, *names, kept=(), dims=()):
        new = self._expanded(
            family, batch_shape, instance, *names, kept=kept, probs=dims, logits=dims
        )
        new._param = vars(new)["logits" if "logits" in vars(new) else "probs"]
        return new
