"""Adjudication: what each choice writes into the ledger, and what the dataset has then."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from histor.jobs.adjudication import MACHINE, MARK, Pair, double_coded, pairs, settle
from histor.jobs.second import drawn, give_out
from histor.model.errors import InputError
from histor.model.incidents import Decision
from histor.model.records import EventMention, Trigger
from histor.store.mentions import Where
from histor.store.project import Project
from histor.store.settings import ReviewSettings
from tests.stores import filled

AT = "2024-01-01T00:00:00+00:00"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return filled(tmp_path / "p", 6)


def machine(project: Project, report_id: str) -> list[EventMention]:
    with project.read() as transaction:
        found = transaction.mentions.find(Where(reports=[report_id]))
        return [s.mention for s in found if s.mention.retells is None]


def closed(project: Project, coder: str, report_id: str, *mentions: EventMention) -> None:
    with project.write() as transaction:
        transaction.access.assign([report_id], coder, AT)
        transaction.access.save_second_coding(report_id, coder, mentions, 60, AT)


def report_of(project: Project) -> str:
    with project.read() as transaction:
        return transaction.reports.ids()[0]


def pair_of(project: Project, first: str, second: str, report_id: str) -> Pair:
    with project.read() as transaction:
        (found,) = pairs(transaction, first, second, [report_id])[report_id]
    return found


def made(
    project: Project, report_id: str, first: str, second: str, pair: Pair, outcome: EventMention | None
) -> list[Decision]:
    asked = (pair.first.id if pair.first else None, pair.second.id if pair.second else None)
    with project.write() as transaction:
        return settle(transaction, report_id, first, second, asked, outcome, coder="judy", made_at=AT, note="clear")


def effective(project: Project, report_id: str) -> dict[str, tuple[str, EventMention]]:
    with project.read() as transaction:
        rulings = transaction.decisions.rulings()
        found = transaction.mentions.effective(rulings, Where(reports=[report_id]))
        return {r.mention.id: (r.status, r.mention) for r in found if r.mention.retells is None}


def test_the_second_coders_values_become_edits_of_the_machines_mention(project: Project) -> None:
    report_id = report_of(project)
    (own,) = machine(project, report_id)
    theirs = msgspec.structs.replace(own, id="b" * 64, factuality="denied", event_type="COERCE", coder="bo")
    closed(project, "bo", report_id, theirs)
    pair = pair_of(project, MACHINE, "bo", report_id)
    assert (pair.kind, pair.differs) == ("differs", ("event_type", "factuality"))
    rows = made(project, report_id, MACHINE, "bo", pair, theirs)
    assert [(d.action, d.payload["property"], d.subject) for d in rows] == [
        ("edit", "event_type", own.id),
        ("edit", "factuality", own.id),
    ]
    assert all(d.reason == f"{MARK} machine and bo: clear" and d.coder == "judy" for d in rows)
    status, after = effective(project, report_id)[own.id]
    assert (status, after.factuality, after.event_type) == ("accepted", "denied", "COERCE")
    assert [d.id for d in pair_of(project, MACHINE, "bo", report_id).settled] == [d.id for d in rows]


def test_the_machines_own_is_accepted_and_an_edit_may_be_changed_back(project: Project) -> None:
    report_id = report_of(project)
    (own,) = machine(project, report_id)
    theirs = msgspec.structs.replace(own, id="b" * 64, factuality="denied")
    closed(project, "bo", report_id, theirs)
    pair = pair_of(project, MACHINE, "bo", report_id)
    assert [d.action for d in made(project, report_id, MACHINE, "bo", pair, own)] == ["accept"]
    made(project, report_id, MACHINE, "bo", pair, theirs)
    again = made(project, report_id, MACHINE, "bo", pair, own)
    assert [(d.action, d.payload["value"]) for d in again] == [("edit", own.factuality)]
    assert effective(project, report_id)[own.id][1].factuality == own.factuality


def test_missed_ones_are_rejected_or_kept(project: Project) -> None:
    report_id = report_of(project)
    (own,) = machine(project, report_id)
    closed(project, "bo", report_id)
    pair = pair_of(project, MACHINE, "bo", report_id)
    assert pair.kind == "missed"
    assert [d.action for d in made(project, report_id, MACHINE, "bo", pair, None)] == ["reject"]
    assert effective(project, report_id)[own.id][0] == "rejected"


def extra_of(project: Project, report_id: str) -> EventMention:
    """A mention on the report's last words, which the machine has nothing on."""
    (own,) = machine(project, report_id)
    with project.read() as transaction:
        report = transaction.reports.get(report_id)
    assert report is not None
    end = len(report.text.rstrip())
    return msgspec.structs.replace(
        own,
        id="e" * 64,
        event_type="AID",
        place=None,
        casualties=(),
        trigger=Trigger(report.text[end - 4 : end], (end - 4, end)),
    )


