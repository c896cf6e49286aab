"""Two codings, two incidents, and the twins of views: what stands beside what."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient

from histor.resolve.actor_file import COLUMNS
from histor.store.project import Project
from tests.web.conftest import log_in

API = "/api/v1"


def table(client: TestClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_twins_hold_what_the_view_lists(client: TestClient) -> None:
    query = "country=AFG&type=ASSAULT"
    listed = client.get(f"{API}/incidents?limit=500&sort=-date&{query}").json()["items"]
    assert client.get(f"/incidents.json?{query}&view=map&zoom=2,0,0").json()["items"] == listed
    rows = table(client, f"/incidents.csv?{query}")
    assert [r["id"] for r in rows] == [i["id"] for i in listed]
    assert [r["killed.best"] for r in rows] == [str(i["killed"]["best"]) if i["killed"] else "" for i in listed]
    waiting = client.get(f"{API}/queue?limit=200&event_type=PROTEST").json()["items"]
    assert [r["id"] for r in table(client, "/queue.csv?type=PROTEST")] == [q["id"] for q in waiting]
    assert len(client.get("/reports.json").json()["items"]) == 24
    assert all("Goma" in r["excerpt"] for r in table(client, "/reports.csv?search=Goma"))
    one = listed[0]["id"]
    assert client.get(f"/incidents/{one}.json").json() == client.get(f"{API}/incidents/{one}").json()
    assert len(table(client, f"/incidents/{one}.csv")) == len(client.get(f"{API}/incidents/{one}").json()["claims"])
    report = waiting[0]["report"]["id"]
    assert [r["mention.id"] for r in table(client, f"/reports/{report}.csv")] == [
        m["mention"]["id"] for m in client.get(f"{API}/reports/{report}").json()["mentions"]
    ]
    assert client.get("/incidents.csv?since=monday").status_code == 400
    assert client.get("/incidents/none.csv").status_code == 404


def test_who_codes_blind_gets_no_twin_either(accounts: TestClient, served: Project) -> None:
    with served.write() as transaction:
        report = transaction.reports.ids()[0]
        transaction.access.assign([report], "coder", "2024-01-01T00:00:00+00:00")
    log_in(accounts, "coder")
    for suffix in ("json", "csv"):
        assert accounts.get(f"/reports/{report}.{suffix}").status_code == 403
    assert all(r["report.id"] != report for r in table(accounts, "/queue.csv"))
    with served.read() as transaction:
        coded = transaction.codings.coded(report)
        assert coded is not None
        mention = coded.event_mentions[0].id
        (incident,) = transaction.incidents.of([mention]).values()
        other = next(i for i in transaction.incidents.ids() if i != incident)
    for path in (
        f"{API}/incidents/{incident}",
        f"{API}/incidents/{other}/compare/{incident}",
        f"/incidents/{incident}.csv",
    ):
        assert accounts.get(path).status_code == 403
    decision = {"action": "accept", "subject": mention}
    assert accounts.post(f"{API}/decisions", json=decision).status_code == 403
    with served.write() as transaction:
        transaction.decisions.add("accept", mention, coder="first", made_at="2024-01-01T00:00:00+00:00")
    assert accounts.get(f"{API}/decisions").json()["items"] == []
    assert table(accounts, "/decisions.csv") == []
    log_in(accounts, "adjudicator")
    assert len(accounts.get(f"{API}/decisions").json()["items"]) == 1


def test_who_codes_blind_gets_no_release(accounts: TestClient, served: Project) -> None:
    with served.write() as transaction:
        transaction.access.assign([transaction.reports.ids()[0]], "coder", "2024-01-01T00:00:00+00:00")
    log_in(accounts, "adjudicator")
    asked = {"kind": "release", "title": "All", "version": "1"}
    job = accounts.post(f"{API}/jobs", json=asked).json()["id"]
    while accounts.get(f"{API}/jobs/{job}").json()["state"] not in {"done", "failed"}:
        time.sleep(0.05)
    assert accounts.get(f"{API}/jobs/{job}/file").status_code == 200
    log_in(accounts, "coder")
    assert accounts.get(f"{API}/jobs/{job}/file").status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/incidents", f"{API}/health", f"{API}/incidents", "/incidents.csv", f"{API}/none"]
)
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    got, headed = client.get(path), client.head(path)
    assert (headed.status_code, headed.content) == (got.status_code, b"")
    for name in ("content-type", "content-length", "content-security-policy", "etag"):
        assert headed.headers.get(name) == got.headers.get(name)


def test_a_link_into_the_queue_begins_near_it(client: TestClient) -> None:
    everything = [q["id"] for q in client.get(f"{API}/queue?limit=200").json()["items"]]
    for wanted, start in ((everything[20], 15), (everything[2], 0), ("none", 0)):
        page = client.get(f"{API}/queue?limit=8&at={wanted}").json()
        assert [q["id"] for q in page["items"]] == everything[start : start + 8]
    following = client.get(f"{API}/queue?limit=8&cursor={page['next']}").json()["items"]
    assert [q["id"] for q in following] == everything[8:16]


def incidents_with(client: TestClient, count: int) -> list[str]:
    found = client.get(f"{API}/incidents?limit=500&type=ASSAULT").json()["items"]
    return [i["id"] for i in found][:count]


def test_two_incidents_field_by_field_and_as_one(client: TestClient) -> None:
    left, right = incidents_with(client, 2)
    found = client.get(f"{API}/incidents/{left}/compare/{right}").json()
    one, other, both = found["sides"]
    assert both["event_mentions"] == sorted(
        [*one["event_mentions"], *other["event_mentions"]], key=both["event_mentions"].index
    )
    assert {*one["event_mentions"], *other["event_mentions"]} == set(both["event_mentions"])
    assert found["weighed"]
    for pair in found["weighed"]:
        assert 0 <= pair["score"] <= 1
        assert pair["reasons"] or pair["excluded"]
        weights = [abs(w) for _, w in pair["reasons"]]
        assert weights == sorted(weights, reverse=True)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[TestClient]:
    """A project of two reports on things that nobody takes for one, matched."""
    from histor.jobs.ingest import Ingest
    from histor.store.project import init_project
    from histor.web.app import create_app
    from tests.stores import QuickCoder, capture

    texts = (
        "Rebels attacked a post in Goma and 4 people died.",
        "Police arrested the harbour pilots of Suva, 31 people in all.",
    )
    with init_project(tmp_path / "two") as project:
        Ingest(project, QuickCoder()).run([capture(t, 11 * k) for k, t in enumerate(texts)])
        with TestClient(create_app(project, single_user="ann", hosts={"testserver"})) as made:
            yield made


def members(client: TestClient, incident: str) -> list[str]:
    return [m["id"] for m in client.get(f"{API}/incidents/{incident}").json()["event_mentions"]]


def decide(client: TestClient, action: str, subject: str, **payload: Any) -> None:
    answer = client.post(f"{API}/decisions", json={"action": action, "subject": subject, "payload": payload})
    assert answer.status_code == 201, answer.text


def test_what_a_merge_and_a_split_would_give_is_what_they_give(two: TestClient) -> None:
    left, right = (i["id"] for i in two.get(f"{API}/incidents").json()["items"])
    stays, out = members(two, left), members(two, right)
    promised = two.get(f"{API}/incidents/{left}/compare/{right}").json()["sides"]
    decide(two, "merge", left, event_mentions=[*stays, *out])
    whole = two.get(f"{API}/incidents").json()["items"][0]["id"]
    assert same(two, whole, promised[2])
    asked = "&".join(f"mention={m}" for m in out)
    halves = two.get(f"{API}/incidents/{whole}/apart?{asked}").json()["sides"]
    assert two.get(f"{API}/incidents/{whole}/apart?mention=none").status_code == 422
    assert two.get(f"{API}/incidents/{whole}/apart?{asked}&mention={stays[0]}").status_code == 422
    decide(two, "split", whole, parts=[stays, out])
    after = {i["id"] for i in two.get(f"{API}/incidents").json()["items"]}
    assert after == {left, right}
    assert same(two, left, halves[0])
    assert same(two, right, halves[1])


def same(client: TestClient, incident: str, side: dict[str, Any]) -> bool:
    """Whether an incident is what was promised."""
    now = client.get(f"{API}/incidents/{incident}").json()
    fields = ("event_type", "place", "date", "factuality", "actors")
    numbers = {k: (v["low"], v["best"], v["high"]) for k, v in now["estimates"].items()}
    told = {k: (v["low"], v["best"], v["high"]) for k, v in side["estimates"].items()}
    return (
        [now[f] for f in fields] == [side[f] for f in fields]
        and numbers == told
        and {m["id"] for m in now["event_mentions"]} == set(side["event_mentions"])
    )


def closed(served: Project, coder: str, changes: dict[str, Any]) -> str:
    """A closed second coding of one report, the machine's with other values."""
    with served.write() as transaction:
        report_id = transaction.reports.ids()[0]
        coded = transaction.codings.coded(report_id)
        assert coded is not None
        own = [m for m in coded.event_mentions if m.retells is None]
        mentions = [msgspec.structs.replace(m, id=f"{k:064x}", **changes) for k, m in enumerate(own)]
        transaction.access.assign([report_id], coder, "2024-01-01T00:00:00+00:00")
        transaction.access.save_second_coding(report_id, coder, mentions, 90, "2024-01-02T00:00:00+00:00")
    return report_id


