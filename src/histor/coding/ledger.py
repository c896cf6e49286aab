"""The toll of an incident in a report, reckoned from all that its event mentions state.

An event mention's `casualties` stay what the text states, each with its words. A report states the
toll of one incident many times: as a total, in parts, person by person, first of those hit and then
of those who died. `toll_of` reads these entries as one ledger; `lead_incident` says which incident
the report is about. The rules are in ``docs/explanation/tolls.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from histor.coding.deeds import TOLLED
from histor.coding.sums import added
from histor.model.records import Casualties, CodedReport, EventMention

REAL = frozenset({"actual", "claimed", "denied"})
AHEAD = 2  # statements after the first in which a count takes the place of one person told of first


@dataclass(frozen=True)
class IncidentToll:
    """How many an incident killed or injured as one report has it.

    `low`, `best` and `high` are counts of people; None is an end that the words leave open. `entries`
    are the statements that the figure rests on, in text order.
    """

    kind: str
    low: int | None
    best: int | None
    high: int | None
    entries: tuple[Casualties, ...]

    @property
    def figure(self) -> int:
        """The one number to show: the best value, else the low end, else the high end."""
        return next((v for v in (self.best, self.low, self.high) if v is not None), 0)


def incidents_of(coded: CodedReport) -> dict[str, list[EventMention]]:
    """Violent event mentions told as real, by the id of the first mention of their incident, in text order."""
    found: dict[str, list[EventMention]] = {}
    for mention in sorted(coded.event_mentions, key=lambda m: m.trigger.span):
        if mention.event_type in TOLLED and mention.factuality in REAL:
            found.setdefault(mention.retells or mention.id, []).append(mention)
    return found


def lead_incident(coded: CodedReport) -> str | None:
    """The incident that the report is about: the first in text order of which it states a toll.

    Gives the id of the incident's first mention, None where no violent event has a toll.
    """
    tolls = (
        (mention.trigger.span, first)
        for first, mentions in incidents_of(coded).items()
        for mention in mentions
        if any(c.kind in {"killed", "injured"} for c in mention.casualties)
    )
    return min(tolls, default=(None, None))[1]


def toll_of(coded: CodedReport, first_mention_id: str, kind: str) -> IncidentToll | None:
    """What the report says in all of the people `kind` (``killed`` or ``injured``) in one incident.

    `first_mention_id` is the id of the incident's first mention (see `EventMention.retells`). None if
    the report does not say. Raises KeyError for an id that is no violent incident told as real.
    """
    entries = list(_entries(incidents_of(coded)[first_mention_id]))
    killed = _killed([c for c in entries if c.kind == "killed"], coded.report.text)
    if kind == "killed":
        return killed
    return _injured([c for c in entries if c.kind == kind], killed, coded.report.text)


def _entries(mentions: Sequence[EventMention]) -> Iterator[Casualties]:
    """The entries of an incident in text order, each span and kind once."""
    once = {(c.span, c.kind): c for m in reversed(mentions) for c in m.casualties}
    for key in sorted(once):
        yield once[key]


# --- statements ------------------------------------------------------------------------------------

_NUMERAL = re.compile(r"(?:at least |only |just )?(?:one|1)\b(?! of)", re.IGNORECASE)
_MORE = re.compile(r"\b(?:another|others?|more|further|additional|second|third|fourth|fifth|sixth)\b", re.IGNORECASE)
_DOER = re.compile(
    r"\b(?:himself|herself|self|themselves|(?:suicide )?(?:gunm[ae]n|shooters?|suspects?|attackers?|assailants?|"
    r"bombers?|perpetrators?))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Statement:
    """Entries that the words add up: "two women and a boy"."""

    entries: tuple[Casualties, ...]

    @property
    def best(self) -> int:
        return sum(c.best or 0 for c in self.entries)

    @property
    def one_person(self) -> bool:
        """Whether it tells of somebody rather than counts ("a man", not "one dead")."""
        return self.best == 1 and not _NUMERAL.match(self.entries[0].text)

    def says(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(c.text) for c in self.entries)


def _statements(entries: Sequence[Casualties], text: str) -> list[_Statement]:
    whole = [c for c in entries if c.best is not None and c.scope != "part"]
    return [_Statement(tuple(group)) for group in added(whole, text)]


def _first(statements: Sequence[_Statement]) -> _Statement:
    """The statement that counts: the first, unless it is of one person and a count follows soon."""
    first = statements[0]
    if first.one_person:
        return next((s for s in statements[1 : 1 + AHEAD] if s.best > 1), first)
    return first


# --- killed and injured ----------------------------------------------------------------------------

_TALLY = re.compile(
    r"[^.;\n]{0,80}\b(?:(?:so far |already )?this year|so far in|of the year|year to date)\b", re.IGNORECASE
)
_INCLUDED = re.compile(r"[^.;]{0,40}\binclud(?:ing|es?)\b", re.IGNORECASE)


def _killed(entries: Sequence[Casualties], text: str) -> IncidentToll | None:
    """The dead: the report's count, and those who did the deed and died, if it leaves them out."""
    entries = [c for c in entries if not _TALLY.match(text, c.span[1])] or entries
    statements = _statements(entries, text)
    if not statements:
        return _vague("killed", entries)
    ranks = [rank for s in statements if (rank := _rank(s))]
    base = _first(statements)
    if base.one_person and ranks:
        low = max(ranks)
        return IncidentToll("killed", low, low, None, statements[0].entries)
    toll = _sum("killed", _with_doers(base, statements, text))
    least = max((c.low or 0 for c in entries if c.best is None), default=0)
    if base.one_person and least > (toll.best or 0):  # "a man … in a murder-suicide"
        return _vague("killed", entries)
    return toll


