"""Reading inputs: every kind, and every way in which one can be bad."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from histor.capture.inputs import (
    Capture,
    InputOptions,
    Item,
    Problem,
    _read_stream,
    make_report,
    read_captures,
    read_inputs,
)
from histor.model.canonical import report_id
from histor.model.errors import InputError
from histor.model.records import Report

TEXT = "Rebels killed 12 soldiers near Goma on Monday, the army said."


def read(*paths: Path | str, **options: object) -> list[Item]:
    return list(read_inputs([str(p) for p in paths], InputOptions(**options)))  # type: ignore[arg-type]


def one(path: Path, **options: object) -> Report:
    (item,) = read(path, **options)
    assert isinstance(item, Report), str(item)
    return item


def problem(path: Path | str, **options: object) -> str:
    (item,) = read(path, **options)
    assert isinstance(item, Problem)
    return str(item)


def test_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode() + b"\r\n")
    report = one(path, source="Radio", published="2022-11-02")
    assert (report.text, report.source, report.published, report.language) == (TEXT + "\n", "Radio", "2022-11-02", "en")
    assert len(report.id) == 64


def test_markdown_heading_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"# Attack near Goma\n\n{TEXT}")
    assert one(path).title == "Attack near Goma"


def test_html(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><title>Attack near Goma - Radio</title><meta property='article:published_time' content='2022-11-02'>"
        f"<meta property='og:site_name' content='Radio'></head><body><nav>Menu</nav><article><h1>Attack near Goma</h1><p>{TEXT}</p><p>{TEXT} It was the third attack this week.</p></article></body></html>"
    )
    report = one(path)
    assert TEXT in report.text
    assert "Menu" not in report.text
    assert (report.published, report.source) == ("2022-11-02", "Radio")


def test_jsonl_fields(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps(
            {
                "id": 7,
                "title": "T",
                "text": TEXT,
                "published": "2022-11-02T08:00:00Z",
                "source": "S",
                "url": "https://example.org/1",
            }
        )
        + "\n\n"
    )
    report = one(path, source="default", published="2000-01-01")
    assert (report.external_id, report.title, report.published, report.source, report.url) == (
        "7",
        "T",
        "2022-11-02",
        "S",
        "https://example.org/1",
    )


def test_csv_with_other_names_and_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f'no,body\n1,"{TEXT} Café.\nSecond line."\n'.encode("latin-1"))
    report = one(path, encoding="latin-1", columns={"text": "body", "id": "no"})
    assert report.text.endswith("Café.\nSecond line.")
    assert report.external_id == "1"


def test_a_folder_is_read_by_sorted_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt", "image.png", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{TEXT} {name}")
    texts = [item.text.split()[-1] for item in read(tmp_path) if isinstance(item, Report)]
    assert texts == ["a.txt", "b.txt", "sub/c.txt"]


def test_standard_input_takes_text_and_json_lines() -> None:
    text = list(_read_stream(io.BufferedReader(io.BytesIO(TEXT.encode())), InputOptions()))
    lines = list(_read_stream(io.BufferedReader(io.BytesIO(b'{"text": "%s"}\n' % TEXT.encode())), InputOptions()))
    assert [c.report.text for c in text if isinstance(c, Capture)] == [TEXT]
    assert [c.report.text for c in lines if isinstance(c, Capture)] == [TEXT]


def test_captures_carry_the_bytes_that_the_identifier_is_made_of(tmp_path: Path) -> None:
    line = json.dumps({"text": TEXT, "source": "Radio"}).encode()
    (tmp_path / "a.jsonl").write_bytes(line + b"\r\n\n")
    (capture,) = read_captures([str(tmp_path / "a.jsonl")], InputOptions())
    assert isinstance(capture, Capture)
    assert (capture.content, capture.where) == (line, f"{tmp_path / 'a.jsonl'}:1")
    assert capture.report.id == report_id(line, "Radio", None)


def test_a_date_line_at_the_head_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f" date 2021-08-24 {TEXT}")
    assert one(path, published="2020-01-01").published == "2021-08-24"


@pytest.mark.parametrize(
    "head", ["date 2021-08-24\n\n", "\n\ndate 2021-08-24 ", "DATE 2021-08-24 ", "Tue 24 Aug 2021\n", "2021-08-24\n"]
)
def test_a_date_line_of_its_own_wins(head: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(head + TEXT)
    assert one(path, published="2020-01-01").published == "2021-08-24"


@pytest.mark.parametrize("given", ["20210824", "2021-08-24T10:00:00Z", "24 August 2021"])
def test_a_publication_date_is_written_as_iso(given: str) -> None:
    assert make_report({"text": TEXT}, b"", InputOptions(published=given), "text").published == "2021-08-24"


def test_an_option_that_is_no_date_is_refused() -> None:
    with pytest.raises(InputError, match="publication date 'soon' cannot be read"):
        make_report({"text": TEXT}, b"", InputOptions(published="soon"), "text")


def test_the_end_of_its_line_is_no_part_of_a_report(tmp_path: Path) -> None:
    line = json.dumps({"text": TEXT}).encode()
    for name, end in (("a", b""), ("b", b"\n"), ("c", b"\r\n")):
        (tmp_path / f"{name}.jsonl").write_bytes(line + end)
    assert len({item.id for item in read(tmp_path) if isinstance(item, Report)}) == 1


def test_the_same_bytes_have_the_same_id(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT)
    first, second = read(tmp_path)
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert first.id == second.id
    assert one(tmp_path / "a.txt", source="S").id != first.id


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "there is no text"),
        ("blank.txt", b" \n\t ", "there is no text"),
        ("image.txt", b"\x89PNG\x00\x00" * 10, "binary data"),
        ("latin.txt", "Café bombardé".encode("latin-1"), "not utf-8"),
        (
            "spanish.txt",
            "Los rebeldes mataron a doce soldados cerca de la ciudad el lunes, dijo el ejército en un comunicado.".encode(),
            "not in English",
        ),
        (
            "arabic.txt",
            "قتل المتمردون اثني عشر جنديا بالقرب من المدينة يوم الاثنين بحسب الجيش".encode(),
            "not in English",
        ),
        ("page.html", b"<html><body></body></html>", "no main text"),
        ("photo.jpg", b"\xff\xd8", "files of the kind .jpg"),
        ("noname", b"text", "files of the kind (no suffix)"),
        ("empty.csv", b"", "the table is empty"),
        ("other.csv", b"id,body\n1,x\n", "no column 'text' (found: id, body)"),
        ("binary.csv", b"PK\x03\x04\x00\x00", "binary data"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    message = problem(path)
    assert says in message
    assert name in message


def test_missing_and_unreadable(tmp_path: Path) -> None:
    assert "no such file" in problem(tmp_path / "none.txt")
    assert "holds no file" in problem(tmp_path)
    locked = tmp_path / "locked.txt"
    locked.write_text(TEXT)
    locked.chmod(0)
    if os.geteuid() != 0:  # root may read anything
        assert "may not be read" in problem(locked)


def test_too_long(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_text("word " * 1_000)
    assert "too long" in problem(path, most_characters=1_000)
    lines = tmp_path / "big.jsonl"
    lines.write_text(json.dumps({"text": "word " * 4_000}) + "\n" + json.dumps({"text": TEXT}) + "\n")
    first, second = read(lines, most_characters=1_000)
    assert "too long" in str(first)
    assert "big.jsonl:1" in str(first)
    assert isinstance(second, Report)


def test_broken_lines_are_set_aside_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps({"text": TEXT}).encode()
    path.write_bytes(
        b"\n".join(
            [
                good,
                b'{"text": ',
                b"[1]",
                b'{"title": "x"}',
                b'{"text": 5.5}',
                b'{"text": 5}',
                b'{"text": null}',
                b'{"text": "caf\xe9"}',
                b'{"text": "x", "published": "soon"}',
                b"[" * 100_000,
                good,
            ]
        )
    )
    items = read(path)
    assert [isinstance(i, Report) for i in items] == [True] + [False] * 9 + [True]
    messages = [str(i) for i in items]
    expected = [
        "not JSON",
        "not a JSON object",
        "no field 'text'",
        "not a string",
        "not a string",
        "'text' is empty",
        "not utf-8",
        "publication date 'soon'",
        "not JSON",
    ]
    for number, says in enumerate(expected, 2):
        assert says in messages[number - 1]
        assert f"a.jsonl:{number}" in messages[number - 1]


def test_broken_rows_are_set_aside_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        b"id,text\n1,"
        + TEXT.replace(",", "").encode()
        + b"\n2,a,b\n3,\n4,caf\xe9\n5,"
        + TEXT.replace(",", "").encode()
        + b'\n6,"never closed\n'
    )
    items = read(path)
    assert [isinstance(i, Report) for i in items] == [True, False, False, False, True, False]
    messages = [str(i) for i in items]
    for number, line, says in (
        (1, 3, "3 fields, the header 2"),
        (2, 4, "there is no text"),
        (3, 5, "not utf-8"),
        (5, 7, "cannot be read"),
    ):
        assert says in messages[number]
        assert f"a.csv:{line}" in messages[number]
