"""Ingest: known reports are skipped, bad ones set aside, changed ones coded again, matching called with what is new."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET

from histor.capture.inputs import Capture, InputOptions, read_captures
from histor.jobs.coding import Coding
from histor.jobs.ingest import Ingest, stored_captures
from histor.store.project import Project, init_project
from histor.store.status import status_of
from histor.store.verify import verify_project
from tests.stores import QuickCoder, capture, captures, lines


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return init_project(tmp_path / "p")


def state(project: Project) -> bytes:
    with project.database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        return "\n".join(driver.iterdump()).encode()


@pytest.mark.promise("again")
def test_twice_changes_nothing(project: Project) -> None:
    ticks = iter(range(100))
    told: list[str] = []

    def run() -> dict[str, int]:
        items = [*captures(5), capture("The text is unreadable in the whole of this report from Goma.", 7)]
        job = Ingest(project, QuickCoder(), clock=lambda: f"2024-01-01T00:00:{next(ticks):02}", told=told.append)
        return vars(job.run(items))

    first = run()
    before = state(project)
    second = run()
    assert (first["coded"], first["aside"], first["known"]) == (5, 1, 0)
    assert (second["coded"], second["aside"], second["known"]) == (0, 1, 5)
    assert state(project) == before
    assert len(told) == 2
    assert told[0].startswith("set aside: ")


@pytest.mark.promise("again")
def test_the_same_report_twice_in_one_input_is_one(project: Project) -> None:
    counts = Ingest(project, QuickCoder()).run([*captures(3), *captures(3)])
    assert (counts.read, counts.coded, counts.known) == (6, 3, 3)


def test_what_cannot_be_read_or_coded_is_listed_until_it_goes_through(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    bad = capture("The text is unreadable in the whole of this report from Goma.", 1)
    file.write_bytes(captures(1)[0].content + b"\n{broken\n" + bad.content + b"\n")

    def ingest(coder: QuickCoder) -> None:
        Ingest(project, coder).run(read_captures([str(file), str(tmp_path / "none.txt")], InputOptions()))

    ingest(QuickCoder())
    with project.read() as t:
        aside = {a.item: (a.code, a.report_id) for a in t.runs.aside()}
        assert aside == {
            f"{file}:2": ("input.json", None), f"{file}:3": ("coder.failed", bad.report.id),
            str(tmp_path / "none.txt"): ("input.missing", None),
        }  # fmt: skip
        assert t.reports.get(bad.report.id) is not None  # kept for a better coder
        assert t.codings.current(bad.report.id) is None
    status = status_of(project)
    assert (status["reports"], status["coded"], status["not_coded"], status["set_aside"]) == (2, 1, 1, 3)
    assert list(verify_project(project)) == []
    ingest(QuickCoder("2", fails="never"))
    with project.read() as t:
        assert {a.item for a in t.runs.aside()} == {f"{file}:2", str(tmp_path / "none.txt")}


def test_stored_reports_are_coded_again_by_a_newer_coder(project: Project) -> None:
    bad = capture("The text is unreadable in the whole of this report from Goma.", 1)
    Ingest(project, QuickCoder()).run([*captures(3), bad])
    newer = QuickCoder("2", fails="never")
    counts = Ingest(project, newer).run(stored_captures(project, newer.stamp))
    assert (counts.coded, counts.again, counts.aside) == (4, 3, 0)
    assert list(stored_captures(project, newer.stamp)) == []
    status = status_of(project)
    assert status["coders"] == {"quick/2": 4}
    assert (status["superseded"] > 0, status["set_aside"]) == (True, 0)
    assert list(verify_project(project)) == []


def test_another_title_text_or_date_is_coded_again(project: Project) -> None:
    made = captures(1)[0]

    def ingest(**changes: object) -> tuple[int, int]:
        report = msgspec.structs.replace(made.report, **changes)
        counts = Ingest(project, QuickCoder()).run([Capture(report, made.content, made.where)])
        return counts.coded, counts.known

    assert ingest() == (1, 0)
    assert ingest(published="2021-08-09") == (1, 0)  # said anew with --published
    assert ingest(published=None) == (0, 1)  # not said: the stored one holds
    assert ingest(published="2021-08-09", title="A title") == (1, 0)
    text = made.report.text + " More was read of it."  # by a newer extractor of pages, from the same bytes
    assert ingest(published="2021-08-09", title="A title", text=text, external_id=UNSET) == (1, 0)
    with project.read() as t:
        report = t.reports.get(made.report.id)
        assert report is not None
        assert (report.text, report.published, report.title) == (text, "2021-08-09", "A title")
        assert report.external_id == made.report.external_id
        assert [f.report_id for f in t.reports.search("more was read")] == [report.id]
    assert list(verify_project(project)) == []


def test_what_is_ingested_is_matched_and_what_a_broken_run_left_behind_too(project: Project) -> None:
    Ingest(project, QuickCoder(), matching=False).run(captures(2))
    with project.read() as t:
        assert len(t.codings.unmatched()) == 2
    Ingest(project, QuickCoder()).run(captures(4)[2:])
    with project.read() as t:
        assert t.codings.unmatched() == []
        members = {m for i in t.incidents.all() for m in i.event_mentions}
        assert members == {s.mention.id for s in t.mentions.find()}
    assert list(verify_project(project)) == []


def test_a_real_coder_stores_what_it_codes(project: Project, coding: Coding, tmp_path: Path) -> None:
    file = lines(tmp_path / "in.jsonl", 2)
    counts = Ingest(project, coding).run(read_captures([str(file)], InputOptions()))
    assert (counts.coded, counts.aside) == (2, 0)
    assert counts.event_mentions > 0
    with project.read() as t:
        for item in read_captures([str(file)], InputOptions()):
            assert isinstance(item, Capture)
            assert t.codings.coded(item.report.id) == coding.code(item.report)
        (coder,) = status_of(project)["coders"]
        assert coder == coding.stamp
        assert {s.mention.coder for s in t.mentions.find()} == {coding.stamp}
    assert list(verify_project(project)) == []


def test_one_ingest_names_its_incidents_alike_whatever_the_order_of_its_reports(tmp_path: Path) -> None:
    named = []
    for step in (1, -1):
        with init_project(tmp_path / f"p{step}") as project:
            Ingest(project, QuickCoder()).run(captures(12)[::step])
            with project.read() as t:
                named.append({i.id: i.event_mentions for i in t.incidents.all()})
    assert named[0] == named[1]
    assert len(named[0]) > 1
