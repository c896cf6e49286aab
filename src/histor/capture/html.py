"""HTML pages to the fields of a report: main text, title, date, outlet."""

from __future__ import annotations

from typing import Any

from histor.model.errors import InputError


def read_html(captured: bytes) -> dict[str, Any]:
    """Text and metadata of a page. Raises InputError if no main text can be found in it."""
    from trafilatura import bare_extraction

    if b"\x00" in captured[:8192] and not captured.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("input.binary", "this looks like binary data, not a page.")
    try:
        found = bare_extraction(captured, with_metadata=True, include_comments=False, include_tables=False)
    except Exception as error:  # lxml and its helpers raise many kinds on hostile pages
        raise InputError("input.html", f"the page cannot be parsed ({type(error).__name__}).") from error
    page: dict[str, Any] = found if isinstance(found, dict) else found.as_dict() if found else {}
    text = page.get("text")
    if not text:
        raise InputError("input.html", "no main text was found in the page.", do="Save the article's text as .txt.")
    fields = {
        "text": text, "title": page.get("title"), "published": page.get("date"),
        "source": page.get("sitename") or page.get("hostname"), "url": page.get("url"),
    }  # fmt: skip
    return {name: str(value) for name, value in fields.items() if value}
