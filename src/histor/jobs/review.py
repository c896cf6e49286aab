"""What a person decides on a project, and what that changes beyond itself: the incidents of the event mentions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from histor.codebook.codebook import Codebook
from histor.codebook.codes import check_codes, check_mention
from histor.jobs.clock import now
from histor.jobs.matching import refresh, restate
from histor.model.annotation import Span
from histor.model.errors import InputError
from histor.model.incidents import Decision
from histor.model.ledger import EDITABLE, check_payload
from histor.model.records import EventMention
from histor.store.project import Project, Transaction


def mentions_of(decisions: Iterable[Decision]) -> list[str]:
    """The event mentions that decisions speak of, sorted."""
    found: set[str] = set()
    for row in decisions:
        payload = row.payload
        found.add(row.subject)
        found.update(payload.get("event_mentions", ()))
        found.update(m for part in payload.get("parts", ()) for m in part)
        found.update(payload[side] for side in ("left", "right") if side in payload)
    return sorted(found)


def refresh_after(project: Project, decisions: Sequence[Decision]) -> None:
    """Match and estimate anew what the decisions touch; of an event mention accepted as it is, the status alone."""
    mentions = mentions_of(decisions)
    if all(d.action in {"accept", "unsure"} and not d.payload for d in decisions) and restate(project, mentions):
        return
    refresh(project, mentions)


# --- what a person codes ---------------------------------------------------------------------------


def check_coding(
    transaction: Transaction, codebook: Codebook, action: str, subject: str, payload: Mapping[str, Any]
) -> None:
    """Raises InputError for an edit or addition with a code that the codebook lacks or words that the report has not."""
    check_payload(action, payload)
    if action == "edit":
        name, value = payload["property"], payload["value"]
        check_codes({name: value}, codebook)
        stored = transaction.mentions.get(subject)
        added = {r.mention.id: r.report_id for r in transaction.decisions.rulings().additions()} if not stored else {}
        report_id = stored.report_id if stored else added.get(subject)
        if report_id is not None:
            check_words(transaction, report_id, msgspec.convert(value, EDITABLE[name]))
    elif action == "add":
        mention = msgspec.convert(payload["event_mention"], EventMention)
        check_mention(mention, codebook)
        check_words(transaction, payload["report_id"], mention)


def check_words(transaction: Transaction, report_id: str, coded: Any) -> None:
    """Raises InputError unless the words of a record, and of all records in it, are those of the report at their spans."""
    report = transaction.reports.get(report_id)
    if report is None:
        raise InputError("report.unknown", "there is no such report.", where=report_id[:70])
    for words, (a, b) in _words(coded):
        if not 0 <= a < b <= len(report.text) or report.text[a:b] != words:
            raise InputError(
                "mention.words", f"the words {words[:60]!r} are not those at {a} to {b}.", where=report_id[:12],
                do="Offsets count code points of the stored text.",
            )  # fmt: skip


def _words(coded: Any) -> Iterator[tuple[str, Span]]:
    if isinstance(coded, tuple | list):
        for one in coded:
            yield from _words(one)
    elif isinstance(coded, msgspec.Struct):
        text, span = getattr(coded, "text", None), getattr(coded, "span", None)
        if text is not None and span is not None:
            yield text, span
        for name in coded.__struct_fields__:
            yield from _words(getattr(coded, name))


# --- merge and split -------------------------------------------------------------------------------


def merge(project: Project, incident_ids: Sequence[str], coder: str, reason: str | None = None) -> Decision:
    """Decide that all tellings of two or more incidents tell one. Raises InputError if they are fewer than two."""
    with project.write() as transaction:
        ids = list(dict.fromkeys(incident_ids))
        if len(ids) < 2:
            raise InputError("merge.one", "a merge needs two incidents or more.", do="Name another one.")
        mentions = [m for i in ids for m in _tellings(transaction, i)]
        row = transaction.decisions.add(
            "merge", ids[0], coder=coder, made_at=now(), payload={"event_mentions": mentions}, reason=reason
        )
    refresh_after(project, [row])
    return row


def split(
    project: Project, incident_id: str, mention_ids: Sequence[str], coder: str, reason: str | None = None
) -> Decision:
    """Decide that some tellings of an incident tell another one; what retells them in their reports goes along.

    Raises InputError unless some stay and some go.
    """
    with project.write() as transaction:
        tellings = _tellings(transaction, incident_id)
        strangers = sorted(set(mention_ids) - set(tellings))
        if strangers:
            raise InputError("split.stranger", "this event mention is not one of the incident's.", where=strangers[0])
        first = _first_told(transaction, tellings)
        going = {first[m] for m in mention_ids}
        gone = [m for m in tellings if first[m] in going]
        stay = [m for m in tellings if first[m] not in going]
        if not (gone and stay):
            what = "no event mention would stay." if gone else "no event mention would go."
            raise InputError("split.whole", what, where=incident_id, do="Name some of its event mentions, not all.")
        row = transaction.decisions.add(
            "split", incident_id, coder=coder, made_at=now(), payload={"parts": [gone, stay]}, reason=reason
        )
    refresh_after(project, [row])
    return row


def _tellings(transaction: Transaction, incident_id: str) -> tuple[str, ...]:
    found = transaction.incidents.get(incident_id)
    if found is None:
        raise InputError("incident.unknown", "there is no such incident.", where=incident_id[:70])
    return found.event_mentions


def _first_told(transaction: Transaction, mention_ids: Sequence[str]) -> dict[str, str]:
    """For each event mention the one that it retells in its report, by however many steps, or itself."""
    rulings = transaction.decisions.rulings()
    stored = [rulings.apply(s.report_id, s.mention).mention for s in transaction.mentions.many(mention_ids)]
    retold = {m.id: m.retells for m in stored if m.retells}
    first: dict[str, str] = {}
    for one in mention_ids:
        seen = one
        passed = {one}
        while (earlier := retold.get(seen)) is not None and earlier not in passed:
            passed.add(earlier)
            seen = earlier
        first[one] = seen
    return first


# --- undo and redo ---------------------------------------------------------------------------------


def take_back(project: Project, coder: str) -> list[Decision]:
    """Undo a coder's last act that stands: an undo for each of its decisions, none where nothing stands."""
    return _turn(project, coder, undoable)


