"""Whether what a person or another program codes uses codes that exist.

The coder cannot write a code that the codebook lacks; a person's edit, sent as JSON, can. What passes here can be derived,
matched and exported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from histor.codebook.codebook import Codebook, load_codebook
from histor.model.errors import InputError
from histor.model.filters import FACTUALITIES
from histor.model.records import Acled, Actor, Casualties, Date, EventMention, Place, Ucdp

_KINDS = ("killed", "injured", "captured", "missing", "displaced")
_WORDINGS = ("exact", "at_least", "at_most", "about", "between", "vague")
_WHO = ("actors", "recipients", "civilians", "unknown")
_LETTERS = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FIELDS = {f.name: f.type for f in msgspec.structs.fields(EventMention)}


def check_codes(fields: Mapping[str, Any], codebook: Codebook | None = None) -> None:
    """Raises InputError naming the first of these fields of an event mention that holds a code nobody knows.

    `fields` holds values as JSON has them or as records, by the names that `EventMention` has for them; `codebook` is
    the shipped one unless given.
    """
    book = codebook or load_codebook()
    for name, value in fields.items():
        check = _CHECKS.get(name)
        if check is not None:
            check(book, msgspec.convert(value, _FIELDS[name], from_attributes=True))


def check_mention(mention: EventMention, codebook: Codebook | None = None) -> None:
    """The same of a whole event mention."""
    check_codes({name: getattr(mention, name) for name in _CHECKS}, codebook)


def _among(name: str, value: Any, known: Any) -> None:
    if value not in known:
        raise InputError(
            "mention.code", f"{name} {value!r} is no code of the codebook.", where=name,
            do="`histor codebook` lists those that are.",
        )  # fmt: skip


def _within(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise InputError("mention.code", f"{name} must lie between {low} and {high}, not at {value}.", where=name)


def _three_letters(name: str, value: str | None) -> None:
    if value is not None and not _LETTERS.fullmatch(value):
        raise InputError(
            "mention.code", f"{name} {value[:20]!r} is not a code of three capital letters.", where=name,
            do="Write AFG, not AF or Afghanistan; REB, not rebels.",
        )  # fmt: skip


def _type(book: Codebook, value: str) -> None:
    _among("event_type", value, book.modes)


def _mode(book: Codebook, value: str | None) -> None:
    # Of any type: type and mode are edited one after the other.
    if value is not None:
        _among("mode", value, {m for modes in book.modes.values() for m in modes})


def _contexts(book: Codebook, value: tuple[str, ...]) -> None:
    for one in value:
        _among("contexts", one, book.context_names)


def _acled(book: Codebook, value: Acled | None) -> None:
    if value is not None:
        _among("acled.sub_event_type", value.sub_event_type, book.acled)
        _among("acled.event_type", value.event_type, (book.acled[value.sub_event_type],))


def _ucdp(_: Codebook, value: Ucdp | None) -> None:
    if value is not None:
        _among("ucdp.type_of_violence", value.type_of_violence, (1, 2, 3))


def _parties(_: Codebook, value: tuple[Actor, ...]) -> None:
    for one in value:
        _three_letters("country", one.country)
        _three_letters("sector", one.sector)


def _place(_: Codebook, value: Place | None) -> None:
    if value is not None:
        _three_letters("place.country", value.country)
        _within("place.latitude", value.latitude, -90, 90)
        _within("place.longitude", value.longitude, -180, 180)
        _within("place.where_prec", value.where_prec, 1, 7)
        _within("place.geo_precision", value.geo_precision, 1, 3)


def _when(_: Codebook, value: Date | None) -> None:
    if value is None:
        return
    for end in (value.earliest, value.latest):
        if end is not None and not _is_date(end):
            raise InputError("mention.code", f"{end[:20]!r} is not a date.", where="date", do="Write 2021-08-15.")
    if value.earliest and value.latest and value.latest < value.earliest:
        raise InputError("mention.code", "the interval ends before it begins.", where="date", do="Exchange its ends.")
    _within("date.date_prec", value.date_prec, 1, 5)
    _within("date.time_precision", value.time_precision, 1, 3)


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _tolls(_: Codebook, value: tuple[Casualties, ...]) -> None:
    for one in value:
        _among("casualties.kind", one.kind, _KINDS)
        _among("casualties.wording", one.wording, _WORDINGS)
        _among("casualties.who", one.who, _WHO)
        for number in (one.low, one.best, one.high):
            _within("casualties", number, 0, 10**9)


def _factuality(_: Codebook, value: str) -> None:
    _among("factuality", value, FACTUALITIES)


_CHECKS: dict[str, Callable[[Codebook, Any], None]] = {
    "event_type": _type, "mode": _mode, "contexts": _contexts, "acled": _acled, "ucdp": _ucdp, "actors": _parties,
    "recipients": _parties, "place": _place, "date": _when, "casualties": _tolls, "factuality": _factuality,
}  # fmt: skip
