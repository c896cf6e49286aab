"""Feeds are followed: from a real server, asked only for what changed, and never half read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from histor.capture.feed import read_feed
from histor.capture.fetch import Fetcher
from histor.capture.inputs import Capture, Captured, InputOptions, Problem
from histor.capture.sandbox import Sandbox
from histor.jobs.feeds import Poll, feed_address
from histor.jobs.ingest import Counts, Ingest
from histor.model.errors import InputError
from histor.store.feeds import FeedRow
from histor.store.mentions import Where
from histor.store.project import Project
from histor.store.verify import verify_project
from tests.archives import page
from tests.servers import at_home, say, serving
from tests.stores import QuickCoder

WORDS = "Rebels attacked a crowd in Goma on Monday and {} people were hurt, the official said; the market was closed."


def rss(*entries: str, title: str = "The Paper") -> bytes:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title><link>https://paper.example</link>{''.join(entries)}</channel></rss>".encode()


def item(number: int, text: str | None = None, link: str = "https://paper.example/{}", more: str = "") -> str:
    day = format_datetime(datetime(2022, 11, number, 8, tzinfo=UTC))
    body = escape(f"<p>{text or WORDS.format(number)}</p>")
    return (
        f"<item><title>Attack {number}</title><link>{link.format(number)}</link><guid>g{number}</guid>"
        f"<pubDate>{day}</pubDate><description>{body}</description>{more}</item>"
    )


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(1) as made:
        yield made


def follow(project: Project, *addresses: str, source: str | None = None) -> None:
    with project.write() as transaction:
        for address in addresses:
            assert transaction.feeds.add(FeedRow(address, source, None, "2022-11-01T00:00:00+00:00"))


def poll(
    project: Project, box: Sandbox, fetcher: Fetcher | None = None, fetch: bool = False
) -> tuple[Counts, list[Captured]]:
    job = Poll(
        project, InputOptions(fetch=fetch), fetcher=fetcher, sandbox=box, clock=lambda: "2022-11-30T00:00:00+00:00"
    )
    seen: list[Captured] = []

    def kept() -> Iterator[Captured]:
        for found in job.captures():
            seen.append(found)
            yield found

    return Ingest(project, QuickCoder(), matching=False).run(kept()), seen


class Paper:
    """A paper's server: its feed, whose tag changes with it, and its pages."""

    def __init__(self) -> None:
        self.feed = rss(item(2), item(1))
        self.asked: list[tuple[str, bool]] = []
        self.broken: set[str] = set()

    def __call__(self, h: BaseHTTPRequestHandler) -> None:
        tag = f'"{hash(self.feed)}"'
        same = h.headers["If-None-Match"] == tag
        self.asked.append((h.path, same))
        if h.path in self.broken:
            say(h, b"", 503)
        elif h.path == "/feed":
            say(h, b"" if same else self.feed, 304 if same else 200, ETag=tag, Content_Type="application/rss+xml")
        else:
            say(h, page(int(h.path[1:])), Content_Type="text/html")


def test_what_is_new_becomes_reports_once(project: Project, sandbox: Sandbox) -> None:
    paper = Paper()
    with serving(paper) as url:
        follow(project, f"{url}/feed")
        counts, seen = poll(project, sandbox, at_home(url))
        first, second = (c.report for c in seen if isinstance(c, Capture))
        assert (first.published, second.published) == ("2022-11-01", "2022-11-02")  # oldest first
        assert (first.source, first.url, first.external_id, first.title) == (
            "The Paper",
            "https://paper.example/1",
            "g1",
            "Attack 1",
        )
        assert first.text == WORDS.format(1)
        assert counts.coded == 2
        assert poll(project, sandbox, at_home(url)) == (Counts(), [])
        assert paper.asked == [("/feed", False), ("/feed", True)]
        paper.feed = rss(item(3), item(2), item(1))
        assert vars(poll(project, sandbox, at_home(url))[0]) | {"event_mentions": 0, "claims": 0} == vars(
            Counts(read=3, known=2, coded=1)
        )
    with project.read() as transaction:
        (feed,) = transaction.feeds.all()
        assert (feed.title, feed.polled_at, feed.failure) == ("The Paper", "2022-11-30T00:00:00+00:00", None)


