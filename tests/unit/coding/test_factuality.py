from __future__ import annotations

import pytest

from histor.coding.factuality import cue_of
from tests.parses import parse

CASES = [
    ("Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/1/obj", "attack", None),
    ("Rebels/rebel/NOUN/3/nsubj did/do/AUX/3/aux not/not/PART/3/advmod attack/attack/VERB/-1/root", "attack", "denied"),
    ("Rebels/rebel/NOUN/2/nsubj will/will/AUX/2/aux attack/attack/VERB/-1/root", "attack", "planned"),
    ("Rebels/rebel/NOUN/2/nsubj could/could/AUX/2/aux attack/attack/VERB/-1/root", "attack", "hypothetical"),
    ("Rebels/rebel/NOUN/1/nsubj threatened/threaten/VERB/-1/root to/to/PART/3/mark attack/attack/VERB/1/xcomp", "attack", "threatened"),
    ("Rebels/rebel/NOUN/1/nsubj plan/plan/VERB/-1/root to/to/PART/3/mark attack/attack/VERB/1/xcomp", "attack", "planned"),
    ("If/if/SCONJ/2/mark rebels/rebel/NOUN/2/nsubj attack/attack/VERB/5/advcl ,/,/PUNCT/5/punct we/we/PRON/5/nsubj leave/leave/VERB/-1/root", "attack", "hypothetical"),
    ("The/the/DET/1/det army/army/NOUN/2/nsubj denied/deny/VERB/-1/root attacking/attack/VERB/2/xcomp Goma/Goma/PROPN/3/obj", "attack", "denied"),
    ("There/there/PRON/1/expl was/be/VERB/-1/root no/no/DET/3/det attack/attack/NOUN/1/nsubj", "attack", "denied"),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "lemma", "expected"), CASES)
def test_cues(notation: str, lemma: str, expected: str | None) -> None:
    clause = parse(notation)
    i = next(k for k in range(len(clause.tokens)) if clause.lemma(k) == lemma)
    found = cue_of(clause, i)
    assert (found[0] if found else None) == expected
