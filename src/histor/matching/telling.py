"""A telling as matching compares it: an event mention together with those of its report that retell it."""

from __future__ import annotations

import itertools
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib import resources

from histor.matching.words import STOP, Bag, stem, stems
from histor.model.annotation import Span
from histor.model.records import IMPORTED, Actor, Casualties, CodedReport, EventMention, Place, Report
from histor.resolve.dates import Anchors, find_dates
from histor.resolve.gazetteer import loose_key
from histor.text.sentences import split_sentences

Interval = tuple[float, float]
Stated = tuple[int | None, int | None, int | None]

# Kilometres around a point within which the event may be, by UCDP's where_prec.
RADIUS = {1: 8.0, 2: 30.0, 3: 50.0, 4: 150.0, 5: 120.0, 6: 600.0, 7: 1000.0}
AROUND = 2  # sentences to each side that belong to a telling's surroundings
LEADS = 2  # sentences that open a report: a headline and a lead
_REAL = frozenset({"actual", "claimed", "denied", "historical"})
_CAPITAL = re.compile(r"(?<![.!?]\s)(?<!^)(?<!\n)\b[^\W\d_a-z][^\W\d_]{2,}(?:['’-][^\W\d_]+)*")
_KIND = frozenset(
    "north south east west northern southern eastern western central province district state city town village area region of the near governorate "
    "county street road camp hospital border country capital valley mountain river market airport base quarter neighbourhood same".split()
)
_STOP = re.compile(r"[,;:]\s|\s[–—-]\s")
KINDS = frozenset("gunfire blast shelling airstrike clash arrest charge abduct rob protest".split())
_CALENDAR = frozenset(
    stem(w)
    for w in "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sept sep oct nov dec".split()
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a telling places its event: a point with the radius of its precision, and name keys."""

    names: frozenset[str]
    country: str | None
    geonames_id: int | None
    latitude: float | None
    longitude: float | None
    radius: float
    wide: bool  # a first-level division, a country or wider


@dataclass(frozen=True, slots=True)
class Days:
    """First and last possible day as ordinals; `stated` is False where only the publication date bounds it."""

    first: int
    last: int
    stated: bool


@dataclass(frozen=True, eq=False)
class Background:
    """What all tellings of one report share: its day, its words, who is its origin."""

    report: str
    published: int | None
    text: str
    country: str | None = None
    origin: str | None = None
    row: tuple[str, str] | None = None  # of an imported table: the stamp of its import, and the row's own id
    moved: int = 0  # days by which its dates are taken to be later than they are

    @cached_property
    def words(self) -> Bag:
        return Bag(stems(self.text))

    @cached_property
    def days(self) -> frozenset[int]:
        """Every day that the report names, as ordinals."""
        published = None if self.published is None else date.fromordinal(self.published - self.moved)
        named = named_days(self.text, published, (0, len(self.text)))
        return frozenset(d.first + self.moved for d in named if d.first == d.last)


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """One telling, ready to be compared. `id` is the first event mention's; `order` sorts by date, then id."""

    id: str
    order: tuple[str, str]
    mentions: tuple[EventMention, ...]
    background: Background
    types: frozenset[str]
    sub_events: frozenset[str]
    modes: frozenset[str]
    real: bool
    actors: frozenset[str]
    recipients: frozenset[str]
    spot: Spot | None
    days: Days | None
    tolls: Mapping[str, Interval]
    weapons: frozenset[str]
    triggers: frozenset[str]
    words: Bag
    names: Bag
    near_words: Bag  # of the sentences around as well, `AROUND` to each side
    near_names: frozenset[str]  # keys of capitalised words of the same
    sentences: tuple[frozenset[int], ...] = ()
    close: Bag = field(
        default_factory=lambda: Bag(())
    )  # words of the clauses around the triggers, or of what a person marked
    kinds: frozenset[str] = frozenset()  # families of the close words that name one kind of happening
    leads: bool = False  # its first sentence is the headline or the first of the text

    @property
    def report(self) -> str:
        return self.background.report


@cache
def families() -> dict[str, str]:
    """Stems of trigger words to the name of their family, from ``data/families.toml``."""
    text = resources.files("histor.matching").joinpath("data/families.toml").read_text(encoding="utf-8")
    return {stem(word): name for name, words in tomllib.loads(text)["families"].items() for word in words.split()}


def tellings(coded: CodedReport, origin: str | None = None) -> list[Telling]:
    """The tellings of a coded report, in order of their first mentions."""
    groups: dict[str, list[EventMention]] = {}
    for mention in coded.event_mentions:
        groups.setdefault(mention.retells or mention.id, []).append(mention)
    reader = Reader(coded.report, coded.event_mentions, origin)
    return [reader.telling(group) for group in groups.values()]


def _row(report: Report, mentions: Sequence[EventMention]) -> tuple[str, str] | None:
    stamp = next((m.coder for m in mentions if m.coder.startswith(IMPORTED)), None)
    return (stamp, str(report.external_id or report.id)) if stamp else None


class Reader:
    """Makes tellings of one report; its sentences and words are looked at once."""

    def __init__(self, report: Report, mentions: Sequence[EventMention], origin: str | None = None) -> None:
        self.report = report
        self.spans = [(s.start, s.end) for s in split_sentences(report.text, report.title)]
        self._place = {s: k for k, s in enumerate(self.spans)}
        countries = sorted(m.place.country for m in mentions if m.place is not None and m.place.country)
        home = max(dict.fromkeys(countries), key=countries.count) if countries else None
        self.published = date.fromisoformat(report.published) if report.published else None
        self.background = Background(
            report.id,
            self.published.toordinal() if self.published else None,
            report.text,
            home,
            origin,
            _row(report, mentions),
        )

    def telling(self, mentions: Sequence[EventMention]) -> Telling:
        """One telling of `mentions` (one at least), which retell each other."""
        tolls = _tolls(c for m in mentions for c in m.casualties)
        return self._make(mentions[0].id, mentions, [m.trigger.span for m in mentions], tolls)

    def given(
        self, id_: str, span: Span, mentions: Sequence[EventMention], tolls: Mapping[str, Stated] | None = None
    ) -> Telling:
        """A telling whose words a person marked, with tolls (low, best, high) as that person read them.

        `mentions` are the coded ones that belong to it, if any. Without them its place is the names in
        `span` and its day is bounded by the publication alone.
        """
        found = {kind: _interval_of(*toll) for kind, toll in (tolls or {}).items()}
        return self._make(id_, mentions, [span, *(m.trigger.span for m in mentions)], found, span)

    def _make(
        self,
        id_: str,
        mentions: Sequence[EventMention],
        at: Sequence[Span],
        tolls: Mapping[str, Interval],
        marked: Span | None = None,
    ) -> Telling:
        spans = sorted({self._around(span) for span in at})
        text = " ".join(self.report.text[a:b] for a, b in spans)
        near = self.report.text[self._beyond(spans[0], -AROUND)[0] : self._beyond(spans[-1], AROUND)[1]]
        names = [w for w in (stem(n) for s in spans for n in self._names(s)) if w not in _CALENDAR]
        triggers = [m.trigger.text for m in mentions] or [self.report.text[a:b] for a, b in at]
        found = families()
        close = stems(" ".join(self.report.text[a:b] for a, b in ([marked] if marked else map(self._clause, at))))
        own = [m for m in mentions if marked is None or marked[0] <= m.trigger.span[0] < marked[1]]
        spot = _spot(m.place for m in mentions)
        if spot is None and not mentions:
            keys = frozenset(k for a, b in at for k in name_keys(" ".join(_CAPITAL.findall(self.report.text[a:b]))))
            spot = Spot(keys, None, None, None, None, RADIUS[3], False) if keys else None
        return Telling(
            id=id_,
            order=(self.report.published or "9999", id_),
            mentions=tuple(mentions),
            background=self.background,
            types=frozenset(m.event_type for m in own),
            sub_events=frozenset(m.acled.sub_event_type for m in own if m.acled),
            modes=frozenset(m.mode for m in own if m.mode),
            real=not mentions or any(m.factuality in _REAL for m in mentions),
            actors=_parties(a for m in own for a in m.actors),
            recipients=_parties(a for m in own for a in m.recipients),
            spot=spot,
            days=self._days(mentions, at),
            tolls=tolls,
            weapons=frozenset(s for m in mentions for w in m.weapons for s in stems(w.text)),
            triggers=frozenset(found.get(s, s) for t in triggers for s in stems(t)),
            words=Bag(w for w in stems(text) if w not in _CALENDAR),
            names=Bag(names),
            near_words=Bag(stems(near)),
            near_names=name_keys(" ".join(_CAPITAL.findall(near))),
            sentences=tuple(_pairs(self.report.text[a:b]) for a, b in spans),
            close=Bag(w for w in close if w not in _CALENDAR),
            kinds=frozenset(found[w] for w in close if found.get(w) in KINDS),
            leads=self._place.get(spans[0], LEADS) < LEADS,
        )

    def _around(self, span: Span) -> Span:
        """The sentence that holds a span (the span itself where none does)."""
        return next((s for s in self.spans if s[0] <= span[0] < s[1]), span)

    def _clause(self, span: Span) -> Span:
        """The part of a sentence between two stops or commas that holds a span."""
        a, b = self._around(span)
        start = max((m.end() for m in _STOP.finditer(self.report.text, a, span[0])), default=a)
        end = next((m.start() for m in _STOP.finditer(self.report.text, span[1], b)), b)
        return start, end

    def _beyond(self, span: Span, by: int) -> Span:
        """The sentence `by` places from the one that is `span`, or the last that there is."""
        if span not in self._place:
            return span
        return self.spans[min(max(self._place[span] + by, 0), len(self.spans) - 1)]

    def _names(self, span: Span) -> list[str]:
        return _CAPITAL.findall(self.report.text[span[0] : span[1]])

    def _days(self, mentions: Sequence[EventMention], at: Sequence[Span]) -> Days | None:
        """The narrowest stated interval, else the week up to publication, else None."""
        published = self.background.published
        found = (_interval(m, published, self.report.text) for m in mentions)
        stated = [d for d in found if d is not None]
        if not mentions:
            stated = [d for span in at for d in named_days(self.report.text, self.published, span)]
        if stated:
            return min(stated, key=lambda d: (d.last - d.first, d.first, d.last))
        return None if published is None else Days(published - 7, published, False)


def named_days(text: str, published: date | None, span: Span) -> Iterator[Days]:
    """Intervals of the date expressions in a span, of a month at most and not after publication."""
    for found in find_dates(text, Anchors(published), *span):
        if found.earliest is None or found.latest is None or (found.latest - found.earliest).days > 31:
            continue
        if published is None or found.earliest <= published:
            yield Days(found.earliest.toordinal(), found.latest.toordinal(), True)


def _interval(mention: EventMention, published: int | None, text: str) -> Days | None:
    """The stated days, from a day before on where it was told on them; None for what lies after publication and yet happened."""
    when = mention.date
    if when is None or when.source == "published" or not (when.earliest and when.latest):
        return None
    found = Days(date.fromisoformat(when.earliest).toordinal(), date.fromisoformat(when.latest).toordinal(), True)
    late = published is not None and found.first > published and mention.factuality in _REAL
    if when.span is not None and _TOLD.search(text, when.span[1], mention.trigger.span[0]):
        found = Days(found.first - 1, found.last, True)
    return None if late else found


# A day before these is that of the words: "a day earlier the paper had reported that …".
_TOLD = re.compile(
    r"\b(?:(?:said|reported|announced|stated|claimed|declared|confirmed|wrote|admitted|told [^.;,]{1,40}) that|quoted)\b"
)


def _spot(places: Iterable[Place | None]) -> Spot | None:
    """The most precise place; one with coordinates before one with a name only."""
    found = [p for p in places if p is not None]
    if not found:
        return None
    best = min(found, key=lambda p: (p.latitude is None, p.where_prec or 9))
    names = frozenset(k for p in found for k in name_keys(p.name or p.text))
    precision = best.where_prec or 3
    if best.latitude is None and not names:
        return None
    return Spot(
        names, best.country, best.geonames_id, best.latitude, best.longitude,
        RADIUS.get(precision, 50.0), precision in {4, 6, 7},
    )  # fmt: skip


@lru_cache(maxsize=50_000)
def name_keys(name: str) -> frozenset[str]:
    """Keys of the words of a name that different spellings share; words of kind and direction left out."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", name)
    kept = (w for w in words if len(w) > 2 and w.lower() not in _KIND and w.lower() not in STOP)
    return frozenset(k for k in (loose_key(w) for w in kept if stem(w) not in _CALENDAR) if len(k) > 1)


def _parties(parties: Iterable[Actor]) -> frozenset[str]:
    """The ids of known actors and the telling words of the others."""
    found: set[str] = set()
    for party in parties:
        if party.id:
            found.add(f"={party.id}")
        found.update(s for s in stems(party.name or party.text) if s not in _CALENDAR)
    return frozenset(found)


def _tolls(casualties: Iterable[Casualties]) -> dict[str, Interval]:
    """By kind the largest toll that the mentions state, as an interval with open ends made wide."""
    found: dict[str, Interval] = {}
    for c in casualties:
        interval = _interval_of(c.low, c.best, c.high)
        if c.kind not in found or interval[0] > found[c.kind][0]:
            found[c.kind] = interval
    return found


def _interval_of(low: int | None, best: int | None, high: int | None) -> Interval:
    least = low if low is not None else best if best is not None else 0
    most = math.inf if high is None else high
    return float(least), float(max(least, most))


def _pairs(text: str) -> frozenset[int]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(hash(pair) for pair in itertools.pairwise(words))
