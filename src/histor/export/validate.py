"""Checks a file against a published scheme: columns and their order, vocabularies, ranges, sums.

It takes anybody's file, ours or another coder's, and names each finding by row and column.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from histor.export.acled import disorder_of
from histor.export.flat import TYPES
from histor.export.schemes import columns, countries, intensity, schemes
from histor.export.ucdp import priogrid
from histor.model.errors import InputError

Row = Mapping[str, str]
Check = Callable[[str], str | None]


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where: `row` counts from 1 below the header, 0 is the file itself."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, (f"row {self.row}" if self.row else "", self.column))) or "file"
        return f"{place}: {self.what}"


@dataclass(frozen=True)
class Scheme:
    """A table's columns, the check of each, and checks of whole rows; `must` may not be empty."""

    columns: tuple[str, ...]
    checks: Mapping[str, Check]
    rows: tuple[Callable[[Row], Iterator[tuple[str, str]]], ...] = ()
    must: frozenset[str] = frozenset()
    tabs: bool = False
    header: bool = True
    empty: str = ""


def validate(path: Path, scheme: str, most: int = 1000) -> Iterator[Finding]:
    """Findings in file order, `most` at most. Raises InputError for a file that cannot be read as such a table."""
    if scheme not in SCHEMES and scheme not in OBJECTS:
        raise KeyError(scheme)
    try:
        source = _findings_of_objects(path, scheme) if scheme in OBJECTS else _findings_of_table(path, SCHEMES[scheme])
        for number, finding in enumerate(source):
            if number >= most:
                yield Finding(0, "", f"more than {most} findings; the rest is not shown")
                return
            yield finding
    except (OSError, UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        raise InputError(
            "validate.file", f"the file cannot be read ({error}).", where=str(path), do="Give a UTF-8 file of that scheme."
        ) from error  # fmt: skip


def _findings_of_table(path: Path, scheme: Scheme) -> Iterator[Finding]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE) if scheme.tabs else csv.reader(handle)
        if scheme.header:
            header = tuple(next(reader, ()))
            yield from _header(header, scheme.columns)
            if not set(header) & set(scheme.columns):
                return
        else:
            header = scheme.columns
        for number, cells in enumerate(reader, 1):
            if len(cells) != len(header):
                yield Finding(number, "", f"{len(cells)} cells under {len(header)} columns")
                continue
            row = {name: "" if cell == scheme.empty else cell for name, cell in zip(header, cells, strict=True)}
            yield from _row(number, row, scheme)


def _header(found: tuple[str, ...], wanted: tuple[str, ...]) -> Iterator[Finding]:
    for name in wanted:
        if name not in found:
            yield Finding(0, name, "the column is missing")
    for name in dict.fromkeys(found):
        if name not in wanted:
            yield Finding(0, name, "the scheme has no such column")
        if found.count(name) > 1:
            yield Finding(0, name, "the column stands twice")
    if sorted(found) == sorted(wanted) and found != wanted:
        yield Finding(0, "", "the columns stand in another order than the scheme's")


def _row(number: int, row: Row, scheme: Scheme) -> Iterator[Finding]:
    for name in sorted(scheme.must):
        if not row.get(name):
            yield Finding(number, name, "is empty")
    for name, check in scheme.checks.items():
        cell = row.get(name, "")
        if cell:
            wrong = check(cell)
            if wrong:
                yield Finding(number, name, wrong)
    for law in scheme.rows:
        for name, what in law(row):
            yield Finding(number, name, what)


# --- checks of a cell ----------------------------------------------------------------------------


def whole(cell: str, low: int | None = None, high: int | None = None) -> str | None:
    """A whole number within bounds, both ends in."""
    if not re.fullmatch(r"-?[0-9]+", cell):
        return f"{cell!r} is not a whole number"
    value = int(cell)
    if (low is not None and value < low) or (high is not None and value > high):
        return f"{cell} is outside {low if low is not None else '…'} to {high if high is not None else '…'}"
    return None


