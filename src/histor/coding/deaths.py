"""Deaths told by themselves: a sentence that counts the dead and names no deed.

"Seven villagers were found dead at Mabira on Wednesday", "Forty people perished on 10 October": no head
proposes an event there, and the number would fall to whatever attack stands near. Where the sentence
goes on with a deed told just before ("Six workers died"), its number is that deed's toll; where it has
a day or a place of its own that the deed has not, or no deed stands near, it tells of another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from histor.coding.candidates import FRAME_ALONE, Candidate, from_match
from histor.coding.context import Context
from histor.coding.factuality import untrue
from histor.coding.figurative import unbodily
from histor.coding.grammar import Clause
from histor.coding.history import war_of
from histor.coding.matcher import match_frames
from histor.coding.toll import Toll
from histor.coding.tolls import NEAR, of_a_period, other_day
from histor.coding.wordlists import words
from histor.model.annotation import Span

DEEDS = frozenset({"ASSAULT", "PROTEST"})
_ONE = re.compile(r"(?:one|1)\b(?! of)", re.IGNORECASE)
_SHARE = re.compile(r"\s(?:out of|of the|per cent)\b", re.IGNORECASE)
_APART = re.compile(
    r"\W*(?:separately|elsewhere|meanwhile|in (?:a separate|a different|another) (?:attack|incident|raid|strike|clash|shooting|bombing|place|town|village))\b",
    re.IGNORECASE,
)
_DIE = frozenset({"die", "perish", "succumb"})
_AT = frozenset({"in", "at", "near", "outside", "around", "inside", "across", "on"})


def with_deaths(context: Context, candidates: list[Candidate]) -> list[Candidate]:
    """`candidates` in text order with one for each sentence that tells of deaths by itself; links are renumbered."""
    deeds = [c for c in candidates if c.type in DEEDS]
    told: list[Candidate] = []
    for sentence, tolls in enumerate(context.tolls):
        if any(c.sentence == sentence for c in deeds):
            continue
        toll = next((t for t in tolls if _counts_dead(context, sentence, t, not deeds)), None)
        if (
            toll is not None
            and _by_violence(context, sentence, toll)
            and _anew(context, sentence, toll, [*deeds, *told])
        ):
            told.append(_candidate(context, sentence, toll))
    return _inserted(candidates, told)


def _counts_dead(context: Context, sentence: int, toll: Toll, anybody: bool) -> bool:
    """Whether a toll is a number of dead, be it "one person"; somebody told of is one only where `anybody` will do."""
    q = toll.quantity
    most = max(q.low or 0, q.best or 0, q.high or 0)
    if toll.kind == "injured" and toll.hit and anybody:
        return most > 0 and not toll.part and not _SHARE.match(context.text, q.end)
    if toll.kind != "killed" or toll.part or most == 0 or _SHARE.match(context.text, q.end):
        return False
    if most > 1 or _ONE.match(context.text, q.start):
        return True
    clause = context.clauses[sentence]
    return anybody and toll.people is not None and clause.relation(toll.anchor) not in {"amod", "compound"}


def _by_violence(context: Context, sentence: int, toll: Toll) -> bool:
    """Whether nothing speaks of an accident, of nature, of a whole war or of many days."""
    clause = context.clauses[sentence]
    if clause.sentence.kind != "body" or of_a_period(context, sentence) or untrue(clause, toll.anchor) is not None:
        return False
    mishaps = words("factuality", "deaths", "mishaps")
    if any(lemma in mishaps or unbodily().get(lemma) == "nature" for lemma in clause.lemmas):
        return False
    return war_of(clause, toll.anchor) is None and not _of_other_causes(clause, toll.anchor)


def _of_other_causes(clause: Clause, anchor: int) -> bool:
    """Whether somebody died of what is no wound ("died of shock")."""
    causes = clause.obliques(anchor, frozenset({"of", "from"})) if clause.lemma(anchor) in _DIE else []
    return any(clause.tokens[k].upos == "NOUN" for k in causes) and not any(
        clause.lemma(k) in words("factuality", "deaths", "wounds") for k in causes
    )


def _anew(context: Context, sentence: int, toll: Toll, deeds: Sequence[Candidate]) -> bool:
    """Whether the dead are not those of the deed told before, or of the one that the next sentence names."""
    before = [c for c in deeds if 0 < sentence - c.sentence <= NEAR]
    places = _places(context, sentence, toll.anchor)
    if before:
        last = max(c.sentence for c in before)
        return other_day(context, sentence, last) or _elsewhere(context, places, last) or _set_apart(context, sentence)
    after = any(c.sentence == sentence + 1 for c in deeds) and not any(
        t.kind == "killed" and not t.part for t in context.tolls[sentence + 1]
    )
    return not after or bool(places or context.dates[sentence])


def _set_apart(context: Context, sentence: int) -> bool:
    whole = context.clauses[sentence].sentence
    return _APART.match(context.text, whole.start, whole.end) is not None


def _places(context: Context, sentence: int, anchor: int) -> list[Span]:
    """Names of places in a phrase of place under the word that says of the death, or under the verb above it."""
    clause = context.clauses[sentence]
    heads = [anchor, *[h for h in [clause.tokens[anchor].head] if h >= 0]]
    nouns = [clause.tokens[k].start for h in heads for k in clause.obliques(h, _AT)]
    names = [m for m in context.mentions[sentence] if m.kind == "place" and m.layer == "name"]
    return [(m.start, m.end) for m in names if any(m.start <= at < m.end for at in nouns)]


def _elsewhere(context: Context, places: Sequence[Span], deed: int) -> bool:
    """Whether a place is named, the deed's sentence names places, and this is none of them."""
    told = context.clauses[deed].sentence
    names = [m for m in context.mentions[deed] if m.kind == "place" and m.layer == "name"]
    text = context.text[told.start : told.end].lower()
    return bool(places and names) and not any(context.text[a:b].lower() in text for a, b in places)


def _candidate(context: Context, sentence: int, toll: Toll) -> Candidate:
    alone = _read(context, sentence, toll)
    alone.alone = True
    return alone


def _read(context: Context, sentence: int, toll: Toll) -> Candidate:
    clause = context.clauses[sentence]
    match = next((m for m in match_frames(clause, context.lexicon) if m.head == toll.anchor), None)
    if match is not None and match.frame.type == "ASSAULT":
        return from_match(clause, match)
    token = clause.tokens[toll.anchor]
    candidate = Candidate(
        sentence, (token.start, token.end), toll.anchor, FRAME_ALONE, "ASSAULT", 1.0, None, None,
        why=[f"a number of dead: {clause.text(toll.span)}"],
    )  # fmt: skip
    if toll.people is not None:
        candidate.roles["recipient"] = [(toll.people, 1.0)]
    return candidate


def _inserted(candidates: list[Candidate], told: Sequence[Candidate]) -> list[Candidate]:
    found = sorted([*candidates, *told], key=lambda c: c.span)
    place = {id(c): k for k, c in enumerate(found)}
    for c in candidates:
        if c.retells >= 0:
            c.retells = place[id(candidates[c.retells])]
    return found
