"""Canonical JSON and the identifiers made from it.

An identifier is the SHA-256 of canonical JSON (keys sorted, no blanks, UTF-8), separated by
domain so that equal fields of two kinds of record never share an identifier. Joining fields
with a separator is not used: joined strings collide.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """`value` (JSON types only) as canonical UTF-8 bytes.

    Raises ValueError for NaN and infinities and TypeError for anything JSON cannot hold.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def digest(domain: str, value: Any) -> str:
    """The identifier of `value` as a record of kind `domain`: 64 hexadecimal digits."""
    hashed = hashlib.sha256(f"histor/{domain}\x00".encode())
    hashed.update(canonical_json(value))
    return hashed.hexdigest()


def report_id(captured: bytes, source: str | None, url: str | None) -> str:
    """The identifier of a report: its captured bytes with its source and URL."""
    return digest("report", [hashlib.sha256(captured).hexdigest(), source or "", url or ""])
