"""torch.torch_version: a version that compares as a version, with texts and tuples too."""

import operator
import re

from jtorch._alias import missing_attribute

_PATTERN = re.compile(
    r"v?(\d+(?:\.\d+)*)[-_.]?(?:(a|alpha|b|beta|c|rc|pre)[-_.]?(\d*))?(?:[-_.]?(post|rev|r)[-_.]?(\d*))?"
    r"(?:[-_.]?dev[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?",
    re.IGNORECASE,
)
_STAGES = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2}
_FINAL = 3


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _key(value):
    """What orders versions: release, stage, post-release, development, local part; or None."""
    if isinstance(value, (tuple, list)):
        value = ".".join(map(str, value))
    match = _PATTERN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    release = [int(part) for part in match[1].split(".")]
    while release and release[-1] == 0:
        release.pop()
    stage = (_STAGES[match[2].lower()], int(match[3] or 0)) if match[2] else (_FINAL, 0)
    post = int(match[5] or 0) + 1 if match[4] else 0
    has_dev = re.search(r"dev", match[0], re.IGNORECASE) is not None
    if has_dev and not match[2] and not match[4]:
        stage = (-1, 0)  # before every pre-release
    development = int(match[6] or 0) if has_dev else float("inf")
    local = re.split(r"[-_.]", match[7].lower()) if match[7] else []
    parts = tuple((1, int(each), "") if each.isdigit() else (0, 0, each) for each in local)
    return tuple(release), stage, post, development, parts


class TorchVersion(str):
    """A version text: `TorchVersion("2.13.0+jax") >= "2.10"`. What is none is compared as text.

    Source:  torch.torch_version.TorchVersion.
    """

    __slots__ = ()

    def _compare(self, other, compare):
        mine, theirs = _key(str(self)), _key(other)
        if theirs is None:
            return compare(str(self), other)
        return compare(mine, theirs)

    def __eq__(self, other):
        return self._compare(other, operator.eq)

    def __ne__(self, other):
        return self._compare(other, operator.ne)

    def __lt__(self, other):
        return self._compare(other, operator.lt)

    def __le__(self, other):
        return self._compare(other, operator.le)

    def __gt__(self, other):
        return self._compare(other, operator.gt)

    def __ge__(self, other):
        return self._compare(other, operator.ge)

    def __hash__(self):
        return str.__hash__(self)
