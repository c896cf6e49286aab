"""Whatever a server answers: records whose words stand in the report, or an error of ours that names what was wrong."""

from __future__ import annotations

import json
import random
from typing import Any

import msgspec
import pytest

from histor.coding.claims import claims_of
from histor.engines.llm.engine import LlmEngine
from histor.model.errors import CoderError, HistorError
from tests.llm_server import Response, completion, mention, mentions, refusal, serving
from tests.unit.engines.test_llm import GOOD, TEXT, Make, code, make, only, spans_of

__all__ = ["make"]  # the fixture
HUGE = 10**400
SCALARS = [
    None, True, 0, -1, 2**64, HUGE, -HUGE, 1.5, 1e308, float("nan"), "", " ", "x" * 2_500, "\ud800", "\x00", "\u202e Rebels", "(((", "\\", "[a-",
    "killing", "Rebels", "rebels", "12", "12 soldiers",
]  # fmt: skip


def junk(rng: random.Random, depth: int = 0) -> Any:
    kind = rng.randrange(6) if depth < 3 else 5
    if kind == 0:
        return [junk(rng, depth + 1) for _ in range(rng.randrange(5))]
    if kind == 1:
        return {
            name: junk(rng, depth + 1) for name in rng.sample(["quote", "code", "kind", "cue", "event_mentions", ""], 3)
        }
    return rng.choice(SCALARS) if kind < 4 else rng.choice(TEXT.split())


def a_mention(rng: random.Random) -> dict[str, Any]:
    found = dict(GOOD)
    for name in rng.sample(sorted(found), rng.randrange(3)):
        found[name] = junk(rng)
    found["sentence"] = rng.choice([0, 0, 1, -1, 7, HUGE])
    found["retells"] = rng.choice([None, None, 0, 1, -1, 7, -HUGE])
    found["tolls"] = [{"kind": "killed", "quote": quote} for quote in rng.choices(["12 soldiers", *TEXT.split()], k=3)]
    return found


def an_answer(rng: random.Random) -> Response:
    """A completion of which something is not as it should be: mentions, the JSON around them, counts, or the reply."""
    whole = json.dumps(mentions(GOOD, GOOD))
    at = rng.randrange(len(whole))
    content = rng.choice(
        [
            mentions(*[a_mention(rng) for _ in range(rng.choice([1, 2, 5, 250]))]), {"event_mentions": junk(rng)}, junk(rng),
            whole[:at] + rng.choice(["", "}", '"', "\x00", "{"]) + whole[at + rng.randrange(3) :],
        ]
    )  # fmt: skip
    status, headers, body = completion(content, None, rng.choice(["stop", "stop", "stop", "length", "content_filter"]))
    reply = json.loads(body)
    counts = rng.choice([(1, 1), (HUGE, HUGE), (-1, 5), ("a", None), (True, 1.5)])
    reply["usage"] = dict(zip(("prompt_tokens", "completion_tokens"), counts, strict=True))
    if rng.random() < 0.15:
        reply[rng.choice(sorted(reply))] = junk(rng)
    return status, headers, json.dumps(reply).encode()


def sound(engine: LlmEngine) -> int:
    """How many event mentions come out; that all hold is checked."""
    coded = code(engine)
    built = msgspec.to_builtins(coded.event_mentions)
    assert all(TEXT[a:b] == words for words, (a, b) in spans_of(list(built)))
    for ids in ([m.id for m in coded.event_mentions], [c.id for c in claims_of(coded, "x")]):
        assert len(set(ids)) == len(ids)
    assert {m.retells for m in coded.event_mentions} <= {None, *(m.id for m in coded.event_mentions)}
    msgspec.json.encode(coded)
    return len(coded.event_mentions)


