"""Toponym resolution: which place a name means in its report, how surely, and what else it might be.

Candidates are ranked by a scored sum of evidence: how the name matches, how many people live there,
the countries and divisions that the report speaks of, explicit containment ("Andarab district in
Baghlan"), the word of its kind ("Kunduz province"), and nearness to the report's other places. The
weights were tuned on the Local-Global Lexicon (`python -m benchmarks geoparse`). "No such place in
the gazetteer" is an answer.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from histor.model.annotation import Span
from histor.resolve.actors import capital_of, country_mentions
from histor.resolve.gazetteer import Entry, Gazetteer, Hit, PlaceName, name_key, split_kind

MOST = 40  # candidates a name that are weighed
MOST_KEPT = 200_000  # standings of candidates that are remembered
FAR = 8.0  # degrees beyond which nearness weighs nothing


@dataclass(frozen=True)
class Weights:
    """The weights of the scored sum; see `_score`."""

    name: float = 2.0
    fuzzy: float = -1.5
    population: float = 0.4
    country: float = 4.0
    capital: float = 6.0
    home: float = 1.0
    admin1: float = 2.5
    contained: float = 6.0
    near: float = 1.5
    support: float = 1.8
    kind: dict[str, float] = field(
        default_factory=lambda: {
            "country": 6.0, "adm1": 3.2, "adm2": 0.1, "adm3": 0.2, "town": 1.0, "quarter": -0.5, "region": 5.0, "area": 1.5,
            "water": 0.0, "terrain": 0.0, "spot": -1.0, "road": -2.0,
        }
    )  # fmt: skip
    hint: float = 6.0
    least: float = 1.0  # score under which a lone candidate is half as likely as none
    sharpness: float = 1.0


DEFAULT = Weights()


@dataclass(frozen=True)
class Toponym:
    """A place name in a text."""

    text: str
    span: Span


@dataclass(frozen=True)
class Choice:
    """The resolution of one toponym: the entry (None: no such place), probability, runners-up."""

    toponym: Toponym
    entry: Entry | None
    score: float
    others: tuple[tuple[Entry, float], ...]
    why: tuple[str, ...]


class PlaceResolver:
    """Resolves the toponyms of one report at a time; holds nothing between reports."""

    def __init__(self, gazetteer: Gazetteer, weights: Weights = DEFAULT) -> None:
        self.gazetteer = gazetteer
        self.weights = weights
        self._standings: dict[tuple[int, str, float, str | None], float] = {}

    def resolve(self, text: str, toponyms: Sequence[Toponym], home: str | None = None) -> list[Choice]:
        """Choices in the order of `toponyms`. `home` is the outlet's country, if it is known."""
        context = _Context(text, home)
        names = {t.text: split_kind(t.text) for t in toponyms}
        hits = {t: self._candidates(t, names[t], context) for t in names}
        containers = _containers(text, toponyms)
        context.learn(hits)
        support = _support(hits)
        first = self._choose(toponyms, names, hits, containers, context, support, {})
        anchors = _anchors(first)
        context.learn_places(c for c in first if c.score > 0.6)
        return self._choose(toponyms, names, hits, containers, context, support, anchors)

    def _candidates(self, text: str, name: PlaceName, context: _Context) -> tuple[Hit, ...]:
        found: dict[int, Hit] = {}
        for form in dict.fromkeys((text, name.name, *_forms(name.name))):
            for hit in self.gazetteer.find(form):
                found.setdefault(hit.entry.key, hit)
            if found and form != text:
                break
        if not found:
            for country in context.likely():
                for hit in self.gazetteer.find_like(name.name, country)[:5]:
                    found.setdefault(hit.entry.key, hit)
        ranked = sorted(found.values(), key=lambda h: (-_rough(h), h.entry.key))
        return tuple(ranked[:MOST])

    def _choose(
        self,
        toponyms: Sequence[Toponym],
        names: dict[str, PlaceName],
        hits: dict[str, tuple[Hit, ...]],
        containers: dict[Span, str],
        context: _Context,
        support: dict[tuple[str, int], float],
        anchors: dict[str, list[tuple[float, float]]],
    ) -> list[Choice]:
        """One pass: every name gets one place in a report, the best over all its mentions."""
        decided: dict[str, tuple[Entry | None, float, tuple[tuple[Entry, float], ...], tuple[str, ...]]] = {}
        held: dict[str, list[str | None]] = {}
        for toponym in toponyms:
            found = held.setdefault(toponym.text, [])
            container = containers.get(toponym.span)
            if container not in found:
                found.append(container)
        for text, around in held.items():
            if not hits[text]:
                decided[text] = None, 1.0, (), ("no such place in the gazetteer",)
                continue
            inside = [_inside_of(container, hits.get(container or "", ())) for container in around]
            near, own = anchors.get(text, ()), name_key(text)
            scores = [
                self._standing(hit, names[text].kind)
                + self._evidence(hit.entry, context, inside, near, support.get((text, hit.entry.key), 0.0), own)
                for hit in hits[text]
            ]
            entry, share, others = self._decide(hits[text], scores)
            decided[text] = entry, share, others, _reasons(entry, context, inside, near, own)
        return [Choice(t, *decided[t.text]) for t in toponyms]

    def _decide(
        self, hits: tuple[Hit, ...], scores: list[float]
    ) -> tuple[Entry, float, tuple[tuple[Entry, float], ...]]:
        w = self.weights
        order = sorted(range(len(hits)), key=lambda k: (-scores[k], hits[k].entry.key))
        top = scores[order[0]]
        total = sum(math.exp(w.sharpness * (s - top)) for s in scores) + math.exp(w.sharpness * (w.least - top))
        shares = [(hits[k].entry, round(math.exp(w.sharpness * (scores[k] - top)) / total, 4)) for k in order[:5]]
        return shares[0][0], shares[0][1], tuple(shares[1:])

    def _standing(self, hit: Hit, kind: str | None) -> float:
        """What speaks for a candidate in any report: kind, way of matching, population, the word of its kind."""
        known = self._standings.get((hit.entry.key, hit.match, hit.likeness, kind))
        if known is not None:
            return known
        w, entry = self.weights, hit.entry
        score = w.kind[entry.kind]
        score += w.name if hit.match == "name" else 0.0
        score += w.fuzzy + 2 * (hit.likeness - 0.85) if hit.match == "fuzzy" else 0.0
        if entry.kind in {"town", "adm1", "adm2"}:
            score += w.population * math.log10(entry.population + 1)
        if kind is not None:
            fits = kind == entry.kind or (kind == "adm2" and entry.kind == "adm3")
            score += w.hint if fits else (-1.0 if entry.kind == "country" else 0.0)
        if len(self._standings) > MOST_KEPT:
            self._standings.clear()
        self._standings[entry.key, hit.match, hit.likeness, kind] = score
        return score

    def _evidence(
        self,
        entry: Entry,
        context: _Context,
        inside: Sequence[frozenset[str]],
        near: Sequence[tuple[float, float]],
        support: float,
        own: str,
    ) -> float:
        """What the report says for a candidate; see `_reasons` for the same in words."""
        w = self.weights
        share = context.share(entry.country)
        score = w.country * share + w.support * support
        if share and entry.kind == "town" and capital_of(entry.name) == entry.country:
            score += w.capital  # Damascus in a report on Syria, for all that Washington lies near Damascus, Maryland
        if entry.country and entry.country == context.home:
            score += w.home
        if entry.admin1 and context.has_division(entry.admin1_code, own):
            score += w.admin1
        if _contained(entry, inside):
            score += w.contained
        if near and entry.latitude is not None:
            score += w.near * math.exp(-_nearest(entry, near) / 150.0)
        return score


