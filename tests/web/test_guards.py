"""Who may what, and what never gets through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from histor.store.access import ROLES
from histor.store.project import Project
from histor.web.app import create_app
from histor.web.identity import PERMISSIONS
from tests.web.conftest import PASSWORD, log_in

API = "/api/v1"


def routes(app: Any) -> list[APIRoute]:
    found: list[APIRoute] = []
    waiting = list(app.routes)
    while waiting:
        route = waiting.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        else:
            waiting += getattr(getattr(route, "original_router", None), "routes", []) or getattr(route, "routes", [])
    return found


def test_every_route_declares_a_permission(served: Project) -> None:
    app = create_app(served, single_user="ann")
    found = routes(app)
    assert len(found) > 35
    for route in found:
        declared = [p for d in route.dependant.dependencies if (p := getattr(d.call, "permission", None))]
        assert len(declared) == 1, route.path
        assert declared[0] in {*PERMISSIONS, "public"}


@pytest.mark.parametrize(
    ("method", "path", "least"),
    [
        ("GET", "/incidents", "viewer"), ("GET", "/queue", "coder"), ("POST", "/undo", "coder"), ("POST", "/jobs", "adjudicator"),
        ("GET", "/agreement", "adjudicator"), ("GET", "/accounts", "admin"), ("GET", "/audit", "admin"),
    ],
)  # fmt: skip
def test_each_role_may_what_it_may(accounts: TestClient, method: str, path: str, least: str) -> None:
    accounts.cookies.clear()
    assert accounts.request(method, API + path).status_code == 401
    for role in ROLES:
        answer = log_in(accounts, role).request(method, API + path, json={"kind": "match"} if path == "/jobs" else None)
        refused = ROLES.index(role) < ROLES.index(least)
        assert (answer.status_code == 403) is refused, (role, answer.text)


def test_passwords_are_tried_five_times(accounts: TestClient) -> None:
    for _ in range(5):
        assert accounts.post(f"{API}/login", json={"name": "coder", "password": "wrong"}).status_code == 401
    assert accounts.post(f"{API}/login", json={"name": "coder", "password": PASSWORD}).status_code == 429
    assert accounts.post(f"{API}/login", json={"name": "nobody", "password": "wrong"}).status_code == 401


def test_a_session_ends_with_logout_and_with_a_new_role(accounts: TestClient) -> None:
    log_in(accounts, "coder")
    secret = accounts.cookies["histor_session"]
    accounts.post(f"{API}/logout")
    accounts.cookies.set("histor_session", secret)
    assert accounts.get(f"{API}/queue").status_code == 401
    log_in(accounts, "coder")
    theirs = accounts.cookies["histor_session"]
    log_in(accounts, "admin")
    assert accounts.patch(f"{API}/accounts/coder", json={"role": "viewer"}).json()["role"] == "viewer"
    accounts.cookies.clear()
    accounts.cookies.set("histor_session", theirs)
    assert accounts.get(f"{API}/queue").status_code == 401


def test_the_last_admin_stays(accounts: TestClient) -> None:
    log_in(accounts, "admin")
    assert accounts.patch(f"{API}/accounts/admin", json={"disabled": True}).json()["error"]["code"] == "account.last"
    assert (
        accounts.post(f"{API}/accounts", json={"name": "bo", "role": "admin", "password": "short"}).status_code == 422
    )


def test_tokens_are_bound_to_scopes(accounts: TestClient) -> None:
    log_in(accounts, "coder")
    assert accounts.post(f"{API}/tokens", json={"name": "x", "scopes": ["administer"]}).status_code == 422
    made = accounts.post(f"{API}/tokens", json={"name": "x", "scopes": ["read"]}).json()
    accounts.cookies.clear()
    bearer = {"authorization": f"Bearer {made['secret']}"}
    assert accounts.get(f"{API}/incidents", headers=bearer).status_code == 200
    assert accounts.get(f"{API}/queue", headers=bearer).status_code == 403
    log_in(accounts, "coder")
    assert accounts.delete(f"{API}/tokens/{made['id']}").status_code == 204
    accounts.cookies.clear()
    assert accounts.get(f"{API}/incidents", headers=bearer).status_code == 401


def test_secrets_are_not_stored(accounts: TestClient, served: Project) -> None:
    log_in(accounts, "coder")
    secret = accounts.post(f"{API}/tokens", json={"name": "x", "scopes": ["read"]}).json()["secret"]
    session = accounts.cookies["histor_session"]
    everything = b"".join(p.read_bytes() for p in Path(served.folder).iterdir() if p.is_file())
    for word in (secret, session, PASSWORD):
        assert word.encode() not in everything


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}]
)
def test_other_sites_change_nothing(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post(f"{API}/undo", headers=headers).json()["error"]["code"] == "request.origin"


def test_other_names_are_not_answered(client: TestClient) -> None:
    assert client.get(f"{API}/health", headers={"host": "evil.example"}).status_code == 421
    assert client.get(f"{API}/health", headers={"host": "testserver:8377"}).status_code == 200


def test_long_bodies_are_refused(client: TestClient) -> None:
    assert client.post(f"{API}/decisions", content=b" " * 5_000_001).status_code == 413

    def pieces() -> Any:
        for _ in range(60):
            yield b" " * 100_000

    assert client.post(f"{API}/decisions", content=pieces()).status_code == 413


def test_answers_carry_the_policy(client: TestClient) -> None:
    for path in (f"{API}/health", "/", "/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get(f"{API}/status").headers["cache-control"] == "no-store"


def test_files_beyond_the_page_are_out_of_reach(served: Project, tmp_path: Path) -> None:
    page = tmp_path / "page"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("the page")
    (tmp_path / "secret.txt").write_text("secret")
    with TestClient(create_app(served, single_user="ann", page=page)) as client:
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/..%2fsecret.txt"):
            assert "secret" not in client.get(path).text.replace("the page", "")
        assert client.get("/incidents/x").text == "the page"
        assert client.get("/assets/none.js").status_code == 404


def test_without_a_page_it_says_so(served: Project, tmp_path: Path) -> None:
    with TestClient(create_app(served, single_user="ann", page=tmp_path / "none")) as client:
        assert "The page is not built" in client.get("/").text
        assert client.get(f"{API}/health").status_code == 200
