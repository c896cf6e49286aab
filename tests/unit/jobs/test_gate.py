"""The gate before a project: what it keeps out is stored with why, counted, and coded once somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pytest

from histor.capture.inputs import Captured, Item, Problem
from histor.coding.gate import Gate
from histor.jobs.coding import Coding
from histor.jobs.gate import GATED, Sieve
from histor.jobs.gated import GatedCoding
from histor.jobs.ingest import Ingest, stored_captures
from histor.model.errors import InputError
from histor.model.records import CodedReport
from histor.store.project import Project, init_project
from histor.store.status import status_of
from histor.store.verify import verify_project
from tests.stores import QuickCoder, capture

GATE = Gate("t", bias=-1.0, told=0.0, share=0.1, sure=5.0, words={"attacked": ("attack", 2.0)})
PROBLEM = Problem(InputError("input.missing", "there is no such file.", where="x", do="Look."))
WAR = "Rebels attacked the market of Goma on Monday and 12 people died there."
BREAD = "The price of bread in Suva rose on Tuesday for the third time in a year."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return init_project(tmp_path / "p")


def given() -> list[Captured]:
    return [capture(WAR, 1), capture(BREAD, 2)]


def ingest(project: Project, sieve: Sieve | None, items: list[Captured]) -> dict[str, int]:
    stream = sieve.captures(items, project, lambda: "2024-01-01T00:00:00.000000Z") if sieve else iter(items)
    return vars(Ingest(project, QuickCoder()).run(stream))


def test_what_is_kept_out_is_stored_and_not_coded(project: Project) -> None:
    sieve = Sieve(GATE)
    assert ingest(project, sieve, given())["coded"] == 1
    assert (sieve.passed, sieve.out) == (1, 1)
    held = status_of(project)
    assert (held["reports"], held["not_coded"]) == (2, 1)
    with project.read() as transaction:
        (aside,) = transaction.runs.aside()
        run = next(r for r in transaction.runs.all() if r.kind == "gate")
        assert transaction.runs.counts(run.id) == {"passed": 1, "out": 1}
    assert aside.code == GATED
    assert "too little of it has the words" in aside.message
    assert run.coder == "gate/t"
    assert not list(verify_project(project))


def test_again_it_changes_nothing_and_makes_no_run(project: Project) -> None:
    ingest(project, Sieve(GATE), given())
    again = Sieve(GATE)
    assert ingest(project, again, given())["known"] == 1
    assert again.out == 1
    with project.read() as transaction:
        assert [r.kind for r in transaction.runs.all()].count("gate") == 1


def test_it_is_coded_when_asked_for(project: Project) -> None:
    ingest(project, Sieve(GATE), given())
    stored = list(stored_captures(project, QuickCoder().stamp))
    assert [c.report.text for c in stored] == [BREAD]
    assert ingest(project, None, list(stored))["coded"] == 1
    with project.read() as transaction:
        assert transaction.runs.aside() == []
    assert ingest(project, Sieve(GATE), given())["coded"] == 0
    with project.read() as transaction:
        assert transaction.runs.aside() == []  # what is coded already stays so


class _Coding:
    stamp = "quick/1"

    def code_all(self, items: Iterable[Item]) -> Iterator[CodedReport | Problem]:
        return (i if isinstance(i, Problem) else CodedReport(i, (), ()) for i in items)


def test_problems_pass() -> None:
    assert list(Sieve(GATE).items([PROBLEM, capture(BREAD, 2).report])) == [PROBLEM]


def test_over_shards_what_is_kept_out_is_left_out() -> None:
    coding = GatedCoding(cast(Coding, _Coding()), Sieve(GATE))
    war, bread = capture(WAR, 1).report, capture(BREAD, 2).report
    first, second = coding.code_all([bread, PROBLEM, war])
    assert first is PROBLEM
    assert isinstance(second, CodedReport)
    assert coding.stamp == "quick/1 gate/t"
