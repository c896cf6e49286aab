"""Train the document head on MUC-4 (two cores, about an hour).

    python -m training.document_train --data ../shared/data/muc4 --start runs/release --out runs/document

Starts from the network of `training.train` (`--start`: its folder). One report in ten of the training part is held
out to choose thresholds on; development figures are for the log alone. Writes `document.safetensors`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import pickle
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from histor.engines.embedded.engine import EmbeddedEngine
from histor.engines.embedded.weights import load_weights
from histor.engines.embedded.windows import BLANK_SHAPE, Pieces
from training.document_corpus import Example, read_example, read_muc4
from training.document_network import DocumentNetwork, pool

NEGATIVES = 0.3  # share of the reports without an incident that an epoch reads


def held_out(name: str) -> bool:
    """One report in ten, by its name."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10 == 0


def load_examples(data: Path, cache: Path) -> dict[str, list[Example]]:
    """Train and dev, parsed once by the shipped engine and kept in `cache`."""
    weights = load_weights()
    engine, pieces = EmbeddedEngine(weights), Pieces(weights.tokenizer)
    result = {}
    for part in ("train", "dev"):
        records = read_muc4(data / "templates" / f"{part}.json")
        path = cache / f"ann_{part}.pkl"
        if not path.exists():
            path.write_bytes(pickle.dumps({r["docid"]: engine.annotate(r["doctext"]) for r in records}))
        annotations = pickle.loads(path.read_bytes())
        result[part] = [read_example(r, annotations[r["docid"]], pieces, weights.labels) for r in records]
    return result


class Lower:
    """Activations of the frozen layers, computed once a report."""

    def __init__(self, network: DocumentNetwork, examples: list[Example]) -> None:
        self.kept: dict[str, list[Tensor]] = {}
        rows = sorted(
            ((len(w.ids), e.id, k, w) for e in examples for k, w in enumerate(e.windows)), key=lambda r: r[:3]
        )
        for e in examples:
            self.kept[e.id] = [torch.empty(0)] * len(e.windows)
        with torch.inference_mode(), torch.autocast(_device(network), dtype=torch.bfloat16):
            for at in range(0, len(rows), 8):
                chunk = rows[at : at + 8]
                width = chunk[-1][0]
                ids = torch.tensor([w.ids + [0] * (width - n) for n, _, _, w in chunk])
                shapes = torch.tensor([w.shapes + [BLANK_SHAPE] * (width - n) for n, _, _, w in chunk])
                x = network.lower(ids, ids != 0, shapes)
                for row, (n, name, k, _) in enumerate(chunk):
                    self.kept[name][k] = x[row, :n].to(torch.bfloat16).clone()


def _device(network: DocumentNetwork) -> str:
    return network.attention.weight.device.type


def batches(examples: list[Example], budget: int, rng: random.Random) -> Iterator[list[Example]]:
    """Reports of like window length together, `budget` padded pieces a batch, in random order."""
    order = sorted(examples, key=lambda e: max(len(w.ids) for w in e.windows) + rng.uniform(-40, 40))
    groups: list[list[Example]] = []
    current: list[Example] = []
    for e in order:
        both = [*current, e]
        width = max(len(w.ids) for x in both for w in x.windows)
        if current and width * sum(len(x.windows) for x in both) > budget:
            groups.append(current)
            current = []
        current.append(e)
    groups.append(current)
    rng.shuffle(groups)
    yield from groups


class Output:
    """Scores of one report: wordings × roles, wordings' vectors, incident types."""

    def __init__(self, roles: Tensor, vectors: Tensor, types: Tensor) -> None:
        self.roles, self.vectors, self.types = roles, vectors, types


def forward(network: DocumentNetwork, lower: Lower, batch: list[Example]) -> list[Output]:
    """All scores of the reports of a batch."""
    windows = [x for e in batch for x in lower.kept[e.id]]
    width = max(len(x) for x in windows)
    x = torch.stack([F.pad(w, (0, 0, 0, width - len(w))) for w in windows])
    mask = torch.tensor([[1] * len(w) + [0] * (width - len(w)) for w in windows])
    with torch.autocast(_device(network), dtype=torch.bfloat16):
        pieces = network.upper(x.float(), mask)
    flat = network.drop(pieces.float().reshape(-1, pieces.size(-1)))
    outputs, row = [], 0
    for e in batch:
        starts = []
        for w in e.windows:
            starts.extend(row * width + s for sentence in w.words for s in sentence)
            row += 1
        words = flat[torch.tensor(starts)]
        report = network.summary(words.unsqueeze(0), torch.ones(1, len(words), dtype=torch.bool))
        scores, vectors = network.spans(
            words, report.expand(len(e.points), -1), torch.tensor(e.points), torch.tensor(e.features)
        )
        roles, pooled = pool(scores, vectors, torch.tensor(e.owner), len(e.keys))
        outputs.append(Output(roles, pooled, network.types(report)[0]))
    return outputs


