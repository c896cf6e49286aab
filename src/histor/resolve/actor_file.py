"""The actors file: who is known, under which names, of which country and sector, and when.

A tab-separated table that a spreadsheet can edit. One row is one period of one actor: an actor whose
role changes has several rows with the same id (the Taliban rebel until August 2021, and govern
since). A user's file of the same form extends ours; rows of an id that ours has replace all of ours.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct

from histor.model.errors import ConfigError
from histor.resolve.actors import countries

COLUMNS = ("id", "name", "aliases", "country", "sector", "kind", "parent", "office", "from", "to")
KINDS = frozenset(
    "government military police intelligence armed_group militia gang party international alliance ngo media "
    "company person ethnic_group religious_group union court parliament other".split()
)
SECTORS = frozenset(
    "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC IGO UNO EUR NGO "
    "ISM IMG MNC".split()
)
_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+$")
_COUNTRY = re.compile(r"[A-Z]{3}")
# Codes of ISO 3166-1 that the table of countries has not (territories), and of states that are no more.
_TERRITORIES = frozenset(
    "ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN IOT JEY MAC MAF MNP MSR MTQ MYT NCL "
    "NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA TKL UMI VAT VGB VIR WLF ANT CSK DDR SCG SUN XKX YMD YUG".split()
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$")


class Role(Struct, frozen=True, gc=False):
    """One period of an actor; `start` and `end` (both included) are None where the period is open."""

    country: tuple[str, ...]
    sector: str
    parent: str | None
    office: str | None
    start: date | None
    end: date | None

    def holds(self, when: date | None) -> bool:
        """Whether the role is held on a date; without a date any role may be."""
        if when is None:
            return True
        return (self.start is None or self.start <= when) and (self.end is None or when <= self.end)


class KnownActor(Struct, frozen=True, gc=False):
    """An actor with its names and its roles in order of time."""

    id: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    roles: tuple[Role, ...]

    def role(self, when: date | None) -> Role:
        """The role held on a date; outside all periods the one nearest in time."""
        held = [r for r in self.roles if r.holds(when)]
        if held:
            return held[-1] if when is None else held[0]
        return min(self.roles, key=lambda r: _distance(r, when))


def _distance(role: Role, when: date | None) -> int:
    if when is None:
        return 0
    ends = [abs((d - when).days) for d in (role.start, role.end) if d is not None]
    return min(ends, default=0)


def read_actor_file(path: Path) -> dict[str, KnownActor]:
    """Actors of a file by id. Raises ConfigError naming file, line and remedy on the first mistake."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "actors.file", f"cannot read the actors file ({error})", where=str(path), do="It must be a UTF-8 text."
        ) from error
    return parse_actor_file(text, str(path))


def parse_actor_file(text: str, where: str) -> dict[str, KnownActor]:
    """Actors of the text of an actors file; `where` names it in errors."""
    lines = text.replace("\r\n", "\n").split("\n")
    rows: dict[str, list[tuple[str, tuple[str, ...], str, Role]]] = {}
    header: list[str] | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [c.strip() for c in line.split("\t")]
        place = f"{where}:{number}"
        if header is None:
            header = cells
            if tuple(header) != COLUMNS:
                raise ConfigError(
                    "actors.header",
                    f"the first line is not the header (found: {', '.join(cells)[:80]})",
                    where=place,
                    do=f"It must be, with tabs between: {' '.join(COLUMNS)}.",
                )
            continue
        if len(cells) > len(COLUMNS):
            raise ConfigError(
                "actors.row",
                f"{len(cells)} columns, the header has {len(COLUMNS)}",
                where=place,
                do="Remove the extra tabs.",
            )
        cells += [""] * (len(COLUMNS) - len(cells))
        id_, name, aliases, kind, role = _row(dict(zip(COLUMNS, cells, strict=True)), place)
        others = rows.setdefault(id_, [])
        if others and others[0][0] != name:
            raise ConfigError(
                "actors.name", f"{id_} is called {name!r} here and {others[0][0]!r} further up", where=place,
                do="Use one name in all its rows and put the other under aliases.",
            )  # fmt: skip
        others.append((name, aliases, kind, role))
    if header is None:
        raise ConfigError(
            "actors.header", "the file is empty", where=where, do=f"Begin with the header: {' '.join(COLUMNS)}."
        )
    return {id_: _actor(id_, found) for id_, found in rows.items()}


@cache
def _known_countries() -> frozenset[str]:
    return _TERRITORIES | {c.iso3 for c in countries()}


def _row(cells: dict[str, str], place: str) -> tuple[str, str, tuple[str, ...], str, Role]:
    if not _ID.match(cells["id"]):
        raise ConfigError(
            "actors.id",
            f"the id {cells['id']!r} is not of the form afg.taliban",
            where=place,
            do="Use small letters, digits, - and a dot.",
        )
    if not cells["name"]:
        raise ConfigError("actors.name", "the row has no name", where=place, do="Give the actor's usual English name.")
    if cells["sector"] not in SECTORS:
        raise ConfigError(
            "actors.sector",
            f"unknown sector {cells['sector']!r}",
            where=place,
            do=f"Known: {' '.join(sorted(SECTORS))}.",
        )
    if cells["kind"] not in KINDS:
        raise ConfigError(
            "actors.kind", f"unknown kind {cells['kind']!r}", where=place, do=f"Known: {' '.join(sorted(KINDS))}."
        )
    countries = tuple(filter(None, map(str.strip, cells["country"].split(";"))))
    for country in countries:
        if not _COUNTRY.fullmatch(country) or country not in _known_countries():
            raise ConfigError(
                "actors.country",
                f"{country!r} is not an ISO 3166-1 code of three letters",
                where=place,
                do="Write AFG, not AF or Afghanistan.",
            )
    named = dict.fromkeys(map(str.strip, cells["aliases"].split(";")))
    aliases = tuple(a for a in named if a and a != cells["name"])
    start, end = _date(cells["from"], False, place), _date(cells["to"], True, place)
    if start and end and end < start:
        raise ConfigError(
            "actors.dates",
            f"the period ends ({cells['to']}) before it begins ({cells['from']})",
            where=place,
            do="Exchange them.",
        )
    role = Role(countries, cells["sector"], cells["parent"] or None, cells["office"] or None, start, end)
    return cells["id"], cells["name"], aliases, cells["kind"], role


def _date(text: str, last: bool, place: str) -> date | None:
    """A year, month or day; of a year or month the first day, or the last where a period ends."""
    if not text:
        return None
    match = _DATE.match(text)
    try:
        if match is None:
            raise ValueError
        year, month, day = match.groups()
        if day:
            return date(int(year), int(month), int(day))
        if month:
            return _month_end(int(year), int(month)) if last else date(int(year), int(month), 1)
        return date(int(year), 12, 31) if last else date(int(year), 1, 1)
    except ValueError as error:
        raise ConfigError(
            "actors.dates", f"{text!r} is not a date", where=place, do="Write 2021, 2021-08 or 2021-08-15."
        ) from error


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _actor(id_: str, rows: list[tuple[str, tuple[str, ...], str, Role]]) -> KnownActor:
    name, _, kind, _ = rows[0]
    aliases = tuple(dict.fromkeys(a for _, found, _, _ in rows for a in found if a != name))
    roles = sorted((r for *_, r in rows), key=lambda r: (r.start or date.min, r.end or date.max))
    return KnownActor(id_, name, aliases, kind, tuple(roles))
