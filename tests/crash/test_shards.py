"""Runs over shards: the result is one, whoever did the work, however often, and whatever was killed meanwhile."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from histor.capture.inputs import InputOptions
from histor.capture.slices import Shard, plan_shards
from histor.export.coded_parquet import Aside, PartSummary
from histor.jobs.runners.local import LocalRunner
from histor.jobs.runners.pool import Answer, Done
from histor.jobs.runners.protocol import Job, Runner
from histor.jobs.shard_task import part_of
from histor.jobs.sharded import MANIFEST, PARTS, RUNS, Sharded
from histor.model.errors import ConfigError, StoreError
from tests.reliability import Figure
from tests.shards import QuickSetup
from tests.stores import QuickCoder, captures, lines

OPTIONS = InputOptions()


def sharded(folder: Path, file: Path, setup: QuickSetup | None = None, size: int = 10) -> Sharded:
    setup = setup or QuickSetup()
    return Sharded(folder, setup, setup.load().stamp, OPTIONS, plan_shards([str(file)], OPTIONS, size))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lines(tmp_path_factory.mktemp("in") / "in.jsonl", 240)


@pytest.fixture(scope="module")
def alone(file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The manifest of a run by one process that was left alone."""
    return sharded(tmp_path_factory.mktemp("alone") / "out", file).run(LocalRunner(1))


def test_one_process_codes_what_a_plain_loop_codes(file: Path, tmp_path: Path) -> None:
    job = sharded(tmp_path / "out", file)
    manifest = job.run(LocalRunner(1))
    assert list(job.coded()) == [QuickCoder().read(c.report).coded for c in captures(240)]
    assert manifest["counts"]["reports"] == 240
    assert len(manifest["parts"]) == 24


@pytest.mark.promise("same-bytes")
def test_more_processes_give_the_same_manifest(file: Path, alone: dict[str, Any], tmp_path: Path) -> None:
    for workers in (2, 3):
        assert sharded(tmp_path / str(workers), file).run(LocalRunner(workers)) == alone
    manifests = {(tmp_path / str(n) / MANIFEST).read_bytes() for n in (2, 3)}
    assert len(manifests) == 1


class Killing(LocalRunner):
    """Kills one of its processes every now and then, at most one for each part, so that there is an end."""

    def __init__(self, workers: int, kills: int, seed: int) -> None:
        super().__init__(workers)
        self.killed = self.done = 0
        self._wanted = kills
        self._random = random.Random(seed)
        self._over = threading.Event()

    def run(self, job: Job, shards: deque[Shard]) -> Iterator[tuple[Shard, Answer[PartSummary]]]:
        thread = threading.Thread(target=self._kill)
        thread.start()
        try:
            for result in super().run(job, shards):
                self.done += isinstance(result[1], Done)
                yield result
        finally:
            self._over.set()
            thread.join()

    def _kill(self) -> None:
        at = 0
        while self.killed < self._wanted and not self._over.wait(self._random.random() * 0.5):
            if self.done > at and self.processes:
                with suppress(ProcessLookupError):
                    os.kill(self._random.choice(self.processes), signal.SIGKILL)
                    self.killed += 1
                    at = self.done


@pytest.mark.promise("again")
def test_processes_killed_at_random_lose_and_double_nothing(
    file: Path, alone: dict[str, Any], tmp_path: Path, long: bool, figure: Figure
) -> None:
    kills = 0
    for seed in range(10 if long else 2):
        runner = Killing(2, kills=12 if long else 5, seed=seed)
        folder = tmp_path / str(seed)
        manifest = sharded(folder, file, QuickSetup(milliseconds=12)).run(runner)
        assert manifest == alone
        assert runner.killed >= 2
        kills += runner.killed
        assert sorted(p.name for p in (folder / PARTS).iterdir()) == [f"{k:06d}.parquet" for k in range(24)]
    figure(f"{kills} workers killed: 0 lost, 0 doubled, manifest equal")