def test_an_extra_one_is_added_or_put_on_record_as_rejected(project: Project) -> None:
    report_id = report_of(project)
    (own,) = machine(project, report_id)
    extra = extra_of(project, report_id)
    closed(project, "bo", report_id, own, extra)
    with project.read() as transaction:
        same, pair = pairs(transaction, MACHINE, "bo", [report_id])[report_id]
    assert (same.kind, pair.kind) == ("same", "extra")
    assert [d.action for d in made(project, report_id, MACHINE, "bo", pair, None)] == ["add", "reject"]
    assert effective(project, report_id)[extra.id][0] == "rejected"
    # Thought better of: the one that was added is what the next decision lands on.
    assert [d.action for d in made(project, report_id, MACHINE, "bo", pair, extra)] == ["accept"]
    assert effective(project, report_id)[extra.id][0] == "accepted"


def test_two_persons_are_settled_on_the_machines_record(project: Project) -> None:
    report_id = report_of(project)
    (own,) = machine(project, report_id)
    one = msgspec.structs.replace(own, id="a" * 64, factuality="denied")
    other = msgspec.structs.replace(own, id="b" * 64, factuality="planned")
    closed(project, "al", report_id, one)
    closed(project, "bo", report_id, other)
    pair = pair_of(project, "al", "bo", report_id)
    rows = made(project, report_id, "al", "bo", pair, other)
    assert [(d.action, d.subject) for d in rows] == [("edit", own.id)]
    assert list(effective(project, report_id)) == [own.id]
    assert pair_of(project, "al", "bo", report_id).settled


def test_what_is_not_there_is_refused(project: Project) -> None:
    report_id = report_of(project)
    (own,) = machine(project, report_id)
    closed(project, "bo", report_id, own)
    pair = pair_of(project, MACHINE, "bo", report_id)
    with pytest.raises(InputError, match="no such pair"):
        made(project, report_id, MACHINE, "bo", Pair(None, own, ()), own)
    lie = msgspec.structs.replace(own, trigger=Trigger("lies", (0, 4)))
    with pytest.raises(InputError, match="the words 'lies' are not those"):
        made(project, report_id, MACHINE, "bo", pair, lie)
    with project.read() as transaction:
        assert transaction.decisions.all() == []


def test_only_closed_codings_count_as_double(project: Project) -> None:
    with project.write() as transaction:
        first, second, *_ = transaction.reports.ids()
        transaction.access.assign([first, second], "bo", AT)
        transaction.access.save_second_coding(first, "bo", (), 1, AT)
        assert double_coded(transaction, MACHINE, "bo") == [first]
        assert double_coded(transaction, "al", "bo") == []
        assert double_coded(transaction, MACHINE, MACHINE) == []


def test_the_part_that_is_given_out_grows_with_the_reports_and_never_changes(project: Project) -> None:
    ids = [f"{k:064x}" for k in range(2000)]
    tenth = drawn(ids, "bo", 10)
    assert 140 < len(tenth) < 260
    assert set(tenth) == set(drawn(ids[:1000], "bo", 10)) | set(drawn(ids[1000:], "bo", 10))
    assert set(tenth) <= set(drawn(ids, "bo", 30))
    assert drawn(ids, "al", 10) != tenth
    assert drawn(ids, "bo", 0) == []
    assert len(drawn(ids, "bo", 100)) == 2000
    assert give_out(project) == 0
    project.change_settings(msgspec.structs.replace(project.settings, review=ReviewSettings("bo", 100)))
    assert (give_out(project, lambda: AT), give_out(project, lambda: AT)) == (6, 0)
