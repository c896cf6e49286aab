"""Chains of gold mentions: a pair network for ECB+, documents and kinds for GVC. Weights by `training.coref`.

*ECB+*: each two mentions of a topic get a probability from small networks that read the named values of the
pair and a projection of both mentions' vectors; the mean of the networks is clustered by average linkage. A topic
there is made of two stories (two quakes, two film stars gone into a clinic: Cybulska and Vossen 2014), so its documents
are parted into two by their words, and a pair across the two counts for half.

*GVC*: a chain is what one incident did of one kind (who fired, who was hit, hurt, killed, the whole). So
documents are joined into incidents by their words, each mention is read as one kind by itself, and a chain
is an incident with a kind; a mention read as of no incident in particular is a chain of its own. Victims of
one incident, whom the corpus tells apart, are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from benchmarks.coref_mentions import Floats, Item, Words, frequency, governor, likeness, unit, values
from benchmarks.corpora import Read
from histor.matching.clusters import Pair, cluster
from histor.matching.telling import families
from histor.matching.words import stem
from histor.model.annotation import Token

WEIGHTS = Path(__file__).parent / "data/coref.npz"
JOIN = 0.27  # mean probability from which clusters of ECB+ mentions join
DOCUMENTS = 0.12  # mean cosine from which clusters of GVC documents join
STORIES = 2  # of a topic of ECB+
ACROSS = 0.5  # what the probability of a pair of two stories counts
LEAST = 0.02  # probabilities below are as good as none
BOUND = 8.0  # standard deviations at which a pair's values are cut
KINDS = ("death", "hit", "injury", "gunfire", "whole", "elsewhere", "generic")
_CODES = {"100": "death", "104": "hit", "105": "injury", "115": "gunfire", "98": "whole", "111": "elsewhere"}
_CODE = re.compile(r"^\d999\d{4,7}?999(98|1\d\d)999")  # of 2999 INCIDENT 999 KIND 999 WHOM
_WORDED = frozenset({"det", "aux", "aux:pass", "amod", "advmod", "mark", "case", "nummod", "compound"})
_VECTOR = 3.0  # weight of a mention's vector beside its 0/1 values

Table = Mapping[str, NDArray[Any]]


def weights() -> dict[str, NDArray[Any]]:
    """The shipped weights by name."""
    with np.load(WEIGHTS) as stored:
        return {name: stored[name] for name in stored.files}


def by_topic(items: Sequence[Item]) -> list[list[int]]:
    """Places of the items of each topic."""
    return [[k for k, i in enumerate(items) if i.topic == topic] for topic in sorted({i.topic for i in items})]


# --- pairs (ECB+) ------------------------------------------------------------------------------------


def pairs_of(items: Sequence[Item], words: Mapping[str, Words]) -> tuple[NDArray[np.int64], Floats]:
    """Places of each two mentions of one topic ``[pair, 2]`` and their values ``[pair, value]``."""
    centre = np.array([i.vector for i in items]).mean(0)
    places, rows = [], []
    for topic in by_topic(items):
        found = values([items[k] for k in topic], words, centre)
        i, j = np.triu_indices(len(topic), 1)
        places.append(np.array(topic)[np.stack([i, j], 1)])
        rows.append(np.stack([table[i, j] for table in found.values()], 1))
    return np.concatenate(places), np.concatenate(rows)


def pair_probabilities(items: Sequence[Item], pairs: NDArray[np.int64], x: Floats, table: Table) -> Floats:
    """Mean probability of the networks for each pair."""
    z = np.clip((x - table["mean"]) / table["spread"], -BOUND, BOUND)
    vectors = (np.array([i.vector for i in items]) - table["vector_mean"]) / table["vector_spread"]
    total = np.zeros(len(x))
    for k in range(len(table["out"])):
        seen = np.tanh(vectors @ table["project"][k] + table["project_bias"][k])
        a, b = seen[pairs[:, 0]], seen[pairs[:, 1]]
        hidden = np.concatenate([z, np.abs(a - b), a * b], axis=1) @ table["hidden"][k] + table["hidden_bias"][k]
        total += 1 / (1 + np.exp(-(np.maximum(hidden, 0) @ table["out"][k] + table["out_bias"][k])))
    return np.asarray(total / len(table["out"]))


def story_of(words: Mapping[str, Words], topic_of: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Topic and story of each document: average linkage of the topic's documents by their words, until `STORIES` are left."""
    found: dict[str, tuple[str, int]] = {}
    for topic in sorted(set(topic_of.values())):
        names = sorted(name for name in words if topic_of[name] == topic)
        here = {name: words[name] for name in names}
        like = likeness(names, here, frequency(here))
        apart = np.maximum(0.0, 1 - like[np.triu_indices(len(names), 1)])
        numbers = fcluster(linkage(apart, "average"), STORIES, "maxclust") if len(names) > 1 else [1]
        found |= {name: (topic, int(n)) for name, n in zip(names, numbers, strict=True)}
    return found


