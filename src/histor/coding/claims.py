"""Claims: each value of each property of each event mention, on somebody's word.

A mention is a telling as a whole; claims are what estimates, reviews and disputes are about. They follow
from the mention alone, so that anyone can derive them anew and compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from histor.coding.calibration import UNCALIBRATED
from histor.model.annotation import Span
from histor.model.canonical import digest
from histor.model.errors import CoderError
from histor.model.ledger import Ruling
from histor.model.records import Claim, CodedReport, EventMention, Relation, Report

PROPERTIES = (
    "event_type", "actor", "recipient", "place", "date", "killed", "injured", "captured", "displaced", "missing",
    "weapon", "territory", "relation",
)  # fmt: skip
"""What a claim may be about."""

_WORDS = ("text", "span")
_TYPE, _TOLLS = ("event_type",), ("killed", "injured", "captured", "displaced", "missing")
_FIELDS = {
    "event_type": _TYPE, "mode": _TYPE, "contexts": _TYPE, "acled": _TYPE, "ucdp": _TYPE, "actors": ("actor",),
    "recipients": ("recipient",), "place": ("place",), "date": ("date",), "casualties": _TOLLS, "weapons": ("weapon",),
}  # fmt: skip
"""The properties that each field of an event mention gives claims of."""


class _Said(NamedTuple):
    """A value with its words, before it is known whose claim it is."""

    property: str
    value: Any
    text: str | None
    span: Span | None
    rule: str


def claims_of(coded: CodedReport, coder: str | None = None) -> list[Claim]:
    """The claims of a coded report: those of its mentions in their order, then those of its relations.

    `coder` stamps the relations, which have none of their own; without it that of the first mention does.
    Raises CoderError if the report's text at a span differs from the words beside it.
    """
    claims = [c for mention in coded.event_mentions for c in mention_claims(coded.report.id, mention)]
    stamp = coder or next((m.coder for m in coded.event_mentions), "")
    claims += relation_claims(coded.report, coded.relations, stamp)
    for claim in claims:
        check_words(coded.report, claim)
    return claims


def mention_claims(report_id: str, mention: EventMention) -> list[Claim]:
    """The claims of one event mention; equal ones are one."""
    return _once(
        Claim(
            id=claim_id(report_id, mention.id, said.property, said.value, said.span, mention.coder),
            report_id=report_id,
            event_mention_id=mention.id,
            property=said.property,
            value=said.value,
            text=said.text,
            span=said.span,
            attribution=mention.attribution,
            factuality=mention.factuality,
            confidence=mention.confidence,
            coder=mention.coder,
            rule=said.rule,
        )
        for said in _said(mention)
    )


def ruled_claims(ruling: Ruling, coders: Mapping[str, str]) -> list[Claim]:
    """The claims of an event mention as people's decisions leave it.

    What a person set is that person's claim, by the decision; the rest stays its coder's, with its id. `coders`
    names the coder of each decision.
    """
    return [_ruled(claim, ruling, coders) for claim in mention_claims(ruling.report_id, ruling.mention)]


def _ruled(claim: Claim, ruling: Ruling, coders: Mapping[str, str]) -> Claim:
    edits = [ruling.edited[n] for n, about in _FIELDS.items() if claim.property in about and n in ruling.edited]
    if not edits:
        return claim
    coder, rule = coders[edits[-1]], f"decision {edits[-1]}"
    name = claim_id(claim.report_id, claim.event_mention_id, claim.property, claim.value, claim.span, coder)
    return msgspec.structs.replace(claim, id=name, coder=coder, rule=rule, confidence=1.0)


def relation_claims(report: Report, relations: Iterable[Relation], coder: str) -> list[Claim]:
    """Claims of the relations that a report states; they hang on no event mention (its id is ``""``)."""
    return _once(
        Claim(
            id=claim_id(report.id, "", "relation", value, relation.span, coder),
            report_id=report.id,
            event_mention_id="",
            property="relation",
            value=value,
            text=report.text[relation.span[0] : relation.span[1]],
            span=relation.span,
            attribution=relation.attribution,
            factuality=relation.factuality,
            confidence=UNCALIBRATED,
            coder=coder,
            rule=next(iter(relation.why), f"relation {relation.type}"),
        )
        for relation, value in ((r, _relation(r)) for r in relations)
    )


def claim_id(report_id: str, mention_id: str, property: str, value: Any, span: Span | None, coder: str) -> str:
    """The identifier of a claim: its report, event mention, property, value, span and coder version."""
    return digest("claim", [report_id, mention_id, property, value, list(span) if span else None, coder])


def check_words(report: Report, claim: Claim) -> None:
    """Raises CoderError unless the claim's words stand in the report at its span."""
    if claim.span is None and claim.text is None:
        return
    a, b = claim.span or (0, 0)
    if not 0 <= a <= b <= len(report.text) or report.text[a:b] != claim.text:
        raise CoderError(
            "claim.words", f"the words of the {claim.property} are not what stands at {a} to {b}.",
            where=f"report {report.id[:12]}", do="Please report it with the text.",
        )  # fmt: skip


