from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from histor.estimates.accounts import Source, accounts, read_vague, replace_number, running_total, vague_table
from histor.estimates.rules import CREDIBLE, RULES, compare, death_columns, estimate, estimates
from histor.model.errors import ConfigError
from histor.model.records import Claim
from tests.tellings import claim, toll

SOURCES = {r: Source(r, f"2021-08-2{n}", f"outlet {r}") for n, r in enumerate("abcdef")}


def numbers(claims: list[Claim], rule: str = "ucdp", **more: object) -> tuple[int | None, int | None, int | None]:
    found = estimate(claims, "killed", SOURCES, rule=rule, **more)  # type: ignore[arg-type]
    assert found is not None
    return found.low, found.best, found.high


ANDARAB = [
    claim("a", 300, "a resistance spokesman", "party"),
    claim("b", 50, "a health official", "medical"),
    claim("c", 50, "a governor", "official"),
]


def test_the_rules_differ_where_accounts_do() -> None:
    assert numbers(ANDARAB, "ucdp") == (50, 50, 50)
    assert numbers(ANDARAB, "conservative") == (50, 50, 300)
    assert numbers(ANDARAB, "independent_majority") == (50, 50, 300)
    assert numbers(ANDARAB, "manual") == (None, None, None)


def test_what_is_left_out_says_why_and_the_conflict_stays_visible() -> None:
    found = estimate(ANDARAB, "killed", SOURCES)
    assert found is not None
    assert found.disputed
    assert set(found.claims_used) == {ANDARAB[1].id, ANDARAB[2].id}
    assert [(x.claim, x.why) for x in found.claims_left_out] == [(ANDARAB[0].id, "a party's word while others speak")]


def test_every_claim_is_used_or_left_out_once() -> None:
    for rule in RULES:
        found = estimate(ANDARAB, "killed", SOURCES, rule=rule)
        assert found is not None
        named = [*found.claims_used, *(x.claim for x in found.claims_left_out)]
        assert sorted(named) == sorted(c.id for c in ANDARAB)


def test_a_party_is_heard_where_nobody_else_speaks() -> None:
    assert numbers(ANDARAB[:1]) == (300, 300, 300)


def test_a_later_count_of_one_speaker_supersedes_the_earlier() -> None:
    rising = [claim(r, n, "the interior ministry") for r, n in zip("abc", (7, 18, 22), strict=True)]
    found = estimate(rising, "killed", SOURCES)
    assert found is not None
    assert (found.low, found.best, found.high) == (22, 22, 22)
    assert not found.disputed
    assert all("superseded" in x.why for x in found.claims_left_out)


def test_an_outlet_that_corrects_itself_speaks_last() -> None:
    sources = {"a": Source("a", "2021-08-20", "radio"), "b": Source("a", "2021-08-21", "radio")}
    found = estimate([claim("a", 9), claim("b", 4)], "killed", sources)
    assert found is not None
    assert found.best == 4


def test_copies_of_one_text_have_one_vote() -> None:
    sources = {r: Source("a", f"2021-08-2{n}") for n, r in enumerate("abc")} | {r: Source(r) for r in "de"}
    said = [claim(r, 40, "police") for r in "abc"] + [
        claim("d", 12, "a doctor", "medical"),
        claim("e", 12, "elders", "witness"),
    ]
    found = estimate(said, "killed", sources, rule="independent_majority")
    assert found is not None
    assert found.best == 12
    assert sum("same account" in x.why for x in found.claims_left_out) == 2


def test_a_running_total_never_counts() -> None:
    weekly = claim("c", 140, "police")
    found = estimate([*ANDARAB[1:2], weekly], "killed", SOURCES, totals=[weekly.id])
    assert found is not None
    assert found.high == 50
    assert "running total" in found.claims_left_out[0].why


@pytest.mark.parametrize(
    "sentence",
    [
        "The blast killed six, bringing to 40 the number killed this week.",
        "More than 40 people have been killed since January.",
        "Fighting has left 40 dead over the past five days.",
        "All told, 40 villagers have been slain in the district.",
        "At least 40 children died in the last two months, the agency said.",
    ],
)
def test_running_totals_are_known_by_their_words(sentence: str) -> None:
    at = sentence.index("40")
    assert running_total(sentence, (at, at + 2))


@pytest.mark.parametrize(
    "sentence",
    [
        "A bomb killed 40 people in the market on Monday.",
        "The raid killed 40 people; more than 200 have died since January.",
        "The toll has risen to 40, doctors said.",
        "At least 40 people died in the morning, and 200 in all were hurt.",
    ],
)
def test_a_toll_of_one_incident_is_no_running_total(sentence: str) -> None:
    at = sentence.index("40")
    assert not running_total(sentence, (at, at + 2))


def test_denials_and_plans_give_no_toll() -> None:
    said = [
        claim("a", 9, "police"),
        claim("b", 0, "the army", factuality="denied"),
        claim("c", 99, factuality="forecast"),
    ]
    found = estimate(said, "killed", SOURCES)
    assert found is not None
    assert (found.low, found.best, found.high) == (9, 9, 9)
    assert sorted(x.why for x in found.claims_left_out) == [
        "denied by who says it",
        "told as forecast, not as having happened",
    ]


