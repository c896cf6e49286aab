"""Answers: records as JSON with an ETag, lists as pages."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from fastapi import Request, Response

_encoder = msgspec.json.Encoder()


class Json(Response):
    """A record or JSON value, encoded by msgspec."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return _encoder.encode(content)


def tagged(request: Request, content: Any, tag: str | None = None) -> Response:
    """An answer with an ETag; 304 where the asker has it already. `tag` stands for the content where it is cheaper."""
    data = _encoder.encode(content)
    etag = f'"{tag or hashlib.sha256(data).hexdigest()[:32]}"'
    if etag in [t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers={"etag": etag})
    return Response(data, media_type="application/json", headers={"etag": etag})
