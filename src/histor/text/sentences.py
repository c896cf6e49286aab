"""Sentences of press English, as spans of the stored text.

The cut is made by rule: end marks, what stands before them (abbreviations, initials, numbers) and
what comes after (a capital, a quote, a missing blank). Lines are cut too, unless the text is
hard-wrapped. Headlines, datelines and date stamps are segments of their own, since they are
read differently: a dateline is where the reporter sat, not where the event was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["headline", "stamp", "dateline", "body"]

LONGEST = 1_000  # characters; longer stretches without an end mark are cut at the best blank


class Segment(NamedTuple):
    """A sentence (or headline, stamp, dateline) as offsets into the stored text."""

    start: int
    end: int
    kind: Kind


class Dateline(NamedTuple):
    """``KABUL, Aug 24 (Reuters) -``: spans of its parts; absent parts are None."""

    start: int
    end: int
    place: tuple[int, int] | None
    date: tuple[int, int] | None
    agency: tuple[int, int] | None


_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:{_WEEKDAY},?\s+)?(?:{_DAY}\s+{_MONTH}|{_MONTH}\s+{_DAY})(?:,?\s+\d{{2,4}})?"
    rf"|{_MONTH},?\s+\d{{4}}|{_WEEKDAY}|\d{{4}}-\d\d-\d\d"
)
# A hyphen belongs to the class only: were it a separator too, "AA-A-A-A" could be cut in 2^n ways.
_CITY = r"[A-Z][A-Z'’.\-]*[A-Z](?: [A-Z][A-Z'’.\-]*)*"
_NAME = r"[A-Z][\w'’.\-]*(?:\s[A-Za-z][\w'’.\-]*){0,3}"
_DASH = r"(?:\s*(?:--+|[–—])\s*|\s+-\s*|\s*-\s+|\s*:\s+)"
_AGENCY = r"\(\s*(?P<agency>[^()\n]{2,50}?)\s*\)"

# A place in capitals needs only a dash; one in ordinary letters needs a date or an agency too.
_DATELINES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<place>{_CITY}(?:,\s*{_NAME})?)(?:\s*,?\s*(?P<date>{_DATE}))?(?:\s*,?\s*{_AGENCY})?{_DASH}",
        rf"(?P<place>{_CITY}(?:,\s*{_NAME})?)(?:\s*,?\s*(?P<date>{_DATE}))?\s*{_AGENCY}\s*",
        rf"(?P<place>{_NAME}(?:,\s*{_NAME})?)(?:\s*,\s*(?P<date>{_DATE}))?\s*,?\s*{_AGENCY}{_DASH}",
        rf"(?P<place>{_NAME}(?:,\s*{_NAME})?)\s*,\s*(?P<date>{_DATE}){_DASH}",
    )
)
# A whole date that a new sentence follows ("Sat Mar 12 2016 Rebels advance …") is nobody's adverb.
_WHOLE = (
    rf"(?:{_WEEKDAY},?\s+)?(?:{_DAY}\s+{_MONTH},?|{_MONTH}\s+{_DAY},?)\s+(?:19|20)\d\d|"
    r"\d\d?[-./]\d\d?[-./](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
)
_TIME = r"(?:\s+(?:at\s+)?\d\d?[:.]?\d\d(?:\s?[ap]\.?m\.?)?(?:\s+(?:UTC|GMT)(?:[+-]\d\d?)?)?)"
# "Beirut — Fighters stormed …": only where a report opens, as "Rebels — Kurds, mostly — …" may stand anywhere.
_TOWN = r"[A-Z][\w'’.]{0,40}(?:(?:\s|-)(?:al-|el-|de\s|la\s|of\s)?[A-Z][\w'’.]{0,40}){0,3}"
_OPENING = re.compile(rf"(?P<place>{_TOWN}(?:,\s*{_TOWN})?)(?:\s*(?:--+|[–—])\s*|\s+-\s+)(?=[\"“'‘]?[A-Z0-9])")
_WITHOUT_DASH = 1
_SMALL_WORD = re.compile(r"(?<!\w)[a-z]")
_BRACKETS = re.compile(_AGENCY)
_CITY_BEFORE = re.compile(rf"(?<![\w'’.\-]){_CITY}(?:,\s*{_NAME})?(?:\s*,?\s*(?:{_DATE}))?\s*,?\s*\Z")
# Who may stand in the brackets of a dateline that has no dash behind it, or stands inside a paragraph.
_WIRE = re.compile(
    r"\b(?:AP|AFP|Reuters|UPI|DPA|dpa|Xinhua|TASS|Tass|Sputnik|RIA|Interfax|Anadolu|AA|SANA|IRNA|ISNA|Kyodo|Yonhap|ANSA|EFE|PTI|ANI|IANS|KCNA|WAFA|CNN|"
    r"BBC|VOA|Bloomberg|News|Press|Agency|Times|Post|Guardian|Telegraph|Journal|Herald|Media|Radio|TV|Online|Staff Reporter)\b"
)
_STAMP = re.compile(
    rf"\s*(?:(?:(?i:date of publication|last updated|updated|published|posted)(?:\s+(?:on|at))?:?\s+)?(?:{_WHOLE}){_TIME}?"
    r"(?=\s+[\"“'‘]?[A-Z0-9])"
    rf"|(?i:date):?\s+\d{{4}}-\d\d-\d\d|(?:Published|Updated|Posted):?\s+[^\n]{{0,60}}?"
    rf"(?:{_MONTH},?\s+(?:{_DAY},?\s+)?\d{{4}}|\d{{4}}-\d\d-\d\d|\d\d?[/.]\d\d?[/.]\d{{4}})\b"
    rf"|{_WEEKDAY},?\s+{_DAY}\s+{_MONTH},?\s+\d{{4}}\b|\d{{4}}-\d\d-\d\d(?=\s|$))[.:]?"
)


# What stands run in between a headline and the first sentence: "AFP Monday 18 Aug 2014", "Moscow Reuters -".
_WIRES = (
    r"(?:AFP|Afp|AP|Reuters|REUTERS|UPI|DPA|dpa|Xinhua|TASS|Sputnik|Anadolu|SANA|IRNA|Kyodo|Yonhap|ANSA|EFE|PTI|WAFA)"
)
_RUN_IN = re.compile(
    rf"(?:{_TOWN}\s+)??(?:\({_WIRES}\)|{_WIRES}\b)\s*(?:[-–—/]\s*)?(?:{_WHOLE}){_TIME}?\s*[-–—]?(?=\s*[\"“'‘]?[A-Z0-9])"
    rf"|(?:{_WHOLE}){_TIME}?(?:\s+(?:{_TOWN}\s+)??{_WIRES}\b\s*[-–—/]?)?(?=\s*[\"“'‘]?[A-Z0-9])"
    rf"|{_WIRES}(?:\s*[-–—]\s*|\s+)(?!{_WEEKDAY}|{_MONTH})(?=(?:[A-Z][\w'’-]*|\d+) [a-z])"
)


def whole_date(words: str) -> str | None:
    """The whole date that stands in a stamp: "18 Aug 2014" of "AFP Monday 18 Aug 2014"; None if none does."""
    match = re.search(rf"(?<!\w)(?:{_WHOLE})", words)
    return match.group() if match else None


def find_dateline(text: str, start: int = 0, end: int | None = None, opening: bool = False) -> Dateline | None:
    """The dateline that begins ``text[start:end]``, if one does; `opening` says that the report begins there."""
    stop = min(len(text) if end is None else end, start + 160)
    for number, pattern in enumerate((*_DATELINES, _OPENING) if opening else _DATELINES):
        match = pattern.match(text, start, stop)
        if match is None or match.end() >= (len(text) if end is None else end):
            continue
        groups = match.groupdict()
        if number == _WITHOUT_DASH and not _WIRE.search(groups.get("agency") or ""):
            continue  # "ISIL (Daesh) fighters" is no dateline
        spans = {k: match.span(k) for k, v in groups.items() if v is not None}
        return Dateline(start, match.end(), spans.get("place"), spans.get("date"), spans.get("agency"))
    return None


def _datelines_within(text: str, start: int, end: int) -> Iterator[Dateline]:
    """Datelines inside a paragraph whose lines were joined: "Two die in raid BEIRUT (AP) — Fighters …".

    A place in capitals is needed, a wire service in brackets behind it, and the opening of a sentence.
    """
    for brackets in _BRACKETS.finditer(text, start, end):
        city = _CITY_BEFORE.search(text, max(start, brackets.start() - 80), brackets.start())
        if city is None or not _is_wire(brackets.group("agency")):
            continue
        found = find_dateline(text, city.start(), end)
        if found is not None and found.end >= brackets.end() and not text[found.end].islower():
            yield found


def _is_wire(words: str) -> bool:
    return _WIRE.fullmatch(words) is not None or (_WIRE.search(words) is not None and not _SMALL_WORD.search(words))


# Before a name or a number: never the end of a sentence.
_TITLES = frozenset(
    "mr mrs ms messrs mme dr prof gen lt col maj capt cpl sgt cmdr cdr adm brig gov sen rep reps sens rev "
    "hon st ft mt mts fr sr sra supt insp det spc pfc pvt pres amb sec comdr ald msgr approx fig vol pp "
    "ca cf viz al vs v".split()
)
# May end a sentence; they do so only if a word that opens sentences follows.
_DOUBTFUL = frozenset("inc corp ltd co bros jr sr etc dept est ave blvd rd sq hwy no nos plc".split())
_MONTH_ABBREVIATIONS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
_OPENERS = frozenset(
    "The A An In On At It Its He She They We I You This That These Those But And Or So Yet If When While As "
    "After Before Since For From With Without By To Of His Her Their Our My There Here However Meanwhile "
    "Earlier Later Also Both Some Many Most All One Two Several Other Another No Not According Although Though "
    "Because What Who Where Why How Now Then Last Residents Witnesses".split()
)
_NOT_AFTER_TIME = frozenset(
    "GMT UTC EST EDT CST CDT MST MDT PST PDT CET CEST BST IST Monday Tuesday Wednesday Thursday Friday "
    "Saturday Sunday January February March April May June July August September October November "
    "December".split()
)

_CLOSERS = "\"”’')]»›"
_END = re.compile(rf"[.!?…]+[{re.escape(_CLOSERS)}]*(?:\s?\[\d{{1,3}}\])*|[؟。！？]+")
_WORD_BEFORE = re.compile(r"[\w.’'&/-]*$")
_WORD_AFTER = re.compile(r"[\s\"“‘'(\[«‹]*(\w[\w’'-]*)?")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]$")
_GLUED = re.compile(r"[A-Z][a-z]+\b|[A-Z]\s|[\"“‘][A-Z]")


def split_sentences(text: str, title: str | None = None) -> list[Segment]:
    """All segments of `text`, in order; blanks between them belong to none.

    `title`, when the text opens with it, is cut off as a headline even without an end mark.
    """
    segments: list[Segment] = []
    wrapped, cased = _is_wrapped(text), _is_cased(text)
    first = True
    for start, end in _blocks(text, wrapped):
        segments.extend(_block(text, start, end, title, first, cased))
        # A date on a line of its own stands before the first paragraph, not for it.
        first = first and segments[-1].kind == "stamp"
    return segments


def _block(text: str, start: int, end: int, title: str | None, first: bool, cased: bool) -> Iterator[Segment]:
    """Segments of one paragraph; only the first one of a report may open with a stamp or the title."""
    kind: Kind = "body"
    stamp = _STAMP.match(text, start, end) if first else None
    if stamp is not None:
        a, b = _strip(text, stamp.start(), stamp.end())
        yield Segment(a, b, "stamp")
        start = stamp.end()
    if title is not None and first:
        head = _title_at(text, start, end, title)
        if head is not None:
            if any(map(str.isalnum, text[start : head[0]])):
                yield Segment(*_strip(text, start, head[0]), "stamp")
            yield Segment(*_strip(text, *head), "headline")
            start = head[1]
    a, b = _strip(text, start, end)
    run_in = _RUN_IN.match(text, a, b) if first else None
    if run_in is not None and run_in.end() < b:
        yield Segment(*_strip(text, a, run_in.end()), "stamp")
        a = _strip(text, run_in.end(), b)[0]
    dateline = find_dateline(text, a, b, first and not _looks_like_headline(text, a, b))
    if dateline is not None:
        yield Segment(*_strip(text, dateline.start, dateline.end), "dateline")
        a = _strip(text, dateline.end, b)[0]
    elif _looks_like_headline(text, a, b):
        kind = "headline"
    for inner in _datelines_within(text, a, b):
        if inner.start > a:
            yield from _sentences(text, a, inner.start, cased, kind)
            kind = "body"
        yield Segment(*_strip(text, inner.start, inner.end), "dateline")
        a = _strip(text, inner.end, b)[0]
    yield from _sentences(text, a, b, cased, kind)


def _sentences(text: str, start: int, end: int, cased: bool, kind: Kind) -> Iterator[Segment]:
    """The stretch cut at the ends of its sentences."""
    for cut in _cuts(text, start, end, cased):
        yield from _pieces(text, start, cut, kind)
        start = cut
    yield from _pieces(text, start, end, kind)


def _pieces(text: str, start: int, end: int, kind: Kind) -> Iterator[Segment]:
    """The stretch as one segment, or as several where it is longer than `LONGEST`."""
    start, end = _strip(text, start, end)
    while end - start > LONGEST:
        window = text[start : start + LONGEST]
        cut = max(window.rfind("; "), window.rfind(": "))
        if cut < LONGEST // 3:
            cut = window.rfind(", ")
        if cut < LONGEST // 3:
            cut = max(window.rfind(" "), window.rfind("\n"))
        cut = cut if cut > 0 else LONGEST - 1
        yield Segment(*_strip(text, start, start + cut + 1), kind)
        start = _strip(text, start + cut + 1, end)[0]
    if end > start:
        yield Segment(start, end, kind)


def _cuts(text: str, start: int, end: int, cased: bool) -> Iterator[int]:
    """Offsets at which a new sentence begins inside ``text[start:end]``."""
    for match in _END.finditer(text, start, end):
        if match.end() < end and _is_end(text, match, start, end, cased):
            yield match.end()


def _is_end(text: str, match: re.Match[str], start: int, end: int, cased: bool) -> bool:
    """Whether the end mark really ends a sentence."""
    mark, after = match.group(), match.end()
    if not text[after].isspace():
        return _is_glued_end(text, match, start)
    following = _WORD_AFTER.match(text, after, end)
    word = following.group(1) if following else None
    if word is None:
        return True
    if word[0].islower() and cased:
        return False
    if mark[0] != "." or mark[1:2] == ".":
        return True
    before = _word_before(text, start, match.start())
    return _dot_ends(before, word)


def _dot_ends(before: str, word: str) -> bool:
    """Whether a full stop after `before` and ahead of the capitalised `word` ends a sentence."""
    low = before.lower()
    if low in _TITLES:
        return False
    if low in {"a.m", "p.m"}:
        return word not in _NOT_AFTER_TIME
    if low in {"no", "nos"}:
        return not word[0].isdigit()
    if low in _MONTH_ABBREVIATIONS and before[0].isupper():
        return not word[0].isdigit()
    if low in _DOUBTFUL or _ACRONYM.match(before):
        return word in _OPENERS
    if len(before) == 1 and before.isupper():
        return word in _OPENERS and word not in {"A", "I"}
    return True


def _is_glued_end(text: str, match: re.Match[str], start: int) -> bool:
    """A full stop without a blank behind it (``said.The``) ends a sentence between plain words."""
    if match.group()[0] not in ".!?" or not _GLUED.match(text, match.end()):
        return False
    before = _word_before(text, start, match.start())
    if before.lower() in _TITLES | _DOUBTFUL or "." in before:
        return False
    return len(before) > 1 and (before[1:].islower() or before.isdigit() or len(before) > 3)


def _word_before(text: str, start: int, at: int) -> str:
    window = text[max(start, at - 40) : at]
    match = _WORD_BEFORE.search(window)
    return match.group().lstrip("-'’") if match else ""


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    """`start` and `end` moved inward past blanks."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_LINE = re.compile(r"[^\n]+")


