"""The shipped model as it is loaded and run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from histor.engines.embedded.engine import MOST_WORDS, EmbeddedEngine
from histor.engines.embedded.proposals import FAINT, faint_words
from histor.engines.embedded.weights import WEIGHTS, load_weights, read_manifest
from histor.engines.table import ENGINES, load_engine
from histor.jobs.coding import Coding
from histor.model.errors import ConfigError
from histor.text.sentences import split_sentences
from histor.text.tokens import word_spans

TEXT = "Rebels attacked the town of Goma on Monday, killing 12 soldiers, an army spokesman told Reuters. The governor fled."


def test_the_table_of_engines_is_pinned() -> None:
    assert sorted(ENGINES) == ["embedded", "llm", "stanza"]
    with pytest.raises(ConfigError, match="no engine is called 'gpt'"):
        load_engine("gpt")


def test_parse(coding: Coding) -> None:
    first, second = coding.engine.annotate(TEXT).sentences
    roots = [[t.lemma for t in s.tokens if t.head < 0] for s in (first, second)]
    assert roots[1] == ["flee"]
    assert len(roots[0]) == 1
    relations = {t.text: (t.relation, t.upos) for t in first.tokens}
    assert relations["Rebels"] == ("nsubj", "NOUN")
    assert relations["12"] == ("nummod", "NUM")


def test_every_token_and_mention_is_its_words(coding: Coding) -> None:
    annotation = coding.engine.annotate(TEXT)
    for sentence in annotation.sentences:
        assert all(TEXT[t.start : t.end] == t.text for t in sentence.tokens)
    names = {(TEXT[m.start : m.end], m.kind) for m in annotation.mentions if m.layer == "name"}
    assert {("Goma", "place"), ("Reuters", "organisation")} <= names


def test_proposals(coding: Coding) -> None:
    annotation = coding.engine.annotate(TEXT)
    best = max(annotation.proposals, key=lambda p: p.score)
    assert max(best.types, key=lambda t: best.types[t]) == "ASSAULT"
    assert {"actor", "recipient", "place", "date"} <= {r.role for r in best.roles}


def test_faint_words_are_neither_proposed_nor_ruled_out() -> None:
    inside = np.array([0.9, 0.1, 0.001, FAINT + 0.001])
    tags = np.log(np.stack([1 - inside, inside], axis=1)).astype(np.float32)
    words = [[(0, 3), (4, 8)], [(9, 12), (13, 15)]]
    assert faint_words(words, tags) == ((4, 8), (13, 15))


def test_proposals_about_given_triggers(coding: Coding) -> None:
    assert isinstance(coding.engine, EmbeddedEngine)
    sentences = split_sentences(TEXT)
    segments = [(s.start, s.end, s.kind) for s in sentences]
    words = [list(word_spans(TEXT, s.start, s.end)) for s in sentences]
    own = coding.engine.annotate_words(TEXT, segments, words)
    attacked, town, fled = ((TEXT.index(w), TEXT.index(w) + len(w)) for w in ("attacked", "town of", "fled"))
    given = coding.engine.annotate_words(TEXT, segments, words, triggers=[fled, attacked, town, (900, 905)])
    assert (given.sentences, given.mentions) == (own.sentences, own.mentions)
    assert [(p.start, p.end, p.sentence) for p in given.proposals] == [(*attacked, 0), (*town, 0), (*fled, 1)]
    itself = next(p for p in own.proposals if (p.start, p.end) == attacked)
    assert (given.proposals[0].roles, given.proposals[0].score) == (itself.roles, itself.score)
    assert given.proposals[1].score < 0.15  # "town of" is proposed because it was asked for, and no event
    assert coding.engine.annotate_words(TEXT, segments, words, triggers=[]).proposals == ()


def test_results_do_not_depend_on_what_was_read_before(coding: Coding) -> None:
    alone = coding.engine.annotate(TEXT)
    coding.engine.annotate(TEXT * 30)
    assert coding.engine.annotate(TEXT) == alone


@pytest.mark.parametrize(
    "text", ["", " \n ", ".", "🙂" * 50, "word " * (3 * MOST_WORDS), "x" * 5_000, "\u200b\u0301", "a-" * 400]
)
def test_odd_texts(coding: Coding, text: str) -> None:
    annotation = coding.engine.annotate(text)
    assert sum(len(s.tokens) for s in annotation.sentences) <= max(1, len(text))
    for sentence in annotation.sentences:
        assert sum(t.head < 0 for t in sentence.tokens) == 1


def test_size_and_manifest() -> None:
    manifest = read_manifest()
    size = sum((WEIGHTS / name).stat().st_size for name in manifest["files"])
    assert size <= 40_000_000
    assert (WEIGHTS / "MODEL_CARD.md").is_file()


def test_a_changed_weight_is_refused(tmp_path: Path) -> None:
    for name in read_manifest()["files"]:
        shutil.copy(WEIGHTS / name, tmp_path / name)
    shutil.copy(WEIGHTS / "manifest.json", tmp_path / "manifest.json")
    load_weights(tmp_path)
    path = tmp_path / "tags.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ConfigError, match="not the one that was shipped"):
        load_weights(tmp_path)
    path.unlink()
    with pytest.raises(ConfigError, match="missing"):
        load_weights(tmp_path)


def test_a_broken_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ConfigError, match="manifest"):
        EmbeddedEngine.load(tmp_path)


def test_the_shipped_graphs_are_the_lean_ones() -> None:
    sessions = load_weights().sessions
    assert [i.name for i in sessions["encoder"].get_inputs()] == ["ids", "shapes", "index"]
    assert sum((WEIGHTS / f"{name}.onnx").stat().st_size for name in ("syntax", "relations")) < 1_200_000


def test_labels_match_the_heads() -> None:
    labels = json.loads((WEIGHTS / "labels.json").read_text())
    weights = load_weights()
    shapes = {o.name: o.shape for o in weights.sessions["tags"].get_outputs()}
    assert shapes["names"][1] == len(labels["names"])
    assert shapes["triggers"][1] == len(labels["triggers"]) == 2 * len(labels["types"]) + 1