def _with_doers(base: _Statement, statements: Sequence[_Statement], text: str) -> Sequence[Casualties]:
    """The entries of the count, with those who did the deed and died where it leaves them out."""
    if base.best <= 1 or base.says(_DOER) or _INCLUDED.match(text, base.entries[-1].span[1]):
        return base.entries
    doers = [s for s in statements if s.says(_DOER)]
    whole = [s for s in doers if s.best >= base.best]  # "killed three people and then himself"
    if whole or not doers:
        return whole[0].entries if whole else base.entries
    alone = [[c for c in s.entries if _DOER.search(c.text)] for s in doers]
    return [*base.entries, *max(alone, key=lambda entries: sum(c.best or 0 for c in entries))]


_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split()
_RANK = re.compile(
    rf"(?:an?\s)?(?:(\d+)(?:nd|rd|th)|({'|'.join(_ORDINALS)}))\s(?:person|victim|body|m[ae]n|wom[ae]n)\b", re.IGNORECASE
)


def _rank(statement: _Statement) -> int:
    """Which of the dead somebody is: "A third victim died" means that three have."""
    match = _RANK.match(statement.entries[0].text) if len(statement.entries) == 1 else None
    if match is None:
        return 0
    return int(match[1]) if match[1] else _ORDINALS.index(match[2].lower()) + 2


def _injured(entries: Sequence[Casualties], killed: IncidentToll | None, text: str) -> IncidentToll | None:
    """The wounded: the report's count; where it counts all who were hit, without those who died."""
    entries = [c for c in entries if not _TALLY.match(text, c.span[1])] or entries
    statements = _statements(entries, text)
    if not statements:
        return _vague("injured", entries)
    base = _first(statements)
    toll = _sum("injured", base.entries)
    hit = all(c.scope == "hit" for c in base.entries) and not base.says(_MORE)
    lost = killed.figure if killed is not None and hit else 0
    if not 0 < lost <= base.best:
        return toll
    low, best, high = (v if v is None else max(0, v - lost) for v in (toll.low, toll.best, toll.high))
    return IncidentToll("injured", low, best, high, toll.entries)


def _sum(kind: str, entries: Sequence[Casualties]) -> IncidentToll:
    """Entries added up end by end; an open end of one leaves the end of the sum open."""
    low, best, high = (
        None if any(v is None for v in ends) else sum(v for v in ends if v is not None)
        for ends in ([c.low for c in entries], [c.best for c in entries], [c.high for c in entries])
    )
    return IncidentToll(kind, low, best, high, tuple(sorted(entries, key=lambda c: c.span)))


def _vague(kind: str, entries: Sequence[Casualties]) -> IncidentToll | None:
    """Without a number, the vague entry that says most."""
    vague = [c for c in entries if c.best is None and c.scope != "part"]
    if not vague:
        return None
    most = max(vague, key=lambda c: (c.low or c.high or 0, c.low or 0))
    return IncidentToll(kind, most.low, None, most.high, (most,))
