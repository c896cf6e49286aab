"""Dates of press English as intervals, counted from an anchor.

Weekdays are past ones unless the words say otherwise. "A day earlier" counts from the date that the
sentence, or else the text before it, speaks of; "yesterday" from publication. Nothing is resolved
without an anchor that it needs, outside the calendar, or to an end before its beginning: such an
expression keeps its words and no dates.

Conventions where English leaves room: early, mid and late are the thirds of a month (1 to 10, 11 to
20, 21 to the end) or of a year; "three weeks ago" is the week (Monday to Sunday), month or year that
the count falls in; "overnight" is the night that ends on the day; seasons are northern.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

_MONTHS = {m.lower(): i for i, m in enumerate(calendar.month_name) if m}
_MONTHS |= {m.lower(): i for i, m in enumerate(calendar.month_abbr) if m} | {"sept": 9}
_DAYS = {d.lower(): i for i, d in enumerate(calendar.day_name)}
_DAYS |= {d.lower(): i for i, d in enumerate(calendar.day_abbr)} | {"tues": 1, "thurs": 3, "thur": 3, "weds": 2}
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = {w: i for i, w in enumerate(_WORDS)} | {"a": 1, "an": 1, "a couple of": 2, "couple of": 2}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
    r"(?:(?<=[a-z]{3})\.|(?<=sept)\.)?"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_FULL_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|a few|few|a couple of|couple of|some|many)"
_YEAR = r"(?:19|20)\d\d"
_TIME = r"(?:morning|afternoon|evening|night|dawn|noon|midnight|dusk)"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_UNITS = r"(?:days?|weeks?|months?|years?|hours?|decades?)"


@dataclass(frozen=True)
class DateExpression:
    """A date expression: its span, the interval it names (None if unknown) and how exactly.

    `granularity` is day, days, week, month, year or open; `anchor` is the date counted from, where one
    was used.
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
UNKNOWN: Interval = (None, None, "day")


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


def _number(text: str | None) -> int | None:
    """The count, or None where the words give none ("several", "a few")."""
    low = (text or "").lower()
    return int(low) if low.isdigit() else _NUMBERS.get(low)


def _month_of(text: str | None) -> int:
    return _MONTHS[(text or "").lower().rstrip(".")]


def _day_of(text: str | None) -> int:
    return int(re.sub(r"\D", "", text or ""))


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _month_span(index: int) -> tuple[date, date]:
    """First and last day of the month with a running number (12 a year)."""
    year, month = divmod(index, 12)
    return date(year, month + 1, 1), _last_day(year, month + 1)


def _latest_year(month: int, anchor: date | None) -> int | None:
    """The year that makes a month the latest one not clearly after the anchor."""
    if anchor is None:
        return None
    ahead = (month - anchor.month) % 12
    return anchor.year - 1 if month > anchor.month and ahead > 1 else anchor.year


def _year(text: str | None) -> int | None:
    if not text:
        return None
    value = int(text)
    return value if value > 100 else value + (1900 if value > 50 else 2000)


def _third(first: date, last: date, part: str) -> tuple[date, date]:
    """Early, mid or late of a month or a year."""
    low = part.lower()
    early, late = low.startswith(("early", "beginning", "start")), low.startswith(("late", "end"))
    if (last - first).days <= 31:
        if early:
            return first, first.replace(day=10)
        return (first.replace(day=21), last) if late else (first.replace(day=11), first.replace(day=20))
    months = (1, 4) if early else (9, 12) if late else (5, 8)
    return date(first.year, months[0], 1), _last_day(first.year, months[1])


# --- handlers: the groups of a match and the anchors to an interval ----------------------------------


def _r_full(g: Groups, a: Anchors) -> Interval | None:
    month, day = _month_of(g["month"]), _day_of(g["day"])
    year = _year(g.get("year")) or _year_of_day(month, day, a.published)
    if year is None:
        return UNKNOWN
    first = _safe(year, month, day)
    if first is None:
        return UNKNOWN  # no such day: the words are kept, nothing is guessed
    if g.get("day2"):
        last = _safe(year, _month_of(g["month2"]) if g.get("month2") else month, _day_of(g["day2"]))
        return (first, last, "days") if last is not None and last >= first else None
    return _day(first)


