"""`contexts`: PLOVER's gold records (plover_gsr), their contexts against those that histor gives.

A record names one context or two for its sentence; the names are those of an older draft and are carried over by
`CROSSWALK`. Recall is the share of records of which a gold context is among those of any event mention of the
sentence; as a record names only what matters most, the mean number of contexts given stands beside it in place
of a precision. Records without a context, or of a context that PLOVER has no longer, are left out.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
from pathlib import Path
from typing import Any

from benchmarks.scoring import show
from histor.jobs.coding import code_text

CROSSWALK = {
    "military": "military", "diplomatic": "diplomatic", "legal": "legal", "economic": "economic",
    "political": "political_institutions", "politics": "political_institutions", "terrorism": "terrorism",
    "election": "election", "refugee": "asylum", "refugees": "asylum", "resource": "natural_resource",
    "resources": "natural_resource", "cbrn": "cbrn", "rights": "human_rights", "government": "executive",
    "cyber": "cyber", "discrimination": "rights_freedoms", "religion": "religion_ethnicity",
}  # fmt: skip


def read(folder: Path) -> list[dict[str, Any]]:
    """Records with a text and gold contexts in today's names."""
    text = (folder / "PLOVER_GSR_CAMEO.txt").read_text(encoding="utf-8", errors="replace")
    found = []
    for body in re.findall(r"^\{.*?^\}", text, flags=re.DOTALL | re.MULTILINE):
        try:
            record = json.loads(body, strict=False)
        except ValueError:
            continue
        names = re.split(r"[,;\s]+", str(record.get("context", "")).lower())
        contexts = [CROSSWALK[n] for n in names if n in CROSSWALK]
        if contexts and record.get("text"):
            found.append({"id": record["id"], "text": record["text"], "contexts": contexts})
    return found


def run(args: argparse.Namespace) -> dict[str, float]:
    items = read(args.data)
    hits: collections.Counter[str] = collections.Counter()
    gold: collections.Counter[str] = collections.Counter()
    given = coded = 0
    for item in items:
        mentions = code_text(item["text"]).event_mentions
        found = {c for m in mentions for c in m.contexts}
        coded += bool(mentions)
        given += len(found)
        for name in ("all", item["contexts"][0]):
            gold[name] += 1
            hits[name] += bool(found & set(item["contexts"]))
    rows = [
        (name, hits[name] / gold[name], gold[name]) for name in sorted(gold, key=lambda n: (n == "all", -gold[n], n))
    ]
    show("contexts of PLOVER's gold records", ("", "recall", "records"), rows)
    figures = {"recall": hits["all"] / len(items), "given": given / len(items), "coded": coded / len(items)}
    print(f"records with an event mention {figures['coded']:.3f}; contexts given a record {figures['given']:.2f}")
    return figures
