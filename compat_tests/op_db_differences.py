"""What of op_db differs, known and with a reason: read from `op_db_differences.toml`, exact both ways.

A sample that is listed must fail, and one that is not must pass.
"""

import fnmatch
import pathlib
import tomllib

PATH = pathlib.Path(__file__).with_name("op_db_differences.toml")
KEYS = {"op", "aspects", "dtypes", "samples", "reason"}


def ranges(text):
    """The numbers that a text such as "0-3,7" names."""
    found = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def as_ranges(numbers):
    """The text that names these numbers."""
    runs = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


class Difference:
    """One entry of the list: op, aspects and dtypes are names (`*`: any text), samples are numbers."""

    def __init__(self, content):
        if missing := {"op", "reason"} - set(content):
            raise ValueError(f"{content}: without {sorted(missing)}")
        if unknown := set(content) - KEYS:
            raise ValueError(f"{content}: unknown {sorted(unknown)}")
        self.op, self.reason = content["op"], content["reason"]
        self.aspects = content.get("aspects", ["*"])
        self.dtypes = content.get("dtypes", ["*"])
        self.text = content.get("samples")
        self.samples = None if self.text is None else ranges(self.text)
        self.met = set()  # what of it was run

    def names(self, op, dtype, aspect):
        return (
            fnmatch.fnmatchcase(op, self.op)
            and any(fnmatch.fnmatchcase(aspect, each) for each in self.aspects)
            and any(fnmatch.fnmatchcase(dtype, each) for each in self.dtypes)
        )

    def covers(self, place):
        return self.samples is None or place in self.samples


class Differences:
    """The whole list."""

    def __init__(self, text):
        content = tomllib.loads(text)
        if unknown := set(content) - {"difference", "scope"}:
            raise ValueError(f"only [[difference]] and [[scope]] are known, not {sorted(unknown)}")
        self.entries = [Difference(each) for each in content.get("difference", [])]
        self.scope = [Difference(each) for each in content.get("scope", [])]

    @classmethod
    def load(cls):
        return cls(PATH.read_text(encoding="utf-8"))

    def out_of_scope(self, op):
        """Why an entry is not run at all; None where it is."""
        return next((each.reason for each in self.scope if fnmatch.fnmatchcase(op, each.op)), None)

    def expected(self, op, dtype, aspect, place):
        """The difference that a sample is listed under, or None."""
        for each in self.entries:
            if each.names(op, dtype, aspect) and each.covers(place):
                each.met.add(place)
                return each
        return None

    def surprises(self, op, dtype, aspect, places):
        """What is wrong with the list: (place, "fails" or "passes"), for {place: whether it failed}."""
        found = []
        for place, failed in places.items():
            is_listed = self.expected(op, dtype, aspect, place) is not None
            if failed and not is_listed:
                found.append((place, "fails"))
            elif is_listed and not failed:
                found.append((place, "passes, though listed"))
        return found
