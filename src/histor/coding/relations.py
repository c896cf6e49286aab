"""Standing relations between parties: who leads, belongs to, is allied with, fights, holds, arms or backs whom.

The words of each sentence give pairs of phrases (`ties`); here their kinds are checked, both sides are
identified as the parties of event mentions are, and each relation gets its date, speaker and factuality.
That two armed sides fight follows from their assaults on each other as well.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from histor.codebook.codebook import ARMED
from histor.coding.context import Context
from histor.coding.factuality import cue_of, hearsay_of
from histor.coding.grammar import NOMINAL, Clause
from histor.coding.identify import Identifier
from histor.coding.phrases import actor
from histor.coding.roles import dated
from histor.coding.speakers import Source, chain_of, sources_at
from histor.coding.ties import SYMMETRIC, Tie, ties_of
from histor.coding.wordlists import lists_of, words
from histor.model.annotation import Mention, Span, Token
from histor.model.records import Actor, Date, EventMention, Relation
from histor.resolve.actors import capital_of, clean_name, countries, country_of, is_country, looks_armed, sector_of
from histor.resolve.gazetteer import name_key

_SAID = frozenset({"actual", "claimed", "historical"})
_PARTY = frozenset({"organisation", "armed_group", "person", "nationality"})
_LED = ARMED | {"PTY", "OPP"}
_IDLE = frozenset({"CVL", "JRN", "MED", "JUD", "REF", "EDU", "AGR"})  # sectors that make no alliances of war
_FIGHTERS = ARMED | {"GOV", "PTY"}


@dataclass(frozen=True)
class _Side:
    """One phrase of a relation with what kind of thing it names."""

    party: Actor
    kinds: frozenset[str]
    proper: frozenset[str]
    has_name: bool

    @property
    def is_person(self) -> bool:
        name = self.party.name or ""
        return "person" in self.kinds and not is_country(name) and capital_of(name) is None

    @property
    def is_place(self) -> bool:
        return "place" in self.kinds

    @property
    def is_party(self) -> bool:
        return bool(self.kinds & _PARTY) or self.party.sector is not None

    @property
    def is_group(self) -> bool:
        return self.is_party and not self.is_person

    @property
    def is_weapon(self) -> bool:
        return "weapon" in self.kinds

    @property
    def is_known(self) -> bool:
        """Whether more than a describing phrase says that it is a party."""
        return self.party.id is not None or self.party.sector is not None or bool(self.proper & _PARTY)

    @property
    def is_idle(self) -> bool:
        return self.party.sector in _IDLE

    @property
    def fights(self) -> bool:
        """Whether it is an armed side or a body that may be one."""
        return self.party.sector in _FIGHTERS or (self.is_party and self.party.sector is None)


def relations_of(context: Context, mentions: Sequence[EventMention], identifier: Identifier | None) -> list[Relation]:
    """Relations of a report in text order, each once: the first statement, one that is said to hold if there is one."""
    finder = _Finder(context, identifier)
    found = [
        relation for clause in context.clauses if clause.sentence.kind != "stamp" for relation in finder.stated(clause)
    ]
    return _once([*found, *_from_fights(context, mentions)])


class _Finder:
    """Reads stated relations off the sentences of one report."""

    def __init__(self, context: Context, identifier: Identifier | None) -> None:
        self.context = context
        self.identifier = identifier
        self._mentions: dict[int, list[Mention]] = {}
        for mention in context.annotation.mentions:
            self._mentions.setdefault(context.sentence_of(mention.start), []).append(mention)

    def stated(self, clause: Clause) -> Iterator[Relation]:
        for tie in ties_of(clause):
            if self._one_name(clause, tie) and not (tie.type == "holds_office" and tie.object < tie.subject):
                continue
            there = self._place_below(clause, tie)
            subject = self._side(clause, tie.subject, (there, tie.word), tie.hyphen)
            if tie.type == "holds_office" or (tie.type == "equipped_by" and tie.plain):
                object_: _Side | None = self._plain(clause, tie.object, tie.subject)
            else:
                object_ = self._side(clause, there, (tie.subject, tie.word), tie.hyphen)
            if subject is None or object_ is None or _same(subject.party, object_.party, tie.hyphen):
                continue
            type_ = tie.person if tie.person and object_.is_person else tie.type
            if _fits(type_, tie, subject, object_):
                yield self._relation(clause, tie, type_, subject.party, object_.party)

    def _names(self, clause: Clause) -> list[Mention]:
        return self._mentions.get(clause.sentence.index, [])

    def _one_name(self, clause: Clause, tie: Tie) -> bool:
        """Whether both sides are parts of one name ("National Patriotic Front")."""
        word = clause.tokens[tie.word]
        pairs = [(tie.subject, tie.object)]
        if word.upos == "PROPN":
            pairs += [(tie.word, i) for i in (tie.subject, tie.object) if i != tie.word]
        for pair in pairs:
            a, b = sorted(clause.tokens[i].start for i in pair)
            if any(m.layer == "name" and m.start <= a and b < m.end for m in self._names(clause)):
                return True
        return False

    def _place_below(self, clause: Clause, tie: Tie) -> int:
        """For a place that is only described ("the bastion at Panjshir") the named place that hangs on it."""
        token = clause.tokens[tie.object]
        if tie.type != "controls" or token.upos == "PROPN":
            return tie.object
        if not any(m.kind == "place" and m.start <= token.start < m.end for m in self._names(clause)):
            return tie.object
        names = [m for m in self._names(clause) if m.kind == "place" and m.layer == "name"]
        below = clause.obliques(tie.object, frozenset({"of", "in", "at", "around"}))
        below += clause.dependents(tie.object, "compound", "appos")
        return next((k for k in below if any(m.start <= clause.tokens[k].start < m.end for m in names)), tie.object)

    def _side(self, clause: Clause, head: int, others: tuple[int, int], hyphen: bool) -> _Side | None:
        """The phrase headed by a word as a party; None if it is a pronoun that nobody is known for."""
        if clause.tokens[head].upos == "PRON" and clause.relation(head) == "nmod:poss":
            return self._owner(clause, head)
        beside = clause.named(head, {*others})
        if not any(m.kind == "place" and m.start <= clause.tokens[beside].start < m.end for m in self._names(clause)):
            head = beside  # a dateline is no name for what follows it
        token = clause.tokens[head]
        if token.upos not in NOMINAL | {"ADJ"}:
            return None
        if hyphen:
            span = clause.phrase(head) if head > others[0] else self._name_at(clause, token)
        else:
            span = self._phrase(clause, head, others)
        first = clause.word_at(span[0])
        while first is not None and first < head and clause.tokens[first].upos == "ADV":  # "even civilians"
            first += 1
            span = (clause.tokens[first].start, span[1])
        loaded = [e for e in self.context.loaded[clause.sentence.index] if e[0][0] >= span[0] and e[0][1] <= span[1]]
        record = actor(self.context.text, span, loaded)
        if record is None:
            return None
        if (
            hyphen
            and head < others[0]
            and record.country is not None
            and record.name == self.context.text[span[0] : span[1]]
        ):
            record = msgspec.structs.replace(record, name=_country_name(record.country), sector="GOV")
        if self.identifier is not None:
            record, _ = self.identifier.party(record)
        if record.name is None:
            return None
        holding = [m for m in self._names(clause) if m.start <= token.start < m.end]
        proper = frozenset(m.kind for m in holding if m.layer == "name")
        kinds = proper or frozenset(m.kind for m in holding)
        if "person" not in kinds and clause.lemma(head) in words("relations", "groups", "nouns"):
            kinds |= {"organisation", "band"}
        return _Side(record, self._kinds(kinds, token, record), proper, self._has_name(clause, span))

    def _kinds(self, kinds: frozenset[str], token: Token, record: Actor) -> frozenset[str]:
        """What a side is, after a look at the actors file and at its head's number."""
        known = self.identifier.index.actors.get(record.id or "") if self.identifier is not None else None
        if known is not None:
            kinds = kinds - {"person", "organisation"} | {"person" if known.kind == "person" else "organisation"}
        elif "person" in kinds and (token.upos == "NOUN" and "Plur" in token.feats):
            kinds = kinds - {"person"} | {"organisation"}  # "Cobra militiamen"
        return kinds

    def _has_name(self, clause: Clause, span: Span) -> bool:
        return any(m.layer == "name" and m.start < span[1] and m.end > span[0] for m in self._names(clause))

    def _owner(self, clause: Clause, head: int) -> _Side | None:
        """Whose "its" or "their" is: the group named last before it, in the sentence or first in the one before."""
        if clause.tokens[head].text.lower() not in {"its", "their"}:
            return None
        start, index = clause.tokens[head].start, clause.sentence.index
        before = [m for m in self._names(clause) if m.end <= start and _names_group(m)][-1:]
        before = before or [m for m in self._mentions.get(index - 1, []) if _names_group(m)][:1]
        for mention in before:
            where = self.context.clauses[self.context.sentence_of(mention.start)]
            words_in = where.words_in((mention.start, mention.end))
            record = actor(self.context.text, (mention.start, mention.end), [])
            if record is not None and words_in:
                if self.identifier is not None:
                    record, _ = self.identifier.party(record)
                kinds = self._kinds(frozenset({mention.kind}), where.tokens[words_in[-1]], record)
                return _Side(record, kinds, frozenset({mention.kind}), True)
        return None

    def _name_at(self, clause: Clause, token: Token) -> Span:
        """Of a name before a hyphen ("Iran-backed") the name alone."""
        name = next((m for m in self._names(clause) if m.layer == "name" and m.end == token.end), None)
        return (name.start, name.end) if name else (token.start, token.end)

    def _phrase(self, clause: Clause, head: int, others: tuple[int, int]) -> Span:
        """The words of a side without those of the other side and of the word between them."""
        span = clause.phrase(head)
        if clause.tokens[head].upos == "PROPN":  # "Turkey's PKK" is the PKK
            span = _cut(clause, span, head, tuple(k for k in clause.dependents(head, "nmod:poss") if k < head))
        for other in others:
            if other != head and span[0] <= clause.tokens[other].start < span[1]:
                span = clause.phrase(head, of=False)
                break
        return _cut(clause, span, head, others)

    def _plain(self, clause: Clause, head: int, other: int) -> _Side:
        """An office or equipment: its words, nobody's identity."""
        a, b = _cut(clause, clause.phrase(head), head, (other, other))
        if clause.tokens[head].upos == "NOUN":
            b = max(clause.phrase(k)[1] for k in clause.conjuncts(head) if k >= head)
        text = self.context.text[a:b]
        return _Side(Actor(text, (a, b), name=text, country=country_of(text)), frozenset(), frozenset(), False)

    def _relation(self, clause: Clause, tie: Tie, type_: str, subject: Actor, object_: Actor) -> Relation:
        context = self.context
        word = clause.tokens[tie.word]
        spans = [subject.span, object_.span, (word.start, word.end)]
        sources = sources_at(context, (word.start, word.end)) or _accusers(clause, tie.word, context.text)
        if tie.type == "holds_office" and not clause.dependents(tie.word, "cop"):
            sources = []  # a title is the outlet's own word
        return Relation(
            type_, subject, object_, (min(a for a, _ in spans), max(b for _, b in spans)),
            tuple(chain_of(context, sources, [subject, object_])),
            self._date(clause, tie), _factuality(clause, tie, sources), (tie.why,),
        )  # fmt: skip

    def _date(self, clause: Clause, tie: Tie) -> Date | None:
        """A date that hangs on the word that states the relation, or on a word above it up to its verb."""
        chain = {tie.word}
        for up in clause.ancestors(tie.word):
            if clause.tokens[tie.word].upos in {"VERB", "AUX"}:
                break
            chain.add(up)
            if clause.tokens[up].upos in {"VERB", "AUX"}:
                break
        for d in self.context.dates[clause.sentence.index]:
            if any(clause.tokens[w].head in chain for w in clause.words_in((d.start, d.end))):
                return dated(self.context.text, d)
        return None


