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


@dataclass
class Window:
    """Piece ids of consecutive sentences and where each word and each sentence's root stands."""

    sentences: range
    ids: list[int]
    shapes: list[int]
    words: list[list[int]]
    roots: list[int]


def pack(sentences: Sequence[list[str]], tokenizer: Tokenizer, longest: int) -> list[Window]:
    """Windows of at most `longest` pieces (more only where one sentence alone has more)."""
    coded = tokenizer.encode_batch(list(sentences), is_pretokenized=True, add_special_tokens=False)
    windows: list[Window] = []
    current: Window | None = None
    for k, (words, pieces) in enumerate(zip(sentences, coded, strict=True)):
        if current is None or len(current.ids) + len(pieces.ids) + 1 > longest:
            current = Window(range(k, k), [CLS], [BLANK_SHAPE], [], [])
            windows.append(current)
        _append(current, words, pieces.ids[:MOST_PIECES], pieces.word_ids[:MOST_PIECES])
        current.sentences = range(current.sentences.start, k + 1)
    return windows


def _append(window: Window, words: list[str], ids: Sequence[int], owners: Sequence[int | None]) -> None:
    """Add one sentence. A word without pieces shares those of the word before it."""
    base = len(window.ids)
    first: dict[int, int] = {}
    word_shapes = [shape_of(word) for word in words]
    for i, owner in enumerate(owners):
        word = owner if owner is not None else 0
        first.setdefault(word, base + i)
        window.shapes.append(word_shapes[word])
    window.ids.extend(ids)
    starts, last = [], base
    for k in range(len(words)):
        last = first.get(k, last)
        starts.append(last)
    window.words.append(starts)
    window.roots.append(len(window.ids))
    window.ids.append(SEP)
    window.shapes.append(BLANK_SHAPE)
