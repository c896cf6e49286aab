"""Settings over the API: what is refused and why, what changes, and who may."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient

from histor.estimates.rules import RULES
from histor.jobs.verify import verify_release
from histor.resolve.actor_file import COLUMNS
from histor.store.project import Project
from histor.store.settings import read_settings
from histor.web.app import create_app
from histor.web.guards import headers_for
from histor.web.routes.settings import RULES_TOLD
from tests.web.conftest import log_in

API = "/api/v1"
TILES = "https://tiles.example.org/osm/{z}/{x}/{y}.png"
ACTORS = (
    "\t".join(COLUMNS) + "\n" + "\t".join(["xyz.river-guard", "River Guard", "RG", "COD", "REB", "armed_group"]) + "\n"
)


def policy(client: TestClient) -> str:
    return client.get("/").headers["content-security-policy"]


def test_every_rule_is_told() -> None:
    assert list(RULES_TOLD) == list(RULES)


def test_a_tile_address_is_written_and_the_policy_lets_that_one_in(client: TestClient, served: Project) -> None:
    before = policy(client)
    assert "example" not in before
    answer = client.patch(f"{API}/settings", json={"tiles": TILES, "tiles_credit": "the tilers"})
    assert (answer.json()["tiles"], answer.json()["tiles_credit"]) == (TILES, "the tilers")
    assert read_settings(served.folder / "histor.toml").review.tiles == TILES
    after = policy(client)
    assert after.replace(" https://tiles.example.org/osm/", "") == before
    assert after.count("https://tiles.example.org/osm/") == 2
    refused = client.patch(f"{API}/settings", json={"tiles": "https://x.org; script-src *//{z}/{x}/{y}"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "settings.tiles")
    assert policy(client) == after
    assert client.patch(f"{API}/settings", json={"tiles": None}).json()["tiles"] is None
    assert policy(client) == before


def test_what_a_person_changed_in_the_file_meanwhile_stays(client: TestClient, served: Project) -> None:
    path = served.folder / "histor.toml"
    path.write_text(path.read_text().replace("# second_percent = 10", "second_percent = 5"))
    assert client.patch(f"{API}/settings", json={"tiles_credit": "the tilers"}).status_code == 200
    assert read_settings(path).review.second_percent == 5


def test_the_command_lines_tile_address_goes_first(served: Project) -> None:
    with TestClient(create_app(served, single_user="ann", tiles=TILES)) as client:
        found = client.get(f"{API}/settings").json()
        assert (found["tiles"], found["tiles_fixed"]) == (TILES, True)
    assert headers_for("http://127.0.0.1:9/{z}/{x}/{y}")["content-security-policy"].count("http://127.0.0.1:9/") == 2


def test_a_second_coder_gets_a_part_at_once_and_of_what_comes_in(client: TestClient, served: Project) -> None:
    from histor.jobs.ingest import Ingest
    from tests.stores import QuickCoder, capture

    assert client.patch(f"{API}/settings", json={"second_coder": "bo", "second_percent": 100}).json()["given_out"] == 24
    Ingest(served, QuickCoder(), matching=False).run(
        [capture("Rebels attacked a bridge in Goma and 9 people died there.", 99)]
    )
    assert len(client.get(f"{API}/second-codings?everyone=true").json()["items"]) == 25
    for wrong in ({"second_percent": 101}, {"second_coder": "a/b"}, {}, {"colour": "red"}):
        assert client.patch(f"{API}/settings", json=wrong).status_code == 422


def test_an_actors_file_is_checked_before_it_holds(client: TestClient, served: Project) -> None:
    bad = ACTORS + "river\tNo Id\n"
    answer = client.put(f"{API}/settings/actors", json={"content": bad})
    assert answer.status_code == 400
    assert answer.json()["error"]["where"] == "the file:3"
    orphan = ACTORS.rstrip("\n") + "\txyz.nobody\n"
    assert client.put(f"{API}/settings/actors", json={"content": orphan}).status_code == 400
    assert client.get(f"{API}/settings/actors").json()["file"] is None
    good = client.put(f"{API}/settings/actors", json={"content": ACTORS}).json()
    assert [a["id"] for a in good["actors"]] == ["xyz.river-guard"]
    assert served.settings.coding.actors == good["file"]
    assert (served.folder / good["file"]).read_text() == ACTORS
    assert client.put(f"{API}/settings/actors", json={}).json()["file"] is None
    assert good["file"] in client.get(f"{API}/settings/actors").json()["files"]
    assert client.put(f"{API}/settings/actors", json={"file": good["file"]}).json()["count"] == 1
    for name in ("../x.tsv", "histor.toml", ".hidden.tsv", "none.tsv", "a/b.tsv"):
        assert client.put(f"{API}/settings/actors", json={"file": name}).status_code == 422


def test_the_codebook_defines_what_forms_offer(client: TestClient) -> None:
    book = client.get(f"{API}/codebook").json()
    defined = {(d["scheme"], d["code"], d["of"]) for d in book["definitions"]}
    for type_, modes in client.get(f"{API}/vocabulary").json()["types"].items():
        assert ("types", type_, None) in defined
        assert {("modes", m, type_) for m in modes} <= defined
    assert {("sub_events", s, None) for s in book["acled"]} <= defined


def ended(client: TestClient, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + 240
    while (job := client.get(answer.headers["location"]).json())["state"] in {"waiting", "running"}:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    found: dict[str, Any] = job
    return found


def test_a_rule_is_chosen_by_a_job(client: TestClient) -> None:
    job = ended(client, client.post(f"{API}/jobs", json={"kind": "estimate", "rule": "conservative"}))
    assert (job["state"], job["result"]["rule"]) == ("done", "conservative")
    assert client.get(f"{API}/settings").json()["rule"] == "conservative"
    killed = [i["killed"]["rule"] for i in client.get(f"{API}/incidents?limit=500").json()["items"] if i["killed"]]
    assert set(killed) <= {"conservative"}
    assert client.post(f"{API}/jobs", json={"kind": "estimate", "rule": "mine"}).status_code == 400
    assert client.post(f"{API}/jobs", json={"kind": "estimate"}).status_code == 400


def test_an_export_job_gives_the_bytes_of_the_export(client: TestClient, served: Project) -> None:
    query = "country=AFG&type=ASSAULT"
    job = ended(
        client, client.post(f"{API}/jobs", json={"kind": "export", "format": "csv", "filter": f"{query}&view=map"})
    )
    assert job["state"] == "done", job["message"]
    assert client.get(f"{API}/jobs/{job['id']}/file").content == client.get(f"{API}/export?format=csv&{query}").content
    assert client.post(f"{API}/jobs", json={"kind": "export", "format": "xls"}).status_code == 422
    assert (
        client.post(f"{API}/jobs", json={"kind": "export", "format": "csv", "filter": "since=monday"}).status_code
        == 400
    )
    for path in Path(served.folder / "exports").iterdir():
        path.unlink()
    assert client.get(f"{API}/jobs/{job['id']}/file").json()["error"]["code"] == "job.file"


def test_a_release_job_gives_a_release_that_is_sound(client: TestClient, served: Project, tmp_path: Path) -> None:
    asked = {
        "kind": "release",
        "title": "War & Peace",
        "version": "1.0",
        "authors": ["Ann Lee"],
        "licence": "CC-BY-4.0",
        "filter": "country=AFG",
    }
    first = ended(client, client.post(f"{API}/jobs", json=asked))
    assert first["state"] == "done", first["message"]
    assert (first["result"]["title"], first["result"]["version"], first["result"]["since"]) == (
        "War & Peace",
        "1.0",
        None,
    )
    answer = client.get(f"{API}/jobs/{first['id']}/file")
    assert 'filename="war-peace-1.0.zip"' in answer.headers["content-disposition"]
    path = tmp_path / "one.zip"
    path.write_bytes(answer.content)
    assert list(verify_release(path)) == []
    total = client.get(f"{API}/incidents?country=AFG&limit=1").json()["total"]
    with zipfile.ZipFile(path) as held:
        assert held.read("data/incidents.csv").count(b"\n") == total + 1 == first["result"]["incidents"] + 1
        assert "Ann" in held.read("CITATION.cff").decode()
        assert not any("rebels" in line for line in held.read("data/reports.csv").decode().casefold().splitlines()[1:])
    second = ended(
        client, client.post(f"{API}/jobs", json={**asked, "version": "1.1", "filter": "", "with_text": True})
    )
    assert second["result"]["since"] == "1.0"
    path.write_bytes(client.get(f"{API}/jobs/{second['id']}/file").content)
    assert list(verify_release(path)) == []
    with zipfile.ZipFile(path) as held:
        assert "compared with war-peace-1.0-" in held.read("CHANGELOG.md").decode()
        assert "rebels" in held.read("data/reports.csv").decode().casefold()
    for wrong in ({"title": " "}, {"version": "../1"}, {"version": None}, {"licence": "a b"}):
        assert client.post(f"{API}/jobs", json=asked | wrong).status_code == 422, wrong


def test_what_the_projects_own_codebook_adds_may_be_coded(client: TestClient, served: Project) -> None:
    first = client.get(f"{API}/queue?event_type=ASSAULT").json()["items"][0]["id"]
    edit = {"action": "edit", "subject": first, "payload": {"property": "mode", "value": "cattle-raid"}}
    assert client.post(f"{API}/decisions", json=edit).status_code == 422
    (served.folder / "ours.toml").write_text('version = "1"\n[types]\nASSAULT = ["cattle-raid"]\n', encoding="utf-8")
    coding = msgspec.structs.replace(served.settings.coding, codebook="ours.toml")
    served.change_settings(msgspec.structs.replace(served.settings, coding=coding))
    assert "cattle-raid" in client.get(f"{API}/vocabulary").json()["types"]["ASSAULT"]
    assert "cattle-raid" in client.get(f"{API}/codebook").json()["types"]["ASSAULT"]
    assert client.post(f"{API}/decisions", json=edit).status_code == 201
    (served.folder / "ours.toml").write_text("types = 3", encoding="utf-8")
    broken = client.post(f"{API}/decisions", json=edit)
    assert (broken.status_code, broken.json()["error"]["code"][:8]) == (400, "codebook")


@pytest.mark.parametrize(
    ("method", "path", "least"),
    [
        ("PATCH", f"{API}/settings", "admin"), ("PUT", f"{API}/settings/actors", "admin"), ("GET", f"{API}/settings", "viewer"),
        ("GET", f"{API}/adjudication", "adjudicator"), ("POST", f"{API}/adjudication/x", "adjudicator"),
        ("GET", "/queue.csv", "coder"), ("GET", "/incidents.json", "viewer"),
    ],
)  # fmt: skip
def test_each_role_may_what_it_may(accounts: TestClient, method: str, path: str, least: str) -> None:
    from histor.store.access import ROLES

    accounts.cookies.clear()
    body = {"second": "bo", "mention": None} if method == "POST" else {"tiles": None} if method == "PATCH" else {}
    for role in ROLES:
        answer = log_in(accounts, role).request(method, path, json=body if method != "GET" else None)
        assert (answer.status_code == 403) is (ROLES.index(role) < ROLES.index(least)), (role, answer.text)
    accounts.cookies.clear()
    assert accounts.request(method, path, json=body).status_code == 401
