"""Reports written with inline tags to examples with offsets, checked on the way.

    python -m training.tagged raw.jsonl > examples.jsonl

A raw line is ``{"id", "t", "e", "reg", "iso"}`` as `training/data/written/GUIDE.md` defines it: tags in `t`
(``<T1>…</T1>``), attributes in `e`. What is wrong is printed with the line's id, and nothing is written.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from histor.codebook.codebook import load_codebook
from histor.text.normalise import normalise

TAGS = {
    "T": "trigger", "A": "actor", "R": "recipient", "P": "place", "D": "date", "W": "weapon", "K": "killed",
    "I": "injured", "C": "captured", "M": "missing", "X": "displaced", "G": "territory", "S": "speaker", "Q": "cue",
}  # fmt: skip
FACTS = frozenset("actual claimed denied planned threatened hypothetical forecast opinion historical".split())
REGISTERS = frozenset("wire state rebel local ngo summary headline analysis official".split())
_TAG = re.compile(r"<(/?)([A-Z])(\d*)>")


class TagError(ValueError):
    """A raw example that breaks the rules of the guide."""


def convert(raw: dict[str, Any]) -> dict[str, Any]:
    """One raw example as offsets. Raises TagError."""
    text, spans, loaded = _strip(raw["t"])
    if text != normalise(text):
        raise TagError("the text is not normalised (NFC, LF)")
    attributes = raw["e"]
    events = []
    for number in sorted({n for n, _, _ in spans} | set(attributes), key=int):
        if number not in attributes:
            raise TagError(f"event {number} is tagged but not in e")
        event = _attributes(number, attributes[number])
        for _, tag, span in (s for s in spans if s[0] == number):
            event.setdefault(TAGS[tag], []).append(list(span))
        if not event.get("trigger"):
            raise TagError(f"event {number} has no trigger")
        events.append(event)
    if raw.get("reg") not in REGISTERS:
        raise TagError(f"unknown register {raw.get('reg')!r}")
    if not re.fullmatch(r"[A-Z]{3}", str(raw.get("iso"))):
        raise TagError(f"iso is not an ISO-3 code: {raw.get('iso')!r}")
    return {
        "id": raw["id"], "text": text, "events": events, "loaded": loaded, "register": raw["reg"], "country": raw["iso"],
    }  # fmt: skip


def _strip(tagged: str) -> tuple[str, list[tuple[str, str, tuple[int, int]]], list[list[int]]]:
    text = ""
    at = 0
    stack: list[tuple[str, str, int]] = []
    spans: list[tuple[str, str, tuple[int, int]]] = []
    loaded: list[list[int]] = []
    for match in _TAG.finditer(tagged):
        text += tagged[at : match.start()]
        at = match.end()
        closing, tag, number = match.groups()
        if tag != "L" and (tag not in TAGS or not number):
            raise TagError(f"unknown tag {match.group()}")
        if not closing:
            stack.append((tag, number, len(text)))
            continue
        if not stack or stack[-1][:2] != (tag, number):
            raise TagError(f"{match.group()} does not close what was opened last")
        start = stack.pop()[2]
        a, b = start, len(text)
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a >= b:
            raise TagError(f"{match.group()} holds nothing")
        if (a and text[a - 1].isalnum() and text[a].isalnum()) or not _ends_word(text, tagged, at, b):
            raise TagError(f"{match.group()} cuts a word: {text[a:b]!r}")
        if tag == "L":
            loaded.append([a, b])
        else:
            spans.append((number, tag, (a, b)))
    if stack:
        raise TagError(f"<{stack[-1][0]}{stack[-1][1]}> is never closed")
    text += tagged[at:]
    if "<" in text or ">" in text:
        raise TagError("a stray < or > is left in the text")
    return text, sorted(spans, key=lambda s: (s[0], s[2])), loaded


def _ends_word(text: str, tagged: str, at: int, b: int) -> bool:
    rest = _TAG.sub("", tagged[at : at + 40])
    return not (rest and rest[0].isalnum() and text[b - 1].isalnum())


def _attributes(number: str, values: list[Any]) -> dict[str, Any]:
    if len(values) != 4:
        raise TagError(f"event {number} needs type, mode, ACLED name, factuality")
    type_, mode, sub, fact = values
    book = load_codebook()
    if type_ not in book.modes:
        raise TagError(f"event {number}: unknown type {type_!r}")
    if mode is not None and mode not in book.modes[type_]:
        raise TagError(f"event {number}: {type_} has no mode {mode!r}")
    if sub is not None and sub not in book.acled:
        raise TagError(f"event {number}: unknown ACLED name {sub!r}")
    if fact not in FACTS:
        raise TagError(f"event {number}: unknown factuality {fact!r}")
    return {"n": number, "event_type": type_, "mode": mode, "acled_sub_event_type": sub, "factuality": fact}


def main() -> None:
    wrong, examples = 0, []
    for name in sys.argv[1:]:
        for line_number, line in enumerate(Path(name).read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                raw = json.loads(line)
                examples.append(convert(raw))
            except (TagError, KeyError, ValueError, TypeError) as error:
                wrong += 1
                print(f"{name}:{line_number}: {error}", file=sys.stderr)
    if wrong:
        print(f"{wrong} wrong, {len(examples)} right; nothing written", file=sys.stderr)
        sys.exit(1)
    for example in examples:
        print(json.dumps(example, ensure_ascii=False))


if __name__ == "__main__":
    main()
