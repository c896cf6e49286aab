"""The published schemes as data: columns in order, vocabularies, scores, and codes of countries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Country:
    """One country's English name and codes: ISO 3166-1 (alpha-3, numeric), FIPS 10-4, Correlates of War, Gleditsch-Ward.

    `cow` and `gw` are None for territories that those lists do not number.
    """

    iso3: str
    name: str
    iso_numeric: int | None
    fips: str | None
    cow: int | None
    gw: int | None
    acled_region: str
    ucdp_region: str | None


def _read(name: str) -> str:
    return resources.files("histor.export").joinpath(f"data/{name}").read_text(encoding="utf-8")


@cache
def schemes() -> dict[str, Any]:
    """Columns and vocabularies by the names of `data/schemes.json`, where their sources stand."""
    loaded: dict[str, Any] = json.loads(_read("schemes.json"))
    return loaded


@cache
def columns(scheme: str) -> tuple[str, ...]:
    """Column names of a scheme in their published order."""
    return tuple(schemes()[scheme])


@cache
def countries() -> dict[str, Country]:
    """Codes by ISO 3166-1 alpha-3."""
    lines = [line for line in _read("codes.tsv").splitlines() if line and not line.startswith("#")]
    rows = [line.split("\t") for line in lines[1:]]
    return {
        row[0]: Country(
            row[0], row[1], _number(row[2]), row[3] or None, _number(row[4]), _number(row[5]), row[6], row[7] or None
        )
        for row in rows
    }


def country_name(iso3: str | None) -> str | None:
    """The country's English name, None for a code nobody knows."""
    country = countries().get(iso3 or "")
    return country.name if country else None


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


@cache
def quad_class(event_type: str) -> int:
    """PLOVER's quad: 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict."""
    for name, types in schemes()["plover_quad"].items():
        if event_type in types:
            return int(name.split()[0])
    raise KeyError(event_type)


@cache
def intensity(event_type: str, mode: str | None) -> float:
    """PLOVER's score of a type and mode, -10 (conflict) to 10 (cooperation), after the manual of 2024."""
    scores = schemes()["plover_scores"][event_type]
    if isinstance(scores, dict):
        return float(scores[mode] if mode in scores else scores[""])
    return float(scores)