def _year_of_day(month: int, day: int, anchor: date | None) -> int | None:
    """The year of the latest such day that is not more than six weeks after the anchor."""
    if anchor is None:
        return None
    guess = _safe(anchor.year, month, day) or _safe(anchor.year, month, 28)
    return anchor.year - 1 if guess is not None and guess > anchor + timedelta(days=45) else anchor.year


def _r_iso(g: Groups, a: Anchors) -> Interval | None:
    found = _safe(int(g["y"] or 0), int(g["m"] or 0), int(g["d"] or 0))
    return _day(found) if found else UNKNOWN


def _r_nth_of_month(g: Groups, a: Anchors) -> Interval | None:
    if a.published is None:
        return UNKNOWN
    found = _safe(a.published.year, a.published.month, _day_of(g["day"]))
    return _day(found) if found else UNKNOWN


def _r_month(g: Groups, a: Anchors) -> Interval | None:
    month = _month_of(g["month"])
    year = _year(g.get("year")) or _latest_year(month, a.published)
    if year is None:
        return None, None, "month"
    if (
        (g.get("last") or "").lower() == "last"
        and a.published
        and (year, month) == (a.published.year, a.published.month)
    ):
        year -= 1
    first, last = date(year, month, 1), _last_day(year, month)
    if g.get("part"):
        return *_third(first, last, g["part"] or ""), "month"
    if a.published and g.get("year") is None and first <= a.published < last:
        last = a.published
    return first, last, "month"


def _r_months(g: Groups, a: Anchors) -> Interval | None:
    """ "Between March and May 2018"."""
    last_month = _month_of(g["month2"])
    year = _year(g.get("year")) or _latest_year(last_month, a.published)
    if year is None:
        return None, None, "month"
    first_month = _month_of(g["month"])
    start = year - 1 if first_month > last_month else year
    return date(start, first_month, 1), _last_day(year, last_month), "open"


def _r_week_of(g: Groups, a: Anchors) -> Interval | None:
    """ "The first week of May", "the last week of June 2015"."""
    month = _r_month({"month": g["month"], "year": g.get("year")}, a)
    if month is None or month[0] is None:
        return month
    n = _ORDINALS[(g["nth"] or "").lower()]
    last = _last_day(month[0].year, month[0].month)
    if n == -1:
        return last - timedelta(days=6), last, "week"
    first = month[0] + timedelta(days=7 * (n - 1))
    return first, min(first + timedelta(days=6), last), "week"


def _r_week_at(g: Groups, a: Anchors) -> Interval | None:
    day = _r_full(g, a)
    return (day[0], day[0] + timedelta(days=6), "week") if day and day[0] else day


def _r_half(g: Groups, a: Anchors) -> Interval | None:
    """Halves, thirds and quarters of a month or a year."""
    n, of = _ORDINALS[(g["nth"] or "").lower()], (g["of"] or "").lower()
    if g.get("month"):
        month = _r_month({"month": g["month"], "year": g.get("year")}, a)
        if month is None or month[0] is None or of != "half":
            return month
        first = month[0]
        return (
            (first, first.replace(day=15), "days")
            if n == 1
            else (first.replace(day=16), _last_day(first.year, first.month), "days")
        )
    year = _year(g.get("year"))
    if year is None:
        return None
    size = 6 if of == "half" else 3
    start = (n - 1) * size if n > 0 else 12 - size
    return date(year, start + 1, 1), _last_day(year, start + size), "open"


def _r_season(g: Groups, a: Anchors) -> Interval | None:
    season, which = (g["season"] or "").lower(), (g.get("which") or "").lower()
    start = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[season]
    year = _year(g.get("year"))
    if year is None:
        if a.published is None:
            return None, None, "open"
        year = a.published.year
        if date(year, start, 1) > a.published or (
            which == "last" and a.published < _month_span(year * 12 + start + 2)[1]
        ):
            year -= 1
    first, _ = _month_span(year * 12 + start - 1)
    return first, _month_span(year * 12 + start + 1)[1], "open"


def _r_year(g: Groups, a: Anchors) -> Interval | None:
    year = int(g["year"] or 0)
    first, last = date(year, 1, 1), date(year, 12, 31)
    if g.get("part"):
        return *_third(first, last, g["part"] or ""), "open"
    return first, last, "year"


