"""Fit the weights of `histor.matching` on tellings with known incidents: `matching/data/pairs.toml`.

    python -m training.pairs SHARED_DATA

Tellings come from coding `bundles` (dev) with the shipped engine, each laid on the gold telling whose
quote holds its trigger, and from the gold tellings themselves; and from coding GVC (dev), whose
documents on one incident make pairs that belong together, and the others, moved to one month, pairs of
like incidents in one country that do not. A logistic model (L2) is fitted on the
pairs inside each pile, which are all near each other in time and place; a feature whose weight has
the wrong sign is dropped and the rest fitted again, so that every reason reads the way it counts.
Pairs across piles, all moved to one month, show what strangers share by chance. Printed: B³ of both by cross-validation over piles for each threshold.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.bundles import Aligned, aligned, code, given, load
from benchmarks.clusters import b_cubed
from benchmarks.corpora import gvc, read, span_of
from histor.matching.blocking import pairs
from histor.matching.features import NAMES, conflict, values
from histor.matching.match import clusters_of, judge
from histor.matching.score import Model
from histor.matching.telling import Telling, tellings

OUT = Path(__file__).parents[1] / "src/histor/matching/data/pairs.toml"
FOLDS, L2, JOIN = 6, 3.0, 0.33
STRANGE, ALIKE, UNLIKE = 0.3, 0.05, 1.0  # what strangers and GVC's pairs count beside those of piles
WEEK, SPREAD = 738_000, 21  # any day, and the days that piles are spread over to meet each other
VERSION = "pairs/2.0.0"
AGAINST = ("differ", "apart", "outside", "one_report")
Floats = NDArray[np.float64]


def fit(x: Floats, y: Floats, counts: Floats, l2: float = L2) -> tuple[Floats, float]:
    """Weights and bias by Newton's method, wrong signs dropped (the worst first). `counts` weighs the rows."""
    wanted = np.array([-1.0 if any(word in name for word in AGAINST) else 1.0 for name in NAMES])
    active = np.ones(len(NAMES), dtype=bool)
    while True:
        weights, bias = _newton(x[:, active], y, counts, l2)
        full = np.zeros(len(NAMES))
        full[active] = weights
        wrong = full * wanted
        if wrong.min() >= 0:
            return full, bias
        active[int(wrong.argmin())] = False


def _newton(x: Floats, y: Floats, counts: Floats, l2: float) -> tuple[Floats, float]:
    z = np.c_[x, np.ones(len(x))]
    penalty = np.diag([l2] * x.shape[1] + [0.01])
    w = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ w))
        w -= np.linalg.solve(
            (z * (counts * p * (1 - p))[:, None]).T @ z + penalty, z.T @ (counts * (p - y)) + penalty @ w
        )
    return w[:-1], float(w[-1])


def examples(piles: Sequence[Aligned], more: tuple[Floats, Floats]) -> tuple[Floats, Floats, Floats]:
    """Features, labels and counts of the pairs inside each pile that gold knows, of pairs across piles, and `more`.

    Each of the latter two counts as a share of the first together, however many pairs there are.
    """
    rows, labels = [], []
    for pile in piles:
        gold = pile.incidents
        for a, b in itertools.combinations([t for t in pile.tellings if t.id in gold], 2):
            if conflict(a, b):
                continue  # such a pair is never scored
            rows.append(values(a, b))
            labels.append(float(gold[a.id] == gold[b.id]))
    strange = strangers(piles)
    x = np.concatenate([np.array(rows), strange, more[0]])
    y = np.concatenate([np.array(labels), np.zeros(len(strange)), more[1]])
    one = float(len(rows))
    counts = np.concatenate([
        np.ones(len(rows)),
        np.full(len(strange), STRANGE * one / max(1, len(strange))),
        np.where(more[1] > 0, ALIKE * one / max(1, more[1].sum()), UNLIKE * one / max(1, (more[1] == 0).sum())),
    ])  # fmt: skip
    return x, y, counts


