"""Plain ingest is run again after its process died; what killed three in a row is set aside, and the rest goes in."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from histor.jobs.coding import Reading
from histor.jobs.ingest import Counts, Ingest
from histor.jobs.tried import tried
from histor.model.errors import StoreError
from histor.model.records import Report
from histor.store.project import init_project, open_project
from histor.web import kinds
from tests.stores import QuickCoder, capture, captures

POISON = "Rebels attacked the poisoned wells of Goma on Monday and 3 people were hurt, the official said."


class Deadly(QuickCoder):
    def read(self, report: Report) -> Reading:
        if "poison" in report.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(report)


def ingest(folder: Path, version: str = "1", poison: bool = True) -> Counts:
    items = captures(4)
    if poison:
        items.insert(2, capture(POISON, 9))
    with open_project(folder) as project, tried(folder, Deadly(version)) as coder:
        return Ingest(project, coder, matching=False).run(items)


def dies(folder: Path, version: str = "1") -> bool:
    process = multiprocessing.get_context("spawn").Process(target=ingest, args=(folder, version))
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL


def test_what_kills_is_set_aside_at_the_fourth_run_and_by_another_version_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    init_project(folder).close()
    assert [dies(folder) for _ in range(3)] == [True] * 3
    counts = ingest(folder)
    assert (counts.coded, counts.known, counts.aside) == (2, 2, 1)
    with open_project(folder) as project, project.read() as t:
        ((item, code),) = [(a.item, a.code) for a in t.runs.aside()]
        assert (item, code) == ("line 9", "coder.killed")
        assert len(t.reports.ids()) == 5  # the report is kept for a coder that survives it
    again = ingest(folder)
    assert (again.coded, again.known, again.aside) == (0, 4, 1)
    assert dies(folder, "2")


def test_deaths_elsewhere_condemn_nothing_and_good_ends_leave_no_note(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    init_project(folder).close()
    assert dies(folder)
    assert dies(folder)
    assert ingest(folder, poison=False).coded == 2
    assert dies(folder)
    assert ingest(folder, poison=True).aside == 1  # the third in a row at the report itself
    assert not list(folder.glob("*.at"))


def test_an_error_is_no_death(tmp_path: Path) -> None:
    def broken() -> None:
        with tried(tmp_path, QuickCoder()):
            raise StoreError("store.x", "it broke.")

    for _ in range(5):
        with pytest.raises(StoreError):
            broken()
    with tried(tmp_path, QuickCoder()) as coder:
        assert Ingest(init_project(tmp_path / "p"), coder, matching=False).run(captures(1)).coded == 1
    assert not list(tmp_path.glob("ingest-*.deaths"))


def test_where_nothing_can_be_noted_nothing_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    plain = QuickCoder()
    with tried(tmp_path / "file", plain) as coder:
        assert coder is plain


def job(folder: Path, texts: tuple[str, ...] = ("Troops marched on Goma.", POISON)) -> dict[str, object]:
    kinds._coding = lambda _: Deadly("1")  # type: ignore[assignment, return-value]
    lines = "\n".join(json.dumps({"text": text}) for text in texts)
    request = {"name": "some.jsonl", "content": base64.b64encode(lines.encode()).decode()}
    with open_project(folder) as project:
        return kinds.ingest(project, request, lambda *_: None)


def test_a_job_of_the_server_sets_aside_what_killed_three_servers(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    init_project(folder).close()
    ends = []
    for _ in range(4):
        process = multiprocessing.get_context("spawn").Process(target=job, args=(folder,))
        process.start()
        process.join()
        ends.append(process.exitcode)
    assert ends == [-signal.SIGKILL] * 3 + [0]
    with open_project(folder) as project, project.read() as t:
        assert [a.code for a in t.runs.aside()] == ["coder.killed"]
        assert len(t.reports.ids()) == 2
