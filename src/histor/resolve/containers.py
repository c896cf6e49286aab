"""In what a text puts its places: "Andarab district in Baghlan", "Idlib's Saraqeb", as codes of divisions and countries."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from histor.model.annotation import Span
from histor.resolve.gazetteer import Entry

if TYPE_CHECKING:
    from histor.resolve.places import Toponym

_LINK = re.compile(
    r"^(?:\s{0,3},\s{0,3}|\s{0,3}\(|\s{0,3}[-–—]\s{0,3}|\s{1,3}(?:(?:in|of|within|inside|,)\s{0,3})?"
    r"(?:the\s{1,3})?(?:[\w-]{1,40}\s{1,3}){0,3}?(?:of\s{1,3})?(?:the\s{1,3})?|['’]s\s{1,3})$"
)
_STRONG_LINK = re.compile(r"(?:,|\(|\bin\b|\bof\b|’s|'s)")


def _containers(text: str, toponyms: Sequence[Toponym]) -> dict[Span, str]:
    """For a toponym the name of the place that the text puts it in: ``Andarab district in Baghlan``."""
    found: dict[Span, str] = {}
    ordered = sorted(toponyms, key=lambda t: t.span)
    for a, b in itertools.pairwise(ordered):
        gap = text[a.span[1] : b.span[0]]
        if len(gap) > 40 or "." in gap or ";" in gap:
            continue
        if gap.strip() in {"’s", "'s"} or gap.strip().startswith(("’s ", "'s ")):
            found.setdefault(b.span, a.text)
        elif _LINK.match(gap) and _STRONG_LINK.search(gap):
            found[a.span] = b.text
    return found


Codes = frozenset[str]
"""Codes of the countries and divisions that a report puts a name in, and, marked by `LAND`, the countries of those."""
LAND = "@"
HELD = "#"  # marks the codes of a holder that the words leave no doubt of
_WITHIN = re.compile(
    r"\s+(?:(?:neighbou?rhood|district|quarter|suburb|area|village|town|city|camp)s?\s+)?(?:in|of)\s+(?:the\s+)?(?:(?:city|town|district|province)\s+of\s+)?"
)


def codes_around(text: str, toponyms: Sequence[Toponym], found: Mapping[str, Sequence[Entry]]) -> dict[str, Codes]:
    """For each name the codes of all that its mentions are put in: a name has one place in a report."""
    codes: dict[str, Codes] = dict.fromkeys(found, frozenset())
    holders = _containers(text, toponyms)
    for toponym in toponyms:
        holder = holders.get(toponym.span)
        if holder is not None:
            codes[toponym.text] |= _codes(found[holder])
    for toponym, behind in itertools.pairwise(sorted(toponyms, key=lambda t: t.span)):
        if _WITHIN.fullmatch(text, toponym.span[1], behind.span[0]):
            marked = {f"{HELD}{c}" for c in _codes(found[behind.text]) if not c.startswith(LAND)}
            codes[toponym.text] |= marked
    return codes


def _codes(candidates: Sequence[Entry]) -> Codes:
    """Codes of countries and divisions that a container may mean."""
    codes: set[str] = set()
    for entry in candidates:
        if entry.kind == "country":
            codes.add(entry.country)
        elif entry.kind == "adm1":
            codes.add(entry.admin1_code)
        elif entry.kind == "adm2":
            codes.add(entry.admin2_code)
        elif entry.kind == "town" and entry.population > 100_000:
            codes.update((entry.admin2_code, entry.admin1_code))
        else:
            continue
        codes.add(f"{LAND}{entry.country}")
    return frozenset(codes) - {"", LAND}
