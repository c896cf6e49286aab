"""Which reports repeat the text of another, whole or in part.

Sentences that share most of their word pairs are found by MinHash (package rensa); two reports with
such a sentence are then compared word by word: the *overlap* is the share of the shorter report's
words that stand in the other in stretches of `STRETCH` words or more, a single changed word between
runs of `RUN` allowed; shorter stretches are stock phrases (names of sources, formulas of an outlet).
Words between quotation marks are left aside, since two outlets may quote one statement without copying
each other. A copy is a report whose overlap with an earlier one is at least `LEAST`. What is left of
wrong finds (background paragraphs that agencies use again) is measured by `benchmarks copies`.

A pair is judged by itself and only within `WINDOW` days, so a new report changes nothing that is
farther away than that.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import metadata
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from histor.matching.agencies import Agencies, load_agencies
from histor.model.incidents import Copy
from histor.model.records import Report
from histor.text.sentences import split_sentences

RUN = 4
GAP, STRETCH = 1, 8
LEAST = 0.3
FEWEST = 12  # words; fewer are a stock phrase however short the report is
WHOLE = 0.8  # overlap of both sides from which a copy is no longer partial
NEAR_BEST = 0.75  # of several sources the earliest is meant, if it overlaps this much of the best
WINDOW = 10
PASSAGE, SOME = 120, 0.2  # copied words, and the share they must make, of a long passage in a longer report
_PERMUTATIONS, _ROWS, _SEED = 32, 2, 1
_SHORTEST = 6  # words of a sentence that is worth a sketch
_COMMON = 200  # reports after which a repeated sentence is boilerplate and no lead
_WORD = re.compile(r"\w+")
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio, as multiplicative hashes take it
_QUOTED = re.compile(r"“[^”\n]{0,2000}”|\"[^\"\n]{0,2000}\"|«[^»\n]{0,2000}»")

Bands = NDArray[np.uint32]
SKETCH = f"bands/1 rensa/{metadata.version('rensa')}"
"""What makes sketches; those of another are none."""
K = TypeVar("K", int, str)


@dataclass(frozen=True)
class Overlap:
    """Shared words of two reports as shares (0 to 1) of the words of each, and their number."""

    left: float
    right: float
    words: int

    @property
    def share(self) -> float:
        return max(self.left, self.right)

    @property
    def copied(self) -> bool:
        if self.words < FEWEST:
            return False
        return self.share >= LEAST or (self.words >= PASSAGE and self.share >= SOME)

    @property
    def partial(self) -> bool:
        return min(self.left, self.right) < WHOLE


class Text:
    """A report's words as they are compared, and its runs of `RUN` words."""

    def __init__(self, text: str) -> None:
        plain = text.lower()
        unquoted = _QUOTED.sub(" . ", plain)
        self.words = _WORD.findall(unquoted) or _WORD.findall(plain)

    @cached_property
    def runs(self) -> list[int]:
        """The runs in order as hashes; equal within one process only, so never stored."""
        words = self.words
        return [hash(tuple(words[k : k + RUN])) for k in range(len(words) - RUN + 1)]

    @cached_property
    def distinct(self) -> frozenset[int]:
        return frozenset(self.runs)

    def covered(self, other: Text) -> int:
        """Words of this text in stretches that `other` has as well."""
        total, start, reach = 0, 0, -GAP - 1
        for k, run in enumerate(self.runs):
            if run not in other.distinct:
                continue
            if k > reach + GAP:
                total += _counted(start, reach)
                start = k
            reach = k + RUN
        return total + _counted(start, reach)


def _counted(start: int, end: int) -> int:
    return end - start if end - start >= STRETCH else 0


def overlap(a: Text, b: Text) -> Overlap:
    """True overlap of two texts; 0 where either is shorter than a run."""
    left, right = a.covered(b), b.covered(a)
    return Overlap(left / max(1, len(a.words)), right / max(1, len(b.words)), min(left, right))


def sketch(text: str, title: str | None = None) -> Bands:
    """MinHash bands of the text's sentences, sorted: two sentences that share most word pairs agree in some band."""
    sets = []
    for part in split_sentences(text, title):
        words = _WORD.findall(text[part.start : part.end].lower())
        if len(words) >= _SHORTEST:
            sets.append({f"{a} {b}" for a, b in itertools.pairwise(words)})
    if not sets:
        return np.zeros(0, dtype=np.uint32)
    digests = RMinHash.digests_from_token_sets(sets, num_perm=_PERMUTATIONS, seed=_SEED)
    values = np.array(digests, dtype=np.uint64).reshape(len(sets), -1, _ROWS)
    found = np.arange(values.shape[1], dtype=np.uint64)[None, :] * _MIX
    for row in range(_ROWS):
        found = (found ^ values[:, :, row]) * _MIX  # wraps around: a multiplicative hash
        found ^= found >> np.uint64(29)
    return np.unique((found >> np.uint64(32)).astype(np.uint32))


