from __future__ import annotations

import json

import pytest

from histor.model.canonical import canonical_json, digest, report_id


def test_canonical_json_sorts_keys_and_keeps_letters() -> None:
    assert canonical_json({"b": 1, "a": ["é", None, True]}) == '{"a":["é",null,true],"b":1}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_canonical_json_refuses_what_json_cannot_say(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"x": value})


def test_digest_is_pinned() -> None:
    # An identifier that changes between versions would double every record of a user.
    assert digest("claim", ["a", 1]) == digest("claim", json.loads('["a", 1]'))
    assert digest("claim", ["a", 1])[:16] == "a4607d9e052e6255"


def test_domains_never_share_an_identifier() -> None:
    assert digest("claim", "x") != digest("event_mention", "x")


def test_joined_fields_do_not_collide() -> None:
    assert digest("claim", ["a.b", "c"]) != digest("claim", ["a", "b.c"])


def test_report_id_depends_on_bytes_source_and_url() -> None:
    one = report_id(b"text", "Reuters", None)
    assert one == report_id(b"text", "Reuters", None)
    assert (
        len(
            {
                one,
                report_id(b"text", None, None),
                report_id(b"text ", "Reuters", None),
                report_id(b"text", "Reuters", "u"),
            }
        )
        == 4
    )
