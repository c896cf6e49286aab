"""Many processes give what one gives: the same records, in the same order, and a project with the same rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from histor.capture.inputs import Item, Problem
from histor.jobs.coding import Coding
from histor.jobs.ingest import Ingest
from histor.jobs.parallel import CoderSetup, ParallelCoding
from histor.model.errors import InputError
from histor.store.project import init_project
from histor.store.verify import verify_project
from tests.crash.test_kill import rows
from tests.stores import captures


@pytest.mark.promise("same-bytes")
def test_two_processes_code_what_one_does(coding: Coding) -> None:
    problem = Problem(InputError("input.empty", "nothing.", where="x"))
    items: list[Item] = [problem, *(c.report for c in captures(20)), problem]
    with ParallelCoding.open(CoderSetup(), 2) as parallel:
        assert parallel.stamp == coding.stamp
        assert len(set(parallel.processes)) == 2
        assert list(parallel.code_all(items)) == list(coding.code_all(items))


@pytest.mark.promise("same-bytes")
def test_two_processes_ingest_what_one_does(coding: Coding, tmp_path: Path) -> None:
    items = [*captures(12), *captures(3)]
    with init_project(tmp_path / "one") as one, init_project(tmp_path / "two") as two:
        alone = Ingest(one, coding).run(items)
        with ParallelCoding.open(CoderSetup(), 2, sentences=True) as parallel:
            assert Ingest(two, parallel).run(items) == alone
            assert Ingest(two, parallel).run(items).known == 15
        assert rows(one) == rows(two)
        assert list(verify_project(two)) == []
