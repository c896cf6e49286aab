"""`copies`: near-copies made of real reports by cutting, quoting and re-leading.

    python -m benchmarks copies --data SHARED/fakes      (or SHARED/bundles)

Of every third report two copies are made by a fixed rule: *cut* (the first half under a new headline),
*quoted* (a passage inside another outlet's report), *re-led* (every fourth sentence dropped, some words
changed for everyday equivalents, a new lead), *whole*. All reports, made and real, are searched together.

- Recall: made copies whose family (the root of their originals) is that of their source.
- Precision among made copies: those found with another family are wrong.
- *Strangers*: nobody has marked which real reports copy each other, so wrong finds among them cannot be
  counted directly. Real reports more than `APART` days apart are compared as if they were of one week:
  what is called a copy there is repeated text (background, formulas), no syndication of one story.
- Real reports that are called copies of real ones inside the window are counted, and not judged.
- The adjusted Rand index of families over all reports takes each real report as a family of its own, so
  that every link between real ones, right or wrong, lowers it.

The thresholds of `histor.matching.syndication` were chosen on `bundles` (dev) and on the strangers of
FA-KES; the figures on those are no figures on unseen data.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from benchmarks import bundles as piles
from benchmarks.clusters import adjusted_rand
from benchmarks.load import options
from benchmarks.scoring import Counts, show
from histor.capture.inputs import InputOptions, Problem, make_report, read_inputs
from histor.matching.syndication import Text, candidates, find_copies, overlap, roots, sketch
from histor.model.records import Report
from histor.text.sentences import split_sentences

APART = 60  # days after which two reports are of two stories
KINDS = ("cut", "quoted", "re-led", "whole")
_SWAPS = {
    "killed": "slain", "said": "stated", "people": "persons", "attack": "assault", "near": "close to", "after": "following",
    "several": "some", "troops": "soldiers", "injured": "hurt", "city": "town", "reported": "noted", "many": "numerous",
    "began": "started", "large": "big", "area": "zone", "fighters": "gunmen",
}  # fmt: skip


def load(args: argparse.Namespace) -> list[Report]:
    """Real reports: FA-KES, or the bundles' (without those that the bundles call copies)."""
    if (args.data / "dev.jsonl").exists():
        return [
            make_report({"id": r["id"], "text": r["text"]}, r["id"].encode(), InputOptions(source=r["outlet"], published=r["published"]), r["id"])
            for bundle in piles.load(args.data)
            for r in bundle["reports"]
            if r["copy_of"] is None
        ]  # fmt: skip
    found = read_inputs([str(args.data / "FA-KES-Dataset.csv")], options())
    return [r for r in found if not isinstance(r, Problem)]


def made(source: Report, kind: str, host: Report) -> Report | None:
    """A copy of a kind, dated a day later; None where the source is too short for it."""
    sentences = [source.text[s.start : s.end] for s in split_sentences(source.text)]
    if len(sentences) < 3:
        return None
    if kind == "cut":
        text = "What is known so far\n" + " ".join(sentences[: max(2, len(sentences) // 2)])
    elif kind == "quoted":
        own = [host.text[s.start : s.end] for s in split_sentences(host.text)][:12]
        passage = sentences[1 : 1 + max(3, 2 * len(sentences) // 3)]
        text = " ".join([*own[: len(own) // 2], *passage, *own[len(own) // 2 :]])
    elif kind == "re-led":
        kept = [s for k, s in enumerate(sentences[1:]) if k % 4 != 3]
        text = "Officials were still counting the cost on the following day. " + _swapped(" ".join(kept))
    else:
        text = source.text
    published = (date.fromisoformat(source.published or "2014-01-01") + timedelta(days=1)).isoformat()
    name = hashlib.sha256(f"{source.id} {kind}".encode()).hexdigest()
    return Report(name, f"outlet of {kind}", published, None, "en", text)


def _swapped(text: str) -> str:
    return re.sub(r"[a-z]+", lambda m: _SWAPS.get(m.group(), m.group()), text)


def pile(reports: Sequence[Report]) -> tuple[list[Report], dict[str, tuple[str, str]]]:
    """The reports with copies made of every third one; for each made copy its source and kind."""
    everything = list(reports)
    of: dict[str, tuple[str, str]] = {}
    for k, source in enumerate(reports[::3]):
        host = reports[(3 * k + 1 + len(reports) // 2) % len(reports)]
        for kind in (KINDS[k % 4], KINDS[(k + 1) % 4]):
            copy = made(source, kind, host)
            if copy is not None and copy.id not in of:
                everything.append(copy)
                of[copy.id] = (source.id, kind)
    return everything, of


def strangers(reports: Sequence[Report]) -> tuple[int, int]:
    """Pairs of reports more than `APART` days apart, and how many of them would be called copies."""
    dated = [r for r in reports if r.published]
    days = [date.fromisoformat(r.published or "") for r in dated]
    apart = sum(abs((a - b).days) > APART for a, b in itertools.combinations(days, 2))
    texts = [Text(r.text) for r in dated]
    pairs = candidates({k: sketch(r.text, r.title) for k, r in enumerate(dated)})
    found = (overlap(texts[a], texts[b]) for a, b in pairs if abs((days[a] - days[b]).days) > APART)
    return apart, sum(o.copied for o in found)


def run(args: argparse.Namespace) -> dict[str, Any]:
    reports = load(args)
    everything, of = pile(reports)
    found = {c.report_id: c for c in find_copies(everything)}
    root = roots(found.values())
    right = {i for i, (source, _) in of.items() if i in root and root[i] == root.get(source, source)}
    rows: list[tuple[object, ...]] = []
    for kind in KINDS:
        wanted = {i for i, (_, k) in of.items() if k == kind}
        rows.append((kind, *_scores(wanted & right, wanted, wanted & root.keys())))
    counts = Counts(len(right), len(of), len(of.keys() & root.keys()))
    rows.append(("all", counts.precision, counts.recall, counts.f1, len(of)))
    gold = {r.id: of[r.id][0] if r.id in of else r.id for r in everything}
    ari = adjusted_rand(gold, {r.id: root.get(r.id, r.id) for r in everything})
    show(f"copies: {len(reports)} real reports, {len(of)} copies made", ("", "P", "R", "F1", "made"), rows)
    apart, wrong = strangers(reports)
    real = len(root.keys() - of.keys())
    print(f"adjusted Rand index of families: {ari:.4f} (links between real reports count as wrong)")
    print(f"strangers: {wrong} of {apart} pairs more than {APART} days apart would be called copies")
    print(f"real reports called copies inside the window, not judged: {real}")
    return {"copies": counts, "ARI": ari, "strangers": (wrong, apart), "real": real}


def _scores(right: set[str], wanted: set[str], found: set[str]) -> tuple[float, float, float, int]:
    counts = Counts(len(right), len(wanted), len(found))
    return counts.precision, counts.recall, counts.f1, len(wanted)
