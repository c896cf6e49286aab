"""What a model has to answer: the JSON schema that is sent with a request, and the types its answer is read into."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
from msgspec import Struct

from histor.codebook.codebook import Codebook

MOST = 200  # event mentions of one answer that are read
MOST_VALUES = 50  # values of one list of a mention
LONGEST = 1_000_000  # characters of an answer that are read
TOLLS = ("killed", "injured", "captured", "displaced", "missing")


class Coded(Struct):
    """A code with the words that show it; words may be None for a factuality that no word marks."""

    code: str
    quote: str | None


class Counted(Struct):
    """A kind of toll with the words that state it."""

    kind: str
    quote: str


class Spoken(Struct):
    """A speaker's words and the cue that makes him one."""

    quote: str
    cue: str | None = None


class Answered(Struct):
    """One event mention as a model gives it; every text is meant to be copied from the report."""

    sentence: int
    quote: str
    trigger: str
    event_type: str
    mode: Coded | None
    factuality: Coded
    actors: list[str]
    recipients: list[str]
    place: str | None
    date: str | None
    tolls: list[Counted]
    weapons: list[str]
    speakers: list[Spoken]
    retells: int | None


class MalformedError(ValueError):
    """An answer that is no JSON of the form asked for."""


def answer_schema(book: Codebook) -> dict[str, Any]:
    """The JSON schema of an answer, in the subset that strict servers take: all keys required, none besides."""
    text = {"type": "string"}
    maybe = {"type": ["string", "null"]}
    texts = {"type": "array", "items": text}
    modes = sorted({mode for modes in book.modes.values() for mode in modes})
    factualities = [d.code for d in book.definitions if d.scheme == "factuality"]
    mention = _object(
        sentence={"type": "integer"},
        quote=text,
        trigger=text,
        event_type={"type": "string", "enum": list(book.modes)},
        mode={"anyOf": [_object(code={"type": "string", "enum": modes}, quote=text), {"type": "null"}]},
        factuality=_object(code={"type": "string", "enum": factualities}, quote=maybe),
        actors=texts,
        recipients=texts,
        place=maybe,
        date=maybe,
        tolls={"type": "array", "items": _object(kind={"type": "string", "enum": list(TOLLS)}, quote=text)},
        weapons=texts,
        speakers={"type": "array", "items": _object(quote=text, cue=maybe)},
        retells={"type": ["integer", "null"]},
    )
    return _object(event_mentions={"type": "array", "items": mention})


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


def read_answer(content: str) -> list[Answered | None]:
    """The mentions of an answer in their order, None for one that is malformed or stands behind the first `MOST`.

    Prose or a fence around the JSON, as servers without schemas give it, is passed over. Raises MalformedError if
    there is no object with a list of mentions in it.
    """
    items = _items(content[:LONGEST])
    found: list[Answered | None] = []
    for item in items[:MOST]:
        try:
            mention = msgspec.convert(item, Answered)
        except (msgspec.ValidationError, UnicodeError):  # the latter: half of a surrogate pair
            found.append(None)
            continue
        lists = (mention.actors, mention.recipients, mention.tolls, mention.weapons, mention.speakers)
        found.append(None if any(len(values) > MOST_VALUES for values in lists) else mention)
    return found + [None] * len(items[MOST:])


def _items(content: str) -> list[Any]:
    content = _THOUGHT.sub("", content)
    start, end = content.find("{"), content.rfind("}")
    try:
        value = json.loads(content[start : end + 1])
        items = value["event_mentions"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MalformedError(f"{type(error).__name__}: {error}") from error
    if not isinstance(items, list):
        raise MalformedError("event_mentions is no list")
    return items
