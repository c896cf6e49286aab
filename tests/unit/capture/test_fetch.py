"""The guard of fetching: whatever the spelling, no inner address is connected to; and what is public is fetched."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from histor.capture.addresses import IP, PORTS, is_public, parse_address
from histor.capture.fetch import Fetched, Fetcher, connect
from histor.capture.inputs import InputOptions, Problem, read_captures
from histor.model.errors import InputError
from tests.reliability import Figure
from tests.servers import HOME, at_home, say, serving

PUBLIC = ipaddress.ip_address("93.184.216.34")


class Listener:
    """A real socket on this machine that counts who connects."""

    def __init__(self) -> None:
        self.count = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        try:
            while True:
                client, _ = self._socket.accept()
                self.count += 1
                client.close()
        except OSError:
            pass

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


# P is the listener's port.
SPELLINGS = """
http://127.0.0.1:P/ http://127.0.0.1.:P/ http://127.1:P/ http://127.0.1:P/ http://127:P/ http://2130706433:P/ http://2130706433.:P/
http://0x7f000001:P/ http://0x7F.0.0.1:P/ http://0x7f.0x0.0x0.0x1:P/ http://0x7f.1:P/ http://017700000001:P/ http://0177.0.0.1:P/
http://0177.0.0.01:P/ http://00000177.0.0.1:P/ http://127.0.0.0x1:P/ http://127.000.000.001:P/ http://127.0.0.1%2e:P/ http://6425673729:P/
http://4294967297:P/ http://0:P/ http://0.0.0.0:P/ http://0x0:P/ http://00:P/ http://0.0:P/ http://127.255.255.254:P/
http://localhost:P/ http://LOCALHOST:P/ http://localhost.:P/ http://LocalHost.LocalDomain:P/ http://a.localhost:P/ http://ip6-localhost:P/
http://[::1]:P/ http://[::]:P/ http://[0:0:0:0:0:0:0:1]:P/ http://[0000:0000:0000:0000:0000:0000:0000:0001]:P/ http://[::127.0.0.1]:P/
http://[::ffff:127.0.0.1]:P/ http://[::ffff:7f00:1]:P/ http://[0:0:0:0:0:ffff:127.0.0.1]:P/ http://[::ffff:0:127.0.0.1]:P/
http://[64:ff9b::127.0.0.1]:P/ http://[64:ff9b::7f00:1]:P/ http://[64:ff9b:1::7f00:1]:P/ http://[2002:7f00:1::]:P/ http://[2002:7f00:0001::1]:P/
http://[2001:0:7f00:1::]:P/ http://[2001:0000:4136:e378:8000:63bf:80ff:fffe]:P/ http://[2001:db8::1]:P/ http://[3fff::1]:P/
http://[fe80::1]:P/ http://[fe80::1%25lo]:P/ http://[fe80::1%lo]:P/ http://[::1%lo]:P/ http://[fc00::1]:P/ http://[fd00:ec2::254]:P/ http://[fec0::1]:P/
http://[ff02::1]:P/ http://[100::1]:P/ http://[5f00::1]:P/ http://[::1]:P:P/ http://[::1:P/ http://::1:P/ http://[127.0.0.1]:P/ http://[v1.x]:P/
http://10.0.0.1:P/ http://10.255.255.255:P/ http://172.16.0.1:P/ http://172.31.255.255:P/ http://192.168.0.1:P/ http://100.64.0.1:P/
http://169.254.169.254/latest/meta-data/ http://169.254.169.254.:80/ http://0xa9fea9fe/ http://2852039166/ http://0251.0376.0251.0376/
http://[::ffff:a9fe:a9fe]/ http://100.100.100.200/ http://192.0.0.192/ http://168.63.129.16/ http://metadata/ http://metadata.google.internal/
http://192.0.2.1:P/ http://198.51.100.7:P/ http://203.0.113.9:P/ http://198.18.0.1:P/ http://192.88.99.1:P/ http://224.0.0.1:P/
http://239.255.255.250:P/ http://240.0.0.1:P/ http://255.255.255.255:P/
http://user@127.0.0.1:P/ http://user:pass@127.0.0.1:P/ http://example.org@127.0.0.1:P/ http://example.org:80@127.0.0.1:P/
http://127.0.0.1:P@example.org/ http://example.org#@127.0.0.1:P/ http://example.org%40127.0.0.1:P/ http://example.org\\@127.0.0.1:P/
http://127.0.0.1:P\\@example.org/ http://example.org%00.127.0.0.1:P/ http://@127.0.0.1:P/ http://:@127.0.0.1:P/
http://127.0.0.1%23.example.org:P/ http://127%2e0%2e0%2e1:P/ http://%31%32%37.0.0.1:P/ http://127。0。0。1:P/ http://127．0．0．1:P/ http://127｡0｡0｡1:P/
http://１２７.0.0.1:P/ http://①②⑦.⓪.⓪.①:P/ http://１２７．０．０．１:P/ http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:P/ http://ｌｏｃａｌｈｏｓｔ:P/ http://xn--:P/ http://①２７.1:P/
http://127.0.0.1\u00ad:P/ http://\u200b127.0.0.1:P/ http://127.0.0.1\t:P/ http://127.0.0.1\u3000:P/ http:\\\\127.0.0.1:P/ http:/127.0.0.1:P/ http:127.0.0.1:P/
http:///127.0.0.1:P/ http:////127.0.0.1:P/ //127.0.0.1:P/ ftp://127.0.0.1:P/ file:///etc/passwd gopher://127.0.0.1:P/_x dict://127.0.0.1:P/
HTTP://127.0.0.1:P/ hTTps://127.0.0.1:P/ https://127.0.0.1:P/ https://[::1]:P/ https://localhost:P/ jar:http://127.0.0.1:P/!/ http+unix://127.0.0.1:P/
http://inner.example:P/ http://inner.example.:P/ http://INNER.example:P/ http://mixed.example:P/ http://mapped.example:P/ http://six.example:P/
http://zero.example:P/ http://metadata.example:P/ http://nat64.example:P/ http://unknown.example:P/ http://intranet:P/ http://127.0.0.1.nip.example:P/
""".split(" ")
SPELLINGS = [s for line in SPELLINGS for s in line.split("\n") if s]
NAMES = {
    "inner.example": ["127.0.0.1"], "mixed.example": ["93.184.216.34", "127.0.0.1"], "mapped.example": ["::ffff:127.0.0.1"],
    "six.example": ["::1"], "zero.example": ["0.0.0.0"], "metadata.example": ["169.254.169.254"], "nat64.example": ["64:ff9b::7f00:1"],
    "127.0.0.1.nip.example": ["127.0.0.1"], "localhost.localdomain": ["127.0.0.1"], "example.org": ["127.0.0.1"],
}  # fmt: skip


def by_name(host: str, _: int) -> list[IP]:
    return [ipaddress.ip_address(a) for a in NAMES.get(host, [])]


@pytest.mark.promise("ssrf")
def test_no_spelling_reaches_an_inner_address(listener: Listener, figure: Figure) -> None:
    tried: list[IP] = []

    def connecting(ip: IP, port: int, seconds: float) -> socket.socket:
        tried.append(ip)
        return connect(ip, port, 0.2)

    fetcher = Fetcher(seconds=1, ports=PORTS | {listener.port}, resolver=by_name, connector=connecting)
    assert len(set(SPELLINGS)) >= 120
    for spelling in SPELLINGS:
        with pytest.raises(InputError) as found:
            fetcher.get(spelling.replace("P", str(listener.port)), 1_000)
        assert found.value.code in {"fetch.address", "fetch.refused"}, spelling
    assert tried == []
    assert listener.count == 0
    figure(f"{len(set(SPELLINGS))} spellings: 0 connections")


@pytest.mark.promise("ssrf")
def test_the_listener_would_count(listener: Listener) -> None:
    """The test above shows nothing unless the same address is reached where it is allowed."""
    made = Listener()
    with pytest.raises(InputError, match="could not be fetched"):
        Fetcher(allowed=lambda _: True, ports=frozenset({made.port})).get(f"http://127.0.0.1:{made.port}/", 1_000)
    made.close()
    assert (made.count, listener.count) == (1, 0)


@pytest.mark.promise("ssrf")
def test_a_name_that_changes_its_mind_is_asked_once(listener: Listener, figure: Figure) -> None:
    asked: list[str] = []
    tried: list[IP] = []

    def rebinding(host: str, _: int) -> list[IP]:
        asked.append(host)
        return [PUBLIC if len(asked) == 1 else HOME]

    def connecting(ip: IP, port: int, seconds: float) -> socket.socket:
        tried.append(ip)
        raise OSError("nobody is there")

    fetcher = Fetcher(ports=PORTS | {listener.port}, resolver=rebinding, connector=connecting)
    with pytest.raises(InputError, match="nobody is there"):
        fetcher.get(f"http://changing.example:{listener.port}/", 1_000)
    assert asked == ["changing.example"]
    assert tried == [PUBLIC]
    assert listener.count == 0
    figure("a name that leads inward when asked again: 0 connections")


@pytest.mark.promise("ssrf")
@pytest.mark.parametrize("seed", range(4))
def test_only_networks_that_are_public(seed: int) -> None:
    import random

    rng = random.Random(seed)
    for _ in range(2_000):
        four, six = ipaddress.IPv4Address(rng.getrandbits(32)), ipaddress.IPv6Address(rng.getrandbits(128))
        # The library's own judgement, which is not the same in each version, is never stricter than ours.
        assert not is_public(four) or (four.is_global and not four.is_multicast)
        assert not is_public(six) or (six.is_global and not six.is_multicast and not six.sixtofour and not six.teredo)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://example.org", "http://example.org/"),
        ("HTTPS://News.Example.ORG./a?b=c d".replace(" ", "%20") + "#top", "https://news.example.org/a?b=c%20d"),
        ("http://8.8.8.8:8080/x", "http://8.8.8.8:8080/x"),
        ("http://[2606:2800:220:1::1]/", "http://[2606:2800:220:1::1]/"),
        ("http://bücher.example/straße", "http://xn--bcher-kva.example/stra%C3%9Fe"),
        ("http://example.org/a;b,c('d')!*~", "http://example.org/a;b,c('d')!*~"),
    ],
)
def test_what_is_spelled_well(url: str, plain: str) -> None:
    assert parse_address(url).url == plain


# --- against a real server -----------------------------------------------------------------------


def get(
    answer: Callable[[BaseHTTPRequestHandler], None], path: str = "/", most: int = 100_000, seconds: float = 30
) -> Fetched:
    with serving(answer) as url:
        return at_home(url, seconds=seconds).get(url + path, most)


def test_a_page_is_fetched() -> None:
    def answer(h: BaseHTTPRequestHandler) -> None:
        assert h.headers["Host"].startswith("site.example:")
        assert not {"Cookie", "Authorization", "Referer"} & set(h.headers)
        say(h, gzip.compress(b"<p>x"), Content_Encoding="gzip", Content_Type="text/html; charset=latin-1", ETag='"1"')

    found = get(answer, "/a?b=1#c")
    assert (found.content, found.kind, found.charset, found.etag) == (b"<p>x", "text/html", "latin-1", '"1"')
    assert found.url.endswith("/a?b=1")


@pytest.mark.promise("ssrf")
def test_redirects_are_followed_and_each_is_checked(listener: Listener, figure: Figure) -> None:
    def answer(h: BaseHTTPRequestHandler) -> None:
        if h.path == "/":
            say(h, b"", 302, Location="/b")
        elif h.path == "/b":
            say(h, b"found")
        elif h.path == "/loop":
            say(h, b"", 301, Location="/loop")
        else:
            say(h, b"", 302, Location=h.path[1:])

    assert get(answer).content == b"found"
    with pytest.raises(InputError, match="leads on and on"):
        get(answer, "/loop")
    inner = [s for s in SPELLINGS if "#" not in s and s.isascii() and "\t" not in s and not s.startswith("//")]
    with serving(answer) as url:
        # The first hop is let through to the server; the second is judged as any other.
        server = int(url.rpartition(":")[2])
        hops: list[int] = []

        def once(ip: IP) -> bool:
            hops.append(1)
            return len(hops) == 1 and ip == HOME

        for spelling in inner:
            hops.clear()
            guarded = Fetcher(
                seconds=5,
                allowed=once,
                ports=PORTS | {server, listener.port},
                resolver=lambda h, p: by_name(h, p) or [HOME],
            )
            with pytest.raises(InputError) as found:
                guarded.get(f"{url}/{spelling.replace('P', str(listener.port))}", 1_000)
            assert found.value.code in {"fetch.address", "fetch.refused", "fetch.status", "fetch.redirect"}, spelling
    assert listener.count == 0
    figure(f"{len(inner)} redirects to such: 0 connections")


def test_a_body_that_is_too_long_or_a_bomb() -> None:
    with pytest.raises(InputError, match="too long"):
        get(lambda h: say(h, b"x" * 100_001))
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(InputError, match="too long"):
        get(lambda h: say(h, bomb, Content_Encoding="gzip"))
    with pytest.raises(InputError, match="encoded as"):
        get(lambda h: say(h, bomb, Content_Encoding="gzip, gzip"))
    with pytest.raises(InputError, match="cannot be unpacked"):
        get(lambda h: say(h, b"no gzip", Content_Encoding="gzip"))


@pytest.mark.parametrize("where", ["headers", "body"])
def test_what_drips_is_cut_off(where: str) -> None:
    def answer(h: BaseHTTPRequestHandler) -> None:
        if where == "body":
            h.send_response(200)
            h.end_headers()
        for _ in range(600):  # a minute, on any machine
            h.wfile.write(b"x")
            h.wfile.flush()
            time.sleep(0.1)

    began = time.monotonic()
    with pytest.raises(InputError) as found:
        get(answer, seconds=1)
    assert found.value.code == "fetch.time"
    assert time.monotonic() - began < 30


def test_a_resolver_that_never_answers() -> None:
    with pytest.raises(InputError, match="it took more than"):
        Fetcher(seconds=0.2, resolver=lambda *_: time.sleep(3) or []).get("http://slow.example/", 10)  # type: ignore[func-returns-value]


def test_only_what_changed() -> None:
    def answer(h: BaseHTTPRequestHandler) -> None:
        known = h.headers["If-None-Match"] == '"7"' or h.headers["If-Modified-Since"]
        say(h, b"" if known else b"new", 304 if known else 200, ETag='"7"')

    with serving(answer) as url:
        first = at_home(url).get(url, 100)
        assert (first.status, first.content) == (200, b"new")
        assert at_home(url).get(url, 100, etag=first.etag).status == 304
    with pytest.raises(InputError, match="404"):
        get(lambda h: say(h, b"", 404))


def test_what_one_host_gave_is_told_to_no_other() -> None:
    asked: list[tuple[str, str | None, str | None]] = []

    def answer(h: BaseHTTPRequestHandler) -> None:
        host = h.headers["Host"].partition(":")[0]
        asked.append((host + h.path, h.headers["If-None-Match"], h.headers["If-Modified-Since"]))
        port = h.headers["Host"].partition(":")[2]
        if h.path == "/here":
            say(h, b"", 302, Location="/there", ETag='"of the redirect"')
        elif h.path == "/away":
            say(h, b"", 302, Location=f"http://other.example:{port}/there")
        else:
            say(h, b"new", ETag='"7"', Last_Modified="Tue, 01 Nov 2022 08:00:00 GMT")

    with serving(answer) as url:
        home = at_home(url).get(f"{url}/here", 100, etag='"6"', modified="then")
        away = at_home(url).get(f"{url}/away", 100, etag='"6"', modified="then")
    assert [(path, tag) for path, tag, _ in asked] == [
        ("site.example/here", '"6"'), ("site.example/there", '"6"'),
        ("site.example/away", '"6"'), ("other.example/there", None),
    ]  # fmt: skip
    assert asked[-1][2] is None
    assert (home.etag, home.modified) == ('"7"', "Tue, 01 Nov 2022 08:00:00 GMT")
    assert (away.etag, away.modified, away.content) == (None, None, b"new")


@pytest.mark.parametrize(
    ("before", "location", "code"),
    [
        ("https://a.example/x", "http://a.example/x", "fetch.redirect"),
        ("https://a.example/x", "http://b.example/", "fetch.redirect"),
        ("https://a.example/x", "//127.0.0.1/", None),
        ("https://a.example/x", "/y", None),
        ("http://a.example/x", "https://a.example/x", None),
        ("https://a.example/x", "ftp://a.example/x", "fetch.address"),
    ],
)
def test_a_redirect_never_leads_from_https_to_http(before: str, location: str, code: str | None) -> None:
    target = parse_address(before)
    if code is None:
        assert Fetcher()._led(target, location).scheme == "https"
        return
    with pytest.raises(InputError) as found:
        Fetcher()._led(target, location)
    assert found.value.code == code


def test_an_address_is_not_fetched_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(socket, "create_connection", never)
    (item,) = read_captures(["https://example.org/a"], InputOptions())
    assert isinstance(item, Problem)
    assert item.error.code == "fetch.asked"
    assert "--fetch" in str(item)
    (item,) = read_captures(["http://127.0.0.1/"], InputOptions(fetch=True))
    assert isinstance(item, Problem)
    assert item.error.code == "fetch.refused"
