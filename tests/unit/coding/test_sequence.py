"""Days counted from another event, on parses made by hand."""

from __future__ import annotations

import pytest

from histor.capture.inputs import InputOptions, make_report
from histor.coding.candidates import Candidate
from histor.coding.context import make_context
from histor.coding.lexicon import load_lexicon
from histor.coding.sequence import counted_day
from tests.unit.coding.test_coder import annotation


def day_of(text: str, trigger: str, published: str = "1993-11-11") -> tuple[str, str] | None:
    """First and last day of the event at `trigger` as the words count them; no parse is needed."""
    notation = " ".join(f"{w}/{w.lower()}/NOUN/{-1 if k == 0 else 0}/dep" for k, w in enumerate(text.split()))
    whole, given = annotation([notation], [])
    report = make_report({"text": whole}, whole.encode(), InputOptions(published=published), "text")
    context = make_context(report, given, load_lexicon())
    at = whole.index(trigger)
    candidate = Candidate(0, (at, at + len(trigger)), 0, 1.0, "ASSAULT", 1.0, None, None)
    found = counted_day(context, candidate)
    if found is None or found.earliest is None or found.latest is None:
        return None
    return found.earliest.isoformat(), found.latest.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Planes bombed camps on 10 November two days after an attack on Ambo", ("1993-11-08", "1993-11-08")),
        ("Planes bombed camps on 10 November a week before an attack on Ambo", ("1993-11-16", "1993-11-18")),
        ("Planes bombed camps on 10 November two days after talks , an attack on Ambo", None),
        ("Planes bombed camps two days after an attack on Ambo", None),
        ("Planes bombed camps on 10 November after an attack on Ambo", None),
    ],
)
def test_the_day_that_another_event_is_counted_from(text: str, expected: tuple[str, str] | None) -> None:
    assert day_of(text, "attack") == expected


def test_a_count_beyond_the_calendar_gives_no_day() -> None:
    assert day_of("Planes bombed camps on Friday 12 weeks before an attack on Ambo", "attack", "9999-12-31") is None
    assert day_of("Planes bombed camps on Friday 12 weeks after an attack on Ambo", "attack", "0001-01-08") is None
