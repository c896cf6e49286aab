"""Event coding by parse and dictionary, the way of the coders before this one, as a yardstick.

The method is that of UniversalPetrarch (Universal Dependencies in, CAMEO or PLOVER codes out; github.com/openeventdata):
find a verb of the dictionary, with the words that its pattern asks for beside it; its subject is the source, its object, or
else a prepositional phrase, the target, the other way round in the passive; look both phrases up in dictionaries of actors and
agents; keep the event if both are found. This is our own small program, no copy of theirs, and its dictionaries are ours: verb
patterns and light verbs are the words of our lexicon, actors and agents those of our actors file and sector words. So the
figures say what the *method* reaches with the words that histor has, not what their dictionaries would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from histor.coding.grammar import Clause
from histor.coding.lexicon import Frame, Lexicon, load_lexicon
from histor.coding.retellings import Telling
from histor.engines.protocol import Engine
from histor.model.annotation import Annotation, Span
from histor.model.canonical import digest
from histor.model.records import Actor, CodedReport, EventMention, Report, Trigger
from histor.resolve.actor_index import ActorIndex, shipped_index
from histor.resolve.actors import capital_of, clean_name, country_of, is_country, sector_of

_TARGETS = ("against", "on", "to", "with", "at", "in", "of", "from", "for")


@dataclass(frozen=True)
class Found:
    """A verb of the dictionary with its source and target phrases, as heads in the sentence."""

    head: int
    words: tuple[int, ...]
    frame: Frame
    source: int | None
    target: int | None


class DictionaryCoder:
    """Codes reports by verb patterns over the parses of `engine`; `dyads` keeps events with both parties only."""

    def __init__(self, engine: Engine, *, dyads: bool, lexicon: Lexicon | None = None) -> None:
        self._engine, self._dyads = engine, dyads
        self._lexicon = lexicon or load_lexicon()
        self._actors: ActorIndex = shipped_index()

    def tell(self, text: str, title: str | None = None) -> list[Telling]:
        """Event mentions in text order, each with its clause."""
        return self._tellings(text, self._engine.annotate(text, title))

    def code(self, report: Report) -> CodedReport:
        """The same as a coded report."""
        return CodedReport(report, tuple(t.mention for t in self.tell(report.text, report.title)), ())

    def _tellings(self, text: str, annotation: Annotation) -> list[Telling]:
        found = []
        for sentence in annotation.sentences:
            if sentence.kind in {"stamp", "dateline"}:
                continue
            clause = Clause(sentence)
            for event in self._events(clause):
                sides = [self._party(text, clause, event.source), self._party(text, clause, event.target)]
                if all(sides) or (not self._dyads and any(sides)):
                    found.append(Telling(_mention(text, clause, event, sides), clause, event.head, {}, False))
        return found

    def _events(self, clause: Clause) -> Iterator[Found]:
        for i, token in enumerate(clause.tokens):
            if token.upos != "VERB":
                continue
            match = self._verb(clause, i) or self._light(clause, i)
            if match is not None:
                frame, words = match
                subject, target = _arguments(clause, i, words)
                yield Found(i, words, frame, subject, target)

    def _verb(self, clause: Clause, i: int) -> tuple[Frame, tuple[int, ...]] | None:
        """The longest pattern of the verb whose other words all stand below it."""
        for pattern, frame in self._lexicon.verbs.get(clause.lemma(i), ()):
            words = [i]
            for word in pattern[1:]:
                fits = {word} if isinstance(word, str) else word
                words += [c for c in clause.children[i] if clause.lemma(c) in fits and c not in words][:1]
            if len(words) == len(pattern):
                return frame, tuple(sorted(words))
        return None

    def _light(self, clause: Clause, i: int) -> tuple[Frame, tuple[int, ...]] | None:
        """A light verb with a noun of the dictionary as its object ("launched an attack")."""
        if clause.lemma(i) not in self._lexicon.light:
            return None
        for noun in clause.dependents(i, "obj"):
            for pattern, frame in self._lexicon.nouns.get(clause.lemma(noun), ()):
                if len(pattern) == 1:
                    return frame, tuple(sorted((i, noun)))
        return None

    def _party(self, text: str, clause: Clause, head: int | None) -> Actor | None:
        """The phrase as an actor, if the dictionaries of actors and agents know a word of it."""
        if head is None:
            return None
        a, b = clause.phrase(head)
        words = text[a:b]
        known = self._actors.within(words, None)
        country = country_of(words) or (capital_of(words) if capital_of(words) else None)
        sector = known.role.sector if known else sector_of(words) or ("GOV" if is_country(words) else None)
        if known is None and sector is None and country is None:
            return None
        return Actor(words, (a, b), known.actor.id if known else None, clean_name(words), country, sector)


def _arguments(clause: Clause, i: int, words: tuple[int, ...]) -> tuple[int | None, int | None]:
    """Source and target of the verb: subject and object, agent and subject in the passive, a joined verb's shared subject."""
    passive = bool(clause.dependents(i, "nsubj:pass", "aux:pass"))
    subjects = clause.dependents(i, "nsubj:pass") if passive else clause.dependents(i, "nsubj")
    if not subjects and clause.relation(i) == "conj":
        subjects = clause.dependents(clause.tokens[i].head, "nsubj")
    governors = [i, *(w for w in words if w != i)]
    oblique = [k for g in governors for name in _TARGETS for k in clause.obliques(g, frozenset({name}))]
    if passive:
        agents = [*clause.dependents(i, "obl:agent"), *clause.obliques(i, frozenset({"by"}))]
        return next(iter(agents), None), next(iter(subjects), None)
    objects = [k for k in clause.dependents(i, "obj", "iobj") if k not in words]
    return next(iter(subjects), None), next(iter([*objects, *oblique]), None)


def _mention(text: str, clause: Clause, event: Found, sides: list[Actor | None]) -> EventMention:
    tokens = clause.tokens
    span: Span = (tokens[event.head].start, tokens[event.head].end)
    actors, recipients = (tuple(p for p in (side,) if p is not None) for side in sides)
    return EventMention(
        id=digest("event_mention", [text[span[0] : span[1]], list(span), event.frame.id]), retells=None,
        sentence=clause.sentence.index, trigger=Trigger(text[slice(*span)], span), event_type=event.frame.type,
        mode=event.frame.mode, contexts=(), acled=None, ucdp=None, actors=actors, recipients=recipients, place=None,
        date=None, casualties=(), weapons=(), attribution=(), factuality="actual", loaded_terms=(), confidence=0.5,
        coder="dictionary", why=(f"frame {event.frame.id}",),
    )  # fmt: skip
