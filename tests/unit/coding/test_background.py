"""Wars that only go on, and the dead of a whole war, on parses made by hand."""

from __future__ import annotations

from datetime import date

import pytest

from histor.capture.inputs import InputOptions, make_report
from histor.coding.candidates import Candidate
from histor.coding.casualties import find_tolls
from histor.coding.context import make_context
from histor.coding.factuality import certain_cue_of
from histor.coding.figurative import figure_of
from histor.coding.history import war_of
from histor.coding.lexicon import load_lexicon
from histor.coding.matcher import match_frames
from histor.coding.roles import spoken_on
from histor.coding.subevents import ruled_out
from histor.resolve.dates import Anchors, find_dates
from tests.parses import parse, words
from tests.unit.coding.test_coder import annotation
from tests.unit.coding.test_parties import coded

DEAD = (
    "Thousands/thousand/NOUN/3/nsubj:pass have/have/AUX/3/aux been/be/AUX/3/aux:pass killed/kill/VERB/-1/root "
    "since/since/SCONJ/7/mark the/the/DET/6/det war/war/NOUN/7/nsubj began/begin/VERB/3/advcl"
)


def test_the_dead_since_a_war_began_are_a_total_of_long_ago() -> None:
    assert war_of(parse(DEAD), 3) == 6
    (mention,) = coded([DEAD], [{"sentence": 0, "trigger": "killed", "type": "ASSAULT"}], {})
    assert mention.factuality == "historical"
    raid = DEAD.replace("war/war", "raid/raid")
    assert war_of(parse(raid), 3) is None


def test_who_is_caught_in_a_war_is_in_no_siege() -> None:
    locked = "Syria/Syria/PROPN/1/nsubj locked/lock/VERB/-1/root in/in/ADP/4/case a/a/DET/4/det war/war/NOUN/1/obl"
    assert coded([locked], [{"sentence": 0, "trigger": "locked", "type": "COERCE"}], {}) == ()
    cell = locked.replace("war/war", "cell/cell")
    assert len(coded([cell], [{"sentence": 0, "trigger": "locked", "type": "COERCE"}], {})) == 1


@pytest.mark.parametrize(
    ("notation", "i", "said"),
    [
        ("Reports/report/NOUN/5/nsubj that/that/SCONJ/3/mark men/man/NOUN/3/nsubj:pass died/die/VERB/0/acl are/be/AUX/5/cop lies/lie/NOUN/-1/root", 3, "lies"),
        ("It/it/PRON/2/expl is/be/AUX/2/cop untrue/untrue/ADJ/-1/root that/that/SCONJ/5/mark men/man/NOUN/5/nsubj died/die/VERB/2/csubj", 5, "untrue"),
        ("They/they/PRON/1/nsubj rejected/reject/VERB/-1/root reports/report/NOUN/1/obj that/that/SCONJ/5/mark men/man/NOUN/5/nsubj died/die/VERB/2/acl", 5, "rejected"),
        ("False/false/ADJ/1/amod rumours/rumour/NOUN/5/nsubj that/that/SCONJ/4/mark men/man/NOUN/4/nsubj died/die/VERB/1/acl spread/spread/VERB/-1/root", 4, "False"),
    ],
)  # fmt: skip
def test_what_is_called_untrue_is_denied(notation: str, i: int, said: str) -> None:
    assert certain_cue_of(parse(notation), i) == ("denied", f"said to be “{said}”")


def test_what_is_confirmed_is_not() -> None:
    confirmed = "They/they/PRON/1/nsubj confirmed/confirm/VERB/-1/root reports/report/NOUN/1/obj that/that/SCONJ/5/mark men/man/NOUN/5/nsubj died/die/VERB/2/acl"
    assert certain_cue_of(parse(confirmed), 5) is None


def test_a_war_on_poverty_is_a_figure_and_one_on_a_town_is_none() -> None:
    war = "The/the/DET/1/det war/war/NOUN/-1/root on/on/ADP/3/case poverty/poverty/NOUN/1/nmod"
    assert figure_of(parse(war), 1, "SANCTION") == "war on poverty"
    assert figure_of(parse(war.replace("poverty/poverty", "Goma/Goma")), 1, "ASSAULT") is None


