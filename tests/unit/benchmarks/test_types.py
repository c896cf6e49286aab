from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from benchmarks.types import Record, chief, load, party_counts, score, touching
from histor.coding.grammar import Clause
from histor.coding.retellings import Telling
from histor.model.errors import InputError
from histor.model.records import Actor, EventMention, Trigger
from tests.parses import parse

# "ministers said rebels would attack": the trigger `said` is the root, `attack` hangs on it.
CLAUSE = parse(
    "Ministers/minister/NOUN/1/nsubj said/say/VERB/-1/root rebels/rebel/NOUN/4/nsubj would/would/AUX/4/aux attack/attack/VERB/1/ccomp"
)


def telling(type_: str, word: int, fact: str = "actual", **fields: object) -> Telling:
    token = CLAUSE.tokens[word]
    mention = EventMention(
        id=f"{type_}{word}", retells=None, sentence=0, trigger=Trigger(token.text, (token.start, token.end)),
        event_type=type_, mode=None, contexts=(), acled=None, ucdp=None, actors=(), recipients=(), place=None,
        date=None, casualties=(), weapons=(), attribution=(), factuality=fact, loaded_terms=(), confidence=0.5,
        coder="test", why=(),
    )  # fmt: skip
    return Telling(msgspec.structs.replace(mention, **fields), CLAUSE, word, {}, False)


def record(type_: str = "ACCUSE", words: str = "said", **fields: object) -> Record:
    given = {"sources": ("ministers",), "targets": (), "mutual": False, **fields}
    return Record("…", type_, frozenset(words.split()), **given)  # type: ignore[arg-type]


def test_the_chief_mention_stands_highest_in_the_parse() -> None:
    low, high = telling("ASSAULT", 4), telling("ACCUSE", 1)
    assert chief([low, high]) is high
    assert chief([]) is None


def test_the_touching_mention_shares_words_with_the_record() -> None:
    low, high = telling("ASSAULT", 4), telling("ACCUSE", 1)
    assert touching(record(words="would attack"), [high, low]) is low
    assert touching(record(words="withdrew"), [high, low]) is None


def test_an_intended_assault_is_a_threat() -> None:
    figures = score([record("THREATEN"), record("ASSAULT")], [[telling("ASSAULT", 4, "planned")]] * 2)
    assert figures["chief"][0] == 0.5
    assert figures["any"] == 0.5
    assert figures["confusion"][("ASSAULT", "THREATEN")] == 1


def test_parties_match_by_their_content_words_one_to_one() -> None:
    actors = (Actor("the Ministers of Chad", (0, 1)), Actor("ministers", (2, 3)))
    counts = party_counts(record(targets=("Chad",)), telling("ACCUSE", 1, actors=actors).mention)
    assert (counts["source"].right, counts["source"].gold, counts["source"].guessed) == (1, 1, 2)
    assert (counts["recipient"].right, counts["recipient"].gold) == (0, 1)


def test_mutual_parties_count_once_on_either_side() -> None:
    mention = telling("CONSULT", 1, actors=(Actor("Chad", (0, 1)),), recipients=(Actor("Niger", (2, 3)),)).mention
    counts = party_counts(record(sources=("Niger", "Chad"), mutual=True), mention)
    assert (counts["source"].right, counts["recipient"].gold) == (2, 0)


def test_old_type_names_are_read_as_the_new_ones(tmp_path: Path) -> None:
    rows = [
        {"event": "DOCUMENT"},
        {"event": "DEMAND", "text": "a", "eventText": "b C", "source": [{"actorText": "X (Y"}], "target": None},
        {
            "event": "COERCE",
            "mode": "destroy",
            "text": "a",
            "eventText": "",
            "source": ["Z"],
            "textInfo": "(SRC/TAR: Z)",
        },
    ]
    (tmp_path / "PLOVER_GSR_CAMEO.txt").write_text(json.dumps(rows))
    first, second = load(tmp_path)
    assert (first.type, first.words, first.sources, first.targets) == (
        "REQUEST",
        frozenset({"b", "c"}),
        ("X Y",),
        (),
    )
    assert (second.type, second.mutual) == ("ASSAULT", True)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "PLOVER_GSR_CAMEO.txt").write_text('[{"event": "AID"}]')
    with pytest.raises(InputError, match="no gold records"):
        load(tmp_path)


def test_the_clause_is_as_the_tests_take_it() -> None:
    assert isinstance(CLAUSE, Clause)
    assert [CLAUSE.lemma(i) for i in CLAUSE.children[1]] == ["minister", "attack"]
