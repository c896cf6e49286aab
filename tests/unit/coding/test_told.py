"""Tellings that an engine reads out: its words, our values, the same records."""

from __future__ import annotations

from typing import Any

import pytest

from histor.capture.inputs import InputOptions, make_report
from histor.coding.calibration import UNCALIBRATED
from histor.coding.claims import claims_of
from histor.coding.coder import Coder
from histor.model.annotation import Annotation, EngineTelling, Span, StatedSpeaker, StatedToll
from histor.model.records import CodedReport
from histor.resolve.actor_index import shipped_index
from tests.parses import sentence

STRIKE = (
    "An/a/DET/2/det air/air/NOUN/2/compound strike/strike/NOUN/3/nsubj hit/hit/VERB/-1/root a/a/DET/5/det "
    "market/market/NOUN/3/obj in/in/ADP/7/case Idlib/Idlib/PROPN/5/nmod on/on/ADP/9/case Monday/Monday/PROPN/3/obl"
)
DEAD = (
    "The/the/DET/1/det attack/attack/NOUN/2/nsubj killed/kill/VERB/-1/root at/at/ADP/5/advmod least/least/ADJ/5/nummod "
    "20/20/NUM/6/nummod civilians/civilian/NOUN/2/obj a/a/DET/8/det monitor/monitor/NOUN/9/nsubj said/say/VERB/2/parataxis"
)
TEXT = "An air strike hit a market in Idlib on Monday\nThe attack killed at least 20 civilians a monitor said"


def span(words: str, nth: int = 0) -> Span:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(words, at + 1)
    return at, at + len(words)


def told(trigger: str, **fields: Any) -> EngineTelling:
    values: dict[str, Any] = {"event_type": "ASSAULT", "mode": None, "factuality": "actual", **fields}
    return EngineTelling(quote=span(trigger), trigger=span(trigger), **values)


def code(*tellings: EngineTelling, **more: Any) -> CodedReport:
    sentences = (sentence(STRIKE), sentence(DEAD, 1, TEXT.index("The attack")))
    given = Annotation("reader/1", sentences, (), (), tellings, **more)
    fields = {"text": TEXT, "published": "2021-08-24", "source": "Radio"}
    report = make_report(fields, TEXT.encode(), InputOptions(), "text")
    return Coder(actors=shipped_index()).code(report, given)


FIRST = told("air strike", mode="aerial", recipients=(span("market"),), place=span("Idlib"), date=span("on Monday"))
SECOND = told(
    "attack", factuality="claimed", tolls=(StatedToll("killed", span("20 civilians")),), retells=0,
    speakers=(StatedSpeaker(span("a monitor"), span("said")),),
)  # fmt: skip


def test_values_are_ours_and_words_the_engines() -> None:
    first, second = code(FIRST, SECOND).event_mentions
    assert first.acled is not None
    assert first.acled.sub_event_type == "Air/drone strike"
    assert first.date is not None
    assert (first.date.earliest, first.date.latest) == ("2021-08-23", "2021-08-23")
    assert first.place is not None
    assert first.place.name == "Idlib"
    assert [(c.low, c.wording, c.who, c.text) for c in second.casualties] == [(20, "at_least", "civilians", "at least 20 civilians")]  # fmt: skip
    assert [(a.speaker, a.cue) for a in second.attribution] == [("a monitor", "said"), ("Radio", None)]
    assert second.retells == first.id
    assert {m.confidence for m in (first, second)} == {UNCALIBRATED}
    assert first.coder.startswith("reader/1 lexicon/")
    assert first.why[0] == "telling of reader/1: ASSAULT, “air strike”"
    assert claims_of(code(FIRST, SECOND))


def test_no_telling_is_no_event_whatever_lexicon_and_heads_say() -> None:
    assert code().event_mentions == ()
    heard = Annotation("reader/1", (sentence(STRIKE),))
    report = make_report({"text": TEXT}, TEXT.encode(), InputOptions(), "text")
    assert Coder().code(report, heard).event_mentions != ()


def test_order_and_repeats_of_tellings_change_nothing() -> None:
    plain = code(FIRST, SECOND)
    turned = code(told("attack", factuality="claimed", tolls=SECOND.tolls, speakers=SECOND.speakers, retells=1), FIRST)
    assert code(FIRST, SECOND, SECOND).event_mentions == plain.event_mentions
    assert [m.id for m in turned.event_mentions] == [m.id for m in plain.event_mentions]


def test_one_party_stands_once_and_on_one_side() -> None:
    (mention,) = code(
        told("hit", actors=(span("air strike"),), recipients=(span("air strike"), span("market")))
    ).event_mentions
    assert [a.text for a in mention.actors] == ["air strike"]
    assert [r.text for r in mention.recipients] == ["market"]


def test_words_without_a_number_or_a_day_give_none() -> None:
    vague = told("attack", tolls=(StatedToll("killed", span("monitor")),), date=span("market"))
    (mention,) = code(vague).event_mentions
    assert mention.casualties == ()
    assert mention.date is not None
    assert (mention.date.text, mention.date.earliest) == ("market", None)


@pytest.mark.parametrize(("factuality", "dated"), [("actual", True), ("planned", False)])
def test_publication_dates_only_what_happened(factuality: str, dated: bool) -> None:
    (mention,) = code(told("attack", factuality=factuality)).event_mentions
    assert (mention.date is not None) is dated
    assert mention.factuality == factuality
