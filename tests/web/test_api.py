"""What the API gives and how it refuses."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient

from histor.store.project import Project

API = "/api/v1"


def items(client: TestClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(API + path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_pages_give_each_incident_once(client: TestClient) -> None:
    whole = [i["id"] for i in items(client, "/incidents?limit=500")]
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"{API}/incidents?limit=7{cursor}").json()
        assert page["total"] == len(whole)
        seen += [i["id"] for i in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == whole
    assert len(set(seen)) == len(seen)


def test_an_export_is_exactly_what_the_filter_lists(client: TestClient) -> None:
    query = "country=AFG&type=ASSAULT"
    listed = [i["id"] for i in items(client, f"/incidents?limit=500&{query}")]
    answer = client.get(f"{API}/export?format=csv&{query}")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert listed
    assert sorted(r["incident_id"] for r in rows) == sorted(listed)
    assert answer.headers["x-written"] == str(len(listed))
    points = client.get(f"{API}/incidents/points?{query}").json()
    assert sorted(points["columns"]["id"]) == sorted(listed)


def test_orders(client: TestClient) -> None:
    killed = [i["killed"]["best"] if i["killed"] else -1 for i in items(client, "/incidents?limit=500&sort=-killed")]
    assert killed == sorted(killed, reverse=True)
    assert client.get(f"{API}/incidents?sort=colour").json()["error"]["code"] == "sort.value"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/incidents/none", 404, "incident.unknown"), ("/reports/none", 404, "report.unknown"),
        ("/event-mentions/none", 404, "mention.unknown"), ("/jobs/none", 404, "job.unknown"),
        ("/incidents?since=monday", 400, "filter.value"), ("/incidents?cursor=x", 422, "cursor.value"),
        ("/incidents?limit=0", 422, "request.invalid"), ("/export?format=xls", 422, "export.format"), ("/nothing", 404, "http.404"),
    ],
)  # fmt: skip
def test_one_error_shape(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(API + path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert set(error) >= {"code", "what", "where", "do"}


def test_an_incident_leads_to_its_words(client: TestClient) -> None:
    one = items(client, "/incidents?limit=1&type=ASSAULT")[0]
    incident = client.get(f"{API}/incidents/{one['id']}").json()
    telling = incident["tellings"][0]
    report = client.get(f"{API}/reports/{telling['report_id']}").json()
    a, b = telling["mention"]["trigger"]["span"]
    assert report["report"]["text"][a:b] == telling["mention"]["trigger"]["text"] == telling["quote"]["at"]
    for claim in incident["claims"]:
        if claim["span"]:
            a, b = claim["span"]
            assert report["report"]["text"][a:b] == claim["text"]
    tag = client.get(f"{API}/incidents/{one['id']}").headers["etag"]
    assert client.get(f"{API}/incidents/{one['id']}", headers={"if-none-match": tag}).status_code == 304


def first(client: TestClient) -> tuple[str, str]:
    item = items(client, "/queue?limit=1")[0]
    return item["id"], client.get(f"{API}/event-mentions/{item['id']}").json()["tag"]


def decide(client: TestClient, action: str, subject: str, tag: str | None = None, **payload: Any) -> Any:
    headers = {"if-match": f'"{tag}"'} if tag else {}
    return client.post(
        f"{API}/decisions", json={"action": action, "subject": subject, "payload": payload}, headers=headers
    )


def test_accept_edit_undo_redo(client: TestClient) -> None:
    total = client.get(f"{API}/queue").json()["total"]
    mention, tag = first(client)
    answer = decide(client, "edit", mention, tag, property="factuality", value="denied")
    assert answer.status_code == 201
    assert client.get(f"{API}/queue").json()["total"] == total - 1
    after = client.get(f"{API}/event-mentions/{mention}").json()
    assert (after["mention"]["factuality"], after["status"], list(after["edited"])) == (
        "denied",
        "accepted",
        ["factuality"],
    )
    assert client.post(f"{API}/undo").status_code == 201
    assert client.get(f"{API}/event-mentions/{mention}").json()["mention"]["factuality"] == "claimed"
    assert client.get(f"{API}/queue").json()["total"] == total
    assert client.post(f"{API}/redo").status_code == 201
    assert client.get(f"{API}/event-mentions/{mention}").json()["mention"]["factuality"] == "denied"
    assert client.post(f"{API}/redo").json()["error"]["code"] == "undo.nothing"
    assert client.post(f"{API}/undo").status_code == 201
    assert client.post(f"{API}/undo").json()["error"]["code"] == "undo.nothing"


def test_two_people_do_not_overwrite_each_other(client: TestClient) -> None:
    mention, tag = first(client)
    assert decide(client, "accept", mention, tag).status_code == 201
    late = decide(client, "reject", mention, tag)
    assert late.status_code == 412
    assert "ann decided on this (accept)" in late.json()["error"]["what"]
    assert (
        decide(client, "reject", mention, client.get(f"{API}/event-mentions/{mention}").json()["tag"]).status_code
        == 201
    )


def test_a_bad_decision_changes_nothing(client: TestClient) -> None:
    mention, _ = first(client)
    for payload in (
        {"property": "id", "value": "x"},
        {"property": "factuality"},
        {"property": "casualties", "value": 3},
    ):
        assert decide(client, "edit", mention, **payload).status_code == 422
    assert decide(client, "accept", "nobody").status_code in {404, 422}
    assert client.get(f"{API}/decisions").json()["total"] == 0


def test_drafts_are_ones_own(accounts: TestClient) -> None:
    from tests.web.conftest import log_in

    log_in(accounts, "coder")
    assert accounts.put(f"{API}/drafts/m1", json={"payload": {"a": 1}}).status_code == 204
    assert accounts.get(f"{API}/drafts/m1").json() == {"payload": {"a": 1}}
    log_in(accounts, "admin")
    assert accounts.get(f"{API}/drafts/m1").json() == {"payload": None}


def test_fields_edited_together_are_one_act(client: TestClient, served: Project) -> None:
    first = client.get(f"{API}/queue").json()["items"][0]["id"]
    held = client.get(f"{API}/event-mentions/{first}").json()
    asked = {"subject": first, "fields": {"factuality": "denied", "mode": None}, "seconds": 9}
    stale = client.post(f"{API}/edits", json=asked, headers={"if-match": '"nothing"'})
    assert stale.status_code == 412
    wrong = client.post(f"{API}/edits", json={**asked, "fields": {"factuality": "denied", "colour": "red"}})
    assert wrong.status_code == 422
    with served.read() as transaction:
        assert transaction.decisions.all() == []  # all or none
    done = client.post(f"{API}/edits", json=asked, headers={"if-match": f'"{held["tag"]}"'})
    assert (done.status_code, done.json()["decisions"]) == (201, 2)
    with served.read() as transaction:
        assert [d.payload["property"] for d in transaction.decisions.all()] == ["factuality", "mode"]
        assert list(transaction.access.times().values()) == [9]
    back = client.post(f"{API}/undo")
    assert back.json()["decisions"] == 2
    assert client.get(f"{API}/event-mentions/{first}").json()["mention"] == held["mention"]
    assert client.post(f"{API}/redo").json()["decisions"] == 2
    assert client.get(f"{API}/event-mentions/{first}").json()["mention"]["factuality"] == "denied"


def test_second_codings_are_blind_and_measured(accounts: TestClient, served: Project) -> None:
    from tests.web.conftest import log_in

    log_in(accounts, "adjudicator")
    assert accounts.post(f"{API}/second-codings", json={"coder": "coder", "percent": 50}).json() == {
        "assigned": 12,
        "of": 24,
    }
    log_in(accounts, "coder")
    mine = accounts.get(f"{API}/second-codings").json()["items"]
    assert len(mine) == 12
    assert accounts.get(f"{API}/second-codings?everyone=true").status_code == 403
    for one in mine:
        given = accounts.get(f"{API}/second-codings/{one['report_id']}").json()
        assert given["mentions"] == []
        assert accounts.get(f"{API}/reports/{one['report_id']}").status_code == 403
        assert accounts.get(f"{API}/queue?report={one['report_id']}").json()["total"] == 0
        with served.read() as transaction:
            coded = transaction.codings.coded(one["report_id"])
        assert coded is not None
        import msgspec

        mentions = [msgspec.to_builtins(m) for m in coded.event_mentions if m.retells is None]
        wrong = [{**mentions[0], "trigger": {"text": "lies", "span": [0, 4]}}]
        assert accounts.put(f"{API}/second-codings/{one['report_id']}", json={"mentions": wrong}).status_code == 422
        careless = [{**m, "sentence": 0, "coder": "import/ucdp x"} for m in (*mentions, mentions[0])]
        done = accounts.put(f"{API}/second-codings/{one['report_id']}", json={"mentions": careless, "seconds": 5})
        kept = accounts.get(f"{API}/second-codings/{one['report_id']}").json()["mentions"]
        assert [m["sentence"] for m in kept] == [m["sentence"] for m in (*mentions, mentions[0])]
        assert len({m["id"] for m in kept} | {m["id"] for m in mentions}) == 2 * len(mentions) + 1
        assert {m["coder"] for m in kept} == {"person"}
        done = accounts.put(
            f"{API}/second-codings/{one['report_id']}", json={"mentions": kept[:-1], "seconds": 60, "done": True}
        )
        assert done.status_code == 200
        again = accounts.get(f"{API}/second-codings/{one['report_id']}").json()["mentions"]
        assert again == kept[:-1]  # what is sent back as it was given keeps its ids
        assert accounts.get(f"{API}/reports/{one['report_id']}").status_code == 200
        assert accounts.put(f"{API}/second-codings/{one['report_id']}", json={"mentions": []}).status_code == 409
    assert accounts.get(f"{API}/agreement?second=coder").status_code == 403
    log_in(accounts, "adjudicator")
    found = accounts.get(f"{API}/agreement?first=machine&second=coder").json()
    assert (found["reports"], found["missed"], found["extra"], found["f1"]) == (12, 0, 0, 1.0)
    types = next(f for f in found["fields"] if f["name"] == "event_type")
    assert types["value"] == 1.0


def test_a_job_fails_in_words_and_can_be_cancelled(client: TestClient) -> None:
    job = client.post(f"{API}/jobs", json={"kind": "ingest", "name": "x.jsonl", "content": "bm90IGpzb24="})
    assert job.status_code == 202
    where = job.headers["location"]
    deadline = time.monotonic() + 240
    while client.get(where).json()["state"] in {"waiting", "running"} and time.monotonic() < deadline:
        time.sleep(0.2)
    ended = client.get(where).json()
    assert ended["state"] in {"done", "failed"}
    assert ended["result"] is None or ended["result"]["aside"] == 1
    assert client.post(f"{where}/cancel").status_code == 409
    assert client.post(f"{API}/jobs", json={"kind": "ingest", "name": "../x.jsonl", "content": ""}).status_code == 422


def test_reports_are_found_by_their_words(client: TestClient) -> None:
    found = items(client, "/reports?search=Goma")
    assert found
    assert all("«Goma»" in f["excerpt"] for f in found)
    assert len(items(client, "/reports?limit=200")) == 24


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("event_type", "NONSENSE", "mention.code"),
        ("date", {"earliest": "soon", "latest": "soon"}, "mention.code"),
        ("actors", [{"text": "somebody else", "span": [0, 13]}], "mention.words"),
    ],
)
def test_an_edit_that_nothing_could_be_made_of_is_refused(
    client: TestClient, served: Project, name: str, value: object, code: str
) -> None:
    """It would stay in the ledger, and exports and matching would break on it for ever."""
    with served.read() as transaction:
        mention = next(iter(transaction.mentions.find())).mention.id
    asked = {"action": "edit", "subject": mention, "payload": {"property": name, "value": value}}
    answer = client.post("/api/v1/decisions", json=asked)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    with served.read() as transaction:
        assert transaction.decisions.all() == []


def test_an_addition_must_have_the_words_of_the_report(client: TestClient, served: Project) -> None:
    with served.read() as transaction:
        stored = next(iter(transaction.mentions.find()))
    added = msgspec.to_builtins(stored.mention) | {"id": "f" * 64}
    a, b = stored.mention.trigger.span
    for span, status in (([a, b], 201), ([a + 1, b + 1], 422), ([a, 10**6], 422)):
        given = added | {"trigger": {"text": stored.mention.trigger.text, "span": span}}
        payload = {"report_id": stored.report_id, "event_mention": given}
        answer = client.post("/api/v1/decisions", json={"action": "add", "subject": given["id"], "payload": payload})
        assert answer.status_code == status, answer.text
