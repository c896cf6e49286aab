"""Reports from JSON lines and tables, row by row; no row is read beyond the limit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import IO, Any, TextIO

from histor.capture.reports import (
    FIELDS,
    Captured,
    InputOptions,
    Problem,
    Read,
    decode,
    guard,
    make_capture,
    too_long,
    unknown_encoding,
    wrong_encoding,
)
from histor.model.errors import HistorError, InputError
from histor.text.printable import short

_SMALLEST_LIMIT = 65_536  # so that a header always fits, however short the texts must be


def _limit(options: InputOptions) -> int:
    """The longest row: the text with room for escapes and the other fields."""
    return min(max(8 * options.most_characters, _SMALLEST_LIMIT), 2**31 - 1)  # csv takes a C long


# --- JSON lines ----------------------------------------------------------------------------------


def read_lines(handle: IO[bytes], where: str, options: InputOptions, before: int = 0) -> Iterator[Captured]:
    """Reports and problems of JSON lines, of which `before` stand before the handle. Raises InputError if all are blank."""
    limit = _limit(options)
    number, empty = before, True
    while line := handle.readline(limit):
        number += 1
        place = f"{where}:{number}"
        if len(line) >= limit and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = handle.readline(limit)
            empty = False
            yield Problem(too_long("one line", options).at(place))
        elif line.strip():
            empty = False
            yield from guard(_line_item(line.rstrip(b"\r\n"), place, options), place)
    if empty:
        raise InputError("input.empty", "there is no line in it.", where=where, do='Write {"text": "…"} on each line.')


def _line_item(line: bytes, place: str, options: InputOptions) -> Iterator[Captured]:
    text = decode(line, options.encoding)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else getattr(error, "msg", str(error))
        column = getattr(error, "colno", None)
        at = f" at column {column}" if column else ""
        raise InputError(
            "input.json", f"the line is not JSON ({reason}{at}).", where=place, do="Mend or remove the line."
        ) from error
    if not isinstance(value, dict):
        raise InputError("input.json", "the line is not a JSON object.", where=place, do='Write {"text": "…"}.')
    yield make_capture(_named(value, options, place), line, options, place)


def _named(value: dict[str, Any], options: InputOptions, place: str) -> dict[str, Any]:
    """The known fields of a record, under the caller's names for them."""
    fields = {}
    for name in FIELDS:
        key = options.columns.get(name, name)
        found = value.get(key)
        if found is None:
            continue
        if not isinstance(found, str | int) or (name == "text" and not isinstance(found, str)):
            raise InputError("input.field", f"the field {key!r} is not a string.", where=place, do="Give it as text.")
        fields[name] = str(found)
    text_key = options.columns.get("text", "text")
    if text_key in value and "text" not in fields:
        raise InputError(
            "input.empty", f"the field {text_key!r} is empty.", where=place, do="Leave it out or give it a text."
        )
    if "text" not in fields:
        raise InputError(
            "input.field", f"there is no field {text_key!r} (found: {_listed(list(value))}).",
            where=place, do="Name the one that holds the text with --column text=NAME.",
        )  # fmt: skip
    return fields


def _listed(names: list[str]) -> str:
    return ", ".join(map(short, names[:12]))


# --- tables --------------------------------------------------------------------------------------


class TableLines:
    """Lines of a table for the csv module; a record that outgrows the limit raises InputError.

    Not a generator, since that would end with the first error it raises.
    """

    def __init__(self, stream: TextIO, options: InputOptions, encoding: str) -> None:
        self._stream = stream
        self._options = options
        self._encoding = encoding
        self._limit = self._left = _limit(options)
        self._ended = False
        self.number = self.characters = 0  # read so far

    def begin(self) -> None:
        """A new record begins."""
        self._left = self._limit

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._left <= 0:
            raise too_long("one row", self._options)
        line = self._readline(self._left)
        if not line:
            raise StopIteration
        self.number += 1
        self._left -= len(line)
        if self._left <= 0 and line[-1] not in "\r\n":
            while line and line[-1] not in "\r\n":
                line = self._readline(self._limit)
            raise too_long("one row", self._options)
        return line

    def _readline(self, most: int) -> str:
        if self._ended:
            return ""
        try:
            line = self._stream.readline(most)
        except UnicodeError as error:  # the decoder has lost its place: what follows cannot be read
            self._ended = True
            raise wrong_encoding(self._encoding) from error
        self.characters += len(line)
        return line