def real(cell: str, low: float, high: float) -> str | None:
    """A finite number within bounds, both ends in."""
    try:
        value = float(cell)
    except ValueError:
        return f"{cell!r} is not a number"
    return None if low <= value <= high else f"{cell} is outside {low:g} to {high:g}"


def day(cell: str, tail: str = "") -> str | None:
    """An ISO day, with what the scheme writes behind it."""
    head = cell.removesuffix(tail) if tail else cell
    try:
        date.fromisoformat(head)
    except ValueError:
        return f"{cell!r} is not a day (YYYY-MM-DD)"
    return None if re.fullmatch(r"\d{4}-\d\d-\d\d", head) else f"{cell!r} is not a day (YYYY-MM-DD)"


def compact(cell: str, digits: int) -> str | None:
    """A day or time written in digits alone."""
    if not re.fullmatch(rf"[0-9]{{{digits}}}", cell):
        return f"{cell!r} is not {digits} digits"
    return day(f"{cell[:4]}-{cell[4:6]}-{cell[6:8]}") if digits >= 8 else None


def among(cell: str, allowed: frozenset[str], split: str | None = None) -> str | None:
    """One of a vocabulary, or a list of such."""
    for part in cell.split(split) if split else [cell]:
        if part not in allowed:
            return f"{part!r} is not in the scheme's vocabulary"
    return None


def no_formula(cell: str) -> str | None:
    """A text cell that a spreadsheet would run as a formula."""
    return "a spreadsheet would run this as a formula" if re.match(r"\s*[=+@]|\s*-(?![0-9.])|[\t\r]", cell) else None


# --- laws of a row -------------------------------------------------------------------------------


def _ints(row: Row, *names: str) -> list[int] | None:
    cells = [row.get(name, "") for name in names]
    return [int(c) for c in cells] if all(re.fullmatch(r"-?[0-9]+", c) for c in cells) else None


def _float(row: Row, name: str, bound: float) -> float | None:
    """The number in a cell, None without one within ± bound."""
    cell = row.get(name, "")
    return None if not cell or real(cell, -bound, bound) else float(cell)


def _ucdp_deaths(row: Row) -> Iterator[tuple[str, str]]:
    ends = _ints(row, "low", "best", "high")
    if ends and not ends[0] <= ends[1] <= ends[2]:
        yield "best", f"low {ends[0]} ≤ best {ends[1]} ≤ high {ends[2]} does not hold"
    parts = _ints(row, "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best")
    if parts and sum(parts[:4]) != parts[4]:
        yield "best", f"best {parts[4]} is not the sum of the four columns of deaths, {sum(parts[:4])}"


def _ucdp_place(row: Row) -> Iterator[tuple[str, str]]:
    latitude, longitude = _float(row, "latitude", 90), _float(row, "longitude", 180)
    if latitude is None or longitude is None:
        return
    cell = _ints(row, "priogrid_gid")
    if cell and cell[0] != priogrid(latitude, longitude):
        yield "priogrid_gid", f"{cell[0]} is not the cell of these coordinates, {priogrid(latitude, longitude)}"
    found = re.fullmatch(r"POINT ?\((-?[0-9.]+) (-?[0-9.]+)\)", row.get("geom_wkt", ""))
    if row.get("geom_wkt") and (
        not found or abs(float(found[1]) - longitude) > 1e-4 or abs(float(found[2]) - latitude) > 1e-4
    ):
        yield "geom_wkt", "is not POINT (longitude latitude) of this row"


def _order(first: str, last: str) -> Callable[[Row], Iterator[tuple[str, str]]]:
    def law(row: Row) -> Iterator[tuple[str, str]]:
        if row.get(first) and row.get(last) and row[first] > row[last]:
            yield last, f"ends before {first}"

    return law


