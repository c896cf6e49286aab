"""On whose word: the attribution relations of a report (source, cue, content).

Every sentence gives its own by cue (`histor.coding.cues`); quotation marks then tell how far the
words go: over the sentence, into the next ones, and to the speaker named before or after.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from histor.coding.cues import Cue, cues_of, speech_without_words
from histor.coding.grammar import Clause
from histor.coding.quotations import Quotation, find_quotations
from histor.model.annotation import Span

FARTHEST = 6  # sentences from a speaker's cue to a quotation that is still theirs
LONGEST_TAG = 14  # words and marks
LEAST_QUOTED = 4  # words; less is a title, a nickname or a word held at arm's length


@dataclass(frozen=True)
class AttributionRelation:
    """Who is the source of what by which words; each role may have several pieces, or none.

    `anchor` is the cue's head word in `sentence`, `frame` the construction that gave the relation,
    `kind` what the cue does to the claim (a list of ``[verbs]``, or ``attitude``). `speakers` are word
    numbers in the sentence of those whom the source means, `media` of those who relay it. `quoted`
    says that the cue itself stands in direct speech, `nested` that it stands in another's content.
    """

    sentence: int
    anchor: int
    frame: str
    kind: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speakers: tuple[int, ...] = ()
    media: tuple[int, ...] = ()
    quoted: bool = False
    nested: bool = False


def find_attributions(clauses: list[Clause], text: str) -> list[AttributionRelation]:
    """Attribution relations of a report in the order of their sentences and cues."""
    quotations = find_quotations(text)
    found: list[AttributionRelation] = []
    for number, clause in enumerate(clauses):
        relations = [_relation(clause, number, cue, quotations) for cue in cues_of(clause)]
        within = [q for q in quotations if q.start < clause.sentence.end and q.end > clause.sentence.start]
        if within:
            relations = _quoting(clause, number, relations, within)
        elif not relations:
            relations = _tagged(clause, number, text, quotations)
        if clause.tokens and clause.tokens[-1].text == ":":
            relations += _announced(clauses, number, relations, quotations)
        found.extend(relations)
    found = _continued(clauses, found, [q for q in quotations if q.words >= LEAST_QUOTED])
    return _with_nesting(clauses, found)


def covers(relation: AttributionRelation, span: Span) -> bool:
    """Whether what is attributed touches the span."""
    start, end = span
    for a, b in relation.content:  # noqa: SIM110  (asked a hundred times a sentence: no generator)
        if a < end and b > start:
            return True
    return False


def _relation(clause: Clause, number: int, cue: Cue, quotations: list[Quotation]) -> AttributionRelation:
    source = {k for s in cue.source for k in _noun_phrase(clause, s)} - set(cue.words)
    content = _same_part(clause, cue.anchor, cue.content) - source - set(cue.words)
    at = clause.tokens[cue.anchor].start
    return AttributionRelation(
        number, cue.anchor, cue.frame, cue.kind,
        runs(clause, source), runs(clause, cue.words), runs(clause, content), cue.speakers, cue.media,
        any(q.start < at < q.end for q in quotations),
    )  # fmt: skip


def _same_part(clause: Clause, anchor: int, words: frozenset[int]) -> frozenset[int]:
    """Those of `words` that no semicolon parts from the cue ("A died; B said C")."""
    marks = [i for i, t in enumerate(clause.tokens) if t.text == ";"]
    return frozenset(k for k in words if not any(min(k, anchor) < m < max(k, anchor) for m in marks))


def _noun_phrase(clause: Clause, head: int) -> set[int]:
    """The words of a source: its subtree without clauses that only add to it."""
    words = set(clause.subtree(head))
    for c in clause.children[head]:
        if clause.relation(c) in {"parataxis", "acl:relcl", "case", "cc"}:
            words -= set(clause.subtree(c))
    return words


# --- direct speech -------------------------------------------------------------------------------


def _quoting(
    clause: Clause, number: int, relations: list[AttributionRelation], within: list[Quotation]
) -> list[AttributionRelation]:
    """Contents stretched over the quotations they touch; speech without words of its own gets them."""
    sentence = (clause.sentence.start, clause.sentence.end)
    parts = [(max(q.start, sentence[0]), min(q.end, sentence[1])) for q in within]
    long = [p for q, p in zip(within, parts, strict=True) if q.words >= LEAST_QUOTED]
    done = [r if r.quoted else _stretched(r, parts) for r in relations]
    for cue in speech_without_words(clause):
        at = clause.tokens[cue.anchor].start
        if any(a <= at < b for a, b in parts) or any(r.anchor == cue.anchor for r in done):
            continue
        told = [p for p in long if _beside(clause, cue.anchor, p) or not any(covers(r, p) for r in done)]
        if told:
            done = [replace(r, content=without(r.content, told)) if not r.quoted else r for r in done]
            done.append(replace(_relation(clause, number, cue, []), content=united(told)))
    return sorted(done, key=lambda r: r.anchor)


def _stretched(relation: AttributionRelation, parts: list[Span]) -> AttributionRelation:
    more = [p for p in parts if covers(relation, p) and not _holds(p, relation.cue)]
    return replace(relation, content=united([*relation.content, *more]))


def _beside(clause: Clause, verb: int, part: Span) -> bool:
    """Whether a verb stands right before a quotation, or its clause right behind one."""
    after = [t for t in clause.tokens[verb + 1 :] if t.end <= part[0] or t.start >= part[0]][:2]
    before = [t for t in clause.tokens if t.start >= part[1]]
    leads = any(t.start == part[0] for t in after)
    ends = bool(before) and any(clause.tokens[verb] is t for t in before[:4])
    return leads or ends


def without(spans: Iterable[Span], cut: Iterable[Span]) -> tuple[Span, ...]:
    """The spans less those of `cut`."""
    left = list(spans)
    for x, y in cut:
        left = [p for a, b in left for p in ((a, min(b, x)), (max(a, y), b)) if p[0] < p[1]]
    return tuple(left)


def _holds(part: Span, cue: tuple[Span, ...]) -> bool:
    return any(part[0] <= a and b <= part[1] for a, b in cue)


def _tagged(clause: Clause, number: int, text: str, quotations: list[Quotation]) -> list[AttributionRelation]:
    """A few words of attribution that an end mark parted from the quotation before ("Why us?" | she asked.)."""
    before = [q for q in quotations if q.end <= clause.sentence.start]
    if not before or len(clause.tokens) > LONGEST_TAG or text[before[-1].end : clause.sentence.start].strip():
        return []
    cues = speech_without_words(clause)[:1]
    return [replace(_relation(clause, number, cue, []), content=(before[-1].span,)) for cue in cues]


def _announced(
    clauses: list[Clause], number: int, relations: list[AttributionRelation], quotations: list[Quotation]
) -> list[AttributionRelation]:
    """Speech of no words of its own before a colon that ends its sentence ("The ministry added: | Two are missing."):
    the quotation that follows is told, or the next sentence."""
    clause = clauses[number]
    if number + 1 == len(clauses) or any(q.start <= clause.sentence.end <= q.end for q in quotations):
        return []
    told = clauses[number + 1].sentence
    span = next((q.span for q in quotations if 0 <= q.start - clause.sentence.end <= 3), (told.start, told.end))
    cues = [c for c in speech_without_words(clause) if all(r.anchor != c.anchor for r in relations)]
    return [replace(_relation(clause, number, cue, []), content=(span,)) for cue in cues[-1:]]


def _continued(
    clauses: list[Clause], found: list[AttributionRelation], quotations: list[Quotation]
) -> list[AttributionRelation]:
    """Quotations taken whole; one that nobody is named for goes to the speaker of the one before."""
    starts = [c.sentence.start for c in clauses]
    relations = list(found)
    last: int | None = None
    for quotation in quotations:
        first = bisect_right(starts, quotation.start) - 1
        end = bisect_right(starts, quotation.end - 1)
        here = [
            k
            for k, r in enumerate(relations)
            if not r.quoted and first <= r.sentence <= end and covers(r, quotation.span)
        ]
        near = last is not None and first - relations[last].sentence <= FARTHEST
        own = here[-1] if here else last if near else None
        if own is not None:
            relations[own] = replace(relations[own], content=united([*relations[own].content, quotation.span]))
            last = own
    return relations


def _with_nesting(clauses: list[Clause], found: list[AttributionRelation]) -> list[AttributionRelation]:
    done = []
    for r in found:
        token = clauses[r.sentence].tokens[r.anchor]
        outer = [o for o in found if o is not r and not o.quoted and covers(o, (token.start, token.end))]
        own = r.frame in {"phrase", "host"} or (
            r.frame == "clause"
            and all(o.frame != "clause" for o in outer)
            and clauses[r.sentence].relation(r.anchor) == "acl"
        )
        done.append(replace(r, nested=bool(outer) and not own))
    return done


def united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, those that touch or overlap joined."""
    joined: list[Span] = []
    for a, b in sorted(spans):
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return tuple(joined)


def runs(clause: Clause, words: set[int] | frozenset[int] | tuple[int, ...]) -> tuple[Span, ...]:
    """Words as spans, one for each unbroken run; marks at a run's ends are left out."""
    pieces: list[list[int]] = []
    have = set(words)
    for k in sorted(have):
        if pieces and all(j in have or clause.tokens[j].upos == "PUNCT" for j in range(pieces[-1][-1] + 1, k)):
            pieces[-1].append(k)
        else:
            pieces.append([k])
    spans = []
    for piece in pieces:
        inside = [k for k in piece if clause.tokens[k].upos != "PUNCT"]
        if inside:
            spans.append((clause.tokens[inside[0]].start, clause.tokens[inside[-1]].end))
    return tuple(spans)
