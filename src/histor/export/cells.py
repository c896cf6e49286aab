"""Cells and rows: numbers stay numbers, and no spreadsheet runs a text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import IO

_FORMULA = re.compile(r"'*(?:\s*[=+\-@\t\r＝＋－＠]|[\t\r\n])")


def escape_formula(cell: str) -> str:
    """A text cell that no spreadsheet runs: a leading formula sign gets an apostrophe in front.

    A cell that already looks so gets one too, so that `unescape_formula` gives each text back.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """The text that `escape_formula` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def text_cell(cell: str) -> str:
    """A text cell for CSV: no formula, and LF alone as line end (Python's writer leaves a bare CR unquoted)."""
    return escape_formula(cell).replace("\r\n", "\n").replace("\r", "\n")


def one_line(cell: str) -> str:
    """A text cell for formats without quoting: blanks of any kind become one blank."""
    return " ".join(cell.split())


class Rows:
    """A delimited table (UTF-8, LF): RFC 4180 quoting for commas, none for tabs."""

    def __init__(
        self, out: IO[bytes], columns: Sequence[str], *, tabs: bool = False, header: bool = True, empty: str = ""
    ) -> None:
        self._text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        self._columns = columns
        self._tabs = tabs
        self._empty = empty
        self._csv = csv.writer(self._text, lineterminator="\n")
        if header:
            self._put(list(columns))

    def write(self, row: Mapping[str, object]) -> None:
        """One row by column name; a missing column is empty, an unknown one raises KeyError."""
        unknown = row.keys() - set(self._columns)
        if unknown:
            raise KeyError(f"no such column: {', '.join(sorted(unknown))}")
        self._put([self._cell(row.get(name)) for name in self._columns])

    def _cell(self, value: object) -> object:
        if value is None or value == "":
            return self._empty
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, str):
            return escape_formula(one_line(value)) if self._tabs else text_cell(value)
        return value

    def _put(self, cells: Sequence[object]) -> None:
        if self._tabs:
            self._text.write("\t".join(map(str, cells)) + "\n")
        else:
            self._csv.writerow(cells)

    def close(self) -> None:
        """Complete the table; the stream beneath stays open."""
        self._text.flush()
        self._text.detach()
