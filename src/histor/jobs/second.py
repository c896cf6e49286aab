"""Which reports a second coder gets of those that come in, a part that does not depend on their order, and what is kept of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from histor.jobs.clock import now
from histor.model.annotation import Span
from histor.model.canonical import digest
from histor.model.records import EventMention, Report
from histor.store.project import Project, Transaction
from histor.text.sentences import split_sentences


def drawn(report_ids: Sequence[str], coder: str, percent: float) -> list[str]:
    """The reports of a sample of `percent`, sorted: each falls in or out by a digest of its id and the coder's name."""
    return sorted(r for r in report_ids if int(digest("second_coding", [coder, r])[:13], 16) / 16**13 * 100 < percent)


def own_coding(
    transaction: Transaction, report: Report, coder: str, given: Sequence[EventMention]
) -> list[EventMention]:
    """What a second coder codes, as it is kept: with ids and sentences that follow from where the words stand.

    The page makes up an id and does not know the sentences, which are of the machine's coding.
    """
    coding = transaction.codings.current(report.id)
    segments = transaction.codings.segments(coding.seq) if coding else split_sentences(report.text, report.title)
    starts = [s.start for s in segments]
    met: Counter[Span] = Counter()
    found = []
    for mention in given:
        span = mention.trigger.span
        identity = ["second", report.id, coder, list(span), met[span]]
        met[span] += 1
        sentence = max(0, bisect_right(starts, span[0]) - 1)
        found.append(replace(mention, id=digest("event_mention", identity), sentence=sentence, coder="person"))
    ids = {old.id: new.id for old, new in zip(given, found, strict=True)}
    return [replace(m, retells=ids.get(m.retells) if m.retells else None) for m in found]


def give_out(project: Project, clock: Callable[[], str] = now) -> int:
    """Give the project's second coder the reports of the sample that are not given out yet; how many."""
    review = project.settings.review
    if not review.second_coder or review.second_percent <= 0:
        return 0
    with project.read() as transaction:
        wanted = drawn(transaction.reports.ids(), review.second_coder, review.second_percent)
        known = {s.report_id for s in transaction.access.second_codings(review.second_coder)}
    new = [r for r in wanted if r not in known]
    if not new:
        return 0
    with project.write() as transaction:
        made = transaction.access.assign(new, review.second_coder, clock())
        transaction.access.note(clock(), review.second_coder, f"second coding of {made} reports, by the settings", None)
    return made
