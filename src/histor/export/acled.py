"""Rows in ACLED's columns (names only: no row, note or actor list of ACLED's is used).

Codes after the ACLED Codebook: interaction terms, civilian targeting, the middle day of an interval.
ACLED's own identifiers, population and source scales stay empty.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import IO

from histor.export.cells import Rows
from histor.export.dossier import Dossier, name_of, names
from histor.export.notes import note
from histor.export.schemes import columns, countries, country_name, schemes
from histor.export.table import TableWriter
from histor.model.incidents import Incident
from histor.model.records import Actor, Place

_INTER = {
    "MIL": 1, "GOV": 1, "COP": 1, "SPY": 1, "JUD": 1, "LEG": 1, "REB": 2, "PRM": 3, "UAF": 3, "CRM": 3,
    "IGO": 8, "UNO": 8, "NGO": 8, "EUR": 8, "ISM": 8, "IMG": 8, "MNC": 8,
}  # fmt: skip
_STATE, _RIOTERS, _PROTESTERS, _CIVILIANS, _EXTERNAL = 1, 5, 6, 7, 8


class AcledWriter(TableWriter):
    """A CSV file with ACLED's 31 columns."""

    def table(self, out: IO[bytes]) -> Rows:
        return Rows(out, columns("acled_columns"))

    def rows(self, dossier: Dossier) -> list[dict[str, object]]:
        """One, if the incident has an ACLED sub-event type and a date."""
        return [row(dossier)] if dossier.incident.acled is not None and dossier.first_day is not None else []


def row(dossier: Dossier) -> dict[str, object]:
    """The incident as ACLED's columns."""
    incident = dossier.incident
    if incident.acled is None:
        raise ValueError("the incident has no ACLED sub-event type")
    day = middle_day(dossier.first_day, dossier.last_day)
    iso3 = incident.place.country if incident.place else None
    one, two = _parties(incident)
    inter1, inter2 = _inter(one, incident, iso3, True), _inter(two, incident, iso3, False)
    disorder = disorder_of(incident.acled.sub_event_type)
    targeted = "Civilian targeting" if inter2 == _CIVILIANS and disorder.startswith("Political violence") else None
    killed = dossier.estimate("killed")
    cells: dict[str, object] = {
        "event_id_cnty": f"{iso3 or 'ZZZ'}{dossier.number}", "event_date": day, "year": int(day[:4]) if day else None,
        "time_precision": incident.date.time_precision if incident.date else None, "disorder_type": disorder,
        "event_type": incident.acled.event_type, "sub_event_type": incident.acled.sub_event_type,
        "actor1": _name(one, inter1, iso3), "assoc_actor_1": "; ".join(names(one[1:])) or None,
        "inter1": _term(inter1),
        "actor2": _name(two, inter2, iso3), "assoc_actor_2": "; ".join(names(two[1:])) or None,
        "inter2": _term(inter2),
        "interaction": interaction(inter1, inter2), "civilian_targeting": targeted,
        "source": "; ".join(dossier.outlets), "notes": note(dossier),
        "fatalities": (killed.best if killed.best is not None else killed.low or 0) if killed else 0,
        "tags": "; ".join(dossier.contexts), "timestamp": _stamp(dossier.published or day),
    }  # fmt: skip
    return cells | _where(incident.place)


def middle_day(first: str | None, last: str | None) -> str | None:
    """The middle day of an interval, the earlier of two (ACLED Codebook, time precision 2 and 3)."""
    if first is None or last is None:
        return first or last
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return (start + (end - start) // 2).isoformat()


def _parties(incident: Incident) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Actors and recipients; ACLED's first actor is never empty while its second is not."""
    if not incident.actors and incident.recipients:
        return (), incident.recipients
    return incident.actors, incident.recipients


def _inter(side: tuple[Actor, ...], incident: Incident, iso3: str | None, first: bool) -> int:
    """ACLED's interaction code of a side; 0 without one."""
    event_type = incident.acled.event_type if incident.acled else ""
    if first and event_type in {"Protests", "Riots"}:
        return _PROTESTERS if event_type == "Protests" else _RIOTERS
    if not side:
        return 0
    code = _INTER.get(side[0].sector or "", _CIVILIANS if side[0].sector else 0)
    if code == _STATE and iso3 and side[0].country and side[0].country != iso3:
        return _EXTERNAL
    return code


def _name(side: tuple[Actor, ...], inter: int, iso3: str | None) -> str | None:
    """The side's first actor; crowds and civilians are named by country, as ACLED does."""
    country = country_name(iso3)
    crowd = {_RIOTERS: "Rioters", _PROTESTERS: "Protesters", _CIVILIANS: "Civilians"}.get(inter)
    if crowd:
        return f"{crowd} ({country})" if country else crowd
    return name_of(side[0]) if side else None


@cache
def _terms() -> dict[int, str]:
    return {int(code): term for code, term in schemes()["acled_inter"].items()}


def _term(inter: int) -> str | None:
    return _terms().get(inter)


@cache
def _interactions() -> frozenset[str]:
    return frozenset(schemes()["acled_interaction"].values())


def interaction(inter1: int, inter2: int) -> str | None:
    """ACLED's term for two sides: the lower code first, save ``External/Other forces-Civilians``."""
    if not inter1 and not inter2:
        return None
    if not inter1 or not inter2:
        return f"{_terms()[inter1 or inter2]} only"
    low, high = sorted((inter1, inter2))
    forward = f"{_terms()[low]}-{_terms()[high]}"
    return forward if forward in _interactions() else f"{_terms()[high]}-{_terms()[low]}"


@cache
def _disorders() -> dict[str, str]:
    return {sub: disorder for _, sub, disorder in schemes()["acled_taxonomy_in_hierarchical_order"]}


def disorder_of(sub_event_type: str) -> str:
    """ACLED's disorder type of a sub-event type."""
    return _disorders()[sub_event_type]


def _where(place: Place | None) -> dict[str, object]:
    if place is None:
        return {}
    country = countries().get(place.country or "")
    return {
        "iso": country.iso_numeric if country else None, "region": country.acled_region if country else None,
        "country": country.name if country else None, "admin1": place.admin1, "admin2": place.admin2,
        "location": place.name or place.text,
        "latitude": _degrees(place.latitude), "longitude": _degrees(place.longitude),
        "geo_precision": place.geo_precision,
    }  # fmt: skip


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _stamp(day: str | None) -> int | None:
    """Midnight UTC of the latest report: the time a row speaks for, the same on every run."""
    return int(datetime.fromisoformat(day[:10]).replace(tzinfo=UTC).timestamp()) if day else None