def _cut(clause: Clause, span: Span, head: int, others: tuple[int, ...]) -> Span:
    """The part of a span on the head's side of each other word that stands inside it."""
    a, b = span
    for other in others:
        token = clause.tokens[other]
        if other == head or not a <= token.start < b:
            continue
        if other < head:
            below = clause.subtree(other) if clause.relation(other) == "nmod:poss" else [other]
            after = 1 + max(k for k in below if k < head)
            while after < head and clause.tokens[after].upos in {"PART", "PUNCT", "ADP", "DET"}:
                after += 1
            a = clause.tokens[after].start
        else:
            before = other - 1
            while before > head and clause.tokens[before].upos in {"PART", "PUNCT", "ADP", "DET"}:
                before -= 1
            b = clause.tokens[before].end
    return a, b


def _accusers(clause: Clause, i: int, text: str) -> list[Source]:
    """ "Accuses the neighbour of arming the rebels": who says so."""
    head = clause.tokens[i].head
    if head < 0 or clause.relation(i) not in {"advcl", "obl", "acl"} or clause.tokens[head].upos != "VERB":
        return []
    marks = {clause.lemma(c) for c in clause.dependents(i, "mark", "case")}
    if not marks & {"of", "for"} or "claim" not in lists_of(clause, head, "attribution", "verbs"):
        return []
    cue = (clause.tokens[head].start, clause.tokens[head].end)
    spans = [clause.phrase(s) for s in clause.logical_subjects(head)]
    return [Source(text[a:b], (a, b), text[cue[0] : cue[1]], cue, "claim") for a, b in spans]


