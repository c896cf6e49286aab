from __future__ import annotations

import pytest

from benchmarks.scoring import weighted_f1
from benchmarks.written import by_keywords, calibration_error, reliability


def test_calibration_error_is_the_mean_gap_over_bins() -> None:
    # Two bins: 0.9 with one of two right (gap 0.4), 0.1 with none of two (gap 0.1).
    assert calibration_error([0.9, 0.9, 0.1, 0.1], [True, False, False, False]) == pytest.approx(0.25)
    assert calibration_error([1.0], [True]) == 0
    assert calibration_error([], []) == 0


def test_bins_without_any_are_left_out() -> None:
    assert reliability([0.95, 0.05], [True, False]) == [("0.0 to 0.1", 0.05, 0.0, 1), ("0.9 to 1.0", 0.95, 1.0, 1)]


def test_keywords_count_at_the_beginnings_of_words() -> None:
    lists = {"Arrests": ["arrest"], "Grenade": ["grenade"]}
    assert by_keywords("Arrested: two. A grenade and arrests.", lists) == "Arrests"
    assert by_keywords("Unarrested development", lists) == "-"


def test_weighted_f1_weighs_by_gold() -> None:
    assert weighted_f1(["a", "a", "b"], ["a", "a", "a"]) == pytest.approx(2 / 3 * 0.8)
    assert weighted_f1([], []) == 0
