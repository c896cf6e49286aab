"""Shards on the processes of this machine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from histor.capture.slices import Shard
from histor.export.coded_parquet import PartSummary
from histor.jobs.runners.pool import Answer, Pool, Ready
from histor.jobs.runners.protocol import Job
from histor.jobs.shard_task import code_shard, coder_of


@dataclass(frozen=True)
class _Codes:
    job: Job

    def __call__(self) -> Ready:
        return Ready(lambda shard: code_shard(self.job, shard), coder_of(self.job.setup).stamp)


class LocalRunner:
    """`workers` processes, each with a coder of its own."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.processes: list[int] = []
        """Identifiers of the processes at work, for who watches (or kills) them."""

    def run(self, job: Job, shards: deque[Shard]) -> Iterator[tuple[Shard, Answer[PartSummary]]]:
        """See `Runner`."""
        with Pool[Shard, PartSummary](_Codes(job), min(self.workers, max(1, len(shards)))) as pool:
            while shards or pool.busy:
                while shards and pool.free:
                    pool.give(shards.popleft())
                self.processes = pool.processes
                yield from pool.wait()
