"""Direct speech: the stretches of a text that stand between quotation marks.

A mark that opens a paragraph and is not closed in it goes on in the next, as printers have it.
Titles, nicknames and single words in marks are told apart by length: `Quotation.words`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from histor.model.annotation import Span

_MARK = re.compile(r"[“”„\"]|''|``")
_BREAK = re.compile(r"\n[^\S\n]*\n\s*|(?<=[.!?:”\"’])[^\S\n]*\n\s*")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Quotation:
    """A stretch between marks, the marks included; `closed` is false where a paragraph ends it."""

    start: int
    end: int
    closed: bool
    words: int

    @property
    def span(self) -> Span:
        return self.start, self.end


def find_quotations(text: str) -> list[Quotation]:
    """Quotations in text order, none inside another; each lies within one paragraph."""
    found: list[Quotation] = []
    start = 0
    for end in [*(m.start() for m in _BREAK.finditer(text)), len(text)]:
        _in_paragraph(text, start, end, found)
        start = end
    return found


def _in_paragraph(text: str, start: int, end: int, found: list[Quotation]) -> None:
    opened: int | None = None
    for mark in _MARK.finditer(text, start, end):
        if opened is None:
            if mark[0] != "”" or _stands_open(text, mark.start(), end):
                opened = mark.start()
        elif mark[0] in "“„" and not _stands_closed(text, mark.start(), start):
            found.append(_quotation(text, opened, mark.start(), False))  # the closing mark was left out
            opened = mark.start()
        else:
            found.append(_quotation(text, opened, mark.end(), True))
            opened = None
    if opened is not None:
        found.append(_quotation(text, opened, len(text[opened:end].rstrip()) + opened, False))


def _stands_open(text: str, at: int, end: int) -> bool:
    """Whether a mark of the wrong shape stands where one opens (”So he said”)."""
    return at + 1 < end and text[at + 1].isalnum() and (at == 0 or text[at - 1].isspace())


def _stands_closed(text: str, at: int, start: int) -> bool:
    return at > start and not text[at - 1].isspace() and (at + 1 >= len(text) or not text[at + 1].isalnum())


def _quotation(text: str, start: int, end: int, closed: bool) -> Quotation:
    return Quotation(start, end, closed, len(_WORD.findall(text, start, end)))
