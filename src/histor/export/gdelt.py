"""GDELT 2.0 rows, events and mentions: tab-separated, without a header.

CAMEO codes and Goldstein scores are derived from PLOVER's type and mode by the table below, at the level of CAMEO's roots
and main subtypes (CAMEO codebook 1.1b3; Goldstein 1992 as CAMEO prints it). Tone is not measured and stays empty.
"""

from __future__ import annotations

from datetime import date
from typing import IO

from histor.export.cells import Rows
from histor.export.dossier import Dossier, Telling, name_of
from histor.export.schemes import columns, countries, country_name, quad_class
from histor.export.table import TableWriter
from histor.model.records import Actor, Place

CAMEO: dict[str, dict[str, tuple[str, float]]] = {
    "AGREE": {"": ("030", 4.0)},
    "CONSULT": {"": ("040", 1.0), "visit": ("042", 1.9), "third-party": ("045", 5.0), "multilateral": ("046", 7.0), "phone": ("041", 1.0)},
    "SUPPORT": {"": ("050", 3.5)},
    "CONCEDE": {"": ("080", 5.0)},
    "COOPERATE": {"": ("060", 6.0)},
    "AID": {"": ("070", 7.0)},
    "RETREAT": {
        "": ("080", 5.0), "withdraw": ("0874", 9.0), "release": ("0841", 7.0), "disarm": ("0874", 9.0),
        "ceasefire": ("0871", 9.0), "access": ("0861", 9.0), "resign": ("083", 5.0),
    },
    "REQUEST": {"": ("020", 3.0), "assist": ("023", 3.4), "change": ("104", -5.0), "yield": ("105", -5.0), "meet": ("026", 4.0)},
    "ACCUSE": {"": ("112", -2.0), "disapprove": ("110", -2.0), "investigate": ("090", -2.0), "allege": ("112", -2.0)},
    "REJECT": {"": ("120", -4.0), "assist": ("122", -4.0), "change": ("123", -4.0), "yield": ("124", -5.0), "meet": ("125", -5.0)},
    "THREATEN": {
        "": ("130", -4.4), "restrict": ("132", -5.8), "arrest": ("132", -5.8), "relations": ("131", -5.8),
        "expel": ("131", -5.8), "territory": ("138", -7.0), "violence": ("138", -7.0),
    },
    "PROTEST": {
        "": ("140", -6.5), "demo": ("141", -6.5), "riot": ("145", -7.5), "strike": ("143", -6.5), "hunger": ("142", -6.5),
        "boycott": ("143", -6.5), "obstruct": ("144", -7.5), "vandalize": ("145", -7.5),
    },
    "SANCTION": {"": ("163", -8.0), "convict": ("173", -5.0), "expel": ("166", -7.0), "withdraw": ("161", -4.0), "discontinue": ("162", -5.6)},
    "MOBILIZE": {"": ("150", -7.2), "troops": ("154", -7.2), "weapons": ("154", -7.2), "police": ("153", -7.2), "militia": ("150", -7.2)},
    "COERCE": {
        "": ("170", -7.0), "seize": ("171", -9.2), "restrict": ("172", -5.0), "censor": ("172", -5.0), "curfew": ("1724", -5.0),
        "martial-law": ("1724", -5.0), "arrest": ("173", -5.0), "deport": ("174", -5.0), "withhold": ("170", -7.0),
        "misinformation": ("170", -7.0), "cyber": ("176", -7.0),
    },
    "ASSAULT": {
        "": ("190", -10.0), "abduct": ("181", -9.0), "beat": ("182", -9.5), "torture": ("1822", -9.5), "sexual": ("1821", -9.0),
        "targeted": ("186", -10.0), "destroy": ("171", -9.2), "primitive": ("180", -9.0), "firearms": ("193", -10.0),
        "explosives": ("183", -10.0), "suicide-attack": ("1831", -10.0), "aerial": ("195", -10.0), "drone": ("195", -10.0),
        "heavy-weapons": ("194", -10.0), "crowd-control": ("175", -9.0), "unconventional": ("204", -10.0),
    },
}  # fmt: skip
"""CAMEO event code and Goldstein score by PLOVER type and mode."""

_ROLES = {
    "MIL": "MIL", "GOV": "GOV", "COP": "COP", "JUD": "JUD", "LEG": "LEG", "SPY": "SPY", "REB": "REB", "UAF": "UAF",
    "PRM": "UAF", "OPP": "OPP", "CVL": "CVL", "EDU": "EDU", "MED": "HLH", "JRN": "MED", "REF": "REF", "BUS": "BUS",
    "LAB": "LAB", "CRM": "CRM", "IGO": "IGO", "NGO": "NGO", "UNO": "IGO", "AGR": "AGR", "ELI": "ELI", "REL": "REL",
}  # fmt: skip
"""CAMEO role codes of PLOVER's sectors."""