def _shared(bands: Mapping[K, Bands]) -> tuple[list[K], NDArray[np.int64], NDArray[np.int64]]:
    """Keys; whose each band is, ordered by band; and where the bands that more than one and at most `_COMMON` have begin and end."""
    keys = list(bands)
    if not keys:
        return keys, np.zeros(0, np.int64), np.zeros((0, 2), np.int64)
    flat = np.concatenate([bands[key] for key in keys])
    owner = np.repeat(np.arange(len(keys)), [len(bands[key]) for key in keys])
    order = np.argsort(flat, kind="stable")
    starts = np.flatnonzero(np.diff(flat[order], prepend=np.uint32(0)) != 0)
    starts = np.union1d(starts, [0]) if len(flat) else starts
    ends = np.append(starts[1:], len(flat))
    kept = (ends - starts > 1) & (ends - starts <= _COMMON)
    return keys, owner[order], np.stack([starts[kept], ends[kept]], axis=1)


def candidates(bands: Mapping[K, Bands]) -> list[tuple[K, K]]:
    """Pairs of keys with a sentence in common, in the order of `bands`. Bands of more than `_COMMON` reports do not count."""
    keys, owner, groups = _shared(bands)
    pairs = {
        pair for start, end in groups.tolist() for pair in itertools.combinations(owner[start:end].tolist(), 2)
    }  # fmt: skip
    return [(keys[a], keys[b]) for a, b in sorted(pairs)]


def alike(wanted: Collection[K], bands: Mapping[K, Bands]) -> set[K]:
    """The keys whose reports have a sentence in common with one of `wanted`, these among them."""
    own = [bands[key] for key in sorted(wanted) if key in bands] or [np.zeros(0, dtype=np.uint32)]
    known = np.unique(np.concatenate(own))
    near = {key: held for key, one in bands.items() if len(held := one[np.isin(one, known)])}
    keys, owner, groups = _shared(near)
    inside = np.array([key in wanted for key in keys], dtype=np.bool_)
    found = {k for start, end in groups.tolist() if inside[owner[start:end]].any() for k in owner[start:end].tolist()}
    return {keys[k] for k in found} | set(wanted)


def precedence(report: Report, agencies: Agencies) -> tuple[str, bool, str, str]:
    """Sorting key of who was first: date, an agency before its clients, then the ids. Undated comes last."""
    external = report.external_id if isinstance(report.external_id, str) else ""
    return (report.published or "9999", not agencies.is_agency(report.source), external, report.id)


def find_copies(
    reports: Iterable[Report], agencies: Agencies | None = None, bands: Mapping[str, Bands] | None = None
) -> list[Copy]:
    """The copies among `reports`, each with its original, in order of report id.

    The result does not depend on the order of `reports`. Ids must be unique. `bands` holds sketches that are there already.
    """
    known, made = agencies or load_agencies(), bands or {}
    ordered = sorted(reports, key=lambda r: precedence(r, known))
    texts: dict[int, Text] = {}
    earlier: dict[int, list[tuple[int, Overlap]]] = {}
    sketches = (made[r.id] if r.id in made else sketch(r.text, r.title) for r in ordered)
    for a, b in candidates(dict(enumerate(sketches))):
        if not _near(ordered[a], ordered[b]):
            continue
        left, right = (texts.get(k) or texts.setdefault(k, Text(ordered[k].text)) for k in (a, b))
        found = overlap(left, right)
        if found.copied:
            earlier.setdefault(b, []).append((a, found))
    copies = [_copy(ordered, k, sources) for k, sources in earlier.items()]
    return sorted(copies, key=lambda c: c.report_id)


def _copy(ordered: Sequence[Report], k: int, sources: Sequence[tuple[int, Overlap]]) -> Copy:
    best = max(o.share for _, o in sources)
    first, found = min((s for s in sources if s[1].share >= NEAR_BEST * best), key=lambda s: s[0])
    percent = round(100 * found.right)
    why = f"{percent} % of its words stand in stretches of {STRETCH} or more in a report that was there before"
    return Copy(ordered[k].id, ordered[first].id, round(found.share, 4), found.partial, why)


def _near(a: Report, b: Report) -> bool:
    """Whether the dates lie within `WINDOW`; a report without a date is near to all."""
    if not (a.published and b.published):
        return True
    return abs((date.fromisoformat(a.published) - date.fromisoformat(b.published)).days) <= WINDOW


def roots(copies: Iterable[Copy]) -> dict[str, str]:
    """For each copy the report at the end of its chain of originals."""
    parent = {c.report_id: c.copy_of for c in copies}
    found: dict[str, str] = {}
    for report in sorted(parent):
        seen = {report}
        at = parent[report]
        while at in parent and at not in seen:
            seen.add(at)
            at = parent[at]
        found[report] = at
    return found
