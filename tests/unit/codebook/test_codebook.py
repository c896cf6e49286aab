from __future__ import annotations

from histor.codebook.codebook import load_codebook

BOOK = load_codebook()


def test_sub_event_types_of_an_event_type_are_those_of_the_crosswalk() -> None:
    assert "Air/drone strike" in BOOK.allowed_sub_events("ASSAULT")
    assert "Agreement" not in BOOK.allowed_sub_events("ASSAULT")
    assert "Disrupted weapons use" in BOOK.allowed_sub_events("COERCE")
    assert BOOK.allowed_sub_events("REJECT") == frozenset()


def test_every_row_of_the_crosswalk_names_what_the_codebook_has() -> None:
    for rule in BOOK.crosswalk:
        assert rule.sub in BOOK.acled
        assert set(rule.modes) <= {"", *BOOK.modes[rule.type]}
        assert rule.modes or rule.proposed


def test_the_crosswalk_by_event_type_is_the_crosswalk() -> None:
    for type_ in BOOK.modes:
        rows = [r for r in BOOK.crosswalk if r.type == type_]
        assert list(BOOK.crosswalk_of.get(type_, ())) == rows
        for mode in filter(None, BOOK.modes[type_]):
            found = BOOK.sub_events_of_mode.get((type_, mode), ())
            assert found == tuple(sorted({r.sub for r in rows if mode in r.modes}))


def test_plover_has_intentions_as_events_of_their_own() -> None:
    assert BOOK.in_plover("AID", "planned") == "AGREE"
    assert BOOK.in_plover("SANCTION", "threatened") == "THREATEN"
    assert BOOK.in_plover("SANCTION", "actual") == "SANCTION"
    assert BOOK.in_plover("REQUEST", "planned") == "REQUEST"
    assert set(BOOK.intended) | set(BOOK.intended.values()) <= set(BOOK.modes)