class GdeltWriter(TableWriter):
    """The events table of GDELT 2.0: 61 columns."""

    def table(self, out: IO[bytes]) -> Rows:
        return Rows(out, columns("gdelt2_events"), tabs=True, header=False)

    def rows(self, dossier: Dossier) -> list[dict[str, object]]:
        """One, if the incident has a date."""
        return [row(dossier)] if dossier.first_day is not None else []


class GdeltMentionsWriter(TableWriter):
    """The mentions table of GDELT 2.0: one row a telling, 16 columns."""

    def table(self, out: IO[bytes]) -> Rows:
        return Rows(out, columns("gdelt2_mentions"), tabs=True, header=False)

    def rows(self, dossier: Dossier) -> list[dict[str, object]]:
        """One for each telling, if the incident has a date."""
        return [mention_row(dossier, t) for t in dossier.tellings] if dossier.first_day is not None else []


def row(dossier: Dossier) -> dict[str, object]:
    """The incident as GDELT's event columns."""
    incident = dossier.incident
    day = dossier.first_day or ""
    table = CAMEO[incident.event_type]
    code, goldstein = table.get(dossier.mode or "", table[""])
    url = next((r.url for r in dossier.reports if isinstance(r.url, str)), None)
    cells: dict[str, object] = {
        "GLOBALEVENTID": dossier.number, "SQLDATE": _compact(day), "MonthYear": _compact(day)[:6], "Year": day[:4],
        "FractionDate": fraction(day), "IsRootEvent": 1,
        "EventCode": code, "EventBaseCode": code[:3], "EventRootCode": code[:2],
        "QuadClass": quad_class(incident.event_type), "GoldsteinScale": goldstein,
        "NumMentions": len(dossier.tellings), "NumSources": len(dossier.outlets) or 1, "NumArticles": len(dossier.reports),
        "DATEADDED": f"{_compact(dossier.published or day)}000000", "SOURCEURL": url,
    }  # fmt: skip
    cells |= _actor("Actor1", incident.actors) | _actor("Actor2", incident.recipients)
    return cells | _geo("ActionGeo", incident.place)


def mention_row(dossier: Dossier, telling: Telling) -> dict[str, object]:
    """One telling as GDELT's mention columns; offsets are code points of the report's text."""
    mention, report = telling.mention, telling.report
    return {
        "GlobalEventID": dossier.number, "EventTimeDate": f"{_compact(dossier.first_day or '')}000000",
        "MentionTimeDate": f"{_compact(report.published or dossier.first_day or '')}000000", "MentionType": 1,
        "MentionSourceName": report.source, "MentionIdentifier": report.url if isinstance(report.url, str) else report.id,
        "SentenceID": mention.sentence + 1,
        "Actor1CharOffset": mention.actors[0].span[0] if mention.actors else -1,
        "Actor2CharOffset": mention.recipients[0].span[0] if mention.recipients else -1,
        "ActionCharOffset": mention.trigger.span[0], "InRawText": 1, "Confidence": round(100 * mention.confidence),
        "MentionDocLen": len(report.text),
    }  # fmt: skip


def fraction(day: str) -> float:
    """GDELT's date as a year with a fraction: year + (month × 30 + day) / 365."""
    when = date.fromisoformat(day)
    return round(when.year + (when.month * 30 + when.day) / 365, 4)


def _compact(day: str) -> str:
    return day[:10].replace("-", "")


def _actor(name: str, side: tuple[Actor, ...]) -> dict[str, object]:
    if not side:
        return {}
    first = side[0]
    role = _ROLES.get(first.sector or "")
    return {
        f"{name}Code": (first.country or "") + (role or ""), f"{name}Name": name_of(first).upper(),
        f"{name}CountryCode": first.country, f"{name}Type1Code": role,
    }  # fmt: skip


def _geo(name: str, place: Place | None) -> dict[str, object]:
    if place is None:
        return {}
    country = countries().get(place.country or "")
    parts = [place.name or place.text, place.admin1, country_name(place.country)]
    return {
        f"{name}_Type": geo_type(place), f"{name}_FullName": ", ".join(dict.fromkeys(p for p in parts if p)),
        f"{name}_CountryCode": country.fips if country else None, f"{name}_Lat": place.latitude,
        f"{name}_Long": place.longitude, f"{name}_FeatureID": place.geonames_id,
    }  # fmt: skip


def geo_type(place: Place) -> int:
    """GDELT's kind of place: 1 country, 2 US state, 3 US city, 4 city elsewhere, 5 province elsewhere."""
    american = place.country == "USA"
    if place.where_prec == 6:
        return 1
    if place.where_prec == 4:
        return 2 if american else 5
    return 3 if american else 4
