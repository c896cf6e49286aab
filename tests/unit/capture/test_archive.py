"""Web archives: which records are pages, in which order and at which place, and what is damaged or hostile."""

from __future__ import annotations

import gzip
import os
import zipfile
import zlib
from itertools import islice
from pathlib import Path

import brotli
import pytest

from histor.capture.archive import leads_out, read_archive
from histor.capture.inputs import Capture, InputOptions, Problem, read_captures
from histor.model.errors import InputError
from tests.archives import Archive, chunked, package, page

MOST = 1_000_000
SITE = "https://paper.example/news"


def written(tmp_path: Path, archive: Archive, name: str = "a.warc.gz") -> Path:
    path = tmp_path / name
    path.write_bytes(archive.content)
    return path


def found(path: Path, most: int = MOST, start: tuple[int, int] = (0, 0)) -> list[tuple[str, object]]:
    """What the parsing process would say, but for signs of life: a page's address, or what is wrong."""
    answers = [a for a in read_archive(str(path), most, start) if a.state != "alive"]
    return [(a.state, a.value["url"] if a.state == "item" else a.error[0]) for a in answers]


def read(path: Path, **options: object) -> list[Capture | Problem]:
    return list(read_captures([str(path)], InputOptions(**options)))  # type: ignore[arg-type]


@pytest.mark.parametrize("compressed", [True, False])
def test_only_answers_and_resources_that_are_pages(compressed: bool, tmp_path: Path) -> None:
    archive = Archive(compressed)
    archive.other("warcinfo", "urn:x", b"software: crawler/1.0\r\n", "application/warc-fields")
    archive.answer(f"{SITE}/1", page(1))
    archive.answer(f"{SITE}/logo.png", b"\x89PNG" + b"\0" * 2_000_000, kind="image/png")
    archive.answer(f"{SITE}/gone", page(9), status="404 Not Found")
    archive.answer(f"{SITE}/moved", b"", status="301 Moved Permanently")
    archive.answer(f"{SITE}/1", b"", record="revisit")
    archive.other("metadata", f"{SITE}/1", b"via: x", "application/warc-fields")
    archive.other("resource", f"{SITE}/2", page(2), "text/html")
    archive.other("resource", "urn:text:x", b"text", "text/html")
    archive.answer(f"{SITE}/3", page(3), kind="application/xhtml+xml")
    path = written(tmp_path, archive, "a.warc.gz" if compressed else "a.warc")
    assert found(path) == [("item", f"{SITE}/{k}") for k in (1, 2, 3)]


