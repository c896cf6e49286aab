"""The coder: an annotated report to event mentions, each with its claims and its reasons."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from histor.codebook.codebook import (
    Codebook,
    controller_of,
    load_codebook,
    sides_of,
    type_of_violence,
)
from histor.coding.attribution import Source, is_pronoun, sources_of, speaker_type
from histor.coding.candidates import Candidate, find_candidates
from histor.coding.casualties import Toll, find_tolls
from histor.coding.factuality import cue_of
from histor.coding.grammar import Clause
from histor.coding.lexicon import Lexicon, load_lexicon
from histor.coding.phrases import actor, place, trim, weapon
from histor.coding.stance import loaded_spans
from histor.model.annotation import Annotation, Span
from histor.model.canonical import digest
from histor.model.records import (
    Acled,
    Actor,
    Attribution,
    Casualties,
    CodedReport,
    Date,
    EventMention,
    LoadedTerm,
    Place,
    Report,
    Trigger,
    Ucdp,
    Weapon,
)
from histor.resolve.dates import Anchors, DateExpression, find_dates
from histor.resolve.quantities import Quantity, parse_quantity

ROLE = 0.5  # least learned score of a role span in the trigger's own sentence
FAR_ROLE = 0.65  # and of one in another sentence
CASUALTY_ROLES = ("killed", "injured", "captured", "missing", "displaced")
VERBAL = frozenset("AGREE CONSULT SUPPORT CONCEDE REQUEST ACCUSE REJECT THREATEN".split())
TOLL_TYPES = frozenset({"ASSAULT", "PROTEST", "COERCE", "RETREAT"})


@dataclass
class _Context:
    """What coding one report needs at hand."""

    report: Report
    annotation: Annotation
    clauses: list[Clause]
    loaded: list[list[tuple[Span, str]]]
    dates: list[list[DateExpression]]
    tolls: list[list[Toll]]
    quoted: list[Source | None]
    published: date | None

    @property
    def text(self) -> str:
        return self.report.text


class Coder:
    """Codes annotated reports; holds the lexicon and the codebook, and no state between reports."""

    def __init__(self, lexicon: Lexicon | None = None, codebook: Codebook | None = None) -> None:
        self.lexicon = lexicon or load_lexicon()
        self.codebook = codebook or load_codebook()

    def code(self, report: Report, annotation: Annotation) -> CodedReport:
        """Event mentions of `report` in text order; relations are not yet read."""
        context = self._context(report, annotation)
        candidates = find_candidates(annotation, context.clauses, self.lexicon)
        candidates = _merge_tellings(candidates)
        tolls = _hang_tolls(context, candidates)
        mentions: list[EventMention] = []
        for k, candidate in enumerate(candidates):
            mentions.append(self._mention(context, candidate, tolls[k]))
        ids = [m.id for m in mentions]
        linked = [
            _retelling(m, ids[c.retells] if 0 <= c.retells < k else None)
            for k, (m, c) in enumerate(zip(mentions, candidates, strict=True))
        ]
        return CodedReport(report, tuple(linked), ())

    def _context(self, report: Report, annotation: Annotation) -> _Context:
        clauses = [Clause(s) for s in annotation.sentences]
        published = date.fromisoformat(report.published) if report.published else None
        dates: list[list[DateExpression]] = []
        spoken: date | None = None
        for clause in clauses:
            found = find_dates(report.text, Anchors(published, spoken), clause.sentence.start, clause.sentence.end)
            days = [d for d in found if d.granularity == "day" and d.latest is not None]
            if clause.sentence.kind == "body" and days:
                spoken = days[0].latest
            dates.append(found)
        return _Context(
            report, annotation, clauses, [loaded_spans(c.sentence) for c in clauses], dates,
            [find_tolls(c, self.lexicon, report.text) for c in clauses],
            _quoted_speakers(clauses, report.text), published,
        )  # fmt: skip

    # --- one event mention ---------------------------------------------------------------------

    def _mention(self, context: _Context, candidate: Candidate, tolls: list[Toll]) -> EventMention:
        text = context.text
        span = trim(text, candidate.span)
        mode, mode_why = self._mode(candidate)
        actors = self._parties(context, candidate, "actor")
        taken = [a.span for a in actors]
        recipients = self._parties(context, candidate, "recipient", taken)
        sources = _sources(context, candidate)
        factuality, fact_why = _factuality(context, candidate, sources)
        casualties = _casualties(context, candidate, tolls, recipients, actors)
        sectors = [frozenset(p.sector for p in side if p.sector) for side in (actors, recipients)]
        acled, acled_why = self._acled(context, candidate, mode, sectors[0], sectors[1], casualties)
        ucdp = type_of_violence(candidate.type, *sectors)
        where = _place(context, candidate)
        coder = f"{context.annotation.engine}"
        why = [*candidate.why, *filter(None, (mode_why, fact_why, acled_why))]
        identity = [context.report.id, "event_type", candidate.type, list(span), coder]
        confidence = round(min(0.99, candidate.score * (0.5 + 0.5 * candidate.type_score)), 3)
        return EventMention(
            id=digest("event_mention", identity),
            retells=None,
            sentence=candidate.sentence,
            trigger=Trigger(text[span[0] : span[1]], span),
            event_type=candidate.type,
            mode=mode,
            contexts=self._contexts(context, candidate),
            acled=acled,
            ucdp=Ucdp(ucdp) if ucdp else None,
            actors=tuple(actors),
            recipients=tuple(recipients),
            place=where,
            date=_date(context, candidate, factuality),
            casualties=tuple(casualties),
            weapons=tuple(_weapons(context, candidate)),
            attribution=tuple(_chain(context, sources, [*actors, *recipients])),
            factuality=factuality,
            loaded_terms=tuple(
                LoadedTerm(text[a:b], (a, b)) for (a, b), _ in context.loaded[candidate.sentence]
            ),
            confidence=confidence,
            coder=coder,
            why=tuple(why),
        )

    def _mode(self, candidate: Candidate) -> tuple[str | None, str | None]:
        """The likeliest mode that the type allows; the frame's where no head speaks."""
        allowed = self.codebook.modes.get(candidate.type, ())
        framed = candidate.match.frame.mode if candidate.match else None
        if candidate.proposal is None:
            return framed, None
        scores = {m: p for m, p in candidate.proposal.modes.items() if m in allowed or m == ""}
        if not scores:
            return framed, None
        best = max(scores, key=lambda m: scores[m])
        if framed and framed != best and scores.get(framed, 0.0) > 0.5 * scores[best]:
            best = framed
        return (best or None), (f"mode head: {best} {scores.get(best, 0):.2f}" if best else None)

    def _acled(
        self,
        context: _Context,
        candidate: Candidate,
        mode: str | None,
        actors: frozenset[str],
        recipients: frozenset[str],
        casualties: list[Casualties],
    ) -> tuple[Acled | None, str | None]:
        """The sub-event type: the head's where it speaks, else the crosswalk's first fitting row."""
        if candidate.proposal is not None and candidate.proposal.sub_events:
            scores = candidate.proposal.sub_events
            best = max(scores, key=lambda s: scores[s])
            if best == "":
                return None, None
            return Acled(self.codebook.acled[best], best), f"sub-event head: {best} {scores[best]:.2f}"
        sides = sides_of(actors, recipients)
        controller = controller_of(actors)
        words = {clause_word.lemma.lower() for clause_word in context.clauses[candidate.sentence].tokens}
        deaths = any(c.kind == "killed" for c in casualties)
        for rule in self.codebook.crosswalk:
            if rule.type != candidate.type or (mode or "") not in rule.modes:
                continue
            if rule.sides is not None and rule.sides not in {sides, controller}:
                continue
            if rule.words and not rule.words & words:
                continue
            if rule.deaths and not deaths:
                continue
            return Acled(self.codebook.acled[rule.sub], rule.sub), f"crosswalk: {rule.sub}"
        return None, None

    def _contexts(self, context: _Context, candidate: Candidate) -> tuple[str, ...]:
        """PLOVER contexts whose words stand in the sentence, in the codebook's order."""
        tokens = context.clauses[candidate.sentence].tokens
        lemmas = [t.lemma.lower() for t in tokens]
        pairs = [f"{a} {b}" for a, b in itertools.pairwise(lemmas)]
        found = {self.codebook.contexts[w] for w in (*lemmas, *pairs) if w in self.codebook.contexts}
        order = list(dict.fromkeys(self.codebook.contexts.values()))
        return tuple(c for c in order if c in found)

    def _parties(
        self, context: _Context, candidate: Candidate, role: str, taken: list[Span] | None = None
    ) -> list[Actor]:
        """Actors or recipients: the learned spans, else what the frame finds in the parse."""
        spans = _near_spans(context, candidate, role)
        if not spans and candidate.match is not None:
            clause = context.clauses[candidate.sentence]
            for head in candidate.match.roles.get(role, []):
                if clause.tokens[head].upos in {"NOUN", "PROPN", "PRON", "ADJ", "NUM"}:
                    spans.append(clause.phrase(head))
        found: list[Actor] = []
        for span in spans:
            if any(span[0] < b and span[1] > a for a, b in taken or []):
                continue
            loaded = [item for row in context.loaded for item in row if item[0][0] >= span[0] and item[0][1] <= span[1]]
            record = actor(context.text, span, loaded)
            if record is not None and not any(_same_party(record, other) for other in found):
                found.append(record)
        return found


