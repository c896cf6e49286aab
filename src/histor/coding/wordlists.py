"""Word lists that coding reads from its data files: attribution, factuality, loaded words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from histor.coding.grammar import Clause


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
def _entries(name: str, section: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The entries of a section's lists by their first word: other words and list, the longest first."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for key, text in table(name)[section].items():
        for entry in sorted(split(text)):
            first, *others = entry.split()
            index.setdefault(first, []).append((tuple(others), key))
    for found in index.values():
        found.sort(key=lambda e: -len(e[0]))  # stable: the file's order among entries of one length
    return index


def lists_of(clause: Clause, i: int, name: str, section: str) -> tuple[str, ...]:
    """The lists of a section that hold word `i`, in the file's order.

    The other words of an entry of several must hang on it; such an entry ("rule out") wins over
    those of fewer words ("rule").
    """
    found = _entries(name, section).get(clause.lemmas[i])
    if found is None:
        return ()
    # The longest entry stands first.
    below = {clause.lemmas[c] for c in clause.children[i]} if found[0][0] else set()
    fitting = [(len(others), key) for others, key in found if below.issuperset(others)]
    return tuple(key for size, key in fitting if size == fitting[0][0])


def words_of_entry(clause: Clause, i: int, name: str, section: str) -> tuple[int, ...]:
    """The dependents of word `i` that the longest fitting entry of several words names; none for one of one word."""
    found = _entries(name, section).get(clause.lemma(i), ())
    for others, _ in found:
        below = [c for c in clause.children[i] if clause.lemma(c) in others]
        if others and {clause.lemma(c) for c in below}.issuperset(others):
            return tuple(below)
    return ()
