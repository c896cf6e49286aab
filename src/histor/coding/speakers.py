"""On whose word an event mention stands, and what that makes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from histor.coding.antecedents import antecedent_of, is_pronoun
from histor.coding.attribution import AttributionRelation, covers
from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.grammar import Clause
from histor.coding.kinds import speaker_type
from histor.coding.phrases import trim
from histor.coding.roles import best_spans
from histor.coding.wordlists import lists_of, words
from histor.model.annotation import Span
from histor.model.records import Actor, Attribution, EventMention

VERBAL = frozenset("AGREE CONSULT SUPPORT CONCEDE REQUEST ACCUSE REJECT THREATEN".split())
PLAIN = 0.5  # probability that an event is told as a fact from which speakers of other sentences count little
LONGEST_CUE = 40  # characters; of a longer one the record has the head word
TELLING = frozenset({"report", "claim", "deny", "opinion", "forecast"})


@dataclass(frozen=True)
class Source:
    """A speaker with the cue that gave it; `kind` is what the cue does to the claim."""

    text: str
    span: Span
    cue: str
    cue_span: Span
    kind: str


def speakers_of(context: Context, candidate: Candidate) -> list[Source]:
    """The speakers behind an event mention, the original one first."""
    return sources_at(context, candidate.span) or _learned_sources(context, candidate)


def sources_at(context: Context, span: Span) -> list[Source]:
    """Whose words the words at `span` are by the report's attribution relations, the original speaker first."""
    found = [source for r in attributions_at(context, span) for source in sources_of(context, r)]
    found = [s for s in found if not _is_deed(context, s) and s.text.lower() not in {"what", "which"}]
    others = [s for s in found if s.text.lower() not in {"i", "we"}]  # "I saw it", said the nurse
    return _distinct(others or found)


def _is_deed(context: Context, source: Source) -> bool:
    """Whether a speaker is a deed or its harm ("the raids showed", "casualties"), which says nothing."""
    clause = context.clauses[context.sentence_of(source.span[0])]
    head = clause.head_of(source.span)
    if head is None or clause.tokens[head].upos != "NOUN":
        return False
    frames = context.lexicon.nouns.get(clause.lemma(head), ())
    violent = any(len(pattern) == 1 and frame.type == "ASSAULT" for pattern, frame in frames)
    return violent or clause.lemma(head) in {"casualty", "damage", "death", "wreckage"}


def attributions_at(context: Context, span: Span) -> list[AttributionRelation]:
    """Attribution relations whose content holds the span and whose cue does not, the innermost first."""
    a, b = span
    holding = [r for r in context.attributions if tells(context, r) and covers(r, (a, b))]
    own = [r for r in holding if not any(x < b and y > a for x, y in r.cue)]
    own = [r for r in own if len(own) == 1 or not _citing(context.clauses[r.sentence], r)]
    own = [r for r in own if not any(_over_against(context, r, other) for other in own)]
    return sorted(own, key=lambda r: sum(y - x for x, y in r.content))


def tells(context: Context, relation: AttributionRelation) -> bool:
    """Whether it puts an event into somebody's mouth; plain objects only of verbs that tell of events."""
    if relation.kind not in TELLING:
        return False
    clause = context.clauses[relation.sentence]
    if relation.frame in {"object", "preposition", "infinitive", "relative"}:
        return clause.lemma(relation.anchor) in words("attribution", "frames", "tells_of")
    return relation.frame != "adjective"


def sources_of(context: Context, relation: AttributionRelation) -> list[Source]:
    """Who speaks in an attribution relation, then who relays it; pronouns stand for whom they mean."""
    clause = context.clauses[relation.sentence]
    cue = (relation.cue[0][0], relation.cue[-1][1]) if relation.cue else (clause.sentence.start,) * 2
    if cue[1] - cue[0] > LONGEST_CUE:
        token = clause.tokens[relation.anchor]
        cue = (token.start, token.end)
    found = [_source(context.text, clause.phrase(k), cue, "report") for k in _cited(clause, relation)]
    for head in _with_makers(clause, relation):
        span = antecedent_of(context, relation.sentence, head) or _with_name(clause, head)
        found.append(_source(context.text, span, cue, relation.kind))
    relays = [_source(context.text, clause.phrase(m), cue, "report") for m in relation.media]
    relays = [m for m in relays if not covers(relation, m.span)]
    if clause.lemma(relation.anchor) in {"quote", "cite"}:
        return relays + found
    return found + [m for m in relays if speaker_type(m.text) == "media"]


