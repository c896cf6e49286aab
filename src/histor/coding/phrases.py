"""Role phrases to records: actors and recipients with neutral names, places, weapons."""

from __future__ import annotations

import re
from functools import lru_cache

from histor.coding.stance import UNNAMED_ACTOR, UNNAMED_GROUP, neutral_word
from histor.model.annotation import Span
from histor.model.records import Actor, Place, Weapon
from histor.resolve.actors import capital_of, clean_name, country_of, is_country, looks_armed, sector_of
from histor.resolve.quantities import leading_quantity

_EDGE = " \t\n,;:.-–—\"“”'‘’()[]"
_TRAILING = re.compile(r"(?:(?<!\s)\s{1,9}(?:and|or|in|of|at|near|to|the|al|el|an)){1,5}\Z")
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

    Loaded words are taken off the edges of the words, and with counts off the name; where a loaded word was
    all there was, the name says so neutrally. Pronouns keep their words and no name.
    """
    return _actor(text, span, tuple(loaded))


@lru_cache(maxsize=1_000)  # roles and relations ask for the same phrases
def _actor(text: str, span: Span, loaded: tuple[tuple[Span, str], ...]) -> Actor | None:
    a, b = _unloaded(text, trim(text, span), [item for item in loaded if item[1] != "deeds"])
    if a >= b:
        return None
    words = text[a:b]
    if words.lower() in _ARTICLES:
        return None
    bare = _LEADING.sub("", words)
    if (bare.lower() in _PRONOUN or words.lower() in _PRONOUN) and not _initials(text, b - len(bare), b):
        return Actor(words, (a, b))
    off = [(x - a, y - a) for (x, y), kind in loaded if x >= a and y <= b and kind != "deeds"]
    people = any(kind == "people" for (x, y), kind in loaded if x >= span[0] and y <= span[1])
    name = _without_counts(clean_name(*_neutralised(words, off)))
    name = clean_name(_LEADING.sub("", name + " "))
    if not name and not off and _COUNT.fullmatch(words):
        return Actor(words, (a, b))  # a bare count names nobody
    if not name or (off and (_DESCRIBED.match(name) or not re.search(r"\w\w", name))):
        name = UNNAMED_GROUP if people or _BANDS.search(words) else UNNAMED_ACTOR if off else clean_name(words)
    if _FACING.fullmatch(name):
        name += " forces"  # "clashes of pro-government and rebel forces"
    sector = sector_of(name) or (sector_of(words) if not off else None)
    country = country_of(name)
    if sector is None and (is_country(name) or capital_of(name)):
        sector, country = "GOV", country or capital_of(name)
    if sector in {None, "CVL"} and name[:1].isupper() and looks_armed(name):  # "National Patriotic Front"
        sector = "REB"
    if sector is None and looks_armed(name):
        sector = "REB"
    if people and sector in {None, "MIL"} and country is None:
        sector = "UAF"  # "a terrorist commander" leads no army
    return Actor(words, (a, b), None, name, country, sector)


_COUNT = re.compile(
    r"(?:[\W\d_]|\b(?:at|least|most|more|fewer|less|than|about|around|some|over|nearly|almost|up|to|and|million|hundreds?|thousands?|dozens?)\b)+",
    re.IGNORECASE,
)


def is_pronoun_phrase(text: str, span: Span) -> bool:
    """Whether a phrase is a pronoun, with or without an article before it."""
    a, b = trim(text, span)
    bare = _LEADING.sub("", text[a:b])
    return bare.lower() in _PRONOUN and not _initials(text, b - len(bare), b)


def _initials(text: str, start: int, end: int) -> bool:
    """Whether a word such as "US" or "WHO" stands in capitals among words that do not."""
    around = text[max(0, start - 30) : start] + text[end : end + 30]
    return (
        end - start > 1 and text[start:end].isupper() and sum(map(str.islower, around)) > sum(map(str.isupper, around))
    )


_BANDS = re.compile(r"\b(?:gangs?|groups?|organi[sz]ations?|formations?|outfits?|bands?)\b", re.IGNORECASE)
_BARE = re.compile(r"(?:['’]s?)?[\s,;:.\-–—\"“”‘’]*(?:of|in|from)?\s*(?:the\s+)?", re.IGNORECASE)


def _neutralised(words: str, off: list[Span]) -> tuple[str, list[Span]]:
    """The words with what is loaded and has a neutral twin replaced by it, and the rest to be taken off."""
    rest: list[Span] = []
    for a, b in sorted(off, reverse=True):
        twin = neutral_word(words[a:b])
        if twin is None:
            rest.append((a, b))
            continue
        words = words[:a] + twin + words[b:]
        rest = [(x + a + len(twin) - b, y + a + len(twin) - b) for x, y in rest]
    if not rest:
        words = _FACING.sub(lambda m: m.group(1) + (neutral_word(m.group(2)) or m.group(2)), words)
    return words, rest


_FACING = re.compile(r"\b((?:pro|anti|ex)-)(\w+)", re.IGNORECASE)
_OWNED = re.compile(r"['’]s?\s+$")
_GENITIVE = re.compile(r"\s+(?:of|in)\b")
_DESCRIBED = re.compile(r"(?<![a-z])[a-z]+(?:ed|ing)\s+(?:in|at|on|near|inside|around|outside|across|along|within)\b")
_SAYS_WHO = re.compile(r"[^\W\d_]{2,}")


def _unloaded(text: str, span: Span, items: list[tuple[Span, str]]) -> Span:
    """The span without loaded words at its edges, if words that say who it is are left.

    "Assad's mercenaries" keeps its words: whose they are is not who they are; "Assad's regime" is Assad's.
    """
    people = {s for s, kind in items if kind == "people"}
    loaded = [s for s, _ in items]
    a, b = span
    while True:
        opening = [(x, y) for x, y in loaded if a <= x and y <= b and not _LEADING.sub("", text[a:x]).strip()]
        first = next((y for x, y in opening if neutral_word(text[x:y]) is None or _GENITIVE.match(text, y)), None)
        final = next(((x, y) for x, y in loaded if a <= x and y <= b and not text[y:b].strip(_EDGE)), None)
        if final is not None and _rules(text, a, *final):
            final = None
        last = final[0] if final and not (final in people and _OWNED.search(text[a : final[0]])) else None
        if first is not None:
            inner = (first + len(_BARE.match(text[first:b]).group()), b)  # type: ignore[union-attr]
        elif last is not None:
            inner = (a, last)
        else:
            return a, b
        inner = trim(text, inner)
        if first is not None and _DESCRIBED.match(text, *inner):
            return a, b  # "terrorists positioned in the hills": nothing left says who they are
        possessive = re.search(r"['’]s?$", text[inner[0] : inner[1]]) if first is None else None
        if possessive:
            inner = (inner[0], inner[1] - len(possessive.group()))
        if inner[0] >= inner[1] or not _says_who(text, inner, loaded):
            return a, b
        a, b = inner


def _rules(text: str, start: int, x: int, y: int) -> bool:
    """Whether a loaded word for a government is the noun of its phrase: "the Assad regime", "Syrian regime".

    An owner is named for himself ("Assad's regime").
    """
    owner = text[start:x]
    return neutral_word(text[x:y]) is not None and not _OWNER.search(owner) and bool(_ARTICLE.match(owner))


_OWNER = re.compile(r"\w['’]s?\s")
_ARTICLE = re.compile(r"(?:(?:the|a|an)\s+)?\w", re.IGNORECASE)


def _says_who(text: str, span: Span, loaded: list[Span]) -> bool:
    """Whether words other than loaded ones, articles and counts are left."""
    words = text[span[0] : span[1]]
    for x, y in sorted(loaded, reverse=True):
        if span[0] <= x and y <= span[1]:
            words = words[: x - span[0]] + " " + words[y - span[0] :]
    rest = _without_counts(clean_name(_LEADING.sub("", words.strip() + " ").strip()))
    return any(w.lower() not in _ARTICLES | _PRONOUN | _COUNTS for w in _SAYS_WHO.findall(rest))


_COUNTS = frozenset("dozens scores hundreds thousands several many some few number more other dozen least".split())


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
    b = a + len(_TRAILING.sub("", text[a:b]))
    name = _LEADING.sub("", text[a:b])
    country = country_of(name) if is_country(name) else None
    return Place(
        text[a:b], (a, b), name, country=country,
        where_prec=6 if country else None, geo_precision=3 if country else None,
    )  # fmt: skip


def weapon(text: str, span: Span) -> Weapon | None:
    a, b = trim(text, span)
    return Weapon(text[a:b], (a, b)) if a < b else None