@pytest.mark.promise("injection")
def test_whatever_is_answered(make: Make, long: bool, tmp_path: Any, record_property: Any) -> None:
    rng = random.Random(20240501)
    count = 2_000 if long else 120
    read = aside = 0
    codes: set[str] = set()
    with serving(lambda _: an_answer(rng)) as server:
        for k in range(count):
            engine = make(server, cache=tmp_path / str(k), price_in=1.0, price_out=1.0, max_cost=100.0)
            try:
                read += sound(engine)
            except HistorError as error:
                codes.add(error.code)
                aside += 1
            assert engine.meter.cost is not None
            assert engine.meter.cost < 100
            engine.meter.summary()
    assert codes <= {"llm.reply", "llm.answer", "llm.length"}
    assert read > count // 4
    assert aside > count // 20
    record_property(
        "figure", f"{count:,} hostile answers: {read:,} event mentions on words of the report, 0 values without"
    )


def streamed(*pieces: str, end: str = "data: [DONE]\n\n", finish: str | None = "stop") -> Response:
    said: list[dict[str, Any]] = [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
    said.append({"choices": [{"delta": {}, "finish_reason": finish}]})
    said.append({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}})
    body = ": hello\n\n" + "".join(f"data: {json.dumps(piece)}\n\n" for piece in said) + end
    return 200, {"Content-Type": "text/event-stream"}, body.encode()


def test_a_stream_that_nobody_asked_for_is_put_together(make: Make) -> None:
    whole = json.dumps(mentions(GOOD))
    with serving(streamed(whole[:9], whole[9:70], whole[70:])) as server:
        engine = make(server)
        assert only(code(engine)).trigger.text == "attacked"
    assert (engine.meter.tokens_in, engine.meter.tokens_out) == (7, 3)
    assert "stream" not in server.requests[0]


def test_what_ends_lines_elsewhere_ends_none_of_a_stream(make: Make) -> None:
    whole = json.dumps(mentions(GOOD) | {"note": "a\u2028b\x85c\x0cd"}, ensure_ascii=False)
    piece = {"choices": [{"delta": {"content": whole}, "finish_reason": "stop"}]}
    body = f"data: {json.dumps(piece, ensure_ascii=False)}\r\n\r\ndata: [DONE]\r\n\r\n".encode()
    with serving((200, {"Content-Type": "text/event-stream"}, body)) as server:
        assert only(code(make(server))).trigger.text == "attacked"


def test_a_stream_that_breaks_off_is_no_answer(make: Make) -> None:
    whole = json.dumps(mentions(GOOD))
    with serving(streamed(whole, end="", finish=None)) as server, pytest.raises(CoderError, match="no chat completion"):
        code(make(server))


def test_a_content_in_parts_is_put_together(make: Make) -> None:
    whole = json.dumps(mentions(GOOD))
    status, headers, body = completion("")
    reply = json.loads(body)
    reply["choices"][0]["message"]["content"] = [
        {"type": "reasoning", "text": "{"}, {"type": "text", "text": whole[:30]}, {"type": "text", "text": whole[30:]},
    ]  # fmt: skip
    with serving((status, headers, json.dumps(reply).encode())) as server:
        assert only(code(make(server))).trigger.text == "attacked"


def test_half_a_letter_costs_its_mention_alone(make: Make) -> None:
    broken = mention("Rebels \ud800 attacked", "attacked")
    with serving(completion(mentions(broken, GOOD))) as server:
        engine = make(server)
        assert only(code(engine)).trigger.text == "attacked"
    assert engine.meter.unquoted == 2  # its type and its trigger


def test_an_absurd_count_of_tokens_is_none(make: Make) -> None:
    with serving(completion(mentions(GOOD), (HUGE, HUGE))) as server:
        engine = make(server, price_in=1.0, price_out=1.0)
        code(engine)
    assert engine.meter.tokens_out == 4_096  # the most that was asked for
    assert engine.meter.cost is not None


def test_what_a_gateway_gave_up_on_may_have_been_charged(make: Make) -> None:
    with serving(refusal(504), refusal(429), completion(mentions(GOOD), (100, 20))) as server:
        engine = make(server)
        code(engine)
    assert engine.meter.requests == 2
    assert engine.meter.tokens_out == 4_096 + 20