_WHERE_FROM = frozenset({"at", "in", "from", "within", "inside", "with"})


def _with_name(clause: Clause, head: int) -> Span:
    """A phrase with the name that stands to it without a comma ("the columnist Luis Ferro"), or with its body
    ("a source at the police command")."""
    a, b = clause.phrase(head)
    for c in clause.dependents(head, "appos", "flat"):
        x, y = clause.phrase(c)
        if 0 <= x - b <= 1:
            return a, y
    if clause.lemma(head) in words("attribution", "speaks_for", "nouns"):
        for c in clause.obliques(head, _WHERE_FROM):
            case = min(clause.dependents(c, "case"))
            if 0 <= clause.tokens[case].start - b <= 1:
                return a, clause.phrase(c)[1]
    return a, b


def _with_makers(clause: Clause, relation: AttributionRelation) -> list[int]:
    """The speakers, each document or picture behind whoever made it ("a report by …")."""
    found: list[int] = []
    for head in relation.speakers:
        if clause.lemma(head) in words("attribution", "basis", "nouns"):
            found += clause.obliques(head, frozenset({"by", "from"}))
        found.append(head)
    return found


def _over_against(context: Context, outer: AttributionRelation, inner: AttributionRelation) -> bool:
    """Whether the inner cue's clause stands beside the outer one's ("A denied it, while B said …"), not in its content."""
    if outer.sentence != inner.sentence or outer is inner:
        return False
    clause = context.clauses[outer.sentence]
    below = inner.anchor
    for k in clause.ancestors(inner.anchor):
        if k == outer.anchor:
            contrast = {clause.lemma(m) for m in clause.dependents(below, "mark", "cc")} & {
                "while",
                "whereas",
                "but",
                "although",
            }
            return clause.relation(below) in {"advcl", "conj"} and bool(contrast)
        below = k
    return False


def _citing(clause: Clause, relation: AttributionRelation) -> bool:
    """Whether the cue is a participle by which a speaker names whom he cites; `_cited` has him."""
    return clause.lemma(relation.anchor) in {"quote", "cite"} and clause.relation(relation.anchor) in {"acl", "advcl"}


def _cited(clause: Clause, relation: AttributionRelation) -> list[int]:
    """Whom the speaker cites ("local media, citing a police source, report …")."""
    below = [c for k in (relation.anchor, *relation.speakers) for c in clause.children[k]]
    citing = [c for c in below if clause.lemma(c) in {"quote", "cite"} and clause.relation(c) in {"acl", "advcl"}]
    return [k for c in citing for k in clause.dependents(c, "obj")]


def _source(text: str, span: Span, cue: Span, kind: str) -> Source:
    return Source(text[span[0] : span[1]], span, text[cue[0] : cue[1]], cue, kind)


def _distinct(found: list[Source]) -> list[Source]:
    kept: list[Source] = []
    for source in found:
        if all(source.span != other.span for other in kept):
            kept.append(source)
    return kept


def outlets_of(candidate: Candidate, sources: list[Source]) -> list[Span]:
    """Speakers that are media: who reports a battle does not fight it."""
    if candidate.type in VERBAL:
        return []
    return [s.span for s in sources if speaker_type(s.text) == "media"]


def others_words(candidate: Candidate, sources: list[Source], actors: list[Actor]) -> list[Source]:
    """The sources less the one who acts: who rejects, threatens or asks needs no witness, who is accused is none."""
    spans = [a.span for a in actors]
    return [
        s
        for s in sources
        if not (candidate.type in VERBAL or _CHARGED.search(s.cue))
        or not any(x < s.span[1] and y > s.span[0] for x, y in spans)
    ]


_CHARGED = re.compile(r"\b(?:accus|charg|suspect|convict|indict|blam|tried|trial)", re.IGNORECASE)


