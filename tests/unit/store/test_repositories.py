"""The same repositories on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from histor.coding.claims import claims_of
from histor.jobs.ingest import Ingest
from histor.model.errors import InputError, StoreError
from histor.model.incidents import Copy, Incident, MatchDecision
from histor.store.mentions import Where
from histor.store.people import CoderRow
from histor.store.project import Project
from histor.store.verify import verify_project
from tests.dossiers import estimate
from tests.stores import QuickCoder, capture, captures, texts


@pytest.fixture
def filled(project: Project) -> Project:
    Ingest(project, QuickCoder(), matching=False).run(captures(12))
    return project


def ids(project: Project, where: Where = Where()) -> list[str]:  # noqa: B008 - frozen
    with project.read() as t:
        found = [s.mention.id for s in t.mentions.find(where)]
        assert t.mentions.count(where) == len(found)
    return found


def test_what_is_stored_is_what_was_coded(filled: Project) -> None:
    coder = QuickCoder()
    expected = [coder.read(c.report).coded for c in captures(12)]
    with filled.read() as t:
        assert list(t.codings.all()) == expected
        assert [t.codings.coded(c.report.id) for c in expected] == expected
        assert list(t.reports.all()) == [c.report for c in expected]
        assert t.reports.content(expected[3].report.id) == captures(12)[3].content
        mentions = [m.id for c in expected for m in c.event_mentions]
        claims = [c for e in expected for c in claims_of(e, coder.stamp) if c.event_mention_id]
        assert list(t.mentions.claims_of(mentions)) == claims
        assert t.reports.begins_with(expected[5].report.id[:10]) == [expected[5].report.id]
        first = t.codings.current(expected[0].report.id)
        assert first is not None
        assert t.codings.segments(first.seq) == list(coder.read(expected[0].report).segments)
    assert list(verify_project(filled)) == []


def test_reports_between_two_days(filled: Project) -> None:
    with filled.read() as t:
        found = [r.published for r in t.reports.between("2021-08-03", "2021-08-05")]
    assert found == ["2021-08-03", "2021-08-04", "2021-08-05"]


def test_search_finds_words_phrases_and_stems(filled: Project) -> None:
    with filled.read() as t:
        everywhere = t.reports.search("crowd official")
        assert len(everywhere) == 12
        assert "«crowd»" in everywhere[0].excerpt
        marching = {f.report_id for f in t.reports.search("march")}  # the text has "marched"
        assert marching == {c.report.id for c, text in zip(captures(12), texts(12), strict=True) if "marched" in text}
        assert t.reports.search('"official crowd"') == []
        assert len(t.reports.search('"a crowd"', most=5)) == 5
        assert t.reports.search('" - * OR NEAR(') == []
        assert t.reports.search("nowhere") == []


def test_neighbourhoods_by_day_country_type_and_box(filled: Project) -> None:
    with filled.read() as t:
        everything = list(t.mentions.find())
    in_days = [
        s.mention.id
        for s in everything
        if s.mention.date and "2021-08-03" <= str(s.mention.date.earliest) <= "2021-08-05"
    ]
    assert ids(filled, Where(earliest="2021-08-03", latest="2021-08-05")) == in_days != []
    afghan = [s.mention.id for s in everything if s.mention.place and s.mention.place.country == "AFG"]
    assert ids(filled, Where(countries=["AFG"])) == afghan != []
    assert ids(filled, Where(box=(69.0, 34.0, 70.0, 36.0))) == afghan
    fiji = [s.mention.id for s in everything if s.mention.place and s.mention.place.country == "FJI"]
    assert ids(filled, Where(box=(170.0, -30.0, -170.0, 0.0))) == fiji != []
    edge = (178.44, -18.14, 178.44, -18.14)  # a point is in the box that it bounds
    assert ids(filled, Where(box=edge)) == fiji
    assert ids(filled, Where(box=(178.4400001, -18.14, 179.0, -18.0))) == []
    protests = [s.mention.id for s in everything if s.mention.event_type == "PROTEST"]
    assert ids(filled, Where(event_types=["PROTEST"])) == protests != []
    assert ids(filled, Where(factualities=["planned"])) == []
    report = everything[0].report_id
    assert ids(filled, Where(reports=[report])) == [s.mention.id for s in everything if s.report_id == report]


def test_undated_and_unplaced_are_found_when_asked_for(project: Project) -> None:
    made = capture("Rebels attacked a convoy of trucks, the official said on the radio.", 1)
    bare = msgspec.structs.replace(made.report, published=None)
    Ingest(project, QuickCoder(), matching=False).run([type(made)(bare, made.content, made.where)])
    assert ids(project, Where(earliest="2021-01-01", latest="2021-12-31")) == []
    assert len(ids(project, Where(earliest="2021-01-01", latest="2021-12-31", undated=True))) == 1
    assert ids(project, Where(box=(0, 0, 1, 1))) == []
    assert len(ids(project, Where(box=(0, 0, 1, 1), unplaced=True))) == 1


def test_a_newer_coder_supersedes_and_decisions_carry_over(filled: Project) -> None:
    old = ids(filled)
    with filled.write() as t:
        accepted = t.decisions.add("accept", old[0], coder="ann", made_at="2024-01-01T00:00:00")
        t.decisions.add("reject", old[1], coder="ann", made_at="2024-01-01T00:00:01", reason="another war")
    kinds = {"attacked": "ASSAULT", "killed": "ASSAULT", "marched": "MOBILIZE", "met": "CONSULT", "arrested": "COERCE"}
    counts = Ingest(filled, QuickCoder("2", kinds), matching=False).run(captures(12))
    assert (counts.coded, counts.again) == (12, 12)
    new = ids(filled)
    assert len(new) == len(old)
    assert not set(new) & set(old)
    with filled.read() as t:
        successors = t.codings.successors()
        assert [successors[m] for m in old] == new  # also where the type is another: the words are the same
        kept = t.mentions.get(old[0])
        assert kept is not None
        assert not kept.current
        rulings = {r.mention.id: r for r in t.mentions.effective(t.decisions.rulings())}
        assert rulings[new[0]].status == "accepted"
        assert rulings[new[0]].decisions == (accepted.id,)
        assert rulings[new[1]].status == "rejected"
        assert set(rulings) == set(new)
        assert list(t.mentions.claims_of(old[:1]))
    assert list(verify_project(filled)) == []
    Ingest(filled, QuickCoder("1"), matching=False).run(
        captures(12)
    )  # and back again: the ids of then are those of now
    assert ids(filled) == old
    with filled.read() as t:
        assert {r.mention.id: r.status for r in t.mentions.effective(t.decisions.rulings())}[old[0]] == "accepted"
    assert list(verify_project(filled)) == []


def test_what_a_person_accepted_outlives_a_coder_that_no_longer_finds_it(project: Project) -> None:
    class Blind(QuickCoder):
        def read(self, report):  # type: ignore[no-untyped-def]
            reading = super().read(report)
            return reading._replace(coded=msgspec.structs.replace(reading.coded, event_mentions=()))

    Ingest(project, QuickCoder(), matching=False).run(captures(2))
    old = ids(project)
    with project.write() as t:
        t.decisions.add("accept", old[0], coder="ann", made_at="2024-01-01T00:00:00")
    Ingest(project, Blind("2"), matching=False).run(captures(2))
    with project.read() as t:
        left = list(t.mentions.effective(t.decisions.rulings()))
    assert [(r.mention.id, r.status) for r in left] == [(old[0], "accepted")]


def test_edits_additions_and_their_undoing(filled: Project) -> None:
    first, *_ = ids(filled)
    with filled.read() as t:
        stored = t.mentions.get(first)
        before = list(t.mentions.effective(t.decisions.rulings()))
    assert stored is not None
    new = msgspec.structs.replace(stored.mention, id="a" * 64, coder="person/ann", event_type="THREATEN")
    with filled.write() as t:
        edit = t.decisions.add(
            "edit", first, coder="ann", made_at="2024-01-01T00:00:00",
            payload={"property": "event_type", "value": "COERCE"},
        )  # fmt: skip
        added = t.decisions.add(
            "add", new.id, coder="ann", made_at="2024-01-01T00:00:01",
            payload={"report_id": stored.report_id, "event_mention": new},
        )  # fmt: skip
        last = t.decisions.add("accept", new.id, coder="ann", made_at="2024-01-01T00:00:02")
    with filled.read() as t:
        effective = list(t.mentions.effective(t.decisions.rulings()))
        assert effective[0].mention.event_type == "COERCE"
        assert effective[0].edited == {"event_type": edit.id}
        assert effective[-1].mention == new
        assert [d.id for d in t.decisions.about([first])] == [edit.id]
    with filled.write() as t:
        for decision in (edit.id, last.id, added.id):
            t.decisions.add("undo", decision, coder="ann", made_at="2024-01-01T00:00:03")
    with filled.read() as t:
        assert list(t.mentions.effective(t.decisions.rulings())) == before
        assert len(t.decisions.about([first])) == 2
        many = [f"{k}" for k in range(40_000)]  # more than a statement may name
        assert t.decisions.about([*many, first]) == t.decisions.about([first])
        assert t.decisions.about([first, new.id]) == t.decisions.all()
    assert list(verify_project(filled)) == []


def test_the_ledger_refuses_change_and_strangers(filled: Project) -> None:
    first = ids(filled)[0]
    with filled.write() as t:
        row = t.decisions.add("accept", first, coder="ann", made_at="2024-01-01T00:00:00")
        assert t.decisions.anchor() == (1, row.digest)
    attempts = [
        "update decisions set reason = 'no'",
        "delete from decisions",
        "insert into decisions (id, action, subject, payload, coder, made_at, previous, digest) "
        "values ('x', 'accept', 's', '{}', 'c', 'm', 'not the last', 'd')",
        "insert or replace into decisions (seq, id, action, subject, payload, coder, made_at, previous, digest) "
        f"values (1, 'x', 'accept', 's', '{{}}', 'c', 'm', '{row.digest}', 'd')"
        if filled.database.is_sqlite
        else "truncate decisions",
    ]
    for attempt in attempts:
        with (
            pytest.raises(StoreError, match=r"only ever added|follows the last one|cannot truncate"),
            filled.write() as t,
        ):
            t.connection.exec_driver_sql(attempt)
    with filled.read() as t:
        assert t.decisions.all() == [row]
    for action, subject, payload in (
        ("accept", "nobody", {}), ("undo", "nothing", {}), ("merge", "i", {"event_mentions": [first, "nobody"]}),
        ("bless", first, {}), ("edit", first, {"property": "id", "value": "x"}), ("edit", first, {"property": "date", "value": 3}),
        ("split", "i", {"parts": [[first]]}), ("edit", first, {}),
    ):  # fmt: skip
        with pytest.raises(InputError), filled.write() as t:
            t.decisions.add(action, subject, coder="ann", made_at="2024", payload=payload)


def an_incident(members: tuple[str, ...], number: int) -> Incident:
    return Incident(
        f"incident{number}", "ASSAULT", None, None, None, None, (), (), "claimed", members, 1, 1,
        {"killed": estimate("killed", 1, 2, 3)},
    )  # fmt: skip


def test_incidents_are_replaced_and_keep_their_former_ids(filled: Project) -> None:
    a, b, c, *_ = ids(filled)
    with filled.write() as t:
        run = t.runs.start("match", "matcher/1", {}, "x", "2024-01-01T00:00:00").id
        t.incidents.replace([], [an_incident((a,), 1), an_incident((b,), 2), an_incident((c,), 3)], {}, run)
        t.incidents.replace(["incident2"], [an_incident((a, b), 1)], {"incident2": "incident1"}, run)
        t.incidents.replace(["incident1", "incident3"], [an_incident((a, b, c), 3)], {"incident1": "incident3"}, run)
        t.incidents.put_estimates("incident3", [estimate("killed", 1, 1, 1, rule="conservative")])
    with filled.read() as t:
        assert t.incidents.aliases() == {"incident1": "incident3", "incident2": "incident3"}
        for name in ("incident1", "incident2", "incident3"):
            assert t.incidents.get(name) == an_incident((a, b, c), 3)
        assert t.incidents.get("incident9") is None
        assert t.incidents.of([a, c]) == {a: "incident3", c: "incident3"}
        assert [e.rule for e in t.incidents.estimates("incident3")] == ["conservative", "ucdp"]
        assert t.incidents.begins_with("inc") == ["incident3"]
    assert list(verify_project(filled)) == []
    with filled.write() as t:  # a split gives the first its old id again
        t.incidents.replace(["incident3"], [an_incident((a, b), 1), an_incident((c,), 3)], {}, run)
        assert t.incidents.aliases() == {"incident2": "incident3"}
        t.incidents.replace(["incident3"], [], {"incident3": None}, run)
        assert t.incidents.get("incident2") is None
        assert [i.id for i in t.incidents.all()] == ["incident1"]


def test_judgements_copies_and_origins(filled: Project) -> None:
    a, b, c, *_ = sorted(ids(filled))
    with filled.read() as t:
        one, two, *_ = t.reports.ids()
    first = MatchDecision(a, b, "positive", 0.91, (("same place", 1.0, 2.5), ("days", 0.0, 0.25)), "matcher/1")
    second = MatchDecision(b, c, "unsure", 0.5, (), "matcher/1")
    copy = Copy(two, one, 0.93, True, "shares 31 of 33 shingles")
    with filled.write() as t:
        run = t.runs.start("match", "matcher/1", {}, "x", "2024-01-01T00:00:00").id
        t.matches.put([second, first], run)
        t.matches.put([msgspec.structs.replace(second, score=0.55)], run)
        t.matches.put_copies([copy], run)
        t.matches.put_origins({one: one, two: one}, run)
        t.codings.matched([one], run)
    with filled.read() as t:
        assert [m.score for m in t.matches.all()] == [0.91, 0.55]
        assert list(t.matches.of([a])) == [first]
        assert t.matches.copies() == t.matches.copies([two]) == [copy]
        assert t.matches.origins([two]) == {two: one}
        assert len(t.codings.unmatched()) == 11
    assert list(verify_project(filled)) == []
    with filled.write() as t:
        t.matches.forget([c])
        t.matches.forget_copies([one, two])
        assert list(t.matches.all()) == [first]
        assert (t.matches.copies(), t.matches.origins()) == ([], {})


def test_coders_and_drafts(project: Project) -> None:
    with project.write() as t:
        t.people.put(CoderRow("ann", "Ann", "person", "2024-01-01T00:00:00"))
        t.people.put(CoderRow("ann", "Ann B", "person", "2024-01-01T00:00:00"))
        t.people.save_draft("ann", "m1", {"killed": 3}, "2024-01-01T00:00:00")
        t.people.save_draft("ann", "m1", {"killed": 4}, "2024-01-01T00:00:01")
    with project.read() as t:
        assert [c.name for c in t.people.all()] == ["Ann B"]
        assert t.people.draft("ann", "m1") == {"killed": 4}
    with project.write() as t:
        t.people.drop_draft("ann", "m1")
        assert t.people.draft("ann", "m1") is None


def test_a_transaction_that_breaks_leaves_nothing(project: Project) -> None:
    def broken() -> None:
        made = captures(1)[0]
        with project.write() as t:
            t.reports.put(made.report, made.content, t.runs.start("ingest", "x", {}, "x", "2024").id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    with project.read() as t:
        assert (t.reports.count(), t.runs.all()) == (0, [])


def test_reading_sees_one_state(filled: Project, tmp_path: Path) -> None:
    with filled.read() as t:
        before = t.reports.count()
        Ingest(filled, QuickCoder(), matching=False).run(
            [capture("Elders met in Kabul with the minister on Friday.", 99)]
        )
        assert t.reports.count() == before
    with filled.read() as t:
        assert t.reports.count() == before + 1


def test_a_text_of_very_many_words_is_stored_and_found(project: Project) -> None:
    words = " ".join(f"and then the w{k:x}" for k in range(100_000))
    made = capture(f"Rebels attacked a village in Goma and the following was said there. {words}", 1)
    Ingest(project, QuickCoder(), matching=False).run([made])
    with project.read() as t:
        assert len(t.reports.search("village")) == 1


def test_what_no_database_holds_is_replaced_or_refused(filled: Project) -> None:
    error = InputError("input.missing", "there is no such file.", where="caf\udce9\0.txt")
    with filled.write() as t:
        run = t.runs.start("ingest", "x", {}, "x", "2024").id
        t.runs.set_aside("caf\udce9\0.txt", error, run)
        assert t.runs.is_aside("caf\udce9\0.txt", error)
        assert [a.item for a in t.runs.aside()] == ["caf\ufffd\ufffd.txt"]
        t.runs.took(["caf\udce9\0.txt"])
        assert t.runs.aside() == []
    first = ids(filled)[0]
    for reason, payload in (
        ("\0", {}),
        ("\ud800", {}),
        ("", {"left": first, "right": first, "x": float("nan")}),
        ("", {"left": first, "right": "\udfff"}),
    ):
        with pytest.raises(InputError), filled.write() as t:
            t.decisions.add("accept", first, coder="ann", made_at="2024", reason=reason, payload=payload)


def test_figures_beyond_a_column_stay_in_the_record(filled: Project) -> None:
    huge = estimate("killed", 2, 3, 10**30)
    with filled.write() as t:
        run = t.runs.start("match", "m", {}, "x", "2024").id
        made = msgspec.structs.replace(an_incident(tuple(ids(filled)[:1]), 1), estimates={"killed": huge})
        t.incidents.replace([], [made], {}, run)
        assert t.incidents.estimates(made.id) == [huge]
    assert list(verify_project(filled)) == []


def test_sketches_stand_for_the_text_and_title_that_a_report_has(filled: Project) -> None:
    with filled.write() as t:
        one, two, *_ = list(t.reports.all())
        everything = t.reports.ids()
        assert t.sketches.missing("sketch/1") == everything
        run = t.runs.start("match", "matcher/1", {}, "x", "2024-01-01T00:00:00").id
        for report in (one, two):
            t.sketches.put(report, b"bands of " + report.id.encode(), "sketch/1", run)
        assert t.sketches.missing("sketch/1") == everything[2:]
        assert t.sketches.missing("sketch/2") == everything
        assert t.sketches.between("0001-01-01", "9999-12-31") == {
            r.id: b"bands of " + r.id.encode() for r in (one, two)
        }
        assert one.published is not None
        assert set(t.sketches.between(one.published, one.published)) == {
            r.id for r in (one, two) if r.published in {None, one.published}
        }
        t.reports.put(msgspec.structs.replace(one, title="Another title"), b"bytes", run)
        assert t.sketches.missing("sketch/1") == [one.id, *everything[2:]]
        t.sketches.put(msgspec.structs.replace(one, title="Another title"), b"new", "sketch/1", run)
        assert t.sketches.between("0001-01-01", "9999-12-31")[one.id] == b"new"
