"""Scores of clusterings: MUC, B³ and CEAFe with their mean (CoNLL F1), and the adjusted Rand index.

MUC after Vilain et al. 1995, B³ after Bagga and Baldwin 1998, CEAFe (φ4) after Luo 2005; the mean of
their F1 is the score of the CoNLL shared tasks. A clustering is a mapping from items to labels. The
coreference scores take gold and guessed clusterings of the same items.
"""

from __future__ import annotations

import collections
from collections.abc import Hashable, Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.scoring import Counts

Labels = Mapping[str, Hashable]


def groups(labels: Labels) -> list[frozenset[str]]:
    """The clusters as sets of items, in order of their smallest item."""
    found: dict[Hashable, set[str]] = collections.defaultdict(set)
    for item, label in labels.items():
        found[label].add(item)
    return sorted((frozenset(g) for g in found.values()), key=min)


def muc(gold: Labels, guessed: Labels) -> Counts:
    """Links kept: recall's and precision's numerators differ, so `right` is scaled to recall's side."""
    recall = _muc_side(gold, guessed)
    precision = _muc_side(guessed, gold)
    return _counts(recall, precision)


def _muc_side(key: Labels, response: Labels) -> tuple[float, float]:
    kept = links = 0
    for group in groups(key):
        links += len(group) - 1
        kept += len(group) - len({response[i] for i in group})
    return kept, links


def b_cubed(gold: Labels, guessed: Labels) -> Counts:
    """Mean over items of the share of an item's cluster that belongs with it."""
    return _counts(_b_side(gold, guessed), _b_side(guessed, gold))


def _b_side(key: Labels, response: Labels) -> tuple[float, float]:
    total = 0.0
    for group in groups(key):
        parts = collections.Counter(response[i] for i in group)
        total += sum(n * n for n in parts.values()) / len(group)
    return total, float(len(key))


def ceaf_e(gold: Labels, guessed: Labels) -> Counts:
    """Entities aligned one to one for the greatest sum of φ4 = 2·|G∩S| / (|G|+|S|)."""
    a, b = groups(gold), groups(guessed)
    of = {item: k for k, group in enumerate(b) for item in group}
    likeness = np.zeros((len(a), len(b)))
    for i, group in enumerate(a):
        for k, shared in collections.Counter(of[x] for x in group).items():
            likeness[i, k] = 2 * shared / (len(group) + len(b[k]))
    best = sum(likeness[i, k] for i, k in enumerate(assign(likeness)) if k >= 0)
    return Counts(best, len(a), len(b))


def _counts(recall: tuple[float, float], precision: tuple[float, float]) -> Counts:
    """Counts whose precision and recall are those given, on a scale of the gold side."""
    r = recall[0] / recall[1] if recall[1] else 0.0
    p = precision[0] / precision[1] if precision[1] else 0.0
    return Counts(r, 1.0, r / p) if p and r else Counts(0.0, 1.0, 1.0)


def conll(gold: Labels, guessed: Labels) -> dict[str, Counts]:
    """The three scores by name."""
    return {"MUC": muc(gold, guessed), "B³": b_cubed(gold, guessed), "CEAFe": ceaf_e(gold, guessed)}


def conll_f1(scores: Mapping[str, Counts]) -> float:
    return sum(s.f1 for s in scores.values()) / len(scores)


def assign(gain: NDArray[np.float64]) -> list[int]:
    """For each row the column of an assignment of greatest total gain, -1 where it has none.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957), columns at least as many as rows;
    a matrix that is taller is turned.
    """
    rows, columns = gain.shape
    if rows > columns:
        turned = assign(gain.T)
        found = [-1] * rows
        for column, row in enumerate(turned):
            found[row] = column
        return found
    cost = -gain
    u, v = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, dtype=int)
    way = np.zeros(columns + 1, dtype=int)
    for row in range(1, rows + 1):
        owner[0], at = row, 0
        least, used = np.full(columns + 1, np.inf), np.zeros(columns + 1, dtype=bool)
        while owner[at]:
            used[at] = True
            reduced = cost[owner[at] - 1] - u[owner[at]] - v[1:]
            better = ~used[1:] & (reduced < least[1:])
            least[1:][better], way[1:][better] = reduced[better], at
            following = int(np.where(used, np.inf, least)[1:].argmin()) + 1
            step = least[following]
            u[owner[used]] += step
            v[used] -= step
            least[~used] -= step
            at = following
        while at:
            owner[at], at = owner[way[at]], int(way[at])
    found = [-1] * rows
    for column in range(1, columns + 1):
        if owner[column]:
            found[owner[column] - 1] = column - 1
    return found


def adjusted_rand(gold: Labels, guessed: Labels) -> float:
    """Hubert and Arabie 1985: 1 for equal partitions, about 0 for chance."""

    def pairs(counts: collections.Counter[object]) -> float:
        return sum(n * (n - 1) / 2 for n in counts.values())

    both = pairs(collections.Counter((gold[i], guessed[i]) for i in gold))
    rows = pairs(collections.Counter(gold[i] for i in gold))
    columns = pairs(collections.Counter(guessed[i] for i in gold))
    n = len(gold)
    chance = rows * columns / (n * (n - 1) / 2) if n > 1 else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)
