"""`eventplace`: which place names of a sentence are where a given event was.

The data lie in `shared/data/event_location` (A. Halterman, *Geolocating Political Events in Text*,
2019; https://github.com/ahalterman/event_location): a sentence, the verb of one event (`VERB`) and
the places of that event (`LOCATION`, none to many); items that were not accepted are left out.
About a third of the places write the numbers of their words where their characters should stand;
`token_start` and `token_end` are right throughout and are what is read here.

The units are the data's own words, blanks left out. A word is gold if it lies in a `LOCATION`, and
guessed if a predicted span touches it; P, R and F1 are over the words of all sentences, those
without any place included. `dev` is the part that training holds out (by the item's number, as in
`training/train.py`), `all` is everything. Some sentences stand in the data several times, with
another verb, on both sides of that split: the row ``unseen text`` leaves them out.

Predictions, from least to most of the engine:

- every name: all place names of the sentence, whatever the event (a floor);
- record: the place of the event mention whose trigger overlaps the verb, as `histor code` has it;
- proposal: place spans of the proposal whose trigger overlaps the verb;
- verb: place spans of the role head asked about the verb, whether or not it was proposed;
- verb, names: the place names that those spans touch;
- verb, names or parse: where there are none, the place names in a phrase of place under the verb
  or under the verb that governs it. This one is the benchmark's figure and goes to the predictions.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scoring import Counts, show
from histor.coding.grammar import Clause
from histor.coding.roles import ROLE
from histor.engines.embedded.engine import EmbeddedEngine
from histor.jobs.coding import default_coding
from histor.model.annotation import Annotation, Proposal, Span
from histor.model.records import Report
from histor.text.tokens import word_spans
from training.corpora import held_out

PREPOSITIONS = frozenset({"in", "at", "near", "outside", "around", "inside", "across"})
METHODS = ("every name", "record", "proposal", "verb", "verb, names", "verb, names or parse")
BEST = METHODS[-1]


@dataclass(frozen=True)
class Item:
    """A sentence with the verb of its event and the event's places; `words` are the data's own."""

    id: str
    text: str
    words: tuple[Span, ...]
    verbs: tuple[Span, ...]
    places: tuple[Span, ...]


def read_items(path: Path) -> list[Item]:
    """Accepted items of the file, or of the first ``*.zip``, ``*.jsonl`` or ``*.json`` of a folder."""
    if path.is_dir():
        path = next(p for kind in ("*.zip", "*.jsonl", "*.json") for p in sorted(path.glob(kind)))
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as handle:
            raw = io.TextIOWrapper(handle, encoding="utf-8").read()
    else:
        raw = path.read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = (
        json.loads(raw) if raw.lstrip().startswith("[") else [json.loads(line) for line in raw.splitlines() if line]
    )
    return [make_item(number, row) for number, row in enumerate(rows) if row.get("answer") == "accept"]


def make_item(number: int, row: dict[str, Any]) -> Item:
    """One item; spans are read by the numbers of their words, cut where they run past the end."""
    tokens = [(t["start"], t["end"]) for t in row["tokens"]]
    marks: dict[str, list[Span]] = {"VERB": [], "LOCATION": []}
    for span in row.get("spans", []):
        first, last = span["token_start"], span["token_end"]
        if first < len(tokens):
            last = last if last < len(tokens) else first
            marks.setdefault(span["label"], []).append((tokens[first][0], tokens[last][1]))
    words = tuple(t for t in tokens if row["text"][t[0] : t[1]].strip())
    return Item(f"el-{number}", row["text"], words, tuple(marks["VERB"]), tuple(marks["LOCATION"]))


# --- predictions ---------------------------------------------------------------------------------


def predict(item: Item) -> dict[str, list[Span]]:
    """Spans of the event's places by each method."""
    coding = default_coding()
    assert isinstance(coding.engine, EmbeddedEngine)
    spans = list(word_spans(item.text))
    if not spans:
        return {method: [] for method in METHODS}
    segments = [(0, len(item.text), "body")]
    annotation = coding.engine.annotate_words(item.text, segments, [spans])
    about_verbs = coding.engine.annotate_words(item.text, segments, [spans], triggers=item.verbs).proposals
    names = sorted({(m.start, m.end) for m in annotation.mentions if m.kind == "place" and m.layer == "name"})
    coded = coding.coder.code(Report(item.id, None, None, None, "en", item.text), annotation)
    asked = place_spans(about_verbs)
    on_names = touching(names, asked)
    return {
        "every name": names,
        "record": [m.place.span for m in coded.event_mentions if m.place and touching([m.trigger.span], item.verbs)],
        "proposal": place_spans([p for p in annotation.proposals if touching([(p.start, p.end)], item.verbs)]),
        "verb": asked,
        "verb, names": on_names,
        "verb, names or parse": on_names or in_parse(annotation, item.verbs, names),
    }


