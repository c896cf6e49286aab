from __future__ import annotations

import random

import numpy as np

from histor.matching.agencies import load_agencies
from histor.matching.origins import origins
from histor.matching.syndication import Text, alike, candidates, find_copies, overlap, roots, sketch
from histor.model.incidents import Copy
from histor.model.records import Report
from tests.tellings import report

WIRE = (
    "KHAR (Reuters) - A roadside bomb tore through a minibus near the town of Khar on Sunday, killing nine people, "
    "police and hospital officials said. The vehicle was carrying labourers to a brick kiln when the device went off. "
    "No group has said that it planted the bomb, but militants have attacked buses on the same road before."
)
CUT = (
    "Nine die on the road to the kiln\nA roadside bomb tore through a minibus near the town of Khar on Sunday, killing "
    "nine people, police and hospital officials said. The vehicle was carrying labourers to a brick kiln."
)
OWN = (
    "At least eight brick workers lost their lives when their minibus was blown up outside Khar, the district "
    "commissioner told this newspaper. The explosion left a crater two metres wide. A boy of twelve is among the dead."
)
LONGER = (
    "Our correspondent travelled to Khar on Monday and found the bazaar shut. Elders had called a jirga for the evening. "
    "The shopkeepers spoke of nothing but the road. " + WIRE[18:] + " In the hospital yard the families waited until "
    "dusk for the bodies. The provincial minister promised money and was shouted down. He left under guard after twenty "
    "minutes, and the families buried their dead without him."
)


def test_a_cut_and_re_led_text_is_a_copy_of_the_first() -> None:
    first, second = report(WIRE, "2014-03-02", "agency"), report(CUT, "2014-03-03", "daily")
    (found,) = find_copies([second, first])
    assert (found.report_id, found.copy_of) == (second.id, first.id)
    assert found.partial
    assert found.overlap > 0.5


def test_own_words_on_one_incident_are_no_copy() -> None:
    assert find_copies([report(WIRE), report(OWN)]) == []


def test_agency_text_inside_a_longer_report_is_a_partial_copy() -> None:
    (found,) = find_copies([report(LONGER, "2014-03-04"), report(WIRE, "2014-03-02")])
    assert found.partial
    assert found.copy_of == report(WIRE, "2014-03-02").id


def test_a_quoted_statement_alone_is_no_copy() -> None:
    words = (
        "“We condemn this cowardly attack on working people and will bring those who planned it before a court of law”"
    )
    one = report(
        f"The governor spoke in Khar. {words}, he said. Schools stay shut for the week and the bazaar as well."
    )
    two = report(
        f"In a statement the office of the governor said: {words}. Party leaders asked why no patrol was sent out."
    )
    assert find_copies([one, two]) == []


def test_reports_a_season_apart_are_not_compared() -> None:
    assert find_copies([report(WIRE, "2014-03-02"), report(CUT, "2014-09-02")]) == []


def test_the_order_of_reports_does_not_count_and_ties_go_by_id() -> None:
    one, two = report(WIRE, id_="a"), report(WIRE, id_="b")
    assert find_copies([one, two]) == find_copies([two, one])
    assert find_copies([one, two])[0].copy_of == "a"


def test_an_agency_comes_before_its_clients_of_the_same_day() -> None:
    client, agency = report(CUT, source="Daily", id_="a"), report(WIRE, source="Reuters", id_="b")
    assert find_copies([client, agency])[0].copy_of == "b"


def test_overlap_counts_words_in_stretches_and_bears_one_changed_word() -> None:
    one = Text("one two three four five six seven eight nine ten")
    assert overlap(one, Text("zero one two three four five six seven eight")).words == 8
    assert overlap(one, Text("zero one two three four five six seven zero")).words == 0
    changed = overlap(Text("a b c d e x g h i j k"), Text("a b c d e y g h i j k"))
    assert (changed.words, changed.share) == (11, 1.0)
    assert not changed.copied
    assert not overlap(Text("a b c"), Text("a b c")).copied


