"""Reading reports from files, folders and standard input, one at a time.

Whatever cannot be read becomes a `Problem` that names the place and the way out; the rest goes on.
Nothing is held but the report at hand, so memory does not grow with the input.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from msgspec import UNSET

from histor.capture.html import read_html
from histor.model.canonical import report_id
from histor.model.errors import HistorError, InputError
from histor.model.records import Report
from histor.resolve.dates import parse_date
from histor.text.language import supported
from histor.text.normalise import normalise
from histor.text.sentences import split_sentences

TEXT = frozenset({".txt", ".md", ".text"})
HTML = frozenset({".html", ".htm", ".xhtml"})
LINES = frozenset({".jsonl", ".ndjson"})
TABLES = frozenset({".csv", ".tsv"})
KINDS = TEXT | HTML | LINES | TABLES
FIELDS = ("id", "title", "text", "published", "source", "url")
MOST_CHARACTERS = 2_000_000


@dataclass(frozen=True)
class InputOptions:
    """What the caller knows of the reports: defaults, encoding, other names of columns."""

    source: str | None = None
    published: str | None = None
    encoding: str = "utf-8"
    columns: dict[str, str] = field(default_factory=dict)
    most_characters: int = MOST_CHARACTERS


@dataclass(frozen=True)
class Problem:
    """An item that was set aside, and why."""

    error: HistorError

    def __str__(self) -> str:
        return str(self.error)


Item = Report | Problem


def read_inputs(inputs: Iterable[str], options: InputOptions) -> Iterator[Item]:
    """Reports and problems of all inputs, in the order given; folders are read by sorted path."""
    for name in inputs:
        if name == "-":
            yield from _guard(_read_stdin(sys.stdin.buffer, options), "standard input")
            continue
        path = Path(name)
        if path.is_dir():
            yield from _read_folder(path, options)
        else:
            yield from _guard(_read_file(path, options), name)


def _guard(items: Iterator[Item], where: str) -> Iterator[Item]:
    """Turn what goes wrong in a reader into a problem of its input."""
    try:
        yield from items
    except HistorError as error:
        yield Problem(error if error.where else error.at(where))
    except FileNotFoundError:
        yield Problem(
            InputError("input.missing", "there is no such file or folder.", where=where, do="Check the name.")
        )
    except PermissionError:
        yield Problem(InputError("input.permission", "it may not be read.", where=where, do="Check its permissions."))
    except OSError as error:
        reason = error.strerror or str(error)
        yield Problem(InputError("input.unreadable", f"it cannot be read ({reason}).", where=where))


def _read_folder(folder: Path, options: InputOptions) -> Iterator[Item]:
    files = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        files += [Path(root) / n for n in names if not n.startswith(".") and Path(n).suffix.lower() in KINDS]
    if not files:
        kinds = " ".join(sorted(KINDS))
        yield Problem(
            InputError(
                "input.empty",
                "the folder holds no file that can be read.",
                where=str(folder),
                do=f"Known kinds: {kinds}.",
            )
        )
    for path in sorted(files):
        yield from _guard(_read_file(path, options), str(path))


def _read_file(path: Path, options: InputOptions) -> Iterator[Item]:
    kind = path.suffix.lower()
    if path.exists() and kind not in KINDS:
        kinds = " ".join(sorted(KINDS))
        raise InputError(
            "input.kind",
            f"files of the kind {kind or '(no suffix)'!s} are not read.",
            where=str(path),
            do=f"Known kinds: {kinds}.",
        )
    if kind in LINES:
        with path.open("rb") as handle:
            yield from _read_lines(handle, str(path), options)
    elif kind in TABLES:
        with path.open("rb") as handle:
            yield from _read_table(handle, str(path), options, "\t" if kind == ".tsv" else ",")
    else:
        size = path.stat().st_size
        if size > 4 * options.most_characters:
            raise _too_long(f"{size:,} bytes", options)
        captured = path.read_bytes()
        yield _from_file(captured, path, kind, options)


def _read_stdin(handle: IO[bytes], options: InputOptions) -> Iterator[Item]:
    """Standard input: JSON lines if its first character is ``{``, else one plain text."""
    head = handle.peek(64).lstrip() if hasattr(handle, "peek") else b""
    if head.startswith((b"{", b"\xef\xbb\xbf{")):
        yield from _read_lines(handle, "standard input", options)
        return
    captured = handle.read(4 * options.most_characters + 1)
    if len(captured) > 4 * options.most_characters:
        raise _too_long("input", options)
    text = _decode(captured, options.encoding)
    yield make_report({"text": text}, captured, options, "standard input")


def _from_file(captured: bytes, path: Path, kind: str, options: InputOptions) -> Item:
    if kind in HTML:
        fields = read_html(captured)
        return make_report(fields, captured, options, str(path))
    text = _decode(captured, options.encoding)
    fields = {"text": text}
    if kind == ".md" and text.lstrip().startswith("# "):
        fields["title"] = text.lstrip()[2:].split("\n", 1)[0].strip()
    return make_report(fields, captured, options, str(path))


def _decode(captured: bytes, encoding: str) -> str:
    """Bytes as text. Raises InputError for binary data and for bytes that are not `encoding`."""
    if captured.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in captured[:8192]:
        raise InputError("input.binary", "this looks like binary data, not text.", do="Convert it to text first.")
    try:
        return captured.decode("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(encoding, error.start) from error
    except LookupError as error:
        raise InputError(
            "input.encoding", f"no encoding is called {encoding!r}.", do="Try --encoding latin-1 or utf-8."
        ) from error


def _wrong_encoding(encoding: str, at: int | None = None) -> InputError:
    where = f" (byte {at})" if at is not None else ""
    return InputError(
        "input.encoding", f"the text is not {encoding}{where}.",
        do="Say what it is with --encoding (latin-1 and cp1252 are common).",
    )  # fmt: skip


def _too_long(size: str, options: InputOptions) -> InputError:
    return InputError(
        "input.size", f"the text is too long ({size}; at most {options.most_characters:,} characters).",
        do="Split it into reports, or raise --max-characters.",
    )  # fmt: skip


# --- JSON lines ----------------------------------------------------------------------------------


def _read_lines(handle: IO[bytes], where: str, options: InputOptions) -> Iterator[Item]:
    limit = 8 * options.most_characters
    number = 0
    while True:
        line = handle.readline(limit)
        if not line:
            return
        number += 1
        place = f"{where}:{number}"
        if len(line) >= limit and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = handle.readline(limit)
            yield Problem(_too_long("one line", options).at(place))
            continue
        if line.strip():
            yield from _guard(_line_item(line, place, options), place)


def _line_item(line: bytes, place: str, options: InputOptions) -> Iterator[Item]:
    yield _from_line(line, place, options)


def _from_line(line: bytes, place: str, options: InputOptions) -> Item:
    text = _decode(line.rstrip(b"\r\n"), options.encoding)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply")
        column = getattr(error, "colno", None)
        at = f" at column {column}" if column else ""
        raise InputError(
            "input.json", f"the line is not JSON ({reason}{at}).", where=place, do="Mend or remove the line."
        ) from error
    if not isinstance(value, dict):
        raise InputError("input.json", "the line is not a JSON object.", where=place, do='Write {"text": "…"}.')
    return make_report(_named(value, options, place), line, options, place)


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
        known = ", ".join(map(str, list(value)[:12]))
        raise InputError(
            "input.field", f"there is no field {text_key!r} (found: {known}).",
            where=place, do="Name the one that holds the text with --column text=NAME.",
        )  # fmt: skip
    return fields


# --- tables --------------------------------------------------------------------------------------


def _read_table(handle: IO[bytes], where: str, options: InputOptions, delimiter: str) -> Iterator[Item]:
    csv.field_size_limit(8 * options.most_characters)
    head = handle.read(8192)
    handle.seek(0)
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(
            "input.binary", "this looks like binary data, not a table.", where=where, do="Save it as CSV first."
        )
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else options.encoding
    encoding = "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding
    try:
        stream = io.TextIOWrapper(handle, encoding=encoding, errors="surrogateescape", newline="")
    except LookupError as error:
        raise InputError(
            "input.encoding", f"no encoding is called {encoding!r}.", where=where, do="Try --encoding latin-1 or utf-8."
        ) from error
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    header = next(reader, None)
    if not header:
        raise InputError("input.empty", "the table is empty.", where=where)
    header = [name.strip() for name in header]
    wanted = options.columns.get("text", "text")
    if wanted not in header:
        raise InputError(
            "input.column", f"there is no column {wanted!r} (found: {', '.join(header[:12])}).", where=where,
            do="Name the one that holds the text with --column text=NAME.",
        )  # fmt: skip
    yield from _rows(reader, header, where, options)


def _rows(reader: Any, header: list[str], where: str, options: InputOptions) -> Iterator[Item]:
    while True:
        place = f"{where}:{reader.line_num + 1}"
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(
                InputError("input.csv", f"the row cannot be read ({error}).", where=place, do="Mend its quotes.")
            )
            continue
        if not row:
            continue
        yield from _guard(_row_item(row, header, place, options), place)


def _row_item(row: list[str], header: list[str], place: str, options: InputOptions) -> Iterator[Item]:
    if len(row) != len(header):
        raise InputError(
            "input.csv", f"the row has {len(row)} fields, the header {len(header)}.", where=place,
            do="Mend its quotes or commas.",
        )  # fmt: skip
    if any("\udc80" <= c <= "\udcff" for cell in row for c in cell):
        raise _wrong_encoding(options.encoding).at(place)
    value = {name: cell for name, cell in zip(header, row, strict=True) if cell.strip()}
    value.setdefault(options.columns.get("text", "text"), "")
    captured = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")
    yield make_report(_named(value, options, place), captured, options, place)


# --- reports -------------------------------------------------------------------------------------


def make_report(fields: dict[str, Any], captured: bytes, options: InputOptions, where: str) -> Report:
    """A report from its fields. Raises InputError if it has no text, is too long or not English.

    A full date at the head of the text wins over the field, the field over ``--published``.
    """
    text = normalise(fields["text"])
    if not text.strip():
        raise InputError("input.empty", "there is no text.", where=where, do="Leave it out or give it a text.")
    if len(text) > options.most_characters:
        raise _too_long(f"{len(text):,} characters", options).at(where)
    known, language = supported(text)
    if not known:
        raise InputError(
            "input.language", f"the text is not in English (it looks like {language!r}).", where=where,
            do="Only English is coded so far.",
        )  # fmt: skip
    source = fields.get("source") or options.source
    title = fields.get("title")
    url = fields.get("url")
    external = fields.get("id")
    return Report(
        id=report_id(captured, source, url),
        source=source,
        published=_published(fields, text, options, where),
        title=normalise(title).strip() if title else None,
        language="en",
        text=text,
        url=url if url else UNSET,
        external_id=external if external else UNSET,
    )


def _published(fields: dict[str, Any], text: str, options: InputOptions, where: str) -> str | None:
    stamp = split_sentences(text[:200])[:1]
    if stamp and stamp[0].kind == "stamp":
        words = text[stamp[0].start : stamp[0].end]
        found = parse_date(words.split(None, 1)[1] if words.lower().startswith("date") else words)
        if found is not None:
            return found.isoformat()
    given = fields.get("published")
    if given:
        found = parse_date(given)
        if found is None:
            raise InputError(
                "input.date", f"the publication date {given!r} cannot be read.", where=where,
                do="Write it as YYYY-MM-DD.",
            )  # fmt: skip
        return found.isoformat()
    return options.published