# --- roles ---------------------------------------------------------------------------------------


def _same_party(a: Actor, b: Actor) -> bool:
    if a.span == b.span:
        return True
    return a.name is not None and b.name is not None and a.name.lower() == b.name.lower()


def _best_spans(candidate: Candidate, role: str, least: float = ROLE) -> list[Span]:
    return sorted(span for span, score in candidate.roles.get(role, []) if score >= least)


def _near_spans(context: _Context, candidate: Candidate, role: str) -> list[Span]:
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
    sentences = {span: _sentence_of(context, span) for span in outside}
    nearest = min(sentences.values(), key=lambda k: (abs(k - candidate.sentence), k))
    return sorted(span for span in outside if sentences[span] == nearest)


def _sentence_of(context: _Context, span: Span) -> int:
    starts = [c.sentence.start for c in context.clauses]
    return max(0, bisect_right(starts, span[0]) - 1)


def _place(context: _Context, candidate: Candidate) -> Place | None:
    """The place of the event: the likeliest learned span, in the trigger's sentence if there is one."""
    spans = _near_spans(context, candidate, "place") or _places_in_clause(context, candidate)
    if not spans:
        return None
    scores = dict(candidate.roles.get("place", []))
    best = max(spans, key=lambda s: (round(scores.get(s, 0.5), 1), -abs(s[0] - candidate.span[0])))
    return place(context.text, best)


