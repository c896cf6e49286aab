"""The records that leave histor, field by field as the output contract has them.

`None` means *not stated*; zero is written as 0. Spans are half-open ranges of code points of the
report's stored text, and the text at a span equals the `text` beside it.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from histor.model.annotation import Span

IMPORTED = "import/"
"""How the `coder` of an event mention begins that is a row of somebody's table; the scheme and that coder's name follow."""


class Report(Struct, frozen=True):
    """One published text of one outlet; owns its text and the offsets into it.

    `published` is an ISO date. `external_id` is the id that the input gave the report.
    """

    id: str
    source: str | None
    published: str | None
    title: str | None
    language: str | None
    text: str
    url: str | UnsetType = UNSET
    external_id: str | UnsetType = UNSET


class Trigger(Struct, frozen=True):
    """The word or words that name the event."""

    text: str
    span: Span


class Actor(Struct, frozen=True):
    """An actor or recipient: its words, and who that is where the actors file knows it.

    `country` is ISO 3166-1 alpha-3, `sector` a PLOVER sector.
    """

    text: str
    span: Span
    id: str | None = None
    name: str | None = None
    country: str | None = None
    sector: str | None = None


class Place(Struct, frozen=True):
    """Where the event was; `where_prec` is UCDP's 1 to 7, `geo_precision` ACLED's 1 to 3.

    Coordinates are WGS 84 degrees; `coordinate_source` says whose they are.
    """

    text: str
    span: Span
    name: str | None = None
    geonames_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    where_prec: int | None = None
    geo_precision: int | None = None
    coordinate_source: str | None = None


class Date(Struct, frozen=True, omit_defaults=True):
    """When the event was, as an interval of ISO dates, both ends within it.

    `date_prec` is UCDP's 1 to 5, `time_precision` ACLED's 1 to 3. `source` is ``published`` when
    nothing in the text dates the event and the publication date stands in; `text` and `span` are
    then absent. `anchor` is the date that a relative expression was counted from.
    """

    text: str | None = None
    span: Span | None = None
    earliest: str | None = None
    latest: str | None = None
    date_prec: int | None = None
    time_precision: int | None = None
    anchor: str | None = None
    source: str | None = None


class Casualties(Struct, frozen=True):
    """One stated number of people killed, injured, captured, missing or displaced.

    `wording` is exact, at_least, at_most, about, between or vague. `best` is None where the words
    name no number. `who` is actors, recipients, civilians or unknown. `scope` is ``hit`` where the
    words count all who were hit, whether or not they lived ("six people were shot"), ``part`` where
    they count some of a number that another entry states ("two of them"), ``plus`` where the words add them
    to the entry before ("two women and a boy"), else absent.
    """

    kind: str
    low: int | None
    best: int | None
    high: int | None
    wording: str
    who: str
    text: str
    span: Span
    scope: str | UnsetType = UNSET


class Weapon(Struct, frozen=True):
    """A weapon or means named for the event."""

    text: str
    span: Span


class Attribution(Struct, frozen=True):
    """One link of the chain of speakers; the first is the original speaker. `span` is the speaker's.

    `type` is party, official, witness, medical, ngo, un, expert, anonymous or media.
    """

    speaker: str
    type: str
    cue: str | None = None
    span: Span | None = None


class LoadedTerm(Struct, frozen=True):
    """An outlet's own loaded word; stance, never data."""

    text: str
    span: Span


class Acled(Struct, frozen=True):
    """ACLED's event and sub-event type by crosswalk."""

    event_type: str
    sub_event_type: str


class Ucdp(Struct, frozen=True):
    """UCDP's type of violence: 1 state-based, 2 non-state, 3 one-sided."""

    type_of_violence: int


class EventMention(Struct, frozen=True):
    """One telling of an event in one report; what claims hang on."""

    id: str
    retells: str | None
    sentence: int
    trigger: Trigger
    event_type: str
    mode: str | None
    contexts: tuple[str, ...]
    acled: Acled | None
    ucdp: Ucdp | None
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    place: Place | None
    date: Date | None
    casualties: tuple[Casualties, ...]
    weapons: tuple[Weapon, ...]
    attribution: tuple[Attribution, ...]
    factuality: str
    loaded_terms: tuple[LoadedTerm, ...]
    confidence: float
    coder: str
    why: tuple[str, ...]


class Relation(Struct, frozen=True):
    """A standing relation between two actors that a report states.

    `type` is led_by, member_of, allied_with, fights, controls, equipped_by, supports or holds_office. The
    object of ``controls`` is a place, that of ``holds_office`` an office, that of ``equipped_by`` the giver or,
    where none is named, the equipment. `span` covers both sides and the words that state the relation;
    `date` is given where the text states one.
    """

    type: str
    subject: Actor
    object: Actor
    span: Span
    attribution: tuple[Attribution, ...] = ()
    date: Date | None = None
    factuality: str = "actual"
    why: tuple[str, ...] = ()


class CodedReport(Struct, frozen=True):
    """A report with its event mentions and relations: one line of `histor code`."""

    report: Report
    event_mentions: tuple[EventMention, ...]
    relations: tuple[Relation, ...]


class Claim(Struct, frozen=True):
    """One value of one property of one event mention, on somebody's word, kept for ever.

    `value` holds JSON types only and is typed by `property`; `text` and `span` are the words that
    carry it (None where the value comes from the whole mention).
    """

    id: str
    report_id: str
    event_mention_id: str
    property: str
    value: Any
    text: str | None
    span: Span | None
    attribution: tuple[Attribution, ...]
    factuality: str
    confidence: float
    coder: str
    rule: str
