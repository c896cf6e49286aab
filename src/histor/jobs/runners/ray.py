"""Shards on Ray (the extra ``ray``): started on this machine, or joined where it runs.

The folders of inputs and parts have to be the same on every node: a shared file system.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from histor.capture.slices import Shard
from histor.export.coded_parquet import PartSummary
from histor.jobs.runners.pool import Answer, Died, Done, Failed
from histor.jobs.runners.protocol import Job
from histor.jobs.shard_task import code_shard
from histor.model.errors import ConfigError, HistorError


class RayRunner:
    """At most `workers` tasks at a time, a core each; `address` is that of a cluster (``auto``, ``ray://…``), or None."""

    def __init__(self, workers: int, address: str | None = None) -> None:
        self.workers = workers
        self.address = address

    def run(self, job: Job, shards: deque[Shard]) -> Iterator[tuple[Shard, Answer[PartSummary]]]:
        """See `Runner`. Raises ConfigError if Ray is not installed or cannot be reached."""
        with _connected(self.workers, self.address) as ray:
            # What is tried again, and how often, is decided here as for every runner.
            task = ray.remote(num_cpus=1, max_retries=0)(_task)
            at_work: dict[Any, Shard] = {}
            while shards or at_work:
                while shards and len(at_work) < self.workers:
                    shard = shards.popleft()
                    at_work[task.remote(job, shard)] = shard
                for reference in ray.wait(list(at_work), num_returns=1)[0]:
                    yield at_work.pop(reference), _answer(ray, reference)


def _task(job: Job, shard: Shard) -> PartSummary | HistorError:
    """Our errors as values: Ray wraps those that are raised in others."""
    try:
        return code_shard(job, shard)
    except HistorError as error:
        return error


def _answer(ray: Any, reference: Any) -> Answer[PartSummary]:
    try:
        found = ray.get(reference)
    except (ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError, ray.exceptions.OutOfMemoryError):
        return Died(None)
    except ray.exceptions.RayError as error:
        return Failed(error)
    return Failed(found) if isinstance(found, HistorError) else Done(found)


@contextmanager
def _connected(workers: int, address: str | None) -> Iterator[Any]:
    try:
        import ray
    except ImportError:
        raise ConfigError(
            "runner.ray", "Ray is not installed.", do="Run: pip install 'histor[ray]', or use --runner local."
        ) from None
    options: dict[str, Any] = {"address": address} if address else {"num_cpus": workers, "include_dashboard": False}
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise ConfigError(
            "runner.ray", f"Ray cannot be started or joined ({error}).", where=address or "this machine",
            do="Check --ray-address, and that the cluster runs the same versions of Python and Ray.",
        ) from error  # fmt: skip
    try:
        yield ray
    finally:
        ray.shutdown()
