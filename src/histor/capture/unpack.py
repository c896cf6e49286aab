"""HTTP's content encodings undone, never beyond a bound: what is small and says it is large stays small."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable

_PIECE = 65_536
_GZIP = b"\x1f\x8b"


class Unpacker:
    """Undoes one content encoding, piece by piece, up to `most` bytes and one more, which says that there is more."""

    def __init__(self, encoding: str, most: int) -> None:
        """Raises ValueError for an encoding that is not known (gzip, deflate, br and identity are)."""
        if encoding not in _STEPS:
            raise ValueError(f"it is encoded as {encoding[:40]!r}")
        self.content = bytearray()
        self._most = most
        self._step, self._ended = _STEPS[encoding]()

    @property
    def full(self) -> bool:
        """Whether there is more than may be taken."""
        return len(self.content) > self._most

    @property
    def whole(self) -> bool:
        """Whether the end of what was packed has been seen."""
        return self._ended()

    def feed(self, piece: bytes) -> None:
        """Take in the next bytes. Raises ValueError for what is not of this encoding."""
        while not self.full:
            found, piece = self._step(piece, self._most + 1 - len(self.content))
            self.content += found
            if not found and not piece:
                return


Step = Callable[[bytes, int], tuple[bytes, bytes]]
"""Bytes and how many may come of them → some of what comes of them, and the bytes that are left."""


def _plain() -> tuple[Step, Callable[[], bool]]:
    return lambda piece, most: (piece[:most], piece[most:]), lambda: True


def _zlib(window: int) -> tuple[Step, Callable[[], bool]]:
    # RFC 9110 has "deflate" with zlib's header; some servers leave it out.
    state = [zlib.decompressobj(window)]
    begun = False

    def step(piece: bytes, most: int) -> tuple[bytes, bytes]:
        nonlocal begun
        if state[0].eof and window != zlib.MAX_WBITS and piece.startswith(_GZIP):  # another member (RFC 1952, 2.2)
            state[0] = zlib.decompressobj(window)
        try:
            found = state[0].decompress(piece, most)
        except zlib.error as error:
            if begun or window != zlib.MAX_WBITS:
                raise ValueError(f"it cannot be unpacked ({error})") from error
            state[0] = zlib.decompressobj(-zlib.MAX_WBITS)
            begun = True
            return step(piece, most)
        begun = begun or bool(found)
        rest = state[0].unused_data
        return found, rest if rest.startswith(_GZIP) and window != zlib.MAX_WBITS else state[0].unconsumed_tail

    return step, lambda: state[0].eof


def _brotli() -> tuple[Step, Callable[[], bool]]:
    import brotli

    state = brotli.Decompressor()

    def step(piece: bytes, most: int) -> tuple[bytes, bytes]:
        try:
            return state.process(piece, output_buffer_limit=most)[:most], b""
        except brotli.error as error:
            raise ValueError(f"it cannot be unpacked ({error})") from error

    return step, state.is_finished


_STEPS: dict[str, Callable[[], tuple[Step, Callable[[], bool]]]] = {
    "": _plain, "identity": _plain, "none": _plain, "br": _brotli, "deflate": lambda: _zlib(zlib.MAX_WBITS),
    "gzip": lambda: _zlib(zlib.MAX_WBITS | 16), "x-gzip": lambda: _zlib(zlib.MAX_WBITS | 16),
}  # fmt: skip


def encodings_of(header: str | None) -> list[str]:
    """The encodings that a header ``Content-Encoding`` names, the last applied first."""
    return [name.strip().lower() for name in (header or "").split(",")][::-1]


def unpack(content: bytes, encodings: Iterable[str], most: int) -> bytes:
    """`content` without its encodings, at most one byte more than `most`. Raises ValueError for what cannot be unpacked."""
    for encoding in encodings:
        unpacker = Unpacker(encoding, most)
        for at in range(0, len(content), _PIECE):
            unpacker.feed(content[at : at + _PIECE])
        content = bytes(unpacker.content)
    return content
