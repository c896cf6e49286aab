"""A phrase of place to a point with its precision: "20 km north of Goma", "near", "eastern Ghouta".

Precision codes are UCDP's `where_prec` (1 exact, 2 within about 25 km of a known point, 3 second-level
division, 4 first-level division, 5 linear feature or fuzzy area, 6 country, 7 international waters or
airspace; UCDP GED Codebook) and ACLED's `geo_precision` (1 town, 2 part of a region or near a town,
3 larger region).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from histor.model.annotation import Span
from histor.resolve.gazetteer import Entry, Gazetteer, loose_key, split_kind
from histor.resolve.places import Choice


@dataclass(frozen=True)
class Where:
    """Where a phrase points; without `entry` the gazetteer has no such place and no container of it."""

    name: str
    entry: Entry | None
    latitude: float | None
    longitude: float | None
    where_prec: int | None
    geo_precision: int | None
    source: str | None
    score: float
    others: tuple[tuple[Entry, float], ...]


_BY_KIND = {
    "town": (1, 1), "quarter": (1, 1), "spot": (1, 1), "adm3": (3, 2), "adm2": (3, 2), "adm1": (4, 3), "country": (6, 3), "region": (6, 3),
    "area": (5, 2), "terrain": (5, 2), "water": (5, 2), "road": (5, 2),
}  # fmt: skip
_COMPASS = {
    "north": 0, "northeast": 45, "north-east": 45, "east": 90, "southeast": 135, "south-east": 135, "south": 180,
    "southwest": 225, "south-west": 225, "west": 270, "northwest": 315, "north-west": 315,
}  # fmt: skip
_SIDES = "|".join(sorted(_COMPASS, key=len, reverse=True))
_OFFSET = re.compile(
    rf"(?P<n>\d+(?:\.\d+)?|a few|several|some|dozens of)\s*(?P<unit>km|kms|kilometres?|kilometers?|miles?|mi|metres?|meters?|m)\b"
    rf"(?:\s*\([^)]*\))?\s*(?:to\s+the\s+)?(?P<side>{_SIDES})?(?:ern)?\s*(?:of|from|outside)?",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"\b(?:near|close to|around|outside|the outskirts of|outskirts of|on the edge of|the edge of|in the vicinity of|vicinity of|surrounding|beyond|"
    r"adjacent to|not far from|at the gates of|toward|towards|approaching|countryside of|rural|suburbs? of|periphery of|environs of|just (?:north|south|east|west) of|"
    r"(?:north|south|east|west)(?:-?(?:east|west))? of)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:(?:north|south|east|west|central)(?:-?(?:north|south|east|west))?(?:ern)?|upper|lower|rural|the (?:north|south|east|west|centre|center)(?:ern)?(?: part)? of|parts? of|"
    r"countryside|border|along)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|from)\b.*\b(?:and|to)\b|\b(?:road|highway|route)\b", re.IGNORECASE)
_SEA = re.compile(
    r"\b(?:off the coast|international waters|high seas|offshore|at sea|airspace|strait of|gulf of|red sea|black sea|mediterranean)\b",
    re.IGNORECASE,
)


def precision_of(kind: str) -> tuple[int, int]:
    """`where_prec` and `geo_precision` of a place of a kind (`histor.resolve.gazetteer.KINDS`) that is named as such."""
    return _BY_KIND[kind]


def locate(text: str, span: Span, choices: Sequence[Choice]) -> Where:
    """The phrase at `span` as a point, from the resolved toponyms inside it (in text order).

    The first toponym is the place, later ones hold it, and so does one whose the place is ("Syria's Homs"). One that the gazetteer lacks keeps its name and
    takes point and precision of the nearest container that it has.
    """
    words = text[span[0] : span[1]]
    inside = [c for c in choices if c.toponym.span[0] < span[1] and c.toponym.span[1] > span[0]]
    if not inside:
        return Where(_bare(words), None, None, None, None, None, None, 0.0, ())
    while len(inside) > 1 and _owns(text, inside[0], inside[1]):
        inside = [*inside[1:], inside[0]]
    main = inside[0]
    before = text[max(0, span[0] - 24) : main.toponym.span[0]]
    if _BETWEEN.search(words) and len([c for c in inside if c.entry is not None]) >= 2:
        return _between(words, inside)
    if main.entry is None:
        holder = next((c for c in inside[1:] if c.entry is not None), None)
        if holder is None or holder.entry is None:
            return Where(_bare(main.toponym.text), None, None, None, None, None, None, 0.0, ())
        precision = _BY_KIND[holder.entry.kind]
        if holder.entry.kind in {"town", "quarter", "spot"}:
            precision = (2, 2)
        point = f"{holder.entry.name}, which holds it ({holder.entry.point})"
        return _where(_bare(main.toponym.text), holder, precision, point)
    return _single(words, before, main)


_POSSESSIVE = re.compile(r"(?:\s(?:province|governorate|region|district|state))?(?:['’]s?|s)\s+(?:[\w-]+\s+){0,3}")
_NO_OWNER = re.compile(
    r"\b(?:in|of|near|from|at|and|to)\b(?<!city of)(?<!town of)(?<!village of)(?<!province of)(?<!district of)"
)


def _owns(text: str, holder: Choice, held: Choice) -> bool:
    """Whether a name is the owner of the one behind it; the apostrophe may be lost ("Syrias Homs")."""
    between = text[holder.toponym.span[1] : held.toponym.span[0]]
    return _POSSESSIVE.fullmatch(between) is not None and _NO_OWNER.search(between) is None


# "The western city of Homs" is no part of Homs, and what Syria's city is called is not "Syria's city".
_DESCRIBED = re.compile(
    r"\b(?:the\s+)?(?:north|south|east|west|central)[a-z-]*\s+(?:[\w-]+\s+){0,2}"
    r"(?:city|town|village|province|district|governorate|region|state|capital)\s+of\s+\Z"
)
_HELD_BY = re.compile(r",|\b(?:in|of|near)\b")
_OWNER = re.compile(r"(?<!\w)[A-Z][\w-]{0,40}?(?:['’]s?|s)\s{1,3}(?=(?:[\w-]{1,40}\s{1,3}){0,3}\Z)")


def _single(words: str, before: str, main: Choice) -> Where:
    entry = main.entry
    if entry is None:
        raise ValueError("a resolved toponym is needed")
    at = max(0, words.find(main.toponym.text))
    owner = _OWNER.match(words, 0, at)
    if owner is not None:
        words, at, before = words[owner.end() :], at - owner.end(), ""
    lead = _DESCRIBED.sub(" ", before + words[:at])
    precision = _BY_KIND[entry.kind]
    offset = _OFFSET.search(lead)
    if offset is not None and entry.latitude is not None and entry.longitude is not None:
        return _moved(words, main, offset)
    if _SEA.search(lead) and entry.kind in {"country", "water", "region"}:
        precision = (7, 3)
    elif _NEAR.search(lead) and precision[0] == 1:
        precision = (2, 2)
    elif _PART.search(lead) and precision[0] in {4, 6}:
        precision = (5, 3)
    elif _PART.search(lead) and precision[0] == 3:
        precision = (3, 2)
    tail = _HELD_BY.split(words[at:], maxsplit=1)[0]
    return _where(_bare(words) if _PART.search(lead + tail) else main.toponym.text, main, precision, entry.point)


def _where(name: str, choice: Choice, precision: tuple[int, int], point: str) -> Where:
    entry = choice.entry
    latitude, longitude = (entry.latitude, entry.longitude) if entry else (None, None)
    return Where(name, entry, latitude, longitude, *precision, point or None, choice.score, choice.others)


def _moved(words: str, main: Choice, offset: re.Match[str]) -> Where:
    """ "20 km north of X": the point moved along the bearing; without a side only less exact."""
    entry = main.entry
    if entry is None or entry.latitude is None or entry.longitude is None:
        raise ValueError("a resolved toponym with a point is needed")
    number, unit, side = offset.group("n"), offset.group("unit").lower(), offset.group("side")
    km = float(number) if number[0].isdigit() else 5.0
    km *= 1.609 if unit.startswith("mi") else 1.0 if unit.startswith("k") else 0.001
    near = 2 if km <= 25 else 5
    if side is None:
        return _where(main.toponym.text, main, (near, 2), f"{entry.name} ({entry.point})")
    bearing = math.radians(_COMPASS[side.lower()])
    latitude = entry.latitude + km * math.cos(bearing) / 111.2
    longitude = entry.longitude + km * math.sin(bearing) / (111.2 * max(0.05, math.cos(math.radians(entry.latitude))))
    source = f"{km:g} km {side.lower()} of {entry.name} ({entry.point})"
    return Where(
        _bare(words), entry, round(latitude, 4), round(longitude, 4), near, 2, source, main.score, main.others
    )  # fmt: skip


def _between(words: str, inside: Sequence[Choice]) -> Where:
    """A road or stretch between two places: its middle, precision 5."""
    ends = [c for c in inside if c.entry is not None and c.entry.latitude is not None][:2]
    if len(ends) < 2:
        return _single(words, "", next(c for c in inside if c.entry is not None))
    a, b = (c.entry for c in ends)
    if a is None or b is None or a.latitude is None or b.latitude is None or a.longitude is None or b.longitude is None:
        raise ValueError("two resolved ends are needed")
    point = (round((a.latitude + b.latitude) / 2, 4), round((a.longitude + b.longitude) / 2, 4))
    return Where(_bare(words), a, *point, 5, 2, f"midway between {a.name} and {b.name}", min(c.score for c in ends), ())


_LEADING = re.compile(
    r"^(?:(?:the|in|at|on|of|near|around|outside|inside|from|to|into|across|along|towards?)\s+)+", re.IGNORECASE
)


def _bare(words: str) -> str:
    return _LEADING.sub("", words.strip(" ,.;:")).strip() or words


_KIND_OF = re.compile(r"\b([a-z]+)\s+of\s+(?:the\s+)?\Z")
_NEXT = re.compile(r"(?:['’]?s)?\s+([a-z]+)\b")
_SAME_NAME = frozenset({"adm1", "adm2", "town"})


def of_kind(text: str, choice: Choice, gazetteer: Gazetteer) -> Choice:
    """Of a town and the division that is named after it the one whose kind the text says.

    By the word beside the name ("Idlib province", "the city of Idlib"); a bare name is the city's where the report
    speaks of a city of that name. Without either word nothing changes.
    """
    entry = choice.entry
    if entry is None or entry.kind not in _SAME_NAME:
        return choice
    namesakes = [
        (e, score)
        for e, score in choice.others
        if e.kind in _SAME_NAME - {entry.kind} and e.country == entry.country and _near_name(e.name, entry.name)
    ]
    if entry.kind == "town" and _near_name(entry.name, entry.admin1):
        own = (h.entry for h in gazetteer.find(entry.admin1) if h.entry.kind == "adm1")
        namesakes += [(e, 0.0) for e in own if e.admin1_code == entry.admin1_code]
    kind = _kind_said(text, choice) if namesakes else None
    same = next(((e, score) for e, score in namesakes if e.kind == kind), None)
    if same is None or kind == entry.kind:
        return choice
    others = tuple(pair for pair in choice.others if pair is not same)
    return replace(choice, entry=same[0], score=round(choice.score + same[1], 4), others=others)


def _near_name(one: str, two: str) -> bool:
    """Whether two names are one but for the word of a kind ("Raqqa", "Raqqa Governorate")."""
    return loose_key(split_kind(one).name) == loose_key(split_kind(two).name)


def _kind_said(text: str, choice: Choice) -> str | None:
    start, end = choice.toponym.span
    own = split_kind(choice.toponym.text).kind
    before, after = _KIND_OF.search(text, max(0, start - 24), start), _NEXT.match(text, end)
    said = [own, *(split_kind(f"X {m[1]}").kind for m in (before, after) if m is not None)]
    kind = next((k for k in said if k in _SAME_NAME), None)
    if kind is not None:
        return kind
    name = re.escape(split_kind(choice.toponym.text).name)
    city = re.search(rf"\b(?:city|town|capital) of {name}\b|\b{name}(?:['’]?s)? (?:city|town)\b", text, re.IGNORECASE)
    return "town" if city is not None else None
