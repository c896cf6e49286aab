"""Write a trained document head as the ONNX graphs that ship: int8 encoder, pinned by SHA-256.

    python -m training.document_export --run runs/document --start runs/release

The word embeddings are left out: at run time they are read from the embedded engine's encoder, which has the same
(its digest is pinned in the manifest).
`--settings` takes the thresholds that `training.document_tune` wrote.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from safetensors.torch import load_file
from torch import Tensor, nn

from histor.engines.document.assembly import Settings, settings_from
from histor.engines.document.head import DOCUMENT_WEIGHTS
from histor.engines.document.wordtable import WordTable
from histor.engines.embedded.weights import WEIGHTS
from training.document_network import LEXICAL, VECTOR, DocumentNetwork
from training.export import sha256


class DocumentEncoderGraph(nn.Module):
    """Embedded pieces of a padded window and flat word indices to word vectors [word, hidden]."""

    def __init__(self, network: DocumentNetwork) -> None:
        super().__init__()
        encoder = network.encoder
        self.position, self.segment, self.shape = encoder.position, encoder.segment, encoder.shape
        self.norm, self.layers = encoder.norm, encoder.layers

    def forward(self, words: Tensor, mask: Tensor, shapes: Tensor, index: Tensor) -> Tensor:
        x = self.norm(words + self.position.weight[: words.size(1)] + self.segment + self.shape(shapes))
        bias = ((1.0 - mask.float()) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x.reshape(-1, x.size(-1))[index]


class SpanGraph(nn.Module):
    """Words of a report and its candidates to role scores, vectors and the report's incident types."""

    def __init__(self, network: DocumentNetwork) -> None:
        super().__init__()
        self.attention, self.types, self.spans = network.attention, network.types, network.spans

    def forward(self, words: Tensor, points: Tensor, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        weight = self.attention(words).softmax(0)
        report = (weight * words).sum(0, keepdim=True)
        scores, vectors = self.spans(words, report, points, features)
        return scores, vectors, self.types(report)[0]


def store_as_int8(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with its matrices as 8-bit integers and a scale a column, turned back to 32 bits as they are used.

    Activations stay in 32 bits: rounding them too costs a point of F1 here, and needs processors with VNNI.
    """
    graph = model.graph
    used = {node.input[1] for node in graph.node if node.op_type in {"MatMul", "Gemm"}}
    nodes = []
    for tensor in [t for t in graph.initializer if t.name in used]:
        weight = numpy_helper.to_array(tensor)
        scale = (np.abs(weight).max(0) / 127.0).clip(1e-8).astype(np.float32)
        rounded = np.rint(weight / scale).astype(np.int8)
        graph.initializer.remove(tensor)
        graph.initializer.extend(
            [
                numpy_helper.from_array(rounded, f"{tensor.name}_int8"),
                numpy_helper.from_array(scale, f"{tensor.name}_scale"),
            ]
        )
        inputs = [f"{tensor.name}_int8", f"{tensor.name}_scale"]
        nodes.append(helper.make_node("DequantizeLinear", inputs, [tensor.name], axis=1))
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes + rest)
    onnx.checker.check_model(model)
    return model


def load_network(run: Path, start: Path, frozen: int) -> DocumentNetwork:
    """The trained network, with the word embeddings of the network that it started from."""
    labels = json.loads((start / "labels.json").read_text())
    network = DocumentNetwork(len(labels["relations"]), len(labels["upos"]), frozen)
    state = {k: v.float() for k, v in load_file(run / "document.safetensors").items()}
    state["encoder.word.weight"] = load_file(start / "network.safetensors")["encoder.word.weight"].float()
    network.load_state_dict(state)
    return network.eval()


def export(run: Path, start: Path, out: Path, settings: Settings, version: str) -> None:
    network = load_network(run, start, 0)
    out.mkdir(parents=True, exist_ok=True)
    n, c, w = 7, 5, 3
    index = torch.arange(n)
    graphs: dict[str, tuple[nn.Module, tuple[Tensor, ...], dict[str, dict[int, str]], dict[str, dict[int, str]]]] = {
        "encoder": (
            DocumentEncoderGraph(network),
            (torch.randn(1, n, 384), torch.ones(1, n, dtype=torch.long), torch.zeros(1, n, dtype=torch.long), index),
            {"words": {1: "n"}, "mask": {1: "n"}, "shapes": {1: "n"}, "index": {0: "w"}},
            {"vectors": {0: "w"}},
        ),
        "spans": (
            SpanGraph(network),
            (torch.randn(n, 384), torch.zeros(c, 4, dtype=torch.long), torch.zeros(c, 6, dtype=torch.long)),
            {"words": {0: "w"}, "points": {0: "c"}, "features": {0: "c"}},
            {"scores": {0: "c"}, "candidates": {0: "c"}, "types": {}},
        ),
        "wordings": (
            network.wordings,
            (torch.randn(w, VECTOR), torch.zeros(c, dtype=torch.long), torch.zeros(c, dtype=torch.long), torch.randn(c, LEXICAL)),
            {"vectors": {0: "w"}, "first": {0: "p"}, "second": {0: "p"}, "lexical": {0: "p"}},
            {"types": {0: "w"}, "pairs": {0: "p"}},
        ),
    }  # fmt: skip
    files = {}
    for name, (module, example, inputs, outputs) in graphs.items():
        path, whole = out / f"{name}.onnx", out / f"{name}.fp32.onnx"
        torch.onnx.export(
            module.eval(), example, str(whole), input_names=list(inputs), output_names=list(outputs),
            dynamic_axes={**inputs, **outputs}, opset_version=17, dynamo=False,
        )  # fmt: skip
        if name == "encoder":
            onnx.save(store_as_int8(onnx.load(whole)), path)
            whole.unlink()
        else:
            whole.rename(path)
        files[path.name] = sha256(path)
    labels = json.loads((start / "labels.json").read_text())
    manifest = {
        "version": version, "settings": asdict(settings), "files": files,
        "words": WordTable.read(WEIGHTS / "encoder.onnx").digest,
        "labels": {name: labels[name] for name in ("relations", "upos")},
    }  # fmt: skip
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"{out}: {sum((out / f).stat().st_size for f in files) / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--settings", type=Path)
    parser.add_argument("--out", type=Path, default=DOCUMENT_WEIGHTS)
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    settings = settings_from(json.loads(args.settings.read_text())) if args.settings else Settings()
    export(args.run, args.start, args.out, settings, args.version)


if __name__ == "__main__":
    main()
