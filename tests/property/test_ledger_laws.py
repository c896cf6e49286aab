"""Laws of the ledger: undo restores the same bytes, order decides, and nothing but the log does."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from histor.model.canonical import canonical_json
from histor.model.incidents import Decision
from histor.model.ledger import GENESIS, check_chain, decide, fold, in_force
from tests.dossiers import mention

MENTIONS = {m.id: m for m in (mention(k) for k in range(6))}
IDS = sorted(MENTIONS)

names = st.sampled_from(IDS)
several = st.lists(names, min_size=2, max_size=5, unique=True)
values = st.one_of(
    st.fixed_dictionaries({"property": st.just("event_type"), "value": st.sampled_from(["ASSAULT", "PROTEST"])}),
    st.fixed_dictionaries({"property": st.just("mode"), "value": st.sampled_from([None, "firearms"])}),
    st.fixed_dictionaries({"property": st.just("weapons"), "value": st.just([{"text": "guns", "span": [0, 4]}])}),
)
acts: st.SearchStrategy[Any] = st.one_of(
    st.tuples(st.sampled_from(["accept", "reject", "unsure"]), names, st.just({})),
    st.tuples(st.just("edit"), names, values),
    st.tuples(st.just("merge"), st.just("i"), several.map(lambda m: {"event_mentions": m})),
    st.tuples(st.just("split"), st.just("i"), several.map(lambda m: {"parts": [m[:1], m[1:]]})),
    several.map(lambda m: ("accept", "pair", {"left": m[0], "right": m[1]})),
)
"""Acts of every kind but undo, as (action, subject, payload)."""


def added(rows: list[Decision], action: str, subject: str, payload: dict[str, Any]) -> list[Decision]:
    previous = rows[-1].digest if rows else GENESIS
    return [*rows, decide(previous, action, subject, payload, None, "ann", f"2024-01-01T00:00:{len(rows)}")]


def log(acts: list[tuple[str, str, dict[str, Any]]]) -> list[Decision]:
    rows: list[Decision] = []
    for act in acts:
        rows = added(rows, *act)
    return rows


def state(rows: list[Decision]) -> bytes:
    """Everything that the log decides, as bytes: effective mentions and judgements, places in the log aside."""
    rulings = fold(rows)
    mentions = [msgspec.to_builtins(rulings.apply("r", MENTIONS[m])) for m in IDS]
    pairs = [[p.left, p.right, p.judgement, p.decision] for p in rulings.pairs]
    return canonical_json([mentions, pairs])


@given(st.lists(acts, max_size=6), st.lists(acts, min_size=1, max_size=4), st.randoms())
def test_undoing_whatever_was_done_restores_the_same_bytes(first, then, random) -> None:  # type: ignore[no-untyped-def]
    before = log(first)
    after = before
    for act in then:
        after = added(after, *act)
    done = [row.id for row in after[len(before) :]]
    random.shuffle(done)  # the order in which rows are taken back does not matter
    undone = after
    for name in done:
        undone = added(undone, "undo", name, {})
    assert state(undone) == state(before)
    redone = undone
    for row in undone[len(after) :]:
        redone = added(redone, "undo", row.id, {})
    assert state(redone) == state(after)
    assert check_chain(redone) == []


@given(st.lists(acts, min_size=1, max_size=6), acts)
def test_the_last_act_holds_whatever_was_before(earlier, last) -> None:  # type: ignore[no-untyped-def]
    rows = added(log(earlier), *last)
    alone = fold(log([last]))
    together = fold(rows)
    judged = {(p.left, p.right): p.judgement for p in together.pairs}
    assert all(judged[p.left, p.right] == p.judgement for p in alone.pairs)
    for subject in alone.by_mention:
        mine, all_ = alone.apply("r", MENTIONS[subject]), together.apply("r", MENTIONS[subject])
        assert mine.status == all_.status
        assert all(getattr(mine.mention, name) == getattr(all_.mention, name) for name in mine.edited)


@given(st.lists(acts, max_size=6), st.lists(st.integers(0, 5), max_size=6))
def test_what_is_in_force_is_a_part_of_the_log_in_its_order(first, undos) -> None:  # type: ignore[no-untyped-def]
    rows = log(first)
    for k in undos:
        if k < len(rows):
            rows = added(rows, "undo", rows[k].id, {})
    kept = in_force(rows)
    assert [r for r in rows if r in kept] == kept
    assert all(r.action != "undo" for r in kept)
    assert state(kept) == state(rows)
