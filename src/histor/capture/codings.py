"""Other people's codings: rows in the columns of UCDP GED or ACLED as event mentions of another coder.

Each row becomes a small report of its own that lists the row's cells, one a line, so that every value has its
words and their span like any other; the row itself is what was captured.
"""

from __future__ import annotations

import calendar
import csv
import io
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from histor.capture.reports import Problem, decode, problem_of
from histor.codebook.codebook import load_codebook
from histor.model.annotation import Span
from histor.model.canonical import canonical_json, digest, report_id
from histor.model.errors import ConfigError, InputError
from histor.model.records import (
    IMPORTED,
    Acled,
    Actor,
    Attribution,
    Casualties,
    Date,
    EventMention,
    Place,
    Report,
    Trigger,
    Ucdp,
)
from histor.resolve.actors import country_of
from histor.text.normalise import normalise

SCHEMES = ("ucdp", "acled")

_SECTORS = {
    "state forces": "MIL", "rebel group": "REB", "political militia": "UAF", "identity militia": "UAF", "rioters": "CVL",
    "protesters": "OPP", "civilians": "CVL", "external/other forces": "MIL",
}  # fmt: skip
_INTER_NUMBERS = dict(enumerate(_SECTORS, 1))
_FACTUALITY = "claimed"  # a dataset's row is its coder's word


@dataclass(frozen=True)
class ColumnMapping:
    """How a file's columns and values are to be read: scheme column → file column, and values by column."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class CodedRow:
    """One row as an event mention in a report of its own; `number` counts from 1 below the header.

    `captured` are the bytes that the report's id was made from: the cells as canonical JSON.
    """

    number: int
    captured: bytes
    report: Report
    mention: EventMention


def read_mapping(path: Path) -> ColumnMapping:
    """The mapping file: TOML with ``[columns]`` and ``[values.COLUMN]``. Raises ConfigError for anything else."""
    do = 'Write [columns] with lines such as side_a = "Side A", and [values.type_of_violence] with "state" = "1".'
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError("import.mapping", f"the mapping cannot be read ({error}).", where=str(path), do=do) from error
    columns, values = raw.get("columns", {}), raw.get("values", {})
    known = raw.keys() <= {"columns", "values"} and isinstance(columns, dict) and isinstance(values, dict)
    if not known or not _strings(columns) or not all(isinstance(v, dict) and _strings(v) for v in values.values()):
        raise ConfigError("import.mapping", "the mapping holds something else than names.", where=str(path), do=do)
    return ColumnMapping(columns, values)


def _strings(table: dict[str, Any]) -> bool:
    return all(isinstance(v, str) for v in table.values())


def read_codings(
    captured: bytes, scheme: str, coder: str, where: str, mapping: ColumnMapping | None = None
) -> Iterator[CodedRow | Problem]:
    """The rows of a CSV file in the columns of `scheme`, in order; a row that cannot be read is a problem.

    Raises InputError if the file is no such table.
    """
    mapping = mapping or ColumnMapping()
    try:
        reader = csv.DictReader(io.StringIO(normalise(decode(captured, "utf-8"))))
    except InputError as error:
        raise error.at(where) from error
    make = _READERS[scheme]
    missing = [n for n in make.needs if mapping.columns.get(n, n) not in (reader.fieldnames or [])]
    if missing:
        raise InputError(
            "import.columns", f"there is no column {', '.join(missing)}.", where=where,
            do=f"Give a file in the columns of {scheme}, or name yours in a --mapping file.",
        )  # fmt: skip
    for number, row in enumerate(reader, 1):
        try:
            yield _row(number, _cells(row, mapping), scheme, coder)
        except Exception as error:  # one bad row must not end the import
            yield problem_of(error, f"{where}, row {number}")


def _cells(row: Mapping[str | None, Any], mapping: ColumnMapping) -> dict[str, str]:
    """The row by the scheme's column names, values translated, empty cells left out."""
    back = {theirs: ours for ours, theirs in mapping.columns.items()}
    cells: dict[str, str] = {}
    for name, value in row.items():
        if name is None or not isinstance(value, str) or not value.strip():
            continue
        ours = back.get(name, name)
        text = " ".join(value.split())
        cells[ours] = mapping.values.get(ours, {}).get(text, text)
    return cells


