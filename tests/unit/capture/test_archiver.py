"""Tables of the auto-archiver: what was kept becomes reports, whatever else a row says."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from histor.capture.inputs import Capture, InputOptions, Item, Problem, read_captures, read_inputs
from histor.model.records import Report
from tests.archives import Archive, package, page

HEADER = [
    "Link", "Archive Status", "Destination Folder", "Archive Location", "Archive Date", "Thumbnail", "Upload Timestamp", "Upload Title",
    "Text Content", "Screenshot", "Hash", "Perceptual Hashes", "WACZ", "ReplayWebpage",
]  # fmt: skip
POST = "Two people were killed when a shell hit the bakery in Goma this morning, the hospital says. Many are wounded."


def table(tmp_path: Path, *rows: dict[str, str], header: list[str] = HEADER) -> Path:
    path = tmp_path / "archive.csv"
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path, **options: bool) -> list[Item]:
    return list(read_inputs([str(path)], InputOptions(**options)))  # type: ignore[arg-type]


def test_a_post_with_its_day_address_and_host(tmp_path: Path) -> None:
    row = {
        "Link": "https://www.social.example/p/1", "Archive Status": "telethon_archiver: success", "Text Content": POST,
        "Upload Title": "Shelling", "Upload Timestamp": "2022-11-02T08:01:09+00:00", "Archive Date": "2022-11-05T00:00:00+00:00",
    }  # fmt: skip
    (item,) = read_captures([str(table(tmp_path, row))], InputOptions())
    assert isinstance(item, Capture)
    r = item.report
    assert (r.title, r.published, r.url, r.source) == ("Shelling", "2022-11-02", row["Link"], "social.example")
    assert r.text == POST
    assert json.loads(item.content) == [row.get(name, "") for name in HEADER]


@pytest.mark.parametrize(
    "header", [["url", "archive_status", "text_content"], ["LINK", "Archive status", "Textual Content"]]
)
def test_other_spellings_of_the_columns(header: list[str], tmp_path: Path) -> None:
    row = dict(zip(header, ["https://a.example/1", "success", POST], strict=True))
    (item,) = read(table(tmp_path, row, header=header))
    assert isinstance(item, Report)


def test_packages_and_pages_beside_the_table(tmp_path: Path) -> None:
    archive = Archive()
    archive.answer("https://paper.example/1", page(1))
    (tmp_path / "kept").mkdir()
    package(tmp_path / "kept" / "a.wacz", {"a.warc.gz": archive.content})
    (tmp_path / "b.html").write_bytes(page(2))
    path = table(
        tmp_path,
        {"Link": "https://paper.example/1", "Archive Status": "wacz: success", "WACZ": "kept/a.wacz"},
        {"Link": "https://paper.example/2", "Archive Status": "wayback: success", "Archive Location": "b.html"},
        {"Link": "https://paper.example/3", "Archive Status": "nothing archived"},
        {"Link": "https://paper.example/4", "Archive Status": "wacz: success", "WACZ": "kept/none.wacz"},
        {
            "Link": "https://paper.example/5",
            "Archive Status": "success",
            "Archive Location": "https://store.example/5.html",
        },
        {
            "Link": "https://paper.example/6",
            "Archive Status": "success",
            "Archive Location": "https://127.0.0.1/6.html",
        },
    )
    items = read(path)
    assert [i.url if isinstance(i, Report) else i.error.code for i in items] == [
        "https://paper.example/1", "https://paper.example/2", "input.archived", "input.missing", "fetch.asked", "fetch.asked",
    ]  # fmt: skip
    assert "archive.csv:4: nothing that can be read was kept of it (archive status: nothing archived)" in str(items[2])
    asked = read(
        table(
            tmp_path,
            {
                "Link": "https://p.example/6",
                "Archive Status": "success",
                "Archive Location": "https://127.0.0.1/6.html",
            },
        ),
        fetch=True,
    )
    assert isinstance(asked[0], Problem)
    assert asked[0].error.code == "fetch.refused"


@pytest.mark.parametrize(
    "name",
    [
        "../out.html",
        "/etc/out.html",
        "kept/../../out.html",
        "link/out.html",
        "..\\out.html",
        "C:\\out.html",
        "c:out.html",
        "file:///out.html",
    ],
)
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "out.html").write_bytes(page(1))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    (item,) = read(
        table(folder, {"Link": "https://a.example/1", "Archive Status": "success", "Archive Location": name})
    )
    assert isinstance(item, Problem)
    assert item.error.code == "input.path"


def test_a_table_of_ones_own_is_read_as_such(tmp_path: Path) -> None:
    (item,) = read(
        table(tmp_path, {"url": "https://a.example/1", "text": POST, "id": "7"}, header=["id", "url", "text"])
    )
    assert isinstance(item, Report)
    assert item.external_id == "7"
