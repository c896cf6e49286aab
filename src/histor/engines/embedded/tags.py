"""Decoding tag scores into spans."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@lru_cache(maxsize=8)
def _transitions(labels: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Log-penalties of starts and of tag-to-tag steps: an I may only follow its own B or I."""
    start = np.zeros(len(labels), dtype=np.float32)
    step = np.zeros((len(labels), len(labels)), dtype=np.float32)
    for j, tag in enumerate(labels):
        if not tag.startswith("I"):
            continue
        start[j] = -1e4
        for i, before in enumerate(labels):
            if before == "O" or before[2:] != tag[2:]:
                step[i, j] = -1e4
    return start, step


def best_tags(scores: Floats, sizes: Sequence[int], labels: tuple[str, ...]) -> list[list[int]]:
    """The best well-formed tags of each sentence, for log-probabilities ``[word, tag]`` of all their words in order."""
    best = scores.argmax(1)
    start, step = _transitions(labels)
    ill = np.zeros(len(best), dtype=bool)
    ill[1:] = step[best[:-1], best[1:]] < 0
    firsts = np.cumsum([0, *sizes[:-1]])
    ill[firsts] = start[best[firsts]] < 0
    rows, wrong = best.tolist(), np.add.reduceat(ill, firsts, dtype=int).tolist()
    return [
        viterbi(scores[k : k + n], labels) if bad else rows[k : k + n]
        for k, n, bad in zip(firsts.tolist(), sizes, wrong, strict=True)
    ]


def viterbi(scores: Floats, labels: tuple[str, ...]) -> list[int]:
    """The best well-formed tag sequence for log-probabilities ``[word, tag]``."""
    inner = _inner(labels)
    rows = scores.tolist()
    total = (scores[0] + _transitions(labels)[0]).tolist()
    back = []
    for row in rows[1:]:
        top = max(total)
        choice = [total.index(top)] * len(labels)
        after = [top + score for score in row]
        for j, begin in inner:
            choice[j] = begin if total[begin] >= total[j] else j
            after[j] = total[choice[j]] + row[j]
        back.append(choice)
        total = after
    path = [total.index(max(total))]
    for choice in reversed(back):
        path.append(choice[path[-1]])
    return path[::-1]


@lru_cache(maxsize=8)
def _inner(labels: tuple[str, ...]) -> list[tuple[int, int]]:
    """Each I with the B that may stand before it."""
    return [(j, labels.index(f"B{tag[1:]}")) for j, tag in enumerate(labels) if tag.startswith("I")]


def spans(tags: list[int], labels: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Spans ``(first word, end, kind)`` of a well-formed tag sequence."""
    found: list[tuple[int, int, str]] = []
    start = -1
    for i, tag in enumerate(tags):
        label = labels[tag]
        if start >= 0 and label[0] != "I":
            found.append((start, i, labels[tags[start]][2:]))
            start = -1
        if label[0] == "B":
            start = i
    if start >= 0:
        found.append((start, len(tags), labels[tags[start]][2:]))
    return found
