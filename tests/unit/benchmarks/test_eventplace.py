"""The scorer of `eventplace` on hand-made sentences with known answers."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from benchmarks.eventplace import Item, in_parse, make_item, marked, read_items, score
from histor.model.annotation import Annotation
from tests.parses import sentence

TEXT = "Rebels shelled Old Town, a suburb of Dera."
WORDS = ("Rebels", "shelled", "Old", "Town", ",", "a", "suburb", "of", "Dera", ".")


def row(spans: list[dict[str, Any]], answer: str = "accept") -> dict[str, Any]:
    tokens, at = [], 0
    for word in WORDS:
        start = TEXT.index(word, at)
        at = start + len(word)
        tokens.append({"text": word, "start": start, "end": at})
    return {"text": TEXT, "tokens": tokens, "spans": spans, "answer": answer}


VERB = {"label": "VERB", "start": 7, "end": 14, "token_start": 1, "token_end": 1}
PLACE = {"label": "LOCATION", "start": 2, "end": 3, "token_start": 2, "token_end": 3}  # numbers of words, as often


def item(spans: list[dict[str, Any]]) -> Item:
    return make_item(0, row(spans))


def test_spans_are_read_by_the_numbers_of_their_words() -> None:
    found = item([VERB, PLACE])
    assert [TEXT[a:b] for a, b in found.verbs] == ["shelled"]
    assert [TEXT[a:b] for a, b in found.places] == ["Old Town"]


def test_a_span_that_runs_past_the_end_is_its_first_word() -> None:
    found = item([VERB, {**PLACE, "token_start": 8, "token_end": 16}, {**PLACE, "token_start": 30, "token_end": 30}])
    assert [TEXT[a:b] for a, b in found.places] == ["Dera"]


def test_blank_words_are_no_words() -> None:
    tokens = [{"start": 0, "end": 1}, {"start": 1, "end": 3}, {"start": 3, "end": 4}]
    found = make_item(3, {"text": " Hi\n", "tokens": tokens, "spans": []})
    assert found.words == ((1, 3),)
    assert found.id == "el-3"


def test_rejected_items_are_left_out_and_keep_their_numbers(tmp_path: Path) -> None:
    rows = [row([VERB], "reject"), row([VERB, PLACE]), {**row([VERB]), "answer": None}]
    with zipfile.ZipFile(tmp_path / "labeled_text.jsonl.zip", "w") as archive:
        archive.writestr("labeled_text.jsonl", json.dumps(rows))
    assert [i.id for i in read_items(tmp_path)] == ["el-1"]
    lines = tmp_path / "lines.jsonl"
    lines.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    assert read_items(lines) == read_items(tmp_path)


def test_counts_are_words() -> None:
    one = item([VERB, PLACE])  # gold: Old, Town
    town, dera = (19, 23), (37, 41)
    counts, exact = score([one], {"el-0": [town, dera]})
    assert (counts.right, counts.gold, counts.guessed, exact) == (1, 2, 2, 0.0)
    assert (counts.precision, counts.recall, counts.f1) == (0.5, 0.5, 0.5)


def test_sentences_without_a_place_count_against_precision_alone() -> None:
    one, two = item([VERB, PLACE]), item([VERB])
    two = Item("el-1", two.text, two.words, two.verbs, two.places)
    counts, exact = score([one, two], {"el-0": [(15, 23)], "el-1": [(37, 41)]})
    assert (counts.right, counts.gold, counts.guessed, exact) == (2, 2, 3, 0.5)
    counts, exact = score([two], {"el-1": []})
    assert (counts.f1, exact) == (0.0, 1.0)


@pytest.mark.parametrize(("span", "count"), [((15, 23), 2), ((16, 20), 2), ((15, 18), 1), ((18, 19), 0), ((15, 24), 3)])
def test_a_word_is_marked_if_a_span_touches_it(span: tuple[int, int], count: int) -> None:
    assert len(marked(item([VERB]), [span])) == count


NOTATION = (
    "Troops/troop/NOUN/1/nsubj fought/fight/VERB/-1/root in/in/ADP/3/case Dera/Dera/PROPN/1/obl "
    "against/against/ADP/6/case Jordan/Jordan/PROPN/6/compound rebels/rebel/NOUN/1/obl"
)


@pytest.mark.parametrize("verb", ["fought", "Troops", "rebels"])
def test_the_parse_gives_names_in_phrases_of_place(verb: str) -> None:
    clause = sentence(NOTATION)
    by_text = {t.text: (t.start, t.end) for t in clause.tokens}
    names = [by_text["Dera"], by_text["Jordan"]]
    assert in_parse(Annotation("test", (clause,)), (by_text[verb],), names) == [by_text["Dera"]]


def test_the_parse_gives_nothing_for_a_verb_without_a_phrase_of_place() -> None:
    clause = sentence("Gunmen/gunman/NOUN/1/nsubj fled/flee/VERB/-1/root Dera/Dera/PROPN/1/obj")
    name = (clause.tokens[2].start, clause.tokens[2].end)
    assert in_parse(Annotation("test", (clause,)), ((7, 11),), [name]) == []