def test_march_is_a_month_where_something_is_in_it() -> None:
    month = "Talks/talk/NOUN/1/nsubj began/begin/VERB/-1/root in/in/ADP/3/case March/March/PROPN/1/obl"
    assert "PROTEST" not in {m.frame.type for m in match_frames(parse(month), load_lexicon())}
    march = "The/the/DET/1/det march/march/NOUN/2/nsubj began/begin/VERB/-1/root in/in/ADP/4/case Goma/Goma/PROPN/2/obl"
    assert "PROTEST" in {m.frame.type for m in match_frames(parse(march), load_lexicon())}


def tolls(notation: str) -> list[tuple[str, str]]:
    text = words(notation)
    return [(t.kind, text[slice(*t.span)]) for t in find_tolls(parse(notation), load_lexicon(), text)]


def test_a_toll_to_come_is_none() -> None:
    rose = "The/the/DET/2/det death/death/NOUN/2/compound toll/toll/NOUN/3/nsubj rose/rise/VERB/-1/root to/to/ADP/5/case 12/12/NUM/3/obl"
    could = (
        "The/the/DET/2/det death/death/NOUN/2/compound toll/toll/NOUN/4/nsubj could/could/AUX/4/aux rise/rise/VERB/-1/root "
        "to/to/ADP/6/case 12/12/NUM/4/obl"
    )
    assert tolls(rose) == [("killed", "12")]
    assert tolls(could) == []


def test_villages_are_no_captives() -> None:
    taken = "Rebels/rebel/NOUN/1/nsubj captured/capture/VERB/-1/root two/two/NUM/3/nummod villages/village/NOUN/1/obj"
    assert tolls(taken) == []
    assert tolls(taken.replace("villages/village", "soldiers/soldier")) == [("captured", "two soldiers")]


@pytest.mark.parametrize(("verb", "trigger", "own"), [("said", "raid", False), ("said", "said", True)])
def test_a_day_of_speaking_is_the_speech_s_own(verb: str, trigger: str, own: bool) -> None:
    notation = (
        f"Police/police/NOUN/1/nsubj {verb}/say/VERB/-1/root on/on/ADP/3/case Monday/Monday/PROPN/1/obl "
        "a/a/DET/5/det raid/raid/NOUN/6/nsubj failed/fail/VERB/1/ccomp"
    )
    text, clause = words(notation), parse(notation)
    (monday,) = find_dates(text, Anchors(date(2016, 6, 9)), 0, len(text))
    at = text.index(trigger)
    candidate = Candidate(0, (at, at + len(trigger)), clause.word_at(at) or 0, 1.0, "ASSAULT", 1.0, None, None)
    assert spoken_on(clause, monday, candidate) is not own


def test_the_words_rule_out_sub_event_types() -> None:
    executed = "Rebels/rebel/NOUN/1/nsubj executed/execute/VERB/-1/root captives/captive/NOUN/1/obj"
    assert ruled_out_in(executed, "executed", "ASSAULT") == {"Armed clash", "Excessive force against protesters"}
    dispersed = "Police/police/NOUN/1/nsubj shot/shoot/VERB/-1/root protesters/protester/NOUN/1/obj"
    assert ruled_out_in(dispersed, "shot", "ASSAULT") == set()
    seized = "Rebels/rebel/NOUN/1/nsubj seized/seize/VERB/-1/root villages/village/NOUN/1/obj"
    assert "Disrupted weapons use" in ruled_out_in(seized, "seized", "COERCE")
    assert "Disrupted weapons use" not in ruled_out_in(
        seized.replace("villages/village", "rifles/rifle"), "seized", "COERCE"
    )


def ruled_out_in(notation: str, trigger: str, event_type: str) -> set[str]:
    text, given = annotation([notation], [])
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    at = text.index(trigger)
    candidate = Candidate(0, (at, at + len(trigger)), 1, 1.0, event_type, 1.0, None, None)
    return set(ruled_out(make_context(report, given, load_lexicon()), candidate))
