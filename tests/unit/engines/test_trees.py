"""The tree decoder against a brute-force oracle."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from histor.engines.embedded import trees
from histor.engines.embedded.trees import decode_tree


def is_tree(heads: list[int]) -> bool:
    if heads.count(0) != 1:
        return False
    for start in range(1, len(heads) + 1):
        node, steps = start, 0
        while node != 0:
            node = heads[node - 1]
            steps += 1
            if steps > len(heads):
                return False
    return True


def best_by_force(scores: np.ndarray) -> float:
    n = len(scores) - 1
    options = itertools.product(range(n + 1), repeat=n)
    return max(
        float(sum(scores[i + 1, h] for i, h in enumerate(heads)))
        for heads in options
        if all(h != i + 1 for i, h in enumerate(heads)) and is_tree(list(heads))
    )


@given(st.integers(1, 5), st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_the_decoded_tree_is_the_best_single_root_tree(n: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(n + 1, n + 1)) * 3
    heads = decode_tree(scores)
    assert is_tree(heads)
    total = sum(scores[i + 1, h] for i, h in enumerate(heads))
    assert total == pytest.approx(best_by_force(scores), abs=1e-6)


@pytest.mark.parametrize("n", [0, 1, 60])
def test_sizes(n: int) -> None:
    heads = decode_tree(np.random.default_rng(3).normal(size=(n + 1, n + 1)))
    assert len(heads) == n
    assert n == 0 or is_tree(heads)


@pytest.mark.parametrize("scale", [1e-3, 1.0])
def test_the_root_is_settled_by_penalty_where_tries_do_not(scale: float, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.random.default_rng(11).normal(size=(30, 41, 41)) * scale
    tried = [decode_tree(s) for s in scores]
    monkeypatch.setattr(trees, "_TRIES", 0)
    assert [decode_tree(s) for s in scores] == tried


def test_flat_scores_still_give_a_tree() -> None:
    assert is_tree(decode_tree(np.zeros((9, 9))))
