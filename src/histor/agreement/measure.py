"""Agreement field by field: Krippendorff's α with a bootstrap interval, F1 for what was found, distances for place and date.

α after Krippendorff, Content Analysis (2004), chapter 11; the interval by drawing reports with replacement, since mentions
of one report are not independent.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import krippendorff
import numpy as np

from histor.agreement.align import Aligned, align
from histor.model.records import EventMention

Value = str | float | None
Level = Literal["nominal", "ordinal", "interval", "ratio"]
Read = Callable[[EventMention], Value]
DRAWS = 400
"""Bootstrap samples behind an interval."""


@dataclass(frozen=True)
class Field:
    """One field's agreement: `value` is α unless `measure` says otherwise; `low` and `high` bound 95 %.

    `used` counts the aligned pairs that both coders gave a value, `left_out` the others by reason.
    """

    name: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    used: int
    left_out: Mapping[str, int]


@dataclass(frozen=True)
class Agreement:
    """Two coders over the reports that both have coded."""

    reports: int
    aligned: int
    missed: int
    extra: int
    f1: float | None
    fields: tuple[Field, ...]


def _days(mention: EventMention) -> Value:
    if mention.date is None or mention.date.earliest is None:
        return None
    return float(date.fromisoformat(mention.date.earliest).toordinal())


def _killed(mention: EventMention) -> Value:
    found = [c for c in mention.casualties if c.kind == "killed"]
    return (
        None if not found else next((float(n) for c in found for n in (c.best, c.low, c.high) if n is not None), None)
    )


def _names(mention: EventMention, side: str) -> Value:
    people = mention.actors if side == "actors" else mention.recipients
    return "; ".join(sorted((a.id or a.name or a.text).casefold() for a in people)) or None


def _where(mention: EventMention) -> Value:
    place = mention.place
    return None if place is None else (place.name or place.text).casefold()


def _precision(mention: EventMention) -> Value:
    return float(mention.place.where_prec) if mention.place and mention.place.where_prec else None


def _acled(mention: EventMention) -> Value:
    return mention.acled.sub_event_type if mention.acled else "none"


FIELDS: tuple[tuple[str, Level, Read], ...] = (
    ("event_type", "nominal", lambda m: m.event_type),
    ("acled_sub_event_type", "nominal", _acled),
    ("factuality", "nominal", lambda m: m.factuality),
    ("actors", "nominal", lambda m: _names(m, "actors")),
    ("recipients", "nominal", lambda m: _names(m, "recipients")),
    ("place", "nominal", _where),
    ("where_prec", "ordinal", _precision),
    ("date", "interval", _days),
    ("killed", "ratio", _killed),
)
"""Fields with the level of measurement at which α is taken."""


def agreement(
    first: Mapping[str, Sequence[EventMention]], second: Mapping[str, Sequence[EventMention]], seed: int = 0
) -> Agreement:
    """Agreement over the reports that both mappings (report id → event mentions, retellings left out) hold."""
    shared = sorted(first.keys() & second.keys())
    found = [align(first[r], second[r]) for r in shared]
    aligned, missed, extra = (sum(len(getattr(a, n)) for a in found) for n in ("pairs", "missed", "extra"))
    total = 2 * aligned + missed + extra
    fields = [_field(name, level, read, found, seed) for name, level, read in FIELDS]
    fields += [
        _distance("place_km", "median km", _kilometres, found, seed),
        _distance("date_days", "median days", _gap, found, seed),
        _distance("trigger_overlap", "mean overlap", _overlap, found, seed, np.mean),
    ]
    return Agreement(len(shared), aligned, missed, extra, 2 * aligned / total if total else None, tuple(fields))


def _field(name: str, level: Level, read: Read, found: Sequence[Aligned], seed: int) -> Field:
    by_report = [[(read(a), read(b)) for a, b in one.pairs] for one in found]
    left_out = {"neither stated": 0, "one stated": 0}
    kept: list[list[tuple[Value, Value]]] = []
    for pairs in by_report:
        some: list[tuple[Value, Value]] = []
        for a, b in pairs:
            if a is not None and b is not None:
                some.append((a, b))
            else:
                left_out["neither stated" if a is b else "one stated"] += 1
        kept.append(some)
    used = sum(map(len, kept))
    low, high = _interval([k for k in kept if k], lambda groups: alpha([p for g in groups for p in g], level), seed)
    return Field(name, f"α ({level})", alpha([p for g in kept for p in g], level), low, high, used, left_out)


def alpha(pairs: Sequence[tuple[Value, Value]], level: Level) -> float | None:
    """Krippendorff's α of two coders; None where it is not defined (fewer than two pairs, or a single value throughout)."""
    values = sorted({v for pair in pairs for v in pair if v is not None}, key=str)
    if len(pairs) < 2 or len(values) < 2:
        return None
    if level == "nominal":
        codes: dict[Value, float] = {v: float(k) for k, v in enumerate(values)}
        table = np.array([[codes[a] for a, _ in pairs], [codes[b] for _, b in pairs]])
    else:
        table = np.array([[float(a or 0) for a, _ in pairs], [float(b or 0) for _, b in pairs]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = float(krippendorff.alpha(reliability_data=table, level_of_measurement=level))
    return None if math.isnan(found) else found


def _interval(
    groups: Sequence[Any], measure: Callable[[Sequence[Any]], float | None], seed: int
) -> tuple[float | None, float | None]:
    """The 2.5th and 97.5th percentile over draws of groups with replacement; None for fewer than five groups."""
    if len(groups) < 5:
        return None, None
    random = np.random.default_rng(seed)
    drawn = [measure([groups[i] for i in random.integers(len(groups), size=len(groups))]) for _ in range(DRAWS)]
    known = [d for d in drawn if d is not None]
    if len(known) < DRAWS / 2:
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)


def _distance(
    name: str,
    measure: str,
    between: Callable[[EventMention, EventMention], float | None],
    found: Sequence[Aligned],
    seed: int,
    middle: Callable[[Any], Any] = np.median,
) -> Field:
    groups = [[d for a, b in one.pairs if (d := between(a, b)) is not None] for one in found]
    used = sum(map(len, groups))
    pairs = sum(len(one.pairs) for one in found)

    def of(some: Sequence[Any]) -> float | None:
        flat = [d for g in some for d in g]
        return float(middle(flat)) if flat else None

    low, high = _interval([g for g in groups if g], of, seed)
    return Field(name, measure, of(groups), low, high, used, {"not stated by both": pairs - used})


def _kilometres(one: EventMention, other: EventMention) -> float | None:
    a, b = one.place, other.place
    if a is None or b is None or a.latitude is None or b.latitude is None or a.longitude is None or b.longitude is None:
        return None
    p, q = math.radians(a.latitude), math.radians(b.latitude)
    half = (
        math.sin((q - p) / 2) ** 2
        + math.cos(p) * math.cos(q) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def _gap(one: EventMention, other: EventMention) -> float | None:
    a, b = _days(one), _days(other)
    return abs(a - b) if isinstance(a, float) and isinstance(b, float) else None


def _overlap(one: EventMention, other: EventMention) -> float:
    (a, b), (c, d) = one.trigger.span, other.trigger.span
    return max(0, min(b, d) - max(a, c)) / max(1, max(b, d) - min(a, c))
