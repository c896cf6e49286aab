from __future__ import annotations

import pytest

from histor.coding.figurative import figure_of, staged_of
from tests.parses import parse

FIGURES = [
    ("Storms/storm/NOUN/1/nsubj attacked/attack/VERB/-1/root the/the/DET/3/det coast/coast/NOUN/1/obj", "attack", "Storms"),
    ("Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root the/the/DET/3/det coast/coast/NOUN/1/obj", "attack", None),
    ("They/they/PRON/1/nsubj fought/fight/VERB/-1/root a/a/DET/3/det war/war/NOUN/1/obj of/of/ADP/5/case words/word/NOUN/3/nmod", "fight", "war of words"),
    ("A/a/DET/2/det price/price/NOUN/2/compound war/war/NOUN/-1/root", "war", "price war"),
    ("An/a/DET/1/det attack/attack/NOUN/-1/root on/on/ADP/3/case inflation/inflation/NOUN/1/nmod", "attack", "inflation"),
    ("Waves/wave/NOUN/3/nsubj of/of/ADP/2/case gunmen/gunman/NOUN/0/nmod attacked/attack/VERB/-1/root", "attack", None),
    ("The/the/DET/1/det bank/bank/NOUN/2/nsubj fired/fire/VERB/-1/root clerks/clerk/NOUN/2/obj", "fire", "fired"),
    ("The/the/DET/1/det army/army/NOUN/2/nsubj fired/fire/VERB/-1/root shells/shell/NOUN/2/obj", "fire", None),
    ("The/the/DET/1/det army/army/NOUN/2/nsubj fired/fire/VERB/-1/root on/on/ADP/4/case clerks/clerk/NOUN/2/obl", "fire", None),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "lemma", "expected"), FIGURES)
def test_figures_of_speech(notation: str, lemma: str, expected: str | None) -> None:
    clause = parse(notation)
    i = next(k for k in range(len(clause.tokens)) if clause.lemma(k) == lemma)
    assert figure_of(clause, i, "ASSAULT") == expected


def test_prices_can_be_protested() -> None:
    clause = parse("A/a/DET/1/det protest/protest/NOUN/-1/root against/against/ADP/3/case prices/price/NOUN/1/nmod")
    assert figure_of(clause, 1, "PROTEST") is None
    assert figure_of(clause, 1, "ASSAULT") == "prices"


STAGED = [
    ("In/in/ADP/2/case the/the/DET/2/det film/film/NOUN/4/obl gunmen/gunman/NOUN/4/nsubj storm/storm/VERB/-1/root a/a/DET/6/det hotel/hotel/NOUN/4/obj", "storm", "film"),
    ("In/in/ADP/2/case the/the/DET/2/det town/town/NOUN/4/obl gunmen/gunman/NOUN/4/nsubj storm/storm/VERB/-1/root a/a/DET/6/det hotel/hotel/NOUN/4/obj", "storm", None),
    ("Marines/marine/NOUN/1/nsubj simulated/simulate/VERB/-1/root an/a/DET/3/det assault/assault/NOUN/1/obj", "assault", "simulated"),
    ("During/during/ADP/2/case a/a/DET/2/det drill/drill/NOUN/4/obl troops/troop/NOUN/4/nsubj seized/seize/VERB/-1/root a/a/DET/6/det port/port/NOUN/4/obj", "seize", "drill"),
    ("During/during/ADP/2/case a/a/DET/2/det drill/drill/NOUN/5/obl troops/troop/NOUN/5/nsubj:pass were/be/AUX/5/aux:pass killed/kill/VERB/-1/root", "kill", None),
    ("Troops/troop/NOUN/1/nsubj freed/free/VERB/-1/root mock/mock/ADJ/3/amod hostages/hostage/NOUN/1/obj", "free", "mock"),
    ("They/they/PRON/1/nsubj died/die/VERB/-1/root in/in/ADP/4/case a/a/DET/4/det series/series/NOUN/1/obl of/of/ADP/6/case raids/raid/NOUN/4/nmod", "raid", None),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "lemma", "expected"), STAGED)
def test_drills_and_fiction(notation: str, lemma: str, expected: str | None) -> None:
    clause = parse(notation)
    i = next(k for k in range(len(clause.tokens)) if clause.lemma(k) == lemma)
    assert staged_of(clause, i) == expected