def test_an_adjudicator_settles_a_pair(accounts: TestClient, served: Project) -> None:
    report_id = closed(served, "coder", {"factuality": "denied"})
    log_in(accounts, "adjudicator")
    listed = accounts.get(f"{API}/adjudication?second=coder").json()["items"]
    assert [(i["report"]["id"], i["differs"], i["open"]) for i in listed] == [(report_id, 1, 1)]
    assert accounts.get(f"{API}/adjudication?second=nobody").json()["items"] == []
    pair = accounts.get(f"{API}/adjudication/{report_id}?second=coder").json()["pairs"][0]
    assert (pair["kind"], pair["differs"], pair["settled"]) == ("differs", ["factuality"], [])
    body = {
        "second": "coder", "first_id": pair["first"]["id"], "second_id": pair["second"]["id"], "mention": pair["second"],
        "note": "he denies it", "seconds": 33,
    }  # fmt: skip
    assert accounts.post(f"{API}/adjudication/{report_id}", json={**body, "second_id": "x"}).status_code == 422
    assert accounts.post(f"{API}/adjudication/{report_id}", json={**body, "mention": {"id": 3}}).status_code == 422
    done = accounts.post(f"{API}/adjudication/{report_id}", json=body)
    assert [(d["action"], d["coder"]) for d in done.json()["decisions"]] == [("edit", "adjudicator")]
    assert done.json()["pairs"][0]["settled"]
    after = accounts.get(f"{API}/event-mentions/{pair['first']['id']}").json()
    assert (after["mention"]["factuality"], after["status"]) == ("denied", "accepted")
    assert accounts.get(f"{API}/adjudication?second=coder").json()["items"][0]["open"] == 0
    found = accounts.get(f"{API}/coders").json()
    assert found["actions"]["edit"]["median"] == 33
    assert (found["machine"]["edited"], found["unchanged"]["value"], found["unchanged"]["of"]) == (1, 0.0, 1)
    assert found["blind"]["coder"]["timed"] == 1


