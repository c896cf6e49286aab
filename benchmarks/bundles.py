"""`bundles`: piles of invented reports on one area with gold incidents, tolls, copies and near misses.

The project wrote them (`shared/data/bundles/GUIDE.md`). All piles are coded and matched together, as
one project.

- *End to end*: B³ over tellings. A coded telling is laid on the gold telling of its report whose quote
  holds one of its triggers (else on one whose quote stands in the trigger's sentence), one to one.
  After Cai and Strube (2010, B³sys) a gold telling that was not coded stands alone on the guessed side,
  and counts for recall only; a coded telling that gold does not have counts neither way. *Found* is
  the share of gold tellings that were coded.
- *Gold tellings*: quote, toll and factuality as the bundle states them, with what was coded there.
- Copies: P and R of (copy, original) over all reports.
- Tolls: for each gold telling that states a toll (killed, injured) whether the coded telling has the
  same low, best and high; `either way` counts as well those that state none and those that were not
  coded (wrong if they state one).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.clusters import b_cubed
from benchmarks.scoring import Counts, show
from histor.capture.inputs import InputOptions, make_report
from histor.estimates.tolls import telling_toll
from histor.jobs.coding import default_coding
from histor.matching.agencies import load_agencies
from histor.matching.match import match
from histor.matching.syndication import find_copies
from histor.matching.telling import Reader, Telling, tellings
from histor.model.records import CodedReport, EventMention
from histor.text.sentences import split_sentences

KINDS = ("killed", "injured")
Bundle = dict[str, Any]


@dataclass
class Aligned:
    """One pile: its tellings, the gold incident of each that gold knows, its gold tellings."""

    bundle: Bundle
    tellings: list[Telling]
    incidents: dict[str, str]
    laid: dict[tuple[str, int], Telling]  # (report, number of gold telling) to the coded one


def load(path: Path, part: str = "dev") -> list[Bundle]:
    file = path / f"{part}.jsonl" if path.is_dir() else path
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def code(bundles: Iterable[Bundle]) -> dict[str, CodedReport]:
    """Coded reports by the bundles' own report ids."""
    coding = default_coding()
    found = {}
    for bundle in bundles:
        for r in bundle["reports"]:
            options = InputOptions(source=r["outlet"], published=r["published"])
            captured = f"{r['id']}\n{r['text']}".encode()
            found[r["id"]] = coding.code(make_report({"id": r["id"], "text": r["text"]}, captured, options, r["id"]))
    return found


def aligned(bundles: Sequence[Bundle], coded: Mapping[str, CodedReport] | None = None) -> list[Aligned]:
    """Every pile with its coded tellings laid on the gold ones."""
    coded = coded if coded is not None else code(bundles)
    agencies = load_agencies()
    piles = []
    for bundle in bundles:
        pile = Aligned(bundle, [], {}, {})
        for report in bundle["reports"]:
            result = coded[report["id"]]
            found = tellings(result, agencies.credited(result.report))
            pile.tellings.extend(found)
            for g, k in lay(report, result.report.text, found):
                pile.laid[report["id"], g] = found[k]
                pile.incidents[found[k].id] = f"{bundle['bundle']}/{report['tells'][g]['incident']}"
        piles.append(pile)
    return piles


def lay(report: dict[str, Any], text: str, found: Sequence[Telling]) -> list[tuple[int, int]]:
    """Pairs (gold telling, coded telling) of one report, best first, one to one."""
    options = []
    sentences = [(s.start, s.end) for s in split_sentences(text)]
    for g, gold in enumerate(report["tells"]):
        start = text.find(gold["quote"])
        end = start + len(gold["quote"])
        around = [s for s in sentences if s[0] < end and s[1] > start]
        for k, telling in enumerate(found):
            best = max(_fit(m, gold, (start, end), around, n == 0) for n, m in enumerate(telling.mentions))
            if best:
                options.append((best, -g, -k))
    pairs: list[tuple[int, int]] = []
    for _, g, k in sorted(options, reverse=True):
        if all(-g != x and -k != y for x, y in pairs):
            pairs.append((-g, -k))
    return pairs


def _fit(
    mention: EventMention, gold: dict[str, Any], quote: tuple[int, int], around: list[tuple[int, int]], first: bool
) -> float:
    at = mention.trigger.span[0]
    if quote[0] <= at < quote[1]:
        stated = any([c.low, c.best, c.high] == gold[c.kind] for c in mention.casualties if c.kind in KINDS)
        return 3.0 + 0.5 * first + 0.5 * stated
    return float(any(a <= at < b for a, b in around))


