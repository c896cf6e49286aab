"""``histor gazetteer`` and ``--actors`` as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def run(*args: str, data: Path | None = None, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **({"HISTOR_DATA": str(data)} if data else {})}
    return subprocess.run(
        [sys.executable, "-m", "histor", *args],
        input=stdin,
        capture_output=True,
        env=environment,
        timeout=300,
        check=False,
    )


def test_search_and_info() -> None:
    found = run("gazetteer", "search", "maarat al numan", "--country", "SYR", "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout.splitlines()[0])["country"] == "SYR"
    assert run("gazetteer", "search", "Zqxvwtk").returncode == 1
    assert json.loads(run("gazetteer", "info", "--json").stdout)["places"]["adm1"] > 3000


def test_info_without_a_gazetteer(tmp_path: Path) -> None:
    result = run("gazetteer", "info", data=tmp_path)
    assert result.returncode == 2
    assert b"gazetteer build" in result.stderr


def test_a_broken_gazetteer_is_named(tmp_path: Path) -> None:
    (tmp_path / "gazetteer.sqlite").write_bytes(b"broken")
    result = run("code", "-", data=tmp_path, stdin=b"Rebels killed 12 soldiers near Goma.")
    assert result.returncode == 2
    assert b"gazetteer build" in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_user_s_actors(tmp_path: Path) -> None:
    header = "id\tname\taliases\tcountry\tsector\tkind\tparent\toffice\tfrom\tto"
    path = tmp_path / "mine.tsv"
    path.write_text(f"{header}\ncod.kwetu\tKwetu Front\tKF\tCOD\tREB\tarmed_group\n")
    text = "Kwetu Front fighters killed 12 soldiers in Goma in eastern Congo on Monday, the army said."
    result = run(
        "code", "-", "--format", "jsonl", "--actors", str(path), "--published", "2022-11-02", stdin=text.encode()
    )
    assert result.returncode == 0, result.stderr
    mention = json.loads(result.stdout)["event_mentions"][0]
    assert [a["id"] for a in mention["actors"]] == ["cod.kwetu"]
    assert mention["place"]["country"] == "COD"
    assert mention["place"]["where_prec"] == 1
    path.write_text(f"{header}\nKwetu\tKwetu Front\n")
    result = run("code", "-", "--actors", str(path), stdin=text.encode())
    assert result.returncode == 2
    assert b"mine.tsv:2" in result.stderr
