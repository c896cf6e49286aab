"""Archives, addresses and feeds, as a user gives them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.archives import Archive, package, page
from tests.unit.cli.test_cli import run


def test_from_an_archive_and_a_feed_to_a_checked_project(tmp_path: Path) -> None:
    archive = Archive()
    for k in range(3):
        archive.answer(f"https://paper.example/{k}", page(k + 12))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.warc.gz").write_bytes(archive.content)
    package(tmp_path / "in" / "b.wacz", {"a.warc.gz": archive.content}, [{"url": "https://paper.example/1"}])
    (tmp_path / "in" / "c.html").write_bytes(page(30))
    text = "Rebels killed 12 soldiers near Goma on Monday, the army said."
    feed = f"<rss version='2.0'><channel><title>Radio</title><item><guid>1</guid><title>Attack</title><description>{text}</description></item></channel></rss>"
    (tmp_path / "feed.xml").write_text(feed)
    assert run("init", "war", cwd=tmp_path).returncode == 0
    taken = run("ingest", "in", "https://paper.example/", "--project", "war", "--json", cwd=tmp_path)
    counts = json.loads(taken.stdout)
    assert (counts["coded"], counts["known"], counts["aside"]) == (
        4,
        1,
        1,
    )  # the package's page is one of the archive's
    assert b"--fetch" in taken.stderr
    assert run("feed", "add", "feed.xml", "--project", "war", cwd=tmp_path).returncode == 0
    polled = run("feed", "poll", "--project", "war", "--json", cwd=tmp_path)
    assert polled.returncode == 0, polled.stderr
    assert json.loads(polled.stdout)["coded"] == 1
    assert json.loads(run("feed", "list", "--json", "--project", "war", cwd=tmp_path).stdout)["title"] == "Radio"
    assert run("feed", "remove", "feed.xml", "--project", "war", cwd=tmp_path).returncode == 0
    assert run("feed", "remove", "feed.xml", "--project", "war", cwd=tmp_path).returncode == 2
    first = json.loads(run("query", "--json", "--project", "war", cwd=tmp_path).stdout.splitlines()[0])
    shown = json.loads(run("show", first["id"], "--json", "--project", "war", cwd=tmp_path).stdout)
    assert all(len(sha256) == 64 for sha256 in shown["captures"].values())
    assert shown["captures"].keys() == {r["id"] for r in shown["reports"]}
    assert run("verify", "war", cwd=tmp_path).returncode == 0


def test_an_address_is_coded_only_when_asked() -> None:
    assert b"Say --fetch" in run("code", "http://localhost/").stderr
    refused = run("code", "--fetch", "http://localhost/")
    assert refused.returncode == 2
    assert b"not one of the public internet" in refused.stderr
