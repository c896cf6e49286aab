"""Where, when, with what, and which learned spans of a role stand nearest."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from histor.coding.belonging import of_another, of_the_speech
from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.grammar import Clause
from histor.coding.history import DYING, WARS, war_of
from histor.coding.phrases import place, weapon
from histor.coding.sequence import counted_day
from histor.model.annotation import Span
from histor.model.records import Date, Place, Weapon
from histor.resolve.actors import is_country
from histor.resolve.dates import DateExpression
from histor.resolve.quantities import parse_quantity

ROLE = 0.5  # least learned score of a role span in the trigger's own sentence
FAR_ROLE = 0.65  # and of one in another sentence


def best_spans(candidate: Candidate, role: str) -> list[Span]:
    return sorted(span for span, _ in scored_spans(candidate, role))


def scored_spans(candidate: Candidate, role: str) -> list[tuple[Span, float]]:
    """Learned spans of a role that are likely enough, with their scores."""
    return [(span, score) for span, score in candidate.roles.get(role, []) if score >= ROLE]


def near_spans(context: Context, candidate: Candidate, role: str) -> list[Span]:
    """Learned spans of a role: those of the trigger's sentence, else those of the nearest other one."""
    sentence = context.clauses[candidate.sentence].sentence
    inside, outside = [], []
    for span, score in candidate.roles.get(role, []):
        if sentence.start <= span[0] < sentence.end:
            if score >= ROLE:
                inside.append(span)
        elif score >= FAR_ROLE:
            outside.append(span)
    if inside or not outside:
        return sorted(inside)
    sentences = {span: context.sentence_of(span[0]) for span in outside}
    nearest = min(sentences.values(), key=lambda k: (abs(k - candidate.sentence), k))
    return sorted(span for span in outside if sentences[span] == nearest)


def place_of(context: Context, candidate: Candidate) -> Place | None:
    """The place of the event: the likeliest learned span, in the trigger's sentence if there is one."""
    if of_a_war(context, candidate) and (land := _land_of_war(context, candidate)) is not None:
        return place(context.text, land)
    spans = near_spans(context, candidate, "place")
    names = [m for m in context.annotation.mentions if m.kind == "place"]
    spans = [s for s in spans if context.clauses[context.sentence_of(s[0])].sentence.kind not in {"stamp", "dateline"}]
    spans = [s for s in spans if any(m.start < s[1] and m.end > s[0] for m in names)]
    spans = [s for s in spans if not of_another(context, candidate, s) and not _NOWHERE.fullmatch(context.text, *s)]
    scores = {whole: score for span, score in candidate.roles.get("place", []) for whole in _named_place(context, span)}
    spans = [whole for span in spans for whole in _named_place(context, span)]
    spans = spans or _places_in_clause(context, candidate)
    if not spans:
        return None
    best = max(spans, key=lambda s: (round(scores.get(s, 0.5), 1), -abs(s[0] - candidate.span[0])))
    return place(context.text, best)


_NOWHERE = re.compile(
    r"(?:(?:the|their|its|our|this|that)\s)?(?:countr(?:y|ies)|nation|area|region|city|town|village|place|scene|zone|site|province|ground)(?:['’]?s)?",
    re.IGNORECASE,
)


def _named_place(context: Context, span: Span) -> list[Span]:
    """A span of a place with the noun that it was cut from ("the" of "the town of Atareb"); none if there is none."""
    clause = context.clauses[context.sentence_of(span[0])]
    words = clause.words_in(span)
    if any(clause.tokens[w].upos in {"NOUN", "PROPN", "X"} for w in words):
        return [_with_owned(context, span)]
    heads = [clause.tokens[w].head for w in words if clause.relation(w) in {"det", "amod", "compound", "nummod"}]
    wholes = [clause.phrase(h) for h in heads if h >= 0 and clause.tokens[h].upos in {"NOUN", "PROPN"}]
    return [(min(span[0], a), max(span[1], b)) for a, b in wholes[:1]]


_OWNS = re.compile(r"['’]?s?\s+(?:(?:[a-z-]+ern|central|city of|town of|province of|village of|district of)\s+)*")


def _with_owned(context: Context, span: Span) -> Span:
    """The span of an owner alone with the place that it owns: "Syria's" of "Syria's Homs province"."""
    if context.text[span[0] : span[1]].rstrip("'’")[-1:] != "s":
        return span
    names = context.mentions[context.sentence_of(span[0])]
    for m in names:
        if (
            m.kind == "place"
            and m.layer == "name"
            and m.start > span[1]
            and _OWNS.fullmatch(context.text, span[1], m.start)
        ):
            return span[0], m.end
    return span


