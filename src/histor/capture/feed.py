"""RSS and Atom feeds to the fields of reports. Runs in the parsing process."""

from __future__ import annotations

import io
import time
from typing import Any

from histor.model.errors import InputError

_BLOCKS = frozenset(
    "address article blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td tr ul".split()
)
_NO_PROSE = frozenset({"script", "style", "noscript", "iframe"})


def read_feed(captured: bytes) -> dict[str, Any]:
    """A feed's `title` and its `entries`, in the feed's order, as dicts of what each states.

    An entry may have `id`, `url`, `title`, `text` (the longest of its contents and its summary, as plain text),
    `published`, or else `updated` (an ISO day, UTC), and `source` (the outlet that an aggregator took it from). Raises InputError for
    what is no feed.
    """
    import feedparser

    # Given bytes as such, feedparser would first try them as an address and as a file's name.
    found = feedparser.parse(io.BytesIO(captured), sanitize_html=True, resolve_relative_uris=False)
    if not found.get("version") and not found.entries:
        raise InputError(
            "input.feed", "this is no RSS or Atom feed.", do="Give the address of the feed, not of the page."
        )
    title = _words(found.feed.get("title"))
    return {"title": title, "entries": [_entry(e) for e in found.entries]}


def _entry(entry: Any) -> dict[str, str]:
    texts = [_plain(c) for c in (*entry.get("content", ()), entry.get("summary_detail")) if c]
    published = entry.get("published_parsed")
    updated = None if published else entry.get("updated_parsed")
    source = entry.get("source")
    fields = {
        "id": _words(entry.get("id")) or _words(entry.get("link")), "url": _words(entry.get("link")),
        "title": _words(entry.get("title")), "text": max(texts, key=len, default=""),
        "published": time.strftime("%Y-%m-%d", published) if published else None,
        "updated": time.strftime("%Y-%m-%d", updated) if updated else None,
        "source": _words(source.get("title")) if hasattr(source, "get") else None,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value}


def _words(value: object) -> str | None:
    """A string on one line, without marks; None for anything else."""
    return " ".join(_without_marks(value).split()) or None if isinstance(value, str) else None


def _plain(content: Any) -> str:
    """The words of one content of an entry, a line a paragraph."""
    value = content.get("value")
    if not isinstance(value, str):
        return ""
    text = value if content.get("type") == "text/plain" else _without_marks(value)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n\n".join(line for line in lines if line)


def _without_marks(value: str) -> str:
    if "<" not in value and "&" not in value:
        return value
    from lxml import etree, html

    try:
        tree = html.fromstring(f"<div>{value}</div>")
    except (etree.LxmlError, ValueError):
        return value
    words: list[str] = []
    for happened, element in etree.iterwalk(tree, events=("start", "end")):
        prose = isinstance(element.tag, str) and element.tag not in _NO_PROSE
        if element.tag in _BLOCKS:
            words.append("\n")
        if happened == "start" and prose:
            words.append(element.text or "")
        elif happened == "end" and element is not tree:
            words.append(element.tail or "")
    return "".join(words)
