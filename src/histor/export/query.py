"""An incident as `histor query --json` gives it: one object a line, every number with its claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from histor.export.dossier import Dossier, Telling
from histor.model.incidents import Estimate
from histor.model.records import Report


def incident_record(dossier: Dossier, copies: Mapping[str, str]) -> dict[str, Any]:
    """The incident by the field names of the output contract; `copies` leads from a report's id to its original's."""
    incident = dossier.incident
    plain = msgspec.to_builtins(incident)
    return {
        "id": incident.id,
        **{name: plain[name] for name in ("event_type", "acled", "ucdp", "place", "date", "actors", "recipients")},
        "factuality": incident.factuality,
        "status": incident.status,
        "estimates": {name: _estimate(found) for name, found in sorted(incident.estimates.items())},
        "event_mentions": [_mention(t) for t in dossier.tellings],
        "reports": [_report(r, copies) for r in dossier.reports],
        "origins": incident.origins,
    }


def _estimate(found: Estimate) -> dict[str, Any]:
    return {
        "rule": found.rule, "low": found.low, "best": found.best, "high": found.high, "disputed": found.disputed,
        "claims_used": list(found.claims_used),
        "claims_left_out": [{"claim": left.claim, "why": left.why} for left in found.claims_left_out],
    }  # fmt: skip


def _mention(telling: Telling) -> dict[str, Any]:
    trigger = telling.mention.trigger
    return {
        "id": telling.mention.id, "report_id": telling.report.id, "external_id": external(telling.report),
        "trigger": {"text": trigger.text, "span": list(trigger.span)}, "factuality": telling.mention.factuality,
    }  # fmt: skip


def _report(report: Report, copies: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": report.id, "external_id": external(report), "source": report.source, "published": report.published,
        "title": report.title, "copy_of": copies.get(report.id),
    }  # fmt: skip


def external(report: Report) -> str | None:
    """The id that the input gave the report, if any."""
    return report.external_id if isinstance(report.external_id, str) else None
