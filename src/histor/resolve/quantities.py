"""Number expressions of press English as intervals with their wording.

Exact, at least, at most, about, between and vague; digits, words, dozens, lakh and crore. Vague
words are intervals by a named table (`VAGUE`), which follows the coding manual of the gold set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

Interval = tuple[int | None, int | None, int | None]

VAGUE: dict[str, tuple[int | None, int | None]] = {
    "a couple": (2, 2), "couple": (2, 2), "both": (2, 2), "a few": (3, 5), "few": (3, 5), "several": (3, 9),
    "a handful": (3, 5), "handful": (3, 5), "many": (None, None), "numerous": (None, None),
    "tens": (20, 99), "dozens": (24, 99), "scores": (40, 99), "hundreds": (200, 999),
    "thousands": (2_000, 9_999), "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999), "millions": (2_000_000, 9_999_999),
    "several dozen": (36, 99), "a few dozen": (36, 60), "several hundred": (300, 999),
    "a few hundred": (300, 500), "several thousand": (3_000, 9_999), "a number": (2, None),
    "some": (2, None), "dozens and dozens": (48, 99),
    "large numbers": (None, None), "a large number": (None, None), "unknown number": (None, None),
}  # fmt: skip
"""Vague words as (low, high); after UCDP's practice for dozens and the project's coding manual."""

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {w: i for i, w in enumerate(_UNITS)} | {w: 20 + 10 * i for i, w in enumerate(_TENS)}
_BIG = {
    "hundred": 100, "thousand": 1_000, "lakh": 100_000, "lac": 100_000, "million": 1_000_000,
    "crore": 10_000_000, "mn": 1_000_000, "billion": 1_000_000_000, "bn": 1_000_000_000,
}  # fmt: skip
_WORD = "|".join(sorted([*_SMALL, *_BIG, "dozen", "score"], key=len, reverse=True))
# Groups of three, or of two and a last three as in India; digits that go on otherwise are no number.
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d+(?:\.\d+)?)(?!\d|[.,]\d)"
_LONGEST, _MOST = 20, 10**12  # digits of a number, and the largest count that is believed
_SCALE = "|".join(_BIG)
_NUMBER = (
    rf"(?:(?:{_DIGITS})(?:[\s-](?:{_SCALE}|dozen))?"
    rf"|(?:(?:a|one|half\sa|two|three|four|five|six)\s)?(?:dozen|score)(?!\w)"
    rf"|half\sa\s(?:million|billion)"
    rf"|(?:a\s(?={_SCALE}))?(?:{_WORD})(?:(?:[\s-]|\sand\s)(?:{_WORD}))*)"
)
_VAGUE = "|".join(v.replace(" ", r"\s") for v in sorted(VAGUE, key=len, reverse=True))
_BOUND = {
    "at_least": r"at least|at the very least|not less than|no less than|no fewer than|not fewer than|more than|over|upwards of|in excess of|above|a minimum of|well over|minimum",
    "at_most": r"up to|at most|as many as|as much as|less than|fewer than|under|below|not more than|no more than|a maximum of|maximum",
    "nearly": r"nearly|almost|close to|just under|just short of|nears|nearing|approaches|approaching",
    "about": r"about|around|some|roughly|approximately|an estimated|estimated|approx\.?|circa|or so|more or less|reportedly|an approximate",
    "another": r"another|a further|an additional|all|the|these|those|other|additional|only|just|exactly|a total of",
}
_PREFIX = "|".join(f"(?P<{name}>{words})".replace(" ", r"\s") for name, words in _BOUND.items())
_EXPRESSION = re.compile(
    rf"""
    (?<![\w.,$£€-])(?<!\d:)
    (?:
        (?P<none>no\sone|nobody|none|no(?!\s(?:less|fewer|more))|zero|0)(?=\s)
      | (?:between|from)\s(?P<from>{_NUMBER})(?:\s(?:and|to|or)\s|\s?[-–—]\s?)(?P<to>{_NUMBER})(?![\w%])
      | (?P<low>{_NUMBER})\s(?:to|or)\s(?P<high>{_NUMBER})(?![\w%])
      | (?P<least>{_DIGITS})\s?[-–—]\s?(?P<most>{_DIGITS})(?![\w%])
      | (?:(?:{_PREFIX})\s){{0,2}}(?:
            (?P<vague>{_VAGUE})(?:\sof(?!\sthem))?
          | (?P<number>{_NUMBER})(?P<after>\s(?:or|and)\smore(?!\s(?:than|people|were|of|dead|wounded|injured|civilians))|\sor\sso|\sor\sfewer|\splus|\+)?
          | (?P<article>an?(?=\s))
        )
    )
    (?![\w%]|[-–][^\W\d_]|[-–]?\d|\s(?:-\s?)?years?[\s-]old)
    """,
    re.VERBOSE | re.IGNORECASE,
)


_OPENING = re.compile(r"(?<![\w.,$£€-])(?:\d|[^\W\d_]+)")
_OTHERS = "no nobody none zero between from a an one two three four five six half".split()
_FIRST = frozenset(
    re.split(r"[\s\\]", phrase)[0]
    for phrase in (*VAGUE, *(p for words in _BOUND.values() for p in words.split("|")), *_WORD.split("|"), *_OTHERS)
)


@dataclass(frozen=True)
class Quantity:
    """A stated number as an interval; `None` is an end that the words leave open."""

    start: int
    end: int
    low: int | None
    best: int | None
    high: int | None
    wording: str


def parse_number(text: str) -> int | None:
    """The whole number that `text` writes in digits or words; None for what is no count of anything."""
    low = text.lower().strip()
    low = re.sub(r"^a\s(?=hundred|thousand|million|lakh|crore)", "one ", low)
    if low.startswith("half a dozen"):
        return 6
    if low in {"half a million", "half a billion"}:
        return 500 * _BIG[low.split()[-1]] // 1000
    words = [w for w in re.split(r"[\s-]+", low) if w and w != "and"]
    total, current = Fraction(0), Fraction(0)
    for word in words:
        if word[0].isdigit():
            if len(word) > _LONGEST or re.fullmatch(_DIGITS, word) is None:
                return None
            current += Fraction(word.replace(",", ""))
        elif word in _SMALL:
            current += _SMALL[word]
        elif word in {"a", "an"}:
            current += 1
        elif word == "dozen":
            current = (current or Fraction(1)) * 12
        elif word == "score":
            current = (current or Fraction(1)) * 20
        elif word == "hundred":
            current = (current or Fraction(1)) * 100
        elif word in _BIG:
            total += (current or Fraction(1)) * _BIG[word]
            current = Fraction(0)
        else:
            return None
        if total + current > _MOST:
            return None
    value = total + current
    return int(value) if words and value.denominator == 1 else None


def find_quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """All number expressions in ``text[start:end]``, leftmost and longest, as offsets into `text`."""
    found = []
    for match in _expressions(text, start, len(text) if end is None else end):
        quantity = _quantity(match)
        if quantity is not None:
            found.append(quantity)
    return found


def _expressions(text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    """What ``_EXPRESSION.finditer`` finds, tried only where a digit or a first word of it stands."""
    for opening in _OPENING.finditer(text, start, stop):
        if opening.start() < start or (opening[0].lower() not in _FIRST and not opening[0].isdecimal()):
            continue
        match = _EXPRESSION.match(text, opening.start(), stop)
        if match is not None:
            start = match.end()
            yield match


def leading_quantity(text: str) -> Quantity | None:
    """The number expression that `text` begins with, if it begins with one."""
    match = _EXPRESSION.match(text)
    return _quantity(match) if match is not None else None


def parse_quantity(text: str) -> Quantity | None:
    """The first number expression in `text` that is more than an article, else an article."""
    found = find_quantities(text)
    if not found:
        return None
    better = [q for q in found if text[q.start : q.end].lower() not in {"a", "an"}]
    return (better or found)[0]


def _quantity(match: re.Match[str]) -> Quantity | None:
    a, b = match.span()
    groups = match.groupdict()
    if groups["none"]:
        return Quantity(a, b, 0, 0, 0, "exact")
    ends = next((p for p in (("from", "to"), ("low", "high"), ("least", "most")) if groups[p[0]]), None)
    if ends is not None:
        low, high = (parse_number(groups[name]) for name in ends)
        if low is None or high is None or low > high:
            return None
        return Quantity(a, b, low, None, high, "between")
    bound = next((name for name in _BOUND if groups[name]), None)
    if groups["vague"]:
        lowest, highest = VAGUE[" ".join(groups["vague"].lower().split())]
        if bound == "at_least":
            highest = None
        if lowest is not None and lowest == highest:
            return Quantity(a, b, lowest, lowest, lowest, "exact")
        return Quantity(a, b, lowest, None, highest, "vague")
    value = 1 if groups["article"] else parse_number(groups["number"])
    if value is None:
        return None
    after = (groups["after"] or "").strip()
    if after in {"or more", "and more", "plus", "+"}:
        bound = "at_least"
    elif after == "or fewer":
        bound = "at_most"
    elif after == "or so":
        bound = "about"
    low, best, high, wording = _bounded(value, bound)
    return Quantity(a, b, low, best, high, wording)


def _bounded(value: int, bound: str | None) -> tuple[int | None, int | None, int | None, str]:
    """The interval of `value` under a bound word, after the coding manual."""
    if bound == "at_least":
        return value, value, None, "at_least"
    if bound == "at_most":
        return None, None, value, "at_most"
    if bound == "nearly":
        return None, value, value, "about"
    if bound == "about":
        return value, value, value, "about"
    return value, value, value, "exact"


_MEASURE = re.compile(
    r"[\s-]?(?:years?|yrs?\b|y/?o\b|months?|weeks?|days?|hours?|minutes?|km|kilomet|miles?|met(?:er|re)|per\s?cent|%)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = re.compile(
    r"\s(?:people|persons|men|women|children|civilians|soldiers|fighters|troops|militants|others|dead|deaths|killed|"
    r"wounded|injured|casualties|victims|were|have|of)\b"
)
_AFTER_AGES = re.compile(r",\s?\d{1,2},? and\s$")
_AFTER_AGE = re.compile(r"[,.;)]|\s+(?:and|was|is|were|died|of|who)\b")


def is_measure(text: str, span: tuple[int, int]) -> bool:
    """Whether a number is an age, a year or a measure: "10-year-old", "Carter, 23, of Fontaine", "the 1991 killings"."""
    words = text[span[0] : span[1]]
    if _MEASURE.match(text, span[1]):
        return True
    if _YEAR.fullmatch(words) and not _COUNTED.match(text, span[1]):
        return True
    if (
        words.isdigit()
        and _AFTER_AGES.search(text, max(0, span[0] - 9), span[0])
        and text[span[1] : span[1] + 1] == ","
    ):
        return True
    return (
        words.isdigit()
        and text[max(0, span[0] - 2) : span[0]].endswith((", ", ","))
        and _AFTER_AGE.match(text, span[1]) is not None
    )
