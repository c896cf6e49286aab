"""Who a phrase means: a clean name, a sector and a country, from its words alone.

The outlet's adjectives are taken off the name; what cannot be told stays None.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources


@dataclass(frozen=True)
class Country:
    """A country with the words that point to it."""

    iso3: str
    iso2: str
    name: str
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]
    capitals: tuple[str, ...]
    latitude: float | None = None
    longitude: float | None = None


@cache
def countries() -> tuple[Country, ...]:
    """The shipped table of countries, in its own order."""
    text = resources.files("histor.resolve").joinpath("data/countries.tsv").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        iso3, iso2, name, aliases, demonyms, capitals, *point = (line + "\t" * 7).split("\t")[:8]
        parts = [tuple(x for x in field.split(";") if x) for field in (aliases, demonyms, capitals)]
        latitude, longitude = (float(x) if x else None for x in point)
        found.append(Country(iso3, iso2, name, parts[0], parts[1], parts[2], latitude, longitude))
    return tuple(found)


@cache
def _country_words() -> dict[str, str]:
    """Names, aliases and demonyms in their own case to ISO 3166-1 alpha-3."""
    words: dict[str, str] = {}
    for country in countries():
        for word in (country.name, *country.aliases, *country.demonyms):
            words.setdefault(word, country.iso3)
    return words


@cache
def demonyms() -> dict[str, Country]:
    """Adjectives of nationality that are no country's name, to their country; plurals ("Russians") are people."""
    found: dict[str, Country] = {}
    for country in countries():
        for word in country.demonyms:
            if not is_country(word) and not (word.endswith("s") and word[:-1] in country.demonyms):
                found.setdefault(word, country)
    return found


@cache
def _capitals() -> dict[str, str]:
    return {capital: c.iso3 for c in countries() for capital in c.capitals}


@cache
def _country_pattern() -> re.Pattern[str]:
    words = sorted(_country_words(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, words)) + r")(?![\w])")


@lru_cache(maxsize=50_000)
def country_of(text: str) -> str | None:
    """The country that a phrase names by name or demonym; None if it names none or several."""
    words = _country_words()
    found = {words[m.group()] for m in _country_pattern().finditer(text)}
    if not found and text.isupper():
        found = {words[m.group()] for m in _country_pattern().finditer(text.title())}
    return found.pop() if len(found) == 1 else None


# The look back stands behind the first letter: a pattern that opens with a set of letters is searched for faster.
_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-Þ](?<![\w-].)\w*")


@cache
def _mention_words() -> dict[str, list[tuple[str, str, bool]]]:
    """By first word: names, demonyms and capitals, the longest first, with country and whether a capital."""
    words = {w: (c, False) for w, c in _country_words().items()}
    for capital, country in _capitals().items():
        words.setdefault(capital, (country, True))
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        first = _CAPITALISED.match(word)
        if first is not None:
            found.setdefault(first.group(), []).append((word, *words[word]))
    return found


def country_mentions(text: str) -> list[tuple[str, bool]]:
    """Every naming of a country in a text (by name, demonym or capital), with whether by capital."""
    table = _mention_words()
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _CAPITALISED.finditer(text):
        row, start = table.get(match.group()), match.start()
        if row is None or start < end:
            continue
        for word, country, capital in row:
            if text.startswith(word, start) and not text[start + len(word) : start + len(word) + 1].isalnum():
                found.append((country, capital))
                end = start + len(word)
                break
    return found


def is_country(text: str) -> bool:
    """Whether the phrase is a country's name and nothing else."""
    return text in _country_names()


@cache
def _country_names() -> frozenset[str]:
    return frozenset(n for c in countries() for n in (c.name, *c.aliases))


def capital_of(text: str) -> str | None:
    """The country whose capital `text` names ("Moscow said" is a government)."""
    return _capitals().get(text)


def seat_of(demonym: str) -> str | None:
    """The capital of the country that a name or demonym means, where the table has one."""
    country = country_of(demonym)
    return next((c.capitals[0] for c in countries() if c.iso3 == country and c.capitals), None)


