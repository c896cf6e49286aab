"""The task of a run over shards: one shard in, one part out, whoever does it and however often."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from histor.capture.inputs import Capture, Captured, Problem
from histor.capture.slices import Shard, read_shard
from histor.export.coded_parquet import PartSummary, Row, aside, read_summary, write_part
from histor.jobs.attempts import TRIES, Attempt, attempt
from histor.jobs.runners.protocol import Job, Loads, ShardCoder
from histor.model.errors import CoderError, ConfigError

_BATCH = 16  # reports that the coder gets at once


def part_of(job: Job, shard: Shard) -> Path:
    """Where the part of a shard lies."""
    return job.parts / f"{shard.name}.parquet"


def finished(job: Job, shard: Shard) -> PartSummary | None:
    """What the shard's part holds, if it is there, whole, and of this plan."""
    found = read_summary(part_of(job, shard))
    return found if found is not None and found.plan == job.plan else None


@lru_cache(maxsize=1)
def coder_of(setup: Loads) -> ShardCoder:
    """The coder, loaded once a process."""
    return setup.load()


def code_shard(job: Job, shard: Shard) -> PartSummary:
    """Code a shard into its part, unless that is there.

    Items at which earlier tries died are set aside. Raises ConfigError if the input has changed, StoreError if the
    part cannot be written.
    """
    coder = coder_of(job.setup)
    done = finished(job, shard)
    if done is not None:
        return done
    with attempt(job.parts / shard.name) as now:
        if now.verdict.hopeless:
            raise ConfigError(
                "runner.shard", "processes keep dying over this shard, whatever is left out.",
                where=", ".join(part.path for part in shard.slices[:3]),
                do="See whether memory or disk run short, then run the same command again.",
            )  # fmt: skip
        rows = _Rows(coder, read_shard(shard, job.options), now)
        return write_part(part_of(job, shard), rows, job.plan, lambda: rows.kept_out)


class _Rows:
    """The rows of a shard; `kept_out` counts the reports that the coder gives none for."""

    def __init__(self, coder: ShardCoder, items: Iterator[Captured], now: Attempt) -> None:
        self.kept_out = 0
        self._coder = coder
        self._items = items
        self._now = now

    def __iter__(self) -> Iterator[Row]:
        step = 1 if self._now.verdict.careful else _BATCH
        at = 0
        while True:
            self._now.at("read", at)
            if at == self._now.verdict.stop:
                yield aside(
                    _killed(f"item {at + 1} of the shard", "reading", "What follows in this shard is left out.")
                )
                break
            some = list(islice(self._items, step))
            if not some:
                break
            self._now.at("code", at)
            found = list(_coded(self._coder, some, at in self._now.verdict.skip))
            self.kept_out += len(some) - len(found)
            yield from found
            at += len(some)
        self._now.at("write", at)


def _coded(coder: ShardCoder, some: list[Captured], skip: bool) -> Iterator[Row]:
    if skip:
        (item,) = some
        where = item.where if isinstance(item, Capture) else item.error.where
        yield aside(_killed(where, "coding", "Please report it with the text; the other reports go on."))
        return
    for result in coder.code_all(item.report if isinstance(item, Capture) else item for item in some):
        yield aside(result.error) if isinstance(result, Problem) else result


def _killed(where: str, doing: str, do: str) -> CoderError:
    return CoderError("coder.killed", f"{TRIES} processes died {doing} it.", where=where, do=do)