def _contained(entry: Entry, inside: Sequence[frozenset[str]]) -> bool:
    return any(c and (entry.admin1_code in c or entry.admin2_code in c or entry.country in c) for c in inside)


def _nearest(entry: Entry, points: Sequence[tuple[float, float]]) -> float:
    """Kilometres to the nearest of some points, infinite where none is within `FAR` degrees."""
    lat, lon = entry.latitude, entry.longitude
    if lat is None or lon is None:
        return math.inf
    # The nearest by a flat measure, which is cheap; its true distance only.
    width = math.cos(math.radians(lat))
    best, point = FAR * FAR, None
    for a, b in points:
        dy, dx = a - lat, (b - lon) * width
        if dy * dy + dx * dx < best:
            best, point = dy * dy + dx * dx, (a, b)
    return _distance(lat, lon, *point) if point is not None else math.inf


def _reasons(
    entry: Entry, context: _Context, inside: Sequence[frozenset[str]], near: Sequence[tuple[float, float]], own: str
) -> tuple[str, ...]:
    """The evidence for the entry that was chosen, in words."""
    why = []
    if context.share(entry.country):
        why.append("its country is spoken of")
    if entry.admin1 and context.has_division(entry.admin1_code, own):
        why.append(f"{entry.admin1} is spoken of")
    if _contained(entry, inside):
        why.append("it lies in the place named with it")
    nearest = _nearest(entry, near)
    if nearest < 100:
        why.append(f"{nearest:.0f} km from another place of the report")
    return tuple(why)


