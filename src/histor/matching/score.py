"""How likely two tellings are of one incident: a logistic sum of features, with its reasons."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources

from histor.matching.features import FEATURES, NAMES, conflict, values
from histor.matching.telling import Telling
from histor.model.errors import ConfigError
from histor.model.incidents import MatchDecision

POSITIVE, NEGATIVE, UNSURE = "positive", "negative", "unsure"
EXCLUDED = -99.0  # stands for a contribution where exact dates or places settle it
FLOOR = 0.1  # a pair under this probability counts as not compared at all, and is not kept


@dataclass(frozen=True)
class Model:
    """Log-odds for each feature, in the order of `NAMES`, with the bias and the thresholds.

    Tellings are put together while the mean probability between their clusters is at least `join`;
    a single pair is ``positive`` from `sure` on and ``negative`` under `unlike`.
    """

    version: str
    weights: tuple[float, ...]
    bias: float
    join: float
    sure: float
    unlike: float

    @cached_property
    def wanted(self) -> tuple[bool, ...]:
        """Which features count at all; the others are not computed."""
        return tuple(w != 0 for w in self.weights)

    def probability(self, found: Sequence[float]) -> float:
        total = self.bias + sum([w * v for w, v in zip(self.weights, found, strict=True) if v])
        return 1.0 / (1.0 + math.exp(-total)) if total > -500 else 0.0

    def score(self, a: Telling, b: Telling) -> float:
        """Probability of one incident; 0 where exact dates or places exclude it."""
        return 0.0 if conflict(a, b) else self.probability(values(a, b, self.wanted))

    def judgement(self, score: float) -> str:
        return POSITIVE if score >= self.sure else NEGATIVE if score < self.unlike else UNSURE

    def decide(self, a: Telling, b: Telling) -> MatchDecision:
        """The judgement on a pair with all that was weighed (features that are 0 are left out)."""
        left, right = (a, b) if a.id < b.id else (b, a)
        found = values(left, right, self.wanted)
        why = conflict(left, right)
        return self.decision(left.id, right.id, found, 0.0 if why else self.probability(found), why)

    def decision(
        self, left: str, right: str, found: Sequence[float], score: float, why: str | None = None
    ) -> MatchDecision:
        """The record of a judgement; `why` says what excludes the pair."""
        weighed = tuple([_reason(*one) for one in zip(NAMES, found, self.weights, strict=True) if one[1]])
        if why:
            weighed = ((why, 1.0, EXCLUDED), *weighed)
        return MatchDecision(left, right, self.judgement(score), round(score, 4), weighed, self.version)


@lru_cache(maxsize=100_000)
def _reason(name: str, value: float, weight: float) -> tuple[str, float, float]:
    return name, round(value, 4), round(weight * value, 4)


def explain(decision: MatchDecision) -> list[str]:
    """The reasons of a decision in words, the weightiest first: ``+1.9 same place``."""
    words = {name: text for name, _, text in FEATURES}
    ordered = sorted(decision.features, key=lambda f: (-abs(f[2]), f[0]))
    return [
        f"{weight:+.1f} {words.get(name, name)}" if weight > EXCLUDED else f"excluded: {name}"
        for name, _, weight in ordered
        if abs(weight) >= 0.05
    ]


@cache
def shipped() -> Model:
    """The model in ``data/pairs.toml``. Raises ConfigError if it does not fit the features."""
    text = resources.files("histor.matching").joinpath("data/pairs.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    if sorted(table["weights"]) != sorted(NAMES):
        raise ConfigError("matching.weights", "the weights do not fit the features.", do="Install histor again.")
    weights = tuple(float(table["weights"][name]) for name in NAMES)
    return Model(table["version"], weights, table["bias"], table["join"], table["sure"], table["unlike"])
