"""Windows of label indices and padded batches of them."""

from __future__ import annotations

import collections
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from histor.engines.embedded.lemmas import lemma_rule
from histor.text.shapes import SHAPES, shape_of
from training import corpora
from training.corpora import ROLES, Document, Sentence
from training.network import Labels

CLS, SEP = 101, 102
BLANK_SHAPE = len(SHAPES)
IGNORED = -100


@dataclass
class Window:
    """A training example: pieces of consecutive sentences, with label indices a word."""

    ids: list[int]
    shapes: list[int]
    starts: list[list[int]]  # first piece of each word, a list a sentence
    roots: list[int]  # the [SEP] that closes each sentence stands for its root
    labels: list[dict[str, list[int]]]
    events: list[dict[str, Any]] | None
    roles: list[int]


class Preparer:
    """Turns documents into windows of label indices."""

    def __init__(self, tokenizer: Tokenizer, labels: Labels, longest: int) -> None:
        self.tokenizer = tokenizer
        self.longest = longest
        self.index = {
            name: {label: i for i, label in enumerate(getattr(labels, name))} for name in Labels.__dataclass_fields__
        }

    def windows(self, document: Document, longest: int) -> Iterator[Window]:
        coded = [self._pieces(sentence.words) for sentence in document.sentences]
        offsets = [0]
        for sentence in document.sentences:
            offsets.append(offsets[-1] + len(sentence.words))
        sizes = [len(pieces) for pieces, _ in coded]
        for a, b in corpora.windows(document, sizes, longest):
            if sum(sizes[a:b]) + b - a + 1 > 500:
                continue
            yield self._window(document, coded, a, b, offsets)

    def _pieces(self, words: list[str]) -> tuple[list[int], list[int]]:
        """Piece ids and, for each word, the index of its first piece (or of the one before)."""
        coded = self.tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
        first: dict[int, int] = {}
        for i, word in enumerate(coded.word_ids):
            if word is not None:
                first.setdefault(word, i)
        starts = [first.get(k, -1) for k in range(len(words))]
        return coded.ids, [max(s, 0) for s in starts]

    def _window(
        self,
        document: Document,
        coded: list[tuple[list[int], list[int]]],
        a: int,
        b: int,
        offsets: list[int],
    ) -> Window:
        ids, shapes = [CLS], [BLANK_SHAPE]
        starts, roots, labels = [], [], []
        for k in range(a, b):
            sentence = document.sentences[k]
            pieces, first = coded[k]
            starts.append([len(ids) + f for f in first])
            word_shapes = [shape_of(w) for w in sentence.words]
            owner = 0
            for p in range(len(pieces)):
                while owner + 1 < len(first) and first[owner + 1] <= p:
                    owner += 1
                shapes.append(word_shapes[owner])
            ids.extend(pieces)
            roots.append(len(ids))
            ids.append(SEP)
            shapes.append(BLANK_SHAPE)
            labels.append(self._labels(sentence))
        events = self._events(document, offsets[a], offsets[b])
        roles = [ROLES.index(r) for r in document.roles]
        return Window(ids, shapes, starts, roots, labels, events, roles)

    def _labels(self, sentence: Sentence) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for name in ("upos", "feats", "relations", "names", "things"):
            values = getattr(sentence, name)
            if values is not None:
                found[name] = [self.index[name].get(v, IGNORED) for v in values]
        if sentence.heads is not None:
            found["heads"] = sentence.heads
        if sentence.lemmas is not None:
            rules = [m and lemma_rule(w, m) for w, m in zip(sentence.words, sentence.lemmas, strict=True)]
            found["lemmas"] = [self.index["lemmas"].get(r, IGNORED) if r else IGNORED for r in rules]
        return found

    def _events(self, document: Document, a: int, b: int) -> list[dict[str, Any]] | None:
        if document.events is None:
            return None
        events = []
        for event in document.events:
            inside = {
                k: [(x - a, y - a) for x, y in event.get(k, []) if x >= a and y <= b] for k in ("trigger", *ROLES)
            }
            if not inside["trigger"]:
                continue
            coded = dict(inside)
            for key, name in (("type", "types"), ("mode", "modes"), ("sub", "subs"), ("fact", "facts")):
                coded[key] = self.index[name].get(event.get(key), IGNORED)  # type: ignore[assignment]
            events.append(coded)
        return events


