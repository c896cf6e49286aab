"""Matching jobs over a store in memory: batch and increment agree, decisions count, undoing restores."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from histor.estimates.accounts import Source
from histor.jobs.match import all_estimates, match_all, match_new
from histor.matching.blocking import reach
from histor.matching.syndication import Bands, sketch
from histor.matching.telling import Telling, tellings
from histor.model.canonical import digest
from histor.model.incidents import Copy, Incident, MatchDecision
from histor.model.records import Attribution, Claim, CodedReport, Report
from tests.tellings import DERA, TANK, coded, mention, toll


class Said(NamedTuple):
    left: str
    right: str
    judgement: str
    order: int


@dataclass
class Memory:
    """The repositories that matching asks for, as dictionaries."""

    codings: dict[str, CodedReport] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    kept: dict[tuple[str, str], MatchDecision] = field(default_factory=dict)
    copied: dict[str, Copy] = field(default_factory=dict)
    origin_of: dict[str, str] = field(default_factory=dict)
    founded: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    aliases: dict[str, str | None] = field(default_factory=dict)

    def add(self, *reports: CodedReport) -> list[str]:
        self.codings |= {r.report.id: r for r in reports}
        return [r.report.id for r in reports]

    def coded(self, report_ids: Collection[str] | None = None) -> Iterable[CodedReport]:
        return [self.codings[i] for i in (self.codings if report_ids is None else report_ids)]

    def reports(self, report_ids: Collection[str]) -> Iterable[Report]:
        return [self.codings[i].report for i in report_ids]

    def sketches(self, first: str, last: str) -> Mapping[str, Bands]:
        everything = (r.report for r in self.codings.values())
        near = (r for r in everything if r.published is None or first <= r.published <= last)
        return {r.id: sketch(r.text, r.title) for r in near}

    def rows(self) -> Collection[str]:
        return ()

    def claims(self, event_mentions: Collection[str]) -> Iterable[Claim]:
        for coded_ in self.codings.values():
            for m in coded_.event_mentions:
                if m.id in event_mentions:
                    for n, c in enumerate(m.casualties):
                        value = {"low": c.low, "best": c.best, "high": c.high, "wording": c.wording, "who": c.who}
                        yield Claim(
                            digest("claim", [m.id, n]), coded_.report.id, m.id, c.kind, value, c.text, c.span,
                            m.attribution, m.factuality, 0.9, m.coder, "toll",
                        )  # fmt: skip

    def judged(self) -> Iterable[Said]:
        return self.said

    def pairs(self, tellings: Collection[str] | None = None) -> Iterable[MatchDecision]:
        rows = (self.kept[k] for k in sorted(self.kept))
        return [d for d in rows if tellings is None or d.left in tellings or d.right in tellings]

    def near(self, tellings_: Sequence[Telling]) -> Collection[str]:
        everything = ((r.report.id, t) for r in self.codings.values() for t in tellings(r))
        reaches = [reach(t) for t in tellings_]
        return {i for i, t in everything if any(a <= reach(t)[1] and reach(t)[0] <= b for a, b in reaches)}

    def copies(self) -> Iterable[Copy]:
        return self.copied.values()

    def origins(self, report_ids: Collection[str]) -> Mapping[str, str]:
        return {r: self.origin_of[r] for r in report_ids if r in self.origin_of}

    def founders(self, event_mentions: Collection[str]) -> Mapping[str, str]:
        return {m: i for m, i in self.founded.items() if m in event_mentions}

    def all_incidents(self) -> Collection[str]:
        return list(self.incidents)

    def incidents_of(self, event_mentions: Collection[str]) -> Collection[str]:
        return {i.id for i in self.incidents.values() if not set(i.event_mentions).isdisjoint(event_mentions)}

    def put_copies(self, report_ids: Collection[str], copies: Sequence[Copy], origins: Mapping[str, str]) -> None:
        for i in report_ids:
            self.copied.pop(i, None)
        self.copied |= {c.report_id: c for c in copies}
        self.origin_of |= origins

    def put_pairs(self, tellings: Collection[str], decisions: Sequence[MatchDecision]) -> None:
        gone = set(tellings)
        self.kept = {k: d for k, d in self.kept.items() if gone.isdisjoint(k)}
        self.kept |= {(d.left, d.right): d for d in decisions}

    def put_incidents(
        self,
        old: Collection[str],
        new: Sequence[Incident],
        founders: Mapping[str, str],
        aliases: Mapping[str, str | None],
    ) -> None:
        for i in old:
            self.incidents.pop(i, None)
        self.incidents |= {i.id: i for i in new}
        self.founded |= founders
        self.aliases = {a: i for a, i in {**self.aliases, **aliases}.items() if a not in self.incidents}

    def state(self) -> bytes:
        ordered = [self.incidents[i] for i in sorted(self.incidents)]
        return msgspec.json.encode([ordered, [self.kept[k] for k in sorted(self.kept)], sorted(self.copied.items())])


def bus(n: int, published: str = "2014-03-04", source: str = "paper", best: int = 12, **values: Any) -> CodedReport:
    text = (
        f"Gunmen opened fire on a bus in Dera on Monday, killing {best} people. Seen from window {n} of the town hall."
    )
    speaker = (Attribution(f"speaker {n}", "official"),)
    given: dict[str, Any] = {
        "place": DERA,
        "day": "2014-03-03",
        "sub": "Attack",
        "casualties": (toll(best, text=f"{best} people"),),
    }
    return coded(
        text, mention(text, "opened fire", attribution=speaker, **(given | values)), published=published, source=source
    )


def pile() -> list[CodedReport]:
    reports = [bus(n, f"2014-03-0{4 + n % 3}", f"paper {n}", 12 + n) for n in range(4)]
    text = "Mortar shells fell on a school in Tank on Tuesday and wounded six pupils."
    shells = mention(text, "fell", place=TANK, day="2014-03-04", sub="Shelling/artillery/missile attack")
    return [*reports, coded(text, shells, published="2014-03-05")]


def test_a_pile_becomes_incidents_with_estimates() -> None:
    store = Memory()
    store.add(*pile())
    done = match_all(store)
    assert (done.reports, done.incidents) == (5, 2)
    (first,) = [i for i in store.incidents.values() if i.reports == 4]
    killed = first.estimates["killed"]
    assert killed.low is not None
    assert killed.high is not None
    assert killed.low <= (killed.best or 0) <= killed.high
    assert first.place is not None
    assert first.place.name == "Dera"


def test_the_dead_by_side_are_kept_under_the_names_that_exports_read() -> None:
    store = Memory()
    store.add(*pile())
    match_all(store)
    (first,) = [i for i in store.incidents.values() if i.reports == 4]
    sides = {name: e.best for name, e in first.estimates.items() if name.startswith("killed_")}
    assert set(sides) <= {"killed_actors", "killed_recipients", "killed_civilians", "killed_unknown"}
    assert sum(n or 0 for n in sides.values()) == first.estimates["killed"].best


def test_running_again_changes_nothing() -> None:
    store = Memory()
    store.add(*pile())
    match_all(store)
    before = store.state()
    match_all(store)
    assert store.state() == before


def test_one_by_one_equals_all_at_once() -> None:
    whole = Memory()
    whole.add(*pile())
    match_all(whole)
    for seed in range(5):
        reports = pile()
        random.Random(seed).shuffle(reports)
        step = Memory()
        for r in reports:
            match_new(step, step.add(r))
        assert {i.event_mentions for i in step.incidents.values()} == {
            i.event_mentions for i in whole.incidents.values()
        }
        assert step.kept == whole.kept
        assert step.copied == whole.copied
        fields = [{k: v for k, v in msgspec.to_builtins(i).items() if k != "id"} for i in step.incidents.values()]
        others = [{k: v for k, v in msgspec.to_builtins(i).items() if k != "id"} for i in whole.incidents.values()]
        assert sorted(fields, key=str) == sorted(others, key=str)


def test_a_merge_and_its_undoing_restore_the_same_bytes() -> None:
    store = Memory()
    store.add(*pile())
    match_all(store)
    before = store.state()
    a, b = (i.event_mentions[0] for i in store.incidents.values())
    store.said = [Said(a, b, "positive", 1)]
    done = match_all(store)
    assert len(store.incidents) == 1
    assert set(done.aliases.values()) == set(store.incidents)
    store.said = []
    match_all(store)
    assert store.state() == before
    assert store.aliases == {}


def test_a_split_holds_when_new_reports_come() -> None:
    store = Memory()
    reports = pile()
    store.add(*reports)
    one, two = (r.event_mentions[0].id for r in reports[:2])
    store.said = [Said(min(one, two), max(one, two), "negative", 1)]
    match_all(store)
    match_new(store, store.add(bus(9, source="other")))
    assert not any({one, two} <= set(i.event_mentions) for i in store.incidents.values())


def test_a_report_coded_anew_takes_the_place_of_the_old() -> None:
    store = Memory()
    reports = pile()
    store.add(*reports)
    match_all(store)
    old = reports[0].event_mentions[0]
    anew = msgspec.structs.replace(old, id=digest("test", "anew"), coder="hand/2")
    ids = store.add(CodedReport(reports[0].report, (anew,), ()))
    match_new(store, ids, [old.id])
    mentions = [m for i in store.incidents.values() for m in i.event_mentions]
    assert sorted(mentions) == sorted(m.id for r in store.codings.values() for m in r.event_mentions)
    again = Memory()
    again.add(*store.codings.values())
    match_all(again)
    assert {i.event_mentions for i in again.incidents.values()} == {i.event_mentions for i in store.incidents.values()}


def test_a_running_total_is_no_toll_of_an_incident() -> None:
    text = "Gunmen opened fire on a bus in Dera on Monday, bringing to 90 the number killed this week."
    start = text.index("90")
    total = mention(
        text,
        "opened fire",
        place=DERA,
        day="2014-03-03",
        sub="Attack",
        casualties=(toll(90, text="90", span=(start, start + 2)),),
    )
    store = Memory()
    store.add(*pile()[:2], coded(text, total, published="2014-03-05", source="radio"))
    match_all(store)
    (incident,) = store.incidents.values()
    assert incident.reports == 3
    assert incident.estimates["killed"].high == 13
    assert any("running total" in x.why for x in incident.estimates["killed"].claims_left_out)


def test_columns_of_the_dead_rest_on_the_same_claims_by_every_rule() -> None:
    store = Memory()
    store.add(bus(0, source="one", best=12), bus(1, source="two", best=30))
    claims = list(store.claims([m.id for c in store.codings.values() for m in c.event_mentions]))
    sources = {i: Source(i, c.report.published, c.report.source) for i, c in store.codings.items()}
    found = {r: all_estimates(claims, sources, rule=r, totals=()) for r in ("ucdp", "conservative", "manual")}
    columns = {r: {k: e for k, e in by.items() if k.startswith("killed_")} for r, by in found.items()}
    assert columns["ucdp"]
    assert columns["conservative"] == columns["manual"] == columns["ucdp"]
    used = {c for e in columns["ucdp"].values() for c in e.claims_used}
    assert used == set(found["ucdp"]["killed"].claims_used)


def _with(told: CodedReport, **changes: Any) -> CodedReport:
    return msgspec.structs.replace(told, report=msgspec.structs.replace(told.report, **changes))


def test_an_original_that_tells_of_nothing_changes_the_origins_of_its_copies() -> None:
    river = "The river had flooded the lower fields for weeks before anybody in the district took notice. " * 6
    bread = "Traders in the old market say that no flour came from the coast since the bridge was closed. " * 6
    store = Memory()
    one, two = bus(0, source="one"), bus(1, source="two")
    told = [_with(one, text=one.report.text + "\n" + river), _with(two, text=two.report.text + "\n" + bread)]
    match_new(store, store.add(*told))
    assert [i.origins for i in store.incidents.values()] == [2]
    first = _with(bus(2, source="three"), text=river + bread, published="2014-03-01")
    match_new(store, store.add(msgspec.structs.replace(first, event_mentions=())))
    assert [i.origins for i in store.incidents.values()] == [1]
    before = store.state()
    match_all(store)
    assert store.state() == before


def _copies_in_turn(days: Sequence[str | None]) -> Memory:
    store = Memory()
    river = "The river had flooded the lower fields for weeks before anybody in the district took notice. " * 6
    for n, day in enumerate(days):
        told = _with(bus(0, source=f"paper {n}"), id=digest("report", n), published=day, text=f"{river} Page {n}.")
        match_new(store, store.add(msgspec.structs.replace(told, event_mentions=())))
    return store


def _as_at_once(store: Memory) -> None:
    before = store.state(), dict(store.origin_of)
    match_all(store)
    assert (store.state(), store.origin_of) == before


def test_copies_of_copies_far_away_have_the_origin_of_what_comes_last() -> None:
    store = _copies_in_turn(["2014-03-27", "2014-03-19", "2014-03-11", "2014-03-03", "2014-02-24"])
    assert set(store.origin_of.values()) == {digest("report", 4)}
    _as_at_once(store)


def test_a_copy_without_a_day_stays_one_when_a_report_comes_of_another_year() -> None:
    store = _copies_in_turn(["2014-03-03", None, "2016-01-01"])
    assert digest("report", 1) in store.copied
    _as_at_once(store)