def _rough(hit: Hit) -> float:
    base = {"country": 9.0, "region": 8.0, "adm1": 6.0, "adm2": 3.0}.get(hit.entry.kind, 0.0)
    return base + math.log10(hit.entry.population + 1) + (0.5 if hit.match == "name" else 0.0)


_ABBREVIATED = (
    ("st ", "saint "),
    ("st. ", "saint "),
    ("mt ", "mount "),
    ("mt. ", "mount "),
    ("ft ", "fort "),
    ("ft. ", "fort "),
)
_SIDE = re.compile(
    r"^(?:(?:the\s+)?(?:north|south|east|west|central|upper|lower|greater|inner|outer|downtown|rural|old|mid)(?:-?(?:north|south|east|west))?(?:ern)?[\s-]+)+",
    re.IGNORECASE,
)


def _forms(name: str) -> list[str]:
    """Other spellings under which to look: abbreviations written out, sides of the compass taken off."""
    low = name.lower()
    found = [full + name[len(short) :] for short, full in _ABBREVIATED if low.startswith(short)]
    bare = _SIDE.sub("", name)
    if bare and bare != name:
        found.append(bare)
    if "-" in name:
        found.append(name.replace("-", ""))
    for article in ("al-", "el-", "al ", "el ", "as-", "ar-", "at-", "an-", "ad-", "az-", "ash-"):
        if low.startswith(article):
            found.append(name[len(article) :])
    return found


class _Context:
    """Which countries and divisions a report speaks of."""

    def __init__(self, text: str, home: str | None) -> None:
        self.home = home
        self._countries: dict[str, float] = defaultdict(float)
        self._divisions: dict[str, set[str]] = {}
        for country, is_capital in country_mentions(text):
            self._countries[country] += 0.5 if is_capital else 1.0
        self._update()

    def _update(self) -> None:
        total = sum(self._countries.values())
        self._shares = {c: math.sqrt(n / total) for c, n in self._countries.items()} if total else {}

    def share(self, country: str) -> float:
        return self._shares.get(country, 0.0)

    def likely(self) -> list[str]:
        """Countries by weight, the outlet's last."""
        order = [c for c, _ in sorted(self._countries.items(), key=lambda x: (-x[1], x[0]))[:4]]
        return order + ([self.home] if self.home and self.home not in order else [])

    def has_division(self, code: str, name: str) -> bool:
        """Whether another name of the report points to the division."""
        names = self._divisions.get(code)
        return names is not None and (len(names) > 1 or name not in names)

    def learn(self, hits: dict[str, tuple[Hit, ...]]) -> None:
        """First-level divisions that are named as such, and names that mean one country only."""
        for name, found in hits.items():
            entries = [h.entry for h in found]
            for entry in entries:
                if entry.kind == "adm1" and (self.share(entry.country) or len(entries) <= 3):
                    self._divisions.setdefault(entry.admin1_code, set()).add(name_key(name))
            towns = {e.country for e in entries if e.country}
            if len(towns) == 1 and entries:
                self._countries[towns.pop()] += 0.4
        self._update()

    def learn_places(self, choices: Iterable[Choice]) -> None:
        for choice in choices:
            entry = choice.entry
            if entry is None:
                continue
            if entry.country:
                self._countries[entry.country] += 0.5
            if entry.admin1_code:
                self._divisions.setdefault(entry.admin1_code, set()).add(name_key(choice.toponym.text))
        self._update()