def loss_of(network: DocumentNetwork, e: Example, out: Output) -> Tensor:
    """Roles of wordings, incident types of report and wordings, entities and templates of pairs."""
    roles = F.binary_cross_entropy_with_logits(out.roles, torch.tensor(e.roles), reduction="sum")
    loss = roles / 10 + F.binary_cross_entropy_with_logits(out.types, torch.tensor(e.types), reduction="sum") / 4
    if not e.wording_types:
        return loss
    named = torch.tensor([w for w, _ in e.wording_types])
    first, second = (
        torch.tensor([p[0] for p in e.pairs], dtype=torch.long),
        torch.tensor([p[1] for p in e.pairs], dtype=torch.long),
    )
    types, pairs = network.wordings(out.vectors, first, second, torch.tensor(e.lexical).view(-1, 6))
    gold = torch.tensor([t for _, t in e.wording_types])
    loss = loss + F.binary_cross_entropy_with_logits(types[named], gold, reduction="none").sum(1).mean() / 4
    truth = torch.tensor([[p[2], p[3]] for p in e.pairs]).view(-1, 2)
    known = ~truth.isnan()
    if known.any():
        loss = loss + F.binary_cross_entropy_with_logits(pairs[known], truth[known]) / 2
    return loss


def quick_score(outputs: list[tuple[Example, Output]]) -> tuple[float, float]:
    """Best F1 of wordings over one threshold (not the benchmark; to watch the training), and the threshold."""
    pairs = []
    gold = 0
    for e, out in outputs:
        roles = out.roles.tolist()
        gold += int(sum(map(sum, e.roles)))
        for scores, truth in zip(roles, e.roles, strict=True):
            pairs.extend((score, bool(t)) for score, t in zip(scores, truth, strict=True) if score > -4)
    best = (0.0, 0.0)
    right = 0
    for n, (score, hit) in enumerate(sorted(pairs, reverse=True), 1):
        right += hit
        best = max(best, (2 * right / (n + gold), score))
    return best


def predict(network: DocumentNetwork, lower: Lower, examples: list[Example]) -> list[tuple[Example, Output]]:
    network.eval()
    with torch.inference_mode():
        found = [
            (e, o)
            for b in batches(examples, 6000, random.Random(0))
            for e, o in zip(b, forward(network, lower, b), strict=True)
        ]
    network.train()
    return found


def train(args: argparse.Namespace) -> None:
    torch.set_default_device(args.device)
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    examples = load_examples(args.data, args.cache or args.out)
    labels = json.loads((args.start / "labels.json").read_text())
    network = DocumentNetwork(len(labels["relations"]), len(labels["upos"]), args.frozen)
    given = load_file(args.start / "network.safetensors")
    network.encoder.load_state_dict({k[8:]: v.float() for k, v in given.items() if k.startswith("encoder.")})
    if args.resume:
        state = {k: v.float() for k, v in load_file(args.resume).items()}
        network.load_state_dict(state, strict=False)
    began = time.time()
    tune = [e for e in examples["train"] if held_out(e.id)]
    fit = [e for e in examples["train"] if not held_out(e.id)]
    lower = Lower(network, [e for part in examples.values() for e in part])
    del given
    print(f"{len(fit)} reports, {sum(e.size for e in fit)} pieces; lower layers {time.time() - began:.0f}s", flush=True)
    encoder = [p for k in range(args.frozen, 6) for p in network.encoder.layers[k].parameters()]
    rest = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "base": args.lr}, {"params": rest, "base": args.lr * 6}],
        lr=args.lr, weight_decay=0.01, betas=(0.9, 0.98), fused=True,
    )  # fmt: skip
    network.train()
    began, tokens = time.time(), 0
    for epoch in range(args.epochs):
        chosen = [e for e in fit if e.gold or rng.random() < NEGATIVES]
        groups = list(batches(chosen, args.budget, rng))
        for k, batch in enumerate(groups):
            done = (epoch + k / len(groups)) / args.epochs
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * min(1.0, done / 0.05) * (1.0 - done)
            outputs = forward(network, lower, batch)
            losses = [loss_of(network, e, o) for e, o in zip(batch, outputs, strict=True)]
            loss = torch.stack(losses).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder + rest, 1.0)
            optimiser.step()
            tokens += sum(e.size for e in batch)
            if k % 20 == 0:
                elapsed = time.time() - began
                print(
                    f"{epoch}.{k}/{len(groups)} {elapsed:.0f}s {loss.item():.3f} {tokens / elapsed:.0f}/s", flush=True
                )
            if math.isnan(loss.item()):
                raise SystemExit("the loss is not a number")
        _save(network, args.out / "document.safetensors")
        if epoch % 2 or epoch + 1 == args.epochs:
            figures = {
                "epoch": epoch,
                "held": quick_score(predict(network, lower, tune)),
                "dev": quick_score(predict(network, lower, examples["dev"])),
            }
            print(json.dumps(figures), flush=True)


def _save(network: DocumentNetwork, path: Path) -> None:
    state: dict[str, Any] = {
        k: v.half().contiguous() for k, v in network.state_dict().items() if k != "encoder.word.weight"
    }
    save_file(state, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--resume", type=Path, help="document.safetensors of a run that was broken off")
    parser.add_argument("--cache", type=Path, help="folder for the annotations [default: --out]")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--budget", type=int, default=2600)
    parser.add_argument("--frozen", type=int, default=3)
    parser.add_argument("--lr", type=float, default=1.5e-4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=1)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
