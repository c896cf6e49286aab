"""Losses of every head on a batch."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from training.batches import IGNORED, Batch, pad
from training.corpora import ROLES
from training.network import Labels, Network, distance_bucket


def cross_entropy(scores: Tensor, gold: Tensor) -> Tensor:
    return F.cross_entropy(scores.float().flatten(0, -2), gold.flatten(), ignore_index=IGNORED)


def sentence_loss(network: Network, words: Tensor, batch: Batch) -> Tensor:
    """Loss of the heads that read sentences, for the labels that are there."""
    total = words.new_zeros(())
    labels = batch.labels
    if "heads" in labels:
        upos, feats, lemma = network.syntax.tags(words)
        total = total + cross_entropy(upos, labels["upos"])
        total = total + 0.5 * cross_entropy(feats, labels["feats"])
        total = total + 0.5 * cross_entropy(lemma, labels["lemmas"])
        arcs = network.syntax.arcs(words).float().masked_fill(~batch.present[:, None, :], -1e9)
        total = total + cross_entropy(arcs, labels["heads"])
        total = total + relation_loss(network, words, labels)
    if "names" in labels:
        total = total + cross_entropy(network.names(words), labels["names"])
    if "things" in labels:
        total = total + cross_entropy(network.things(words), labels["things"])
    return total


def relation_loss(network: Network, words: Tensor, labels: dict[str, Tensor]) -> Tensor:
    """Loss of relation labels given gold heads, over real words only: padding would cost most."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        dep, head = network.syntax.rel_dep(words), network.syntax.rel_head(words)
        rows, columns = torch.nonzero(labels["heads"] != IGNORED, as_tuple=True)
        scores = network.syntax.relation_scores(dep[rows, columns], head[rows, labels["heads"][rows, columns]])
    return cross_entropy(scores, labels["relations"][rows, columns])


def event_loss(network: Network, pieces: Tensor, batch: Batch, labels: Labels) -> Tensor:
    """Loss of trigger tags, attributes, roles and retellings over whole windows."""
    flat = pieces.reshape(-1, pieces.size(-1))
    width = max(len(w) for w in batch.flat_words)
    index = pad([w.tolist() for w in batch.flat_words], 0)
    words = network.drop(flat[index.reshape(-1)].view(len(index), width, -1).float())
    total = words.new_zeros(())
    tags = torch.full(index.shape, IGNORED)
    rows: list[tuple[int, int, int, dict[str, Any]]] = []
    types_known = False
    for i, window in enumerate(batch.windows):
        tags[i, : len(batch.flat_words[i])] = 0
        for number, event in enumerate(window.events or []):
            types_known |= event["type"] != IGNORED
            for a, b in event["trigger"]:
                rows.append((i, a, b, {**event, "number": number}))
                if event["type"] != IGNORED:
                    tags[i, a] = 1 + 2 * event["type"]
                    tags[i, a + 1 : b] = 2 + 2 * event["type"]
    if types_known or not rows:
        total = total + cross_entropy(network.events.trigger(words), tags)
    if not rows:
        return total
    vectors = torch.stack([words[i, a:b].mean(0) for i, a, b, _ in rows])
    for scores, key in zip(network.events.attributes(vectors), ("type", "mode", "sub", "fact"), strict=True):
        gold = torch.tensor([e[key] for *_, e in rows])
        if (gold != IGNORED).any():
            total = total + 0.5 * cross_entropy(scores, gold)
    total = total + 2.0 * role_loss(network, words, vectors, rows, batch)
    if types_known:
        total = total + 0.3 * pair_loss(network, vectors, rows)
    return total


def role_loss(
    network: Network,
    words: Tensor,
    vectors: Tensor,
    rows: list[tuple[int, int, int, dict[str, Any]]],
    batch: Batch,
) -> Tensor:
    """Loss of role tags of every word of the window, seen from each trigger.

    A role's spans in the trigger's own sentence are its gold; where there are none, those of the
    nearest sentence. Further mentions of the same filler elsewhere count neither way.
    """
    windows = torch.tensor([i for i, *_ in rows])
    position = torch.arange(words.size(1)).unsqueeze(0)
    offset = position - torch.tensor([a for _, a, *_ in rows]).unsqueeze(1)
    scores = network.events.roles(vectors, words[windows], distance_bucket(offset))
    gold = torch.full(scores.shape[:3], IGNORED)
    for k, (i, at, _, event) in enumerate(rows):
        window = batch.windows[i]
        sentence = [s for s, starts in enumerate(window.starts) for _ in starts]
        known = window.roles
        gold[k, : len(sentence), known] = 0
        for r in known:
            spans = event[ROLES[r]]
            if not spans:
                continue
            nearest = min(abs(sentence[a] - sentence[at]) for a, _ in spans)
            for a, b in spans:
                if abs(sentence[a] - sentence[at]) > nearest:
                    gold[k, a:b, r] = IGNORED
                    continue
                gold[k, a, r] = 1
                gold[k, a + 1 : b, r] = 2
    weight = torch.tensor([1.0, 3.0, 3.0])
    loss = F.cross_entropy(scores.float().flatten(0, 2), gold.flatten(), weight, ignore_index=IGNORED, reduction="sum")
    return 8.0 * loss / (gold != IGNORED).sum().clamp(min=1)


def pair_loss(network: Network, vectors: Tensor, rows: list[tuple[int, int, int, dict[str, Any]]]) -> Tensor:
    pairs = [(x, y) for x in range(len(rows)) for y in range(x + 1, len(rows)) if rows[x][0] == rows[y][0]]
    if not pairs:
        return vectors.new_zeros(())
    left, right = (torch.tensor([p[k] for p in pairs]) for k in (0, 1))
    gold = torch.tensor([float(rows[x][3]["number"] == rows[y][3]["number"]) for x, y in pairs])
    return F.binary_cross_entropy_with_logits(network.events.same(vectors[left], vectors[right]), gold)