def _learned_sources(context: Context, candidate: Candidate) -> list[Source]:
    """Speakers that the role head gives with cue words beside them, each as its whole noun phrase.

    Those of the event's own sentence, or else of another one; of what the head takes for told as a fact only of the
    next, or of the one before if the event is spoken of as known ("the fighting").
    """
    cues = best_spans(candidate, "cue")
    found = []
    for span in best_spans(candidate, "speaker"):
        sentence = context.sentence_of(span[0])
        clause = context.clauses[sentence]
        head = clause.head_of(trim(context.text, span))
        near = [c for c in cues if context.sentence_of(c[0]) == sentence] or cues
        if head is None or not _can_speak(clause, head) or not near:
            continue
        phrase = _with_name(clause, head)
        cue = min(near, key=lambda c: abs(c[0] - phrase[1]))
        if (cue[0] < phrase[1] and cue[1] > phrase[0]) or not _attributes(context, cue):
            continue
        found.append(_source(context.text, phrase, cue, "report"))
    own = [s for s in found if context.sentence_of(s.span[0]) == candidate.sentence]
    plain = candidate.proposal is not None and candidate.proposal.factualities.get("actual", 0.0) >= PLAIN
    if not plain:
        return own or found
    clause = context.clauses[candidate.sentence]
    known = any(clause.lemma(d) in _KNOWN for d in clause.dependents(candidate.head, "det"))
    beside = {candidate.sentence + 1, *([candidate.sentence - 1] if known else [])}
    return own or [s for s in found if context.sentence_of(s.span[0]) in beside]


_KNOWN = frozenset({"the", "this", "that", "these", "those"})


def _can_speak(clause: Clause, head: int) -> bool:
    """Whether a word can name a speaker; capitals are a name whatever the parse makes of them ("IS said")."""
    token = clause.tokens[head]
    return token.upos in {"NOUN", "PROPN", "PRON"} or (len(token.text) > 1 and token.text.isupper())


def _attributes(context: Context, cue: Span) -> bool:
    """Whether one of the words of a learned cue is known to attribute."""
    clause = context.clauses[context.sentence_of(cue[0])]
    phrases = words("attribution", "cues", "phrases")
    return context.text[slice(*cue)].lower() in phrases or any(
        lists_of(clause, k, "attribution", "verbs") for k in clause.words_in(cue)
    )


def chain_of(context: Context, sources: list[Source], parties: list[Actor]) -> list[Attribution]:
    """Speakers, relayers, outlet: the original speaker first, the outlet last."""
    names = {p.name.lower() for p in parties if p.name}
    chain = []
    for source in sources:
        a, b = trim(context.text, source.span)
        if a >= b:
            continue
        spoken = context.text[a:b]
        kind = "anonymous" if is_pronoun(spoken) else speaker_type(spoken)
        if any(name and (name in spoken.lower() or spoken.lower() in name) for name in names):
            kind = "party"
        chain.append(Attribution(spoken, kind, source.cue or None, (a, b)))
    outlet = context.report.source
    if outlet and not any(outlet.lower() in a.speaker.lower() for a in chain):
        chain.append(Attribution(outlet, "media"))
    return chain


ARMED = frozenset({"MIL", "REB", "UAF", "PRM", "GOV", "SPY"})


def with_parties(mentions: list[EventMention]) -> list[EventMention]:
    """The mentions, their speakers marked as *party* who fight or are fought in this report."""
    sides = {
        actor.name.lower()
        for m in mentions
        if m.event_type == "ASSAULT" and m.factuality in {"actual", "claimed"}
        for actor in (*m.actors, *m.recipients)
        if actor.name and actor.sector in ARMED
    }
    return [msgspec.structs.replace(m, attribution=tuple(_sided(a, sides) for a in m.attribution)) for m in mentions]


def _sided(link: Attribution, sides: set[str]) -> Attribution:
    spoken = f" {link.speaker.lower()} "
    if link.type in {"official", "anonymous"} and any(f" {side} " in spoken for side in sides):
        return msgspec.structs.replace(link, type="party")
    return link
