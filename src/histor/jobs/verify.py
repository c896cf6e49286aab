"""Checking a release: what its tables say, and what only identifiers and the chain of decisions show."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from histor.coding.claims import claim_id
from histor.export.check_release import check_release
from histor.export.release import TABLES, read_table
from histor.model.incidents import Decision
from histor.model.ledger import check_chain
from histor.store.verify import Finding


def verify_release(path: Path) -> Iterator[Finding]:
    """What is wrong with a release, nothing if it is sound. Raises InputError for a file that is none."""
    for said in check_release(path):
        yield Finding("release", path.name, said)
    with zipfile.ZipFile(path) as release:
        names = set(release.namelist())
        if all(f"data/{name}.csv" in names for name in TABLES):
            yield from _claims(release)
            yield from _decisions(release)


def _claims(release: zipfile.ZipFile) -> Iterator[Finding]:
    for number, row in enumerate(read_table(release, "claims"), 1):
        try:
            span = (int(row["start"]), int(row["end"])) if row["start"] else None
            value = json.loads(row["value"])
            said = claim_id(row["report_id"], row["event_mention_id"], row["property"], value, span, row["coder"])
        except (ValueError, KeyError, TypeError) as error:
            yield Finding("claims", f"row {number}", f"it cannot be read ({error})")
            continue
        if said != row["claim_id"]:
            yield Finding(
                "claims", f"row {number}", "its id is not that of its mention, property, value, span and coder"
            )


def _decisions(release: zipfile.ZipFile) -> Iterator[Finding]:
    rows = []
    for number, row in enumerate(read_table(release, "decisions"), 1):
        try:
            rows.append(
                Decision(
                    id=row["decision_id"], action=row["action"], subject=row["subject"],
                    payload=msgspec.json.decode(row["payload"], type=dict), reason=row["reason"] or None,
                    coder=row["coder"], made_at=row["made_at"], previous=row["previous"], digest=row["digest"],
                )
            )  # fmt: skip
        except (msgspec.MsgspecError, KeyError) as error:
            yield Finding("decisions", f"row {number}", f"it cannot be read ({error})")
    for name, what in check_chain(rows):
        yield Finding("decisions", name[:64], what)
