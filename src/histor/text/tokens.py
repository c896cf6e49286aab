"""Words of a sentence, cut as the UD English treebanks cut them.

Clitics (``'s``, ``n't``), punctuation, currency and percent signs stand alone; hyphened
compounds are cut at the hyphen except after a bound prefix (``anti-Taliban``).
A word keeps its place in the report, so every word can be mapped back to the stored text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Prefixes after which EWT and GUM keep the hyphen inside the word.
_PREFIXES = (
    "anti ante arch bi co contra counter cyber de e ex extra fore hyper inter intra macro mega meta "
    "micro mid mini mono multi neo non omni pan para per poly post pre pro proto pseudo quasi re semi "
    "sub super supra trans tri ultra un uni"
).split()
_BOUND = "|".join(sorted(_PREFIXES, key=len, reverse=True))
_TOP_LEVEL = "com|org|net|gov|edu|mil|info|int|io|tv|co\\.uk|doc|pdf|html?|jpe?g|xls"

_ABBREVIATION = (
    r"(?:[A-Za-z]\.){2,}|"
    r"(?:Mr|Mrs|Ms|Messrs|Dr|Prof|Gen|Lt|Col|Maj|Capt|Cpl|Sgt|Cmdr|Adm|Brig|Gov|Sen|Rep|Rev|Hon|St|Ft|Mt|"
    r"Jr|Sr|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Inc|Ltd|Corp|Co|Bros|vs|etc|"
    r"approx|dept|Dept|est|Ave|Blvd|Pres|Supt|Insp|Det|Spc|Pfc|Pvt)\.(?=\s|$|[,;:)\-])|"
    r"Nos?\.(?=\s?\d)|"
    r"[A-Z]\.(?=\s?[A-Z])"
)

_WORD = re.compile(
    rf"""
    (?P<plain>[^\W\d_]+(?=[\s,;)!?"]|\Z))  # most words; none of what follows would read on
  | (?P<url>(?:https?://|www\.)[^\s<>"]+[^\s<>".,;:!?)\]'])
  | (?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
  | (?P<site>[\w-]+(?:\.[\w-]+)*\.(?:{_TOP_LEVEL})\b)
  | (?P<abbr>(?-i:{_ABBREVIATION}))
  | (?P<number>\d{{4}}-\d\d-\d\d\b|\d+(?:[.,:/]\d+)+(?:st|nd|rd|th|s|am|pm)?|\d+(?:st|nd|rd|th|s)\b)
  | (?P<unit>\d+(?=(?:km|m|mm|cm|kg|lb|ft|mph|am|pm|bn|tn|mn|k)\b))
  | (?P<camel>[^\W\d_]+\d+[\w]*|\d+[^\W\d_]+\w*)
  | (?P<word>(?:(?:{_BOUND})-(?=\w))?\w+(?:[’'`](?=[^\W\d])\w+)*(?:&\w+)*)
  | (?P<dots>\.{{2,}}|…)
  | (?P<run>[*=?!+_~\#-]{{2,}}|[–—]+)
  | (?P<quotes>``|'')
  | (?P<other>[^\w\s])
    """,
    re.VERBOSE | re.IGNORECASE,
)

_NOT = re.compile(r"n[’'`]t$", re.IGNORECASE)
_CLITIC = re.compile(r"[’'`](?:s|m|d|re|ve|ll)$", re.IGNORECASE)
# ``cannot`` and the like are two words in UD.
_JOINED = {"cannot": 3, "gonna": 3, "wanna": 3, "gotta": 3}


def word_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Spans of the words of ``text[start:end]``, in order, as offsets into `text`."""
    stop = len(text) if end is None else end
    for match in _WORD.finditer(text, start, stop):
        a, b = match.span()
        kind = match.lastgroup
        if kind == "word" or (kind == "plain" and match[0].lower() in _JOINED):
            yield from _cut(text, a, b)
        else:
            yield a, b


def _cut(text: str, a: int, b: int) -> Iterator[tuple[int, int]]:
    """Cut clitics off the word at ``a:b``."""
    word = text[a:b]
    joined = _JOINED.get(word.lower())
    if joined is not None:
        yield a, a + joined
        yield a + joined, b
        return
    if word.isalpha():
        yield a, b
        return
    match = _NOT.search(word) or _CLITIC.search(word)
    if match is None or match.start() == 0:
        yield a, b
        return
    yield a, a + match.start()
    yield a + match.start(), b
