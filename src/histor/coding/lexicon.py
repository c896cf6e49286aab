"""The lexicon of frames, read from TOML: data that explains a coding and that users can extend."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from histor.codebook.codebook import Codebook, load_codebook
from histor.model.canonical import digest
from histor.model.errors import ConfigError

ROLES = ("actor", "recipient")
FILES = ("frames.toml", "politics.toml")
Slots = dict[str, tuple[str, ...]]
Word = str | frozenset[str]
"""A lemma, or several of which one stands in a pattern's place (written ``@name`` after a set)."""
Words = tuple[Word, ...]


@dataclass(frozen=True)
class Frame:
    """One entry: words that tell an event of `type`, and the slots of its roles."""

    id: str
    type: str
    mode: str | None
    verbs: tuple[Words, ...]
    nouns: tuple[Words, ...]
    verb: Slots
    noun: Slots
    means: frozenset[str]
    outcome: str | None
    weak: bool
    firm: bool


@dataclass(frozen=True)
class Lexicon:
    """Frames indexed by the lemma of their head word."""

    version: str
    frames: tuple[Frame, ...]
    verbs: dict[str, list[tuple[Words, Frame]]] = field(repr=False)
    nouns: dict[str, list[tuple[Words, Frame]]] = field(repr=False)
    light: dict[str, list[tuple[str, ...]]] = field(repr=False)
    inverse: frozenset[str] = field(repr=False)
    against: frozenset[str] = field(repr=False)
    classes: dict[str, frozenset[str]] = field(repr=False)


def load_lexicon(extra: Path | None = None, codebook: Codebook | None = None) -> Lexicon:
    """Our lexicon, with the user's file `extra` laid over it; its frames may name what `codebook` has.

    Raises ConfigError naming file and frame if the file cannot be read or a part of it is wrong.
    """
    if extra is None:
        return _own_lexicon()
    try:
        theirs = tomllib.loads(extra.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            "lexicon.file", f"cannot read the lexicon: {error}.", where=str(extra),
            do="It must be TOML with [[frame]] tables, as docs/reference/lexicon.md shows.",
        ) from error  # fmt: skip
    ours = _own_tables()
    _check_keys(theirs, _USER_KEYS, "lexicon.key", str(extra))
    classes = {**ours["classes"], **_checked_lists("classes", theirs.get("classes", {}), str(extra))}
    sets = {**ours["sets"], **_checked_lists("sets", theirs.get("sets", {}), str(extra))}
    own = theirs.get("frame", [])
    if not isinstance(own, list):
        raise ConfigError("lexicon.frame", "frame is no list of tables.", where=str(extra), do="Write [[frame]].")
    seen: set[str] = set()
    for number, raw in enumerate(own, 1):
        where = f"{extra}: frame {number}"
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not raw["id"].strip():
            raise ConfigError("lexicon.frame", "a frame has no id.", where=where, do='Give it id = "…".')
        where = f"{where} ({raw['id']})"
        if raw["id"] in seen:
            raise ConfigError("lexicon.frame", "another frame has this id.", where=where, do="Give it one of its own.")
        seen.add(raw["id"])
        _frame(raw, ours["slots"], classes, sets, where, codebook)
    frames = {f["id"]: f for f in (*ours["frame"], *own)}
    version = f"{ours['version']}+{digest('lexicon', theirs)[:8]}"
    merged = {**ours, "frame": list(frames.values()), "classes": classes, "sets": sets, "version": version}
    return _build(merged, str(extra), codebook)


