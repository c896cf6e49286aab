"""Toponym resolution: which place a name means in its report, how surely, and what else it might be.

Candidates are ranked by a scored sum of evidence: how the name matches, how many people live there,
the countries and divisions that the report speaks of, explicit containment ("Andarab district in
Baghlan"), the word of its kind ("Kunduz province"), and nearness to the report's other places. The
weights were tuned on the Local-Global Lexicon (`python -m benchmarks geoparse`). "No such place in
the gazetteer" is an answer.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from histor.model.annotation import Span
from histor.resolve.actors import capital_of, country_mentions
from histor.resolve.containers import HELD, LAND, Codes, codes_around
from histor.resolve.gazetteer import Entry, Gazetteer, Hit, name_key, split_kind

MOST = 40  # candidates a name that are weighed
ALIKE = 0.8  # likeness under which a spelling is of another name
MOST_KEPT = 20_000  # names whose candidates are remembered
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


class _Candidate(NamedTuple):
    """An entry that a name may mean, with all of it that no report changes."""

    entry: Entry
    key: int
    standing: float
    country: str
    division: str  # code of its first-level division, empty where that has no name
    capital: bool
    codes: frozenset[str]  # what it lies in
    cell: int | None  # of the grid of whole degrees; None for what is too large to be near anything
    latitude: float | None
    longitude: float
    width: float  # of a degree of longitude, in degrees of latitude


Points = Sequence[tuple[float, float]]
_Decision = tuple[Entry | None, float, tuple[tuple[Entry, float], ...], tuple[str, ...]]
_NONE: _Decision = (None, 1.0, (), ("no such place in the gazetteer",))


_GENERAL = frozenset(
    "university national central military general field children childrens teaching city public main international local district state "
    "provincial regional civil".split()
)


class PlaceResolver:
    """Resolves the toponyms of one report at a time; remembers names that it has looked up, nothing of a report."""

    def __init__(self, gazetteer: Gazetteer, weights: Weights = DEFAULT) -> None:
        self.gazetteer = gazetteer
        self.weights = weights
        self._known: dict[str, tuple[_Candidate, ...]] = {}

    def resolve(
        self, text: str, toponyms: Sequence[Toponym], home: str | None = None, at_home: Sequence[str] = ()
    ) -> list[Choice]:
        """Choices in the order of `toponyms`.

        `home` is the outlet's country, if it is known; `at_home` the country of each armed group that the report
        tells of and that fights in one country.
        """
        context = _Context(text, home, at_home)
        found = {name: self._candidates(name, context) for name in dict.fromkeys(t.text for t in toponyms)}
        context.learn(found)
        # Spellings are looked for in the likely countries, which the other names may have brought in.
        found |= {name: self._candidates(name, context) for name, known in found.items() if not known}
        support = _support(found)
        inside = codes_around(text, toponyms, {name: [c.entry for c in known] for name, known in found.items()})
        first = {
            name: self._surest(candidates, self._scores(name, candidates, context, inside[name], support[name], ()))
            for name, candidates in found.items()
            if candidates
        }
        anchors = _anchors(first)
        context.learn_places((t.text, *first[t.text]) for t in toponyms if t.text in first)
        decided: dict[str, _Decision] = {}
        for name, candidates in found.items():
            near = [point for folded, point in anchors if folded != name_key(name)]
            decided[name] = self._decide(name, candidates, context, inside[name], support[name], near)
        return [Choice(t, *decided[t.text]) for t in toponyms]

    def _candidates(self, name: str, context: _Context) -> tuple[_Candidate, ...]:
        """What a name may mean, the likeliest at first sight first, at most `MOST`."""
        bare = split_kind(name)
        if bare.kind == "spot" and bare.name.lower() in _GENERAL:
            return ()  # "University Hospital" names no place alone
        known = self._known.get(name)
        if known is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            known = self._known[name] = self._weighed(self._named(name), split_kind(name).kind)
        if known:
            return known
        hits = (h for c in context.likely() for h in self.gazetteer.find_like(bare.name, c)[:5] if h.likeness >= ALIKE)
        return self._weighed({h.entry.key: h for h in hits}.values(), bare.kind)

    def _named(self, name: str) -> Iterable[Hit]:
        found: dict[int, Hit] = {}
        bare = split_kind(name).name
        for form in dict.fromkeys((name, bare, *_forms(bare))):
            for hit in self.gazetteer.find(form):
                found.setdefault(hit.entry.key, hit)
            own = form == name != bare and any(name_key(h.entry.name) == name_key(name) for h in found.values())
            if found and (form != name or own):  # the Golan Heights are no Golan
                break
        return found.values()

    def _weighed(self, hits: Iterable[Hit], kind: str | None) -> tuple[_Candidate, ...]:
        ranked = sorted(hits, key=lambda h: (-_rough(h), h.entry.key))
        return tuple(_candidate(hit.entry, self._standing(hit, kind)) for hit in ranked[:MOST])

    def _decide(
        self,
        name: str,
        candidates: tuple[_Candidate, ...],
        context: _Context,
        inside: Codes,
        support: list[float],
        near: Points,
    ) -> _Decision:
        """The best candidate with its probability, at most four runners-up, and the reasons."""
        if not candidates:
            return _NONE
        w = self.weights
        scores = self._scores(name, candidates, context, inside, support, near)
        order = sorted(zip((-s for s in scores), (c.key for c in candidates), range(len(scores)), strict=True))[:5]
        top = -order[0][0]
        total = sum([math.exp(w.sharpness * (s - top)) for s in scores]) + math.exp(w.sharpness * (w.least - top))
        shares = [(candidates[k].entry, round(math.exp(w.sharpness * (-s - top)) / total, 4)) for s, _, k in order]
        chosen = candidates[order[0][2]]
        if _astray(chosen, context, inside, name_key(name)):
            return _NONE
        return *shares[0], tuple(shares[1:]), _reasons(chosen, context, inside, near, name_key(name))

    def _surest(self, candidates: tuple[_Candidate, ...], scores: list[float]) -> tuple[Entry, float]:
        """The best candidate with its probability, as `_decide` has them."""
        w = self.weights
        top = max(scores)
        best = min((c.key, k) for k, c in enumerate(candidates) if scores[k] == top)[1]
        total = sum([math.exp(w.sharpness * (s - top)) for s in scores]) + math.exp(w.sharpness * (w.least - top))
        return candidates[best].entry, round(1.0 / total, 4)

    def _standing(self, hit: Hit, kind: str | None) -> float:
        """What speaks for a candidate in any report: kind, way of matching, population, the word of its kind."""
        w, entry = self.weights, hit.entry
        score = w.kind[entry.kind]
        score += w.name if hit.match == "name" else 0.0
        score += w.fuzzy + 2 * (hit.likeness - 0.85) if hit.match == "fuzzy" else 0.0
        if entry.kind in {"town", "adm1", "adm2"}:
            score += w.population * math.log10(entry.population + 1)
        if kind is not None:
            fits = kind == entry.kind or (kind == "adm2" and entry.kind == "adm3")
            score += w.hint if fits else (-1.0 if entry.kind == "country" else 0.0)
        return score

    def _scores(
        self,
        name: str,
        candidates: tuple[_Candidate, ...],
        context: _Context,
        inside: Codes,
        support: list[float],
        near: Points,
    ) -> list[float]:
        """Standing and what the report says for each candidate; see `_reasons` for the same in words."""
        w, home, own = self.weights, context.home, name_key(name)
        shares, divisions = context.shares, context.divisions
        scores = []
        for candidate, beside in zip(candidates, support, strict=True):
            _, _, standing, country, division, capital, codes, _, latitude, longitude, width = candidate
            share = shares.get(country, 0.0)
            score = w.country * share + w.support * beside
            if capital and share:
                score += (
                    w.capital
                )  # Damascus in a report on Syria, for all that Washington lies near Damascus, Maryland
            if country == home and country:
                score += w.home
            if division in divisions and context.has_division(division, own):
                score += w.admin1
            if inside and not inside.isdisjoint(codes):
                score += w.contained
            if near and latitude is not None:
                score += w.near * math.exp(-_nearest(latitude, longitude, width, near) / 150.0)
            scores.append(standing + score)
        return scores


ONELAND = 0.85  # share (a root) from which on a report is about one country
OFTEN = 5.0  # namings of that country
SMALL = 20_000  # people; larger towns are spoken of anywhere


def _astray(chosen: _Candidate, context: _Context, inside: Codes, own: str) -> bool:
    """Whether even the likeliest candidate lies in a country where the report cannot mean it.

    The text puts the name in a place of another country, or speaks of one country only and this is a
    small place of one that it does not name: a namesake of what the gazetteer lacks.
    """
    few = chosen.entry.kind in {"terrain", "adm2", "adm3"} or chosen.entry.population < SMALL
    if not chosen.country or not few or chosen.entry.kind in {"country", "region", "adm1"}:
        return False
    most = max(context.shares, key=lambda c: context.shares[c], default="")
    lands = {code[1:] for code in inside if code.startswith(LAND)}
    if most in lands and chosen.country not in lands:
        return True
    held = {code[1:] for code in inside if code.startswith(HELD)}
    if held and held.isdisjoint(chosen.codes) and chosen.country == most:
        return True
    alone = chosen.country != context.home and not context.speaks_of(chosen.country, own)
    return alone and context.shares.get(most, 0.0) >= ONELAND and context.namings(most) >= OFTEN


def _candidate(entry: Entry, standing: float) -> _Candidate:
    latitude, longitude = entry.latitude, entry.longitude
    if latitude is None or longitude is None:
        latitude, longitude = None, 0.0
    small = latitude is not None and entry.kind not in {"country", "region", "adm1"}
    return _Candidate(
        entry,
        entry.key,
        standing,
        entry.country,
        entry.admin1_code if entry.admin1 else "",
        entry.kind == "town" and capital_of(entry.name) == entry.country,
        frozenset((entry.admin1_code, entry.admin2_code, entry.country)) - {""},
        _cell(latitude, longitude) if small and latitude is not None else None,
        latitude,
        longitude,
        math.cos(math.radians(latitude)) if latitude is not None else 0.0,
    )


def _nearest(latitude: float, longitude: float, width: float, points: Points) -> float:
    """Kilometres to the nearest of some points, infinite where none is within `FAR` degrees."""
    # The nearest by a flat measure, which is cheap; its true distance only.
    best, point = FAR * FAR, None
    for a, b in points:
        dy = a - latitude
        if -FAR < dy < FAR:
            dx = (b - longitude) * width
            if dy * dy + dx * dx < best:
                best, point = dy * dy + dx * dx, (a, b)
    return _distance(latitude, longitude, *point) if point is not None else math.inf


def _reasons(chosen: _Candidate, context: _Context, inside: Codes, near: Points, own: str) -> tuple[str, ...]:
    """The evidence for the candidate that was chosen, in words."""
    why = []
    if context.shares.get(chosen.country):
        why.append("its country is spoken of")
    if chosen.division and context.has_division(chosen.division, own):
        why.append(f"{chosen.entry.admin1} is spoken of")
    if not inside.isdisjoint(chosen.codes):
        why.append("it lies in the place named with it")
    if near and chosen.latitude is not None:
        nearest = _nearest(chosen.latitude, chosen.longitude, chosen.width, near)
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
    """Which countries and divisions a report speaks of.

    `shares` has the weight of each country, `divisions` the names that point to each division's code.
    """

    def __init__(self, text: str, home: str | None, at_home: Sequence[str] = ()) -> None:
        self.home = home
        self.shares: dict[str, float] = {}
        self.divisions: dict[str, set[str]] = {}
        self._countries: dict[str, float] = defaultdict(float)
        for country, is_capital in country_mentions(text):
            self._countries[country] += 0.5 if is_capital else 1.0
        for country in at_home:
            self._countries[country] += 0.7
        self._named = dict(self._countries)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._update()

    def _update(self) -> None:
        total = sum(self._countries.values())
        self.shares = {c: math.sqrt(n / total) for c, n in self._countries.items()} if total else {}

    def likely(self) -> list[str]:
        """Countries by weight, the outlet's last."""
        order = [c for c, _ in sorted(self._countries.items(), key=lambda x: (-x[1], x[0]))[:4]]
        return order + ([self.home] if self.home and self.home not in order else [])

    def speaks_of(self, country: str, name: str) -> bool:
        """Whether the report names the country, or another of its names points there."""
        return country in self._named or bool(self._names.get(country, set()) - {name})

    def namings(self, country: str) -> float:
        """How often the report names the country, by its capital half as often, with the names that point there."""
        return self._named.get(country, 0.0) + len(self._names.get(country, ()))

    def has_division(self, code: str, name: str) -> bool:
        """Whether another name of the report points to the division."""
        names = self.divisions.get(code)
        return names is not None and (len(names) > 1 or name not in names)

    def learn(self, found: Mapping[str, tuple[_Candidate, ...]]) -> None:
        """First-level divisions that are named as such, and names that mean one country only."""
        for name, candidates in found.items():
            for c in candidates:
                if c.entry.kind == "adm1" and (self.shares.get(c.country) or len(candidates) <= 3):
                    self.divisions.setdefault(c.entry.admin1_code, set()).add(name_key(name))
            lands = {c.country for c in candidates} - {""}
            if len(lands) == 1:
                self._countries[lands.pop()] += 0.4
        self._update()

    def learn_places(self, chosen: Iterable[tuple[str, Entry, float]]) -> None:
        """Countries and divisions of the places (name, entry, probability) that are sure enough."""
        for name, entry, score in chosen:
            if score <= 0.6:
                continue
            if entry.country:
                self._countries[entry.country] += 0.5
                self._names[entry.country].add(name_key(name))
            if entry.admin1_code:
                self.divisions.setdefault(entry.admin1_code, set()).add(name_key(name))
        self._update()


