"""Windows of word pieces, against the tokenizer's own run over whole sentences."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from histor.engines.embedded import windows
from histor.engines.embedded.weights import load_vocabulary
from histor.engines.embedded.windows import CLS, MOST_PIECES, SEP, Pieces, pack
from histor.text.shapes import shape_of

SENTENCES = [
    "Militiamen shelled Qalamoun 's outskirts , wounding 14 .".split(),
    ["Überfall", "–", "\u200b", "naïve", "😀", "Zinjibar"],
    ["\u200b", "began"],
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_vocabulary()[0]


def test_pieces_of_words_are_those_of_the_sentence(tokenizer: Tokenizer) -> None:
    pieces = Pieces(tokenizer)
    for words, whole in zip(
        SENTENCES, tokenizer.encode_batch(SENTENCES, is_pretokenized=True, add_special_tokens=False), strict=True
    ):
        assert [i for word in words for i in pieces.of(word)[0]] == whole.ids
        assert [pieces.of(word)[1] for word in words] == [shape_of(word) for word in words]


def test_a_full_store_of_words_changes_nothing(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    ample = pack(SENTENCES, Pieces(tokenizer), 160)
    monkeypatch.setattr(windows, "_MOST_KNOWN", 2)
    assert pack(SENTENCES, Pieces(tokenizer), 160) == ample


def test_where_words_and_roots_stand(tokenizer: Tokenizer) -> None:
    pieces = Pieces(tokenizer)
    (window,) = pack(SENTENCES, pieces, 160)
    assert window.ids[0] == CLS
    assert [window.ids[root] for root in window.roots] == [SEP] * 3
    assert len(window.ids) == len(window.shapes)
    for words, starts in zip(SENTENCES, window.words, strict=True):
        for word, start in zip(words, starts, strict=True):
            ids = pieces.of(word)[0]
            assert list(ids) == window.ids[start : start + len(ids)]
    assert window.words[1][2] == window.words[1][1]  # no pieces of its own


def test_a_window_ends_before_it_is_too_long(tokenizer: Tokenizer) -> None:
    found = pack(SENTENCES * 4, Pieces(tokenizer), 40)
    assert len(found) > 1
    assert all(len(w.ids) <= 40 for w in found)
    assert [k for w in found for k in w.sentences] == list(range(12))


def test_an_overlong_sentence_is_cut(tokenizer: Tokenizer) -> None:
    (window,) = pack([["Qalamoun"] * 400], Pieces(tokenizer), 160)
    assert len(window.ids) == MOST_PIECES + 2
    assert len(window.words[0]) == 400
    assert max(window.words[0]) < window.roots[0]
