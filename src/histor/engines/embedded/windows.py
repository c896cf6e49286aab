"""Words to word pieces, and sentences packed into the windows that the encoder reads.

A window holds consecutive sentences, so each is read with its neighbours. Windows depend on the
report alone: the numbers that come out do not change with what else is in the queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from histor.text.shapes import SHAPES, shape_of

CLS, SEP = 101, 102
BLANK_SHAPE = len(SHAPES)
MOST_PIECES = 450  # of one sentence; the encoder has 512 positions
_MOST_KNOWN = 50_000  # words whose pieces are kept, about 10 MB

Pieced = tuple[tuple[int, ...], int]
"""Piece ids of a word and its shape."""


@dataclass
class Window:
    """Piece ids of consecutive sentences and where each word and each sentence's root stands."""

    sentences: range
    ids: list[int]
    shapes: list[int]
    words: list[list[int]]
    roots: list[int]


class Pieces:
    """Word pieces and shape of words, each looked up once: no word's pieces depend on its neighbours."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, Pieced] = {}

    def of(self, word: str) -> Pieced:
        """The ids of the pieces of `word` (none for what the vocabulary's normaliser eats) and its shape."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            coded = self._tokenizer.encode([word], is_pretokenized=True, add_special_tokens=False)
            found = self._known[word] = tuple(coded.ids), shape_of(word)
        return found


def pack(sentences: Sequence[Sequence[str]], pieces: Pieces, longest: int) -> list[Window]:
    """Windows of at most `longest` pieces (more only where one sentence alone has more)."""
    windows: list[Window] = []
    current: Window | None = None
    for k, words in enumerate(sentences):
        coded = [pieces.of(word) for word in words]
        size = sum(len(ids) for ids, _ in coded)
        if current is None or len(current.ids) + size + 1 > longest:
            current = Window(range(k, k), [CLS], [BLANK_SHAPE], [], [])
            windows.append(current)
        _append(current, coded)
        current.sentences = range(current.sentences.start, k + 1)
    return windows


def _append(window: Window, words: Sequence[Pieced]) -> None:
    """Add one sentence. A word without pieces shares those of the word before it."""
    last = len(window.ids)
    most = last + MOST_PIECES
    starts = []
    for ids, shape in words:
        room = most - len(window.ids)
        if ids and room > 0:
            last = len(window.ids)
            kept = ids[:room]
            window.ids.extend(kept)
            window.shapes.extend([shape] * len(kept))
        starts.append(last)
    window.words.append(starts)
    window.roots.append(len(window.ids))
    window.ids.append(SEP)
    window.shapes.append(BLANK_SHAPE)
