"""Dates of pages: declared ones, those of bylines, and those that running text speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from histor.capture.inputs import InputOptions, read_inputs
from histor.model.records import Report

TEXT = "Rebels killed 12 soldiers near Goma on Monday, the army said, in the worst attack since {}. Many people fled the town."
DECLARED = "<meta property='article:published_time' content='2022-11-02T08:00:00Z'>"
LINKED = '<script type=\'application/ld+json\'>{"datePublished": "2022-11-02"}</script>'


def published(tmp_path: Path, since: str, head: str = "", byline: str = "", option: str | None = None) -> str | None:
    path = tmp_path / "page.html"
    text = f"<p>{TEXT.format(since)}</p>"
    path.write_text(
        f"<html><head><title>Attack near Goma</title>{head}</head><body><article><h1>Attack near Goma</h1>{byline}"
        f"{text}{text}</article><footer>Copyright 2015</footer></body></html>"
    )
    (report,) = read_inputs([str(path)], InputOptions(published=option))
    assert isinstance(report, Report), str(report)
    return report.published


@pytest.mark.parametrize("since", ["12 March 2009", "March 12, 2009", "2009-03-12", "12/03/2009", "last year"])
def test_a_date_in_the_text_is_not_the_page_s(since: str, tmp_path: Path) -> None:
    assert published(tmp_path, since) is None
    assert published(tmp_path, since, option="2022-11-02") == "2022-11-02"


@pytest.mark.parametrize(
    "head", [DECLARED, LINKED, "<link rel=canonical href='https://example.org/2022/11/02/a.html'>"]
)
def test_a_declared_date_is_its_own(head: str, tmp_path: Path) -> None:
    assert published(tmp_path, "12 March 2009", head) == "2022-11-02"
    assert published(tmp_path, "12 March 2009", head, option="2020-01-01") == "2022-11-02"


@pytest.mark.parametrize("byline", ["<time datetime='2022-11-02'>2 Nov</time>", "<p class='date'>2 November 2022</p>"])
def test_a_byline_stands_in_where_nothing_better_is_known(byline: str, tmp_path: Path) -> None:
    assert published(tmp_path, "12 March 2009", byline=byline) == "2022-11-02"
    assert published(tmp_path, "12 March 2009", byline=byline, option="2020-01-01") == "2020-01-01"
