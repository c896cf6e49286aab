"""Reports into a project: read, coded and stored one by one, each in a transaction of its own.

A job that is broken off at any moment leaves every report in or out. Run again it goes on where it was,
since what is stored is known by its identifier, and run once more it changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Protocol, runtime_checkable

from histor.capture.inputs import Capture, Captured, Problem
from histor.coding.claims import claims_of
from histor.jobs.clock import now
from histor.jobs.coding import Reading
from histor.jobs.matching import match_waiting
from histor.jobs.second import give_out
from histor.model.canonical import digest
from histor.model.errors import CoderError, HistorError, StopError
from histor.model.records import Report
from histor.store.project import Project

Readings = Iterable[Reading | CoderError | None]


@runtime_checkable
class ReportCoder(Protocol):
    """What ingest needs of a coder: its stamp (names and versions), and a report read."""

    @property
    def stamp(self) -> str: ...

    def read(self, report: Report) -> Reading:
        """The coded report with its sentences. Raises CoderError if a component fails on it."""


class ParallelCoder(Protocol):
    """A coder that reads ahead: many reports at once, results in their order, None for None."""

    @property
    def stamp(self) -> str: ...

    def read_all(self, reports: Iterable[Report | None]) -> Readings: ...


class _InTurn:
    """A coder of one report at a time, as one of many."""

    def __init__(self, coder: ReportCoder) -> None:
        self._coder = coder

    @property
    def stamp(self) -> str:
        return self._coder.stamp

    def read_all(self, reports: Iterable[Report | None]) -> Readings:
        return (None if report is None else self._read(report) for report in reports)

    def _read(self, report: Report) -> Reading | CoderError:
        try:
            return self._coder.read(report)
        except CoderError as error:
            return error


@dataclass
class Counts:
    """What became of the items of a run; `again` counts those of `coded` that an older version had coded."""

    read: int = 0
    known: int = 0
    coded: int = 0
    again: int = 0
    event_mentions: int = 0
    claims: int = 0
    aside: int = 0


class Ingest:
    """One run of ingesting into a project; it is on record once it changes something."""

    def __init__(
        self,
        project: Project,
        coder: ReportCoder | ParallelCoder,
        *,
        clock: Callable[[], str] = now,
        told: Callable[[str], None] = lambda _: None,
        advanced: Callable[[], None] = lambda: None,
        matching: bool = True,
        spent: Callable[[], dict[str, int]] = dict,
    ) -> None:
        """`told` gets a line for each item that is set aside, `advanced` is called after each item, `matching` matches at the end.

        `spent` says what the engine used, for the run's record. Where the run had to end early, `stopped` says why.
        """
        self.counts = Counts()
        self.stopped: StopError | None = None
        self._spent = spent
        self._project = project
        self._coder: ParallelCoder = _InTurn(coder) if isinstance(coder, ReportCoder) else coder
        self._clock = clock
        self._told = told
        self._advanced = advanced
        self._matching = matching
        self._run: str | None = None

    def run(self, items: Iterable[Captured]) -> Counts:
        """Take in all items, match what is new, and say what became of them. Raises StoreError, ConfigError."""
        try:
            self._take_all(items)
        except StopError as error:
            self.stopped = error
        if self._matching:
            match_waiting(self._project, clock=self._clock)
        give_out(self._project, self._clock)
        if self._run is not None:
            with self._project.write() as transaction:
                transaction.runs.finish(self._run, self._clock(), asdict(self.counts) | self._spent())
        return self.counts

    def _take_all(self, items: Iterable[Captured]) -> None:
        read: deque[tuple[Captured, Report | None]] = deque()

        def pending() -> Iterator[Report | None]:
            for item in items:
                report = None if isinstance(item, Problem) else self._unknown(item)
                read.append((item, report))
                yield report

        for reading in self._coder.read_all(pending()):
            item, report = read.popleft()
            self.counts.read += 1
            if isinstance(item, Problem):
                self._set_aside(item.error.where or item.error.what, item.error)
            elif report is None or reading is None:
                self.counts.known += 1
            else:
                self._take(item, report, reading)
            self._advanced()

    def _unknown(self, item: Capture) -> Report | None:
        """The report as it is to be coded; None if this coder has coded it."""
        with self._project.read() as transaction:
            report = transaction.reports.as_stored(item.report)
            return None if transaction.codings.is_coded(report, self._coder.stamp) else report

    def _take(self, item: Capture, report: Report, reading: Reading | CoderError) -> None:
        stamp = self._coder.stamp
        if isinstance(reading, CoderError):
            self._set_aside(item.where, reading, item)
            return
        try:
            claims = claims_of(reading.coded, stamp)
        except CoderError as error:
            self._set_aside(item.where, error, item)
            return
        run_id = self._run_id()
        with self._project.write() as transaction:
            transaction.reports.put(report, item.content, run_id)
            before = transaction.codings.current(report.id)
            new = transaction.codings.put(reading.coded, reading.segments, claims, stamp, run_id)
            transaction.runs.took([item.where])
        if not new:  # another job was quicker
            self.counts.known += 1
            return
        self.counts.coded += 1
        self.counts.again += before is not None
        self.counts.event_mentions += len(reading.coded.event_mentions)
        self.counts.claims += len(claims)

    def _set_aside(self, where: str, error: HistorError, item: Capture | None = None) -> None:
        """List the item; a report that could not be coded is kept, so that a better coder may."""
        self.counts.aside += 1
        self._told(f"set aside: {Problem(error)}")
        with self._project.read() as transaction:
            if transaction.runs.is_aside(where, error):
                return
        run_id = self._run_id()
        with self._project.write() as transaction:
            # What is coded keeps the text that it was coded from, though a version that cannot be coded came since.
            if item is not None and transaction.codings.current(item.report.id) is None:
                transaction.reports.put(item.report, item.content, run_id)
            transaction.runs.set_aside(where, error, run_id, item.report.id if item else None)

    def _run_id(self) -> str:
        if self._run is None:
            stamp = self._coder.stamp
            engine, _, rest = stamp.partition(" ")
            with self._project.write() as transaction:
                run = transaction.runs.start(
                    "ingest", stamp, {"engine": engine}, digest("configuration", [stamp, rest]), self._clock()
                )
            self._run = run.id
        return self._run


def stored_captures(project: Project, coder: str) -> Iterator[Capture]:
    """The stored reports that this coder has not coded, to be coded again."""
    with project.read() as transaction:
        stale = transaction.reports.stale(coder)
    for report_id in stale:
        with project.read() as transaction:
            report = transaction.reports.get(report_id)
            if report is not None:
                where = transaction.runs.where_aside(report_id) or f"report {report_id[:12]}"
                yield Capture(report, transaction.reports.content(report_id), where)
