"""A page in a real browser on a served project; the fixtures are those of `tests.web.test_browser`."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from histor.web.app import PAGE
from tests.web.test_browser import address, browser, page, project

__all__ = ["address", "browser", "page", "project"]

LACKING = shutil.which("chromium") is None or not (PAGE / "index.html").is_file()


def here(page: Any) -> str:
    """The page's address as the browser has it now; `page.url` is what the last event told."""
    return str(page.evaluate("location.href"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = pytest.mark.skip(reason="needs Debian's chromium and the built page (make browser brings both where it can)")
    for item in items:
        if LACKING and "tests/browser" in str(item.path):
            item.add_marker(skip)
