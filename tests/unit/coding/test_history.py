from __future__ import annotations

from datetime import date

import pytest

from histor.coding.history import history_of
from histor.resolve.dates import Anchors, find_dates
from tests.parses import parse, words

IN_YEAR = "Rebels/rebel/NOUN/1/nsubj took/take/VERB/-1/root the/the/DET/3/det town/town/NOUN/1/obj in/in/ADP/5/case 2012/2012/NUM/1/obl"
AGO = "Rebels/rebel/NOUN/1/nsubj took/take/VERB/-1/root it/it/PRON/1/obj two/two/NUM/4/nummod decades/decade/NOUN/5/obl:unmarked ago/ago/ADV/1/advmod"
DAYS = "Rebels/rebel/NOUN/1/nsubj took/take/VERB/-1/root it/it/PRON/1/obj two/two/NUM/4/nummod days/day/NOUN/5/obl:unmarked ago/ago/ADV/1/advmod"
ANNIVERSARY = "They/they/PRON/1/nsubj marked/mark/VERB/-1/root the/the/DET/3/det anniversary/anniversary/NOUN/1/obj of/of/ADP/6/case the/the/DET/6/det massacre/massacre/NOUN/3/nmod"
OLD_BOMB = "A/a/DET/4/det World/World/PROPN/2/compound War/War/PROPN/4/compound II/II/PROPN/2/flat bomb/bomb/NOUN/5/nsubj exploded/explode/VERB/-1/root"
RELATIVE = "The/the/DET/1/det group/group/NOUN/6/nsubj which/which/PRON/3/nsubj formed/form/VERB/1/acl:relcl in/in/ADP/5/case 2012/2012/NUM/3/obl attacked/attack/VERB/-1/root"


@pytest.mark.parametrize(
    ("notation", "lemma", "published", "expected"),
    [
        (IN_YEAR, "take", "2021-01-09", "2012"), (IN_YEAR, "take", "2012-12-01", None), (IN_YEAR, "take", None, None),
        (AGO, "take", None, "two decades ago"), (DAYS, "take", None, None),
        (ANNIVERSARY, "massacre", None, "anniversary"), (ANNIVERSARY, "mark", None, None),
        (OLD_BOMB, "explode", None, None), (RELATIVE, "attack", "2021-01-09", None), (RELATIVE, "form", "2021-01-09", "2012"),
    ],
)  # fmt: skip
def test_deeds_of_long_ago(notation: str, lemma: str, published: str | None, expected: str | None) -> None:
    clause, text = parse(notation), words(notation)
    day = date.fromisoformat(published) if published else None
    i = next(k for k in range(len(clause.tokens)) if clause.lemma(k) == lemma)
    assert history_of(clause, i, list(find_dates(text, Anchors(day))), day, text) == expected
