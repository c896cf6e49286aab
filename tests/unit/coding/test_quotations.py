from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.coding.quotations import find_quotations


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “we lost” and left.", ["“we lost”"]),
        ('"One," he said. "Two."', ['"One,"', '"Two."']),
        ("Nothing here.", []),
        ("“They came.\n\n“They burned it,” she said.", ["“They came.", "“They burned it,”"]),
        ("''We saw smoke,'' he said.", ["''We saw smoke,''"]),
        ("”Our house is gone,” she said.", ["”Our house is gone,”"]),
        ("“It fell. “It burned,” she said.", ["“It fell. ", "“It burned,”"]),
    ],
)
def test_quotations(text: str, quoted: list[str]) -> None:
    assert [text[q.start : q.end] for q in find_quotations(text)] == quoted


def test_a_paragraph_ends_an_open_quotation() -> None:
    first, second = find_quotations("“They came.\n\n“They burned it,” she said.")
    assert (first.closed, second.closed) == (False, True)
    assert (first.words, second.words) == (2, 3)


@given(st.text("ab .\n“”\"'", max_size=60))
def test_quotations_lie_apart_and_in_order(text: str) -> None:
    found = find_quotations(text)
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
