from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from histor.engines.embedded.tags import best_tags, spans, viterbi

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG")


def log(rows: list[list[float]]) -> np.ndarray:
    return np.log(np.array(rows, dtype=np.float32))


def test_an_inside_tag_never_follows_another_kind() -> None:
    scores = log([[0.1, 0.6, 0.1, 0.1, 0.1], [0.1, 0.1, 0.2, 0.1, 0.5], [0.6, 0.1, 0.1, 0.1, 0.1]])
    tags = viterbi(scores, LABELS)
    assert [LABELS[t] for t in tags] == ["B-PER", "I-PER", "O"]


def test_a_sentence_never_starts_inside() -> None:
    tags = viterbi(log([[0.2, 0.15, 0.5, 0.1, 0.05]]), LABELS)
    assert not LABELS[tags[0]].startswith("I")


def test_spans() -> None:
    assert spans([1, 2, 0, 3, 3, 4], LABELS) == [(0, 2, "PER"), (3, 4, "ORG"), (4, 6, "ORG")]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6), st.integers(0, 10_000))
def test_tags_of_many_sentences_are_those_of_each(sizes: list[int], seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(sum(sizes), len(LABELS))).astype(np.float32)
    ends = np.cumsum(sizes).tolist()
    alone = [viterbi(scores[end - n : end], LABELS) for n, end in zip(sizes, ends, strict=True)]
    assert best_tags(scores, sizes, LABELS) == alone
