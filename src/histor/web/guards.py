"""What every request passes before a route sees it: host, origin, size; and headers on every answer.

Against requests from other sites: the browser's fetch metadata, else the Origin header (OWASP CSRF prevention cheat sheet);
against rebinding of a name to this machine: the Host header must name an address that the server was told of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException

from histor.web.problems import body

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 5_000_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})

HEADERS = {
    # Maps are drawn from what ships; nothing outside is asked for, so that no tile server learns which valley is looked at.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guards:
    """ASGI middleware. `hosts` are names the server answers to (empty: any), `most` the longest body in bytes.

    `tiles` tells the map-tile address that the user chose, as it stands at each request. HEAD is answered as GET is, without
    the body.
    """

    def __init__(
        self,
        app: App,
        hosts: Collection[str] = (),
        most: int = MOST_BYTES,
        tiles: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._app = app
        self._hosts = frozenset(h.lower() for h in hosts)
        self._most = most
        self._tiles = tiles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        refused = self._refusal(scope, headers)
        answer = self._with_headers(scope, send)
        if refused is not None:
            await _refuse(answer, *refused)
            return
        if scope["method"] == "HEAD":
            scope, answer = {**scope, "method": "GET"}, _without_body(answer)
        await self._app(scope, _Limited(receive, self._most), answer)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str, str] | None:
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0].lower() if not host.endswith("]") else host.lower()
        if self._hosts and name not in self._hosts:
            return 421, "request.host", "this server does not answer to that name."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._most:
            return 413, "request.size", f"the request is longer than {self._most:,} bytes."
        if scope["method"] not in SAFE and not _same_site(headers, host) and "authorization" not in headers:
            return 403, "request.origin", "the request comes from another site."
        return None

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        private = scope["path"].startswith("/api/")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", []))
                have = {k.lower() for k, _ in given}
                more = headers_for(self._tiles()) | ({"cache-control": "no-store"} if private else {})
                given += [(k.encode(), v.encode()) for k, v in more.items() if k.encode() not in have]
                message = {**message, "headers": given}
            await send(message)

        return answer


@lru_cache(maxsize=8)
def headers_for(tiles: str | None) -> dict[str, str]:
    """Headers of every answer; of other servers the policy lets the page ask for nothing but tiles under that very address."""
    if not tiles:
        return dict(HEADERS)
    prefix = re.sub(r"[^/]*$", "", tiles.partition("{")[0])
    policy = HEADERS["content-security-policy"]
    for source in ("connect-src 'self'", "img-src 'self'"):
        policy = policy.replace(source, f"{source} {prefix}")
    return {**HEADERS, "content-security-policy": policy}


def _without_body(send: Send) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return answer


def _same_site(headers: dict[str, str], host: str) -> bool:
    """Whether a request that changes something was made by our own page or by a program."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


class _TooLong(HTTPException):
    """FastAPI lets an HTTPException through that is raised while it reads a body, and nothing else."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"the request is longer than {most:,} bytes.")


class _Limited:
    """Counts what is received; a body without a length may lie about nothing."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = self._most = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _TooLong(self._most)
        return message


async def _refuse(send: Send, status: int, code: str, what: str) -> None:
    content = json.dumps(body(code, what)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
