from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from histor.coding.ledger import IncidentToll, incidents_of, lead_incident, toll_of
from histor.model.records import Casualties, CodedReport, EventMention, Report, Trigger


def entry(text: str, words: str, kind: str, best: int | None, scope: str = "", low: int | None = None) -> Casualties:
    start = text.index(words)
    values = (best if low is None else low, best, best, "exact" if best is not None else "vague")
    return Casualties(kind, *values, "unknown", words, (start, start + len(words)), scope or UNSET)


def mention(
    name: str, *casualties: Casualties, at: int = 0, retells: str | None = None, factuality: str = "actual"
) -> EventMention:
    return EventMention(
        id=name, retells=retells, sentence=0, trigger=Trigger("shot", (at, at + 4)), event_type="ASSAULT", mode=None,
        contexts=(), acled=None, ucdp=None, actors=(), recipients=(), place=None, date=None, casualties=casualties,
        weapons=(), attribution=(), factuality=factuality, loaded_terms=(), confidence=1.0, coder="test", why=(),
    )  # fmt: skip


def coded(text: str, *mentions: EventMention) -> CodedReport:
    return CodedReport(Report("r", None, None, None, "en", text), mentions, ())


def figures(text: str, *entries: Casualties) -> tuple[int | None, int | None]:
    report = coded(text, mention("a", *entries))
    tolls = [toll_of(report, "a", kind) for kind in ("killed", "injured")]
    return (tolls[0].figure if tolls[0] else None, tolls[1].figure if tolls[1] else None)


def test_joined_numbers_add_up_and_ages_between_do_no_harm() -> None:
    text = "Two women and a boy died. Carter, 23, of Fontaine and Weber died."
    assert figures(text, entry(text, "Two women", "killed", 2), entry(text, "a boy", "killed", 1))[0] == 3
    assert figures(text, entry(text, "Carter", "killed", 1), entry(text, "Weber", "killed", 1))[0] == 2


def test_a_count_that_follows_soon_takes_the_place_of_one_person() -> None:
    text = "A father died. Four people were killed. One dead, five more."
    one, four = entry(text, "A father", "killed", 1), entry(text, "Four people", "killed", 4)
    assert figures(text, one, four)[0] == 4
    assert figures(text, four, entry(text, "One", "killed", 1))[0] == 4
    numeral = entry(text, "One", "killed", 1)
    assert figures(text, numeral, entry(text, "five more", "killed", 5))[0] == 1


def test_the_dead_are_taken_off_those_hit_but_not_off_the_wounded_or_others() -> None:
    text = "Five people were shot. Two died. Three others were shot. Four people were wounded."
    two = entry(text, "Two", "killed", 2)
    assert figures(text, entry(text, "Five people", "injured", 5, "hit"), two) == (2, 3)
    assert figures(text, entry(text, "Three others", "injured", 3, "hit"), two) == (2, 3)
    assert figures(text, entry(text, "Four people", "injured", 4), two) == (2, 4)
    assert figures(text, entry(text, "Two", "injured", 2, "hit"), two) == (2, 0)


def test_who_did_it_and_died_is_added_unless_counted() -> None:
    text = "Seven people were killed. Nine were killed, including the gunman. The gunman was killed."
    gunman = Casualties("killed", 1, 1, 1, "exact", "unknown", "The gunman", (67, 77))
    assert figures(text, entry(text, "Seven people", "killed", 7), gunman)[0] == 8
    assert figures(text, entry(text, "Nine", "killed", 9), gunman)[0] == 9


def test_an_ordinal_counts_the_dead_only_where_no_number_does() -> None:
    text = "A third victim died. One dead. Toll of the year."
    third = entry(text, "A third victim", "killed", 1)
    assert figures(text, third)[0] == 3
    assert figures(text, entry(text, "One", "killed", 1), third)[0] == 3
    report = coded(text, mention("a", third))
    assert toll_of(report, "a", "killed") == IncidentToll("killed", 3, 3, None, (third,))


def test_tallies_of_the_year_and_parts_do_not_count() -> None:
    text = "Two men died. It was one of 40 killings this year. Of them three were hit."
    two, forty = entry(text, "Two men", "killed", 2), entry(text, "40 killings", "killed", 40)
    assert figures(text, forty, two)[0] == 2
    assert figures(text, forty)[0] == 40  # nothing else is said
    assert figures(text, entry(text, "three", "killed", 3, "part"), two)[0] == 2


def test_without_a_number_the_vague_entry_that_says_most() -> None:
    text = "Dozens died, several at the gate. A man died in a murder-suicide."
    dozens, several = entry(text, "Dozens", "killed", None, low=24), entry(text, "several", "killed", None, low=3)
    assert figures(text, several, dozens) == (24, None)
    man, two = entry(text, "A man", "killed", 1), entry(text, "murder-suicide", "killed", None, low=2)
    assert figures(text, man, two)[0] == 2


def test_the_lead_incident_is_the_first_that_states_a_toll() -> None:
    text = "Shots. Two died. Three died."
    two, three = entry(text, "Two", "killed", 2), entry(text, "Three", "killed", 3)
    report = coded(
        text, mention("c", three, at=17), mention("a", at=0), mention("b", two, at=7), mention("d", at=20, retells="b")
    )
    assert lead_incident(report) == "b"
    assert {k: [m.id for m in v] for k, v in incidents_of(report).items()} == {"a": ["a"], "b": ["b", "d"], "c": ["c"]}
    assert lead_incident(coded(text, mention("a"))) is None
    assert lead_incident(coded(text, mention("a", two, factuality="planned"))) is None


def test_an_unknown_incident_is_an_error() -> None:
    with pytest.raises(KeyError):
        toll_of(coded("", mention("a")), "b", "killed")


@given(
    st.lists(
        st.tuples(st.sampled_from(["killed", "injured"]), st.integers(0, 9), st.sampled_from(["", "hit"])), max_size=6
    )
)
def test_ends_stay_in_order_and_the_order_of_mentions_does_not_matter(values: list[tuple[str, int, str]]) -> None:
    text = " ".join(f"w{n} x. " for n in range(len(values)))
    entries = [entry(text, f"w{n}", kind, best, scope) for n, (kind, best, scope) in enumerate(values)]
    mentions = [mention(f"m{n}", e, at=n * 6, retells="m0" if n else None) for n, e in enumerate(entries)]
    one, two = coded(text, *mentions), coded(text, *reversed(mentions))
    for kind in ("killed", "injured"):
        if mentions:
            toll = toll_of(one, "m0", kind)
            assert toll == toll_of(two, "m0", kind)
            if toll is not None and None not in (toll.low, toll.best, toll.high):
                assert 0 <= (toll.low or 0) <= (toll.best or 0) <= (toll.high or 0)
