"""Numbers as the words beside them leave them; parsed by the shipped engine, since the parse is what they rest on."""

from __future__ import annotations

import pytest

from histor.coding.coder import Coder
from histor.engines.table import load_engine
from histor.estimates.tolls import telling_toll
from histor.model.records import CodedReport, Report

Counts = dict[str, int | None]


def coded(text: str) -> CodedReport:
    report = Report("r", None, "2021-08-24", None, "en", text)
    return Coder().code(report, load_engine("embedded").annotate(report.text))


@pytest.mark.parametrize(
    ("text", "trigger", "counts"),
    [
        ("On Tuesday, more shells fell on Karam without causing deaths.", "fell", {"killed": 0}),
        ("Gunmen shot dead three customs men and a guide near Bassikounou.", "shot dead", {"killed": 4}),
        ("A drone struck a van in Goris, killing the driver and his assistant.", "struck", {"killed": 2}),
        ("Gunmen fired on a bus, wounding two travellers and two Egyptians.", "fired on", {"injured": 4}),
        ("Mortar shells fired at a hotel killed a civilian and injured 14 others.", "fired", {"killed": 1, "injured": 14}),
        ("The toll from a rocket strike on a fuel depot in the port city of Sabra has risen to 18.", "strike", {"killed": 18}),
        ("Rebels attacked two posts; the army said 14 rebels died and the bodies of six soldiers were found.", "attacked", {"killed": 20}),
    ],
)  # fmt: skip
def test_tolls(text: str, trigger: str, counts: Counts) -> None:
    found = [m for m in coded(text).event_mentions if trigger in m.trigger.text]
    tolls = {kind: telling_toll(found, kind) for kind in counts}
    assert {kind: toll.best if toll else None for kind, toll in tolls.items()} == counts


def test_each_attack_has_its_own_dead() -> None:
    text = "Warplanes bombed camps on Wednesday, killing four people, two days after an attack in which 13 villagers were killed."
    found = {m.trigger.text: telling_toll([m]) for m in coded(text).event_mentions}
    assert {k: t.best for k, t in found.items() if t} == {"bombed": 4, "attack": 13}
