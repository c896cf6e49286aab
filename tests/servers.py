"""A real web server on this machine, and a fetcher for which this machine is public."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from histor.capture.addresses import IP, PORTS
from histor.capture.fetch import Fetcher

HOME = ipaddress.ip_address("127.0.0.1")
Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The address, without a path, at which `answer` answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer(self)
            except OSError:  # the client went away
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://site.example:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def say(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Answer with `body`."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def at_home(url: str, names: Callable[[str], list[IP]] = lambda _: [], seconds: float = 30) -> Fetcher:
    """A fetcher that takes this machine for public; names that `names` does not know lead to it."""
    ports = PORTS | {int(url.rpartition(":")[2])}
    return Fetcher(seconds=seconds, allowed=lambda _: True, ports=ports, resolver=lambda h, _: names(h) or [HOME])