class _Sheet:
    """A row written as lines ``column: value``, with the span of each value."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.spans: dict[str, Span] = {}
        lines, at = [], 0
        for name, value in cells.items():
            start = at + len(name) + 2
            self.spans[name] = (start, start + len(value))
            lines.append(f"{name}: {value}")
            at += len(lines[-1]) + 1
        self.text = "\n".join(lines) + "\n"
        self.cells = cells

    def said(self, *names: str) -> tuple[str, Span] | None:
        """The first cell of `names` that is stated, with its span."""
        for name in names:
            if name in self.cells:
                return self.cells[name], self.spans[name]
        return None

    def whole(self, name: str) -> int | None:
        """A whole number ≥ 0. Raises InputError for other words."""
        cell = self.cells.get(name)
        if cell is None:
            return None
        if not cell.removesuffix(".0").isdecimal():
            raise InputError("import.value", f"{name} is {cell!r}, not a whole number.", do="Mend the cell.")
        return int(cell.removesuffix(".0"))

    def degrees(self, name: str, bound: float) -> float | None:
        """Degrees within ± `bound`. Raises InputError for other words."""
        cell = self.cells.get(name)
        if cell is None:
            return None
        try:
            value = float(cell)
        except ValueError:
            value = bound + 1
        if not -bound <= value <= bound:
            raise InputError("import.value", f"{name} is {cell!r}, not degrees.", do="Mend the cell.")
        return value

    def day(self, name: str) -> date | None:
        """An ISO day, a time behind it is left out. Raises InputError for other words."""
        cell = self.cells.get(name)
        if cell is None:
            return None
        try:
            return date.fromisoformat(cell[:10])
        except ValueError:
            raise InputError("import.value", f"{name} is {cell!r}, not a day.", do="Write it as YYYY-MM-DD.") from None


@dataclass(frozen=True)
class _Reader:
    """What a scheme needs, and how its cells make the parts of an event mention."""

    needs: tuple[str, ...]
    identity: tuple[str, ...]
    trigger: tuple[str, ...]
    parts: Callable[[_Sheet], dict[str, Any]]
    source: tuple[str, ...]


def _row(number: int, cells: dict[str, str], scheme: str, coder: str) -> CodedRow:
    make = _READERS[scheme]
    sheet = _Sheet(cells)
    empty = [name for name in make.needs if name not in cells]
    if empty:
        raise InputError("import.value", f"{', '.join(empty)} is empty.", do="Fill the cell or leave the row out.")
    parts = make.parts(sheet)
    words, span = sheet.said(*make.trigger) or ("", (0, 0))
    source = sheet.said(*make.source)
    captured = canonical_json([scheme, cells])
    report = Report(
        id=report_id(captured, coder, None), source=coder, published=None, title=f"{scheme} row {cells.get(make.identity[0], number)}",
        language="en", text=sheet.text, external_id=cells.get(make.identity[0], str(number)),
    )  # fmt: skip
    stamp = f"{IMPORTED}{scheme} {coder}"
    mention = EventMention(
        id=digest("event_mention", [report.id, "event_type", parts["event_type"], list(span), stamp]),
        retells=None, sentence=0, trigger=Trigger(words, span), contexts=(), weapons=(), loaded_terms=(),
        attribution=(Attribution(source[0], "media", None, source[1]),) if source else (), factuality=_FACTUALITY,
        confidence=1.0, coder=stamp, why=(f"row {number} of an import in {scheme}'s columns",), **parts,
    )  # fmt: skip
    return CodedRow(number, captured, report, mention)


# --- UCDP GED ------------------------------------------------------------------------------------


def _ucdp_parts(sheet: _Sheet) -> dict[str, Any]:
    violence = sheet.whole("type_of_violence")
    if violence not in {1, 2, 3}:
        raise InputError("import.value", f"type_of_violence is {violence}, not 1, 2 or 3.", do="Mend the cell.")
    first, last = sheet.day("date_start"), sheet.day("date_end")
    sectors = {1: ("MIL", "REB"), 2: ("UAF", "UAF"), 3: (None, "CVL")}[violence]
    country = country_of(sheet.cells.get("country", ""))
    return {
        "event_type": "ASSAULT", "mode": None, "acled": None, "ucdp": Ucdp(violence),
        "actors": _actors(sheet, "side_a", sectors[0], country), "recipients": _actors(sheet, "side_b", sectors[1], country),
        "place": _place(sheet, ("where_coordinates", "where_description", "adm_2", "adm_1", "country"), country, "adm_1", "adm_2",
                        where_prec=sheet.whole("where_prec")),
        "date": _date(sheet, "date_start", first, last or first, date_prec=sheet.whole("date_prec")),
        "casualties": tuple(_ucdp_deaths(sheet)),
    }  # fmt: skip


def _ucdp_deaths(sheet: _Sheet) -> Iterator[Casualties]:
    """The total with its ends, then the columns by side where more than one has deaths."""
    low, best, high = (sheet.whole(name) for name in ("low", "best", "high"))
    columns = {
        "deaths_a": "actors",
        "deaths_b": "recipients",
        "deaths_civilians": "civilians",
        "deaths_unknown": "unknown",
    }
    stated = {who: (name, n) for name, who in columns.items() if (n := sheet.whole(name))}
    said = sheet.said("best", "high", "low")
    if said is None or best is None:
        return
    who = next(iter(stated)) if len(stated) == 1 else "unknown"
    low, high = best if low is None else low, best if high is None else high
    if not low <= best <= high:
        raise InputError("import.value", f"low {low} ≤ best {best} ≤ high {high} does not hold.", do="Mend the row.")
    yield Casualties("killed", low, best, high, "exact" if low == high else "between", who, said[0], said[1])
    if len(stated) > 1:
        for who, (name, n) in stated.items():
            yield Casualties("killed", n, n, n, "exact", who, sheet.cells[name], sheet.spans[name])


# --- ACLED's columns -----------------------------------------------------------------------------


def _acled_parts(sheet: _Sheet) -> dict[str, Any]:
    codebook = load_codebook()
    sub = sheet.cells["sub_event_type"]
    if sub not in codebook.acled:
        raise InputError("import.value", f"sub_event_type is {sub!r}, which ACLED does not have.", do="Mend the cell.")
    rule = next(rule for rule in codebook.crosswalk if rule.sub == sub)
    country = country_of(sheet.cells.get("country", ""))
    day = sheet.day("event_date")
    precision = sheet.whole("time_precision") or 1
    deaths = sheet.whole("fatalities")
    tolls: tuple[Casualties, ...] = ()
    if deaths:
        tolls = (
            Casualties(
                "killed",
                deaths,
                deaths,
                deaths,
                "exact",
                "unknown",
                sheet.cells["fatalities"],
                sheet.spans["fatalities"],
            ),
        )
    return {
        "event_type": rule.type, "mode": (rule.modes[0] or None) if rule.modes else None,
        "acled": Acled(codebook.acled[sub], sub), "ucdp": None,
        "actors": _acled_side(sheet, "actor1", "inter1", country), "recipients": _acled_side(sheet, "actor2", "inter2", country),
        "place": _place(sheet, ("location", "admin2", "admin1", "country"), country, "admin1", "admin2",
                        geo_precision=sheet.whole("geo_precision")),
        "date": _date(sheet, "event_date", *_around(day, precision), time_precision=precision),
        "casualties": tolls,
    }  # fmt: skip


def _acled_side(sheet: _Sheet, name: str, inter: str, country: str | None) -> tuple[Actor, ...]:
    code = sheet.cells.get(inter, "")
    term = _INTER_NUMBERS.get(int(code), "") if code.isdecimal() else code.lower()
    return _actors(sheet, name, _SECTORS.get(term), country)


def _around(day: date | None, precision: int) -> tuple[date | None, date | None]:
    """The days that ACLED's time precision leaves open: the day, the week around it, its month."""
    if day is None or precision == 1:
        return day, day
    if precision == 2:
        return day - timedelta(days=3), day + timedelta(days=3)
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


