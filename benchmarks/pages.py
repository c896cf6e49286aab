"""`pages`: how many pages a second are read from a web archive, with the parsers in processes of their own.

`--data` is a file of reports as JSON lines (`written/dev.jsonl`, or FA-KES's CSV for longer texts); their texts are
laid into pages of a common layout, compressed and in chunks, 2,000 of them in one WARC file. Prints pages a second by
the clock and by the processor's time of all processes, without coding.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.fuzz import page_of, record_of
from benchmarks.load import options
from benchmarks.scoring import show
from histor.capture.inputs import Capture, InputOptions, read_captures, read_inputs
from histor.capture.sandbox import Sandbox
from histor.model.records import Report

COUNT = 2_000


def texts_of(path: Path) -> list[str]:
    if path.suffix == ".csv":
        return [r.text for r in read_inputs([str(path)], options()) if isinstance(r, Report)]
    return [t for line in path.read_text(encoding="utf-8").splitlines() if (t := json.loads(line).get("text"))]


def _processor() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def run(args: argparse.Namespace) -> list[dict[str, Any]]:
    texts, rng = texts_of(args.data), random.Random(1)
    rows: list[tuple[Any, ...]] = []
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.warc.gz"
        with path.open("wb") as out:
            for k in range(COUNT):
                out.write(gzip.compress(record_of(page_of(texts[k % len(texts)], k), k, rng)))
        for workers in (1, 2):
            began, spent = time.perf_counter(), _processor()
            with Sandbox(workers) as sandbox:
                items = list(read_captures([str(path)], InputOptions(), sandbox))
            seconds, spent = time.perf_counter() - began, _processor() - spent
            reports = [i for i in items if isinstance(i, Capture)]
            size = sum(len(r.content) for r in reports) / max(len(reports), 1) / 1024
            rows.append((workers, len(items), len(reports), round(size, 1), len(items) / seconds, len(items) / spent))
            found.append({"workers": workers, "pages": len(items), "a second": len(items) / seconds})
    show("pages", ("parsers", "pages", "reports", "KiB", "pages/s", "pages/CPU s"), rows)
    return found
