"""The whole of histor in one call, and what it says when it cannot start."""

from __future__ import annotations

import sys

import pytest

from histor.jobs.coding import Coding, code_text
from histor.model.errors import ConfigError, InputError

TEXT = "Rebels killed 12 soldiers near Goma on Monday, the army said."


@pytest.mark.parametrize("given", ["20221102", "2022-11-02T10:00:00Z", "2 November 2022"])
def test_the_publication_date_is_parsed(given: str) -> None:
    coded = code_text(TEXT, published=given)
    assert coded.report.published == "2022-11-02"
    date = coded.event_mentions[0].date
    assert date is not None
    assert date.earliest == "2022-10-31"


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(InputError, match="'soon' cannot be read"):
        code_text(TEXT, published="soon")


def test_a_date_line_alone_has_no_event_mentions() -> None:
    assert code_text("date 2021-08-24").event_mentions == ()


def test_an_engine_that_cannot_be_imported_is_a_matter_for_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.startswith("histor.engines.embedded")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigError, match="histor doctor"):
        Coding.load()
