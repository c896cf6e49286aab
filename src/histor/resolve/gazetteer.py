"""What a gazetteer answers, and the keys under which names are looked up.

The gazetteer itself is a file of the store; here it is an argument. Keys fold what differs between
spellings without changing which place is meant: case, accents, hyphens, apostrophes, articles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from msgspec import Struct

KINDS = ("country", "adm1", "adm2", "adm3", "town", "quarter", "area", "water", "terrain", "spot", "road", "region")


class Entry(Struct, frozen=True, gc=False):
    """A place: `kind` is one of `KINDS`, `country` ISO 3166-1 alpha-3 (empty for regions).

    `geonames_id` is None where the source gives none; `latitude` and `longitude` (WGS 84 degrees) are
    None where no point is known; `point` says whose they are.
    """

    key: int
    name: str
    kind: str
    country: str
    admin1: str
    admin2: str
    admin1_code: str
    admin2_code: str
    latitude: float | None
    longitude: float | None
    population: int
    geonames_id: int | None
    point: str


class Hit(Struct, frozen=True, gc=False):
    """An entry with the way in which its name matched: ``name``, ``alternate`` or ``fuzzy``."""

    entry: Entry
    match: str
    likeness: float = 1.0


class Gazetteer(Protocol):
    """Look-ups by name; the same question gives the same answers in the same order."""

    def find(self, name: str) -> Sequence[Hit]: ...

    def find_like(self, name: str, country: str) -> Sequence[Hit]: ...


_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼʻ′ʿʾ\""), None)
_ASCII = str.maketrans("-_./,()", " " * 7, "'`\"")
_BLANKS = re.compile(r"[\s\-–—_./,()]+")
_SPECIAL = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "e", "ħ": "h"}
)
_ARTICLES = frozenset("al el ul ad ar as ash at az an ez es en ed the".split())


@lru_cache(maxsize=200_000)
def name_key(name: str) -> str:
    """`name` folded: small letters, no accents and apostrophes, blanks for hyphens and points."""
    if name.isascii():  # most names; the same without what only other letters need
        return " ".join(name.translate(_ASCII).lower().split())
    plain = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold().translate(_SPECIAL)
    return _BLANKS.sub(" ", plain).strip()


@lru_cache(maxsize=200_000)
def loose_key(name: str) -> str:
    """A key that spellings from Arabic, Persian, Russian and the like share.

    Articles are dropped, long and doubled letters made single, and letters that stand for one sound
    folded: Deir ez-Zor, Dayr az Zawr and Deir Ezzor have one key.
    """
    words = [w for w in name_key(name).split() if w not in _ARTICLES] or name_key(name).split()
    text = "".join(words)
    for pattern, plain in _FOLDS:
        text = pattern.sub(plain, text)
    return text


_FOLDS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"tch|tsch|cz|ch", "c"), (r"sch|sh|sz", "s"), (r"kh|gh|q|ck", "k"), (r"dj|dzh|zh", "j"), (r"ph", "f"), (r"th", "t"), (r"dh", "d"),
        (r"ou|oo|aw|au|ow|w", "u"), (r"ee|ey|ei|ay|ai|iy|y", "i"), (r"g", "k"), (r"v", "u"), (r"z", "s"),
        (r"e", "i"), (r"o", "u"), (r"(.)\1+", r"\1"), (r"ah?$", "a"), (r"h$", ""), (r"(?<=[^aiu])[aiu]+(?=[^aiu])", ""),
    )
)  # fmt: skip

# Words that say of what kind a place is; stripped for look-up, kept as a hint.
_KIND_WORDS: dict[str, tuple[str, ...]] = {
    "adm1": (
        "province", "state", "governorate", "region", "oblast", "krai", "republic", "department", "prefecture", "voivodeship", "canton", "wilaya", "muhafazah",
        "provincia", "departamento", "estado", "division", "emirate", "autonomous region", "federal state", "regional state", "vilayet",
    ),
    "adm2": ("district", "county", "parish", "municipality", "raion", "rayon", "subdistrict", "commune", "borough", "woreda", "cercle", "tehsil", "tambon", "zone", "local government area", "lga", "sub-district"),
    "town": ("city", "town", "village", "hamlet", "capital", "settlement", "camp", "neighbourhood", "neighborhood", "suburb", "municipal area", "township", "port", "area"),
    "terrain": ("valley", "mountains", "mountain", "hills", "hill", "desert", "forest", "gorge", "pass", "plain", "plateau", "peninsula", "island", "islands", "heights", "range", "delta", "basin"),
    "water": ("river", "lake", "sea", "gulf", "bay", "strait", "canal", "dam", "creek", "falls", "reservoir"),
    "spot": ("airport", "airbase", "air base", "base", "barracks", "prison", "hospital", "university", "school", "mosque", "church", "bridge", "crossing", "checkpoint", "square", "street", "road", "highway", "stadium", "station", "refinery", "field", "park"),
}  # fmt: skip
_WORD_KIND = {word: kind for kind, words in _KIND_WORDS.items() for word in words}
_LONGEST = max(len(w.split()) for w in _WORD_KIND)
_LEADING_OF = re.compile(r"^(?:the\s+)?([\w-]+(?:\s[\w-]+)?)\s+of\s+(.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class PlaceName:
    """A place's name with the word of its kind taken off: ``Borno State`` is Borno, an ``adm1``."""

    name: str
    kind: str | None


@lru_cache(maxsize=100_000)
def split_kind(text: str) -> PlaceName:
    """Take words such as *province*, *the city of*, *valley* off a place's name."""
    words = text.split()
    if words and words[0].lower() == "the":
        words = words[1:]
    text = " ".join(words)
    leading = _LEADING_OF.match(text)
    if leading and leading.group(1).lower() in _WORD_KIND:
        return PlaceName(leading.group(2), _WORD_KIND[leading.group(1).lower()])
    for size in range(min(_LONGEST, len(words) - 1), 0, -1):
        tail = " ".join(words[-size:]).lower()
        if tail in _WORD_KIND:
            return PlaceName(" ".join(words[:-size]), _WORD_KIND[tail])
    return PlaceName(text, None)
