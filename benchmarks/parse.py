"""`parse`: UD English EWT (or GUM), the shipped int8 model.

The original is at https://universaldependencies.org. Scores follow the CoNLL 2018 scorer: UAS and
LAS over all words, relations without their subtypes. With gold tokens, sentences keep their order
in the document, as the engine reads them with their neighbours; from raw text, words are aligned
by their characters and missed ones count.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scoring import Counts, show
from histor.engines.embedded.engine import EmbeddedEngine
from histor.model.annotation import Annotation, Span

PUBLISHED = [
    ("Stanza 1.x, EWT test, raw text", 0.954, 0.862, 0.836),
    ("spaCy CNN trained on EWT (10 min), gold tokens", 0.933, 0.822, 0.771),
]


@dataclass
class Treebank:
    """One document: its text, sentence and word spans, and gold columns a word."""

    text: str
    sentences: list[Span]
    words: list[list[Span]]
    gold: list[list[tuple[str, str, int, str]]]  # upos, feats, head, relation


def read(path: Path) -> list[Treebank]:
    """Documents of a CoNLL-U file, their text rebuilt from forms and SpaceAfter."""
    found: list[Treebank] = []
    rows: list[list[str]] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.startswith("# newdoc"):
            found.append(Treebank("", [], [], []))
        elif line and line[0] != "#":
            rows.append(line.split("\t"))
        elif not line and rows:
            if not found:
                found.append(Treebank("", [], [], []))
            _append(found[-1], rows)
            rows = []
    return found


def _append(document: Treebank, rows: list[list[str]]) -> None:
    """Add a sentence; the parts of a multi-word token share its characters by length."""
    start = len(document.text)
    spans: list[Span] = []
    gold: list[tuple[str, str, int, str]] = []
    until = 0
    for row in rows:
        if "." in row[0]:
            continue
        if "-" in row[0]:
            until = int(row[0].split("-")[1])
            surface, after = row[1], row[9]
            at = len(document.text)
            document.text += surface + ("" if "SpaceAfter=No" in after else " ")
            rest = (at, at + len(surface))
            continue
        if int(row[0]) <= until:
            a = rest[0]
            b = rest[1] if int(row[0]) == until else min(rest[1], a + len(row[1]))
            rest = (b, rest[1])
        else:
            a = len(document.text)
            b = a + len(row[1])
            document.text += row[1] + ("" if "SpaceAfter=No" in row[9] else " ")
        spans.append((a, max(b, a)))
        gold.append((row[3], row[5], int(row[6]), row[7]))
    document.sentences.append((start, len(document.text.rstrip())))
    document.words.append(spans)
    document.gold.append(gold)
    if not document.text.endswith(" "):
        document.text += " "


def universal(relation: str) -> str:
    return relation.split(":", maxsplit=1)[0]


def score_gold_tokens(engine: EmbeddedEngine, documents: list[Treebank]) -> dict[str, float]:
    """Accuracy of UPOS, UAS and LAS (and LAS with subtypes) given words and sentences."""
    right = {"UPOS": 0, "UAS": 0, "LAS": 0, "LAS with subtypes": 0}
    total = 0
    for document in documents:
        segments = [(a, b, "body") for a, b in document.sentences]
        coded = engine.annotate_words(document.text, segments, document.words)
        for sentence, gold in zip(coded.sentences, document.gold, strict=True):
            for token, (upos, _, head, relation) in zip(sentence.tokens, gold, strict=True):
                total += 1
                right["UPOS"] += token.upos == upos
                if token.head + 1 == head:
                    right["UAS"] += 1
                    right["LAS"] += universal(token.relation) == universal(relation)
                    right["LAS with subtypes"] += token.relation == relation
    return {name: n / total for name, n in right.items()}


def score_raw_text(engine: EmbeddedEngine, documents: list[Treebank]) -> dict[str, float]:
    """F1 of words, sentences, UPOS, UAS and LAS with our own cutting of the text."""
    counts = {name: Counts() for name in ("words", "sentences", "UPOS", "UAS", "LAS")}
    for document in documents:
        coded = engine.annotate(document.text)
        _score_document(document, coded, counts)
    return {name: c.f1 for name, c in counts.items()}


def _score_document(document: Treebank, coded: Annotation, counts: dict[str, Counts]) -> None:
    gold: dict[Span, tuple[str, Span | None, str]] = {}
    for words, rows in zip(document.words, document.gold, strict=True):
        for span, (upos, _, head, relation) in zip(words, rows, strict=True):
            gold[span] = (upos, words[head - 1] if head else None, universal(relation))
    guessed: dict[Span, tuple[str, Span | None, str]] = {}
    for sentence in coded.sentences:
        spans = [(t.start, t.end) for t in sentence.tokens]
        for span, token in zip(spans, sentence.tokens, strict=True):
            governor = spans[token.head] if token.head >= 0 else None
            guessed[span] = (token.upos, governor, universal(token.relation))
    both = gold.keys() & guessed.keys()
    n, m = sum(map(len, document.words)), sum(len(s.tokens) for s in coded.sentences)
    counts["words"].add(len(both), n, m)
    counts["UPOS"].add(sum(gold[s][0] == guessed[s][0] for s in both), n, m)
    counts["UAS"].add(sum(gold[s][1] == guessed[s][1] for s in both), n, m)
    counts["LAS"].add(sum(gold[s][1:] == guessed[s][1:] for s in both), n, m)
    ends = {(s[0][0], s[-1][1]) for s in document.words}
    own = {(s.tokens[0].start, s.tokens[-1].end) for s in coded.sentences}
    counts["sentences"].add(len(ends & own), len(ends), len(own))


def run(args: argparse.Namespace) -> dict[str, float]:
    path = args.data / f"{args.part or 'test'}.conllu" if args.data.is_dir() else args.data
    documents = read(path)
    engine = EmbeddedEngine.load()
    figures = score_gold_tokens(engine, documents)
    rows: list[tuple[object, ...]] = [(f"{engine.coder}, gold tokens", *(figures[k] for k in ("UPOS", "UAS", "LAS")))]
    raw = score_raw_text(engine, documents)
    rows.append((f"{engine.coder}, raw text", raw["UPOS"], raw["UAS"], raw["LAS"]))
    show(f"parse: {path.parent.name}/{path.name}", ("", "UPOS", "UAS", "LAS"), [*rows, *PUBLISHED])
    print(
        f"LAS with subtypes {figures['LAS with subtypes']:.3f}; raw text: words {raw['words']:.4f}, sentences {raw['sentences']:.4f}"
    )
    return figures
