"""A release: one zip with the tables, what describes them, and what changed since the release before.

A Frictionless Data Package (specification 1.0) with SHA256SUMS and CITATION.cff (1.2.0). The same content gives the
same bytes: members stand in a fixed order with a fixed time.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from histor.export.cells import Rows, unescape_formula
from histor.export.changes import changes_between
from histor.export.dossier import Dossier
from histor.export.flat import TYPES, flat_row
from histor.export.formats import FORMATS
from histor.model.canonical import canonical_json
from histor.model.incidents import Copy, Decision
from histor.model.records import Claim, Report

TABLES: dict[str, tuple[tuple[str, str], ...]] = {
    "reports": (
        ("report_id", "string"), ("external_id", "string"), ("source", "string"), ("published", "date"), ("title", "string"),
        ("language", "string"), ("url", "string"), ("text_sha256", "string"), ("copy_of", "string"), ("text", "string"),
    ),
    "incidents": tuple(
        (name, {str: "string", int: "integer", float: "number", bool: "boolean"}[kind]) for name, kind in TYPES.items()
    ),
    "incident_mentions": (("incident_id", "string"), ("event_mention_id", "string"), ("report_id", "string")),
    "claims": (
        ("claim_id", "string"), ("event_mention_id", "string"), ("report_id", "string"), ("property", "string"),
        ("value", "string"), ("text", "string"), ("start", "integer"), ("end", "integer"), ("attribution", "string"),
        ("factuality", "string"), ("confidence", "number"), ("coder", "string"), ("rule", "string"),
    ),
    "estimates": (
        ("incident_id", "string"), ("property", "string"), ("rule", "string"), ("low", "integer"), ("best", "integer"),
        ("high", "integer"), ("disputed", "boolean"), ("claims_used", "string"), ("claims_left_out", "string"),
    ),
    "decisions": (
        ("decision_id", "string"), ("action", "string"), ("subject", "string"), ("payload", "string"), ("reason", "string"),
        ("coder", "string"), ("made_at", "string"), ("previous", "string"), ("digest", "string"),
    ),
}  # fmt: skip
"""Tables of a release with their columns and Frictionless types; `value`, `payload` and lists of pairs are JSON."""

KEYS = {
    "incident_mentions": (("incident_id", "incidents", "incident_id"), ("report_id", "reports", "report_id")),
    "claims": (("report_id", "reports", "report_id"),),
    "estimates": (("incident_id", "incidents", "incident_id"),),
}
"""Foreign keys: column, table, column there."""

SCHEMES = {"ucdp": "ucdp_ged.csv", "acled": "acled.csv", "geojson": "incidents.geojson"}
"""Rows in the field's schemes that go with a release, by format."""

_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Imprint:
    """Who releases what: `version` and `released` (an ISO day) name the release, `licence` is an SPDX identifier."""

    title: str
    version: str
    released: str
    authors: tuple[str, ...] = ()
    licence: str | None = None
    description: str | None = None
    coders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """What a release holds; iterables are read once, in the order they give."""

    dossiers: Iterable[Dossier]
    reports: Iterable[Report]
    claims: Iterable[Claim]
    decisions: Iterable[Decision]
    copies: Iterable[Copy] = ()


