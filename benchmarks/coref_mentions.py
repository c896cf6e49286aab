"""Gold event mentions as `benchmarks coref` compares them: their words, participants, documents, vectors.

Everything is read from the shipped engine's parse. Words are weighed in two ways: by the rarity that
`histor.matching` ships, and by inverse document frequency over the documents at hand (no labels), which
takes the weight from what a whole set is about.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import Document, Gold, Read
from histor.matching.telling import families
from histor.matching.words import STOP, rarity, stem, stems
from histor.model.annotation import Sentence, Token

Floats = NDArray[np.float64]
Weight = Callable[[str], float]

AROUND = 1  # sentences to each side whose words count as near
_WHOLE_OF = frozenset({"gunfire", "attack", "blast", "clash"})
_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "NUM", "ADJ"})
_PARTY = frozenset({"NOUN", "PROPN", "NUM", "ADJ"})
_INSIDE = frozenset({"flat", "compound", "appos", "nummod", "amod"})  # relations within a party's own phrase
_BORROWS = frozenset({"conj", "xcomp", "advcl", "acl"})  # relations whose verb may leave its subject to its governor
_NUMBERS = frozenset("one two three four five six seven eight nine ten eleven twelve".split())


@dataclass(frozen=True, eq=False)
class Item:
    """A gold mention with what it is compared by; sets hold stems.

    `number` is 1 where its participants are several, -1 where they are one, 0 where that is not said.
    `vector` is the mean of the engine's vectors of its words.
    """

    gold: Gold
    topic: str
    lemma: str
    head: tuple[str, ...]
    tag: str
    noun: bool
    plural: bool
    kind: str | None
    sentence: frozenset[str]
    near: frozenset[str]
    names: frozenset[str]
    near_names: frozenset[str]
    subjects: frozenset[str]
    patients: frozenset[str]
    others: frozenset[str]
    counts: frozenset[str]
    number: int
    vector: Floats

    @property
    def parties(self) -> frozenset[str]:
        return self.subjects | self.patients | self.others


@dataclass(frozen=True, eq=False)
class Words:
    """A document's words: counts of content words and of names, and all stems."""

    content: Counter[str]
    names: Counter[str]
    stems: frozenset[str]


def words_of(found: Mapping[str, Read]) -> dict[str, Words]:
    """Words by document id."""
    return {name: _words(one) for name, one in found.items()}


def _words(one: Read) -> Words:
    tokens = [t for s in one.annotation.sentences for t in s.tokens]
    content = Counter(stem(t.text) for t in tokens if _content(t))
    names = Counter(stem(t.text) for t in tokens if _name(t))
    return Words(content, names, frozenset(stems(one.coded.report.text)))


def _content(token: Token) -> bool:
    return token.upos in _CONTENT and token.text.lower() not in STOP


def _name(token: Token) -> bool:
    return token.upos == "PROPN" or (token.upos == "NUM" and token.text.isdigit())


def items_of(
    documents: Sequence[Document],
    gold: Sequence[Gold],
    found: Mapping[str, Read],
    vectors: Mapping[str, Sequence[NDArray[np.float32]]],
) -> list[Item]:
    """The gold mentions in the order given; `vectors` holds ``[word, hidden]`` by document and sentence."""
    topics = {d.id: d.topic for d in documents}
    return [
        _item(g, topics[g.doc], found[g.doc].annotation.sentences, vectors[g.doc][g.sentence][list(g.words)])
        for g in gold
    ]