Header = list[str]
Row = list[str]
RowReader = Callable[[Row, str], Iterator[Read]]
"""Makes reports of a row (its cells, its place)."""


def read_table(
    handle: io.BufferedReader,
    where: str,
    options: InputOptions,
    delimiter: str,
    known: Callable[[Header], RowReader | None] = lambda _: None,
    before: int = 0,
) -> Iterator[Read]:
    """Reports and problems of a table with a header. Raises InputError if it cannot be read or is empty.

    `known` gives the reader of rows under a header that some other tool writes; `before` lines are left out
    behind the header.
    """
    lines = _lines(handle, where, options, before)
    rows = table_rows(lines, where, delimiter)
    _, header = next(rows, ("", None))
    if header is None:
        raise InputError("input.empty", "the table is empty.", where=where)
    if isinstance(header, HistorError):
        raise header
    lines.number += before
    header = [name.strip() for name in header]
    item = known(header) or _own_reader(header, where, options)
    empty = True
    for place, row in rows:
        empty = False
        if isinstance(row, HistorError):
            yield Problem(row)
        else:
            yield from guard(_checked(row, header, place, options, item), place)
    if empty:
        raise InputError("input.empty", "the table has a header but no rows.", where=where)


def _lines(handle: io.BufferedReader, where: str, options: InputOptions, before: int) -> TableLines:
    """The lines of a table. Raises InputError if it is none."""
    csv.field_size_limit(_limit(options))
    head = handle.peek(8192)[:8192]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in head and not wide and not before:
        raise InputError(
            "input.binary", "this looks like binary data, not a table.", where=where, do="Save it as CSV first."
        )
    encoding = "utf-16" if wide else options.encoding
    try:
        stream = io.TextIOWrapper(
            handle, encoding="utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding,
            errors="surrogateescape", newline="",
        )  # fmt: skip
    except LookupError as error:
        raise unknown_encoding(encoding).at(where) from error
    return TableLines(stream, options, encoding)


def _own_reader(header: Header, where: str, options: InputOptions) -> RowReader:
    wanted = options.columns.get("text", "text")
    if wanted not in header:
        raise InputError(
            "input.column", f"there is no column {wanted!r} (found: {_listed(header)}).", where=where,
            do="Name the one that holds the text with --column text=NAME.",
        )  # fmt: skip

    def item(row: Row, place: str) -> Iterator[Read]:
        value = {name: cell for name, cell in zip(header, row, strict=True) if cell.strip()}
        value.setdefault(wanted, "")
        yield make_capture(_named(value, options, place), captured_row(row), options, place)

    return item


def captured_row(row: Row) -> bytes:
    """The bytes that a row of a table counts as: its cells as JSON."""
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")


def table_rows(lines: TableLines, where: str, delimiter: str) -> Iterator[tuple[str, list[str] | HistorError]]:
    """Each row that is not blank, or what is wrong with it, with its place."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        place = f"{where}:{lines.number + 1}"
        lines.begin()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield (
                place,
                InputError("input.csv", f"the row cannot be read ({error}).", where=place, do="Mend its quotes."),
            )
        except HistorError as error:
            yield place, error.at(place)
        else:
            if len(row) > 1 or any(map(str.strip, row)):
                yield place, row


def _checked(row: Row, header: Header, place: str, options: InputOptions, item: RowReader) -> Iterator[Read]:
    if len(row) != len(header):
        raise InputError(
            "input.csv", f"the row has {len(row)} fields, the header {len(header)}.", where=place,
            do="Mend its quotes or commas.",
        )  # fmt: skip
    if any("\udc80" <= c <= "\udcff" for cell in row for c in cell):
        raise wrong_encoding(options.encoding).at(place)
    yield from item(row, place)
