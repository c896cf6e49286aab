"""Reading MUC-4's keys and scoring slots, on a key of our own whose scores were worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.muc4_keys import Fill as F
from benchmarks.muc4_keys import credit, read_keys, score_slots

KEY = """
;; a comment
0.  MESSAGE: ID                     TST9-MUC4-0001
1.  MESSAGE: TEMPLATE               1
2.  INCIDENT: DATE                  - 04 FEB 90
3.  INCIDENT: LOCATION              PERU: LIMA (CITY): ATE (DISTRICT)
4.  INCIDENT: TYPE                  BOMBING
5.  INCIDENT: STAGE OF EXECUTION    ACCOMPLISHED / ATTEMPTED
6.  INCIDENT: INSTRUMENT ID         ? "BOMB"
9.  PERP: INDIVIDUAL ID             -
10. PERP: ORGANIZATION ID           "RED \\"DAWN\\" FRONT" / "RDF"
11. PERP: ORGANIZATION CONFIDENCE   SUSPECTED OR ACCUSED: "RED \\"DAWN\\" FRONT" / "RDF"
12. PHYS TGT: ID                    "BRIDGE"
                                    "POWER STATION" / "STATION"
18. HUM TGT: NAME                   "ANA RUIZ"
19. HUM TGT: DESCRIPTION            "ENGINEER": "ANA RUIZ"
                                    "GUARDS"
21. HUM TGT: NUMBER                 1: "ANA RUIZ"
                                    PLURAL: "GUARDS"
23. HUM TGT: EFFECT OF INCIDENT     DEATH: "ANA RUIZ"

0.  MESSAGE: ID                     TST9-MUC4-0001
1.  MESSAGE: TEMPLATE               2 (OPTIONAL)
2.  INCIDENT: DATE                  -
3.  INCIDENT: LOCATION              PERU
4.  INCIDENT: TYPE                  ATTACK
5.  INCIDENT: STAGE OF EXECUTION    THREATENED

0.  MESSAGE: ID                     TST9-MUC4-0002
1.  MESSAGE: TEMPLATE               *
4.  INCIDENT: TYPE                  *
"""


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "key-tst9").write_text(KEY)
    return read_keys(tmp_path)


def test_reads_alternatives_quotes_options_and_irrelevant_messages(keys: dict[str, Any]) -> None:
    first, second = keys["TST9-MUC4-0001"]
    assert keys["TST9-MUC4-0002"] == []
    assert first.fills["PerpOrg"] == (F(('RED "DAWN" FRONT', "RDF")),)
    assert first.fills["stage"] == (F(("ACCOMPLISHED", "ATTEMPTED")),)
    assert first.fills["Weapon"][0].optional
    assert len(first.fills["Target"]) == 2
    assert first.fills["VictimNumber"][1] == F(("PLURAL",), ("GUARDS",))
    assert second.optional
    assert not first.optional


def test_a_title_of_a_named_person_is_no_person_of_its_own(keys: dict[str, Any]) -> None:
    assert keys["TST9-MUC4-0001"][0].fills["VictimDescription"] == (F(("GUARDS",)),)


def test_partial_credit() -> None:
    assert credit("Target", ["the power station"], F(("POWER STATION",))) == 1
    assert credit("Target", ["station"], F(("POWER STATION",))) == 0.5
    assert credit("Target", ["stations"], F(("POWER STATION",))) == 0
    assert credit("date", "04 FEB 90", F(("- 04 FEB 90",))) == 0.5
    assert credit("date", "- 04 FEB 90", F(("- 04 FEB 90",))) == 1
    assert credit("date", "05 FEB 90", F(("- 04 FEB 90",))) == 0
    assert credit("location", "PERU: LIMA (CITY): ATE", F(("PERU: LIMA (CITY): ATE (DISTRICT)",))) == 1
    assert credit("location", "PERU: CUZCO", F(("PERU: LIMA (CITY)",))) == 0.5
    assert credit("location", "CHILE", F(("PERU: LIMA (CITY)",))) == 0
    assert credit("VictimEffect", ["DEATH", "guard"], F(("DEATH",), ("GUARD",))) == 1
    assert credit("VictimEffect", ["DEATH", "driver"], F(("DEATH",), ("GUARD",))) == 0


def test_slots_of_a_message(keys: dict[str, Any]) -> None:
    template = {
        "incident_type": "bombing", "date": "- 04 FEB 90", "location": "PERU: LIMA", "stage": "ATTEMPTED",
        "PerpInd": [["rebels"]], "PerpOrg": [["rdf"]], "PerpOrgConfidence": [["REPORTED AS FACT", "rdf"]],
        "Target": [["station"], ["road"]], "Victim": [["ana ruiz"]], "Weapon": [],
        "VictimNumber": [["1", "ana ruiz"]], "VictimEffect": [["DEATH", "ana ruiz"]],
    }  # fmt: skip
    scores = score_slots(keys, {"TST9-MUC4-0001": [template], "TST9-MUC4-0002": []})
    counts = {slot: (c.right, c.gold, c.guessed) for slot, c in scores.items()}
    assert counts["location"] == (0.5, 1, 1)
    assert counts["Weapon"] == (0, 0, 0)  # marked optional and left out
    assert counts["PerpInd"] == (0, 0, 1)
    assert counts["PerpOrgConfidence"] == (0, 1, 1)
    assert counts["Target"] == (1, 2, 2)
    assert counts["VictimNumber"] == (1, 2, 1)
    assert counts["VictimDescription"] == (0, 1, 0)
    # The optional template without a partner costs nothing: 1+1+.5+1+0+1+0+1+1+0+1+1 right.
    assert counts["all"] == (8.5, 13, 12)


def test_a_template_of_another_type_is_spurious_and_the_key_missing(keys: dict[str, Any]) -> None:
    template = {
        "incident_type": "arson",
        "stage": "ACCOMPLISHED",
        "PerpInd": [],
        "PerpOrg": [],
        "Target": [],
        "Victim": [],
        "Weapon": [],
    }
    scores = score_slots(keys, {"TST9-MUC4-0001": [template]})
    assert scores["all"].right == 0
    assert (scores["stage"].gold, scores["stage"].guessed) == (1, 1)
