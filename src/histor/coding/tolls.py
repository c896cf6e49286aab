"""Which event a stated toll belongs to, and whose dead they were."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from msgspec import UNSET, UnsetType

from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.factuality import untrue
from histor.coding.grammar import Clause
from histor.coding.phrases import trim
from histor.coding.roles import counts_a_war, scored_spans
from histor.coding.sums import marked
from histor.coding.toll import Toll, overlap
from histor.model.annotation import Span, StatedToll
from histor.model.records import Actor, Casualties
from histor.resolve.quantities import Quantity, find_quantities, is_measure, parse_quantity

CASUALTY_ROLES = ("killed", "injured", "captured", "missing", "displaced")
WINDOW = 20  # sentences; the engine reads no further, so no toll of another event lies beyond
SURE = 0.95  # least score of a learned number beside one that the grammar reads
NEAR = 3  # sentences within which a toll without an event finds one
LONG = 4  # days from which on a dated toll counts a period
UNDER = 0.4  # what standing above the word for their fate adds to a learned number
_ELSEWHERE = frozenset({"elsewhere", "meanwhile", "separately"})
_ILLS = frozenset("lack shortage hunger starvation malnutrition disease illness cholera cold thirst exposure".split())
TOLL_TYPES = frozenset({"ASSAULT", "PROTEST", "COERCE", "RETREAT"})


def hang_tolls(context: Context, candidates: list[Candidate]) -> list[list[Toll]]:
    """For each candidate the tolls of its sentence (or of the next) that its words govern."""
    hung: list[list[Toll]] = [[] for _ in candidates]
    for sentence, tolls in enumerate(context.tolls):
        ends = (sentence - WINDOW, sentence + WINDOW + 1)
        around = range(*(bisect_left(candidates, end, key=lambda c: c.sentence) for end in ends))
        for toll in tolls:
            if toll.part and any(t.kind == toll.kind and not t.part for t in tolls):
                continue
            best, score = -1, 0.0
            for k in around:
                fit = _fit(context, candidates[k], toll, sentence)
                if fit > score:
                    best, score = k, fit
            if best < 0:
                best = _nearest(context, candidates, around, sentence, toll)
            if best < 0:
                best = _taken(context, candidates, around, sentence, toll)
            if best >= 0:
                hung[best].append(toll)
    return hung


def _nearest(context: Context, candidates: list[Candidate], around: range, sentence: int, toll: Toll) -> int:
    """For a toll in a sentence without an event the last assault told shortly before it, else the next one."""
    here = [candidates[k] for k in around if candidates[k].sentence == sentence]
    if toll.kind not in {"killed", "injured"} or not all(_of_another_part(context, c, toll) for c in here):
        return -1
    if of_a_period(context, sentence) or _apart(context, sentence, toll):
        return -1
    assaults = [(k, candidates[k].sentence - sentence) for k in around if candidates[k].type == "ASSAULT"]
    assaults = [(k, far) for k, far in assaults if not other_day(context, sentence, candidates[k].sentence)]
    last = max((far for _, far in assaults if -NEAR <= far < 0), default=0)
    before = [k for k, far in assaults if far == last < 0]
    after = [k for k, far in assaults if 0 < far <= NEAR]
    return min(before, key=lambda k: (_depth(context, candidates[k]), -k)) if before else after[0] if after else -1


def _taken(context: Context, candidates: list[Candidate], around: range, sentence: int, toll: Toll) -> int:
    """For a toll that no attack has the taking, clearing or breaking up of its sentence or the last one before."""
    if toll.kind not in {"killed", "injured"} or of_a_period(context, sentence):
        return -1
    near = [k for k in around if 0 <= sentence - candidates[k].sentence <= NEAR and candidates[k].type == "COERCE"]
    near = [k for k in near if not other_day(context, sentence, candidates[k].sentence)]
    if any(c.type == "ASSAULT" and abs(c.sentence - sentence) <= NEAR for c in (candidates[k] for k in around)):
        return -1
    return max(near, key=lambda k: (candidates[k].sentence, -_depth(context, candidates[k])), default=-1)


def _depth(context: Context, candidate: Candidate) -> int:
    """How far below the main word of its sentence an event is told: "bombed …, days after an attack"."""
    return sum(1 for _ in context.clauses[candidate.sentence].ancestors(candidate.head))


def _apart(context: Context, sentence: int, toll: Toll) -> bool:
    """Whether a sentence says that its dead are others than those told of before: elsewhere, of hunger, of a whole war."""
    clause = context.clauses[sentence]
    causes = clause.obliques(toll.anchor, frozenset({"of", "from"}))
    unarmed = any(clause.lemma(c) in _ILLS for c in causes)
    return bool(_ELSEWHERE & set(clause.lemmas)) or unarmed or counts_a_war(clause, toll.anchor)


def of_a_period(context: Context, sentence: int) -> bool:
    """Whether a sentence speaks of many days or of a whole country, so that its toll is of all that happened there."""
    whole = context.clauses[sentence].sentence
    if _EVERYWHERE.search(context.text, whole.start, whole.end):
        return True
    days = _days(context, sentence)
    return days is not None and (days[1] - days[0]).days > LONG


_EVERYWHERE = re.compile(
    r"\b(?:nationwide|countrywide|nationally|(?:across|throughout|around) (?:the|all of the) (?:country|nation|region|province|state)|"
    r"so far this (?:week|month|year)|since (?:the (?:start|beginning) of|January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\b)",
    re.IGNORECASE,
)


def other_day(context: Context, one: int, two: int) -> bool:
    """Whether both sentences are dated and their dates do not meet."""
    a, b = (_days(context, k) for k in (one, two))
    return a is not None and b is not None and (a[1] < b[0] or b[1] < a[0])


def _days(context: Context, sentence: int) -> tuple[date, date] | None:
    dated = [(d.earliest, d.latest) for d in context.dates[sentence]]
    ends = [(a, b) for a, b in dated if a is not None and b is not None]
    return (min(a for a, _ in ends), max(b for _, b in ends)) if ends else None


def _fit(context: Context, candidate: Candidate, toll: Toll, sentence: int) -> float:
    """How well a toll fits an event: learned role, same word, government, nearness."""
    if candidate.type not in TOLL_TYPES:
        return 0.0
    if toll.kind in {"killed", "injured"} and candidate.type not in {"ASSAULT", "PROTEST"}:
        return 0.0
    if candidate.sentence == sentence and _governs(context.clauses[sentence], candidate.span, toll.anchor):
        return 4.0
    if candidate.sentence == sentence and _of_another_part(context, candidate, toll):
        return 0.0
    if candidate.sentence != sentence and of_a_period(context, sentence):
        return 0.0
    learned = max(
        (s for (a, b), s in candidate.roles.get(toll.kind, []) if a < toll.quantity.end and b > toll.quantity.start),
        default=0.0,
    )
    clause = context.clauses[sentence]
    if candidate.sentence != sentence:
        return 0.5 + 0.3 * learned if learned >= 0.3 and not _apart(context, sentence, toll) else 0.0
    if toll.anchor == candidate.head or candidate.span[0] <= clause.tokens[toll.anchor].start < candidate.span[1]:
        return 3.5
    if learned >= 0.3:
        own = {candidate.head, *clause.words_in(candidate.span)}
        return 2.0 + learned + (0.0 if own.isdisjoint(clause.ancestors(toll.anchor)) else UNDER)
    if candidate.type == "COERCE" and toll.kind == "captured" and candidate.proposal is not None:
        return 0.0
    up = list(clause.ancestors(toll.anchor))
    down = list(clause.ancestors(candidate.head))
    if candidate.head in up or toll.anchor in down:
        return 1.5 - 0.01 * abs(toll.anchor - candidate.head)
    if candidate.type == "ASSAULT":
        return 0.8 - 0.01 * min(60, abs(toll.anchor - candidate.head))
    return 0.0


def _of_another_part(context: Context, candidate: Candidate, toll: Toll) -> bool:
    """Whether the event is told after the toll, in another part of the sentence."""
    return ";" in context.text[toll.span[1] : candidate.span[0]]


_IN = frozenset({"in", "during", "by"})


def _governs(clause: Clause, span: Span, anchor: int) -> bool:
    """Whether an event is the subject of the word that says what became of people, or the noun of its clause.

    "a suicide bombing 40 km away killed 37", "an attack in which 13 villagers were killed", "died in a shooting".
    """
    nouns = {k for k in clause.words_in(span) if clause.tokens[k].upos == "NOUN" and k != anchor}
    if nouns & {*clause.dependents(anchor, "nsubj"), *clause.obliques(anchor, _IN)}:
        return True
    if clause.tokens[anchor].head in nouns and clause.relation(anchor) in {"acl", "acl:relcl"}:
        return True
    return _left_of(clause, nouns, anchor)


def _left_of(clause: Clause, nouns: set[int], anchor: int) -> bool:
    """Whether a verb for which the parse has no subject has an event close to its left: "a day after a bombing … killed 37"."""
    if clause.tokens[anchor].upos != "VERB" or clause.dependents(anchor, "nsubj", "nsubj:pass", "aux", "aux:pass"):
        return False
    before = [k for k in nouns if 0 < anchor - k <= BESIDE]
    between = clause.tokens[max(before) + 1 : anchor] if before else []
    return bool(before) and not any(t.upos in {"VERB", "AUX", "PUNCT", "CCONJ"} for t in between)


BESIDE = 6  # words from an event to the verb that says what it did


def casualties_of(
    context: Context,
    candidate: Candidate,
    tolls: list[Toll],
    recipients: list[Actor],
    actors: list[Actor],
    denied: bool = False,
) -> list[Casualties]:
    """Tolls of the grammar and of the learned number spans; a learned one never takes a number again.

    A toll that the sentence calls false belongs to an event that is `denied` itself, and to no other.

    Neither one that is recorded here as another kind, nor one that the grammar gave to another event
    or read as a part of a sum. Of several learned kinds the likeliest has the number.
    """
    found: list[Casualties] = []
    numbers: list[Span] = []
    for toll in tolls:
        if not denied and untrue(context.clauses[context.sentence_of(toll.span[0])], toll.anchor) is not None:
            continue
        who = _who(context, toll.people or toll.span, recipients, actors)
        found.append(_record(context.text, toll.kind, toll.quantity, toll.span, who, _scope(toll)))
    learned = [
        (-score, k, span) for k, kind in enumerate(CASUALTY_ROLES) for span, score in scored_spans(candidate, kind)
    ]
    for score, k, span in sorted(learned):
        kind = CASUALTY_ROLES[k]
        sentence = context.sentence_of(span[0])
        counted = [*numbers, *((t.quantity.start, t.quantity.end) for t in context.tolls[sentence])]
        if any(c.kind == kind and overlap(c.span, span) for c in found) or any(overlap(n, span) for n in counted):
            continue
        if any(overlap(a.span, span) for a in actors) or is_measure(context.text, span):
            continue  # "three suspects" did it
        if kind in {"killed", "injured", "displaced"} and kind not in context.fates[sentence]:
            continue
        if -score < SURE and any(t.kind == kind for t in context.tolls[sentence]):
            continue  # the grammar has read what the sentence says of them
        moved = _quantity_at(context, sentence, span)
        if moved is None:
            continue
        numbers.append((moved.start, moved.end))
        who = _who(context, span, recipients, actors)
        found.append(_record(context.text, kind, moved, span, who))
    found = _once(context, found)
    return marked(sorted(found, key=lambda c: (CASUALTY_ROLES.index(c.kind), c.span)), context.text)


def _quantity_at(context: Context, sentence: int, span: Span) -> Quantity | None:
    """The number in a learned span, with the words before it that bound it ("up to seven")."""
    quantity = parse_quantity(context.text[span[0] : span[1]])
    if quantity is None:
        return None
    moved = replace(quantity, start=span[0] + quantity.start, end=span[0] + quantity.end)
    whole = context.clauses[sentence].sentence
    stated = find_quantities(context.text, whole.start, whole.end)
    return next((q for q in stated if q.start <= moved.start and moved.end == q.end), moved)


def _once(context: Context, found: list[Casualties]) -> list[Casualties]:
    """Each toll once: a lead and its body say it twice, but one sentence says "two … and two" of four."""
    once: dict[tuple[object, ...], Casualties] = {}
    for k, c in enumerate(found):
        there = [context.sentence_of(d.span[0]) for d in found[:k] if _said(d) == _said(c)]
        once.setdefault((*_said(c), there.count(context.sentence_of(c.span[0]))), c)
    return list(once.values())


def stated_casualties(
    context: Context, stated: Sequence[StatedToll], recipients: list[Actor], actors: list[Actor]
) -> list[Casualties]:
    """Tolls that an engine points at: how many is what the words say, and words that say no number give none.

    A single person without a number ("the mayor was killed") counts where the grammar finds him killed.
    """
    found: list[Casualties] = []
    for toll in stated:
        k = context.sentence_of(toll.span[0])
        own = [t for t in context.tolls[k] if t.kind == toll.kind and overlap(t.span, toll.span)]
        quantity = _number_at(context, toll.span) or next((t.quantity for t in own), None)
        if quantity is None or is_measure(context.text, toll.span):
            continue
        span = (min(toll.span[0], quantity.start), max(toll.span[1], quantity.end))
        who = _who(context, span, recipients, actors)
        found.append(_record(context.text, toll.kind, quantity, span, who, _scope(own[0]) if own else UNSET))
    found = _once(context, found)
    return marked(sorted(found, key=lambda c: (CASUALTY_ROLES.index(c.kind), c.span)), context.text)


def _number_at(context: Context, span: Span) -> Quantity | None:
    """The number whose words the span touches; one that stands left of it ("at least") is taken whole."""
    sentence = context.clauses[context.sentence_of(span[0])].sentence
    found = find_quantities(context.text, sentence.start, max(sentence.end, span[1]))
    found = [q for q in found if q.start < span[1] and q.end > span[0]]
    better = [q for q in found if context.text[q.start : q.end].lower() not in {"a", "an"}]
    return next(iter(better or found), None)


def _said(c: Casualties) -> tuple[str | int | None, ...]:
    """What an entry says: the same number is the same toll, but one person is not another."""
    return (c.kind, c.low, c.best, c.high, c.wording, c.text.lower() if c.best == 1 else None)


def _scope(toll: Toll) -> str | UnsetType:
    return "part" if toll.part else "hit" if toll.hit else UNSET


def _record(
    text: str, kind: str, quantity: Quantity, span: Span, who: str, scope: str | UnsetType = UNSET
) -> Casualties:
    a, b = trim(text, span)
    values = (quantity.low, quantity.best, quantity.high, quantity.wording)
    return Casualties(kind, *values, who, text[a:b], (a, b), scope)


_CIVIL = re.compile(
    r"\b(?:civilians?|women|children|child|residents?|villagers?|passengers?|worshippers?|shoppers?|students?|"
    r"farmers?|migrants?|refugees?|journalists?|bystanders?|pilgrims?|mourners?|patients?|workers?|protest(?:e|o)rs?)\b",
    re.IGNORECASE,
)


def _who(context: Context, span: Span, recipients: list[Actor], actors: list[Actor]) -> str:
    """Whose dead they were: civilians by the words, else the party that the phrase belongs to."""
    words = context.text[span[0] : span[1]]
    if _CIVIL.search(words):
        return "civilians"
    for who, side in (("actors", actors), ("recipients", recipients)):
        for party in side:
            if party.span[0] < span[1] and party.span[1] > span[0]:
                return who
    near = [r for r in recipients if 0 <= r.span[0] - span[1] <= 3]
    if near:
        return "civilians" if _CIVIL.search(near[0].text) else "recipients"
    return "unknown"