def _places_in_clause(context: _Context, candidate: Candidate) -> list[Span]:
    """Place names in a phrase of place under the trigger or the verb that carries it."""
    clause = context.clauses[candidate.sentence]
    names = [m for m in context.annotation.mentions if m.kind == "place" and m.layer == "name"]
    heads = [candidate.head]
    above = clause.tokens[candidate.head].head
    if above >= 0 and clause.tokens[above].upos == "VERB":
        heads.append(above)
    found = []
    for head in heads:
        for k in clause.obliques(head, frozenset({"in", "at", "near", "outside", "around", "inside", "across"})):
            token = clause.tokens[k]
            for m in names:
                if m.start <= token.start < m.end:
                    found.append((m.start, m.end))
    return found


def _date(context: _Context, candidate: Candidate, factuality: str) -> Date | None:
    """The date of the event, with its precision; publication stands in only where it says so."""
    expression = _date_expression(context, candidate)
    if expression is not None:
        text = context.text[expression.start : expression.end]
        anchor = expression.anchor.isoformat() if expression.anchor else None
        if expression.earliest is None or expression.latest is None:
            return Date(text, (expression.start, expression.end))
        return Date(
            text, (expression.start, expression.end), expression.earliest.isoformat(),
            expression.latest.isoformat(), expression.date_prec, expression.time_precision, anchor,
        )  # fmt: skip
    if context.published is None or factuality not in {"actual", "claimed", "denied"}:
        return None
    first = context.published - timedelta(days=6)
    return Date(
        earliest=first.isoformat(), latest=context.published.isoformat(), date_prec=3, time_precision=2,
        source="published",
    )  # fmt: skip


