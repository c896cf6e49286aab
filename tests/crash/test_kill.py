"""kill -9 at random moments of an ingest, and many writers at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from histor.capture.inputs import InputOptions, read_captures
from histor.export.coded import WRITERS
from histor.jobs.ingest import Ingest
from histor.jobs.matching import match_project
from histor.store import schema
from histor.store.project import Project, init_project, open_project
from histor.store.status import status_of
from histor.store.verify import verify_project
from tests.postgres import fresh_database
from tests.stores import QuickCoder, lines

REPORTS = 60


def start(folder: Path, file: Path, milliseconds: float = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.crash.worker", str(folder), str(file), str(milliseconds)]
    here = Path(__file__).parents[2]
    path = os.pathsep.join([str(here), str(here / "src")])
    return subprocess.Popen(
        command, cwd=here, env={**os.environ, "PYTHONPATH": path}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip


def exported(project: Project, path: Path) -> bytes:
    """All that was coded, as `histor code` would write it."""
    with path.open("wb") as out, project.read() as t:
        writer = WRITERS["jsonl"](out)
        for coded in t.codings.all():
            writer.write(coded)
        writer.close()
    return path.read_bytes()


def rows(project: Project) -> dict[str, list[Any]]:
    """All rows that say what was coded, less who did it when, and numbers that a broken transaction uses up."""
    with project.read() as t:
        return {
            table.name: [
                tuple(row)
                for row in t.connection.execute(
                    select(
                        *(c for c in table.columns if c.name not in {"run_id", "matched_by", "digest", "seq", "coding"})
                    ).order_by(*table.primary_key)
                )
            ]
            for table in schema.metadata.sorted_tables
            if table.name not in {"runs", "ledger"}
        }


def size(project: Project) -> int:
    with project.read() as t:
        return t.connection.scalar(select(func.count()).select_from(schema.codings)) or 0


def undisturbed(folder: Path, file: Path) -> Project:
    project = init_project(folder)
    Ingest(project, QuickCoder()).run(read_captures([str(file)], InputOptions()))
    return project


@pytest.mark.promise("in-or-out")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_at_random_moments(
    kind: str, long: bool, tmp_path: Path, request: pytest.FixtureRequest, figure: Callable[[str], None]
) -> None:
    """0 lost, 0 doubled, 0 partial; the export is equal byte for byte to that of a run that was left alone."""
    kills = (200 if long else 8) if kind == "sqlite" else 3
    file = lines(tmp_path / "in.jsonl", 8 * kills)
    folder = tmp_path / "killed"
    database = "histor.db" if kind == "sqlite" else fresh_database(request.getfixturevalue("postgres"))
    init_project(folder, database).close()
    rng = random.Random(17)
    sizes = [0]
    for _ in range(kills):
        process = start(folder, file, milliseconds=2)
        assert process.stdout is not None
        wanted = rng.randint(0, 6)  # reports that it may finish; then a moment that falls anywhere in the next ones
        for line in process.stdout:
            if line.strip().isdigit() and int(line) >= wanted:
                break
        time.sleep(rng.random() * 0.03)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        with open_project(folder) as project:
            sizes.append(size(project))
    assert sizes == sorted(sizes)
    assert sizes[-1] > 0
    last = start(folder, file)
    out, error = last.communicate(timeout=300)
    assert last.returncode == 0, error
    assert out.split()[-2:] == [str(8 * kills - sizes[-1]), str(sizes[-1])]
    with open_project(folder) as project, undisturbed(tmp_path / "left-alone", file) as other:
        assert rows(project) == rows(other)
        assert exported(project, tmp_path / "a.jsonl") == exported(other, tmp_path / "b.jsonl")
        assert list(verify_project(project)) == []
    figure(f"{kind}: {kills} kills, 0 lost, 0 doubled, 0 partial, exports equal")


@pytest.mark.promise("writers")
def test_eight_writers_at_once(tmp_path: Path, figure: Callable[[str], None]) -> None:
    """Everyone ingests the same file into one project: nobody is locked out, each report goes in once."""
    file = lines(tmp_path / "in.jsonl", REPORTS)
    folder = tmp_path / "p"
    init_project(folder).close()
    writers = [start(folder, file, milliseconds=k % 3) for k in range(8)]
    ends = [w.communicate(timeout=300) for w in writers]
    assert [(w.returncode, error) for w, (_, error) in zip(writers, ends, strict=True)] == [(0, "")] * 8
    counts = [out.split()[-2:] for out, _ in ends]
    assert all(int(coded) + int(known) == REPORTS for coded, known in counts)
    assert sum(int(coded) for coded, _ in counts) == REPORTS
    with open_project(folder) as project, undisturbed(tmp_path / "left-alone", file) as other:
        assert {c.report.id: c for c in _coded(project)} == {c.report.id: c for c in _coded(other)}
        assert list(verify_project(project)) == []
    figure(f"8 writers, {8 * REPORTS} writes: 0 locked out, each report in once")


@pytest.mark.promise("writers")
def test_two_ingests_a_matcher_and_readers(tmp_path: Path, long: bool, figure: Callable[[str], None]) -> None:
    """Nobody is told that the database is locked, and what comes out is what one process alone makes of it."""
    count = 160 if long else 80
    files = [lines(tmp_path / "a.jsonl", count), lines(tmp_path / "b.jsonl", count // 2)]
    folder = tmp_path / "p"
    init_project(folder).close()
    over = threading.Event()
    done: Counter[str] = Counter()
    broken: list[BaseException] = []

    def again(name: str, pause: float, work: Callable[[Project], object]) -> None:
        try:
            with open_project(folder) as project:
                while not over.is_set():
                    work(project)
                    done[name] += 1
                    over.wait(pause)
        except BaseException as error:
            broken.append(error)

    others: list[tuple[str, float, Callable[[Project], object]]] = [
        ("match", 0.5, match_project), ("read", 0.05, status_of), ("read", 0.05, _coded), ("read", 0.05, _told),
    ]  # fmt: skip
    threads = [threading.Thread(target=again, args=other) for other in others]
    ingests = [start(folder, file, milliseconds=3) for file in files]
    for thread in threads:
        thread.start()
    ends = [p.communicate(timeout=600) for p in ingests]
    over.set()
    for thread in threads:
        thread.join()
    assert broken == []
    assert [(p.returncode, error) for p, (_, error) in zip(ingests, ends, strict=True)] == [(0, "")] * 2
    assert done["match"] > 0
    assert done["read"] > 3
    with open_project(folder) as project, undisturbed(tmp_path / "left-alone", files[0]) as other:
        match_project(project)
        assert {c.report.id: c for c in _coded(project)} == {c.report.id: c for c in _coded(other)}
        assert list(verify_project(project)) == []
    figure(f"2 ingests, {done['match']} matchings and {done['read']} readings meanwhile: 0 locked out")


def _told(project: Project) -> list[Any]:
    with project.read() as t:
        return [list(t.mentions.many(incident.event_mentions)) for incident in t.incidents.all()]


def _coded(project: Project) -> list[Any]:
    with project.read() as t:
        return list(t.codings.all())
