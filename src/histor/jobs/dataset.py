"""From a project to its dataset: dossiers of incidents, exports, releases, and other people's codings taken in."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from histor.capture.codings import CodedRow, ColumnMapping, read_codings
from histor.capture.reports import Problem
from histor.codebook.codebook import load_codebook
from histor.export.dossier import Dossier, Telling
from histor.export.formats import FORMATS
from histor.export.release import Content, Imprint, write_release
from histor.jobs.matching import refresh
from histor.jobs.matching_store import MatchingStore
from histor.model.canonical import digest
from histor.model.errors import ConfigError, InputError
from histor.model.filters import IncidentFilter
from histor.model.incidents import Estimate, Incident
from histor.model.ledger import Rulings
from histor.model.records import Claim, EventMention
from histor.store.people import CoderRow
from histor.store.project import Project, Transaction

_AT_ONCE = 200


def dossiers(transaction: Transaction, wanted: IncidentFilter) -> Iterator[Dossier]:
    """The incidents that a filter takes, with their tellings as people's decisions leave them, by first day and id.

    Raises ConfigError for a type that neither the codebook nor an incident of the project has.
    """
    if wanted.types:
        _check_types(transaction, wanted.types)
    return _dossiers(transaction, wanted)


def _check_types(transaction: Transaction, asked: Iterable[str]) -> None:
    codebook = load_codebook()
    known = {name.casefold(): name for name in (*codebook.modes, *codebook.acled, *codebook.acled.values())}
    if all(name.casefold() in known for name in asked):
        return
    for incident in transaction.incidents.all():  # a project's own codebook may have more
        acled = incident.acled
        for name in (incident.event_type, *((acled.event_type, acled.sub_event_type) if acled else ())):
            known[name.casefold()] = name
    for name in asked:
        if name.casefold() not in known:
            near = [known[n] for n in difflib.get_close_matches(name.casefold(), known, 3)]
            do = f"Did you mean {', '.join(near)}?" if near else "List them with histor codebook show."
            raise ConfigError("filter.type", f"no type is called {name!r}.", where="filter type", do=do)


def _dossiers(transaction: Transaction, wanted: IncidentFilter) -> Iterator[Dossier]:
    rulings = transaction.decisions.rulings()
    taken = (i for i in transaction.incidents.all() if wanted.takes(i))
    while some := list(itertools.islice(taken, _AT_ONCE)):
        yield from _filled(transaction, rulings, some)


def dossier(transaction: Transaction, incident_id: str) -> Dossier | None:
    """One incident with its tellings, by its id or a former one."""
    incident = transaction.incidents.get(incident_id)
    if incident is None:
        return None
    return next(_filled(transaction, transaction.decisions.rulings(), [incident]), None)


def _filled(transaction: Transaction, rulings: Rulings, incidents: list[Incident]) -> Iterator[Dossier]:
    ids = [m for i in incidents for m in i.event_mentions]
    found: dict[str, tuple[str, EventMention]] = {}
    for stored in transaction.mentions.many(ids):
        found[stored.mention.id] = (stored.report_id, rulings.apply(stored.report_id, stored.mention).mention)
    for ruling in rulings.additions():
        found[ruling.mention.id] = (ruling.report_id, ruling.mention)
    reports = {r.id: r for r in transaction.reports.many(sorted({report_id for report_id, _ in found.values()}))}
    for incident in incidents:
        tellings = [
            Telling(found[m][1], reports[found[m][0]])
            for m in incident.event_mentions
            if m in found and found[m][0] in reports
        ]
        if tellings:
            yield Dossier(incident, tuple(tellings))


def claims_in(transaction: Transaction, dossier: Dossier) -> list[Claim]:
    """The claims of all tellings of an incident, as people's decisions leave them: what a person set is that person's."""
    found = MatchingStore(transaction, "").claims(dossier.incident.event_mentions)
    order = {m: k for k, m in enumerate(dossier.incident.event_mentions)}
    return sorted(found, key=lambda c: order[c.event_mention_id])


@dataclass(frozen=True)
class Exported:
    """How many incidents went into a file, and how many the scheme has no row for."""

    written: int
    left_out: int


def export(
    project: Project,
    form: str,
    out: IO[bytes],
    wanted: IncidentFilter,
    told: Callable[[int], None] = lambda _: None,
) -> Exported:
    """Write the incidents that the filter takes in a format of `histor.export.formats`; `told` hears now and then how many."""
    writer = FORMATS[form](out)
    count = 0
    with project.read() as transaction:
        for one in dossiers(transaction, wanted):
            writer.write(one)
            count += 1
            if count % _AT_ONCE == 0:
                told(count)
        writer.close()
    return Exported(count - writer.left_out, writer.left_out)


def release(
    project: Project,
    out: IO[bytes],
    imprint: Imprint,
    wanted: IncidentFilter,
    *,
    previous: Path | None = None,
    with_text: bool = False,
) -> int:
    """Write a release of the incidents that the filter takes, and give their number."""
    with project.read() as transaction:
        held = list(dossiers(transaction, wanted))
        report_ids = sorted({r.id for d in held for r in d.reports})
        claims = {c.id: c for d in held for c in claims_in(transaction, d)}
        content = Content(
            held,
            # In what order reports came in is not part of a dataset.
            sorted(transaction.reports.many(report_ids), key=lambda r: r.id),
            _cited(transaction, held, claims),
            transaction.decisions.all(),
            transaction.matches.copies(report_ids),
        )
        write_release(out, content, imprint, previous=previous, with_text=with_text)
    return len(held)


def imprint(
    transaction: Transaction, title: str, version: str, released: str, authors: Iterable[str] = (),
    licence: str | None = None, description: str | None = None,
) -> Imprint:  # fmt: skip
    """The imprint of a release of this project: with all that coded, matched or estimated in it."""
    coders = tuple(sorted({run.coder for run in transaction.runs.all()}))
    return Imprint(title, version, released, tuple(authors), licence, description, coders)


def _cited(transaction: Transaction, held: Iterable[Dossier], claims: dict[str, Claim]) -> list[Claim]:
    """The claims of the tellings, and those that an estimate names though its mention has been corrected since."""
    named = {c for d in held for e in d.incident.estimates.values() for c in _claims_of(e)}
    missing = sorted(named - claims.keys())
    return [*claims.values(), *transaction.mentions.claims(missing)]


def _claims_of(estimate: Estimate) -> Iterator[str]:
    yield from estimate.claims_used
    yield from (left.claim for left in estimate.claims_left_out)


@dataclass(frozen=True)
class RowOutcome:
    """What became of one row of an import: ``added``, ``known`` or ``set aside``, and the decision or the reason."""

    row: int
    outcome: str
    detail: str


def import_codings(
    project: Project, path: Path, scheme: str, coder: str, made_at: str, mapping: ColumnMapping | None = None
) -> Iterator[RowOutcome]:
    """Take another coder's rows in, each as a decision that adds an event mention; a row taken before is known.

    `made_at` is an ISO time in UTC. Raises InputError if the file is no such table. Rows go in one by one, each in
    a transaction, so that an import that was broken off is run again.
    """
    try:
        captured = path.read_bytes()
    except OSError as error:
        raise InputError("import.file", f"it cannot be read ({error.strerror}).", where=str(path)) from error
    rows = list(read_codings(captured, scheme, coder, path.name, mapping))
    configuration = digest("configuration", ["import", scheme, coder])
    with project.write() as transaction:
        transaction.people.put(CoderRow(coder, coder, "import", made_at))
        run = transaction.runs.start("import", f"import/{scheme} {coder}", {}, configuration, made_at)
        known = {d.subject for d in transaction.decisions.all() if d.action == "add"}
    counts = {"added": 0, "known": 0, "set aside": 0}
    added = []
    for number, row in enumerate(rows, 1):
        outcome = _take(project, row, number, coder, made_at, run.id, known)
        counts[outcome.outcome] += 1
        if outcome.outcome == "added" and isinstance(row, CodedRow):
            added.append(row.mention.id)
        yield outcome
    refresh(project, added)
    with project.write() as transaction:
        transaction.runs.finish(run.id, made_at, counts)


def _take(
    project: Project, row: CodedRow | Problem, number: int, coder: str, made_at: str, run_id: str, known: set[str]
) -> RowOutcome:
    if isinstance(row, Problem):
        return RowOutcome(number, "set aside", str(row))
    if row.mention.id in known:
        return RowOutcome(number, "known", row.mention.id)
    known.add(row.mention.id)
    with project.write() as transaction:
        transaction.reports.put(row.report, row.captured, run_id)
        payload = {"report_id": row.report.id, "event_mention": row.mention}
        decision = transaction.decisions.add("add", row.mention.id, coder=coder, made_at=made_at, payload=payload)
    return RowOutcome(number, "added", decision.id)
