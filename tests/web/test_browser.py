"""The page in a real browser, as a person uses it: by keyboard, in a narrow window, with a hostile report."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from histor.store.project import Project
from histor.web.app import PAGE, create_app
from tests.stores import filled
from tests.web.conftest import with_incidents

pytestmark = pytest.mark.skipif(
    shutil.which("chromium") is None or not (PAGE / "index.html").is_file(),
    reason="needs Debian's chromium and the built page (make test brings both where it can)",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        made = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with with_incidents(filled(tmp_path / "project", 24)) as made:
        yield made


@pytest.fixture
def address(project: Project) -> Iterator[str]:
    with serving(project) as found:
        yield found


def late(app: Any) -> Any:
    """The same application as on a slow machine: each answer of the API waits `HISTOR_LATE` milliseconds."""
    seconds = float(os.environ.get("HISTOR_LATE", "0")) / 1000

    async def delayed(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            await asyncio.sleep(seconds)
        await app(scope, receive, send)

    return delayed if seconds else app


class serving:
    """A server on a free port of loopback, as `histor serve` makes it."""

    def __init__(self, project: Project, single_user: str | None = "ann") -> None:
        self.bound = socket.create_server(("127.0.0.1", 0))
        app = late(create_app(project, single_user=single_user, hosts=["127.0.0.1"]))
        config = uvicorn.Config(app, log_level="error")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, args=([self.bound],), daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        until(lambda: self.server.started)
        return f"http://127.0.0.1:{self.bound.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    made = listening(context.new_page())
    wrong: list[str] = []
    outside: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on("console", lambda m: wrong.append(m.text) if m.type == "error" and "404" not in m.text else None)
    made.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else outside.append(r.url))
    made.goto(address)
    yield made
    context.close()
    assert wrong == []
    assert outside == []


def until(check: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def listening(page: Any) -> Any:
    """The page, with the requests that it waits for in `page.pending`; see `settled`."""
    page.pending = set()

    def asked(request: Any) -> None:
        page.pending.add(request)

    def over(request: Any) -> None:
        page.pending.discard(request)

    page.on("request", asked)
    page.on("requestfinished", over)
    page.on("requestfailed", over)
    return page


def settled(page: Any) -> None:
    """Wait until the page has drawn all that it asked for: no request is out, three times in a row."""
    quiet = 0
    deadline = time.monotonic() + 60
    while quiet < 3:
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 40)))")
        quiet = quiet + 1 if not page.pending else 0
        assert time.monotonic() < deadline, f"still waiting for {[r.url for r in page.pending]}"


def left(page: Any) -> int:
    text = page.locator("text=/event mentions? to read/").inner_text()
    return int(text.split()[0].replace(",", ""))


def shown(page: Any) -> str:
    """The event mention in the coding pane; keys act on nothing else."""
    pane = page.locator("section[aria-label='Coding']")
    until(lambda: bool(pane.get_attribute("data-mention")))
    return str(pane.get_attribute("data-mention"))


def test_ten_mentions_by_keyboard_alone(page: Any, project: Project) -> None:
    shown(page)
    total = left(page)
    for number, key in enumerate(["a", "a", "x", "n", "a", "x", "a", "a", "n", "a"], 1):
        before = shown(page)
        page.keyboard.press(key)
        if key == "x":
            page.wait_for_selector("text=Why reject it?")
            page.keyboard.press("2")
        until(lambda before=before: shown(page) != before)  # type: ignore[misc]
        until(lambda number=number: left(page) == total - number)  # type: ignore[misc]
    with project.read() as transaction:
        made = [(d.action, d.reason, d.coder) for d in transaction.decisions.all()]
    assert [a for a, _, _ in made] == [
        "accept",
        "accept",
        "reject",
        "unsure",
        "accept",
        "reject",
        "accept",
        "accept",
        "unsure",
        "accept",
    ]
    assert made[2] == ("reject", "wrong words", "ann")
    page.keyboard.press("u")
    until(lambda: left(page) == total - 9)
    page.keyboard.press("U")
    until(lambda: left(page) == total - 10)


def test_an_edit_by_keyboard_keeps_a_draft(page: Any, project: Project) -> None:
    shown(page)
    page.keyboard.press("e")
    page.wait_for_selector("form[aria-label='Event mention']")
    with page.expect_response(lambda r: "/drafts/" in r.url and r.request.method == "PUT"):
        page.locator("form[aria-label='Event mention'] label:has-text('Factuality') select").select_option("denied")
    page.reload()
    page.wait_for_selector("form[aria-label='Event mention']")
    assert (
        page.locator("form[aria-label='Event mention'] label:has-text('Factuality') select").input_value() == "denied"
    )
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Saved: factuality.")
    with project.read() as transaction:
        edit = transaction.decisions.all()[-1]
    assert (edit.action, edit.payload) == ("edit", {"property": "factuality", "value": "denied"})


def test_a_missed_mention_from_selected_words(page: Any, project: Project) -> None:
    shown(page)
    words = page.evaluate(
        """() => {
          const pane = document.querySelector('section[aria-label="Report"] .text');
          const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
          let node; while ((node = walker.nextNode()) && !node.data.includes('crowd'));
          const at = node.data.indexOf('crowd');
          const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + 5);
          getSelection().removeAllRanges(); getSelection().addRange(range);
          pane.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
          return getSelection().toString();
        }"""
    )
    assert words == "crowd"
    page.keyboard.press("m")
    page.wait_for_selector("form[aria-label='Event mention']")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Added.")
    with project.read() as transaction:
        added = transaction.decisions.rulings().additions()[0]
        text = transaction.reports.get(added.report_id).text  # type: ignore[union-attr]
    a, b = added.mention.trigger.span
    assert text[a:b] == "crowd" == added.mention.trigger.text


def test_filter_map_and_export_agree(page: Any, address: str) -> None:
    page.goto(f"{address}/incidents?country=AFG")
    page.wait_for_selector("table tbody tr td a")
    settled(page)
    listed = {a.get_attribute("href").split("/")[-1] for a in page.locator("tbody td.number a").all()}
    page.get_by_role("button", name="map").click()
    page.wait_for_selector("svg a[data-incident]")
    settled(page)
    drawn = {a.get_attribute("data-incident") for a in page.locator("svg a[data-incident]").all()}
    assert drawn == listed
    page.get_by_role("link", name="Export these").click()
    page.wait_for_selector("text=under this filter")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text())))
    assert {r["incident_id"] for r in rows} == listed


def test_why_this_number(page: Any, address: str) -> None:
    page.goto(f"{address}/incidents?sort=-killed")
    page.locator("tbody td.number a").first.click()
    page.get_by_role("button", name="Why").first.click()
    page.wait_for_selector("text=Claims behind killed")
    until(lambda: page.locator("section[aria-label='Claims'] tbody tr.used").count() == 1)
    page.locator("section[aria-label='Claims'] tbody a").first.click()
    page.wait_for_selector("section[aria-label='Text'] mark.strong")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/incidents",
        "/incidents?view=map",
        "/incidents?view=timeline",
        "/reports",
        "/release",
        "/jobs",
        "/agreement",
        "/settings",
    ],
)
def test_no_serious_finding_of_axe(page: Any, address: str, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.goto(address + path)
    settled(page)
    found = Axe().run(page).response["violations"]
    serious = [
        (v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found if v["impact"] in {"serious", "critical"}
    ]
    assert serious == []


@pytest.mark.parametrize(
    "path", ["/", "/incidents", "/incidents?view=map", "/reports", "/release", "/jobs", "/settings"]
)
def test_a_window_of_400_pixels(browser: Any, address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 400, "height": 800})
    narrow = listening(context.new_page())
    narrow.goto(address + path)
    settled(narrow)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 400
    context.close()


def test_keys_are_silent_in_fields(page: Any) -> None:
    shown(page)
    total = left(page)
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("aax")
    settled(page)
    page.keyboard.press("Escape")
    assert left(page) == total


def test_offsets_with_signs_beyond_the_first_plane(browser: Any, tmp_path: Path) -> None:
    from histor.jobs.ingest import Ingest
    from histor.store.project import init_project
    from tests.stores import QuickCoder, capture

    text = (
        "😀 قُتِل أشخاص é Rebels attacked a post in Goma.\nالقوات 🚀 Police attacked Elders in Kabul and 3 people died."
    )
    with init_project(tmp_path / "signs") as project:
        Ingest(project, QuickCoder()).run([capture(text)])
        with_incidents(project)
        with serving(project) as address, project.read() as transaction:
            report = transaction.reports.ids()[0]
            mentions = [s.mention for s in transaction.mentions.find()]
            page = browser.new_context().new_page()
            for mention in mentions:
                page.goto(f"{address}/reports/{report}?mention={mention.id}")
                page.wait_for_selector("mark.strong")
                until(lambda m=mention: page.locator("mark.strong").inner_text() == m.trigger.text)  # type: ignore[misc]
            assert page.locator("section[aria-label='Text'] .text").inner_text().strip() == text
            page.context.close()
