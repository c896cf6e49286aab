"""Decoding arc scores into a tree with exactly one root.

Chu-Liu-Edmonds (Chu and Liu 1965; Edmonds 1967) over the log-probabilities of heads, for the words
that are likeliest to be the root.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
_PENALTY = 1e6
_TRIES = 4


def decode_tree(scores: NDArray[np.floating]) -> list[int]:
    """Heads of words 1…n given ``scores[dependent, head]`` over ``0…n``, 0 being the root.

    The result has n items; item i is the head of word i + 1, and exactly one of them is 0.
    """
    n = scores.shape[0] - 1
    if n <= 1:
        return [0] * n
    arcs = np.array(scores, dtype=np.float64)
    np.fill_diagonal(arcs, -np.inf)
    arcs[0] = -np.inf
    greedy = arcs[1:].argmax(1)
    if (greedy == 0).sum() == 1 and _find_cycle(greedy.tolist()) is None:
        return [int(h) for h in greedy]
    return _single_rooted(arcs)


def _single_rooted(arcs: Scores) -> list[int]:
    """Heads of words 1…n of the best tree in which exactly one word hangs on the root.

    Each word is tried as that one, the most promising first, until no other can give a better tree: a
    tree's score is at most that of its root arc and of every other word's best arc. Where the first few
    tries do not settle it, a large penalty on every arc from the root does, after many more cycles.
    """
    words = np.arange(1, len(arcs))
    free = arcs[1:, 1:].max(1)
    bounds = arcs[1:, 0] + (free.sum() - free)
    best, found = -np.inf, [0] * len(words)
    for tried, first in enumerate(np.argsort(-bounds, kind="stable").tolist()):
        if bounds[first] <= best:
            return found
        if tried == _TRIES:
            return _arborescence(arcs - _PENALTY * (np.arange(len(arcs)) == 0))[1:]
        held = arcs.copy()
        held[1:, 0] = -np.inf
        held[first + 1] = -np.inf
        held[first + 1, 0] = arcs[first + 1, 0]
        heads = _arborescence(held)[1:]
        score = float(arcs[words, heads].sum())
        if score > best:
            best, found = score, heads
    return found


def _find_cycle(heads: list[int]) -> list[int] | None:
    """Words (from 1) on a cycle of ``heads`` (of words 1…n), or None."""
    state = [0] * (len(heads) + 1)
    state[0] = 2
    for start in range(1, len(heads) + 1):
        path = []
        node = start
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = heads[node - 1]
        if state[node] == 1:
            return path[path.index(node) :]
        for seen in path:
            state[seen] = 2
    return None


def _arborescence(arcs: Scores) -> list[int]:
    """Heads of nodes 0…n of the best arborescence rooted in 0 (item 0 is 0)."""
    heads = [0, *(int(h) for h in arcs[1:].argmax(1))]
    cycle = _find_cycle(heads[1:])
    if cycle is None:
        return heads
    inside = np.array(sorted(cycle))
    outside = np.array([k for k in range(len(arcs)) if k not in set(cycle)])
    own = np.array([arcs[k, heads[k]] for k in inside])
    m = len(outside)
    small = np.full((m + 1, m + 1), -np.inf)
    small[:m, :m] = arcs[np.ix_(outside, outside)]
    out_of = arcs[np.ix_(outside, inside)]
    small[:m, m] = out_of.max(1)
    leaving = inside[out_of.argmax(1)]
    into = arcs[np.ix_(inside, outside)] - own[:, None]
    small[m, :m] = into.max(0)
    entering = inside[into.argmax(0)]
    np.fill_diagonal(small, -np.inf)
    small[0] = -np.inf
    solved = _arborescence(small)
    for a in range(1, m):
        head = solved[a]
        heads[outside[a]] = int(leaving[a]) if head == m else int(outside[head])
    entry = solved[m]
    heads[int(entering[entry])] = int(outside[entry])
    return heads
