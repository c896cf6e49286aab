"""A hostile report runs nothing: payloads in all that every view shows, in real Chromium.

`HISTOR_PAYLOADS` is how many payloads are to be seen in the page at least: 60, with ``--long`` 3,000.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
import pytest

from tests.browser.hostile import FORMS, Hostile, in_addresses
from tests.web.test_browser import listening, serving, settled, until

A_REPORT = 28
"""Payloads that the page shows of a report, its event mention and its incident, at least."""

WATCH = """
  Object.defineProperty(window, 'hit', { set(value) { window.ran(String(value)); }, get() { return undefined; } });
  document.addEventListener('securitypolicyviolation', (e) => window.refused(e.violatedDirective + ' ' + e.blockedURI));
"""
STANDS = """!document.querySelector('main')?.textContent.includes('Loading…') || !!document.querySelector('.told.wrong')?.textContent"""
LOOK = """() => {
  const leads = (e) => {
    const to = e.getAttribute('href') ?? e.getAttribute('src') ?? e.getAttribute('action');
    try { return new URL(to, document.baseURI).href; } catch { return to; }
  };
  const said = [document.body.textContent, document.title];
  for (const e of document.querySelectorAll('input, textarea, select')) said.push(e.value);
  for (const e of document.querySelectorAll('[title], [aria-label]')) said.push(e.title ?? '', e.getAttribute('aria-label') ?? '');
  const links = [...document.querySelectorAll('[href], [src], [action]')].map(leads);
  return { said: said.join('\\n'), made: document.querySelectorAll('[data-hit], main base, main script, iframe, object').length, links };
}"""


class Watched:
    """A page, with what it was seen to do and to show."""

    def __init__(self, browser: Any, address: str) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.executed: list[str] = []
        self.refused: list[str] = []
        self.outside: list[str] = []
        self.markup: list[str] = []
        self.astray: list[str] = []
        self.broken: list[str] = []
        self.seen: set[int] = set()
        self.views = 0
        self.context.expose_binding("ran", lambda _, value: self.executed.append(value))
        self.context.expose_binding("refused", lambda _, what: self.refused.append(what))
        self.context.add_init_script(WATCH)
        self.context.on("request", self._asked)
        self.context.route(lambda url: not self._own(url), lambda route: route.abort())
        self.context.on("response", lambda r: self.broken.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        self.page = listening(self.context.new_page())
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.broken.append(f"{error} at {self.page.url}"))

    def _own(self, url: str) -> bool:
        return url.startswith((self.address, "data:", "blob:", "about:"))

    def _asked(self, request: Any) -> None:
        if not self._own(request.url):
            self.outside.append(request.url)

    def _dialog(self, dialog: Any) -> None:
        self.executed.append(dialog.message)
        dialog.dismiss()

    def look(self) -> None:
        """Wait until the view stands, then see what it shows and what it is made of."""
        settled(self.page)
        until(lambda: bool(self.page.evaluate(STANDS)))
        self.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        settled(self.page)
        self.read()

    def read(self) -> None:
        """See what the view shows and what it is made of, as it is now."""
        found = self.page.evaluate(LOOK)
        self.views += 1
        self.seen |= {int(n) for n in re.findall(r"hit=(\d+)[;,]", found["said"])}
        if found["made"]:
            self.markup.append(self.page.url)
        self.astray += [h for h in found["links"] if h and not self._own(h)]

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def check(self) -> None:
        """Nothing ran, nothing was asked for elsewhere, nothing became markup, and no view broke."""
        assert self.executed == []
        assert self.outside == []
        assert self.markup == []
        assert self.astray == []
        assert self.refused == []  # the policy had nothing to stop: the page itself made no markup of it
        assert self.broken == []


def noticed_by(watched: Watched) -> list[str]:
    """What was noticed of a payload that runs, asks or leads elsewhere, the page itself perhaps."""
    from playwright.sync_api import Error

    try:
        watched.read()
    except Error:  # it led the page elsewhere while it was read, and the request for that is noticed
        watched.page.wait_for_load_state()
    return watched.executed + watched.outside + watched.markup + watched.astray


def seen_by(watched: Watched) -> set[int]:
    watched.read()
    return watched.seen


@pytest.mark.parametrize("form", FORMS)
def test_the_watch_sees_what_a_payload_does(browser: Any, form: str) -> None:
    """The same payloads as markup, on a page without a policy: each is noticed, by one means or another."""
    watched = Watched(browser, "http://127.0.0.1:9")
    payload = form.format(n=7)
    shown = f"<a href='{payload}'>x</a>" if form.startswith("javascript:") else payload
    watched.page.set_content(f"<main>{shown}</main>", wait_until="commit")
    marks_up = "data-hit" in form or form.startswith("javascript:")
    until(lambda: bool(noticed_by(watched)) if marks_up else 7 in seen_by(watched))
    assert bool(noticed_by(watched)) == marks_up
    watched.context.close()


@pytest.fixture
def hostile(tmp_path: Path, long: bool) -> Iterator[Hostile]:
    wanted = int(os.environ.get("HISTOR_PAYLOADS", "3000" if long else "60"))
    made = Hostile(tmp_path / "hostile", max(5, -(-wanted // A_REPORT)))
    made.wanted = wanted
    yield made
    made.close()


@pytest.mark.promise("payloads")
def test_payloads_in_all_that_is_shown(
    browser: Any, hostile: Hostile, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    with serving(hostile.project, hostile.me) as address:
        watched = Watched(browser, address)
        for walk in (lists, reports, incidents, twins, queue, coders, settings, keys):
            walk(watched, hostile)
        for path in in_addresses(hostile.payload):
            watched.go(path)
        zoomable(watched, hostile)
        wrong_files(watched, hostile, tmp_path)
        watched.context.close()
    with serving(hostile.project, None) as address:
        stranger = Watched(browser, address)
        login(stranger, hostile)
        stranger.context.close()
    for one in (watched, stranger):
        one.check()
    shown = watched.seen | stranger.seen
    fields = hostile.payload.fields
    unseen = {name for name in fields.values() if not name.startswith(("/", "?"))} - {fields[n] for n in shown}
    assert sorted(unseen) == []
    assert len(shown) >= hostile.wanted
    views = watched.views + stranger.views
    kinds = len({fields[n] for n in shown})
    figure(
        f"{len(shown):,} payloads shown in {kinds} kinds of fields and {views:,} views: 0 executed, 0 outside requests"
    )


# --- the views -----------------------------------------------------------------------------------


def lists(watched: Watched, hostile: Hostile) -> None:
    every = "factuality=all&status=all"
    for path in (
        "/", f"/incidents?{every}&columns=where,what,who,killed,injured,told by,factuality,status", f"/incidents?{every}&view=map",
        f"/incidents?{every}&view=map&twin=table", f"/incidents?{every}&view=timeline", f"/incidents?{every}&view=timeline&twin=table",
        "/reports", "/reports?search=hit", "/reports?search=rebels", "/release", "/jobs", "/people",
    ):  # fmt: skip
        watched.go(path)
        while (more := watched.page.get_by_role("button", name="Show more")).count():
            before = watched.page.locator("tbody tr").count()
            more.click()
            until(lambda before=before: watched.page.locator("tbody tr").count() > before)  # type: ignore[misc]
            watched.look()
    watched.go(f"/incidents?{every}&view=map")
    watched.page.locator("svg a[data-incident]").first.focus()
    watched.page.locator("svg a[data-incident]").first.hover(force=True)
    watched.look()


def reports(watched: Watched, hostile: Hostile) -> None:
    for report, mention in zip(hostile.reports, hostile.mentions, strict=True):
        watched.go(f"/reports/{report}?mention={mention.id}")
    watched.go(f"/reports/{hostile.reports[0]}")
    watched.page.locator("section[aria-label=Text] mark").first.hover()
    watched.look()


def incidents(watched: Watched, hostile: Hostile) -> None:
    for incident in hostile.incidents:
        watched.go(f"/incidents/{incident}")
    first, second = hostile.incidents[:2]
    out = hostile.mentions[1].id
    for path in (f"{first}?why=killed", f"{first}?with={second}", f"{first}?apart={out}"):
        watched.go(f"/incidents/{path}")


def queue(watched: Watched, hostile: Hostile) -> None:
    page = watched.page
    for mention in hostile.mentions[1:-1]:
        watched.go(f"/?at={mention.id}")
        until(lambda m=mention: page.locator("section[aria-label=Coding]").get_attribute("data-mention") == m.id)  # type: ignore[misc]
        watched.look()
        page.keyboard.press("]")
        if not page.locator("form[aria-label='Event mention']").count():
            page.keyboard.press("e")
        page.wait_for_selector("form[aria-label='Event mention']")
        watched.look()
    field = page.locator("input[role=combobox]").first
    with page.expect_response(lambda r: "/actors?name=" in r.url or "/places?name=" in r.url):
        field.fill(hostile.payload("typed name"))
    watched.look()
    watched.go("/?report=" + hostile.reports[3])
    page.locator("section[aria-label=Report] .text").click(click_count=3)
    page.wait_for_selector("text=Selected:")
    page.keyboard.press("m")
    page.wait_for_selector("form[aria-label='Event mention']")
    page.get_by_role("button", name="Take the selected words as the place").click()
    page.get_by_role("button", name="Add the selected words").first.click()
    watched.look()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".told:not(:empty)")
    watched.look()


def coders(watched: Watched, hostile: Hostile) -> None:
    second = quote(hostile.other, safe="")
    watched.go(f"/agreement?second={second}")
    watched.go(f"/adjudication?second={second}")
    watched.go(f"/adjudication/{hostile.doubly}?second={second}")
    watched.page.keyboard.press("2")
    watched.page.wait_for_selector(".told:not(:empty)")
    watched.look()
    watched.page.keyboard.press("e")
    watched.look()
    watched.go(f"/agreement/{hostile.blind}")
    watched.page.get_by_role("button", name="Edit").first.click()
    watched.look()


def settings(watched: Watched, hostile: Hostile) -> None:
    watched.go("/settings")
    watched.page.wait_for_selector("text=Its actors")
    watched.page.get_by_label("Words in code").fill(hostile.payload("words for the codebook"))
    watched.look()


def keys(watched: Watched, hostile: Hostile) -> None:
    watched.go("/incidents")
    watched.page.keyboard.press("?")
    watched.page.get_by_role("dialog").wait_for()
    watched.look()
    watched.page.keyboard.press("Escape")
    watched.page.get_by_role("dialog").wait_for(state="detached")
    for words in ("hit", "onerror", hostile.payload("words for the palette")):
        watched.page.keyboard.press("Control+k")
        watched.page.get_by_role("dialog").wait_for()
        found = watched.page.get_by_role("dialog").get_by_role("combobox")
        with watched.page.expect_response(lambda r: "/reports?limit=8&search=" in r.url):
            found.fill(words)
        watched.look()
        found.fill("")  # in a field with words Escape takes the words out first
        watched.page.keyboard.press("Escape")
        watched.page.get_by_role("dialog").wait_for(state="detached")


def twins(watched: Watched, hostile: Hostile) -> None:
    """What the page leads to beside its views: answers of the API and files, which no browser takes for a page."""
    report, incident = hostile.reports[1], hostile.incidents[0]
    api = (f"reports/{report}", f"incidents/{incident}", "reports?search=hit", "jobs", "audit", "coders", "decisions", "settings/actors",
           "incidents/" + quote(hostile.payload('/an unknown incident'), safe=""))  # fmt: skip
    for path in api:
        watched.page.goto(f"{watched.address}/api/v1/{path}")
        watched.look()
    files = [f"/{name}.{kind}" for name in ("incidents", "reports", "queue", "jobs", f"reports/{report}", f"incidents/{incident}")
             for kind in ("json", "csv")]  # fmt: skip
    files += [f"/api/v1/export?format={form}&factuality=all" for form in ("csv", "geojson", "ucdp")]
    for path in files:
        answer = watched.context.request.get(watched.address + path)
        assert answer.ok, path
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-type"].startswith(("application/", "text/csv", "text/tab-separated-values")), path


def zoomable(watched: Watched, hostile: Hostile) -> None:
    """The map with tiles, which our own server answers with something else than tiles."""
    held = hostile.project.settings
    tiles = msgspec.structs.replace(held.review, tiles=f"{watched.address}/t/{{z}}/{{x}}/{{y}}.png")
    hostile.project.change_settings(msgspec.structs.replace(held, review=tiles))
    watched.go("/incidents?view=map&map=zoom&factuality=all&status=all")
    watched.page.wait_for_selector("text=/hit=\\d+/")
    canvas = watched.page.locator("canvas")
    if canvas.count():  # Chromium without WebGL falls back to the plain map
        canvas.first.hover()
    watched.look()
    watched.go("/settings")


def wrong_files(watched: Watched, hostile: Hostile, folder: Path) -> None:
    """Errors that name what was sent."""
    page, p = watched.page, hostile.payload
    rows = ((p("wrong header"),), ("id", "name"))
    for number, row in enumerate(rows):
        bad = folder / f"{number}{p('name of an upload')}.tsv".replace("/", "")
        bad.write_text("\t".join(row) + "\n", encoding="utf-8")
        page.get_by_label("A table of actors").set_input_files(bad)
        page.get_by_role("button", name="Upload").click()
        page.wait_for_selector("[role=alert]")
        watched.look()
    page.get_by_label("Second coder", exact=True).fill(" /" + p("wrong name") * 9)
    with page.expect_response(lambda r: r.request.method == "PATCH"):
        page.get_by_role("button", name="Save").first.click()
    watched.look()
    broken = hostile.project.folder / f"{p('name of a broken file')}.tsv".replace("/", "")
    broken.write_text(p("wrong table"), encoding="utf-8")
    held = hostile.project.settings
    hostile.project.change_settings(
        msgspec.structs.replace(held, coding=msgspec.structs.replace(held.coding, actors=broken.name))
    )
    watched.go("/settings")


def login(watched: Watched, hostile: Hostile) -> None:
    watched.go("/")
    fields = watched.page.locator("form input")
    fields.nth(0).fill(hostile.payload("name at the log-in"))
    fields.nth(1).fill("a password that is never shown")
    with watched.page.expect_response(lambda r: r.url.endswith("/login")):
        watched.page.keyboard.press("Enter")
    watched.look()
    assert urlsplit(watched.page.url).path == "/"