def _year(column: str) -> Callable[[Row], Iterator[tuple[str, str]]]:
    def law(row: Row) -> Iterator[tuple[str, str]]:
        if row.get("year") and row.get(column) and not row[column].startswith(row["year"]):
            yield "year", f"is not the year of {column}"

    return law


def _one_sided(row: Row) -> Iterator[tuple[str, str]]:
    if row.get("type_of_violence") == "3" and row.get("side_b") not in {"", "Civilians"}:
        yield "side_b", "one-sided violence has Civilians as side b"


def _acled_taxonomy(row: Row) -> Iterator[tuple[str, str]]:
    taxonomy = {sub: (event, disorder) for event, sub, disorder in schemes()["acled_taxonomy_in_hierarchical_order"]}
    found = taxonomy.get(row.get("sub_event_type", ""))
    if found is None:
        return
    if row.get("event_type") != found[0]:
        yield "event_type", f"{row.get('sub_event_type')} belongs to {found[0]}"
    if row.get("disorder_type") and row["disorder_type"] != found[1]:
        yield "disorder_type", f"is not {disorder_of(row['sub_event_type'])}"


def _polecat_score(row: Row) -> Iterator[tuple[str, str]]:
    modes = schemes()["plover_modes"]
    event, mode = row.get("Event Type", ""), row.get("Event Mode", "")
    if event not in modes:
        return
    if mode and mode not in modes[event]:
        yield "Event Mode", f"{mode!r} is no mode of {event}"
        return
    score = _float(row, "Intensity", 10)
    if score is not None and score != intensity(event, mode or None):
        yield "Intensity", f"is not {intensity(event, mode or None):g}"


# --- the schemes ---------------------------------------------------------------------------------

_LATITUDE, _LONGITUDE = partial(real, low=-90, high=90), partial(real, low=-180, high=180)
_COUNT = partial(whole, low=0)
_S = schemes()
_SECTORS = frozenset([*_S["plover_sectors"], *_S["plover_international"]])
_ISO3 = frozenset(countries())


def _texts(*names: str) -> dict[str, Check]:
    return dict.fromkeys(names, no_formula)


_UCDP = Scheme(
    columns("ucdp_ged_columns"),
    {
        "id": _COUNT, "year": partial(whole, low=1900, high=2200), "type_of_violence": partial(whole, low=1, high=3),
        "where_prec": partial(whole, low=1, high=7), "date_prec": partial(whole, low=1, high=5),
        "event_clarity": partial(whole, low=1, high=2), "latitude": _LATITUDE, "longitude": _LONGITUDE,
        "priogrid_gid": partial(whole, low=1, high=259200), "number_of_sources": partial(whole, low=-1),
        "date_start": partial(day, tail=" 00:00:00.000"), "date_end": partial(day, tail=" 00:00:00.000"),
        "region": partial(among, allowed=frozenset(["Africa", "Americas", "Asia", "Europe", "Middle East"])),
        **dict.fromkeys("deaths_a deaths_b deaths_civilians deaths_unknown low best high".split(), _COUNT),
        **_texts("side_a", "side_b", "source_article", "source_headline", "where_description", "where_coordinates"),
    },
    (_ucdp_deaths, _ucdp_place, _one_sided, _order("date_start", "date_end"), _year("date_start")),
    frozenset("id year type_of_violence side_a side_b date_start date_end best high low".split()),
)  # fmt: skip

