"""HTML pages to the fields of a report: main text, title, date, outlet."""

from __future__ import annotations

from copy import copy, deepcopy
from functools import cache
from typing import Any

from histor.model.errors import InputError

# No date is looked for in running text: it tells of other days ("the worst attack since 12 March 2009").
_DATES: dict[str, Any] = {"extensive_search": False, "original_date": True}
_DECLARING = "//head/meta | //head/link[@rel='canonical'] | //script[@type='application/ld+json']"
_SUGGESTING = "//time | //abbr | //*[@class or @id or @itemprop][{}]".format(
    " or ".join(
        f"contains(@{attribute}, '{word}')"
        for attribute in ("class", "id", "itemprop")
        for word in ("date", "Date", "time", "publ", "posted")
    )
)
_LONGEST_BYLINE = 100  # characters; a longer element is running text, whatever its class


@cache
def _options() -> Any:
    """How trafilatura is to extract; it reads its configuration anew for each page that comes without."""
    from trafilatura.settings import Extractor

    return Extractor(output_format="python", with_metadata=True, comments=False, tables=False, date_params=_DATES)


def warm() -> None:
    """Load what parsing needs, before memory and files are bounded."""
    read_html(
        b"<html><body><article><p>Nothing is new here today, and nothing was yesterday.</p></article></body></html>"
    )


def read_html(captured: bytes, charset: str | None = None) -> dict[str, Any]:
    """Text and metadata of a page: `published` if it declares its date, `guessed` if only its markup suggests one.

    `charset` is what the page came with (of an HTTP answer). Raises InputError if no main text can be found in it.
    """
    from trafilatura import bare_extraction, load_html

    if b"\x00" in captured[:8192] and not captured.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("input.binary", "this looks like binary data, not a page.")
    try:
        tree = load_html(_as_said(captured, charset))
        if tree is None:
            raise InputError("input.html", "there is no page in it.", do="Save the article's text as .txt.")
        declared, guessed = _dates(tree)  # first: extraction changes the tree
        found = bare_extraction(tree, options=copy(_options()))
        page: dict[str, Any] = found if isinstance(found, dict) else found.as_dict() if found else {}
    except (MemoryError, InputError):
        raise
    except Exception as error:  # lxml and its helpers raise many kinds on hostile pages
        raise InputError("input.html", f"the page cannot be parsed ({type(error).__name__}).") from error
    text = page.get("text")
    if not text:
        raise InputError("input.html", "no main text was found in the page.", do="Save the article's text as .txt.")
    fields = {
        "text": text, "title": page.get("title"), "published": declared, "guessed": guessed,
        "source": page.get("sitename") or page.get("hostname"), "url": page.get("url"),
    }  # fmt: skip
    return {name: str(value) for name, value in fields.items() if value}


def _as_said(captured: bytes, charset: str | None) -> bytes | str:
    """The page as text if it is in the charset that it came with; UTF-8 is found without being told."""
    if charset is None or charset.lower() in {"utf-8", "utf8"}:
        return captured
    try:
        return captured.decode(charset)
    except (LookupError, ValueError):
        return captured


def _dates(tree: Any) -> tuple[str | None, str | None]:
    """The date that head and JSON-LD of a page declare, and the one that its bylines suggest."""
    declaring, suggesting = _paths()
    bylines = [e for e in suggesting(tree) if len("".join(e.itertext())) <= _LONGEST_BYLINE]
    return _date_of(declaring(tree)), _date_of(bylines)


@cache
def _paths() -> tuple[Any, Any]:
    from lxml.etree import XPath

    return XPath(_DECLARING), XPath(_SUGGESTING)


def _date_of(elements: list[Any]) -> str | None:
    """The date of a page that holds nothing but copies of `elements`."""
    if not elements:
        return None
    from htmldate import find_date
    from lxml import html

    page = html.document_fromstring("<html><head></head><body><p></p></body></html>")
    head, body = page
    for element in elements:
        copy = deepcopy(element)
        copy.tail = None
        (head if element.tag in {"meta", "link", "script"} else body).append(copy)
    date: str | None = find_date(page, **_DATES)
    return date
