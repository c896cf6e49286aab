"""Coding over shards: planned, coded by a runner, taken up again where it broke off, and put together.

A folder holds ``plan.json`` (what is to be done), ``parts/NAME.parquet`` (what is done), ``manifest.json`` (what came
of it; the same bytes for the same inputs, options and coder, whoever did the work) and ``runs.jsonl`` (who did).
"""

from __future__ import annotations

import json
import os
import platform
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from histor import __version__
from histor.capture.inputs import InputOptions
from histor.capture.slices import Shard
from histor.export.coded_parquet import Aside, PartSummary, Row, read_part
from histor.jobs.clock import now
from histor.jobs.runners.pool import Died, Done, Pool, Ready
from histor.jobs.runners.protocol import Job, Loads, Runner
from histor.jobs.shard_task import finished, part_of
from histor.model.canonical import canonical_json, digest
from histor.model.errors import ConfigError, StoreError
from histor.model.records import CodedReport

PLAN, MANIFEST, RUNS, PARTS = "plan.json", "manifest.json", "runs.jsonl", "parts"


def stamp_of(setup: Loads) -> str:
    """What a coder says of itself, asked in a process of its own, since a model is not given back. Raises ConfigError."""
    with Pool[Any, Any](_Says(setup), 1) as pool:
        return pool.greet()


@dataclass(frozen=True)
class _Says:
    setup: Loads

    def __call__(self) -> Ready:
        return Ready(len, self.setup.load().stamp)


class Sharded:
    """A run over shards in a folder."""

    def __init__(
        self,
        folder: Path,
        setup: Loads,
        stamp: str,
        options: InputOptions,
        shards: Iterable[Shard],
        *,
        clock: Callable[[], str] = now,
        advanced: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Begin the run in `folder`, or go on with it; `advanced` is called with the number of reports of each part.

        Raises ConfigError if the folder holds another run, or cannot be written to.
        """
        self.folder = folder
        self.shards = tuple(shards)
        self._clock = clock
        self._advanced = advanced
        plan = _plan(stamp, options, self.shards)
        self.job = Job(setup, options, folder / PARTS, digest("plan", plan))
        self._plan = plan
        _begin(folder, plan)

    def run(self, runner: Runner) -> dict[str, Any]:
        """Code what is not coded, and write and give the manifest. Raises ConfigError, StoreError, CoderError."""
        summaries = {s.name: found for s in self.shards if (found := finished(self.job, s)) is not None}
        for summary in summaries.values():
            self._advanced(summary.reports + summary.set_aside)
        waiting = deque(s for s in self.shards if s.name not in summaries)
        log: dict[str, Any] = {
            "started_at": self._clock(),
            "found_done": len(summaries),
            "runner": _name(runner),
            "deaths": 0,
        }
        if waiting:
            for shard, answer in runner.run(self.job, waiting):
                if isinstance(answer, Died):
                    log["deaths"] += 1
                    waiting.append(shard)
                elif not isinstance(answer, Done):
                    raise answer.error
                elif shard.name not in summaries:
                    summaries[shard.name] = answer.value
                    self._advanced(answer.value.reports + answer.value.set_aside)
        for pattern in (
            "*.tmp",
            "*.at",
            "*.deaths",
        ):  # by processes that were killed, some between the part and its end
            for left in self.job.parts.glob(pattern):
                left.unlink(missing_ok=True)
        manifest = self._manifest(summaries)
        _replace(self.folder / MANIFEST, _pretty(manifest))
        log |= {"finished_at": self._clock(), "python": platform.python_version(), "system": platform.platform()}
        with (self.folder / RUNS).open("a", encoding="utf-8") as out:
            out.write(json.dumps(log) + "\n")
        return manifest

    def _manifest(self, summaries: Mapping[str, PartSummary]) -> dict[str, Any]:
        counts: Counter[str] = Counter()
        parts = []
        for shard in self.shards:
            found = summaries[shard.name]
            cells = msgspec.to_builtins(found)
            del cells["plan"]
            parts.append({"shard": shard.name, **cells})
            counts.update({k: v for k, v in cells.items() if isinstance(v, int)})
        problems = [msgspec.to_builtins(p) for p in self.problems(summaries)]
        return {
            "histor": __version__, **self._plan, "counts": dict(counts), "parts": parts, "set_aside": problems,
            "killed": [p["where"] for p in problems if p["code"] == "coder.killed"],
            "result_sha256": digest("result", [[p["shard"], p["sha256"]] for p in parts]),
        }  # fmt: skip

    def problems(self, summaries: Mapping[str, PartSummary]) -> Iterator[Aside]:
        """What was set aside, in the order of the inputs."""
        for shard in self.shards:
            if summaries[shard.name].set_aside:
                yield from (row for row in read_part(part_of(self.job, shard)) if isinstance(row, Aside))

    def rows(self) -> Iterator[Row]:
        """All rows in the order of the inputs, whoever coded them when. Raises StoreError if a part is damaged."""
        for shard in self.shards:
            yield from read_part(part_of(self.job, shard))

    def coded(self) -> Iterator[CodedReport]:
        """The coded reports among the rows."""
        return (row for row in self.rows() if isinstance(row, CodedReport))


def _plan(stamp: str, options: InputOptions, shards: tuple[Shard, ...]) -> dict[str, Any]:
    return {"coder": stamp.split(), "options": asdict(options), "shards": msgspec.to_builtins(shards)}


def _begin(folder: Path, plan: dict[str, Any]) -> None:
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        path = folder / PLAN
        if not path.exists():
            _replace(path, _pretty(plan))
            return
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError(f"{PLAN} holds no plan")
    except (OSError, ValueError) as error:
        raise ConfigError(
            "run.folder", f"the folder cannot be used ({error}).", where=str(folder), do="Name another folder."
        ) from error
    if canonical_json(found) != canonical_json(plan):
        different = [name for name in plan if found.get(name) != plan[name]]
        raise ConfigError(
            "run.other", f"the folder holds a run that differs in its {' and '.join(different) or 'fields'}.",
            where=str(folder), do="Name another folder, or give the inputs and options as they were.",
        )  # fmt: skip


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    except OSError as error:
        raise StoreError(
            "run.write", f"the file cannot be written ({error.strerror}).", where=str(path),
            do="Make room or mend permissions, then run the same command again.",
        ) from error  # fmt: skip
    finally:
        beside.unlink(missing_ok=True)


def _name(runner: Runner) -> str:
    return f"{type(runner).__name__} {getattr(runner, 'workers', '')}".strip()