_ACLED = Scheme(
    columns("acled_columns"),
    {
        "event_date": day, "year": partial(whole, low=1900, high=2200), "time_precision": partial(whole, low=1, high=3),
        "geo_precision": partial(whole, low=1, high=3), "latitude": _LATITUDE, "longitude": _LONGITUDE, "fatalities": _COUNT,
        "timestamp": _COUNT, "iso": partial(whole, low=0, high=999),
        "sub_event_type": partial(among, allowed=frozenset(s for _, s, _ in _S["acled_taxonomy_in_hierarchical_order"])),
        "inter1": partial(among, allowed=frozenset(_S["acled_inter"].values())),
        "inter2": partial(among, allowed=frozenset(_S["acled_inter"].values())),
        "interaction": partial(among, allowed=frozenset(_S["acled_interaction"].values())),
        "region": partial(among, allowed=frozenset(_S["acled_regions"].values())),
        "civilian_targeting": partial(among, allowed=frozenset(["Civilian targeting"])),
        **_texts("actor1", "actor2", "assoc_actor_1", "assoc_actor_2", "notes", "source", "location"),
    },
    (_acled_taxonomy, _year("event_date")),
    frozenset("event_id_cnty event_date year event_type sub_event_type fatalities".split()),
)  # fmt: skip

_POLECAT = Scheme(
    columns("polecat_columns"),
    {
        "Event Date": day, "Event Type": partial(among, allowed=frozenset(_S["plover_modes"])), "Intensity": partial(real, low=-10, high=10),
        "Contexts": partial(among, allowed=frozenset(_S["plover_contexts"]), split="; "),
        "Actor Country": partial(among, allowed=_ISO3, split="; "), "Recipient Country": partial(among, allowed=_ISO3, split="; "),
        "Actor Sectors": partial(among, allowed=_SECTORS, split="; "), "Recipient Sectors": partial(among, allowed=_SECTORS, split="; "),
        "Latitude": _LATITUDE, "Longitude": _LONGITUDE, **_texts("Actor Name", "Recipient Name", "Placename", "Raw Placename"),
    },
    (_polecat_score,),
    frozenset(["Event ID", "Event Date", "Event Type", "Intensity"]),
    tabs=True,
    empty="None",
)  # fmt: skip

_GDELT = Scheme(
    columns("gdelt2_events"),
    {
        "GLOBALEVENTID": _COUNT, "SQLDATE": partial(compact, digits=8), "MonthYear": partial(compact, digits=6), "Year": partial(compact, digits=4),
        "FractionDate": partial(real, low=1900, high=2200), "IsRootEvent": partial(whole, low=0, high=1),
        "QuadClass": partial(whole, low=1, high=4), "GoldsteinScale": partial(real, low=-10, high=10),
        "EventRootCode": partial(among, allowed=frozenset(f"{n:02}" for n in range(1, 21))),
        "NumMentions": _COUNT, "NumSources": _COUNT, "NumArticles": _COUNT, "DATEADDED": partial(compact, digits=14),
        **{f"{geo}_{end}": check for geo in ("Actor1Geo", "Actor2Geo", "ActionGeo")
           for end, check in (("Type", partial(whole, low=0, high=5)), ("Lat", _LATITUDE), ("Long", _LONGITUDE))},
    },
    (),
    frozenset(["GLOBALEVENTID", "SQLDATE", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "DATEADDED"]),
    tabs=True,
    header=False,
)  # fmt: skip

_GDELT_MENTIONS = Scheme(
    columns("gdelt2_mentions"),
    {
        "GlobalEventID": _COUNT, "EventTimeDate": partial(compact, digits=14), "MentionTimeDate": partial(compact, digits=14),
        "MentionType": partial(whole, low=1, high=6), "SentenceID": partial(whole, low=1), "Confidence": partial(whole, low=0, high=100),
        **dict.fromkeys(("Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset"), partial(whole, low=-1)),
    },
    (),
    frozenset(["GlobalEventID", "EventTimeDate", "MentionTimeDate", "MentionType"]),
    tabs=True,
    header=False,
)  # fmt: skip


