"""The command line as a user runs it, in a process of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.start import spent_by

TEXT = "Rebels killed 12 soldiers near Goma on Monday, the army said."


def run(*args: str, stdin: bytes = b"", cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "histor", *args],
        input=stdin, capture_output=True, cwd=cwd, timeout=300, check=False, env=os.environ | env,
    )  # fmt: skip


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
        ("-", "--max-characters", "0"),
        ("-", "--max-characters", "99999999999999999999"),
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
    for args in (("none.txt",), ("-", "--lexicon", "none.toml")):
        assert run("code", *args, "-o", str(target), cwd=tmp_path).returncode == 2
        assert list(tmp_path.iterdir()) == [target]
        assert target.read_text() == "old"
    target.unlink()
    assert run("code", "none.txt", "-o", str(target), cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); from histor.cli.main import main; main()"
    command = [sys.executable, "-B", "-c", code, "code", "-", "-o", str(target)]
    result = subprocess.run(command, input=TEXT.encode(), capture_output=True, timeout=300, check=False)
    assert result.returncode == 2
    assert b"out.jsonl: the output cannot be written" in result.stderr
    assert b"Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_text() == "old"


def test_an_output_is_written_through_a_link_and_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    target, link = tmp_path / "data" / "real.jsonl", tmp_path / "out.jsonl"
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to(target)
    assert run("code", "-", "-o", str(link), stdin=TEXT.encode()).returncode == 0
    assert link.is_symlink()
    assert json.loads(target.read_text())["report"]["text"] == TEXT
    assert target.stat().st_mode & 0o777 == 0o600


def test_an_output_may_be_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "out.jsonl"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert run("code", "-", "-o", str(pipe), stdin=TEXT.encode()).returncode == 0
        assert json.loads(reader.communicate(timeout=60)[0])["report"]["text"] == TEXT
    assert pipe.is_fifo()


@pytest.mark.parametrize("form", ["jsonl", "table"])
def test_a_reader_that_goes_away_is_no_error(form: str) -> None:
    command = [sys.executable, "-m", "histor", "demo", "--format", form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=300) == 0


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii"])
def test_a_terminal_of_another_encoding_is_no_error(encoding: str) -> None:
    result = run("code", "-", "--format", "table", stdin=TEXT.encode(), PYTHONIOENCODING=encoding, COLUMNS="80")
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"Rebels ? soldiers" in result.stdout


def test_doctor(tmp_path: Path) -> None:
    result = run("doctor", "--json")
    assert result.returncode == 0, result.stdout
    findings = {f["what"]: f["state"] for f in json.loads(result.stdout)}
    assert findings["model"] == findings["trial sentence"] == "ok"
    assert b"BROKEN" not in run("doctor").stdout


def test_demo_runs_on_what_ships() -> None:
    result = run("demo", "--format", "jsonl")
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 30


def test_demo_tells_its_story_in_a_project_that_goes(tmp_path: Path) -> None:
    result = run("demo", TMPDIR=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert b"Andarab" in result.stdout
    assert b"independent" in result.stdout
    assert not list(tmp_path.glob("histor-demo-*"))


def test_a_story_is_kept_or_codings_are_written() -> None:
    result = run("demo", "--project", "somewhere", "--format", "csv")
    assert result.returncode == 2
    assert b"Choose one" in result.stderr


def _quickest(*words: str) -> float:
    """Processor time of the quickest of five runs: what else the machine does counts for little."""
    return min(spent_by([sys.executable, *words]).processor for _ in range(5))


def test_import_and_help_are_quick() -> None:
    bare = _quickest("-c", "pass")
    slow = max(1.0, bare / 0.03)  # on a machine where python alone takes longer, everything may
    assert _quickest("-c", "import histor") - bare < 0.150 * slow
    assert _quickest("-m", "histor", "--help") - bare < 0.300 * slow
