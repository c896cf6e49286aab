"""The lexicon of frames, read from TOML: data that explains a coding and that users can extend."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from histor.model.errors import ConfigError

ROLES = ("actor", "recipient", "territory")
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


def load_lexicon(extra: Path | None = None) -> Lexicon:
    """Our lexicon, with the user's file `extra` laid over it.

    Raises ConfigError naming file and frame if the file cannot be read or a frame is wrong.
    """
    ours = _own_tables()
    if extra is None:
        return _own_lexicon()
    try:
        theirs = tomllib.loads(extra.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            "lexicon.file", f"cannot read the lexicon: {error}", where=str(extra),
            do="It must be TOML with [[frame]] tables, as docs/reference/lexicon.md shows.",
        ) from error  # fmt: skip
    frames = {f["id"]: f for f in ours["frame"]}
    slots = ours["slots"]
    for number, raw in enumerate(theirs.get("frame", []), 1):
        where = f"{extra}: frame {number}"
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
            raise ConfigError("lexicon.frame", "a frame has no id", where=where, do='Give it id = "…".')
        _frame(raw, slots, where)
        frames[raw["id"]] = raw
    classes = {**ours["classes"], **theirs.get("classes", {})}
    version = f"{ours['version']}+{extra.name}"
    merged = {**ours, "frame": list(frames.values()), "classes": classes, "version": version}
    return _build(merged, str(extra))


@cache
def _own_tables() -> dict[str, Any]:
    text = resources.files("histor.coding").joinpath("data/frames.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _own_lexicon() -> Lexicon:
    return _build(_own_tables(), "frames.toml")


def _build(tables: dict[str, Any], where: str) -> Lexicon:
    frames = tuple(_frame(raw, tables["slots"], f"{where}: {raw['id']}") for raw in tables["frame"])
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
    classes = {name: frozenset(w.strip() for w in text.split(",")) for name, text in tables["classes"].items()}
    return Lexicon(
        tables["version"], frames, verbs, nouns, light,
        frozenset(" ".join(w) for w in _patterns(tables["light"]["inverse"])),
        frozenset(" ".join(w) for w in _patterns(tables["light"]["against"])),
        classes,
    )  # fmt: skip


_KNOWN = frozenset("id type mode verbs nouns verb noun means outcome weak".split())
_TYPES = frozenset(
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION "
    "MOBILIZE COERCE ASSAULT".split()
)


def _frame(raw: dict[str, Any], slots: dict[str, Any], where: str) -> Frame:
    """One frame, checked. Raises ConfigError."""
    unknown = set(raw) - _KNOWN
    if unknown:
        raise ConfigError(
            "lexicon.frame",
            f"unknown key {sorted(unknown)[0]!r}",
            where=where,
            do=f"Known: {', '.join(sorted(_KNOWN))}.",
        )
    if raw.get("type") not in _TYPES:
        raise ConfigError(
            "lexicon.frame",
            f"unknown event type {raw.get('type')!r}",
            where=where,
            do=f"Known: {', '.join(sorted(_TYPES))}.",
        )
    if not raw.get("verbs") and not raw.get("nouns"):
        raise ConfigError("lexicon.frame", "no verbs and no nouns", where=where, do="Give at least one.")
    return Frame(
        id=raw["id"], type=raw["type"], mode=raw.get("mode"),
        verbs=tuple(_patterns(raw.get("verbs", ""))), nouns=tuple(_patterns(raw.get("nouns", ""))),
        verb=_slots(raw.get("verb", {}), slots["verb"], where),
        noun=_slots(raw.get("noun", {}), slots["noun"], where),
        means=frozenset(raw.get("means", [])), outcome=raw.get("outcome"), weak=raw.get("weak", False),
    )  # fmt: skip


def _slots(own: dict[str, list[str]], default: dict[str, list[str]], where: str) -> Slots:
    merged = {**default, **own}
    for role in merged:
        if role not in ROLES:
            raise ConfigError("lexicon.slot", f"unknown role {role!r}", where=where, do=f"Known: {', '.join(ROLES)}.")
    return {role: tuple(places) for role, places in merged.items()}


def _patterns(text: str) -> Iterable[Words]:
    for entry in text.split(","):
        words = tuple(entry.lower().split())
        if words:
            yield words
