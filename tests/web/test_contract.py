"""Whatever is sent to the API, by whomever, it answers: requests made from its own OpenAPI document, for each role.

`HISTOR_API_EXAMPLES` sets how many requests an operation and role gets: 3, with ``--long`` 40. Requests are drawn from what the document allows and from what it does not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from histor.jobs.clock import now
from histor.store.access import ROLES, Account
from histor.web.app import PREFIX, create_app
from histor.web.identity import PERMISSIONS
from tests.stores import filled
from tests.web.conftest import PASSWORD, with_incidents

ANYBODY = "nobody"
_ERROR = {"code", "what", "where", "do"}

pytestmark = pytest.mark.promise("api")


@pytest.fixture(scope="module")
def examples(long: bool) -> int:
    return int(os.environ.get("HISTOR_API_EXAMPLES", "40" if long else "3"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Iterator[FastAPI]:
    with with_incidents(filled(tmp_path_factory.mktemp("contract") / "project", 24)) as project:
        with project.write() as transaction:
            for role in ROLES:
                transaction.access.add_account(Account(role, role, password_hash, now(), False))
        yield create_app(project)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://testserver", raise_server_exceptions=False) as made:
        yield made


def token(client: TestClient, role: str) -> dict[str, str]:
    """Headers by which a program acts for the account of a role, with all that the role may do."""
    if role == ANYBODY:
        return {}
    client.cookies.clear()
    assert client.post(f"{PREFIX}/login", json={"name": role, "password": PASSWORD}).status_code == 200
    least = list(ROLES).index(role)
    scopes = [name for name, needs in PERMISSIONS.items() if list(ROLES).index(needs) <= least]
    made = client.post(f"{PREFIX}/tokens", json={"name": "contract", "scopes": scopes})
    client.cookies.clear()
    return {"authorization": f"Bearer {made.json()['secret']}"}


def wrong_with(status: int, content: bytes, media: str) -> str | None:
    """What is wrong with an answer, if anything."""
    if status >= 500:
        return "the server broke"
    if status < 400:
        return None
    if not media.startswith("application/json"):
        return f"an error is told as {media}"
    error = json.loads(content).get("error", {})
    return None if set(error) >= _ERROR and error["what"] else "the error has another shape"


@pytest.mark.parametrize("role", [ANYBODY, *ROLES])
def test_every_operation_answers(
    app: FastAPI, client: TestClient, role: str, examples: int, figure: Callable[[str], None]
) -> None:
    headers = token(client, role)
    schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", app)
    sent: dict[str, int] = {}
    broken: list[str] = []
    for found in schema.get_all_operations():
        operation = cast(Any, found).ok()
        label = f"{operation.method.upper()} {operation.path}"
        if label.endswith("/logout"):
            continue
        send(operation, headers, label, examples, sent, broken)
    assert broken == []
    assert len(sent) > 30, "the document names the operations"
    assert client.get(f"{PREFIX}/incidents", headers=headers).status_code == (401 if role == ANYBODY else 200)
    figure(f"{role}: {sum(sent.values()):,} requests to {len(sent)} operations, 0 of 5xx")


def send(
    operation: Any, headers: dict[str, str], label: str, examples: int, sent: dict[str, int], broken: list[str]
) -> None:
    """Requests of one operation, drawn from what the document allows and from what it does not."""
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes]))
    def one(case: Any) -> None:
        answer = case.call(headers=headers)
        sent[label] = sent.get(label, 0) + 1
        media = (answer.headers.get("content-type") or [""])[0]
        wrong = wrong_with(answer.status_code, answer.content, media)
        if wrong:
            broken.append(f"{label}: {answer.status_code} {wrong}: {case.as_curl_command()[:300]}")

    one()
