"""A served project of hand-made reports, with one incident a telling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from histor.coding.claims import mention_claims
from histor.jobs.clock import now
from histor.model.canonical import digest
from histor.model.incidents import Estimate, Incident
from histor.store.access import ROLES, Account
from histor.store.project import Project
from histor.web.app import create_app
from histor.web.identity import hashed
from tests.stores import filled

PASSWORD = "correct horse battery"


def with_incidents(project: Project) -> Project:
    """One incident an event mention, with the toll as its estimate."""
    with project.write() as transaction:
        run = transaction.runs.start("match", "test/1", {}, "", now())
        made = []
        for stored in transaction.mentions.find():
            m = stored.mention
            toll = m.casualties[0] if m.casualties else None
            claims = [c.id for c in mention_claims(stored.report_id, m) if c.property == "killed"]
            estimates = {}
            if toll is not None:
                estimates["killed"] = Estimate("killed", "ucdp", toll.low, toll.best, toll.best, tuple(claims), ())
            made.append(
                Incident(
                    digest("incident", m.id),
                    m.event_type,
                    m.acled,
                    m.ucdp,
                    m.place,
                    m.date,
                    m.actors,
                    m.recipients,
                    m.factuality,
                    (m.id,),
                    1,
                    1,
                    estimates,
                )
            )
        transaction.incidents.replace([], made, {}, run.id)
        transaction.runs.finish(run.id, now(), {"incidents": len(made)})
    return project


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Project]:
    with with_incidents(filled(tmp_path / "project", 24)) as project:
        yield project


@pytest.fixture
def client(served: Project) -> Iterator[TestClient]:
    """The one user of a server on loopback."""
    with TestClient(create_app(served, single_user="ann", hosts={"testserver"}), base_url="http://testserver") as made:
        yield made


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hashed(PASSWORD)


@pytest.fixture
def accounts(served: Project, password_hash: str) -> Iterator[TestClient]:
    """A server with an account of each role, named like it; nobody is logged in."""
    with served.write() as transaction:
        for role in ROLES:
            transaction.access.add_account(Account(role, role, password_hash, now(), False))
    with TestClient(create_app(served, hosts={"testserver"}), base_url="http://testserver") as made:
        yield made


def log_in(client: TestClient, name: str) -> TestClient:
    client.cookies.clear()
    answer = client.post("/api/v1/login", json={"name": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return client
