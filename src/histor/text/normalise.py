"""The one form in which a report's text is stored and counted."""

from __future__ import annotations

import re
import unicodedata

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def normalise(raw: str) -> str:
    """`raw` as it is stored: NFC, line ends as LF, no byte-order mark.

    NUL and lone surrogates, which neither UTF-8 nor databases hold, become U+FFFD one for one.
    Everything else stays, so that a quote can be found in the original by eye.
    Applying it twice changes nothing.
    """
    text = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = _UNSTORABLE.sub("\ufffd", text)
    return unicodedata.normalize("NFC", text)
