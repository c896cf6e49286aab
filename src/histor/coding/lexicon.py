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
Slots = dict[str, tuple[str, ...]]
Words = tuple[str, ...]


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


@dataclass(frozen=True)
class Lexicon:
    """Frames indexed by the lemma of their head word."""

    version: str
    frames: tuple[Frame, ...]
    verbs: dict[str, list[tuple[Words, Frame]]] = field(repr=False)
    nouns: dict[str, list[tuple[Words, Frame]]] = field(repr=False)
    light: dict[str, list[Words]] = field(repr=False)
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
    classes = {**ours["classes"], **_checked_classes(theirs.get("classes", {}), str(extra))}
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
        _frame(raw, ours["slots"], classes, where, codebook)
    frames = {f["id"]: f for f in (*ours["frame"], *own)}
    version = f"{ours['version']}+{digest('lexicon', theirs)[:8]}"
    merged = {**ours, "frame": list(frames.values()), "classes": classes, "version": version}
    return _build(merged, str(extra), codebook)


@cache
def _own_tables() -> dict[str, Any]:
    text = resources.files("histor.coding").joinpath("data/frames.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _own_lexicon() -> Lexicon:
    return _build(_own_tables(), "frames.toml")


def _build(tables: dict[str, Any], where: str, codebook: Codebook | None = None) -> Lexicon:
    slots, classes_ = tables["slots"], tables["classes"]
    frames = tuple(_frame(raw, slots, classes_, f"{where}: {raw['id']}", codebook) for raw in tables["frame"])
    verbs: dict[str, list[tuple[Words, Frame]]] = {}
    nouns: dict[str, list[tuple[Words, Frame]]] = {}
    for frame in frames:
        for words in frame.verbs:
            verbs.setdefault(words[0], []).append((words, frame))
        for words in frame.nouns:
            nouns.setdefault(words[-1], []).append((words, frame))
    for table in (verbs, nouns):
        for entries in table.values():
            # Frames that ask for a class of means first, as they say most; then the longest pattern.
            entries.sort(key=lambda e: (not e[1].means, -len(e[0]), e[1].id))
    light: dict[str, list[Words]] = {}
    for words in _patterns(tables["light"]["verbs"]):
        light.setdefault(words[0], []).append(words)
    classes = {name: frozenset(" ".join(w) for w in _patterns(text)) for name, text in tables["classes"].items()}
    return Lexicon(
        tables["version"], frames, verbs, nouns, light,
        frozenset(" ".join(w) for w in _patterns(tables["light"]["inverse"])),
        frozenset(" ".join(w) for w in _patterns(tables["light"]["against"])),
        classes,
    )  # fmt: skip


# --- checks ------------------------------------------------------------------------------------

_USER_KEYS = frozenset({"frame", "classes"})
_KINDS = {
    "id": str, "type": str, "mode": str, "verbs": str, "nouns": str, "verb": dict, "noun": dict,
    "means": list, "outcome": str, "weak": bool,
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


def _checked_classes(classes: Any, where: str) -> dict[str, str]:
    """The user's word classes: names with lemmas. Raises ConfigError."""
    do = 'Write [classes] and below it name = "lemma, lemma".'
    if not isinstance(classes, dict):
        raise ConfigError("lexicon.classes", "classes is no table.", where=where, do=do)
    for name, words in classes.items():
        if not isinstance(words, str) or not list(_patterns(words)):
            raise ConfigError("lexicon.classes", f"class {name!r} is no text with lemmas.", where=where, do=do)
    return classes


def _frame(
    raw: dict[str, Any], slots: dict[str, Any], classes: dict[str, str], where: str, codebook: Codebook | None = None
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
    verbs, nouns = (tuple(_patterns(raw.get(key, ""))) for key in ("verbs", "nouns"))
    if not verbs and not nouns:
        raise ConfigError("lexicon.frame", "no verbs and no nouns.", where=where, do="Give at least one.")
    return Frame(
        id=raw["id"], type=type_, mode=raw.get("mode"), verbs=verbs, nouns=nouns,
        verb=_slots(raw.get("verb", {}), slots, "verb", where), noun=_slots(raw.get("noun", {}), slots, "noun", where),
        means=frozenset(raw.get("means", [])), outcome=raw.get("outcome"), weak=raw.get("weak", False),
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


def _patterns(text: str) -> Iterable[Words]:
    for entry in text.split(","):
        words = tuple(entry.lower().split())
        if words:
            yield words
