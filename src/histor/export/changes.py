"""What changed between two releases, incident by incident."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from histor.model.errors import InputError

SHOWN = 200
"""Incidents named under each heading; the rest is counted."""


def changes_between(previous: Path | None, rows: Sequence[Mapping[str, Any]], version: str) -> str:
    """A changelog in Markdown. Raises InputError if `previous` is not a release of histor's."""
    if previous is None:
        return f"# Changes\n\n## {version}\n\nFirst release: {len(rows)} incidents.\n"
    old = {row["incident_id"]: row for row in _incidents(previous)}
    new = {row["incident_id"]: {k: _cell(v) for k, v in row.items()} for row in rows}
    added = [new[i] for i in new if i not in old]
    gone = [old[i] for i in old if i not in new]
    changed = [(new[i], names) for i in new if i in old and (names := _differences(old[i], new[i]))]
    moved = _successors(gone, new)
    lines = [f"# Changes\n\n## {version}, compared with {previous.name}\n"]
    lines += _section("Added", [_line(row) for row in added])
    lines += _section("Merged or withdrawn", [_line(row) + moved.get(row["incident_id"], "") for row in gone])
    lines += _section("Changed", [f"{_line(row)}: {', '.join(names)}" for row, names in changed])
    return "\n".join(lines) + "\n"


def _incidents(previous: Path) -> list[dict[str, str]]:
    try:
        with zipfile.ZipFile(previous) as release, release.open("data/incidents.csv") as member:
            return list(csv.DictReader(io.TextIOWrapper(member, encoding="utf-8", newline="")))
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            "release.previous", f"this is not a release ({error}).", where=str(previous),
            do="Give a zip that `histor release` wrote.",
        ) from error  # fmt: skip


def _cell(value: Any) -> str:
    from histor.export.cells import text_cell

    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return text_cell(value) if isinstance(value, str) else str(value)


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [
        f"{name} {old.get(name) or '–'} → {new[name] or '–'}"
        for name in new
        if old.get(name, "") != new[name] and name != "event_mentions"
    ]


def _successors(gone: Sequence[Mapping[str, str]], new: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Which incident now holds the event mentions of one that is gone."""
    holder = {m: i for i, row in new.items() for m in row["event_mentions"].split("; ")}
    found = {}
    for row in gone:
        heirs = sorted({holder[m][:12] for m in row["event_mentions"].split("; ") if m in holder})
        found[row["incident_id"]] = f", now in {', '.join(heirs)}" if heirs else ""
    return found


def _line(row: Mapping[str, str]) -> str:
    kind = row["acled_sub_event_type"] or row["event_type"]
    where = " in ".join(filter(None, (kind, row["place"] or row["place_text"])))
    return f"- `{row['incident_id'][:12]}` {where}, {row['date_start'] or 'no date'}"


def _section(name: str, lines: list[str]) -> list[str]:
    shown = lines[:SHOWN]
    if len(lines) > SHOWN:
        shown.append(f"- and {len(lines) - SHOWN} more")
    return [f"### {name}: {len(lines)}\n", *shown, ""]
