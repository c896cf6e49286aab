"""Tolls by the order of words alone: headlines, whose parse often fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from histor.coding.grammar import Clause
from histor.coding.persons import is_one, is_person
from histor.coding.toll import Toll
from histor.model.annotation import Span
from histor.resolve.quantities import Quantity

_SIDE = {
    "dead": "killed", "killed": "killed", "slain": "killed", "murdered": "killed", "wounded": "injured",
    "injured": "injured", "hurt": "injured", "hospitalized": "injured", "hospitalised": "injured", "shot": "hit",
    "stabbed": "hit",
}  # fmt: skip
_BETWEEN = frozenset("be have also reportedly critically seriously badly accidentally".split())
_LETHAL_NEXT = (["dead"], ["and", "killed"], ["to", "death"])


def side_by_side(clause: Clause, quantities: list[Quantity]) -> Iterator[Toll]:
    """A number, perhaps its people, and right behind them what became of them: "5 shot, 1 dead".

    Headlines are read so without their parse, which often fails.
    """
    tokens = clause.tokens
    for q in quantities:
        words = clause.words_in((q.start, q.end))
        if not words or (q.best == 1 and tokens[words[-1]].text.lower() in {"a", "an"}):
            continue
        first = k = words[-1] + 1
        while k < len(tokens) and tokens[k].upos in {"NOUN", "ADJ", "PROPN"} and tokens[k].text.lower() not in _SIDE:
            k += 1
        if words[0] and k == first and tokens[words[0] - 1].text.lower() in {"of", "in", "since"}:
            continue  # "father of 4 killed", "the first since 2011 killed six"
        if k - first > 4 or (k > first and not is_person(tokens[k - 1].text)):
            continue
        end = tokens[k - 1].end if k > first else q.end
        while k < len(tokens) and clause.lemma(k) in _BETWEEN and tokens[k].upos in {"AUX", "ADV", "VERB"}:
            k += 1
        fatal = k < len(tokens) and tokens[k].text.lower() == "fatally"
        k += fatal
        kind = _SIDE.get(tokens[k].text.lower()) if k < len(tokens) else None
        if kind is None or (k == first and k + 1 < len(tokens) and tokens[k + 1].upos in {"NOUN", "PROPN"}):
            continue  # "12 wounded soldiers": the parse reads it
        after = [t.text.lower() for t in tokens[k + 1 : k + 3]]
        if fatal or (kind == "hit" and (after[:1] in _LETHAL_NEXT or after in _LETHAL_NEXT)):
            kind = "killed"
        kind, hit = ("injured", True) if kind == "hit" else (kind, False)
        yield Toll(kind, q, (q.start, end), (q.start, end), k, hit=hit)
        yield from (Toll(kind, o, span, span, k, hit=hit) for o, span in _listed_before(clause, q, quantities))


_ENDS = frozenset({"die", "dead", "kill"})


def in_headline(clause: Clause, people: Sequence[Span]) -> Iterator[Toll]:
    """One person and right behind what became of him, as headlines say it: "Teen shot, killed", "Boy, 9, stabbed"."""
    tokens = clause.tokens
    for i, token in enumerate(tokens):
        if token.upos not in {"NOUN", "PROPN", "ADJ"} or not is_one(clause, i, "killed", people):
            continue
        k = i + 1
        if [t.upos for t in tokens[k : k + 3]] == ["PUNCT", "NUM", "PUNCT"]:
            k += 3
        while k < len(tokens) and clause.lemma(k) in _BETWEEN and tokens[k].upos in {"AUX", "ADV"}:
            k += 1
        fatal = k < len(tokens) and tokens[k].text.lower() == "fatally"
        k += fatal
        kind = _SIDE.get(tokens[k].text.lower()) if k < len(tokens) else None
        if kind is None or clause.logical_objects(k) not in ([], [i]):
            continue  # "Man killed wife": he did it
        to_death = [t.text.lower() for t in tokens[k + 1 : k + 3]] == ["to", "death"]
        if (
            fatal
            or (kind == "hit" and to_death)
            or (kind == "hit" and any(clause.lemma(n) in _ENDS for n in range(k + 1, len(tokens))))
        ):
            kind = "killed"
        span = clause.phrase(i)
        one = Quantity(*span, 1, 1, 1, "exact")
        yield Toll("injured" if kind == "hit" else kind, one, span, span, k, hit=kind == "hit")


def _listed_before(clause: Clause, last: Quantity, quantities: list[Quantity]) -> Iterator[tuple[Quantity, Span]]:
    """Numbers of people that a comma or *and* joins to `last`: "2 adults, 3 children dead"."""
    tokens = clause.tokens
    right = clause.words_in((last.start, last.end))[0]
    for q in reversed([q for q in quantities if q.end <= last.start]):
        words = clause.words_in((q.start, q.end))
        between = range(words[-1] + 1, right) if words else range(0)
        joints = [k for k in between if tokens[k].text.lower() in {",", "and", "&"}]
        people = [k for k in between if k not in joints]
        if not joints or joints[-1] != right - 1 or len(people) not in {1, 2} or max(people) > joints[0]:
            return
        if not is_person(tokens[people[-1]].text):
            return
        yield q, (q.start, tokens[people[-1]].end)
        right = words[0]
