"""The document head's parts that need no weights: candidates, likeness, pooling, templates, the word table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from histor.engines.document.assembly import Settings, assemble
from histor.engines.document.candidates import candidates, normal_form
from histor.engines.document.features import ROLES, lexical_features
from histor.engines.document.head import DOCUMENT_WEIGHTS, DocumentHead, available
from histor.engines.document.reading import Reading, pool
from histor.engines.document.wordtable import WordTable
from histor.engines.embedded.weights import WEIGHTS
from histor.model.annotation import Annotation, Mention
from histor.model.errors import ConfigError
from tests.parses import sentence, words

PARSE = (
    "Members/member/NOUN/5/nsubj of/of/ADP/3/case the/the/DET/3/det Dawn/Dawn/PROPN/0/nmod ,/,/PUNCT/0/punct "
    "attacked/attack/VERB/-1/root two/two/NUM/8/nummod army/army/NOUN/8/compound trucks/truck/NOUN/5/obj ././PUNCT/5/punct"
)
TEXT = words(PARSE)


def read(mentions: tuple[Mention, ...] = ()) -> dict[str, tuple[str, str]]:
    """Candidates of the sentence by wording: head word and kind."""
    tokens = sentence(PARSE).tokens
    found = candidates(TEXT, Annotation("test", (sentence(PARSE),), mentions))
    return {TEXT[c.start : c.end]: (tokens[c.head].text, c.kind) for c in found}


def test_candidates_have_every_bound_of_a_phrase() -> None:
    found = read()
    for phrase in ("Members", "Members of the Dawn", "Dawn", "trucks", "army trucks", "two army trucks", "army"):
        assert phrase in found
    assert found["two army trucks"][0] == "trucks"
    assert found["two army"][0] == "army"
    assert "the Dawn ," not in found


def test_a_mention_is_a_candidate_and_lends_its_kind() -> None:
    start = TEXT.index("the Dawn")
    found = read((Mention("organisation", start, start + 8, 0.9, "name"),))
    assert found["the Dawn"] == ("Dawn", "organisation")


def test_normal_form_is_that_of_the_scorers() -> None:
    assert normal_form('The "Santa Rosa"  farm') == "santa rosa farm"
    assert normal_form("a") == ""


def test_likeness_of_wordings() -> None:
    within, last, acronym, shared, number, overlap = lexical_features("red dawn front", "front")
    assert (within, last, acronym, overlap) == (1, 1, 0, 1)
    assert shared == pytest.approx(1 / 3)
    assert number == 1
    assert lexical_features("red dawn of the front", "rdtf")[2] == lexical_features("red dawn front", "rdf")[2] == 1


def test_pooling_sums_in_the_exponent_and_weighs_vectors() -> None:
    scores = np.log(np.array([[1.0, 2.0], [3.0, 2.0], [5.0, 5.0]], dtype=np.float32))
    vectors = np.array([[0.0], [4.0], [9.0]], dtype=np.float32)
    pooled, mean = pool(scores, vectors, [0, 0, 1], 2)
    np.testing.assert_allclose(np.exp(pooled), [[4.0, 4.0], [5.0, 5.0]], rtol=1e-5)
    np.testing.assert_allclose(mean, [[2.4], [9.0]], rtol=1e-5)  # (2 x 0 + 3 x 4) / 5


def reading(
    roles: dict[int, tuple[str, float]],
    types: list[float],
    same: frozenset[tuple[int, int]] = frozenset(),
    apart: bool = False,
) -> Reading:
    """Wordings with a role and its log-odds; pairs in `same` are one entity."""
    n = len(roles)
    odds = np.full((n, len(ROLES)), -9.0, np.float32)
    for k, (role, value) in roles.items():
        odds[k, ROLES.index(role)] = value
    alike = np.full((n, n), -9.0, np.float32)
    for a, b in same:
        alike[a, b] = alike[b, a] = 9.0
    shared = np.full((n, n), -9.0 if apart else 9.0, np.float32)
    stated = np.array(types, np.float32)
    by_wording = np.tile(stated, (n, 1))
    return Reading(
        [],
        [f"w{k}" for k in range(n)],
        [],
        odds,
        stated,
        list(range(n)),
        by_wording,
        alike,
        shared,
    )


CALM = [-9.0] * 6
BOMBING = [-9.0, 5.0, -9.0, -9.0, -9.0, -9.0]


def test_a_report_without_an_incident_has_no_templates() -> None:
    assert assemble(reading({0: ("Victim", 5.0)}, CALM), Settings()) == []


def test_wordings_of_one_entity_stand_together_likeliest_first() -> None:
    found = assemble(
        reading({0: ("Target", 0.0), 1: ("Target", 2.0), 2: ("Target", 1.0)}, BOMBING, frozenset({(0, 1)})), Settings()
    )
    assert [i.type for i in found] == ["bombing"]
    assert [e.wordings for e in found[0].entities] == [(1, 0), (2,)]


def test_two_doubtful_wordings_of_one_entity_make_it_likely() -> None:
    doubtful = {0: ("PerpInd", -0.8), 1: ("PerpInd", -0.8)}
    settings = Settings(roles=(0.5,) * 5)
    assert assemble(reading(doubtful, BOMBING), settings)[0].entities == ()
    assert len(assemble(reading(doubtful, BOMBING, frozenset({(0, 1)})), settings)[0].entities) == 1


def test_entities_that_share_no_incident_are_parted_where_asked() -> None:
    two = reading({0: ("Victim", 3.0), 1: ("Victim", 2.0)}, BOMBING, apart=True)
    assert len(assemble(two, Settings(split=0.0))) == 1
    assert len(assemble(two, Settings(split=0.5))) == 2


def test_the_word_table_of_the_shipped_encoder() -> None:
    table = WordTable.read(WEIGHTS / "encoder.onnx")
    vectors = table(np.array([[101, 2054]]))
    assert vectors.shape == (1, 2, 384)
    assert 0.5 < np.linalg.norm(vectors[0, 1]) < 5


def test_a_file_without_a_word_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"")
    with pytest.raises(ConfigError, match="no table"):
        WordTable.read(tmp_path / "encoder.onnx")


@pytest.mark.skipif(not available(), reason="the document head is left out of this installation")
def test_a_head_made_for_another_encoder_is_refused(tmp_path: Path) -> None:
    for path in DOCUMENT_WEIGHTS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"words": "00"}))
    with pytest.raises(ConfigError, match="another encoder"):
        DocumentHead.load(tmp_path)


def test_an_installation_without_the_head_says_so(tmp_path: Path) -> None:
    assert not available(tmp_path)
    with pytest.raises(ConfigError, match="not part of this installation"):
        DocumentHead.load(tmp_path)