_LINK = re.compile(
    r"^(?:\s*,\s*|\s*\(|\s*[-–—]\s*|\s+(?:in|of|within|inside|,)?\s*(?:the\s+)?(?:[\w-]+\s+){0,3}?(?:of\s+)?(?:the\s+)?|’s\s+|'s\s+)$"
)
_STRONG_LINK = re.compile(r"(?:,|\(|\bin\b|\bof\b|’s|'s)")


def _containers(text: str, toponyms: Sequence[Toponym]) -> dict[Span, str]:
    """For a toponym the name of the place that the text puts it in: ``Andarab district in Baghlan``."""
    found: dict[Span, str] = {}
    ordered = sorted(toponyms, key=lambda t: t.span)
    for a, b in itertools.pairwise(ordered):
        gap = text[a.span[1] : b.span[0]]
        if len(gap) > 40 or "." in gap or ";" in gap:
            continue
        if gap.strip() in {"’s", "'s"} or gap.strip().startswith(("’s ", "'s ")):
            found.setdefault(b.span, a.text)
        elif _LINK.match(gap) and _STRONG_LINK.search(gap):
            found[a.span] = b.text
    return found


def _support(hits: dict[str, tuple[Hit, ...]]) -> dict[tuple[str, int], float]:
    """For each candidate how many other names have one nearby (in the same or a neighbouring degree).

    A name with many candidates says little: each other name counts one over the root of its number.
    """
    cells: dict[tuple[int, int], dict[str, float]] = {}
    places: list[tuple[str, int, tuple[int, int]]] = []
    for name, found in hits.items():
        folded = name_key(name)
        for hit in found:
            entry = hit.entry
            if entry.latitude is None or entry.longitude is None or entry.kind in {"country", "region", "adm1"}:
                continue
            cell = (math.floor(entry.latitude), math.floor(entry.longitude))
            cells.setdefault(cell, {})[folded] = 1 / math.sqrt(len(found))
            places.append((name, entry.key, cell))
    support: dict[tuple[str, int], float] = {}
    for name, key, (y, x) in places:
        others: dict[str, float] = {}
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                others |= cells.get((y + dy, x + dx), {})
        others.pop(name_key(name), None)
        support[(name, key)] = min(3.0, sum(others.values()))
    return support


def _inside_of(name: str | None, hits: tuple[Hit, ...]) -> frozenset[str]:
    """Codes of countries and divisions that the container may mean."""
    codes: set[str] = set()
    for hit in hits:
        entry = hit.entry
        if entry.kind == "country":
            codes.add(entry.country)
        elif entry.kind == "adm1":
            codes.add(entry.admin1_code)
        elif entry.kind == "adm2":
            codes.add(entry.admin2_code)
        elif entry.kind == "town" and entry.population > 100_000:
            codes.update(c for c in (entry.admin2_code, entry.admin1_code) if c)
    return frozenset(c for c in codes if c)


def _anchors(choices: Sequence[Choice]) -> dict[str, list[tuple[float, float]]]:
    """For each name the points of the report's other, surer places (countries are no points)."""
    points: dict[str, tuple[float, float]] = {}
    for choice in choices:
        entry = choice.entry
        if entry is None or choice.score < 0.6 or entry.kind in {"country", "region"}:
            continue
        if entry.latitude is not None and entry.longitude is not None:
            points[choice.toponym.text] = (entry.latitude, entry.longitude)
    names = {c.toponym.text for c in choices}
    return {n: [p for other, p in points.items() if name_key(other) != name_key(n)] for n in names}


def _distance(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres between two points on a sphere (haversine)."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    a = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return float(12_742.0 * math.asin(min(1.0, math.sqrt(a))))


distance_km = _distance