# --- parts of both -------------------------------------------------------------------------------


def _actors(sheet: _Sheet, column: str, sector: str | None, country: str | None) -> tuple[Actor, ...]:
    if column not in sheet.cells:
        return ()
    words = sheet.cells[column]
    return (Actor(words, sheet.spans[column], None, words, country_of(words) or country, sector),)


def _place(
    sheet: _Sheet, names: tuple[str, ...], country: str | None, admin1: str, admin2: str, **precision: int | None
) -> Place | None:
    said = sheet.said(*names)
    if said is None:
        return None
    latitude, longitude = sheet.degrees("latitude", 90), sheet.degrees("longitude", 180)
    return Place(
        said[0], said[1], said[0], None, latitude, longitude, country, sheet.cells.get(admin1), sheet.cells.get(admin2),
        coordinate_source="import" if latitude is not None else None, **precision,
    )  # fmt: skip


def _date(
    sheet: _Sheet,
    column: str,
    first: date | None,
    last: date | None,
    *,
    date_prec: int | None = None,
    time_precision: int | None = None,
) -> Date | None:
    if first is None or last is None:
        return None
    if first > last:
        raise InputError("import.value", f"it ends on {last}, before it begins.", do="Mend the row.")
    words, span = sheet.cells[column], sheet.spans[column]
    return Date(words, span, first.isoformat(), last.isoformat(), date_prec, time_precision)


_READERS = {
    "ucdp": _Reader(
        ("type_of_violence", "date_start"), ("id", "relid"), ("type_of_violence",), _ucdp_parts, ("source_office",)
    ),
    "acled": _Reader(
        ("event_date", "sub_event_type"), ("event_id_cnty",), ("sub_event_type",), _acled_parts, ("source",)
    ),
}  # fmt: skip
