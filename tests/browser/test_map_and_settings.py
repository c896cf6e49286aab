"""The maps with their twins, a tile address of the user's own, and the settings."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from histor.resolve.actor_file import COLUMNS
from histor.store.project import Project
from histor.store.settings import ReviewSettings
from tests.browser.conftest import here
from tests.web.test_browser import listening, settled, until

# One white point, a PNG by hand.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d4944415478da63fcffff3f030005fe02fea7d6059b0000000049454e44ae426082".replace(
        " ", ""
    )
)


@pytest.fixture
def tiles() -> Iterator[tuple[str, list[str]]]:
    """A tile server on another port, with what it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("content-type", "image/png")
            self.send_header("access-control-allow-origin", "*")
            self.end_headers()
            self.wfile.write(PNG)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/t/{{z}}/{{x}}/{{y}}.png", asked
    server.shutdown()


def test_the_twin_of_the_map_holds_what_it_draws(page: Any, address: str) -> None:
    page.goto(f"{address}/incidents?view=map&factuality=all")
    page.wait_for_selector("svg a[data-incident]")
    settled(page)
    drawn = {a.get_attribute("data-incident") for a in page.locator("svg a[data-incident]").all()}
    unplaced = {
        str(a.get_attribute("href")).split("/")[-1]
        for a in page.locator("section[aria-label='Incidents without a place'] a").all()
    }
    page.get_by_role("button", name="As a table").click()
    page.wait_for_selector("caption:text('The incidents of the map')", state="attached")
    settled(page)
    rows = {str(a.get_attribute("href")).split("/")[-1] for a in page.locator("tbody a").all()}
    assert rows == drawn | unplaced
    assert not drawn & unplaced


def test_where_one_looks_stands_in_the_address(page: Any, address: str) -> None:
    page.goto(f"{address}/incidents?view=map")
    settled(page)
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    until(lambda: "zoom=1.96" in here(page))
    settled(page)
    before = transform(page)
    page.reload()
    page.wait_for_selector("svg a[data-incident]")
    until(lambda: transform(page) == pytest.approx(before, rel=0.01))


def transform(page: Any) -> list[float]:
    return [float(n) for n in re.findall(r"-?[0-9.]+", page.locator("svg > g").first.get_attribute("transform"))]


def test_the_library_of_the_zoomable_map_is_not_loaded_unasked(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(f"{address}/incidents?view=map")
    page.wait_for_selector("svg a[data-incident]")
    settled(page)
    assert not [u for u in asked if "maplibre" in u or "ZoomMap" in u]


def test_tiles_come_from_the_chosen_address_and_from_no_other(
    browser: Any, address: str, project: Project, tiles: tuple[str, list[str]]
) -> None:
    template, asked = tiles
    project.change_settings(
        msgspec.structs.replace(project.settings, review=ReviewSettings(tiles=template, tiles_credit="<b>us"))
    )
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    others: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    own = (address, template.split("{")[0], "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else others.append(r.url))
    page.goto(f"{address}/incidents?view=map")
    page.wait_for_selector("[data-ready=true]", timeout=60_000)
    until(lambda: len(asked) > 0, 60)
    page.wait_for_selector("text=Map: <b>us.")
    blocked = page.evaluate("fetch('http://127.0.0.1:9/t/0/0/0.png').then(() => 'sent', () => 'refused')")
    assert blocked == "refused"
    assert all(path.startswith("/t/") and path.endswith(".png") for path in asked)
    assert others == []
    assert [w for w in wrong if "Content Security Policy" not in w or "127.0.0.1:9/" not in w] == []
    page.get_by_role("button", name="Filter by this view").click()
    until(lambda: "box=" in here(page))
    page.get_by_role("button", name="Plain map").click()
    page.wait_for_selector("svg a[data-incident]")
    context.close()


def test_settings_say_what_is_wrong_and_hold_what_is_right(
    browser: Any, address: str, project: Project, tmp_path: Path
) -> None:
    page = listening(browser.new_context().new_page())
    page.goto(f"{address}/settings")
    settled(page)
    bad, good = tmp_path / "bad.tsv", tmp_path / "good.tsv"
    head = "\t".join(COLUMNS) + "\n"
    bad.write_text(f"{head}Xyz\tNo Id\t\tCOD\tREB\tarmed_group\n")
    good.write_text(f"{head}xyz.river-guard\tRiver Guard\tRG\tCOD\tREB\tarmed_group\n")
    page.get_by_label("A table of actors").set_input_files(bad)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_selector("[role=alert]:has-text('the file:2')")
    assert project.settings.coding.actors is None
    page.get_by_label("A table of actors").set_input_files(good)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Code those that are there again").wait_for()
    assert project.settings.coding.actors is not None
    settled(page)  # what the settings answer would overwrite what is typed
    page.get_by_label("Second coder", exact=True).fill("bo")
    page.get_by_label("Percent of the reports").fill("50")
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_selector("text=/given out/")
    assert project.settings.review.second_coder == "bo"
    page.get_by_label("Words in code").fill("convoy near the dam")
    page.wait_for_selector("text=/^1 of /")
    page.get_by_role("button", name="Estimate by conservative").click()
    page.wait_for_selector("td:text-is('estimate')")
    page.wait_for_selector("tr:has(td:text-is('estimate')) >> text=done", timeout=60_000)
    page.context.close()
