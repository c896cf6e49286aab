"""Fit the points of `histor.coding.calibration`: how often a coding with a raw score is right.

    python -m training.calibration

Codes the development examples of `training/data/written`, which no head was trained on, with raw
confidence. A coded mention is right if it is aligned with a gold event of its type (`benchmarks written`).
Prints the expected calibration error before, and after by five folds, each coded with points fitted on
the other four; writes the points fitted on all to `coding/data/calibration.toml`.
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.written import align, calibration_error
from histor.capture.inputs import InputOptions, make_report
from histor.coding.calibration import Calibration, fit
from histor.jobs.coding import Coding

DATA = Path(__file__).parent / "data/written/dev.jsonl"
OUT = Path(__file__).parents[1] / "src/histor/coding/data/calibration.toml"
FOLDS = 5


def scored() -> list[tuple[int, float, bool]]:
    """Fold, raw confidence and whether it is right, for every coded mention that is no further telling."""
    coding = Coding.load()
    coding.coder.calibration = Calibration(((0.0, 0.0), (1.0, 1.0)))
    rows = []
    for number, line in enumerate(DATA.read_text(encoding="utf-8").splitlines()):
        item = json.loads(line)
        coded = coding.code(make_report({"text": item["text"]}, item["text"].encode(), InputOptions(), "text"))
        pairs, extra = align(item["events"], coded)
        right = {m for g, m in pairs if item["events"][g]["event_type"] == coded.event_mentions[m].event_type}
        for m, mention in enumerate(coded.event_mentions):
            if m not in extra:
                rows.append((number % FOLDS, mention.confidence, m in right))
    return rows


def main() -> None:
    rows = scored()
    raw, right = [r for _, r, _ in rows], [ok for _, _, ok in rows]
    print(f"raw: {calibration_error(raw, right):.3f} of {len(rows)}")
    values, truth = [], []
    for fold in range(FOLDS):
        model = fit([r for f, r, _ in rows if f != fold], [ok for f, _, ok in rows if f != fold])
        values += [model(r) for f, r, _ in rows if f == fold]
        truth += [ok for f, _, ok in rows if f == fold]
    print(f"in {FOLDS} folds: {calibration_error(values, truth):.3f}")
    points = fit(raw, right).points
    lines = ",\n".join(f"  [{a}, {b}]" for a, b in points)
    OUT.write_text(f"# Written by `python -m training.calibration`: raw score, share right.\npoints = [\n{lines},\n]\n")


if __name__ == "__main__":
    main()
