"""Content encodings undone, whole and within a bound."""

from __future__ import annotations

import gzip

import pytest

from histor.capture.unpack import Unpacker, unpack

FIRST = gzip.compress(b"<p>first", mtime=0)
REST = gzip.compress(b"", mtime=0) + gzip.compress(b" second</p>", mtime=0)


def test_gzip_of_several_members_is_read_to_its_end() -> None:
    assert unpack(FIRST + REST, ["gzip"], 100) == b"<p>first second</p>"
    assert unpack(FIRST + REST + b"\0\0", ["gzip"], 100) == b"<p>first second</p>"
    assert len(unpack(FIRST + REST, ["gzip"], 10)) == 11  # one more than may be says that there is more


@pytest.mark.parametrize("at", [len(FIRST), len(FIRST) + 20])
def test_a_member_may_begin_with_any_piece(at: int) -> None:
    unpacker = Unpacker("gzip", 100)
    packed = FIRST + REST
    unpacker.feed(packed[:at])
    unpacker.feed(packed[at:])
    assert (bytes(unpacker.content), unpacker.whole) == (b"<p>first second</p>", True)