def test_an_entry_that_is_corrected_is_a_new_version_of_its_report(project: Project, sandbox: Sandbox) -> None:
    right = "Rebels attacked a crowd in Goma on Monday and 9 people were hurt, not 2 as first told; Workers marched in Goma."
    paper = Paper()
    with serving(paper) as url:
        follow(project, f"{url}/feed")
        (_, seen) = poll(project, sandbox, at_home(url))
        first = next(c for c in seen if isinstance(c, Capture) and c.report.external_id == "g2")
        # Title of the feed, address and time of the entry change with the correction.
        paper.feed = rss(item(2, right, link="https://paper.example/corrected/{}"), item(1), title="The Daily Paper")
        counts, _ = poll(project, sandbox, at_home(url))
        assert (counts.read, counts.known, counts.coded, counts.again) == (2, 1, 1, 1)
        with project.read() as t:
            report = t.reports.get(first.report.id)
            assert report is not None
            assert (report.text, report.source, report.url) == (right, "The Paper", first.report.url)
            assert len(t.reports.ids()) == 2
            said = json.loads(t.reports.content(report.id))
            assert (said["text"], said["url"]) == (right, "https://paper.example/corrected/2")
            assert t.reports.captured([report.id]) == {
                report.id: hashlib.sha256(t.reports.content(report.id)).hexdigest()
            }
            assert {m.mention.event_type for m in t.mentions.find(Where(reports=[report.id]))} == {"ASSAULT", "PROTEST"}
        assert poll(project, sandbox, at_home(url)) == (Counts(), [])
        paper.feed = rss(item(2), item(1))  # and taken back again
        assert poll(project, sandbox, at_home(url))[0].again == 1
        with project.read() as t:
            found = t.reports.get(first.report.id)
            assert found is not None
            assert found.text == first.report.text
            assert t.reports.content(found.id) == first.content
    assert list(verify_project(project)) == []


def test_a_correction_that_cannot_be_coded_leaves_what_was_coded(project: Project, sandbox: Sandbox) -> None:
    paper = Paper()
    with serving(paper) as url:
        follow(project, f"{url}/feed")
        poll(project, sandbox, at_home(url))
        with project.read() as t:
            before = list(t.codings.all())
        paper.feed = rss(item(2, "The text is unreadable in the whole of this report from Goma."), item(1))
        assert poll(project, sandbox, at_home(url))[0].aside == 1
        with project.read() as t:
            assert list(t.codings.all()) == before
    assert list(verify_project(project)) == []


