"""Text of others as it may be shown on a terminal: on one line and without control codes."""

from __future__ import annotations

# Blanks stay blanks; the other control characters of C0 have pictures of their own in Unicode.
_MARKS = {code: 0x2400 + code for code in range(0x20)} | dict.fromkeys(map(ord, "\t\n\v\f\r\x85"), " ")
_MARKS |= {0x7F: "␡"} | dict.fromkeys([*range(0x80, 0x85), *range(0x86, 0xA0), *range(0xD800, 0xE000)], "\ufffd")


def printable(text: str) -> str:
    """`text` with every line break and tab as a blank and every other control code as a visible mark."""
    return text.translate(_MARKS)


def short(text: str, most: int = 40) -> str:
    """`text` for use inside a message: printable, and cut to `most` characters."""
    return printable(text if len(text) <= most else text[: most - 1] + "…")
