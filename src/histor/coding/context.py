"""What coding one report needs at hand, read off it once."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from histor.coding.attribution import AttributionRelation, find_attributions
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
    attributions: list[AttributionRelation]
    published: date | None
    lexicon: Lexicon
    fates: list[frozenset[str]]  # killed, injured: what the words of each sentence speak of

    @property
    def text(self) -> str:
        return self.report.text

    @cached_property
    def _starts(self) -> list[int]:
        return [c.sentence.start for c in self.clauses]

    @cached_property
    def mentions(self) -> list[list[Mention]]:
        """The engine's mentions by sentence, in text order."""
        found: list[list[Mention]] = [[] for _ in self.clauses]
        for mention in self.annotation.mentions:
            found[self.sentence_of(mention.start)].append(mention)
        return found

    def sentence_of(self, offset: int) -> int:
        """The index of the sentence that holds the character at `offset` (or the last before it)."""
        return max(0, bisect_right(self._starts, offset) - 1)


def make_context(report: Report, annotation: Annotation, lexicon: Lexicon) -> Context:
    """Everything that is read off a report once: clauses, loaded words, dates, tolls, attributions."""
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
        find_attributions(clauses, report.text), published, lexicon, [fates_of(c, lexicon) for c in clauses],
    )  # fmt: skip