def _is_cased(text: str) -> bool:
    """Whether the text uses capitals at all; some archives hold everything in small letters."""
    sample = text[:20_000]
    small = sum(map(str.islower, sample))
    return small < 100 or sum(map(str.isupper, sample)) > 0.005 * small


def _is_wrapped(text: str) -> bool:
    """Whether line breaks are typesetting: most lines are long, alike and end in mid-sentence."""
    sample = [line for line in text[:20_000].split("\n") if line.strip()]
    if len(sample) < 5:
        return False
    longest = max(map(len, sample))
    if not 50 <= longest <= 100:
        return False
    open_ended = sum(len(line) > 0.6 * longest and line.rstrip()[-1] not in '.!?:"”' for line in sample)
    return open_ended > 0.4 * len(sample)


def _blocks(text: str, wrapped: bool) -> Iterator[tuple[int, int]]:
    """Paragraphs as ``(start, end)``: runs of lines that belong together."""
    start: int | None = None
    end = 0
    for match in _LINE.finditer(text):
        line = match.group()
        if not line.strip():
            continue
        gap = text[end : match.start()]
        joined = start is not None and gap.count("\n") == 1 and _continues(text, end, line, wrapped)
        if not joined:
            if start is not None:
                yield start, end
            start = match.start()
        end = match.end()
    if start is not None:
        yield start, end


