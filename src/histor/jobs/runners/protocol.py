"""What every runner is: a way to get shards coded somewhere, and what it is told."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from histor.capture.inputs import InputOptions, Item, Problem
from histor.capture.slices import Shard
from histor.export.coded_parquet import PartSummary
from histor.jobs.runners.pool import Answer
from histor.model.records import CodedReport


class ShardCoder(Protocol):
    """What a task needs of a coder."""

    @property
    def stamp(self) -> str: ...

    def code_all(self, items: Iterable[Item]) -> Iterator[CodedReport | Problem]: ...


class Loads(Protocol):
    """How a coder is loaded; goes to other processes and is a key of what they keep."""

    def load(self) -> ShardCoder:
        """Raises ConfigError if it cannot be."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class Job:
    """All that the tasks of a run share; `parts` is a folder that every process sees."""

    setup: Loads
    options: InputOptions
    parts: Path
    plan: str


class Runner(Protocol):
    """Codes shards, in any order."""

    def run(self, job: Job, shards: deque[Shard]) -> Iterator[tuple[Shard, Answer[PartSummary]]]:
        """Take shards from the left until none are left, and say what became of each; the caller may put one back.

        Raises ConfigError if the coder cannot be loaded or no process can be kept up.
        """
