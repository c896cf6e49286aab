"""Requests to an OpenAI-compatible endpoint: patient where it is busy, plain where it refuses, silent about the key."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import urlsplit

from histor.model.errors import CoderError, ConfigError, HistorError, StopError

ATTEMPTS = 5
FIRST_WAIT = 1.0  # seconds; doubled after each failure
LONGEST_WAIT = 120.0
MOST_BYTES = 8_000_000  # of a response
MOST_TOKENS = 10**9  # of one request; a server that counts more counts nothing
_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_REFUSED = frozenset({401, 402, 403, 404, 405})
_WRONG = frozenset({400, 415, 422})
_EVENTS = (b"data:", b"event:", b":")  # how a stream of events begins; JSON never does
_LINE_END = re.compile(r"\r\n|\n|\r")  # of a stream; what else ends lines may stand in what is quoted
_PERHAPS_CHARGED = frozenset({502, 504})  # a gateway that did not wait for what the model may have said


@dataclass(frozen=True)
class Reply:
    """What a model said, whether it ended of itself, and the tokens it counted (None where the server counts none)."""

    content: str
    cut: bool
    tokens_in: int | None
    tokens_out: int | None


class UnsupportedError(Exception):
    """The server does not take a parameter of the request; the message is the server's."""


@dataclass(frozen=True)
class Endpoint:
    """An address that requests go to."""

    address: str
    host: str
    loopback: bool

    @classmethod
    def of(cls, url: str) -> Endpoint:
        """The chat address under a base such as ``http://127.0.0.1:8080/v1``. Raises ConfigError for what is no such base."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            parts, host = urlsplit(""), None
        if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password or parts.query:
            raise ConfigError(
                "llm.url", "this is no address of an OpenAI-compatible API.", where="HISTOR_LLM_URL",
                do="Give its base, such as http://127.0.0.1:8080/v1; a key goes into HISTOR_LLM_KEY, not into the address.",
            )  # fmt: skip
        path = parts.path.rstrip("/")
        path = path if path.endswith("/chat/completions") else f"{path}/chat/completions"
        return cls(f"{parts.scheme}://{parts.netloc}{path}", host, _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would take key and text to an address that nobody named."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class Client:
    """Sends one request after the other; `sleep` and `clock` (seconds) are given by tests."""

    def __init__(
        self,
        endpoint: Endpoint,
        key: str | None,
        timeout: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if key and not (key.isascii() and key.isprintable()):
            raise ConfigError("llm.key", "the key holds characters that no key has.", where="HISTOR_LLM_KEY")
        self._endpoint, self._key, self._timeout = endpoint, key, timeout
        self._sleep, self._clock = sleep, clock
        self._answered = False
        # A proxy has no business with what stays on this machine.
        proxies = [urllib.request.ProxyHandler({})] if endpoint.loopback else []
        self._opener = urllib.request.build_opener(_NoRedirect, *proxies)

    def chat(self, request: Mapping[str, Any], allow: Callable[[], None], lost: Callable[[], None]) -> Reply:
        """The reply to a request.

        `allow` is called before each attempt and may raise; `lost` after each that broke off or gave no reply that can
        be read, and may have been charged for. Raises UnsupportedError if the server does not take the request's form, ConfigError (StopError once it has
        answered) if it refuses us or is not there, CoderError if it stays busy or answers what is no reply.
        """
        body = json.dumps(request).encode()
        wait, last = FIRST_WAIT, ""
        for attempt in range(ATTEMPTS):
            allow()
            try:
                content = self._post(body)
                self._answered = True
                return _reply(content)
            except CoderError:
                lost()
                raise
            except urllib.error.HTTPError as error:
                if error.code in _PERHAPS_CHARGED:
                    lost()
                asked, last = self._refused(error)
                pause = wait if asked is None else max(wait, asked)
            except (OSError, HTTPException) as error:  # not reached, timed out, broken off
                reason = getattr(error, "reason", error)
                if not isinstance(reason, (ConnectionRefusedError, socket.gaierror)):
                    lost()
                pause, last = wait, self._redacted(str(reason) or type(reason).__name__)
            if pause > LONGEST_WAIT:
                raise self._stop("llm.busy", f"the endpoint asks to wait {pause:.0f} seconds")
            if attempt + 1 < ATTEMPTS:
                self._sleep(pause)
                wait *= 2
        if not self._answered:
            raise self._stop("llm.unreachable", f"the endpoint does not answer ({last})")
        raise CoderError("llm.busy", f"the endpoint failed {ATTEMPTS} times ({last}).", do="Run it again later.")

    def _post(self, body: bytes) -> bytes:
        """The bytes of a response. One that drips is broken off: the time-out holds for the whole."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "histor"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(self._endpoint.address, body, headers, method="POST")
        until = time.monotonic() + self._timeout
        with self._opener.open(request, timeout=self._timeout) as response:
            found = bytearray()
            while piece := response.read1(65_536):
                found += piece
                if len(found) > MOST_BYTES:
                    raise HTTPException(f"the response is larger than {MOST_BYTES:,} bytes")
                if time.monotonic() > until:
                    raise TimeoutError("the response took too long")
        return bytes(found)

    def _refused(self, error: urllib.error.HTTPError) -> tuple[float | None, str]:
        """Seconds that the server asks to wait, and its words, if it is only busy; else raises."""
        with error:
            try:
                words = self._redacted(_message(error.read(10_000)))
            except (OSError, HTTPException):
                words = ""
        said = f"HTTP {error.code}" + (f": {words}" if words else "")
        if error.code in _BUSY:
            return self._retry_after(error.headers.get("Retry-After")), said
        if error.code in _WRONG:
            raise UnsupportedError(said)
        if 300 <= error.code < 400:
            raise self._stop("llm.redirect", "the endpoint redirects, which is not followed")
        if error.code in _REFUSED:
            raise self._stop("llm.refused", f"the endpoint refuses ({said})")
        raise CoderError("llm.failed", f"the endpoint failed ({said}).")

    def _retry_after(self, value: str | None) -> float | None:
        """Seconds, from a number or an HTTP date (RFC 9110, 10.2.3); None for what is neither."""
        if value is None:
            return None
        try:
            return (
                max(0.0, float(value))
                if value.strip().isdigit()
                else parsedate_to_datetime(value).timestamp() - self._clock()
            )
        except (ValueError, OverflowError):
            return None

    def _stop(self, code: str, what: str) -> HistorError:
        do = "Check HISTOR_LLM_URL, HISTOR_LLM_KEY and --model."
        kind = StopError if self._answered else ConfigError
        return kind(code, f"{what}.", where=self._endpoint.host, do=do)

    def _redacted(self, words: str) -> str:
        words = " ".join("".join(c if c.isprintable() else " " for c in words).split())
        return (words.replace(self._key, "[key]") if self._key else words)[:300]


