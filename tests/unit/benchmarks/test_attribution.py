from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.attribution import Item, between_coders, read_ann, read_items, score, score_linked, score_words
from histor.model.errors import InputError

TEXT = "The mayor said rebels fled. A nurse denied it."
MAYOR = {"source": [(0, 9)], "cue": [(10, 14)], "content": [(15, 26)]}
NURSE = {"source": [(28, 35)], "cue": [(36, 42)], "content": [(43, 45)]}
ANN = (
    "T1\tSource 0 9\tThe mayor\nT2\tCue 10 14\tsaid\nT3\tContent 15 21;22 26\trebels fled\n"
    "T4\tAttribution 10 14\tsaid\nE1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n"
    "T5\tCue 36 42\tdenied\nT6\tDiscuss 36 42\tdenied\nE2\tAttribution-no-source:T5 Cue:T5 Content2:T9\n"
)


def test_brat_files() -> None:
    first, second = read_ann(ANN)
    assert first == {"source": [(0, 9)], "cue": [(10, 14)], "content": [(15, 21), (22, 26)]}
    assert second == {"source": [], "cue": [(36, 42)], "content": []}


def test_words_count_whatever_their_attribution() -> None:
    crossed = [{**MAYOR, "source": NURSE["source"]}, {**NURSE, "source": MAYOR["source"]}]
    counts = score_words(TEXT, [MAYOR, NURSE], crossed)
    assert counts["source"].f1 == counts["cue"].f1 == counts["content"].f1 == 1.0
    assert (counts["source"].gold, counts["cue"].gold, counts["content"].gold) == (4, 2, 3)


def test_linked_words_must_belong_together() -> None:
    crossed = [{**MAYOR, "source": NURSE["source"]}, {**NURSE, "source": MAYOR["source"]}]
    counts = score_linked(TEXT, [MAYOR, NURSE], crossed)
    assert counts["source"].right == 0
    assert counts["cue"].f1 == counts["content"].f1 == 1.0


def test_missed_and_wrong_attributions_count() -> None:
    missed, wrong = score_linked(TEXT, [MAYOR, NURSE], [MAYOR]), score_linked(TEXT, [MAYOR], [MAYOR, NURSE])
    assert (missed["cue"].precision, missed["cue"].recall) == (1.0, 0.5)
    assert (wrong["cue"].precision, wrong["cue"].recall) == (0.5, 1.0)


def test_half_a_word_is_the_word() -> None:
    assert score_words(TEXT, [MAYOR], [{**MAYOR, "source": [(1, 9)]}])["source"].right == 2


def test_readings_share_a_texts_weight() -> None:
    items = [Item("x", TEXT, ([MAYOR], [NURSE]))]
    total = score(items, {"x": [MAYOR]})["words"]["cue"]
    assert (total.right, total.gold, total.guessed) == (0.5, 1.0, 1.0)
    assert between_coders(items)["cue"].f1 == 0.0


def test_readings_are_found_by_name(tmp_path: Path) -> None:
    for folder, name, content in (
        ("text", "wire_one.txt", TEXT), ("attributions", "wire_one_4e07.ann", ANN), ("attributions", "wire_one_6b86.ann", ""),
        ("text", "unread.txt", TEXT),
    ):  # fmt: skip
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text(content, encoding="utf-8")
    (item,) = read_items(tmp_path)
    assert (item.id, [len(r) for r in item.readings]) == ("wire_one", [2, 0])


def test_a_folder_without_the_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no PolNeAR data"):
        read_items(tmp_path)
