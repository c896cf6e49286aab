"""The readable table: what others wrote is shown as it is, and drives no terminal."""

from __future__ import annotations

import io

import msgspec
import pytest

from histor.cli.tables import ReadableTable
from histor.model.records import Actor, Attribution, CodedReport, Date, EventMention, Place, Report, Trigger

MENTION = EventMention(
    "m1", None, 0, Trigger("killed", (0, 6)), "ASSAULT", None, (), None, None, (), (), None, None, (), (), (),
    "actual", (), 0.5, "embedded/1.0.0", (),
)  # fmt: skip


def shown(text: str, width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """A table in which `text` stands wherever others' words can stand."""
    monkeypatch.setenv("COLUMNS", str(width))
    mention = msgspec.structs.replace(
        MENTION, trigger=Trigger(text, (0, 1)), actors=(Actor(text, (0, 1), name=text),), recipients=(Actor(text, (0, 1)),),
        place=Place(text, (0, 1)), date=Date(text, (0, 1)), attribution=(Attribution(text, "media"),),
    )  # fmt: skip
    out = io.BytesIO()
    table = ReadableTable(out)
    table.write(CodedReport(Report("r1", text, None, text, "en", "Text."), (mention,), ()))
    table.write(CodedReport(Report("r2", text, None, None, "en", text), (), ()))
    table.close()
    return out.getvalue().decode()


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("text", ["Radio [/x]", ":fire:", "[bold]A[/bold]", "[link=x]y"])
def test_markup_and_emoji_codes_are_plain_text(text: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shown(text, width, monkeypatch)
    assert found.count(text) == 10
    assert f"{text} [media]" in found


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("code", ["\x1b[31m", "\x9b31m", "\x07", "\x7f", "\x08"])
def test_control_codes_become_visible(code: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shown(f"a{code}b", width, monkeypatch).replace("\n", "")
    assert code[0] not in found
    assert found.isprintable()


def test_a_width_that_is_no_number_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "wide")
    assert ReadableTable(io.BytesIO()).console.width == 140
