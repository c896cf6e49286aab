"""POLECAT rows: tab-separated, ``; `` in lists, ``None`` for what is empty.

Columns and scores after the PLOVER manual (2024) and the published POLECAT files.
"""

from __future__ import annotations

from typing import IO

from histor.export.cells import Rows
from histor.export.dossier import Dossier, distinct, names
from histor.export.schemes import columns, countries, country_name, intensity, quad_class
from histor.export.table import TableWriter
from histor.model.records import Actor, Place


class PolecatWriter(TableWriter):
    """A TSV file with POLECAT's 40 columns."""

    def table(self, out: IO[bytes]) -> Rows:
        return Rows(out, columns("polecat_columns"), tabs=True, empty="None")

    def rows(self, dossier: Dossier) -> list[dict[str, object]]:
        """One, if the incident has a date."""
        return [row(dossier)] if dossier.first_day is not None else []


def row(dossier: Dossier) -> dict[str, object]:
    """The incident as POLECAT's columns; lists are joined by ``; ``."""
    incident = dossier.incident
    first = dossier.reports[0]
    cells: dict[str, object] = {
        "Event ID": incident.id, "Event Date": dossier.first_day, "Event Type": incident.event_type,
        "Event Mode": dossier.mode, "Intensity": intensity(incident.event_type, dossier.mode),
        "Quad Code": QUADS[quad_class(incident.event_type)], "Contexts": "; ".join(dossier.contexts),
        "Source": "; ".join(dossier.outlets), "Publication Date": first.published, "Language": first.language,
        "Version": dossier.tellings[0].mention.coder,
        "Story Locations": "; ".join(distinct(t.mention.place.text for t in dossier.tellings if t.mention.place)),
    }  # fmt: skip
    cells |= _side("Actor", incident.actors) | _side("Recipient", incident.recipients)
    return cells | _where(incident.place)


QUADS = {1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT"}


def _side(name: str, side: tuple[Actor, ...]) -> dict[str, object]:
    sectors = list(distinct(a.sector for a in side))
    isos = list(distinct(a.country for a in side))
    cows = [c.cow for iso in isos if (c := countries().get(iso)) and c.cow is not None]
    return {
        f"{name} Name": "; ".join(names(side)), f"{name} Country": "; ".join(isos),
        f"{name} COW": "; ".join(map(str, cows)),
        f"Primary {name} Sector": sectors[0] if sectors else None, f"{name} Sectors": "; ".join(sectors),
        f"{name} Name Raw": "; ".join(distinct(" ".join(a.text.split()) for a in side)),
    }  # fmt: skip


def _where(place: Place | None) -> dict[str, object]:
    if place is None:
        return {}
    town = (place.where_prec or 9) <= 2
    return {
        "Placename": place.name, "City": place.name if town else None, "District": place.admin2,
        "Province": place.admin1, "Country": country_name(place.country), "Latitude": place.latitude,
        "Longitude": place.longitude, "GeoNames ID": place.geonames_id, "Raw Placename": place.text,
    }  # fmt: skip