def test_nothing_but_denials_leaves_an_estimate_without_numbers() -> None:
    found = estimate([claim("b", 5, factuality="denied")], "killed", SOURCES)
    assert found is not None
    assert (found.low, found.best, found.high) == (None, None, None)
    assert estimate([], "killed", SOURCES) is None


def test_zero_is_a_toll() -> None:
    assert numbers([claim("a", 0, "police")]) == (0, 0, 0)


def test_bounds_stay_open_where_words_leave_them_open() -> None:
    least = claim("a", 12, "police", high=None, wording="at_least")
    most = claim("b", None, "a doctor", "medical", low=None, high=30, wording="at_most")
    assert numbers([least]) == (12, 12, 12)
    assert numbers([least, most], "conservative") == (12, 12, 30)


def test_vague_words_are_read_by_a_named_table() -> None:
    dozens = claim("a", None, "police", low=24, high=99, wording="vague", text="dozens of people")
    assert numbers([dozens], vague="ucdp") == (24, 24, 99)
    assert numbers([dozens], vague="acled") == (12, 12, 99)
    with pytest.raises(ConfigError, match="Known: acled, ucdp"):
        vague_table("gdelt")
    odd = replace_number(toll(5, wording="vague", text="a clutch of men"), 5, None, 8)
    assert read_vague(odd, vague_table("ucdp")).best == 5


def test_a_person_s_value_replaces_the_machine_s_and_is_the_manual_estimate() -> None:
    machine, person = claim("a", 50, "police"), claim("a", 15, "police", rule="decision abc", coder="ann")
    assert numbers([machine, person], "manual") == (15, 15, 15)
    assert numbers([machine, person], "ucdp") == (15, 15, 15)


def test_unknown_rules_are_named() -> None:
    with pytest.raises(ConfigError, match="no rule is called 'mean'"):
        estimate(ANDARAB, "killed", SOURCES, rule="mean")


def test_columns_of_the_dead_add_up_to_the_best_estimate() -> None:
    said = [
        claim("a", 5, "a doctor", "medical", who="actors", span=(0, 5)),
        claim("a", 8, "a doctor", "medical", who="recipients", span=(10, 15)),
        claim("b", 3, "police", who="civilians"),
    ]
    columns = death_columns(said, SOURCES)
    assert columns == {"deaths_a": 5, "deaths_b": 8, "deaths_civilians": 0, "deaths_unknown": 0}
    assert numbers(said)[1] == 13
    assert sum(death_columns([], SOURCES).values()) == 0


def test_the_table_of_rules_has_a_row_a_rule() -> None:
    assert [(e.rule, e.best) for e in compare(ANDARAB, SOURCES)] == [
        ("ucdp", 50), ("conservative", 50), ("independent_majority", 50), ("manual", None),
    ]  # fmt: skip
    assert list(estimates([*ANDARAB, claim("a", 3, property="injured")], SOURCES)) == ["killed", "injured"]


_NUMBER = st.integers(0, 500)
_CLAIMS = st.lists(
    st.builds(
        lambda r, a, b, c, s, t, w, f: claim(
            r, sorted((a, b, c))[1], s, t, low=sorted((a, b, c))[0], high=sorted((a, b, c))[2], who=w, factuality=f
        ),
        st.sampled_from("abcdef"), _NUMBER, _NUMBER, _NUMBER, st.sampled_from(["police", "a doctor", "the rebels", None]),
        st.sampled_from(CREDIBLE), st.sampled_from(["actors", "recipients", "civilians", "unknown"]),
        st.sampled_from(["claimed", "actual", "denied"]),
    ),
    max_size=8,
    unique_by=lambda c: c.id,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(_CLAIMS, st.sampled_from(sorted(RULES)), st.randoms(use_true_random=False))
def test_low_best_high_are_in_order_and_the_order_of_claims_does_not_count(
    claims: list[Claim], rule: str, random: st.DataObject
) -> None:
    found = estimate(claims, "killed", SOURCES, rule=rule)
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert estimate(shuffled, "killed", SOURCES, rule=rule) == found
    if found is None:
        assert not claims
        return
    if found.best is not None:
        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.best <= found.high
    named = [*found.claims_used, *(x.claim for x in found.claims_left_out)]
    assert sorted(named) == sorted(c.id for c in claims)
    assert sum(death_columns(claims, SOURCES).values()) == (
        estimate(claims, "killed", SOURCES) or found
    ).best or not any(c.factuality != "denied" for c in claims)


def test_accounts_are_one_a_report_and_speaker() -> None:
    said = [
        claim("a", 12, "police", span=(0, 2)),
        claim("a", 12, "police", span=(50, 52)),
        claim("a", 3, "police", span=(60, 61)),
    ]
    found, left = accounts(said, "killed", SOURCES)
    assert len(found) == 1
    assert len(found[0].claims) == 2
    assert [x.why for x in left] == ["part of the same report's toll"]
