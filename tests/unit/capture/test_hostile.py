"""Input that is broken or hostile: each item is set aside by name, and the rest goes on."""

from __future__ import annotations

import json
import os
import threading
import tracemalloc
from itertools import islice
from pathlib import Path

import pytest

from histor.capture import inputs
from histor.capture.inputs import InputOptions, Item, Problem, read_inputs
from histor.model.records import Report

TEXT = "Rebels killed 12 soldiers near Goma on Monday, the army said."
ROW = TEXT.replace(",", "")


@pytest.fixture
def good(tmp_path: Path) -> str:
    """A report that is read last, to show that the batch went on."""
    path = tmp_path / "zz-good.txt"
    path.write_text(TEXT)
    return str(path)


def read(*paths: Path | str, **options: object) -> list[Item]:
    return list(read_inputs([str(p) for p in paths], InputOptions(**options)))  # type: ignore[arg-type]


def kinds(items: list[Item]) -> list[str]:
    return ["ok" if isinstance(i, Report) else i.error.code for i in items]


@pytest.mark.parametrize("field", ["source", "url", "id", "title", "text"])
def test_no_field_holds_what_cannot_be_stored(field: str, tmp_path: Path, good: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT, field: f"{TEXT}\ud800"}))
    items = read(path, good)
    assert kinds(items) == ["ok", "ok"]
    report = items[0]
    assert isinstance(report, Report)
    stored = getattr(report, {"id": "external_id"}.get(field, field))
    assert stored == f"{TEXT}\ufffd"


def test_an_option_is_normalised_too(good: str) -> None:
    (report,) = read(good, source="Radio\ud800")
    assert isinstance(report, Report)
    assert report.source == "Radio\ufffd"


@pytest.mark.parametrize(
    ("name", "content", "options", "expected"),
    [
        ("header.csv", b'"a"b,text\n1,x\n', {}, ["input.csv"]),
        ("odd.csv", f"id,text\n1,{ROW}\n".encode("utf-16") + b"x", {}, ["ok", "input.encoding"]),
        ("undefined.csv", f"text\n{ROW}\n".encode(), {"encoding": "undefined"}, ["input.encoding"]),
        ("idna.csv", f"text\n{ROW}\n".encode(), {"encoding": "idna"}, ["input.encoding"]),
        ("hex.csv", f"text\n{ROW}\n".encode(), {"encoding": "hex"}, ["input.encoding"]),
        ("undefined.txt", TEXT.encode(), {"encoding": "undefined"}, ["input.encoding"]),
        ("number.jsonl", b'{"text": "x", "id": ' + b"9" * 5_000 + b"}", {}, ["input.json"]),
        ("empty.jsonl", b"", {}, ["input.empty"]),
        ("blank.jsonl", b"\n \n", {}, ["input.empty"]),
        ("header-only.csv", b"id,text\n", {}, ["input.empty"]),
        ("blank.csv", b"\n\n \n", {}, ["input.empty"]),
        ("leading.csv", f"\n\nid,text\n1,{ROW}\n\n".encode(), {}, ["ok"]),
    ],
)
def test_one_bad_file(
    name: str, content: bytes, options: dict[str, str], expected: list[str], tmp_path: Path, good: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    items = read(path, **options)
    assert kinds(items) == expected
    assert all(name in str(item) for item in items if isinstance(item, Problem))
    if not options:
        assert kinds(read(path, good)) == [*expected, "ok"]


def test_names_that_the_system_refuses(good: str) -> None:
    assert kinds(read("x" * 5_000, good)) == ["input.unreadable", "ok"]
    assert kinds(read("a\0b.txt", good)) == ["input.unreadable", "ok"]


def test_whatever_a_reader_raises_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, good: str) -> None:
    def fail(*_: object) -> Item:
        raise KeyError("surprise")

    (tmp_path / "a.jsonl").write_text("{}")
    monkeypatch.setattr(inputs, "read_lines", fail)
    items = read(tmp_path / "a.jsonl", good)
    assert kinds(items) == ["input.unreadable", "ok"]
    assert "a.jsonl: it cannot be read (KeyError: 'surprise')" in str(items[0])


def test_messages_hold_no_control_codes_and_short_names(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        "\n".join(
            json.dumps(value)
            for value in (
                {"\x1b[31mred\n\x9b": 1, "k" * 5_000: 1},
                {"text": "x", "published": "\x1b]0;title\x07"},
                {"text": "x", "published": "1" * 100_000},
            )
        )
    )
    messages = [str(item) for item in read(path)]
    assert "␛[31mred �" in messages[0]
    assert all(m.isprintable() and len(m) < 500 for m in messages)


# --- bounded reading -----------------------------------------------------------------------------


def test_a_folder_gives_regular_files_only(tmp_path: Path, good: str) -> None:
    (tmp_path / "a.txt").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "b.jsonl")
    (tmp_path / "c.txt").symlink_to("missing.txt")
    items = read(tmp_path)
    assert kinds(items) == ["input.kind", "input.kind", "input.missing", "ok"]
    assert "a.txt: this is not a regular file" in str(items[0])
    assert kinds(read(tmp_path / "a.txt")) == ["input.kind"]


@pytest.mark.parametrize("name", ["pipe", "pipe.jsonl"])
def test_a_pipe_is_read_where_it_is_named(name: str, tmp_path: Path) -> None:
    pipe = tmp_path / name
    os.mkfifo(pipe)
    line = json.dumps({"text": TEXT})
    writer = threading.Thread(target=lambda: pipe.write_text(f"{line}\n{line}\n"), daemon=True)
    writer.start()
    assert kinds(read(pipe)) == ["ok", "ok"]
    writer.join()


def test_a_pipe_that_does_not_end_is_too_long(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)

    def feed() -> None:
        with pipe.open("wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"word " * 1_000)
            except BrokenPipeError:
                pass

    writer = threading.Thread(target=feed, daemon=True)
    writer.start()
    assert kinds(read(pipe, most_characters=1_000)) == ["input.size"]
    writer.join()


@pytest.mark.parametrize(
    "long", ["w" * 12_000_000, '"' + "w" * 12_000_000 + '"', '"a\n",' * 1_000_000], ids=["line", "cell", "record"]
)
def test_a_row_is_not_read_beyond_the_limit(long: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"id,text\n1,{ROW}\n{long}\n3,{ROW}\n")
    del long
    tracemalloc.start()
    items = list(islice(read_inputs([str(path)], InputOptions(most_characters=10_000)), 2))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kinds(items) == ["ok", "input.size"]
    assert peak < 5_000_000


def test_places_are_right_after_a_row_that_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"id,text\n1,{'w' * 100_000}\n2,{ROW}\n3,a,b\n")
    items = read(path, most_characters=1_000)
    assert kinds(items) == ["input.size", "ok", "input.csv"]
    assert [str(i).split(" ")[0][-3:] for i in items if isinstance(i, Problem)] == [":2:", ":4:"]
