"""What the words around a stated number change about it: parts, wholes, the wounded, and none at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from histor.coding.grammar import Clause
from histor.coding.toll import Toll
from histor.resolve.quantities import Quantity, leading_quantity

_AMONG = re.compile(
    r"\b(?:among (?:them|whom|the (?:dead|victims|fatalities)|those killed|its victims)|including|most of them|one of them)\b[^,;:.()]*",
    re.IGNORECASE,
)
_HURT = re.compile(
    r"(?:,\s(?:including|among them|most of them)[^,;.]{1,50},)?\s(?:were\s|was\s|are\s)?(?:badly |seriously |lightly )?(?:injured|wounded|hurt)\b",
    re.IGNORECASE,
)
_HURT_BEFORE = re.compile(
    r"\b(?:injur(?:ed|es|ing|y (?:of|to)|ies (?:of|to))|wound(?:ed|s|ing)|hurt(?:ing)?)\s(?:another\s|a further\s|some\s)?\Z",
    re.IGNORECASE,
)
_DEAD_BEFORE = re.compile(
    r"\b(?:kill(?:ed|s|ing)|deaths? of|liv(?:es?|ing) of|life of)\s(?:another\s|a further\s|some\s)?\Z", re.IGNORECASE
)
_SAID_BEHIND = re.compile(r"\s(?:others?\s|more\s)?(?:injured|wounded|hurt|killed|dead)\b", re.IGNORECASE)
_OF_ALL = re.compile(r"\s?of (?:the|those|these)\s(?=\S)", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\b(?:without|with no|caus(?:ed|ing) no|were no|was no)\s(?:causing\s|any\s|suffering\s|a\s|reported\s|human\s){0,2}"
    r"(?P<what>death|dead|fatalit|casualt|victim|loss(?:es)?(?! of (?!life))|injur|wounded)\w*",
    re.IGNORECASE,
)
_NONE = {
    "death": ("killed",), "dead": ("killed",), "fatalit": ("killed",), "loss": ("killed",), "losses": ("killed",),
    "casualt": ("killed", "injured"), "victim": ("killed", "injured"), "injur": ("injured",), "wounded": ("injured",),
}  # fmt: skip


def amended(tolls: list[Toll], clause: Clause, text: str) -> list[Toll]:
    """The tolls of a sentence as the words beside them leave them, and those that say of none.

    "Five dead, among them a conscript": the conscript is a part; "one dead and 13, two of them guards,
    injured": the 13 lived; "two of the thirteen killed": thirteen were. "Forty killed or wounded" says neither how many
    died nor how many were hurt.
    """
    parts = [m.span() for m in _AMONG.finditer(text, clause.sentence.start, clause.sentence.end)]
    found = [_hurt(_whole(t, text, clause.sentence.end), text) for t in tolls if not _mixed(t, clause, text)]
    found = [replace(t, part=True) if any(a <= t.span[0] < b for a, b in parts) else t for t in found]
    return [*found, *(t for t in _none(clause, text) if not any(f.kind == t.kind for f in found))]


_EITHER = re.compile(
    r"(?:,?\sbetween)?\s?\b(?:killed|dead|deaths?|died)\s(?:or|and/or|and)\s(?:been\s|were\s|was\s)?(?:badly |seriously )?"
    r"(?:wounded|injured|injur(?:y|ies)|hurt)\b(?!\s(?:\d|an?\b|one|two|three|four|five|six|seven|eight|nine|ten|many|several|scores|dozens))",
    re.IGNORECASE,
)


def _mixed(toll: Toll, clause: Clause, text: str) -> bool:
    """Whether the dead and the wounded are counted together: "43 casualties, between dead and wounded"."""
    if toll.kind not in {"killed", "injured"} or toll.quantity.best == 1:
        return False
    said = _EITHER.search(text, toll.quantity.end, min(clause.sentence.end, toll.span[1] + 60))
    between = text[toll.quantity.end : said.start()] if said else ""
    return said is not None and re.search(r"[;.]|\b(?:and|but)\b|\d", between) is None


def _whole(toll: Toll, text: str, stop: int) -> Toll:
    """For "two of the thirteen killed" the thirteen, if nothing else is said of the two."""
    joint = _OF_ALL.match(text, toll.quantity.end, stop)
    whole = leading_quantity(text[joint.end() : stop]) if joint else None
    if joint is None or whole is None or whole.best is None or whole.best <= max(1, toll.quantity.best or 0):
        return toll
    at = joint.end()
    quantity = replace(whole, start=whole.start + at, end=whole.end + at)
    if re.match(r"\s(?:people\s|persons\s)?(?:killed|dead|wounded|injured)\b", text[quantity.end : stop]) is None:
        return toll
    return replace(toll, quantity=quantity, span=(quantity.start, max(quantity.end, toll.span[1])))


def _hurt(toll: Toll, text: str) -> Toll:
    """A number by a parse that ran on, where the words right beside it say that they were wounded, or that they died."""
    before = text[max(0, toll.span[0] - 32) : toll.span[0]]
    if _SAID_BEHIND.match(text, toll.span[1]):
        pass  # "3 killed 38 injured"
    elif toll.kind == "killed" and _HURT_BEFORE.search(before):
        return replace(toll, kind="injured")
    elif toll.kind == "injured" and not toll.hit and _DEAD_BEFORE.search(before):
        return replace(toll, kind="killed")
    if toll.kind == "killed" and toll.quantity.best != 1 and _HURT.match(text, toll.span[1]):
        return replace(toll, kind="injured")
    return toll


def _none(clause: Clause, text: str) -> Iterator[Toll]:
    """ "without causing deaths", "with no loss": nobody."""
    for match in _WITHOUT.finditer(text, clause.sentence.start, clause.sentence.end):
        words = clause.words_in(match.span("what"))
        for kind in _NONE[match["what"].lower()]:
            yield Toll(kind, Quantity(*match.span(), 0, 0, 0, "exact"), match.span(), None, words[0])
