"""Train the embedded engine's network on the corpora of `../shared/data` (two cores, no GPU).

    python -m training.train --data ../shared/data --minilm model.safetensors --out runs/a

Takes the steps in a fixed order for a given seed; writes `network.safetensors`, `labels.json`
and a log of development figures. Nothing of the test parts is read.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from histor.engines.embedded.lemmas import lemma_rule
from histor.text.shapes import SHAPES, shape_of
from training import corpora
from training.corpora import ROLES, Document, Sentence
from training.network import Labels, Network, distance_bucket

CLS, SEP = 101, 102
BLANK_SHAPE = len(SHAPES)
IGNORED = -100


@dataclass
class Window:
    """A training example: pieces of consecutive sentences, with label indices a word."""

    ids: list[int]
    shapes: list[int]
    starts: list[list[int]]  # first piece of each word, a list a sentence
    roots: list[int]  # the [SEP] that closes each sentence stands for its root
    labels: list[dict[str, list[int]]]
    events: list[dict[str, Any]] | None
    roles: list[int]


class Preparer:
    """Turns documents into windows of label indices."""

    def __init__(self, tokenizer: Tokenizer, labels: Labels, longest: int) -> None:
        self.tokenizer = tokenizer
        self.longest = longest
        self.index = {
            name: {label: i for i, label in enumerate(getattr(labels, name))} for name in Labels.__dataclass_fields__
        }

    def windows(self, document: Document, longest: int) -> Iterator[Window]:
        coded = [self._pieces(sentence.words) for sentence in document.sentences]
        offsets = [0]
        for sentence in document.sentences:
            offsets.append(offsets[-1] + len(sentence.words))
        sizes = [len(pieces) for pieces, _ in coded]
        for a, b in corpora.windows(document, sizes, longest):
            if sum(sizes[a:b]) + b - a + 1 > 500:
                continue
            yield self._window(document, coded, a, b, offsets)

    def _pieces(self, words: list[str]) -> tuple[list[int], list[int]]:
        """Piece ids and, for each word, the index of its first piece (or of the one before)."""
        coded = self.tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
        first: dict[int, int] = {}
        for i, word in enumerate(coded.word_ids):
            if word is not None:
                first.setdefault(word, i)
        starts = [first.get(k, -1) for k in range(len(words))]
        return coded.ids, [max(s, 0) for s in starts]

    def _window(
        self,
        document: Document,
        coded: list[tuple[list[int], list[int]]],
        a: int,
        b: int,
        offsets: list[int],
    ) -> Window:
        ids, shapes = [CLS], [BLANK_SHAPE]
        starts, roots, labels = [], [], []
        for k in range(a, b):
            sentence = document.sentences[k]
            pieces, first = coded[k]
            starts.append([len(ids) + f for f in first])
            word_shapes = [shape_of(w) for w in sentence.words]
            owner = 0
            for p in range(len(pieces)):
                while owner + 1 < len(first) and first[owner + 1] <= p:
                    owner += 1
                shapes.append(word_shapes[owner])
            ids.extend(pieces)
            roots.append(len(ids))
            ids.append(SEP)
            shapes.append(BLANK_SHAPE)
            labels.append(self._labels(sentence))
        events = self._events(document, offsets[a], offsets[b])
        roles = [ROLES.index(r) for r in document.roles]
        return Window(ids, shapes, starts, roots, labels, events, roles)

    def _labels(self, sentence: Sentence) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for name in ("upos", "feats", "relations", "names", "things"):
            values = getattr(sentence, name)
            if values is not None:
                found[name] = [self.index[name].get(v, IGNORED) for v in values]
        if sentence.heads is not None:
            found["heads"] = sentence.heads
        if sentence.lemmas is not None:
            rules = [lemma_rule(w, m) for w, m in zip(sentence.words, sentence.lemmas, strict=True)]
            found["lemmas"] = [self.index["lemmas"].get(r, IGNORED) for r in rules]
        return found

    def _events(self, document: Document, a: int, b: int) -> list[dict[str, Any]] | None:
        if document.events is None:
            return None
        events = []
        for event in document.events:
            inside = {
                k: [(x - a, y - a) for x, y in event.get(k, []) if x >= a and y <= b] for k in ("trigger", *ROLES)
            }
            if not inside["trigger"]:
                continue
            coded = dict(inside)
            for key, name in (("type", "types"), ("mode", "modes"), ("sub", "subs"), ("fact", "facts")):
                coded[key] = self.index[name].get(event.get(key), IGNORED)  # type: ignore[assignment]
            events.append(coded)
        return events


def bio(prefixes: list[str]) -> list[str]:
    return ["O"] + [f"{x}-{p}" for p in prefixes for x in "BI"]


def collect_labels(treebanks: list[Document], written: list[Document]) -> Labels:
    """The label inventories, from the training parts; rare feature sets and lemma rules left out."""
    count: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for document in treebanks:
        for s in document.sentences:
            count["upos"].update(s.upos or [])
            count["feats"].update(s.feats or [])
            count["relations"].update(s.relations or [])
            count["lemmas"].update(lemma_rule(w, m) for w, m in zip(s.words, s.lemmas or [], strict=True))
    for document in written:
        for event in document.events or []:
            for key in ("type", "mode", "sub", "fact"):
                count[key][event[key]] += 1
    frequent = {k: sorted(x for x, n in c.items() if n >= 3) for k, c in count.items()}
    return Labels(
        upos=sorted(count["upos"]),
        feats=frequent["feats"],
        lemmas=frequent["lemmas"],
        relations=sorted(count["relations"]),
        names=bio(["PER", "ORG", "LOC"]),
        things=bio(["PER", "ORG", "LOC", "NAT", "DATE", "QTY", "WPN"]),
        triggers=bio(sorted(count["type"])),
        types=sorted(count["type"]),
        modes=sorted(count["mode"]),
        subs=sorted(count["sub"]),
        facts=sorted(count["fact"]),
        roles=list(ROLES),
    )


# --- batches -------------------------------------------------------------------------------------


@dataclass
class Batch:
    """Padded tensors of some windows; sentences and windows are indexed separately."""

    ids: Tensor
    mask: Tensor
    shapes: Tensor
    sentences: Tensor  # [sentence, 1 + words]: flat piece index, root first
    present: Tensor  # [sentence, 1 + words]
    labels: dict[str, Tensor]
    flat_words: list[Tensor]  # for each window the flat piece index of all its words
    windows: list[Window]


def pad(rows: list[list[int]], value: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [value] * (width - len(row)) for row in rows])


def collate(windows: list[Window], shape_drop: float = 0.0) -> Batch:
    ids = pad([w.ids for w in windows], 0)
    mask = pad([[1] * len(w.ids) for w in windows], 0)
    shapes = pad([w.shapes for w in windows], BLANK_SHAPE)
    if shape_drop:
        gone = torch.rand(len(windows), 1) < shape_drop
        shapes = torch.where(gone, torch.full_like(shapes, BLANK_SHAPE), shapes)
    width = ids.size(1)
    rows, labels, flat = [], [], []
    for i, window in enumerate(windows):
        words = [s + i * width for starts in window.starts for s in starts]
        flat.append(torch.tensor(words))
        for starts, root, marks in zip(window.starts, window.roots, window.labels, strict=True):
            rows.append([root + i * width] + [s + i * width for s in starts])
            labels.append(marks)
    present = pad([[1] * len(r) for r in rows], 0).bool()
    names = sorted({name for marks in labels for name in marks})
    padded = {
        name: pad(
            [[IGNORED, *marks.get(name, [IGNORED] * (len(row) - 1))] for marks, row in zip(labels, rows, strict=True)],
            IGNORED,
        )
        for name in names
    }
    return Batch(ids, mask, shapes, pad(rows, 0), present, padded, flat, windows)


def batches(windows: list[Window], size: int, rng: random.Random) -> list[list[Window]]:
    """Windows in random order, grouped by length so that a batch holds about `size` pieces."""
    order = list(windows)
    rng.shuffle(order)
    groups: list[list[Window]] = []
    for k in range(0, len(order), 400):
        chunk = sorted(order[k : k + 400], key=lambda w: len(w.ids))
        current: list[Window] = []
        for window in chunk:
            if current and len(window.ids) * (len(current) + 1) > size:
                groups.append(current)
                current = []
            current.append(window)
        if current:
            groups.append(current)
    rng.shuffle(groups)
    return groups


# --- losses --------------------------------------------------------------------------------------


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
    windows = torch.tensor([i for i, *_ in rows])
    position = torch.arange(words.size(1)).unsqueeze(0)
    offset = position - torch.tensor([a for _, a, *_ in rows]).unsqueeze(1)
    scores = network.events.roles(vectors, words[windows], distance_bucket(offset))
    gold = torch.full(scores.shape[:3], IGNORED)
    for k, (i, _, _, event) in enumerate(rows):
        known = batch.windows[i].roles
        gold[k, : len(batch.flat_words[i]), known] = 0
        for r in known:
            for a, b in event[ROLES[r]]:
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


# --- development figures -------------------------------------------------------------------------


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
        flat = network.encode(batch.ids, batch.mask, batch.shapes).reshape(-1, 384)
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


# --- the run -------------------------------------------------------------------------------------


@dataclass
class Corpora:
    """Training and development windows by task."""

    train: dict[str, list[Document]]
    develop: dict[str, list[Window]]


def load(data: Path, written: Path) -> dict[str, dict[str, list[Document]]]:
    """Training and development documents of every task; held-out parts are left unread."""
    names = corpora.read_iob2(data / "uner_english_ewt/dev.iob2")
    things = corpora.read_re3d(data / "re3d")
    places = corpora.read_event_location(data / "event_location/labeled_text.jsonl.zip")
    gum = corpora.read_conllu(data / "ud_english_gum/train.conllu")
    return {
        "train": {
            "syntax": corpora.read_conllu(data / "ud_english_ewt/train.conllu") + gum,
            "names": [d for d in names if not corpora.held_out(d.id, 8)],
            "things": [d for d in things if not corpora.held_out(d.id, 5)],
            "events": corpora.read_written(written / "train.jsonl"),
            "places": [d for d in places if not corpora.held_out(d.id, 5)],
        },
        "develop": {
            "syntax": corpora.read_conllu(data / "ud_english_ewt/dev.conllu"),
            "names": [d for d in names if corpora.held_out(d.id, 8)],
            "things": [d for d in things if corpora.held_out(d.id, 5)],
            "events": corpora.read_written(written / "dev.jsonl"),
        },
    }


def train(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    documents = load(args.data, args.written)
    labels = collect_labels(documents["train"]["syntax"], documents["train"]["events"])
    labels.save(args.out / "labels.json")
    tokenizer = Tokenizer.from_file(str(args.minilm.parent / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    prepare = Preparer(tokenizer, labels, args.longest)
    develop = {k: [w for d in v for w in prepare.windows(d, args.longest)] for k, v in documents["develop"].items()}
    network = Network(labels)
    network.encoder.load_minilm(args.minilm)
    if args.start:
        network.load_state_dict(load_file(args.start))
    network.encoder.word.requires_grad_(False)
    network.encoder.position.requires_grad_(False)
    network.encoder.segment.requires_grad_(False)
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for n, p in network.named_parameters() if p.requires_grad and "encoder" in n], "base": args.lr},
            {"params": [p for n, p in network.named_parameters() if p.requires_grad and "encoder" not in n], "base": args.lr * 6},
        ],
        lr=args.lr, weight_decay=0.01, betas=(0.9, 0.98), fused=True,
    )  # fmt: skip
    shares = dict(pair.split("=") for pair in args.shares.split(","))
    supply = {
        task: stream(prepare, documents["train"][task], args, random.Random(f"{args.seed}-{task}")) for task in shares
    }
    log = (args.out / "log.jsonl").open("w")
    began, tokens = time.time(), 0
    network.train()
    for step in range(args.steps):
        done = step / args.steps
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1.0, done / 0.05) * (1.0 - done)
        task = rng.choices(list(shares), [float(v) for v in shares.values()])[0]
        batch = collate(next(supply[task]), args.shape_drop)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            pieces = network.encode(batch.ids, batch.mask, batch.shapes)
        if task in {"events", "places"}:
            loss = event_loss(network, pieces, batch, labels)
        else:
            loss = sentence_loss(network, network.words(pieces.float(), batch.sentences), batch)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        tokens += int(batch.mask.sum())
        if step % 50 == 0:
            print(
                f"{step} {time.time() - began:.0f}s {task} {loss.item():.3f} {tokens / (time.time() - began):.0f}/s",
                flush=True,
            )
        if (step + 1) % args.every == 0 or step + 1 == args.steps:
            figures = figures_of(network, develop, labels)
            print(step + 1, json.dumps(figures), flush=True)
            log.write(json.dumps({"step": step + 1, "seconds": round(time.time() - began), **figures}) + "\n")
            log.flush()
            save_file(
                {k: v.half() if v.is_floating_point() else v for k, v in network.state_dict().items()},
                args.out / "network.safetensors",
            )


def figures_of(network: Network, develop: dict[str, list[Window]], labels: Labels) -> dict[str, Any]:
    network.eval()
    figures: dict[str, Any] = {}
    for task, windows in develop.items():
        measure: Callable[..., dict[str, float]] = evaluate_events if task == "events" else evaluate_sentences
        figures[task] = measure(network, windows, labels)
    network.train()
    return figures


def stream(
    prepare: Preparer, documents: list[Document], args: argparse.Namespace, rng: random.Random
) -> Iterator[list[Window]]:
    """Endless batches; window lengths differ from epoch to epoch so that context varies."""
    while True:
        found: list[Window] = []
        for document in _varied(documents, args, rng):
            longest = rng.choice([args.longest, args.longest, args.longest // 2, 40, 1])
            if document.events is not None:
                longest = args.longest
            found.extend(prepare.windows(document, longest))
        yield from batches(found, args.batch, rng)


def _varied(documents: list[Document], args: argparse.Namespace, rng: random.Random) -> Iterator[Document]:
    """The documents of one epoch: some without punctuation, short texts often several together."""
    order = [corpora.bare(d) if rng.random() < args.bare else d for d in documents]
    if not documents or documents[0].events is None or documents[0].roles == ("place",):
        yield from order
        return
    rng.shuffle(order)
    while order:
        size = rng.choice([1, 1, 2, 3, 4])
        yield corpora.joined([order.pop() for _ in range(min(size, len(order)))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--written", type=Path, default=Path(__file__).parent / "data/written")
    parser.add_argument(
        "--minilm", type=Path, required=True, help="model.safetensors of all-MiniLM-L6-v2, tokenizer.json beside it"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="network.safetensors to go on from")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--every", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=1800, help="word pieces a batch")
    parser.add_argument("--longest", type=int, default=160, help="word pieces a window")
    parser.add_argument("--lr", type=float, default=2.5e-4)
    parser.add_argument("--shape-drop", type=float, default=0.1)
    parser.add_argument("--bare", type=float, default=0.12, help="share of texts read without commas and quotes")
    parser.add_argument("--shares", default="syntax=0.5,names=0.06,things=0.06,events=0.33,places=0.05")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
