"""Which event mentions of a report tell one event: a lead and its body, "the attack" and the attack.

Each later mention is compared with the earlier ones of its type; a logistic model over the features
below decides, and the best earlier one wins. Its weights come from `training/retellings.py`, which
fits them on the project's own annotated reports.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import resources

from histor.coding.grammar import Clause
from histor.model.records import EventMention
from histor.resolve.places import distance_km

REACH = 40  # tellings of one type that a later one is compared with
NAMED = 0.94  # probability of a link that such an engine names; what contradicts it is heard
CERTAIN = 0.95  # probability of a link from which on no contradiction is heard: dates are misread, too
REAL = frozenset({"actual", "claimed", "denied", "historical"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both", "such"})
_OTHER = frozenset("other previous earlier more new next last later additional past future".split())
WEEKS = 21  # days
APART = 40.0  # kilometres
_APART = frozenset("another second third fourth fifth separate different similar further subsequent fresh".split())
_IN = frozenset({"in", "at", "across", "throughout", "from", "on"})
_MANY = frozenset("several many various different numerous multiple other".split())
_SPOTS = frozenset(
    "area part place district village province town front location region city site neighbourhood neighborhood".split()
)
TOWN = 3  # `where_prec` of a place as small as a town or a district
_SMALL = frozenset("the a an of in at on near by to and group s village town city district province area".split())


_REPEATED = 0.8  # share of the words of two sentences from which on one repeats the other


@dataclass(frozen=True)
class Model:
    """Log-odds for each feature, the bias, and the least probability of a link."""

    weights: dict[str, float]
    bias: float
    least: float

    def probability(self, values: dict[str, float]) -> float:
        total = self.bias + sum(self.weights[name] * value for name, value in values.items())
        return 1.0 / (1.0 + math.exp(-total))


@cache
def shipped() -> Model:
    """The model in ``data/retellings.toml``."""
    text = resources.files("histor.coding").joinpath("data/retellings.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Model(table["weights"], table["bias"], table["least"])


@dataclass(frozen=True)
class Telling:
    """What the comparison needs of a mention besides the record itself."""

    mention: EventMention
    clause: Clause
    head: int
    links: dict[int, float]  # the engine's probability that it tells the same as an earlier mention
    title: bool
    sure: bool = True  # a frame that no head proposed neither retells nor is retold
    named: int = -1  # the earlier telling of which an engine that reads whole tellings says that it is the same

    @cached_property
    def modifiers(self) -> frozenset[str]:
        return frozenset(self.clause.tokens[c].text.lower() for c in self.clause.children[self.head])

    @cached_property
    def anew(self) -> frozenset[str]:
        """Words on the trigger, or on what it happens to and with, that tell of one more event ("another shell fell")."""
        clause, near = self.clause, [self.head]
        if clause.tokens[self.head].upos == "VERB":
            near += clause.dependents(self.head, "nsubj", "nsubj:pass")
            more = {"also", "previously", "elsewhere", "separately"} & self.modifiers
        else:
            more = set()
        return frozenset(more) | frozenset(clause.lemma(c) for k in near for c in clause.children[k]) & _APART

    @cached_property
    def scattered(self) -> bool:
        """Whether it is said to have happened in many places at once ("in several areas", "across various districts")."""
        head = self.head
        while self.clause.relation(head) == "compound" and self.clause.tokens[head].head >= 0:
            head = self.clause.tokens[head].head
        up = self.clause.tokens[head].head
        heads = [head, *[h for h in [up] if h >= 0 and self.clause.tokens[h].upos == "VERB"]]
        spots = [k for h in heads for k in self.clause.obliques(h, _IN) if self.clause.lemma(k) in _SPOTS]
        return any(self.clause.lemma(c) in _MANY for k in spots for c in self.clause.children[k])

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(t.text.lower() for t in self.clause.tokens if t.upos not in {"PUNCT", "DET", "ADP"})

    @cached_property
    def place(self) -> frozenset[str]:
        return _words(self.mention.place.name) if self.mention.place else frozenset()

    @cached_property
    def parties(self) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
        sides = (self.mention.actors, self.mention.recipients)
        return ([_words(p.name) for p in sides[0] if p.name], [_words(p.name) for p in sides[1] if p.name])

    @cached_property
    def tolls(self) -> frozenset[tuple[str, int, float]]:
        """Kind, least and greatest number of each entry that has a number."""
        return frozenset(
            (c.kind, c.best if c.low is None else c.low, math.inf if c.high is None else c.high)
            for c in self.mention.casualties
            if c.best is not None
        )

    @cached_property
    def days(self) -> tuple[str, str] | None:
        when = self.mention.date
        if when is None or when.source == "published" or not (when.earliest and when.latest):
            return None
        return when.earliest, when.latest


def features(earlier: Telling, later: Telling, index: int, between: int) -> dict[str, float]:
    """Feature values of a pair; `index` is the earlier one's place, `between` the tellings of the type between."""
    a, b = earlier.mention, later.mention
    found = {
        "lemma": float(earlier.clause.lemma(earlier.head) == later.clause.lemma(later.head)),
        "learned": later.links.get(index, 0.0),
        "sub": _compare(a.acled.sub_event_type if a.acled else None, b.acled.sub_event_type if b.acled else None),
        "mode": _compare(a.mode, b.mode),
        "reality": float((a.factuality in REAL) == (b.factuality in REAL)),
        "unreal": float(a.factuality not in REAL and b.factuality not in REAL),
        "claimed": float(a.factuality == b.factuality),
        "title": float(earlier.title),
        "distance": math.log1p(b.sentence - a.sentence),
        "same_sentence": float(a.sentence == b.sentence),
        "between": math.log1p(between),
        "noun": float(later.clause.tokens[later.head].upos in {"NOUN", "PROPN"}),
        "definite": float(bool(later.modifiers & _DEFINITE)),
        "indefinite": float(bool(later.modifiers & {"a", "an"})),
        "other": float(bool(later.modifiers & _OTHER)),
        "bare": float(not b.recipients and not b.casualties and b.place is None),
    }
    compared = {
        "place": _places(earlier, later),
        "date": _dates(earlier, later),
        "toll": _tolls(earlier, later),
        "actor": _parties(earlier.parties[0], later.parties[0]),
        "recipient": _parties(earlier.parties[1], later.parties[1]),
    }
    for name, value in compared.items():
        found[f"{name}_same"], found[f"{name}_differs"] = float(value > 0), float(value < 0)
    return found


