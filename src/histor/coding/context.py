"""What coding one report needs at hand, read off it once."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from histor.coding.attribution import Source, sources_of
from histor.coding.casualties import fates_of, find_tolls
from histor.coding.grammar import Clause
from histor.coding.lexicon import Lexicon
from histor.coding.stance import loaded_spans
from histor.coding.toll import Toll, without_the_dead
from histor.model.annotation import Annotation, Mention, Span
from histor.model.records import Report
from histor.resolve.dates import Anchors, DateExpression, find_dates


@dataclass
class Context:
    """What coding one report needs at hand."""

    report: Report
    annotation: Annotation
    clauses: list[Clause]
    loaded: list[list[tuple[Span, str]]]
    dates: list[list[DateExpression]]
    tolls: list[list[Toll]]
    quoted: list[Source | None]
    published: date | None
    lexicon: Lexicon
    fates: list[frozenset[str]]  # killed, injured: what the words of each sentence speak of

    @property
    def text(self) -> str:
        return self.report.text

    @cached_property
    def mentions(self) -> list[list[Mention]]:
        """The engine's mentions by sentence, in text order."""
        found: list[list[Mention]] = [[] for _ in self.clauses]
        for mention in self.annotation.mentions:
            found[self.sentence_of(mention.start)].append(mention)
        return found

    def sentence_of(self, offset: int) -> int:
        """The index of the sentence that holds the character at `offset` (or the last before it)."""
        return max(0, bisect_right(self.clauses, offset, key=lambda c: c.sentence.start) - 1)


def make_context(report: Report, annotation: Annotation, lexicon: Lexicon) -> Context:
    """Everything that is read off a report once: clauses, loaded words, dates, tolls, quotations."""
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
    people = [(m.start, m.end) for m in annotation.mentions if m.kind == "person" and m.layer == "name"]
    return Context(
        report, annotation, clauses, [loaded_spans(c.sentence) for c in clauses], dates,
        without_the_dead([find_tolls(c, lexicon, report.text, people) for c in clauses], report.text),
        quoted_speakers(clauses, report.text), published, lexicon, [fates_of(c, lexicon) for c in clauses],
    )  # fmt: skip


def quoted_speakers(clauses: list[Clause], text: str) -> list[Source | None]:
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
