from __future__ import annotations

import pytest

from histor.text.tokens import word_spans


def words(text: str) -> list[str]:
    return [text[a:b] for a, b in word_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army's men didn't fire.", ["The", "army", "'s", "men", "did", "n't", "fire", "."]),
        ("U.S.-led coalition", ["U.S.", "-", "led", "coalition"]),
        ("anti-Taliban fighters", ["anti-Taliban", "fighters"]),
        ("They cannot stop", ["They", "can", "not", "stop"]),
        ("Gen. Smith, 1,200 men", ["Gen.", "Smith", ",", "1,200", "men"]),
        ("He said no. Then", ["He", "said", "no", ".", "Then"]),
        ("No. 12 brigade", ["No.", "12", "brigade"]),
        ("on 2021-08-24 at 14:30", ["on", "2021-08-24", "at", "14:30"]),
        ("$3m and 40%", ["$", "3", "m", "and", "40", "%"]),
        ("“martyrs”—they’re", ["“", "martyrs", "”", "—", "they", "’re"]),
        ("see www.un.org/press.", ["see", "www.un.org/press", "."]),
        ("Raqa.The", ["Raqa", ".", "The"]),
        ("5km", ["5", "km"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_spans_count_from_the_whole_text() -> None:
    text = "First. Second one."
    assert [text[a:b] for a, b in word_spans(text, 7)] == ["Second", "one", "."]
