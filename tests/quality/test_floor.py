"""Floors under the figures of the README: a change that makes coding clearly worse fails here."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import written

DEV = Path(__file__).parents[2] / "training/data/written/dev.jsonl"


def test_written_examples() -> None:
    items = [json.loads(line) for line in DEV.read_text(encoding="utf-8").splitlines()][::3]
    figures = written.score(items, written.predict(items))
    assert figures["trigger"].f1 >= 0.74
    assert figures["type"][0] >= 0.84