def _country_name(code: str) -> str:
    """The country that an adjective before a hyphen stands for ("Saudi-led")."""
    return next(c.name for c in countries() if c.iso3 == code)


def _names_group(mention: Mention) -> bool:
    return mention.layer == "name" and mention.kind in {"organisation", "armed_group"}


def _factuality(clause: Clause, tie: Tie, sources: Sequence[Source]) -> str:
    """What is asserted may be planned or denied; a title or a name ("the rebels' leader") only presupposes."""
    asserted = clause.tokens[tie.word].upos in {"VERB", "AUX"} or bool(clause.dependents(tie.word, "cop"))
    cue = cue_of(clause, tie.word) if asserted and not tie.hyphen else None
    if cue is not None:
        return cue[0]
    if asserted and any(clause.lemma(c) == "to" for c in clause.dependents(tie.word, "mark")):
        return "planned"  # "joined hands to take on the army": what it is for
    if any(s.kind == "deny" for s in sources):
        return "denied"
    if tie.past:
        return "historical"
    return "claimed" if sources or hearsay_of(clause, tie.word) else "actual"


# --- what fits -----------------------------------------------------------------------------------------


def _fits(type_: str, tie: Tie, subject: _Side, object_: _Side) -> bool:
    """Whether the two sides are such as can stand in the relation."""
    if type_ == "led_by":
        if tie.named:
            led = subject.party.sector in _LED or (subject.party.sector is None and "band" in subject.kinds)
            return subject.is_group and led and object_.is_person
        return subject.is_group and not subject.is_place and (object_.is_person or (tie.hyphen and object_.is_party))
    if type_ == "member_of":
        if (object_.party.id or "").endswith(".government"):
            return False
        known = object_.party.id is not None or "organisation" in object_.proper or object_.has_name
        return known and object_.is_group and not object_.is_place and subject.is_party
    if type_ == "controls":
        if tie.named and not object_.has_name:
            return False
        return object_.is_place and subject.is_party and (not subject.is_place or subject.party.sector == "GOV")
    if type_ == "holds_office":
        return subject.is_person or (subject.party.id is None and bool(subject.proper & {"person", "organisation"}))
    if type_ == "equipped_by":
        return subject.is_group and (tie.plain or object_.is_party) and not object_.is_weapon
    if type_ == "fights":
        return subject.fights and object_.fights
    if type_ == "supports" and (subject.is_weapon or (object_.is_place and object_.party.sector is None)):
        return False
    if type_ == "supports" and not (subject.is_known and object_.is_known):
        return False
    idle = object_.is_idle or (subject.is_idle and type_ != "supports")
    return subject.is_party and object_.is_party and not idle


