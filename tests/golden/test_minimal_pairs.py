"""Minimal pairs: two texts that differ in little and in whether, by whom or on whose word it happened.

`minimal_pairs.tsv` was written by hand before the coder had seen it; the texts stand as they were, but the
answers of 27 rows were widened afterwards where another word, type or speaker is right as well. Rules and
lists were then mended with these rows in view: what is missed here says nothing of unseen texts. A row has the word that tells the
event (any of several with ``;``), and what must come of it: the event type (several with ``;`` where the codebook leaves room;
``-`` for no event mention), the factuality (for a ``-`` row one that is put up with, since nobody
exports it) and words of the original speaker (``-`` for the outlet's own voice, then nobody).
`minimal_pairs_missed.txt` pins the rows that go wrong today: a new miss fails, and so does a row
that stands there and goes right, so that the list only shrinks. At most a tenth may be missed.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from histor.jobs.coding import Coding, code_text
from histor.model.records import CodedReport, EventMention

HERE = Path(__file__).parent
Row = dict[str, str]


def rows() -> list[Row]:
    with (HERE / "minimal_pairs.tsv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


def known() -> set[str]:
    lines = (HERE / "minimal_pairs_missed.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


def at_trigger(row: Row, coded: CodedReport) -> list[EventMention]:
    found = []
    for trigger in row["trigger"].split(";"):
        start = row["text"].rfind(trigger)
        end = start + len(trigger)
        found += [m for m in coded.event_mentions if m.trigger.span[0] < end and m.trigger.span[1] > start]
    return found


def wrong(row: Row, coded: CodedReport) -> str:
    """What is wrong with the coding of a row, or nothing."""
    mentions = at_trigger(row, coded)
    types, factualities = row["event_type"].split(";"), row["factuality"].split(";")
    if "-" in types:
        bad = [m for m in mentions if m.event_type not in types and m.factuality not in factualities]
        return f"an event: {bad[0].event_type} {bad[0].factuality}" if bad else ""
    if not mentions:
        return "no event"
    found = [wrong_in(row, m, types, factualities) for m in mentions]
    return min(found, key=len)


def wrong_in(row: Row, mention: EventMention, types: list[str], factualities: list[str]) -> str:
    if mention.event_type not in types:
        return f"type {mention.event_type}"
    if mention.factuality not in factualities:
        return f"factuality {mention.factuality}"
    speaker = mention.attribution[0].speaker if mention.attribution else "-"
    allowed = row["speaker"].split(";")
    own_word = "-" in allowed and speaker == "-"
    if not own_word and not any(a != "-" and (a in speaker or speaker in a) for a in allowed):
        return f"speaker {speaker}"
    return ""


@pytest.fixture(scope="module")
def missed(coding: Coding) -> dict[str, str]:
    found = {}
    for row in rows():
        reason = wrong(row, code_text(row["text"], published=row["published"] or None))
        if reason:
            found[row["pair"]] = f"{row['class']}: {reason}: {row['text']}"
    return found


def test_the_set_is_whole() -> None:
    table = rows()
    pairs = Counter(row["pair"][:-1] for row in table)
    assert len(pairs) >= 200
    assert set(pairs.values()) == {2}
    assert all(t in row["text"] for row in table for t in row["trigger"].split(";"))
    assert all(len({row[k] for row in table}) > 1 for k in ("event_type", "factuality", "speaker"))


def test_misses_are_known(missed: dict[str, str]) -> None:
    new = sorted(set(missed) - known())
    assert not new, "\n".join(f"{k} {missed[k]}" for k in new)


def test_known_misses_are_missed_still(missed: dict[str, str]) -> None:
    mended = sorted(known() - set(missed))
    assert not mended, f"take these out of minimal_pairs_missed.txt: {' '.join(mended)}"


def test_at_most_a_tenth_is_missed(missed: dict[str, str]) -> None:
    classes = Counter(text.split(":")[0] for text in missed.values())
    assert len(missed) <= len(rows()) / 10, classes.most_common()
