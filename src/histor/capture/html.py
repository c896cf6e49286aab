"""HTML pages to the fields of a report: main text, title, date, outlet."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from histor.model.errors import InputError

# No date is looked for in running text: it tells of other days ("the worst attack since 12 March 2009").
_DATES = {"extensive_search": False, "original_date": True}
_DECLARING = "//head/meta | //head/link[@rel='canonical'] | //script[@type='application/ld+json']"
_SUGGESTING = "//time | //abbr | //*[{}]".format(
    " or ".join(
        f"contains(@{attribute}, '{word}')"
        for attribute in ("class", "id", "itemprop")
        for word in ("date", "Date", "time", "publ", "posted")
    )
)
_LONGEST_BYLINE = 100  # characters; a longer element is running text, whatever its class


def read_html(captured: bytes) -> dict[str, Any]:
    """Text and metadata of a page: `published` if it declares its date, `guessed` if only its markup suggests one.

    Raises InputError if no main text can be found in it.
    """
    from trafilatura import bare_extraction

    if b"\x00" in captured[:8192] and not captured.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("input.binary", "this looks like binary data, not a page.")
    try:
        found = bare_extraction(
            captured, with_metadata=True, include_comments=False, include_tables=False, date_extraction_params=_DATES
        )
        page: dict[str, Any] = found if isinstance(found, dict) else found.as_dict() if found else {}
        declared, guessed = _dates(captured) if page.get("text") else (None, None)
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


def _dates(captured: bytes) -> tuple[str | None, str | None]:
    """The date that head and JSON-LD of a page declare, and the one that its bylines suggest."""
    from trafilatura import load_html

    tree = load_html(captured)
    if tree is None:
        return None, None
    bylines = [e for e in tree.xpath(_SUGGESTING) if len("".join(e.itertext())) <= _LONGEST_BYLINE]
    return _date_of(tree.xpath(_DECLARING)), _date_of(bylines)


def _date_of(elements: list[Any]) -> str | None:
    """The date of a page that holds nothing but copies of `elements`."""
    from trafilatura import extract_metadata, load_html

    page = load_html("<html><head></head><body><p></p></body></html>")
    if page is None:
        return None
    head, body = page
    for element in elements:
        copy = deepcopy(element)
        copy.tail = None
        (head if element.tag in {"meta", "link", "script"} else body).append(copy)
    date: str | None = extract_metadata(page, date_config=_DATES).date
    return date
