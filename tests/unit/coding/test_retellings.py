"""Which tellings are linked, on parses made by hand."""

from __future__ import annotations

from tests.unit.coding.test_parties import coded

LEAD = (
    "A/a/DET/1/det bombing/bombing/NOUN/5/nsubj near/near/ADP/4/case the/the/DET/4/det market/market/NOUN/1/nmod "
    "killed/kill/VERB/-1/root six/six/NUM/7/nummod pilgrims/pilgrim/NOUN/5/obj"
)


def test_a_lead_repeated_word_for_word_is_one_telling() -> None:
    proposals = [{"sentence": k, "trigger": "bombing", "type": "ASSAULT"} for k in (0, 1)]
    first, second = coded([LEAD, LEAD], proposals, {})
    assert second.retells == first.id


def test_another_sentence_with_the_same_trigger_need_not_be() -> None:
    other = (
        LEAD.replace("market/market", "port/port")
        .replace("six/six", "nine/nine")
        .replace("pilgrims/pilgrim", "sailors/sailor")
    )
    proposals = [{"sentence": k, "trigger": "bombing", "type": "ASSAULT"} for k in (0, 1)]
    assert [m.retells for m in coded([LEAD, other], proposals, {})] == [None, None]