def link(tellings: Sequence[Telling], model: Model | None = None) -> list[int]:
    """For each telling the index of the first telling of its event, -1 where it is the first.

    A telling joins an event only if it contradicts none of its tellings, or if one is all but certain. It is compared with the
    `REACH` tellings of its type before it and with headlines, so that time grows with length only.
    """
    model = model or shipped()
    first = [-1] * len(tellings)
    members: dict[int, list[int]] = {}
    typed: dict[str, list[int]] = {}
    for k, later in enumerate(tellings):
        best, score = -1, model.least
        if not later.sure:
            members[k] = [k]
            continue
        same = typed.setdefault(later.mention.event_type, [])
        open_to: dict[int, bool] = {}
        for rank, j in enumerate(reversed(same)):
            if rank >= REACH and not tellings[j].title:
                continue
            learned = model.probability(features(tellings[j], later, j, rank))
            p = 1.0 if _repeats(tellings[j], later) else learned
            p = max(p, NAMED) if j == later.named else _plain(tellings[j], later, rank, p)
            if p <= score:
                continue
            event = first[j] if first[j] >= 0 else j
            told = [tellings[m] for m in members[event][-REACH:]]
            if event not in open_to:
                open_to[event] = not any(_contradict(t, later) for t in told)
            sure = p >= CERTAIN and (learned >= CERTAIN or not any(_elsewhere(t, later) for t in told))
            if (open_to[event] or sure) and not any(_long_apart(t, later) for t in told):
                best, score = event, p
        first[k] = best
        members.setdefault(best if best >= 0 else k, []).append(k)
        same.append(k)
    return first


def _plain(earlier: Telling, later: Telling, rank: int, p: float) -> float:
    """The probability of a link that the words make plain, whatever the model makes of it; else `p`."""
    if _points_back(earlier, later):
        return max(p, CERTAIN)
    if (rank == 0 and _goes_on(earlier, later)) or _one_toll(earlier, later):
        return max(p, NAMED)
    return p


def _one_toll(earlier: Telling, later: Telling) -> bool:
    """Whether both state the same number of dead, two at least, and nothing else that differs."""
    a, b = earlier.mention, later.mention
    if not (a.factuality in REAL and b.factuality in REAL) or later.modifiers & _APART or _places(earlier, later) < 0:
        return False
    return any(kind == "killed" and least >= 2 for kind, least, most in earlier.tolls & later.tolls)


def _points_back(earlier: Telling, later: Telling) -> bool:
    """Whether "the shooting", with no other day or place, is the shooting of a sentence or two before."""
    clause, head = later.clause, later.head
    if (
        later.mention.event_type != "ASSAULT"
        or clause.tokens[head].upos != "NOUN"
        or not later.modifiers & {"the", "this", "that"}
    ):
        return False
    if later.modifiers & (_OTHER | _APART) or _dates(earlier, later) < 0 or _places(earlier, later) < 0:
        return False
    near = 0 < later.mention.sentence - earlier.mention.sentence <= NEAR_BACK
    return near and clause.lemma(head) == earlier.clause.lemma(earlier.head) and later.mention.factuality in REAL


NEAR_BACK = 3  # sentences
_ANAPHORA = frozenset({"they", "he", "she"})
_DOERS = frozenset("man attacker gunman assailant militant raider soldier fighter gang mob force troop".split())