def _item(gold: Gold, topic: str, sentences: Sequence[Sentence], vectors: NDArray[np.float32]) -> Item:
    tokens = sentences[gold.sentence].tokens
    own = [tokens[k] for k in gold.words]
    head = tuple(stem(t.text) for t in own)
    around = sentences[max(0, gold.sentence - AROUND) : gold.sentence + AROUND + 1]
    subjects, patients, others = _parties(tokens, gold.words)
    said = [tokens[k] for k in subjects | patients | others]
    stated = [tokens[k].feats for k in subjects | patients if tokens[k].relation.startswith(("nsubj", "obj"))]
    counts = frozenset(t.text.lower() for t in said if t.text.lower() in _NUMBERS or t.text.isdigit())
    several = bool(counts - {"1", "one"}) or any("Plur" in f for f in stated)

    def party(places: Iterable[int]) -> frozenset[str]:
        return frozenset(stem(tokens[k].text) for k in places if tokens[k].upos in _PARTY)

    return Item(
        gold=gold,
        topic=topic,
        lemma=" ".join(t.lemma.lower() for t in own),
        head=head,
        tag=own[0].upos,
        noun=own[-1].upos == "NOUN",
        plural=own[-1].upos == "NOUN" and own[-1].text.lower().endswith("s"),
        kind=_kind(head, own[0].upos),
        sentence=frozenset(stem(t.text) for t in tokens if _content(t)) - frozenset(head),
        near=frozenset(stem(t.text) for s in around for t in s.tokens if _content(t)),
        names=frozenset(stem(t.text) for t in tokens if _name(t)),
        near_names=frozenset(stem(t.text) for s in around for t in s.tokens if _name(t)),
        subjects=party(subjects),
        patients=party(patients),
        others=party(others),
        counts=counts,
        number=1 if several else -1 if stated else 0,
        vector=vectors.mean(0).astype(np.float64),
    )


def _kind(head: Sequence[str], tag: str) -> str | None:
    kinds = sorted({families()[h] for h in head if h in families()})
    if kinds and kinds[0] == "hit" and tag != "VERB" and "shot" in head:
        return "gunfire"  # "a shot" is fired, "he was shot" is hit
    return kinds[0] if kinds else None


def governor(tokens: Sequence[Token], words: Sequence[int]) -> int:
    """The place of the word of a mention that governs the rest of it."""
    return next((k for k in words if tokens[k].head not in words), words[0])


def _parties(tokens: Sequence[Token], words: Sequence[int]) -> tuple[set[int], set[int], set[int]]:
    """Places of the words of a mention's subjects, of its objects (passive subjects too), of what else hangs on it."""
    top = tokens[governor(tokens, words)]
    below = [k for k, t in enumerate(tokens) if t.head in words and k not in words]
    lent = top.relation.split(":")[0] in _BORROWS and top.head >= 0
    if lent and not any(tokens[k].relation.startswith("nsubj") for k in below):
        around = [k for k, t in enumerate(tokens) if t.head == top.head and k not in words]
        below += [k for k in around if tokens[k].relation.startswith("nsubj")]
    phrases: dict[str, set[int]] = {"nsubj": set(), "obj": set(), "nmod": set()}
    for k in below:
        full = tokens[k].relation
        relation = "obj" if full == "nsubj:pass" else full.split(":")[0]
        if relation in phrases:
            inner = {j for j, t in enumerate(tokens) if t.head == k and t.relation.split(":")[0] in _INSIDE}
            phrases[relation] |= {k} | inner
    if top.relation.startswith("acl") and top.head >= 0:
        phrases["obj"].add(top.head)  # "a man shot in the leg"
    return phrases["nsubj"], phrases["obj"], phrases["nmod"]


def frequency(words: Mapping[str, Words]) -> Weight:
    """Inverse document frequency (natural logarithm, not under 0) over the documents at hand."""
    counts = Counter(w for one in words.values() for w in one.content.keys() | one.names.keys())
    return lambda word: max(0.0, math.log((1 + len(words)) / (0.5 + counts.get(word, 0))))


def cosines(bags: Sequence[Mapping[str, float]], weight: Weight) -> Floats:
    """Cosine of each two bags, ``[bag, bag]``; an entry is a word's value times its weight."""
    column: dict[str, int] = {}
    for bag in bags:
        for word in sorted(bag):
            column.setdefault(word, len(column))
    table = np.zeros((len(bags), len(column)))
    for row, bag in enumerate(bags):
        for word, value in bag.items():
            table[row, column[word]] = value * weight(word)
    rows = unit(table)
    return np.asarray(rows @ rows.T)


def unit(table: Floats) -> Floats:
    """Rows of length 1; a row of zeros stays."""
    norm = np.linalg.norm(table, axis=1, keepdims=True)
    return np.asarray(table / np.where(norm == 0, 1.0, norm))


def likeness(names: Sequence[str], words: Mapping[str, Words], weight: Weight, which: str = "content") -> Floats:
    """Cosine of documents by damped counts, ``[document, document]``, 1 of each with itself."""
    counted = [getattr(words[name], which) for name in names]
    found = cosines([{w: 1 + math.log(n) for w, n in counts.items()} for counts in counted], weight)
    np.fill_diagonal(found, 1.0)
    return found


