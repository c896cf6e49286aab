"""The command line as a user runs it, in a process of its own."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

TEXT = "Rebels killed 12 soldiers near Goma on Monday, the army said."


def run(*args: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "histor", *args], input=stdin, capture_output=True, cwd=cwd, timeout=300, check=False
    )


def test_help_names_every_command() -> None:
    result = run("--help")
    assert result.returncode == 0
    for command in ("code", "demo", "doctor"):
        assert command in result.stdout.decode()
        assert run(command, "--help").returncode == 0


def test_code_writes_json_lines_to_a_pipe() -> None:
    result = run("code", "-", "--published", "2022-11-02", "--source", "Radio", stdin=TEXT.encode())
    assert result.returncode == 0, result.stderr
    coded = json.loads(result.stdout)
    mention = coded["event_mentions"][0]
    assert mention["event_type"] == "ASSAULT"
    assert mention["casualties"][0]["best"] == 12
    assert mention["date"]["earliest"] == "2022-10-31"
    assert [a["speaker"] for a in mention["attribution"]] == ["army", "Radio"]
    assert mention["factuality"] == "claimed"
    assert result.stderr == b""


def test_formats_and_output_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    assert run("code", str(path), "-o", str(tmp_path / "out.csv")).returncode == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert rows[0]["killed_best"] == "12"
    assert json.loads(run("code", str(path), "--format", "json").stdout)[0]["report"]["text"] == TEXT
    table = run("code", str(path), "--format", "table").stdout.decode()
    assert "ASSAULT" in table
    assert "\x1b[" not in table


def test_what_is_bad_is_set_aside_and_the_rest_coded(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_bytes(b"\x00\x01binary")
    result = run("code", str(tmp_path), str(tmp_path / "none.txt"), "--format", "jsonl")
    assert result.returncode == 1
    assert len(result.stdout.splitlines()) == 1
    errors = result.stderr.decode()
    assert "b.txt" in errors
    assert "none.txt" in errors
    assert "1 coded, 2 set aside" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    "args",
    [
        ("none.txt",),
        ("-", "--published", "soon"),
        ("-", "--column", "body"),
        ("-", "--lexicon", "none.toml"),
        ("-", "--encoding", "klingon"),
        ("-", "-o", "no/such/folder/out.jsonl"),
    ],
)
def test_nothing_could_be_done(args: tuple[str, ...], tmp_path: Path) -> None:
    result = run("code", *args, stdin=TEXT.encode(), cwd=tmp_path)
    assert result.returncode == 2
    assert result.stdout == b""
    assert b"Traceback" not in result.stderr
    assert result.stderr.strip()


def test_an_interrupted_output_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    result = run("code", "none.txt", "-o", str(target), cwd=tmp_path)
    assert result.returncode == 2
    assert list(tmp_path.iterdir()) == [target]


def test_doctor(tmp_path: Path) -> None:
    result = run("doctor", "--json")
    assert result.returncode == 0, result.stdout
    findings = {f["what"]: f["state"] for f in json.loads(result.stdout)}
    assert findings["model"] == findings["trial sentence"] == "ok"
    assert b"pip install" in run("doctor").stdout


def test_demo_runs_on_what_ships() -> None:
    result = run("demo", "--format", "jsonl")
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 30


def _quickest(code: str) -> float:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, *code.split(" ", 1)] if code.startswith("-m") else [sys.executable, "-c", code],
            check=True,
            capture_output=True,
        )
        times.append(time.perf_counter() - began)
    return min(times)


def test_import_and_help_are_quick() -> None:
    bare = _quickest("pass")
    assert _quickest("import histor") - bare < 0.150
    began = time.perf_counter()
    assert run("--help").returncode == 0
    assert min(time.perf_counter() - began, *(_timed_help() for _ in range(2))) < 0.300 + bare


def _timed_help() -> float:
    began = time.perf_counter()
    run("--help")
    return time.perf_counter() - began
