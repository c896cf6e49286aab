"""What matching asks for (`histor.jobs.match.Repositories`), from a transaction of a project's store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

import msgspec
import numpy as np

from histor.coding.claims import ruled_claims
from histor.matching.blocking import reach
from histor.matching.match import incident_id
from histor.matching.score import Model, shipped
from histor.matching.syndication import SKETCH, Bands, sketch
from histor.matching.telling import Telling
from histor.model.incidents import Copy, Incident, MatchDecision
from histor.model.ledger import Judgement, Ruling, Rulings
from histor.model.records import Claim, CodedReport, Report
from histor.store.mentions import Where
from histor.store.project import Transaction


class MatchingStore:
    """A project as matching sees it, within one writing transaction."""

    def __init__(self, transaction: Transaction, run_id: str, model: Model | None = None) -> None:
        self._transaction = transaction
        self.run = run_id
        self._matcher = (model or shipped()).version
        self._ruled: dict[str, Ruling] = {}

    @cached_property
    def _rulings(self) -> Rulings:
        return self._transaction.decisions.rulings()

    @cached_property
    def _coders(self) -> dict[str, str]:
        return self._transaction.decisions.coders()

    def coded(self, report_ids: Collection[str] | None = None) -> Iterator[CodedReport]:
        """Current codings as people's decisions leave them, rejected event mentions left out; reports that people alone coded too."""
        ids = self._transaction.reports.ids() if report_ids is None else sorted(report_ids)
        rulings: dict[str, list[Ruling]] = {}
        for start in range(0, len(ids), 400):
            some = ids[start : start + 400]
            for ruling in self._transaction.mentions.effective(self._rulings, Where(reports=some)):
                if ruling.status != "rejected":
                    rulings.setdefault(ruling.report_id, []).append(ruling)
            for report in self._transaction.reports.many(some):
                found = rulings.pop(report.id, [])
                self._ruled.update((r.mention.id, r) for r in found)
                yield CodedReport(report, tuple(r.mention for r in _whole(found)), ())

    def reports(self, report_ids: Collection[str]) -> Iterable[Report]:
        """These reports."""
        return self._transaction.reports.many(sorted(report_ids))

    def sketches(self, first: str, last: str) -> Mapping[str, Bands]:
        """Sketches of the reports of these days and of those without a date; what has none of its text yet is given one."""
        kept = self._transaction.sketches
        for report in self._transaction.reports.many(kept.missing(SKETCH)):
            kept.put(report, sketch(report.text, report.title).tobytes(), SKETCH, self.run)
        return {i: np.frombuffer(bands, dtype=np.uint32) for i, bands in kept.between(first, last).items()}

    def rows(self) -> Collection[str]:
        """Reports that an import made."""
        return self._transaction.reports.imported()

    def claims(self, event_mentions: Collection[str]) -> Iterator[Claim]:
        """Claims of event mentions, a person's own where a person set the value."""
        missing = sorted(set(event_mentions) - self._ruled.keys())
        for stored in self._transaction.mentions.many(missing):
            self._ruled[stored.mention.id] = self._rulings.apply(stored.report_id, stored.mention)
        for mention in sorted(event_mentions):
            if mention in self._ruled:
                yield from ruled_claims(self._ruled[mention], self._coders)

    def judged(self) -> Iterable[Judgement]:
        """Persons' judgements on pairs."""
        return self._rulings.pairs

    def pairs(self, tellings: Collection[str] | None = None) -> Iterator[MatchDecision]:
        """Kept judgements of the matcher in use."""
        matches = self._transaction.matches
        found = matches.all() if tellings is None else matches.of(sorted(tellings))
        return (d for d in found if d.matcher == self._matcher)

    def near(self, tellings: Sequence[Telling]) -> Collection[str]:
        """Reports that may tell of what these tell: all with an event mention whose days, widened as blocking widens them, meet theirs."""
        if not tellings:
            return set()
        reaches = [reach(t) for t in tellings]
        first, last = min(r[0] for r in reaches) - _WIDEST, max(r[1] for r in reaches) + _WIDEST
        if first <= 1 or last >= date.max.toordinal():
            return set(self._transaction.reports.ids())
        where = Where(earliest=_iso(first), latest=_iso(last), undated=True)
        found = {s.report_id for s in self._transaction.mentions.find(where)}
        found |= self._transaction.mentions.misdated(_iso(first), _iso(last))
        return found | {r.report_id for r in self._rulings.additions()} | self._moved

    @cached_property
    def _moved(self) -> set[str]:
        """Reports of event mentions that lie elsewhere than current codings say: a person set the day, or keeps one that is superseded."""
        ruled = self._rulings.by_mention
        return {
            s.report_id
            for s in self._transaction.mentions.many(list(ruled))
            if not s.current or any(d.payload.get("property") == "date" for d in ruled[s.mention.id])
        }

    def copies(self) -> Iterable[Copy]:
        """All kept copies."""
        return self._transaction.matches.copies()

    def origins(self, report_ids: Collection[str]) -> Mapping[str, str]:
        """Kept origins of these reports."""
        return self._transaction.matches.origins(sorted(report_ids))

    def founders(self, event_mentions: Collection[str]) -> Mapping[str, str]:
        """Which of these event mentions, or those that they stand in for since a new coding, founded an incident."""
        before: dict[str, list[str]] = {}
        for old, new in self._successors.items():
            before.setdefault(new, []).append(old)
        lines = {mention: _line(mention, before) for mention in event_mentions}
        known = self._transaction.incidents.known(sorted({incident_id(m) for line in lines.values() for m in line}))
        found = {}
        for mention, line in lines.items():
            founded = next((i for m in line if (i := incident_id(m)) in known), None)
            if founded is not None:
                found[mention] = founded
        return found

    @cached_property
    def _successors(self) -> dict[str, str]:
        return {old: new for old, new in self._transaction.codings.successors().items() if new is not None}

    def all_incidents(self) -> Collection[str]:
        """The ids of all incidents."""
        return self._transaction.incidents.ids()

    def incidents_of(self, event_mentions: Collection[str]) -> Collection[str]:
        """Incidents that hold one of these event mentions."""
        return sorted(set(self._transaction.incidents.of(sorted(event_mentions)).values()))

    def put_copies(self, report_ids: Collection[str], copies: Sequence[Copy], origins: Mapping[str, str]) -> None:
        """Replace what is known of these reports."""
        self._transaction.matches.forget_copies(sorted(report_ids))
        self._transaction.matches.put_copies(copies, self.run)
        self._transaction.matches.put_origins(origins, self.run)

    def put_pairs(self, tellings: Collection[str], decisions: Sequence[MatchDecision]) -> None:
        """Replace judgements in which one of `tellings` stands."""
        self._transaction.matches.forget(sorted(tellings))
        self._transaction.matches.put(decisions, self.run)

    def put_incidents(
        self,
        old: Collection[str],
        new: Sequence[Incident],
        founders: Mapping[str, str],
        aliases: Mapping[str, str | None],
    ) -> None:
        """Replace incidents; what people decided on their tellings gives them their status."""
        shown = [msgspec.structs.replace(i, status=self._status(i)) for i in new]
        self._transaction.incidents.replace(sorted(old), shown, aliases, self.run)

    def _status(self, incident: Incident) -> str:
        """``accepted`` once a person accepted one of its tellings (rejected ones are no members)."""
        states = {self._ruled[m].status for m in incident.event_mentions if m in self._ruled}
        return "accepted" if "accepted" in states else "machine"


_WIDEST = 25
"""Days by which blocking may widen a stored date: undated events may lie three weeks before publication."""


def _whole(rulings: Sequence[Ruling]) -> list[Ruling]:
    """Rulings whose `retells` leads to one that is there: the first that is left takes the place of a rejected first telling."""
    there = {r.mention.id for r in rulings}
    stand_in: dict[str, str] = {}
    found = []
    for ruling in sorted(rulings, key=lambda r: (r.mention.trigger.span, r.mention.id)):
        mention = ruling.mention
        if mention.retells is not None and mention.retells not in there:
            first = stand_in.setdefault(mention.retells, mention.id)
            mention = msgspec.structs.replace(mention, retells=None if first == mention.id else first)
        found.append(msgspec.structs.replace(ruling, mention=mention))
    return found


def _line(mention: str, before: Mapping[str, list[str]]) -> list[str]:
    """An event mention and all that it stands in for, the newest first."""
    line, waiting = [], [mention]
    while waiting:
        one = waiting.pop(0)
        if one not in line:
            line.append(one)
            waiting.extend(sorted(before.get(one, ())))
    return line


def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
