"""`gate`: what the relevance gate lets through, of conflict and of other news; no text is coded.

`--data` is the folder of all sets: FA-KES, India Police Events (documents, with and without an event marked), GVA
(reports of shootings), and what `mixed` takes for other news. Evaluation only: nothing of them is in the gate's words, and
its thresholds alone were set on them. What the gate's misses cost in event mentions `speed` says.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

from benchmarks import mixed, relevance
from benchmarks.scoring import show
from histor.coding.gate import Gate, shipped_gate

SHARES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)


def texts(data: Path) -> dict[str, list[str]]:
    """Texts by set, those with an event of interest first."""
    rows = relevance.load(data / "india_police_events" / "docs_dev.tsv")
    rows += relevance.load(data / "india_police_events" / "docs_train.tsv")
    lines = (data / "gva" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        "fakes": [f"{r.title}\n{r.text}" for r in mixed.conflict(data)],
        "india: killed, arrested, forced": [t for t, c in rows if c & {"KILL", "ARREST", "FORCE"}],
        "india: police did anything": [t for t, c in rows if c],
        "gva": [json.loads(line)["content"] for line in lines],
        "india: nothing marked": [t for t, c in rows if not c],
        **mixed.other(data),
    }


def passed(gate: Gate, found: list[str]) -> list[float]:
    """The share of texts that pass, for each of `SHARES`."""
    gates = [replace(gate, share=share) for share in SHARES]
    return [sum(map(g.lets_through, found)) / len(found) for g in gates]


def run(args: argparse.Namespace) -> dict[str, list[float]]:
    gate = shipped_gate()
    sets = texts(args.data)
    figures = {name: passed(gate, found) for name, found in sets.items()}
    head = ("share of passages needed", "texts", *(f"{s}{' (shipped)' * (s == gate.share)}" for s in SHARES))
    show("gate: share of texts that pass", head, [(n, len(sets[n]), *f) for n, f in figures.items()])
    everything = [t for found in sets.values() for t in found]
    began = time.process_time()
    for text in everything:
        gate.lets_through(text)
    print(f"{1e6 * (time.process_time() - began) / len(everything):.0f} microseconds a text")
    return figures
