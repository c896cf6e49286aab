"""Matching as a whole: tellings to judgements and clusters, all at once or with what is new."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from histor.matching.blocking import Candidates, pairs
from histor.matching.clusters import Cluster, Constraints, cluster
from histor.matching.columns import Columns
from histor.matching.compare import Pairs, compare, conflicting, settle
from histor.matching.features import conflict
from histor.matching.score import FLOOR, Model, shipped
from histor.matching.telling import Telling
from histor.model.canonical import digest
from histor.model.incidents import MatchDecision

_LEAST = math.log(FLOOR / (1 - FLOOR)) - 1e-6  # log-odds of `FLOOR`, with room for rounding


@dataclass(frozen=True)
class Matching:
    """Judgements on the pairs that were compared, sorted by pair, and clusters of telling ids."""

    decisions: tuple[MatchDecision, ...]
    clusters: tuple[Cluster, ...]


def match(tellings: Iterable[Telling], model: Model | None = None, constraints: Constraints | None = None) -> Matching:
    """All tellings at once. The order of the input does not count."""
    model = model or shipped()
    everything = {t.id: t for t in tellings}
    decisions = judge(pairs(everything.values()), model)
    return Matching(tuple(decisions), tuple(clusters_of(everything, decisions, model, constraints)))


def candidates(new: Iterable[Telling], known: Iterable[Telling]) -> Candidates:
    """Pairs to compare that hold at least one new telling."""
    fresh = {t.id: t for t in new}
    return Candidates([*(t for t in known if t.id not in fresh), *fresh.values()], fresh.keys())


def judge(candidates: Candidates, model: Model | None = None) -> list[MatchDecision]:
    """Judgements on candidate pairs, in order of pairs (smaller id first); those under `FLOOR` are left out."""
    model = model or shipped()
    columns = Columns(candidates.tellings)
    found = []
    for i, j in candidates.blocks():
        pairs = Pairs(columns, i, j)
        pairs = pairs[~conflicting(pairs)]
        values = compare(pairs, model.wanted)
        likely = values @ np.array(model.weights) + model.bias > _LEAST
        for (a, b), row in zip(pairs[likely].tellings(), values[likely].tolist(), strict=True):
            weighed = settle(a, b, row)
            score = model.probability(weighed)
            if score >= FLOOR:
                found.append(model.decision(a.id, b.id, weighed, score))
    return sorted(found, key=lambda d: (d.left, d.right))


def clusters_of(
    tellings: Mapping[str, Telling],
    decisions: Iterable[MatchDecision],
    model: Model | None = None,
    constraints: Constraints | None = None,
) -> list[Cluster]:
    """Clusters of tellings by the judgements on their pairs and by what persons decided."""
    model = model or shipped()
    scores = {(d.left, d.right): d.score for d in decisions}

    def excludes(a: str, b: str) -> bool:
        return conflict(tellings[a], tellings[b]) is not None

    return cluster(tellings, scores, model.join, constraints=constraints, excludes=excludes)


def incident_id(founder: str) -> str:
    """The id that an incident gets from the event mention that founds it."""
    return digest("incident", founder)


@dataclass(frozen=True)
class Names:
    """Which incident each cluster is, and under which ids it was known before.

    `incidents` runs beside the clusters that were named. `founders` holds every event mention that ever
    founded an incident with the incident's id, and `aliases` the ids that now mean another one.
    """

    incidents: tuple[str, ...]
    founders: dict[str, str]
    aliases: dict[str, str]


def name_clusters(clusters: Sequence[Sequence[tuple[str, str]]], founders: Mapping[str, str]) -> Names:
    """Ids for clusters of event mentions, given as (order, id) with `order` a date or any sorting key.

    A cluster with mentions that once founded incidents is the incident of the smallest of them, and the
    others' ids become its aliases; a cluster without any is founded by its smallest mention. A founder
    keeps its id for ever, so that a merge that is undone gives back the ids from before.
    """
    known = dict(founders)
    named: list[str] = []
    aliases: dict[str, str] = {}
    for members in clusters:
        smallest = sorted(members)
        old = [m for _, m in smallest if m in known]
        if not old:
            known[smallest[0][1]] = incident_id(smallest[0][1])
            old = [smallest[0][1]]
        named.append(known[old[0]])
        aliases.update({known[m]: named[-1] for m in old[1:]})
    return Names(tuple(named), known, aliases)
