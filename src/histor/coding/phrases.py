"""Role phrases to records: actors and recipients with neutral names, places, weapons."""

from __future__ import annotations

import re

from histor.coding.stance import UNNAMED_GROUP
from histor.model.annotation import Span
from histor.model.records import Actor, Place, Weapon
from histor.resolve.actors import capital_of, clean_name, country_of, is_country, looks_armed, sector_of
from histor.resolve.quantities import leading_quantity

_EDGE = " \t\n,;:.-–—\"“”'‘’()[]"
_LEADING = re.compile(
    r"^(?:(?:the|a|an|its|their|his|her|our|that|this|these|those|and|or|by|of|to|in|at|on|near|from|against|with)\s+)+",
    re.IGNORECASE,
)
_PRONOUN = frozenset(
    "he she it they them him her we us who which that whom i you his their its one both all those these others "
    "some none himself themselves itself everyone someone somebody nobody".split()
)
_ARTICLES = frozenset({"the", "a", "an", "al", "and", "of", "least"})
_PARTICIPLE = re.compile(
    r"^(?:killed|wounded|dead|injured|armed|suspected|alleged|unidentified|unknown|captured|slain)\s+", re.IGNORECASE
)


def trim(text: str, span: Span) -> Span:
    """The span without blanks and punctuation at its edges; balanced closing marks stay."""
    a, b = span
    while a < b and text[a] in _EDGE:
        a += 1
    while b > a and text[b - 1] in _EDGE:
        if text[b - 1] in "\"”'’)]" and _opens(text[a:b]):
            break
        if text[b - 1] == "." and re.search(r"(?:^|[\s.])\w\.$", text[a:b]):
            break
        b -= 1
    return a, b


def _opens(words: str) -> bool:
    pairs = {")": "(", "]": "[", "”": "“", "’": "‘", '"': '"', "'": "'"}
    opening = pairs[words[-1]]
    return opening in words[:-1]


def actor(text: str, span: Span, loaded: list[tuple[Span, str]]) -> Actor | None:
    """The phrase at `span` as an actor, or None if nothing is left of it.

    Loaded words and counts are taken off the name; where a loaded word was all there was, the name
    says so neutrally. Pronouns keep their words and no name.
    """
    a, b = trim(text, span)
    if a >= b:
        return None
    words = text[a:b]
    if words.lower() in _ARTICLES:
        return None
    bare = _LEADING.sub("", words)
    if (bare.lower() in _PRONOUN or words.lower() in _PRONOUN) and not _initials(text, b - len(bare), b):
        return Actor(words, (a, b))
    off = [(x - a, y - a) for (x, y), kind in loaded if x >= a and y <= b and kind != "deeds"]
    people = any(kind == "people" for (x, y), kind in loaded if x >= a and y <= b)
    name = _without_counts(clean_name(words, off))
    name = clean_name(_LEADING.sub("", name))
    if not name and not off and _COUNT.fullmatch(words):
        return Actor(words, (a, b))  # a bare count names nobody
    if not name or (off and not re.search(r"\w\w", name)):
        name = UNNAMED_GROUP if people else clean_name(words)
    sector = sector_of(name) or (sector_of(words) if not off else None)
    country = country_of(name)
    if sector is None and (is_country(name) or capital_of(name)):
        sector, country = "GOV", country or capital_of(name)
    if sector is None and looks_armed(name):
        sector = "REB"
    if sector is None and people:
        sector = "UAF"
    return Actor(words, (a, b), None, name, country, sector)


_COUNT = re.compile(
    r"(?:[\W\d_]|\b(?:at|least|most|more|fewer|less|than|about|around|some|over|nearly|almost|up|to|and|million|hundreds?|thousands?|dozens?)\b)+",
    re.IGNORECASE,
)


def _initials(text: str, start: int, end: int) -> bool:
    """Whether a word such as "US" or "WHO" stands in capitals among words that do not."""
    around = text[max(0, start - 30) : start] + text[end : end + 30]
    return (
        end - start > 1 and text[start:end].isupper() and sum(map(str.islower, around)) > sum(map(str.isupper, around))
    )


def _without_counts(name: str) -> str:
    """The name without a number in front ("300 Taliban" → "Taliban")."""
    for _ in range(3):
        number = leading_quantity(name + " ")
        if number is None:
            return _PARTICIPLE.sub("", name) if re.match(r"(?:killed|dead|wounded|injured)\s", name) else name
        name = re.sub(r"^(?:\s*of\b)?\s*", "", name[number.end :])
        name = re.sub(r"^more\s+", "", name)
    return name


def place(text: str, span: Span) -> Place | None:
    """The phrase as a place: a name without articles and prepositions; countries known as such."""
    a, b = trim(text, span)
    if a >= b or not any(map(str.isalpha, text[a:b])):
        return None
    name = _LEADING.sub("", text[a:b])
    country = country_of(name) if is_country(name) else None
    return Place(
        text[a:b], (a, b), name, country=country,
        where_prec=6 if country else None, geo_precision=3 if country else None,
    )  # fmt: skip


def weapon(text: str, span: Span) -> Weapon | None:
    a, b = trim(text, span)
    return Weapon(text[a:b], (a, b)) if a < b else None
