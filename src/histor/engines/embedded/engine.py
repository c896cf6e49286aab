"""The default engine: our own small network, run by onnxruntime on one thread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from histor.engines.embedded.endings import base_of
from histor.engines.embedded.irregular import IRREGULAR
from histor.engines.embedded.lemmas import apply_rule, regular
from histor.engines.embedded.proposals import faint_words, propose
from histor.engines.embedded.tags import best_tags, spans
from histor.engines.embedded.trees import decode_tree
from histor.engines.embedded.weights import WEIGHTS, Weights, as_int, load_weights
from histor.engines.embedded.windows import Pieces, Window, pack
from histor.model.annotation import Annotation, Mention, Sentence, Span, Token
from histor.text.sentences import split_sentences
from histor.text.tokens import word_spans

Floats = NDArray[np.float32]

_KINDS = {
    "PER": "person", "ORG": "organisation", "LOC": "place", "NAT": "nationality",
    "DATE": "date", "QTY": "quantity", "WPN": "weapon",
}  # fmt: skip
MOST_WORDS = 150  # of one sentence; what is longer is cut, as no parse of it would be worth much
_FEW = 20  # words of padding that cost less than another run of the parser


class EmbeddedEngine:
    """Sentence parses, mentions and event proposals from the shipped weights."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._pieces = Pieces(weights.tokenizer)
        self._upos = weights.labels["upos"]
        self._feats = weights.labels["feats"]
        self._rules = weights.labels["lemmas"]
        self._relations = weights.labels["relations"]
        self._names = tuple(weights.labels["names"])
        self._things = tuple(weights.labels["things"])

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> EmbeddedEngine:
        """Open the weights in `folder`. Raises ConfigError if they are not the pinned ones."""
        return cls(load_weights(folder))

    @property
    def coder(self) -> str:
        return f"embedded/{self._weights.version}"

    def annotate(self, text: str, title: str | None = None) -> Annotation:
        """Sentences, mentions and proposals of a normalised text."""
        segments, words = _segment(text, title)
        return self.annotate_words(text, segments, words)

    def annotate_words(
        self,
        text: str,
        segments: Sequence[tuple[int, int, str]],
        words: list[list[Span]],
        triggers: Sequence[Span] | None = None,
    ) -> Annotation:
        """The same for sentences and words cut elsewhere (treebanks have their own).

        With `triggers` the proposals are about these spans, one for each that touches a word, whether or
        not the engine would take it for an event; `score` is still the engine's.
        """
        if not words:
            return Annotation(self.coder, ())
        forms = [[text[a:b] for a, b in spans] for spans in words]
        windows = pack(forms, self._pieces, self._weights.window)
        vectors, roots = self._encode(windows)
        tokens = self._parse(forms, words, vectors, roots)
        names, things, tags = self._tags(vectors)
        sentences = tuple(
            Sentence(i, a, b, kind, row) for i, ((a, b, kind), row) in enumerate(zip(segments, tokens, strict=True))
        )
        mentions = self._mentions(words, names, things)
        proposals = propose(self._weights, windows, words, vectors, tags, triggers)
        return Annotation(self.coder, sentences, mentions, proposals, faint=faint_words(words, tags))

    def word_vectors(self, forms: Sequence[list[str]]) -> list[Floats]:
        """The vectors that all heads read, ``[word, hidden]`` a sentence, for sentences of words cut elsewhere."""
        return self._encode(pack(list(forms), self._pieces, self._weights.window))[0]

    def _encode(self, windows: list[Window]) -> tuple[list[Floats], list[Floats]]:
        """Word vectors a sentence ``[word, hidden]`` and the vector of each sentence's root.

        A window is read by itself: together they would need padding, and as the scale of the eight-bit
        activations is that of the whole run, each would come out a little different beside others.
        """
        vectors: list[Floats] = []
        roots: list[Floats] = []
        for window in windows:
            index = [k for starts, root in zip(window.words, window.roots, strict=True) for k in (root, *starts)]
            inputs = {"ids": as_int([window.ids]), "shapes": as_int([window.shapes]), "index": as_int(index)}
            flat = self._weights.run("encoder", inputs)[0]
            k = 0
            for starts in window.words:
                roots.append(flat[k])
                vectors.append(flat[k + 1 : k + 1 + len(starts)])
                k += 1 + len(starts)
        return vectors, roots

    def _parse(
        self,
        forms: list[list[str]],
        words: list[list[Span]],
        vectors: list[Floats],
        roots: list[Floats],
    ) -> list[tuple[Token, ...]]:
        """Analysed words a sentence; sentences of like length are parsed together."""
        order = sorted(range(len(forms)), key=lambda i: (len(forms[i]), i))
        result: list[tuple[Token, ...]] = [()] * len(forms)
        for group in _groups(order, [len(f) for f in forms]):
            width = 1 + max(len(forms[i]) for i in group)
            batch = np.zeros((len(group), width, vectors[0].shape[1]), dtype=np.float32)
            for row, i in enumerate(group):
                batch[row, 0] = roots[i]
                batch[row, 1 : 1 + len(forms[i])] = vectors[i]
            upos, feats, rules, arcs, left, right = self._weights.run("syntax", {"words": batch})
            heads = [decode_tree(arcs[r, : len(forms[i]) + 1, : len(forms[i]) + 1]) for r, i in enumerate(group)]
            dep = np.concatenate([left[r, 1 : 1 + len(h)] for r, h in enumerate(heads)])
            head = np.concatenate([right[r, h] for r, h in enumerate(heads)])
            relations = self._weights.run("relations", {"dep": dep, "head": head})[0].tolist()
            k = 0
            for row, i in enumerate(group):
                n = len(forms[i])
                tags = zip(
                    forms[i], words[i], upos[row, 1 : n + 1].tolist(), feats[row, 1 : n + 1].tolist(),
                    rules[row, 1 : n + 1].tolist(), heads[row], relations[k : k + n], strict=True,
                )  # fmt: skip
                result[i] = tuple(
                    Token(
                        form, a, b, _lemma(form, self._upos[u], self._rules[rule]), self._upos[u],
                        self._feats[f], h - 1, self._relations[r],
                    )
                    for form, (a, b), u, f, rule, h, r in tags
                )  # fmt: skip
                k += n
        return result

    def _tags(self, vectors: list[Floats]) -> tuple[Floats, Floats, Floats]:
        names, things, triggers = self._weights.run("tags", {"words": np.concatenate(vectors)})
        return names, things, triggers

    def _mentions(self, words: list[list[Span]], names: Floats, things: Floats) -> tuple[Mention, ...]:
        """Names from the first head, phrases of all kinds from the second."""
        found: list[Mention] = []
        sizes = [len(row) for row in words]
        for layer, scores, labels in (("name", names, self._names), ("phrase", things, self._things)):
            best = best_tags(scores, sizes, labels)
            flat = [tag for tags in best for tag in tags]
            chosen = scores[np.arange(len(flat)), flat].tolist()
            k = 0
            for row, tags in zip(words, best, strict=True):
                for a, b, kind in spans(tags, labels):
                    score = math.exp(sum(chosen[k + a : k + b]) / (b - a))
                    found.append(Mention(_KINDS[kind], row[a][0], row[b - 1][1], round(score, 4), layer))
                k += len(row)
        return tuple(sorted(found, key=lambda m: (m.start, m.end, m.layer, m.kind)))


