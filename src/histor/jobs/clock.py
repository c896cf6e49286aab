"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now(later: timedelta = timedelta()) -> str:
    """The time, or one `later`, as records have it: ISO, UTC, microseconds."""
    return (datetime.now(UTC) + later).isoformat(timespec="microseconds")
