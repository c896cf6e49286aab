"""Matching a project: copies and origins, judgements on tellings, incidents with their estimates.

`match_all` does the whole project, `match_new` what came in since; both leave the same copies,
judgements and clusters, and each works over the repositories of one transaction (`Repositories`).
Incidents keep their ids: see `histor.matching.match.name_clusters`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from histor.estimates.accounts import Source, running_total
from histor.estimates.consolidate import Told, consolidate
from histor.estimates.rules import DEFAULT, death_columns, estimates
from histor.matching.blocking import pairs
from histor.matching.clusters import Constraints
from histor.matching.constraints import Judged, constraints_of
from histor.matching.match import candidates, clusters_of, judge, name_clusters
from histor.matching.origins import origins
from histor.matching.score import Model, shipped
from histor.matching.syndication import WINDOW, Bands, alike, find_copies
from histor.matching.telling import Telling, tellings
from histor.model.incidents import Copy, Estimate, Incident, MatchDecision
from histor.model.records import Claim, CodedReport, Report
from histor.text.sentences import split_sentences


class Repositories(Protocol):
    """What matching needs of a store, inside one transaction that it is given.

    Event mentions are as people's decisions leave them; rejected ones are left out.
    """

    def coded(self, report_ids: Collection[str] | None = None) -> Iterable[CodedReport]:
        """The current codings of these reports, of all without any."""

    def reports(self, report_ids: Collection[str]) -> Iterable[Report]:
        """These reports."""

    def sketches(self, first: str, last: str) -> Mapping[str, Bands]:
        """Sketches of the reports published between two ISO dates, both included, and of those without a date; of no `rows`."""

    def rows(self) -> Collection[str]:
        """The reports that are rows of somebody's table: they share its columns, which makes none a copy."""

    def claims(self, event_mentions: Collection[str]) -> Iterable[Claim]:
        """The claims of these event mentions."""

    def judged(self) -> Iterable[Judged]:
        """Persons' judgements on pairs of event mentions, undone ones left out."""

    def pairs(self, tellings: Collection[str] | None = None) -> Iterable[MatchDecision]:
        """Kept judgements of the matcher in which one of these tellings stands, all without any."""

    def near(self, tellings: Sequence[Telling]) -> Collection[str]:
        """Reports that may tell of what these tell: at least all that share a day with one of their reaches."""

    def copies(self) -> Iterable[Copy]:
        """The kept copies of all reports."""

    def origins(self, report_ids: Collection[str]) -> Mapping[str, str]:
        """The kept origins of these reports."""

    def founders(self, event_mentions: Collection[str]) -> Mapping[str, str]:
        """Which of these event mentions ever founded an incident, with the incident's id."""

    def all_incidents(self) -> Collection[str]:
        """The ids of all incidents."""

    def incidents_of(self, event_mentions: Collection[str]) -> Collection[str]:
        """The incidents in which one of these event mentions is a member."""

    def put_copies(self, report_ids: Collection[str], copies: Sequence[Copy], origins: Mapping[str, str]) -> None:
        """Put what is known of these reports in the place of what was."""

    def put_pairs(self, tellings: Collection[str], decisions: Sequence[MatchDecision]) -> None:
        """Put judgements in the place of those in which one of `tellings` stands."""

    def put_incidents(
        self,
        old: Collection[str],
        new: Sequence[Incident],
        founders: Mapping[str, str],
        aliases: Mapping[str, str | None],
    ) -> None:
        """Put incidents in the place of `old`; keep founders, and lead ids that are no more to what took them in."""


@dataclass
class Matched:
    """What a run did."""

    reports: int = 0
    tellings: int = 0
    pairs: int = 0
    copies: int = 0
    incidents: int = 0
    aliases: dict[str, str | None] = field(default_factory=dict)


