"""A server of chat completions on this machine, that answers as a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Response = tuple[int, Mapping[str, str], bytes]
Behaviour = Callable[[dict[str, Any]], Response]


def completion(content: Any, tokens: tuple[int, int] | None = (100, 20), finish: str = "stop") -> Response:
    """A chat completion; what is no text is written as JSON. Without `tokens` the server counts none."""
    words = content if isinstance(content, str) else json.dumps(content)
    body: dict[str, Any] = {"choices": [{"message": {"role": "assistant", "content": words}, "finish_reason": finish}]}
    if tokens is not None:
        body["usage"] = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
    return 200, {}, json.dumps(body).encode()


def refusal(status: int, message: str = "no", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, named, json.dumps({"error": {"message": message}}).encode()


def mention(quote: str, trigger: str, **fields: Any) -> dict[str, Any]:
    """An event mention as a model gives it."""
    values: dict[str, Any] = {
        "sentence": 0, "quote": quote, "trigger": trigger, "event_type": "ASSAULT", "mode": None,
        "factuality": {"code": "actual", "quote": None}, "actors": [], "recipients": [], "place": None, "date": None,
        "tolls": [], "weapons": [], "speakers": [], "retells": None,
    }  # fmt: skip
    return {**values, **fields}


def mentions(*items: dict[str, Any]) -> dict[str, Any]:
    return {"event_mentions": list(items)}


@dataclass
class Serving:
    """The running server: its base address, and the requests that it had."""

    url: str
    behaviour: list[Behaviour]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def sees(self, number: int = -1) -> str:
        """The user's message of a request."""
        return str(self.requests[number]["messages"][1]["content"])


def _always(response: Response) -> Behaviour:
    return lambda _: response


@contextmanager
def serving(*behaviour: Behaviour | Response) -> Iterator[Serving]:
    """Behaviours (or ready responses) for one request after the other; the last holds for all that follow."""
    steps: list[Behaviour] = [b if callable(b) else _always(b) for b in behaviour]
    state = Serving("", steps)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.headers.append(dict(self.headers))
            state.requests.append({**request, "path": self.path})
            status, headers, body = steps[min(len(state.requests), len(steps)) - 1](request)
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # the client has gone

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
