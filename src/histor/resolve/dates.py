"""Dates of press English as intervals, counted from an anchor.

Weekdays are past ones unless the words say otherwise; "a day earlier" counts from the date that
the text speaks of, where the caller knows one, else from publication. Nothing is resolved without
an anchor that it needs: such an expression keeps its words and no dates.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {m.lower(): i for i, m in enumerate(calendar.month_name) if m}
_MONTHS |= {m.lower(): i for i, m in enumerate(calendar.month_abbr) if m} | {"sept": 9}
_DAYS = {d.lower(): i for i, d in enumerate(calendar.day_name)}
_DAYS |= {d.lower(): i for i, d in enumerate(calendar.day_abbr)} | {"tues": 1, "thurs": 3, "thur": 3, "weds": 2}
_NUMBERS = {
    w: i for i, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": 1, "an": 1, "several": 3, "a few": 3, "couple of": 2, "a couple of": 2}  # fmt: skip

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_FULL_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|a few|a couple of|couple of)"
_YEAR = r"(?:19|20)\d\d"
_PART = r"(?:early|late|mid|the early hours of|overnight)"
_TIME = r"(?:morning|afternoon|evening|night|dawn|noon|midnight|dusk)"


@dataclass(frozen=True)
class DateExpression:
    """A date expression: its span, the interval it names (None if unknown) and how exactly.

    `granularity` is day, days, week, month, year or open. `anchor` is the date counted from, where
    one was used; `needs` says what a resolution still lacks ("anchor").
    """

    start: int
    end: int
    earliest: date | None
    latest: date | None
    granularity: str
    anchor: date | None = None

    @property
    def date_prec(self) -> int | None:
        """UCDP date precision: 1 day, 2 within six days, 3 week, 4 month, 5 up to a year."""
        if self.earliest is None or self.latest is None:
            return None
        days = (self.latest - self.earliest).days + 1
        return 1 if days == 1 else 2 if days <= 6 else 3 if days == 7 else 4 if days <= 31 else 5

    @property
    def time_precision(self) -> int | None:
        """ACLED time precision: 1 day, 2 week, 3 month or longer."""
        if self.earliest is None or self.latest is None:
            return None
        days = (self.latest - self.earliest).days + 1
        return 1 if days == 1 else 2 if days <= 7 else 3


Interval = tuple[date | None, date | None, str]
Groups = dict[str, str | None]


@dataclass(frozen=True)
class Anchors:
    """What relative dates count from: publication, and the date that the text speaks of."""

    published: date | None
    spoken: date | None = None

    @property
    def told(self) -> date | None:
        return self.spoken or self.published


def _day(d: date) -> Interval:
    return d, d, "day"


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str | None) -> int:
    low = (text or "").lower()
    return int(low) if low.isdigit() else _NUMBERS.get(low, 1)


def _month_of(text: str | None) -> int:
    return _MONTHS[(text or "").lower().rstrip(".")]


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _year_for(month: int, day: int, anchor: date | None) -> int | None:
    """The year that makes month and day the latest date not after the anchor (a week's grace)."""
    if anchor is None:
        return None
    guess = _safe(anchor.year, month, day) or _safe(anchor.year, month, 28)
    if guess is not None and guess > anchor + timedelta(days=45):
        return anchor.year - 1
    return anchor.year


def _year(text: str | None) -> int | None:
    if not text:
        return None
    value = int(text)
    return value if value > 100 else value + (1900 if value > 50 else 2000)


def _r_full(g: Groups, a: Anchors) -> Interval | None:
    month, day = _month_of(g["month"]), int(re.sub(r"\D", "", g["day"] or ""))
    year = _year(g.get("year")) or _year_for(month, day, a.published)
    if year is None:
        return None, None, "day"
    first = _safe(year, month, day)
    if first is None:
        return None, None, "day"  # no such day: the words are kept, nothing is guessed
    if g.get("day2"):
        last = _safe(
            year, _month_of(g["month2"]) if g.get("month2") else month, int(re.sub(r"\D", "", g["day2"] or ""))
        )
        if last is None or last < first:
            return None
        return first, last, "days"
    return _day(first)


def _r_iso(g: Groups, a: Anchors) -> Interval | None:
    found = _safe(int(g["y"] or 0), int(g["m"] or 0), int(g["d"] or 0))
    return _day(found) if found else None


def _r_month(g: Groups, a: Anchors) -> Interval | None:
    month = _month_of(g["month"])
    year = _year(g.get("year"))
    if year is None:
        if a.published is None:
            return None, None, "month"
        year = a.published.year - (1 if month > a.published.month else 0)
        if (g.get("last") or "").lower() == "last" and month == a.published.month:
            year -= 1
    first, last = date(year, month, 1), _last_day(year, month)
    part = (g.get("part") or "").lower()
    if part.startswith("early") or part.startswith("beginning"):
        last = first + timedelta(days=9)
    elif part.startswith("mid"):
        first, last = date(year, month, 10), date(year, month, 20)
    elif part.startswith("late") or part.startswith("end"):
        first = date(year, month, 20)
    if a.published and first <= a.published < last and not part:
        last = a.published if g.get("year") is None else last
    return first, last, "month"


def _r_year(g: Groups, a: Anchors) -> Interval | None:
    year = int(g["year"] or 0)
    return date(year, 1, 1), date(year, 12, 31), "year"


def _r_weekday(g: Groups, a: Anchors) -> Interval | None:
    wanted = _DAYS[(g["weekday"] or "").lower().rstrip(".")]
    anchor = a.published
    if anchor is None:
        return None, None, "day"
    back = (anchor.weekday() - wanted) % 7
    which = (g.get("which") or "").lower()
    if which in {"next", "this coming", "coming"}:
        return _day(anchor + timedelta(days=(wanted - anchor.weekday() - 1) % 7 + 1))
    if which == "last" and back == 0:
        back = 7
    found = anchor - timedelta(days=back)
    if g.get("weekday2"):
        second = _DAYS[(g["weekday2"] or "").lower().rstrip(".")]
        last = anchor - timedelta(days=(anchor.weekday() - second) % 7)
        first = last - timedelta(days=(second - wanted) % 7)
        return first, last, "days"
    if (g.get("night") or "").lower() in {"overnight", "night"} and (g.get("into") or ""):
        return found, found + timedelta(days=1), "days"
    return _day(found)


def _r_today(g: Groups, a: Anchors) -> Interval | None:
    if a.published is None:
        return None, None, "day"
    word = (g["word"] or "").lower()
    if word in {"yesterday", "last night"}:
        return _day(a.published - timedelta(days=1))
    if word == "tomorrow":
        return _day(a.published + timedelta(days=1))
    if word in {"overnight"}:
        return a.published - timedelta(days=1), a.published, "days"
    return _day(a.published)


def _r_earlier(g: Groups, a: Anchors) -> Interval | None:
    """ "A day earlier", "two days before": from the date that the text speaks of."""
    anchor = a.told
    if anchor is None:
        return None, None, "day"
    sign = 1 if (g.get("dir") or "").lower() in {"later", "after"} else -1
    return _shift(anchor, sign * _number(g["n"]), (g["unit"] or "").lower().rstrip("s"))


def _r_ago(g: Groups, a: Anchors) -> Interval | None:
    if a.published is None:
        return None, None, "day"
    return _shift(a.published, -_number(g["n"]), (g["unit"] or "").lower().rstrip("s"))


def _shift(anchor: date, n: int, unit: str) -> Interval | None:
    try:
        if unit == "day":
            return _day(anchor + timedelta(days=n))
        if unit == "hour":
            return anchor + timedelta(days=-(-abs(n) // 24) * (1 if n > 0 else -1)), anchor, "days"
        if unit == "week":
            middle = anchor + timedelta(weeks=n)
            return middle - timedelta(days=3), middle + timedelta(days=3), "week"
        if unit == "month":
            index = anchor.year * 12 + anchor.month - 1 + n
            return date(index // 12, index % 12 + 1, 1), _last_day(index // 12, index % 12 + 1), "month"
        if unit == "decade":
            n, unit = 10 * n, "year"
        year = anchor.year + n
        return date(year, 1, 1), date(year, 12, 31), "year"
    except (ValueError, OverflowError):
        return None


def _r_span_back(g: Groups, a: Anchors) -> Interval | None:
    """ "The past 24 hours", "over the last three days", "in recent weeks"."""
    if a.published is None:
        return None, None, "days"
    n, unit = _number(g.get("n")), (g["unit"] or "").lower().rstrip("s")
    days = {"hour": -(-n // 24), "day": n, "week": 7 * n, "month": 30 * n, "year": 365 * n, "decade": 3650 * n}[unit]
    days = max(days, 1)
    return a.published - timedelta(days=days), a.published, "week" if 6 <= days <= 8 else "days"


def _r_unit(g: Groups, a: Anchors) -> Interval | None:
    """ "Last week", "this month", "next year", "earlier this week"."""
    if a.published is None:
        return None, None, "week"
    p = a.published
    which, unit = (g["which"] or "").lower(), (g["unit"] or "").lower()
    n = -1 if which in {"last", "the previous", "previous", "past"} else 1 if which == "next" else 0
    if unit == "week":
        first = p - timedelta(days=p.weekday()) + timedelta(weeks=n)
        last = first + timedelta(days=6)
        return (first, min(last, p), "week") if n == 0 else (first, last, "week")
    if unit == "weekend":
        saturday = p - timedelta(days=(p.weekday() - 5) % 7)
        if which == "last" and p.weekday() >= 5:
            saturday -= timedelta(days=7)
        return saturday, saturday + timedelta(days=1), "days"
    found = _shift(p, n, unit)
    if found and n == 0 and found[0] and found[0] <= p:
        return found[0], p, found[2]
    return found


def _r_month_ref(g: Groups, a: Anchors) -> Interval | None:
    """ "At the beginning of the month", "at the weekend", "mid-week"."""
    return _r_unit({"which": "this", "unit": g["unit"]}, a)


def _r_same(g: Groups, a: Anchors) -> Interval | None:
    anchor = a.told
    return _day(anchor) if anchor else (None, None, "day")


def _r_since(g: Groups, a: Anchors) -> Interval | None:
    inner = _resolve_inner(g["inner"] or "", a)
    if inner is None or inner[0] is None:
        return None, None, "open"
    return inner[0], a.published or inner[1], "open"


Rule = tuple[str, re.Pattern[str], Callable[[Groups, Anchors], Interval | None]]


def _rule(name: str, pattern: str, handler: Callable[[Groups, Anchors], Interval | None]) -> Rule:
    return name, re.compile(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE), handler


_LEAD = rf"(?:(?P<part>{_PART})\s(?:on\s)?)?"
_RULES: tuple[Rule, ...] = (
    _rule("iso", r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)", _r_iso),
    _rule(
        "day-month",
        rf"(?:{_WEEKDAY}\.?,?\s(?:the\s)?)?(?P<day>{_DAY})(?:\s?[-–—/]\s?|\sand\s|\sto\s|\sor\s)?(?P<day2>{_DAY})?\s(?:of\s)?(?P<month>{_MONTH})(?:,?\s(?P<year>{_YEAR}|\d\d(?=\s)))?",
        _r_full,
    ),
    _rule(
        "month-day",
        rf"(?:{_WEEKDAY}\.?,?\s)?(?P<month>{_MONTH})\s(?P<day>{_DAY})(?![\d,]\d)(?:(?:\s?[-–—]\s?|\sand\s|\sto\s)(?:(?P<month2>{_MONTH})\s)?(?P<day2>{_DAY}))?(?:,?\s(?P<year>{_YEAR}))?",
        _r_full,
    ),
    _rule("month-year", rf"(?:(?P<part>early|mid|late|the end of|end of|the beginning of|beginning of)[\s-])?(?P<month>{_MONTH})(?:,?\s(?:of\s)?(?P<year>{_YEAR}))", _r_month),
    _rule("n-earlier", rf"(?P<n>{_COUNT})\s(?P<unit>days?|weeks?|months?|years?|hours?)\s(?P<dir>earlier|before|previously|later|after)", _r_earlier),
    _rule("n-ago", rf"(?:(?:more than|about|around|nearly|almost|over|some)\s)?(?P<n>{_COUNT})\s(?P<unit>days?|weeks?|months?|years?|hours?|decades?)\sago", _r_ago),
    _rule("span-back", rf"(?:the\s)?(?:past|last|previous|preceding)\s(?:(?P<n>{_COUNT})\s)?(?P<unit>hours|days|weeks|months|years|decade|decades)|(?P<recent>recent)\s(?P<unit2>days|weeks|months|years)", lambda g, a: _r_span_back({**g, "unit": g.get("unit") or g.get("unit2"), "n": g.get("n") or "three"}, a)),
    _rule("weekday-range", rf"(?P<weekday>{_FULL_WEEKDAY})(?:\s?[-–—]\s?|\sto\s|\sand\s|\sthrough\s|\suntil\s|\sor\s)(?P<weekday2>{_FULL_WEEKDAY})", _r_weekday),
    _rule("weekday", rf"(?:(?P<which>last|next|this|this past|this coming|coming|past)\s)?(?P<weekday>{_FULL_WEEKDAY})(?:\s{_TIME})?", _r_weekday),
    _rule("today", r"(?P<word>today|yesterday|tomorrow|tonight|last night|overnight|this morning|this afternoon|this evening|earlier in the day|earlier today|later in the day)", _r_today),
    _rule("same", r"(?:the|that)\s(?:same|very)\s(?:day|night|morning|evening|afternoon)|that\s(?:day|night|morning|evening|afternoon)", _r_same),
    _rule("day-before", r"(?P<n>the\sprevious|the)\s(?P<unit>day|night)\s(?P<dir>before|earlier)|the\s(?:previous|preceding)\s(?P<unit2>day|night|evening)", lambda g, a: _r_earlier({"n": "one", "unit": "day", "dir": "before"}, a)),
    _rule("day-after", r"the\s(?:following|next)\s(?:day|night|morning)|the\s(?:day|morning|night)\safter", lambda g, a: _r_earlier({"n": "one", "unit": "day", "dir": "after"}, a)),
    _rule("unit", r"(?:(?:earlier|later|late|early)\s)?(?P<which>last|this|next|the previous|previous|past)\s(?P<unit>week|weekend|month|year)|(?:over|at|during)\sthe\s(?P<weekend>weekend)", lambda g, a: _r_unit({"which": g.get("which") or "the", "unit": g.get("unit") or "weekend"}, a)),
    _rule("month", rf"(?:(?P<part>early|mid|late|the end of|end of|the beginning of|beginning of)[\s-]|(?:in|last|this|since|during|of|until|by)\s)(?P<month>{_MONTH})", _r_month),
    _rule("year", rf"(?:(?<=in\s)|(?<=since\s)|(?<=of\s)|(?<=during\s)|(?<=by\s)|(?<=from\s)|(?<=until\s)|(?<=early\s)|(?<=late\s)|(?<=the\s))(?P<year>{_YEAR})", _r_year),
)  # fmt: skip
_SINCE = re.compile(r"\b(?:since|from)\s+(?:the\s)?$", re.IGNORECASE)


def find_dates(text: str, anchors: Anchors, start: int = 0, end: int | None = None) -> list[DateExpression]:
    """All date expressions in ``text[start:end]``, without overlap, as offsets into `text`."""
    stop = len(text) if end is None else end
    found: list[DateExpression] = []
    taken: list[tuple[int, int]] = []
    for name, pattern, handler in _RULES:
        for match in pattern.finditer(text, start, stop):
            a, b = match.span()
            if any(a < y and b > x for x, y in taken):
                continue
            if name == "month" and not text[match.start("month")].isupper():
                continue
            interval = handler(match.groupdict(), anchors)
            if interval is None:
                continue
            if name in {"month", "month-year"}:
                a = match.start("part") if match.group("part") else match.start("month")
            taken.append((a, b))
            anchor = _anchor_used(name, anchors)
            found.append(_open_ended(text, start, DateExpression(a, b, *interval, anchor), anchors))
    return sorted(found, key=lambda d: d.start)


def _open_ended(text: str, start: int, found: DateExpression, anchors: Anchors) -> DateExpression:
    """ "Since 15 August" runs to publication."""
    lead = _SINCE.search(text[max(start, found.start - 12) : found.start])
    if lead is None or found.earliest is None or anchors.published is None:
        return found
    if not lead.group().lower().startswith("since") or anchors.published < found.earliest:
        return found
    return DateExpression(found.start, found.end, found.earliest, anchors.published, "open", found.anchor)


def _anchor_used(name: str, anchors: Anchors) -> date | None:
    if name in {"iso", "month-year", "year"}:
        return None
    if name in {"n-earlier", "same", "day-before", "day-after"}:
        return anchors.told
    return anchors.published


def _resolve_inner(text: str, anchors: Anchors) -> Interval | None:
    inner = find_dates(text, anchors)
    return (inner[0].earliest, inner[0].latest, inner[0].granularity) if inner else None


def parse_date(text: str) -> date | None:
    """A publication date: ISO 8601 (time ignored), RFC 2822, or day, month name and year."""
    text = text.strip()
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)(?:$|[T\s])", text) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    if match:
        return _safe(*(int(x) for x in match.groups()))
    found = find_dates(text, Anchors(None))
    if len(found) == 1 and found[0].granularity == "day":
        return found[0].earliest
    return None