def _same(a: Actor, b: Actor, nested: bool = False) -> bool:
    """Whether both are one party; phrases that overlap are, but for a name inside a compound (`nested`)."""
    if not nested and a.span[0] < b.span[1] and b.span[0] < a.span[1]:
        return True
    return (a.id is not None and a.id == b.id) or (a.name or a.text).lower() == (b.name or b.text).lower()


# --- fights from event mentions ------------------------------------------------------------------------


def _from_fights(context: Context, mentions: Iterable[EventMention]) -> Iterator[Relation]:
    """Two armed sides of an assault fight each other; one of them must be known or named.

    Parties that fight count as armed. Sides that stand in another sentence, and things ("a police post"), are left out.
    """
    for mention in mentions:
        if mention.event_type != "ASSAULT" or mention.factuality not in _SAID:
            continue
        pairs: Iterable[tuple[Actor, Actor]] = itertools.product(mention.actors, mention.recipients)
        clash = mention.acled is not None and mention.acled.sub_event_type == "Armed clash"
        if not mention.recipients and clash:  # "battles between A and B": both are actors
            pairs = itertools.pairwise(mention.actors)
        for a, b in pairs:
            if _one_phrase(context.text, a, b):
                continue
            here = all(context.sentence_of(x.span[0]) == mention.sentence for x in (a, b))
            if not here or not (_is_force(a) and _is_force(b)) or _same(a, b):
                continue
            if _is_land(b) and not _is_land(a):  # "clashes in Syria with troops": a place, tagged as a side
                continue
            if not any(x.id or (x.name or "")[:1].isupper() for x in (a, b)):
                continue
            spans = [a.span, b.span, mention.trigger.span]
            date = mention.date if mention.date is not None and mention.date.text is not None else None
            why = f"relation fights: both sides of “{mention.trigger.text}” are armed"
            yield Relation(
                "fights", a, b, (min(x for x, _ in spans), max(y for _, y in spans)), mention.attribution, date,
                mention.factuality, (why,),
            )  # fmt: skip