def values(items: Sequence[Item], words: Mapping[str, Words], centre: Floats) -> dict[str, Floats]:
    """Named values of each two mentions of one topic, ``[mention, mention]`` each.

    `words` holds the documents of the whole set and `centre` the mean vector of its mentions.
    """
    names = sorted({i.gold.doc for i in items})
    here = {name: words[name] for name in names}
    wide, narrow = frequency(words), frequency(here)
    place = {name: k for k, name in enumerate(names)}
    doc = np.array([place[i.gold.doc] for i in items])
    at = np.ix_(doc, doc)
    shipped = cosines([dict.fromkeys(here[name].stems, 1.0) for name in names], lambda w: rarity(w) ** 2)
    np.fill_diagonal(shipped, 1.0)

    def bags(which: str, weight: Weight) -> Floats:
        return cosines([dict.fromkeys(getattr(i, which), 1.0) for i in items], weight)

    def none(which: str) -> Floats:
        empty = np.array([not getattr(i, which) for i in items])
        return np.asarray((empty[:, None] | empty[None]).astype(float))

    same = doc[:, None] == doc[None]
    sentence = np.array([i.gold.sentence for i in items])
    apart = np.abs(sentence[:, None] - sentence[None])
    vectors = np.array([i.vector for i in items])
    return {
        "same": same.astype(float),
        "apart": np.where(same, np.minimum(10, apart) / 10, 0.0),
        "one sentence": (same & (apart == 0)).astype(float),
        "documents": shipped[at],
        "documents in set": likeness(names, here, wide)[at],
        "documents in topic": likeness(names, here, narrow)[at],
        "documents' names": likeness(names, here, narrow, "names")[at],
        "sentence": bags("sentence", rarity),
        "near": bags("near", narrow),
        "near in set": bags("near", wide),
        "names": bags("names", narrow),
        "near names": bags("near_names", narrow),
        "parties": bags("parties", rarity),
        "subjects": bags("subjects", rarity),
        "patients": bags("patients", rarity),
        "others": bags("others", rarity),
        "stems": bags("head", lambda w: 1 + rarity(w)),
        "no names": none("names"),
        "no parties": none("parties"),
        "no patients": none("patients"),
        "vectors": _centred(vectors, centre),
        "vectors in topic": _centred(vectors, vectors.mean(0)),
        **_agreements(items),
    }


def _centred(vectors: Floats, centre: Floats) -> Floats:
    rows: Floats = unit(vectors - centre)
    return np.asarray(rows @ rows.T)


def _agreements(items: Sequence[Item]) -> dict[str, Floats]:
    """Values that are 0 or 1: words and kinds that are one, numbers that meet or do not."""
    number = np.array([i.number for i in items])
    noun, plural = np.array([i.noun for i in items]), np.array([i.plural for i in items])
    whole = np.array([i.kind == "whole" for i in items])
    of_whole = np.array([i.kind in _WHOLE_OF for i in items])
    known = np.array([i.kind is not None for i in items])
    counted = np.array([bool(i.counts) for i in items])
    one_count = np.array([[bool(a.counts & b.counts) for b in items] for a in items])
    both, kinds = known[:, None] & known[None], _equal([i.kind or "" for i in items])
    found = {
        "lemma": _equal([i.lemma for i in items]) | _equal([" ".join(i.head) for i in items]),
        "tag": _equal([i.tag for i in items]),
        "kind": kinds & both,
        "kinds": ~kinds & both,
        "whole": (whole[:, None] & of_whole[None]) | (of_whole[:, None] & whole[None]),
        "plural and singular": (plural[:, None] != plural[None]) & noun[:, None] & noun[None],
        "several and one": number[:, None] * number[None] < 0,
        "as many": number[:, None] * number[None] > 0,
        "one count": one_count,
        "two counts": counted[:, None] & counted[None] & ~one_count,
    }
    return {name: value.astype(float) for name, value in found.items()}


def _equal(values: Sequence[str]) -> NDArray[np.bool_]:
    number = {value: k for k, value in enumerate(dict.fromkeys(values))}
    keys = np.array([number[v] for v in values])
    return np.asarray(keys[:, None] == keys[None])
