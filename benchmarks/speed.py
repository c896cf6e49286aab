"""`speed`: reports a second with 1 and 2 processes, and a day of mixed news through the relevance gate.

`--data` is the folder of all sets. First FA-KES is coded whole, without the gate; then `mixed.mixed_day`: 20,000
reports, a tenth of them FA-KES, the others news of other things, each repetition with changed names. Both go the way of
``histor code --workers`` (`jobs.parallel`, with the gate before it), in processes that are ready before the clock
starts. A second is one of the wall clock, and beside it stands what the same would be if the processes had had their
cores to themselves (reports by the processor time of the processes that code and of the one that feeds them). Recall loss:
the share of the event mentions of FA-KES that stand in reports that the gate keeps out. `--limit` cuts both parts.
Needs Linux, whose `/proc` tells what a process has used.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks import mixed
from benchmarks.scoring import show
from histor.coding.gate import shipped_gate
from histor.jobs.gate import Sieve
from histor.jobs.parallel import CoderSetup, ParallelCoding
from histor.model.records import CodedReport, Report

DAY = 20_000
_TICKS = os.sysconf("SC_CLK_TCK")


class Measured(NamedTuple):
    """One pass over reports; mentions by report, None where the gate kept it out."""

    reports: int
    processes: int
    wall: float
    processor: float
    mebibytes: float
    mentions: tuple[int | None, ...]
    sha256: str


def processor_of(process: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def peak_of(process: int) -> float:
    """The most memory that a process has held at once, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measure(reports: Sequence[Report], processes: int, gated: bool) -> Measured:
    """Code all reports in so many processes, each with a coder of its own. Raises CoderError if one cannot be coded."""
    digests = []
    found: dict[str, int] = {}
    with ParallelCoding.open(CoderSetup(), processes) as coding:
        for coded in coding.code_all(reports[: 8 * processes]):  # each has begun, and met its first words
            assert isinstance(coded, CodedReport)
        at_work = coding.processes
        before, own, began = sum(map(processor_of, at_work)), time.process_time(), time.perf_counter()
        for coded in coding.code_all(Sieve().items(reports) if gated else reports):
            if not isinstance(coded, CodedReport):
                raise coded.error
            found[coded.report.id] = len(coded.event_mentions)
            digests.append(hashlib.sha256(msgspec.json.encode(coded)).hexdigest())
        wall = time.perf_counter() - began
        processor = sum(map(processor_of, at_work)) - before + time.process_time() - own
        peak = sum(map(peak_of, at_work))
    sha = hashlib.sha256("".join(digests).encode()).hexdigest()
    mentions = tuple(found.get(r.id) for r in reports)
    return Measured(len(reports), processes, wall, processor, peak, mentions, sha)


def lost(reports: Sequence[Report], mentions: Sequence[int | None]) -> tuple[int, int]:
    """Event mentions in reports that the gate keeps out, and in all."""
    gate = shipped_gate()
    out = [m or 0 for r, m in zip(reports, mentions, strict=True) if not gate.passes(r)]
    return sum(out), sum(m or 0 for m in mentions)


def run(args: argparse.Namespace) -> dict[str, Measured]:
    told = mixed.conflict(args.data)
    reports = told[: args.limit]
    figures = {f"FA-KES, {n} process{'es' * (n > 1)}": measure(reports, n, False) for n in (1, 2)}
    missed, held = lost(reports, figures["FA-KES, 2 processes"].mentions)
    others = [text for texts in mixed.other(args.data).values() for text in texts]
    day = list(mixed.mixed_day(told, others, min(DAY, args.limit or DAY)))
    figures["mixed day, 2 processes, gate"] = measure(day, 2, True)
    rows = []
    for name, m in figures.items():
        coded = sum(x is not None for x in m.mentions)
        alone = m.reports / m.processor * m.processes
        rows.append(
            (name, m.reports, coded, m.reports / m.wall, alone, sum(x or 0 for x in m.mentions), round(m.mebibytes))
        )
    head = ("", "reports", "coded", "a second", "by processor time", "event mentions", "MiB")
    show(f"speed (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)", head, rows)
    same = len({m.sha256 for name, m in figures.items() if name.startswith("FA-KES")}) == 1
    passed = [x is not None for x in figures["mixed day, 2 processes, gate"].mentions]
    print(
        f"one and two processes give the same bytes: {same}; recall loss {missed} of {held} event mentions "
        f"({missed / max(1, held):.2%}); other news that passes the gate: "
        f"{sum(p for k, p in enumerate(passed) if k % 10) / max(1, len(passed) * 9 // 10):.1%}"
    )
    return figures
