"""Results that nobody has measured, for tests of the report, and a reader that sees that its page is whole."""

import html.parser
import json

from op_db_differences import Differences

HOSTILE = "</script><b>\" onmouseover='x' &amp; <!-- ]]> \x1b[31m\u2028"
VOID = {"meta", "input", "br", "wbr", "circle", "line", "polyline"}


class Reader(html.parser.HTMLParser):
    """Sees that every element is ended in its place, and collects texts and attributes."""

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.texts, self.attributes, self.embedded = [], [], [], [], {}
        self.feed(content)
        self.close()
        assert self.open == []
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), (tag, names)
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]
        if tag not in VOID:
            self.open.append((tag, dict(attributes)))

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, (tag, self.getpos())

    def handle_data(self, data):
        if self.open and self.open[-1][0] in ("script", "style"):
            name = self.open[-1][1].get("id")
            if name:
                self.embedded[name] = json.loads(data)
        else:
            self.texts.append(data)


LISTED = Differences(
    """
[[scope]]
op = "sparse.*"
reason = "no sparse layouts"
[[difference]]
op = "sub"
aspects = ["out"]
samples = "0-1"
reason = "known to differ"
"""
)
FACTS = {
    "add": {
        "gradient": True,
        "second gradient": True,
        "names": True,
        "in-place": True,
        "errors": 0,
    },
    "sub": {"gradient": True, "second gradient": True, "names": True, "in-place": False},
    "nn.functional.relu": {"gradient": True},
    "sparse.mm": {},
}


def count(passed=(), failed=None):
    failed = failed or {}
    return {
        "tried": len(passed) + len(failed),
        "passed": len(passed),
        "passing": ",".join(map(str, passed)),
        "failed": failed,
    }


RESULT = {
    "torch": "2.13.0",
    "entries": {
        "add": {
            "float32": {"forward": count([0, 1]), "gradient": count([0, 1]), "views": count([0])},
            "int64": {"forward": count([0])},
        },
        "sub": {
            "float32": {
                "forward": count([0], {"1": [f"got {HOSTILE}"]}),
                "out": count([2], {"0": ["shape"], "1": ["shape"]}),
            }
        },
    },
}
OUTCOMES = [
    {"kind": "call", "name": "add", "dtype": "float32", "target": "v5e", "status": "compiled"},
    {"kind": "call", "name": "add", "dtype": "int64", "target": "v5e", "status": "not taken"},
    {"kind": "call", "name": "add", "dtype": "bool", "target": "cuda", "status": "broken"},
    {
        "kind": "call", "name": "sub", "dtype": "float32", "target": "v5e", "status": "broken",
        "reason": HOSTILE,
    },
]  # fmt: skip
BENCH = {
    "format": 1, "date": "2026-01-01 00:00 UTC", "processor": "a processor", "cores": 2,
    "memory_gigabytes": 8, "system": "a system", "load_before": 0.1, "clock": "wall",
    "versions": {"torch": "2.13.0", "jtorch": "abc"},
    "results": [
        {
            "case": HOSTILE, "sides": {"torch": {}, "jtorch": {}}, "disagreements": {}, "others": 0,
            "ratios": {
                "torch": {"median": 0.5, "low": 0.4, "high": 0.6},
                "jax.jit": {"median": 3.0, "low": 2.5, "high": 3.5},
            },
        },
        {
            "case": "fails", "sides": {"jtorch": {"failed": "NameError"}}, "disagreements": {},
            "ratios": {},
        },
    ],
}  # fmt: skip


def program(name="01_made.py", rows=(), status=0, **changes):
    """A chapter as `chapter.py` writes it."""
    side = {"status": status, "timed_out": False, "seconds": 2.0, "peak_bytes": 2**28,
            "exception": {"class": "builtins.ValueError", "text": "no"} if status else None}  # fmt: skip
    marks = [row[0] for row in rows]
    close, same = marks.count("~"), marks.count("=")
    different = len(marks) - close - same
    return {
        "program": name, "title": "A chapter.", "problem": None, "threads": "1",
        "verdict": "different" if different else "same",
        "output": "different" if different else "same text",
        "counts": {"same": same, "close": close, "different": different,
                   "ours": len(rows), "theirs": len(rows)},
        "lines": [list(row) for row in rows], "lines_left_out": -1, "curves": [],
        "tensors": [{"name": "x", "verdict": "same", "largest": 0.0, "details": []}],
        "warnings": {"rows": []}, "different": [],
        "jtorch": dict(side), "torch": dict(side, seconds=3.0), **changes,
    }  # fmt: skip


ROWS = [
    ("=", "the same", None),
    ("~", "near 1.00001", "near 1.00000"),
    ("|", f"ours {HOSTILE} 1.5", f"theirs {HOSTILE} 2.5"),
    ("<", "only ours", None),
    (">", None, "only theirs"),
]
