"""Coding by several processes, with what one process would give, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from histor.capture.inputs import Item, Problem
from histor.engines.settings import EngineSettings
from histor.jobs.coding import Coding, Reading, name_of
from histor.jobs.runners.ordered import ordered
from histor.jobs.runners.pool import Pool, Ready
from histor.model.errors import CoderError
from histor.model.records import CodedReport, Report


@dataclass(frozen=True)
class CoderSetup:
    """How a coder is loaded, in a form that goes to other processes: the keywords of `Coding.load`."""

    engine: str = "embedded"
    lexicon: Path | None = None
    actors: Path | None = None
    codebook: Path | None = None
    settings: EngineSettings | None = None

    def load(self) -> Coding:
        """Raises ConfigError as `Coding.load` does."""
        return Coding.load(self.engine, self.lexicon, self.actors, codebook=self.codebook, settings=self.settings)


@dataclass(frozen=True)
class _Codes:
    """A process that codes."""

    setup: CoderSetup

    def __call__(self) -> Ready:
        coding = self.setup.load()

        def handle(reports: list[Report]) -> list[CodedReport | CoderError]:
            return [r.error if isinstance(r, Problem) else r for r in coding.code_all(reports)]  # type: ignore[misc]

        return Ready(handle, coding.stamp)


@dataclass(frozen=True)
class _Reads:
    """A process that codes and keeps the sentences, for a project."""

    setup: CoderSetup

    def __call__(self) -> Ready:
        coding = self.setup.load()

        def read(report: Report) -> Reading | CoderError:
            try:
                return coding.read(report)
            except CoderError as error:
                return error

        return Ready(lambda reports: list(map(read, reports)), coding.stamp)


class ParallelCoding:
    """A coder that `workers` processes share in; each loads its own model (about 0.4 GB)."""

    def __init__(self, pool: Pool[list[Report], list[Any]]) -> None:
        self._pool = pool
        self.stamp = pool.greet()

    @classmethod
    @contextmanager
    def open(cls, setup: CoderSetup, workers: int, *, sentences: bool = False) -> Iterator[ParallelCoding]:
        """Start the processes, and end them at the end; with `sentences` they `read`, else they `code_all`.

        Raises ConfigError if the coder cannot be loaded or the processes cannot be kept up.
        """
        make: Callable[[], Ready] = _Reads(setup) if sentences else _Codes(setup)
        with Pool[list[Report], list[Any]](make, workers) as pool:
            yield cls(pool)

    @property
    def processes(self) -> list[int]:
        """Identifiers of the processes that code, for who measures or watches them."""
        return self._pool.processes

    def code_all(self, items: Iterable[Item]) -> Iterator[CodedReport | Problem]:
        """Coded reports and problems in the order of `items`; a few are read ahead."""
        reports = ordered(self._pool, items, lambda item: None if isinstance(item, Problem) else item, name_of)
        for item, coded in reports:
            if isinstance(item, Problem):
                yield item
            elif isinstance(coded, CoderError):
                yield Problem(coded)
            elif coded is not None:
                yield coded

    def read_all(self, reports: Iterable[Report | None]) -> Iterator[Reading | CoderError | None]:
        """Readings in the order of `reports`; None and errors stand where they stood."""
        return (reading for _, reading in ordered(self._pool, reports, lambda report: report, name_of))
