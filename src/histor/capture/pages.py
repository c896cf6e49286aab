"""Reports from pages and web archives, whose bytes are parsed in a process apart."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from histor.capture.frames import Answer, Request
from histor.capture.reports import Capture, Captured, InputOptions, Pending, Problem, Read, decode, make_capture
from histor.capture.sandbox import Broken, Sandbox, error_of
from histor.model.errors import InputError
from histor.text.printable import short

if TYPE_CHECKING:
    from histor.capture.fetch import Fetcher

_MOST_FAILURES = 100
"""An archive on whose records the parser breaks more often is given up."""


class Pages:
    """Parses pages beside the reading of inputs; the processes start with the first page. A context."""

    def __init__(self, options: InputOptions, sandbox: Sandbox | None = None, fetcher: Fetcher | None = None) -> None:
        """`sandbox` is left open at the end if it is given; `fetcher` is used only if the options say so."""
        self._options = options
        self._fetcher = fetcher
        self._given = sandbox
        self._own: Sandbox | None = None

    @property
    def sandbox(self) -> Sandbox:
        """The processes that parse."""
        if self._given is not None:
            return self._given
        if self._own is None:
            self._own = Sandbox()
        return self._own

    @property
    def most_bytes(self) -> int:
        """No page is longer than a text within the limit can be in any encoding."""
        return 4 * self._options.most_characters + 4

    def page(
        self, content: bytes, where: str, known: dict[str, Any] | None = None, charset: str | None = None
    ) -> Pending:
        """A page, to be parsed; what is `known` of it goes before what it says of itself.

        Of `known`, `title` and `date` (when it was captured) count only if the page has none of its own; the name
        of the host stands in for the outlet's.
        """
        known = {name: value for name, value in (known or {}).items() if value}

        def make(fields: dict[str, Any]) -> Capture:
            address = str(known.get("url") or "")
            late = {"guessed": known.get("date"), "title": known.get("title"), "source": host_of(address)}
            first = {name: value for name, value in known.items() if name not in {"date", "title"}}
            both = {name: value for name, value in late.items() if value} | fields | first
            return make_capture(both, content, self._options, where)

        return Pending(self.sandbox.submit(Request("page", content, charset)), make, where)

    def fetched(self, url: str, where: str = "", original: str | None = None) -> Read:
        """The page at an address, if addresses may be fetched; of a kept copy, `original` is the page's own address.

        Raises InputError.
        """
        where = where or url
        if not self._options.fetch:
            what = f"{url} is an address" if where != url else "this is an address"
            raise InputError(
                "fetch.asked", f"{what}, and nothing is fetched unasked.", where=where, do="Say --fetch to fetch it."
            )
        if self._fetcher is None:
            from histor.capture.fetch import Fetcher  # HTTP and TLS, which most inputs do without

            self._fetcher = Fetcher()
        found = self._fetcher.get(url, self.most_bytes)
        if found.kind in {"text/html", "application/xhtml+xml"}:
            return self.page(found.content, where, {"url": original or found.url}, found.charset)
        if found.kind == "text/plain":
            fields = {"text": decode(found.content, found.charset or "utf-8"), "url": original or found.url}
            return make_capture(fields, found.content, self._options, where)
        raise InputError(
            "fetch.kind", f"it is {short(found.kind)}, not a page.", where=where,
            do="Follow feeds with histor feed add; save what is something else.",
        )  # fmt: skip

    def archive(self, path: str, where: str, start: tuple[int, int] = (0, 0)) -> Iterator[Read]:
        """The pages of a web archive in order, from the record at or after `start` (member, byte) on.

        The place of each is ``FILE@BYTE``, in a package ``FILE!MEMBER@BYTE``: the same on every run. Raises InputError
        for a file that is no archive.
        """
        failures, empty, at = 0, True, start
        while True:
            try:
                for answer in self.sandbox.stream(
                    Request("archive", path=path, most=self.most_bytes, member=at[0], start=at[1])
                ):
                    at = answer.place
                    found = self._found(answer, where)
                    if found is not None:
                        empty = False
                        yield found
                break
            except Broken as error:
                failures, empty = failures + 1, False
                yield Problem(error.at(f"{where}@{at[1]}"))
                if failures >= _MOST_FAILURES:
                    raise InputError(
                        "input.archive", "the parser broke on it too often.", do="Get the archive again."
                    ) from error
                at = (at[0], at[1] + 1)
        if empty and start == (0, 0):
            raise InputError("input.empty", "the archive holds no page.", where=where)

    def _found(self, answer: Answer, where: str) -> Read | None:
        member = answer.value.get("member")
        place = f"{where}{'!' + str(member) if member else ''}@{answer.place[1]}"
        if answer.state == "item":
            known = {name: answer.value.get(name) for name in ("url", "date", "title")}
            return self.page(answer.value["content"], place, known, answer.value.get("charset"))
        if answer.state == "error":
            error = error_of(answer)
            return Problem(error.at(place if error.code != "input.archive" else where))
        return None

    def settled(self, items: Iterator[Read]) -> Iterator[Captured]:
        """The items in order, each page as a report; a few are parsed ahead while the reader goes on."""
        ahead: deque[Read] = deque()
        for item in items:
            ahead.append(item)
            while ahead and (_ready(ahead[0]) or len(ahead) > 2 * self.sandbox.workers):
                yield _settled(ahead.popleft())
        while ahead:
            yield _settled(ahead.popleft())

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        if self._own is not None:
            self._own.close()


def host_of(url: str) -> str | None:
    """The host that an address names, without ``www.``."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _ready(item: Read) -> bool:
    return not isinstance(item, Pending) or item.fields.done()


def _settled(item: Read) -> Captured:
    return item.settle() if isinstance(item, Pending) else item