def _once(claims: Iterable[Claim]) -> list[Claim]:
    return list({claim.id: claim for claim in claims}.values())


# --- what a mention says -------------------------------------------------------------------------


def _said(mention: EventMention) -> Iterator[_Said]:
    """The values of a mention in the order of `PROPERTIES`."""
    yield from _types(mention)
    for name, side in (("actor", mention.actors), ("recipient", mention.recipients)):
        for party in side:
            yield _Said(name, _plain(party), party.text, party.span, _reason(mention, f"actor: {party.text!r}"))
    if mention.place is not None:
        place = mention.place
        yield _Said("place", _plain(place), place.text, place.span, _reason(mention, "place: "))
    if mention.date is not None:
        when = mention.date
        rule = "date: of publication" if when.source == "published" else "date: as stated"
        yield _Said("date", _plain(when), when.text, when.span, rule)
    order = {kind: k for k, kind in enumerate(PROPERTIES)}
    for toll in sorted(mention.casualties, key=lambda c: order.get(c.kind, len(order))):
        value = {name: item for name, item in _plain(toll).items() if name != "kind"}
        yield _Said(toll.kind, value, toll.text, toll.span, f"toll: {toll.wording}")
    for weapon in mention.weapons:
        yield _Said("weapon", {"name": weapon.text}, weapon.text, weapon.span, "weapon: as named")


def _types(mention: EventMention) -> Iterator[_Said]:
    """What kind of event it is, in each scheme that has a word for it."""
    text, span = mention.trigger.text, mention.trigger.span
    plover = {
        "scheme": "plover", "code": mention.event_type, "mode": mention.mode, "contexts": list(mention.contexts),
    }  # fmt: skip
    yield _Said("event_type", plover, text, span, _reason(mention, "type head", "frame ", "telling of "))
    if mention.acled is not None:
        acled = {"scheme": "acled", "code": mention.acled.sub_event_type, "group": mention.acled.event_type}
        yield _Said("event_type", acled, text, span, _reason(mention, "sub-event head", "crosswalk"))
    if mention.ucdp is not None:
        ucdp = {"scheme": "ucdp", "code": mention.ucdp.type_of_violence}
        yield _Said("event_type", ucdp, text, span, "ucdp: type of violence by the sectors of the sides")


def _plain(record: msgspec.Struct) -> dict[str, Any]:
    """A record as JSON types, less the words that carry it."""
    fields: dict[str, Any] = msgspec.to_builtins(record)
    return {name: value for name, value in fields.items() if name not in _WORDS}


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "type": relation.type,
        "subject": msgspec.to_builtins(relation.subject),
        "object": msgspec.to_builtins(relation.object),
    } | ({"date": msgspec.to_builtins(relation.date)} if relation.date is not None else {})


def _reason(mention: EventMention, *beginnings: str) -> str:
    """The first of the mention's reasons that begins so; else what the value is taken from."""
    found = next((reason for reason in mention.why if reason.startswith(beginnings)), None)
    return found or "as stated"
