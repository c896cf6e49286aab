"""Which reports a second coder gets of those that come in: a part that does not depend on their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from histor.jobs.clock import now
from histor.model.canonical import digest
from histor.store.project import Project


def drawn(report_ids: Sequence[str], coder: str, percent: float) -> list[str]:
    """The reports of a sample of `percent`, sorted: each falls in or out by a digest of its id and the coder's name."""
    return sorted(r for r in report_ids if int(digest("second_coding", [coder, r])[:13], 16) / 16**13 * 100 < percent)


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