@cache
def _sectors() -> tuple[dict[str, str], int]:
    """Generic nouns to sectors, and the most words that an entry has."""
    text = resources.files("histor.resolve").joinpath("data/agents.toml").read_text(encoding="utf-8")
    table: dict[str, str] = {}
    for sector, nouns in tomllib.loads(text)["sectors"].items():
        for noun in nouns.split(","):
            table.setdefault(noun.strip(), sector)
    return table, max(len(n.split()) for n in table)


@cache
def _armed_words() -> frozenset[str]:
    text = resources.files("histor.resolve").joinpath("data/agents.toml").read_text(encoding="utf-8")
    return frozenset(w.strip() for w in tomllib.loads(text)["armed_names"]["words"].split(","))


_WORDS = re.compile(r"[\w.'’]+(?:-[\w.'’]+)*")
_FORMER = re.compile(r"^(?:former|ex|ex-|retired|one-time|ousted)\b", re.IGNORECASE)


_IRREGULAR = {"men": "man", "women": "woman", "children": "child", "people": "person", "wives": "wife"}


def singulars(word: str) -> list[str]:
    """A lower-case noun and what it may be the plural of."""
    found = [word]
    for plural, singular in _IRREGULAR.items():
        if word.endswith(plural):
            found.append(word.removesuffix(plural) + singular)
    if word.endswith("ies"):
        found.append(word[:-3] + "y")
    if word.endswith("ses") or word.endswith("xes") or word.endswith("ches") or word.endswith("oes"):
        found.append(word[:-2])
    if word.endswith("s"):
        found.append(word[:-1])
    return found


@lru_cache(maxsize=50_000)
def sector_of(text: str) -> str | None:
    """The PLOVER sector that a phrase's head noun points to, or None.

    The words before the first preposition are read from the right: the last noun that the table
    knows decides ("Afghan army commanders": MIL; "police chief of Kunduz": COP).
    """
    table, longest = _sectors()
    words = [w.lower().removesuffix("'s").removesuffix("’s") for w in _WORDS.findall(text)]
    stop = next((i for i, w in enumerate(words) if i and w in PREPOSITIONS), len(words))
    words = words[:stop]
    for end in range(len(words), 0, -1):
        for size in range(min(longest, end), 0, -1):
            phrase = words[end - size : end]
            for last in singulars(phrase[-1]):
                sector = table.get(" ".join([*phrase[:-1], last]))
                if sector is not None:
                    return _refined(sector, words[: end - size], text)
    return None


PREPOSITIONS = frozenset("of in from for at on near with by to who that which under against among including".split())


def _refined(sector: str, words: list[str], text: str) -> str:
    """A general noun made exact by what stands before it ("rebel commander", "former official")."""
    table, _ = _sectors()
    if sector in {"GOV", "MIL"} and _FORMER.match(text):
        return "ELI"
    if sector in {"MIL", "GOV", "CVL", "UAF", "ELI"}:
        for word in words:
            for form in singulars(word):
                other = table.get(form)
                if other in {"REB", "COP", "SPY", "PRM", "CRM", "UNO", "MIL"} and other != sector:
                    return other if sector != "CVL" else sector
    return sector


def looks_armed(name: str) -> bool:
    """Whether a proper name holds a word that armed groups' names are made of."""
    low = name.lower()
    return any(word in _armed_words() for word in _WORDS.findall(low))


_DETERMINER = re.compile(
    r"^(?:(?:the|a|an|some|several|these|those|this|that|its|their|his|her|our|all|both|many|other|another)\s+)+",
    re.IGNORECASE,
)


def clean_name(text: str, loaded: list[tuple[int, int]] | None = None) -> str:
    """The phrase as a neutral name: loaded words (spans within `text`), articles and counts off.

    If nothing but loaded words were there, the result is empty and the caller has to say so.
    """
    for a, b in sorted(loaded or [], reverse=True):
        text = text[:a] + " " + text[b:]
    text = re.sub(r"[\"“”‘]|(?<!\w)['’]|['’](?!\w)", "", text)
    text = re.sub(r"\s+", " ", text).strip(" ,;:-–—")
    text = re.sub(r"(?:['’]s?)$", "", text).strip()
    return _DETERMINER.sub("", text).strip()
