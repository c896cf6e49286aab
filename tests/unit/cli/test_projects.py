"""init, ingest, status, verify and backup, as a user runs them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.unit.cli.test_cli import run

TEXTS = (
    "Rebels killed 12 soldiers near Goma on Monday, the army said.",
    "Thousands of workers marched through Kabul on Tuesday to protest against the price of bread.",
)


def made(tmp_path: Path) -> Path:
    assert run("init", "war", cwd=tmp_path).returncode == 0
    (tmp_path / "in.jsonl").write_text(
        "".join(
            json.dumps({"id": k, "text": t, "published": "2022-11-02", "source": "Radio"}) + "\n"
            for k, t in enumerate(TEXTS)
        )
    )
    return tmp_path / "war"


def test_from_an_empty_folder_to_a_checked_backup(tmp_path: Path) -> None:
    project = made(tmp_path)
    first = run("ingest", "in.jsonl", "nothing.txt", "--project", "war", "--json", cwd=tmp_path)
    assert first.returncode == 1
    assert "set aside: nothing.txt: there is no such file" in first.stderr.decode()
    counts = json.loads(first.stdout)
    assert (counts["coded"], counts["aside"]) == (2, 1)
    again = run("ingest", "../in.jsonl", cwd=project)
    assert again.returncode == 0
    assert b"0 coded" in again.stderr
    assert b"2 known already" in again.stderr
    assert again.stdout == b""
    status = json.loads(run("status", "--json", HISTOR_PROJECT=str(project)).stdout)
    assert (status["reports"], status["coded"], status["set_aside"]) == (2, 2, 1)
    assert status["aside"][0]["item"] == "nothing.txt"
    assert status["event_mentions"] == counts["event_mentions"] > 0
    words = run("status", cwd=project).stdout.decode()
    assert "2 reports, published 2022-11-02 to 2022-11-02" in words
    assert "set aside: nothing.txt" in words
    assert run("verify", cwd=project).returncode == 0
    assert run("backup", "../b.db", cwd=project).returncode == 0
    assert run("backup", "../b.db", cwd=project).returncode == 2
    (tmp_path / "restored").mkdir()
    (tmp_path / "b.db").rename(tmp_path / "restored" / "histor.db")
    sound = run("verify", "restored", cwd=tmp_path)
    assert (sound.returncode, sound.stdout, sound.stderr) == (0, b"", b"histor: all is sound.\n")


def test_verify_says_what_and_where(tmp_path: Path) -> None:
    project = made(tmp_path)
    assert run("ingest", "in.jsonl", "--project", "war", cwd=tmp_path).returncode == 0
    with sqlite3.connect(project / "histor.db") as connection:
        connection.execute("update texts set text = replace(text, '12 soldiers', '72 soldiers')")
    connection.close()
    found = run("verify", "war", cwd=tmp_path)
    assert found.returncode == 1
    lines = found.stdout.decode().splitlines()
    assert any(line.startswith("texts ") and "not the one that was stored" in line for line in lines)
    assert any(line.startswith("claims ") and "words at its span" in line for line in lines)
    findings = [json.loads(line) for line in run("verify", "war", "--json", cwd=tmp_path).stdout.splitlines()]
    assert {f["table"] for f in findings} >= {"texts", "claims", "event_mentions"}


def test_without_a_project_the_way_to_one_is_named(tmp_path: Path) -> None:
    for command in (["status"], ["verify"], ["backup", "b.db"], ["ingest", "-"]):
        result = run(*command, cwd=tmp_path, HISTOR_PROJECT="")
        assert result.returncode == 2
        assert b"histor init" in result.stderr
        assert b"Traceback" not in result.stderr
    assert run("ingest", "--project", str(made(tmp_path))).returncode == 2


def test_a_lexicon_of_the_project_makes_another_coder(tmp_path: Path) -> None:
    project = made(tmp_path)
    assert run("ingest", "in.jsonl", "--project", "war", cwd=tmp_path).returncode == 0
    (project / "mine.toml").write_text('[[frame]]\nid = "bread"\ntype = "PROTEST"\nnouns = "price"\n')
    settings = project / "histor.toml"
    settings.write_text(settings.read_text().replace('# lexicon = "lexicon.toml"', 'lexicon = "mine.toml"'))
    again = run("ingest", "in.jsonl", "--project", "war", "--json", cwd=tmp_path)
    assert json.loads(again.stdout)["again"] == 2, again.stderr
    stored = run("ingest", "--stored", "--project", "war", "--json", cwd=tmp_path)
    assert json.loads(stored.stdout)["read"] == 0
    assert run("verify", "war", cwd=tmp_path).returncode == 0


def test_the_gate_keeps_other_news_out_of_the_coding(tmp_path: Path) -> None:
    made(tmp_path)
    with (tmp_path / "in.jsonl").open("a") as out:
        out.write(json.dumps({"id": 9, "text": "The price of bread in Suva rose for the third time in a year."}) + "\n")
    coded = run("code", "in.jsonl", "--gate", cwd=tmp_path)
    assert [json.loads(line)["report"]["external_id"] for line in coded.stdout.splitlines()] == ["0", "1"]
    assert b"2 coded, 0 set aside, 1 kept out by the gate" in coded.stderr
    every = run("code", "in.jsonl", cwd=tmp_path).stdout
    assert every.startswith(coded.stdout)  # what passes is coded as without it
    assert every.count(b"\n") == 3
    first = run("ingest", "in.jsonl", "--gate", "--project", "war", cwd=tmp_path)
    assert first.returncode == 0
    assert b"1 kept out by the gate" in first.stderr
    words = run("status", cwd=tmp_path / "war").stdout.decode()
    assert "1 of them kept out by the relevance gate" in words
    assert "set aside: " not in words
    assert b"1 coded" in run("ingest", "--stored", "--project", "war", cwd=tmp_path).stderr
