"""Readers of the training corpora: files of `../shared/data` to windows of words with labels.

A window is a run of consecutive sentences of one document, as the engine sees them at run time.
Each reader fills the labels that its corpus has; the rest stays absent and is not trained on.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from histor.text.normalise import normalise
from histor.text.sentences import split_sentences
from histor.text.tokens import word_spans

FEATURES = frozenset(
    "Number Tense VerbForm Mood Person Degree Voice Polarity PronType Poss NumType Definite Case".split()
)
ROLES = ("actor recipient place date weapon killed injured captured missing displaced territory speaker cue").split()


@dataclass
class Sentence:
    """Words of one sentence with the labels that its corpus gives (one list item a word)."""

    words: list[str]
    upos: list[str] | None = None
    feats: list[str | None] | None = None
    lemmas: list[str | None] | None = None
    heads: list[int] | None = None
    relations: list[str] | None = None
    names: list[str] | None = None
    things: list[str] | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)
    id: str = ""


@dataclass
class Document:
    """Sentences of one text; `events` use word indices counted over the whole document."""

    id: str
    sentences: list[Sentence]
    events: list[dict[str, Any]] | None = None
    roles: tuple[str, ...] = tuple(ROLES)


def held_out(key: str, parts: int, part: int = 0) -> bool:
    """A split by hash: whether `key` falls into `part` of `parts` equal parts."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % parts == part


def read_conllu(path: Path) -> list[Document]:
    """Documents of a CoNLL-U file; multi-word tokens and empty nodes are left out."""
    documents: list[Document] = []
    rows: list[list[str]] = []
    sent_id = ""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# newdoc id = "):
            documents.append(Document(line[14:], []))
        elif line.startswith("# sent_id = "):
            sent_id = line[12:]
        elif line and line[0] != "#":
            columns = line.split("\t")
            if columns[0].isdigit():
                rows.append(columns)
        elif not line and rows:
            documents[-1].sentences.append(_conllu_sentence(rows))
            documents[-1].sentences[-1].id = sent_id
            rows = []
    for document in documents:
        if any(s.names for s in document.sentences):
            for sentence in document.sentences:
                sentence.names = sentence.names or ["O"] * len(sentence.words)
    return documents


def _conllu_sentence(rows: list[list[str]]) -> Sentence:
    feats: list[str | None] = []
    for columns in rows:
        kept = [f for f in columns[5].split("|") if f.split("=")[0] in FEATURES]
        feats.append("|".join(kept) or "_")
    sentence = Sentence(
        words=[c[1] for c in rows],
        upos=[c[3] for c in rows],
        feats=feats,
        lemmas=[c[2] for c in rows],
        heads=[int(c[6]) for c in rows],
        relations=[c[7] for c in rows],
    )
    sentence.names = _gum_names(rows)
    return sentence


def add_names(documents: list[Document], path: Path) -> None:
    """Lay our own annotation of names (``names_ewt.jsonl``) over treebank sentences.

    A sentence that was not annotated has no names if it has no proper noun, else it stays unlabelled.
    """
    marks = {item["id"]: item["names"] for item in _json_lines(path)}
    for document in documents:
        for sentence in document.sentences:
            if sentence.id in marks:
                tags = ["O"] * len(sentence.words)
                for a, b, kind in marks[sentence.id]:
                    tags[a:b] = [f"B-{kind}", *[f"I-{kind}"] * (b - a - 1)]
                sentence.names = tags
            elif "PROPN" not in (sentence.upos or []):
                sentence.names = ["O"] * len(sentence.words)