@cache
def _own_tables() -> dict[str, Any]:
    """The tables of our files as one; the first has all but frames and sets."""
    folder = resources.files("histor.coding").joinpath("data")
    first, *rest = (tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")) for name in FILES)
    for more in rest:
        first["frame"] = [*first["frame"], *more["frame"]]
        first["sets"] = {**first.get("sets", {}), **more.get("sets", {})}
    return first


@cache
def _own_lexicon() -> Lexicon:
    return _build(_own_tables(), "data")


def _build(tables: dict[str, Any], where: str, codebook: Codebook | None = None) -> Lexicon:
    sets, classes = tables["sets"], tables["classes"]
    frames = tuple(
        _frame(raw, tables["slots"], classes, sets, f"{where}: {raw['id']}", codebook) for raw in tables["frame"]
    )
    verbs: dict[str, list[tuple[Words, Frame]]] = {}
    nouns: dict[str, list[tuple[Words, Frame]]] = {}
    for frame in frames:
        for table, patterns, head in ((verbs, frame.verbs, 0), (nouns, frame.nouns, -1)):
            for words in patterns:
                word = words[head]
                for key in [word] if isinstance(word, str) else sorted(word):
                    table.setdefault(key, []).append((words, frame))
    for table in (verbs, nouns):
        for entries in table.values():
            # Frames that ask for a class of means first, as they say most; then the longest pattern, the firmest frame.
            entries.sort(key=lambda e: (not e[1].means, -len(e[0]), not e[1].firm, e[1].id))
    light: dict[str, list[tuple[str, ...]]] = {}
    for entry in _entries(tables["light"]["verbs"]):
        light.setdefault(entry[0], []).append(entry)
    return Lexicon(
        tables["version"], frames, verbs, nouns, light,
        frozenset(" ".join(w) for w in _entries(tables["light"]["inverse"])),
        frozenset(" ".join(w) for w in _entries(tables["light"]["against"])),
        {name: frozenset(" ".join(w) for w in _entries(text)) for name, text in classes.items()},
    )  # fmt: skip


# --- checks ------------------------------------------------------------------------------------

_USER_KEYS = frozenset({"frame", "classes", "sets"})
_KINDS = {
    "id": str, "type": str, "mode": str, "verbs": str, "nouns": str, "verb": dict, "noun": dict,
    "means": list, "outcome": str, "weak": bool, "firm": bool,
}  # fmt: skip
_NAMED = {
    str: 'a text in quotation marks ("…")', list: 'a list of texts (["…"])', bool: "true or false",
    dict: 'slots by role (verb.actor = ["subj"])',
}  # fmt: skip
_OUTCOMES = ("killed", "injured", "captured", "displaced")
_ELSEWHERE = {"verb": frozenset({"poss", "comp"}), "noun": frozenset({"subj", "obj", "iobj"})}


def _check_keys(raw: dict[str, Any], known: Iterable[str], code: str, where: str) -> None:
    for key in raw:
        if key not in known:
            do = f"Known: {', '.join(sorted(known))}."
            raise ConfigError(code, f"unknown key {key!r}.", where=where, do=do)


def _checked_lists(key: str, lists: Any, where: str) -> dict[str, str]:
    """The user's word classes or sets: names with lemmas. Raises ConfigError."""
    do = f'Write [{key}] and below it name = "lemma, lemma".'
    if not isinstance(lists, dict):
        raise ConfigError(f"lexicon.{key}", f"{key} is no table.", where=where, do=do)
    one = {"classes": "class", "sets": "set"}[key]
    for name, words in lists.items():
        if not isinstance(words, str) or not list(_entries(words)):
            raise ConfigError(f"lexicon.{key}", f"{one} {name!r} is no text with lemmas.", where=where, do=do)
        if key == "sets" and any(len(entry) > 1 for entry in _entries(words)):
            do = "A set stands in the place of one word: give single lemmas."
            raise ConfigError("lexicon.sets", f"set {name!r} has an entry of several words.", where=where, do=do)
    return lists


def _frame(
    raw: dict[str, Any],
    slots: dict[str, Any],
    classes: dict[str, str],
    sets: dict[str, str],
    where: str,
    codebook: Codebook | None = None,
) -> Frame:
    """One frame, checked. Raises ConfigError."""
    _check_keys(raw, _KINDS, "lexicon.frame", where)
    for key, value in raw.items():
        kind = _KINDS[key]
        texts = kind is not list or (isinstance(value, list) and all(isinstance(v, str) for v in value))
        if not isinstance(value, kind) or not texts:
            raise ConfigError(
                "lexicon.frame", f"{key} is {value!r}.", where=where, do=f"{key} must be {_NAMED[kind]}."
            )  # fmt: skip
    modes = (codebook or load_codebook()).modes
    type_ = raw.get("type", "")
    _check_known("event type", type_, modes, where)
    if "mode" in raw:
        _check_known(f"mode of {type_}", raw["mode"], modes[type_], where)
    if "outcome" in raw:
        _check_known("outcome", raw["outcome"], _OUTCOMES, where)
    for name in raw.get("means", []):
        _check_known("word class", name, classes, where)
    verbs, nouns = (tuple(_patterns(raw.get(key, ""), sets, where)) for key in ("verbs", "nouns"))
    if raw.get("weak") and raw.get("firm"):
        do = "A frame that may stand alone is not weak: keep one of the two."
        raise ConfigError("lexicon.frame", "weak and firm exclude each other.", where=where, do=do)
    if not verbs and not nouns:
        raise ConfigError("lexicon.frame", "no verbs and no nouns.", where=where, do="Give at least one.")
    return Frame(
        id=raw["id"], type=type_, mode=raw.get("mode"), verbs=verbs, nouns=nouns,
        verb=_slots(raw.get("verb", {}), slots, "verb", where), noun=_slots(raw.get("noun", {}), slots, "noun", where),
        means=frozenset(raw.get("means", [])), outcome=raw.get("outcome"), weak=raw.get("weak", False),
        firm=raw.get("firm", False),
    )  # fmt: skip


def _check_known(what: str, value: str, known: Iterable[str], where: str) -> None:
    if value not in known:
        do = f"Known: {', '.join(sorted(known))}." if known else "It has none: leave it out."
        raise ConfigError("lexicon.frame", f"unknown {what} {value!r}.", where=where, do=do)


def _slots(own: dict[str, Any], default: dict[str, Any], part: str, where: str) -> Slots:
    """Slots of each role, the user's over the defaults. Raises ConfigError."""
    for role, places in own.items():
        if role not in ROLES:
            raise ConfigError("lexicon.slot", f"unknown role {role!r}.", where=where, do=f"Known: {', '.join(ROLES)}.")
        if not isinstance(places, list) or not all(isinstance(p, str) and p.strip() for p in places):
            do = f'{part}.{role} must be a list of texts (["…"]).'
            raise ConfigError("lexicon.slot", f"{part}.{role} is {places!r}.", where=where, do=do)
        wrong = _ELSEWHERE[part].intersection(p.strip().lower() for p in places)
        if wrong:
            names = ("subj, obj, iobj" if part == "verb" else "poss, comp") + " or a preposition"
            what = f"{part}.{role} has the slot {min(wrong)!r}."
            raise ConfigError("lexicon.slot", what, where=where, do=f"A {part} has {names}.")
    return {role: tuple(p.strip().lower() for p in places) for role, places in {**default[part], **own}.items()}


def _entries(text: str) -> Iterable[tuple[str, ...]]:
    for entry in text.split(","):
        words = tuple(entry.lower().split())
        if words:
            yield words


def _patterns(text: str, sets: dict[str, str], where: str) -> Iterable[Words]:
    """Entries with ``@name`` replaced by the lemmas of that set. Raises ConfigError for a set that is not there."""
    for entry in _entries(text):
        for word in entry:
            if word.startswith("@"):
                _check_known("set", word[1:], sets, where)
        yield tuple(_lemmas(sets[word[1:]]) if word.startswith("@") else word for word in entry)


@cache
def _lemmas(text: str) -> frozenset[str]:
    return frozenset(word for entry in _entries(text) for word in entry)
