"""Numbers that the words add up: "two women and a boy", "fourteen gendarmes and one civilian"."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from histor.model.records import Casualties

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


def marked(entries: Sequence[Casualties], text: str) -> list[Casualties]:
    """The entries, sorted by kind and span, with the scope ``plus`` where one is added to the entry before it.

    A number without a best, or one that is a part of another or of those hit, is left as it is.
    """
    more: set[int] = set()
    for kind in {c.kind for c in entries}:
        plain = [c for c in entries if c.kind == kind and c.best is not None and c.scope is msgspec.UNSET]
        for group in added(plain, text):
            more.update(id(c) for c in group[1:])
    return [msgspec.structs.replace(c, scope="plus") if id(c) in more else c for c in entries]
