"""Fit the weights of `histor.coding.retellings` on the project's annotated reports.

    python -m training.retellings

Codes the reports of `training/data/reports`, assigns each coded mention to the annotated event
whose trigger it touches, and fits a logistic model (L2) on pairs of mentions of one type. Writes
`coding/data/retellings.toml` and prints P, R and F1 of the links to earlier tellings.

The engine's own opinion is left out of the fit and held at a weight of 1: on reports that it was
trained on it is surer than on any other. `LEAST` was settled on the 22 reports of `benchmarks gold`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from histor.capture.inputs import InputOptions, make_report
from histor.coding import retellings
from histor.coding.retellings import Telling, features
from histor.jobs.coding import Coding

DATA = Path(__file__).parent / "data/reports"
OUT = Path(__file__).parents[1] / "src/histor/coding/data/retellings.toml"
LEARNED = 1.0
LEAST = 0.35


def tellings_of(coding: Coding, item: dict[str, Any]) -> tuple[list[Telling], list[str | None]]:
    """Tellings of a report and the annotated event of each (None where there is none)."""
    report = make_report({"text": item["text"]}, item["text"].encode(), InputOptions(), "text")
    tellings = coding.coder.tellings(report, coding.engine.annotate(report.text, report.title))
    gold: list[str | None] = []
    for telling in tellings:
        a, b = telling.mention.trigger.span
        hits = [e["n"] for e in item["events"] for x, y in e["trigger"] if x < b and y > a]
        gold.append(hits[0] if hits else None)
    return tellings, gold


def pairs_of(tellings: list[Telling], gold: list[str | None]) -> list[tuple[dict[str, float], bool]]:
    found = []
    for k, later in enumerate(tellings):
        same = [j for j in range(k) if tellings[j].mention.event_type == later.mention.event_type]
        for rank, j in enumerate(reversed(same)):
            if gold[k] is None or gold[j] is None:
                continue
            found.append((features(tellings[j], later, j, rank), gold[k] == gold[j]))
    return found


def fit(pairs: list[tuple[dict[str, float], bool]], names: list[str], l2: float = 3.0) -> tuple[list[float], float]:
    """Weights and bias by Newton's method."""
    x = np.array([[values[n] for n in names] + [1.0] for values, _ in pairs])
    y = np.array([float(same) for _, same in pairs])
    penalty = np.diag([l2] * len(names) + [0.01])
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + penalty @ w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty
        w -= np.linalg.solve(hessian, gradient)
    return [round(float(v), 2) for v in w[:-1]], round(float(w[-1]), 2)


def main() -> None:
    coding = Coding.load()
    parts = {}
    for part in ("train", "dev"):
        items = [json.loads(line) for line in (DATA / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()]
        parts[part] = [tellings_of(coding, item) for item in items]
    train = [pair for report in parts["train"] for pair in pairs_of(*report)]
    names = [name for name in train[0][0] if name != "learned"]
    weights, bias = fit(train, names)
    table = {**dict(zip(names, weights, strict=True)), "learned": LEARNED}
    lines = [f"{name} = {value}" for name, value in table.items()]
    OUT.write_text(
        f"# Written by `python -m training.retellings`.\nbias = {bias}\nleast = {LEAST}\n\n[weights]\n"
        + "\n".join(lines)
        + "\n"
    )
    model = retellings.Model(table, bias, LEAST)
    for part, reports in parts.items():
        right = made = gold_links = 0
        for tellings, gold in reports:
            for k, target in enumerate(retellings.link(tellings, model)):
                expected = gold[k] is not None and gold[k] in gold[:k]
                gold_links += expected
                if gold[k] is None or (target >= 0 and gold[target] is None):
                    continue
                made += target >= 0
                right += target >= 0 and gold[target] == gold[k]
        p, r = right / max(1, made), right / max(1, gold_links)
        print(f"{part}: links P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f} of {gold_links}")


if __name__ == "__main__":
    main()
