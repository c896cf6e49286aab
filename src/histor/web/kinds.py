"""The kinds of jobs that the application runs."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from histor.capture.inputs import InputOptions, read_captures
from histor.jobs.coding import Coding
from histor.jobs.ingest import Ingest, stored_captures
from histor.jobs.matching import match_project
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


KINDS: dict[str, Work] = {"ingest": ingest, "recode": recode, "match": match}
"""Jobs by name."""