class Twice:
    """Does a tenth of the tasks a second time, at the same time or later."""

    def __init__(self, runner: Runner, seed: int) -> None:
        self._runner = runner
        self._random = random.Random(seed)

    def run(self, job: Job, shards: deque[Shard]) -> Iterator[tuple[Shard, Answer[PartSummary]]]:
        again = self._random.sample(list(shards), max(1, len(shards) // 10))
        first = again[0]
        shards.appendleft(first)  # two processes at one shard at the same time
        done = set()
        for shard, answer in self._runner.run(job, shards):
            yield shard, answer
            if shard in again and shard not in done:
                done.add(shard)
                part_of(job, shard).unlink()  # as if its end had not been seen
                shards.append(shard)


@pytest.mark.promise("again")
def test_a_tenth_of_the_tasks_done_twice_changes_nothing(file: Path, alone: dict[str, Any], tmp_path: Path) -> None:
    runner = Twice(LocalRunner(2), 7)
    assert sharded(tmp_path / "out", file, QuickSetup(milliseconds=2)).run(runner) == alone


@pytest.mark.promise("again")
def test_what_kills_is_set_aside_and_named_and_the_rest_is_coded(tmp_path: Path) -> None:
    file = lines(tmp_path / "in.jsonl", 60)
    content = file.read_bytes().splitlines(keepends=True)
    for k in (13, 41):
        content[k] = (
            json.dumps({"text": f"Rebels attacked the poisoned wells of village {k} near Goma."}).encode() + b"\n"
        )
    file.write_bytes(b"".join(content))
    job = sharded(tmp_path / "out", file)
    manifest = job.run(LocalRunner(2))
    assert manifest["killed"] == [f"{file}:{k}" for k in (14, 42)]
    assert manifest["counts"] | {"event_mentions": 0} == {
        "reports": 58,
        "event_mentions": 0,
        "set_aside": 2,
        "kept_out": 0,
    }
    rows = list(job.rows())
    assert [isinstance(row, Aside) for row in rows] == [k in {13, 41} for k in range(60)]
    assert {p.suffix for p in (tmp_path / "out" / PARTS).iterdir()} == {".parquet"}


def test_a_run_that_broke_off_goes_on_where_it_was(file: Path, alone: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    script = (
        "from pathlib import Path; from tests.crash.test_shards import sharded, LocalRunner, QuickSetup\n"
        f"if __name__ == '__main__': sharded(Path({str(folder)!r}), Path({str(file)!r}), QuickSetup(milliseconds=15)).run(LocalRunner(2))"
    )
    (tmp_path / "script.py").write_text(script)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    with subprocess.Popen([sys.executable, str(tmp_path / "script.py")], env=environment) as process:
        while len(list((folder / PARTS).glob("*.parquet"))) < 4:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    time.sleep(0.5)
    done = {p: p.stat().st_mtime_ns for p in (folder / PARTS).glob("*.parquet")}
    assert 4 <= len(done) < 24
    assert not (folder / MANIFEST).exists()
    assert sharded(folder, file).run(LocalRunner(2)) == alone
    assert {p: p.stat().st_mtime_ns for p in done} == done
    log = [json.loads(line) for line in (folder / RUNS).read_text().splitlines()]
    assert log[-1]["found_done"] >= 4
    assert sharded(folder, file).run(LocalRunner(1)) == alone


def test_a_damaged_part_is_made_anew(file: Path, alone: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    job = sharded(folder, file)
    job.run(LocalRunner(1))
    part = folder / PARTS / "000003.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    with pytest.raises(StoreError, match="000003"):
        list(job.rows())
    assert job.run(LocalRunner(1)) == alone
    assert len(list(job.coded())) == 240


def test_another_run_in_the_folder_is_refused(file: Path, tmp_path: Path) -> None:
    sharded(tmp_path / "out", file)
    for other, words in ((sharded, "shards"),):
        with pytest.raises(ConfigError, match=words):
            other(tmp_path / "out", file, size=11)
    for broken in ("{", "[]", '"shards"', "null", "7", ""):
        (tmp_path / "out" / "plan.json").write_text(broken)
        with pytest.raises(ConfigError, match="cannot be used"):
            sharded(tmp_path / "out", file)


def test_notes_of_a_process_killed_behind_its_part_do_not_stay(file: Path, tmp_path: Path) -> None:
    job = sharded(tmp_path / "out", file)
    manifest = job.run(LocalRunner(1))
    for name in ("000003.at", "000003.deaths", "000004.parquet.99.tmp"):
        (tmp_path / "out" / PARTS / name).write_text("code  000000000001 0\n")
    assert job.run(LocalRunner(1)) == manifest
    assert {p.suffix for p in (tmp_path / "out" / PARTS).iterdir()} == {".parquet"}


def test_an_input_that_changes_ends_the_run(tmp_path: Path) -> None:
    file = lines(tmp_path / "in.jsonl", 20)
    job = sharded(tmp_path / "out", file)
    file.write_bytes(file.read_bytes().replace(b"Monday", b"Sunday"))
    with pytest.raises(ConfigError, match="has changed"):
        job.run(LocalRunner(1))
    assert not list((tmp_path / "out" / PARTS).glob("*.parquet"))


@pytest.mark.slow
@pytest.mark.promise("same-bytes")
def test_ray_gives_the_same_manifest_and_survives_kills(
    file: Path, alone: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    pytest.importorskip("ray")
    from histor.jobs.runners.ray import RayRunner

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, sys.path)))
    assert sharded(tmp_path / "ray", file).run(RayRunner(2)) == alone
    poisoned = tmp_path / "in.jsonl"
    poisoned.write_bytes(
        b"".join(file.read_bytes().splitlines(keepends=True)[:30])
        + b'{"text": "Rebels spread poison in the wells of Goma."}\n'
    )
    manifest = sharded(tmp_path / "ray-poison", poisoned).run(RayRunner(2))
    assert manifest["killed"] == [f"{poisoned}:31"]
    assert manifest["counts"]["reports"] == 30
    figure("1, 2, 3 processes and Ray: 1 manifest")
