"""What date expressions mean: the groups of a match and the anchors to an interval.

Conventions where English leaves room: early, mid and late are the thirds of a month (1 to 10, 11 to
20, 21 to the end) or of a year; "three weeks ago" is the week (Monday to Sunday), month or year that
the count falls in; "overnight" is the night that ends on the day; seasons are northern.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {m.lower(): i for i, m in enumerate(calendar.month_name) if m}
_MONTHS |= {m.lower(): i for i, m in enumerate(calendar.month_abbr) if m} | {"sept": 9}
_DAYS = {d.lower(): i for i, d in enumerate(calendar.day_name)}
_DAYS |= {d.lower(): i for i, d in enumerate(calendar.day_abbr)} | {"tues": 1, "thurs": 3, "thur": 3, "weds": 2}
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = {w: i for i, w in enumerate(_WORDS)} | {"a": 1, "an": 1, "a couple of": 2, "couple of": 2}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
TIME_OF_DAY = r"(?:morning|afternoon|evening|night|dawn|noon|midnight|dusk)"

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


def safe_date(year: int, month: int, day: int) -> date | None:
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


def read_full(g: Groups, a: Anchors) -> Interval | None:
    month, day = _month_of(g["month"]), _day_of(g["day"])
    year = _year(g.get("year")) or _year_of_day(month, day, a.published)
    if year is None:
        return UNKNOWN
    first = safe_date(year, month, day)
    if first is None:
        return UNKNOWN  # no such day: the words are kept, nothing is guessed
    if g.get("day2"):
        last = safe_date(year, _month_of(g["month2"]) if g.get("month2") else month, _day_of(g["day2"]))
        return (first, last, "days") if last is not None and last >= first else None
    return _day(first)


def _year_of_day(month: int, day: int, anchor: date | None) -> int | None:
    """The year of the latest such day that is not more than six weeks after the anchor."""
    if anchor is None:
        return None
    guess = safe_date(anchor.year, month, day) or safe_date(anchor.year, month, 28)
    return anchor.year - 1 if guess is not None and guess > anchor + timedelta(days=45) else anchor.year


def read_iso(g: Groups, a: Anchors) -> Interval | None:
    found = safe_date(int(g["y"] or 0), int(g["m"] or 0), int(g["d"] or 0))
    return _day(found) if found else UNKNOWN


def read_nth_of_month(g: Groups, a: Anchors) -> Interval | None:
    if a.published is None:
        return UNKNOWN
    found = safe_date(a.published.year, a.published.month, _day_of(g["day"]))
    return _day(found) if found else UNKNOWN


def read_month(g: Groups, a: Anchors) -> Interval | None:
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


def read_month_of_year(g: Groups, a: Anchors) -> Interval | None:
    """ "In August last year", "early March this year"."""
    if a.published is None:
        return None, None, "month"
    year = a.published.year - ((g["of"] or "").lower() == "last")
    return read_month({"month": g["month"], "part": g.get("part"), "year": str(year)}, a)


def read_months(g: Groups, a: Anchors) -> Interval | None:
    """ "Between March and May 2018"."""
    last_month = _month_of(g["month2"])
    year = _year(g.get("year")) or _latest_year(last_month, a.published)
    if year is None:
        return None, None, "month"
    first_month = _month_of(g["month"])
    start = year - 1 if first_month > last_month else year
    return date(start, first_month, 1), _last_day(year, last_month), "open"


def read_week_of(g: Groups, a: Anchors) -> Interval | None:
    """ "The first week of May", "the last week of June 2015"."""
    month = read_month({"month": g["month"], "year": g.get("year")}, a)
    if month is None or month[0] is None:
        return month
    n = _ORDINALS[(g["nth"] or "").lower()]
    last = _last_day(month[0].year, month[0].month)
    if n == -1:
        return last - timedelta(days=6), last, "week"
    first = month[0] + timedelta(days=7 * (n - 1))
    return first, min(first + timedelta(days=6), last), "week"


def read_week_at(g: Groups, a: Anchors) -> Interval | None:
    day = read_full(g, a)
    return (day[0], day[0] + timedelta(days=6), "week") if day and day[0] else day


def read_half(g: Groups, a: Anchors) -> Interval | None:
    """Halves, thirds and quarters of a month or a year."""
    n, of = _ORDINALS[(g["nth"] or "").lower()], (g["of"] or "").lower()
    if g.get("month"):
        month = read_month({"month": g["month"], "year": g.get("year")}, a)
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


def read_season(g: Groups, a: Anchors) -> Interval | None:
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


def read_year(g: Groups, a: Anchors) -> Interval | None:
    year = int(g["year"] or 0)
    first, last = date(year, 1, 1), date(year, 12, 31)
    if g.get("part"):
        return *_third(first, last, g["part"] or ""), "open"
    return first, last, "year"


def read_years(g: Groups, a: Anchors) -> Interval | None:
    return date(int(g["year"] or 0), 1, 1), date(int(g["year2"] or 0), 12, 31), "open"


def read_decade(g: Groups, a: Anchors) -> Interval | None:
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


def read_feast(g: Groups, a: Anchors) -> Interval | None:
    month, day = {
        "new year's day": (1, 1),
        "new year's eve": (12, 31),
        "christmas day": (12, 25),
        "christmas eve": (12, 24),
        "christmas": (12, 25),
        "boxing day": (12, 26),
    }[(g["feast"] or "").lower().replace("’", "'")]
    year = _year(g.get("year")) or _year_of_day(month, day, a.published)
    found = safe_date(year, month, day) if year else None
    if found and a.published and not g.get("year") and found > a.published:
        found = safe_date(found.year - 1, month, day)
    return _day(found) if found else UNKNOWN


def _past_weekday(name: str | None, anchor: date) -> date:
    wanted = _DAYS[(name or "").lower().rstrip(".s") if (name or "").lower() not in _DAYS else (name or "").lower()]
    return anchor - timedelta(days=(anchor.weekday() - wanted) % 7)


def read_weekday(g: Groups, a: Anchors) -> Interval | None:
    if a.published is None:
        return UNKNOWN
    found = _past_weekday(g["weekday"], a.published)
    which = (g.get("which") or "").lower()
    if which in {"next", "this coming", "coming", "for"}:
        return _day(found + timedelta(days=7))
    if which == "last" and found == a.published:
        found -= timedelta(days=7)
    return _day(found)


def read_weekdays(g: Groups, a: Anchors) -> Interval | None:
    """ "From Friday to Sunday", "overnight Wednesday to Thursday", "Monday night into Tuesday"."""
    if a.published is None:
        return None, None, "days"
    last = _past_weekday(g["weekday2"], a.published)
    return _past_weekday(g["weekday"], last), last, "days"


def read_overnight(g: Groups, a: Anchors) -> Interval | None:
    if a.published is None:
        return None, None, "days"
    last = a.published
    if g.get("weekday"):
        day = _past_weekday(g["weekday"], a.published)
        if (g.get("into") or "").lower() in {"to", "into"}:
            return day - timedelta(days=1), day, "days"
        return day, day + timedelta(days=1), "days"
    return last - timedelta(days=1), last, "days"


def read_today(g: Groups, a: Anchors) -> Interval | None:
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
    days = shift.get(word, shift.get(re.sub(rf"\s{TIME_OF_DAY}$", "", word), 0))
    return _day(a.published + timedelta(days=days))


def read_in_the_day(g: Groups, a: Anchors) -> Interval | None:
    return _day(a.told) if a.told else UNKNOWN


def read_earlier(g: Groups, a: Anchors) -> Interval | None:
    """ "A day earlier", "two days before": from the date that the text speaks of."""
    n = _number(g["n"])
    if a.told is None or n is None:
        return UNKNOWN
    sign = 1 if (g.get("dir") or "").lower() in {"later", "after"} else -1
    return _shift(a.told, sign * n, (g["unit"] or "").lower().rstrip("s"))


def read_into(g: Groups, a: Anchors) -> Interval | None:
    """ "Two weeks into the siege": from the date on which the text lets it begin."""
    n = _number(g["n"])
    if a.spoken is None or n is None:
        return UNKNOWN
    return _shift(a.spoken, n, (g["unit"] or "").lower().rstrip("s"))


def read_ago(g: Groups, a: Anchors) -> Interval | None:
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


# How far back the words reach that give no number: a week of days, a month of weeks, a quarter of months.
_RECENT = {"day": (7, "day"), "week": (1, "month"), "month": (3, "month"), "year": (3, "year")}


def read_span_back(g: Groups, a: Anchors) -> Interval | None:
    """ "The past 24 hours", "over the last three days"; "recent weeks" and "the past few weeks" by `_RECENT`."""
    n = _number(g.get("n")) if g.get("n") else 1
    if a.published is None:
        return None, None, "days"
    unit = (g["unit"] or "").lower().rstrip("s")
    if n is None or g.get("recent"):
        if unit not in _RECENT or (g.get("n") or "").lower() in {"some", "many"}:
            return None, None, "days"
        n, unit = _RECENT[unit]
    if unit in {"month", "year"}:
        index = a.published.year * 12 + a.published.month - 1 - n * (12 if unit == "year" else 1)
        first = _month_span(index)[0]
        return (
            safe_date(first.year, first.month, min(a.published.day, _last_day(first.year, first.month).day)),
            a.published,
            "open",
        )
    days = {"hour": -(-n // 24), "day": n, "week": 7 * n, "decade": 3652 * n}[unit]
    return a.published - timedelta(days=max(1, days)), a.published, "days"


def read_unit(g: Groups, a: Anchors) -> Interval | None:
    """ "Last week", "earlier this month", "late last year", "the weekend"."""
    if a.published is None:
        return None, None, "week"
    p = a.published
    which, unit = (g["which"] or "").lower(), (g["unit"] or "").lower()
    n = -1 if which in {"last", "the previous", "previous", "past"} else 1 if which == "next" else 0
    part = (g.get("part") or "").lower()
    if which == "past" and unit != "weekend":
        return read_span_back({"unit": unit}, a)
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


def read_edge(g: Groups, a: Anchors) -> Interval | None:
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


def read_same(g: Groups, a: Anchors) -> Interval | None:
    return _day(a.told) if a.told else UNKNOWN
