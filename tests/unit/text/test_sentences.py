from __future__ import annotations

import time

import pytest

from histor.text.sentences import LONGEST, find_dateline, split_sentences


def cut(text: str, title: str | None = None) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text, title)]


def kinds(text: str, title: str | None = None) -> list[str]:
    return [s.kind for s in split_sentences(text, title)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gen. Votel said so. Troops left.", ["Gen. Votel said so.", "Troops left."]),
        ("The U.S. Army came. It left.", ["The U.S. Army came.", "It left."]),
        ("He fled to the U.S. The army stayed.", ["He fled to the U.S.", "The army stayed."]),
        ("At 5 p.m. Monday it began. It ended.", ["At 5 p.m. Monday it began.", "It ended."]),
        ("It began at 5 p.m. Police came.", ["It began at 5 p.m.", "Police came."]),
        ("On Aug. 24 they met. Nobody came.", ["On Aug. 24 they met.", "Nobody came."]),
        ("J. K. Banda spoke. People left.", ["J. K. Banda spoke.", "People left."]),
        ("He was killed.The army denied it.", ["He was killed.", "The army denied it."]),
        ("“We will fight.” He left.", ["“We will fight.”", "He left."]),
        ("“Will you fight?” he asked.", ["“Will you fight?” he asked."]),
        ("A rise of 3.5 percent. Good.", ["A rise of 3.5 percent.", "Good."]),
        ("They left ... and came back. Yes.", ["They left ... and came back.", "Yes."]),
        ("Why? Nobody knows!", ["Why?", "Nobody knows!"]),
        ("See No. 12 there. Fine.", ["See No. 12 there.", "Fine."]),
    ],
)
def test_sentence_ends(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_lines_end_sentences_and_headlines_are_known() -> None:
    text = "Rebels take town\nRebels took Goma on Monday. They stayed."
    assert cut(text) == ["Rebels take town", "Rebels took Goma on Monday.", "They stayed."]
    assert kinds(text) == ["headline", "body", "body"]


def test_hard_wrapped_text_is_read_across_lines() -> None:
    line = "GUERRILLAS ATTACKED THE ARMY POST AT THE EDGE OF THE TOWN OF"
    text = "\n".join([line, "SAN MIGUEL AND KILLED FOUR SOLDIERS WHO HAD BEEN SLEEPING IN", "THE BARRACKS WHEN THE SHOOTING BEGAN SHORTLY BEFORE DAWN ON", "SUNDAY, ACCORDING TO A COMMUNIQUE THAT WAS READ ON THE RADIO", "STATION VENCEREMOS."])  # fmt: skip
    assert len(cut(text)) == 1


def test_a_title_repeated_at_the_head_is_a_headline() -> None:
    text = "17 dead in air strike on market AFP Monday seventeen people were killed. They fled."
    assert cut(text, "17 dead in air strike on market")[0] == "17 dead in air strike on market"


def test_stamp_and_dateline_are_segments_of_their_own() -> None:
    text = "KABUL, Aug 24 (Reuters) - Fighters took the town. They left."
    assert cut(text) == ["KABUL, Aug 24 (Reuters) -", "Fighters took the town.", "They left."]
    assert kinds(text)[0] == "dateline"
    assert kinds("date 2021-08-24 The alliance fought on.")[0] == "stamp"


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("date 2021-08-24\n\nRebels left.", "date 2021-08-24"),
        ("Sun 05 Jul 2015\nRebels left.", "Sun 05 Jul 2015"),
        ("\n date 2021-08-24 Rebels left.", "date 2021-08-24"),
        ("DATE: 2021-08-24\nrebels left.", "DATE: 2021-08-24"),
        ("2021-08-24\nRebels left.", "2021-08-24"),
        ("Published: 5 July 2015\nRebels left.", "Published: 5 July 2015"),
    ],
)
def test_a_stamp_may_stand_alone(text: str, stamp: str) -> None:
    assert (cut(text)[0], kinds(text)) == (stamp, ["stamp", "body"])


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("Mon Mar 14 2016 Rebels left Kona.", "Mon Mar 14 2016"),
        ("Date of publication 14 August 2016 Rebels left Kona.", "Date of publication 14 August 2016"),
        ("Last updated at Nov 01 2017 Rebels left Kona.", "Last updated at Nov 01 2017"),
        ("14-08-2016 Rebels left Kona.", "14-08-2016"),
        ("August 14 2016 2037 UTC+3 Rebels left Kona.", "August 14 2016 2037 UTC+3"),
    ],
)
def test_a_whole_date_before_a_sentence_is_a_stamp(text: str, stamp: str) -> None:
    assert cut(text) == [stamp, "Rebels left Kona."]
    assert kinds(text)[0] == "stamp"


@pytest.mark.parametrize("text", ["3 March 2004 was a black day in Kona.", "14 August 2016: rebels left Kona."])
def test_a_date_that_its_sentence_needs_stays(text: str) -> None:
    assert cut(text) == [text]


