"""Nouns for deeds and words for a nationality, as parties: whose deed is meant, which country, or nobody."""

from __future__ import annotations

import msgspec

from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.deeds import BODILY
from histor.coding.grammar import Clause
from histor.coding.phrases import is_pronoun_phrase
from histor.model.annotation import Span
from histor.model.records import Actor
from histor.resolve.actors import country_of, demonyms


def is_deed(context: Context, clause: Clause, word: int) -> bool:
    """Whether a noun names a deed: "rebel attacks" are the rebels', not somebody."""
    nominal = clause.tokens[word].upos in {"NOUN", "PROPN"}
    patterns = context.lexicon.nouns.get(clause.lemma(word), ()) if nominal else ()
    return any(len(words) == 1 and frame.type in BODILY for words, frame in patterns)


def accused(context: Context, candidate: Candidate, spans: list[Span]) -> list[Span]:
    """Of what is condemned whose deed it is ("condemned the massacre committed by rebels"), and no "it" beside a noun."""
    clause = context.clauses[candidate.sentence]
    found: list[Span] = []
    for span in spans:
        head = clause.head_of(span) if clause.sentence.start <= span[0] < clause.sentence.end else None
        if head is None or not is_deed(context, clause, head):
            found.append(span)
            continue
        found += [clause.phrase(k) for k in _committed_by(clause, head)]
    named = [span for span in found if not is_pronoun_phrase(context.text, span)]
    return list(dict.fromkeys(named or found))


_BY = frozenset({"by"})


def _committed_by(clause: Clause, deed: int) -> list[int]:
    """Heads of whom a noun for a deed has behind "by", at once or after a participle."""
    participles = [c for c in clause.dependents(deed, "acl") if clause.is_passive(c)]
    return [k for head in (deed, *participles) for k in clause.obliques(head, _BY)]


def national(context: Context, record: Actor) -> Actor:
    """An adjective of nationality before a noun ("Russian air strikes") under the name of its country."""
    clause = context.clauses[context.sentence_of(record.span[0])]
    country = demonyms().get(record.text)
    head = clause.head_of(record.span) if country is not None else None
    if country is None or head is None or clause.relation(head) != "amod" or country.iso3 in _STATELESS:
        return record
    return msgspec.structs.replace(record, name=country.name, country=country.iso3, sector="GOV")


_STATELESS = frozenset({"PSE"})  # whose adjective speaks of a people first


def pointing(context: Context, span: Span) -> bool:
    """Whether a phrase only points ("this", "which"), or is a bare adjective that is no name."""
    clause = context.clauses[context.sentence_of(span[0])]
    words = clause.words_in(span)
    if len(words) != 1:
        return False
    token = clause.tokens[words[0]]
    if token.text.lower() in _POINTERS:
        return True
    named = any(m.start <= token.start < m.end for m in context.mentions[clause.sentence.index])
    loaded = any(a <= token.start < b for (a, b), _ in context.loaded[clause.sentence.index])
    return token.upos == "ADJ" and not named and not loaded and "-" not in token.text and country_of(token.text) is None


_POINTERS = frozenset("this that these those which what it itself whose".split())
