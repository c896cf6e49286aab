"""The demo's project: thirty reports become incidents, and the tolls of Andarab stay with who gives them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from histor.cli.story import RULES, Told, deadly, most_told
from histor.jobs.dataset import dossiers
from histor.model.filters import IncidentFilter
from histor.store.project import Transaction, open_project


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "war"


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    command = [sys.executable, "-m", "histor", "demo", "--project", str(folder)]
    result = subprocess.run(command, capture_output=True, check=True, timeout=300, text=True)
    return result.stdout


@pytest.fixture(scope="module")
def transaction(printed: str, folder: Path) -> Iterator[Transaction]:
    with open_project(folder) as project, project.read() as transaction:
        yield transaction


@pytest.fixture(scope="module")
def told(transaction: Transaction) -> list[Told]:
    return deadly(transaction)


@pytest.fixture(scope="module")
def andarab(told: list[Told]) -> Told:
    found = most_told(told, "Andarab")
    assert found is not None
    return found


def test_thirty_reports_are_fewer_origins_and_incidents(transaction: Transaction) -> None:
    reports = transaction.reports.ids()
    origins = set(transaction.matches.origins(reports).values())
    assert len(reports) == 30
    assert len(origins) < 30
    found = list(dossiers(transaction, IncidentFilter()))
    assert any(d.incident.reports > d.incident.origins for d in found)
    assert any(d.incident.origins > 1 for d in found)


def test_andarab_has_300_and_50_on_whose_word(andarab: Told) -> None:
    source = {r.id: r.source for r in andarab.dossier.reports}
    said = {(c.value["best"], c.attribution[0].speaker, source[c.report_id]) for c in andarab.killed}
    assert (300, "sources in the Northern Alliance", "Hindustan Nightly") in said
    assert (50, "resistance spokesman", "Gandhara Wire") in said
    assert len({outlet for _, _, outlet in said}) >= 3


def test_a_copy_is_no_second_account(andarab: Told) -> None:
    source = {r.id: r.source for r in andarab.dossier.reports}
    left = {x.claim: x.why for x in andarab.estimates["ucdp"].claims_left_out}
    copied = [c for c in andarab.killed if source[c.report_id] == "Baghlan Morning" and c.value["best"] == 50]
    assert copied
    assert all("same account" in left[c.id] for c in copied)


def test_every_claim_is_used_or_left_out_with_a_reason(told: list[Told]) -> None:
    for one in told:
        for estimate in one.estimates.values():
            left = {x.claim for x in estimate.claims_left_out}
            assert all(x.why for x in estimate.claims_left_out)
            assert left | set(estimate.claims_used) == {c.id for c in one.killed}
            assert not left & set(estimate.claims_used)


def test_rules_differ_where_accounts_do(told: list[Told]) -> None:
    differing = 0
    for one in told:
        best = {rule: one.estimates[rule].best for rule in RULES}
        stated = [v for v in best.values() if v is not None]
        assert best["conservative"] == min(stated, default=None)
        differing += len(set(stated)) > 1
    assert differing


def test_both_tolls_lie_between_low_and_high(andarab: Told) -> None:
    for rule in RULES:
        found = andarab.estimates[rule]
        assert found.low is not None
        assert found.high is not None
        assert found.low <= 50
        assert found.high >= 300


def test_what_is_printed(printed: str, andarab: Told, folder: Path) -> None:
    incident = andarab.dossier.incident.id[:10]
    assert f"Incident {incident}" in printed
    for words in ("Hindustan", "spokesman", "ucdp", f"histor show {incident} --project {folder}"):
        assert words in printed


def test_a_folder_that_holds_a_project_is_refused(printed: str, folder: Path) -> None:
    command = [sys.executable, "-m", "histor", "demo", "--project", str(folder)]
    result = subprocess.run(command, capture_output=True, timeout=300, text=True, check=False)
    assert result.returncode == 2
    assert "there is a project already" in result.stderr


def test_deaths_by_side_go_into_ucdp_s_columns(transaction: Transaction, andarab: Told) -> None:
    from histor.export.ucdp import row

    killed = andarab.dossier.estimate("killed_recipients")
    assert killed is not None
    cells = row(andarab.dossier)
    assert killed.best in {cells["deaths_a"], cells["deaths_b"]}
    assert cells["deaths_unknown"] == 0
