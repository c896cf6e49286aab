"""verify finds what was tampered with: a thousand random changes of a small project, one after the other."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from histor.capture.inputs import Capture
from histor.jobs.ingest import Ingest
from histor.model.incidents import Copy, Estimate, Incident, LeftOut, MatchDecision
from histor.model.ledger import GENESIS
from histor.store import schema
from histor.store.project import Project, Transaction
from histor.store.verify import Finding, verify, verify_project
from tests.stores import QuickCoder, captures, filled

TRIGGERS = ("decisions_no_update", "decisions_no_delete", "decisions_chain", "decisions_head")
# Operational notes that no value rests on: who began a form, what is listed as set aside.
NOT_EVIDENCE = {"drafts", "coders", "set_aside", "feeds"}
NOT_EVIDENCE |= {
    "accounts",
    "sessions",
    "tokens",
    "jobs",
    "second_codings",
    "audit",
    "decision_times",
}  # of the review application
# Derived rows of which a later matching makes as many as it needs; that one was lost shows only in what refers to it.
MAY_GO = {"match_decisions", "copies", "origins", "sketches", "incident_aliases", "estimates", "runs"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a row in every table: superseded codings, an incident, estimates, decisions and an undo."""
    project = filled(tmp_path_factory.mktemp("verify") / "p", 3)
    again = captures(3)
    corrected = Capture(again[2].report, again[2].content + b" ", again[2].where)
    Ingest(project, QuickCoder("2"), matching=False).run([*again[:2], corrected])
    with project.write() as t:
        a, b, c, *_ = sorted(s.mention.id for s in t.mentions.find())
        claims = [claim.id for claim in t.mentions.claims_of([a, b, c])]
        one, two, *_ = t.reports.ids()
        run = t.runs.start("match", "matcher/1", {"m": "1"}, "x", "2024-01-01T00:00:00").id
        t.matches.put([MatchDecision(a, b, "positive", 0.9, (("near", 1.0, 2.0),), "matcher/1")], run)
        t.matches.put_copies([Copy(two, one, 0.9, False, "the same words")], run)
        t.matches.put_origins({one: one, two: one}, run)
        for report in t.reports.all():
            t.sketches.put(report, b"bands", "sketch/1", run)
        estimate = Estimate("killed", "ucdp", 2, 3, 4, tuple(claims[:2]), (LeftOut(claims[2], "a copy"),))
        made = [
            Incident("i1", "ASSAULT", None, None, None, None, (), (), "claimed", (a, b), 2, 1, {"killed": estimate}),
            Incident("i2", "PROTEST", None, None, None, None, (), (), "claimed", (c,), 1, 1, {}),
        ]
        t.incidents.replace([], made, {"i0": "i1"}, run)
        undone = t.decisions.add("accept", a, coder="ann", made_at="2024-01-01T00:00:00", reason="read twice")
        t.decisions.add("undo", undone.id, coder="ann", made_at="2024-01-01T00:00:01")
        t.decisions.add("merge", "i1", coder="ben", made_at="2024-01-01T00:00:02", payload={"event_mentions": [a, b]})
        payload = {"property": "event_type", "value": "COERCE"}
        t.decisions.add("edit", c, coder="ben", made_at="2024-01-01T00:00:03", payload=payload)
    return project


@contextmanager
def unguarded(project: Project) -> Iterator[Any]:
    """A connection on which nothing keeps anyone from anything; all is taken back at the end."""
    with project.database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("pragma foreign_keys = off")
        try:
            for trigger in TRIGGERS:
                connection.exec_driver_sql(f"drop trigger {trigger}")
            yield connection
        finally:
            connection.rollback()
            driver.execute("pragma foreign_keys = on")


def test_a_sound_project_has_no_findings(small: Project) -> None:
    assert list(verify_project(small)) == []


def changed(rng: random.Random, value: Any) -> Any:
    """Another value of about the same kind."""
    if value is None:
        return rng.choice(["x", "AFG"])
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + rng.choice([-1, 1, 10])
    if isinstance(value, bytes):
        k = rng.randrange(len(value))
        return value[:k] + bytes([value[k] ^ (1 << rng.randrange(8))]) + value[k + 1 :]
    k = rng.randrange(len(value) + 1)
    letter = rng.choice([c for c in "abcdef0123456789 \u00e9" if c != value[k : k + 1]])
    kind = rng.choice(["change", "insert", "delete"]) if 0 < k < len(value) else "insert"
    rest = value[k:] if kind == "insert" else value[k + 1 :]
    return value[:k] + ("" if kind == "delete" else letter) + rest