def test_times_are_kept_beside_the_ledger(client: TestClient, served: Project) -> None:
    items = client.get(f"{API}/queue?limit=3").json()["items"]
    for seconds, item in zip((4, 10, 1000), items, strict=True):
        body = {"action": "accept", "subject": item["id"], "payload": {}, "seconds": seconds}
        assert client.post(f"{API}/decisions", json=body).status_code == 201
    for wrong in (-1, "soon", 1e9):
        body = {"action": "accept", "subject": items[0]["id"], "payload": {}, "seconds": wrong}
        assert client.post(f"{API}/decisions", json=body).status_code == 422
    ann = next(c for c in client.get(f"{API}/coders").json()["items"] if c["id"] == "ann")
    assert ann["times"] == {"median": 7.0, "lower": 5.5, "upper": 8.5, "timed": 2, "left_out": 1}
    assert client.get(f"{API}/coders").json()["unchanged"]["of"] == 3
    from histor.store.verify import verify_project

    assert not list(verify_project(served))


def test_names_lead_to_places_and_actors(client: TestClient, served: Project) -> None:
    found = client.get(f"{API}/places?name=Kabul&country=AFG").json()["items"]
    assert found[0]["country"] == "AFG"
    assert all(p["latitude"] is not None and 1 <= p["where_prec"] <= 7 for p in found)
    assert client.get(f"{API}/places?name=Qqqqxyz").json()["items"] == []
    before, after = (
        client.get(f"{API}/actors?name=taliban&day={day}").json()["items"][0] for day in ("2020-01-01", "2022-01-01")
    )
    assert before["id"] == after["id"]
    assert (before["sector"], after["sector"]) == ("REB", "GOV")
    for path in ("/places?name=", "/actors?name=", "/actors?name=x&day=monday"):
        assert client.get(API + path).status_code == 422
    (served.folder / "own.tsv").write_text(
        "\t".join(COLUMNS)
        + "\n"
        + "\t".join(["xyz.river-guard", "River Guard", "RG", "COD", "REB", "armed_group"])
        + "\n"
    )
    assert client.get(f"{API}/actors?name=river g").json()["items"] == []
    client.put(f"{API}/settings/actors", json={"file": "own.tsv"})
    assert client.get(f"{API}/actors?name=river g").json()["items"][0]["id"] == "xyz.river-guard"
