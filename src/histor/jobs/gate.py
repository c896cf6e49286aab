"""The relevance gate before the coder: reports that can hold no event of interest are counted and left out.

The gate stands on the stream of inputs, before any worker, so that what passes is coded as it would be without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from histor.capture.inputs import Capture, Captured, Item, Problem
from histor.codebook.codebook import load_codebook
from histor.coding.gate import Gate, gate_for, shipped_gate
from histor.coding.lexicon import load_lexicon
from histor.jobs.clock import now
from histor.model.canonical import digest
from histor.model.errors import InputError
from histor.model.records import Report
from histor.store.project import Project

GATED = "gate.out"
"""The code under which a project lists the reports that the gate kept out."""


class Sieve:
    """Lets through what the gate does; `out` counts the reports that it kept out, `passed` the others."""

    def __init__(self, gate: Gate | None = None) -> None:
        self.gate = gate or shipped_gate()
        self.passed = self.out = 0

    def items(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items less the reports kept out; problems stay."""
        return (item for item in items if isinstance(item, Problem) or self._passes(item))

    def captures(
        self, items: Iterable[Captured], project: Project, clock: Callable[[], str] = now
    ) -> Iterator[Captured]:
        """The same for a project: a report kept out is stored with why, and is not coded unless asked for.

        A report that is coded already stays so. The run of the gate says how many reports it read and kept out.
        """
        run: str | None = None
        for item in items:
            if isinstance(item, Problem) or self._passes(item.report):
                yield item
                continue
            with project.read() as transaction:
                report = transaction.reports.as_stored(item.report)
                known = transaction.codings.current(report.id) or transaction.runs.is_aside(item.where, _why(item))
            if not known:
                run = run or self._begin(project, clock())
                self._keep(project, item, run)
        if run is not None:
            with project.write() as transaction:
                transaction.runs.finish(run, clock(), {"passed": self.passed, "out": self.out})

    def _passes(self, report: Report) -> bool:
        passes = self.gate.passes(report)
        self.passed += passes
        self.out += not passes
        return passes

    def _begin(self, project: Project, time: str) -> str:
        stamp = f"gate/{self.gate.version}"
        with project.write() as transaction:
            return transaction.runs.start("gate", stamp, {}, digest("configuration", [stamp]), time).id

    def _keep(self, project: Project, item: Capture, run: str) -> None:
        with project.write() as transaction:
            if transaction.codings.current(item.report.id) is None:
                transaction.reports.put(item.report, item.content, run)
            transaction.runs.set_aside(item.where, _why(item), run, item.report.id)


def sieve_of(lexicon: Path | None = None, codebook: Path | None = None) -> Sieve:
    """The gate for the user's lexicon, whose own words are words of interest too. Raises ConfigError as the lexicon does."""
    return Sieve(gate_for(load_lexicon(lexicon, load_codebook(codebook))))


def _why(item: Capture) -> InputError:
    return _kept_out(item.where, "Code it all the same: histor ingest --stored.")


def _kept_out(where: str, do: str) -> InputError:
    what = "the relevance gate kept it out: too little of it has the words of an event of interest."
    return InputError(GATED, what, where=where, do=do)
