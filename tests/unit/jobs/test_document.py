"""Roles over whole reports with the weights that ship; left out where an installation has none."""

from __future__ import annotations

import pytest

from benchmarks.muc4 import template_of
from histor.engines.document.head import DOCUMENT_WEIGHTS, available
from histor.jobs.document import DocumentRoles
from histor.model.document import ReportedIncident
from histor.model.records import Report

pytestmark = pytest.mark.skipif(not available(), reason="the document head is left out of this installation")

BOMBING = """A car bomb exploded outside the police headquarters in Kirkuk on Tuesday, killing nine people, officials said.

The Dawn Front claimed responsibility in a statement. Its fighters had parked the vehicle before dawn, witnesses said.
Judge Salah Karim was among the dead."""
KIDNAPPING = """Gunmen kidnapped the engineer Luis Ocampo near Tibu on Friday, his family said.

Police blame the National Liberation Army for the abduction. A ransom has not been asked for."""
BUDGET = (
    "The finance ministry said on Monday that inflation fell to four percent in May and that exports of coffee rose."
)


@pytest.fixture(scope="module")
def roles() -> DocumentRoles:
    return DocumentRoles.load()


def read(roles: DocumentRoles, text: str) -> tuple[ReportedIncident, ...]:
    return roles.read(Report("r", None, None, None, "en", text)).incidents


def test_roles_that_stand_sentences_apart_come_together(roles: DocumentRoles) -> None:
    incident = read(roles, BOMBING)[0]
    assert incident.incident_type == "bombing"
    template = template_of(incident)
    assert ["dawn front"] in template["PerpOrg"]
    assert ["police headquarters"] in template["Target"]
    assert ["car bomb"] in template["Weapon"]
    assert ["salah karim"] in template["Victim"]


def test_spans_give_their_words(roles: DocumentRoles) -> None:
    for text in (BOMBING, KIDNAPPING):
        for incident in read(roles, text):
            for who in (incident.perpetrators, incident.perpetrator_organisations, incident.targets, incident.victims):
                for wording in (w for p in who for w in p.wordings):
                    assert text[slice(*wording.span)] == wording.text


def test_a_kidnapping_has_its_victim_and_who_is_blamed(roles: DocumentRoles) -> None:
    template = template_of(read(roles, KIDNAPPING)[0])
    assert template["incident_type"] == "kidnapping"
    assert ["luis ocampo"] in template["Victim"]
    assert ["national liberation army"] in template["PerpOrg"]


def test_a_report_of_no_incident_gives_none(roles: DocumentRoles) -> None:
    assert read(roles, BUDGET) == ()
    assert read(roles, "...") == ()


def test_the_same_text_gives_the_same_reading(roles: DocumentRoles) -> None:
    assert read(roles, BOMBING) == read(DocumentRoles.load(), BOMBING)


def test_a_report_of_many_windows_is_read_whole(roles: DocumentRoles) -> None:
    filler = "The council met again on Monday to speak of roads and schools in the province. " * 60
    template = template_of(read(roles, BOMBING + "\n\n" + filler)[0])
    assert ["dawn front"] in template["PerpOrg"]


def test_the_weights_stay_small() -> None:
    assert sum(p.stat().st_size for p in DOCUMENT_WEIGHTS.glob("*.onnx")) < 15_000_000
