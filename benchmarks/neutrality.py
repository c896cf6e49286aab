"""`neutrality`: whether an outlet's loaded words get into the names of parties, on reports of many outlets.

Counts the actors, recipients and sides of relations of every coded report (FA-KES: a CSV of 804 reports of 15
outlets of all sides; any input that `histor code` reads will do), those whose name holds a loaded word of
their report, and those whose words begin or end with one that could have been left out. A name that the actors file
has is nobody's adjective and is not counted against.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scoring import show
from histor.capture.inputs import InputOptions, Problem, read_inputs
from histor.coding.stance import loaded_spans
from histor.jobs.coding import default_coding
from histor.model.annotation import Annotation
from histor.model.records import Actor, CodedReport

FA_KES = {"title": "article_title", "text": "article_content", "id": "unit_id", "published": "date"}


def parties(coded: CodedReport) -> Iterator[Actor]:
    """Actors, recipients and the parties of relations (offices and equipment are none)."""
    for mention in coded.event_mentions:
        yield from (*mention.actors, *mention.recipients)
    for relation in coded.relations:
        yield relation.subject
        if relation.type not in {"holds_office", "controls", "equipped_by"}:
            yield relation.object


def loaded_names(coded: CodedReport, annotation: Annotation) -> list[Actor]:
    """Parties whose name, unknown to the actors file, holds a loaded word of the sentence that it stands in."""
    spans = [span for s in annotation.sentences for span, kind in loaded_spans(s) if kind != "deeds"]
    found = []
    for party in parties(coded):
        if party.id is not None or party.name is None:
            continue
        inside = [coded.report.text[a:b] for a, b in spans if party.span[0] <= a and b <= party.span[1]]
        if any(re.search(rf"\b{re.escape(w)}\b", party.name, re.IGNORECASE) for w in inside):
            found.append(party)
    return found


def run(args: argparse.Namespace) -> dict[str, int]:
    path = args.data / "FA-KES-Dataset.csv" if args.data.is_dir() else args.data
    options = InputOptions(columns=FA_KES, date_order="mdy") if path.suffix == ".csv" else InputOptions()
    coding = default_coding()
    figures = {"reports": 0, "parties": 0, "names with a loaded word": 0}
    for item in read_inputs([str(Path(path))], options):
        if isinstance(item, Problem):
            continue
        annotation = coding.engine.annotate(item.text, item.title)
        coded = coding.coder.code(item, annotation)
        figures["reports"] += 1
        figures["parties"] += sum(1 for _ in parties(coded))
        figures["names with a loaded word"] += len(loaded_names(coded, annotation))
    show("loaded words in names", ("", "count"), list(figures.items()))
    return figures
