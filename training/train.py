"""Train the embedded engine's network on the corpora of `../shared/data` (two cores, no GPU).

    python -m training.train --data ../shared/data --minilm model.safetensors --out runs/a

Takes the steps in a fixed order for a given seed; writes `network.safetensors`, `labels.json`
and a log of development figures. Nothing of the test parts is read.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from training import corpora
from training.batches import Preparer, Window, batches, collate, collect_labels
from training.corpora import Document
from training.develop import evaluate_events, evaluate_sentences
from training.losses import event_loss, sentence_loss
from training.network import Labels, Network

PARSES = 0.5  # weight of the automatic parses of our own texts beside their events


def load(data: Path, written: Path) -> dict[str, dict[str, list[Document]]]:
    """Training and development documents of every task; held-out parts are left unread."""
    names = corpora.read_iob2(data / "uner_english_ewt/dev.iob2")
    things = corpora.read_re3d(data / "re3d")
    places = corpora.read_event_location(data / "event_location/labeled_text.jsonl.zip")
    gum = corpora.read_conllu(data / "ud_english_gum/train.conllu")
    ewt = corpora.read_conllu(data / "ud_english_ewt/train.conllu")
    corpora.add_names(ewt, written.parent / "names_ewt.jsonl")
    own = corpora.read_written(written / "train.jsonl") + corpora.read_written(written.parent / "reports/train.jsonl")
    corpora.add_parses(own, written.parent / "silver.jsonl.gz")
    return {
        "train": {
            "syntax": ewt + gum,
            "names": [d for d in names if not corpora.held_out(d.id, 8)],
            "things": [d for d in things if not corpora.held_out(d.id, 5)],
            "events": own,
            "places": [d for d in places if not corpora.held_out(d.id, 5)],
        },
        "develop": {
            "syntax": corpora.read_conllu(data / "ud_english_ewt/dev.conllu"),
            "names": [d for d in names if corpora.held_out(d.id, 8)],
            "things": [d for d in things if corpora.held_out(d.id, 5)],
            "events": corpora.read_written(written / "dev.jsonl"),
            "reports": corpora.read_written(written.parent / "reports/dev.jsonl"),
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
            loss = torch.zeros(())
        if batch.labels:
            weight = PARSES if task == "events" else 1.0
            loss = loss + weight * sentence_loss(network, network.words(pieces.float(), batch.sentences), batch)
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
        measure: Callable[..., dict[str, float]] = (
            evaluate_events if task in {"events", "reports"} else evaluate_sentences
        )
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
    short = [d for d in order if sum(len(s.words) for s in d.sentences) < 100]
    yield from (d for d in order if sum(len(s.words) for s in d.sentences) >= 100)
    rng.shuffle(short)
    while short:
        size = rng.choice([1, 1, 2, 3, 4])
        yield corpora.joined([short.pop() for _ in range(min(size, len(short)))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--written", type=Path, default=Path(__file__).parent / "data/written")
    parser.add_argument(
        "--minilm", type=Path, required=True, help="model.safetensors of all-MiniLM-L6-v2, tokenizer.json beside it"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="network.safetensors to go on from")
    parser.add_argument("--steps", type=int, default=11000)
    parser.add_argument("--every", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=1800, help="word pieces a batch")
    parser.add_argument("--longest", type=int, default=160, help="word pieces a window")
    parser.add_argument("--lr", type=float, default=2.5e-4)
    parser.add_argument("--shape-drop", type=float, default=0.1)
    parser.add_argument("--bare", type=float, default=0.12, help="share of texts read without commas and quotes")
    parser.add_argument("--shares", default="syntax=0.38,names=0.07,things=0.11,events=0.41,places=0.03")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
