"""How many have spoken: the origin of each report, so that twelve reports may be two origins.

A report that repeats another has that one's origin; a report that credits an agency (dateline, credit
line, its own name) has the agency as its origin, whatever outlet prints it, and so has the text that
others copied from it.
"""

from __future__ import annotations

from collections.abc import Iterable

from histor.matching.agencies import Agencies, load_agencies
from histor.matching.syndication import roots
from histor.model.incidents import Copy
from histor.model.records import Report


def origins(reports: Iterable[Report], copies: Iterable[Copy], agencies: Agencies | None = None) -> dict[str, str]:
    """The origin of each report: ``agency:reuters``, or the id of the report that was first.

    Copies of a copy go back to the same root. A root that is not among `reports` stands by its id.
    """
    known = agencies or load_agencies()
    root_of = roots(copies)
    by_id = {r.id: r for r in reports}
    credited = {i: key for i, r in by_id.items() if (key := known.credited(r))}
    found = {}
    for report in sorted(by_id):
        root = root_of.get(report, report)
        key = credited.get(root) or credited.get(report)
        found[report] = f"agency:{key}" if key else root
    return found
