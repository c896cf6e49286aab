"""Which incidents are meant: one filter for the command line, the API, the map and every export."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from histor.model.errors import ConfigError
from histor.model.incidents import Incident
from histor.model.records import Actor

HAPPENED = ("actual", "claimed")
"""Factualities of what a source says happened; the others stay out of a dataset unless asked for."""
FACTUALITIES = (*HAPPENED, "denied", "planned", "threatened", "hypothetical", "forecast", "opinion", "historical")
KEYS = (
    "since", "until", "box", "country", "type", "actor", "factuality", "where_prec", "date_prec", "deaths", "status",
)  # fmt: skip
"""Names of the filter's parts as a query string or a command line has them."""


class IncidentFilter(Struct, frozen=True):
    """Conditions that an incident must meet, all of them; an empty one asks nothing.

    `since` and `until` are ISO days and meet the incident's interval where it overlaps theirs; `box` is west,
    south, east, north in degrees (west > east crosses the date line); `types` are PLOVER event types or ACLED
    (sub-)event types; `actors` are ids or parts of names, of actors and recipients; `where_prec` and `date_prec` are
    the coarsest precision taken; `deaths` is the least high estimate of killed. Incidents that a person rejected
    are left out unless `statuses` names them.
    """

    since: str | None = None
    until: str | None = None
    box: tuple[float, float, float, float] | None = None
    countries: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    factualities: tuple[str, ...] = HAPPENED
    where_prec: int | None = None
    date_prec: int | None = None
    deaths: int | None = None
    statuses: tuple[str, ...] = ("machine", "accepted")

    def takes(self, incident: Incident) -> bool:
        """Whether the incident meets every condition."""
        return all(test(self, incident) for test in _TESTS)

    def among(self, incidents: Iterable[Incident]) -> list[Incident]:
        """Those that it takes, in their order; only what is asked for is looked at, the slow last."""
        found = list(incidents)
        for test, names in _TESTS.items():
            if any(getattr(self, name) not in {None, ()} for name in names):
                found = [i for i in found if test(self, i)]
        return found


def _meets_dates(want: IncidentFilter, incident: Incident) -> bool:
    if want.since is None and want.until is None and want.date_prec is None:
        return True
    date = incident.date
    if date is None or not (date.earliest or date.latest):
        return False
    first, last = date.earliest or date.latest or "", date.latest or date.earliest or ""
    if want.date_prec is not None and (date.date_prec or 9) > want.date_prec:
        return False
    return (want.since is None or last >= want.since) and (want.until is None or first <= want.until)


def _meets_place(want: IncidentFilter, incident: Incident) -> bool:
    place = incident.place
    if want.countries and (place is None or place.country not in want.countries):
        return False
    if want.where_prec is not None and (place is None or (place.where_prec or 9) > want.where_prec):
        return False
    if want.box is None:
        return True
    if place is None or place.latitude is None or place.longitude is None:
        return False
    west, south, east, north = want.box
    x = place.longitude
    across = west <= x <= east if west <= east else x >= west or x <= east
    return across and south <= place.latitude <= north


def _meets_kind(want: IncidentFilter, incident: Incident) -> bool:
    if want.factualities and incident.factuality not in want.factualities:
        return False
    return not want.statuses or incident.status in want.statuses


def _meets_types(want: IncidentFilter, incident: Incident) -> bool:
    if not want.types:
        return True
    acled = incident.acled
    own = {incident.event_type, *((acled.event_type, acled.sub_event_type) if acled else ())}
    return not {name.casefold() for name in own if name}.isdisjoint(name.casefold() for name in want.types)


def _meets_actors(want: IncidentFilter, incident: Incident) -> bool:
    if not want.actors:
        return True
    sides = (*incident.actors, *incident.recipients)
    return any(_is(actor, name) for actor in sides for name in want.actors)


def _is(actor: Actor, name: str) -> bool:
    low = name.casefold()
    return low in (actor.id or "", actor.country or "") or low in (actor.name or actor.text).casefold()


