"""`speed`: reports a second with 1 and 2 processes, and a day of mixed news through the relevance gate.

`--data` is the folder of all sets. First FA-KES is coded whole, without the gate; then `mixed.mixed_day`: 20,000
reports, a tenth of them FA-KES, the others news of other things, each repetition with changed names. Each process
loads the coder before the clock starts and runs one thread; a second is one of the wall clock, and beside it stands
what the same would be if the processes had had their cores to themselves (reports by processor time). Recall loss:
the share of the event mentions of FA-KES that stand in reports that the gate keeps out. `--limit` cuts both parts.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import resource
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import msgspec

from benchmarks import mixed
from benchmarks.scoring import show
from histor.coding.gate import shipped_gate
from histor.jobs.coding import default_coding
from histor.model.records import Report

DAY = 20_000
CHUNK = 16


class Coded(NamedTuple):
    """What became of a piece of the work: sizes of the results and what the process used."""

    mentions: tuple[int | None, ...]  # by report; None where the gate kept it out
    digests: tuple[str, ...]
    process: int
    seconds: float
    mebibytes: float


class Measured(NamedTuple):
    """One pass over reports."""

    reports: int
    wall: float
    processor: float
    mebibytes: float
    mentions: tuple[int | None, ...]
    sha256: str


def _load() -> None:
    default_coding().code(Report("", None, None, None, None, "Rebels shelled the town of Ras on Monday, killing two."))


def _code(reports: Sequence[Report], gated: bool) -> Coded:
    """Code a piece; what does not pass the gate costs no more than the gate."""
    began = time.process_time()
    gate, coding = shipped_gate(), default_coding()
    mentions: list[int | None] = []
    digests = []
    for report in reports:
        if gated and not gate.passes(report):
            mentions.append(None)
            continue
        coded = coding.code(report)
        mentions.append(len(coded.event_mentions))
        digests.append(hashlib.sha256(msgspec.json.encode(coded)).hexdigest())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Coded(tuple(mentions), tuple(digests), os.getpid(), time.process_time() - began, memory)


def _pieces(reports: Sequence[Report]) -> Iterator[Sequence[Report]]:
    return (reports[k : k + CHUNK] for k in range(0, len(reports), CHUNK))


def measure(reports: Sequence[Report], processes: int, gated: bool) -> Measured:
    """Code all reports in so many processes that each hold a coder; forked ones could not share a session."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _load) as pool:
        for ready in [pool.submit(time.sleep, 1.0) for _ in range(processes)]:
            ready.result()
        began = time.perf_counter()
        done = list(pool.map(_code, _pieces(reports), [gated] * (-(-len(reports) // CHUNK))))
        wall = time.perf_counter() - began
    peaks: dict[int, float] = {}
    for piece in done:
        peaks[piece.process] = max(piece.mebibytes, peaks.get(piece.process, 0.0))
    sha = hashlib.sha256("".join(d for piece in done for d in piece.digests).encode()).hexdigest()
    mentions = tuple(m for piece in done for m in piece.mentions)
    return Measured(len(reports), wall, sum(p.seconds for p in done), sum(peaks.values()), mentions, sha)


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
        processes = 1 if "1 process" in name else 2
        coded = sum(x is not None for x in m.mentions)
        alone = m.reports / m.processor * processes
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