def _message(body: bytes) -> str:
    """The words of an error: OpenAI's ``error.message`` where there is one."""
    text = body.decode("utf-8", "replace")
    try:
        error = json.loads(text)["error"]
        return str(error["message"] if isinstance(error, dict) else error)
    except (ValueError, KeyError, TypeError, RecursionError):
        return text


def _reply(body: bytes) -> Reply:
    """Raises CoderError for what is no chat completion."""
    try:
        value = _joined(body) if body.lstrip().startswith(_EVENTS) else json.loads(body)
        choice = value["choices"][0]
        content = _whole(choice["message"]["content"])
        if not isinstance(content, str):
            raise TypeError("no text in it")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise CoderError(
            "llm.reply", f"the endpoint's response is no chat completion ({type(error).__name__}: {error}).",
            do="Check that HISTOR_LLM_URL names an OpenAI-compatible API.",
        ) from error  # fmt: skip
    usage = value.get("usage")
    counted = usage if isinstance(usage, dict) else {}
    return Reply(
        content, choice.get("finish_reason") == "length", _count(counted.get("prompt_tokens")),
        _count(counted.get("completion_tokens")),
    )  # fmt: skip


def _whole(content: Any) -> Any:
    """The text of a content that comes in parts, as some servers give it."""
    if not isinstance(content, list):
        return content
    return "".join(part["text"] for part in content if part.get("type", "text") == "text")


def _joined(body: bytes) -> dict[str, Any]:
    """A completion from a stream of its pieces, which some servers send unasked. Raises ValueError if it breaks off."""
    words, finish, usage, done = [], None, None, False
    for line in _LINE_END.split(body.decode("utf-8")):
        name, _, data = line.partition(":")
        if name != "data":
            continue
        if data.strip() == "[DONE]":
            done = True
            break
        piece = json.loads(data)
        usage = piece.get("usage") or usage
        for choice in piece.get("choices", [])[:1]:
            words.append(_whole(choice.get("delta", {}).get("content")) or "")
            finish = choice.get("finish_reason") or finish
    if not done and finish is None:
        raise ValueError("the stream broke off")
    return {"choices": [{"message": {"content": "".join(words)}, "finish_reason": finish}], "usage": usage}


def _count(value: Any) -> int | None:
    """A number of tokens; None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS else None
