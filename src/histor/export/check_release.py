"""Is a release what it was when it was made: sums, keys between its tables, words at their spans."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from histor.export.release import KEYS, TABLES, read_table
from histor.model.errors import InputError

csv.field_size_limit(100_000_000)


def check_release(path: Path) -> Iterator[str]:
    """Findings in words, none for a sound release. Raises InputError for a file that is no release."""
    try:
        with zipfile.ZipFile(path) as release:
            names = set(release.namelist())
            if "SHA256SUMS" not in names:
                raise InputError(
                    "verify.release",
                    "the zip holds no SHA256SUMS.",
                    where=str(path),
                    do="Give a zip of `histor release`.",
                )
            yield from _sums(release, names)
            missing = [f"data/{name}.csv" for name in TABLES if f"data/{name}.csv" not in names]
            if missing:
                yield f"missing: {', '.join(missing)}"
                return
            yield from _keys(release)
            yield from _words(release)
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            "verify.release", f"the release cannot be read ({error}).", where=str(path), do="Fetch or make it again."
        ) from error


def _sums(release: zipfile.ZipFile, names: set[str]) -> Iterator[str]:
    stated = {}
    for line in release.read("SHA256SUMS").decode().splitlines():
        digest, _, name = line.partition("  ")
        stated[name] = digest
    for name in sorted(names - stated.keys() - {"SHA256SUMS"}):
        yield f"{name}: is not named in SHA256SUMS"
    for name in sorted(stated.keys() - names):
        yield f"{name}: is named in SHA256SUMS and missing"
    for name in sorted(stated.keys() & names):
        if _sha256(release, name) != stated[name]:
            yield f"{name}: its SHA-256 is not the one in SHA256SUMS"


def _sha256(release: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with release.open(name) as member:
        while piece := member.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _keys(release: zipfile.ZipFile) -> Iterator[str]:
    held = {
        (table, column): {row.get(column) for row in read_table(release, table)}
        for keys in KEYS.values()
        for _, table, column in keys
    }
    for name, keys in KEYS.items():
        for number, row in enumerate(read_table(release, name), 1):
            for column, table, there in keys:
                if row.get(column) not in held[table, there]:
                    yield f"{name}, row {number}: {column} {row.get(column)} is not in {table}"
    mentions = {row["event_mention_id"] for row in read_table(release, "claims")}
    for number, row in enumerate(read_table(release, "incident_mentions"), 1):
        if row["event_mention_id"] not in mentions:
            yield f"incident_mentions, row {number}: event mention {row['event_mention_id']} has no claim"
    claims = {row["claim_id"] for row in read_table(release, "claims")}
    for number, row in enumerate(read_table(release, "estimates"), 1):
        left = [item["claim"] for item in json.loads(row["claims_left_out"] or "[]")]
        for claim in filter(None, [*row["claims_used"].split("; "), *left]):
            if claim not in claims:
                yield f"estimates, row {number}: claim {claim} is not in claims"


def _words(release: zipfile.ZipFile) -> Iterator[str]:
    texts = {}
    for number, row in enumerate(read_table(release, "reports"), 1):
        if not row["text"]:
            continue
        texts[row["report_id"]] = row["text"]
        if hashlib.sha256(row["text"].encode()).hexdigest() != row["text_sha256"]:
            yield f"reports, row {number}: the text is not the one of text_sha256"
    for number, row in enumerate(read_table(release, "claims"), 1):
        text = texts.get(row["report_id"])
        if text is None or not row["start"]:
            continue
        if text[int(row["start"]) : int(row["end"])] != row["text"]:
            yield f"claims, row {number}: the words are not those at {row['start']} to {row['end']} of the report"
