"""The scorer of roles over the whole report, on cases whose answers were worked out by hand."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.muc4_scoring import assign, entities, matches, merged, ree, rme


def template(kind: str = "attack", **roles: list[list[Any]]) -> dict[str, Any]:
    return {"incident_type": kind, "PerpInd": [], "PerpOrg": [], "Target": [], "Victim": [], "Weapon": [], **roles}


def test_wordings_are_compared_without_articles_case_and_punctuation() -> None:
    assert entities([[["The U.S. embassy", 7]], ["a bank"], ["the"]]) == [{"us embassy"}, {"bank"}]


def test_entities_that_share_a_wording_are_one_over_templates() -> None:
    first, second = template(PerpInd=[["rebels", "gunmen"]]), template(PerpInd=[["gunmen", "attackers"], ["colonel"]])
    assert set(merged([first, second], "PerpInd")) == {
        frozenset({"rebels", "gunmen", "attackers"}),
        frozenset({"colonel"}),
    }


def test_an_entity_with_one_wrong_wording_does_not_match() -> None:
    gold = entities([["mayor", "the mayor of the town"]])
    assert matches(entities([["mayor"]]), gold) == 1
    assert matches(entities([["mayor", "councillor"]]), gold) == 0


def test_two_predictions_of_one_gold_entity_match_once() -> None:
    assert matches(entities([["bank"], ["branch"]]), entities([["bank", "branch"]])) == 1


def test_a_taken_gold_entity_is_given_up_where_its_taker_has_another() -> None:
    gold = entities([["car", "vehicle"], ["car"]])
    assert matches(entities([["car"], ["vehicle"]]), gold) == 2


def test_ree_ignores_templates_and_counts_over_reports() -> None:
    gold = {"a": [template("bombing", Victim=[["judge"]]), template(Victim=[["guard"]])], "b": []}
    predicted = {"a": [template("arson", Victim=[["judge"], ["driver"]])], "b": [template(Weapon=[["bomb"]])]}
    scores = ree(gold, predicted)
    assert (scores["all"].right, scores["all"].gold, scores["all"].guessed) == (1, 2, 3)
    assert scores["Victim"].f1 == pytest.approx(0.5)


def test_rme_counts_the_type_and_aligns_for_the_most_matches() -> None:
    gold = {
        "a": [template("bombing", Target=[["bank"]], Weapon=[["car bomb"]]), template("bombing", Target=[["school"]])]
    }
    predicted = {
        "a": [template("bombing", Target=[["school"]]), template("bombing", Target=[["shop"]], Weapon=[["car bomb"]])]
    }
    scores = rme(gold, predicted)
    # Both types, "school", "car bomb": 4 of 5 fillers on either side.
    assert (scores["all"].right, scores["all"].gold, scores["all"].guessed) == (4, 5, 5)
    assert scores["incident_type"].right == 2


def test_rme_aligns_across_types_only_where_asked() -> None:
    gold, predicted = (
        {"a": [template("attack", Victim=[["priest"]])]},
        {"a": [template("bombing", Victim=[["priest"]])]},
    )
    assert rme(gold, predicted)["all"].right == 0
    assert rme(gold, predicted, same_type=False)["all"].right == 1


def test_either_of_two_gold_types_is_right() -> None:
    assert rme({"a": [template("bombing / attack")]}, {"a": [template("attack")]})["all"].f1 == 1


def test_missing_and_spurious_templates_cost() -> None:
    gold = {"a": [template(Victim=[["x"]])], "b": []}
    scores = rme(gold, {"b": [template(Victim=[["x"]])]})
    assert (scores["all"].right, scores["all"].gold, scores["all"].guessed) == (0, 2, 2)


@given(st.lists(st.lists(st.integers(0, 6), min_size=4, max_size=4), min_size=1, max_size=4))
def test_assignment_is_the_best_of_all(weights: list[list[int]]) -> None:
    rows, columns = len(weights), 4
    found = assign(rows, columns, lambda i, j: weights[i][j])
    best = max(sum(weights[i][j] for i, j in enumerate(p)) for p in itertools.permutations(range(columns), rows))
    assert sum(weights[i][j] for i, j in found) == best
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