def strangers(piles: Sequence[Aligned]) -> Floats:
    """Features of pairs of different piles that blocking finds when all piles are laid on one month."""
    moved = [(n, _moved(t, pile, WEEK + 5 * n % SPREAD)) for n, pile in enumerate(piles) for t in pile.tellings]
    pile_of = {t.id: n for n, t in moved}
    rows = [values(a, b) for a, b in pairs(t for _, t in moved) if pile_of[a.id] != pile_of[b.id]]
    return np.array(rows).reshape(-1, len(NAMES))


def _moved(telling: Telling, pile: Aligned, day: int) -> Telling:
    """The telling as if its pile had begun on `day`."""
    by = day - min(t.background.published or day for t in pile.tellings)
    background = telling.background
    at = None if background.published is None else background.published + by
    days = telling.days and replace(telling.days, first=telling.days.first + by, last=telling.days.last + by)
    return replace(telling, days=days, background=replace(background, published=at, moved=by))


def shootings(data: Path) -> tuple[Floats, Floats]:
    """Features and labels of pairs of GVC's tellings in two documents, blocked as if all were of one month."""
    documents, gold = gvc(data)
    found = read(documents)
    told: dict[str, list[Telling]] = {}
    known = set()
    for doc in documents:
        spans = [span_of(g, found) for g in gold if g.doc == doc.id and not g.chain.startswith("0 ")]
        for telling in tellings(found[doc.id].coded):
            told.setdefault(doc.topic, []).append(telling)
            at = [m.trigger.span for m in telling.mentions]
            if any(a < d and c < b for a, b in at for c, d in spans):
                known.add(telling.id)
    piles = [Aligned({}, told[topic], {}, {}) for topic in sorted(told)]
    moved = [(n, _moved(t, pile, WEEK + 5 * n % SPREAD)) for n, pile in enumerate(piles) for t in pile.tellings]
    pile_of = {t.id: n for n, t in moved}
    rows, labels = [], []
    for a, b in pairs(t for _, t in moved):
        same = pile_of[a.id] == pile_of[b.id]
        if a.report != b.report and (not same or {a.id, b.id} <= known):
            rows.append(values(a, b))
            labels.append(float(same))
    return np.array(rows), np.array(labels)


def model_of(weights: Floats, bias: float, join: float) -> Model:
    rounded = tuple(round(float(w), 3) for w in weights)
    return Model(VERSION, rounded, round(bias, 3), join, round(min(0.9, join + 0.2), 2), round(join / 2, 2))


def score(piles: Sequence[Aligned], model: Model) -> float:
    """B³ F1 over the aligned tellings of all piles, all matched together."""
    tellings: dict[str, Telling] = {t.id: t for pile in piles for t in pile.tellings}
    gold = {i: label for pile in piles for i, label in pile.incidents.items()}
    clusters = clusters_of(tellings, judge(pairs(tellings.values()), model), model)
    guessed = {i: k for k, c in enumerate(clusters) for i in c if i in gold}
    return b_cubed(gold, guessed).f1


def main() -> None:
    bundles = load(Path(sys.argv[1]) / "bundles")
    coded = code(bundles)
    piles = aligned(bundles, coded)
    told = given(piles, coded)
    more = shootings(Path(sys.argv[1]) / "gvc")
    joins = (0.25, 0.29, 0.33, 0.37)
    found = np.zeros((len(joins), 2))
    for k in range(FOLDS):
        fitted = fit(*examples([p for part in (piles, told) for n, p in enumerate(part) if n % FOLDS != k], more))
        for i, join in enumerate(joins):
            for j, part in enumerate((piles, told)):
                held = [p for n, p in enumerate(part) if n % FOLDS == k]
                found[i, j] += score(held, model_of(*fitted, join)) / FOLDS
    for join, (coded_f1, told_f1) in zip(joins, found, strict=True):
        print(f"join {join}: B³ F1, cross-validated: coded tellings {coded_f1:.3f}, given tellings {told_f1:.3f}")
    model = model_of(*fit(*examples([*piles, *told], more)), JOIN)
    lines = [f"{name} = {weight}" for name, weight in zip(NAMES, model.weights, strict=True)]
    OUT.write_text(
        f'# Written by `python -m training.pairs`.\nversion = "{VERSION}"\nbias = {model.bias}\njoin = {model.join}\n'
        f"sure = {model.sure}\nunlike = {model.unlike}\n\n[weights]\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    print(OUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