_ROW = 1_000  # cells from one row of the grid to the next; longitudes take 361 of them
_AROUND = tuple(dy * _ROW + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1))


def _cell(latitude: float, longitude: float) -> int:
    return math.floor(latitude) * _ROW + math.floor(longitude)


def _support(found: Mapping[str, tuple[_Candidate, ...]]) -> dict[str, list[float]]:
    """For each candidate of a name how many other names have one nearby (in its cell or a neighbouring one), at most 3.

    A name with many candidates says little: each other name counts one over the root of its number.
    """
    cells: dict[int, dict[str, float]] = {}
    for name, candidates in found.items():
        folded, weight = name_key(name), 1 / math.sqrt(len(candidates) or 1)
        for candidate in candidates:
            if candidate.cell is not None:
                cells.setdefault(candidate.cell, {})[folded] = weight
    peopled: dict[int | None, dict[str, float]] = {}
    for cell, own in cells.items():
        beside = [near for step in _AROUND if (near := cell + step) in cells]
        if len(beside) > 1 or len(own) > 1:
            peopled[cell] = _joined([cells[near] for near in beside])
    return {name: _supported(name_key(name), candidates, peopled) for name, candidates in found.items()}


def _joined(weights: list[dict[str, float]]) -> dict[str, float]:
    around: dict[str, float] = {}
    for row in weights:
        around |= row
    return around


def _supported(
    own: str, candidates: tuple[_Candidate, ...], peopled: Mapping[int | None, dict[str, float]]
) -> list[float]:
    """The weight of the other names around each candidate's cell."""
    support = []
    for candidate in candidates:
        around = peopled.get(candidate.cell)
        others = sum([weight for name, weight in around.items() if name != own]) if around else 0.0
        support.append(min(3.0, others))
    return support


def _anchors(chosen: Mapping[str, tuple[Entry, float]]) -> list[tuple[str, tuple[float, float]]]:
    """Folded names with the points of the surer places (countries are no points)."""
    return [
        (name_key(name), (entry.latitude, entry.longitude))
        for name, (entry, score) in chosen.items()
        if score >= 0.6
        and entry.kind not in {"country", "region"}
        and entry.latitude is not None
        and entry.longitude is not None
    ]


def _distance(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres between two points on a sphere (haversine)."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    a = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return float(12_742.0 * math.asin(min(1.0, math.sqrt(a))))


distance_km = _distance
