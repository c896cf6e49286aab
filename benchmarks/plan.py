"""`plan`: what it takes to code a month of Common Crawl's news archive, on paper, from speeds measured here.

`--data` is a JSONL file or table of reports, such as FA-KES; the first 30 of it are coded by one process, and pages
made of their texts are read. What is measured, what others published, and what is assumed stands beside each figure;
nothing but speeds is measured here.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.load import COLUMNS
from benchmarks.scoring import show
from histor.capture.html import read_html
from histor.capture.inputs import InputOptions, make_report, read_inputs
from histor.jobs.coding import Coding
from histor.model.records import Report

REPORTS = 30


@dataclass(frozen=True)
class Assumed:
    """What is not measured: change it to plan for another archive or another price."""

    terabytes: float = 1.0
    """Compressed WARC a month (CC-NEWS: about 1 TB)."""
    pages_a_gigabyte: float = 30_000
    """Pages in a gigabyte of compressed WARC: about 33 kB each."""
    english: float = 0.40
    """Part of the pages that is in English."""
    passed: float = 0.10
    """Part of the English pages that is about conflict, or seems to be: what a gate lets through."""
    gate_seconds: float = 0.0005
    """For a page that the gate stops, beside its reading."""
    gigabytes_a_second: float = 0.25
    """What one core reads and unpacks of WARC."""
    dollars_a_core_hour: float = 0.04
    """A core of a cloud's general machines."""
    spare: float = 1.25
    """Hours lost to ends of runs, tries again, uneven shards."""


@dataclass(frozen=True)
class Measured:
    """Seconds of processor time."""

    page: float
    """To read one page: HTML to text, title and date."""
    report: float
    """To code one report."""


@dataclass(frozen=True)
class Stage:
    """Core hours of one step for one month."""

    name: str
    items: float
    core_hours: float


def stages(assumed: Assumed, measured: Measured, gate: bool = True) -> list[Stage]:
    """The steps in their order, with the items that come to each."""
    gigabytes = assumed.terabytes * 1000
    pages = gigabytes * assumed.pages_a_gigabyte
    english = pages * assumed.english
    coded = english * (assumed.passed if gate else 1)
    hours = assumed.spare / 3600
    return [
        Stage("unpack WARC", pages, gigabytes / assumed.gigabytes_a_second * hours),
        Stage("read HTML", pages, pages * measured.page * hours),
        Stage("gate", english if gate else 0, english * assumed.gate_seconds * hours if gate else 0),
        Stage("code", coded, coded * measured.report * hours),
    ]


def measure(path: Path) -> Measured:
    """Speeds of this machine, one process, one thread."""
    options = InputOptions(encoding="latin-1", columns=COLUMNS, date_order="mdy")
    items = (i for i in read_inputs([str(path)], options) if isinstance(i, Report))
    reports = list(islice(items, REPORTS))
    coding = Coding.load()
    for report in reports[:5]:
        coding.code(report)
    pages = [_page(r) for r in reports]
    return Measured(_seconds(_read, pages), _seconds(coding.code, reports))


def _read(page: bytes) -> None:
    """What becomes of a page before it is coded: text, title, date, language."""
    make_report(read_html(page), page, InputOptions(), "a page")


def _page(report: Report) -> bytes:
    """A page around a report, with as much around it as pages have."""
    around = "".join(f'<li class="nav-{k}"><a href="/section/{k}">Section {k}</a></li>' for k in range(200))
    words = "".join(f"<p>{line}</p>" for line in report.text.splitlines())
    return (
        f"<html><head><title>{report.title}</title></head><body><ul>{around}</ul><article>{words}</article></body></html>"
    ).encode()


def _seconds(what: Callable[[Any], object], items: list[Any]) -> float:
    """Processor time an item, in the quickest of three passes: what else runs makes it longer, nothing shorter."""
    passes = []
    for _ in range(3):
        began = time.process_time()
        for item in items:
            what(item)
        passes.append((time.process_time() - began) / len(items))
    return min(passes)


def run(args: argparse.Namespace) -> list[Stage]:
    path = args.data / "FA-KES-Dataset.csv" if args.data.is_dir() else args.data
    assumed, measured = Assumed(), measure(path)
    show(
        "plan: measured on one core of this machine",
        ("", "seconds", "a second"),
        [
            ("read a page", f"{measured.page:.4f}", f"{1 / measured.page:.0f}"),
            ("code a report", f"{measured.report:.4f}", f"{1 / measured.report:.1f}"),
        ],
    )
    show("plan: assumed", ("", "value"), [(name.replace("_", " "), value) for name, value in vars(assumed).items()])
    for gate in (True, False):
        found = stages(assumed, measured, gate)
        total = sum(s.core_hours for s in found)
        worst = max(found, key=lambda s: s.core_hours)
        show(
            f"plan: one month, {'with a gate' if gate else 'every English page coded'}",
            ("step", "million items", "core hours", "part"),
            [(s.name, f"{s.items / 1e6:.1f}", f"{s.core_hours:,.0f}", f"{s.core_hours / total:.0%}") for s in found],
        )
        print(
            f"{total:,.0f} core hours: {total / 64:,.0f} hours on 64 cores, ${total * assumed.dollars_a_core_hour:,.0f}; "
            f"keeping up with the archive takes {total / 730:.1f} cores all month. Bottleneck: {worst.name}."
        )
    return stages(assumed, measured)