def _segment(text: str, title: str | None) -> tuple[list[tuple[int, int, str]], list[list[Span]]]:
    """Segments of the text and the words of each; overlong ones are cut between words."""
    segments: list[tuple[int, int, str]] = []
    words: list[list[Span]] = []
    for part in split_sentences(text, title):
        row = list(word_spans(text, part.start, part.end))
        for k in range(0, len(row), MOST_WORDS):
            piece = row[k : k + MOST_WORDS]
            segments.append((piece[0][0], piece[-1][1], part.kind))
            words.append(piece)
    return segments, words


@lru_cache(maxsize=50_000)
def _lemma(form: str, upos: str, rule: str) -> str:
    irregular = IRREGULAR.get((form.lower(), upos))
    if upos != "VERB":
        return irregular or regular(form, upos, apply_rule(form, rule))
    return irregular or base_of(form) or apply_rule(form, rule)


def _groups(order: list[int], sizes: list[int]) -> list[list[int]]:
    """`order` (by size) in runs of at most 2,000 words with padding, of which little is padding."""
    groups: list[list[int]] = []
    current: list[int] = []
    words = 0
    for i in order:
        padded = (len(current) + 1) * (sizes[i] + 1)
        if current and padded > min(2_000, 1.1 * (words + sizes[i] + 1) + _FEW):
            groups.append(current)
            current, words = [], 0
        current.append(i)
        words += sizes[i] + 1
    if current:
        groups.append(current)
    return groups
