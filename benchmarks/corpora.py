"""Coreference corpora as documents of words with gold event mentions.

GVC (Vossen et al. 2018, github.com/cltl/GunViolenceCorpus, CC BY 4.0) and ECB+ (Cybulska and Vossen
2014, github.com/cltl/ecbPlus, CC BY 3.0). The texts are cut into words already; they are joined with
blanks and coded as they stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histor.engines.embedded.engine import EmbeddedEngine
from histor.jobs.coding import default_coding
from histor.model.annotation import Annotation, Span
from histor.model.records import CodedReport, Report

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Gold:
    """A gold event mention: its document, sentence and words (indices), and its chain."""

    doc: str
    sentence: int
    words: tuple[int, ...]
    chain: str


@dataclass(frozen=True)
class Document:
    """Words by sentence; `topic` is what the corpus files it under, `published` an ISO date or None."""

    id: str
    topic: str
    published: str | None
    sentences: tuple[tuple[str, ...], ...]


def gvc(path: Path) -> tuple[list[Document], list[Gold]]:
    """GVC; chain ``0`` marks what is of no incident in the corpus, so each such mention is its own chain."""
    data = json.loads((path / "dev.json" if path.is_dir() else path).read_text(encoding="utf-8"))
    documents, number = [], {}
    for name, doc in sorted(data["docs"].items()):
        first = " ".join(doc["sentences"][0][1]) if doc["sentences"] else ""
        published = first if _DAY.fullmatch(first) else None
        documents.append(Document(name, doc["topic"], published, tuple(tuple(words) for _, words in doc["sentences"])))
        number[name] = {key: k for k, (key, _) in enumerate(doc["sentences"])}
    gold = []
    for k, m in enumerate(data["event_mentions"]):
        chain = m["chain"] if m["chain"] != "0" else f"0 {k}"
        gold.append(Gold(m["doc"], number[m["doc"]][m["sent"]], tuple(range(m["start"], m["end"] + 1)), chain))
    return documents, gold


def ecbplus(path: Path, part: str = "dev") -> tuple[list[Document], list[Gold]]:
    """ECB+; a document's topic is the number before its underscore."""
    words: dict[str, dict[int, list[str]]] = {}
    for line in (path / f"{part}_corpus.txt").read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) > 3:
            words.setdefault(cells[0], {}).setdefault(int(cells[1]), []).append(cells[3])
    mentions = json.loads((path / f"{part}_Event_gold_mentions.json").read_text(encoding="utf-8"))
    used = {m["doc_id"] for m in mentions}
    number = {name: {key: k for k, key in enumerate(sorted(rows))} for name, rows in words.items()}
    documents = [
        Document(name, name.split("_")[0], None, tuple(tuple(rows[key]) for key in sorted(rows)))
        for name, rows in sorted(words.items())
        if name in used
    ]
    gold = [
        Gold(m["doc_id"], number[m["doc_id"]][m["sent_id"]], tuple(m["tokens_number"]), m["coref_chain"])
        for m in mentions
    ]
    return documents, gold


@dataclass(frozen=True)
class Read:
    """A document as the shipped engine and coder read it."""

    coded: CodedReport
    annotation: Annotation


def read(documents: Sequence[Document]) -> dict[str, Read]:
    """Every document parsed and coded, with the corpus's own words."""
    coding = default_coding()
    engine = _engine()
    found = {}
    for doc in documents:
        text, segments, spans = joined(doc.sentences)
        report = Report(doc.id, None, doc.published, None, "en", text)
        annotation = engine.annotate_words(text, segments, spans)
        found[doc.id] = Read(coding.coder.code(report, annotation), annotation)
    return found


def vectors(documents: Sequence[Document]) -> dict[str, list[NDArray[np.float32]]]:
    """The engine's word vectors ``[word, hidden]`` of every sentence, by document."""
    engine = _engine()
    return {doc.id: engine.word_vectors([list(words) for words in doc.sentences]) for doc in documents}


def _engine() -> EmbeddedEngine:
    engine = default_coding().engine
    if not isinstance(engine, EmbeddedEngine):
        raise TypeError("the embedded engine is needed: it takes words that are cut already")
    return engine


def joined(sentences: Sequence[Sequence[str]]) -> tuple[str, list[tuple[int, int, str]], list[list[Span]]]:
    """The text of words joined with blanks, one sentence a line, with the spans of sentences and words."""
    text = ""
    segments: list[tuple[int, int, str]] = []
    spans: list[list[Span]] = []
    for sentence in sentences:
        start = len(text)
        row: list[Span] = []
        for word in sentence:
            text += " " if row else ""
            row.append((len(text), len(text) + len(word)))
            text += word
        segments.append((start, len(text), "body"))
        spans.append(row)
        text += "\n"
    return text, segments, spans


def span_of(gold: Gold, found: Mapping[str, Read]) -> Span:
    """Where a gold mention stands in the joined text."""
    tokens = found[gold.doc].annotation.sentences[gold.sentence].tokens
    return tokens[gold.words[0]].start, tokens[gold.words[-1]].end