def test_stock_phrases_of_short_reports_make_no_copy() -> None:
    phrase = "the Syrian Observatory for Human Rights told reporters"
    one = report(f"Shells fell on a bakery and killed nine, {phrase}. Rescue teams dug until the evening.")
    two = report(f"A convoy of aid left the capital for the north, {phrase}. It was stopped twice on its way.")
    assert find_copies([one, two]) == []


def test_chains_of_copies_have_one_root() -> None:
    copies = [Copy("c", "b", 1.0, False, ""), Copy("b", "a", 1.0, False, "")]
    assert roots(copies) == {"b": "a", "c": "a"}


def test_twelve_reports_may_be_two_origins() -> None:
    wires = [report(WIRE.replace("(Reuters) ", ""), f"2014-03-{day:02}", f"paper {day}") for day in range(2, 8)]
    cuts = [report(CUT, f"2014-03-{day:02}", f"paper {day}") for day in range(3, 8)]
    own = report(OWN, "2014-03-02", "weekly")
    everything = [*wires, *cuts, own]
    assert len(everything) == 12
    assert len(set(origins(everything, find_copies(everything)).values())) == 2


def test_a_credited_agency_is_the_origin() -> None:
    one, two = report(WIRE, source="Daily"), report("TANK (Reuters) - Gunmen shot a teacher. He died.", source="Weekly")
    assert set(origins([one, two], []).values()) == {"agency:reuters"}


def test_agencies_are_read_in_datelines_and_credits() -> None:
    agencies = load_agencies()
    assert agencies.credited(report("MOSCOW, June 2 (AFP/Getty) - A bomb went off.")) == "afp"
    assert agencies.credited(report("AP – A bomb went off in the market.")) == "ap"
    assert agencies.credited(report("A bomb went off in the market. Source: Xinhua")) == "xinhua"
    assert agencies.credited(report("The app (which is free) counts steps.")) is None
    assert agencies.credited(report("A bomb went off, AFP was told by the police chief, who then rang off.")) is None
    assert agencies.is_agency("state news agency")
    assert not agencies.is_agency("evening paper")


def _many(n: int = 60) -> list[Report]:
    """Reports that take sentences from each other, some without a day."""
    rng, made = random.Random(7), []
    for k in range(n):
        parts = [rng.choice((WIRE, CUT, OWN, LONGER)).split(". ")[rng.randrange(2)] for _ in range(rng.randint(1, 3))]
        own = " ".join(rng.choice(OWN.split()) for _ in range(30))
        made.append(report(". ".join([own, *parts]), rng.choice([None, f"2014-03-{1 + k % 28:02}"]), id_=f"r{k:02}"))
    return made


def test_what_is_alike_holds_every_copy_and_its_originals() -> None:
    reports = _many()
    bands = {r.id: sketch(r.text, r.title) for r in reports}
    whole = find_copies(reports)
    assert len(whole) > 10
    for one in reports[:20]:
        near = alike({one.id}, bands)
        assert near == {k for pair in candidates(bands) if one.id in pair for k in pair} | {one.id}
        wider = alike(near, bands)
        found = find_copies([r for r in reports if r.id in wider], bands=bands)
        assert [c for c in found if c.report_id in near] == [c for c in whole if c.report_id in near]


def test_sentences_that_share_most_word_pairs_share_a_band_and_others_none() -> None:
    one, two = sketch(WIRE), sketch(WIRE.replace("labourers", "workers"))
    assert len(np.intersect1d(one, two)) > len(one) / 2
    assert len(np.intersect1d(one, sketch(OWN))) == 0
    assert len(sketch("Too short a text.")) == 0
    assert one.tolist() == sorted(set(one.tolist()))


def test_a_sentence_that_hundreds_have_leads_nowhere() -> None:
    bands = {f"r{k:03}": np.array([1, 10 + k], dtype=np.uint32) for k in range(201)}
    assert candidates(bands) == []
    assert alike({"r000"}, bands) == {"r000"}
    few = {key: bands[key] for key in list(bands)[:200]}
    assert len(candidates(few)) == 200 * 199 / 2
    assert alike({"r000"}, few) == few.keys()
    assert alike({"new"}, {}) == {"new"}
