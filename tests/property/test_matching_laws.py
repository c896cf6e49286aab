"""Laws of matching: symmetric, order-free, undone by undoing, and equal to an oracle where it reduces to one."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from histor.matching.clusters import Cluster, Constraints, cluster, ordered
from histor.matching.constraints import constraints_of
from histor.matching.features import SLIP, conflict
from histor.matching.match import candidates, clusters_of, judge, match, name_clusters
from histor.matching.score import shipped
from histor.matching.telling import Telling, tellings
from tests.tellings import DERA, KARACHI, TANK, coded, mention, toll

pytestmark = pytest.mark.promise("matching-laws")

# A tenth of the profile's examples (tests/conftest.py) where each is a matching of whole tellings.
LAW = settings(max_examples=max(100, settings().max_examples // 10), deadline=None)
ITEMS = "abcdefghij"
PAIRS = st.tuples(st.sampled_from(ITEMS), st.sampled_from(ITEMS)).filter(lambda p: p[0] < p[1])
SCORES = st.dictionaries(PAIRS, st.floats(0, 1), max_size=25)


class Said(NamedTuple):
    left: str
    right: str
    judgement: str
    order: int


JUDGED = st.lists(st.tuples(PAIRS, st.sampled_from(["positive", "negative", "unsure"])), max_size=8).map(
    lambda rows: [Said(*pair, judgement, order) for order, (pair, judgement) in enumerate(rows)]
)


@pytest.mark.parametrize("seed", range(200))
def test_single_linkage_equals_connected_components(seed: int) -> None:
    rng = random.Random(seed)
    graph = nx.gnm_random_graph(rng.randint(1, 40), rng.randint(0, 60), seed=seed)
    names = {n: f"i{n:03}" for n in graph}
    scores = {ordered(names[a], names[b]): rng.uniform(0.5, 1.0) for a, b in graph.edges}
    scores |= {
        ordered(names[a], names[b]): rng.uniform(0, 0.49) for a, b in nx.complement(graph).edges if rng.random() < 0.2
    }
    found = cluster(sorted(names.values()), scores, 0.5, linkage="single")
    expected = sorted(tuple(sorted(names[n] for n in part)) for part in nx.connected_components(graph))
    assert found == expected


@given(SCORES, st.floats(0.05, 0.95))
def test_average_linkage_stays_inside_components_and_covers_every_item(
    scores: dict[tuple[str, str], float], threshold: float
) -> None:
    found = cluster(ITEMS, scores, threshold)
    assert sorted(i for c in found for i in c) == sorted(ITEMS)
    wider = cluster(ITEMS, scores, threshold, linkage="single")
    assert all(any(set(c) <= set(w) for w in wider) for c in found)


@given(SCORES, JUDGED, st.randoms(use_true_random=False))
def test_the_order_of_items_and_scores_does_not_count(
    scores: dict[tuple[str, str], float], judged: list[Said], rng: random.Random
) -> None:
    constraints = constraints_of(judged)
    items, rows = list(ITEMS), list(scores.items())
    expected = cluster(items, scores, 0.4, constraints=constraints)
    rng.shuffle(items)
    rng.shuffle(rows)
    rng.shuffle(judged)
    assert cluster(items, dict(rows), 0.4, constraints=constraints_of(judged)) == expected


@given(SCORES, JUDGED)
def test_what_persons_said_holds(scores: dict[tuple[str, str], float], judged: list[Said]) -> None:
    constraints = constraints_of(judged)
    found = cluster(ITEMS, scores, 0.4, constraints=constraints)
    of = {i: c for c in found for i in c}
    assert all(of[a] == of[b] for a, b in constraints.together)
    assert all(of[a] != of[b] for a, b in constraints.apart)


@given(SCORES, JUDGED)
def test_the_last_word_always_counts(scores: dict[tuple[str, str], float], judged: list[Said]) -> None:
    if not judged:
        return
    last = judged[-1]
    found = {i: c for c in cluster(ITEMS, scores, 0.4, constraints=constraints_of(judged)) for i in c}
    if last.judgement != "unsure":
        assert (found[last.left] == found[last.right]) == (last.judgement == "positive")


@given(SCORES, JUDGED, PAIRS)
def test_undoing_restores_clusters_and_names(
    scores: dict[tuple[str, str], float], judged: list[Said], pair: tuple[str, str]
) -> None:
    def clusters(said: list[Said]) -> list[Cluster]:
        return cluster(ITEMS, scores, 0.4, constraints=constraints_of(said))

    def named(found: list[Cluster], founders: dict[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
        names = name_clusters([[("2014-03-01", i) for i in c] for c in found], founders)
        return names.incidents, names.founders

    before, founders = named(clusters(judged), {})
    _, after = named(clusters([*judged, Said(*pair, "positive", len(judged))]), founders)
    assert named(clusters(judged), after)[0] == before


# --- tellings ----------------------------------------------------------------------------------------

_TEXTS = (
    "Gunmen opened fire on a bus in {p}, killing {n} people.", "A bus came under attack near {p}; {n} passengers died.",
    "A car bomb exploded in the bazaar of {p} and left {n} dead.", "Mortar shells fell on a school in {p}. Police counted {n} bodies.",
)  # fmt: skip
_TRIGGERS = ("opened fire", "attack", "exploded", "fell")
_SUBS = ("Attack", "Attack", "Remote explosive/landmine/IED", "Shelling/artillery/missile attack")


def _telling(kind: int, place: int, n: int, day: int, dated: bool, report: int) -> Telling:
    where = (DERA, TANK, KARACHI)[place]
    text = _TEXTS[kind].format(p=where["name"], n=n) + f" Report {report} of the day."
    one = mention(
        text,
        _TRIGGERS[kind],
        place=where,
        sub=_SUBS[kind],
        casualties=(toll(n),),
        day=f"2014-03-{day:02}" if dated else None,
    )
    return tellings(coded(text, one, published=f"2014-03-{day + 1:02}"))[0]


TELLINGS = st.lists(
    st.builds(
        _telling,
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(3, 6),
        st.integers(1, 9),
        st.booleans(),
        st.integers(0, 9),
    ),
    max_size=12,
    unique_by=lambda t: t.id,
)


@LAW
@given(TELLINGS)
def test_scores_are_symmetric(found: list[Telling]) -> None:
    model = shipped()
    for a in found[:5]:
        for b in found[:5]:
            if a is not b:
                assert model.decide(a, b) == model.decide(b, a)


@LAW
@given(TELLINGS, st.randoms(use_true_random=False))
def test_matching_does_not_depend_on_order(found: list[Telling], rng: random.Random) -> None:
    expected = match(found)
    rng.shuffle(found)
    assert match(found) == expected


@LAW
@given(TELLINGS, st.integers(0, 12))
def test_matching_in_two_steps_equals_matching_at_once(found: list[Telling], cut: int) -> None:
    first, later = found[:cut], found[cut:]
    decisions = [*match(first).decisions, *judge(candidates(later, first))]
    decisions.sort(key=lambda d: (d.left, d.right))
    whole = match(found)
    assert tuple(decisions) == whole.decisions
    assert tuple(clusters_of({t.id: t for t in found}, decisions)) == whole.clusters


@LAW
@given(TELLINGS)
def test_exact_days_and_places_never_meet_in_a_cluster(found: list[Telling]) -> None:
    of = {t.id: t for t in found}
    for members in match(found).clusters:
        days = {of[i].days.first for i in members if of[i].days is not None and of[i].days.stated}  # type: ignore[union-attr]
        assert not days or max(days) - min(days) <= SLIP
        assert not any(conflict(of[a], of[b]) for a in members for b in members)
    assert clusters_of(of, [], constraints=Constraints()) == sorted((i,) for i in of)


def test_how_much_is_tried(figure: Callable[[str], None]) -> None:
    laws = [law for law in globals().values() if callable(law) and hasattr(law, "hypothesis")]
    counts = [law._hypothesis_internal_use_settings.max_examples for law in laws]
    assert len(counts) >= 9
    figure(f"200 random graphs as networkx has them, {sum(counts):,} examples of {len(counts)} laws")
