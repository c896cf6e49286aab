from __future__ import annotations

from typing import NamedTuple

from histor.matching.clusters import Constraints, cluster
from histor.matching.constraints import constraints_of
from histor.matching.match import incident_id, name_clusters


class Said(NamedTuple):
    left: str
    right: str
    judgement: str
    order: int


def test_average_linkage_does_not_chain() -> None:
    chain = {("a", "b"): 0.9, ("b", "c"): 0.6, ("c", "d"): 0.9, ("a", "c"): 0.1, ("a", "d"): 0.0, ("b", "d"): 0.1}
    assert cluster("abcd", chain, 0.5) == [("a", "b"), ("c", "d")]
    assert cluster("abcd", chain, 0.5, linkage="single") == [("a", "b", "c", "d")]


def test_what_excludes_holds_for_all_pairs_of_two_clusters() -> None:
    scores = {("a", "b"): 0.9, ("b", "c"): 0.8, ("a", "c"): 0.7}
    assert cluster("abc", scores, 0.3, excludes=lambda x, y: {x, y} == {"a", "c"}) == [("a", "b"), ("c",)]


def test_a_person_joins_what_scores_nothing_and_parts_what_scores_all() -> None:
    together = Constraints(together=frozenset({("a", "z")}))
    assert cluster("az", {}, 0.5, constraints=together) == [("a", "z")]
    apart = Constraints(apart=frozenset({("a", "b")}))
    assert cluster("ab", {("a", "b"): 1.0}, 0.5, constraints=apart) == [("a",), ("b",)]


def test_what_was_parted_is_not_joined_through_a_third() -> None:
    scores = {("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): 0.9}
    found = cluster("abc", scores, 0.3, constraints=Constraints(apart=frozenset({("a", "b")})))
    assert not any({"a", "b"} <= set(c) for c in found)


def test_the_later_of_contradicting_judgements_holds() -> None:
    said = [Said("a", "b", "positive", 1), Said("b", "c", "positive", 2), Said("a", "c", "negative", 3)]
    found = constraints_of(said)
    assert found.apart == {("a", "c")}
    assert found.together == {("b", "c")}
    said[2] = Said("a", "c", "negative", 0)
    assert constraints_of(said).apart == frozenset()


def test_a_judgement_does_not_reach_groups_that_it_does_not_name() -> None:
    # The group of b is dissolved into that of a; many new groups then come and go where it was kept.
    said = [Said("b", "z", "negative", 1000), Said("a", "b", "positive", 999)]
    pairs = {(f"c{n:03}", "z") for n in range(200)}
    said += [Said(one, z, "positive", n) for n, (one, z) in enumerate(sorted(pairs))]
    assert constraints_of(said).together == {("a", "b"), *pairs}


def test_judgements_speak_of_tellings() -> None:
    of = {"m1": "t1", "m2": "t1", "m3": "t2"}
    assert constraints_of([Said("m1", "m2", "negative", 1)], of) == Constraints()
    assert constraints_of([Said("m2", "m3", "positive", 1)], of).together == {("t1", "t2")}
    taken_back = [Said("m2", "m3", "positive", 1), Said("m1", "m3", "unsure", 2)]
    assert constraints_of(taken_back, of) == Constraints()


def test_an_incident_is_named_after_its_smallest_mention_and_keeps_its_name() -> None:
    first = name_clusters([[("2014-03-02", "m2"), ("2014-03-03", "m1")]], {})
    assert first.incidents == (incident_id("m2"),)
    later = name_clusters([[("2014-03-01", "m0"), ("2014-03-02", "m2"), ("2014-03-03", "m1")]], first.founders)
    assert later.incidents == first.incidents


def test_a_merge_leaves_an_alias_and_its_undoing_gives_back_both_names() -> None:
    apart = [[("2014-03-02", "m1")], [("2014-03-03", "m2")]]
    before = name_clusters(apart, {})
    merged = name_clusters([[*apart[0], *apart[1]]], before.founders)
    assert merged.incidents == (before.incidents[0],)
    assert merged.aliases == {before.incidents[1]: before.incidents[0]}
    again = name_clusters(apart, merged.founders)
    assert again.incidents == before.incidents
    assert again.aliases == {}


def test_a_split_off_part_gets_a_name_that_nothing_had() -> None:
    whole = name_clusters([[("2014-03-02", "m1"), ("2014-03-03", "m2")]], {})
    split = name_clusters([[("2014-03-02", "m1")], [("2014-03-03", "m2")]], whole.founders)
    assert split.incidents[0] == whole.incidents[0]
    assert split.incidents[1] not in whole.incidents
