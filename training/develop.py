"""Development figures while training goes on (greedy decoding, gold triggers for roles)."""

from __future__ import annotations

import collections
import random

import torch

from training.batches import IGNORED, Window, batches, collate
from training.corpora import ROLES
from training.network import HIDDEN, Labels, Network, distance_bucket


def spans_of(tags: list[str]) -> set[tuple[int, int, str]]:
    found, start = set(), None
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and (tag[0] != "I" or tag[2:] != tags[start][2:]):
            found.add((start, i, tags[start][2:]))
            start = None
        if tag[0] == "B" or (tag[0] == "I" and start is None):
            start = i
    return found


def f1(right: int, gold: int, guessed: int) -> float:
    return 2 * right / max(1, gold + guessed)


@torch.inference_mode()
def evaluate_sentences(network: Network, windows: list[Window], labels: Labels) -> dict[str, float]:
    """UPOS, features, lemmas, UAS, LAS and span F1 of names and things, greedy heads."""
    right: collections.Counter[str] = collections.Counter()
    seen: collections.Counter[str] = collections.Counter()
    spans: collections.Counter[str] = collections.Counter()
    for group in batches(windows, 4000, random.Random(0)):
        batch = collate(group)
        words = network.words(network.encode(batch.ids, batch.mask, batch.shapes), batch.sentences)
        gold = batch.labels
        if "heads" in gold:
            for name, scores in zip(("upos", "feats", "lemmas"), network.syntax.tags(words), strict=True):
                known = gold[name] != IGNORED
                seen[name] += int((gold["upos"] != IGNORED).sum())
                right[name] += int(((scores.argmax(-1) == gold[name]) & known).sum())
            arcs = network.syntax.arcs(words).masked_fill(~batch.present[:, None, :], -1e9)
            arcs = arcs - torch.eye(arcs.size(1)) * 1e9
            heads = arcs.argmax(-1)
            relations = network.syntax.labels_for(words, heads).argmax(-1)
            known = gold["heads"] != IGNORED
            seen["uas"] += int(known.sum())
            seen["las"] += int(known.sum())
            hit = (heads == gold["heads"]) & known
            right["uas"] += int(hit.sum())
            right["las"] += int((hit & (relations == gold["relations"])).sum())
        for name, head in (("names", network.names), ("things", network.things)):
            if name not in gold:
                continue
            inventory = getattr(labels, name)
            guess = head(words).argmax(-1)
            for row, marks in zip(guess, gold[name], strict=True):
                keep = marks != IGNORED
                g = spans_of([inventory[t] for t in marks[keep].tolist()])
                p = spans_of([inventory[t] for t in row[keep].tolist()])
                spans[f"{name}.right"] += len(g & p)
                spans[f"{name}.gold"] += len(g)
                spans[f"{name}.guessed"] += len(p)
    figures = {name: right[name] / max(1, seen[name]) for name in seen}
    for name in ("names", "things"):
        if spans[f"{name}.gold"]:
            figures[name] = f1(*(spans[f"{name}.{k}"] for k in ("right", "gold", "guessed")))
    return {k: round(100 * v, 2) for k, v in sorted(figures.items())}


@torch.inference_mode()
def evaluate_events(network: Network, windows: list[Window], labels: Labels) -> dict[str, float]:
    """Trigger F1 (spans, then with type); attribute accuracy and role F1 given gold triggers."""
    c: collections.Counter[str] = collections.Counter()
    for window in windows:
        batch = collate([window])
        flat = network.encode(batch.ids, batch.mask, batch.shapes).reshape(-1, HIDDEN)
        words = flat[batch.flat_words[0]]
        tags = [labels.triggers[t] for t in network.events.trigger(words).argmax(-1).tolist()]
        guessed = spans_of(tags)
        gold = {(a, b, labels.types[e["type"]]) for e in window.events or [] for a, b in e["trigger"]}
        c["t.right"] += len({g[:2] for g in gold} & {g[:2] for g in guessed})
        c["tt.right"] += len(gold & guessed)
        c["t.gold"] += len(gold)
        c["t.guessed"] += len(guessed)
        for event in window.events or []:
            for a, b in event["trigger"][:1]:
                vector = words[a:b].mean(0, keepdim=True)
                scores = network.events.attributes(vector)
                for s, key in zip(scores, ("type", "mode", "sub", "fact"), strict=True):
                    c[f"{key}.right"] += int(s.argmax(-1).item() == event[key])
                    c[f"{key}.all"] += 1
                offset = torch.arange(len(words)).unsqueeze(0) - a
                roles = network.events.roles(vector, words.unsqueeze(0), distance_bucket(offset))
                best = roles[0].argmax(-1)
                for r, role in enumerate(ROLES):
                    marks = ["OBI"[t] + "-x" if t else "O" for t in best[:, r].tolist()]
                    p = {(x, y) for x, y, _ in spans_of(marks)}
                    g = set(event[role])
                    c["r.right"] += len(p & g)
                    c["r.gold"] += len(g)
                    c["r.guessed"] += len(p)
                    c[f"{role}.right"] += len(p & g)
                    c[f"{role}.gold"] += len(g)
                    c[f"{role}.guessed"] += len(p)
    figures = {
        "trigger": f1(c["t.right"], c["t.gold"], c["t.guessed"]),
        "trigger+type": f1(c["tt.right"], c["t.gold"], c["t.guessed"]),
        "roles": f1(c["r.right"], c["r.gold"], c["r.guessed"]),
    }
    for key in ("type", "mode", "sub", "fact"):
        figures[key] = c[f"{key}.right"] / max(1, c[f"{key}.all"])
    for role in ROLES:
        figures[f"role.{role}"] = f1(*(c[f"{role}.{k}"] for k in ("right", "gold", "guessed")))
    return {k: round(100 * v, 1) for k, v in figures.items()}
