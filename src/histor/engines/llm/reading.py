"""A model's answer against the report: what stands there word for word becomes a telling, the rest is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from histor.engines.llm.quotes import find_quote
from histor.engines.llm.schema import TOLLS, Answered, Counted, Spoken
from histor.model.annotation import EngineTelling, Sentence, Span, StatedSpeaker, StatedToll

LONGEST_TRIGGER = 8  # words
FACTUALITIES = frozenset("actual claimed denied planned threatened hypothetical forecast opinion historical".split())


@dataclass(frozen=True)
class Part:
    """The sentences of a report that one request is about, and those sent before them as context."""

    text: str
    sentences: Sequence[Sentence]
    before: Sequence[Sentence]

    @property
    def own(self) -> Span:
        return self.sentences[0].start, self.sentences[-1].end

    @property
    def seen(self) -> Span:
        return (self.before[0].start if self.before else self.own[0]), self.own[1]


@dataclass
class _Quotes:
    """Looks quotes up near a trigger, and counts those that stand nowhere."""

    part: Part
    near: int
    missed: int = 0

    def one(self, quote: str | None) -> Span | None:
        if quote is None:
            return None
        found = find_quote(self.part.text, quote, self.part.seen, self.near)
        self.missed += found is None
        return found

    def all(self, quotes: Iterable[str]) -> tuple[Span, ...]:
        found = [self.one(quote) for quote in quotes]
        return tuple(dict.fromkeys(span for span in found if span is not None))

    def tolls(self, stated: Iterable[Counted]) -> tuple[StatedToll, ...]:
        found = [(toll.kind, self.one(toll.quote)) for toll in stated if toll.kind in TOLLS]
        return tuple(dict.fromkeys(StatedToll(kind, span) for kind, span in found if span is not None))

    def speakers(self, spoken: Iterable[Spoken]) -> tuple[StatedSpeaker, ...]:
        found = [(self.one(s.quote), self.one(s.cue)) for s in spoken]
        return tuple(dict.fromkeys(StatedSpeaker(span, cue) for span, cue in found if span is not None))


@dataclass
class _Read:
    """What was read so far: the tellings, and for each answered mention which of them it became."""

    tellings: list[EngineTelling] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    unquoted: int = 0
    malformed: int = 0


def read_part(
    part: Part, answered: Sequence[Answered | None], modes: Mapping[str, Sequence[str]]
) -> tuple[list[EngineTelling], int, int]:
    """Tellings, how many values were dropped for want of a quote, and how many mentions for their form.

    `modes` are the codebook's, by event type. A mention whose own quote or trigger the report does not hold goes with
    all its values.
    """
    read = _Read()
    for mention in answered:
        telling = None
        if mention is None or not _well_formed(mention, modes):
            read.malformed += 1
        else:
            telling = _telling(part, mention, modes, read)
        read.places.append(len(read.tellings) if telling is not None else -1)
        if telling is not None:
            read.tellings.append(telling)
    return read.tellings, read.unquoted, read.malformed


def _well_formed(mention: Answered, modes: Mapping[str, Sequence[str]]) -> bool:
    known = mention.event_type in modes and mention.factuality.code in FACTUALITIES
    return known and 0 < len(mention.trigger.split()) <= LONGEST_TRIGGER


def _telling(part: Part, mention: Answered, modes: Mapping[str, Sequence[str]], read: _Read) -> EngineTelling | None:
    near = next((s.start for s in part.sentences if s.index == mention.sentence), part.own[0])
    quote = find_quote(part.text, mention.quote, part.own, near)
    trigger = find_quote(part.text, mention.trigger, quote, quote[0]) if quote else None
    if quote is None or trigger is None:
        read.unquoted += _values(mention)
        return None
    quotes = _Quotes(part, trigger[0])
    mode = mention.mode
    if mode is not None and (mode.code not in modes[mention.event_type] or quotes.one(mode.quote or "") is None):
        mode = None
    speakers = quotes.speakers(mention.speakers)
    earlier = mention.retells
    telling = EngineTelling(
        quote=quote,
        trigger=trigger,
        event_type=mention.event_type,
        mode=mode.code if mode else None,
        factuality=_factuality(mention, quotes, bool(speakers)),
        actors=quotes.all(mention.actors),
        recipients=quotes.all(mention.recipients),
        place=quotes.one(mention.place),
        date=quotes.one(mention.date),
        tolls=quotes.tolls(mention.tolls),
        weapons=quotes.all(mention.weapons),
        speakers=speakers,
        retells=read.places[earlier] if earlier is not None and 0 <= earlier < len(read.places) else -1,
    )
    read.unquoted += quotes.missed
    return telling


def _factuality(mention: Answered, quotes: _Quotes, spoken: bool) -> str:
    """The code if a word shows it; else somebody's claim where somebody speaks, and the outlet's where nobody does."""
    code = mention.factuality.code
    if code == "actual" or quotes.one(mention.factuality.quote or "") is not None:
        return code
    return "claimed" if spoken else "actual"


def _values(mention: Answered) -> int:
    """How many values a mention holds, its type and trigger included."""
    parties = len(mention.actors) + len(mention.recipients)
    single = (mention.mode, mention.place, mention.date)
    lists = len(mention.tolls) + len(mention.weapons) + len(mention.speakers)
    return 2 + parties + lists + sum(value is not None for value in single)
