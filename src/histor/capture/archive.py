"""Pages in web archives: WARC files, plain or compressed by record, and WACZ packages that hold such files.

Runs in the parsing process. Nothing of a package is written anywhere: its members are read where they lie, so
their names lead nowhere; a package whose names try to is refused all the same.
"""

from __future__ import annotations

import json
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import IO, Any
from urllib.parse import urldefrag

from histor.capture.frames import Answer
from histor.capture.unpack import encodings_of, unpack
from histor.model.errors import InputError

Place = tuple[int, int]
"""Number of the WARC file in its package (0 in a plain WARC), byte of the record in it."""

_PAGES = ("text/html", "application/xhtml+xml")
_LISTS = ("pages/pages.jsonl", "pages/extraPages.jsonl")
_LONGEST_LIST = 64 * 2**20  # bytes
_OVERHEAD = 2**20  # bytes that headers, chunk marks and a poor compressor may add to a page
_GZIP = b"\x1f\x8b\x08"
_BEGINNING = re.compile(rb"\x1f\x8b\x08|(?:^|\n)(?=WARC/1\.)")
_PIECE = 2**20
_DIGESTS = frozenset({"md5", "sha1", "sha256"})


def read_archive(path: str, most: int, start: Place = (0, 0)) -> Iterator[Answer]:
    """The pages of an archive in order, each with its place, from the record at or after `start` on.

    An item has `content` (bytes, decoded as its HTTP headers say, at most `most`), `url`, `date` (when it was
    captured), `charset` and, in a package, `member` and `title`. Whatever lies between two pages is a sign of life.
    Raises InputError for a file that is no archive.
    """
    with open(path, "rb") as handle:
        if zipfile.is_zipfile(handle):
            handle.seek(0)
            yield from _read_package(handle, most, start)
        else:
            yield from _read_records(handle, most, 0, start[1])


# --- records -------------------------------------------------------------------------------------


def _read_records(handle: IO[bytes], most: int, member: int, start: int) -> Iterator[Answer]:
    """Records from byte `start` on; after what cannot be read, from where the next one seems to begin.

    The place of each is told before it is read, so that whoever waits knows on which one the reader broke.
    """
    at: int | None = start if start == 0 else _next_record(handle, start)
    begun = start != 0
    while at is not None:
        last = at
        if begun:
            yield Answer("alive", place=(member, at))
        try:
            for answer in _iterate(handle, most, member, at):
                last, begun = answer.place[1], True
                yield answer
            return
        except (OSError, ValueError, zlib.error, EOFError) as error:
            if not begun:
                raise InputError(
                    "input.archive", f"this is no WARC file ({error}).", do="Give a .warc, .warc.gz or .wacz file."
                ) from error
            what = f"what begins here cannot be read ({error})."
            yield Answer("error", error=("input.record", what, ""), place=(member, last))
        at = _next_record(handle, last + 1)


def _iterate(handle: IO[bytes], most: int, member: int, start: int) -> Iterator[Answer]:
    from fastwarc.warc import ArchiveIterator

    handle.seek(start)
    for record in ArchiveIterator(handle, parse_http=False):
        place = (member, record.stream_pos)
        yield Answer("alive", place=place)
        try:
            page = _page_of(record, most)
        except InputError as error:
            yield Answer("error", error=(error.code, error.what, error.do), place=place)
        else:
            if page is not None:
                yield Answer("item", page, place=place)


def _page_of(record: Any, most: int) -> dict[str, Any] | None:
    """The page in a record; None if it holds none. Raises InputError if it is too long or damaged."""
    from fastwarc.warc import WarcRecordType

    answer = record.record_type == WarcRecordType.response
    if not answer and record.record_type != WarcRecordType.resource:
        return None
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    if not url.startswith(("http://", "https://")):  # urn:, dns: and the like are about the crawl
        return None
    if record.content_length > most + _OVERHEAD:
        if answer:
            record.parse_http()
        if _holds_page(record, answer):
            raise _too_long(most)
        return None
    _check_digest(record)
    raw = record.reader.read(record.content_length)
    if len(raw) < record.content_length or (answer and not raw):
        raise InputError("input.record", "the record is cut off.", do="Get the archive again.")
    found = _body(raw, most) if answer else (raw, None) if _holds_page(record, answer) else None
    if found is None:
        return None
    content, charset = found
    if not content:
        raise InputError("input.record", "the record holds no bytes.")
    if len(content) > most:
        raise _too_long(most)
    day = record.headers.get("WARC-Date") or ""
    return {"content": content, "url": url, "date": day[:10] or None, "charset": charset}


def _holds_page(record: Any, answer: bool) -> bool:
    """Whether a record is a page, as its headers have it; of an HTTP answer, one that went well."""
    headers = record.http_headers if answer else record.headers
    if headers is None or (answer and not 200 <= (headers.status_code or 0) < 300):
        return False
    return (headers.get("Content-Type") or "").split(";")[0].strip().lower() in _PAGES


def _body(raw: bytes, most: int) -> tuple[bytes, str | None] | None:
    """The body of an HTTP answer, decoded, at most one byte more than `most`, with its charset; None if it is no page.

    Some tools write the headers of an encoding that they have undone: then the body is taken as it is, if it
    begins like a page. The answer is read in a record of its own, since one that is left half read leads the iterator astray.
    """
    first: Exception | None = None
    for chunked, packed in ((True, True), (False, True), (True, False), (False, False)):
        try:
            answer = _parsed(raw, chunked)
            if not _holds_page(answer, answer=True):
                return None
            encodings = encodings_of(answer.http_headers.get("Content-Encoding")) if packed else []
            content = unpack(answer.reader.read(), encodings, most)
        except (OSError, ValueError) as error:
            first = first or error
            continue
        if first is None or content.lstrip()[:1] == b"<":
            return content, answer.http_charset
    raise InputError("input.record", f"the answer cannot be decoded ({first}).") from first


