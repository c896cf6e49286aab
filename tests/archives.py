"""Web archives for the tests, written by the tool that crawlers use."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

TEXT = "Rebels killed {} soldiers near Goma on Monday, the army said. Many people fled the town, and the market was closed for two days."
REAL = [
    ("Server", "nginx/1.18.0 (Ubuntu)"), ("Date", "Wed, 02 Nov 2022 09:14:07 GMT"), ("Connection", "keep-alive"),
    ("Vary", "Accept-Encoding"), ("X-Powered-By", "PHP/7.4.33"), ("Cache-Control", "max-age=300, must-revalidate"),
    ("Set-Cookie", "s=1; path=/; HttpOnly"), ("Strict-Transport-Security", "max-age=31536000"),
]  # fmt: skip
"""Headers such as servers send."""


def page(number: int, head: str = "", words: str = TEXT) -> bytes:
    """A page of a paper: `number` stands in its text and title."""
    text = words.format(number)
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Attack {number}</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>Attack {number}</h1><p>{text}</p><p>{text}</p></article>"
        "<footer>All rights reserved</footer></body></html>"
    ).encode()


def chunked(body: bytes, size: int = 700) -> bytes:
    """A body in HTTP's chunks."""
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


class Archive:
    """A WARC file being written."""

    def __init__(self, compressed: bool = True) -> None:
        self._out = io.BytesIO()
        self._writer = WARCWriter(self._out, gzip=compressed)
        self._day = "2022-11-03T00:00:00Z"

    def answer(
        self,
        url: str,
        body: bytes,
        headers: Iterable[tuple[str, str]] = (),
        status: str = "200 OK",
        kind: str = "text/html; charset=UTF-8",
        record: str = "response",
    ) -> int:
        """Add an HTTP answer; the byte at which its record begins."""
        at = self._out.tell()
        http = StatusAndHeaders(status, [("Content-Type", kind), *REAL, *headers], protocol="HTTP/1.1")
        self._write(record, url, body, http_headers=http)
        return at

    def other(self, record: str, url: str, body: bytes, kind: str) -> int:
        """Add a record without HTTP headers."""
        at = self._out.tell()
        self._write(record, url, body, warc_content_type=kind)
        return at

    def _write(self, record: str, url: str, body: bytes, **how: Any) -> None:
        made = self._writer.create_warc_record(
            url, record, payload=io.BytesIO(body), warc_headers_dict={"WARC-Date": self._day}, **how
        )
        self._writer.write_record(made)

    @property
    def content(self) -> bytes:
        return self._out.getvalue()


def package(path: Path, members: dict[str, bytes], pages: list[dict[str, str]] | None = None) -> Path:
    """A WACZ file: WARC files by name, and the pages that it lists."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        out.writestr("datapackage.json", json.dumps({"profile": "data-package", "wacz_version": "1.1.1"}))
        for name, content in members.items():
            out.writestr(f"archive/{name}", content)
        if pages is not None:
            lines = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}, *pages]
            out.writestr("pages/pages.jsonl", "\n".join(map(json.dumps, lines)) + "\n")
    return path
