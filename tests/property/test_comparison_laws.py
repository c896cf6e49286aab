"""Blocks of pairs against an oracle that takes each pair by itself: the same candidates, values and judgements."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from histor.matching.blocking import LEAST, Candidates, pairs, reach, shared
from histor.matching.columns import Columns
from histor.matching.compare import ROUNDED, WHOLE, Pairs, compare, conflicting, settle
from histor.matching.features import FEATURES, NAMES, conflict, values
from histor.matching.match import candidates, judge
from histor.matching.score import FLOOR, Model, shipped
from histor.matching.telling import Background, Days, Spot, Telling
from histor.matching.words import Bag
from histor.model.incidents import MatchDecision

WORDS = "bomb bus school mosque night killed gunmen Dera Quetta bazaar convoy drone shells police bodies ambush".split()
KNOWN = ("=pak.ttp", "=pak", "=afg.taliban", "gunmen", "police", "bus")
SUBS = ("Attack", "Armed clash", "Grenade", "Arrests", "Peaceful protest", "Suicide bomb")
DAY = 735_000


def some(rng: random.Random, members: tuple[str, ...] | list[str], most: int = 3) -> frozenset[str]:
    return frozenset(rng.sample(members, rng.randint(0, most)))


def spot(rng: random.Random) -> Spot | None:
    if rng.random() < 0.2:
        return None
    known = rng.random() < 0.8
    latitude = 31.8 + rng.choice([0, 0.05, 0.4, 3]) if known else None
    longitude = 70.9 + rng.choice([0, 0.1, 2]) if known else None
    return Spot(
        some(rng, ["dera", "quetta", "tank"], 1), rng.choice(["PAK", "PAK", "AFG", None]), rng.choice([None, 1, 2]),
        latitude, longitude, rng.choice([8.0, 30.0, 150.0]), rng.random() < 0.3,
    )  # fmt: skip


def days(rng: random.Random) -> Days | None:
    first = DAY + rng.randint(0, 6)
    return rng.choice([None, Days(first - 7, first, False), Days(first, first + rng.choice([0, 0, 1, 9]), True)])


def toll(rng: random.Random) -> tuple[float, float]:
    low = float(rng.choice([0, 1, 3, 7, 12, 150]))
    return low, rng.choice([low, low, low + 5, math.inf])


def telling(rng: random.Random, number: int) -> Telling:
    published = rng.choice([None, DAY + rng.randint(0, 9)])
    named = date.fromordinal(DAY + rng.randint(0, 6))
    text = " ".join(rng.sample(WORDS, 6)) + rng.choice(["", f". On {named:%d %B %Y} it rained."])
    background = Background(
        f"r{rng.randint(0, 9)}", published, text, rng.choice(["PAK", None]), rng.choice([None, "wire"]),
        rng.choice([None, None, ("import/a", "1"), ("import/a", "2"), ("import/b", "1")]),
    )  # fmt: skip
    return Telling(
        id=f"t{number:02}", order=("", ""), mentions=(), background=background,
        types=some(rng, ["ASSAULT", "PROTEST", "COERCE", "CONSULT"], 2), sub_events=some(rng, SUBS, 2),
        modes=some(rng, ["firearms", "bombing"], 1), real=rng.random() < 0.8, actors=some(rng, KNOWN),
        recipients=some(rng, KNOWN), spot=spot(rng), days=days(rng),
        tolls={kind: toll(rng) for kind in some(rng, ["killed", "injured", "missing"], 2)},
        weapons=some(rng, ["rifle", "drone"], 1), triggers=some(rng, ["blast", "attack", "gunfire"], 2),
        words=Bag(some(rng, WORDS, 6)), names=Bag(some(rng, WORDS, 3)), near_words=Bag(some(rng, WORDS, 9)),
        near_names=some(rng, ["dera", "quetta", "tank", "karachi"]), sentences=(frozenset(rng.sample(range(12), 8)),),
        close=Bag(some(rng, WORDS, 4)), kinds=some(rng, ["blast", "gunfire"], 1), leads=rng.random() < 0.4,
    )  # fmt: skip


def many(seed: int, n: int = 24) -> list[Telling]:
    rng = random.Random(seed)
    return [telling(rng, k) for k in rng.sample(range(n), n)]


def each(found: list[Telling]) -> list[tuple[int, int]]:
    return list(itertools.combinations(range(len(found)), 2))


@pytest.mark.parametrize("seed", range(20))
def test_a_block_of_pairs_has_the_values_of_its_pairs(seed: int) -> None:
    found = many(seed)
    places = np.array(each(found))
    block = Pairs(Columns(found), places[:, 0], places[:, 1])
    table = compare(block, [True] * len(FEATURES))
    for row, (a, b) in zip(table.tolist(), block.tellings(), strict=True):
        expected = values(a, b)
        assert row == pytest.approx(expected, abs=1e-9)
        for k, name in enumerate(NAMES):
            assert (row[k] == 0) == (expected[k] == 0)
            assert name in ROUNDED or row[k] == expected[k]
        assert settle(a, b, row) == expected


@pytest.mark.parametrize("seed", range(20))
def test_a_block_of_pairs_conflicts_where_its_pairs_do(seed: int) -> None:
    found = many(seed)
    places = np.array(each(found))
    block = Pairs(Columns(found), places[:, 0], places[:, 1])
    assert conflicting(block).tolist() == [conflict(a, b) is not None for a, b in block.tellings()]


def test_the_oracle_meets_every_feature_and_every_conflict() -> None:
    rows, reasons = [], set()
    for seed in range(20):
        found = many(seed)
        rows += [values(found[x], found[y]) for x, y in each(found)]
        reasons |= {conflict(found[x], found[y]) for x, y in each(found)}
    assert (np.array(rows) != 0).any(axis=0).all()
    assert len(reasons) == 4
    assert not WHOLE.keys() & ROUNDED.keys()
    assert WHOLE.keys() | ROUNDED.keys() == set(NAMES) - {"copied"}


def meet(a: Telling, b: Telling) -> bool:
    """Whether the days in which two tellings' events may lie meet."""
    (first, last), (begin, end) = reach(a), reach(b)
    return first <= end and begin <= last