def _parsed(raw: bytes, chunked: bool) -> Any:
    from fastwarc.warc import WarcRecord, WarcRecordType

    record = WarcRecord()
    record.init_headers(WarcRecordType.response)
    record.is_http = True
    record.set_bytes_content(raw)
    record.parse_http(auto_decode="transfer" if chunked else "none")
    return record


def _check_digest(record: Any) -> None:
    """Raises InputError if the record is not the one that its digest was made of."""
    algorithm = (record.headers.get("WARC-Block-Digest") or "").partition(":")[0].lower()
    if algorithm in _DIGESTS and not record.verify_block_digest():
        raise InputError(
            "input.digest", "the record is not the one that its digest was made of.", do="Get the archive again."
        )


def _too_long(most: int) -> InputError:
    return InputError("input.size", f"the page is too long (more than {most:,} bytes).", do="Raise --max-characters.")


def _next_record(handle: IO[bytes], start: int) -> int | None:
    """The first byte from `start` on at which a record seems to begin; None if none does."""
    at = start
    while True:
        handle.seek(at)
        piece = handle.read(_PIECE)
        for found in _BEGINNING.finditer(piece):
            if _begins_record(piece[found.start() : found.start() + 512]):
                return at + found.start() + (found[0] == b"\n")
        if len(piece) < _PIECE:
            return None
        at += _PIECE - 512  # a beginning that the end of the piece cuts is seen again


def _begins_record(some: bytes) -> bool:
    if not some.startswith(_GZIP):
        return True
    try:
        return zlib.decompressobj(31).decompress(some, 16).startswith(b"WARC/")
    except zlib.error:
        return False


# --- packages ------------------------------------------------------------------------------------


def _read_package(handle: IO[bytes], most: int, start: Place) -> Iterator[Answer]:
    """The pages of all WARC files in a package: those that it lists as pages, or all if it lists none."""
    try:
        with zipfile.ZipFile(handle) as package:
            members = _members(package)
            listed = _listed(package)
            for number, info in enumerate(members):
                if number < start[0]:
                    continue
                first = start[1] if number == start[0] else 0
                for answer in _read_member(package, info, most, (number, first)):
                    yield _of_package(answer, PurePosixPath(info.filename).name, listed)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:  # damaged, odd, encrypted
        raise InputError("input.archive", f"the package cannot be read ({error}).", do="Get it again.") from error


def _read_member(package: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, start: Place) -> Iterator[Answer]:
    """One WARC file of a package; that it is none is said of it, and the others are read."""
    try:
        with package.open(info) as stream:
            yield from _read_records(stream, most, *start)
    except InputError as error:
        yield Answer("error", error=(error.code, error.what, error.do), place=start)


def _members(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The WARC files in a package, by name. Raises InputError if a name leads out of the package or there is none."""
    for info in package.infolist():
        if leads_out(info.orig_filename) or leads_out(info.filename) or stat.S_ISLNK(info.external_attr >> 16):
            raise InputError(
                "input.path", f"the package holds a name that leads out of it ({info.orig_filename[:80]!r}).",
                do="Do not trust where it came from.",
            )  # fmt: skip
    found = {i.filename: i for i in package.infolist() if i.filename.lower().endswith((".warc", ".warc.gz"))}
    if not found:
        raise InputError("input.archive", "the package holds no WARC file.", do="Give a .wacz file.")
    return [info for _, info in sorted(found.items())]


def leads_out(name: str) -> bool:
    """Whether a name in an archive or table would, as a path on any system, lead out of the folder it belongs in."""
    plain = name.replace("\\", "/")
    # A colon may stand in a name ("T10:00.warc"); a drive or a scheme before it may not.
    return plain.startswith("/") or ".." in plain.split("/") or "\0" in plain or _ROOTED.match(plain) is not None


_ROOTED = re.compile(r"[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]{0,20}:/")


def _listed(package: zipfile.ZipFile) -> dict[str, str]:
    """The addresses, without fragments, that a package lists as its pages, with their titles."""
    listed: dict[str, str] = {}
    for name in _LISTS:
        with suppress(KeyError), package.open(name) as stream:
            for line in stream.read(_LONGEST_LIST).splitlines():
                with suppress(ValueError, RecursionError):
                    page = json.loads(line)
                    if isinstance(page, dict) and isinstance(page.get("url"), str):
                        listed[urldefrag(page["url"]).url] = str(page.get("title") or "")
    return listed


def _of_package(answer: Answer, name: str, listed: dict[str, str]) -> Answer:
    """An answer with the name of its member; a page that is not listed (a frame, an advertisement) is passed over."""
    if answer.state == "error":
        code, what, do = answer.error
        return Answer("error", {"member": name}, (code, what, do), answer.place)
    if answer.state != "item":
        return answer
    url = urldefrag(answer.value["url"]).url
    if listed and url not in listed:
        return Answer("alive", place=answer.place)
    return Answer("item", answer.value | {"member": name, "title": listed.get(url) or None}, place=answer.place)
