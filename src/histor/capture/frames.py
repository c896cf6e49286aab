"""What passes between histor and the process that parses for it: length-prefixed MessagePack.

Not pickle: the other side has read hostile bytes, and loading a pickle runs what it says.
"""

from __future__ import annotations

import struct
from typing import IO, Any, Literal

import msgspec

_LENGTH = struct.Struct(">Q")
LONGEST = 1 << 30
"""Bytes; no frame is longer, so a parser that went wrong cannot make the reader ask for all memory."""


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to parse: `kind` says what, `content` or `path` holds it.

    `most` bounds the bytes of one page, decoded. An archive is read from `member` and byte `start` on.
    """

    kind: Literal["page", "feed", "archive"]
    content: bytes = b""
    charset: str | None = None
    path: str = ""
    most: int = 0
    member: int = 0
    start: int = 0


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """An item (`value`), an item that went wrong (`error`: code, what, do), a sign of life, or the end.

    `place` says where in an archive this is: number of the member, byte.
    """

    state: Literal["item", "error", "alive", "end"]
    value: dict[str, Any] = {}
    error: tuple[str, str, str] = ("", "", "")
    place: tuple[int, int] = (0, 0)


def write_frame(stream: IO[bytes], frame: Request | Answer) -> None:
    """Write one frame and flush."""
    body = msgspec.msgpack.encode(frame)
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The body of the next frame; None at the end of the stream. Raises ValueError for what is no frame."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > LONGEST:
        raise ValueError(f"a frame of {size} bytes")
    body = stream.read(size)
    return body if len(body) == size else None