def _date_expression(context: _Context, candidate: Candidate) -> DateExpression | None:
    """The expression at a learned date span, else one that hangs on the event's own clause."""
    everywhere = [d for row in context.dates for d in row]
    scores = dict(candidate.roles.get("date", []))
    for span in sorted(_near_spans(context, candidate, "date"), key=lambda s: -scores[s]):
        hits = [d for d in everywhere if d.start < span[1] and d.end > span[0]]
        if hits:
            return hits[0]
    clause = context.clauses[candidate.sentence]
    own = context.dates[candidate.sentence]
    if candidate.proposal is None or len(own) == 1:
        chain = {candidate.head, *clause.ancestors(candidate.head)}
        for d in own:
            words = clause.words_in((d.start, d.end))
            if any(clause.tokens[w].head in chain for w in words):
                return d
    return None


def _weapons(context: _Context, candidate: Candidate) -> list[Weapon]:
    found = [weapon(context.text, span) for span in _best_spans(candidate, "weapon")]
    return [w for w in found if w is not None]


# --- attribution and factuality ------------------------------------------------------------------


def _quoted_speakers(clauses: list[Clause], text: str) -> list[Source | None]:
    """For each sentence that stands wholly inside a running quotation, whose it is."""
    speakers: list[Source | None] = []
    last: Source | None = None
    inside = False
    for clause in clauses:
        words = text[clause.sentence.start : clause.sentence.end]
        root = next((i for i, t in enumerate(clause.tokens) if t.head < 0), None)
        found = sources_of(clause, root, text) if root is not None else []
        opens_in_quote = inside or words.startswith(("“", '"'))
        speakers.append(last if opens_in_quote and not found and last is not None else None)
        if root is not None and not found:
            found = _root_speech(clause, root, text)
        if found:
            last = found[0]
        inside = _still_open(words, inside)
    return speakers


def _root_speech(clause: Clause, root: int, text: str) -> list[Source]:
    """The speaker of a sentence whose main verb is one of speech."""
    for c in clause.dependents(root, "ccomp", "parataxis", "obj"):
        found = sources_of(clause, c, text)
        if found:
            return found
    return []


def _still_open(words: str, inside: bool) -> bool:
    opening, closing = words.count("“"), words.count("”")
    straight = words.count('"')
    if opening or closing:
        return (int(inside) + opening - closing) > 0
    return inside != (straight % 2 == 1)


def _sources(context: _Context, candidate: Candidate) -> list[Source]:
    """The speakers behind an event mention, the original one first."""
    clause = context.clauses[candidate.sentence]
    found = [s for s in sources_of(clause, candidate.head, context.text) if not _is_own(s, candidate)]
    if not found:
        found = _learned_sources(context, candidate)
    if not found:
        quoted = context.quoted[candidate.sentence]
        if quoted is not None:
            found = [quoted]
    return found


def _is_own(source: Source, candidate: Candidate) -> bool:
    """A cue that is the event's own trigger: who accuses is the actor, not a source."""
    a, b = candidate.span
    return source.cue_span[0] < b and source.cue_span[1] > a