def test_entries_that_share_an_id_or_have_none_are_told_apart_by_what_they_say(
    project: Project, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "feed.xml"
    same = [item(k).replace(f"g{k}", "g") for k in (1, 2)]
    bare = [item(k, link="").replace(f"<guid>g{k}</guid>", "") for k in (3, 4)]
    file.write_bytes(rss(*same, *bare))
    other = tmp_path / "other.xml"
    other.write_bytes(
        rss(item(1, "Police arrested a crowd in Goma on Monday and 3 people were hurt, the official said."))
    )
    follow(project, str(file), str(other))
    assert poll(project, sandbox)[0].coded == 5
    counts, _ = poll(project, sandbox)
    assert (counts.known, counts.coded) == (5, 0)
    other.write_bytes(rss(item(1)))  # the same id as in the other feed once had
    assert poll(project, sandbox)[0].again == 1
    with project.read() as t:
        assert len(t.reports.ids()) == 5


def test_the_day_of_an_update_is_not_the_day_of_publication(project: Project, sandbox: Sandbox, tmp_path: Path) -> None:
    def atom(day: int, number: int) -> bytes:
        entry = f"<entry><id>urn:1</id><title>Attack</title><updated>2022-11-0{day}T08:00:00Z</updated><content>{WORDS.format(number)}</content></entry>"
        return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Hub</title>{entry}</feed>".encode()

    file = tmp_path / "feed.xml"
    file.write_bytes(atom(1, 4))
    follow(project, str(file))
    poll(project, sandbox)
    file.write_bytes(atom(9, 5))
    assert poll(project, sandbox)[0].again == 1
    with project.read() as t:
        (report,) = t.reports.all()
    assert (report.published, report.text) == ("2022-11-01", WORDS.format(5))


def test_pages_are_fetched_when_asked_and_tried_again_until_they_come(project: Project, sandbox: Sandbox) -> None:
    paper = Paper()
    with serving(paper) as url:
        paper.feed = rss(*(item(k, "No more than a lead.", link=url + "/{}") for k in (2, 1)))
        paper.broken = {"/2"}
        follow(project, f"{url}/feed", source="Radio")
        counts, seen = poll(project, sandbox, at_home(url), fetch=True)
        assert (counts.coded, counts.aside) == (1, 1)
        first, second = seen
        assert isinstance(first, Capture)
        assert isinstance(second, Problem)
        assert "Rebels killed 1 soldiers" in first.report.text
        assert first.report.url == f"{url}/1"
        assert str(second).startswith(f"{url}/feed#g2: the host says 503") or "503" in str(second)
        paper.broken = set()
        paper.asked.clear()
        assert poll(project, sandbox, at_home(url), fetch=True)[0].coded == 1
        assert [path for path, _ in paper.asked] == ["/feed", "/2"]  # what is there is not fetched again
        assert poll(project, sandbox, at_home(url), fetch=True)[0].read == 0


def test_a_feed_that_fails_says_so_and_the_others_go_on(project: Project, sandbox: Sandbox, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_bytes(
        rss(item(1), item(2, text="Les combattants sont entrés dans la ville et ont tué trois personnes hier."))
    )
    bad.write_bytes(b"<html><body>no feed</body></html>")
    inner = "http://127.0.0.1/feed"
    follow(project, str(bad), str(good), inner, str(tmp_path / "gone.xml"))
    counts, seen = poll(project, sandbox)
    assert (counts.coded, counts.aside) == (1, 4)
    codes = {p.error.where.rpartition("/")[2]: p.error.code for p in seen if isinstance(p, Problem)}
    assert codes == {
        "bad.xml": "input.feed",
        "good.xml#g2": "input.language",
        "feed": "fetch.refused",
        "gone.xml": "input.missing",
    }
    with project.read() as transaction:
        failures = {Path(f.address).name: f.failure for f in transaction.feeds.all()}
    assert failures["good.xml"] is None
    assert failures["bad.xml"] == "this is no RSS or Atom feed."
    assert failures["feed"] == "the host is not on the public internet."


def test_a_round_that_breaks_off_is_run_again(project: Project, sandbox: Sandbox) -> None:
    paper = Paper()
    with serving(paper) as url:
        follow(project, f"{url}/feed")
        job = Poll(project, InputOptions(), fetcher=at_home(url), sandbox=sandbox)
        captures = job.captures()
        assert isinstance(next(captures), Capture)
        captures.close()  # type: ignore[attr-defined]
        assert poll(project, sandbox, at_home(url))[0].coded == 2


def test_feeds_are_added_once_and_removed(project: Project) -> None:
    follow(project, "https://a.example/feed")
    with project.write() as transaction:
        assert not transaction.feeds.add(FeedRow("https://a.example/feed", "x", None, ""))
        assert [f.address for f in transaction.feeds.all()] == ["https://a.example/feed"]
        assert transaction.feeds.remove("https://a.example/feed")
        assert not transaction.feeds.remove("https://a.example/feed")
    with pytest.raises(InputError, match="not followed"):
        list(Poll(project, InputOptions()).captures(["https://b.example/feed"]))


def test_how_a_feed_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "feed.xml").write_bytes(rss())
    monkeypatch.chdir(tmp_path)
    assert feed_address("HTTPS://A.example") == "https://a.example/"
    assert feed_address("feed.xml") == str(tmp_path / "feed.xml")
    for wrong in ("nothing.xml", "ftp://a.example/feed", "https://user@a.example/", "file:///etc/passwd"):
        with pytest.raises(InputError):
            feed_address(wrong)


# --- the words of a feed -------------------------------------------------------------------------


def test_atom_with_whole_texts_and_an_aggregators_sources() -> None:
    entry = (
        "<entry><id>urn:1</id><title type='html'>A &lt;b&gt;bold&lt;/b&gt; title</title><link href='https://p.example/1'/>"
        "<updated>2022-11-02T23:30:00-05:00</updated><summary>Lead.</summary>"
        "<source><title>Other Paper</title></source><content type='html'>&lt;p&gt;One &amp;amp; two.&lt;br/&gt;Three.&lt;/p&gt;"
        "&lt;ul&gt;&lt;li&gt;Four&lt;/li&gt;&lt;/ul&gt;&lt;script&gt;five()&lt;/script&gt;</content></entry>"
    )
    found = read_feed(f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Hub</title>{entry}</feed>".encode())
    assert found["title"] == "Hub"
    assert found["entries"] == [
        {
            "id": "urn:1", "url": "https://p.example/1", "title": "A bold title", "text": "One & two.\n\nThree.\n\nFour",
            "updated": "2022-11-03", "source": "Other Paper",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"http://127.0.0.1/", b"/etc/passwd", b"<html></html>", b"\x00\xff" * 50, b"{}"]
)
def test_what_is_no_feed(content: bytes) -> None:
    with pytest.raises(InputError, match="no RSS or Atom feed"):
        read_feed(content)


def test_entities_that_grow_are_not_expanded() -> None:
    lol = "".join(f"<!ENTITY l{k} '{f'&l{k - 1};' * 10}'>" for k in range(1, 10))
    bomb = (
        f"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY l0 'lol'>{lol}<!ENTITY f SYSTEM 'file:///etc/passwd'>]>".encode()
    )
    try:
        found = read_feed(bomb + rss(item(1)).replace(b"<?xml version='1.0'?>", b"").replace(b"Attack 1", b"&l9;&f;"))
    except InputError:
        return
    assert all("root:" not in str(e) and len(str(e)) < 10_000 for e in found["entries"])
