"""What kind of speaker a phrase means: by its head noun, or by a name that stands whole in the lists."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from histor.coding.wordlists import split, table, words
from histor.resolve.actors import PREPOSITIONS, clean_name, country_of, is_country, sector_of, singulars

_WORD = re.compile(r"[\w'’.-]+")
_PARTS = re.compile(r"[,;:()]")
_LINKS = frozenset({"of", "for", "from", "at", "with"})
_BODIES = frozenset({"media", "un", "ngo", "medical", "expert"})
_BY_SECTOR = {
    "MED": "medical", "UNO": "un", "NGO": "ngo", "JRN": "media", "REB": "party", "MIL": "official",
    "COP": "official", "GOV": "official", "CVL": "witness", "UAF": "party", "PRM": "party",
    "SPY": "official", "LEG": "official", "JUD": "official", "IGO": "official",
}  # fmt: skip

Words = tuple[str, ...]


@lru_cache(maxsize=10_000)
def speaker_type(name: str) -> str:
    """What kind of speaker a name or phrase is: see `Attribution.type`; ``anonymous`` if unknown."""
    for part in _PARTS.split(name):
        kind = _kind(_words(clean_name(part)))
        if kind:
            return kind
    return _BY_SECTOR.get(sector_of(name) or "", "anonymous")


def _words(text: str) -> Words:
    """Words without full stops ("U.N."); a possessive keeps its ending, which ends a name."""
    return tuple(w for word in _WORD.findall(text) if (w := word.replace(".", "").replace("’", "'").strip("'")))


@cache
def _entries() -> tuple[dict[Words, str], int]:
    """Entries to kinds (empty for a noun that only speaks for others), and the most words of one."""
    found: dict[Words, str] = {}
    for kind, text in table("attribution")["types"].items():
        for entry in split(text):
            found.setdefault(_words(entry), kind)
    for noun in words("attribution", "speaks_for", "nouns"):
        found.setdefault(_words(noun), "")
    return found, max(map(len, found))


def _entry(phrase: Words) -> Words | None:
    """The entry that a phrase is, word for word: a name in its case, a noun in any case and number."""
    if not phrase:
        return None
    table_, longest = _entries()
    bare = (*phrase[:-1], phrase[-1].removesuffix("'s"))
    if len(phrase) > longest or bare in table_:
        return bare if bare in table_ else None
    low = tuple(w.lower() for w in bare)
    return next((e for last in singulars(low[-1]) if (e := (*low[:-1], last)) in table_), None)


def _kind(phrase: Words) -> str | None:
    """The kind of a phrase: its own entry, else that of its head noun or of the body it speaks for."""
    whole = _entry(phrase)
    if whole is not None and _entries()[0][whole]:
        return _entries()[0][whole]
    head, link, rest = _cut(phrase)
    found = _head(head)
    if found is None:
        return None
    entry, start = found
    kind = _entries()[0][entry]
    if " ".join(entry) in words("attribution", "speaks_for", "nouns"):
        bodies = [_kind(head[:start]), _named(head[:start]), _kind(rest) if link in _LINKS else None]
        return next((body for body in bodies if body and (body in _BODIES or not kind)), kind) or None
    return kind


def _cut(phrase: Words) -> tuple[Words, str, Words]:
    """What stands before the first preposition that is no part of an entry, that word, and the rest."""
    longest = _entries()[1]
    inside: set[int] = set()
    for start in range(len(phrase)):
        for size in range(2, longest + 1):
            if start + size <= len(phrase) and _entry(phrase[start : start + size]) is not None:
                inside.update(range(start, start + size))
    for i, word in enumerate(phrase):
        if i and word in PREPOSITIONS and i not in inside:
            return phrase[:i], word, tuple(w for w in phrase[i + 1 :] if w.lower() not in {"the", "a", "an"})
    return phrase, "", ()


def _head(phrase: Words) -> tuple[Words, int] | None:
    """The last entry of a phrase with its place; only a person's name may follow it."""
    longest = _entries()[1]
    for end in range(len(phrase), 0, -1):
        for size in range(min(longest, end), 0, -1):
            entry = _entry(phrase[end - size : end])
            if entry is None or (_is_name(entry) and not (end == len(phrase) and _stands_whole(phrase, end, entry))):
                continue
            return entry, end - size
        if not phrase[end - 1][:1].isupper():
            return None
    return None


def _named(phrase: Words) -> str | None:
    """The kind of a listed name among the words before a noun ("UN human rights [chief]")."""
    for end in range(1, len(phrase) + 1):
        entry = _entry(phrase[end - 1 : end])
        if entry is not None and _is_name(entry) and _stands_whole(phrase, end, entry):
            return _entries()[0][entry]
    return None


def _is_name(entry: Words) -> bool:
    return any(w != w.lower() for w in entry)


def _stands_whole(phrase: Words, end: int, entry: Words) -> bool:
    """Whether a listed name is no part of a longer one ("Dominican Republic", "Dawn Square").

    A country's adjective may precede it ("Chinese Xinhua"); an acronym stands for itself in front of others.
    """
    if end < len(phrase) and phrase[end][:1].isupper() and not entry[-1].isupper():
        return False
    run: list[str] = []
    for word in reversed(phrase[: end - len(entry)]):
        adjective = "-" in word and word.rsplit("-", 1)[-1].islower()
        if not word[:1].isupper() or word.endswith("'s") or adjective:
            break
        run.insert(0, word)
    return all(country_of(word) for word in run) and not is_country(" ".join([*run, *entry]))
