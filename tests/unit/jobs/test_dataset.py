"""From a project to its dataset, as the commands do it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from histor.cli.main import histor
from histor.export.validate import validate
from histor.jobs.coding import Reading
from histor.jobs.ingest import Ingest
from histor.jobs.matching import match_project, match_waiting, refresh
from histor.jobs.review import refresh_after, take_back
from histor.model.errors import InputError
from histor.model.records import CodedReport, Date, Report, Trigger
from histor.store.mentions import Stored
from histor.store.project import Project, init_project
from histor.store.verify import verify_project
from tests.stores import QuickCoder, capture, captures, filled
from tests.web.conftest import with_incidents

BATTLE = "Rebels attacked a post in Andarab on Monday and 50 people were killed, said doctors at the hospital, where the last of them died at dawn."
ANDARAB = [
    (
        "Glory to our men! In the valley of Andarab Rebels attacked the enemy all night and 300 people lie dead before them.",
        "Radio",
        "2021-08-24",
    ),
    (BATTLE, "Agency", "2021-08-24"),
    (BATTLE, "Mirror", "2021-08-25"),
    ("Police marched in Goma, far away, and nobody was hurt.", "Radio", "2021-08-24"),
]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with init_project(tmp_path / "project") as made:
        Ingest(made, QuickCoder()).run([capture(t, k, s, d) for k, (t, s, d) in enumerate(ANDARAB)])
        yield made


def run(project: Project, *arguments: str) -> Result:
    return CliRunner().invoke(histor, [*arguments, "--project", str(project.folder)])


def queried(project: Project, *arguments: str) -> list[dict[str, Any]]:
    result = run(project, "query", "--json", *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def attack(project: Project) -> dict[str, Any]:
    return next(i for i in queried(project) if len(i["reports"]) > 1)


def test_two_tolls_are_one_incident_and_a_copy_is_no_origin(project: Project) -> None:
    found = queried(project)
    assert len(found) == 2
    one = attack(project)
    assert len(one["reports"]) == 3
    assert one["origins"] == 2
    assert [r["copy_of"] is not None for r in one["reports"]].count(True) == 1
    killed = one["estimates"]["killed"]
    assert (killed["low"], killed["high"]) == (50, 300)
    assert killed["disputed"]
    external = {m["external_id"] for m in one["event_mentions"]}
    assert external == {"x0", "x1", "x2"}
    for mention in one["event_mentions"]:
        a, b = mention["trigger"]["span"]
        text = next(t for k, (t, _, _) in enumerate(ANDARAB) if mention["external_id"] == f"x{k}")
        assert text[a:b] == mention["trigger"]["text"]


def test_the_ledger_shows_who_says_what(project: Project) -> None:
    result = run(project, "show", attack(project)["id"][:10])
    assert result.exit_code == 0, result.output
    assert "disputed" in result.output
    assert "300" in result.output
    shown = json.loads(run(project, "show", attack(project)["id"], "--json").stdout)
    assert {c["value"]["best"] for c in shown["claims"] if c["property"] == "killed"} == {50, 300}
    assert shown["links"]
    assert run(project, "show", "ffff").exit_code != 0


@pytest.mark.parametrize("form", ["ucdp", "acled", "polecat", "gdelt", "plover", "geojson", "csv"])
def test_exports_are_valid_and_the_same_twice(project: Project, tmp_path: Path, form: str) -> None:
    paths = [tmp_path / name for name in ("one", "two")]
    for path in paths:
        result = run(project, "export", "--format", form, "-o", str(path))
        assert result.exit_code == 0, result.output
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert [str(f) for f in validate(paths[0], form)] == []
    assert CliRunner().invoke(histor, ["validate", str(paths[0]), "--scheme", form]).exit_code == 0


def test_a_filter_that_cannot_be_read(project: Project) -> None:
    result = run(project, "query", "--since", "monday")
    assert result.exit_code != 0
    assert isinstance(result.exception, Exception)
    assert "YYYY-MM-DD" in str(result.exception)


def test_estimates_by_another_rule(project: Project) -> None:
    compared = run(project, "estimate", "--rule", "conservative", "--compare", "ucdp", "--json")
    assert compared.exit_code == 0, compared.output
    assert run(project, "estimate", "--rule", "conservative").exit_code == 0
    killed = attack(project)["estimates"]["killed"]
    assert (killed["rule"], killed["best"]) == ("conservative", 50)
    Ingest(project, QuickCoder()).run(
        [capture("Rebels attacked a post in Andarab on Monday and 40 people were killed.", 9, "Late", "2021-08-25")]
    )
    assert attack(project)["estimates"]["killed"]["rule"] == "conservative"
    assert list(verify_project(project)) == []


def test_a_release_is_checked_and_says_what_changed(project: Project, tmp_path: Path) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    options = ["--title", "Test", "--released", "2021-09-01"]
    assert run(project, "release", "-o", str(first), "--as", "1", "--with-text", *options).exit_code == 0
    verified = CliRunner().invoke(histor, ["verify", str(first)])
    assert verified.exit_code == 0, verified.output
    run(project, "estimate", "--rule", "conservative")
    assert run(project, "release", "-o", str(second), "--as", "2", "--previous", str(first), *options).exit_code == 0
    import zipfile

    with zipfile.ZipFile(second) as release:
        log = release.read("CHANGELOG.md").decode()
        assert "Changed: 1" in log
        tables = {
            n: list(csv.DictReader(io.StringIO(release.read(f"data/{n}.csv").decode())))
            for n in ("incidents", "claims", "reports")
        }
    assert len(tables["incidents"]) == 2
    assert tables["reports"][0]["text"] == ""


def test_a_release_does_not_depend_on_the_order_of_the_input(tmp_path: Path) -> None:
    items = [capture(t, k, s, d) for k, (t, s, d) in enumerate(ANDARAB)]
    zips = []
    for name, some in (("there", items), ("back", items[::-1])):
        with init_project(tmp_path / name) as made:
            Ingest(made, QuickCoder()).run(some)
            options = ("--title", "Andarab", "--as", "1", "--released", "2026-01-01")
            zips.append(tmp_path / f"{name}.zip")
            assert run(made, "release", "-o", str(zips[-1]), *options).exit_code == 0
    assert zips[0].read_bytes() == zips[1].read_bytes()


def test_another_coders_rows_are_matched_and_taken_once(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "ucdp.csv"
    run(project, "export", "--format", "ucdp", "-o", str(path))
    log = tmp_path / "log.csv"
    result = run(project, "import", str(path), "--scheme", "ucdp", "--coder", "somebody", "--log", str(log))
    assert result.exit_code == 0, result.output
    assert "1 added, 0 known, 0 set aside" in result.stderr
    again = run(project, "import", str(path), "--scheme", "ucdp", "--coder", "somebody")
    assert "0 added, 1 known, 0 set aside" in again.stderr
    assert list(verify_project(project)) == []
    assert log.read_text().splitlines()[0] == "row,outcome,detail"
    sources = {r["source"] for i in queried(project) for r in i["reports"]}
    assert "somebody" in sources


def test_rows_of_a_table_are_no_copies_of_each_other(project: Project, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    columns = (
        "event_id_cnty",
        "event_date",
        "disorder_type",
        "event_type",
        "sub_event_type",
        "actor1",
        "country",
        "location",
        "notes",
    )
    with table.open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(columns)
        for n in (1, 2):
            row = (
                f"X{n}",
                "2021-08-23",
                "Political violence",
                "Battles",
                "Armed clash",
                "Rebels",
                "Afghanistan",
                "Andarab",
                "Two villages changed hands.",
            )
            writer.writerow(row)
    before = {r["id"]: r["copy_of"] for i in queried(project) for r in i["reports"]}
    assert any(before.values())
    for _ in range(2):
        assert run(project, "import", str(table), "--scheme", "acled", "--coder", "Someone").exit_code == 0
        after = {r["id"]: r["copy_of"] for i in queried(project) for r in i["reports"]}
        assert len(after) == len(before) + 2
        assert {k: v for k, v in after.items() if v} == {k: v for k, v in before.items() if v}
        match_project(project)


ROWS = [  # of one place and one day, each an incident of its own for whoever wrote the table
    {"type_of_violence": "1", "side_a": "Government of Afghanistan", "side_b": "Rebels", "best": best, "low": best, "high": best,
     "where_coordinates": "Andarab", "adm_1": "Baghlan", "country": "Afghanistan", "latitude": "35.64", "longitude": "69.25",
     "where_prec": "1", "date_start": day, "date_end": day, "date_prec": "1", "id": str(k)}
    for k, (day, best) in enumerate([("2021-08-23", "50"), ("2021-08-23", "50"), ("2021-08-23", "49"), ("2021-08-24", "50")])
]  # fmt: skip


def _table(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("anew", [False, True])
def test_rows_of_one_table_stay_apart_and_meet_what_the_project_has(
    project: Project, tmp_path: Path, anew: bool
) -> None:
    before = queried(project)
    assert (
        run(project, "import", str(_table(tmp_path / "a.csv", ROWS)), "--scheme", "ucdp", "--coder", "A").exit_code == 0
    )
    if anew:
        match_project(project)
    found = queried(project)
    rows = [m["external_id"] for i in found for m in i["event_mentions"] if m["external_id"].isdigit()]
    assert sorted(rows) == [r["id"] for r in ROWS]
    assert all(sum(m["external_id"].isdigit() for m in i["event_mentions"]) <= 1 for i in found)
    assert any({m["external_id"] for m in i["event_mentions"]} > {"x1"} for i in found)
    assert len(before) + len(ROWS) > len(found) >= len(ROWS)


def test_a_revised_row_joins_the_row_and_another_coders_table_joins_both(tmp_path: Path) -> None:
    first = ROWS[:1]
    revised = [{**first[0], "best": "52", "high": "52"}]
    with init_project(tmp_path / "rows") as made:
        for number, (rows, coder) in enumerate([(first, "A"), (revised, "A"), (first, "B")]):
            table = _table(tmp_path / f"{number}.csv", rows)
            assert run(made, "import", str(table), "--scheme", "ucdp", "--coder", coder).exit_code == 0
        assert [len(i["event_mentions"]) for i in queried(made)] == [3]


@pytest.mark.parametrize("scheme", ["ucdp", "acled"])
def test_an_export_read_into_an_empty_project_is_as_many_incidents(tmp_path: Path, scheme: str) -> None:
    path = tmp_path / "own.csv"
    with with_incidents(filled(tmp_path / "first", 24)) as one:  # an incident each telling, alike as they are
        assert run(one, "export", "--format", scheme, "-o", str(path)).exit_code == 0
    with path.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) > 4
    with init_project(tmp_path / "second") as other:
        assert run(other, "import", str(path), "--scheme", scheme, "--coder", "us").exit_code == 0
        assert len(queried(other)) == len(rows)
        path.unlink()
        assert run(other, "export", "--format", scheme, "-o", str(path)).exit_code == 0
    with path.open(newline="") as handle:
        assert len(list(csv.DictReader(handle))) == len(rows)


def test_an_import_that_cannot_be_taken_says_why(project: Project, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_bytes(b"id\0date")
    result = run(project, "import", str(table), "--scheme", "ucdp", "--coder", " ")
    assert result.exit_code == 2
    assert "no name" in result.output
    failed = run(project, "import", str(table), "--scheme", "ucdp", "--coder", "Someone")
    assert str(failed.exception).startswith("a.csv: ")


def snapshot(project: Project) -> list[dict[str, Any]]:
    return sorted(queried(project, "--factuality", "all", "--status", "all"), key=lambda i: str(i["id"]))


def test_matching_bit_by_bit_equals_matching_at_once(tmp_path: Path) -> None:
    with init_project(tmp_path / "bits") as bits:
        for one in captures(18):
            Ingest(bits, QuickCoder()).run([one])
        before = snapshot(bits)
        match_project(bits)
        assert snapshot(bits) == before
        assert list(verify_project(bits)) == []


def test_merge_split_and_undo_give_the_same_bytes_back(tmp_path: Path) -> None:
    with filled(tmp_path / "whole", 12) as project:
        match_project(project)
        before = snapshot(project)
        left, right = before[0], before[-1]
        ids = [m["id"] for i in (left, right) for m in i["event_mentions"]]
        with project.write() as transaction:
            merge = transaction.decisions.add(
                "merge", left["id"], coder="ann", made_at="2021-09-01T00:00:00Z", payload={"event_mentions": ids}
            )
        refresh(project, [left["id"], *ids])
        merged = snapshot(project)
        assert any({m["id"] for m in i["event_mentions"]} >= set(ids) for i in merged)
        assert len(merged) == len(before) - 1
        with project.read() as transaction:
            held = transaction.incidents.get(right["id"])
            assert held is not None
            assert set(ids) <= set(held.event_mentions)
        with project.write() as transaction:
            transaction.decisions.add("undo", merge.id, coder="ann", made_at="2021-09-01T00:01:00Z")
        refresh(project, [left["id"], *ids])
        assert snapshot(project) == before
        assert list(verify_project(project)) == []


PLAIN = "Rebels attacked a post in Andarab and 50 people were killed."
ANEW = PLAIN.replace("a post", "the old post")


def _decide(project: Project, action: str, subject: str, payload: dict[str, Any] | None = None) -> None:
    with project.write() as transaction:
        row = transaction.decisions.add(
            action, subject, coder="ann", made_at="2021-09-01T00:00:00Z", payload=payload or {}
        )
    refresh_after(project, [row])


def _first(project: Project) -> Stored:
    with project.read() as transaction:
        return next(transaction.mentions.find())


def _blank(project: Project) -> None:
    """A newer coder finds nothing in any report."""
    nothing = QuickCoder("2", types={})
    with project.write() as transaction:
        run = transaction.runs.start("ingest", nothing.stamp, {}, "", "2021-09-01T00:00:00Z")
        for report in list(transaction.reports.many(transaction.reports.ids())):
            transaction.codings.put(CodedReport(report, (), ()), (), (), nothing.stamp, run.id)
    match_waiting(project)


def _as_at_once(project: Project) -> list[dict[str, Any]]:
    before = snapshot(project)
    match_project(project)
    assert snapshot(project) == before
    assert list(verify_project(project)) == []
    return before


def test_an_acceptance_taken_back_lets_a_superseded_telling_go(tmp_path: Path) -> None:
    with init_project(tmp_path / "kept") as kept:
        Ingest(kept, QuickCoder()).run([capture(PLAIN, 0)])
        _decide(kept, "accept", _first(kept).mention.id)
        _blank(kept)
        assert len(_as_at_once(kept)) == 1
        take_back(kept, "ann")
        assert _as_at_once(kept) == []


def test_a_new_telling_meets_one_whose_day_a_person_set(tmp_path: Path) -> None:
    with init_project(tmp_path / "moved") as moved:
        Ingest(moved, QuickCoder()).run([capture(PLAIN, 0, "Radio", "2021-09-25")])
        one = _first(moved).mention
        assert one.date is not None
        day = msgspec.structs.replace(one.date, earliest="2021-08-03", latest="2021-08-03", source="text")
        _decide(moved, "edit", one.id, {"property": "date", "value": msgspec.to_builtins(day)})
        Ingest(moved, QuickCoder()).run([capture(ANEW, 1, "Agency", "2021-08-03")])
        assert len(_as_at_once(moved)) == 1


def test_a_new_telling_meets_one_that_was_kept_though_it_is_superseded(tmp_path: Path) -> None:
    with init_project(tmp_path / "kept") as kept:
        Ingest(kept, QuickCoder()).run([capture(PLAIN, 0, "Radio", "2021-08-03")])
        _decide(kept, "accept", _first(kept).mention.id)
        _blank(kept)
        Ingest(kept, QuickCoder("2")).run([capture(ANEW, 1, "Agency", "2021-08-03")])
        assert len(_as_at_once(kept)) == 1


def test_a_new_telling_meets_one_whose_day_is_none_yet(tmp_path: Path) -> None:
    class Late(QuickCoder):
        def read(self, report: Report) -> Reading:
            found = super().read(report)
            day = Date(earliest="2022-08-03", latest="2022-08-03", date_prec=1, source="text")
            dated = tuple(msgspec.structs.replace(m, date=day) for m in found.coded.event_mentions)
            return found._replace(coded=msgspec.structs.replace(found.coded, event_mentions=dated))

    with init_project(tmp_path / "late") as late:
        Ingest(late, Late()).run([capture(PLAIN, 0, "Radio", "2021-08-05")])
        Ingest(late, QuickCoder()).run([capture(ANEW, 1, "Agency", "2021-08-03")])
        assert len(_as_at_once(late)) == 1


def test_an_addition_taken_back_leaves_no_incident(tmp_path: Path) -> None:
    with init_project(tmp_path / "added") as added:
        Ingest(added, QuickCoder()).run([capture(PLAIN, 0, "Radio", "2021-08-03"), capture("Nothing new.", 1)])
        one = _first(added)
        with added.read() as transaction:
            (other,) = set(transaction.reports.ids()) - {one.report_id}
        mine = msgspec.structs.replace(
            one.mention, id="f" * 64, trigger=Trigger("new", (8, 11)), place=None, actors=(), casualties=(), coder="ann"
        )
        before = snapshot(added)
        _decide(added, "add", mine.id, {"report_id": other, "event_mention": msgspec.to_builtins(mine)})
        assert len(_as_at_once(added)) == 2
        take_back(added, "ann")
        assert _as_at_once(added) == before


def test_an_addition_cannot_take_the_id_of_another_event_mention(tmp_path: Path) -> None:
    with init_project(tmp_path / "added") as added:
        Ingest(added, QuickCoder()).run([capture(PLAIN, 0), capture(ANEW, 1)])
        one = _first(added)
        payload = {"report_id": one.report_id, "event_mention": msgspec.to_builtins(one.mention)}
        for subject, given in (
            (one.mention.id, payload),
            ("f" * 64, payload),
            (one.mention.id, payload | {"report_id": "0" * 64}),
        ):
            with pytest.raises(InputError):
                _decide(added, "add", subject, given)
        mine = msgspec.structs.replace(one.mention, id="f" * 64)
        for _ in range(2):  # sent twice
            _decide(added, "add", mine.id, payload | {"event_mention": msgspec.to_builtins(mine)})
        assert sum(m["id"] == mine.id for i in _as_at_once(added) for m in i["event_mentions"]) == 1


def test_matching_everything_drops_incidents_of_tellings_that_are_no_more(tmp_path: Path) -> None:
    with filled(tmp_path / "gone", 3) as gone:
        match_project(gone)
        with gone.write() as transaction:  # as if a recode had been killed before it matched
            run = transaction.runs.start("ingest", "quick/2", {}, "", "2021-09-01T00:00:00Z")
            for report in list(transaction.reports.many(transaction.reports.ids())):
                transaction.codings.put(CodedReport(report, (), ()), (), (), "quick/2", run.id)
        match_project(gone)
        assert snapshot(gone) == []


def test_a_rejected_telling_leaves_its_incident(project: Project) -> None:
    one = attack(project)
    gone = next(m["id"] for m in one["event_mentions"] if m["external_id"] == "x0")
    with project.write() as transaction:
        transaction.decisions.add("reject", gone, coder="ann", made_at="2021-09-01T00:00:00Z", reason="metaphor")
    refresh(project, [gone])
    killed = attack(project)["estimates"]["killed"]
    assert (killed["low"], killed["high"]) == (50, 50)
    assert list(verify_project(project)) == []


def test_an_edited_number_is_the_persons_claim(project: Project) -> None:
    one = attack(project)
    mention = one["event_mentions"][0]["id"]
    with project.write() as transaction:
        stored = transaction.mentions.get(mention)
        assert stored is not None
        toll = stored.mention.casualties[0]
        value = [
            {
                **{n: getattr(toll, n) for n in ("kind", "wording", "who", "text", "span")},
                "low": 77,
                "best": 77,
                "high": 77,
            }
        ]
        transaction.decisions.add(
            "edit",
            mention,
            coder="ann",
            made_at="2021-09-01T00:00:00Z",
            payload={"property": "casualties", "value": value},
        )
    refresh(project, [mention])
    shown = json.loads(run(project, "show", one["id"], "--json").stdout)
    mine = [c for c in shown["claims"] if c["coder"] == "ann"]
    assert [c["value"]["best"] for c in mine if c["property"] == "killed"] == [77]
    assert shown["status"] == "accepted"
    assert list(verify_project(project)) == []
