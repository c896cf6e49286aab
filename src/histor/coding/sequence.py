"""Days counted from another event: "bombed the camps on Wednesday, two days after an attack on a village"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.resolve.dates import DateExpression
from histor.resolve.quantities import parse_quantity

_COUNTED = re.compile(
    r"\b(?P<n>an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\s(?P<unit>day|night|week)s?\s"
    r"(?P<which>after|following|before)\b",
    re.IGNORECASE,
)
REACH = 60  # characters from the words to the trigger of the event that is counted from
_STOP = re.compile(r"[.;:,()]|\b(?:and|but|when|which|who)\b")


def counted_day(context: Context, candidate: Candidate) -> DateExpression | None:
    """The day of an event from which the sentence counts the day of another one, if that one is dated.

    The other event's is the last day named before the words, in their sentence or in one of the two before it.
    A count of weeks is taken to be a day too long or too short at most.
    """
    sentence = context.clauses[candidate.sentence].sentence
    for match in _COUNTED.finditer(context.text, sentence.start, candidate.span[0]):
        if candidate.span[0] - match.end() > REACH or _STOP.search(context.text, match.end(), candidate.span[0]):
            continue
        day = _last_day(context, candidate.sentence, match.start())
        quantity = parse_quantity(match["n"])
        count = quantity.best if quantity is not None else 1  # "a day after"
        if day is None or count is None:
            return None
        weeks = match["unit"].lower() == "week"
        apart = timedelta(days=count * (7 if weeks else 1))
        slack = timedelta(days=int(weeks))
        try:
            there = day + apart if match["which"].lower() == "before" else day - apart
            first, last = there - slack, there + slack
        except OverflowError:  # beyond the calendar
            return None
        return DateExpression(*match.span(), first, last, "days" if weeks else "day", day)
    return None


def _last_day(context: Context, sentence: int, before: int) -> date | None:
    for k in range(sentence, max(-1, sentence - 3), -1):
        days = [d for d in context.dates[k] if d.end <= before and d.granularity == "day" and d.earliest == d.latest]
        if days:
            return days[-1].latest
    return None