def _flat_checks() -> dict[str, Check]:
    checks: dict[str, Check] = {}
    for name, kind in TYPES.items():
        checks[name] = whole if kind is int else partial(real, low=-180, high=180) if kind is float else no_formula
    known: dict[str, Check] = {
        "date_start": day, "date_end": day, "latitude": _LATITUDE, "longitude": _LONGITUDE,
        "event_type": partial(among, allowed=frozenset(_S["plover_modes"])), "where_prec": partial(whole, low=1, high=7),
        "country": partial(among, allowed=_ISO3), "killed_disputed": partial(among, allowed=frozenset(["TRUE", "FALSE"])),
    }  # fmt: skip
    return checks | known


def _flat_tolls(row: Row) -> Iterator[tuple[str, str]]:
    for toll in ("killed", "injured", "captured", "missing", "displaced"):
        ends = [int(c) for end in ("low", "best", "high") if re.fullmatch(r"[0-9]+", c := row.get(f"{toll}_{end}", ""))]
        if ends != sorted(ends):
            yield f"{toll}_best", "low ≤ best ≤ high does not hold"


_CSV = Scheme(
    tuple(TYPES), _flat_checks(), (_flat_tolls, _order("date_start", "date_end")), frozenset(["incident_id", "event_type"])
)  # fmt: skip

SCHEMES = {
    "ucdp": _UCDP, "acled": _ACLED, "polecat": _POLECAT, "gdelt": _GDELT, "gdelt-mentions": _GDELT_MENTIONS, "csv": _CSV,
}  # fmt: skip
"""Tables by the name that `--scheme` takes."""


# --- objects -------------------------------------------------------------------------------------


def _findings_of_objects(path: Path, scheme: str) -> Iterator[Finding]:
    with path.open(encoding="utf-8") as handle:
        if scheme == "geojson":
            yield from _geojson(json.load(handle))
            return
        for number, line in enumerate(handle, 1):
            if line.strip():
                for name, what in _plover(json.loads(line)):
                    yield Finding(number, name, what)


def _geojson(loaded: Any) -> Iterator[Finding]:
    if (
        not isinstance(loaded, dict)
        or loaded.get("type") != "FeatureCollection"
        or not isinstance(loaded.get("features"), list)
    ):
        yield Finding(0, "type", "is not a FeatureCollection with features (RFC 7946)")
        return
    for number, feature in enumerate(loaded["features"], 1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            yield Finding(number, "type", "is not Feature")
            continue
        if "geometry" not in feature or not isinstance(feature.get("properties"), (dict, type(None))):
            yield Finding(number, "geometry", "geometry and properties must be there, null where there is none")
            continue
        yield from _geometry(number, feature["geometry"])


def _geometry(number: int, geometry: Any) -> Iterator[Finding]:
    if geometry is None:
        return
    position = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(position, list) or len(position) < 2 or not all(isinstance(x, (int, float)) for x in position):
        yield Finding(number, "geometry", "is not a point of longitude and latitude")
    elif not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
        yield Finding(number, "geometry", f"{position} is not longitude, latitude in degrees")


def _plover(found: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(found, dict):
        yield "", "is not an object"
        return
    for name in ("id", "date", "actor", "event"):
        if not found.get(name):
            yield name, "is empty"
    for name, kind in (("id", str), ("date", str), ("actor", list), ("event", list), ("mode", list), ("context", list)):
        if name in found and not isinstance(found[name], kind):
            yield name, f"is not a {'text' if kind is str else 'list'}"
            return
    modes = schemes()["plover_modes"]
    types = found.get("event", [])
    for name in types:
        if name not in modes:
            yield "event", f"{name!r} is not an event type of PLOVER"
    for mode in found.get("mode", []):
        if not any(mode in modes.get(t, ()) for t in types):
            yield "mode", f"{mode!r} is no mode of {', '.join(map(str, types))}"
    for context in found.get("context", []):
        if context not in schemes()["plover_contexts"]:
            yield "context", f"{context!r} is not a context of PLOVER"
    if found.get("date") and day(found["date"]):
        yield "date", "is not a day (YYYY-MM-DD)"


OBJECTS = ("plover", "geojson")
"""Schemes of JSON by the name that `--scheme` takes."""
