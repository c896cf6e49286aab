"""Who the parties of a report are: known actors, short forms, acronyms, "the group", "he".

Works on the report as a whole after its events are coded: a name that stands once in full lends its
identity to its short forms. What cannot be decided keeps its words, and `why` says so.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from histor.model.annotation import Mention, Sentence
from histor.model.records import Actor
from histor.resolve.actor_index import ActorIndex, Identity, surname
from histor.resolve.actors import capital_of, country_mentions, is_country
from histor.resolve.gazetteer import name_key

_GROUP = re.compile(
    r"^(?:the|this|that|these|those)\s+(?:(?:armed|rebel|islamist|jihadist|insurgent|militant|extremist|shia|sunni|shi'ite|separatist|islamic|political)\s+)*"
    r"(?P<noun>group|movement|organi[sz]ation|militia|faction|militants|rebels|insurgents|fighters|guerrillas|jihadists|separatists|outfit|front|party|"
    r"alliance|coalition|junta|army|police|government|regime|gunmen)$",
    re.IGNORECASE,
)
_LEAGUES = frozenset({"coalition", "alliance"})
_ARMED_NOUNS = frozenset(
    "militia militants rebels insurgents fighters guerrillas jihadists separatists outfit front gunmen faction group movement".split()
)
_STATE_NOUNS = frozenset("army police government regime junta".split())
_PLURAL, _HE = frozenset({"they", "them"}), frozenset({"he", "she", "him", "her"})
# With an end to every repetition: without, a page of capitals takes time in the square of its length.
_ACRONYM = re.compile(
    r"\b((?:[A-Z][\w'’-]{0,60}\s{1,40}(?:(?:of|the|for|and|de|al)\s{1,40}){0,4}){1,30}[A-Z][\w'’-]{0,60})"
    r"\s{1,40}\(([A-Z][A-Z-]{1,9})\)"
)
_RULED = re.compile(
    r"^(?:the\s+)?(?P<who>[A-Z][\w.-]+(?:\s+[A-Z][\w.-]+){0,4}?)(?:['’]s?)?\s+"
    r"(?P<what>government|administration|authorities|army|forces|troops|soldiers|military|air\s+force|warplanes|jets|fighter\s+jets)$"
)
_LED = re.compile(
    r"(?<![\w.])[\w.]{1,40}-led(?:\s+(?!and\b|or\b)[\w-]+){0,3}?\s+(?:coalition|alliance)\b", re.IGNORECASE
)
FAR = 3  # sentences back in which a description finds its name


@dataclass
class _Named:
    """A party or name already met: where, how it is called, who it is."""

    start: int
    sentence: int
    name: str
    identity: Identity | None
    sector: str | None
    person: bool


@dataclass
class Identifier:
    """Identities of one report's parties."""

    index: ActorIndex
    text: str
    when: date | None
    sentences: Sequence[Sentence]
    mentions: Sequence[Mention]
    near: frozenset[str] = frozenset()
    _acronyms: dict[str, str] = field(default_factory=dict)
    _met: list[_Named] = field(default_factory=list)
    _full: dict[str, set[str]] = field(default_factory=dict)  # surname to the full names of the report
    _looked_up: dict[str, Identity | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = [s.start for s in self.sentences]
        self.near = frozenset(c for c, _ in country_mentions(self.text))
        for match in _ACRONYM.finditer(self.text):
            full = _spelt_out(match.group(1), match.group(2))
            if full is not None:
                self._acronyms[match.group(2)] = full
        for mention in self.mentions:
            if mention.layer != "name" or mention.kind not in {"person", "organisation", "armed_group"}:
                continue
            words = self.text[mention.start : mention.end]
            self._met.append(
                _Named(mention.start, self._sentence(mention.start), words, None, None, mention.kind == "person")
            )
            if mention.kind == "person" and " " in words:
                self._full.setdefault(name_key(surname(words)), set()).add(words)
        self._met.sort(key=lambda n: n.start)
        sure = [n.identity for n in self._identified() if n.identity is not None and not n.identity.rivals]
        self.near |= {c for i in sure if len(i.role.country) <= 2 for c in i.role.country}
        self._identified()

    def _identified(self) -> list[_Named]:
        """The names of the report looked up again with the countries that are known by now."""
        self._looked_up.clear()
        for named in self._met:
            named.identity = self._known(named.name)
            named.sector = named.identity.role.sector if named.identity else None
        return self._met

    def party(self, actor: Actor) -> tuple[Actor, str | None]:
        """The actor with id, name, country and sector where they can be told, and the reason in words."""
        name = actor.name or actor.text
        if actor.name is None or _GROUP.match(actor.text):
            return self._described(actor)
        identity = self._known(name)
        if identity is not None:
            if identity.rivals:
                others = ", ".join(r.id for r in identity.rivals[:3])
                return actor, f"actor: {name!r} may be {identity.actor.id} or {others}"
            return _as(actor, identity), f"actor: {actor.text!r} is {identity.actor.id}"
        if is_country(name) or capital_of(name):
            country = actor.country or capital_of(name)
            government = self.index.government(country) if country else None
            if government is not None:
                return _as(actor, government, keep=True), f"actor: {name!r} is its government"
        longer = self._longer_form(name)
        if longer is not None:
            return msgspec.structs.replace(actor, name=longer), f"actor: {name!r} is short for {longer!r}"
        return actor, None

    def _known(self, name: str) -> Identity | None:
        if name not in self._looked_up:
            self._looked_up[name] = self._look_up(name)
        return self._looked_up[name]

    def _look_up(self, name: str) -> Identity | None:
        full = self._acronyms.get(name.strip())
        found = None
        for form in filter(None, (full, name)):
            found = self.index.within(form, self.when, self.near)
            if found is not None and not found.rivals:
                return found
        found = found or self._rulers(name)
        if found is not None:
            return found
        if " " not in name.strip():
            longer = self._longer_form(name)
            if longer is not None:
                found = self.index.within(longer, self.when, self.near)
                if found is not None:
                    return found
            return self.index.surnamed(name, self.when, self.near)
        return None

    def _rulers(self, name: str) -> Identity | None:
        """The government or army of a country that is called by who rules it ("Assad's forces")."""
        match = _RULED.match(name)
        if match is None:
            return None
        ruler = match.group("who")
        forms = [ruler, ruler.removesuffix("s")] if ruler.endswith("s") else [ruler]
        for form in forms:
            found = self.index.surnamed(surname(form), self.when, self.near, "GOV")
            found = found or self.index.within(form, self.when, self.near)
            if found is not None and found.actor.kind == "person" and found.role.sector == "GOV":
                country = found.role.country[0] if len(found.role.country) == 1 else None
                return self.index.state(country, match.group("what").lower()) if country else None
        return None

    def _longer_form(self, name: str) -> str | None:
        """A person's or acronym's full form that stands elsewhere in the report."""
        if name in self._acronyms:
            return self._acronyms[name]
        if " " in name or not name[:1].isupper():
            return None
        forms = self._full.get(name_key(name), set())
        return next(iter(forms)) if len(forms) == 1 else None

    def _described(self, actor: Actor) -> tuple[Actor, str | None]:
        """ "The group", "they", "he": the nearest name before it that can be meant."""
        words = actor.text.lower().strip()
        at = self._sentence(actor.span[0])
        match = _GROUP.match(actor.text)
        earliest = self.sentences[max(0, at - FAR)].start if self.sentences else 0
        starts = [bisect_left(self._met, x, key=lambda n: n.start) for x in (earliest, actor.span[0])]
        before = self._met[starts[0] : starts[1]]
        if match is not None and match.group("noun").lower() in _LEAGUES:
            return self._league(actor)
        if match is not None:
            noun = match.group("noun").lower()
            fitting = [n for n in before if not n.person and _fits_noun(noun, n)]
        elif words in _HE:
            fitting = [n for n in before if n.person and at - n.sentence <= 2]
        elif words in _PLURAL:
            fitting = [
                n
                for n in before
                if not n.person and n.sector in {"REB", "UAF", "PRM", "MIL", "CRM"} and at - n.sentence <= 1
            ]
            if len({n.identity.actor.id if n.identity else n.name for n in fitting}) > 1:
                return actor, None
        else:
            return actor, None
        if not fitting:
            return actor, None
        # Of the nearest sentence that names one, the first: subjects stand before objects.
        nearest = max(n.sentence for n in fitting)
        found = next(n for n in fitting if n.sentence == nearest)
        why = f"actor: {actor.text!r} stands for {found.name!r} of sentence {found.sentence}"
        if found.identity is not None and not found.identity.rivals:
            return _as(actor, found.identity), why
        return msgspec.structs.replace(actor, name=found.name, sector=actor.sector or found.sector), why

    def _league(self, actor: Actor) -> tuple[Actor, str | None]:
        """ "The coalition": the one that is named with who leads it before, or that bears the word in its name."""
        noun = actor.text.split()[-1].lower()
        before = self.text[: actor.span[0]]
        names = [(m.start(), m.group()) for m in _LED.finditer(before) if m.group().lower().endswith(noun)]
        names += [(n.start, n.name) for n in self._met if n.start < actor.span[0] and noun in n.name.lower().split()]
        if not names:
            return actor, None
        name = max(names)[1]
        identity = self._known(name)
        why = f"actor: {actor.text!r} stands for {name!r}"
        if identity is not None and not identity.rivals:
            return _as(actor, identity), why
        return msgspec.structs.replace(actor, name=name, sector=actor.sector or "MIL"), why

    def _sentence(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)


def _fits_noun(noun: str, named: _Named) -> bool:
    """Whether a descriptive noun may stand for a name, by its sector."""
    if named.sector is None:
        return noun in {"group", "movement", "organization", "organisation", "party"}
    if noun in _ARMED_NOUNS:
        return named.sector in {"REB", "UAF", "PRM", "CRM", "PTY", "OPP"} or (
            noun in {"group", "movement"} and named.sector in {"NGO", "SOC", "GOV"}
        )
    if noun in _STATE_NOUNS:
        return named.sector in {"GOV", "MIL", "COP"}
    return named.sector not in {"MIL", "COP"}


def _spelt_out(name: str, letters: str) -> str | None:
    """The last words of `name` whose capitals are the letters of an acronym, or None."""
    words = name.split()
    wanted = letters.replace("-", "").upper()
    for first in range(len(words) - 1, -1, -1):
        part = " ".join(words[first:])
        initials = "".join(w[0] for w in re.split(r"[\s-]+", part) if w[:1].isupper())
        if initials == wanted:
            return part
    return None


def _as(actor: Actor, identity: Identity, keep: bool = False) -> Actor:
    """The record with the identity's values; a phrase such as "Taliban fighters" keeps its words."""
    role = identity.role
    country = role.country[0] if len(role.country) == 1 else actor.country if actor.country in role.country else None
    return msgspec.structs.replace(
        actor, id=identity.actor.id, name=actor.name if keep else identity.actor.name,
        country=country or (role.country[0] if role.country else actor.country), sector=role.sector,
    )  # fmt: skip


def identified(
    identifier: Identifier, actors: Sequence[Actor], recipients: Sequence[Actor]
) -> tuple[list[Actor], list[Actor], list[str]]:
    """Both sides with their parties identified, each party once and on one side, and the reasons in words."""
    why: list[str] = []
    sides: list[list[Actor]] = [[], []]
    seen: set[str] = set()
    for found, side in zip(sides, (actors, recipients), strict=True):
        for actor in side:
            party, reason = identifier.party(actor)
            if party.id is not None and party.id in seen:
                continue
            if party.id is not None:
                seen.add(party.id)
            if reason:
                why.append(reason)
            found.append(party)
    return sides[0], sides[1], why
