"""Inputs cut into shards: tasks of a fixed size, that depend on the inputs alone.

A file of JSON lines or a table is cut into slices of so many rows, small files are put together until they are as
many, and every other file is a shard of its own. Read one after the other, the shards give what the inputs give.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from histor.capture.archiver import archived_rows
from histor.capture.inputs import HTML, LINES, TABLES, TEXT, files_in, read_captures
from histor.capture.pages import Pages
from histor.capture.reports import Captured, InputOptions, guard
from histor.capture.rows import TableLines, read_lines, read_table, table_rows
from histor.capture.sandbox import Sandbox
from histor.model.errors import ConfigError, InputError

SIZE = 500  # reports a shard: about twenty seconds' work
_SINGLE = TEXT | HTML  # kinds of one report a file
_BLOCK = 1 << 20
_ASCII = bytes(range(128)).decode("ascii")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class Slice(Struct, frozen=True):
    """A file, or the rows of it in the bytes from `start` to `end`.

    `before` is the number of lines that stand before `start` (of a table: between its header, which takes the first
    `header` bytes, and there). `sha256` is that of the bytes; empty for what is not a regular file.
    """

    path: str
    sha256: str
    start: int = 0
    end: int | None = None
    before: int = 0
    header: int = 0


class Shard(Struct, frozen=True):
    """What one task reads; `name` sorts as shards follow each other."""

    name: str
    slices: tuple[Slice, ...]


def plan_shards(inputs: Iterable[str], options: InputOptions, size: int = SIZE) -> Iterator[Shard]:
    """The shards of some inputs. Raises ConfigError for standard input and pipes, which cannot be read twice."""
    for number, slices in enumerate(_groups(inputs, options, size)):
        yield Shard(f"{number:06d}", tuple(slices))


def _groups(inputs: Iterable[str], options: InputOptions, size: int) -> Iterator[list[Slice]]:
    together: list[Slice] = []
    for path in _paths(inputs):
        single = path.suffix.lower() in _SINGLE
        if together and (not single or len(together) == size):
            yield together
            together = []
        if single:
            together.append(_whole(path))
        else:
            yield from ([part] for part in _cut(path, options, size))
    if together:
        yield together


def _paths(inputs: Iterable[str]) -> Iterator[Path]:
    for name in inputs:
        path = Path(name)
        if name == "-" or path.is_fifo():
            raise ConfigError(
                "input.stream", "a stream cannot be cut into shards.", where=name,
                do="Write it to a file first, or leave --out.",
            )  # fmt: skip
        files, closed = files_in(path) if path.is_dir() else ([], [])
        found = [*(Path(error.filename) for error in closed if error.filename), *files]
        yield from map(_named, found or [path])


def _named(path: Path) -> Path:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise ConfigError(
            "input.name", "a plan cannot hold a file name that is not UTF-8.", where=repr(str(path)),
            do="Rename the file, or leave --out.",
        ) from None  # fmt: skip
    return path


def _whole(path: Path) -> Slice:
    return Slice(str(path), _sha256(path, 0, None) if path.is_file() else "")


def _cut(path: Path, options: InputOptions, size: int) -> Iterator[Slice]:
    kind = path.suffix.lower()
    try:
        if path.is_file() and kind in LINES:
            yield from _lines(path, size)
            return
        if path.is_file() and kind in TABLES and not _starts_wide(path) and is_plain(options.encoding):
            yield from _table(path, options, size, "\t" if kind == ".tsv" else ",")
            return
        yield _whole(path)
    except OSError:  # reading it will say what is wrong
        yield Slice(str(path), "")


def _starts_wide(path: Path) -> bool:
    """Whether letters take two bytes, so that the ends of rows cannot be seen in the bytes."""
    with path.open("rb") as handle:
        return handle.read(2) in _WIDE


@cache
def is_plain(encoding: str) -> bool:
    """Whether quotes, commas and ends of lines are what they are in ASCII, and no byte that is none of the encoding's breaks the rest.

    UTF-8 is, and so are encodings of a byte a letter, but for EBCDIC. Of the others some have states or put
    such bytes into letters, and their decoders give a file up at the first byte that is not theirs.
    """
    try:
        if codecs.lookup(encoding).name == "utf-8" or encoding.lower().replace("_", "-") == "utf-8-sig":
            return True
        alone = [bytes([k]).decode(encoding, "surrogateescape") for k in range(256)]
        together = bytes(range(256)).decode(encoding, "surrogateescape")
    except (LookupError, UnicodeError):
        return False
    return [len(c) for c in alone] == [1] * 256 and together == "".join(alone) and together[:128] == _ASCII


def _lines(path: Path, size: int) -> Iterator[Slice]:
    start = before = 0
    for end, after in _line_cuts(path, size):
        yield Slice(str(path), _sha256(path, start, end), start, end, before)
        start, before = end, after


def _line_cuts(path: Path, size: int) -> Iterator[tuple[int, int]]:
    """Where slices end, with the lines up to there; blank lines at the end go with the last."""
    end = lines = rows = 0
    with path.open("rb") as handle:
        while line := handle.readline(_BLOCK):
            blank = not line.strip()
            if not blank and rows == size:
                yield end, lines
                rows = 0
            end += len(line)
            while line and not line.endswith(b"\n"):
                line = handle.readline(_BLOCK)
                blank = blank and not line.strip()
                end += len(line)
            lines += 1
            rows += not blank
    yield end, lines


def _table(path: Path, options: InputOptions, size: int, delimiter: str) -> Iterator[Slice]:
    """In Latin-1 a character is a byte, and quotes, commas and ends of lines are what they are in all other codes."""
    csv.field_size_limit(2**31 - 1)
    with path.open("rb") as handle:
        lines = TableLines(io.TextIOWrapper(handle, "latin-1", newline=""), options, "latin-1")
        rows = table_rows(lines, str(path), delimiter)
        next(rows, None)
        header, top = lines.characters, lines.number
        start, before, count = header, 0, 0
        end, after = start, before
        for _ in rows:
            if count == size:
                yield Slice(str(path), _sha256(path, start, end), start, end, before, header)
                start, before, count = end, after, 0
            end, after, count = lines.characters, lines.number - top, count + 1
    size_now = path.stat().st_size
    yield Slice(str(path), _sha256(path, start, size_now), start, size_now, before, header)


def _sha256(path: Path, start: int, end: int | None) -> str:
    found = hashlib.sha256()
    with path.open("rb") as handle:
        handle.seek(start)
        left = (os.fstat(handle.fileno()).st_size if end is None else end) - start
        while left > 0 and (block := handle.read(min(left, _BLOCK))):
            found.update(block)
            left -= len(block)
    return found.hexdigest()


# --- reading -------------------------------------------------------------------------------------


def read_shard(shard: Shard, options: InputOptions) -> Iterator[Captured]:
    """Reports and problems of a shard, in order. Raises ConfigError if a file is not what was planned with."""
    with Sandbox() as sandbox:  # one for all pages of the shard; it starts with the first
        for part in shard.slices:
            if part.end is None:
                yield from read_captures([part.path], options, sandbox)
            else:
                yield from guard(_rows_of(part, options, sandbox), part.path)
            _check(part)


def _check(part: Slice) -> None:
    """Bytes that changed under the run would make its result one of no input."""
    path = Path(part.path)
    found = _sha256(path, part.start, part.end) if part.sha256 and path.is_file() else part.sha256
    if found != part.sha256:
        raise ConfigError(
            "input.changed", "the file has changed since the run began.", where=part.path,
            do="Begin a new run in another folder.",
        )  # fmt: skip


def _rows_of(part: Slice, options: InputOptions, sandbox: Sandbox) -> Iterator[Captured]:
    path = Path(part.path)
    with path.open("rb") as handle:
        window: Any = io.BufferedReader(_Window(handle, part))
        if path.suffix.lower() in LINES:
            yield from read_lines(window, part.path, options, part.before)
        else:
            delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
            with Pages(options, sandbox) as pages:
                reader = partial(archived_rows, folder=path.parent, options=options, pages=pages)
                yield from pages.settled(read_table(window, part.path, options, delimiter, reader, part.before))


class _Window(io.RawIOBase):
    """The header of a file and the bytes of a slice, as one stream."""

    def __init__(self, handle: BinaryIO, part: Slice) -> None:
        if part.end is None:
            raise InputError("input.slice", "a slice has no end.", where=part.path)
        self._handle = handle
        near = part.start == part.header  # as one, so that what looks at the head of a file sees as much as ever
        self._left = [(0, part.end)] if near else [(0, part.header), (part.start, part.end)]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while self._left and self._left[0][0] >= self._left[0][1]:
            self._left.pop(0)
        if not self._left:
            return 0
        at, end = self._left[0]
        self._handle.seek(at)
        block = self._handle.read(min(len(buffer), end - at))
        if not block:
            self._left = []
            return 0
        buffer[: len(block)] = block
        self._left[0] = (at + len(block), end)
        return len(block)
