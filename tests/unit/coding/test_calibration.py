from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.coding.calibration import Calibration, fit, shipped

SCORES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=25, max_size=200)


def test_between_points_it_is_linear_and_beyond_them_flat() -> None:
    model = Calibration(((0.2, 0.1), (0.6, 0.5)))
    assert [model(x) for x in (0.0, 0.2, 0.4, 0.6, 1.0)] == pytest.approx([0.1, 0.1, 0.3, 0.5, 0.5])


@given(SCORES)
def test_a_fit_rises_and_stays_inside(rows: list[tuple[float, bool]]) -> None:
    model = fit([r for r, _ in rows], [ok for _, ok in rows])
    values = [model(x / 50) for x in range(51)]
    assert values == sorted(values)
    assert 0 < values[0] <= values[-1] < 1


@given(SCORES, st.randoms())
def test_the_order_of_the_scores_does_not_matter(rows: list[tuple[float, bool]], rng: object) -> None:
    shuffled = list(rows)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = (fit([r for r, _ in part], [ok for _, ok in part]) for part in (rows, shuffled))
    assert first == second


def test_a_fit_finds_the_shares() -> None:
    raw = [0.3] * 100 + [0.9] * 100
    model = fit(raw, [k % 5 == 0 for k in range(100)] + [k % 10 != 0 for k in range(100)])
    assert model(0.3) == pytest.approx(0.2, abs=0.01)
    assert model(0.9) == pytest.approx(0.9, abs=0.01)


def test_too_few_scores_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        fit([0.5], [True])


def test_the_shipped_points_rise() -> None:
    points = shipped().points
    assert list(points) == sorted(points)
    assert [share for _, share in points] == sorted(share for _, share in points)
