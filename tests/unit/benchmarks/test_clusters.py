from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from benchmarks.clusters import adjusted_rand, assign, b_cubed, ceaf_e, conll, conll_f1, muc


def labels(*groups: str) -> dict[str, int]:
    return {item: k for k, group in enumerate(groups) for item in group}


GOLD = labels("abcde", "fg", "hijkl")
MERGED = labels("abcde", "fghijkl")
ALL = labels("abcdefghijkl")


def test_muc_of_vilain() -> None:
    # Links: gold 4 + 1 + 4; one link too many is made, none is missed.
    found = muc(GOLD, MERGED)
    assert found.recall == pytest.approx(1.0)
    assert found.precision == pytest.approx(9 / 10)


def test_b_cubed_of_bagga_and_baldwin() -> None:
    # Their example: joining the small chain to a large one costs less than joining all.
    assert b_cubed(GOLD, MERGED).precision == pytest.approx(16 / 21)
    assert b_cubed(GOLD, ALL).precision == pytest.approx((25 + 4 + 25) / 144)
    assert b_cubed(GOLD, labels(*"abcdefghijkl")).recall == pytest.approx(3 / 12)


def test_ceaf_e_of_luo() -> None:
    found = ceaf_e(GOLD, MERGED)
    best = 1.0 + 2 * 5 / 12
    assert found.recall == pytest.approx(best / 3)
    assert found.precision == pytest.approx(best / 2)


def test_equal_clusterings_score_one_and_the_mean_is_of_three() -> None:
    scores = conll(GOLD, GOLD)
    assert conll_f1(scores) == pytest.approx(1.0)
    assert list(scores) == ["MUC", "B³", "CEAFe"]
    assert adjusted_rand(GOLD, GOLD) == 1.0


def test_singletons_have_no_links() -> None:
    assert muc(GOLD, labels(*"abcdefghijkl")).f1 == 0.0


def test_adjusted_rand_of_a_known_table() -> None:
    # Hubert and Arabie's adjustment: (2 - 6·7/15) / (6.5 - 6·7/15) for these partitions of six.
    gold, guessed = labels("abc", "def"), labels("ab", "cd", "ef")
    both, rows, columns = 2, 6, 3
    chance = rows * columns / 15
    assert adjusted_rand(gold, guessed) == pytest.approx((both - chance) / ((rows + columns) / 2 - chance))


@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (5, 2), (1, 1), (4, 6)])
def test_assignment_equals_trying_all(shape: tuple[int, int]) -> None:
    rng = random.Random(7)
    gain = np.array([[rng.random() for _ in range(shape[1])] for _ in range(shape[0])])
    found = assign(gain)
    total = sum(gain[i, k] for i, k in enumerate(found) if k >= 0)
    wide = gain if shape[0] <= shape[1] else gain.T
    best = max(
        sum(wide[i, k] for i, k in enumerate(p)) for p in itertools.permutations(range(wide.shape[1]), wide.shape[0])
    )
    assert total == pytest.approx(best)
    assert len({k for k in found if k >= 0}) == min(shape)
