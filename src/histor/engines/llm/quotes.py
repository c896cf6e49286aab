"""Where a quote stands in a report: word for word, or nowhere."""

from __future__ import annotations

import re

from histor.model.annotation import Span

LONGEST = 2_000  # characters of a quote that is looked for
# Marks that models set in each other's place; each stands for one character, so spans stay true.
_TWINS = ("'’‘`", '"“”„«»', "-–—‐‑")
_TWIN = {mark: f"[{re.escape(marks)}]" for marks in _TWINS for mark in marks}


def find_quote(text: str, quote: str, within: Span, near: int) -> Span | None:
    """The span of `quote` in ``text[within]`` that lies nearest to offset `near`; None if it stands nowhere there.

    Words must match letter for letter and whole, in the same case. Blanks may differ in kind and number, and quotation
    marks and dashes in shape. A quote without a letter or digit is none.
    """
    words = quote.split()
    if not words or len(quote) > LONGEST or not any(map(str.isalnum, quote)):
        return None
    pattern = r"\s+".join("".join(_TWIN.get(c) or re.escape(c) for c in word) for word in words)
    before = r"(?<!\w)" if words[0][0].isalnum() else ""
    after = r"(?!\w)" if words[-1][-1].isalnum() else ""
    found = [m.span() for m in re.compile(before + pattern + after).finditer(text, *within)]
    return min(found, key=lambda s: (max(s[0] - near, near - s[1], 0), s[0]), default=None)
