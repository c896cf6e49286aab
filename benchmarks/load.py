"""`load`: 804 reports on the Syrian war from 15 outlets (FA-KES), coded from end to end.

The original is at https://zenodo.org/record/2607278 (CC BY 4.0; the texts are their publishers').
Checks that nothing crashes and that every span equals its words, compares the bytes of the result
under three hash seeds, and prints reports a second (one process, one thread) and peak memory.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.scoring import show
from histor.capture.inputs import InputOptions, Problem, read_inputs
from histor.jobs.coding import Coding

COLUMNS = {
    "id": "unit_id",
    "title": "article_title",
    "text": "article_content",
    "source": "source",
    "published": "date",
}


def options() -> InputOptions:
    return InputOptions(encoding="latin-1", columns=COLUMNS, date_order="mdy")


def wrong_spans(value: Any, text: str) -> int:
    """How many objects have a `span` whose words in `text` are not their `text`."""
    if isinstance(value, list):
        return sum(wrong_spans(v, text) for v in value)
    if not isinstance(value, dict):
        return 0
    words = value.get("text", value.get("speaker"))
    span = value.get("span")
    wrong = int(isinstance(span, list) and isinstance(words, str) and text[span[0] : span[1]] != words)
    return wrong + sum(wrong_spans(v, text) for k, v in value.items() if k != "report")


def code_all(path: Path) -> dict[str, Any]:
    """One pass over the file: counts, digest of the output, seconds."""
    coding = Coding.load()
    digest = hashlib.sha256()
    reports = mentions = aside = wrong = words = 0
    began = time.perf_counter()
    for result in coding.code_all(read_inputs([str(path)], options())):
        if isinstance(result, Problem):
            aside += 1
            print(result, file=sys.stderr)
            continue
        encoded = msgspec.json.encode(result)
        digest.update(encoded)
        reports += 1
        mentions += len(result.event_mentions)
        words += len(result.report.text.split())
        wrong += wrong_spans(json.loads(encoded), result.report.text)
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "reports": reports, "words": words, "event mentions": mentions, "set aside": aside, "wrong spans": wrong,
        "sha256": digest.hexdigest(), "seconds": round(seconds, 1), "MiB": round(memory),
    }  # fmt: skip


def run(args: argparse.Namespace) -> list[dict[str, Any]]:
    path = args.data / "FA-KES-Dataset.csv" if args.data.is_dir() else args.data
    passes = []
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        script = f"import json; from pathlib import Path; from benchmarks.load import code_all; print(json.dumps(code_all(Path({str(path)!r}))))"
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        passes.append(json.loads(done.stdout.splitlines()[-1]))
    rows = [
        (seed, *(p[k] for k in ("reports", "set aside", "event mentions", "wrong spans", "seconds", "MiB")))
        for seed, p in enumerate(passes)
    ]
    show(
        "load: FA-KES, one process, one thread",
        ("hash seed", "reports", "set aside", "event mentions", "wrong spans", "seconds", "MiB"),
        rows,
    )
    best = min(p["seconds"] for p in passes)
    same = len({p["sha256"] for p in passes}) == 1
    print(
        f"{passes[0]['reports'] / best:.1f} reports a second, {passes[0]['words'] / best:.0f} words; same bytes: {same} ({passes[0]['sha256'][:16]})"
    )
    return passes
