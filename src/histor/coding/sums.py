"""Numbers that the words add up: "two women and a boy", "fourteen gendarmes and one civilian"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from histor.model.records import Casualties
from histor.resolve.actors import sector_of

_JOINT = re.compile(
    r"(?:,\s\d{1,3}(?:,[^.;\d]{1,40})?)?"  # "Carter, 23, of Fontaine"
    r"\s*(?:,?\s?(?:and|then|before|&|as well as)|,)\s*(?:then\s)?"
    r"(?:(?:fatally\s)?(?:shot|shooting|shoots|killed|killing|kills|turn(?:ed|ing|s) the gun on)\s)?"
    r"(?:(?:his|her|their|the)\s)?",
    re.IGNORECASE,
)


def added(entries: Sequence[Casualties], text: str) -> list[list[Casualties]]:
    """Entries of one kind in text order, those in one list that stand joined by "and" or a comma."""
    found: list[list[Casualties]] = []
    for entry in entries:
        last = found[-1][-1] if found else None
        if last and last.span[1] <= entry.span[0] and _JOINT.fullmatch(text, last.span[1], entry.span[0]):
            found[-1].append(entry)
        else:
            found.append([entry])
    return found


def _apart(one: Sequence[Casualties], two: Sequence[Casualties], text: str) -> bool:
    """Whether numbers of one sentence count the dead of other sides: "14 rebels died; the bodies of six soldiers".

    Of equal numbers one may be the other by another name.
    """
    between = text[one[-1].span[1] : two[0].span[0]]
    if len(between) > REACH or _END.search(between) or sum(c.best or 0 for c in one) == sum(c.best or 0 for c in two):
        return False
    if _BESIDES.search(between):
        return True
    sides = [{_side(c.text) for c in group} for group in (one, two)]
    return None not in sides[0] | sides[1] and not sides[0] & sides[1] and not _PART.search(between)


def _side(words: str) -> str | None:
    sector = sector_of(_OF.sub("", words))
    if sector is None or _ANYBODY.search(words):
        return None
    return next((side for side, sectors in SIDES.items() if sector in sectors), "civilians")


REACH = 120  # characters between numbers of one sentence that are added
SIDES = {
    "state": frozenset({"MIL", "COP", "GOV", "JUD", "SPY"}),
    "rebels": frozenset({"REB", "UAF", "PRM", "CRM"}),
}  # whoever else is known by trade, age or kin is a civilian
_OF = re.compile(r"^.*\bof\s", re.DOTALL)
_ANYBODY = re.compile(r"\b(?:m[ae]n|people|persons?|bodies|others?)$", re.IGNORECASE)
_END = re.compile(r"[.!?]\s")
_PART = re.compile(r"\b(?:includ\w+|among|of (?:them|whom)|but|according)\b", re.IGNORECASE)
_BESIDES = re.compile(r"\b(?:besides|in addition to|on top of|not counting|excluding)\s*$", re.IGNORECASE)


def marked(entries: Sequence[Casualties], text: str) -> list[Casualties]:
    """The entries, sorted by kind and span, with the scope ``plus`` where one is added to the entry before it.

    A number without a best, or one that is a part of another or of those hit, is left as it is.
    """
    more: set[int] = set()
    for kind in {c.kind for c in entries}:
        plain = [c for c in entries if c.kind == kind and c.best is not None and c.scope is msgspec.UNSET]
        groups = added(plain, text)
        more.update(id(c) for group in groups for c in group[1:])
        more.update(id(two[0]) for one, two in pairwise(groups) if _apart(one, two, text))
    return [msgspec.structs.replace(c, scope="plus") if id(c) in more else c for c in entries]
