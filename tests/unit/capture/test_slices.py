"""Shards, read one after the other, give what their inputs give; where they are cut depends on the inputs alone."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from histor.capture.inputs import Captured, InputOptions, Problem, read_captures
from histor.capture.slices import Shard, plan_shards, read_shard
from histor.model.errors import ConfigError
from tests.stores import captures, lines

OPTIONS = InputOptions()
TEXT = "Rebels killed {} soldiers near Goma on Monday, the army said in a statement to the press."


def plain(item: Captured) -> object:
    return (str(item), item.error.where) if isinstance(item, Problem) else (item.report, item.content, item.where)


def over_shards(path: Path, size: int, options: InputOptions = OPTIONS) -> list[object]:
    shards = plan_shards([str(path)], options, size)
    return [plain(item) for shard in shards for item in read_shard(shard, options)]


def at_once(path: Path, options: InputOptions = OPTIONS) -> list[object]:
    return [plain(item) for item in read_captures([str(path)], options)]


def reports() -> Iterator[list[str]]:
    for k, capture in enumerate(captures(23)):
        yield [f"r{k}", capture.report.text + (' He said "no",\nand left.' if k % 4 == 0 else "")]


ROW = st.one_of(
    st.builds(lambda n: json.dumps({"text": TEXT.format(n)}).encode(), st.integers(2, 99)),
    st.sampled_from(
        [b"", b"  ", b"\r", b"{broken", b'{"text": ""}', b"[]", b"\xff\xfe", b'{"text": "\xc3\x89' + b'tat"}']
    ),
)
CELL = st.one_of(
    st.builds(TEXT.format, st.integers(2, 99)),
    st.sampled_from(["", '"', 'a "quoted" word', '"open', "two\nlines", "three\r\nlines\r", "a,b", "É", "\u2028"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=12), st.integers(1, 5), st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_lines(tmp_path_factory: pytest.TempPathFactory, rows: list[bytes], size: int, end: bytes, last: bool) -> None:
    path = tmp_path_factory.mktemp("lines") / "in.jsonl"
    path.write_bytes(end.join(rows) + (end if last else b""))
    assert over_shards(path, size) == at_once(path)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=12), st.integers(1, 5), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_tables(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], size: int, proper: bool, end: str
) -> None:
    path = tmp_path_factory.mktemp("table") / "in.csv"
    out = io.StringIO()
    if proper:
        csv.writer(out, lineterminator=end).writerows([("id", "text"), *cells])
    else:
        out.write(end.join(["id,text", *(f"{a},{b}" for a, b in cells)]))
    path.write_bytes(out.getvalue().encode())
    assert over_shards(path, size) == at_once(path)


def test_rows_are_cut_evenly_and_places_kept(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["id", "text"], *reports()])
    shards = list(plan_shards([str(path)], OPTIONS, 5))
    counts = [len(list(read_shard(shard, OPTIONS))) for shard in shards]
    assert counts == [5, 5, 5, 5, 3]
    assert [s.name for s in shards] == [f"{k:06d}" for k in range(5)]
    assert over_shards(path, 5) == at_once(path)
    assert over_shards(path, 5)[7][2] == at_once(path)[7][2]  # type: ignore[index]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig", "utf-16"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    options = InputOptions(encoding=encoding)
    path = tmp_path / "in.csv"
    path.write_bytes(("id,text\n" + "".join(f'{k},"{TEXT.format(k)} É"\n' for k in range(9))).encode(encoding))
    assert over_shards(path, 4, options) == at_once(path, options)
    assert len(at_once(path, options)) == 9


ENCODINGS = [
    "utf-8",
    "cp1252",
    "ascii",
    "gb18030",
    "shift_jis",
    "big5",
    "iso2022_jp",
    "utf-7",
    "utf-16",
    "utf-16-le",
    "cp037",
]
PIECE = st.one_of(
    st.binary(max_size=6), st.just(TEXT.format(3).encode()),
    st.sampled_from([b'"', b",", b"\n", b"\r\n", b"\x81\n", b'\x81"', b"\xe4\xb8\xad", b"\xd6\xd0", b"\x1b$B", b"\xff", b"+AGE-"]),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(PIECE, min_size=1, max_size=3), max_size=9), st.sampled_from(ENCODINGS), st.integers(1, 3))
def test_bytes_that_are_not_of_the_encoding_that_was_said(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[bytes]], encoding: str, size: int
) -> None:
    path = tmp_path_factory.mktemp("wrong") / "in.csv"
    path.write_bytes(b"id,text\n" + b"".join(b"1," + b"".join(row) + b"\n" for row in rows))
    options = InputOptions(encoding=encoding)
    assert over_shards(path, size, options) == at_once(path, options)


def test_a_letter_that_is_not_the_encodings_does_not_bring_back_rows_in_shards(tmp_path: Path) -> None:
    rows = [f"{k},{TEXT.format(k)}\n".encode() for k in range(9)]
    rows[4] = b'4,"\x81\n never ended\n'
    path = tmp_path / "in.csv"
    path.write_bytes(b"id,text\n" + b"".join(rows))
    for encoding in ENCODINGS:
        options = InputOptions(encoding=encoding)
        assert over_shards(path, 2, options) == at_once(path, options), encoding


def test_small_files_go_together_and_all_else_apart(tmp_path: Path) -> None:
    for k in range(5):
        (tmp_path / f"a{k}.txt").write_text(TEXT.format(k + 2))
    lines(tmp_path / "b.jsonl", 4)
    (tmp_path / "c.html").write_text(f"<html><body><article><p>{TEXT.format(5)}</p></article></body></html>")
    shards = list(plan_shards([str(tmp_path)], OPTIONS, 3))
    assert [[os.path.basename(s.path) for s in shard.slices] for shard in shards] == [
        ["a0.txt", "a1.txt", "a2.txt"], ["a3.txt", "a4.txt"], ["b.jsonl"], ["b.jsonl"], ["c.html"],
    ]  # fmt: skip
    assert over_shards(tmp_path, 3) == at_once(tmp_path)


@pytest.mark.parametrize("name", ["none.txt", "empty", "none.jsonl", "some.xyz", "empty.jsonl", "empty.csv"])
def test_what_cannot_be_read_is_a_problem_of_its_shard(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    for made in ("some.xyz", "empty.jsonl", "empty.csv"):
        (tmp_path / made).touch()
    found = over_shards(tmp_path / name, 3)
    assert found == at_once(tmp_path / name)
    assert len(found) == 1


def test_streams_cannot_be_cut(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    for name in ("-", str(tmp_path / "pipe.jsonl")):
        with pytest.raises(ConfigError, match="stream"):
            list(plan_shards([name], OPTIONS))


def test_names_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="UTF-8"):
        list(plan_shards([str(tmp_path / "a\udcff.txt")], OPTIONS))


def test_a_file_that_changed_since_is_noticed(tmp_path: Path) -> None:
    path = lines(tmp_path / "in.jsonl", 4)
    shards: list[Shard] = list(plan_shards([str(path)], OPTIONS, 2))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Monday", b"Sunday"))
    with pytest.raises(ConfigError, match="has changed"):
        list(read_shard(shards[0], OPTIONS))
