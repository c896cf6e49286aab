"""Dates of press English as intervals, counted from an anchor.

Weekdays are past ones unless the words say otherwise. "A day earlier" counts from the date that the
sentence, or else the text before it, speaks of; "yesterday" from publication. Nothing is resolved
without an anchor that it needs, outside the calendar, or to an end before its beginning: such an
expression keeps its words and no dates. What each expression means stands in `date_handlers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from histor.resolve import date_handlers as handlers
from histor.resolve.date_handlers import Anchors, Interval

__all__ = ["Anchors", "DateExpression", "find_dates", "parse_date"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
    r"(?:(?<=[a-z]{3})\.|(?<=sept)\.)?"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_FULL_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|a few|few|a couple of|couple of|some|many)"
_YEAR = r"(?:19|20)\d\d"
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


Handler = Callable[[handlers.Groups, Anchors], Interval | None]
Rule = tuple[str, re.Pattern[str], Handler, frozenset[str]]
"""A name, a pattern, what reads its matches, and what must be in a text for it to match: see `_FORMS`."""


def _rule(name: str, needs: str, pattern: str, handler: Handler) -> Rule:
    return name, re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE), handler, frozenset(needs.split())


# One of the words of each need of a rule stands in any text that the rule matches.
_FORMS = {
    "month": re.compile(_MONTH.partition("(?:(?<=")[0]),
    "weekday": re.compile(f"{_FULL_WEEKDAY}s?"),
    "season": re.compile(_SEASON),
    "unit": re.compile(rf"{_UNITS}|weekend"),
    "part": re.compile("day|night|evening|morning|afternoon"),
    "half": re.compile("half|quarter"),
    "feast": re.compile("year|christmas|boxing"),
    "ago": re.compile("ago"),
    "overnight": re.compile("overnight"),
    "into": re.compile("into"),
    "today": re.compile("yesterday|today|tomorrow|tonight|last|this"),
}
_LETTERS, _DIGIT = re.compile(r"[^\W\d_]+"), re.compile(r"\d")


@lru_cache(maxsize=20_000)
def _needs_met_by(word: str) -> frozenset[str]:
    return frozenset(need for need, forms in _FORMS.items() if forms.fullmatch(word))


def _needs_met(text: str, start: int, stop: int) -> set[str]:
    """The needs of rules that ``text[start:stop]`` meets."""
    words = set(_LETTERS.findall(text[start:stop].casefold()))
    met = {"digit"} if _DIGIT.search(text, start, stop) else set()
    return met.union(*map(_needs_met_by, words))


_PARTS = r"early|mid|late|the end of|end of|the beginning of|beginning of|the start of|start of"
# Expressions that stand on their own, most specific first.
_ABSOLUTE: tuple[Rule, ...] = (
    _rule("iso", "digit", r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)", handlers.read_iso),
    _rule("week-at", "month", rf"the\sweek\s(?:of|beginning|starting)\s(?:(?P<month>{_MONTH})\s(?P<day>{_DAY})|(?:the\s)?(?P<day_>{_DAY})\s(?:of\s)?(?P<month_>{_MONTH}))(?:,?\s(?P<year>{_YEAR}))?", lambda g, a: handlers.read_week_at({**g, "month": g["month"] or g["month_"], "day": g["day"] or g["day_"]}, a)),
    _rule("nth-of-month", "digit", rf"the\s(?P<day>{_DAY})\sof\s(?:this|the)\smonth", handlers.read_nth_of_month),
    _rule("day-month-range", "month digit", rf"(?P<day>{_DAY})\s(?P<month>{_MONTH})(?:\s(?:to|until|till|through)\s|\s?[-–—]\s?|\sand\s(?={_DAY}\s{_MONTH}))(?P<day2>{_DAY})\s(?P<month2>{_MONTH})(?:,?\s(?P<year>{_YEAR}))?", handlers.read_full),
    _rule("day-month", "month digit", rf"(?:{_WEEKDAY}\.?,?\s(?:the\s)?)?(?P<day>{_DAY})(?:(?:\s?[-–—/]\s?|\sand\s|\sto\s|\sor\s|\sthrough\s)(?P<day2>{_DAY}))?\s(?:of\s)?(?P<month>{_MONTH})(?:,?\s(?P<year>{_YEAR}|\d\d(?=\s)))?", handlers.read_full),
    _rule("week-of", "month", rf"the\s(?P<nth>first|second|third|fourth|last)\sweek\s(?:of|in)\s(?P<month>{_MONTH})(?:,?\s(?P<year>{_YEAR}))?", handlers.read_week_of),
    _rule("half", "half", rf"the\s(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th)\s(?P<of>half|quarter)\sof\s(?:(?P<month>{_MONTH})\s?)?(?P<year>{_YEAR})?", handlers.read_half),
    _rule("months", "month", rf"(?:(?<=between\s)|(?<=from\s))(?P<month>{_MONTH})\s(?:and|to|until|through)\s(?P<month2>{_MONTH})(?![\d\s]{{1,3}}\b(?!\d))(?:,?\s(?P<year>{_YEAR}))?", handlers.read_months),
    _rule("month-day", "month digit", rf"(?:{_WEEKDAY}\.?,?\s)?(?P<month>{_MONTH})\s(?P<day>{_DAY})(?![\d,]\d)(?:(?:\s?[-–—]\s?|\sand\s|\sto\s|\sthrough\s)(?:(?P<month2>{_MONTH})\s)?(?P<day2>{_DAY}))?(?:,?\s(?P<year>{_YEAR}))?", handlers.read_full),
    _rule("month-year", "month digit", rf"(?:(?P<part>{_PARTS})[\s-])?(?P<month>{_MONTH})(?:,?\s(?:of\s)?(?P<year>{_YEAR}))", handlers.read_month),
    _rule("month-of-year", "month unit", rf"(?:(?P<part>{_PARTS})[\s-])?(?P<month>{_MONTH})\s(?:of\s)?(?P<of>last|this)\syear", handlers.read_month_of_year),
    _rule("season", "season", rf"(?:(?P<which>last|this|the)\s)?(?P<season>{_SEASON})(?:\s(?:of\s)?(?P<year>{_YEAR})(?:[-–/]\d\d(?:\d\d)?)?)(?!\s?%)|(?P<which_>last|this)\s(?P<season_>{_SEASON})", lambda g, a: handlers.read_season({"which": g["which"] or g["which_"], "season": g["season"] or g["season_"], "year": g["year"]}, a)),
    _rule("feast", "feast", rf"(?P<feast>new\syear[’']s\s(?:day|eve)|christmas(?:\s(?:day|eve))?|boxing\sday)(?:,?\s(?P<year>{_YEAR}))?", handlers.read_feast),
    _rule("decade", "digit", r"(?:the\s)?(?:(?P<part>early|mid|late)[\s-])?(?P<year>(?:19|20)\d0)s", handlers.read_decade),
    _rule("years", "digit", rf"(?:(?<=between\s)|(?<=from\s))(?P<year>{_YEAR})\s(?:and|to|until|through)\s(?P<year2>{_YEAR})", handlers.read_years),
    _rule("n-ago", "unit ago", rf"(?:(?:more than|about|around|nearly|almost|over|some)\s)?(?P<n>{_COUNT})\s(?P<unit>{_UNITS})\sago", handlers.read_ago),
    _rule("span-back", "unit", rf"(?:the\s)?(?:past|last|previous|preceding)\s(?:(?P<n>{_COUNT})\s)?(?P<unit>hours|days|weeks|months|years|decades?)|(?P<recent>recent)\s(?P<unit_>days|weeks|months|years)", lambda g, a: handlers.read_span_back({**g, "unit": g["unit"] or g["unit_"]}, a)),
    _rule("overnight-range", "overnight weekday", rf"overnight\s(?:from\s)?(?P<weekday>{_FULL_WEEKDAY})\s(?:to|into)\s(?P<weekday2>{_FULL_WEEKDAY})", handlers.read_weekdays),
    _rule("overnight", "overnight", rf"overnight(?:\s(?P<into>into|to|on)?\s?(?P<weekday>{_FULL_WEEKDAY}))?", handlers.read_overnight),
    _rule("weekday-range", "weekday", rf"(?P<weekday>{_FULL_WEEKDAY})(?:\s{handlers.TIME_OF_DAY})?(?:\s?[-–—]\s?|\sto\s|\sthrough\s|\suntil\s|\sinto\s|\sor\s|\sand\s)(?:early\s)?(?P<weekday2>{_FULL_WEEKDAY})(?:\s{handlers.TIME_OF_DAY})?", handlers.read_weekdays),
    _rule("weekday", "weekday", rf"(?:(?P<which>last|next|this|this past|this coming|coming|past|for(?=\s))\s)?(?P<weekday>{_FULL_WEEKDAY})(?:\s{handlers.TIME_OF_DAY})?", handlers.read_weekday),
    _rule("weekday-of", "weekday", rf"(?<!on\s)(?P<weekday>{_FULL_WEEKDAY})(?=s\s(?!and\b|or\b)[a-z])s", handlers.read_weekday),
    _rule("today", "today", rf"(?P<word>the\sday\sbefore\syesterday|the\sday\safter\stomorrow|today|yesterday(?:\s{handlers.TIME_OF_DAY})?|tomorrow(?:\s{handlers.TIME_OF_DAY})?|tonight|last\snight|last\sevening|this\smorning|this\safternoon|this\sevening|earlier\stoday|later\stoday)", handlers.read_today),
    _rule("edge", "unit", r"the\s(?P<part>start|beginning|end|middle)\sof\s(?:the|this|(?P<which>last))\s(?P<unit>week|month|year)", handlers.read_edge),
    _rule("unit", "unit", r"(?:(?P<part>earlier|later|late|early|mid)\s)?(?P<which>last|this|next|the previous|previous|past)\s(?P<unit>week|weekend|month|year)|(?:(?<=over\s)|(?<=at\s)|(?<=during\s))the\s(?P<unit_>weekend)", lambda g, a: handlers.read_unit({**g, "which": g["which"] or "the", "unit": g["unit"] or g["unit_"]}, a)),
    _rule("month", "month", rf"(?:(?P<part>{_PARTS})[\s-]|(?:(?<=in\s)|(?<=since\s)|(?<=during\s)|(?<=of\s)|(?<=until\s)|(?<=by\s)|(?<=from\s))|(?P<last>last|this)\s)(?P<month>{_MONTH})", handlers.read_month),
    _rule("year", "digit", rf"(?:(?P<part>early|mid|late|the end of|end of|the beginning of|beginning of)[\s-]|(?<=in\s)|(?<=since\s)|(?<=of\s)|(?<=during\s)|(?<=by\s)|(?<=from\s)|(?<=until\s)|(?<=the\s))(?P<year>{_YEAR})", handlers.read_year),
)  # fmt: skip
# Expressions that count from the date that the text speaks of.
_RELATIVE: tuple[Rule, ...] = (
    _rule("n-earlier", "unit", rf"(?P<n>{_COUNT})\s(?P<unit>{_UNITS})\s(?P<dir>earlier|previously|later|(?:before|after)(?!\s(?:the|an?|its?|his|her|their|they|it|he|she|(?-i:[A-Z])\w*)\b))", handlers.read_earlier),
    _rule("into", "unit into", rf"(?P<n>{_COUNT})\s(?P<unit>{_UNITS})\sinto\sthe\s[a-z]+", handlers.read_into),
    _rule("in-the-day", "part", r"(?:earlier|later)\sin\sthe\s(?:day|night|evening|morning|afternoon)|(?:earlier|later)\sthat\s(?:day|night|evening)", handlers.read_in_the_day),
    _rule("same", "part", r"(?:the|that)\s(?:same|very)\s(?:day|night|morning|evening|afternoon)|that\s(?:day|night|morning|evening|afternoon)", handlers.read_same),
    _rule("day-before", "part", r"the\s(?:day|night|evening)\s(?:before(?!\syesterday)|earlier)|the\s(?:previous|preceding)\s(?:day|night|evening)", lambda g, a: handlers.read_earlier({"n": "one", "unit": "day", "dir": "before"}, a)),
    _rule("day-after", "part", r"the\s(?:following|next)\s(?:day|night|morning)|the\s(?:day|morning|night)\safter(?!\s\w+ing)", lambda g, a: handlers.read_earlier({"n": "one", "unit": "day", "dir": "after"}, a)),
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
    met = _needs_met(text, start, stop)
    relative = [m for rule in _RELATIVE if rule[3] <= met for m in _matches(rule, text, start, stop)]
    taken = [m.span() for _, m in relative]
    for rule in (rule for rule in _ABSOLUTE if rule[3] <= met):
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


def _resolve(name: str, handler: Handler, match: re.Match[str], anchors: Anchors, text: str) -> DateExpression | None:
    a, b = match.span()
    if name in {"month", "month-of-year"} and not text[match.start("month")].isupper():
        return None
    if name == "weekday" and (match.group("which") or "").lower() == "for":
        a += 4
    try:
        interval = handler(match.groupdict(), anchors)
    except (ValueError, OverflowError):  # beyond the calendar ("the past 999 decades")
        interval = handlers.UNKNOWN
    if interval is None:
        return None
    earliest, latest, _ = interval
    if earliest is not None and latest is not None and earliest > latest:
        interval = handlers.UNKNOWN  # "between 2019 and 2015"
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
        return handlers.safe_date(year, two, one) if order == "dmy" else handlers.safe_date(year, one, two)
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)(?:$|[T\s])", text) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    if match:
        return handlers.safe_date(*(int(x) for x in match.groups()))
    found = find_dates(text, Anchors(None))
    if len(found) == 1 and found[0].granularity == "day":
        return found[0].earliest
    return None
