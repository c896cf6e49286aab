"""Slots of MUC-4 beyond the roles, from histor's ordinary coding of the same report.

Each template is joined with the event mentions of its report that name its fillers; their dates, places, tolls,
factuality and speakers give date, location, stage, confidence in the organisation, and number and effect of the human
targets. Where none is joined the form that the task asks for by default is given (the date of the report's header as
"on or before", the country that the report names most often, accomplished, reported as fact).
"""

from __future__ import annotations

import collections
import datetime
import re
from typing import Any

from benchmarks.muc4_keys import _MONTHS as MONTHS
from histor.engines.document.candidates import normal_form
from histor.model.records import CodedReport, Date, EventMention
from histor.resolve.actors import countries, country_mentions
from histor.resolve.quantities import find_quantities

_HEADER = re.compile(r"(\d{1,2})\s+(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\s+(\d\d)\b")
_LEADING = re.compile(r"^(?:THE\s+)?(?:(?:CITY|TOWN|DEPARTMENT|PROVINCE|MUNICIPALITY)\s+OF\s+)?")
_EFFECTS = {"killed": "DEATH", "injured": "INJURY"}
_VIOLENT = frozenset({"ASSAULT", "COERCE", "THREATEN", "MOBILIZE", "PROTEST"})


def header_date(raw: str) -> datetime.date | None:
    """The date in the header of a raw MUC-4 message."""
    match = _HEADER.search(raw[:400])
    if not match:
        return None
    return datetime.date(1900 + int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))


def fill_slots(template: dict[str, Any], coded: CodedReport, published: datetime.date | None) -> None:
    """Add the further slots to a predicted template."""
    joined = _joined(template, coded)
    template["date"] = _date(joined, published)
    template["location"] = _location(joined, coded)
    template["stage"] = _stage(joined)
    template["PerpOrgConfidence"] = [[_confidence(joined, org[0]), org[0]] for org in template["PerpOrg"]]
    named = [victim[0] for victim in template["Victim"]]
    described = _described(joined, named)
    template["VictimDescription"] = [[words] for words, _, _ in described]
    template["VictimNumber"] = [["1", name] for name in named] + [[number, words] for words, number, _ in described]
    effects = [[_effect_on(template, joined, name), name] for name in named]
    effects += [[effect, words] for words, _, effect in described]
    template["VictimEffect"] = [[effect, words] for effect, words in effects if effect]


def _joined(template: dict[str, Any], coded: CodedReport) -> list[EventMention]:
    """Violent event mentions by how many of the template's fillers their sentence's spans name, best first."""
    wanted = {
        normal_form(m)
        for role in ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
        for e in template[role]
        for m in e
    }
    ranked = []
    for place, mention in enumerate(coded.event_mentions):
        if mention.event_type not in _VIOLENT:
            continue
        spans = [p.text for p in (*mention.actors, *mention.recipients)] + [w.text for w in mention.weapons]
        hits = sum(any(f" {w} " in f" {normal_form(s)} " for s in spans) for w in wanted)
        if hits:
            ranked.append((-hits, place, mention))
    return [mention for _, _, mention in sorted(ranked, key=lambda r: r[:2])]


def _date(joined: list[EventMention], published: datetime.date | None) -> str | None:
    for mention in joined:
        if mention.date and mention.date.text and mention.date.earliest and mention.date.latest:
            return _written(mention.date)
    return f"- {_day(published)}" if published else None


def _written(date: Date) -> str:
    first, last = (datetime.date.fromisoformat(d) for d in (date.earliest or "", date.latest or ""))
    return _day(first) if first == last else f"{_day(first)} - {_day(last)}"


def _day(date: datetime.date) -> str:
    return f"{date.day:02} {MONTHS[date.month - 1]} {date.year % 100:02}"


def _location(joined: list[EventMention], coded: CodedReport) -> str | None:
    """Country and place of the first joined mention that has one; else the country most spoken of."""
    names = {c.iso3: c.name.upper() for c in countries()}
    # The data set's texts are in lower case, and names of countries are looked for among capitalised words.
    counts = collections.Counter(country for country, _ in country_mentions(coded.report.text.title()))
    usual = min(counts, key=lambda c: (-counts[c], c)) if counts else None
    for mention in joined:
        if mention.place and mention.place.name:
            # A namesake abroad is not meant: San Salvador is an island of the Bahamas too.
            own = mention.place.country if mention.place.country in counts else usual
            country = names.get(own or mention.place.country or "", "")
            place = _LEADING.sub("", mention.place.name.upper())
            if country:
                return country if place == country else f"{country}: {place}"
    return names.get(usual or "")


def _stage(joined: list[EventMention]) -> str:
    if joined and all(m.factuality == "threatened" or m.event_type == "THREATEN" for m in joined):
        return "THREATENED"
    if joined and all(m.factuality in {"planned", "hypothetical"} for m in joined):
        return "ATTEMPTED"
    return "ACCOMPLISHED"


def _confidence(joined: list[EventMention], organisation: str) -> str:
    """How sure the report is of an organisation's part, from who says so."""
    name = normal_form(organisation)
    for mention in joined:
        if not any(f" {name} " in f" {normal_form(a.text)} " for a in mention.actors):
            continue
        if any(name in normal_form(a.speaker) for a in mention.attribution):
            return "CLAIMED OR ADMITTED"
        if any(a.cue and a.type == "official" for a in mention.attribution):
            return "SUSPECTED OR ACCUSED BY AUTHORITIES"
    return "REPORTED AS FACT"


def _described(joined: list[EventMention], named: list[str]) -> list[tuple[str, str, str | None]]:
    """Unnamed people in the tolls of the joined mentions: words without the number, number, effect."""
    found: dict[str, tuple[str, str, str | None]] = {}
    names = {normal_form(n) for n in named}
    for mention in joined:
        for toll in mention.casualties:
            words = _uncounted(toll.text)
            key = normal_form(words)
            if key and key not in names and toll.kind in _EFFECTS:
                number = str(toll.best) if toll.wording == "exact" and toll.best else "PLURAL"
                found.setdefault(key, (words, number, _EFFECTS[toll.kind]))
    return list(found.values())


def _uncounted(words: str) -> str:
    """ "two young peasants" → "young peasants"."""
    numbers = [q for q in find_quantities(words + " ") if q.start == 0]
    return words[numbers[0].end :].strip() if numbers else re.sub(r"^(?:the|a|an)\s+", "", words.strip())


def _effect_on(template: dict[str, Any], joined: list[EventMention], name: str) -> str | None:
    """What befell a named person: the toll of a joined mention that names them; nothing for the kidnapped."""
    for mention in joined:
        if any(normal_form(name) in normal_form(r.text) for r in mention.recipients):
            kinds = [t.kind for t in mention.casualties if t.kind in _EFFECTS]
            if kinds:
                return _EFFECTS[kinds[0]]
            if mention.mode in {"targeted", "suicide-attack"}:
                return "DEATH"
    return None if template["incident_type"] == "kidnapping" else "DEATH"