def _goes_on(earlier: Telling, later: Telling) -> bool:
    """Whether the next sentence says what the same people did besides, and neither when nor where: "They killed …"."""
    a, b = earlier.mention, later.mention
    if b.sentence != a.sentence + 1 or a.event_type != "ASSAULT" or not (a.factuality in REAL and b.factuality in REAL):
        return False
    if later.days is not None or later.modifiers & (_APART | _OTHER) or earlier.title:
        return False
    clause = later.clause
    before = any(clause.tokens[c].text.lower() == "had" for c in clause.dependents(later.head, "aux"))
    if not before and b.place is not None and (b.place.geonames_id is not None or not b.place.text.islower()):
        return False
    subjects = clause.logical_subjects(later.head)
    return any(
        clause.lemma(s) in _ANAPHORA
        or (clause.lemma(s) in _DOERS and any(clause.lemma(d) == "the" for d in clause.dependents(s, "det")))
        for s in subjects
    )


def _repeats(earlier: Telling, later: Telling) -> bool:
    """Whether a later sentence says the same with the same words, as a lead repeated below a picture does."""
    if earlier.mention.sentence == later.mention.sentence:
        return False
    if earlier.clause.lemma(earlier.head) != later.clause.lemma(later.head):
        return False
    return len(earlier.words & later.words) >= _REPEATED * len(earlier.words | later.words)


def _contradict(earlier: Telling, later: Telling) -> bool:
    """Whether two tellings cannot be of one event: by their words, days, points or doers, or place and toll together."""
    if later.anew - earlier.anew or _dates(earlier, later) < 0:
        return True
    if _far_apart(earlier, later) or _other_doers(earlier, later) or _spread_out(earlier, later):
        return True
    return _places(earlier, later) < 0 and _tolls(earlier, later) < 0


def _spread_out(earlier: Telling, later: Telling) -> bool:
    """Whether the later one happened in many places, the earlier in a town of another name."""
    place = earlier.mention.place
    if not later.scattered or earlier.scattered or place is None or place.where_prec is None:
        return False
    return place.where_prec <= TOWN and not earlier.place & later.place


def _elsewhere(a: Telling, b: Telling) -> bool:
    """Whether days or points part two tellings, which like words do not make one: "the shooting" may be another one's."""
    return _dates(a, b) < 0 or _far_apart(a, b)


def _long_apart(a: Telling, b: Telling) -> bool:
    """Whether both are dated, weeks apart: no misreading makes one day of them."""
    if a.days is None or b.days is None:
        return False
    (a0, a1), (b0, b1) = ([date.fromisoformat(x) for x in t.days or ()] for t in (a, b))
    return max((b0 - a1).days, (a0 - b1).days) > WEEKS


def _far_apart(a: Telling, b: Telling) -> bool:
    """Whether both have a place of their own, each a point or a small division, farther from each other than one event reaches."""
    one, two = a.mention.place, b.mention.place
    if one is None or two is None or (one.where_prec or 9) > TOWN or (two.where_prec or 9) > TOWN:
        return False
    if one.latitude is None or one.longitude is None or two.latitude is None or two.longitude is None:
        return False
    return distance_km(one.latitude, one.longitude, two.latitude, two.longitude) > APART


def _other_doers(a: Telling, b: Telling) -> bool:
    """Whether the doers are of different countries and neither telling is a claim, which may blame another for one deed."""
    if {a.mention.factuality, b.mention.factuality} & {"claimed", "denied"}:
        return False
    one, two = ({p.country for p in t.mention.actors if p.id} for t in (a, b))
    return bool(one and two and None not in one | two and not one & two)


def _compare(a: str | None, b: str | None) -> float:
    if a is None or b is None:
        return 0.0
    return 1.0 if a == b else -1.0


def _words(name: str | None) -> frozenset[str]:
    found = frozenset(re.findall(r"\w+", (name or "").lower()))
    return (found - _SMALL) or found


def _places(a: Telling, b: Telling) -> int:
    if not a.place or not b.place:
        return 0
    return 1 if a.place & b.place else -1


def _dates(a: Telling, b: Telling) -> int:
    """1 where stated intervals meet, -1 where they do not, 0 where one is not stated."""
    if a.days is None or b.days is None:
        return 0
    return 1 if a.days[0] <= b.days[1] and b.days[0] <= a.days[1] else -1


def _tolls(a: Telling, b: Telling) -> int:
    """1 where a number is the same, -1 where numbers of a kind exclude each other, else 0."""
    pairs = [(x, y) for x in a.tolls for y in b.tolls if x[0] == y[0]]
    if any(x[1] == y[1] for x, y in pairs):
        return 1
    return -1 if pairs and all(x[1] > y[2] or y[1] > x[2] for x, y in pairs) else 0


def _parties(a: list[frozenset[str]], b: list[frozenset[str]]) -> int:
    """1 where a named party is the same, -1 where both sides name others, 0 where one names none."""
    if not a or not b:
        return 0
    return 1 if any(x & y for x in a for y in b) else -1
