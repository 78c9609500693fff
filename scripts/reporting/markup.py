"""Texts and data as HTML: whatever they hold, they stay texts and data."""

import html
import json

from reporting.states import COUNTED, WORDS

CLASSES = {"differs": "d", "known": "k", "same": "s", "not run": "n", "none": "o"}


def text(content):
    """Any text, escaped; control characters are shown as Python writes them."""
    shown = "".join(
        each if each.isprintable() or each in " \n" else each.encode("unicode_escape").decode()
        for each in str(content)
    )
    return html.escape(shown, quote=True)


def name(content):
    """A name in code, which may be broken after its dots, strokes and underlines."""
    shown = text(content)
    for sign in "._/":
        shown = shown.replace(sign, sign + "<wbr>")
    return shown


def data(content, name):
    """Plain data for the page's own script; no `<` in it can end the element."""
    written = json.dumps(content, separators=(",", ":"))
    for sign in "<>&":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="{name}">{written}</script>'


def badge(state, words=None):
    """A state in words, in its colour."""
    return f'<span class="badge {CLASSES[state]}">{text(words or WORDS[state])}</span>'


def bar(counts, words):
    """Counts of states as one thin bar, and beneath it in words."""
    total = sum(counts.values())
    if not total:
        return ""
    parts = "".join(
        f'<i class="{CLASSES[state]}" style="flex:{counts[state]}"></i>'
        for state in COUNTED
        if counts.get(state)
    )
    legend = "".join(
        f'<li class="{CLASSES[state]}"><b>{counts[state]:,}</b> {text(words[state])}</li>'
        for state in COUNTED
        if counts.get(state)
    )
    return f'<div class="bar" aria-hidden="true">{parts}</div><ul class="legend">{legend}</ul>'


def not_run(part):
    """What stands in place of a part that was not run."""
    return f'<p class="absent"><b>Not run.</b> {text(part["why"])}</p>'


def sources(part):
    """Where a part that was given comes from."""
    words = "; ".join(f"{each['file']}, written {each['written']}" for each in part["sources"])
    return f'<p class="note">From {text(words)}.</p>'


def section(name, title, body, note=""):
    about = f'<p class="note">{note}</p>' if note else ""
    return f'<section id="{name}"><h2>{text(title)}</h2>{about}\n{body}\n</section>'


def search(place, what):
    """The field that the page's script filters by."""
    return (
        f'<input type="search" placeholder="{text(place)}" aria-label="{text(place)}" '
        f'data-search="{what}" autocomplete="off" spellcheck="false">'
    )
