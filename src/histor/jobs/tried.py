"""Coding in the process that stores: a report at which three processes in a row died is not tried a fourth time.

Pools see their processes die; a job that codes by itself dies with its coder, and would die again each time that it is
run. So it notes in the project's folder which report it is at, as the tasks of a run over shards do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from histor.jobs.attempts import Attempt, attempt
from histor.jobs.coding import Reading
from histor.jobs.ingest import ParallelCoder, ReportCoder
from histor.jobs.runners.ordered import killed
from histor.model.canonical import digest
from histor.model.errors import ConfigError
from histor.model.records import Report

_P = TypeVar("_P", bound=ParallelCoder)


class Tried:
    """A coder of one report at a time, which leaves out what killed three processes."""

    def __init__(self, coder: ReportCoder, now: Attempt) -> None:
        self._coder = coder
        self._now = now

    @property
    def stamp(self) -> str:
        return self._coder.stamp

    def read(self, report: Report) -> Reading:
        """The coded report with its sentences. Raises CoderError if a component fails on it or processes died of it."""
        key = int(report.id[:9], 16)
        if key in self._now.verdict.skip:
            raise killed(f"report {report.id[:12]}", None)
        self._now.at("code", key)
        try:
            return self._coder.read(report)
        finally:
            self._now.at("write", key)


@contextmanager
def tried(folder: Path, coder: ReportCoder | _P) -> Iterator[ReportCoder | _P]:
    """The coder, which notes in `folder` (the project's) what it is at; one of a pool, which sees deaths, as it is.

    What is noted counts for this version of the coder: another tries all again. Where nothing can be noted (no file
    locks, a folder that is not written to), nothing is left out.
    """
    if not isinstance(coder, ReportCoder):
        yield coder
        return
    base = folder / f"ingest-{digest('coder', [coder.stamp])[:12]}"
    with ExitStack() as stack:
        try:
            now = stack.enter_context(attempt(base, alone=True))
        except (OSError, ConfigError):
            now = None
        yield coder if now is None else Tried(coder, now)
