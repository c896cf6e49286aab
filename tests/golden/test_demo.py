"""The shipped reports through the shipped engine: the contract, the spans, the chief facts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

REPORT_KEYS = {"id", "source", "published", "title", "language", "text", "external_id"}
MENTION_KEYS = set(
    "id retells sentence trigger event_type mode contexts acled ucdp actors recipients place date casualties weapons "
    "attribution factuality loaded_terms confidence coder why".split()
)


def demo(seed: str) -> bytes:
    command = [sys.executable, "-m", "histor", "demo", "--format", "jsonl"]
    return subprocess.run(
        command, capture_output=True, check=True, timeout=300, env={**os.environ, "PYTHONHASHSEED": seed}
    ).stdout


@pytest.fixture(scope="module")
def output() -> bytes:
    return demo("1")


@pytest.fixture(scope="module")
def coded(output: bytes) -> dict[str, Any]:
    items = [json.loads(line) for line in output.decode().splitlines()]
    return {item["report"]["external_id"]: item for item in items}


def events(coded: dict[str, Any], report: str, kind: str) -> list[dict[str, Any]]:
    return [m for m in coded[report]["event_mentions"] if m["event_type"] == kind]


def test_the_same_bytes_under_other_hash_seeds(output: bytes) -> None:
    assert demo("2") == output
    assert demo("random") == output


def test_every_report_keeps_the_contract(coded: dict[str, Any]) -> None:
    assert len(coded) == 30
    for item in coded.values():
        assert set(item) == {"report", "event_mentions", "relations"}
        assert set(item["report"]) >= REPORT_KEYS - {"external_id"}
        ids = [m["id"] for m in item["event_mentions"]]
        assert len(set(ids)) == len(ids)
        for k, mention in enumerate(item["event_mentions"]):
            assert set(mention) == MENTION_KEYS
            assert mention["retells"] is None or mention["retells"] in ids[:k]
            assert 0 < mention["confidence"] < 1
            assert mention["why"]


def spans(value: Any) -> list[tuple[Any, list[int]]]:
    if isinstance(value, list):
        return [found for v in value for found in spans(v)]
    if not isinstance(value, dict):
        return []
    own = []
    if isinstance(value.get("span"), list):
        own.append((value.get("text", value.get("speaker")), value["span"]))
    return own + [found for v in value.values() for found in spans(v)]


def test_every_span_equals_its_words(coded: dict[str, Any]) -> None:
    seen = 0
    for item in coded.values():
        for words, (a, b) in spans(item["event_mentions"]):
            assert item["report"]["text"][a:b] == words
            seen += 1
    assert seen > 300


def killed(coded: dict[str, Any], report: str) -> set[int | None]:
    return {c["best"] for m in coded[report]["event_mentions"] for c in m["casualties"] if c["kind"] == "killed"}


@pytest.mark.parametrize(("report", "toll"), [("d06", 300), ("d07", 50), ("d08", 50), ("d26", 34), ("d30", 17)])
def test_tolls_as_each_outlet_states_them(coded: dict[str, Any], report: str, toll: int) -> None:
    assert toll in killed(coded, report)


@pytest.mark.parametrize(
    ("report", "kind"),
    [("d06", "ASSAULT"), ("d07", "ASSAULT"), ("d16", "CONSULT"), ("d21", "PROTEST"), ("d26", "COERCE"), ("d29", "AID")],
)
def test_types(coded: dict[str, Any], report: str, kind: str) -> None:
    assert events(coded, report, kind)


def test_no_actor_carries_an_adjective_of_its_enemies(coded: dict[str, Any]) -> None:
    for item in coded.values():
        for mention in item["event_mentions"]:
            for party in [*mention["actors"], *mention["recipients"]]:
                name = (party["name"] or "").lower()
                assert not any(w in name for w in ("terrorist", "miscreant", "seditionist", "occupier", "barbaric"))


def test_a_party_s_claim_is_claimed(coded: dict[str, Any]) -> None:
    fights = [m for m in events(coded, "d07", "ASSAULT") if m["casualties"]]
    assert {m["factuality"] for m in fights} == {"claimed"}
    speakers = " ".join(a["speaker"] for a in fights[0]["attribution"])
    assert "spokesman" in speakers
    assert fights[0]["attribution"][-1]["speaker"] == "Gandhara Wire"
