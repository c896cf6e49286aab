from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.agreement.align import align, likeness
from histor.agreement.measure import agreement, alpha
from histor.model.records import Casualties, EventMention, Trigger
from tests.dossiers import mention


def at(start: int, number: int = 0, **changes: Any) -> EventMention:
    made = mention(number or start, trigger=Trigger("x" * 5, (start, start + 5)))
    return msgspec.structs.replace(made, **changes)


def test_alpha_of_krippendorffs_own_example() -> None:
    # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section A: two observers, binary data.
    one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    two = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    pairs = [(str(a), str(b)) for a, b in zip(one, two, strict=True)]
    found = alpha(pairs, "nominal")
    assert found is not None
    assert math.isclose(found, 0.095, abs_tol=0.001)


def test_alpha_is_undefined_without_variety() -> None:
    assert alpha([("a", "a")] * 5, "nominal") is None
    assert alpha([("a", "b")], "nominal") is None


def test_alignment_is_one_to_one_and_prefers_the_same_words() -> None:
    first = [at(0), at(100), at(900)]
    second = [at(104), at(2)]
    found = align(first, second)
    assert [(a.trigger.span[0], b.trigger.span[0]) for a, b in found.pairs] == [(0, 2), (100, 104)]
    assert [m.trigger.span[0] for m in found.missed] == [900]
    assert found.extra == ()


def test_far_apart_is_no_pair() -> None:
    assert likeness(at(0), at(5000)) == 0
    assert align([at(0)], [at(5000)]).pairs == ()


def test_a_coder_agrees_with_itself() -> None:
    types = ["ASSAULT", "PROTEST", "COERCE"]
    coded = {f"r{n}": [at(10, n + 1, event_type=types[n % 3]), at(200, n + 50)] for n in range(8)}
    found = agreement(coded, coded)
    assert (found.reports, found.aligned, found.missed, found.extra, found.f1) == (8, 16, 0, 0, 1.0)
    by_name = {f.name: f for f in found.fields}
    assert by_name["event_type"].value == 1.0
    assert by_name["event_type"].low == pytest.approx(1.0)
    assert by_name["place_km"].value == 0.0
    assert by_name["killed"].value is None  # all 14: no variety, α is not defined


def test_what_only_one_stated_is_counted_out() -> None:
    bare = {"r": [at(10, casualties=())]}
    told = {"r": [at(10, casualties=(Casualties("killed", 3, 3, 3, "exact", "unknown", "x", (0, 1)),))]}
    killed = next(f for f in agreement(bare, told).fields if f.name == "killed")
    assert (killed.used, killed.left_out["one stated"]) == (0, 1)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=20))
def test_alpha_is_symmetric_and_at_most_one(pairs: list[tuple[str, str]]) -> None:
    one, other = alpha(list(pairs), "nominal"), alpha([(b, a) for a, b in pairs], "nominal")
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert math.isclose(one, other, abs_tol=1e-9)
        assert one <= 1 + 1e-9