def match_all(store: Repositories, *, rule: str = DEFAULT, model: Model | None = None) -> Matched:
    """Match the whole project anew; person's decisions and the ids of incidents stay."""
    model = model or shipped()
    coded = list(store.coded())
    reports = [c.report for c in coded]
    rows = set(store.rows())
    copies = find_copies(r for r in reports if r.id not in rows)
    origin_of = origins(reports, copies)
    store.put_copies([r.id for r in reports], copies, origin_of)
    found = _tellings(coded)
    decisions = judge(pairs(found.values()), model)
    store.put_pairs(list(found), decisions)
    constraints = constraints_of(store.judged(), _telling_of(found.values()))
    done = Matched(len(coded), len(found), len(decisions), len(copies))
    return _put(store, done, coded, found, decisions, constraints, origin_of, store.all_incidents(), rule, model)


def match_new(
    store: Repositories,
    report_ids: Collection[str],
    gone: Collection[str] = (),
    *,
    reread: bool = True,
    rule: str = DEFAULT,
    model: Model | None = None,
) -> Matched:
    """Match reports that were coded since (new, or coded anew) with their neighbourhood.

    `gone` names event mentions of superseded codings; with `reread` false no report's text is another since it was
    matched, so that copies are looked for only of those that never were. The result is that of `match_all`, save
    that nothing outside the neighbourhood is looked at.
    """
    model = model or shipped()
    fresh = list(store.coded(sorted(report_ids)))
    unread = [c.report for c in fresh] if reread else _without_origin(store, fresh)
    origin_of, copies, moved = _copies_near(store, unread) if unread else ({}, [], set())
    new = _tellings(fresh)
    others = _tellings(store.coded(sorted({*store.near(list(new.values())), *moved} - set(report_ids))))
    decisions = judge(candidates(new.values(), others.values()), model)
    before = set(_reached(store, sorted({*gone, *new}), model))
    before |= {t.id for t in others.values() if t.report in moved}  # their incidents count their origins anew
    store.put_pairs(sorted({*gone, *new}), decisions)
    wider, constraints = _neighbourhood(store, before - set(gone) | set(new), {**others, **new}, model)
    kept = [d for d in store.pairs(sorted(wider)) if d.left in wider and d.right in wider]
    everything = list(store.coded(sorted({t.report for t in wider.values()})))
    origin_of = {**store.origins(sorted(c.report.id for c in everything)), **origin_of}
    old = store.incidents_of([*gone, *(m.id for t in wider.values() for m in t.mentions)])
    done = Matched(len(fresh), len(new), len(decisions), len(copies))
    return _put(store, done, everything, wider, kept, constraints, origin_of, old, rule, model)


def _without_origin(store: Repositories, coded: Sequence[CodedReport]) -> list[Report]:
    known = store.origins(sorted(c.report.id for c in coded))
    return [c.report for c in coded if c.report.id not in known]


def _reached(store: Repositories, start: Collection[str], model: Model) -> set[str]:
    """The tellings that kept judgements lead to from `start`, step by step, along links that may join clusters."""
    reached = set(start)
    edge = sorted(reached)
    while edge:
        links = [d for d in store.pairs(edge) if d.score >= model.join]
        edge = sorted({i for d in links for i in (d.left, d.right)} - reached)
        reached.update(edge)
    return reached


def _neighbourhood(
    store: Repositories, start: Collection[str], known: Mapping[str, Telling], model: Model
) -> tuple[dict[str, Telling], Constraints]:
    """All tellings whose clusters may change with those of `start`, and the constraints on them."""
    judged = list(store.judged())
    found = dict(known)
    reached = set(start)
    while True:
        reached = _reached(store, reached, model)
        constraints = constraints_of(judged, _telling_of(found.values()))
        linked = {i for pair in constraints.together for i in pair if not reached.isdisjoint(pair)}
        missing = sorted((reached | linked) - set(found))
        reports = {c.report_id for c in store.claims(missing)} if missing else set()
        read = {i: t for i, t in _tellings(store.coded(sorted(reports))).items() if i not in found} if reports else {}
        if not read and linked <= reached:
            return {i: found[i] for i in sorted(reached) if i in found}, constraints
        found.update(read)
        # A judgement may name an event mention that retells: its telling is known once its report is read.
        of = _telling_of(read.values())
        reached |= {of.get(i, i) for i in linked}


