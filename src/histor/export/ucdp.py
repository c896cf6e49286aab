"""UCDP GED rows: organised violence with at least one death that an account credits.

Columns and codes after the UCDP GED Codebook. The programme's own numbers for conflicts, dyads and
actors, and `active_year`, need its lists and stay empty.
"""

from __future__ import annotations

import math
from typing import IO

from histor.codebook.codebook import STATE
from histor.export.cells import Rows
from histor.export.dossier import Dossier, distinct, names
from histor.export.schemes import columns, countries, country_name
from histor.export.table import TableWriter
from histor.model.incidents import Incident
from histor.model.records import Actor, Place


class UcdpWriter(TableWriter):
    """A CSV file with UCDP GED's 49 columns."""

    def table(self, out: IO[bytes]) -> Rows:
        return Rows(out, columns("ucdp_ged_columns"))

    def rows(self, dossier: Dossier) -> list[dict[str, object]]:
        """One, if the incident has a type of violence, a date and a credited death."""
        return [row(dossier)] if takes(dossier.incident) else []


def takes(incident: Incident) -> bool:
    """Whether GED has rows for such an incident: a type of violence, a day, and a death in the high estimate."""
    killed = incident.estimates.get("killed")
    dated = incident.date is not None and bool(incident.date.earliest or incident.date.latest)
    return incident.ucdp is not None and dated and killed is not None and (killed.high or killed.best or 0) > 0


def row(dossier: Dossier) -> dict[str, object]:
    """The incident as GED's columns; what nobody stated is left out."""
    incident = dossier.incident
    side_a, side_b, turned = sides(incident)
    violence = incident.ucdp.type_of_violence if incident.ucdp else None
    first, last = dossier.first_day, dossier.last_day
    first_report = dossier.reports[0]
    cells: dict[str, object] = {
        "id": dossier.number, "relid": incident.id, "year": int(first[:4]) if first else None,
        "code_status": "Clear" if incident.status == "accepted" else "Check",
        "type_of_violence": violence,
        "conflict_name": None, "dyad_name": f"{side_a} - {side_b}",
        "side_a": side_a, "side_b": side_b,
        "number_of_sources": len(dossier.outlets) or len(dossier.reports),
        "source_article": "; ".join(_article(r.source, r.published, r.title) for r in dossier.reports),
        "source_office": "; ".join(dossier.outlets),
        "source_date": "; ".join(distinct(r.published for r in dossier.reports)),
        "source_headline": first_report.title,
        "source_original": "; ".join(distinct(a.speaker for t in dossier.tellings for a in t.mention.attribution[:1])),
        "event_clarity": 1,
        "date_prec": incident.date.date_prec if incident.date else None,
        "date_start": _midnight(first), "date_end": _midnight(last),
    }  # fmt: skip
    cells |= _where(incident.place) | _deaths(dossier, turned)
    for side, column in ((_gw(incident, turned, 0), "gwnoa"), (_gw(incident, turned, 1), "gwnob")):
        cells[column] = side if violence in {1, 3} else None
    return cells


def sides(incident: Incident) -> tuple[str, str, bool]:
    """Names of side a and side b, and whether they are turned against actors and recipients.

    State-based: the government is side a. One-sided: side b is ``Civilians``.
    """
    actors, recipients = incident.actors, incident.recipients
    violence = incident.ucdp.type_of_violence if incident.ucdp else None
    if violence == 3:
        return _side(actors), "Civilians", False
    turned = violence == 1 and not _state(actors) and _state(recipients)
    a, b = (recipients, actors) if turned else (actors, recipients)
    return _side(a), _side(b), turned


def _state(actors: tuple[Actor, ...]) -> bool:
    return any(a.sector in STATE for a in actors)


def _side(actors: tuple[Actor, ...]) -> str:
    return ", ".join(names(actors)) or "Unknown"


def _gw(incident: Incident, turned: bool, side: int) -> int | None:
    """The Gleditsch-Ward number of a side that is a state's."""
    both = (incident.recipients, incident.actors) if turned else (incident.actors, incident.recipients)
    for actor in both[side]:
        if actor.sector in STATE and actor.country:
            country = countries().get(actor.country)
            return country.gw if country else None
    return None


def _article(source: str | None, published: str | None, title: str | None) -> str:
    return ",".join(filter(None, (source, published, f'"{title}"' if title else None)))


def _midnight(day: str | None) -> str | None:
    return f"{day} 00:00:00.000" if day else None


def _where(place: Place | None) -> dict[str, object]:
    if place is None:
        return {}
    country = countries().get(place.country or "")
    cells: dict[str, object] = {
        "where_prec": place.where_prec, "where_coordinates": place.name, "where_description": place.text,
        "adm_1": place.admin1, "adm_2": place.admin2, "country": country_name(place.country),
        "country_id": country.gw if country else None, "region": country.ucdp_region if country else None,
    }  # fmt: skip
    if place.latitude is not None and place.longitude is not None:
        latitude, longitude = round(place.latitude, 6), round(place.longitude, 6)
        cells |= {
            "latitude": latitude, "longitude": longitude,
            "geom_wkt": f"POINT ({longitude:.6f} {latitude:.6f})", "priogrid_gid": priogrid(latitude, longitude),
        }  # fmt: skip
    return cells


def priogrid(latitude: float, longitude: float) -> int:
    """PRIO-GRID's cell of half a degree, numbered from the south-west by rows of 720 (Tollefsen et al. 2012)."""
    line = min(359, math.floor((latitude + 90) * 2))
    return line * 720 + math.floor((longitude + 180) * 2) % 720 + 1


def _deaths(dossier: Dossier, turned: bool) -> dict[str, object]:
    """Deaths by side; `best` is the sum of the four columns, and low and high never cross it."""
    killed = dossier.estimate("killed")
    if killed is None:
        return {}
    stated = {who: _count(dossier, f"killed_{who}") for who in ("actors", "recipients", "civilians", "unknown")}
    one, other = ("recipients", "actors") if turned else ("actors", "recipients")
    best = killed.best if killed.best is not None else killed.low or 0
    a, b, civilians = stated[one], stated[other], stated["civilians"]
    unknown = stated["unknown"]
    rest = best - (a + b + civilians + unknown)
    if rest > 0:
        unknown += rest
    elif rest < 0:  # several accounts by side outrun the total: GED's best is the sum of its columns
        best -= rest
    low = min(killed.low if killed.low is not None else best, best)
    high = max(killed.high if killed.high is not None else best, best)
    return {
        "deaths_a": a, "deaths_b": b, "deaths_civilians": civilians, "deaths_unknown": unknown,
        "best": best, "low": low, "high": high,
    }  # fmt: skip


def _count(dossier: Dossier, name: str) -> int:
    found = dossier.estimate(name)
    if found is None:
        return 0
    return found.best if found.best is not None else found.low or 0
