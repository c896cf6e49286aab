from __future__ import annotations

import pytest

from histor.coding.casualties import find_tolls
from histor.coding.lexicon import load_lexicon
from histor.coding.toll import Toll, without_the_dead
from histor.resolve.quantities import Quantity
from tests.parses import parse, words

CASES = [
    ("Rebels/rebel/NOUN/1/nsubj killed/kill/VERB/-1/root 12/12/NUM/3/nummod soldiers/soldier/NOUN/1/obj/Number=Plur", [("killed", 12, "12 soldiers")]),
    ("Twelve/twelve/NUM/1/nummod people/people/NOUN/2/nsubj/Number=Plur died/die/VERB/-1/root and/and/CCONJ/6/cc 30/30/NUM/6/nsubj:pass were/be/AUX/6/aux:pass wounded/wound/VERB/2/conj", [("killed", 12, "Twelve people"), ("injured", 30, "30")]),
    ("The/the/DET/1/det blast/blast/NOUN/2/nsubj left/leave/VERB/-1/root nine/nine/NUM/4/nummod people/people/NOUN/2/obj/Number=Plur dead/dead/ADJ/2/xcomp", [("killed", 9, "nine people")]),
    ("Gunmen/gunman/NOUN/1/nsubj shot/shoot/VERB/-1/root dead/dead/ADJ/1/xcomp a/a/DET/4/det farmer/farmer/NOUN/1/obj/Number=Sing", [("killed", 1, "a farmer")]),
    ("The/the/DET/2/det death/death/NOUN/2/compound toll/toll/NOUN/3/nsubj rose/rise/VERB/-1/root to/to/ADP/5/case 40/40/NUM/3/obl", [("killed", 40, "40")]),
    ("Police/police/NOUN/1/nsubj arrested/arrest/VERB/-1/root 15/15/NUM/3/nummod men/man/NOUN/1/obj/Number=Plur", [("captured", 15, "15 men")]),
    ("The/the/DET/1/det soldiers/soldier/NOUN/2/nsubj/Number=Plur fled/flee/VERB/-1/root", []),
    ("A/a/DET/3/det 12/12/NUM/3/nummod year/year/NOUN/3/compound war/war/NOUN/4/nsubj ended/end/VERB/-1/root", []),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "expected"), CASES)
def test_tolls(notation: str, expected: list[tuple[str, int, str]]) -> None:
    text = words(notation)
    tolls = find_tolls(parse(notation), load_lexicon(), text)
    assert [(t.kind, t.quantity.best, text[slice(*t.span)]) for t in tolls] == expected


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        ("Four/four/NUM/1/nummod men/man/NOUN/3/nsubj:pass/Number=Plur were/be/AUX/3/aux:pass shot/shoot/VERB/-1/root", [("injured", 4, "Four men")]),
        ("A/a/DET/1/det girl/girl/NOUN/4/nsubj:pass/Number=Sing was/be/AUX/4/aux:pass fatally/fatally/ADV/4/advmod shot/shoot/VERB/-1/root", [("killed", 1, "A girl")]),
        ("Two/two/NUM/1/nummod men/man/NOUN/3/nsubj:pass/Number=Plur were/be/AUX/3/aux:pass stabbed/stab/VERB/-1/root to/to/ADP/5/case death/death/NOUN/3/obl", [("killed", 2, "Two men")]),
        ("A/a/DET/1/det woman/woman/NOUN/3/nsubj:pass/Number=Sing was/be/AUX/3/aux:pass found/find/VERB/-1/root dead/dead/ADJ/3/xcomp", [("killed", 1, "A woman")]),
        ("The/the/DET/2/det fatal/fatal/ADJ/2/amod shooting/shooting/NOUN/-1/root of/of/ADP/6/case two/two/NUM/6/nummod police/police/NOUN/6/compound officers/officer/NOUN/2/nmod/Number=Plur", [("killed", 2, "two police officers")]),
    ],
)  # fmt: skip
def test_who_is_hurt_is_dead_only_where_it_is_said(notation: str, expected: list[tuple[str, int, str]]) -> None:
    text = words(notation)
    tolls = find_tolls(parse(notation), load_lexicon(), text)
    assert [(t.kind, t.quantity.best, text[slice(*t.span)]) for t in tolls] == expected


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        ("5/5/NUM/1/nummod shot/shot/NOUN/-1/root ,/,/PUNCT/1/punct 1/1/NUM/4/nummod dead/dead/ADJ/1/conj", [("injured", 4, "5"), ("killed", 1, "1")]),
        ("Three/three/NUM/1/nummod others/other/NOUN/3/nsubj:pass/Number=Plur were/be/AUX/3/aux:pass taken/take/VERB/-1/root to/to/ADP/5/case hospital/hospital/NOUN/3/obl", [("injured", 3, "Three others")]),
        ("He/he/PRON/2/nsubj:pass was/be/AUX/2/aux:pass killed/kill/VERB/-1/root", [("killed", 1, "He")]),
        ("12/12/NUM/2/nummod wounded/wound/VERB/2/amod/VerbForm=Part|Tense=Past soldiers/soldier/NOUN/3/nsubj/Number=Plur slept/sleep/VERB/-1/root", [("injured", 12, "12 wounded soldiers")]),
    ],
)  # fmt: skip
def test_headlines_hospitals_and_pronouns(notation: str, expected: list[tuple[str, int, str]]) -> None:
    text = words(notation)
    tolls = find_tolls(parse(notation), load_lexicon(), text)
    assert [(t.kind, t.quantity.best, text[slice(*t.span)]) for t in tolls] == expected


def test_who_was_hit_and_died_is_not_wounded_as_well() -> None:
    text = "A man was shot. The man died."
    hit = Toll("injured", Quantity(0, 5, 1, 1, 1, "exact"), (0, 5), (0, 5), 0, hit=True)
    dead = Toll("killed", Quantity(16, 23, 1, 1, 1, "exact"), (16, 23), (16, 23), 0)
    assert without_the_dead([[hit], [dead]], text) == [[], [dead]]
    other = "Another man was shot. The man died."
    hit = Toll("injured", Quantity(0, 11, 1, 1, 1, "exact"), (0, 11), (0, 11), 0, hit=True)
    dead = Toll("killed", Quantity(22, 29, 1, 1, 1, "exact"), (22, 29), (22, 29), 0)
    assert without_the_dead([[hit], [dead]], other) == [[hit], [dead]]
