"""The scorers of `casualties` on hand-made reports and keys with known answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.casualties import (
    Message,
    Number,
    Target,
    by_pattern,
    figures_of,
    match,
    parse_fill,
    read_keys,
    read_texts,
    score_gva,
    score_muc4,
    sources,
    spread,
    states,
    text_of,
    tolls_of,
)
from histor.model.records import Casualties, CodedReport, EventMention, Report, Trigger

TEXT = "Two women and a boy died, 3 were hurt. Five died in May. About 40 marched."


def toll(kind: str, words: str, low: int | None, best: int | None, high: int | None) -> Casualties:
    start = TEXT.index(words)
    return Casualties(kind, low, best, high, "exact", "unknown", words, (start, start + len(words)))


def mention(
    trigger: str, *casualties: Casualties, type: str = "ASSAULT", factuality: str = "actual", retells: str | None = None
) -> EventMention:
    start = TEXT.index(trigger)
    return EventMention(
        id=f"m{start}", retells=retells, sentence=0, trigger=Trigger(trigger, (start, start + len(trigger))),
        event_type=type, mode=None, contexts=(), acled=None, ucdp=None, actors=(), recipients=(), place=None, date=None,
        casualties=casualties, weapons=(), attribution=(), factuality=factuality, loaded_terms=(), confidence=1.0,
        coder="test", why=(),
    )  # fmt: skip


def coded(*mentions: EventMention) -> CodedReport:
    return CodedReport(Report("r", None, None, None, "en", TEXT), mentions, ())


WOMEN, BOY = toll("killed", "Two women", 2, 2, 2), toll("killed", "a boy", 1, 1, 1)
HURT, FIVE = toll("injured", "3", 3, 3, 3), toll("killed", "Five", 5, 5, 5)


# --- gva -------------------------------------------------------------------------------------------


def test_numbers_joined_by_and_add_up() -> None:
    assert figures_of(coded(mention("died", WOMEN, BOY, HURT))) == {"killed": 3, "injured": 3}


def test_numbers_apart_do_not_add_up_and_the_largest_counts() -> None:
    assert figures_of(coded(mention("died", BOY, FIVE))) == {"killed": 5, "injured": 0}


def test_the_first_telling_that_states_a_figure_counts() -> None:
    first = mention("died", WOMEN)
    later = mention("marched", FIVE, HURT, retells=first.id)
    assert figures_of(coded(later, first)) == {"killed": 2, "injured": 3}


@pytest.mark.parametrize(
    ("type", "factuality", "killed"),
    [
        ("ASSAULT", "actual", 5),
        ("PROTEST", "claimed", 5),
        ("ASSAULT", "historical", 0),
        ("ASSAULT", "planned", 0),
        ("COERCE", "actual", 0),
    ],
)
def test_only_real_violence_counts(type: str, factuality: str, killed: int) -> None:
    found = figures_of(coded(mention("died", FIVE, type=type, factuality=factuality)))
    assert found == {"killed": killed, "injured": 0}


def test_open_numbers_give_their_low_end_else_their_high_end() -> None:
    vague = toll("killed", "Five", 3, None, 9)
    at_most = toll("injured", "About 40", None, None, 40)
    assert figures_of(coded(mention("died", vague, at_most))) == {"killed": 3, "injured": 40}


def test_a_number_with_a_best_value_goes_before_an_open_one() -> None:
    vague = toll("killed", "Two women", 1, None, None)
    first = mention("died", vague)
    later = mention("marched", FIVE, retells=first.id)
    assert figures_of(coded(first, later)) == {"killed": 5, "injured": 0}
    assert figures_of(coded(mention("died", vague, BOY))) == {"killed": 1, "injured": 0}


def test_a_report_without_events_has_nobody_hurt() -> None:
    assert figures_of(coded()) == {"killed": 0, "injured": 0}


def test_gva_scores() -> None:
    rows = [
        ({"killed": 1, "injured": 0}, {"killed": 1, "injured": 1}),
        ({"killed": 0, "injured": 4}, {"killed": 4, "injured": 4}),
        ({"killed": 2, "injured": 3}, {"killed": 2, "injured": 0}),
        ({"killed": 5, "injured": 1}, {"killed": 4, "injured": 1}),
    ]
    assert score_gva(rows) == {"killed": (0.5, 0.75), "injured": (0.5, 0.75)}


@pytest.mark.parametrize(
    ("title", "content", "text"),
    [
        ("Two dead", "Two men died.", "Two dead\n\nTwo men died."),
        ("Two dead", "Two  dead\nTwo men died.", "Two  dead\nTwo men died."),
        ("Two dead", "", "Two dead"),
        (None, "Two men died.", "Two men died."),
    ],
)
def test_the_headline_is_the_first_line(title: str | None, content: str, text: str) -> None:
    assert text_of({"title": title, "content": content}) == text


@pytest.mark.parametrize(
    ("text", "figure", "stated"),
    [
        ("Four were shot.", 4, True),
        ("4 were shot.", 4, True),
        ("Some 1,200 fled.", 1200, True),
        ("Twenty-one died.", 21, True),
        ("Four were shot.", 3, False),
        ("A man was shot.", 1, True),
        ("Another was shot.", 1, True),
        ("Men were shot.", 1, False),
        ("Men were shot.", 0, True),
        ("On the 14th men were shot.", 14, False),
    ],
)
def test_whether_a_figure_is_stated(text: str, figure: int, stated: bool) -> None:
    assert states(text, figure) is stated


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        ("Two men were killed and three others wounded.", 2, 3),
        ("The blaze left 12 dead, injuring six.", 12, 6),
        ("Five people were shot, one fatally.", 1, 4),
        ("Four people were shot.", 0, 4),
        ("A man was murdered; he was taken to hospital.", 1, 0),
        ("A girl is in hospital in stable condition.", 0, 1),
        ("The council met.", 0, 0),
    ],
)
def test_the_baseline(text: str, killed: int, injured: int) -> None:
    assert by_pattern(text) == {"killed": killed, "injured": injured}


# --- muc4 ------------------------------------------------------------------------------------------

KEY = """
;;; a comment
0.  MESSAGE: ID                     DEV-MUC3-0901 (ANYONE)
1.  MESSAGE: TEMPLATE               1
4.  INCIDENT: TYPE                  BOMBING
18. HUM TGT: NAME                   "ANA MARIA RUIZ"
19. HUM TGT: DESCRIPTION            "CLERK": "ANA MARIA RUIZ"
                                    "SHOPPERS" / "CUSTOMERS"
                                    "GUARDS"
