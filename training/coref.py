"""Fit the weights of `benchmarks coref`: `benchmarks/data/coref.npz`.

    python -m training.coref SHARED_DATA

ECB+ by its training part: `NETWORKS` small networks from different seeds on pairs within a topic. GVC by its
dev part: a multinomial logistic model of a mention's kind, L2; its topics are dealt into five folds so that
the benchmark can score each by weights that have not seen it. The last of the fitted models knows all.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor, nn

from benchmarks.coref_chains import BOUND, KINDS, WEIGHTS, gold_kind, pairs_of, sign_table, signs
from benchmarks.coref_mentions import Floats, Item, items_of, words_of
from benchmarks.corpora import Document, Gold, ecbplus, gvc, read, vectors

FOLDS = 5
L2 = 2.0
FEWEST = 2  # mentions that must have a sign
NETWORKS, PROJECTED, HIDDEN = 5, 16, 32
EPOCHS, BATCH, RATE, SLOWER, DECAY = 4, 1024, 3e-3, 0.75, 0.05
MISSING, MISSING_VECTOR = 0.2, 0.3  # dropout of the hidden layer, and of the vectors

Table = dict[str, NDArray[Any]]


class PairNetwork(nn.Module):
    """The network that `coref_chains.pair_probabilities` runs; gives logits."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, PROJECTED)
        self.hidden = nn.Linear(inputs + 2 * PROJECTED, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1)
        self.drop, self.drop_vector = nn.Dropout(MISSING), nn.Dropout(MISSING_VECTOR)

    def forward(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        a, b = (torch.tanh(self.project(self.drop_vector(w))) for w in (u, v))
        hidden = torch.relu(self.hidden(torch.cat([x, (a - b).abs(), a * b], 1)))
        return torch.as_tensor(self.out(self.drop(hidden))[:, 0])


def fit_pairs(items: Sequence[Item], pairs: NDArray[np.int64], x: Floats) -> Table:
    """Weights of the networks, with what the inputs are standardised by."""
    torch.set_num_threads(1)
    seen = np.array([i.vector for i in items])
    table: Table = {
        "mean": x.mean(0), "spread": x.std(0) + 1e-6,
        "vector_mean": seen.mean(0), "vector_spread": seen.std(0) + 1e-6,
    }  # fmt: skip
    z = np.clip((x - table["mean"]) / table["spread"], -BOUND, BOUND)
    rows = torch.tensor(z, dtype=torch.float32)
    standard = torch.tensor((seen - table["vector_mean"]) / table["vector_spread"], dtype=torch.float32)
    same = [float(items[i].gold.chain == items[j].gold.chain) for i, j in pairs.tolist()]
    fitted = [_fit_network(seed, rows, standard, torch.tensor(pairs), torch.tensor(same)) for seed in range(NETWORKS)]
    for layer in ("project", "hidden", "out"):
        parts = [getattr(network, layer) for network in fitted]
        flat = [p.weight.detach().numpy().T for p in parts]
        table[layer] = np.stack([w[:, 0] if layer == "out" else w for w in flat])
        table[f"{layer}_bias"] = np.stack([p.bias.detach().numpy() for p in parts])
    return table


def _fit_network(seed: int, x: Tensor, seen: Tensor, pairs: Tensor, same: Tensor) -> PairNetwork:
    torch.manual_seed(seed)
    network = PairNetwork(x.shape[1], seen.shape[1])
    steps = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    slower = torch.optim.lr_scheduler.ExponentialLR(steps, SLOWER)
    for _ in range(EPOCHS):
        for batch in torch.split(torch.randperm(len(x)), BATCH):
            steps.zero_grad()
            logits = network(x[batch], seen[pairs[batch, 0]], seen[pairs[batch, 1]])
            nn.functional.binary_cross_entropy_with_logits(logits, same[batch]).backward()  # type: ignore[no-untyped-call]
            steps.step()
        slower.step()
    return network.eval()


def fit_kinds(x: Floats, y: NDArray[np.int64]) -> Floats:
    """Weights ``[value, kind]`` of a multinomial logistic model; the last row, the bias, is not penalised."""
    true = np.eye(len(KINDS))[y]
    penalised = np.ones((x.shape[1], 1))
    penalised[-1] = 0

    def loss(flat: Floats) -> tuple[float, Floats]:
        w = flat.reshape(x.shape[1], len(KINDS))
        logits = x @ w
        logits -= logits.max(1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(1, keepdims=True))
        gradient = x.T @ (np.exp(logits) - true) + L2 * penalised * w
        return float(-(true * logits).sum() + L2 / 2 * (penalised * w**2).sum()), gradient.ravel()

    start = np.zeros(x.shape[1] * len(KINDS))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    return np.asarray(found.reshape(x.shape[1], len(KINDS)))


def fit_folds(items: Sequence[Item], rows: Sequence[dict[str, float]]) -> Table:
    """Kind weights without each fold and, last, with all; over the signs of the mentions fitted on."""
    y = np.array([gold_kind(i.gold.chain) for i in items])
    topics = sorted({i.topic for i in items})
    fold = np.array([topics.index(i.topic) % FOLDS for i in items])
    every = _vocabulary(rows)
    x = sign_table(items, rows, every)
    fitted = []
    for k in range(FOLDS + 1):
        own = fold != k
        # A sign too rare outside a fold gets no weight, as if the fold's mentions had never been seen.
        known = set(_vocabulary([row for row, inside in zip(rows, own, strict=True) if inside]))
        lost = [column for column, name in enumerate(every) if name not in known]
        seen = x[own]
        seen[:, lost] = 0
        fitted.append(fit_kinds(seen, y[own]))
    return {
        "signs": np.array(every), "topics": np.array(topics), "fold": np.arange(len(topics)) % FOLDS,
        "kinds": np.stack(fitted),
    }  # fmt: skip


def _vocabulary(rows: Sequence[dict[str, float]]) -> list[str]:
    counts = Counter(name for row in rows for name in row)
    return sorted(name for name, n in counts.items() if n >= FEWEST)


def main() -> None:
    data = Path(sys.argv[1])
    table = _pair_table(*ecbplus(data / "ecbplus", "train"))
    table |= _kind_table(*gvc(data / "gvc"))
    small = {
        name: v.astype(np.float16 if v.ndim > 1 else np.float32) if v.dtype.kind == "f" else v
        for name, v in table.items()
    }
    np.savez_compressed(WEIGHTS, **small)  # type: ignore[arg-type]


def _pair_table(documents: Sequence[Document], gold: Sequence[Gold]) -> Table:
    found = read(documents)
    items = items_of(documents, gold, found, vectors(documents))
    return fit_pairs(items, *pairs_of(items, words_of(found)))


def _kind_table(documents: Sequence[Document], gold: Sequence[Gold]) -> Table:
    found = read(documents)
    items = items_of(documents, gold, found, vectors(documents))
    return fit_folds(items, signs(items, found))


if __name__ == "__main__":
    main()
