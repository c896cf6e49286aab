"""`compare`: histor beside the ways of coding before it, in one run: what each codes, and how fast.

Four coders read the same texts:

- ``histor``: the shipped engine and coder;
- ``parse + dictionary``: verb patterns over the shipped engine's parses (`benchmarks.dictionary`, the method of
  UniversalPetrarch with our words), with both parties required, as that program does, and with one;
- ``spaCy CNN + dictionary``: the same over a spaCy pipeline trained on the same treebanks (`benchmarks.spacy_pipeline`);
- ``spaCy CNN + histor's rules``: that pipeline's parses and names through histor's own lexicon, tolls, attribution and resolution;
  what is missing are the learned event, role and mention heads.

Figures: accuracy and macro-F1 of the chief event's type, F1 of source and recipient (`types`); F1 of events and the mean field
score of aligned events (`gold`); killed and injured exact on 500 press reports (`casualties`); token F1 of source and content of
attributions (`attribution`). Words a second are those of press reports (the first of `fakes`) from text to records, by the
processor time of one process, models loaded and warm, the best of three passes. A dash stands where the method gives no such thing.

``--limit N`` reads at most N reports, articles and texts of the three large sets. ``--data`` is the folder that holds the sets; ``--cache`` the folder in which the spaCy pipeline is kept or, the first time,
trained (ten minutes of processor time).
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import attribution, casualties, gold, types
from benchmarks.dictionary import DictionaryCoder
from benchmarks.load import options
from benchmarks.scoring import show
from benchmarks.spacy_pipeline import SpacyEngine, trained
from histor.capture.inputs import InputOptions, Problem, make_report, read_inputs
from histor.coding.retellings import Telling
from histor.engines.protocol import Engine
from histor.jobs.coding import Coding
from histor.model.errors import ConfigError
from histor.model.records import CodedReport, Report

SPEED, GVA, POLNEAR = 60, 500, 84  # reports, articles, texts
PASSES = 3


@dataclass(frozen=True)
class Sizes:
    """How much of the large sets is read, spread evenly over each; `gold` and `types` are read whole."""

    speed: int = SPEED
    gva: int = GVA
    polnear: int = POLNEAR

    def __str__(self) -> str:
        return f"{self.speed} reports for speed, {self.gva} articles, {self.polnear} texts"


@dataclass(frozen=True)
class System:
    """A way of coding: whole reports, one sentence's tellings, and the engine behind it where it attributes."""

    name: str
    code: Callable[[Report], CodedReport]
    tell: Callable[[str], list[Telling]]
    attributes: Engine | None
    tolls: bool


def systems(cache: Path, data: Path) -> list[System]:
    """All coders of the comparison. Raises ConfigError without spaCy."""
    coding = Coding.load()
    spacy = SpacyEngine(trained(cache, data))
    ruled = Coding(spacy, coding.coder)
    found = [_ours("histor", coding)]
    for name, engine in (("parse", coding.engine), ("spaCy CNN", spacy)):
        for dyads, parties in ((True, "both parties"), (False, "one party")):
            coder = DictionaryCoder(engine, dyads=dyads)
            found.append(System(f"{name} + dictionary, {parties}", coder.code, coder.tell, None, False))
    return [*found, _ours("spaCy CNN + histor's rules", ruled)]


def _ours(name: str, coding: Coding) -> System:
    def tell(text: str) -> list[Telling]:
        return coding.coder.tellings(_report(text), coding.engine.annotate(text))

    return System(name, coding.code, tell, coding.engine, True)


def _report(text: str, **fields: str | None) -> Report:
    given = {"text": text, **{name: value for name, value in fields.items() if value}}
    return make_report(given, text.encode("utf-8", "surrogatepass"), InputOptions(), "compare")


def figures_of(system: System, data: Path, sizes: Sizes) -> dict[str, float | None]:
    """All figures of one coder by name; None where it gives no such thing."""
    found: dict[str, float | None] = {
        "words a second": speed(system, data / "fakes" / "FA-KES-Dataset.csv", sizes.speed)
    }
    records = types.load(data / "plover_gsr")
    scored = types.score(records, [system.tell(r.text) for r in records])
    found |= {"type": scored["chief"][0], "macro-F1": scored["chief"][1]}
    found |= {role: counts.f1 for role, counts in scored["parties"].items()}
    reports, wanted = gold.load(data / "gold", "dev")
    coded = {
        r["id"]: system.code(
            _report(r["text"], source=r.get("source"), published=r.get("published"), title=r.get("title"))
        )
        for r in reports
    }
    scores = gold.score(reports, wanted, coded)
    found |= {"events F1": scores["events"].f1, "mean field": scores["mean field"]}
    found |= (
        tolls(system, data / "gva" / "articles.jsonl", sizes.gva) if system.tolls else dict.fromkeys(casualties.KINDS)
    )
    if system.attributes is None:
        return found | dict.fromkeys(("source of words", "content of words"))
    items = casualties.spread(attribution.read_items(data / "polnear" / "dev"), sizes.polnear)
    predicted = {item.id: attribution.predict(item.text, system.attributes) for item in items}
    words = attribution.score(items, predicted)["words"]
    return found | {"source of words": words["source"].f1, "content of words": words["content"].f1}


def tolls(system: System, path: Path, size: int) -> dict[str, float | None]:
    """Share of press reports with the recorded figure, killed and injured, on the sample of `casualties`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    articles = [a for line in lines if line and (a := json.loads(line)).get("gold") and casualties.text_of(a)]
    chosen = casualties.spread(articles, size)
    rows = [
        (
            casualties.gold_of(a),
            casualties.figures_of(system.code(_report(casualties.text_of(a), published=a.get("dct")))),
        )
        for a in chosen
    ]
    return {kind: exact for kind, (exact, _) in casualties.score_gva(rows).items()}


def speed(system: System, path: Path, size: int) -> float:
    """Words a second of processor time, over press reports; the first report is read before, to warm up."""
    items = itertools.islice(read_inputs([str(path)], options()), size)
    reports: Sequence[Report] = [item for item in items if not isinstance(item, Problem)]
    words = sum(len(r.text.split()) for r in reports)
    system.code(reports[0])
    best = float("inf")
    for _ in range(PASSES):
        began = time.process_time()
        for report in reports:
            system.code(report)
        best = min(best, time.process_time() - began)
    return words / best


def run(args: argparse.Namespace) -> dict[str, Any]:
    if args.cache is None:
        raise ConfigError(
            "compare.cache", "no folder for the spaCy pipeline.", where="--cache", do="Name one; it is made."
        )
    sizes = Sizes() if args.limit is None else Sizes(*[min(args.limit, n) for n in (SPEED, GVA, POLNEAR)])
    found = {}
    for system in systems(args.cache, args.data):
        found[system.name] = figures_of(system, args.data, sizes)
        print(system.name, {n: v and round(v, 3) for n, v in found[system.name].items()}, file=sys.stderr, flush=True)
    names = list(next(iter(found.values())))
    rows = []
    for name, figures in found.items():
        values = (figures[n] for n in names)
        rows.append((name, *("–" if v is None else f"{v:,.0f}" if v > 1 else f"{v:.3f}" for v in values)))
    show(f"compare: one process, one thread; {sizes}", ("", *names), rows)
    return found