def _learned_sources(context: _Context, candidate: Candidate) -> list[Source]:
    cues = _best_spans(candidate, "cue")
    found = []
    for span in _best_spans(candidate, "speaker"):
        a, b = trim(context.text, span)
        if a >= b:
            continue
        near = sorted(cues, key=lambda c: abs(c[0] - b))
        cue = near[0] if near else (a, a)
        found.append(Source(context.text[a:b], (a, b), context.text[cue[0] : cue[1]], cue, "report"))
    return found


def _factuality(
    context: _Context, candidate: Candidate, sources: list[Source]
) -> tuple[str, str | None]:
    """The value with its reason: explicit cues, then the learned head, then the speaker."""
    clause = context.clauses[candidate.sentence]
    cue = cue_of(clause, candidate.head)
    scores = candidate.proposal.factualities if candidate.proposal else {}
    if cue is not None and scores.get(cue[0], 0.0 if scores else 1.0) >= 0.1:
        return cue[0], f"factuality: {cue[0]}, {cue[1]}"
    if scores:
        best = max(scores, key=lambda f: scores[f])
        if best not in {"actual", "claimed"} and scores[best] >= 0.5:
            return best, f"factuality head: {best} {scores[best]:.2f}"
    else:
        best = "actual"
    if any(s.kind == "deny" for s in sources) and candidate.type not in VERBAL:
        return "denied", "factuality: the speaker denies it"
    if sources:
        return "claimed", f"factuality: claimed, on the word of {sources[0].text}"
    if best not in {"actual", "claimed"}:
        return best, f"factuality head: {best} {scores[best]:.2f}"
    if best == "claimed" and scores.get("claimed", 0) >= 0.7:
        return "claimed", f"factuality head: claimed {scores['claimed']:.2f}"
    return "actual", None


def _chain(context: _Context, sources: list[Source], parties: list[Actor]) -> list[Attribution]:
    """Speakers, relayers, outlet: the original speaker first, the outlet last."""
    names = {p.name.lower() for p in parties if p.name}
    chain = []
    for source in sources:
        a, b = trim(context.text, source.span)
        if a >= b:
            continue
        words = context.text[a:b]
        kind = "anonymous" if is_pronoun(words) else speaker_type(words)
        if any(name and (name in words.lower() or words.lower() in name) for name in names):
            kind = "party"
        chain.append(Attribution(words, kind, source.cue or None, (a, b)))
    outlet = context.report.source
    if outlet and not any(outlet.lower() in a.speaker.lower() for a in chain):
        chain.append(Attribution(outlet, "media"))
    return chain


# --- casualties ----------------------------------------------------------------------------------


def _hang_tolls(context: _Context, candidates: list[Candidate]) -> list[list[Toll]]:
    """For each candidate the tolls of its sentence (or of the next) that its words govern."""
    hung: list[list[Toll]] = [[] for _ in candidates]
    for sentence, tolls in enumerate(context.tolls):
        for toll in tolls:
            if toll.part and any(t.kind == toll.kind and not t.part for t in tolls):
                continue
            best, score = -1, 0.0
            for k, candidate in enumerate(candidates):
                fit = _fit(context, candidate, toll, sentence)
                if fit > score:
                    best, score = k, fit
            if best >= 0:
                hung[best].append(toll)
    return hung


def _fit(context: _Context, candidate: Candidate, toll: Toll, sentence: int) -> float:
    """How well a toll fits an event: learned role, same word, government, nearness."""
    if candidate.type not in TOLL_TYPES:
        return 0.0
    if toll.kind in {"killed", "injured"} and candidate.type not in {"ASSAULT", "PROTEST"}:
        return 0.0
    learned = max(
        (s for (a, b), s in candidate.roles.get(toll.kind, []) if a < toll.quantity.end and b > toll.quantity.start),
        default=0.0,
    )
    if learned >= 0.3:
        return 2.0 + learned
    if candidate.sentence != sentence:
        return 0.0
    clause = context.clauses[sentence]
    if toll.anchor == candidate.head or candidate.span[0] <= clause.tokens[toll.anchor].start < candidate.span[1]:
        return 2.0
    if candidate.type == "COERCE" and toll.kind == "captured" and candidate.proposal is not None:
        return 0.0
    up = list(clause.ancestors(toll.anchor))
    down = list(clause.ancestors(candidate.head))
    if candidate.head in up or toll.anchor in down:
        return 1.5 - 0.01 * abs(toll.anchor - candidate.head)
    if candidate.type == "ASSAULT":
        return 0.8 - 0.01 * min(60, abs(toll.anchor - candidate.head))
    return 0.0