21. HUM TGT: NUMBER                 1: "ANA MARIA RUIZ"
                                    6-: "SHOPPERS" / "CUSTOMERS"
                                    ? PLURAL: "GUARDS"
23. HUM TGT: EFFECT OF INCIDENT     DEATH: "ANA MARIA RUIZ"
                                    INJURY: "SHOPPERS" / "CUSTOMERS"
                                    DEATH: "GUARDS"
24. HUM TGT: TOTAL NUMBER           9

0.  MESSAGE: ID                     DEV-MUC3-0901 (ANYONE)
1.  MESSAGE: TEMPLATE               2 (OPTIONAL)
21. HUM TGT: NUMBER                 1: "ANA MARIA RUIZ"
                                    10 / ~10: "PASSENGERS"
23. HUM TGT: EFFECT OF INCIDENT     DEATH: "ANA MARIA RUIZ"
                                    DEATH: "PASSENGERS"
                                    NO INJURY: "CREW"
24. HUM TGT: TOTAL NUMBER           -

0.  MESSAGE: ID                     DEV-MUC3-0902 (ANYONE)
1.  MESSAGE: TEMPLATE               *
21. HUM TGT: NUMBER                 *
23. HUM TGT: EFFECT OF INCIDENT     *
24. HUM TGT: TOTAL NUMBER           *
"""


def exact(number: int) -> Number:
    return Number(number, number, number)


def test_keys_give_each_target_once_with_its_number() -> None:
    first, second = read_keys(KEY)
    assert [(t.kind, t.numbers, t.optional) for t in first.targets] == [
        ("killed", (exact(1),), False),
        ("injured", (Number(6, None, None),), False),
        ("killed", (Number(plural=True),), True),
        ("killed", (exact(10), exact(10)), True),
    ]
    assert first.sums == {("killed", 9), ("injured", 9), ("killed", 1), ("killed", 11)}
    assert (second.relevant, second.targets) == (False, [])


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("6", exact(6)),
        ("~30", exact(30)),
        ("6-", Number(6, None, None)),
        ("- 15", Number(None, None, 15)),
        ("6-8", Number(6, None, 8)),
        ("PLURAL", Number(plural=True)),
        ("-", None),
        ("*", None),
        ("MANY", None),
    ],
)
def test_fills(words: str, number: Number | None) -> None:
    assert parse_fill(words) == number


@pytest.mark.parametrize(
    ("fill", "coded_as", "agree"),
    [
        ("6", (6, 6, 6), True),
        ("6", (6, 6, None), True),
        ("6", (5, 5, 5), False),
        ("6", (None, None, 6), False),
        ("6-", (6, 6, None), True),
        ("6-", (5, 5, None), False),
        ("-6", (None, None, 6), True),
        ("6-8", (6, None, 8), True),
        ("6-8", (6, None, 9), False),
        ("PLURAL", (3, None, 9), True),
        ("PLURAL", (None, None, None), True),
        ("PLURAL", (2, 2, 2), False),
    ],
)
def test_agreement(fill: str, coded_as: tuple[int | None, int | None, int | None], agree: bool) -> None:
    number = parse_fill(fill)
    assert number is not None
    assert number.agrees(Number(*coded_as)) is agree


def killed(number: int, optional: bool = False) -> Target:
    return Target("killed", (exact(number),), frozenset({str(number)}), optional)


def test_matching_is_one_to_one() -> None:
    message = Message("m", True, [killed(1), killed(1), killed(4)], set())
    counts = match(message, [("killed", exact(1)), ("injured", exact(4)), ("killed", exact(7))])
    assert (counts["killed"].right, counts["killed"].gold, counts["killed"].guessed) == (1, 3, 2)
    assert (counts["injured"].right, counts["injured"].gold, counts["injured"].guessed) == (0, 0, 1)


def test_optional_targets_and_sums_cost_nothing() -> None:
    message = Message("m", True, [killed(2), killed(3, optional=True)], {("killed", 5)})
    counts = match(message, [("killed", exact(2)), ("killed", exact(5))])["killed"]
    assert (counts.right, counts.gold, counts.guessed) == (1, 1, 1)
    counts = match(message, [("killed", exact(2)), ("killed", exact(3))])["killed"]
    assert (counts.right, counts.gold, counts.guessed) == (2, 2, 2)


def test_messages_without_a_template_count_in_the_last_row_alone() -> None:
    messages = [Message("a", True, [killed(2)], set()), Message("b", False, [], set())]
    found = score_muc4(messages, {"a": [("killed", exact(2))], "b": [("killed", exact(2))]})
    assert (found["both"].precision, found["both"].recall) == (1.0, 1.0)
    assert (found["all messages"].precision, found["all messages"].recall) == (0.5, 1.0)


def test_tolls_of_an_event_count_once() -> None:
    none = toll("injured", "3", 0, 0, 0)
    first = mention("died", WOMEN, HURT, toll("captured", "About 40", 40, 40, 40))
    again = mention("marched", toll("killed", "Two women", 2, 2, 2), none, retells=first.id)
    feared = mention("hurt", FIVE, factuality="planned")
    assert tolls_of(coded(first, again, feared)) == [("killed", exact(2)), ("injured", exact(3))]


def test_texts_are_cut_at_their_headings() -> None:
    raw = "DEV-MUC3-0001 (NOSC)\n\n   LIMA, 3 JAN 90 -- ONE\nDIED.\n\n   MORE.\nTST1-MUC3-0099\n\nNOTHING.\n"
    assert read_texts(raw) == {"DEV-MUC3-0001": "LIMA, 3 JAN 90 -- ONE DIED.\n\nMORE.", "TST1-MUC3-0099": "NOTHING."}


# --- both ------------------------------------------------------------------------------------------


def test_samples_are_spread_evenly() -> None:
    assert spread(range(10), 5) == [0, 2, 4, 6, 8]
    assert spread([1, 2], 5) == [1, 2]


def test_sources_are_found_at_each_level(tmp_path: Path) -> None:
    (tmp_path / "gva").mkdir()
    (tmp_path / "muc4/raw").mkdir(parents=True)
    articles, keys = tmp_path / "gva/articles.jsonl", tmp_path / "muc4/raw"
    articles.write_text("", encoding="utf-8")
    (keys / "key-dev-0001.muc4").write_text("", encoding="utf-8")
    both: dict[str, Any] = {"gva": articles, "muc4": keys}
    assert sources(tmp_path) == both
    assert sources(articles) == sources(tmp_path / "gva") == {"gva": articles}
    assert sources(keys) == sources(tmp_path / "muc4") == {"muc4": keys}
