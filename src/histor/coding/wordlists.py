"""Word lists that coding reads from its data files: attribution, factuality, loaded words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML table ``data/NAME.toml`` of this package."""
    text = resources.files("histor.coding").joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def split(text: str) -> frozenset[str]:
    return frozenset(w.strip() for w in text.split(",") if w.strip())


@cache
def words(name: str, section: str, key: str) -> frozenset[str]:
    """One comma-separated list as a set."""
    return split(table(name)[section][key])


@cache
def verb_kinds() -> dict[str, tuple[str, ...]]:
    """Reporting verbs (first word of an entry) to their kinds, in the file's order."""
    kinds: dict[str, list[str]] = {}
    for kind, text in table("attribution")["verbs"].items():
        for entry in split(text):
            kinds.setdefault(entry.split()[0], []).append(kind)
    return {verb: tuple(found) for verb, found in kinds.items()}
