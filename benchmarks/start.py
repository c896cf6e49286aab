"""`start`: how long one report takes in a process of its own, with the gazetteer built before.

`--data` is a report, such as `shared/seed/report.txt`. Every run is a new process of
``histor code REPORT``; printed are the wall clock and the processor time of the quickest and of the
median run (on a machine that does other things only processor time says much), and what
``import histor`` takes.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.scoring import show
from histor.store.gazetteer import open_gazetteer

RUNS = 7
GOAL = 1.5  # seconds


class Spent(NamedTuple):
    """Seconds by the wall clock and of processor time."""

    wall: float
    processor: float


def spent_by(command: list[str]) -> Spent:
    """What one run of a command takes. Raises CalledProcessError if it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def code_in_new_process(report: Path, output: Path) -> Spent:
    """What ``histor code`` takes for one report; the gazetteer has to be there."""
    return spent_by([sys.executable, "-m", "histor", "code", str(report), "-o", str(output)])


def run(args: argparse.Namespace) -> dict[str, list[Spent]]:
    open_gazetteer()  # building it is no part of a start
    with tempfile.TemporaryDirectory() as folder:
        runs = [code_in_new_process(args.data, Path(folder) / "coded.jsonl") for _ in range(RUNS + 1)][1:]
    nothing = [spent_by([sys.executable, "-c", "pass"]) for _ in range(RUNS)]
    imports = [spent_by([sys.executable, "-c", "import histor"]) for _ in range(RUNS)]
    found = {"histor code": runs, "import histor": imports, "python alone": nothing}
    rows = []
    for name, spent in found.items():
        walls, processor = ([getattr(s, k) for s in spent] for k in Spent._fields)
        rows.append((name, min(walls), statistics.median(walls), min(processor), statistics.median(processor)))
    show(
        f"start: {RUNS} new processes each (goal: {GOAL} s), load average {os.getloadavg()[0]:.1f}",
        ("", "wall, best", "wall, median", "processor, best", "processor, median"),
        rows,
    )
    return found
