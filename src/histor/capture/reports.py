"""A report from its fields, and what is said of an item of which none can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from msgspec import UNSET

from histor.model.canonical import report_id
from histor.model.errors import HistorError, InputError
from histor.model.records import Report
from histor.resolve.dates import parse_date
from histor.text.language import supported
from histor.text.normalise import normalise
from histor.text.printable import printable, short
from histor.text.sentences import split_sentences, whole_date

FIELDS = ("id", "title", "text", "published", "source", "url")
MOST_CHARACTERS = 2_000_000
_HEAD = 400  # characters at the head of a text in which its own date stands
_LONGEST_DATE = 100  # characters; no date is written in more


@dataclass(frozen=True)
class InputOptions:
    """What the caller knows of the reports: defaults, encoding, other names of columns."""

    source: str | None = None
    published: str | None = None
    encoding: str = "utf-8"
    columns: dict[str, str] = field(default_factory=dict)
    most_characters: int = MOST_CHARACTERS
    date_order: str | None = None  # "dmy" or "mdy": how publication dates in figures are read
    fetch: bool = False  # addresses among the inputs may be fetched
    language: str = "en"  # what the caller says the reports are in; only English is checked


@dataclass(frozen=True)
class Problem:
    """An item that was set aside, and why; as a string, one line that is safe on a terminal."""

    error: HistorError

    def __str__(self) -> str:
        return printable(str(self.error))


@dataclass(frozen=True)
class Capture:
    """A report with the bytes that it was read from, and where they stand."""

    report: Report
    content: bytes
    where: str


Item = Report | Problem
Captured = Capture | Problem


@dataclass(frozen=True)
class Pending:
    """A page that is being parsed, and how to make a report of it."""

    fields: Future[dict[str, Any]]
    make: Callable[[dict[str, Any]], Capture]
    where: str

    def settle(self) -> Captured:
        """The report, or what went wrong; waits for the parser."""
        try:
            return self.make(self.fields.result())
        except Exception as error:  # one bad page must not end the batch
            return problem_of(error, self.where)


Read = Captured | Pending
_T = TypeVar("_T")


def guard(items: Iterator[_T], where: str) -> Iterator[_T | Problem]:
    """Turn what goes wrong in a reader into a problem of its input."""
    try:
        yield from items
    except Exception as error:  # one bad input must not end the batch
        yield problem_of(error, where)


def problem_of(error: Exception, where: str) -> Problem:
    """What `error` means for the input called `where`."""
    if isinstance(error, HistorError):
        return Problem(error if error.where else error.at(where))
    if isinstance(error, FileNotFoundError):
        return Problem(
            InputError("input.missing", "there is no such file or folder.", where=where, do="Check the name.")
        )
    if isinstance(error, PermissionError):
        return Problem(InputError("input.permission", "it may not be read.", where=where, do="Check its permissions."))
    reason = f"{type(error).__name__}: {error}" if not isinstance(error, OSError) else error.strerror or str(error)
    return Problem(InputError("input.unreadable", f"it cannot be read ({short(reason, 200)}).", where=where))


def decode(captured: bytes, encoding: str) -> str:
    """Bytes as text. Raises InputError for binary data and for bytes that are not `encoding`."""
    if captured.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in captured[:8192]:
        raise InputError("input.binary", "this looks like binary data, not text.", do="Convert it to text first.")
    try:
        return captured.decode("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)
    except UnicodeError as error:
        raise wrong_encoding(encoding, getattr(error, "start", None)) from error
    except LookupError as error:
        raise unknown_encoding(encoding) from error


def wrong_encoding(encoding: str, at: int | None = None) -> InputError:
    where = f" (byte {at})" if at is not None else ""
    return InputError(
        "input.encoding", f"the text is not {encoding}{where}.",
        do="Say what it is with --encoding (latin-1 and cp1252 are common).",
    )  # fmt: skip


def unknown_encoding(encoding: str) -> InputError:
    return InputError(
        "input.encoding", f"no encoding is called {encoding!r}.", do="Try --encoding latin-1 or utf-8."
    )  # fmt: skip


def too_long(size: str, options: InputOptions) -> InputError:
    return InputError(
        "input.size", f"the text is too long ({size}; at most {options.most_characters:,} characters).",
        do="Split it into reports, or raise --max-characters.",
    )  # fmt: skip


def make_capture(fields: dict[str, Any], captured: bytes, options: InputOptions, where: str) -> Capture:
    """The report of some fields with the bytes that they were read from. Raises as `make_report` does."""
    return Capture(make_report(fields, captured, options, where), captured, where)


def make_report(fields: dict[str, Any], captured: bytes, options: InputOptions, where: str) -> Report:
    """A report from its fields. Raises InputError if it has no text, is too long or not English.

    A full date at the head of the text wins over the field, the field over ``--published``, and that
    over a date that was only `guessed`.
    """
    text = normalise(fields["text"])
    if not text.strip():
        raise InputError("input.empty", "there is no text.", where=where, do="Leave it out or give it a text.")
    if len(text) > options.most_characters:
        raise too_long(f"{len(text):,} characters", options).at(where)
    known, language = supported(text) if options.language == "en" else (True, options.language)
    if not known:
        raise InputError(
            "input.language", f"the text is not in English (it looks like {language!r}).", where=where,
            do="Other languages need models and a lexicon of your own: docs/how-to/engines.md.",
        )  # fmt: skip
    source = _clean(fields.get("source")) or _clean(options.source)
    url = _clean(fields.get("url"))
    return Report(
        id=report_id(captured, source, url),
        source=source,
        published=_published(fields, text, options, where),
        title=_clean(fields.get("title")),
        language=options.language,
        text=text,
        url=url or UNSET,
        external_id=_clean(fields.get("id")) or UNSET,
    )


def _clean(value: str | None) -> str | None:
    """A field as it can be stored; None if nothing is left of it."""
    return (normalise(value).strip() or None) if value else None


def _published(fields: dict[str, Any], text: str, options: InputOptions, where: str) -> str | None:
    head = text.lstrip()[:_HEAD]
    for start, end, kind in split_sentences(head, _clean(fields.get("title"))):
        if kind not in {"stamp", "headline"}:
            break
        words = head[start:end]
        if kind == "headline":
            continue
        found = parse_date(words.split(None, 1)[1] if words.lower().startswith("date") else whole_date(words) or words)
        if found is not None:
            return found.isoformat()
    for given in (fields.get("published"), options.published, fields.get("guessed")):
        if given:
            return _iso(given, where, options.date_order)
    return None


def _iso(given: str, where: str, order: str | None) -> str:
    found = parse_date(given, order) if len(given) <= _LONGEST_DATE else None
    if found is None:
        raise InputError(
            "input.date", f"the publication date {short(given)!r} cannot be read.", where=where,
            do="Write it as YYYY-MM-DD, or say --date-order dmy or mdy.",
        )  # fmt: skip
    return found.isoformat()