def _continues(text: str, end: int, line: str, wrapped: bool) -> bool:
    """Whether `line` goes on with the sentence that the line before, ending at `end`, left open."""
    if wrapped:
        return True
    opening = line.lstrip()[0]
    last = text[max(0, end - 40) : end].rstrip()[-1:]
    return opening.islower() and last not in ".!?"


def _looks_like_headline(text: str, start: int, end: int) -> bool:
    """A short line of its own without an end mark."""
    if end - start > 140 or text[end - 1 : end] in '.!?:;,"”':
        return False
    alone = (start == 0 or "\n" in text[max(0, start - 2) : start]) and text[end : end + 1] == "\n"
    return alone and not re.search(r"[a-z]{2}\. [A-Z]", text[start:end])


_SITE = re.compile(r"(?<!\s)\s+(?:[-–—|»]|::)\s+")
_BYLINE = r"(?:[Bb]y(?:\s[A-Z][\w.'’-]*){1,4}?\s+)?"


def _title_at(text: str, start: int, end: int, title: str) -> tuple[int, int] | None:
    """Where the report's title, repeated at the head of its text, stands; a byline may come first.

    Of a title with the name of the site behind it the first part will do.
    """
    low = text[start:end].lower()
    for wording in dict.fromkeys((title, _SITE.split(title)[0])):
        words = re.findall(r"\w+", wording)
        if len(words) < (3 if wording == title else 4):
            continue
        if not all(w.lower() in low for w in words if w.isascii()):
            continue  # most titles; to compile a pattern takes longer than all else here
        found = r"\W*(?P<title>" + r"\W+".join(map(re.escape, words)) + r"\b[.!?]?)"
        match = re.compile(rf"{_BYLINE}(?i:{found})").match(text, start, end)
        if match is not None and match.end() < end:
            return match.span("title")
    return None
