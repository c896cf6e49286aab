"""Event mentions that an engine reads out whole: its words, our resolution of them.

The engine points at words of the report and names codes of the codebook. Who the parties are, which days and how many
are meant, and what kind of speaker speaks is read off those words by the same functions that serve every other engine.
"""

from __future__ import annotations

from collections.abc import Sequence

from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.identify import Identifier, identified
from histor.coding.parties import same_party
from histor.coding.parts import Parts
from histor.coding.phrases import actor, place, trim, weapon
from histor.coding.roles import dated, published_date
from histor.coding.speakers import Source
from histor.coding.tolls import stated_casualties
from histor.model.annotation import EngineTelling, Span, StatedSpeaker
from histor.model.records import Actor, Date

LONGEST_REASON = 120  # characters of a quote that stand in the reason


def told_candidates(context: Context) -> list[tuple[Candidate, EngineTelling]]:
    """The engine's tellings in text order, each with the word that its trigger hangs on; links are renumbered.

    A telling whose trigger holds no word of a sentence, or the same as an earlier one's type and all, is left out.
    """
    tellings = context.annotation.tellings or ()
    order = sorted(range(len(tellings)), key=lambda k: (tellings[k].trigger, tellings[k].event_type, k))
    found: list[tuple[Candidate, EngineTelling]] = []
    places: dict[int, int] = {}
    seen: dict[tuple[Span, str], int] = {}
    for k in order:
        telling = tellings[k]
        span = trim(context.text, telling.trigger)
        key = (span, telling.event_type)
        sentence = context.sentence_of(span[0])
        head = context.clauses[sentence].head_of(span) if context.clauses else None
        if key in seen or head is None:
            places[k] = seen.get(key, -1)
            continue
        seen[key] = places[k] = len(found)
        candidate = Candidate(sentence, span, head, 1.0, telling.event_type, 1.0, None, None)
        found.append((candidate, telling))
    for k, at in places.items():
        earlier = places.get(tellings[k].retells, -1)
        if 0 <= earlier < at:
            found[at][0].retells, found[at][0].retells_score = earlier, 1.0
    return found


def told_parts(context: Context, candidate: Candidate, telling: EngineTelling, identifier: Identifier | None) -> Parts:
    """The values of one telling, each read off the words that the engine points at."""
    actors = _parties(context, telling.actors, ())
    recipients = _parties(context, telling.recipients, actors)
    who: list[str] = []
    if identifier is not None:
        actors, recipients, who = identified(identifier, actors, recipients)
    quote = " ".join(context.text[slice(*telling.quote)].split())
    quote = quote if len(quote) <= LONGEST_REASON else f"{quote[: LONGEST_REASON - 1]}…"
    why = [f"telling of {context.annotation.engine}: {telling.event_type}, “{quote}”"]
    why += [f"mode told: {telling.mode}"] if telling.mode else []
    why += [f"factuality told: {telling.factuality}"]
    where = place(context.text, telling.place) if telling.place else None
    weapons = [w for w in (weapon(context.text, span) for span in telling.weapons) if w is not None]
    return Parts(
        candidate, telling.mode, actors, recipients, _sources(context, telling.speakers), telling.factuality,
        stated_casualties(context, telling.tolls, recipients, actors), where, _date(context, telling), weapons, why, who,
        None,
    )  # fmt: skip


def _parties(context: Context, spans: Sequence[Span], others: Sequence[Actor]) -> list[Actor]:
    found: list[Actor] = []
    for span in spans:
        row = context.loaded[context.sentence_of(span[0])]
        record = actor(context.text, span, [i for i in row if i[0][0] >= span[0] and i[0][1] <= span[1]])
        if record is not None and not any(same_party(record, other) for other in (*found, *others)):
            found.append(record)
    return found


def _date(context: Context, telling: EngineTelling) -> Date | None:
    """The days that the words mean; words that mean none are kept without bounds."""
    if telling.date is None:
        return published_date(context, telling.factuality)
    a, b = telling.date
    hits = [d for d in context.dates[context.sentence_of(a)] if d.start < b and d.end > a]
    return dated(context.text, hits[0]) if hits else Date(context.text[a:b], (a, b))


def _sources(context: Context, speakers: Sequence[StatedSpeaker]) -> list[Source]:
    found = []
    for speaker in speakers:
        cue = speaker.cue or (speaker.span[0], speaker.span[0])
        found.append(Source(context.text[slice(*speaker.span)], speaker.span, context.text[slice(*cue)], cue, "report"))
    return found
