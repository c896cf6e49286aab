"""The stance report: counts put together by outlet, rates with their intervals."""

from __future__ import annotations

import math

import pytest

from histor.capture.inputs import InputOptions, make_report
from histor.coding.voices import Deed, LoadedUse, ReportStance, TollRelayed
from histor.jobs.coding import Coding
from histor.jobs.stance import UNNAMED, by_outlet, observed, per_thousand, share


def use(term: str, stance: str = "against", about: str | None = None, own: bool = True) -> LoadedUse:
    return LoadedUse(term, term, (0, 1), stance, about, own)


def report(source: str | None, *uses: LoadedUse, words: int = 1000) -> ReportStance:
    tolls = (TollRelayed("a monitor", "ngo", 3),)
    deeds = (Deed("kill", "civilians", False, True), Deed("kill", "civilians", True, False))
    return ReportStance(source, words, words, uses, tolls, deeds)


def test_only_own_voice_counts() -> None:
    outlet = by_outlet([report("A", use("terrorist"), use("terrorist", own=False))])[0]
    assert (outlet.loaded_against.count, outlet.loaded_for.count) == (1, 0)
    assert [t.count for t in outlet.terms] == [1]


def test_outlets_apart_and_the_larger_first() -> None:
    outlets = by_outlet([report("B"), report("A"), report("A"), report(None)])
    assert [(o.outlet, o.reports) for o in outlets] == [("A", 2), (UNNAMED, 1), ("B", 1)]


def test_blame_and_praise_by_party() -> None:
    outlet = by_outlet([report("A", use("regime", about="Syria"), use("hero", "for", "Syria"))])[0]
    assert outlet.about == {"Syria": {"against": 1, "for": 1}}


def test_deeds_without_a_doer() -> None:
    rate = by_outlet([report("A")])[0].deeds_without_doer["civilians"]
    assert (rate.count, rate.size, rate.rate) == (1, 2, 0.5)


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.39)])
def test_poisson_interval_is_near_the_exact_one(count: int, low: float, high: float) -> None:
    # Exact limits of the Poisson mean, from tables; Byar's approximation is within 0.1 of them.
    rate = per_thousand(count, 1000)
    assert math.isclose(rate.low, low, abs_tol=0.1)
    assert math.isclose(rate.high, high, abs_tol=0.1)


@pytest.mark.parametrize(
    ("count", "size", "low", "high"), [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (0, 0, 0.0, 1.0)]
)
def test_wilson_interval(count: int, size: int, low: float, high: float) -> None:
    rate = share(count, size)
    assert math.isclose(rate.low, low, abs_tol=0.001)
    assert math.isclose(rate.high, high, abs_tol=0.001)


def seen(coding: Coding, text: str, source: str = "Daily") -> ReportStance:
    options = InputOptions(source=source)
    found = next(iter(observed(coding, [make_report({"text": text}, text.encode(), options, "text")])))
    assert isinstance(found, ReportStance)
    return found


def test_quoted_and_reported_words_are_not_the_outlets(coding: Coding) -> None:
    text = (
        "Terrorists attacked the town of Duru on Monday. The army said that terrorists had attacked the bridge. "
        "“The terrorists will pay,” the minister said."
    )
    found = seen(coding, text)
    assert [u.own_voice for u in found.loaded if u.term == "terrorist"] == [True, False, False]
    assert found.own_words < found.words


def test_whom_a_loaded_word_is_used_for(coding: Coding) -> None:
    found = seen(coding, "Taliban terrorists attacked the town of Duru on Monday.")
    assert [(u.term, u.about) for u in found.loaded] == [("terrorist", "Taliban")]


def test_a_passive_without_an_agent_has_no_doer(coding: Coding) -> None:
    without = seen(coding, "Ten villagers were shot in Duru on Monday.")
    named = seen(coding, "Soldiers shot ten villagers in Duru on Monday.")
    assert [d.agent for d in without.deeds] == [False]
    assert [d.agent for d in named.deeds] == [True]
    assert {d.victims for d in (*without.deeds, *named.deeds)} == {"civilians"}


def test_whose_tolls(coding: Coding) -> None:
    found = seen(coding, "Ten soldiers were killed in an ambush near Duru on Monday, a monitor said.")
    assert [(t.type, t.killed) for t in found.tolls] == [("ngo", 10)]