def _meets_deaths(want: IncidentFilter, incident: Incident) -> bool:
    if want.deaths is None:
        return True
    killed = incident.estimates.get("killed")
    return killed is not None and max(killed.high or 0, killed.best or 0, killed.low or 0) >= want.deaths


_TESTS: dict[Callable[[IncidentFilter, Incident], bool], tuple[str, ...]] = {
    _meets_kind: ("factualities", "statuses"), _meets_types: ("types",), _meets_place: ("countries", "where_prec", "box"),
    _meets_dates: ("since", "until", "date_prec"), _meets_deaths: ("deaths",), _meets_actors: ("actors",),
}  # fmt: skip
"""Each condition with the parts of a filter that ask for it."""


def parse_filter(values: Mapping[str, Sequence[str]]) -> IncidentFilter:
    """The filter of a query string or of command-line options: lists of strings by the names of `KEYS`.

    Lists may also be written with commas; ``factuality=all`` and ``status=all`` ask nothing. Raises ConfigError
    for an unknown name and for a value that cannot be read.
    """
    unknown = sorted(values.keys() - set(KEYS))
    if unknown:
        raise ConfigError(
            "filter.unknown", f"there is no filter {', '.join(unknown)}.", do=f"Filters are {', '.join(KEYS)}."
        )
    many = {name: _many(name, values.get(name, ())) for name in KEYS}
    found: dict[str, Any] = {
        "since": _day("since", many["since"]), "until": _day("until", many["until"]), "box": _box(values.get("box", ())),
        "countries": tuple(c.upper() for c in many["country"]), "types": tuple(many["type"]), "actors": tuple(many["actor"]),
        "where_prec": _precision("where_prec", many["where_prec"], 7),
        "date_prec": _precision("date_prec", many["date_prec"], 5),
        "deaths": _whole("deaths", many["deaths"]),
    }  # fmt: skip
    if found["since"] and found["until"] and found["until"] < found["since"]:
        raise _wrong("until", found["until"], f"Give a day that is not before {found['since']}.")
    for code in found["countries"]:
        if not re.fullmatch(r"[A-Z]{3}", code):
            raise _wrong("country", code, "Write three letters of ISO 3166, such as AFG.")
    for name, key, allowed in (
        ("factuality", "factualities", FACTUALITIES),
        ("status", "statuses", ("machine", "accepted", "rejected")),
    ):
        if many[name]:
            found[key] = () if many[name] == ["all"] else _among(name, many[name], allowed)
    return IncidentFilter(**found)


def _many(name: str, values: Sequence[str]) -> list[str]:
    # ACLED's type names hold no comma, actors' may: those are one value an option.
    if name == "actor":
        return [v.strip() for v in values if v.strip()]
    return [part.strip() for v in values for part in v.split(",") if part.strip()]


def _wrong(name: str, value: str, do: str) -> ConfigError:
    return ConfigError("filter.value", f"{value!r} cannot be read.", where=f"filter {name}", do=do)


def _day(name: str, values: list[str]) -> str | None:
    if not values:
        return None
    from datetime import date

    try:
        return date.fromisoformat(values[-1]).isoformat()
    except ValueError:
        raise _wrong(name, values[-1], "Write a day as YYYY-MM-DD.") from None


def _whole(name: str, values: list[str]) -> int | None:
    if not values:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", values[-1]):
        raise _wrong(name, values[-1], "Write a whole number.")
    return int(values[-1])


def _precision(name: str, values: list[str], coarsest: int) -> int | None:
    found = _whole(name, values)
    if found is not None and not 1 <= found <= coarsest:
        raise _wrong(name, values[-1], f"Write a number from 1 to {coarsest}.")
    return found


def _among(name: str, values: list[str], allowed: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if value not in allowed:
            raise _wrong(name, value, f"Choose among {', '.join(allowed)}, or all.")
    return tuple(values)


def _box(values: Sequence[str]) -> tuple[float, float, float, float] | None:
    if not values:
        return None
    do = "Write west,south,east,north in degrees, such as 60,29,75,38."
    try:
        west, south, east, north = (float(part) for part in values[-1].split(","))
    except ValueError:
        raise _wrong("box", values[-1], do) from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise _wrong("box", values[-1], do)
    return west, south, east, north
