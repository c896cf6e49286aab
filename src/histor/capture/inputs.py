"""Reading reports from files, folders and standard input, one at a time.

Whatever cannot be read becomes a `Problem` that names the place and the way out; the rest goes on.
Nothing is held but the report at hand, and no item is read beyond the limit, so memory grows neither
with the input nor with one hostile item.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from histor.capture.addresses import is_address
from histor.capture.archiver import archived_rows
from histor.capture.pages import Pages
from histor.capture.reports import (
    FIELDS,
    MOST_CHARACTERS,
    Capture,
    Captured,
    InputOptions,
    Item,
    Problem,
    Read,
    decode,
    guard,
    make_capture,
    make_report,
    problem_of,
    too_long,
)
from histor.capture.rows import read_lines, read_table
from histor.capture.sandbox import Sandbox
from histor.model.errors import InputError

__all__ = [
    "FIELDS",
    "KINDS",
    "MOST_CHARACTERS",
    "Capture",
    "Captured",
    "InputOptions",
    "Item",
    "Problem",
    "make_report",
    "read_captures",
    "read_inputs",
]

TEXT = frozenset({".txt", ".md", ".text"})
HTML = frozenset({".html", ".htm", ".xhtml"})
LINES = frozenset({".jsonl", ".ndjson"})
TABLES = frozenset({".csv", ".tsv"})
ARCHIVES = frozenset({".warc", ".warc.gz", ".wacz"})
KINDS = TEXT | HTML | LINES | TABLES | ARCHIVES


def read_inputs(inputs: Iterable[str], options: InputOptions) -> Iterator[Item]:
    """Reports and problems of all inputs, in the order given; folders are read by sorted path."""
    for item in read_captures(inputs, options):
        yield item.report if isinstance(item, Capture) else item


def read_captures(inputs: Iterable[str], options: InputOptions, sandbox: Sandbox | None = None) -> Iterator[Captured]:
    """The same, each report with the bytes that it was read from.

    Pages are parsed in the processes of `sandbox`, which stays open; without it, in processes that end with the reading.
    """
    with Pages(options, sandbox) as pages:
        yield from pages.settled(_read_all(inputs, options, pages))


def _read_all(inputs: Iterable[str], options: InputOptions, pages: Pages) -> Iterator[Read]:
    for name in inputs:
        yield from guard(_read_input(name, options, pages), "standard input" if name == "-" else name)


def _read_input(name: str, options: InputOptions, pages: Pages) -> Iterator[Read]:
    if name == "-":
        stdin: Any = sys.stdin.buffer
        yield from _read_stream(stdin if isinstance(stdin, io.BufferedReader) else io.BufferedReader(stdin), options)
        return
    if is_address(name):
        yield pages.fetched(name)
        return
    path = Path(name)
    if path.is_dir():
        yield from _read_folder(path, options, pages)
    else:
        yield from _read_file(path, options, pages, named=True)


def files_in(folder: Path) -> tuple[list[Path], list[OSError]]:
    """The files of known kinds under a folder, sorted, and the errors of what could not be looked into."""
    files: list[Path] = []
    closed: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        files += [Path(root) / n for n in names if not n.startswith(".") and kind_of(n) in KINDS]
    return sorted(files), closed


def _read_folder(folder: Path, options: InputOptions, pages: Pages) -> Iterator[Read]:
    files, closed = files_in(folder)
    for error in closed:
        yield problem_of(error, str(error.filename or folder))
    if not files and not closed:
        yield Problem(
            InputError(
                "input.empty", "the folder holds no file that can be read.", where=str(folder), do=_known_kinds(),
            )
        )  # fmt: skip
    for path in files:
        yield from guard(_read_file(path, options, pages), str(path))


def kind_of(name: str) -> str:
    """The suffix that says how a file is read; of compressed ones, both."""
    suffixes = [s.lower() for s in Path(name).suffixes]
    return "".join(suffixes[-2:]) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])


def _known_kinds() -> str:
    return f"Known kinds: {' '.join(sorted(KINDS))}."


def _read_file(path: Path, options: InputOptions, pages: Pages, named: bool = False) -> Iterator[Read]:
    """One regular file; a pipe too where the caller named it (``<(command)``), never one found in a folder."""
    kind = kind_of(path.name)
    mode = path.stat().st_mode
    pipe = named and stat.S_ISFIFO(mode)
    if not stat.S_ISREG(mode) and not pipe:
        raise InputError("input.kind", "this is not a regular file.", where=str(path), do="Name files or folders.")
    if kind not in KINDS and not pipe:
        what = f"files of the kind {kind or '(no suffix)'} are not read."
        raise InputError("input.kind", what, where=str(path), do=_known_kinds())
    if kind in ARCHIVES:
        yield from pages.archive(os.path.abspath(path), str(path))
        return
    with path.open("rb") as handle:
        if kind in LINES:
            yield from read_lines(handle, str(path), options)
        elif kind in TABLES:
            reader = partial(archived_rows, folder=path.parent, options=options, pages=pages)
            yield from read_table(handle, str(path), options, "\t" if kind == ".tsv" else ",", reader)
        elif kind in HTML:
            yield pages.page(_read_whole(handle, options), str(path))
        elif kind in KINDS:
            yield _from_file(_read_whole(handle, options), path, kind, options)
        else:
            yield from _read_stream(handle, options, str(path))


def _read_stream(handle: io.BufferedReader, options: InputOptions, where: str = "standard input") -> Iterator[Captured]:
    """A stream: JSON lines if its first character is ``{``, else one plain text."""
    if handle.peek(64).lstrip().startswith((b"{", b"\xef\xbb\xbf{")):
        yield from read_lines(handle, where, options)
        return
    captured = _read_whole(handle, options)
    yield make_capture({"text": decode(captured, options.encoding)}, captured, options, where)


def _read_whole(handle: io.BufferedReader, options: InputOptions) -> bytes:
    """All bytes, unless they are more than a text within the limit can take in any encoding."""
    most = 4 * options.most_characters + 4
    captured = handle.read(most + 1)
    if len(captured) > most:
        raise too_long(f"more than {most:,} bytes", options)
    return captured


def _from_file(captured: bytes, path: Path, kind: str, options: InputOptions) -> Captured:
    text = decode(captured, options.encoding)
    fields = {"text": text}
    if kind == ".md" and text.lstrip().startswith("# "):
        fields["title"] = text.lstrip()[2:].split("\n", 1)[0].strip()
    return make_capture(fields, captured, options, str(path))