def put_back(project: Project, coder: str) -> list[Decision]:
    """Redo what a coder took back last; nothing where there is nothing."""
    return _turn(project, coder, redoable)


def _turn(project: Project, coder: str, which: Callable[[Sequence[Decision]], list[Decision]]) -> list[Decision]:
    with project.write() as transaction:
        made_at = now()
        rows = [
            transaction.decisions.add("undo", target.id, coder=coder, made_at=made_at)
            for target in which([d for d in transaction.decisions.all() if d.coder == coder])
        ]
        meant = [transaction.decisions.meant(row) for row in rows]
    if rows:
        refresh_after(project, [d for d in meant if d is not None])
    return rows


def undoable(mine: Sequence[Decision]) -> list[Decision]:
    """The decisions of a coder's last act that stands, the last one first.

    Undone ones and undos are passed over. An act is what was written at one and the same time: the fields of one
    form, an adjudicated pair, a table taken in.
    """
    gone = _undone(mine)
    standing = [d for d in reversed(mine) if d.action != "undo" and d.id not in gone]
    return [d for d in standing if d.made_at == standing[0].made_at]


def redoable(mine: Sequence[Decision]) -> list[Decision]:
    """The undos to undo: those of the last act that stands, unless a new decision was made after it; the last one first."""
    by_id = {d.id: d for d in mine}
    cancelled: set[str] = set()
    found: list[Decision] = []
    for row in reversed(mine):
        if row.action != "undo" or (found and row.made_at != found[0].made_at):
            break
        if row.id in cancelled:
            continue
        target = by_id.get(row.subject)
        if target is not None and target.action == "undo":
            cancelled.add(target.id)  # a redo: it and its undo cancel each other out
            continue
        found.append(row)
    return found


def _undone(mine: Sequence[Decision]) -> set[str]:
    undone: set[str] = set()
    for row in reversed(mine):
        if row.action == "undo" and row.id not in undone:
            undone.add(row.subject)
    return undone
