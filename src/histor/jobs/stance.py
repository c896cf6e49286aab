"""How each outlet speaks: loaded words in its own voice, whose tolls it relays, deeds without doers.

Rates are per 1,000 words of the outlet's own voice with 95 % intervals: Byar's approximation to the exact
Poisson interval for counts (Breslow and Day 1987, p. 69), Wilson's for shares (Wilson 1927).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from histor.capture.inputs import Item, Problem
from histor.coding.voices import ReportStance
from histor.jobs.coding import Coding
from histor.model.errors import CoderError

Z = 1.959964  # of the 95 % interval
UNNAMED = "(no outlet)"


class Rate(Struct, frozen=True):
    """A count in `size` (words, or cases) as a rate with its 95 % interval."""

    count: int
    size: int
    rate: float
    low: float
    high: float


class TermUse(Struct, frozen=True):
    """One loaded word of an outlet's own voice for one party ("": nobody is named)."""

    term: str
    stance: str
    about: str
    count: int


class OutletStance(Struct, frozen=True):
    """One outlet: counts, rates per 1,000 words of its own voice, shares.

    `about` gives for each party how often words that blame and that praise are used for it;
    `deeds` gives for each side of victims the share of assault verbs without a named doer.
    """

    outlet: str
    reports: int
    words: int
    own_words: int
    loaded_against: Rate
    loaded_for: Rate
    terms: tuple[TermUse, ...]
    about: dict[str, dict[str, int]]
    tolls_by_speaker: dict[str, int]
    speakers: dict[str, int]
    deeds_without_doer: dict[str, Rate]


def observed(coding: Coding, items: Iterable[Item]) -> Iterator[ReportStance | Problem]:
    """Observations of each report, and the problems of those that could not be coded, in order."""
    for item in items:
        if isinstance(item, Problem):
            yield item
            continue
        try:
            yield coding.stance(item)
        except CoderError as error:
            yield Problem(error)


def by_outlet(reports: Iterable[ReportStance]) -> list[OutletStance]:
    """The reports of each outlet put together, the outlet with most reports first."""
    groups: dict[str, list[ReportStance]] = {}
    for report in reports:
        groups.setdefault(report.source or UNNAMED, []).append(report)
    found = [_outlet(name, group) for name, group in groups.items()]
    return sorted(found, key=lambda o: (-o.reports, o.outlet))


def _outlet(name: str, reports: Sequence[ReportStance]) -> OutletStance:
    own = [use for r in reports for use in r.loaded if use.own_voice]
    own_words = sum(r.own_words for r in reports)
    terms = Counter((use.term, use.stance, use.about or "") for use in own)
    about: dict[str, dict[str, int]] = {}
    for (_, stance, party), count in sorted(terms.items()):
        if party:
            about.setdefault(party, {"against": 0, "for": 0})[stance] += count
    tolls = [toll for r in reports for toll in r.tolls]
    deeds = [deed for r in reports for deed in r.deeds]
    return OutletStance(
        outlet=name,
        reports=len(reports),
        words=sum(r.words for r in reports),
        own_words=own_words,
        loaded_against=per_thousand(sum(u.stance == "against" for u in own), own_words),
        loaded_for=per_thousand(sum(u.stance == "for" for u in own), own_words),
        terms=tuple(TermUse(*key, count) for key, count in sorted(terms.items(), key=lambda e: (-e[1], e[0]))),
        about=dict(sorted(about.items(), key=lambda e: (-sum(e[1].values()), e[0]))),
        tolls_by_speaker=_ranked(toll.type for toll in tolls),
        speakers=_ranked(toll.speaker for toll in tolls),
        deeds_without_doer={
            side: share(sum(not d.agent for d in deeds if d.victims == side), sum(d.victims == side for d in deeds))
            for side in sorted({d.victims for d in deeds})
        },
    )


def _ranked(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda e: (-e[1], e[0])))


def per_thousand(count: int, words: int) -> Rate:
    """A count as a rate per 1,000 words with Byar's interval; all zero where there are no words."""
    if words == 0:
        return Rate(count, 0, 0.0, 0.0, 0.0)
    low = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3 if count else 0.0
    up = count + 1
    high = up * (1 - 1 / (9 * up) + Z / (3 * math.sqrt(up))) ** 3
    scale = 1000 / words
    return Rate(count, words, round(count * scale, 3), round(max(0.0, low) * scale, 3), round(high * scale, 3))


def share(count: int, size: int) -> Rate:
    """A count of `size` cases as a share with Wilson's interval; 0 to 1 where there are no cases."""
    if size == 0:
        return Rate(count, 0, 0.0, 0.0, 1.0)
    p, n = count / size, size
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Rate(count, size, round(p, 3), round(max(0.0, middle - half), 3), round(min(1.0, middle + half), 3))
