"""A release made on the page: filled in, written as a job, downloaded, and sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from histor.jobs.verify import verify_release
from tests.browser.test_side_by_side import serious
from tests.web.test_browser import settled, until


def test_a_release_is_made_on_the_page(page: Any, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/release?country=AFG")
    form = page.get_by_role("form", name="Release")
    form.get_by_label("Title").fill("War in two valleys")
    form.get_by_label("Version").fill("1 0")
    form.get_by_role("button", name="Make the release").click()
    settled(page)
    assert page.evaluate("location.pathname") == "/release"  # a version has no blank: the form says so
    form.get_by_label("Version").fill("1.0")
    form.get_by_label("Authors").fill("Ann Lee; Bo Ek")
    assert serious(page) == []
    assert "--title 'War in two valleys' --as 1.0 --country 'AFG'" in page.locator("main > p > code").last.inner_text()
    form.get_by_role("button", name="Make the release").click()
    row = page.locator("tr:has(td:text-is('release'))")
    row.get_by_text("done", exact=True).wait_for(timeout=120_000)
    until(lambda: "War in two valleys 1.0" in row.inner_text())
    with page.expect_download() as download:
        row.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "war-in-two-valleys-1.0.zip"
    path = tmp_path / "release.zip"
    download.value.save_as(path)
    assert list(verify_release(path)) == []
