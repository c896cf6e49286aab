"""Write a trained network as the ONNX graphs that ship: int8, pinned by SHA-256.

    python -m training.export --run runs/a --tokenizer tokenizer.json --out src/histor/engines/embedded/weights

Weights of the encoder and of the parser are int8 a channel, activations are rounded at run time; the other heads
stay in 32 bits. `lean` writes the encoder anew for speed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from training.lean import make_lean
from training.network import Labels, Network, with_one


class EncoderGraph(nn.Module):
    """Pieces of padded windows and flat word indices to word vectors [word, hidden]."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder = network.encoder

    def forward(self, ids: Tensor, mask: Tensor, shapes: Tensor, index: Tensor) -> Tensor:
        pieces = self.encoder(ids, mask, shapes)
        return pieces.reshape(-1, pieces.size(-1))[index]


class TagGraph(nn.Module):
    """Word vectors to log-probabilities of names, things and triggers."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.names, self.things = network.names, network.things
        self.trigger = network.events.trigger

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return (
            self.names(words).log_softmax(-1),
            self.things(words).log_softmax(-1),
            self.trigger(words).log_softmax(-1),
        )


class SyntaxGraph(nn.Module):
    """Padded sentences [sentence, 1 + words, hidden] to tags, arc scores and relation vectors."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.syntax = network.syntax

    def forward(self, words: Tensor) -> tuple[Tensor, ...]:
        upos, feats, lemma = self.syntax.tags(words)
        arcs = self.syntax.arcs(words).log_softmax(-1)
        left, right = self.syntax.rel_dep(words), self.syntax.rel_head(words)
        return upos.argmax(-1), feats.argmax(-1), lemma.argmax(-1), arcs, left, right


class RelationGraph(nn.Module):
    """Vectors of dependents and of their heads [word, size] to the best relation."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        r, i, j = network.syntax.rel.shape
        self.rel = nn.Parameter(network.syntax.rel.permute(1, 0, 2).reshape(i, r * j).contiguous())
        self.r, self.j = r, j

    def forward(self, dep: Tensor, head: Tensor) -> Tensor:
        left = (with_one(dep) @ self.rel).view(-1, self.r, self.j)
        return (left * with_one(head).unsqueeze(-2)).sum(-1).argmax(-1)


class AttributeGraph(nn.Module):
    """Trigger vectors [trigger, hidden] to probabilities of type, mode, sub-event, factuality."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.events = network.events

    def forward(self, triggers: Tensor) -> tuple[Tensor, ...]:
        return tuple(s.softmax(-1) for s in self.events.attributes(triggers))


class RoleGraph(nn.Module):
    """Triggers and words of one window to role probabilities [trigger, word, role, O-B-I].

    Also the log-odds [trigger, trigger] that two triggers tell the same event.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.events = network.events

    def forward(self, triggers: Tensor, words: Tensor, distance: Tensor) -> tuple[Tensor, Tensor]:
        e = self.events
        a = e.role_trigger(triggers).unsqueeze(1)
        b = e.role_word(words).unsqueeze(0)
        x = torch.cat([F.gelu(a + b + e.distance(distance)), a * b], -1)
        roles = e.role(x).view(x.size(0), x.size(1), -1, 3).softmax(-1)
        left = e.pair_left(triggers)
        product = left.unsqueeze(1) * left.unsqueeze(0)
        gap = (left.unsqueeze(1) - left.unsqueeze(0)).abs()
        return roles, e.pair(torch.cat([product, gap], -1)).squeeze(-1)


def export(run: Path, tokenizer: Path, out: Path, version: str) -> None:
    labels = Labels.load(run / "labels.json")
    network = Network(labels)
    state = {k: v.float() for k, v in load_file(run / "network.safetensors").items()}
    network.load_state_dict(state)
    network.eval()
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.tensor([[101, 2054, 2003, 102], [101, 2054, 102, 0]])
    words = torch.randn(2, 3, 384)
    graphs: dict[str, tuple[nn.Module, tuple[Tensor, ...], dict[str, dict[int, str]], list[str]]] = {
        "encoder": (
            EncoderGraph(network),
            (ids, (ids > 0).long(), torch.zeros_like(ids), torch.tensor([1, 2, 5])),
            {"ids": {0: "b", 1: "n"}, "mask": {0: "b", 1: "n"}, "shapes": {0: "b", 1: "n"}, "index": {0: "w"}},
            ["words"],
        ),
        "tags": (TagGraph(network), (words[0],), {"words": {0: "w"}}, ["names", "things", "triggers"]),
        "syntax": (
            SyntaxGraph(network), (words,), {"words": {0: "s", 1: "w"}},
            ["upos", "feats", "lemmas", "arcs", "left", "right"],
        ),
        "relations": (
            RelationGraph(network), (torch.randn(4, 96), torch.randn(4, 96)),
            {"dep": {0: "w"}, "head": {0: "w"}}, ["relations"],
        ),
        "attributes": (
            AttributeGraph(network), (words[0],), {"triggers": {0: "t"}},
            ["types", "modes", "subs", "facts"],
        ),
        "roles": (
            RoleGraph(network), (words[0][:2], words[1], torch.zeros(2, 3, dtype=torch.long)),
            {"triggers": {0: "t"}, "words": {0: "w"}, "distance": {0: "t", 1: "w"}},
            ["roles", "same"],
        ),
    }  # fmt: skip
    files = {}
    for name, (module, example, axes, outputs) in graphs.items():
        path = out / f"{name}.onnx"
        whole = out / f"{name}.fp32.onnx"
        torch.onnx.export(
            module, example, str(whole), input_names=list(axes), output_names=outputs,
            dynamic_axes={**axes, **_output_axes(name, outputs)}, opset_version=17, dynamo=False,
        )  # fmt: skip
        if name == "encoder":
            quantize_dynamic(
                whole, path, weight_type=QuantType.QInt8, per_channel=True,
                op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            )  # fmt: skip
        else:
            shutil.copyfile(whole, path)
        whole.unlink()
        files[path.name] = sha256(path)
    for source, target in ((tokenizer, "tokenizer.json"), (run / "labels.json", "labels.json")):
        shutil.copyfile(source, out / target)
        files[target] = sha256(out / target)
    manifest = {"version": version, "window": 160, "files": dict(sorted(files.items()))}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    make_lean(out)
    size = sum((out / f).stat().st_size for f in files)
    print(f"{out}: {size / 1e6:.1f} MB")


def _output_axes(name: str, outputs: list[str]) -> dict[str, dict[int, str]]:
    axes = {
        "encoder": {0: "w"}, "tags": {0: "w"}, "relations": {0: "w"}, "attributes": {0: "t"},
        "syntax": {0: "s", 1: "w"},
    }  # fmt: skip
    found = {output: dict(axes.get(name, {})) for output in outputs}
    if name == "syntax":
        found["arcs"][2] = "w"
    if name == "roles":
        found = {"roles": {0: "t", 1: "w"}, "same": {0: "t", 1: "t"}}
    return found


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    export(args.run, args.tokenizer, args.out, args.version)


if __name__ == "__main__":
    main()