@dataclass
class _Archive:
    """A zip whose members are hashed as they are written."""

    zip: zipfile.ZipFile
    sums: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def put(self, name: str, write: Callable[[IO[bytes]], None]) -> None:
        info = zipfile.ZipInfo(name, _TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self.zip.open(info, "w", force_zip64=True) as member:
            out = _Hashed(member)
            write(cast(IO[bytes], out))
        self.sums[name] = out.digest.hexdigest()
        self.sizes[name] = out.size


class _Hashed(io.RawIOBase):
    """A stream that hashes and counts what goes through it."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        taken = bytes(data)
        self.digest.update(taken)
        self.size += len(taken)
        self._out.write(taken)
        return len(taken)


def write_release(
    out: IO[bytes], content: Content, imprint: Imprint, *, previous: Path | None = None, with_text: bool = False
) -> dict[str, str]:
    """Write the zip and give the SHA-256 of each member.

    Reports carry their text only `with_text`, since most news may be quoted but not handed on; their hash always
    stands there. `previous` is the release that the changelog compares with. Raises InputError if that is no release.
    """
    dossiers = list(content.dossiers)
    with zipfile.ZipFile(out, "w") as handle:
        archive = _Archive(handle)
        copies = {c.report_id: c.copy_of for c in content.copies}
        rows = {
            "reports": (_report_row(r, copies.get(r.id), with_text) for r in content.reports),
            "incidents": map(flat_row, dossiers),
            "incident_mentions": _memberships(dossiers),
            "claims": map(_claim_row, content.claims),
            "estimates": _estimates(dossiers),
            "decisions": map(_decision_row, content.decisions),
        }
        for name, columns in TABLES.items():
            archive.put(f"data/{name}.csv", _table([c for c, _ in columns], rows[name]))
        for form, name in SCHEMES.items():
            archive.put(f"schemes/{name}", _scheme(form, dossiers))
        changelog = changes_between(previous, [flat_row(d) for d in dossiers], imprint.version)
        archive.put("CHANGELOG.md", _text(changelog))
        archive.put("CITATION.cff", _text(citation(imprint)))
        archive.put("README.md", _text(_readme(imprint, len(dossiers), with_text)))
        archive.put(
            "datapackage.json", _text(json.dumps(_package(imprint, archive), ensure_ascii=False, indent=2) + "\n")
        )
        sums = dict(archive.sums)
        archive.put("SHA256SUMS", _text("".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))))
    return archive.sums


def _text(text: str) -> Callable[[IO[bytes]], None]:
    def write(out: IO[bytes]) -> None:
        out.write(text.encode())

    return write


def _table(columns: list[str], rows: Iterable[dict[str, Any]]) -> Callable[[IO[bytes]], None]:
    def write(out: IO[bytes]) -> None:
        table = Rows(out, columns)
        for row in rows:
            table.write(row)
        table.close()

    return write


def _scheme(form: str, dossiers: list[Dossier]) -> Callable[[IO[bytes]], None]:
    def write(out: IO[bytes]) -> None:
        writer = FORMATS[form](out)
        for dossier in dossiers:
            writer.write(dossier)
        writer.close()

    return write


def _json(value: Any) -> str:
    return canonical_json(msgspec.to_builtins(value)).decode()


def _report_row(report: Report, copy_of: str | None, with_text: bool) -> dict[str, Any]:
    return {
        "report_id": report.id, "external_id": report.external_id if isinstance(report.external_id, str) else None,
        "source": report.source, "published": report.published, "title": report.title, "language": report.language,
        "url": report.url if isinstance(report.url, str) else None, "copy_of": copy_of,
        "text_sha256": hashlib.sha256(report.text.encode()).hexdigest(), "text": report.text if with_text else None,
    }  # fmt: skip


def _memberships(dossiers: list[Dossier]) -> Iterator[dict[str, Any]]:
    for dossier in dossiers:
        for telling in dossier.tellings:
            yield {
                "incident_id": dossier.incident.id, "event_mention_id": telling.mention.id, "report_id": telling.report.id
            }  # fmt: skip


def _claim_row(claim: Claim) -> dict[str, Any]:
    return {
        "claim_id": claim.id, "event_mention_id": claim.event_mention_id, "report_id": claim.report_id,
        "property": claim.property, "value": _json(claim.value), "text": claim.text,
        "start": claim.span[0] if claim.span else None, "end": claim.span[1] if claim.span else None,
        "attribution": _json(claim.attribution), "factuality": claim.factuality, "confidence": claim.confidence,
        "coder": claim.coder, "rule": claim.rule,
    }  # fmt: skip


def _estimates(dossiers: list[Dossier]) -> Iterator[dict[str, Any]]:
    for dossier in dossiers:
        for name, found in sorted(dossier.incident.estimates.items()):
            yield {
                "incident_id": dossier.incident.id, "property": name, "rule": found.rule, "low": found.low,
                "best": found.best, "high": found.high, "disputed": found.disputed,
                "claims_used": "; ".join(found.claims_used), "claims_left_out": _json(found.claims_left_out),
            }  # fmt: skip


def _decision_row(decision: Decision) -> dict[str, Any]:
    return {
        "decision_id": decision.id, "action": decision.action, "subject": decision.subject,
        "payload": _json(decision.payload), "reason": decision.reason, "coder": decision.coder,
        "made_at": decision.made_at, "previous": decision.previous, "digest": decision.digest,
    }  # fmt: skip


def _package(imprint: Imprint, archive: _Archive) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package", "name": _slug(imprint.title), "title": imprint.title,
        "version": imprint.version, "created": f"{imprint.released}T00:00:00Z",
        **({"description": imprint.description} if imprint.description else {}),
        **({"licenses": [{"name": imprint.licence}]} if imprint.licence else {}),
        "contributors": [{"title": name, "role": "author"} for name in imprint.authors],
        "resources": [_resource(name, archive) for name in TABLES],
    }  # fmt: skip


def _resource(name: str, archive: _Archive) -> dict[str, Any]:
    path = f"data/{name}.csv"
    schema: dict[str, Any] = {
        "fields": [{"name": column, "type": kind} for column, kind in TABLES[name]], "missingValues": [""]
    }  # fmt: skip
    if name in KEYS:
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": table, "fields": there}} for column, table, there in KEYS[name]
        ]
    if name in {"reports", "incidents"}:
        schema["primaryKey"] = TABLES[name][0][0]
    return {
        "profile": "tabular-data-resource", "name": name.replace("_", "-"), "path": path, "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8", "hash": f"sha256:{archive.sums[path]}",
        "bytes": archive.sizes[path], "schema": schema,
    }  # fmt: skip


def _slug(title: str) -> str:
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in title.lower())
    return "-".join(filter(None, kept.split("-"))) or "release"


def citation(imprint: Imprint) -> str:
    """CITATION.cff 1.2.0; names as entities, since a string does not say which part is the family's."""
    lines = [
        "cff-version: 1.2.0", "message: Please cite this dataset as below.", "type: dataset",
        f"title: {_yaml(imprint.title)}", f"version: {_yaml(imprint.version)}", f"date-released: {imprint.released}", "authors:",
        *(f"  - name: {_yaml(name)}" for name in imprint.authors or ("The authors of this dataset",)),
    ]  # fmt: skip
    if imprint.licence:
        lines.append(f"license: {_yaml(imprint.licence)}")
    if imprint.description:
        lines.append(f"abstract: {_yaml(imprint.description)}")
    return "\n".join(lines) + "\n"


def _yaml(text: str) -> str:
    """A YAML scalar: JSON strings are YAML's double-quoted ones."""
    return json.dumps(text, ensure_ascii=False)


def _readme(imprint: Imprint, incidents: int, with_text: bool) -> str:
    tables = "\n".join(f"- `data/{name}.csv`: {', '.join(c for c, _ in columns)}" for name, columns in TABLES.items())
    texts = (
        "The reports' texts are included, so that every span can be checked against its words."
        if with_text
        else "The reports' texts are not included; `text_sha256` tells whether a text you have is the one that was coded."
    )
    return (
        f"# {imprint.title}, version {imprint.version}\n\n{imprint.description or ''}\n\n"
        f"{incidents} incidents, released on {imprint.released}. Coded by: {', '.join(imprint.coders) or 'not stated'}.\n\n"
        f"{tables}\n\n`schemes/` holds the same incidents in the columns of UCDP GED and ACLED and as GeoJSON, as far as "
        f"those schemes have rows for them. {texts}\n\nAn empty cell is *not stated*; zero is 0. "
        "Every claim carries its words, their span in code points of the report's text, and on whose word it stands. "
        "Check the whole with `histor verify` on this file.\n"
    )


def read_table(release: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    """Rows of a table of a release, texts as they were. Raises KeyError if it has no such table."""
    with release.open(f"data/{name}.csv") as member, io.TextIOWrapper(member, encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            yield {name: unescape_formula(cell) for name, cell in row.items()}
