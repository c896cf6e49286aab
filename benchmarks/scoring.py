"""Counting and printing that all benchmarks share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass
class Counts:
    """Right, gold and guessed items; precision, recall and F1 from them."""

    right: float = 0
    gold: float = 0
    guessed: float = 0

    def add(self, right: float, gold: float, guessed: float) -> None:
        self.right += right
        self.gold += gold
        self.guessed += guessed

    @property
    def precision(self) -> float:
        return self.right / self.guessed if self.guessed else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.gold + self.guessed
        return 2 * self.right / total if total else 0.0


def macro_f1(gold: Sequence[str], guessed: Sequence[str]) -> float:
    """Mean of the F1 of every class that occurs in `gold`."""
    scores = []
    for label in sorted(set(gold)):
        right = sum(g == p == label for g, p in zip(gold, guessed, strict=True))
        scores.append(Counts(right, gold.count(label), guessed.count(label)).f1)
    return sum(scores) / len(scores) if scores else 0.0


def weighted_f1(gold: Sequence[str], guessed: Sequence[str]) -> float:
    """Mean of the F1 of every class in `gold`, each with the weight of its number there."""
    total = 0.0
    for label in sorted(set(gold)):
        right = sum(g == p == label for g, p in zip(gold, guessed, strict=True))
        n = sum(g == label for g in gold)
        total += n * Counts(right, n, sum(p == label for p in guessed)).f1
    return total / len(gold) if gold else 0.0


def show(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a plain table, figures to three places."""
    table = Table(title=title, title_justify="left")
    for k, name in enumerate(header):
        table.add_column(name, justify="left" if k == 0 else "right")
    for row in rows:
        table.add_row(*(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row))
    Console(width=140).print(table)


def overlap(a: tuple[int, int], b: tuple[int, int]) -> int:
    """Characters that two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))
