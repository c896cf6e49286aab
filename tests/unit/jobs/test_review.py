"""Merge, split, undo and redo from the command line: each a row in the ledger that comes back whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from histor.cli.main import histor
from histor.jobs.ingest import Ingest
from histor.jobs.matching import match_waiting
from histor.jobs.review import merge, put_back, refresh_after, split, take_back
from histor.model.errors import InputError
from histor.store.project import Project, init_project, open_project
from histor.store.verify import verify_project
from tests.stores import QuickCoder, capture

REPORTS = (
    ("Rebels attacked a post in Andarab and 50 people were killed.", "Radio", "2021-08-24"),
    ("Rebels attacked a market in Goma and 4 people were killed.", "Agency", "2022-03-02"),
    ("Rebels attacked a bridge in Homs and 7 people were killed.", "Mirror", "2023-05-19"),
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with init_project(tmp_path / "war") as made:
        Ingest(made, QuickCoder()).run([capture(t, k, s, d) for k, (t, s, d) in enumerate(REPORTS)])
        yield made


def state(project: Project) -> list[tuple[str, tuple[str, ...]]]:
    with project.read() as transaction:
        return sorted((i.id, tuple(sorted(i.event_mentions))) for i in transaction.incidents.all())


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(histor, [*words, "--project", str(folder)])


def test_merged_incidents_come_apart_again_by_undo(project: Project) -> None:
    before = state(project)
    ids = [i for i, _ in before]
    merge(project, ids[:2], "ann", "the same column")
    assert len(state(project)) == len(before) - 1
    take_back(project, "ann")
    assert state(project) == before
    put_back(project, "ann")
    assert len(state(project)) == len(before) - 1
    assert take_back(project, "ben") == []
    assert list(verify_project(project)) == []


def _edits(project: Project, subject: str, fields: dict[str, Any], made_at: str) -> list[str]:
    with project.write() as transaction:
        rows = [
            transaction.decisions.add(
                "edit", subject, coder="ann", made_at=made_at, payload={"property": name, "value": value}
            )
            for name, value in fields.items()
        ]
    refresh_after(project, rows)
    return [row.id for row in rows]


def test_what_was_done_in_one_act_is_taken_back_and_put_back_as_one(project: Project) -> None:
    (_, (subject, *_)), *_ = state(project)

    def edited() -> dict[str, str]:
        with project.read() as transaction:
            stored = next(transaction.mentions.many([subject]))
            return transaction.decisions.rulings().apply(stored.report_id, stored.mention).edited

    first = _edits(project, subject, {"factuality": "denied"}, "2024-01-01T00:00:00.000001+00:00")
    both = _edits(project, subject, {"mode": None, "event_type": "COERCE"}, "2024-01-01T00:00:00.000002+00:00")
    for _ in range(2):  # a second time, over the undos and redos of the first
        assert [row.subject for row in take_back(project, "ann")] == both[::-1]
        assert list(edited()) == ["factuality"]
        assert [row.subject for row in take_back(project, "ann")] == first
        assert edited() == {}
        assert take_back(project, "ann") == []
        assert len(put_back(project, "ann")) == 1
        assert list(edited()) == ["factuality"]
        assert len(put_back(project, "ann")) == 2
        assert set(edited().values()) == {*first, *both}
        assert put_back(project, "ann") == []
    told = run(project.folder, "undo", "--coder", "ann")
    assert "taken back: edit of 2024-01-01 00:00 UTC and 1 more made with it" in told.stderr
    assert list(verify_project(project)) == []


def test_what_was_merged_can_be_split_telling_by_telling(project: Project) -> None:
    before = state(project)
    merge(project, [i for i, _ in before], "ann")
    ((whole, everything),) = state(project)
    one, members = before[0]
    row = split(project, whole, members[:1], "ann")
    assert sorted(row.payload["parts"][0]) == sorted(members), "what retells the telling goes along"
    assert (one, members) in state(project)
    assert {len(m) for _, m in state(project)} == {len(members), len(everything) - len(members)}


def test_a_decision_without_sense_is_refused(project: Project) -> None:
    (one, members), (_, strangers), *_ = state(project)
    with pytest.raises(InputError, match="two incidents"):
        merge(project, [one, one], "ann")
    with pytest.raises(InputError, match="no such incident"):
        merge(project, [one, "f" * 64], "ann")
    with pytest.raises(InputError, match="not one of"):
        split(project, one, strangers, "ann")
    with pytest.raises(InputError, match="would stay"):
        split(project, one, members, "ann")
    with project.read() as transaction:
        assert transaction.decisions.all() == []


def test_as_a_user_runs_it(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "war"
    before = state(project)
    first, second = (i[:12] for i, _ in before[:2])
    done = run(folder, "merge", first, second, "--coder", "ann", "--reason", "one column")
    assert done.exit_code == 0
    with open_project(folder) as again, again.read() as transaction:
        (row,) = transaction.decisions.all()
    assert (row.action, row.coder, row.reason) == ("merge", "ann", "one column")
    part = run(folder, "split", first, before[0][1][0][:12], "--coder", "ann")
    assert part.exit_code == 0, part.stderr
    assert "was split off" in part.stderr
    assert run(folder, "undo", "--coder", "ann").exit_code == 0
    assert run(folder, "undo", "--coder", "ann").exit_code == 0
    assert state(project) == before
    assert run(folder, "redo", "--coder", "ann").exit_code == 0
    empty = run(folder, "undo", "--coder", "ben")
    assert empty.exit_code == 1
    assert "nothing of ben to undo" in empty.stderr


def test_a_type_that_nobody_knows_is_an_error_with_near_names(project: Project, tmp_path: Path) -> None:
    wrong = run(tmp_path / "war", "query", "--type", "ASSALT")
    assert wrong.exception is not None
    assert "ASSAULT" in str(wrong.exception)
    assert run(tmp_path / "war", "query", "--type", "assault").exit_code == 0


def test_words_are_whole_in_a_pipe(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    long = run(tmp_path / "war", "query").output
    monkeypatch.setenv("COLUMNS", "60")
    short = run(tmp_path / "war", "query").output
    assert max(map(len, short.splitlines())) <= 60
    assert max(map(len, long.splitlines())) > 60
    assert len(long.splitlines()) < len(short.splitlines())


def test_what_a_decision_touches_waits_until_it_is_matched(project: Project) -> None:
    (one, members), *_ = state(project)
    with project.write() as transaction:  # and the process dies
        transaction.decisions.add("reject", members[0], coder="ann", made_at="2024-01-01T00:00:00+00:00")
    with project.read() as transaction:
        assert len(transaction.codings.unmatched()) == 1
    match_waiting(project)
    assert members[0] not in {m for _, told in state(project) for m in told}
    take_back(project, "ann")
    assert (one, members) in state(project)
    with project.read() as transaction:
        assert transaction.codings.unmatched() == []
