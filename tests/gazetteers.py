"""A gazetteer of a few places, written by hand, so that tests need no built file."""

from __future__ import annotations

from collections.abc import Sequence

from histor.resolve.gazetteer import Entry, Hit, loose_key, name_key


def entry(key: int, name: str, kind: str, country: str, **values: object) -> Entry:
    given = {
        "admin1": "", "admin2": "", "admin1_code": "", "admin2_code": "", "latitude": 0.0, "longitude": 0.0,
        "population": 0, "geonames_id": key, "point": "GeoNames",
    } | values  # fmt: skip
    return Entry(key, name, kind, country, **given)  # type: ignore[arg-type]


class SmallGazetteer:
    """Look-ups over a list of entries with their other names."""

    def __init__(self, entries: Sequence[tuple[Entry, Sequence[str]]]) -> None:
        self.names: dict[str, list[Hit]] = {}
        self.loose: dict[tuple[str, str], list[Hit]] = {}
        for place, others in entries:
            self.names.setdefault(name_key(place.name), []).append(Hit(place, "name"))
            for other in others:
                self.names.setdefault(name_key(other), []).append(Hit(place, "alternate"))
            self.loose.setdefault((place.country, loose_key(place.name)), []).append(Hit(place, "fuzzy", 0.9))

    def find(self, name: str) -> Sequence[Hit]:
        return self.names.get(name_key(name), [])

    def find_like(self, name: str, country: str) -> Sequence[Hit]:
        return self.loose.get((country, loose_key(name)), [])


AFGHANISTAN = entry(1, "Afghanistan", "country", "AFG", latitude=33.9, longitude=67.7, population=38_000_000)
IRAN = entry(2, "Iran", "country", "IRN", latitude=32.4, longitude=53.7, population=84_000_000)
BAGHLAN = entry(3, "Baghlan", "adm1", "AFG", admin1="Baghlan", admin1_code="AF.03", latitude=36.1, longitude=68.7)
ANDARAB_AFG = entry(4, "Andarāb", "adm2", "AFG", admin1="Baghlan", admin1_code="AF.03", latitude=35.6, longitude=69.3)
ANDARAB_IRN = entry(
    5,
    "Andarāb",
    "town",
    "IRN",
    admin1="East Azerbaijan",
    admin1_code="IR.01",
    latitude=37.9,
    longitude=47.5,
    population=400,
)
GOMA = entry(
    6,
    "Goma",
    "town",
    "COD",
    admin1="Nord Kivu",
    admin1_code="CD.11",
    latitude=-1.67,
    longitude=29.22,
    population=1_000_000,
)
RUTSHURU = entry(
    7,
    "Rutshuru",
    "town",
    "COD",
    admin1="Nord Kivu",
    admin1_code="CD.11",
    latitude=-1.19,
    longitude=29.45,
    population=40_000,
)
SPRINGFIELD_IL = entry(
    8,
    "Springfield",
    "town",
    "USA",
    admin1="Illinois",
    admin1_code="US.IL",
    latitude=39.8,
    longitude=-89.6,
    population=114_000,
)
SPRINGFIELD_MA = entry(
    9,
    "Springfield",
    "town",
    "USA",
    admin1="Massachusetts",
    admin1_code="US.MA",
    latitude=42.1,
    longitude=-72.6,
    population=155_000,
)
ILLINOIS = entry(
    10,
    "Illinois",
    "adm1",
    "USA",
    admin1="Illinois",
    admin1_code="US.IL",
    latitude=40.0,
    longitude=-89.3,
    population=12_000_000,
)
MAARAT = entry(
    11,
    "Ma‘arrat an Nu‘mān",
    "town",
    "SYR",
    admin1="Idlib",
    admin1_code="SY.12",
    latitude=35.64,
    longitude=36.67,
    population=58_000,
)
DARFUR = entry(12, "Darfur", "area", "SDN", latitude=13.0, longitude=24.5, geonames_id=None)
SYRIA = entry(13, "Syria", "country", "SYR", latitude=35.0, longitude=38.5, population=17_000_000)

SMALL = SmallGazetteer(
    [
        (AFGHANISTAN, ["Afghan"]), (IRAN, []), (BAGHLAN, []), (ANDARAB_AFG, ["Andarab"]), (ANDARAB_IRN, ["Andarab"]), (GOMA, []),
        (RUTSHURU, []), (SPRINGFIELD_IL, []), (SPRINGFIELD_MA, []), (ILLINOIS, []), (MAARAT, ["Maarat al-Numan"]), (DARFUR, []), (SYRIA, []),
    ]
)  # fmt: skip
