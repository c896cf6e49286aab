"""The chain of decisions and what they decide."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from histor.model.errors import InputError
from histor.model.incidents import Decision
from histor.model.ledger import GENESIS, check_chain, decide, fold, in_force, succession
from histor.model.records import Trigger
from tests.dossiers import mention


def chain(*rows: tuple[str, str, dict[str, Any]]) -> list[Decision]:
    made: list[Decision] = []
    for k, (action, subject, payload) in enumerate(rows):
        previous = made[-1].digest if made else GENESIS
        # `#2` in a subject is the id of that decision.
        subject = made[int(subject[1:])].id if subject.startswith("#") else subject  # noqa: PLW2901
        made.append(decide(previous, action, subject, payload, None, "ann", f"2024-01-01T00:00:{k:02}"))
    return made


def judged(rows: list[Decision], **how: Any) -> dict[tuple[str, str], str]:
    return {(p.left, p.right): p.judgement for p in fold(rows, **how).pairs}


def test_a_chain_is_whole_until_a_row_is_changed() -> None:
    rows = chain(("accept", "a", {}), ("reject", "b", {}), ("undo", "#0", {}))
    assert check_chain(rows) == []
    assert check_chain([]) == []
    changed = [rows[0], msgspec.structs.replace(rows[1], reason="no"), rows[2]]
    assert {name for name, _ in check_chain(changed)} == {rows[1].id}
    assert check_chain([rows[0], rows[2]]) == [(rows[2].id, "it does not follow the decision before it")]
    assert check_chain([rows[1], rows[0]])


def test_equal_decisions_are_two_rows() -> None:
    one, two = chain(("accept", "a", {}), ("accept", "a", {}))
    assert one.id != two.id


def test_merges_splits_and_pairs_speak_on_pairs_and_the_last_word_wins() -> None:
    rows = chain(
        ("merge", "i", {"event_mentions": ["c", "a", "b"]}),
        ("split", "i", {"parts": [["a", "b"], ["c"]]}),
        ("unsure", "pair", {"left": "d", "right": "a"}),
    )
    assert judged(rows) == {
        ("a", "b"): "positive",
        ("a", "c"): "negative",
        ("b", "c"): "negative",
        ("a", "d"): "unsure",
    }
    orders = {(p.left, p.right): p.order for p in fold(rows).pairs}
    assert orders["a", "b"] < orders["a", "c"] < orders["a", "d"]


def test_undo_and_its_undo() -> None:
    merge = ("merge", "i", {"event_mentions": ["a", "b"]})
    assert judged(chain(merge, ("undo", "#0", {}))) == {}
    assert judged(chain(merge, ("undo", "#0", {}), ("undo", "#1", {}))) == {("a", "b"): "positive"}
    assert judged(chain(merge, ("undo", "#0", {}), ("undo", "#1", {}), ("undo", "#2", {}))) == {}
    twice = chain(merge, merge, ("undo", "#1", {}))
    assert in_force(twice) == twice[:1]


def test_an_edit_sets_a_field_and_the_last_status_holds() -> None:
    one = mention(1)
    rows = chain(
        (
            "edit",
            one.id,
            {"property": "date", "value": {"earliest": "2021-08-22", "latest": "2021-08-22", "date_prec": 1}},
        ),
        ("edit", one.id, {"property": "mode", "value": None}),
        ("reject", one.id, {}),
    )
    ruling = fold(rows).apply("r", one)
    assert (ruling.status, ruling.mention.mode) == ("rejected", None)
    assert ruling.mention.date is not None
    assert ruling.mention.date.earliest == "2021-08-22"
    assert ruling.edited == {"date": rows[0].id, "mode": rows[1].id}
    assert msgspec.structs.replace(ruling.mention, date=one.date, mode=one.mode) == one
    assert fold(rows).apply("r", mention(2)).decisions == ()


def test_decisions_are_led_to_the_newest_coding() -> None:
    rows = chain(("accept", "old", {}), ("merge", "i", {"event_mentions": ["old", "b"]}))
    rulings = fold(rows, {"old": "newer", "newer": "newest"})
    assert set(rulings.by_mention) == {"newest"}
    assert [(p.left, p.right) for p in rulings.pairs] == [("b", "newest")]
    assert judged(rows, successors={"old": "b"}) == {}  # the two are one by now


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("bless", {}), ("edit", {}), ("edit", {"property": "id", "value": "x"}), ("edit", {"property": "place", "value": "x"}),
        ("merge", {"event_mentions": ["a", "a"]}), ("merge", {}), ("split", {"parts": [["a"], []]}),
        ("split", {"parts": [["a"], ["a"]]}), ("add", {"report_id": "r", "event_mention": {}}), ("accept", {"left": "a"}),
    ],
)  # fmt: skip
def test_payloads_that_do_not_fit(action: str, payload: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        decide(GENESIS, action, "a", payload, None, "ann", "2024")


def test_succession_goes_by_words_then_by_type() -> None:
    at = Trigger("attacked", (52, 60))
    old = [mention(1, trigger=at), mention(2, trigger=Trigger("killed", (10, 16)))]
    same, other = mention(3, trigger=at), mention(4, trigger=at, event_type="THREATEN")
    assert succession(old, [other, same]) == {old[0].id: same.id, old[1].id: None}
    assert succession(old[:1], [other]) == {old[0].id: other.id}
    two = [other, mention(5, trigger=at, event_type="COERCE")]
    assert succession(old[:1], two) == {old[0].id: None}
    assert succession(old[:1], [mention(6, trigger=Trigger("Attacked", (52, 60)))]) == {old[0].id: None}
    assert succession(old, old) == {}
