"""An incident with its tellings: what every row of a dataset is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from histor.model.incidents import Estimate, Incident
from histor.model.records import Actor, EventMention, Report


@dataclass(frozen=True)
class Telling:
    """One event mention of the incident, with the report that it stands in."""

    mention: EventMention
    report: Report


@dataclass(frozen=True)
class Dossier:
    """An incident and its tellings in the order of `Incident.event_mentions`; at least one."""

    incident: Incident
    tellings: tuple[Telling, ...]

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """Reports that tell of the incident, each once, in the order of the tellings."""
        return tuple({t.report.id: t.report for t in self.tellings}.values())

    @cached_property
    def outlets(self) -> tuple[str, ...]:
        """Names of the outlets, each once."""
        return tuple(dict.fromkeys(r.source for r in self.reports if r.source))

    @cached_property
    def mode(self) -> str | None:
        """The mode that most tellings of the incident's own type name; ties by name."""
        modes = [m.mode for m in self._same_type() if m.mode]
        return min(set(modes), key=lambda mode: (-modes.count(mode), mode), default=None)

    @cached_property
    def contexts(self) -> tuple[str, ...]:
        """Contexts of all tellings, sorted."""
        return tuple(sorted({c for t in self.tellings for c in t.mention.contexts}))

    def _same_type(self) -> list[EventMention]:
        return [t.mention for t in self.tellings if t.mention.event_type == self.incident.event_type]

    @property
    def number(self) -> int:
        """An integer identifier for schemes that want one: the first 52 bits of the incident's id.

        Exact in every JSON reader; among a million incidents two would share one with a chance of 1 in 9,000.
        """
        return int(self.incident.id[:13], 16)

    def estimate(self, name: str) -> Estimate | None:
        """The estimate of a property, if any telling states it."""
        return self.incident.estimates.get(name)

    @property
    def published(self) -> str | None:
        """The latest publication date among the reports."""
        return max((r.published for r in self.reports if r.published), default=None)

    @property
    def first_day(self) -> str | None:
        """The first day of the incident's date, None without a date."""
        date = self.incident.date
        return date.earliest or date.latest if date else None

    @property
    def last_day(self) -> str | None:
        """The last day of the incident's date, None without a date."""
        date = self.incident.date
        return date.latest or date.earliest if date else None


def name_of(actor: Actor) -> str:
    """The actor's name, else its words."""
    return actor.name or " ".join(actor.text.split())


def names(actors: Iterable[Actor]) -> list[str]:
    """Names of actors, each once, in order."""
    return list(dict.fromkeys(name_of(a) for a in actors))


def distinct(values: Iterable[str | None]) -> Iterator[str]:
    """The values that are stated, each once, in order."""
    return iter(dict.fromkeys(v for v in values if v))