def _casualties(
    context: _Context,
    candidate: Candidate,
    tolls: list[Toll],
    recipients: list[Actor],
    actors: list[Actor],
) -> list[Casualties]:
    """Tolls of the grammar and of the learned number spans, without doubles."""
    found: list[Casualties] = []
    for toll in tolls:
        who = _who(context, toll.people or toll.span, recipients, actors)
        found.append(_record(context.text, toll.kind, toll.quantity, toll.span, who))
    for kind in CASUALTY_ROLES:
        for span in _best_spans(candidate, kind):
            if any(c.kind == kind and c.span[0] < span[1] and c.span[1] > span[0] for c in found):
                continue
            words = context.text[span[0] : span[1]]
            quantity = parse_quantity(words)
            if quantity is None:
                continue
            moved = Quantity(
                span[0] + quantity.start, span[0] + quantity.end, quantity.low, quantity.best,
                quantity.high, quantity.wording,
            )  # fmt: skip
            who = _who(context, span, recipients, actors)
            found.append(_record(context.text, kind, moved, span, who))
    return sorted(found, key=lambda c: (CASUALTY_ROLES.index(c.kind), c.span))


def _record(text: str, kind: str, quantity: Quantity, span: Span, who: str) -> Casualties:
    a, b = trim(text, span)
    return Casualties(
        kind, quantity.low, quantity.best, quantity.high, quantity.wording, who, text[a:b], (a, b)
    )


_CIVIL = re.compile(
    r"\b(?:civilians?|women|children|child|residents?|villagers?|passengers?|worshippers?|shoppers?|students?|"
    r"farmers?|migrants?|refugees?|journalists?|bystanders?|pilgrims?|mourners?|patients?|workers?|protest(?:e|o)rs?)\b",
    re.IGNORECASE,
)


def _who(context: _Context, span: Span, recipients: list[Actor], actors: list[Actor]) -> str:
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


# --- tellings ------------------------------------------------------------------------------------


def _merge_tellings(candidates: list[Candidate]) -> list[Candidate]:
    """Two triggers of one event in one sentence become one mention; links are renumbered."""
    keep: list[Candidate] = []
    place_of: dict[int, int] = {}
    for k, candidate in enumerate(candidates):
        target = candidate.retells
        into = keep[place_of[target]] if target in place_of else None
        if into is not None and into.sentence == candidate.sentence:
            _absorb(into, candidate)
            place_of[k] = place_of[target]
            continue
        candidate.retells = place_of.get(target, -1)
        if candidate.retells >= 0:
            first = keep[candidate.retells].retells
            candidate.retells = first if first >= 0 else candidate.retells
        place_of[k] = len(keep)
        keep.append(candidate)
    return keep


def _absorb(into: Candidate, other: Candidate) -> None:
    """Put `other` into `into`; the clearly better trigger stays the trigger."""
    if other.score > into.score + 0.2:
        into.span, into.head, into.proposal = other.span, other.head, other.proposal
        into.score, into.match = other.score, other.match or into.match
    for role, spans in other.roles.items():
        have = into.roles.setdefault(role, [])
        have.extend(s for s in spans if not any(s[0][0] < b and s[0][1] > a for (a, b), _ in have))
    into.why = [*into.why, *(f"also: {w}" for w in other.why)]


def _retelling(mention: EventMention, target: str | None) -> EventMention:
    if target is None or target == mention.id:
        return mention
    fields = {name: getattr(mention, name) for name in EventMention.__struct_fields__}
    return EventMention(**{**fields, "retells": target})