_INSIDE = frozenset({"in", "at", "near", "outside", "around", "inside", "across"})
_TOLD = frozenset({"report", "witness", "see", "observe", "record"})


def _places_in_clause(context: Context, candidate: Candidate) -> list[Span]:
    """Place names in a phrase of place under the trigger, its object or the verb that carries it."""
    clause = context.clauses[candidate.sentence]
    names = [m for m in context.annotation.mentions if m.kind == "place" and m.layer == "name"]
    asked = {candidate.head: _INSIDE}
    asked |= {k: _INSIDE | {"into"} for k in clause.dependents(candidate.head, "obj")}
    above = clause.tokens[candidate.head].head
    if above >= 0 and clause.tokens[above].upos == "VERB":
        # "Clashes were reported from Kapisa" says where; "they fled from Kapisa" does not.
        asked[above] = _INSIDE | ({"from"} if clause.lemma(above) in _TOLD else set())
    found = []
    for head, prepositions in asked.items():
        for k in clause.obliques(head, prepositions):
            token = clause.tokens[k]
            found += [(m.start, m.end) for m in names if m.start <= token.start < m.end]
    return found


def date_of(context: Context, candidate: Candidate, factuality: str) -> Date | None:
    """The date of the event, with its precision; publication stands in only where it says so."""
    expression = counted_day(context, candidate) or _date_expression(context, candidate)
    if expression is not None:
        return dated(context.text, expression)
    return published_date(context, factuality)


def published_date(context: Context, factuality: str) -> Date | None:
    """The days up to publication for what the text does not date, and says so; none for what has not happened."""
    if context.published is None or factuality not in {"actual", "claimed", "denied"}:
        return None
    first = max(context.published, date.min + timedelta(days=6)) - timedelta(days=6)
    return Date(
        earliest=first.isoformat(), latest=context.published.isoformat(), date_prec=3, time_precision=2,
        source="published",
    )  # fmt: skip


def dated(text: str, expression: DateExpression) -> Date:
    """A date expression as a record; without bounds where nothing anchors it."""
    span = (expression.start, expression.end)
    words = text[span[0] : span[1]]
    anchor = expression.anchor.isoformat() if expression.anchor else None
    if expression.earliest is None or expression.latest is None:
        return Date(words, span)
    return Date(
        words, span, expression.earliest.isoformat(), expression.latest.isoformat(), expression.date_prec,
        expression.time_precision, anchor,
    )  # fmt: skip


def _date_expression(context: Context, candidate: Candidate) -> DateExpression | None:
    """The expression at a learned date span, else one that hangs on the event's own clause.

    A date of the dateline is the report's, a day on which somebody spoke is the speech's.
    """
    clause = context.clauses[candidate.sentence]
    began = _war_since(context, candidate)
    if began is not None:
        return began
    scores = dict(candidate.roles.get("date", []))
    for span in sorted(near_spans(context, candidate, "date"), key=lambda s: -scores[s]):
        sentence = context.sentence_of(span[0])
        if context.clauses[sentence].sentence.kind in {"stamp", "dateline"}:
            continue
        hits = [d for d in context.dates[sentence] if d.start < span[1] and d.end > span[0]]
        if hits and not spoken_on(context.clauses[sentence], hits[0], candidate) and _own(context, candidate, hits[0]):
            return hits[0]
    own = [
        d
        for d in context.dates[candidate.sentence]
        if not spoken_on(clause, d, candidate) and _own(context, candidate, d)
    ]
    if candidate.proposal is None or len(own) == 1:
        chain = {candidate.head, *clause.ancestors(candidate.head)}
        for d in own:
            words = clause.words_in((d.start, d.end))
            if any(clause.tokens[w].head in chain for w in words):
                return d
    return None


def _own(context: Context, candidate: Candidate, d: DateExpression) -> bool:
    """Whether a date of the event's sentence is not that of another deed or of what somebody said."""
    span = (d.start, d.end)
    clause = context.clauses[candidate.sentence]
    far = context.sentence_of(d.start) - candidate.sentence
    if far:
        return far == 1  # the next sentence dates it ("It went off on Monday"), hardly what went before
    return not of_another(context, candidate, span, time=True) and not (
        of_the_speech(clause, candidate.head, span) or _of_a_thing(clause, candidate, d)
    )


_TURNS = frozenset(
    {"target", "scene", "site", "victim", "subject", "time", "part", "focus"}
)  # "has been the target of"


