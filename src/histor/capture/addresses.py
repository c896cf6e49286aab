"""Which web addresses may be fetched: those of the public internet, spelled as such.

The spelling is read strictly, since programs differ on odd ones (``http://0x7f.1``, ``http://a@b``, ``http://127。1``)
and whoever is checked by one and fetched by another is not checked. What the name leads to is checked again
where the connection is made.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from histor.model.errors import InputError
from histor.text.printable import short

PORTS = frozenset({80, 443, 8080, 8443})
_LONGEST = 4096
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_ODD = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_NETLOC = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^@:/?#\[\]%]+)(?::(?P<port>[0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

_INNER_4 = tuple(
    map(
        ipaddress.IPv4Network,
        # IANA's special-purpose registry, multicast and the reserved block; last, a cloud's service for its own machines.
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 "
        "192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 "
        "224.0.0.0/4 240.0.0.0/4 168.63.129.16/32".split(),
    )
)
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")  # all that is public; mapped, NAT64, local and multicast lie without
_INNER_6 = tuple(
    map(
        ipaddress.IPv6Network,
        # IANA's special-purpose registry within 2000::/3: Teredo and its like, documentation, 6to4, AS 112.
        "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20".split(),
    )
)


@dataclass(frozen=True)
class Target:
    """An address taken apart: `host` is a name in ASCII or an IP address without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def literal(self) -> IP | None:
        """The IP address, if the host is one."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """Host and port as the header ``Host`` has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def is_address(name: str) -> bool:
    """Whether the name of an input is a web address."""
    return _ADDRESS.match(name) is not None


def is_public(ip: IP) -> bool:
    """Whether an IP address is one of the public internet (IANA's registries of special-purpose addresses)."""
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _INNER_4)
    return ip in _GLOBAL_6 and not any(ip in network for network in _INNER_6)


def parse_address(url: str, ports: frozenset[int] = PORTS) -> Target:
    """An address taken apart. Raises InputError unless it is plain http or https without credentials."""
    if len(url) > _LONGEST or _ODD.search(url):
        raise _refused(url, "it is too long, or holds blanks, controls or backslashes")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _refused(url, str(error)) from error
    if parts.scheme not in {"http", "https"}:
        raise _refused(url, "only http and https are fetched")
    found = _NETLOC.fullmatch(parts.netloc)
    if found is None:
        raise _refused(url, "the host cannot be read; credentials are not sent")
    port = int(found["port"] or {"http": 80, "https": 443}[parts.scheme])
    if port not in ports:
        raise _refused(url, f"port {port} is not one of the web's ({', '.join(map(str, sorted(ports)))})")
    path = quote(parts.path or "/", safe="/%:=&~+!$,;'@()*") + (
        f"?{quote(parts.query, safe='/%:=&?~+!$,;@()*[]')}" if parts.query else ""
    )
    return Target(parts.scheme, _host(found["host"], url), port, path)


def _host(host: str, url: str) -> str:
    if host.startswith("["):
        try:
            return str(ipaddress.IPv6Address(host[1:-1]))
        except ValueError as error:
            raise _refused(url, "the IPv6 address cannot be read") from error
    try:
        # Full-width digits, other dots and the like become what they stand for, and are checked as such.
        plain = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise _refused(url, "the host's name cannot be read") from error
    labels = plain.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(plain) > 253:
        raise _refused(url, "the host's name cannot be read")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(plain))
        except ValueError as error:
            raise _refused(url, "IP addresses are written as four decimal numbers") from error
    if len(labels) < 2 or labels[-1] in {"localhost", "local", "internal"}:
        raise _refused(url, "the name is not one of the public internet")
    return plain


def _refused(url: str, why: str) -> InputError:
    return InputError(
        "fetch.address", f"the address is not fetched: {why}.", where=short(url, 200), do="Give a public web address."
    )
