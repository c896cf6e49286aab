from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.resolve.quantities import _EXPRESSION, _quantity, find_quantities, parse_number, parse_quantity

CASES = [
    ("at least 12 people", "at least 12", 12, 12, None, "at_least"),
    ("more than 1,200", "more than 1,200", 1200, 1200, None, "at_least"),
    ("no fewer than six", "no fewer than six", 6, 6, None, "at_least"),
    ("10 or more", "10 or more", 10, 10, None, "at_least"),
    ("up to 30", "up to 30", None, None, 30, "at_most"),
    ("as many as 40", "as many as 40", None, None, 40, "at_most"),
    ("nearly 30", "nearly 30", None, 30, 30, "about"),
    ("around a dozen", "around a dozen", 12, 12, 12, "about"),
    ("some 40", "some 40", 40, 40, 40, "about"),
    ("between 10 and 15", "between 10 and 15", 10, None, 15, "between"),
    ("12-15 men", "12-15", 12, None, 15, "between"),
    ("two or three", "two or three", 2, None, 3, "between"),
    ("dozens of civilians", "dozens of", 24, None, 99, "vague"),
    ("scores were hurt", "scores", 40, None, 99, "vague"),
    ("several hundred", "several hundred", 300, None, 999, "vague"),
    ("tens of thousands of people", "tens of thousands of", 20_000, None, 99_999, "vague"),
    ("no casualties", "no", 0, 0, 0, "exact"),
    ("300 Taliban", "300", 300, 300, 300, "exact"),
    ("a farmer", "a", 1, 1, 1, "exact"),
    ("half a dozen", "half a dozen", 6, 6, 6, "exact"),
    ("3 lakh people", "3 lakh", 300_000, 300_000, 300_000, "exact"),
    ("twenty-five", "twenty-five", 25, 25, 25, "exact"),
]


@pytest.mark.parametrize(("text", "words", "low", "best", "high", "wording"), CASES)
def test_expressions(text: str, words: str, low: int | None, best: int | None, high: int | None, wording: str) -> None:
    found = parse_quantity(text)
    assert found is not None
    assert (text[found.start : found.end], found.low, found.best, found.high, found.wording) == (
        words,
        low,
        best,
        high,
        wording,
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one hundred and fifty", 150),
        ("two thousand three hundred", 2300),
        ("1.2 million", 1_200_000),
        ("12 lakh", 1_200_000),
        ("1.5", None),
        ("soldiers", None),
        ("1,2345", None),
        ("12,34", None),
        ("1,00,000", 100_000),
        ("0.3 million", 300_000),
        ("999999999999", 999_999_999_999),
        ("9" * 23, None),
        ("9" * 400, None),
        ("9" * 5000, None),
        ("hundred " * 3000, None),
    ],
)
def test_numbers(text: str, value: int | None) -> None:
    assert parse_number(text) == value


def test_several_in_one_sentence() -> None:
    text = "The blast killed 12 and wounded more than 30."
    assert [text[q.start : q.end] for q in find_quantities(text)] == ["12", "more than 30"]


@pytest.mark.parametrize("text", ["$300", "40%", "B-52s", "soldiers", "1,2345 soldiers", "9" * 400 + " soldiers"])
def test_what_is_no_count(text: str) -> None:
    assert [q for q in find_quantities(text) if q.wording != "exact" or q.low] == []


def test_expressions_may_break_over_lines_and_ages_are_no_counts() -> None:
    (found,) = find_quantities("hundreds\nof thousands fled")
    assert found.wording == "vague"
    assert not find_quantities("a 16-year-old")[1:]
    assert [q.best for q in find_quantities("16 year-old boys and 3 men")] == [3]


@given(
    st.lists(
        st.sampled_from(
            "at least some two hundred and thirty 5 to 1,200 or more no one between from a dozen half dozens of 2-3 $5 9 up As "
            "thousands nearly 10-year-old the other , . 1,20 years % the about SCORES twenty-five x7 approx. children".split()
        ),
        max_size=30,
    ),
    st.sampled_from([" ", "", "-"]),
    st.integers(0, 40),
)
def test_no_expression_is_missed_for_how_it_begins(words: list[str], gap: str, start: int) -> None:
    text = " ".join(words[:15]) + gap + gap.join(words[15:])
    everywhere = (_quantity(m) for m in _EXPRESSION.finditer(text, start, len(text)))
    assert find_quantities(text, start) == [q for q in everywhere if q is not None]