def _is_land(party: Actor) -> bool:
    """Whether the words are a country's or a capital's bare name."""
    name = clean_name(party.text)
    return is_country(name) or capital_of(name) is not None


_JOINED = re.compile(r"[\s\[\]()'’s]*(?:of\s+(?:the\s+)?)?$")


def _one_phrase(text: str, a: Actor, b: Actor) -> bool:
    """Whether two parties are halves of one phrase ("militants of the Front", "Front commander")."""
    first, second = sorted((a.span, b.span))
    return first[1] <= second[0] and bool(_JOINED.fullmatch(text[first[1] : second[0]]))


def _is_force(party: Actor) -> bool:
    """Whether it is an armed side: known as one, or called by a noun for one."""
    if party.name is None or party.sector not in _FIGHTERS:
        return False
    return party.id is not None or looks_armed(party.name) or sector_of(party.name.rsplit(" ", 1)[-1]) in _FIGHTERS


def _once(found: Iterable[Relation]) -> list[Relation]:
    """Each relation once, in text order; of several statements the first that says that it holds."""
    kept: dict[tuple[str, ...], Relation] = {}
    for relation in sorted(found, key=lambda r: (r.factuality not in _SAID, r.span, r.type)):
        sides = [_key(relation.subject), _key(relation.object)]
        if relation.type in SYMMETRIC:
            sides.sort()
        kept.setdefault((relation.type, *sides), relation)
    return sorted(kept.values(), key=lambda r: (r.span, r.type, r.subject.span, r.object.span))


def _key(party: Actor) -> str:
    return party.id or name_key(party.name or party.text)
