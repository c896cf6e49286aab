"""What a person's decision changes beyond itself: the incidents of the event mentions that it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from histor.jobs.matching import refresh
from histor.model.incidents import Decision
from histor.store.project import Project


def mentions_of(decisions: Iterable[Decision]) -> list[str]:
    """The event mentions that decisions speak of, sorted."""
    found: set[str] = set()
    for row in decisions:
        payload = row.payload
        found.add(row.subject)
        found.update(payload.get("event_mentions", ()))
        found.update(m for part in payload.get("parts", ()) for m in part)
        found.update(payload[side] for side in ("left", "right") if side in payload)
    return sorted(found)


def refresh_after(project: Project, decisions: Sequence[Decision]) -> None:
    """Match and estimate anew what the decisions touch."""
    refresh(project, mentions_of(decisions))
