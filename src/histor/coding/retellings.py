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
from functools import cache
from importlib import resources

from histor.coding.grammar import Clause
from histor.model.records import Actor, EventMention

REAL = frozenset({"actual", "claimed", "denied", "historical"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both", "such"})
_OTHER = frozenset("other previous earlier more new next last later additional past future".split())
_APART = frozenset("another second third fourth fifth separate different similar further subsequent fresh".split())
_SMALL = frozenset("the a an of in at on near by to and group s village town city district province area".split())


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
    }
    determiners = _modifiers(later)
    found["definite"] = float(bool(determiners & _DEFINITE))
    found["indefinite"] = float(bool(determiners & {"a", "an"}))
    found["other"] = float(bool(determiners & _OTHER))
    place = _places(a, b)
    found["place_same"], found["place_differs"] = float(place > 0), float(place < 0)
    date = _dates(a, b)
    found["date_same"], found["date_differs"] = float(date > 0), float(date < 0)
    toll = _tolls(a, b)
    found["toll_same"], found["toll_differs"] = float(toll > 0), float(toll < 0)
    actors, recipients = _parties(a.actors, b.actors), _parties(a.recipients, b.recipients)
    found["actor_same"], found["actor_differs"] = float(actors > 0), float(actors < 0)
    found["recipient_same"], found["recipient_differs"] = float(recipients > 0), float(recipients < 0)
    found["bare"] = float(not b.recipients and not b.casualties and b.place is None)
    return found


def _told_apart(earlier: Telling, later: Telling) -> bool:
    """Whether the words of the later one say that it is another event ("a second blast")."""
    one, two = _modifiers(earlier) & _APART, _modifiers(later) & _APART
    return bool(two - one)


def _modifiers(telling: Telling) -> set[str]:
    clause = telling.clause
    return {clause.tokens[c].text.lower() for c in clause.children[telling.head]}


def link(tellings: Sequence[Telling], model: Model | None = None) -> list[int]:
    """For each telling the index of the first telling of its event, -1 where it is the first.

    A telling joins an event only if it contradicts none of its tellings.
    """
    model = model or shipped()
    first = [-1] * len(tellings)
    members: dict[int, list[int]] = {}
    for k, later in enumerate(tellings):
        best, score = -1, model.least
        same = [j for j in range(k) if tellings[j].mention.event_type == later.mention.event_type]
        for rank, j in enumerate(reversed(same)):
            event = first[j] if first[j] >= 0 else j
            if any(_contradict(tellings[m], later) for m in members[event]):
                continue
            p = model.probability(features(tellings[j], later, j, rank))
            if p > score:
                best, score = event, p
        first[k] = best
        members.setdefault(best if best >= 0 else k, []).append(k)
    return first


def _contradict(earlier: Telling, later: Telling) -> bool:
    """Whether two tellings cannot be of one event, by their words, days, or place and toll together."""
    a, b = earlier.mention, later.mention
    if _told_apart(earlier, later) or _dates(a, b) < 0:
        return True
    return _places(a, b) < 0 and _tolls(a, b) < 0


def _compare(a: str | None, b: str | None) -> float:
    if a is None or b is None:
        return 0.0
    return 1.0 if a == b else -1.0


def _words(name: str | None) -> frozenset[str]:
    found = frozenset(re.findall(r"\w+", (name or "").lower()))
    return (found - _SMALL) or found


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b and (a & b))


def _places(a: EventMention, b: EventMention) -> int:
    if a.place is None or b.place is None:
        return 0
    return 1 if _alike(_words(a.place.name), _words(b.place.name)) else -1


def _dates(a: EventMention, b: EventMention) -> int:
    """1 where stated intervals meet, -1 where they do not, 0 where one is not stated."""
    if a.date is None or b.date is None or "published" in {a.date.source, b.date.source}:
        return 0
    if not (a.date.earliest and a.date.latest and b.date.earliest and b.date.latest):
        return 0
    meet = a.date.earliest <= b.date.latest and b.date.earliest <= a.date.latest
    return 1 if meet else -1


def _tolls(a: EventMention, b: EventMention) -> int:
    one = {(c.kind, c.best) for c in a.casualties if c.best is not None}
    two = {(c.kind, c.best) for c in b.casualties if c.best is not None}
    if one & two:
        return 1
    return -1 if {k for k, _ in one} & {k for k, _ in two} else 0


def _parties(a: Sequence[Actor], b: Sequence[Actor]) -> int:
    """1 where a named party is the same, -1 where both sides name others, 0 where one names none."""
    one = [_words(p.name) for p in a if p.name]
    two = [_words(p.name) for p in b if p.name]
    if not one or not two:
        return 0
    return 1 if any(_alike(x, y) for x in one for y in two) else -1
