"""How sure a coding is: the coder's raw score as the share of such codings that are right.

The points come from `training/calibration.py`, which fits a rising step function (isotonic regression,
pooled adjacent violators) to our own development examples; between points the value is linear.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby

UNCALIBRATED = 0.5
"""Confidence of what comes without a score: relations found by rule, tellings that an engine reads out."""


@dataclass(frozen=True)
class Calibration:
    """Points (raw score, share right), both rising."""

    points: tuple[tuple[float, float], ...]

    def __call__(self, raw: float) -> float:
        """The calibrated confidence, 0 to 1, of a raw score."""
        at = bisect_right(self.points, (raw, 2.0))
        if at == 0:
            return self.points[0][1]
        if at == len(self.points):
            return self.points[-1][1]
        (a, low), (b, high) = self.points[at - 1], self.points[at]
        return low + (high - low) * (raw - a) / (b - a)


@cache
def shipped() -> Calibration:
    """The points in ``data/calibration.toml``."""
    text = resources.files("histor.coding").joinpath("data/calibration.toml").read_text(encoding="utf-8")
    return Calibration(tuple((raw, share) for raw, share in tomllib.loads(text)["points"]))


def fit(raw: Sequence[float], right: Sequence[bool], least: int = 25) -> Calibration:
    """A rising calibration of raw scores by pooled adjacent violators.

    Blocks have `least` scores at least; a block stands at the mean of its scores, with one right and one
    wrong added so that no share is 0 or 1. Raises ValueError for fewer scores than that.
    """
    if len(raw) < least:
        raise ValueError(f"{len(raw)} scores are too few for blocks of {least}")
    blocks: list[tuple[float, float, int]] = []  # sum of raw scores, right ones, size
    for _, tied in groupby(sorted(zip(raw, right, strict=True)), key=lambda pair: pair[0]):
        pairs = list(tied)
        block = (sum(r for r, _ in pairs), float(sum(ok for _, ok in pairs)), len(pairs))
        if blocks and blocks[-1][2] < least:
            block = _joined(blocks.pop(), block)
        blocks.append(block)
    if len(blocks) > 1 and blocks[-1][2] < least:
        blocks[-2:] = [_joined(*blocks[-2:])]
    pooled: list[tuple[float, float, int]] = []
    for block in blocks:
        pooled.append(block)
        while len(pooled) > 1 and _share(pooled[-2]) >= _share(pooled[-1]):
            pooled[-2:] = [_joined(*pooled[-2:])]
    return Calibration(
        tuple((round(total / size, 4), round(_share((total, hits, size)), 3)) for total, hits, size in pooled)
    )


def _joined(a: tuple[float, float, int], b: tuple[float, float, int]) -> tuple[float, float, int]:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _share(block: tuple[float, float, int]) -> float:
    return (block[1] + 1) / (block[2] + 2)
