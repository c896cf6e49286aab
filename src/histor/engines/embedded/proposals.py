"""Event mentions as the learned heads propose them: triggers, attributes, roles, retellings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from histor.engines.embedded.weights import Weights, as_int
from histor.engines.embedded.windows import Window
from histor.model.annotation import Proposal, RoleSpan, Span

Floats = NDArray[np.float32]

LEAST_TRIGGER = 0.15  # probability under which a trigger is not even proposed
FAINT = 0.02  # probability under which a word is ruled out as a trigger
LEAST_ROLE = 0.3
LEAST_VALUE = 0.02
DISTANCES = 24


class _Trigger:
    """A candidate trigger: its sentence, its words in the window, its probability."""

    __slots__ = ("end", "score", "sentence", "start", "vector")

    def __init__(self, sentence: int, start: int, end: int, score: float, vector: Floats) -> None:
        self.sentence, self.start, self.end = sentence, start, end
        self.score, self.vector = score, vector


def propose(
    weights: Weights,
    windows: list[Window],
    words: list[list[Span]],
    vectors: list[Floats],
    tags: Floats,
    asked: Sequence[Span] | None = None,
) -> tuple[Proposal, ...]:
    """Proposals of all windows, in text order: of the likely triggers, or of those `asked` for.

    `tags` holds log-probabilities of the trigger tags for all words of the report in order.
    """
    proposals: list[Proposal] = []
    k = 0
    for window in windows:
        spans = [span for i in window.sentences for span in words[i]]
        flat = np.concatenate([vectors[i] for i in window.sentences])
        likely = np.exp(tags[k : k + len(spans)])
        if asked is None:
            triggers = _triggers(window, words, flat, likely)
        else:
            triggers = _given(window, words, flat, likely, asked)
        k += len(spans)
        if triggers:
            proposals.extend(_fill(weights, triggers, spans, flat, len(proposals)))
    return tuple(proposals)


def faint_words(words: list[list[Span]], tags: Floats) -> tuple[Span, ...]:
    """Words too unlikely to be proposed as triggers and too likely to be ruled out, in text order."""
    inside = 1.0 - np.exp(tags[:, 0])
    spans = [span for row in words for span in row]
    return tuple(spans[k] for k in np.flatnonzero((inside >= FAINT) & (inside < LEAST_TRIGGER)).tolist())


def _triggers(window: Window, words: list[list[Span]], flat: Floats, tags: Floats) -> list[_Trigger]:
    """Runs of words that may be triggers; a run ends where a new one (B) is likelier than I."""
    found: list[_Trigger] = []
    inside = 1.0 - tags[:, 0]
    begins, goes_on = tags[:, 1::2].sum(1), tags[:, 2::2].sum(1)
    k = 0
    for sentence in window.sentences:
        end = k + len(words[sentence])
        start = -1
        for i in range(k, end + 1):
            likely = i < end and inside[i] >= LEAST_TRIGGER
            if start >= 0 and (not likely or begins[i] > goes_on[i] or inside[i] < 0.5 * inside[start]):
                score = float(inside[start:i].max())
                vector = flat[start:i].mean(0)
                found.append(_Trigger(sentence, start, i, score, vector))
                start = -1
            if likely and start < 0:
                start = i
        k = end
    return found


def _given(
    window: Window, words: list[list[Span]], flat: Floats, tags: Floats, asked: Sequence[Span]
) -> list[_Trigger]:
    """The words that each span of `asked` touches, in the sentence where it begins, as a trigger."""
    found: list[_Trigger] = []
    k = 0
    for sentence in window.sentences:
        row = words[sentence]
        for start, end in sorted(set(asked)):
            touched = [i for i, (a, b) in enumerate(row) if a < end and b > start]
            if touched and start >= row[0][0]:
                first, last = k + touched[0], k + touched[-1] + 1
                score = float(1.0 - tags[first:last, 0].min())
                found.append(_Trigger(sentence, first, last, score, flat[first:last].mean(0)))
        k += len(row)
    return found


def _fill(weights: Weights, triggers: list[_Trigger], spans: list[Span], flat: Floats, base: int) -> list[Proposal]:
    """Attributes and roles of a window's triggers."""
    vectors = np.stack([t.vector for t in triggers])
    values = weights.run("attributes", {"triggers": vectors})
    inventories = [weights.labels[n] for n in ("types", "modes", "subs", "facts")]
    starts = np.array([t.start for t in triggers])
    distance = distance_buckets(np.arange(len(spans))[None, :] - starts[:, None])
    roles, same = weights.run("roles", {"triggers": vectors, "words": flat, "distance": distance})
    found = []
    spans_of_roles = _role_spans(roles, weights.labels["roles"], spans)
    for i, trigger in enumerate(triggers):
        types, modes, subs, facts = (_likely(v[i], names) for v, names in zip(values, inventories, strict=True))
        earlier = same[i, :i]
        retells = int(earlier.argmax()) if i else -1
        odds = float(earlier[retells]) if i else -99.0
        found.append(
            Proposal(
                trigger.sentence,
                spans[trigger.start][0],
                spans[trigger.end - 1][1],
                round(trigger.score, 4),
                types,
                modes,
                subs,
                facts,
                tuple(spans_of_roles[i]),
                base + retells if i else -1,
                round(1 / (1 + float(np.exp(-odds))), 4),
            )
        )
    return found


def _likely(row: Floats, names: list[str]) -> dict[str, float]:
    """Probabilities worth keeping, best first."""
    values = row.tolist()
    kept = sorted((j for j, v in enumerate(values) if v >= LEAST_VALUE), key=lambda j: -values[j])
    return {names[j]: round(values[j], 4) for j in kept}


def _role_spans(scores: Floats, roles: list[str], spans: list[Span]) -> list[list[RoleSpan]]:
    """Spans of each role for each trigger: runs of words likelier in than out; ``scores`` is [trigger, word, role, O-B-I].

    A run ends where the role does, or where a new span (B) is likelier than going on (I).
    """
    inside = (1.0 - scores[..., 0]).swapaxes(1, 2)
    likely = inside >= LEAST_ROLE
    starts = likely.copy()
    starts[..., 1:] &= ~likely[..., :-1] | (scores[..., 1] > scores[..., 2]).swapaxes(1, 2)[..., 1:]
    goes_on = (likely & ~starts).tolist()
    values = inside.tolist()
    found: list[list[RoleSpan]] = [[] for _ in values]
    for t, r, first in np.argwhere(starts).tolist():
        row = goes_on[t][r]
        last = first + 1
        while last < len(spans) and row[last]:
            last += 1
        score = sum(values[t][r][first:last]) / (last - first)
        found[t].append(RoleSpan(roles[r], spans[first][0], spans[last - 1][1], round(score, 4)))
    return found


def distance_buckets(offset: NDArray[Any]) -> NDArray[np.int64]:
    """Signed word distance to the trigger as a bucket: exact to 4, then by powers of two."""
    size = np.abs(offset)
    far = np.minimum(np.floor(np.log2(np.maximum(size, 1) / 4)).astype(np.int64) + 5, 11)
    bucket = np.where(size <= 4, size, far)
    return as_int(np.where(offset < 0, bucket + DISTANCES // 2, bucket))
