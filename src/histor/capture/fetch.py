"""Fetching from the web, guarded: nothing that answers from an inner network is ever connected to.

A host's name is resolved once a hop, every address that it has must be public, and the connection goes to the
address that was checked, whatever the name leads to a moment later. Redirects are checked the same way. Size and
time are bounded, no credentials, cookies or proxies are used.
"""

from __future__ import annotations

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from email.message import Message
from urllib.parse import urljoin

from histor.capture.addresses import IP, PORTS, Target, is_public, parse_address
from histor.capture.unpack import Unpacker
from histor.model.errors import InputError
from histor.text.printable import short

AGENT = "histor (+https://pypi.org/project/histor)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 65_536
_TRIED = 3  # addresses of one host
_FAILURES = (OSError, http.client.HTTPException, ValueError, AttributeError)  # the last: a socket shut while it is read


@dataclass(frozen=True)
class Fetched:
    """What an address gave: the body, decoded; `status` 304 with no body if it is as it was.

    `url` is where it was found, after redirects; `kind` its media type.
    """

    url: str
    status: int
    content: bytes
    kind: str
    charset: str | None
    etag: str | None
    modified: str | None


Resolver = Callable[[str, int], list[IP]]
Connector = Callable[[IP, int, float], socket.socket]


def resolve(host: str, port: int) -> list[IP]:
    """The IP addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def connect(ip: IP, port: int, seconds: float) -> socket.socket:
    """A connection to exactly this address. Raises OSError."""
    return socket.create_connection((str(ip), port), timeout=seconds)


class Fetcher:
    """Fetches public addresses. The arguments are for tests, and for who knows a network better."""

    def __init__(
        self,
        *,
        seconds: float = 30.0,
        redirects: int = 5,
        allowed: Callable[[IP], bool] = is_public,
        ports: frozenset[int] = PORTS,
        resolver: Resolver = resolve,
        connector: Connector = connect,
    ) -> None:
        """`seconds` bounds the whole of one fetch with its redirects."""
        self._seconds = seconds
        self._redirects = redirects
        self._allowed = allowed
        self._ports = ports
        self._resolver = resolver
        self._connector = connector

    def get(self, url: str, most: int, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """What `url` gives, at most `most` bytes, decoded; with `etag` or `modified`, only if it changed since.

        Redirects are followed, but none from https to http. What one host gave to ask again with is told to no other:
        neither `etag` and `modified` to a host that is led to, nor its own back to this one.
        Raises InputError if it is refused, fails, takes too long or is too much.
        """
        deadline = time.monotonic() + self._seconds
        asked = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
        target = first = parse_address(url, self._ports)
        for _ in range(self._redirects + 1):
            at_home = target.host == first.host
            found = self._hop(target, most, asked if at_home else {}, deadline)
            if isinstance(found, Fetched):
                return found if at_home else replace(found, etag=None, modified=None)
            target = self._led(target, found)
        raise InputError("fetch.redirect", "it leads on and on.", where=short(url, 200), do="Check the address.")

    def _led(self, target: Target, location: str) -> Target:
        """Where a redirect leads. Raises InputError if it gives up what is encrypted, or leads where nothing is fetched."""
        following = parse_address(urljoin(target.url, location), self._ports)
        if target.scheme == "https" and following.scheme == "http":
            raise InputError(
                "fetch.redirect", f"it leads from https to {short(following.url, 200)}, unencrypted.",
                where=short(target.url, 200), do="If you take it from there, give that address.",
            )  # fmt: skip
        return following

    def _hop(self, target: Target, most: int, asked: dict[str, str], deadline: float) -> Fetched | str:
        """What one host says: the answer, or where it sends us."""
        where = short(target.url, 200)
        ips = self._checked(target, deadline)
        try:
            with closing(self._open(target, ips, deadline)) as sock, _ending(sock, deadline):
                if isinstance(sock, ssl.SSLSocket):
                    sock.do_handshake()
                found = _answer(target, sock, most, asked)
                if time.monotonic() >= deadline:  # a socket shut in the middle of a body ends it like any other
                    raise self._late(where)
                return found
        except InputError as error:
            raise error.at(where) from error
        except _FAILURES as error:
            if time.monotonic() >= deadline:
                raise self._late(where) from error
            raise InputError(
                "fetch.failed",
                f"it could not be fetched ({type(error).__name__}: {error}).",
                where=where,
                do="Try again.",
            ) from error

    def _checked(self, target: Target, deadline: float) -> list[IP]:
        """The IP addresses of a host, all of them allowed. Raises InputError."""
        where = short(target.url, 200)
        literal = target.literal
        try:
            found = [literal] if literal else _timely(self._resolver, target, deadline)
        except TimeoutError as error:
            raise self._late(where) from error
        except (OSError, ValueError) as error:
            raise InputError(
                "fetch.failed", f"the host cannot be found ({error}).", where=where, do="Check its name."
            ) from error
        if not found or not all(map(self._allowed, found)):
            raise InputError(
                "fetch.refused",
                "the host is not on the public internet.",
                where=where,
                do="Save the page and give the file.",
            )
        return found[:_TRIED]

    def _open(self, target: Target, ips: list[IP], deadline: float) -> socket.socket:
        last: OSError = OSError("no address")
        for ip in ips:
            try:
                sock = self._connector(ip, target.port, max(deadline - time.monotonic(), 0.001))
            except OSError as error:
                last = error
                continue
            return sock if target.scheme == "http" else _secured(sock, target.host)
        raise last

    def _late(self, where: str) -> InputError:
        return InputError("fetch.time", f"it took more than {self._seconds:g} s.", where=where, do="Try again later.")


def _secured(sock: socket.socket, host: str) -> ssl.SSLSocket:
    """The connection as one of TLS, whose handshake is still to come."""
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    except BaseException:
        sock.close()
        raise


def _timely(resolver: Resolver, target: Target, deadline: float) -> list[IP]:
    """What a resolver says, if it says it in time; the system's own has no bound. Raises TimeoutError, and what it raises."""
    said: queue.SimpleQueue[list[IP] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            said.put(resolver(target.host, target.port))
        except Exception as error:
            said.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = said.get(timeout=max(deadline - time.monotonic(), 0))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, Exception):
        raise found
    return found