@pytest.mark.parametrize(
    ("headers", "encode"),
    [
        ([("Content-Encoding", "gzip")], gzip.compress),
        ([("Content-Encoding", "deflate")], zlib.compress),
        ([("Content-Encoding", "br")], brotli.compress),
        ([("Transfer-Encoding", "chunked")], chunked),
        ([("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], lambda b: chunked(gzip.compress(b), 50)),
        # Undone by the tool that wrote the archive, but the headers are as they came:
        ([("Transfer-Encoding", "chunked")], bytes),
        ([("Content-Encoding", "gzip")], bytes),
        ([("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], gzip.compress),
    ],
)
def test_the_page_is_what_the_browser_was_shown(headers: list[tuple[str, str]], encode, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    archive = Archive()
    archive.answer(f"{SITE}/1", encode(page(1)), headers)
    (answer,) = (a for a in read_archive(str(written(tmp_path, archive)), MOST) if a.state == "item")
    assert answer.value["content"] == page(1)
    assert (answer.value["url"], answer.value["date"], answer.value["charset"]) == (f"{SITE}/1", "2022-11-03", "utf-8")


def test_reports_in_order_with_address_outlet_date_and_place(tmp_path: Path) -> None:
    archive = Archive()
    declared = "<meta property='article:published_time' content='2022-10-30'><meta property='og:site_name' content='The Paper'>"
    places = [archive.answer(f"{SITE}/{k}", page(k, declared if k == 0 else "")) for k in range(30)]
    path = written(tmp_path, archive)
    items = read(path)
    assert [i.where for i in items if isinstance(i, Capture)] == [f"{path}@{at}" for at in places]
    first, second = (i.report for i in items[:2] if isinstance(i, Capture))
    assert (first.title, first.url, first.source, first.published) == (
        "Attack 0",
        f"{SITE}/0",
        "The Paper",
        "2022-10-30",
    )
    assert (second.source, second.published) == ("paper.example", "2022-11-03")
    assert "Rebels killed 1 soldiers" in second.text
    assert read(path, published="2022-11-02")[1].report.published == "2022-11-02"  # type: ignore[union-attr]
    assert [i.content for i in items if isinstance(i, Capture)][1] == page(1)


def test_a_page_in_the_charset_of_its_headers(tmp_path: Path) -> None:
    archive = Archive()
    body = page(
        1, words="The café near Łódź was hit by {} shells on Monday, the army said, and people fled the town at once."
    )
    body = body.replace(b"<meta charset='utf-8'>", b"").decode().encode("iso-8859-2", "replace")
    archive.answer(f"{SITE}/1", body, kind="text/html; charset=ISO-8859-2")
    (item,) = read(written(tmp_path, archive))
    assert isinstance(item, Capture)
    assert "café near Łódź" in item.report.text


def test_reading_goes_on_at_a_place(tmp_path: Path) -> None:
    archive = Archive()
    places = [archive.answer(f"{SITE}/{k}", page(k)) for k in range(5)]
    path = written(tmp_path, archive)
    rest = [("item", f"{SITE}/{k}") for k in (3, 4)]
    assert found(path, start=(0, places[3])) == rest
    assert found(path, start=(0, places[2] + 1)) == rest
    assert found(path, start=(0, places[4] + 1)) == []


def test_nothing_is_read_ahead_of_need(tmp_path: Path) -> None:
    archive = Archive()
    for k in range(200):
        archive.answer(f"{SITE}/{k}", page(k))
    path = written(tmp_path, archive)
    with path.open("ab") as out:
        out.write(b"\xff" * 100_000)  # whoever read on would say so
    assert all(isinstance(i, Capture) for i in islice(read_captures([str(path)], InputOptions()), 3))


# --- damaged and hostile -------------------------------------------------------------------------


def damaged(tmp_path: Path, at: int, places: list[int], content: bytes) -> Path:
    path = tmp_path / "d.warc.gz"
    middle = places[at] + 60
    path.write_bytes(content[:middle] + bytes(b ^ 0xFF for b in content[middle : middle + 80]) + content[middle + 80 :])
    return path


def test_a_damaged_record_costs_itself_alone(tmp_path: Path) -> None:
    archive = Archive()
    places = [archive.answer(f"{SITE}/{k}", page(k)) for k in range(5)]
    path = damaged(tmp_path, 2, places, archive.content)
    states = found(path)
    assert [s for s in states if s[0] == "item"] == [("item", f"{SITE}/{k}") for k in (0, 1, 3, 4)]
    assert ("error", "input.record") in states
    (problem,) = (i for i in read(path) if isinstance(i, Problem))
    assert any(f"d.warc.gz@{at}: " in str(problem) for at in places[1:3])


@pytest.mark.parametrize(("at", "digest"), [(300, True), (300, False), (690, False)])
def test_a_file_that_is_cut(at: int, digest: bool, tmp_path: Path) -> None:
    archive = Archive(compressed=False)
    places = [archive.answer(f"{SITE}/{k}", page(k)) for k in range(3)]
    content = (
        archive.content
        if digest
        else archive.content.replace(b"WARC-Block-Digest: sha1:", b"X-Other-----Digest: sha1:")
    )
    path = tmp_path / "c.warc.gz"
    path.write_bytes(
        b"".join(map(gzip.compress, (content[: places[1]], content[places[1] : places[2]])))
        + gzip.compress(content[places[2] :])[:at]
    )
    states = found(path)
    assert states[:2] == [("item", f"{SITE}/{k}") for k in (0, 1)]
    assert [s for s, _ in states[2:]] == ["error"]


def test_a_record_that_is_not_the_one_its_digest_was_made_of(tmp_path: Path) -> None:
    archive = Archive(compressed=False)
    archive.answer(f"{SITE}/1", page(1))
    archive.answer(f"{SITE}/2", page(2))
    path = tmp_path / "a.warc"
    path.write_bytes(archive.content.replace(b"Rebels killed 1 soldiers", b"Rebels killed 7 soldiers"))
    assert found(path) == [("error", "input.digest"), ("item", f"{SITE}/2")]


def test_bombs_are_not_blown_up(tmp_path: Path) -> None:
    bomb = gzip.compress(b"<p>" + b" " * 200_000_000)
    archive = Archive()
    archive.answer(f"{SITE}/bomb", bomb, [("Content-Encoding", "gzip")])
    archive.answer(f"{SITE}/twice", gzip.compress(bomb), [("Content-Encoding", "gzip, gzip")])
    archive.answer(f"{SITE}/long", b"<p>" + b"x" * 3 * MOST)
    archive.answer(f"{SITE}/1", page(1))
    states = found(written(tmp_path, archive))
    assert states[0] == ("error", "input.size")
    assert states[1][0] == "error"
    assert states[2:] == [("error", "input.size"), ("item", f"{SITE}/1")]


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", gzip.compress(b"no archive"), b"WARC/1.0\r\n\r\n", b"PK\x05\x06", os.urandom(5_000)],
    ids=[
        "empty",
        "words",
        "packed words",
        "head alone",
        "zip's end",
        "noise",
    ],  # gzip writes the time: no name of a test
)
def test_what_is_no_archive(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)
    (item,) = read(path)
    assert isinstance(item, Problem)
    assert item.error.code in {"input.archive", "input.empty"}
    assert "a.warc.gz" in str(item)


# --- packages ------------------------------------------------------------------------------------


def test_a_package_gives_the_pages_that_it_lists(tmp_path: Path) -> None:
    first, second = Archive(), Archive()
    first.answer(f"{SITE}/1", page(1).replace(b"<title>Attack 1</title>", b"").replace(b"<h1>Attack 1</h1>", b""))
    first.answer("https://ads.example/frame", page(8))
    at = second.answer(f"{SITE}/2", page(2))
    members = {"b.warc.gz": second.content, "a.warc.gz": first.content}
    pages = [{"url": f"{SITE}/1#top", "title": "Kept title"}, {"url": f"{SITE}/2"}]
    items = read(package(tmp_path / "a.wacz", members, pages))
    assert [i.report.url for i in items if isinstance(i, Capture)] == [f"{SITE}/1", f"{SITE}/2"]
    assert [i.where.rpartition("/")[2] for i in items if isinstance(i, Capture)] == [
        "a.wacz!a.warc.gz@0",
        f"a.wacz!b.warc.gz@{at}",
    ]
    assert items[0].report.title == "Kept title"  # type: ignore[union-attr]


def test_a_package_that_lists_none_gives_all_and_a_bad_member_costs_itself(tmp_path: Path) -> None:
    archive = Archive()
    archive.answer(f"{SITE}/1", page(1))
    path = package(tmp_path / "a.wacz", {"a.warc": b"junk", "b.warc.gz": archive.content})
    assert found(path) == [("error", "input.archive"), ("item", f"{SITE}/1")]


NAMES = (
    "../x.warc", "archive/../../x.warc", "/etc/x.warc", "archive/./../../x", "\\windows\\x.warc", "..\\x.warc",
    "C:\\x.warc", "c:x.warc", "//server/share/x.warc", "\\\\server\\share\\x", "a/..", "..",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_out_are_refused(name: str, tmp_path: Path) -> None:
    archive = Archive()
    archive.answer(f"{SITE}/1", page(1))
    path = tmp_path / "in" / "a.wacz"
    path.parent.mkdir()
    package(path, {"a.warc.gz": archive.content})
    with zipfile.ZipFile(path, "a") as out:
        out.writestr(zipfile.ZipInfo(name), archive.content)
    before = sorted(tmp_path.rglob("*"))
    assert leads_out(name)
    with pytest.raises(InputError, match="leads out"):
        found(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_in_a_package_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    link = zipfile.ZipInfo("archive/a.warc")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="leads out"):
        found(path)


@pytest.mark.parametrize(
    "name",
    [
        "archive/a.warc.gz",
        "a..b.warc",
        "archive/....warc",
        "pages/pages.jsonl",
        "archive/2021-08-24T10:00.warc",
        "10:00.html",
    ],
)
def test_names_that_stay(name: str) -> None:
    assert not leads_out(name)