def bio(prefixes: list[str]) -> list[str]:
    return ["O"] + [f"{x}-{p}" for p in prefixes for x in "BI"]


def collect_labels(treebanks: list[Document], written: list[Document]) -> Labels:
    """The label inventories, from the training parts; rare feature sets and lemma rules left out."""
    count: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for document in treebanks:
        for s in document.sentences:
            count["upos"].update(s.upos or [])
            count["feats"].update(s.feats or [])
            count["relations"].update(s.relations or [])
            count["lemmas"].update(lemma_rule(w, m) for w, m in zip(s.words, s.lemmas or [], strict=True))
    for document in written:
        for event in document.events or []:
            for key in ("type", "mode", "sub", "fact"):
                count[key][event[key]] += 1
    frequent = {k: sorted(x for x, n in c.items() if n >= 3) for k, c in count.items()}
    return Labels(
        upos=sorted(count["upos"]),
        feats=frequent["feats"],
        lemmas=frequent["lemmas"],
        relations=sorted(count["relations"]),
        names=bio(["PER", "ORG", "LOC"]),
        things=bio(["PER", "ORG", "LOC", "NAT", "DATE", "QTY", "WPN"]),
        triggers=bio(sorted(count["type"])),
        types=sorted(count["type"]),
        modes=sorted(count["mode"]),
        subs=sorted(count["sub"]),
        facts=sorted(count["fact"]),
        roles=list(ROLES),
    )


# --- batches -------------------------------------------------------------------------------------


@dataclass
class Batch:
    """Padded tensors of some windows; sentences and windows are indexed separately."""

    ids: Tensor
    mask: Tensor
    shapes: Tensor
    sentences: Tensor  # [sentence, 1 + words]: flat piece index, root first
    present: Tensor  # [sentence, 1 + words]
    labels: dict[str, Tensor]
    flat_words: list[Tensor]  # for each window the flat piece index of all its words
    windows: list[Window]


def pad(rows: list[list[int]], value: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [value] * (width - len(row)) for row in rows])


def collate(windows: list[Window], shape_drop: float = 0.0) -> Batch:
    ids = pad([w.ids for w in windows], 0)
    mask = pad([[1] * len(w.ids) for w in windows], 0)
    shapes = pad([w.shapes for w in windows], BLANK_SHAPE)
    if shape_drop:
        gone = torch.rand(len(windows), 1) < shape_drop
        shapes = torch.where(gone, torch.full_like(shapes, BLANK_SHAPE), shapes)
    width = ids.size(1)
    rows, labels, flat = [], [], []
    for i, window in enumerate(windows):
        words = [s + i * width for starts in window.starts for s in starts]
        flat.append(torch.tensor(words))
        for starts, root, marks in zip(window.starts, window.roots, window.labels, strict=True):
            rows.append([root + i * width] + [s + i * width for s in starts])
            labels.append(marks)
    present = pad([[1] * len(r) for r in rows], 0).bool()
    names = sorted({name for marks in labels for name in marks})
    padded = {
        name: pad(
            [[IGNORED, *marks.get(name, [IGNORED] * (len(row) - 1))] for marks, row in zip(labels, rows, strict=True)],
            IGNORED,
        )
        for name in names
    }
    return Batch(ids, mask, shapes, pad(rows, 0), present, padded, flat, windows)


def batches(windows: list[Window], size: int, rng: random.Random) -> list[list[Window]]:
    """Windows in random order, grouped by length so that a batch holds about `size` pieces."""
    order = list(windows)
    rng.shuffle(order)
    groups: list[list[Window]] = []
    for k in range(0, len(order), 400):
        chunk = sorted(order[k : k + 400], key=lambda w: len(w.ids))
        current: list[Window] = []
        for window in chunk:
            if current and len(window.ids) * (len(current) + 1) > size:
                groups.append(current)
                current = []
            current.append(window)
        if current:
            groups.append(current)
    rng.shuffle(groups)
    return groups