def add_parses(documents: list[Document], path: Path) -> None:
    """Lay the automatic parses of ``silver.jsonl.gz`` over texts of ours (see `training.silver`)."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        parses = {item["id"]: item["sentences"] for item in map(json.loads, handle)}
    for document in documents:
        given = parses.get(document.id, [])
        if [len(g["upos"]) for g in given] != [len(s.words) for s in document.sentences]:
            continue
        for sentence, found in zip(document.sentences, given, strict=True):
            sentence.upos, sentence.feats, sentence.lemmas = found["upos"], found["feats"], found["lemmas"]
            sentence.heads, sentence.relations = found["heads"], found["relations"]


_GUM_TYPES = {"person": "PER", "place": "LOC", "organization": "ORG"}


def _gum_names(rows: list[list[str]]) -> list[str] | None:
    """Named people, places and organisations out of GUM's entity column (None without one).

    A mention is a name if its core is a run of proper nouns; determiners, titles in small
    letters and modifiers outside the run are left out, as Universal NER does.
    """
    if not any("Entity=" in c[9] for c in rows):
        return None
    spans: list[tuple[int, int, str]] = []
    stack: list[tuple[int, str]] = []
    for i, columns in enumerate(rows):
        value = next((v[7:] for v in columns[9].split("|") if v.startswith("Entity=")), "")
        for piece in value.replace(")", ")\n").replace("(", "\n(").split("\n"):
            if piece.startswith("("):
                kind = piece[1:].split("-")[1] if "-" in piece else ""
                stack.append((i, kind))
            if piece.endswith(")") and stack:
                start, kind = stack.pop()
                spans.append((start, i + 1, kind))
    tags = ["O"] * len(rows)
    for start, end, kind in sorted(spans, key=lambda s: s[0] - s[1]):
        label = _GUM_TYPES.get(kind)
        run = _proper_run(rows, start, end) if label else None
        if run is None or any(tags[k] != "O" for k in range(*run)):
            continue
        tags[run[0]] = f"B-{label}"
        for k in range(run[0] + 1, run[1]):
            tags[k] = f"I-{label}"
    return tags


def _proper_run(rows: list[list[str]], start: int, end: int) -> tuple[int, int] | None:
    """The run of proper nouns (by Penn tag: ``United`` is one in ``United States``) around the head."""
    inside = {int(rows[k][0]) for k in range(start, end)}
    heads = [k for k in range(start, end) if int(rows[k][6]) not in inside]
    if len(heads) != 1 or not rows[heads[0]][4].startswith("NNP"):
        return None
    a = b = heads[0]
    while a > start and rows[a - 1][4].startswith("NNP"):
        a -= 1
    while b + 1 < end:
        following = _next_proper(rows, b + 1, end)
        if following is None:
            break
        b = following
    return a, b + 1


_INSIDE_NAMES = frozenset({"of", "the", "for", "-", "'s", "\u2019s"})


def _next_proper(rows: list[list[str]], at: int, end: int) -> int | None:
    """The next proper noun at or after `at`, across the small words that names hold."""
    for k in range(at, min(at + 3, end)):
        if rows[k][4].startswith("NNP"):
            return k
        if rows[k][1].lower() not in _INSIDE_NAMES:
            return None
    return None


def read_iob2(path: Path) -> list[Document]:
    """Documents of a Universal NER file (word, tag in columns 2 and 3)."""
    documents: list[Document] = []
    words: list[str] = []
    tags: list[str] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# newdoc id = "):
            documents.append(Document(line[14:], []))
        elif line and line[0] != "#":
            columns = line.split("\t")
            words.append(columns[1])
            tags.append(columns[2] if columns[2] != "OTH" else "O")
        elif not line and words:
            tags = [t if t[2:] in {"PER", "ORG", "LOC"} else "O" for t in tags]
            documents[-1].sentences.append(Sentence(words, names=tags))
            words, tags = [], []
    return documents


RE3D_TYPES = {
    "Organisation": "ORG", "Location": "LOC", "Person": "PER", "Temporal": "DATE",
    "Nationality": "NAT", "Quantity": "QTY", "Money": "QTY", "Weapon": "WPN",
    "MilitaryPlatform": "WPN", "Vehicle": "WPN",
}  # fmt: skip


def segment(text: str) -> list[Sentence]:
    """Sentences and words of a text as the engine cuts them; word spans are kept."""
    sentences = []
    for part in split_sentences(text):
        spans = list(word_spans(text, part.start, part.end))
        if spans:
            sentences.append(Sentence([text[a:b] for a, b in spans], spans=spans))
    return sentences


def read_re3d(folder: Path) -> list[Document]:
    """Documents of re3d; of nested entities the outermost is kept, those that cut a word dropped."""
    documents = []
    for source in sorted(p for p in folder.iterdir() if p.is_dir()):
        texts = _json_lines(source / "documents.json")
        entities: dict[str, list[dict[str, Any]]] = {}
        for entity in _json_lines(source / "entities.json"):
            entities.setdefault(entity["documentId"], []).append(entity)
        for item in texts:
            sentences = segment(item["text"])
            marks = [
                (e["begin"], e["end"], RE3D_TYPES[e["type"]])
                for e in entities.get(item["_id"], [])
                if e["type"] in RE3D_TYPES
            ]
            for sentence in sentences:
                sentence.things = _bio(sentence.spans, marks)
            documents.append(Document(item["_id"], sentences))
    return documents


def _bio(words: list[tuple[int, int]], marks: list[tuple[int, int, str]]) -> list[str]:
    tags = ["O"] * len(words)
    starts = {a: i for i, (a, _) in enumerate(words)}
    ends = {b: i for i, (_, b) in enumerate(words)}
    for a, b, kind in sorted(marks, key=lambda m: (m[0] - m[1], m)):
        i, j = starts.get(a), ends.get(b)
        if i is None or j is None or j < i or any(tags[k] != "O" for k in range(i, j + 1)):
            continue
        tags[i] = f"B-{kind}"
        for k in range(i + 1, j + 1):
            tags[k] = f"I-{kind}"
    return tags


def read_written(path: Path) -> list[Document]:
    """Examples of `training/data/written` with their events, spans as word ranges."""
    documents = []
    for item in _json_lines(path):
        text = item["text"]
        if text != normalise(text):
            raise ValueError(f"{path}: {item['id']}: text is not normalised")
        sentences = segment(text)
        words = [span for sentence in sentences for span in sentence.spans]
        events = []
        for event in item["events"]:
            spans = {k: _word_ranges(words, event.get(k, [])) for k in ("trigger", *ROLES)}
            if not spans["trigger"]:
                continue
            events.append(
                {
                    "type": event["event_type"],
                    "mode": event["mode"] or "",
                    "sub": event["acled_sub_event_type"] or "",
                    "fact": event["factuality"],
                    **spans,
                }
            )
        documents.append(Document(item["id"], sentences, events))
    return documents


def read_event_location(path: Path) -> list[Document]:
    """Sentences with an event verb and the places of its event (role `place` alone is labelled)."""
    with zipfile.ZipFile(path) as archive, archive.open("labeled_text.jsonl") as handle:
        items = json.load(io.TextIOWrapper(handle, encoding="utf-8"))
    documents = []
    for number, item in enumerate(items):
        if item.get("answer") != "accept":
            continue
        text = item["text"]
        spans = list(word_spans(text))
        tokens = item["tokens"]
        marks: dict[str, list[list[int]]] = {"VERB": [], "LOCATION": []}
        for span in item.get("spans", []):
            # A third of the spans give words where characters should stand; their word numbers are right.
            first, last = span["token_start"], span["token_end"]
            if first < len(tokens):
                last = last if last < len(tokens) else first
                marks.setdefault(span["label"], []).append([tokens[first]["start"], tokens[last]["end"]])
        trigger = _word_ranges(spans, marks["VERB"])
        if not trigger:
            continue
        event = {"trigger": trigger, "place": _word_ranges(spans, marks["LOCATION"])}
        sentence = Sentence([text[a:b] for a, b in spans], spans=spans)
        documents.append(Document(f"el-{number}", [sentence], [event], ("place",)))
    return documents


def _word_ranges(words: list[tuple[int, int]], spans: list[list[int]]) -> list[tuple[int, int]]:
    """Character spans as half-open ranges of the words that they touch."""
    ranges = []
    for a, b in spans:
        inside = [i for i, (x, y) in enumerate(words) if x < b and y > a]
        if inside:
            ranges.append((inside[0], inside[-1] + 1))
    return ranges


def _json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def joined(documents: list[Document]) -> Document:
    """Several texts one behind the other as one document: roles never cross from one to another."""
    sentences: list[Sentence] = []
    events: list[dict[str, Any]] = []
    for document in documents:
        base = sum(len(s.words) for s in sentences)
        sentences.extend(document.sentences)
        for event in document.events or []:
            moved = {k: [(a + base, b + base) for a, b in v] if isinstance(v, list) else v for k, v in event.items()}
            events.append(moved)
    return Document("+".join(d.id for d in documents), sentences, events, documents[0].roles)


_DROPPED = frozenset({",", '"', "\u201c", "\u201d", "'", "\u2019", "``", "''", "-", "\u2013"})


def bare(document: Document) -> Document:
    """The document without commas, quotes and hyphens, as scraped and old archives hold texts."""
    sentences: list[Sentence] = []
    moved: dict[int, int] = {}
    base = kept_before = 0
    for sentence in document.sentences:
        keep = [i for i, w in enumerate(sentence.words) if not _droppable(sentence, i, w)]
        for new, old in enumerate(keep):
            moved[base + old] = kept_before + new
        base += len(sentence.words)
        kept_before += len(keep)
        sentences.append(_subset(sentence, keep))
    events = None
    if document.events is not None:
        events = [
            {k: _moved_spans(v, moved) if isinstance(v, list) else v for k, v in event.items()}
            for event in document.events
        ]
        events = [e for e in events if e["trigger"]]
    sentences = [s for s in sentences if s.words]
    return Document(document.id, sentences, events, document.roles)


def _droppable(sentence: Sentence, i: int, word: str) -> bool:
    if word not in _DROPPED:
        return False
    return sentence.heads is None or i + 1 not in sentence.heads


def _subset(sentence: Sentence, keep: list[int]) -> Sentence:
    def pick(values: list[Any] | None) -> list[Any] | None:
        return None if values is None else [values[i] for i in keep]

    heads = None
    if sentence.heads is not None:
        place = {old + 1: new + 1 for new, old in enumerate(keep)}
        heads = [place.get(sentence.heads[i], 0) for i in keep]
    names, things = pick(sentence.names), pick(sentence.things)
    return Sentence(
        [sentence.words[i] for i in keep], pick(sentence.upos), pick(sentence.feats),
        pick(sentence.lemmas), heads, pick(sentence.relations), names, things,
    )  # fmt: skip


def _moved_spans(spans: list[tuple[int, int]], moved: dict[int, int]) -> list[tuple[int, int]]:
    found = []
    for a, b in spans:
        inside = [moved[i] for i in range(a, b) if i in moved]
        if inside:
            found.append((inside[0], inside[-1] + 1))
    return found


def windows(document: Document, pieces: list[int], longest: int) -> Iterator[tuple[int, int]]:
    """Ranges of sentences whose word pieces (`pieces`, one number a sentence) fit in `longest`."""
    start, size = 0, 0
    for i, n in enumerate(pieces):
        if i > start and size + n + 1 > longest:
            yield start, i
            start, size = i, 0
        size += n + 1
    if start < len(document.sentences):
        yield start, len(document.sentences)