def _tellings(coded: Iterable[CodedReport]) -> dict[str, Telling]:
    return {t.id: t for c in coded for t in tellings(c)}


def _telling_of(found: Iterable[Telling]) -> dict[str, str]:
    return {m.id: t.id for t in found for m in t.mentions}


def _copies_near(store: Repositories, fresh: Sequence[Report]) -> tuple[dict[str, str], list[Copy], set[str]]:
    """Find copies anew near the fresh reports; origins of all reports concerned, copies, and whose origin is another now.

    A report is judged by all that have a sentence in common with it and lie within `WINDOW` days, a report without a
    day by all: those of the fresh ones are judged anew, and what was a copy of one of them; what is alike to these is
    read. Origins are led on to whatever copies of copies lie further away.
    """
    everything = list(store.copies())
    named = {r.id for r in fresh}
    inner = {r.id: r for r in fresh}
    inner |= {r.id: r for r in store.reports(sorted(_alike(store, inner.values()) - named))}
    inner |= {
        r.id: r for r in store.reports(sorted({c.report_id for c in everything if c.copy_of in named} - inner.keys()))
    }
    outer = inner | {r.id: r for r in store.reports(sorted(_alike(store, inner.values()) - inner.keys()))}
    rows = set(store.rows())
    found = [c for c in find_copies(r for r in outer.values() if r.id not in rows) if c.report_id in inner]
    kept = {c.report_id: c for c in everything if c.report_id not in inner}
    below, above = _chained(inner, [*found, *kept.values()])
    far = {r.id: r for r in store.reports(sorted((below | above) - outer.keys()))}
    written = inner.keys() | below
    told = origins([*outer.values(), *far.values()], [*found, *kept.values()])
    origin_of = {r: told[r] for r in sorted(written)}
    was = store.origins(sorted(written))
    moved = {r for r in written if r in was and was[r] != origin_of[r]}
    store.put_copies(sorted(written), [*found, *(kept[r] for r in sorted(below - inner.keys()))], origin_of)
    return origin_of, found, moved


def _alike(store: Repositories, some: Collection[Report]) -> set[str]:
    """The reports near some that have a sentence in common with one of them, these among them."""
    days = sorted(r.published for r in some if r.published)
    dated = len(days) == len(some)
    first, last = (_day(days[0], -WINDOW), _day(days[-1], WINDOW)) if dated and days else _ALWAYS
    return alike({r.id for r in some}, store.sketches(first, last))


_ALWAYS = ("0001-01-01", "9999-12-31")


def _chained(reports: Collection[str], copies: Iterable[Copy]) -> tuple[set[str], set[str]]:
    """What was copied from some reports, by however many steps, and what they were copied from; they are in both."""
    parent = {c.report_id: c.copy_of for c in copies}
    children: dict[str, list[str]] = {}
    for report, original in parent.items():
        children.setdefault(original, []).append(report)
    below, above = set(reports), set(reports)
    waiting = list(reports)
    while waiting:
        new = [r for r in children.get(waiting.pop(), ()) if r not in below]
        below.update(new)
        waiting += new
    for report in reports:
        while (report := parent.get(report, "")) and report not in above:
            above.add(report)
    return below, above


def _day(day: str, by: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=by)).isoformat()
    except OverflowError:
        return day


