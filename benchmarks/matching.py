"""`matching`: how long matching takes, and in how much memory, as a project grows.

    python -m benchmarks matching --data SHARED/fakes

Every fourth report of FA-KES is coded once. Larger projects are made of variants of these codings:
in each variant the letters of all names are turned (so that the words stay as long), places are moved,
and the dates are shifted, so that no variant tells of the incidents of another, while the words, the
actors and the density of reports stay those of a real war. A project has `A_MONTH` event mentions a
month, however large it is: it grows by lasting longer. Each size is matched in a process of its own;
the time is that of making tellings, blocking, scoring and clustering, on one thread.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import pickle
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.load import options
from benchmarks.scoring import show
from histor.capture.inputs import Problem, read_inputs
from histor.jobs.coding import Coding
from histor.matching.blocking import pairs
from histor.matching.match import clusters_of, judge
from histor.matching.telling import tellings
from histor.model.canonical import digest
from histor.model.records import CodedReport, Date, EventMention, Place, Report

SIZES = (5_000, 10_000, 20_000, 40_000)
A_MONTH = 500
_NAME = re.compile(r"\b[A-Z][a-z]{2,}")
_VOWELS, _OTHERS = "aeiou", "bcdfghjklmnpqrstvwxyz"


def turned(text: str, k: int) -> str:
    """The text with the letters of its names turned by `k`, vowels to vowels; as long as before."""

    def turn(name: re.Match[str]) -> str:
        return name.group()[0] + "".join(_turned(c, k) for c in name.group()[1:])

    return _NAME.sub(turn, text) if k else text


def _turned(letter: str, k: int) -> str:
    for letters in (_VOWELS, _OTHERS):
        if letter in letters:
            return letters[(letters.index(letter) + k) % len(letters)]
    return letter


def variant(coded: CodedReport, k: int, published: date) -> CodedReport:
    """The coding as the `k`-th variant, of a report published on another day."""
    report = coded.report
    by = (published - date.fromisoformat(report.published or "2014-01-01")).days
    text = turned(report.text, k)
    made = Report(
        digest("variant", [report.id, k]), report.source, published.isoformat(), report.title, report.language, text
    )
    ids = {m.id: digest("variant", [m.id, k]) for m in coded.event_mentions}
    mentions = tuple(_mention(m, k, by, ids, text) for m in coded.event_mentions)
    return CodedReport(made, mentions, ())


def _mention(mention: EventMention, k: int, by: int, ids: dict[str, str], text: str) -> EventMention:
    trigger = msgspec.structs.replace(mention.trigger, text=text[mention.trigger.span[0] : mention.trigger.span[1]])
    return msgspec.structs.replace(
        mention, id=ids[mention.id], retells=ids.get(mention.retells or ""), trigger=trigger,
        place=_place(mention.place, k), date=_date(mention.date, by),
    )  # fmt: skip


def _place(place: Place | None, k: int) -> Place | None:
    if place is None or not k:
        return place
    moved = {}
    if place.latitude is not None and place.longitude is not None:
        moved = {"latitude": place.latitude + k % 13 - 6, "longitude": place.longitude + k % 17 - 8}
    key = None if place.geonames_id is None else place.geonames_id + k * 100_000_000
    return msgspec.structs.replace(place, name=turned(place.name or place.text, k), geonames_id=key, **moved)


def _date(when: Date | None, by: int) -> Date | None:
    if when is None or not (when.earliest and when.latest):
        return when
    ends = [(date.fromisoformat(d) + timedelta(days=by)).isoformat() for d in (when.earliest, when.latest)]
    return msgspec.structs.replace(when, earliest=ends[0], latest=ends[1])


def project(codings: list[CodedReport], size: int) -> list[CodedReport]:
    """Coded reports with `size` event mentions, `A_MONTH` a month."""
    made: list[CodedReport] = []
    count = k = 0
    while count < size:
        for coded in codings:
            day = date(2012, 1, 1) + timedelta(days=30 * count // A_MONTH)
            made.append(variant(coded, k, day))
            count += len(coded.event_mentions)
            if count >= size:
                break
        k += 1
    return made


def measure(file: Path, size: int) -> dict[str, Any]:
    """Seconds of each step for one size, and the peak of memory (the coded reports included)."""
    made = project(pickle.loads(file.read_bytes()), size)
    times = [time.process_time()]
    found = {t.id: t for coded in made for t in tellings(coded)}
    times.append(time.process_time())
    compared = pairs(found.values())
    count = sum(len(i) for i, _ in compared.blocks())
    times.append(time.process_time())
    decisions = judge(compared)
    times.append(time.process_time())
    clusters = clusters_of(found, decisions)
    times.append(time.process_time())
    steps = [b - a for a, b in itertools.pairwise(times)]
    steps[2] -= steps[1]  # blocks are made again where they are scored
    return {
        "mentions": sum(len(c.event_mentions) for c in made), "tellings": len(found), "pairs": count,
        "kept": len(decisions), "incidents": len(clusters), "steps": steps, "seconds": sum(steps),
        "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def run(args: argparse.Namespace) -> list[dict[str, Any]]:
    path = args.data / "FA-KES-Dataset.csv" if args.data.is_dir() else args.data
    items = [r for k, r in enumerate(read_inputs([str(path)], options())) if k % 4 == 0]
    coding = Coding.load()
    codings = [c for c in coding.code_all(items) if not isinstance(c, Problem) and c.event_mentions]
    sizes = [int(args.part)] if args.part else list(SIZES)
    done = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "codings.pickle"
        file.write_bytes(pickle.dumps(codings))
        for size in sizes:
            code = (
                "import json; from pathlib import Path; from benchmarks.matching import measure; "
                f"print(json.dumps(measure(Path({str(file)!r}), {size})))"
            )
            environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            out = subprocess.run(
                [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
            )
            done.append(json.loads(out.stdout.splitlines()[-1]))
    rows = [
        (d["mentions"], d["tellings"], d["pairs"], d["kept"], d["incidents"], *(round(s, 1) for s in d["steps"]),
         round(d["seconds"], 1), d["MiB"])
        for d in done
    ]  # fmt: skip
    header = (
        "mentions",
        "tellings",
        "pairs",
        "kept",
        "incidents",
        "read s",
        "block s",
        "score s",
        "cluster s",
        "all s",
        "MiB",
    )
    show(f"matching: variants of {len(codings)} coded reports, one thread", header, rows)
    return done