def _of_a_thing(clause: Clause, candidate: Candidate, d: DateExpression) -> bool:
    """Whether a year or a stretch of time hangs on a noun that is not the event ("the party, in power since 1963")."""
    top = clause.head_of((d.start, d.end))
    up = clause.tokens[top].head if top is not None else -1
    if (
        up < 0
        or d.granularity not in {"year", "open"}
        or clause.lemma(up) in _TURNS
        or up in {candidate.head, *clause.words_in(candidate.span)}
    ):
        return False
    return clause.tokens[up].upos in {"NOUN", "PROPN"}


def spoken_on(clause: Clause, expression: DateExpression, candidate: Candidate) -> bool:
    """Whether a date stands right behind a verb of saying that is not the event itself ("officials said on Monday")."""
    inside = clause.words_in((expression.start, expression.end))
    before = [k for k in range(inside[0]) if clause.tokens[k].upos not in {"ADP", "ADV", "PUNCT"}] if inside else []
    if not before:
        return False
    verb = before[-1]
    told = [clause.tokens[w].head for w in inside if clause.tokens[w].head not in inside]
    if verb not in told and told and clause.lemma(told[0]) in _TELLING and verb in clause.children[told[0]]:
        verb = told[0]  # "told the agency on Monday"
    if clause.tokens[verb].upos != "VERB" or clause.lemma(verb) not in _TELLING:
        return False
    a, b = candidate.span
    return verb != candidate.head and not a <= clause.tokens[verb].start < b


_TELLING = frozenset(
    "say tell announce state add report confirm declare publish issue release tweet post broadcast".split()
)


def _war_since(context: Context, candidate: Candidate) -> DateExpression | None:
    """For the dead of a war all the time until publication, from the beginning that the report gives the war.

    The year stands in the sentence, in the war's age ("the five-year-old conflict"), or where the report says when
    the war broke out.
    """
    if context.published is None or not of_a_war(context, candidate):
        return None
    own = context.dates[candidate.sentence]
    others = [
        d
        for k in range(len(context.clauses))
        if k != candidate.sentence and _outbreak(context, k)
        for d in context.dates[k]
    ]
    aged = _war_aged(context, candidate)
    for d in (*own, *filter(None, (aged,)), *others):
        if d.earliest is not None and d.latest is not None and (context.published - d.earliest).days > _YEAR:
            return replace(d, latest=context.published, granularity="open")
    return None


_YEAR = 365
_BEGIN = frozenset("begin beginning start erupt break outbreak since".split())
_AGED = re.compile(
    r"\b(?P<n>\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[- ]year(?:s|-old| old)?['’]?\s(?:[a-z]+\s){0,2}(?:war|conflict|insurgency)\b"
)


def _outbreak(context: Context, k: int) -> bool:
    """Whether a sentence says when a war began."""
    words = set(context.clauses[k].lemmas)
    return bool(words & WARS) and bool(words & _BEGIN)


def _war_aged(context: Context, candidate: Candidate) -> DateExpression | None:
    sentence = context.clauses[candidate.sentence].sentence
    match = _AGED.search(context.text, sentence.start, sentence.end)
    years = parse_quantity(match["n"]) if match else None
    if match is None or years is None or years.best is None or context.published is None:
        return None
    first = date(max(date.min.year, context.published.year - years.best), 1, 1)
    return DateExpression(match.start(), match.end(), first, context.published, "open", context.published)


def counts_a_war(clause: Clause, i: int) -> bool:
    """Whether the killing at word `i` is that of a whole war."""
    return clause.lemma(i) in DYING and war_of(clause, i) is not None


def of_a_war(context: Context, candidate: Candidate) -> bool:
    """The same for an event mention, whose trigger may be the war itself ("the war has claimed 300,000 lives")."""
    clause, i = context.clauses[candidate.sentence], candidate.head
    verb = clause.tokens[i].head
    itself = clause.lemma(i) in WARS and verb >= 0 and clause.lemma(verb) in DYING and clause.relation(i) == "nsubj"
    return candidate.type == "ASSAULT" and (itself or counts_a_war(clause, i))


def _land_of_war(context: Context, candidate: Candidate) -> Span | None:
    """For the dead of a war the country that its sentence names, else the last one that was named before."""
    for sentence in range(candidate.sentence, -1, -1):
        for m in context.mentions[sentence]:
            name = context.text[m.start : m.end]
            if (
                m.kind == "place"
                and m.layer == "name"
                and (is_country(name) or is_country(name.rstrip("s").rstrip("'’")))
            ):
                return m.start, m.end
    return None


def weapons_of(context: Context, candidate: Candidate) -> list[Weapon]:
    found = [weapon(context.text, span) for span in best_spans(candidate, "weapon")]
    return [w for w in found if w is not None]
