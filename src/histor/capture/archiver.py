"""Tables of Bellingcat's auto-archiver: a row an address, with what was kept of it.

The columns are those that its spreadsheet feeder and database write
(https://auto-archiver.readthedocs.io, module ``gsheet_feeder_db``); case, blanks and underscores do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from histor.capture.addresses import is_address
from histor.capture.archive import leads_out
from histor.capture.pages import Pages, host_of
from histor.capture.reports import InputOptions, Read, make_capture
from histor.capture.rows import Header, Row, RowReader, captured_row
from histor.model.errors import InputError
from histor.text.printable import short

_NAMES = {
    "url": ("link", "url"), "status": ("archivestatus",), "location": ("archivelocation", "archive"),
    "wacz": ("wacz",), "timestamp": ("uploadtimestamp", "timestamp"), "title": ("uploadtitle", "title"),
    "text": ("textcontent", "textualcontent", "content", "text"),
}  # fmt: skip
_PAGE = (".html", ".htm", ".xhtml")
_ARCHIVE = (".wacz", ".warc", ".warc.gz")


def archived_rows(header: Header, *, folder: Path, options: InputOptions, pages: Pages) -> RowReader | None:
    """How rows under this header are read, if it is the archiver's; files are looked for in `folder`."""
    columns = _columns(header)
    kept = columns.keys() & {"text", "wacz", "location"}
    if not {"url", "status"} <= columns.keys() or not kept or options.columns:
        return None

    def item(row: Row, place: str) -> Iterator[Read]:
        cells = {name: row[at].strip() for name, at in columns.items() if row[at].strip()}
        if "text" in cells:
            yield make_capture(_fields(cells), captured_row(row), options, place)
        else:
            yield from _kept(cells, place, folder, pages)

    return item


def _columns(header: Header) -> dict[str, int]:
    plain = [re.sub(r"[\s_-]+", "", name).lower() for name in header]
    found = {}
    for name, theirs in _NAMES.items():
        at = next((plain.index(t) for t in theirs if t in plain), None)
        if at is not None:
            found[name] = at
    return found


def _fields(cells: dict[str, str]) -> dict[str, Any]:
    """The post itself as a report; the day of its upload is the one on which it was published."""
    url = cells.get("url")
    published = re.match(r"\d{4}-\d{2}-\d{2}", cells.get("timestamp", ""))
    fields = {
        "text": cells["text"], "title": cells.get("title"), "url": url, "id": url,
        "published": published[0] if published else cells.get("timestamp"), "source": host_of(url) if url else None,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value}


def _kept(cells: dict[str, str], place: str, folder: Path, pages: Pages) -> Iterator[Read]:
    """What was kept of an address whose row has no text: a package or page beside the table, or at an address."""
    places = [cells[name] for name in ("wacz", "location") if name in cells]
    for name in (n for n in places if n.lower().endswith(_ARCHIVE + _PAGE) and not is_address(n)):
        path = _beside(folder, name, place)
        if path.suffix.lower() in _PAGE:
            known = {name: cells.get(name) for name in ("url", "title")}
            if path.stat().st_size > pages.most_bytes:
                raise InputError("input.size", f"{path.name} is too long.", where=place, do="Raise --max-characters.")
            yield pages.page(path.read_bytes(), place, known)
        else:
            yield from pages.archive(str(path), place)
        return
    for name in (n for n in places if is_address(n) and n.lower().endswith(_PAGE)):
        yield pages.fetched(name, place, cells.get("url"))
        return
    status = cells.get("status", "nothing is said")
    raise InputError(
        "input.archived", f"nothing that can be read was kept of it (archive status: {short(status)}).", where=place,
        do="Lay its .wacz file beside the table and name it in the column wacz.",
    )  # fmt: skip


def _beside(folder: Path, name: str, place: str) -> Path:
    """A file in the table's folder. Raises InputError if the name leads out of it."""
    home, path = folder.resolve(), (folder / name).resolve()
    if leads_out(name) or not path.is_relative_to(home):
        raise InputError(
            "input.path", f"the name {short(name, 80)!r} leads out of the table's folder.", where=place,
            do="Lay the file beside the table.",
        )  # fmt: skip
    if not path.is_file():
        raise InputError(
            "input.missing", f"there is no file {short(name, 80)!r} beside the table.", where=place, do="Lay it there."
        )
    return path