def place_spans(proposals: Iterable[Proposal]) -> list[Span]:
    """Spans of the role *place* that coding would believe."""
    return sorted({(r.start, r.end) for p in proposals for r in p.roles if r.role == "place" and r.score >= ROLE})


def touching(spans: list[Span], others: tuple[Span, ...] | list[Span]) -> list[Span]:
    """Those of `spans` that overlap one of `others`."""
    return [(a, b) for a, b in spans if any(a < y and b > x for x, y in others)]


def in_parse(annotation: Annotation, verbs: tuple[Span, ...], names: list[Span]) -> list[Span]:
    """Place names in a phrase of place under the verb, or under the verb that governs it."""
    clause = Clause(annotation.sentences[0])
    found: list[Span] = []
    for verb in verbs:
        head = clause.head_of(verb)
        if head is None:
            continue
        above = clause.tokens[head].head
        for h in [head, above] if above >= 0 and clause.tokens[above].upos == "VERB" else [head]:
            for k in clause.obliques(h, PREPOSITIONS):
                token = clause.tokens[k]
                found.extend(touching(names, [(token.start, token.end)]))
    return sorted(set(found))


# --- scores --------------------------------------------------------------------------------------


def marked(item: Item, spans: tuple[Span, ...] | list[Span]) -> set[int]:
    """Numbers of the words that the spans touch."""
    return {k for k, word in enumerate(item.words) if touching([word], spans)}


def score(items: list[Item], predicted: dict[str, list[Span]]) -> tuple[Counts, float]:
    """Word counts over all sentences, and the share of sentences with exactly the gold words."""
    counts, exact = Counts(), 0
    for item in items:
        gold, guessed = marked(item, item.places), marked(item, predicted[item.id])
        counts.add(len(gold & guessed), len(gold), len(guessed))
        exact += gold == guessed
    return counts, exact / len(items) if items else 0.0


def run(args: argparse.Namespace) -> dict[str, Any]:
    items = read_items(args.data)
    part = args.part or "dev"
    trained = {item.text.strip() for item in items if not held_out(item.id, 5)}
    chosen = [item for item in items if part == "all" or held_out(item.id, 5)]
    found = {item.id: predict(item) for item in chosen}
    by_method = {method: {key: spans[method] for key, spans in found.items()} for method in METHODS}
    if args.predictions:
        rows = (
            {"id": i.id, "text": i.text, "verb": i.verbs, "places": by_method[BEST][i.id], "gold": i.places}
            for i in chosen
        )
        args.predictions.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    figures: dict[str, Any] = {method: score(chosen, by_method[method]) for method in METHODS}
    unseen = [item for item in chosen if item.text.strip() not in trained]
    figures["unseen text"] = score(unseen, by_method[BEST])
    placed = sum(bool(i.places) for i in chosen)
    show(
        f"eventplace: {part}, {len(chosen)} sentences, {placed} with a place (published: P 0.83, R 0.83)",
        ("", "P", "R", "F1", "gold words", "sentences right"),
        [(n, c.precision, c.recall, c.f1, int(c.gold), exact) for n, (c, exact) in figures.items()],
    )
    print(f"unseen text: {len(unseen)} sentences that no training item shares, by '{BEST}'")
    return figures
