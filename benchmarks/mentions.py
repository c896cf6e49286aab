"""`mentions`: exact span F1 by type on Universal NER (EWT) and on re3d.

Originals: https://www.universalner.org and https://github.com/dstl/re3d. For UNER the engine's
names are scored, given the treebank's words; for re3d its phrases, on the part that training holds
out (`--part all` scores every document, for sets that training never saw).
"""

from __future__ import annotations

import argparse
import collections
from pathlib import Path

from benchmarks.scoring import Counts, show
from histor.engines.embedded.engine import EmbeddedEngine
from histor.model.annotation import Mention, Span
from training.corpora import Document, held_out, read_iob2, read_re3d

KINDS = {
    "PER": "person",
    "ORG": "organisation",
    "LOC": "place",
    "NAT": "nationality",
    "DATE": "date",
    "QTY": "quantity",
    "WPN": "weapon",
}
Spans = set[tuple[int, int, str]]


def laid_out(document: Document) -> tuple[str, list[tuple[int, int, str]], list[list[Span]]]:
    """A text with single blanks between the document's words, and where they stand in it."""
    text, segments, words = "", [], []
    for sentence in document.sentences:
        row = []
        start = len(text)
        for word in sentence.words:
            row.append((len(text), len(text) + len(word)))
            text += word + " "
        segments.append((start, row[-1][1], "body"))
        words.append(row)
    return text, segments, words


def gold_spans(tags: list[str], words: list[Span]) -> Spans:
    found: Spans = set()
    start = -1
    for i, tag in enumerate([*tags, "O"]):
        if start >= 0 and tag[0] != "I":
            found.add((words[start][0], words[i - 1][1], KINDS[tags[start][2:]]))
            start = -1
        if tag[0] == "B":
            start = i
    return found


def score(engine: EmbeddedEngine, documents: list[Document], layer: str) -> dict[str, Counts]:
    """Counts by kind, and over all under ``all``."""
    counts: dict[str, Counts] = collections.defaultdict(Counts)
    for document in documents:
        text, segments, words = laid_out(document)
        coded = engine.annotate_words(text, segments, words)
        guessed = {(m.start, m.end, m.kind) for m in coded.mentions if _wanted(m, layer)}
        gold: Spans = set()
        for sentence, row in zip(document.sentences, words, strict=True):
            gold |= gold_spans((sentence.names if layer == "name" else sentence.things) or ["O"] * len(row), row)
        for kind in {k for *_, k in gold | guessed}:
            g = {s for s in gold if s[2] == kind}
            p = {s for s in guessed if s[2] == kind}
            counts[kind].add(len(g & p), len(g), len(p))
        counts["all"].add(len(gold & guessed), len(gold), len(guessed))
    return dict(counts)


def _wanted(mention: Mention, layer: str) -> bool:
    return mention.layer == layer


def run(args: argparse.Namespace) -> dict[str, Counts]:
    data: Path = args.data
    engine = EmbeddedEngine.load()
    if data.is_file() or any(data.glob("*.iob2")):
        path = data if data.is_file() else data / f"{args.part or 'test'}.iob2"
        counts = score(engine, read_iob2(path), "name")
        title = f"mentions: UNER {path.name} (10 minutes of training reached 0.745)"
    else:
        documents = read_re3d(data)
        part = args.part or "held-out"
        if part != "all":
            documents = [d for d in documents if held_out(d.id, 5)]
        counts = score(engine, documents, "phrase")
        title = f"mentions: re3d, {part} ({len(documents)} documents; 10 minutes of training reached 0.655)"
    rows = [
        (k, c.precision, c.recall, c.f1, int(c.gold))
        for k, c in sorted(counts.items(), key=lambda x: (x[0] == "all", x[0]))
    ]
    show(title, ("", "P", "R", "F1", "gold"), rows)
    return counts