def _met(found: list[Telling]) -> set[tuple[str, str]]:
    likely = [(found[x], found[y]) for x, y in each(found)]
    ids = [(a.id, b.id) for a, b in likely if meet(a, b) and shared(a, b) >= LEAST]
    return {(min(p), max(p)) for p in ids}


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("chunk", [3, 128])
def test_candidates_are_the_pairs_that_meet_and_share(seed: int, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("histor.matching.blocking._CHUNK", chunk)
    found = many(seed)
    expected = _met(found)
    made = [(a.id, b.id) for a, b in pairs(found)]
    assert sorted(made) == sorted(expected)
    new, known = found[:7], found[7:]
    fresh = {t.id for t in new}
    assert sorted((a.id, b.id) for a, b in candidates(new, known)) == sorted(p for p in expected if fresh & set(p))


def _one_by_one(found: list[Telling], model: Model) -> list[MatchDecision]:
    by_id = {t.id: t for t in found}
    made = []
    for left, right in sorted(_met(found)):
        a, b = by_id[left], by_id[right]
        weighed = values(a, b, model.wanted)
        score = model.probability(weighed)
        if conflict(a, b) is None and score >= FLOOR:
            made.append(model.decision(left, right, weighed, score))
    return made


@pytest.mark.parametrize("seed", range(20))
def test_judgements_are_those_on_each_pair_by_itself(seed: int) -> None:
    found, rng = many(seed), random.Random(seed)
    every = replace(shipped(), weights=tuple(rng.uniform(-1, 1) for _ in NAMES), bias=-2.0)
    for model in (shipped(), every):
        assert judge(Candidates(found), model) == _one_by_one(found, model)
