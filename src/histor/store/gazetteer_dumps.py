"""Dumps of GeoNames that the user has: checked, unpacked and laid over what the gazetteer holds."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from histor.model.errors import ConfigError
from histor.store.gazetteer_file import Builder

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


def check_dump(path: Path) -> None:
    """Raises ConfigError unless the first lines have GeoNames' 19 columns."""
    with _dump_lines(path) as lines:
        for number, line in enumerate(itertools.islice(lines, 3), 1):
            cells = line.rstrip("\n").split("\t")
            if len(cells) != 19 or not cells[0].isdigit():
                raise ConfigError(
                    "gazetteer.dump", f"line {number} has {len(cells)} columns instead of GeoNames' 19", where=str(path),
                    do="Give a dump such as allCountries.txt or AF.zip from download.geonames.org.",
                )  # fmt: skip


def read_dump(
    builder: Builder,
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
