"""The kinds of jobs that the application runs."""

from __future__ import annotations

import base64
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs

from histor.capture.inputs import InputOptions, read_captures
from histor.export.formats import SUFFIXES
from histor.jobs.clock import now
from histor.jobs.coding import Coding
from histor.jobs.dataset import export, imprint, release
from histor.jobs.ingest import Ingest, stored_captures
from histor.jobs.matching import choose_rule, match_project
from histor.jobs.own import own_files
from histor.jobs.tried import tried
from histor.model.canonical import digest
from histor.model.filters import KEYS, IncidentFilter, parse_filter
from histor.store.gazetteer import open_gazetteer
from histor.store.project import Project
from histor.web.work import Report, Work


def _coding(project: Project) -> Coding:
    own = own_files(project)
    return Coding.load(lexicon=own.lexicon, actors=own.actors, codebook=own.codebook, gazetteer=open_gazetteer())


def ingest(project: Project, request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Code an uploaded file into the project. `request`: name, content (base64), source, published."""
    report(0, None, "loading the coder")
    coding = _coding(project)
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(str(request["name"])).name
        path.write_bytes(base64.b64decode(str(request["content"])))
        options = InputOptions(request.get("source"), request.get("published"))
        # A job that died is taken up again: what it dies of must not end every server that is started.
        with tried(project.folder, coding) as coder:
            run = Ingest(project, coder, told=said.append)
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

    with tried(project.folder, coding) as coder:
        return asdict(Ingest(project, coder).run(counted()))


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
"""Folder of the project that holds the files of exports and releases."""


def filter_of(query: str) -> IncidentFilter:
    """The filter in a view's query string, whatever else stands there. Raises ConfigError for a value that cannot be read."""
    return parse_filter({name: [v for v in values if v] for name, values in parse_qs(query).items() if name in KEYS})


def export_file(project: Project, request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Write the incidents that a filter takes into a file. `request`: format, filter."""
    form, wanted = str(request["format"]), filter_of(str(request.get("filter") or ""))
    with _kept(project, request, "incidents", SUFFIXES[form]) as (name, out):
        done = export(project, form, out, wanted, lambda n: report(n, None, "writing"))
    return {"file": name, "written": done.written, "left_out": done.left_out}


def release_file(project: Project, request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Write a release of the incidents that a filter takes. `request`: title, version, and what else `imprint` takes; filter, with_text.

    It says what changed since the last release that a job made, if that is still there.
    """
    report(0, None, "writing the release")
    wanted = filter_of(str(request.get("filter") or ""))
    with project.read() as transaction:
        texts = {n: request[n] for n in ("authors", "licence", "description") if request.get(n)}
        made = imprint(transaction, str(request["title"]), str(request["version"]), now()[:10], **texts)
        jobs = [j for j in transaction.access.jobs() if j.kind == "release" and j.state == "done" and j.result]
    files = ((project.folder / EXPORTS / str((j.result or {}).get("file")), j) for j in jobs)
    before, last = next(((p, j) for p, j in files if p.is_file()), (None, None))
    with _kept(project, request, release_name(made.title, made.version), "zip") as (name, out):
        count = release(project, out, made, wanted, previous=before, with_text=bool(request.get("with_text")))
    since = (last.result or {}).get("version") if last else None
    return {"file": name, "incidents": count, "title": made.title, "version": made.version, "since": since}


def release_name(title: str, version: str) -> str:
    """What the file of a release is called, without an ending."""
    return f"{re.sub(r'[^0-9A-Za-z]+', '-', title.lower()).strip('-')[:80] or 'release'}-{version}"


@contextmanager
def _kept(project: Project, request: Mapping[str, Any], stem: str, suffix: str) -> Iterator[tuple[str, IO[bytes]]]:
    """A new file in the folder of exports with its name; it is there once all of it is written."""
    folder = project.folder / EXPORTS
    folder.mkdir(exist_ok=True)
    name = f"{stem}-{digest('export', [dict(request), now()])[:16]}.{suffix}"
    part = folder / f".{name}.part"
    try:
        with part.open("wb") as out:
            yield name, out
        os.replace(part, folder / name)
    finally:
        part.unlink(missing_ok=True)


KINDS: dict[str, Work] = {
    "ingest": ingest, "recode": recode, "match": match, "estimate": estimate, "export": export_file, "release": release_file,
}  # fmt: skip
"""Jobs by name."""
