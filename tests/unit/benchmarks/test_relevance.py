from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.relevance import classes, load, score, sentence_around
from histor.capture.inputs import InputOptions, make_report
from histor.model.errors import InputError
from histor.model.records import Actor, Casualties, CodedReport, EventMention, Trigger


def coded(text: str, trigger: str, type_: str, **fields: Any) -> CodedReport:
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    at = text.index(trigger)
    given = {
        "id": "1", "retells": None, "sentence": 0, "event_type": type_, "mode": None, "contexts": (), "acled": None,
        "ucdp": None, "actors": (), "recipients": (), "place": None, "date": None, "casualties": (), "weapons": (),
        "attribution": (), "factuality": "actual", "loaded_terms": (), "confidence": 0.9, "coder": "test", "why": (),
    }  # fmt: skip
    mention = EventMention(trigger=Trigger(trigger, (at, at + len(trigger))), **{**given, **fields})
    return CodedReport(report, (mention,), ())


TOLL = (Casualties("killed", 2, 2, 2, "exact", "recipients", "two", (0, 3)),)
POLICE = (Actor("police", (0, 6), None, "police", None, "COP"),)


def test_a_killing_by_police_is_kill_force_and_any() -> None:
    found = classes(coded("Two died in police firing.", "firing", "ASSAULT", casualties=TOLL, actors=POLICE))
    assert found == {"KILL", "FORCE", "ANY"}


def test_a_killing_by_a_mob_is_none_of_it() -> None:
    mob = (Actor("a mob", (0, 5), None, "mob", None, "CVL"),)
    assert classes(coded("A mob killed two.", "killed", "ASSAULT", actors=mob, casualties=TOLL)) == frozenset()


def test_no_deaths_is_no_killing() -> None:
    none = (Casualties("killed", 0, 0, 0, "exact", "recipients", "nobody", (0, 6)),)
    found = classes(coded("Police fired, nobody was hit.", "fired", "ASSAULT", actors=POLICE, casualties=none))
    assert found == {"FORCE", "ANY"}


def test_arrests_and_idle_police() -> None:
    assert "ARREST" in classes(coded("Forty were held.", "held", "COERCE", mode="arrest"))
    idle = coded("He said police did nothing and failed to help.", "help", "AID", factuality="denied")
    assert classes(idle) == {"FAIL"}


def test_words_of_another_sentence_do_not_count() -> None:
    text = "Police came late. A mob burnt shops! They fled."
    assert sentence_around(text, (text.index("mob"), text.index("mob") + 3)).strip() == "A mob burnt shops"


def test_counts_of_each_class() -> None:
    counts = score([frozenset({"KILL"}), frozenset()], [frozenset({"KILL", "ANY"}), frozenset({"KILL"})])
    assert (counts["KILL"].right, counts["KILL"].gold, counts["KILL"].guessed) == (1, 1, 2)
    assert (counts["ANY"].right, counts["ANY"].guessed) == (0, 1)


def test_a_line_without_five_marks_is_refused_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "sents_dev.tsv"
    file.write_text("Police fired.\t1\t0\t1\t0\t1\nA day passed.\t0\t0\n")
    with pytest.raises(InputError, match="line 2"):
        load(file)
    file.write_text("Police fired.\t1\t0\t1\t0\t1\n")
    assert load(file) == [("Police fired.", frozenset({"KILL", "ANY", "FORCE"}))]