def test_the_title_is_found_below_a_stamp() -> None:
    text = "date 2021-08-24\nStrike on market kills 17 AFP Monday seventeen were killed."
    assert kinds(text, "Strike on market kills 17") == ["stamp", "headline", "body"]


def test_what_only_begins_like_a_stamp_is_none() -> None:
    assert kinds("Updated toll rises to 1200\nRebels left.") == ["headline", "body"]
    assert kinds("Rebels left.\n2021-08-24 was a Tuesday.") == ["body", "body"]


def test_dateline_parts() -> None:
    text = "KABUL, Aug 24 (Reuters) - Fighters took the town."
    found = find_dateline(text)
    assert found is not None
    parts = [text[slice(*span)] if span else None for span in (found.place, found.date, found.agency)]
    assert parts == ["KABUL", "Aug 24", "Reuters"]


@pytest.mark.parametrize(
    "text",
    [
        "The town - a ruin now - fell.",
        "Rebels took Goma: 12 died.",
        "UN says 12 died in Goma",
        "ISIL (Daesh) fighters left.",
        "UNHCR (the UN refugee agency) said so.",
    ],
)
def test_ordinary_openings_are_no_datelines(text: str) -> None:
    assert find_dateline(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Two die in raid. DAMASCUS (Sputnik) The army fired. It left.",
            ["Two die in raid.", "DAMASCUS (Sputnik)", "The army fired.", "It left."],
        ),
        ("Two die in raid BEIRUT (AP) — Fighters came.", ["Two die in raid", "BEIRUT (AP) —", "Fighters came."]),
        (
            "Talks fail again DEIR EZ-ZOR, Syria, Aug 24 (Reuters) - Fighters came.",
            ["Talks fail again", "DEIR EZ-ZOR, Syria, Aug 24 (Reuters) -", "Fighters came."],
        ),
    ],
)
def test_a_dateline_inside_joined_lines(text: str, expected: list[str]) -> None:
    assert cut(text) == expected
    assert kinds(text).count("dateline") == 1


@pytest.mark.parametrize(
    "text",
    [
        "The group ISIS (Islamic State) claimed the attack.",
        "Fighters of the PKK (TASS reported) crossed the river.",
        "Fighters of the PKK (TASS) crossed the river.",
        "He told the BBC (British Broadcasting Corporation) about it.",
    ],
)
def test_brackets_behind_capitals_are_no_dateline(text: str) -> None:
    assert cut(text) == [text]


def test_many_brackets_take_no_more_time_than_their_number() -> None:
    began = time.process_time()
    split_sentences("A" * 200_000 + " (AP) " + "AB (AP) " * 20_000 + "X" * 100_000)
    assert time.process_time() - began < 10


def test_small_letters_only() -> None:
    text = "police fired on the crowd. two people died. " * 12
    assert len(cut(text)) == 24


def test_stretches_without_end_marks_are_cut_short_enough() -> None:
    text = "word " * 5_000
    assert all(s.end - s.start <= LONGEST for s in split_sentences(text))


def test_time_grows_with_length_only() -> None:
    def taken(text: str) -> float:
        times = []
        for _ in range(3):  # the best: another process may stand in the caches' way
            began = time.process_time()
            split_sentences(text)
            times.append(time.process_time() - began)
        return min(times)

    for unit in ("A.B. ", "Mr. X said. ", "\n\n.\n", '"."."', "KABUL, ", "Aug ", "AA" + "-A" * 60 + " "):
        short, long = taken(unit * 4_000), taken(unit * 16_000)
        assert long < 10 * short + 0.05, unit


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("Raids kill 9 near dam AFP Friday 1 Jul 2016 Raids killed nine.", "Raids kill 9 near dam", ["headline", "stamp", "body"]),
        ("Moscow AFP Saturday 7 Oct 2017 Jets hit a depot, the ministry said.", None, ["stamp", "body"]),
        ("AFP Children were among nine killed on Monday.", None, ["stamp", "body"]),
        ("Beirut — Fighters stormed a post on Monday.", None, ["dateline", "body"]),
        ("Deir el-Zour, Syria -- Fighters stormed a post on Monday.", None, ["dateline", "body"]),
        ("Raids kill 9 near dam Raids killed nine.", "Raids kill 9 near dam - World - The Herald", ["headline", "body"]),
        ("by Ann Lee Raids kill 9 near dam Raids killed nine.", "Raids kill 9 near dam", ["stamp", "headline", "body"]),
        ("AFP reports that nine were killed.", None, ["body"]),
        ("Fighters — most of them foreign — stormed a post.", None, ["body"]),
    ],
)  # fmt: skip
def test_what_is_run_in_before_the_first_sentence(text: str, title: str | None, expected: list[str]) -> None:
    assert kinds(text, title) == expected


def test_a_dash_in_a_later_paragraph_opens_no_report() -> None:
    assert kinds("Two died on Monday.\n\nRebels — Kurds among them — left.") == ["body", "body"]
    assert kinds("Two died on Monday.\n\nBeirut — Fighters left.") == ["body", "body"]