def parted(items: Sequence[Item], pairs: NDArray[np.int64], p: Floats, words: Mapping[str, Words]) -> Floats:
    """Probabilities of pairs with those across two stories cut to their share."""
    stories = story_of(words, {i.gold.doc: i.topic for i in items})
    number = {story: k for k, story in enumerate(sorted(set(stories.values())))}
    of = np.array([number[stories[i.gold.doc]] for i in items])
    return np.where(of[pairs[:, 0]] == of[pairs[:, 1]], p, ACROSS * p)


def chains_of_pairs(items: Sequence[Item], pairs: NDArray[np.int64], p: Floats, join: float = JOIN) -> list[int]:
    """The cluster number of each item."""
    scores = {
        (_name(i), _name(j)): float(v) for (i, j), v in zip(pairs.tolist(), p.tolist(), strict=True) if v >= LEAST
    }
    return _numbers([_name(k) for k in range(len(items))], scores, join)


def _numbers(names: Sequence[str], scores: Mapping[Pair, float], join: float) -> list[int]:
    of = {name: k for k, members in enumerate(cluster(names, scores, join)) for name in members}
    return [of[name] for name in names]


def _name(k: int) -> str:
    return f"{k:06}"


# --- documents and kinds (GVC) -----------------------------------------------------------------------


def incidents(words: Mapping[str, Words]) -> dict[str, int]:
    """The cluster number of each document, by cosines over the set at hand."""
    names = sorted(words)
    like = likeness(names, words, frequency(words))
    scores = {
        (_name(i), _name(j)): float(like[i, j])
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if like[i, j] > 0
    }
    return dict(zip(names, _numbers([_name(k) for k in range(len(names))], scores, DOCUMENTS), strict=True))


def gold_kind(chain: str) -> int:
    """The place in `KINDS` of a GVC chain, whose name holds a code of its kind."""
    code = _CODE.match(chain)
    return KINDS.index(_CODES.get(code.group(1), "generic")) if code else len(KINDS) - 1


def signs(items: Sequence[Item], found: Mapping[str, Read]) -> list[dict[str, float]]:
    """What tells a mention's kind, by name: its words, their form, what hangs on them, what stands beside."""
    return [_signs(i, found[i.gold.doc].annotation.sentences[i.gold.sentence].tokens) for i in items]


def _signs(item: Item, tokens: Sequence[Token]) -> dict[str, float]:
    words = item.gold.words
    at = governor(tokens, words)
    top = tokens[at]
    names = [f"lemma {item.lemma}", f"lemma {item.lemma} {top.relation}", f"tag {top.upos}", f"relation {top.relation}"]
    names.append(f"tag {top.upos} {top.relation}")
    names += [f"stem {s}" for s in item.head] + [f"stem {s} {top.upos}" for s in item.head]
    names += [f"family {families()[s]}" for s in item.head if s in families()]
    names += [f"form {f}" for f in top.feats.split("|")]
    if top.head >= 0:
        names.append(f"under {stem(tokens[top.head].text)}")
    for k, token in enumerate(tokens):
        if token.head == at and k not in words:
            names.append(f"has {token.relation}")
            if token.relation in _WORDED:
                names.append(f"has {token.relation} {stem(token.text)}")
            if token.relation.startswith(("nsubj", "obj")):
                names.append(f"has {token.relation} {token.upos}")
    if words[-1] + 1 < len(tokens):
        names.append(f"next {tokens[words[-1] + 1].text.lower()}")
    if words[0] > 0:
        names.append(f"before {tokens[words[0] - 1].text.lower()}")
    found = dict.fromkeys(names, 1.0)
    early = float(item.gold.sentence < 3)
    return {**found, "place": min(item.gold.sentence, 20) / 20, "early": early, "plural": float(item.plural)}


def sign_table(items: Sequence[Item], rows: Sequence[Mapping[str, float]], vocabulary: Sequence[str]) -> Floats:
    """Values ``[mention, sign + hidden + 1]``: known signs, the vector, and 1 for the bias."""
    column = {name: k for k, name in enumerate(vocabulary)}
    table = np.zeros((len(rows), len(column)))
    for k, row in enumerate(rows):
        for name, value in row.items():
            if name in column:
                table[k, column[name]] = value
    vectors = _VECTOR * unit(np.array([i.vector for i in items]))
    return np.hstack([table, vectors, np.ones((len(rows), 1))])


def chains_of_kinds(items: Sequence[Item], words: Mapping[str, Words], kinds: Sequence[int]) -> list[str]:
    """The chain of each item: its incident with its kind, or one of its own where it is generic."""
    of = incidents(words)
    generic = KINDS.index("generic")
    return [
        f"0 {k}" if kind == generic else f"{of[i.gold.doc]} {kind}"
        for k, (i, kind) in enumerate(zip(items, kinds, strict=True))
    ]


def kinds_of(items: Sequence[Item], rows: Sequence[Mapping[str, float]], table: Table) -> list[int]:
    """The likeliest kind of each item.

    An item of a topic that the weights were fitted on is read by those that were fitted without its fold.
    """
    x = sign_table(items, rows, table["signs"].tolist())
    fold_of = dict(zip(table["topics"].tolist(), table["fold"].tolist(), strict=True))
    whole = len(table["kinds"]) - 1
    which = [fold_of.get(i.topic, whole) for i in items]
    return [int((row @ table["kinds"][k]).argmax()) for row, k in zip(x, which, strict=True)]
