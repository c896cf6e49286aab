"""Codes that a person sends: those of the codebook pass, others are named."""

from __future__ import annotations

from typing import Any

import pytest

from histor.codebook.codebook import load_codebook
from histor.codebook.codes import check_codes, check_mention
from histor.jobs.coding import code_text
from histor.model.errors import InputError
from tests.dossiers import mention

TOLL = {
    "kind": "killed",
    "low": 1,
    "best": 2,
    "high": 3,
    "wording": "about",
    "who": "unknown",
    "text": "2",
    "span": [0, 1],
}
PLACE = {"text": "Goma", "span": [0, 4], "country": "COD", "latitude": -1.68, "longitude": 29.2, "where_prec": 1}


def test_whole_event_mentions_pass() -> None:
    check_mention(mention())


@pytest.mark.parametrize("name", sorted(load_codebook().modes))
def test_every_type_with_its_modes_passes(name: str) -> None:
    for mode in load_codebook().modes[name]:
        check_codes({"event_type": name, "mode": mode})


def test_what_the_machine_codes_passes() -> None:
    text = (
        "Rebels killed at least 12 soldiers near Goma on Monday, the army said. Protesters marched in Nairobi the day before. "
        "Police plan to arrest the mayor of Kisumu. Between 20 and 30 people were displaced from Andarab in August 2021."
    )
    found = code_text(text, published="2022-11-02").event_mentions
    assert len(found) >= 3
    for one in found:
        check_mention(one)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event_type", "NONSENSE"), ("event_type", "assault"), ("mode", "sulking"), ("contexts", ["nonsense"]),
        ("acled", {"event_type": "Battles", "sub_event_type": "Nonsense"}),
        ("acled", {"event_type": "Protests", "sub_event_type": "Armed clash"}),
        ("ucdp", {"type_of_violence": 4}), ("factuality", "certain"),
        ("actors", [{"text": "x", "span": [0, 1], "country": "AF"}]),
        ("recipients", [{"text": "x", "span": [0, 1], "sector": "rebels"}]),
        ("place", PLACE | {"country": "Congo"}), ("place", PLACE | {"latitude": 91}), ("place", PLACE | {"longitude": -181}),
        ("place", PLACE | {"where_prec": 8}),
        ("date", {"earliest": "soon"}), ("date", {"latest": "2024-02-30"}), ("date", {"earliest": "20240201"}),
        ("date", {"earliest": "2024-02-02", "latest": "2024-02-01"}), ("date", {"earliest": "2024-02-02", "date_prec": 0}),
        ("casualties", [TOLL | {"kind": "annoyed"}]), ("casualties", [TOLL | {"wording": "maybe"}]),
        ("casualties", [TOLL | {"who": "them"}]), ("casualties", [TOLL | {"low": -1}]),
    ],
)  # fmt: skip
def test_a_code_that_nobody_knows_is_named(name: str, value: Any) -> None:
    with pytest.raises(InputError) as caught:
        check_codes({name: value})
    assert caught.value.code == "mention.code"
    assert caught.value.where
