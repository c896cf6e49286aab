"""`muc4`: who did it, to whom and with what, over the whole report (MUC-4, 1992).

`--data` is the folder with ``templates/`` (JSON lines ``docid, doctext, templates``), ``raw/`` and the keys; or one file
of JSON lines. Predictions are one JSON object ``{docid: {"pred_templates": […]}}`` with a single wording an entity, the
likeliest. Figures: CEAF-RME and CEAF-REE (`benchmarks.muc4_scoring`), with `--slots` each slot by MUC-4's own rules
(`benchmarks.muc4_keys`).

Published: CEAF-RME 53.0 (IterX on T5-large), 50.2 (GTT); CEAF-REE 57.8 (TempGen), 54.5 (GRIT); all slots of MUC-4, by
its interactive scorer, F 55.9 on TST3 and 57.2 on TST4 (GE 1992).
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
from pathlib import Path
from typing import Any

from benchmarks.muc4_keys import read_keys, score_slots
from benchmarks.muc4_scoring import ree, rme
from benchmarks.muc4_slots import fill_slots, header_date
from benchmarks.scoring import Counts, show
from histor.engines.document.head import DocumentHead
from histor.jobs.coding import default_coding
from histor.jobs.document import DocumentRoles
from histor.model.document import Participant, ReportedIncident
from histor.model.records import Report

_FIELDS = {
    "PerpInd": "perpetrators", "PerpOrg": "perpetrator_organisations", "Target": "targets", "Victim": "victims",
    "Weapon": "weapons",
}  # fmt: skip
Templates = dict[str, list[dict[str, Any]]]


def template_of(incident: ReportedIncident) -> dict[str, Any]:
    """An incident in the form of the data set, one wording an entity."""
    template: dict[str, Any] = {"incident_type": incident.incident_type}
    for role, name in _FIELDS.items():
        who: tuple[Participant, ...] = getattr(incident, name)
        template[role] = [[p.wordings[0].text.lower()] for p in who]
    return template


def predict(records: list[dict[str, Any]], dates: dict[str, datetime.date] | None = None) -> Templates:
    """Templates by docid; `dates` (of the reports' headers) asks for the further slots as well."""
    coding = default_coding()
    roles = DocumentRoles(coding.engine, DocumentHead.load())
    found: Templates = {}
    for record in records:
        text, published = record["doctext"], (dates or {}).get(record["docid"])
        annotation = coding.engine.annotate(text)
        templates = [template_of(i) for i in roles.incidents(text, annotation)]
        if dates is not None and templates:
            day = published.isoformat() if published else None
            coded = coding.coder.code(Report(record["docid"], None, day, None, "en", text), annotation)
            for template in templates:
                fill_slots(template, coded, published)
        found[record["docid"]] = templates
    return found


def header_dates(folder: Path) -> dict[str, datetime.date]:
    """Dates of the raw messages' headers by message."""
    found = {}
    for path in sorted(p for p in folder.glob("*") if not p.name.startswith("key-")):
        for message in re.split(r"(?m)^(?=(?:DEV|TST\d)-MUC\d-\d{4})", path.read_text(encoding="latin-1")):
            date = header_date(message)
            if date:
                found[message.split(None, 1)[0]] = date
    return found


def _rows(counts: dict[str, Counts]) -> list[tuple[object, ...]]:
    return [(name, c.precision, c.recall, c.f1, int(c.gold)) for name, c in counts.items()]


def run(args: argparse.Namespace) -> dict[str, Any]:
    folder = args.data if args.data.is_dir() else args.data.parent.parent
    path = folder / "templates" / f"{args.part or 'dev'}.json" if args.data.is_dir() else args.data
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    raw = folder / "raw"
    dates = (header_dates(raw) if raw.is_dir() else {}) if args.slots else None
    predicted = predict(records, dates)
    if args.predictions:
        shown = {name: {"pred_templates": templates} for name, templates in predicted.items()}
        args.predictions.write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")
    header = ("", "P", "R", "F1", "gold")
    figures: dict[str, Any] = {}
    if all("templates" in r for r in records):
        gold = {r["docid"]: r["templates"] for r in records}
        figures = {
            "rme": rme(gold, predicted),
            "rme_gtt": rme(gold, predicted, same_type=False),
            "ree": ree(gold, predicted),
        }
        show("muc4: CEAF-RME (IterX 53.0, GTT 50.2)", header, _rows(figures["rme"]))
        show("muc4: CEAF-RME, templates of any type aligned", header, _rows({"all": figures["rme_gtt"]["all"]}))
        show("muc4: CEAF-REE (TempGen 57.8, GRIT 54.5)", header, _rows(figures["ree"]))
    if args.slots and raw.is_dir():
        figures["slots"] = score_slots(read_keys(raw), predicted)
        show("muc4: slots (GE 1992, all 24 slots: F 55.9 on TST3, 57.2 on TST4)", header, _rows(figures["slots"]))
    return figures