def _r_years(g: Groups, a: Anchors) -> Interval | None:
    return date(int(g["year"] or 0), 1, 1), date(int(g["year2"] or 0), 12, 31), "open"


def _r_decade(g: Groups, a: Anchors) -> Interval | None:
    year = int(g["year"] or 0)
    first, last = date(year, 1, 1), date(year + 9, 12, 31)
    part = (g.get("part") or "").lower()
    if part.startswith("early"):
        last = date(year + 3, 12, 31)
    elif part.startswith("mid"):
        first, last = date(year + 3, 1, 1), date(year + 6, 12, 31)
    elif part.startswith("late"):
        first = date(year + 6, 1, 1)
    return first, last, "open"


def _r_feast(g: Groups, a: Anchors) -> Interval | None:
    month, day = {
        "new year's day": (1, 1),
        "new year's eve": (12, 31),
        "christmas day": (12, 25),
        "christmas eve": (12, 24),
        "christmas": (12, 25),
        "boxing day": (12, 26),
    }[(g["feast"] or "").lower().replace("’", "'")]
    year = _year(g.get("year")) or _year_of_day(month, day, a.published)
    found = _safe(year, month, day) if year else None
    if found and a.published and not g.get("year") and found > a.published:
        found = _safe(found.year - 1, month, day)
    return _day(found) if found else UNKNOWN


def _past_weekday(name: str | None, anchor: date) -> date:
    wanted = _DAYS[(name or "").lower().rstrip(".s") if (name or "").lower() not in _DAYS else (name or "").lower()]
    return anchor - timedelta(days=(anchor.weekday() - wanted) % 7)


def _r_weekday(g: Groups, a: Anchors) -> Interval | None:
    if a.published is None:
        return UNKNOWN
    found = _past_weekday(g["weekday"], a.published)
    which = (g.get("which") or "").lower()
    if which in {"next", "this coming", "coming", "for"}:
        return _day(found + timedelta(days=7))
    if which == "last" and found == a.published:
        found -= timedelta(days=7)
    return _day(found)


def _r_weekdays(g: Groups, a: Anchors) -> Interval | None:
    """ "From Friday to Sunday", "overnight Wednesday to Thursday", "Monday night into Tuesday"."""
    if a.published is None:
        return None, None, "days"
    last = _past_weekday(g["weekday2"], a.published)
    return _past_weekday(g["weekday"], last), last, "days"


def _r_overnight(g: Groups, a: Anchors) -> Interval | None:
    if a.published is None:
        return None, None, "days"
    last = a.published
    if g.get("weekday"):
        day = _past_weekday(g["weekday"], a.published)
        if (g.get("into") or "").lower() in {"to", "into"}:
            return day - timedelta(days=1), day, "days"
        return day, day + timedelta(days=1), "days"
    return last - timedelta(days=1), last, "days"


def _r_today(g: Groups, a: Anchors) -> Interval | None:
    if a.published is None:
        return UNKNOWN
    word = re.sub(r"\s+", " ", (g["word"] or "").lower())
    shift = {
        "the day before yesterday": -2,
        "yesterday": -1,
        "last night": -1,
        "last evening": -1,
        "tomorrow": 1,
        "the day after tomorrow": 2,
    }
    days = shift.get(word, shift.get(re.sub(rf"\s{_TIME}$", "", word), 0))
    return _day(a.published + timedelta(days=days))


def _r_in_the_day(g: Groups, a: Anchors) -> Interval | None:
    return _day(a.told) if a.told else UNKNOWN


def _r_earlier(g: Groups, a: Anchors) -> Interval | None:
    """ "A day earlier", "two days before": from the date that the text speaks of."""
    n = _number(g["n"])
    if a.told is None or n is None:
        return UNKNOWN
    sign = 1 if (g.get("dir") or "").lower() in {"later", "after"} else -1
    return _shift(a.told, sign * n, (g["unit"] or "").lower().rstrip("s"))


def _r_into(g: Groups, a: Anchors) -> Interval | None:
    """ "Two weeks into the siege": from the date on which the text lets it begin."""
    n = _number(g["n"])
    if a.spoken is None or n is None:
        return UNKNOWN
    return _shift(a.spoken, n, (g["unit"] or "").lower().rstrip("s"))


def _r_ago(g: Groups, a: Anchors) -> Interval | None:
    n = _number(g["n"])
    if a.published is None or n is None:
        return UNKNOWN
    return _shift(a.published, -n, (g["unit"] or "").lower().rstrip("s"))