def end_to_end(piles: Sequence[Aligned]) -> tuple[Counts, float]:
    """B³ over gold tellings, and the share of them that was coded."""
    result = match(t for pile in piles for t in pile.tellings)
    cluster_of = {i: k for k, c in enumerate(result.clusters) for i in c}
    gold = {i: label for pile in piles for i, label in pile.incidents.items()}
    precision = b_cubed(gold, {i: cluster_of[i] for i in gold}).precision
    everything, guessed = {}, {}
    for pile in piles:
        for report in pile.bundle["reports"]:
            for g, tell in enumerate(report["tells"]):
                item = f"{report['id']}/{g}"
                telling = pile.laid.get((report["id"], g))
                everything[item] = f"{pile.bundle['bundle']}/{tell['incident']}"
                guessed[item] = str(cluster_of[telling.id]) if telling else item
    recall = b_cubed(everything, guessed).recall
    found = sum(len(pile.laid) for pile in piles) / max(1, len(everything))
    return Counts(recall, 1.0, recall / precision if precision else 1.0), found


def given(piles: Sequence[Aligned], coded: Mapping[str, CodedReport]) -> list[Aligned]:
    """The same piles with the gold tellings in place of the coded ones: quote and tolls as stated."""
    found = []
    for pile in piles:
        told = Aligned(pile.bundle, [], {}, {})
        for report in pile.bundle["reports"]:
            result = coded[report["id"]]
            reader = Reader(result.report, result.event_mentions, load_agencies().credited(result.report))
            for g, tell in enumerate(report["tells"]):
                start = result.report.text.find(tell["quote"])
                laid = pile.laid.get((report["id"], g))
                telling = reader.given(
                    f"{report['id']}/{g}",
                    (start, start + len(tell["quote"])),
                    laid.mentions if laid else (),
                    _given(tell),
                )
                told.tellings.append(telling)
                told.incidents[telling.id] = f"{pile.bundle['bundle']}/{tell['incident']}"
        found.append(told)
    return found


def gold_tellings(piles: Sequence[Aligned], coded: Mapping[str, CodedReport]) -> Counts:
    """B³ where the tellings, their quotes and tolls are given."""
    told = given(piles, coded)
    clusters = match(t for pile in told for t in pile.tellings).clusters
    gold = {i: label for pile in told for i, label in pile.incidents.items()}
    return b_cubed(gold, {i: k for k, c in enumerate(clusters) for i in c})


def _given(tell: dict[str, Any]) -> dict[str, tuple[int | None, int | None, int | None]]:
    return {kind: tuple(tell[kind]) for kind in KINDS if tell[kind] is not None}


def copies(bundles: Sequence[Bundle], coded: Mapping[str, CodedReport]) -> Counts:
    gold = {(r["id"], r["copy_of"]) for b in bundles for r in b["reports"] if r["copy_of"]}
    external = {c.report.id: str(c.report.external_id) for c in coded.values()}
    found = find_copies(c.report for c in coded.values())
    made = {(external[c.report_id], external[c.copy_of]) for c in found}
    return Counts(len(gold & made), len(gold), len(made))


def tolls(piles: Sequence[Aligned]) -> dict[str, tuple[float, float, int]]:
    """By kind: exact share of stated tolls that were coded, of all gold tellings, and how many state one."""
    found = {}
    for kind in KINDS:
        right: list[bool] = []
        stated: list[bool] = []
        for pile in piles:
            for report in pile.bundle["reports"]:
                for g, tell in enumerate(report["tells"]):
                    laid = pile.laid.get((report["id"], g))
                    toll = telling_toll(laid.mentions, kind) if laid else None
                    gold = tuple(tell[kind]) if tell[kind] is not None else None
                    same = (toll.low, toll.best, toll.high) == gold if toll else gold is None
                    right.append(same)
                    if gold is not None and laid is not None:
                        stated.append(same)
        found[kind] = (sum(stated) / max(1, len(stated)), sum(right) / max(1, len(right)), len(stated))
    return found


def run(args: argparse.Namespace) -> dict[str, Any]:
    bundles = load(args.data, args.part or "dev")
    coded = code(bundles)
    if args.predictions:
        args.predictions.write_bytes(b"".join(msgspec.json.encode(c) + b"\n" for c in coded.values()))
    piles = aligned(bundles, coded)
    whole, found = end_to_end(piles)
    told = gold_tellings(piles, coded)
    copied = copies(bundles, coded)
    rows = [
        ("tellings, end to end (B³sys)", whole.precision, whole.recall, whole.f1),
        ("tellings given (B³)", told.precision, told.recall, told.f1),
        ("copies", copied.precision, copied.recall, copied.f1),
    ]
    show(f"bundles: {len(bundles)} piles, {len(coded)} reports; found {found:.3f}", ("", "P", "R", "F1"), rows)
    counted = tolls(piles)
    show("bundles: tolls", ("", "exact", "either way", "stated"), [(k, *v) for k, v in counted.items()])
    return {"end to end": whole, "given": told, "copies": copied, "tolls": counted, "found": found}
