"""Who was hurt by what is done for them, couples, losses, and numbers that count dead and wounded together."""

from __future__ import annotations

import pytest

from histor.coding.casualties import find_tolls
from histor.coding.lexicon import load_lexicon
from tests.parses import parse, words

WE = (
    "We/we/PRON/1/nsubj treated/treat/VERB/-1/root nine/nine/NUM/1/obj for/for/ADP/5/case bullet/bullet/NOUN/5/compound"
)


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        (f"{WE} wounds/wound/NOUN/1/obl", [("injured", 9)]),
        (f"{WE} points/point/NOUN/1/obl", []),
        ("Six/six/NUM/1/nummod men/man/NOUN/2/nsubj/Number=Plur lie/lie/VERB/-1/root in/in/ADP/5/case a/a/DET/5/det hospital/hospital/NOUN/2/obl", [("injured", 6)]),
        ("Six/six/NUM/1/nummod men/man/NOUN/2/nsubj/Number=Plur lie/lie/VERB/-1/root in/in/ADP/5/case a/a/DET/5/det field/field/NOUN/2/obl", []),
        ("Six/six/NUM/1/nummod men/man/NOUN/2/nsubj/Number=Plur recover/recover/VERB/-1/root after/after/ADP/5/case a/a/DET/5/det shooting/shooting/NOUN/2/obl", [("injured", 6)]),
        ("Four/four/NUM/1/nummod soldiers/soldier/NOUN/5/nsubj/Number=Plur with/with/ADP/4/case gunshot/gunshot/NOUN/4/compound wounds/wound/NOUN/1/nmod arrived/arrive/VERB/-1/root", [("injured", 4)]),
        ("Four/four/NUM/1/nsubj lost/lose/VERB/-1/root their/their/PRON/3/nmod:poss lives/life/NOUN/1/obj", [("killed", 4)]),
        ("A/a/DET/1/det couple/couple/NOUN/3/nsubj:pass/Number=Sing was/be/AUX/3/aux:pass killed/kill/VERB/-1/root", [("killed", 2)]),
        ("An/a/DET/2/det old/old/ADJ/2/amod couple/couple/NOUN/4/nsubj:pass/Number=Sing was/be/AUX/4/aux:pass killed/kill/VERB/-1/root", [("killed", 2)]),
    ],
)  # fmt: skip
def test_the_hurt_and_the_dead(notation: str, expected: list[tuple[str, int]]) -> None:
    tolls = find_tolls(parse(notation), load_lexicon(), words(notation))
    assert [(t.kind, t.quantity.best) for t in tolls] == expected


FORTY = "Forty/forty/NUM/1/nummod people/people/NOUN/3/nsubj:pass/Number=Plur were/be/AUX/3/aux:pass killed/kill/VERB/-1/root"


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("or/or/CCONJ/5/cc wounded/wound/VERB/3/conj", []),
        ("and/and/CCONJ/6/cc ten/ten/NUM/6/nsubj:pass wounded/wound/VERB/3/conj", [("killed", 40), ("injured", 10)]),
    ],
)
def test_dead_and_wounded_counted_together_are_neither(rest: str, expected: list[tuple[str, int]]) -> None:
    notation = f"{FORTY} {rest}"
    tolls = find_tolls(parse(notation), load_lexicon(), words(notation))
    assert [(t.kind, t.quantity.best) for t in tolls] == expected


def test_what_a_side_lost_is_its_own() -> None:
    notation = "Mobile/mobile/ADJ/1/amod guards/guard/NOUN/2/nsubj/Number=Plur lost/lose/VERB/-1/root two/two/NUM/4/nummod men/man/NOUN/2/obj/Number=Plur"
    text = words(notation)
    (toll,) = find_tolls(parse(notation), load_lexicon(), text)
    assert toll.people is not None
    assert (toll.quantity.best, text[slice(*toll.people)]) == (2, "Mobile guards")
