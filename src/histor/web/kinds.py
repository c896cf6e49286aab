"""The kinds of jobs that the application runs."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from histor.capture.inputs import InputOptions, read_captures
from histor.export.formats import SUFFIXES
from histor.jobs.clock import now
from histor.jobs.coding import Coding
from histor.jobs.dataset import export
from histor.jobs.ingest import Ingest, stored_captures
from histor.jobs.matching import choose_rule, match_project
from histor.model.canonical import digest
from histor.model.filters import KEYS, IncidentFilter, parse_filter
from histor.store.gazetteer import open_gazetteer
from histor.store.project import Project
from histor.web.work import Report, Work


def _coding(project: Project) -> Coding:
    settings = project.settings.coding
    lexicon, actors = (project.folder / p if p else None for p in (settings.lexicon, settings.actors))
    return Coding.load(lexicon=lexicon, actors=actors, gazetteer=open_gazetteer())


def ingest(project: Project, request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Code an uploaded file into the project. `request`: name, content (base64), source, published."""
    report(0, None, "loading the coder")
    coding = _coding(project)
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(str(request["name"])).name
        path.write_bytes(base64.b64decode(str(request["content"])))
        options = InputOptions(request.get("source"), request.get("published"))
        run = Ingest(project, coding, told=said.append)
        counts = run.run(_told(read_captures([str(path)], options), report))
    return asdict(counts) | {"set_aside": said[:100]}


def _told(items: Iterator[Any], report: Report) -> Iterator[Any]:
    for number, item in enumerate(items):
        report(number, None, "coding reports")
        yield item


def recode(project: Project, _: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Code the stored reports again that this version has not coded."""
    report(0, None, "loading the coder")
    coding = _coding(project)
    with project.read() as transaction:
        total = len(transaction.reports.stale(coding.stamp))

    def counted() -> Iterator[Any]:
        for number, item in enumerate(stored_captures(project, coding.stamp)):
            report(number, total, "coding reports again")
            yield item

    return asdict(Ingest(project, coding).run(counted()))


def match(project: Project, _: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Match the whole project again."""
    report(0, None, "matching tellings")
    done = match_project(project)
    return {n: getattr(done, n) for n in ("reports", "tellings", "pairs", "copies", "incidents")}


def estimate(project: Project, request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Estimate every incident by another rule, which holds from then on. `request`: rule."""
    report(0, None, "estimating")
    return {"rule": request["rule"], "incidents": choose_rule(project, str(request["rule"]))}


EXPORTS = "exports"
"""Folder of the project that holds the files of exports, each named by its job."""


def filter_of(query: str) -> IncidentFilter:
    """The filter in a view's query string, whatever else stands there. Raises ConfigError for a value that cannot be read."""
    return parse_filter({name: [v for v in values if v] for name, values in parse_qs(query).items() if name in KEYS})


def export_file(project: Project, request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Write the incidents that a filter takes into a file. `request`: format, filter."""
    form = str(request["format"])
    folder = project.folder / EXPORTS
    folder.mkdir(exist_ok=True)
    name = f"{digest('export', [form, request.get('filter') or '', now()])[:16]}.{SUFFIXES[form]}"
    part = folder / f".{name}.part"
    try:
        with part.open("wb") as out:
            done = export(
                project, form, out, filter_of(str(request.get("filter") or "")), lambda n: report(n, None, "writing")
            )
        os.replace(part, folder / name)
    finally:
        part.unlink(missing_ok=True)
    return {"file": name, "written": done.written, "left_out": done.left_out}


KINDS: dict[str, Work] = {
    "ingest": ingest, "recode": recode, "match": match, "estimate": estimate, "export": export_file,
}  # fmt: skip
"""Jobs by name."""