def _shift(anchor: date, n: int, unit: str) -> Interval:
    """The day, or the calendar week, month or year, that lies `n` units from the anchor."""
    if unit == "day":
        return _day(anchor + timedelta(days=n))
    if unit == "hour":
        return _day(anchor + timedelta(days=round(n / 24))) if abs(n) >= 24 else _day(anchor)
    if unit == "week":
        middle = anchor + timedelta(weeks=n)
        first = middle - timedelta(days=middle.weekday())
        return first, first + timedelta(days=6), "week"
    if unit == "month":
        return *_month_span(anchor.year * 12 + anchor.month - 1 + n), "month"
    year = anchor.year + (10 * n if unit == "decade" else n)
    return date(year, 1, 1), date(year, 12, 31), "year"


def _r_span_back(g: Groups, a: Anchors) -> Interval | None:
    """ "The past 24 hours", "over the last three days"; "recent weeks" names no interval."""
    n = _number(g.get("n")) if g.get("n") else 1
    if a.published is None or n is None or g.get("recent"):
        return None, None, "days"
    unit = (g["unit"] or "").lower().rstrip("s")
    if unit in {"month", "year"}:
        index = a.published.year * 12 + a.published.month - 1 - n * (12 if unit == "year" else 1)
        first = _month_span(index)[0]
        return (
            _safe(first.year, first.month, min(a.published.day, _last_day(first.year, first.month).day)),
            a.published,
            "open",
        )
    days = {"hour": -(-n // 24), "day": n, "week": 7 * n, "decade": 3652 * n}[unit]
    return a.published - timedelta(days=max(1, days)), a.published, "days"


def _r_unit(g: Groups, a: Anchors) -> Interval | None:
    """ "Last week", "earlier this month", "late last year", "the weekend"."""
    if a.published is None:
        return None, None, "week"
    p = a.published
    which, unit = (g["which"] or "").lower(), (g["unit"] or "").lower()
    n = -1 if which in {"last", "the previous", "previous", "past"} else 1 if which == "next" else 0
    part = (g.get("part") or "").lower()
    if unit == "weekend":
        saturday = p - timedelta(days=(p.weekday() - 5) % 7)
        if which == "last" and p.weekday() >= 5:
            saturday -= timedelta(days=7)
        if which == "next":
            saturday += timedelta(days=7)
        return saturday, saturday + timedelta(days=1), "days"
    found = _shift(p, n, unit)
    if found is None or found[0] is None or found[1] is None:
        return found
    first, last, granularity = found[0], found[1], found[2]
    if part in {"early", "late", "mid"} and unit in {"month", "year"}:
        return *_third(first, last, part), granularity
    if n == 0 and part != "later":
        last = min(last, p - timedelta(days=1) if part == "earlier" and first < p else p)
    return first, last, granularity


def _r_edge(g: Groups, a: Anchors) -> Interval | None:
    """ "The start of the month", "the end of the year", "the middle of last month"."""
    if a.published is None:
        return None, None, "days"
    which = -1 if (g.get("which") or "").lower() == "last" else 0
    found = _shift(a.published, which, (g["unit"] or "").lower())
    if found is None or found[0] is None or found[1] is None:
        return found
    part = (g["part"] or "").lower()
    if (g["unit"] or "").lower() == "week":
        return found[0], found[0] + timedelta(days=1), "days"
    return *_third(
        found[0], found[1], "early" if part in {"start", "beginning"} else "late" if part == "end" else "mid"
    ), "days"


def _r_same(g: Groups, a: Anchors) -> Interval | None:
    return _day(a.told) if a.told else UNKNOWN


Rule = tuple[str, re.Pattern[str], Callable[[Groups, Anchors], Interval | None]]


def _rule(name: str, pattern: str, handler: Callable[[Groups, Anchors], Interval | None]) -> Rule:
    return name, re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE), handler


_PARTS = r"early|mid|late|the end of|end of|the beginning of|beginning of|the start of|start of"
# Expressions that stand on their own, most specific first.
_ABSOLUTE: tuple[Rule, ...] = (
    _rule("iso", r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)", _r_iso),
    _rule("week-at", rf"the\sweek\s(?:of|beginning|starting)\s(?:(?P<month>{_MONTH})\s(?P<day>{_DAY})|(?:the\s)?(?P<day_>{_DAY})\s(?:of\s)?(?P<month_>{_MONTH}))(?:,?\s(?P<year>{_YEAR}))?", lambda g, a: _r_week_at({**g, "month": g["month"] or g["month_"], "day": g["day"] or g["day_"]}, a)),
    _rule("nth-of-month", rf"the\s(?P<day>{_DAY})\sof\s(?:this|the)\smonth", _r_nth_of_month),
    _rule("day-month-range", rf"(?P<day>{_DAY})\s(?P<month>{_MONTH})(?:\s(?:to|until|till|through)\s|\s?[-–—]\s?|\sand\s(?={_DAY}\s{_MONTH}))(?P<day2>{_DAY})\s(?P<month2>{_MONTH})(?:,?\s(?P<year>{_YEAR}))?", _r_full),
    _rule("day-month", rf"(?:{_WEEKDAY}\.?,?\s(?:the\s)?)?(?P<day>{_DAY})(?:(?:\s?[-–—/]\s?|\sand\s|\sto\s|\sor\s|\sthrough\s)(?P<day2>{_DAY}))?\s(?:of\s)?(?P<month>{_MONTH})(?:,?\s(?P<year>{_YEAR}|\d\d(?=\s)))?", _r_full),
    _rule("week-of", rf"the\s(?P<nth>first|second|third|fourth|last)\sweek\s(?:of|in)\s(?P<month>{_MONTH})(?:,?\s(?P<year>{_YEAR}))?", _r_week_of),
    _rule("half", rf"the\s(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th)\s(?P<of>half|quarter)\sof\s(?:(?P<month>{_MONTH})\s?)?(?P<year>{_YEAR})?", _r_half),
    _rule("months", rf"(?:(?<=between\s)|(?<=from\s))(?P<month>{_MONTH})\s(?:and|to|until|through)\s(?P<month2>{_MONTH})(?![\d\s]{{1,3}}\b(?!\d))(?:,?\s(?P<year>{_YEAR}))?", _r_months),
    _rule("month-day", rf"(?:{_WEEKDAY}\.?,?\s)?(?P<month>{_MONTH})\s(?P<day>{_DAY})(?![\d,]\d)(?:(?:\s?[-–—]\s?|\sand\s|\sto\s|\sthrough\s)(?:(?P<month2>{_MONTH})\s)?(?P<day2>{_DAY}))?(?:,?\s(?P<year>{_YEAR}))?", _r_full),
    _rule("month-year", rf"(?:(?P<part>{_PARTS})[\s-])?(?P<month>{_MONTH})(?:,?\s(?:of\s)?(?P<year>{_YEAR}))", _r_month),
    _rule("season", rf"(?:(?P<which>last|this|the)\s)?(?P<season>{_SEASON})(?:\s(?:of\s)?(?P<year>{_YEAR})(?:[-–/]\d\d(?:\d\d)?)?)(?!\s?%)|(?P<which_>last|this)\s(?P<season_>{_SEASON})", lambda g, a: _r_season({"which": g["which"] or g["which_"], "season": g["season"] or g["season_"], "year": g["year"]}, a)),
    _rule("feast", rf"(?P<feast>new\syear[’']s\s(?:day|eve)|christmas(?:\s(?:day|eve))?|boxing\sday)(?:,?\s(?P<year>{_YEAR}))?", _r_feast),
    _rule("decade", r"(?:the\s)?(?:(?P<part>early|mid|late)[\s-])?(?P<year>(?:19|20)\d0)s", _r_decade),
    _rule("years", rf"(?:(?<=between\s)|(?<=from\s))(?P<year>{_YEAR})\s(?:and|to|until|through)\s(?P<year2>{_YEAR})", _r_years),
    _rule("n-ago", rf"(?:(?:more than|about|around|nearly|almost|over|some)\s)?(?P<n>{_COUNT})\s(?P<unit>{_UNITS})\sago", _r_ago),
    _rule("span-back", rf"(?:the\s)?(?:past|last|previous|preceding)\s(?:(?P<n>{_COUNT})\s)?(?P<unit>hours|days|weeks|months|years|decades?)|(?P<recent>recent)\s(?P<unit_>days|weeks|months|years)", lambda g, a: _r_span_back({**g, "unit": g["unit"] or g["unit_"]}, a)),
    _rule("overnight-range", rf"overnight\s(?:from\s)?(?P<weekday>{_FULL_WEEKDAY})\s(?:to|into)\s(?P<weekday2>{_FULL_WEEKDAY})", _r_weekdays),
    _rule("overnight", rf"overnight(?:\s(?P<into>into|to|on)?\s?(?P<weekday>{_FULL_WEEKDAY}))?", _r_overnight),
    _rule("weekday-range", rf"(?P<weekday>{_FULL_WEEKDAY})(?:\s{_TIME})?(?:\s?[-–—]\s?|\sto\s|\sthrough\s|\suntil\s|\sinto\s|\sor\s|\sand\s)(?:early\s)?(?P<weekday2>{_FULL_WEEKDAY})(?:\s{_TIME})?", _r_weekdays),
    _rule("weekday", rf"(?:(?P<which>last|next|this|this past|this coming|coming|past|for(?=\s))\s)?(?P<weekday>{_FULL_WEEKDAY})(?:\s{_TIME})?", _r_weekday),
    _rule("today", rf"(?P<word>the\sday\sbefore\syesterday|the\sday\safter\stomorrow|today|yesterday(?:\s{_TIME})?|tomorrow(?:\s{_TIME})?|tonight|last\snight|last\sevening|this\smorning|this\safternoon|this\sevening|earlier\stoday|later\stoday)", _r_today),
    _rule("edge", r"the\s(?P<part>start|beginning|end|middle)\sof\s(?:the|this|(?P<which>last))\s(?P<unit>week|month|year)", _r_edge),
    _rule("unit", r"(?:(?P<part>earlier|later|late|early|mid)\s)?(?P<which>last|this|next|the previous|previous|past)\s(?P<unit>week|weekend|month|year)|(?:(?<=over\s)|(?<=at\s)|(?<=during\s))the\s(?P<unit_>weekend)", lambda g, a: _r_unit({**g, "which": g["which"] or "the", "unit": g["unit"] or g["unit_"]}, a)),
    _rule("month", rf"(?:(?P<part>{_PARTS})[\s-]|(?:(?<=in\s)|(?<=since\s)|(?<=during\s)|(?<=of\s)|(?<=until\s)|(?<=by\s)|(?<=from\s))|(?P<last>last|this)\s)(?P<month>{_MONTH})", _r_month),
    _rule("year", rf"(?:(?P<part>early|mid|late|the end of|end of|the beginning of|beginning of)[\s-]|(?<=in\s)|(?<=since\s)|(?<=of\s)|(?<=during\s)|(?<=by\s)|(?<=from\s)|(?<=until\s)|(?<=the\s))(?P<year>{_YEAR})", _r_year),
)  # fmt: skip
# Expressions that count from the date that the text speaks of.
_RELATIVE: tuple[Rule, ...] = (
    _rule("n-earlier", rf"(?P<n>{_COUNT})\s(?P<unit>{_UNITS})\s(?P<dir>earlier|before|previously|later|after)", _r_earlier),
    _rule("into", rf"(?P<n>{_COUNT})\s(?P<unit>{_UNITS})\sinto\sthe\s[a-z]+", _r_into),
    _rule("in-the-day", r"(?:earlier|later)\sin\sthe\s(?:day|night|evening|morning|afternoon)|(?:earlier|later)\sthat\s(?:day|night|evening)", _r_in_the_day),
    _rule("same", r"(?:the|that)\s(?:same|very)\s(?:day|night|morning|evening|afternoon)|that\s(?:day|night|morning|evening|afternoon)", _r_same),
    _rule("day-before", r"the\s(?:day|night|evening)\s(?:before(?!\syesterday)|earlier)|the\s(?:previous|preceding)\s(?:day|night|evening)", lambda g, a: _r_earlier({"n": "one", "unit": "day", "dir": "before"}, a)),
    _rule("day-after", r"the\s(?:following|next)\s(?:day|night|morning)|the\s(?:day|morning|night)\safter(?!\s\w+ing)", lambda g, a: _r_earlier({"n": "one", "unit": "day", "dir": "after"}, a)),
)  # fmt: skip
_SINCE = re.compile(r"\bsince\s+(?:early\s|late\s|the\s)?$", re.IGNORECASE)
_ABSOLUTE_NAMES = frozenset({"iso", "month-year", "year", "decade", "years"})


def find_dates(text: str, anchors: Anchors, start: int = 0, end: int | None = None) -> list[DateExpression]:
    """All date expressions in ``text[start:end]`` (one sentence), without overlap, in order.

    Expressions that count from another date take the day named last before them in the sentence, else
    `anchors.spoken`, else publication.
    """
    stop = len(text) if end is None else end
    found: list[DateExpression] = []
    relative = [m for rule in _RELATIVE for m in _matches(rule, text, start, stop)]
    taken = [m.span() for _, m in relative]
    for rule in _ABSOLUTE:
        for name, match in _matches(rule, text, start, stop):
            if any(match.start() < y and match.end() > x for x, y in taken):
                continue
            expression = _resolve(name, rule[2], match, anchors, text)
            if expression is not None:
                taken.append((expression.start, expression.end))
                found.append(_open_ended(text, start, expression, anchors))
    handlers = {rule[0]: rule[2] for rule in _RELATIVE}
    used: list[tuple[int, int]] = []
    for name, match in sorted(relative, key=lambda x: (x[1].start(), -x[1].end())):
        if any(match.start() < y and match.end() > x for x, y in used):
            continue
        spoken = _day_before(found, match.start(), anywhere=name == "into") or anchors.spoken
        expression = _resolve(name, handlers[name], match, replace(anchors, spoken=spoken), text)
        if expression is not None:
            used.append((expression.start, expression.end))
            found.append(expression)
    return sorted(found, key=lambda d: d.start)


def _matches(rule: Rule, text: str, start: int, stop: int) -> list[tuple[str, re.Match[str]]]:
    return [(rule[0], m) for m in rule[1].finditer(text, start, stop)]


def _day_before(found: list[DateExpression], at: int, anywhere: bool) -> date | None:
    """The day named last before `at` (or anywhere in the sentence)."""
    days = [d for d in found if d.granularity == "day" and d.latest is not None and (anywhere or d.end <= at)]
    return max(days, key=lambda d: d.start).latest if days else None


def _resolve(
    name: str, handler: Callable[[Groups, Anchors], Interval | None], match: re.Match[str], anchors: Anchors, text: str
) -> DateExpression | None:
    a, b = match.span()
    if name == "month" and not text[match.start("month")].isupper():
        return None
    if name == "weekday" and (match.group("which") or "").lower() == "for":
        a += 4
    try:
        interval = handler(match.groupdict(), anchors)
    except (ValueError, OverflowError):  # beyond the calendar ("the past 999 decades")
        interval = UNKNOWN
    if interval is None:
        return None
    earliest, latest, _ = interval
    if earliest is not None and latest is not None and earliest > latest:
        interval = UNKNOWN  # "between 2019 and 2015"
    if name in _ABSOLUTE_NAMES:
        return DateExpression(a, b, *interval, None)
    told = name in {"n-earlier", "same", "day-before", "day-after", "in-the-day", "into"}
    return DateExpression(a, b, *interval, anchors.told if told else anchors.published)


def _open_ended(text: str, start: int, found: DateExpression, anchors: Anchors) -> DateExpression:
    """ "Since 15 August" runs to publication."""
    if found.earliest is None or anchors.published is None or anchors.published < found.earliest:
        return found
    if _SINCE.search(text[max(start, found.start - 12) : found.start]) is None:
        return found
    return replace(found, latest=anchors.published, granularity="open")


_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s.*)?")


def parse_date(text: str, order: str | None = None) -> date | None:
    """A publication date: ISO 8601 (time ignored), RFC 2822, or day, month name and year.

    With `order` ``dmy`` or ``mdy`` also three figures (``4/5/2017``), which mean nothing without it.
    """
    text = text.strip()
    figures = _FIGURES.fullmatch(text)
    if figures is not None:
        if order is None:
            return None
        one, two, year = (int(x) for x in figures.groups())
        return _safe(year, two, one) if order == "dmy" else _safe(year, one, two)
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)(?:$|[T\s])", text) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    if match:
        return _safe(*(int(x) for x in match.groups()))
    found = find_dates(text, Anchors(None))
    if len(found) == 1 and found[0].granularity == "day":
        return found[0].earliest
    return None