def _put(
    store: Repositories,
    done: Matched,
    coded: Sequence[CodedReport],
    found: Mapping[str, Telling],
    decisions: Sequence[MatchDecision],
    constraints: Constraints,
    origin_of: Mapping[str, str],
    old: Collection[str],
    rule: str,
    model: Model,
) -> Matched:
    """Cluster, name, estimate and store the incidents of these tellings."""
    clusters = clusters_of(found, decisions, model, constraints)
    ordered = [[(found[i].order[0], m.id) for i in cluster for m in found[i].mentions] for cluster in clusters]
    names = name_clusters(ordered, store.founders([m for members in ordered for _, m in members]))
    reports = {c.report.id: c.report for c in coded}
    claims: dict[str, list[Claim]] = {}
    for claim in store.claims(sorted(m for members in ordered for _, m in members)):
        claims.setdefault(claim.event_mention_id, []).append(claim)
    incidents = []
    for name, cluster in zip(names.incidents, clusters, strict=True):
        members = [found[i] for i in cluster]
        incidents.append(incident(name, members, reports, claims, origin_of, rule))
    aliases: dict[str, str | None] = dict(names.aliases)
    alive = {i.id for i in incidents}
    aliases.update({gone: None for gone in old if gone not in alive and gone not in aliases})
    store.put_incidents(old, incidents, names.founders, aliases)
    done.incidents, done.aliases = len(incidents), aliases
    return done


def incident(
    name: str,
    members: Sequence[Telling],
    reports: Mapping[str, Report],
    claims: Mapping[str, Sequence[Claim]],
    origin_of: Mapping[str, str],
    rule: str = DEFAULT,
) -> Incident:
    """The incident that these tellings tell of, with its estimates by `rule`."""
    told = [
        Told(m, t.report, reports[t.report].published, origin_of.get(t.report, t.report))
        for t in members
        for m in t.mentions
    ]
    merged = consolidate(told)
    sources = {
        t.report: Source(origin_of.get(t.report, t.report), reports[t.report].published, reports[t.report].source)
        for t in members
    }
    own = [c for t in told for c in claims.get(t.mention.id, ())]
    totals = list(running_totals(own, reports))
    return Incident(
        id=name, event_type=merged.event_type, acled=merged.acled, ucdp=merged.ucdp, place=merged.place, date=merged.date,
        actors=merged.actors, recipients=merged.recipients, factuality=merged.factuality,
        event_mentions=merged.event_mentions, reports=merged.reports, origins=merged.origins,
        estimates=all_estimates(own, sources, rule=rule, totals=totals), why=merged.why,
    )  # fmt: skip


_DEAD = {
    "deaths_a": "killed_actors", "deaths_b": "killed_recipients",
    "deaths_civilians": "killed_civilians", "deaths_unknown": "killed_unknown",
}  # fmt: skip
"""UCDP's columns of the dead by the properties under which incidents keep them."""


def all_estimates(
    claims: Sequence[Claim], sources: Mapping[str, Source], *, rule: str, totals: Collection[str]
) -> dict[str, Estimate]:
    """Estimates by `rule`, and UCDP's columns of the dead as estimates of their own, which no other rule changes.

    The columns are named ``killed_actors`` and so on; there is none where nobody died.
    """
    found = estimates(claims, sources, rule=rule, totals=totals)
    deaths = {_DEAD[column]: n for column, n in death_columns(claims, sources, totals=totals).items() if n}
    if not deaths:
        return found
    by_ucdp = found if rule == "ucdp" else estimates(claims, sources, rule="ucdp", totals=totals)
    used = by_ucdp["killed"].claims_used if "killed" in by_ucdp else ()
    columns = {name: Estimate(name, "ucdp", n, n, n, used, ()) for name, n in deaths.items()}
    return {**found, **columns}


def running_totals(claims: Iterable[Claim], reports: Mapping[str, Report]) -> Iterator[str]:
    """The claims whose sentences say that they count the dead of a period."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for claim in claims:
        if claim.span is None or claim.property not in {"killed", "injured", "captured", "missing", "displaced"}:
            continue
        report = reports[claim.report_id]
        if report.id not in spans:
            spans[report.id] = [(s.start, s.end) for s in split_sentences(report.text, report.title)]
        for a, b in spans[report.id]:
            if a <= claim.span[0] < b:
                if running_total(report.text[a:b], (claim.span[0] - a, min(claim.span[1], b) - a)):
                    yield claim.id
                break