def tamper(rng: random.Random, connection: Any) -> str:
    """One change of one row, as anybody with a text editor for databases could make it; what it was in words."""
    tables = [t for t in schema.metadata.sorted_tables if t.name not in NOT_EVIDENCE]
    while True:
        table = rng.choice(tables)
        rows = connection.exec_driver_sql(f"select rowid as at, * from {table.name} order by rowid").mappings().all()
        row = rng.choice(rows)
        kind = rng.choices(["cell", "delete", "swap"], [8, 1, 2])[0]
        if kind == "delete":
            if table.name in MAY_GO:
                continue
            connection.exec_driver_sql(f"delete from {table.name} where rowid = ?", (row["at"],))
            return f"delete {table.name}"
        names = [c.name for c in table.columns if c.info.get("sealed", True) and c.name != "seq"]
        name = rng.choice(names)
        new = changed(rng, row[name]) if kind == "cell" else rng.choice(rows)[name]
        if new == row[name]:
            continue
        try:
            connection.exec_driver_sql(f'update {table.name} set "{name}" = ? where rowid = ?', (new, row["at"]))
        except Exception as error:
            if isinstance(getattr(error, "orig", None), sqlite3.IntegrityError):
                continue  # two rows of one key: even SQLite sees that
            raise
        stored = connection.exec_driver_sql(f'select "{name}" from {table.name} where rowid = ?', (row["at"],)).first()
        if stored is not None and stored[0] == row[name]:
            continue  # what the column's type makes of it is what was there
        return f"{kind} {table.name}.{name}: {row[name]!r:.60} -> {new!r:.60}"


@pytest.mark.promise("words")
def test_a_thousand_tamperings_are_found(small: Project, figure: Callable[[str], None]) -> None:
    rng = random.Random(20210824)
    missed: list[str] = []
    seen: Counter[str] = Counter()
    with unguarded(small) as connection:
        for _ in range(1_000):
            connection.exec_driver_sql("savepoint before")
            what = tamper(rng, connection)
            if not list(verify(Transaction(connection))):
                missed.append(what)
            seen[what.split(":")[0].split(".")[0]] += 1
            connection.exec_driver_sql("rollback to before")
    assert missed == []
    assert seen.total() == 1_000
    figure("1,000 tamperings, 1,000 found")
    assert len(seen) > 30  # every table was among them


SAID: list[tuple[str, str, str]] = [
    ("update texts set text = replace(text, 'crowd', 'cloud')", "texts", "not the one that was stored"),
    ("update claims set start = start + 1 where start is not null", "claims", "words at its span"),
    ("update claims set value = replace(value, '\"low\":3', '\"low\":9')", "claims", "its id is not that of"),
    ("update claims set factuality = 'actual'", "claims", "is not its event mention's"),
    ("delete from claims where property = 'place'", "codings", "changed, added or lost"),
    ("delete from sentences where position = 0", "codings", "not numbered one after the other"),
    ("update event_mentions set country = 'FRA'", "event_mentions", "columns are not those"),
    ("update event_mentions set retells = id", "event_mentions", "digest"),
    ("update codings set current = 0", "codings", "not the last one"),
    ("update decisions set reason = 'bribed' where seq = 1", "decisions", "not what its digest says"),
    ("delete from decisions where seq = 2", "decisions", "does not follow"),
    ("delete from decisions where seq = 4", "decisions", "length or end"),
    ("delete from decisions where seq = 1", "decisions", "takes back a decision that is not there"),
    ("update incident_mentions set position = position + 7 where position = 0", "incidents", "members are not those"),
    ("update estimates set best = 9, high = 9", "estimates", "columns are not those"),
    ("delete from reports where seq = 1", "codings", "refers to a row of reports that is not there"),
    ("update reports set source = 'Television'", "reports", "its id is not that of"),
    ("delete from captures", "reports", "refers to a row of captures"),
    ("delete from codings where seq = 6", "runs", "3 reports, but 2 codings"),
    ("update runs set coder = 'a better one'", "runs", "digest"),
    ("update incident_aliases set incident_id = 'i7'", "incident_aliases", "not there"),
    ("delete from successors", "event_mentions", "nothing says by which"),
    ("delete from mention_places", "index", "does not hold as many rows"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "table", "what"), SAID)
def test_each_finding_says_where_and_what(small: Project, statement: str, table: str, what: str) -> None:
    with unguarded(small) as connection:
        connection.exec_driver_sql(statement)
        found = list(verify(Transaction(connection)))
    assert any(f.table == table and what in f.what for f in found), found
    assert all(f.key for f in found)


def test_a_forged_chain_shows_in_its_length(small: Project) -> None:
    """Whoever writes all digests anew still has to know of the row that counts them."""
    with unguarded(small) as connection:
        connection.exec_driver_sql("delete from decisions")
        found = list(verify(Transaction(connection)))
        assert Finding("decisions", "ledger", found[0].what) in found
        connection.exec_driver_sql("update ledger set length = 0, head = ?", (GENESIS,))
        assert list(verify(Transaction(connection))) == []  # a release or backup holds the old end of the chain


def test_a_file_that_is_none(tmp_path: Path, small: Project) -> None:
    target = tmp_path / "copy.db"
    small.backup(target)
    data = bytearray(target.read_bytes())
    data[8192:12288] = b"\xff" * 4096
    broken = tmp_path / "p"
    broken.mkdir()
    (broken / "histor.db").write_bytes(data)
    from histor.model.errors import StoreError
    from histor.store.project import open_project

    def check() -> list[Finding]:
        with open_project(broken) as project:
            return list(verify_project(project))

    try:
        assert check()
    except StoreError as error:
        assert error.code in {"store.corrupt", "store.failed", "store.io"}  # noqa: PT017 - either is an answer