@contextmanager
def _ending(sock: socket.socket, deadline: float) -> Iterator[None]:
    """Ends every wait for a socket at the deadline: a timeout of its own begins anew with each byte that drips in."""

    def end() -> None:
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(max(deadline - time.monotonic(), 0), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _answer(target: Target, sock: socket.socket, most: int, asked: dict[str, str]) -> Fetched | str:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = sock
    headers = {
        "Host": target.authority, "User-Agent": AGENT, "Accept-Encoding": "gzip", "Connection": "close",
        "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
    }  # fmt: skip
    connection.request("GET", target.path, headers=headers | asked)
    with closing(connection.getresponse()) as response:
        said: Message = response.headers
        if response.status in _REDIRECTS and said["Location"]:
            return str(said["Location"])
        if response.status == 304 and asked:
            body = b""
        elif response.status != 200:
            raise InputError(
                "fetch.status", f"the host says {response.status} {response.reason}.", do="Check the address."
            )
        else:
            body = _body(response, said, most)
        return Fetched(
            target.url, response.status, body, said.get_content_type(), said.get_content_charset(),
            _one_line(said["ETag"]), _one_line(said["Last-Modified"]),
        )  # fmt: skip


def _one_line(value: str | None) -> str | None:
    """A header to be sent back later: it may be folded, and then could not be."""
    return " ".join(value.split())[:1000] or None if value else None


def _body(response: http.client.HTTPResponse, said: Message, most: int) -> bytes:
    """The body, decoded as it comes in. Raises InputError if it is longer than `most` bytes or breaks off."""
    try:
        unpacker = Unpacker((said["Content-Encoding"] or "").strip().lower(), most)
        while not unpacker.full and (piece := response.read1(_PIECE)):
            unpacker.feed(piece)
    except ValueError as error:
        raise InputError("fetch.encoding", f"{error}.", do="Save the page and give the file.") from error
    if unpacker.full:
        raise InputError(
            "fetch.size", f"it is too long (more than {most:,} bytes).", do="Save what you need as a file."
        )
    if response.length or not unpacker.whole:
        raise InputError("fetch.failed", "it broke off.", do="Try again.")
    return bytes(unpacker.content)
