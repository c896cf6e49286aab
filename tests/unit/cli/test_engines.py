"""`--engine llm` from the command line, against a server of the test's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.llm_server import completion, mention, mentions, serving
from tests.unit.cli.test_cli import run

TEXTS = (
    "Rebels killed 12 soldiers near Goma on Monday.",
    "An air strike hit a market in Idlib.",
    "Gunmen abducted a priest.",
)
KEY = "sk-very-secret"


def by_sentence(request: dict[str, Any]) -> tuple[int, Any, bytes]:
    """Each sentence as an attack by its first word."""
    sentences = json.loads(request["messages"][1]["content"])["sentences"]
    found = [
        mention(s["text"], s["text"].split()[0], sentence=s["n"], actors=[s["text"].split()[0]]) for s in sentences
    ]
    return completion(mentions(*found), (1_000, 200))


def reports(folder: Path) -> str:
    path = folder / "in.jsonl"
    path.write_text(
        "".join(json.dumps({"id": k, "text": t, "published": "2022-11-02"}) + "\n" for k, t in enumerate(TEXTS))
    )
    return str(path)


def test_code_says_who_read_and_what_it_cost(tmp_path: Path) -> None:
    prices = ("--price-in", "1", "--price-out", "10")
    with serving(by_sentence) as server:
        env: dict[str, Any] = {
            "HISTOR_LLM_URL": server.url,
            "HISTOR_LLM_KEY": KEY,
            "HISTOR_CACHE": str(tmp_path / "cache"),
        }
        first = run("code", reports(tmp_path), "--engine", "llm", "--model", "tiny", *prices, **env)
        again = run("code", reports(tmp_path), "--engine", "llm", "--model", "tiny", *prices, **env)
    assert first.returncode == 0, first.stderr
    coded = [json.loads(line) for line in first.stdout.splitlines()]
    assert [m["trigger"]["text"] for c in coded for m in c["event_mentions"]] == ["Rebels", "An", "Gunmen"]
    assert all(m["coder"].startswith("llm/1:tiny+embedded/") for c in coded for m in c["event_mentions"])
    assert b"3 requests, 0 from cache, 3,000 tokens in, 600 out, cost 0.0090" in first.stderr
    assert b"0 requests, 3 from cache" in again.stderr
    assert again.stdout == first.stdout
    assert KEY.encode() not in first.stdout + first.stderr
    assert not any(KEY in p.read_text() for p in (tmp_path / "cache").rglob("*.json"))


def test_a_spent_budget_keeps_what_is_coded(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    budget = (
        "--price-in",
        "0",
        "--price-out",
        "10",
        "--max-cost",
        "0.0435",
    )  # an answer may cost 0.041, and costs 0.002
    with serving(by_sentence) as server:
        env: dict[str, Any] = {"HISTOR_LLM_URL": server.url, "HISTOR_CACHE": str(tmp_path / "cache")}
        result = run("code", reports(tmp_path), "-o", str(out), "--engine", "llm", "--model", "tiny", *budget, **env)
        lines = out.read_text().splitlines()
        assert result.returncode == 1, result.stderr
        assert len(lines) == len(server.requests) == 2
        assert b"stopped: " in result.stderr
        assert b"go on with a higher --max-cost" in result.stderr
        more = (*budget[:-1], "1")
        assert run("code", reports(tmp_path), "-o", str(out), "--engine", "llm", "--model", "tiny", *more, **env).returncode == 0  # fmt: skip
        assert len(server.requests) == 3


def test_a_project_notes_the_engine_and_its_cost(tmp_path: Path) -> None:
    from histor.store.project import open_project

    assert run("init", "war", cwd=tmp_path).returncode == 0
    with serving(by_sentence) as server:
        env: dict[str, Any] = {"HISTOR_LLM_URL": server.url, "HISTOR_CACHE": str(tmp_path / "cache")}
        result = run(
            "ingest", reports(tmp_path), "--project", "war", "--engine", "llm", "--model", "tiny", cwd=tmp_path, **env
        )
    assert result.returncode == 0, result.stderr
    assert b"cost unknown" in result.stderr
    with open_project(tmp_path / "war") as project, project.read() as transaction:
        (made,) = (r for r in transaction.runs.all() if r.kind == "ingest")
        counts = transaction.runs.counts(made.id)
    assert made.models["engine"].startswith("llm/1:tiny+embedded/")
    assert (counts["llm_requests"], counts["llm_tokens_in"]) == (3, 3_000)
    assert run("verify", "--project", "war", cwd=tmp_path).returncode == 0


def test_nothing_is_sent_away_unasked(tmp_path: Path) -> None:
    env: dict[str, Any] = {"HISTOR_LLM_URL": "https://api.example.org/v1", "HISTOR_LLM_KEY": KEY}
    result = run("code", reports(tmp_path), "--engine", "llm", "--model", "tiny", **env)
    assert result.returncode == 2
    assert b"--send-reports" in result.stderr
    assert result.stdout == b""
    assert KEY.encode() not in result.stderr
