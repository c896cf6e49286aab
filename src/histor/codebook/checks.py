"""Checks of a user's codebook: what is wrong, where, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from histor.model.errors import ConfigError

TABLES = ("version", "types", "contexts", "crosswalk", "define")
ROW = ("sub", "type", "modes", "sides", "words", "deaths", "proposed")
SIDES = (
    "armed-armed", "armed-civilian", "state-protesters", "crowd", "state", "rebel",
)  # fmt: skip


def checked(theirs: dict[str, Any], ours: dict[str, Any], where: str) -> dict[str, Any]:
    """A user's codebook if nothing in it is wrong. Raises ConfigError on the first mistake."""
    _known(theirs, TABLES, "the file", where)
    version = theirs.get("version")
    if not isinstance(version, str) or not version.strip():
        raise _error("version is missing or no text.", where, 'Begin with version = "my-war 1".')
    types = _types(theirs.get("types", {}), where)
    _contexts(theirs.get("contexts", {}), where)
    modes = {name: [*ours["types"].get(name, []), *types.get(name, [])] for name in {**ours["types"], **types}}
    rows = theirs.get("crosswalk", [])
    if not isinstance(rows, list):
        raise _error("crosswalk is no list of tables.", where, "Write [[crosswalk]] above each row.")
    for number, row in enumerate(rows, 1):
        _row(row, modes, ours["acled"], f"{where}, [[crosswalk]] {number}")
    _define(theirs.get("define", {}), modes, ours["define"], where)
    return theirs


def _error(what: str, where: str, do: str) -> ConfigError:
    return ConfigError("codebook.entry", what, where=where, do=do)


def _known(table: Any, known: Iterable[str], what: str, where: str) -> None:
    if not isinstance(table, dict):
        raise _error(f"{what} is no table.", where, "See histor codebook validate --help for the form.")
    for key in table:
        if key not in known:
            raise _error(f"{what} has the unknown key {key!r}.", where, f"Known: {', '.join(known)}.")


def _types(types: Any, where: str) -> dict[str, list[str]]:
    if not isinstance(types, dict):
        raise _error("types is no table.", where, 'Write [types] and below it ASSAULT = ["mode"].')
    for name, modes in types.items():
        if not name.replace("_", "").isupper():
            raise _error(f"the type {name!r} is not in capitals.", where, f"Write {name.upper()}.")
        if not isinstance(modes, list) or not all(isinstance(m, str) and m.strip() for m in modes):
            raise _error(f"the modes of {name} are {modes!r}.", where, 'Give a list of texts, be it empty: ["mode"].')
    return types


def _contexts(contexts: Any, where: str) -> None:
    do = 'Write [contexts] and below it name = "lemma, lemma".'
    if not isinstance(contexts, dict):
        raise _error("contexts is no table.", where, do)
    for name, words in contexts.items():
        if not isinstance(words, str) or not [w for w in words.split(",") if w.strip()]:
            raise _error(f"the context {name!r} has no words.", where, do)


def _row(row: Any, modes: dict[str, list[str]], acled: dict[str, str], where: str) -> None:
    _known(row, ROW, "the row", where)
    for key, known in (("sub", acled), ("type", modes)):
        if row.get(key) not in known:
            raise _error(f"{key} is {row.get(key)!r}.", where, f"It must be one of: {', '.join(known)}.")
    lists = {"modes": ["", *modes[row["type"]]], "words": None}
    for key, allowed in lists.items():
        values = row.get(key, [])
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise _error(f"{key} is {values!r}.", where, "Give a list of texts.")
        wrong = [v for v in values if allowed is not None and v not in allowed]
        if wrong:
            named = ", ".join(m or '""' for m in allowed or ())
            raise _error(f"{row['type']} has no mode {wrong[0]!r}.", where, f"Known: {named}.")
    if not row.get("modes") and not row.get("proposed"):
        raise _error("the row has no modes.", where, 'Give modes = [""] for an event without one, or proposed = true.')
    if row.get("sides") is not None and row["sides"] not in SIDES:
        raise _error(f"sides is {row['sides']!r}.", where, f"Known: {', '.join(SIDES)}.")
    for key in ("deaths", "proposed"):
        if not isinstance(row.get(key, False), bool):
            raise _error(f"{key} is {row[key]!r}.", where, "Write true or false.")


def _define(define: Any, modes: dict[str, list[str]], ours: dict[str, Any], where: str) -> None:
    _known(define, ours, "define", where)
    for scheme, codes in define.items():
        place = f"{where}, [define.{scheme}]"
        if not isinstance(codes, dict):
            raise _error(f"define.{scheme} is no table.", where, f"Write [define.{scheme}].")
        for code, value in codes.items():
            if scheme == "modes":
                if code not in modes or not isinstance(value, dict):
                    raise _error(f"{code!r} is no event type with modes.", place, "Write [define.modes.ASSAULT].")
                _known(value, modes[code], f"define.modes.{code}", where)
            for name, pair in (value if scheme == "modes" else {code: value}).items():
                if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(x, str) and x for x in pair):
                    raise _error(f"{name!r} is {pair!r}.", place, 'Write name = ["definition", "example"].')
