"""Fit the pair scores of `benchmarks coref`: `benchmarks/data/coref.json`.

    python -m training.coref SHARED_DATA

ECB+ by its training part; GVC by its dev part, whose topics are dealt into five folds so that the
benchmark can score each by weights that have not seen it. Logistic models, L2 on standardised features.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.coref import FOLDS, WEIGHTS, Floats, Item, items_of, pairs_of
from benchmarks.corpora import ecbplus, gvc, read

JOIN = {"ecbplus": 0.3, "gvc": 0.25}
L2 = 1.0


def fit(x: Floats, y: Floats) -> list[float]:
    """Weights for raw features with the bias last, by Newton's method on standardised ones."""
    mean, spread = x.mean(0), x.std(0) + 1e-6
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    penalty = np.diag([L2] * x.shape[1] + [0.0])
    w = np.zeros(z.shape[1])
    for _ in range(15):
        p = 1 / (1 + np.exp(-z @ w))
        w -= np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + penalty, z.T @ (p - y) + penalty @ w)
    raw = w[:-1] / spread
    return [round(float(v), 4) for v in (*raw, w[-1] - raw @ mean)]


def labels(items: list[Item], pairs: list[tuple[int, int]]) -> Floats:
    return np.array([float(items[i].gold.chain == items[j].gold.chain) for i, j in pairs])


def main() -> None:
    data = Path(sys.argv[1])
    documents, gold = ecbplus(data / "ecbplus", "train")
    items = items_of(documents, gold, read(documents))
    pairs, x = pairs_of(items, whole=False)
    table: dict[str, object] = {"ecbplus": {"join": JOIN["ecbplus"], "weights": fit(x, labels(items, pairs))}}
    documents, gold = gvc(data / "gvc")
    items = items_of(documents, gold, read(documents))
    pairs, x = pairs_of(items, whole=True)
    y = labels(items, pairs)
    fold_of = {topic: k % FOLDS for k, topic in enumerate(sorted({i.topic for i in items}))}
    fold = np.array([fold_of[i.topic] for i in items])
    ends = fold[np.array(pairs)]
    folds = [fit(x[(ends != k).all(1)], y[(ends != k).all(1)]) for k in range(FOLDS)]
    table["gvc"] = {"join": JOIN["gvc"], "weights": fit(x, y), "folds": folds, "fold_of": fold_of}
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
