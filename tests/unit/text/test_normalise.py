from __future__ import annotations

from histor.text.normalise import normalise


def test_line_ends_and_byte_order_mark() -> None:
    assert normalise("\ufeffa\r\nb\rc\n") == "a\nb\nc\n"


def test_composes_letters() -> None:
    assert normalise("Re\u0301publique") == "République"


def test_unstorable_characters_are_replaced_one_for_one() -> None:
    assert normalise("a\x00b\ud800c") == "a\ufffdb\ufffdc"


def test_everything_else_stays() -> None:
    text = "“Quote” — 12\u00a0dead … عربي 🙂\t\u200b"
    assert normalise(text) == text
